"""Facts: worked out from the registrations, protected, and declared once."""

import itertools
import json
from datetime import date
from errno import ENOSPC
from unittest.mock import Mock

import pytest
from small import visits

from bwk import facts, inputs, periods
from bwk.errors import DataError, UsageError
from bwk.facts import Issued
from bwk.facts.expressions import Count, Interval, Visits

H1 = periods.parse("2018-H1")


def build(folder, period=H1, baseline=None, earlier=facts.issued.NOTHING):
    return facts.work_out(folder, period, baseline, earlier)


def values(folder, scope, *names, **options):
    sheet = build(folder, **options).sheets[scope]
    return [sheet[name].value for name in names]


SINCE_2016 = "noord;deelnames;2016-01-01\n"


def weekly(year, months, heads):
    """Write as many visits without a name on each of five days of a month."""
    days = itertools.product(months, (1, 8, 15, 22, 28))
    return "".join(f"{year}-{month:02}-{day:02};noord;koffie;;{heads}\n" for month, day in days)


class TestCounting:
    """With threshold 1 nothing is held back, so each value can be seen."""

    def test_participants_are_people_and_participations_are_visits(self, make_folder):
        rows = visits("2018-02-01", "noord", "koffie", "abc")
        rows += visits("2018-02-02", "noord", "koffie", "ab")
        folder = make_folder(1, deelnames=rows)
        assert values(folder, "noord", "deelnemers", "deelnames", "deelnames.taal") == [3, 5, 0]

    def test_head_counts_add_participations_and_no_participants(self, make_folder):
        rows = visits("2018-02-01", "noord", "koffie", "ab") + "2018-02-01;noord;koffie;;30\n"
        folder = make_folder(1, deelnames=rows)
        assert values(folder, "noord", "deelnemers", "deelnames") == [2, 32]

    def test_the_city_counts_a_person_at_two_locations_once(self, make_folder):
        rows = visits("2018-02-01", "noord", "koffie", "abc")
        rows += visits("2018-02-01", "zuid", "taal", "cd")
        names = ("deelnemers", "deelnames", "deelnemers.locatie.noord", "deelnemers.locatie.zuid")
        assert values(make_folder(1, deelnames=rows), "stad", *names) == [4, 5, 3, 2]

    def test_growth_of_participants_is_against_the_baseline(self, make_folder):
        rows = visits("2017-08-01", "noord", "koffie", "abcd")
        rows += visits("2018-02-01", "noord", "koffie", "abcdef")
        names = (
            "deelnemers_basis",
            "groei_deelnemers",
            "nieuwe_deelnemers",
            "terugkerende_deelnemers",
        )
        assert values(make_folder(1, deelnames=rows), "noord", *names) == [4, 0.5, 2, 4]

    def test_growth_per_month_takes_the_months_open_into_account(self, make_folder):
        rows = "2017-08-01;noord;koffie;;90\n2018-02-01;noord;koffie;;90\n"
        names = ("per_maand.koffie", "per_maand_basis.koffie", "groei_per_maand.koffie")
        baseline = periods.parse("2017-04/2017-12")
        folder = make_folder(1, deelnames=rows, bijgehouden="noord;deelnames;2017-04-01\n")
        assert values(folder, "noord", *names, baseline=baseline) == [15, 10, 0.5]

    def test_a_role_counts_whoever_holds_it_on_any_day(self, make_folder):
        roles = (
            "noord;pa1;vrijwilliger;2017-01-01;\n"  # still
            "noord;pb1;vrijwilliger;2017-01-01;2018-01-01\n"  # until the first day
            "noord;pc1;vrijwilliger;2018-06-30;\n"  # from the last day
            "noord;pd1;vrijwilliger;2017-01-01;2017-12-31\n"  # just before
            "noord;pa1;vrijwilliger;2018-05-01;\n"  # the same person again
        )
        folder = make_folder(
            1, rollen=roles, deelnames=visits("2018-02-01", "noord", "koffie", "ax")
        )
        names = ("rol.vrijwilliger", "rol.deelnemers", "aandeel_rol.vrijwilliger", "wederkerigheid")
        assert values(folder, "noord", *names) == [3, 2, 0.6, 0.5]

    def test_origin_and_surroundings(self, make_folder):
        folder = make_folder(
            1,
            deelnames=visits("2018-02-01", "noord", "koffie", "abcd"),
            buurten="buurt;naam;omgeving_van\nhier;Hier;noord\ndaar;Daar;\n",
            deelnemers="deelnemer;buurt\npa1;hier\npb1;hier\npc1;daar\n",
        )
        names = ("herkomst.hier", "herkomst.daar", "aandeel_omgeving")
        assert values(folder, "noord", *names) == [2, 1, 0.6667]

    def test_referrals_in_both_directions(self, make_folder):
        folder = make_folder(
            1,
            deelnames=visits("2018-02-01", "noord", "koffie", "a"),
            partners="partner;naam\nteam;Team\n",
            verwijzingen="datum;locatie;partner;richting;deelnemer\n"
            "2018-02-01;noord;team;naar;pa1\n2018-03-01;noord;team;naar;\n2018-03-01;zuid;team;van;\n",
        )
        names = ("verwijzingen.naar.team", "verwijzingen.van.team")
        assert values(folder, "noord", *names) == [2, 0]
        assert values(folder, "stad", *names) == [2, 1]

    def test_a_finished_year_is_its_own_projection(self, make_folder):
        rows = "2018-02-01;noord;koffie;;40\n2018-09-01;noord;koffie;;20\n"
        names = ("prognose.koffie", "prognose_laag.koffie", "prognose_hoog.koffie")
        folder = make_folder(1, deelnames=rows)
        assert values(folder, "noord", *names, period=periods.parse("2018-H2")) == [60, 60, 60]

    def test_two_earlier_years_give_the_season(self, make_folder):
        # Three quarters of each earlier year came in its first half.
        rows = "".join(
            f"{year}-02-01;noord;koffie;;75\n{year}-09-01;noord;koffie;;25\n"
            for year in (2016, 2017)
        )
        rows += "2018-02-01;noord;koffie;;60\n"
        folder = make_folder(1, deelnames=rows, bijgehouden=SINCE_2016)
        [expected] = values(folder, "noord", "prognose.koffie")
        assert 80 < expected < 115  # shrunk towards 120, no season at all

    @pytest.mark.parametrize(
        ("before", "course"), [(40, "boven koers"), (120, "op koers"), (240, "onder koers")]
    )
    def test_course_is_the_projection_against_the_year_before(self, make_folder, before, course):
        rows = weekly(2017, range(1, 13), before // 40) + weekly(2018, range(1, 7), 3)
        folder = make_folder(1, deelnames=rows, bijgehouden=SINCE_2016)
        assert values(folder, "noord", "koers.koffie") == [course]

    @pytest.mark.parametrize(
        ("before", "verdict"), [(1, "meer"), (3, "geen duidelijk verschil"), (9, "minder")]
    )
    def test_at_its_end_the_course_is_how_the_year_ended(self, make_folder, before, verdict):
        rows = weekly(2017, range(1, 13), before) + weekly(2018, range(1, 13), 3)
        folder = make_folder(1, deelnames=rows, bijgehouden=SINCE_2016)
        assert values(folder, "noord", "koers.koffie", period=periods.parse("2018-H2")) == [verdict]

    def test_the_course_is_of_months_and_not_of_the_total(self, make_folder):
        rows = weekly(2017, range(4, 13), 3) + weekly(2018, range(1, 7), 3)
        folder = make_folder(1, deelnames=rows, bijgehouden=SINCE_2016)
        path = folder / "locaties.csv"
        path.write_text(path.read_text().replace("2016-01-01", "2017-04-01"))
        low, before, course = values(
            folder, "noord", "prognose_laag.koffie", "deelnames_jaar_ervoor.koffie", "koers.koffie"
        )
        assert low > before
        assert course == "op koers"

    def test_fewer_than_ten_participations_cannot_tell_the_course(self, make_folder):
        rows = "2017-09-01;noord;koffie;;400\n2018-02-01;noord;koffie;;9\n"
        assert values(make_folder(1, deelnames=rows), "noord", "koers.koffie") == ["onzeker"]

    def test_a_person_who_used_two_services(self, make_folder):
        rows = visits("2018-02-01", "noord", "koffie", "abcd") + visits(
            "2018-02-01", "noord", "taal", "abc"
        )
        names = ("aandeel_meer_diensten", "samen.koffie.taal")
        assert values(make_folder(1, deelnames=rows), "noord", *names) == [0.75, 3]


class TestBarometer:
    """Ten visits a month in the baseline; half-years of ten and of thirty a month beside it."""

    @pytest.fixture
    def history(self, make_folder):
        rows = "".join(
            weekly(year, range(1, 13), heads) for year, heads in ((2016, 2), (2017, 2), (2018, 6))
        )
        folder = make_folder(deelnames=rows, bijgehouden=SINCE_2016)
        return build(folder, baseline=periods.parse("2017")).sheets["noord"]

    @pytest.mark.parametrize(
        ("half_year", "change", "verdict"),
        [("2016-H1", 0, "geen duidelijk verschil"), ("2018-H1", 2, "meer")],
    )
    def test_each_half_year_is_compared_with_the_baseline(
        self, history, half_year, change, verdict
    ):
        assert history[f"barometer_per_maand.ontmoeten.{half_year}"].value == 10 * (1 + change)
        assert history[f"barometer.ontmoeten.{half_year}"].value == change
        assert history[f"oordeel_barometer.ontmoeten.{half_year}"].value == verdict

    def test_a_half_year_of_the_baseline_is_not_compared_with_itself(self, history):
        fact = history["barometer.ontmoeten.2017-H2"]
        assert (fact.value, fact.missing) == (None, "Dit half jaar hoort bij de basisperiode.")


class TestUnknown:
    """What cannot be known is missing with a reason, never 0."""

    def test_no_growth_without_a_baseline(self, make_folder):
        sheet = build(make_folder(1, deelnames=visits("2018-02-01", "noord", "koffie", "a")))
        fact = sheet.sheets["noord"]["groei_deelnemers"]
        assert (fact.value, fact.text, fact.withheld) == (None, "–", False)
        assert fact.missing == "In de basisperiode was dit nul."

    def test_no_baseline_where_the_location_was_not_open(self, make_folder):
        folder = make_folder(1, deelnames=visits("2018-12-01", "noord", "koffie", "a"))
        path = folder / "locaties.csv"
        path.write_text(
            path.read_text().replace("noord;Noord;Boven;2016-01-01", "noord;Noord;Boven;2018-07-01")
        )
        baseline = periods.parse("2017")
        sheet = build(folder, periods.parse("2018-H2"), baseline).sheets["noord"]
        for name in ("deelnemers_basis", "deelnames_basis.koffie", "koers.koffie"):
            assert sheet[name].value is None
            assert "nog niet open" in sheet[name].missing

    def test_a_service_without_a_visit_is_zero_and_its_growth_unknown(self, make_folder):
        folder = make_folder(1, deelnames=visits("2018-02-01", "noord", "koffie", "a"))
        assert values(folder, "noord", "deelnames.taal", "groei_per_maand.taal") == [0, None]

    def test_an_empty_period_names_the_periods_that_the_data_hold(self, make_folder):
        folder = make_folder(1, deelnames=visits("2018-02-01", "noord", "koffie", "a"))
        with pytest.raises(UsageError, match=r"2019-H1.*2018-H1"):
            build(folder, periods.parse("2019-H1"))


class TestReported:
    def test_a_location_that_is_too_young_is_named_with_the_reason(self, make_folder):
        folder = make_folder(1, deelnames=visits("2018-05-01", "noord", "koffie", "a"))
        (folder / "locaties.csv").write_text(
            "locatie;naam;wijk;geopend_op\nnoord;Noord;Boven;2017-01-01\nzuid;Zuid;Onder;2018-04-01\n"
        )
        book = build(folder)
        assert set(book.sheets) == {"stad", "noord"}
        assert "pas open sinds 1 april 2018" in book.not_reported["zuid"]
        with pytest.raises(UsageError, match="komt geen verslag"):
            book.sheet("zuid")

    def test_an_unknown_location_is_refused_with_the_known_ones(self, make_folder):
        book = build(make_folder(1, deelnames=visits("2018-05-01", "noord", "koffie", "a")))
        with pytest.raises(UsageError, match="noord"):
            book.sheet("oost")

    def test_locations_in_practice_formally_and_reported(self, make_folder):
        folder = make_folder(
            1,
            deelnames=visits("2018-05-01", "noord", "koffie", "a"),
            bijgehouden="oost;deelnames;2016-01-01\n",
        )
        (folder / "locaties.csv").write_text(
            "locatie;naam;wijk;geopend_op;formeel_vanaf;gesloten_op\n"
            "noord;Noord;Boven;2017-01-01;;\n"
            "zuid;Zuid;Onder;2018-06-01;2019-01-01;\n"
            "oost;Oost;Opzij;2016-01-01;;2018-03-31\n"
        )
        names = ("locaties_formeel", "locaties_praktisch", "locaties_gerapporteerd")
        assert values(folder, "stad", *names) == [1, 2, 2]


class TestProtection:
    def test_a_small_number_is_null_and_x_and_zero_is_shown(self, make_folder):
        rows = visits("2018-02-01", "noord", "koffie", "abcdefghijklmnop")
        sheet = build(make_folder(5, deelnames=rows + visits("2018-02-01", "zuid", "taal", "ab")))
        taal = sheet.sheets["zuid"]["deelnames.taal"]
        assert (taal.value, taal.text, taal.withheld, taal.missing) == (None, "x", True, "")
        assert sheet.sheets["zuid"]["deelnames.koffie"].value == 0

    def test_what_is_made_of_a_number_held_back_is_held_back(self, make_folder):
        rows = visits("2018-02-01", "noord", "koffie", "abcdefghijklmnop")
        rows += visits("2018-02-01", "noord", "taal", "abc") + visits(
            "2017-08-01", "noord", "taal", "abcdef"
        )
        sheet = build(make_folder(5, deelnames=rows)).sheets["noord"]
        for name in ("aandeel.taal", "groei_per_maand.taal", "prognose.taal", "koers.taal"):
            assert sheet[name].withheld, name

    def test_a_number_held_back_does_not_follow_from_the_total(self, make_folder):
        rows = visits("2018-02-01", "noord", "koffie", "abcdefghijklmnop")
        rows += visits("2018-02-01", "noord", "taal", "abc")
        sheet = build(make_folder(5, deelnames=rows)).sheets["noord"]
        shown = [sheet[name].value for name in ("deelnames", "deelnames.koffie")]
        assert None in shown

    def test_what_other_periods_issued_is_taken_into_account(self, make_folder):
        # The year is out, its first half too: the second half, held back, would follow.
        rows = visits("2018-02-01", "noord", "koffie", "abcdefghij")
        rows += visits("2018-09-01", "noord", "koffie", "abc")
        folder = make_folder(5, deelnames=rows + "2017-09-01;noord;koffie;;50\n")
        whole_year = Interval(date(2018, 1, 1), date(2018, 12, 31))
        year = Count(Visits(("koffie",)), whole_year, ("noord",))
        half = year._replace(when=Interval(date(2018, 1, 1), date(2018, 6, 30)))
        second = periods.parse("2018-H2")
        build(folder, second, earlier=Issued({half: {10}}))
        with pytest.raises(DataError, match=r"Niet te beschermen: noord.*--nothing-sent"):
            build(folder, second, earlier=Issued({half: {10}, year: {13}}))


class TestDeclarations:
    def test_every_fact_is_declared_and_every_declaration_is_used(self, make_folder):
        folder = make_folder(
            1,
            deelnames=visits("2017-08-01", "noord", "koffie", "ab")
            + visits("2018-02-01", "noord", "koffie", "ab"),
            buurten="buurt;naam;omgeving_van\nhier;Hier;noord\n",
            deelnemers="deelnemer;buurt\npa1;hier\n",
            partners="partner;naam\nteam;Team\n",
            verwijzingen="datum;locatie;partner;richting;deelnemer\n2018-02-01;noord;team;naar;pa1\n",
        )
        names = {name for sheet in build(folder).sheets.values() for name in sheet}
        used = {facts.parsed(name)[0].name for name in names}
        assert used == {declaration.name for declaration in facts.DECLARED}

    def test_a_name_that_is_no_fact_is_refused(self):
        with pytest.raises(UsageError, match="bestaat niet"):
            facts.parsed("omzet")


class TestLoading:
    def test_a_prepared_sheet_is_the_same_as_one_from_the_data(
        self, make_folder, tmp_path, monkeypatch
    ):
        folder = make_folder(1, deelnames=visits("2018-02-01", "noord", "koffie", "abc"))
        monkeypatch.setenv("BWK_DATA", str(folder))
        monkeypatch.chdir(tmp_path)
        fresh = facts.load("noord", "2018-H1")
        with facts.prepared(build(folder)):
            monkeypatch.setenv("BWK_DATA", "nergens")
            assert facts.load("noord", "2018-H1") == fresh
            assert facts.load_all("noord", "2018-H1")["noord"] == fresh
            assert [*facts.load_all("noord", "2018-H1", only=["stad"])] == ["noord", "stad"]

    def test_the_published_form_is_that_of_the_contract(self, make_folder):
        book = build(make_folder(1, deelnames=visits("2018-02-01", "noord", "koffie", "abc")))
        published = json.loads(json.dumps(book.published()))
        assert (published["periode"], published["basisperiode"]) == ("2018-H1", "2017-H2")
        fact = published["feiten"]["noord"]["deelnemers"]
        assert {key: fact[key] for key in ("waarde", "tekst", "eenheid", "achtergehouden")} == {
            "waarde": 3,
            "tekst": "3",
            "eenheid": "personen",
            "achtergehouden": False,
        }
        assert fact["bron"] == ["deelnames.csv"]


class TestKept:
    """A run keeps the protected facts: nothing has to be proved twice."""

    @pytest.fixture
    def folder(self, make_folder):
        return make_folder(1, deelnames=visits("2018-02-01", "noord", "koffie", "abc"))

    @pytest.fixture
    def output(self, folder, tmp_path_factory):
        output = tmp_path_factory.mktemp("output")
        (output / H1.folder).mkdir()
        with facts.book_in_files(folder, output, H1) as book:
            facts.kept.keep(book, output / H1.folder)
        return output

    @pytest.fixture
    def worked_out(self, monkeypatch):
        """Hears when facts are worked out."""
        work = Mock(wraps=facts.apart)
        monkeypatch.setattr(facts, "apart", work)
        return work

    def test_what_was_kept_is_what_would_be_worked_out(self, folder, output, worked_out):
        kept = facts.read_book(folder, output, H1)
        assert not worked_out.called
        assert kept == facts.read_book(folder, output / "nowhere", H1)

    def test_changed_data_are_worked_out_anew(self, folder, output, worked_out):
        with (folder / "deelnames.csv").open("a") as file:
            file.write(visits("2018-02-02", "noord", "koffie", "d"))
        assert facts.read_book(folder, output, H1).sheets["noord"]["deelnemers"].value == 4
        assert worked_out.called

    def test_what_another_period_issued_has_them_worked_out_anew(self, folder, output, worked_out):
        year = Interval(date(2017, 1, 1), date(2017, 12, 31))
        line = facts.issued.Line("2017", (facts.issued.Shown(Visits(), year, ("elders",), 0),))
        facts.issued.append(output, line, inputs.issued_key(output, "2017"))
        facts.read_book(folder, output, H1)
        assert worked_out.called

    @pytest.mark.parametrize(
        ("name", "was", "instead"),
        [
            ("bladen/noord.json", '"value":3', '"value":4'),
            ("boek.json", '"skipped_rows":0', '"skipped_rows":1'),
            ("lijst.json", '"waarde": 3', '"waarde": 4'),
            ("lijst.csv", ",3,", ",4,"),
            ("boek.json", '"som"', '"sum"'),
            ("boek.json", "}", ""),
        ],
    )
    def test_a_file_that_was_changed_by_hand_counts_for_nothing(
        self, folder, output, worked_out, name, was, instead
    ):
        file = output / ".2018-H1.feiten" / name
        text = file.read_text()
        assert was in text
        file.write_text(text.replace(was, instead))
        assert facts.read_book(folder, output, H1).sheets["noord"]["deelnemers"].value == 3
        assert worked_out.called

    def test_a_run_reads_a_sheet_when_it_is_asked_for(self, folder, output):
        with facts.book_in_files(folder, output, H1) as book:
            (output / ".2018-H1.feiten/bladen/stad.json").unlink()
            assert book.sheets["noord"]["deelnemers"].value == 3
            with pytest.raises(FileNotFoundError):
                book.sheets["stad"]

    def test_facts_that_cannot_be_kept_leave_no_trace(self, folder, tmp_path, monkeypatch):
        target = tmp_path / "uit" / H1.folder
        target.mkdir(parents=True)
        monkeypatch.setattr(facts.kept.shutil, "copytree", Mock(side_effect=OSError(ENOSPC, "vol")))
        with (
            facts.book_in_files(folder, target.parent, H1) as book,
            pytest.raises(OSError, match="vol"),
        ):
            facts.kept.keep(book, target)
        assert [*target.parent.iterdir()] == [target]

    def test_facts_that_another_run_put_in_their_place_are_refused(self, folder, output):
        with facts.book_in_files(folder, output, H1) as book:
            (output / ".2018-H1.feiten/boek.json").write_text("{}")
            with pytest.raises(DataError, match="veranderden"):
                facts.kept.keep(book, output / H1.folder)
