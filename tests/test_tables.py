"""Each table and generated text tells the truth of its sheet."""

import json
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sheets import any_sheets, labels, published, sheet

from bwk import periods, tables
from bwk.bundle import LEGEND, MIME
from bwk.facts import Label, declarations

TABLES = [
    tables.key_figures,
    tables.services,
    tables.course,
    tables.roles,
    tables.referrals,
    tables.mixing,
    tables.barometer,
    tables.locations,
    tables.provenance,
]
TEXTS = [tables.not_reported, tables.method]
FILES = (
    {"name": "deelnames/h1.csv", "table": "deelnames", "sha256": "0123456789abcdef", "rows": 838},
)


def rows(shown):
    return {row[0]: row[1:] for row in shown.data[MIME]["table"]["rows"]}


def caption(shown):
    return shown.data[MIME]["caption"]


def markdown(shown):
    return shown.data["text/markdown"]


class TestMasthead:
    def test_a_location_gives_its_report_a_title(self):
        own = tables.masthead(published()).data[MIME]
        assert own == {
            "kind": "masthead",
            "title": "Tussenrapportage Hart voor Leidsche Rijn",
            "short": "Hart voor Leidsche Rijn",
            "subtitle": "Eerste helft van 2018",
            "programme": "Buurtwerkkamers Utrecht",
            "date": "2018-07-13",
            "status": "concept",
            "note": "",
            "period": "2018-H1",
            "location": "hart",
        }

    def test_the_city_s_report_is_that_of_the_programme(self):
        own = tables.masthead(sheet({}, "stad")).data[MIME]
        assert own["title"] == "Tussenrapportage Buurtwerkkamers Utrecht"
        assert own["short"] == "Utrecht"


class TestKeyFigures:
    def test_holds_the_published_figures(self):
        shown = rows(tables.key_figures(published()))
        assert shown["Deelnemers"] == ["420", "6 maanden open"]
        assert shown["Deelnemers in de basisperiode"] == ["315", "2017, 9 maanden open"]
        assert shown["Verschil in deelnemers"] == ["+33%", "per maand open: meer"]

    def test_a_judgement_that_is_held_back_is_left_out(self):
        shown = tables.key_figures(published(oordeel_deelnemers="x", groei_deelnemers="x"))
        assert rows(shown)["Verschil in deelnemers"] == ["x", ""]
        assert LEGEND in caption(shown)

    def test_space_is_a_figure_of_a_location_alone(self):
        assert "Deelnemers per 100 m2" in rows(tables.key_figures(sheet({})))
        assert "Deelnemers per 100 m2" not in rows(tables.key_figures(sheet({}, "stad")))


class TestPerService:
    def test_a_service_has_counts_and_change(self):
        given = published(
            deelnemers__taal=27,
            per_maand__taal=65 / 6,
            per_maand_basis__taal=122 / 9,
            groei_per_maand__taal=-0.2,
            oordeel_per_maand__taal="geen duidelijk verschil",
        )
        row = ["65", "8%", "27", "10,8", "13,6", "−20%", "geen duidelijk verschil"]
        assert rows(tables.services(given))["Taalverwerving"] == row

    def test_the_course_shows_margin_and_year_before(self):
        given = published(
            prognose__taal=130,
            prognose_laag__taal=116,
            prognose_hoog__taal=145,
            deelnames_basis__taal=122,
            koers__taal="op koers",
            koers_per_maand__taal="onder koers",
        )
        row = ["65", "130", "116 tot 145", "122", "op koers", "onder koers"]
        assert rows(tables.course(given))["Taalverwerving"] == row
        assert "Op koers: Taalverwerving." in caption(tables.course(given))

    def test_the_course_has_no_year_before_where_the_baseline_is_another(self):
        given = sheet({}, baseline=periods.parse("2017-H2"))
        columns = tables.course(given).data[MIME]["table"]["columns"]
        assert not any("2017" in column for column in columns)

    def test_a_margin_of_which_one_end_is_held_back_is_held_back(self):
        given = published(prognose_laag__taal="x", prognose_hoog__taal=145)
        assert rows(tables.course(given))["Taalverwerving"][2] == "x"

    def test_mixing_is_symmetric_with_the_users_of_a_service_on_its_diagonal(self):
        services = labels({"b": "Bingo", "a": "Appels"})
        values = {"deelnemers.b": 30, "deelnemers.a": 20, "samen.b.a": 7}
        shown = rows(tables.mixing(sheet(values, services=services)))
        assert shown == {"Bingo": ["30", "7"], "Appels": ["7", "20"]}


class TestOtherTables:
    def test_roles(self):
        assert rows(tables.roles(published()))["Sleutelhouders"] == ["15", "3%"]

    def test_referrals_go_both_ways(self):
        values = {"verwijzingen.naar.team": 31, "verwijzingen.van.team": "x"}
        shown = tables.referrals(sheet(values, partners=labels({"team": "Buurtteam"})))
        assert rows(shown) == {"Buurtteam": ["31", "x"]}
        assert "Het vaakst naar Buurtteam: 31 keer." in caption(shown)

    def test_the_barometer_names_what_clearly_changed(self):
        values = {"barometer.geld": 0.23, "oordeel_barometer.geld": "meer"}
        shown = tables.barometer(sheet(values, domains=labels({"geld": "Geld"})))
        assert rows(shown) == {"Geld": ["+23%", "meer"]}
        assert "Duidelijk meer: Geld." in caption(shown)

    def test_locations_stand_beside_their_baseline(self):
        values = {"deelnemers.locatie.top": 335, "deelnemers_basis.locatie.top": 220}
        shown = tables.locations(sheet(values, "stad", locations=labels({"top": "TOP"})))
        assert rows(shown) == {"TOP": ["220", "335"]}

    def test_provenance_names_files_and_how_to_make_the_report_again(self):
        shown = rows(tables.provenance(sheet({}, files=FILES)))
        assert shown["deelnames/h1.csv"] == ["838 rijen; 0123456789ab"]
        assert shown["Opnieuw maken"] == ["bwk run 2018-H1"]
        assert shown["Periode"] == ["januari tot en met juni 2018 (6 maanden open)"]

    def test_provenance_dates_the_newest_registration(self):
        given = sheet({}, programme={"newest": "2018-06-29"})
        assert rows(tables.provenance(given))["Nieuwste registratie"] == ["29 juni 2018"]


class TestTexts:
    def test_a_location_without_figures_is_named_with_its_reason(self):
        given = sheet({}, "stad", not_reported={"Zuilen": "Pas open sinds 3 april 2018."})
        assert "- **Zuilen.** Pas open sinds 3 april 2018." in markdown(tables.not_reported(given))

    def test_it_says_so_where_every_location_is_reported_on(self):
        shown = markdown(tables.not_reported(sheet({}, "stad")))
        assert shown == "Alle locaties staan in dit verslag."

    def test_the_name_of_a_location_is_no_markdown(self):
        given = sheet({}, "stad", not_reported={"<b>*X*": "Reden."})
        assert r"\<b\>\*X\*" in markdown(tables.not_reported(given))

    def test_the_method_defines_every_fact_of_the_city(self):
        shown = markdown(tables.method(sheet({}, "stad")))
        assert all(declared.definition in shown for declared in declarations())

    def test_the_method_of_a_location_leaves_the_city_out(self):
        shown = markdown(tables.method(sheet({})))
        assert "Wie op twee locaties komt" not in shown
        assert "Locaties gerapporteerd" not in shown

    def test_the_method_shows_no_names_of_code(self):
        shown = markdown(tables.method(sheet({}, "stad")))
        assert "_" not in shown.replace("\\_", "")
        assert "<" not in shown

    def test_the_method_names_the_threshold(self):
        shown = markdown(tables.method(sheet({}, programme={"threshold": "7"})))
        assert "ten minste 7 mensen" in shown

    def test_the_method_has_headings_below_that_of_its_section(self):
        lines = markdown(tables.method(sheet({}))).split("\n")
        assert {line.split()[0] for line in lines if line.startswith("#")} == {"###"}


class TestEveryTable:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(any_sheets(), st.sampled_from(TABLES))
    def test_a_sign_is_never_without_its_explanation(self, given, show):
        own = show(given).data[MIME]
        content = own["table"]
        cells = zip(chain(*content["rows"]), chain(*content["values"]), strict=True)
        signs = {text for text, value in cells if value is None}
        assert ("x" in signs) == (LEGEND in own["caption"])
        assert ("–" in signs) == ("– = onbekend" in own["caption"])
        assert json.dumps(own)

    @pytest.mark.parametrize("show", TABLES)
    def test_a_name_is_no_html(self, show):
        odd = labels({"a": "<script>alert('x')</script>", "b": 'B & "C"'})
        kinds = ("services", "roles", "neighbourhoods", "partners", "domains", "locations")
        given = sheet({}, **dict.fromkeys(kinds, odd))
        assert "<script" not in show(given).data["text/html"]

    @pytest.mark.parametrize("show", TEXTS)
    def test_a_text_is_also_plain(self, show):
        data = show(sheet({})).data
        assert data["text/plain"] == data["text/markdown"]

    def test_a_long_name_does_not_widen_the_other_columns(self):
        roles = (Label("a", "A" * 80), Label("b", "B"))
        shown = tables.roles(sheet({"rol.a": 5, "rol.b": 6}, roles=roles))
        assert shown.data["text/plain"].split("\n")[3].endswith("       5        –")
