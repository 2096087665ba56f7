"""Each table and generated text tells the truth of its sheet."""

import json
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sheets import any_sheets, fact, labels, published, sheet
from small import ROOT

from bwk import periods, tables
from bwk.bundle import LEGEND, MIME
from bwk.facts import DECLARED

TABLES = [
    tables.key_figures,
    tables.course,
    tables.referrals,
    tables.mixing,
    tables.barometer,
    tables.paths,
    tables.locations,
    tables.provenance,
]
TEXTS = [tables.not_reported, tables.method]
FILES = ("deelnames/h1.csv",)


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
        explained = (
            "De perioden zijn niet even lang. "
            "In even veel maanden: 112 mensen kwamen alleen toen, 253 alleen nu (meer)."
        )
        assert shown["Verschil in deelnemers"] == ["+33%", explained]

    def test_a_judgement_that_is_held_back_is_left_out(self):
        shown = tables.key_figures(published(oordeel_deelnemers="x", groei_deelnemers="x"))
        assert rows(shown)["Verschil in deelnemers"] == ["x", "De perioden zijn niet even lang."]
        assert LEGEND in caption(shown)

    def test_space_is_left_out_where_the_area_is_unknown(self):
        assert "Deelnemers per 100 m2" not in rows(tables.key_figures(sheet({})))
        known = tables.key_figures(sheet({"deelnemers_per_100m2": 12.5}))
        assert rows(known)["Deelnemers per 100 m2"][0] == "12,5"

    def test_space_that_is_held_back_stands_as_x(self):
        held = tables.key_figures(sheet({"deelnemers_per_100m2": "x"}))
        assert rows(held)["Deelnemers per 100 m2"][0] == "x"


class TestPerService:
    def test_the_course_shows_margin_and_year_before(self):
        given = published(
            prognose__taal=130,
            prognose_laag__taal=116,
            prognose_hoog__taal=145,
            deelnames_jaar_ervoor__taal=122,
            koers__taal="op koers",
        )
        row = ["65", "130", "116", "145", "122", "op koers"]
        assert rows(tables.course(given))["Taalverwerving"] == row
        assert "Op koers: Taalverwerving." in caption(tables.course(given))

    def test_the_year_before_stands_beside_another_baseline_too(self):
        given = sheet({}, baseline=periods.parse("2017-H2"))
        assert "In 2017" in tables.course(given).data[MIME]["table"]["columns"]

    @pytest.mark.parametrize(
        ("months", "heading"), [(12.0, "In 2017"), (9.0, "In 2017 (9 maanden)")]
    )
    def test_a_year_before_that_was_not_whole_names_its_months(self, months, heading):
        given = sheet({}, year_before_months=months)
        assert heading in tables.course(given).data[MIME]["table"]["columns"]

    @pytest.mark.parametrize(("low", "told"), [(123, True), (122, False)])
    def test_a_total_that_is_sure_to_be_passed_is_said(self, low, told):
        given = published(prognose_laag__taal=low, deelnames_jaar_ervoor__taal=122)
        sentence = "Komt zeker genoeg boven het totaal van 2017: Taalverwerving."
        assert (sentence in caption(tables.course(given))) == told

    def test_where_all_totals_are_sure_to_be_passed_services_are_not_named_again(self):
        ends = {"prognose_laag": 30, "deelnames_jaar_ervoor": 20}
        values = {f"{stem}.{slug}": value for stem, value in ends.items() for slug in "ab"}
        given = sheet(values, services=labels({"b": "Bingo", "a": "Appels"}))
        sentence = "Komt zeker genoeg boven het totaal van 2017: alle diensten."
        assert sentence in caption(tables.course(given))

    def test_mixing_is_symmetric_with_the_users_of_a_service_on_its_diagonal(self):
        services = labels({"b": "Bingo", "a": "Appels"})
        values = {"deelnemers.b": 30, "deelnemers.a": 20, "samen.b.a": 7}
        shown = rows(tables.mixing(sheet(values, services=services)))
        assert shown == {"Bingo": ["30", "7"], "Appels": ["7", "20"]}

    def test_mixing_says_why_it_is_not_shown(self):
        reason = "Te weinig mensen gebruiken twee of meer diensten om te tonen welke dat zijn."
        services = labels({"b": "Bingo", "a": "Appels"})
        given = sheet({"deelnemers.b": 30, "deelnemers.a": 20}, services=services)
        given.facts["samen.b.a"] = replace(given["samen.b.a"], missing=reason)
        assert markdown(tables.mixing(given)).endswith(reason)


class TestOtherTables:
    def test_referrals_go_both_ways(self):
        values = {"verwijzingen.naar.team": 31, "verwijzingen.van.team": "x"}
        shown = tables.referrals(sheet(values, partners=labels({"team": "Buurtteam"})))
        assert rows(shown) == {"Buurtteam": ["31", "x"]}
        assert "De meeste verwijzingen naar een partner: Buurtteam, 31." in caption(shown)

    def test_the_barometer_names_what_clearly_changed(self):
        values = {
            "barometer.geld": 0.23,
            "barometer.geld_laag": 0.04,
            "barometer.geld_hoog": 0.47,
            "oordeel_barometer.geld": "meer",
        }
        shown = tables.barometer(sheet(values, domains=labels({"geld": "Geld"})))
        assert rows(shown) == {"Geld": ["+23%", "+4%", "+47%", "meer"]}
        assert "Duidelijk meer: Geld." in caption(shown)

    def test_paths_say_of_whom_they_are_a_part(self):
        values = {"terug_in_kwartaal": 0.64, "naar_andere_dienst": 0.17, "eerst_deelnemer": "x"}
        assert rows(tables.paths(sheet(values))) == {
            "Kwam een kwartaal later weer": [
                "wie in het voorlaatste kwartaal voor het eerst kwam",
                "64%",
            ],
            "Gebruikte ook een andere dienst": ["nieuwe deelnemers", "17%"],
            "Kwam al eerder als deelnemer": ["vrijwilligers", "x"],
        }

    def test_reach_stands_from_high_to_low_without_empty_neighbourhoods(self):
        homes = labels({"leeg": "Leeg", "b": "Bos", "a": "Aa", "klein": "Klein"})
        values = {
            "herkomst.a": 12, "bereik.a": 3.25, "herkomst.b": 9, "bereik.b": 1.0,
            "herkomst.leeg": 0, "bereik.leeg": 0.0, "herkomst.klein": "x", "bereik.klein": "x",
            "herkomst_bekend": 21, "deelnemers": 30,
        }  # fmt: skip
        shown = tables.reach(sheet(values, neighbourhoods=homes))
        assert shown.data[MIME]["table"]["rows"] == [
            ["Aa", "12", "3,3"],
            ["Bos", "9", "1,0"],
            ["Klein", "x", "x"],
        ]
        assert "Van 21 van de 30 deelnemers is de buurt bekend." in caption(shown)

    @pytest.mark.parametrize(
        ("reason", "sentence"),
        [
            ("Dit is niet geregistreerd.", "Waar de deelnemers wonen, is niet geregistreerd."),
            ("Het aantal inwoners is niet bekend.", "Het bereik is niet te zeggen"),
        ],
    )
    def test_reach_that_nobody_can_tell_is_a_sentence(self, reason, sentence):
        given = sheet({}, neighbourhoods=labels({"a": "Aa"}))
        reach = fact("bereik.a", None, reason)
        shown = tables.reach(replace(given, facts={"bereik.a": reach}))
        assert sentence in markdown(shown)

    def test_locations_stand_beside_their_baseline(self):
        values = {"deelnemers.locatie.top": 335, "deelnemers_basis.locatie.top": 220}
        shown = tables.locations(sheet(values, "stad", locations=labels({"top": "TOP"})))
        assert rows(shown) == {"TOP": ["220", "335"]}

    def test_provenance_names_files_and_how_to_make_the_report_again(self):
        shown = rows(tables.provenance(sheet({}, files=FILES)))
        assert shown["Gegevens"] == ["deelnames/h1.csv"]
        assert shown["Opnieuw maken"] == ["bwk run 2018-H1"]
        assert shown["Periode"] == ["januari tot en met juni 2018 (6 maanden open)"]


NOT_REGISTERED = "Dit is niet geregistreerd."


def unregistered(*names):
    """Make the facts of what nobody registered."""
    return {name: fact(name, None, NOT_REGISTERED) for name in names}


class TestNotRegistered:
    def test_a_table_of_which_nothing_is_registered_is_a_sentence(self):
        names = ("verwijzingen.naar.team", "verwijzingen.van.team", "deelnemers.taal")
        given = sheet({}, partners=labels({"team": "Team"}), services=labels({"taal": "Taal"}))
        given = replace(given, facts=unregistered(*names))
        assert markdown(tables.referrals(given)) == "Verwijzingen zijn niet geregistreerd."
        assert "niet geregistreerd" in markdown(tables.mixing(given))

    def test_it_is_a_value_of_its_own_in_a_table(self):
        given = replace(sheet({}), facts=unregistered("deelnemers"))
        shown = tables.key_figures(given)
        assert rows(shown)["Deelnemers"][0] == "–"
        assert "niet geregistreerd" in caption(shown)
        assert caption(shown).count("– = ") == 1

    def test_what_is_not_registered_stands_below_the_key_figures(self):
        given = sheet({}, remarks=("Over de basisperiode is niets geregistreerd.",))
        assert "Over de basisperiode is niets geregistreerd." in caption(tables.key_figures(given))


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

    @pytest.mark.parametrize("declared", DECLARED, ids=lambda declared: declared.name)
    def test_the_method_names_every_fact_of_the_city(self, declared):
        shown = markdown(tables.method(sheet({}, "stad"))).lower()
        stem = declared.name.partition("<")[0].rstrip(".").replace("_", " ").replace(".locatie", "")
        assert stem.replace(".", " ") in shown
        assert declared.definition.lower() in shown or "basis" in stem

    def test_the_numbers_of_a_projection_stand_together_each_on_a_line(self):
        items = markdown(tables.method(sheet({}))).split("\n- ")
        (projection,) = (item for item in items if "Prognose" in item)
        lines = projection.split("  \n  ")
        begin = [f"**Prognose{end} per dienst.**" for end in ("", " laag", " hoog")]
        assert all(any(line.startswith(name) for line in lines) for name in begin)

    def test_the_method_gives_the_formula_of_what_is_more_than_a_count(self):
        shown = markdown(tables.method(sheet({})))
        assert "*Deelnemers / deelnemers basis − 1.*" in shown
        assert "Aantal verschillende deelnemers" not in shown

    def test_the_numbers_of_the_baseline_are_named_in_one_sentence(self):
        shown = markdown(tables.method(sheet({})))
        assert "deelnemers basis, deelnames basis per dienst en per maand basis" in shown

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
        own = show(given).data.get(MIME)
        assume(own)  # else a sentence stands in the place of the table
        content = own["table"]
        cells = zip(chain(*content["rows"]), chain(*content["values"]), strict=True)
        signs = {text for text, value in cells if value is None}
        assert ("x" in signs) == (LEGEND in own["caption"])
        assert ("–" in signs) == ("– = " in own["caption"])
        assert json.dumps(own)

    @pytest.mark.parametrize("show", TABLES)
    def test_a_name_is_no_html(self, show):
        odd = labels({"a": "<script>alert('x')</script>", "b": 'B & "C"'})
        kinds = ("services", "roles", "neighbourhoods", "partners", "domains", "locations")
        given = sheet({}, **dict.fromkeys(kinds, odd))
        shown = show(given).data
        assert "<script" not in shown.get("text/html", shown["text/plain"])

    @pytest.mark.parametrize("show", TEXTS)
    def test_a_text_is_also_plain(self, show):
        data = show(sheet({})).data
        assert data["text/plain"] == data["text/markdown"]


def test_the_page_of_the_manual_is_that_of_the_declarations():
    page = (ROOT / "notebooks" / "Cijfers.md").read_text(encoding="utf-8")
    assert page == tables.manual(), "run `make manual`"
    assert all(f"(`{one.name}`)" in page for one in DECLARED)
