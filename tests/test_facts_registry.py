"""What was open and registered when: exposure, like for like, and locations that come and go."""

from pathlib import Path

import pytest
from small import issue, visits

from bwk import facts, periods
from bwk.facts.expressions import PERSONS, REFERRED, ROLES, VISITED
from bwk.registrations.registers import KINDS

H1 = periods.parse("2018-H1")
SINCE_2017 = "".join(
    f"{place};{kind};2017-01-01\n" for place in ("noord", "zuid") for kind in KINDS
)


def build(folder, period="2018-H1", baseline=None):
    against = periods.parse(baseline) if baseline else None
    return facts.work_out(folder, periods.parse(period), against)


def rewritten(folder, **tables):
    """Put other tables in the place of those of the folder."""
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def without_declared_registers(folder):
    (folder / "bijgehouden.csv").unlink()
    return folder


def heads(months, place="noord", number=30, service="koffie"):
    """Write a head count in each month."""
    return "".join(f"{month}-05;{place};{service};;{number}\n" for month in months)


def months_of(year, *numbers):
    return [f"{year}-{number:02}" for number in numbers]


def test_the_registers_have_the_names_of_the_table():
    assert (VISITED, PERSONS, ROLES, REFERRED) == KINDS


class TestExposure:
    def test_a_register_that_begins_later_does_not_count_as_months_without_visits(
        self, make_folder
    ):
        # Nothing changed: 30 a month, of 2017 only October to December is registered.
        rows = heads(months_of(2017, 10, 11, 12)) + heads(months_of(2018, *range(1, 7)))
        folder = without_declared_registers(make_folder(deelnames=rows))
        sheet = build(folder, baseline="2017").sheets["noord"]
        assert (sheet.months, sheet.baseline_months) == (6, 3)
        assert sheet["groei_per_maand.koffie"].value == 0
        assert sheet["per_maand_basis.koffie"].value == 30

    def test_a_half_year_of_which_a_part_was_registered_has_its_months(self, make_folder):
        rows = heads(months_of(2017, 10, 11, 12)) + heads(months_of(2018, *range(1, 7)))
        rows += heads(months_of(2018, 6), "zuid")  # which is short, and the city is not
        folder = without_declared_registers(make_folder(deelnames=rows))
        for scope in ("noord", "stad"):
            halves = build(folder, baseline="2017").sheets[scope].half_years
            months = {half.slug: half.group for half in halves}
            assert months == {"2017-H2": "3 maanden", "2018-H1": ""}

    def test_a_gap_does_not_count_as_months_without_visits(self, make_folder):
        rows = heads(months_of(2018, 1, 2, 5, 6)) + heads(months_of(2017, *range(1, 13)))
        folder = without_declared_registers(make_folder(deelnames=rows))
        sheet = build(folder, baseline="2017").sheets["noord"]
        assert sheet.months == 4
        assert sheet["per_maand.koffie"].value == 30

    def test_who_says_that_the_register_was_kept_has_months_without_visits(self, make_folder):
        rows = heads(months_of(2018, 1, 2, 5, 6))
        sheet = build(make_folder(deelnames=rows)).sheets["noord"]
        assert (sheet.months, sheet["per_maand.koffie"].value) == (6, 20)

    def test_a_part_of_a_month_counts_by_its_days(self, make_folder):
        folder = make_folder(deelnames=heads(months_of(2018, 6)))
        rewritten(
            folder, bijgehouden="locatie;wat;van;tot\nnoord;deelnames;2018-04-16;2018-06-15\n"
        )
        assert build(folder).sheets["noord"].months == 2

    def test_a_baseline_that_nobody_registered_is_not_nothing(self, make_folder):
        folder = without_declared_registers(
            make_folder(deelnames=heads(months_of(2018, *range(1, 7))))
        )
        sheet = build(folder, baseline="2016").sheets["noord"]
        for name in ("deelnames_basis.koffie", "per_maand_basis.koffie", "groei_per_maand.koffie"):
            assert sheet[name].value is None
            assert "niet geregistreerd in de basisperiode" in sheet[name].missing

    def test_people_are_not_compared_with_months_that_nobody_registered(self, make_folder):
        rows = "".join(
            visits(day, "noord", "koffie", "abcdef")
            for day in (f"2018-{n:02}-05" for n in range(1, 7))
        )
        folder = without_declared_registers(make_folder(1, deelnames=rows))
        sheet = build(folder, baseline="2017-H2").sheets["noord"]
        for name in ("deelnemers_venster", "alleen_toen", "alleen_nu", "oordeel_deelnemers"):
            assert sheet[name].value is None
            assert "niet geregistreerd in de basisperiode" in sheet[name].missing


class TestNotRegistered:
    def test_a_location_with_head_counts_has_no_participants(self, make_folder):
        folder = without_declared_registers(
            make_folder(deelnames=heads(months_of(2018, *range(1, 7))))
        )
        sheet = build(folder).sheets["noord"]
        for name in ("deelnemers", "deelnemers.koffie", "rol.deelnemers", "nieuwe_deelnemers"):
            assert (sheet[name].value, sheet[name].missing) == (None, "Dit is niet geregistreerd.")
        assert sheet["deelnames"].value == 180

    def test_the_city_counts_the_participants_of_where_they_are_registered(self, make_folder):
        rows = heads(months_of(2018, 1, 6)) + visits("2018-01-05", "zuid", "koffie", "abcdef")
        folder = without_declared_registers(make_folder(deelnames=rows))
        book = build(folder)
        assert book.city["deelnemers"].value == 6
        assert book.city["deelnemers.locatie.noord"].missing == "Dit is niet geregistreerd."
        assert book.city["deelnames"].value == 66

    @pytest.mark.parametrize(
        "fact", ["rol.vrijwilliger", "wederkerigheid", "aandeel_rol.deelnemers"]
    )
    def test_no_roles_where_a_location_has_none_in_the_table(self, make_folder, fact):
        rows = visits("2018-01-05", "noord", "koffie", "abcdef")
        folder = without_declared_registers(make_folder(deelnames=rows))
        assert build(folder).sheets["noord"][fact].missing == "Dit is niet geregistreerd."

    def test_no_referrals_where_a_location_has_none_in_the_table(self, make_folder):
        folder = make_folder(
            1,
            deelnames=visits("2018-01-05", "noord", "koffie", "ab")
            + visits("2018-01-05", "zuid", "koffie", "ab"),
            partners="partner;naam\nteam;Team\n",
            verwijzingen="datum;locatie;partner;richting;deelnemer\n2018-02-01;zuid;team;van;pa1\n",
        )
        book = build(without_declared_registers(folder))
        assert book.sheets["noord"]["verwijzingen.van.team"].value is None
        assert book.sheets["zuid"]["verwijzingen.van.team"].value == 1
        assert book.city["verwijzingen.naar.team"].value == 0

    def test_a_location_of_which_nothing_is_registered_is_named_with_the_reason(self, make_folder):
        rows = heads(months_of(2018, *range(1, 7)))
        book = build(without_declared_registers(make_folder(deelnames=rows)))
        assert book.not_reported == {"zuid": "Over Zuid is in deze periode niets geregistreerd."}

    def test_nobody_is_new_where_the_register_does_not_reach_back(self, make_folder):
        rows = visits("2017-11-05", "noord", "koffie", "abc")
        rows += visits("2018-01-05", "noord", "koffie", "abcdef")
        folder = without_declared_registers(make_folder(1, deelnames=rows))
        fact = build(folder).sheets["noord"]["nieuwe_deelnemers"]
        assert fact.value is None
        assert "te kort" in fact.missing

    def test_who_comes_from_the_opening_on_is_new(self, make_folder):
        folder = make_folder(1, deelnames=visits("2018-01-05", "noord", "koffie", "abc"))
        rewritten(
            folder,
            locaties="locatie;naam;wijk;geopend_op\nnoord;Noord;Boven;2018-01-01\n",
            bijgehouden="locatie;wat;van\n",
        )
        assert build(folder).sheets["noord"]["nieuwe_deelnemers"].value == 3


class TestRemarks:
    """What the report says of its registers."""

    def test_a_register_that_begins_later_is_told(self, make_folder):
        rows = heads(months_of(2017, 10, 11, 12)) + heads(months_of(2018, *range(1, 7)))
        folder = without_declared_registers(make_folder(deelnames=rows))
        remarks = build(folder, baseline="2017").sheets["noord"].remarks
        assert remarks == (
            "Geregistreerd in de basisperiode: 3 van de 12 maanden. De andere tellen niet mee.",
            "Wie er kwamen, is niet geregistreerd: hier is alleen geteld.",
        )

    def test_the_city_names_where_people_were_only_counted_and_what_is_not_compared(
        self, make_folder
    ):
        rows = heads(months_of(2018, *range(1, 7)))
        rows += visits("2017-07-05", "zuid", "koffie", "abcdef")
        rows += visits("2018-06-05", "zuid", "koffie", "abcdef")
        folder = make_folder(deelnames=rows)
        rewritten(
            folder,
            bijgehouden="locatie;wat;van\nnoord;deelnames;2018-01-01\n"
            "zuid;deelnames;2017-07-01\nzuid;deelnemers;2017-07-01\n",
        )
        assert build(folder).city.remarks == (
            "Deelnemers zijn niet geregistreerd op Noord: daar is alleen geteld.",
            "Verschillen gaan over de locaties die in beide perioden even lang zijn "
            "geregistreerd, dus zonder Noord. Wie daarheen ging, lijkt gestopt.",
        )

    def test_the_city_names_where_months_are_missing(self, make_folder):
        rows = heads(months_of(2018, 1, 2)) + heads(months_of(2018, *range(1, 7)), "zuid")
        remarks = build(without_declared_registers(make_folder(deelnames=rows))).city.remarks
        assert remarks[:2] == (
            "Niet alle maanden van deze periode zijn geregistreerd op Noord.",
            "Over de basisperiode is niets geregistreerd.",
        )

    def test_nothing_is_told_where_all_is_registered(self, make_folder):
        book = build(make_folder(deelnames=visits("2018-01-05", "noord", "koffie", "abcdef")))
        assert {sheet.remarks for sheet in book.sheets.values()} == {()}


class TestLikeForLike:
    @pytest.fixture
    def two_rooms_open(self, make_folder):
        """Two old rooms repeat a half-year exactly, and two new ones open."""
        rows = "".join(
            visits(f"{year}-{month:02}-05", place, "koffie", people)
            for year in (2017, 2018)
            for month in range(1, 7)
            for place, people in (("noord", "abcdefghij"), ("zuid", "klmnopqrst"))
        )
        rows += "".join(
            visits(f"2018-{month:02}-06", place, "koffie", people)
            for month in range(1, 7)
            for place, people in (("oost", "ABCDEF"), ("west", "GHIJKL"))
        )
        folder = make_folder(1, deelnames=rows)
        rewritten(
            folder,
            bijgehouden="locatie;wat;van\n",
            locaties="locatie;naam;wijk;geopend_op\n"
            "noord;Noord;B;2016-01-01\nzuid;Zuid;O;2016-01-01\n"
            "oost;Oost;B;2018-01-01\nwest;West;O;2018-01-01\n",
        )
        return build(folder, baseline="2017-H1").city

    @pytest.mark.parametrize("fact", ["groei_per_maand.koffie", "barometer.ontmoeten"])
    def test_nothing_changed_where_the_rooms_that_both_periods_share_repeat(
        self, two_rooms_open, fact
    ):
        assert two_rooms_open[fact].value == 0

    def test_the_people_of_new_rooms_are_no_change_of_the_old_ones(self, two_rooms_open):
        assert two_rooms_open["deelnemers"].value == 32
        assert two_rooms_open["groei_deelnemers"].value == 0

    def test_the_verdicts_are_of_the_old_rooms_too(self, two_rooms_open):
        expected = {
            "deelnemers_venster": 20,
            "alleen_toen": 0,
            "alleen_nu": 0,
            "oordeel_deelnemers": "geen duidelijk verschil",
            "oordeel_per_maand.koffie": "geen duidelijk verschil",
            "oordeel_barometer.ontmoeten": "geen duidelijk verschil",
        }
        assert {name: two_rooms_open[name].value for name in expected} == expected

    def test_a_room_that_was_open_for_a_part_of_the_baseline_is_not_compared(self, make_folder):
        rows = heads(months_of(2017, *range(1, 7))) + heads(months_of(2018, *range(1, 7)))
        rows += heads(months_of(2017, 6), "zuid", 5)
        rows += heads(months_of(2018, *range(1, 7)), "zuid", 300)
        folder = without_declared_registers(make_folder(deelnames=rows))
        city = build(folder, baseline="2017-H1").city
        assert city["groei_per_maand.koffie"].value == 0

    def test_no_change_is_told_where_no_location_has_both_periods(self, make_folder):
        rows = heads(months_of(2017, *range(1, 7))) + heads(months_of(2018, *range(1, 7)), "zuid")
        rows += heads(months_of(2018, 1)) + heads(months_of(2017, 6), "zuid")
        folder = without_declared_registers(make_folder(deelnames=rows))
        fact = build(folder, baseline="2017-H1").city["groei_per_maand.koffie"]
        assert (fact.value, "Geen locatie" in fact.missing) == (None, True)


LOCATIONS = "locatie;naam;wijk;geopend_op;gesloten_op;opvolger\n"
HOUSES = "noord;Noord;Boven;2016-01-01;2018-06-30;{}\nzuid;Zuid;Onder;2016-01-01;;\n"


@pytest.fixture
def moved(make_folder) -> Path:
    """House Noord (ten people) closes, and all go on at house Zuid, which has ten of its own."""
    own, other = "abcdefghij", "klmnopqrst"
    rows = "".join(
        visits(f"2018-{month:02}-10", "noord", "koffie", own) * (month < 7)
        + visits(f"2018-{month:02}-10", "zuid", "koffie", other + own * (month > 6))
        for month in range(1, 13)
    )
    folder = make_folder(1, deelnames=rows)
    return rewritten(folder, locaties=LOCATIONS + HOUSES.format(""))


class TestHistory:
    def test_a_location_that_closed_stays_in_the_past_of_the_city(self, moved):
        book = build(moved, "2018-H2", "2018-H1")
        assert book.not_reported == {"noord": "Noord was in deze periode al gesloten."}
        expected = {
            "deelnemers_basis": 20,
            "groei_deelnemers": 0,
            "nieuwe_deelnemers": 0,
            "terugkerende_deelnemers": 20,
            "prognose.koffie": 240,
            "deelnames_basis.koffie": 120,
        }
        assert {name: book.city[name].value for name in expected} == expected

    def test_whether_visits_moved_on_is_not_known_so_they_are_not_judged(self, moved):
        city = build(moved, "2018-H2", "2018-H1").city
        growth = [city[f"groei_per_maand.koffie{end}"].value for end in ("_laag", "", "_hoog")]
        assert growth[0] < 0 < growth[1] <= growth[2]
        assert city["oordeel_per_maand.koffie"].value == "geen duidelijk verschil"
        assert city["oordeel_vorige_prognose.koffie"].missing.startswith("Een locatie is gesloten")
        [remark] = city.remarks
        assert remark.startswith("Gesloten sinds de basisperiode: Noord.")

    @pytest.mark.parametrize(("a_day", "verdict"), [(1, "meer"), (2, "geen duidelijk verschil")])
    def test_a_change_is_clear_that_who_moved_cannot_explain(self, moved, a_day, verdict):
        # Every day two people come to Zuid for once, later four; and so many to Noord until then.
        rows = "".join(
            f"2018-{month:02}-{day:02};{place};koffie;p{place[0]}{month}x{day}x{number};1\n"
            for month in range(1, 13)
            for day in range(1, 29)
            for place, often in {"zuid": 2 + 2 * (month > 6), "noord": a_day * (month < 7)}.items()
            for number in range(often)
        )
        rewritten(moved, deelnames="datum;locatie;dienst;deelnemer;aantal\n" + rows)
        city = build(moved, "2018-H2", "2018-H1").city
        assert city["groei_per_maand.koffie"].value == 1
        assert city["oordeel_per_maand.koffie"].value == verdict

    def test_what_follows_a_location_has_its_past(self, moved):
        rewritten(moved, locaties=LOCATIONS + HOUSES.format("zuid"))
        book = build(moved, "2018-H2", "2018-H1")
        assert "verhuisd naar Zuid" in book.not_reported["noord"]
        sheet = book.sheets["zuid"]
        expected = {
            "deelnemers_basis": 20,
            "groei_deelnemers": 0,
            "nieuwe_deelnemers": 0,
            "groei_per_maand.koffie": 0,
        }
        for scope in (sheet, book.city):
            assert {name: scope[name].value for name in expected} == expected
        assert (sheet.months, sheet.baseline_months) == (6, 6)

    @pytest.mark.parametrize("successor", ["", "zuid"])
    def test_who_moves_with_a_location_makes_no_more_people(self, moved, successor):
        rewritten(moved, locaties=LOCATIONS + HOUSES.format(successor))
        city = build(moved, "2018-H2", "2018-H1").city
        expected = {
            "deelnemers_venster": 20,
            "alleen_toen": 0,
            "alleen_nu": 0,
            "oordeel_deelnemers": "geen duidelijk verschil",
        }
        assert {name: city[name].value for name in expected} == expected

    def test_a_service_that_moved_is_judged_with_its_past(self, moved):
        rewritten(moved, locaties=LOCATIONS + HOUSES.format("zuid"))
        book = build(moved, "2018-H2", "2018-H1")
        for scope in (book.sheets["zuid"], book.city):
            assert scope["oordeel_per_maand.koffie"].value == "geen duidelijk verschil"
            low, high = (scope[f"groei_per_maand.koffie_{end}"].value for end in ("laag", "hoog"))
            assert low < 0 < high
            assert scope["oordeel_vorige_prognose.koffie"].value == "binnen de marge"

    def test_before_it_closed_a_location_is_reported_on_by_itself(self, moved):
        rewritten(moved, locaties=LOCATIONS + HOUSES.format("zuid"))
        sheets = build(moved, "2018-03/2018-05").sheets
        assert sheets["noord"]["deelnemers"].value == 10

    def test_a_number_of_who_opened_while_another_closed_does_not_follow(self, tmp_path):
        # From the city and b in 2020-H1 followed a, which is held back: 501 in the year before.
        folder = tmp_path / "data"
        folder.mkdir()
        counted = {
            "a": "2020-03 500, 2020-09 1, 2021-03 120, 2021-09 200, 2022-03 300",
            "b": "2020-03 400, 2021-09 300, 2022-03 300",
            "c": "2020-03 450, 2020-09 3, 2021-03 43, 2021-09 100",
            "d": "2021-11 150, 2022-03 450",
        }
        rows = "".join(
            f"{month}-01;{place};inloop;{number}\n"
            for place, own in counted.items()
            for month, number in (each.split() for each in own.split(", "))
        )
        rewritten(
            folder,
            locaties="locatie;naam;wijk;geopend_op;gesloten_op\na;A;W;2019-01-01;\n"
            "b;B;W;2019-01-01;\nc;C;W;2019-01-01;2021-09-30\nd;D;W;2021-10-01;\n",
            diensten="dienst;naam;leefgebied\ninloop;Inloop;Ontmoeting\n",
            rolnamen="rol;naam\nvrijwilliger;Vrijwilligers\n",
            rollen="locatie;persoon;rol;van\n",
            deelnames="datum;locatie;dienst;aantal\n" + rows,
        )
        (folder / "programma.toml").write_text('naam = "X"\nplaats = "X"\n')
        output = tmp_path / "uit"
        for period in ("2021-H1", "2022-H1"):
            book = issue(folder, output, period)
            told = {scope: sheet.get(PAST) for scope, sheet in book.sheets.items()}
            assert told["a"].withheld
            assert told["stad"].withheld


PAST = "barometer_per_maand.ontmoeting.2020-H1"


class TestServices:
    def services(self, folder, *rows):
        head = "dienst;naam;leefgebied;van;tot;opvolger\n"
        return rewritten(folder, diensten=head + "".join(f"{row}\n" for row in rows))

    def test_a_service_is_not_judged_outside_its_days(self, make_folder):
        rows = heads(months_of(2018, 4, 5, 6), service="taal") + heads(months_of(2018, 1))
        folder = self.services(
            make_folder(deelnames=rows), "koffie;Koffie;;;;", "taal;Taal;;2018-04-01;2018-06-30;"
        )
        sheet = build(folder).sheets["noord"]
        assert sheet["per_maand.taal"].value == 30
        assert sheet["prognose.taal"].value == 90
        assert sheet["deelnames_basis.taal"].missing == "Deze dienst was er toen niet."

    def test_a_service_that_ends_on_its_first_day(self, make_folder):
        rows = heads(months_of(2018, 1), service="taal") + heads(months_of(2018, 1))
        folder = self.services(
            make_folder(deelnames=rows), "koffie;Koffie;;;;", "taal;Taal;;2018-01-05;2018-01-05;"
        )
        sheet = build(folder).sheets["noord"]
        assert sheet["deelnames.taal"].value == 30
        assert sheet["prognose.taal"].value == 30

    def test_a_service_that_was_renamed_has_its_past(self, make_folder):
        rows = heads(months_of(2017, *range(7, 13)), service="les")
        rows += heads(months_of(2018, *range(1, 7)), service="taal")
        folder = self.services(
            make_folder(deelnames=rows),
            "les;Les;Leren;;2017-12-31;taal",
            "taal;Taal;Leren;2018-01-01;;",
        )
        sheet = build(folder, baseline="2017-H2").sheets["noord"]
        names = ("deelnames.taal", "deelnames_basis.taal", "groei_per_maand.taal")
        assert [sheet[name].value for name in names] == [180, 180, 0]
        assert sheet["deelnames.les"].missing == "Deze dienst was er toen niet."

    def test_the_parts_of_a_service_that_was_split_have_no_past(self, make_folder):
        rows = heads(months_of(2017, *range(7, 13)), service="les")
        rows += heads(months_of(2018, *range(1, 7)), service="taal")
        folder = self.services(
            make_folder(deelnames=rows),
            "les;Les;Leren;;2017-12-31;taal lezen",
            "taal;Taal;Leren;2018-01-01;;",
            "lezen;Lezen;Leren;2018-01-01;;",
        )
        sheet = build(folder, baseline="2017-H2").sheets["noord"]
        assert sheet["groei_per_maand.taal"].missing == "Deze dienst was er toen niet."
        assert sheet["barometer.leren"].value == 0


class TestPersons:
    def test_two_pseudonyms_of_one_person_count_once(self, make_folder):
        folder = make_folder(
            1,
            deelnames=visits("2017-08-01", "noord", "koffie", "a")
            + visits("2018-02-01", "noord", "koffie", "bcd"),
            buurten="buurt;naam;omgeving_van\nhier;Hier;noord\n",
            deelnemers="deelnemer;buurt;zelfde_als\npb1;;pa1\npa1;hier;\npc1;;pb1\n",
        )
        sheet = build(folder).sheets["noord"]
        names = ("deelnemers", "nieuwe_deelnemers", "herkomst.hier")
        assert [sheet[name].value for name in names] == [2, 1, 1]


class TestBaseline:
    def test_it_is_the_same_part_of_the_year_before_where_the_registers_cover_it(self, make_folder):
        rows = visits("2018-02-01", "noord", "koffie", "abcdef")
        folder = make_folder(deelnames=rows)
        assert build(folder).baseline.name == "2017-H2"
        rewritten(folder, bijgehouden="locatie;wat;van\n" + SINCE_2017)
        assert build(folder).baseline.name == "2017-H1"

    def test_a_location_that_is_younger_does_not_matter(self, make_folder):
        rows = visits("2018-02-01", "noord", "koffie", "abcdef")
        rows += visits("2018-02-01", "zuid", "koffie", "abcdef")
        folder = make_folder(deelnames=rows)
        rewritten(
            folder,
            bijgehouden="locatie;wat;van\n" + SINCE_2017,
            locaties="locatie;naam;wijk;geopend_op\n"
            "noord;Noord;B;2016-01-01\nzuid;Zuid;O;2017-05-01\n",
        )
        assert build(folder).baseline.name == "2017-H1"


class TestShares:
    @pytest.mark.parametrize("numbers", [(10, 10, 10), (125, 125, 750), (1, 1, 298), (7, 0, 5)])
    def test_the_shares_of_a_whole_add_up_to_100(self, make_folder, numbers):
        services = ("koffie", "taal", "klus")
        rows = "".join(
            heads(["2018-02"], number=number, service=service)
            for number, service in zip(numbers, services, strict=True)
        )
        folder = make_folder(1, deelnames=rows, diensten="klus;Klus;\n")
        sheet = build(folder).sheets["noord"]
        shares = [sheet[f"aandeel.{service}"] for service in services]
        percents = [int(share.text.removesuffix("%")) for share in shares]
        assert sum(percents) == 100
        for percent, number in zip(percents, numbers, strict=True):
            assert abs(percent - 100 * number / sum(numbers)) < 1

    def test_an_unknown_home_is_not_elsewhere(self, make_folder):
        folder = make_folder(
            1,
            deelnames=visits("2018-02-01", "noord", "koffie", "abcdef"),
            buurten="buurt;naam;omgeving_van\nhier;Hier;noord\ndaar;Daar;\n",
            deelnemers="deelnemer;buurt\npa1;hier\npb1;hier\npc1;hier\npd1;daar\npe1;\n",
        )
        sheet = build(folder).sheets["noord"]
        names = ("aandeel_omgeving", "herkomst_bekend", "deelnemers")
        assert [sheet[name].value for name in names] == [0.75, 4, 6]

    @pytest.mark.parametrize("threshold", [1, 5])
    def test_reach_is_the_participants_of_every_1000_inhabitants(self, make_folder, threshold):
        folder = make_folder(
            threshold,
            deelnames=visits("2018-02-01", "noord", "koffie", "abcdef"),
            buurten="buurt;naam;omgeving_van;inwoners\n"
            "hier;Hier;noord;400\ndaar;Daar;;2000\nver;Ver;;900\nleeg;Leeg;;\n",
            deelnemers="deelnemer;buurt\npa1;hier\npb1;hier\npc1;hier\npd1;daar\npe1;leeg\npf1;leeg\n",
        )
        sheet = build(folder).sheets["noord"]
        texts = [sheet[f"bereik.{home}"].text for home in ("hier", "daar", "ver", "leeg")]
        small = threshold > 3  # and so are the participants of each neighbourhood
        assert texts == (["x", "x", "0,0", "–"] if small else ["7,5", "0,5", "0,0", "–"])
        assert sheet["bereik.leeg"].missing == "Het aantal inwoners is niet bekend."

    def test_origin_is_not_registered_where_no_home_is_known(self, make_folder):
        folder = make_folder(
            1,
            deelnames=visits("2018-02-01", "noord", "koffie", "abcdef"),
            buurten="buurt;naam;omgeving_van\nhier;Hier;noord\n",
        )
        sheet = build(folder).sheets["noord"]
        for name in ("herkomst.hier", "herkomst_bekend", "aandeel_omgeving"):
            assert sheet[name].missing == "Dit is niet geregistreerd."


class TestPaths:
    """What people did next, counted by hand: each letter is a person, each row a visit."""

    VISITS = (
        visits("2017-09-01", "noord", "koffie", "ab")  # came before the period
        + visits("2018-02-01", "noord", "koffie", "abcdef")  # new: c, d, e and f
        + visits("2018-03-01", "noord", "taal", "c")  # from a first service to another
        + visits("2018-05-01", "noord", "koffie", "acdz")  # again: c and d; new: z
        + visits("2018-05-01", "zuid", "koffie", "e")  # elsewhere: again for the city alone
    )
    ROLES = "".join(
        f"noord;p{person}1;vrijwilliger;{since};\n"
        for person, since in {"a": "2018-01-01", "c": "2018-03-01", "q": "2017-01-01"}.items()
    )

    @pytest.fixture
    def sheets(self, make_folder):
        return build(
            make_folder(1, deelnames=self.VISITS, rollen=self.ROLES, since="2017-01-01")
        ).sheets

    def test_who_came_again_a_quarter_later(self, sheets):
        assert sheets["noord"]["terug_in_kwartaal"].value == 2 / 4  # c and d of c, d, e and f
        assert sheets["stad"]["terug_in_kwartaal"].value == 3 / 4

    def test_who_went_from_a_first_service_to_another(self, sheets):
        assert sheets["noord"]["naar_andere_dienst"].value == 1 / 5  # c of c, d, e, f and z

    def test_who_took_part_before_being_a_volunteer(self, sheets):
        # Of a, c and q: c came in the period alone, q never.
        assert sheets["noord"]["eerst_deelnemer"].value == pytest.approx(1 / 3, abs=1e-4)

    @pytest.mark.parametrize("fact", ["terug_in_kwartaal", "naar_andere_dienst", "eerst_deelnemer"])
    def test_few_people_are_held_back(self, make_folder, fact):
        folder = make_folder(5, deelnames=self.VISITS, rollen=self.ROLES, since="2017-01-01")
        assert build(folder).sheets["noord"][fact].text == "x"

    def test_nobody_new_and_no_volunteers_are_said(self, make_folder):
        rows = visits("2017-09-01", "noord", "koffie", "a")
        rows += visits("2018-02-01", "noord", "koffie", "a")
        own = build(make_folder(1, deelnames=rows, since="2017-01-01")).sheets["noord"]
        assert own["terug_in_kwartaal"].missing.endswith("kwam niemand voor het eerst.")
        assert own["eerst_deelnemer"].missing == "In deze periode waren er geen vrijwilligers."

    def test_in_a_quarter_that_nobody_registered_nobody_stayed_away(self, make_folder):
        rows = visits("2017-03-01", "noord", "koffie", "a")
        rows += visits("2018-02-01", "noord", "koffie", "abcdef")
        folder = make_folder(1, deelnames=rows)
        kinds = "".join(f"noord;{kind};2017-01-01;2018-03-31\n" for kind in KINDS)
        rewritten(folder, bijgehouden="locatie;wat;van;tot\n" + kinds)
        fact = build(folder).sheets["noord"]["terug_in_kwartaal"]
        assert fact.is_unregistered

    def test_of_a_quarter_the_register_must_reach_back_from_the_quarter_before(self, make_folder):
        folder = make_folder(1, deelnames=self.VISITS, since="2017-08-01")
        own = build(folder, "2018-Q2", "2018-Q1").sheets["noord"]
        assert own["terug_in_kwartaal"].value is None
        assert "te kort" in own["terug_in_kwartaal"].missing
        assert own["nieuwe_deelnemers"].value == 1
