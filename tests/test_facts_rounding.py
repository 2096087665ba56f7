"""Counts told as multiples of a number: near, and the same for the same people."""

from collections import defaultdict

import pytest
import small
from hypothesis import given
from hypothesis import strategies as st

from bwk import facts, periods, programme, registrations
from bwk.errors import DataError
from bwk.facts import issued
from bwk.facts.expressions import SEEN, Condition, Count, When, people_who
from bwk.facts.knowledge import Knowledge
from bwk.facts.rounding import bounds, remaining, rounded
from bwk.facts.survey import Survey

HEAD = "datum;locatie;dienst;deelnemer;aantal\n"
DRAWS = 100_000


def rows(day: str, service: str, people) -> str:
    return "".join(f"{day};noord;{service};p{person};1\n" for person in people)


VISITS = (
    HEAD
    + rows("2017-09-05", "koffie", range(43))
    + rows("2018-02-05", "koffie", range(62))
    + rows("2018-02-06", "taal", range(60, 74))
    + rows("2018-02-07", "klus", range(2))
    + "".join(f"2018-03-{day:02d};noord;zang;p70;1\n" for day in range(1, 15))
)


@pytest.fixture
def folder(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    services = ("koffie", "taal", "klus", "zang")
    tables = {
        "programma.toml": "naam = 'W'\nplaats = 'S'\n[publicatie]\nmin_maanden_open = 1\n"
        "afronden = 5\n",
        "locaties.csv": "locatie;naam;wijk;geopend_op\nnoord;Noord;B;2015-01-01\n",
        "diensten.csv": "dienst;naam\n" + "".join(f"{name};{name}\n" for name in services),
        "rolnamen.csv": "rol;naam\ndeelnemers;Deelnemers\n",
        "rollen.csv": "locatie;persoon;rol;van;tot\n",
        "deelnames.csv": VISITS,
    }
    for name, text in tables.items():
        (data / name).write_text(text)
    return data


def issue(folder, period: str = "2018-H1") -> facts.FactBook:
    return small.issue(folder, folder.parent / "uit", period)


def changed(folder, name: str, before: str, after: str) -> None:
    text = (folder / name).read_text()
    assert before in text
    (folder / name).write_text(text.replace(before, after, 1))


@pytest.mark.parametrize("base", [5, 7, 20])
def test_the_bounds_are_all_counts_that_are_told_so_and_no_others(base):
    told = defaultdict(set)
    for value in range(6 * base):
        for draw in range(100):
            told[rounded(value, base, draw)].add(value)
    for multiple in range(0, 4 * base, base):
        low, high = bounds(multiple, base)
        assert told[multiple] == {*range(int(low), int(high) + 1)}


@given(st.integers(20, 10_000), st.sampled_from([5, 10]))
def test_on_average_nothing_is_added_or_taken_away(value, base):
    draws = 5 * base
    assert sum(rounded(value, base, draw) for draw in range(draws)) / draws == value


@given(st.integers(0, 10_000), st.integers(0, DRAWS), st.sampled_from([5, 10, 25]))
def test_what_is_told_is_a_multiple_and_of_nobody_it_is_nothing(value, draw, base):
    told = rounded(value, base, draw)
    assert told % base == 0
    assert abs(told - value) <= base + 1
    assert value or not told


def test_every_count_is_told_near_and_small_ones_too(folder):
    book = issue(folder)
    noord = book.sheets["noord"]
    own = {"deelnemers": 74, "deelnemers.koffie": 62, "deelnemers.taal": 14, "deelnemers.klus": 2}
    for name, true in own.items():
        low, high = bounds(noord[name].value, 5)
        assert noord[name].value % 5 == 0
        assert low <= true <= high
    assert book.published()["afgerond_op"] == 5
    assert any("afgerond op 5" in remark for remark in noord.remarks)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("people", [1, 3, 6])
def test_many_visits_of_people_told_as_nobody_are_held_back_and_no_others(folder, seed, people):
    """Were it because they are fewer than five, x would tell that."""
    often = "".join(
        rows(f"2018-03-{day:02}", "zang", range(80 + seed, 80 + seed + people))
        for day in range(1, 15)
    )
    (folder / "deelnames.csv").write_text(VISITS.split("2018-03-01")[0] + often)
    noord = issue(folder).sheets["noord"]
    told = noord["deelnemers.zang"].value  # that may be held back with it
    assert noord["deelnames.zang"].withheld == (told in (0, None))


def test_no_margin_is_told_of_visits_that_may_be_few(folder):
    then = "".join(rows(f"2017-{month:02}-05", "klus", range(20)) for month in range(7, 13))
    with (folder / "deelnames.csv").open("a") as file:
        file.write(then)
    noord = issue(folder).sheets["noord"]
    assert noord["deelnames_basis.klus"].value > 100
    assert noord["deelnames.klus"].value <= 10
    for name in ("groei_per_maand.klus", "groei_per_maand.klus_laag", "groei_per_maand.klus_hoog"):
        assert noord[name].value is None


def test_a_projection_follows_from_what_is_told_alone(folder):
    expected = defaultdict(dict)
    for number in range(60, 76):
        weekly = "".join(rows(f"2018-{m:02}-08", "klus", range(number // 6)) for m in range(1, 7))
        rest = rows("2018-04-20", "klus", range(number % 6))
        (folder / "deelnames.csv").write_text(HEAD + weekly + rest)
        noord = issue(folder).sheets["noord"]
        expected[noord["deelnames.klus"].value][number] = noord["prognose.klus"].value
    assert any(len(of_told) > 1 for of_told in expected.values())
    assert all(len({*of_told.values()}) == 1 for of_told in expected.values())


@given(st.integers(1, 4), st.sampled_from([10, 15, 20]), st.integers(0, DRAWS))
def test_what_is_told_anew_is_not_what_would_be_told_as_before(value, before, draw):
    low, high = bounds(before, 5)
    if low <= value <= high:
        return
    told = rounded(value, 5, draw)
    own = remaining(bounds(told, 5), value, [bounds(before, 5)])
    assert own.low <= value <= own.high < low


def test_shares_and_growth_are_of_what_is_told(folder):
    noord = issue(folder).sheets["noord"]
    now, then = (noord[f"deelnemers{when}"].value for when in ("", "_basis"))
    assert noord["groei_deelnemers"].value == pytest.approx(now / then - 1, abs=1e-4)
    part, total = noord["deelnames.taal"].value, noord["deelnames"].value
    assert noord["aandeel.taal"].value == pytest.approx(part / total, abs=1e-4)


def test_the_same_people_are_told_the_same_in_another_interval(folder):
    half, months = issue(folder).sheets["noord"], issue(folder, "2018-02/2018-03").sheets["noord"]
    for name in ("deelnemers", "deelnemers.koffie", "deelnemers.taal", "deelnemers.klus"):
        assert half[name].value == months[name].value
    assert half["deelnames.koffie"].value == months["deelnames.koffie"].value


def test_the_same_referrals_are_told_the_same_in_another_interval(folder):
    partners = "abcdefgh"
    names = "".join(f"{partner};{partner}\n" for partner in partners)
    (folder / "partners.csv").write_text("partner;naam\n" + names)
    referred = "".join(
        f"2018-02-08;noord;{partner};naar;p{person}\n"
        for partner in partners
        for person in range(7)
    )
    head = "datum;locatie;partner;richting;deelnemer\n"
    (folder / "verwijzingen.csv").write_text(head + referred)
    half, months = issue(folder).sheets["noord"], issue(folder, "2018-02/2018-03").sheets["noord"]
    told = {half[f"verwijzingen.naar.{partner}"].value for partner in partners}
    assert len(told) == 1, "the same seven people"
    for partner in partners:
        name = f"verwijzingen.naar.{partner}"
        assert half[name].value == months[name].value


def test_what_was_told_stays_where_a_correction_may_be_of_so_few(folder, monkeypatch):
    told = issue(folder).sheets["noord"]["deelnemers.taal"].value
    key = folder.parent / "andere-sleutel"
    key.write_text("0" * 64)
    key.chmod(0o600)
    monkeypatch.setenv("BWK_KEY", str(key))  # other draws
    changed(folder, "deelnames.csv", "2018-02-06;noord;taal;p73;1\n", "")
    low, high = bounds(told, 5)
    assert (issue(folder).sheets["noord"]["deelnemers.taal"].value == told) == (low <= 13 <= high)


def test_what_was_told_rounded_is_never_told_exactly(folder):
    issue(folder)
    changed(folder, "programma.toml", "afronden = 5\n", "")
    with pytest.raises(DataError, match=r"weer afronden = 5"):
        issue(folder)


def test_after_exact_numbers_rounded_ones_hide_what_was_held_back(folder):
    changed(folder, "programma.toml", "afronden = 5\n", "")
    exact = issue(folder).sheets["noord"]
    assert exact["deelnemers.klus"].withheld
    changed(folder, "programma.toml", "open = 1\n", "open = 1\nafronden = 5\n")
    later = issue(folder).sheets["noord"]
    assert later["deelnemers.klus"].withheld, "held back once is held back for good"
    assert later["deelnemers"].value % 5 == 0


def test_a_step_below_the_threshold_is_refused(folder):
    changed(folder, "programma.toml", "afronden = 5", "afronden = 4")
    with pytest.raises(DataError, match="ten minste de drempel"):
        programme.read(folder)


def test_that_a_part_is_rounded_otherwise_is_known_to_tell_that_somebody_is_not_in_it(folder):
    """Of the same people both would be told the same: then it is one or more whom they differ."""
    outcomes = set()
    for number in range(8):
        people = range(100 + 10 * number, 107 + 10 * number)
        text = HEAD + rows("2018-02-05", "koffie", people) + rows("2018-02-06", "taal", people[1:])
        (folder / "deelnames.csv").write_text(text)
        period, settings = periods.parse("2018-H1"), programme.read(folder)
        survey = Survey(registrations.read(folder), settings, period, None, issued.NOTHING)
        when, where = survey.intervals[When.PERIOD], ("noord",)
        sets = [people_who(Condition(SEEN, own)) for own in ((), ("taal",))]
        counts = [Count(of, when, where) for of in sets]
        told = {survey.told(count) for count in counts}
        knows = any(link.low == link.value == 1 for link in Knowledge(survey, counts, ()).links)
        assert knows == (len(told) > 1)
        outcomes.add(knows)
    assert outcomes == {True, False}
