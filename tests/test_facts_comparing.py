"""Verdicts, margins and what projections came to, in facts: small programmes by hand."""

from functools import partial
from itertools import product

import pytest
from small import visits

from bwk import facts, periods
from bwk.facts import show

H1, H2 = periods.parse("2018-H1"), periods.parse("2018-H2")
DAYS = (1, 8, 15, 22, 28)
VERDICTS = {"meer", "minder", "geen duidelijk verschil"}


@pytest.fixture
def make_folder(make_folder):
    """Write a folder of which visits and people are registered since 2016."""
    since = "noord;deelnames;2016-01-01\nnoord;deelnemers;2016-01-01\n"
    return partial(make_folder, bijgehouden=since)


def sheet(folder, scope="noord", period=H1, baseline=None):
    return facts.work_out(folder, period, baseline and periods.parse(baseline)).sheets[scope]


def drop_ins(year, months, each_day, service="koffie", names="p"):
    """Write visits of people who come once."""
    days = [f"{year}-{month:02}-{day:02}" for month, day in product(months, DAYS)]
    return "".join(
        f"{day};noord;{service};{names}{place}x{number};1\n"
        for place, day in enumerate(days)
        for number in range(each_day)
    )


def regulars(year, months, people, service="koffie"):
    """Write visits of people who come each time."""
    days = [f"{year}-{month:02}-{day:02}" for month, day in product(months, DAYS)]
    return "".join(visits(day, "noord", service, people) for day in days)


class TestChange:
    def test_many_people_who_come_once_are_clearly_more(self, make_folder):
        rows = drop_ins(2017, range(1, 13), 2, names="a") + drop_ins(2018, range(1, 7), 4)
        own = sheet(make_folder(1, deelnames=rows), baseline="2017")
        assert own["groei_per_maand.koffie"].value == pytest.approx(1)
        assert own["oordeel_per_maand.koffie"].value == "meer"
        assert 0.3 < own["groei_per_maand.koffie_laag"].value < 1
        assert 1 < own["groei_per_maand.koffie_hoog"].value < 2.2

    def test_as_many_visits_of_a_few_others_are_not(self, make_folder):
        rows = regulars(2017, range(1, 13), "ab") + regulars(2018, range(1, 7), "cdef")
        own = sheet(make_folder(1, deelnames=rows), baseline="2017")
        assert own["groei_per_maand.koffie"].value == pytest.approx(1)
        assert own["oordeel_per_maand.koffie"].value == "geen duidelijk verschil"
        assert own["groei_per_maand.koffie_laag"].value < 0

    def test_a_margin_is_rounded_to_whole_percents(self, make_folder):
        rows = drop_ins(2017, range(1, 13), 2, names="a") + drop_ins(2018, range(1, 7), 3)
        own = sheet(make_folder(1, deelnames=rows), baseline="2017")
        for end in ("laag", "hoog"):
            margin = own[f"barometer.ontmoeten_{end}"].value
            assert margin == round(margin, 2)

    @pytest.mark.parametrize(
        ("rows", "is_wide"),
        [
            (regulars(2017, range(1, 13), "ab") + regulars(2018, range(1, 7), "cdef"), True),
            (drop_ins(2017, range(1, 13), 2, names="a") + drop_ins(2018, range(1, 7), 4), False),
        ],
        ids=["a few regulars", "many people"],
    )
    def test_a_margin_that_tells_nothing_is_words_and_its_number_in_the_files(
        self, make_folder, rows, is_wide
    ):
        own = sheet(make_folder(1, deelnames=rows), baseline="2017")
        low, high = (own[f"groei_per_maand.koffie_{end}"] for end in ("laag", "hoog"))
        assert (1 + high.value > 5 * (1 + low.value)) is is_wide
        shown = [show(end.value, "groei") for end in (low, high)]
        assert [low.text, high.text] == (["te onzeker"] * 2 if is_wide else shown)
        assert own["oordeel_per_maand.koffie"].value in VERDICTS

    def test_a_margin_is_held_back_with_its_counts(self, make_folder):
        rows = drop_ins(2017, range(1, 13), 2, names="a") + regulars(2018, [2], "abc")
        own = sheet(make_folder(5, deelnames=rows), baseline="2017")
        assert own["deelnames.koffie"].withheld
        for name in ("groei_per_maand.koffie_laag", "oordeel_per_maand.koffie"):
            assert (own[name].value, own[name].text) == (None, "x")

    def test_a_change_of_a_service_and_of_its_domain_is_one_comparison(self, make_folder):
        rows = drop_ins(2017, range(1, 13), 2, names="a") + drop_ins(2018, range(1, 7), 4)
        own = sheet(make_folder(1, deelnames=rows), baseline="2017")
        assert own.comparisons == 2  # of people, and of the one service with its domain

    def test_what_is_clear_on_its_own_may_not_be_among_many(self, make_folder):
        # Of eight services one grew, by so much that 1 of 30 would by chance.
        services = [f"d{number}" for number in range(8)]
        table = "".join(f"{service};{service};\n" for service in services)
        rows = "".join(
            drop_ins(2017, range(1, 7), 2, service, f"a{service}")
            + drop_ins(2018, range(1, 7), 2, service, service)
            for service in services[1:]
        )
        grown = drop_ins(2017, range(1, 7), 2, "d0", "a") + drop_ins(2018, range(1, 7), 3, "d0")
        alone = sheet(make_folder(1, "one", diensten=table, deelnames=grown), baseline="2017-H1")
        among = sheet(
            make_folder(1, "many", diensten=table, deelnames=rows + grown), baseline="2017-H1"
        )
        for name in ("groei_per_maand.d0", "groei_per_maand.d0_laag"):
            assert alone[name].value == among[name].value
        assert among["groei_per_maand.d0_laag"].value > 0
        assert alone["oordeel_per_maand.d0"].value == "meer"
        assert among["oordeel_per_maand.d0"].value == "geen duidelijk verschil"


def by_month(year, numbers, service="koffie"):
    """Write how many there were in each month from January on, by whom is not known."""
    return "".join(
        f"{year}-{month:02};noord;{service};;{number}\n"
        for month, number in enumerate(numbers, start=1)
    )


class TestKeptByMonth:
    """A month that is counted as one number is no busy week among quiet ones."""

    TWO_YEARS = [100, 104, 98, 110, 97, 103] * 2, [200, 196, 209, 188, 203, 204]

    def test_twice_as_many_is_clear(self, make_folder):
        year, half_year = self.TWO_YEARS
        rows = by_month(2017, year) + by_month(2018, half_year)
        own = sheet(make_folder(1, deelnames=rows), baseline="2017-H1")
        assert own["oordeel_per_maand.koffie"].value == "meer"
        assert own["groei_per_maand.koffie_laag"].value > 0.7
        assert own["groei_per_maand.koffie_hoog"].value < 1.3

    def test_the_year_is_projected_from_months(self, make_folder):
        own = sheet(make_folder(1, deelnames=by_month(2018, self.TWO_YEARS[1])))
        assert own["prognose_laag.koffie"].value > 2100
        assert own["prognose_hoog.koffie"].value < 2750

    def test_months_that_differ_widely_are_not_clear(self, make_folder):
        rows = by_month(2017, [10, 250, 20, 90, 200, 30]) + by_month(
            2018, [300, 20, 15, 320, 9, 200]
        )
        own = sheet(make_folder(1, deelnames=rows), baseline="2017-H1")
        assert own["oordeel_per_maand.koffie"].value == "geen duidelijk verschil"

    @pytest.mark.parametrize("last_year", ["2017-H1", "2017"])
    def test_a_group_that_meets_once_a_month_is_seen_by_month(self, make_folder, last_year):
        everybody = "abcdefghijklm"
        rows = "".join(
            visits(f"{year}-{month:02}-05", "noord", "koffie", everybody.replace(away, ""))
            for year, months, group in ((2017, 12, everybody), (2018, 6, "cfilad"))
            for month, away in zip(range(1, months + 1), group, strict=False)
        )
        own = sheet(make_folder(1, deelnames=rows), baseline=last_year)
        assert own["groei_per_maand.koffie_laag"].value > -0.5
        assert own["groei_per_maand.koffie_hoog"].value < 1

    def test_a_month_in_which_the_service_ended_is_counted(self, make_folder):
        table = "t;T;;2017-01-01;2018-06-15\n"
        kept = {"service": "t"}
        rows = by_month(2017, [50] * 12, **kept) + by_month(2018, [50] * 6, **kept)
        header = "dienst;naam;leefgebied;van;tot\n"
        folder = make_folder(1, deelnames=rows)
        (folder / "diensten.csv").write_text(header + table)
        own = sheet(folder, baseline="2017-H1")
        assert own["deelnames.t"].value == 300
        assert own["prognose.t"].value == own["prognose_laag.t"].value == 300


class TestPeople:
    @pytest.fixture
    def folder(self, make_folder):
        # A year against a half-year: a and b come always, c to h in the first half of 2017 alone.
        rows = regulars(2017, range(1, 13), "ab") + regulars(2017, range(1, 7), "cdefgh")
        rows += regulars(2017, range(7, 13), "ij") + regulars(2018, range(1, 7), "abklm")
        return make_folder(1, deelnames=rows)

    def test_windows_are_as_long_as_the_period(self, folder):
        own = sheet(folder, baseline="2017")
        names = ("deelnemers_basis", "deelnemers_venster", "alleen_toen", "alleen_nu")
        assert [own[name].value for name in names] == [10, 4, 2, 3]

    def test_of_a_shorter_baseline_the_period_is_cut(self, make_folder):
        rows = regulars(2017, [10, 11, 12], "ab") + regulars(2018, [1, 2, 3], "cdefgh")
        rows += regulars(2018, [4, 5, 6], "bij")
        own = sheet(make_folder(1, deelnames=rows), baseline="2017-Q4")
        names = ("deelnemers_venster", "alleen_toen", "alleen_nu")
        assert [own[name].value for name in names] == [2, 1, 2]

    def test_a_longer_baseline_makes_no_fewer_people(self, make_folder):
        # As many each month, all of them once: 120 people in a year, 60 in a half.
        rows = drop_ins(2017, range(1, 13), 2, names="a") + drop_ins(2018, range(1, 7), 2)
        own = sheet(make_folder(1, deelnames=rows), baseline="2017")
        assert own["groei_deelnemers"].value == -0.5
        assert own["oordeel_deelnemers"].value == "geen duidelijk verschil"

    @pytest.mark.parametrize(("now", "verdict"), [(5, "meer"), (1, "minder")])
    def test_more_people_or_fewer(self, make_folder, now, verdict):
        rows = drop_ins(2017, range(7, 13), 2 if now > 2 else 4, names="a")
        rows += drop_ins(2018, range(1, 7), now)
        own = sheet(make_folder(1, deelnames=rows), baseline="2017-H2")
        assert own["oordeel_deelnemers"].value == verdict

    def test_a_location_that_opened_halfway_is_not_judged(self, make_folder):
        rows = drop_ins(2017, range(10, 13), 2, names="a") + drop_ins(2018, range(1, 7), 5)
        folder = make_folder(1, deelnames=rows)
        path = folder / "locaties.csv"
        path.write_text(path.read_text().replace("2016-01-01", "2017-10-01"))
        fact = sheet(folder, baseline="2017-H2")["oordeel_deelnemers"]
        assert fact.value is None
        assert "even lang open en geregistreerd" in fact.missing

    def test_who_is_only_there_now_is_protected(self, make_folder):
        rows = regulars(2017, range(7, 13), "abcdefgh") + regulars(2018, range(1, 7), "abcdefghij")
        own = sheet(make_folder(5, deelnames=rows), baseline="2017-H2")
        assert own["alleen_nu"].withheld
        assert own["oordeel_deelnemers"].withheld


class TestProjection:
    def test_is_rounded_as_sure_as_it_is(self, make_folder):
        own = sheet(make_folder(1, deelnames=drop_ins(2018, range(1, 7), 20)))
        assert own["prognose.koffie"].value == 1200
        assert own["prognose.koffie"].text == "ongeveer 1.200"
        low, high = own["prognose_laag.koffie"], own["prognose_hoog.koffie"]
        assert float(low.text.replace(".", "")) <= low.value
        assert high.value <= float(high.text.replace(".", ""))

    def test_a_year_that_has_ended_is_sure(self, make_folder):
        rows = drop_ins(2018, range(1, 13), 2)
        own = sheet(make_folder(1, deelnames=rows), period=H2)
        assert own["prognose.koffie"].text == "120"

    @pytest.mark.parametrize(
        ("rest", "outcome"),
        [(2, "binnen de marge"), (9, "boven de marge"), (0, "onder de marge")],
    )
    @pytest.mark.parametrize(("year", "period"), [(2018, H2), (2017, H1)])
    def test_the_next_report_says_how_it_came_out(self, make_folder, year, period, rest, outcome):
        rows = drop_ins(year, range(1, 7), 2, names="a") + drop_ins(year, range(7, 13), rest)
        rows += drop_ins(2018, [period.first.month], 1, names="b")
        own = sheet(make_folder(1, deelnames=rows), period=period)
        assert own["oordeel_vorige_prognose.koffie"].value == outcome

    def test_of_a_few_visits_nothing_was_expected(self, make_folder):
        rows = drop_ins(2017, [1], 1) + drop_ins(2018, [1], 1, names="b")
        fact = sheet(make_folder(1, deelnames=rows))["oordeel_vorige_prognose.koffie"]
        assert fact.value is None
        assert "te weinig" in fact.missing


class TestLittle:
    """What is too little tells nothing, and breaks nothing."""

    def test_a_single_week(self, make_folder):
        rows = visits("2017-07-03", "noord", "koffie", "abc") + visits(
            "2018-02-01", "noord", "koffie", "abcde"
        )
        own = sheet(make_folder(1, deelnames=rows), baseline="2017")
        assert own["oordeel_per_maand.koffie"].value == "geen duidelijk verschil"

    def test_intervals_of_a_week_are_too_short(self, make_folder):
        rows = visits("2017-07-03", "noord", "koffie", "abc") + visits(
            "2018-02-01", "noord", "koffie", "abcde"
        )
        folder = make_folder(1, deelnames=rows)
        (folder / "programma.toml").write_text(
            (folder / "programma.toml").read_text() + "min_maanden_open = 0\n"
        )
        period = periods.parse("2018-02-01/2018-02-07")
        own = sheet(folder, period=period, baseline="2017-07-03/2017-07-09")
        for name in ("oordeel_per_maand.koffie", "groei_per_maand.koffie_laag"):
            assert (own[name].value, own[name].missing) == (
                None,
                "De tijd is te kort om te vergelijken.",
            )

    def test_of_what_cannot_be_compared_no_growth_is_told(self, make_folder):
        # The service ended on the first day of the period.
        rows = drop_ins(2017, range(1, 13), 2) + drop_ins(2018, [1], 3, "t", "b")
        rows += drop_ins(2017, range(1, 13), 2, "t", "c")
        rows = "".join(
            row + "\n" for row in rows.splitlines() if ";t;" not in row or row < "2018-01-02"
        )
        folder = make_folder(1, deelnames=rows)
        (folder / "diensten.csv").write_text(
            "dienst;naam;leefgebied;van;tot\nkoffie;K;;;\nt;T;;2017-01-01;2018-01-01\n"
        )
        own = sheet(folder, baseline="2017-H1")
        for name in ("groei_per_maand.t", "groei_per_maand.t_laag", "oordeel_per_maand.t"):
            assert own[name].missing == "De tijd is te kort om te vergelijken."
        assert own["koers.t"].missing == "Er is te weinig om met het jaar ervoor te vergelijken."

    def test_one_participant(self, make_folder):
        rows = regulars(2017, range(1, 13), "a") + regulars(2018, range(1, 7), "a")
        own = sheet(make_folder(1, deelnames=rows), baseline="2017")
        assert own["oordeel_per_maand.koffie"].value == "geen duidelijk verschil"
        assert own["oordeel_deelnemers"].value == "geen duidelijk verschil"

    def test_every_verdict_is_one_of_the_contract(self, make_folder):
        rows = drop_ins(2017, range(1, 13), 1, names="a") + drop_ins(2018, range(1, 7), 4)
        own = sheet(make_folder(1, deelnames=rows), baseline="2017")
        told = {
            fact.value
            for name, fact in own.items()
            if name.startswith("oordeel_") and "prognose" not in name and fact.value
        }
        assert told <= VERDICTS
