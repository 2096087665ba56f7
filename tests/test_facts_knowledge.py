"""What a reader knows of counts: which numbers they are sums of, and what bounds those."""

from datetime import date

import pytest
import small

from bwk import facts, periods, programme, registrations
from bwk.facts.expressions import SEEN, Condition, Count, Interval, Visits, people_who
from bwk.facts.issued import NOTHING
from bwk.facts.knowledge import Knowledge
from bwk.facts.survey import Survey

H1 = periods.parse("2018-H1")
HALF = Interval(date(2018, 1, 1), date(2018, 6, 30))
SHORT = Interval(date(2018, 6, 25), date(2018, 6, 30))
BOTH = ("noord", "zuid")


def coffee(interval: Interval, where: tuple[str, ...] = ("noord",)) -> Count:
    return Count(Visits(("koffie",)), interval, where)


def visitors(count: Count) -> Count:
    return count._replace(of=people_who(Condition(SEEN, count.of.services)))


def knowledge(folder, *counts: Count) -> Knowledge:
    """Return what is known of counts, which are made as the facts make them."""
    issued = facts.Issued({count: {0} for count in counts}) if counts else NOTHING
    data, own = registrations.read(folder), programme.read(folder)
    survey = Survey(data, own, H1, None, issued)
    for count in counts:
        survey.count(count)
    return Knowledge(survey, counts, at_stake=())


@pytest.fixture
def folder(make_folder):
    rows = small.visits("2018-02-01", "noord", "koffie", "abcdefgh")
    rows += small.visits("2018-06-26", "noord", "koffie", "abcdef")
    rows += small.visits("2018-06-27", "noord", "koffie", "abcdef")
    return make_folder(deelnames=rows + small.visits("2018-02-02", "zuid", "taal", "ij"))


def test_a_sum_has_no_cells_where_nobody_could_be(folder):
    """In zuid nobody was seen in the last days of June: a reader knows, and cannot guess there."""
    known = knowledge(folder, coffee(HALF, BOTH), coffee(SHORT, BOTH))
    cells = known.cells[coffee(SHORT, BOTH)]
    assert {cell.location for cell in cells} == {"noord"}
    assert {cell.location for cell in known.cells[coffee(HALF, BOTH)]} == {*BOTH}


def test_a_visit_has_a_visitor_and_nobody_comes_twice_a_day(folder):
    """Six people, twice each in six days: 12 visits are at least 6 and at most 36."""
    known = knowledge(folder, coffee(SHORT), visitors(coffee(SHORT)))
    (cell,) = known.cells[coffee(SHORT)]
    slack = [link for link in known.links if cell in link.terms]
    assert sorted((link.terms[cell], link.value) for link in slack) == [(-1.0, 24), (1.0, 6)]


def test_behind_visits_that_are_shown_are_enough_people(folder):
    known = knowledge(folder, coffee(HALF), visitors(coffee(HALF)))
    terms = known.terms[visitors(coffee(HALF))]
    assert not [link for link in known.links if link.terms == terms and link.low == 5]
    known.shown = {coffee(HALF)}
    assert [link for link in known.links if link.terms == terms and link.low == 5]


def test_sums_without_names_do_not_differ_by_a_few_either(folder, make_folder, tmp_path):
    """53 heads until 30 June, 50 until 29 June: three on one day."""
    rows = "2018-02-01;noord;koffie;;50\n2018-06-30;noord;koffie;;3\n"
    data = make_folder(name="geteld", deelnames=rows)
    half = small.issue(data, tmp_path / "uit", "2018-H1").sheets["noord"]
    shorter = small.issue(data, tmp_path / "uit", "2018-01-01/2018-06-29").sheets["noord"]
    assert half["deelnames.koffie"].value == 53
    assert shorter["deelnames.koffie"].withheld
