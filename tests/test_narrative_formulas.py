"""What no single fact holds is worked out from facts, and only from those that may be shown."""

import pytest
from sheets import labels, sheet

from bwk.facts import FactSheet
from bwk.narrative import formulas
from bwk.narrative.claims import find
from bwk.narrative.proposals import propose


def made(**changes: object) -> dict[str, FactSheet]:
    """Make the facts of two rooms; `__` stands for the dot."""
    top: dict[str, object] = {
        "deelnemers": 300,
        "deelnemers_basis": 220,
        "deelnames": 1000,
        "deelnames.taal": 400,
        "deelnames.klussen": 100,
        "nieuwe_deelnemers": 120,
    }
    top |= {name.replace("__", "."): value for name, value in changes.items()}
    services = labels({"taal": "Taal", "klussen": "Klussen"})
    places = labels({"top": "TOP", "hart": "Hart"})
    return {
        "top": sheet(top, "top", services=services, locations=places),
        "hart": sheet({"deelnemers": 210}, "hart", services=services, locations=places),
    }


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        (
            "Taal en klussen hadden samen 500 deelnames.",
            "top:deelnames.taal + top:deelnames.klussen",
            500,
        ),
        (
            "Taal en klussen zijn samen de helft van de deelnames.",
            "top:deelnames.taal + top:deelnames.klussen / top:deelnames",
            0.5,
        ),
        ("TOP en Hart hadden samen 510 deelnemers.", "top:deelnemers + hart:deelnemers", 510),
        ("Dat zijn 80 deelnemers meer dan in 2017.", "top:deelnemers - top:deelnemers_basis", 80),
        ("We hadden 90 deelnemers meer dan Hart.", "top:deelnemers - hart:deelnemers", 90),
        ("Vier op de tien deelnemers zijn nieuw.", "top:nieuwe_deelnemers / top:deelnemers", 0.4),
        ("Een deelnemer kwam gemiddeld 3,3 keer.", "top:deelnames / top:deelnemers", 1000 / 300),
        ("Per week waren er 15,5 deelnames aan taal.", "top:deelnames.taal / 25.86", 400 * 7 / 181),
    ],
)
def test_a_sentence_gives_its_formula(text: str, name: str, value: float):
    sheets = made()
    first = propose(text, find(text)[0], sheets)[0]
    assert (first.scope, first.fact) == ("top", name)
    fact = formulas.fact_of(first.scope, first.fact, sheets)
    assert fact
    assert fact.number == pytest.approx(value, rel=1e-3)
    assert fact.definition.startswith("Uitgerekend: ")


@pytest.mark.parametrize(
    "text",
    [
        "Taal en klussen hadden samen 400 deelnames.",
        "Dat zijn 80 deelnemers minder dan in 2017.",
        "We hadden 90 deelnemers minder dan Hart.",
        "Zes op de tien deelnemers zijn nieuw.",
    ],
)
def test_what_the_facts_do_not_come_to_is_not_proposed(text: str):
    proposals = propose(text, find(text)[0], made())
    assert not any(formulas.is_formula(each.fact) for each in proposals)


@pytest.mark.parametrize("held_back", ["x", None])
def test_of_what_is_held_back_or_unknown_nothing_is_worked_out(held_back: object):
    sheets = made(deelnames__klussen=held_back)
    name = "top:deelnames.taal + top:deelnames.klussen"
    assert formulas.fact_of("top", name, sheets) is None


def test_a_formula_changes_with_its_parts():
    name = "top:deelnames.taal + top:deelnames.klussen"
    fact = formulas.fact_of("top", name, made(deelnames__taal=350))
    assert fact
    assert fact.value == 450
