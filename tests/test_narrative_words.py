"""Words of direction and size beside confirmed facts."""

import pytest
from sheets import labels, sheet

from bwk.facts import FactSheet
from bwk.narrative.candidates import Candidate
from bwk.narrative.claims import find
from bwk.narrative.words import contradictions

MORE, LESS, ALIKE = "meer", "minder", "geen duidelijk verschil"
UNTOLD = "De cijfers laten niet zien of dit zo is."


def made(**changes: object) -> FactSheet:
    """Make the facts of TOP, with some changed; `__` stands for the dot."""
    values: dict[str, object] = {
        "deelnemers": 335,
        "deelnemers_basis": 220,
        "groei_deelnemers": 0.5227,
        "oordeel_deelnemers": MORE,
        "deelnames": 1000,
        "deelnames.taal": 430,
        "deelnames.klussen": 570,
        "aandeel.taal": 0.43,
        "groei_per_maand.taal": -0.12,
        "oordeel_per_maand.taal": LESS,
        "koers.taal": "op koers",
        "groei_per_maand.klussen": 0.27,
        "oordeel_per_maand.klussen": ALIKE,
        "koers.klussen": "onzeker",
        "rol.vrijwilliger": 55,
        "herkomst.ondiep": 128,
        "herkomst.zuilen": 44,
    }
    values |= {name.replace("__", "."): value for name, value in changes.items()}
    return sheet(values, services=labels({"taal": "Taal", "klussen": "Klussen"}))


def flagged(text: str, *names: str, own: FactSheet | None = None) -> list[tuple[str, str]]:
    facts = own or made()
    stated = [Candidate(facts[name], facts) for name in names]
    found = contradictions(text, [*zip(find(text), stated, strict=True)], {facts.scope.slug: facts})
    assert all(text[each.start : each.end] == each.text for each in found)
    return [(each.text, each.message) for each in found]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Het aantal deelnemers steeg naar 335.", ["deelnemers"]),
        ("Het steeg van 220 naar 335.", ["deelnemers_basis", "deelnemers"]),
        ("Dat is een groei van 52%.", ["groei_deelnemers"]),
        ("Taal nam af tot 430 deelnames.", ["deelnames.taal"]),
        ("Er was geen groei bij taal: 430 deelnames.", ["deelnames.taal"]),
        ("Met 335 deelnemers is het aantal niet gedaald.", ["deelnemers"]),
        ("Klussen groeide naar 570 deelnames.", ["deelnames.klussen"]),
        ("Klussen groeide niet: 570 deelnames.", ["deelnames.klussen"]),
        ("Klussen lijkt gegroeid, maar zeker weten wij het niet.", []),
        ("Er was minder geld voor 335 deelnemers.", ["deelnemers"]),
        ("Taal is op koers met 430 deelnames.", ["deelnames.taal"]),
        ("De meeste deelnames (570) waren bij klussen.", ["deelnames.klussen"]),
        ("Meer dan de helft is klussen.", []),
        ("Van de deelnemers waren er 124 hier nog nooit geweest.", ["deelnemers"]),
        ("De meeste mensen (128) wonen in Ondiep.", ["herkomst.ondiep"]),
        ("De 335 deelnemers moeten nog groeien in aantal.", ["deelnemers"]),
        ("Taal heeft 430 deelnames en wil groeien.", ["deelnames.taal"]),
        ("Kan taal met 430 deelnames groeien?", ["deelnames.taal"]),
        ("Er waren 430 deelnames. De groei zit elders.", ["deelnames.taal"]),
    ],
)  # fmt: skip
def test_words_that_the_data_bear_out_are_left_alone(text: str, names: list[str]):
    facts = names or ["aandeel.taal"] * len(find(text))
    assert flagged(text, *facts) == []


@pytest.mark.parametrize(
    ("text", "is_flagged"),
    [
        ("**Meer taal.** Wij zoeken vrijwilligers.", False),
        ("## Meer taal\n\nWij zoeken vrijwilligers.", False),
        ("Minder klussen, meer taallessen!", False),
        ("Onze wens: meer taal.", False),
        ("Onze wensen zijn: minder klussen, meer taal.", False),
        ("Meer taal dan vorig jaar.", True),
        ("Meer taal zagen we ook.", True),
        ("Meer bezoek bij taal.", True),
        ("Onze verwachting klopte: de taallessen groeiden.", True),
    ],
)
def test_a_heading_or_a_wish_compares_nothing(text: str, is_flagged: bool):
    assert bool(flagged(text)) == is_flagged


@pytest.mark.parametrize(
    ("text", "name", "word", "message"),
    [
        (
            "Het aantal daalde naar 335 deelnemers.",
            "deelnemers",
            "daalde",
            "Volgens de cijfers zijn het er per maand duidelijk meer.",
        ),
        (
            "Er was geen groei: 335 deelnemers.",
            "deelnemers",
            "groei",
            "Volgens de cijfers zijn het er per maand duidelijk meer.",
        ),
        (
            "Taal is toegenomen tot 430 deelnames.",
            "deelnames.taal",
            "toegenomen",
            "Volgens de cijfers zijn het er per maand duidelijk minder.",
        ),
        (
            "Klussen groeide flink, naar 570 deelnames.",
            "deelnames.klussen",
            "groeide",
            "De cijfers laten geen duidelijk verschil zien.",
        ),
        (
            "Klussen groeide duidelijk, naar 570 deelnames.",
            "deelnames.klussen",
            "groeide",
            "De cijfers laten geen duidelijk verschil zien.",
        ),
        (
            "Klussen bleef gelijk met 570 deelnames.",
            "deelnames.klussen",
            "bleef gelijk",
            "Volgens de cijfers is de verandering +27%.",
        ),
        (
            "Het aantal is verdubbeld naar 335.",
            "deelnemers",
            "verdubbeld",
            "Volgens de cijfers is de verandering +52%.",
        ),
        (
            "Taal is boven koers met 430 deelnames.",
            "deelnames.taal",
            "boven koers",
            "Volgens de cijfers is dit op koers.",
        ),
        (
            "Klussen is op koers met 570 deelnames.",
            "deelnames.klussen",
            "op koers",
            "Er zijn te weinig deelnames om te zeggen of dit op koers is.",
        ),
        (
            "De meeste deelnames (430) zijn taal.",
            "deelnames.taal",
            "De meeste",
            "Volgens de cijfers is dit deel 43%.",
        ),
        ("Er is groei naar 55 vrijwilligers.", "rol.vrijwilliger", "groei", UNTOLD),
        (
            "Het was bij taal drukker: 430 deelnames.",
            "deelnames.taal",
            "drukker",
            "Volgens de cijfers zijn het er per maand duidelijk minder.",
        ),
        (
            "Taal krabbelde op naar 430 deelnames.",
            "deelnames.taal",
            "krabbelde op",
            "Volgens de cijfers zijn het er per maand duidelijk minder.",
        ),
        (
            "Taal is onze drukste dienst, met 430 deelnames.",
            "deelnames.taal",
            "onze drukste",
            "Volgens de cijfers is dit deel 43%.",
        ),
    ],
)
def test_words_that_the_data_contradict_or_cannot_bear_out_are_flagged(
    text: str, name: str, word: str, message: str
):
    assert flagged(text, name) == [(word, message)]


def test_a_judgement_that_is_held_back_or_unknown_is_said_to_be_so():
    text = "Het aantal groeide naar 335 deelnemers."
    [(_, held)] = flagged(text, "deelnemers", own=made(oordeel_deelnemers="x"))
    assert "achtergehouden" in held
    [(_, unknown)] = flagged(text, "deelnemers", own=made(oordeel_deelnemers=None))
    assert unknown == "Dat is niet te zeggen: dit is niet bekend."


def test_a_fact_of_another_location_is_judged_by_its_own_numbers():
    other = sheet({"deelnemers": 90, "deelnemers_basis": 120, "deelnames.taal": 7})
    text = "In Zuilen steeg het van 120 naar 90."
    named = ("deelnemers_basis", "deelnemers")
    stated = [Candidate(other[name], other) for name in named]
    [found] = contradictions(text, [*zip(find(text), stated, strict=True)], {"hart": made()})
    assert found.message == "Volgens de cijfers is de verandering −25%."
    alone = "In Zuilen groeide taal naar 7."
    visits = Candidate(other["deelnames.taal"], other)
    assert contradictions(alone, [(find(alone)[0], visits)], {"hart": made()}) == []
