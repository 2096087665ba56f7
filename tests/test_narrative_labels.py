"""What people call the keys in the name of a fact."""

from sheets import labels, sheet

from bwk.facts.expressions import Each
from bwk.narrative.labels import labels_of

SHEET = sheet(
    {}, services=labels({"taal": "Taalverwerving"}), domains=labels({"taal": "Taal leren"})
)


def test_a_service_and_a_domain_of_one_slug_have_each_their_name():
    assert labels_of("deelnames.taal", SHEET)[Each.SERVICE].name == "Taalverwerving"
    assert labels_of("barometer.taal", SHEET)[Each.DOMAIN].name == "Taal leren"


def test_a_fact_of_the_whole_report_has_none():
    assert labels_of("deelnemers", SHEET) == {}
