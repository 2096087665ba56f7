"""A fact in its report: what it is about, what people call that, and what else is said of it."""

from sheets import labels, sheet

from bwk.facts.expressions import Each
from bwk.narrative.candidates import Candidate

SHEET = sheet(
    {"deelnemers": 300, "deelnemers_basis": 220},
    services=labels({"taal": "Taalverwerving"}),
    domains=labels({"taal": "Taal leren"}),
)


def candidate(name: str) -> Candidate:
    return Candidate(SHEET[name], SHEET)


def test_a_service_and_a_domain_of_one_slug_have_each_their_name():
    assert candidate("deelnames.taal").labels[Each.SERVICE].name == "Taalverwerving"
    assert candidate("barometer.taal").labels[Each.DOMAIN].name == "Taal leren"


def test_a_fact_of_the_whole_report_has_no_label():
    assert candidate("deelnemers").labels == {}


def test_a_count_has_the_same_count_before_it_and_that_one_has_none():
    assert candidate("deelnemers").before == SHEET["deelnemers_basis"]
    assert candidate("deelnemers_basis").before is None


def test_what_nobody_counted_before_has_nothing_before_it():
    assert candidate("deelnames.taal").before is None
