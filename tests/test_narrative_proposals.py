"""Which fact a claim states, in the workbooks' own sentences and against the sample's facts."""

import nbformat
import pytest

from bwk import facts
from bwk.facts import FactSheet
from bwk.narrative.claims import find
from bwk.narrative.proposals import Proposal, propose

REPORTS = ("top", "hart-voor-leidsche-rijn", "stad")
HART = "hart-voor-leidsche-rijn"


@pytest.fixture(scope="module")
def sheets() -> dict[str, FactSheet]:
    return {name: facts.load(name, "2018-H1") for name in REPORTS}


def proposed(sheets: dict[str, FactSheet], report: str, text: str, number: str) -> list[Proposal]:
    ordered = {report: sheets[report], **sheets}
    claim = next(claim for claim in find(text) if claim.text == number)
    return propose(text, claim, ordered)


def best(sheets: dict[str, FactSheet], report: str, text: str, number: str) -> str:
    found = proposed(sheets, report, text, number)
    return f"{found[0].scope}:{found[0].fact}" if found else ""


@pytest.mark.parametrize(
    ("report", "words", "number", "fact"),
    [
        ("top", "deden 335 mensen mee", "335", "top:deelnemers"),
        ("top", "waren dat er 220", "220", "top:deelnemers_basis"),
        ("top", "een groei van 52%", "52%", "top:groei_deelnemers"),
        ("top", "telde 55 actieve", "55", "top:rol.vrijwilliger"),
        ("top", "wisten ruim 300 mensen", "ruim 300", "top:deelnemers"),
        ("top", "groeide dus met 52%", "52%", "top:groei_deelnemers"),
        ("top", "een van de vijf taalgroepen", "vijf", ""),
        ("top", "60 m²", "60", ""),
        ("top", "zien we twee groepen", "twee", ""),
        (HART, "samen 838 keer", "838", f"{HART}:deelnames"),
        (HART, "hoorden 592 deelnames", "592", f"{HART}:deelnames.ontmoeting"),
        (HART, "592 deelnames bij, ofwel 71%", "71%", f"{HART}:aandeel.ontmoeting"),
        (HART, "65 deelnames (8%)", "8%", f"{HART}:aandeel.taal"),
        (HART, "waren het er 12 en", "12", f"{HART}:deelnames.computer"),
        (HART, "schuldhulp 11 (elk", "11", f"{HART}:deelnames.schuldhulp"),
        (HART, "35 actieve vrijwilligers (7%)", "7%", f"{HART}:aandeel_rol.vrijwilliger"),
        (HART, "15 sleutelhouders (3%)", "15", f"{HART}:rol.sleutelhouder"),
        (HART, "20 mensen een stage", "20", f"{HART}:rol.stagiair"),
        (HART, "telde de kamer 5 statushouders", "5", f"{HART}:rol.statushouder"),
        ("stad", "van 315 naar 420", "315", f"{HART}:deelnemers_basis"),
        ("stad", "van 220 naar 335", "335", "top:deelnemers"),
        ("stad", "naar 335, een groei van 52%", "52%", "top:groei_deelnemers"),
        ("stad", "vonden ruim 300 mensen", "ruim 300", "top:deelnemers"),
        ("stad", "dus vier buurtwerkkamers", "vier", "stad:locaties_praktisch"),
        ("stad", "vijf taalgroepen", "vijf", ""),
    ],
)
def test_a_sentence_of_the_workbooks_gives_its_fact(
    sheets: dict[str, FactSheet], report: str, words: str, number: str, fact: str
):
    book = nbformat.read(f"notebooks/2018-H1/{report}.ipynb", as_version=4)
    text = next(cell.source for cell in book.cells if words in cell.source)
    place = text.index(words)
    ordered = {report: sheets[report], **sheets}
    claim = next(each for each in find(text) if each.text == number and each.start >= place)
    found = propose(text, claim, ordered)
    assert (f"{found[0].scope}:{found[0].fact}" if found else "") == fact


@pytest.mark.parametrize(
    ("text", "number", "fact"),
    [
        ("Uit Ondiep kwamen 128 deelnemers.", "128", "top:herkomst.ondiep"),
        ("Bij ontmoeting kwamen 128 mensen.", "128", "top:deelnemers.ontmoeting"),
        ("Van hen kwamen 128 mensen terug.", "128", "top:terugkerende_deelnemers"),
        ("Er waren 207 nieuwe deelnemers.", "207", "top:nieuwe_deelnemers"),
        ("Er waren 71,7 taallessen per maand.", "71,7", ""),
        ("Taal had 71,7 deelnames per maand.", "71,7", "top:per_maand.taal"),
        ("In 2017 had taal 349 deelnames.", "349", "top:deelnames_basis.taal"),
        ("Voor taal verwachten we eind 2018 860 deelnames.", "860", "top:prognose.taal"),
        ("Er gingen 12 verwijzingen naar het buurtteam.", "12", "top:verwijzingen.naar.buurtteam"),
        ("Van Doenja kwamen zes verwijzingen.", "zes", "top:verwijzingen.van.doenja"),
        ("Van hen komt 40% uit de directe omgeving.", "40%", "top:aandeel_omgeving"),
        ("In Hart voor Leidsche Rijn kwamen 420 mensen.", "420", f"{HART}:deelnemers"),
        ("Van hen woont 40% in de buurt.", "40%", "top:aandeel_omgeving"),
        ("Uit de wijk komt 40%.", "40%", "top:aandeel_omgeving"),
        ("Van hen komt 40% uit andere buurten.", "40%", ""),
    ],
)
def test_unit_period_location_and_words_choose_among_equal_values(
    sheets: dict[str, FactSheet], text: str, number: str, fact: str
):
    assert best(sheets, "top", text, number) == fact


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("In 2017 kwamen 335 mensen.", "335"),
        ("In 2018 kwamen 220 mensen.", "220"),
        ("In 2012 kwamen 335 mensen.", "335"),
        ("Er waren 335 stoelen.", "335"),
        ("De kosten waren € 335 voor mensen.", "€ 335"),
        ("Van de mensen is 52% vrouw.", "52%"),
    ],
)
def test_nothing_is_proposed_where_period_or_unit_or_words_differ(
    sheets: dict[str, FactSheet], text: str, number: str
):
    assert best(sheets, "top", text, number) == ""


def test_what_is_held_back_or_unknown_is_never_proposed(sheets: dict[str, FactSheet]):
    for number in range(30):
        text = f"Uit Lombok kwamen {number} deelnemers, uit Tuindorp ook."
        for each in proposed(sheets, "top", text, str(number)):
            assert sheets[each.scope][each.fact].value is not None


def test_no_more_are_proposed_than_asked_for(sheets: dict[str, FactSheet]):
    text = "Hooguit 1.000 deelnames bij taal, formulieren, klussen, werk en computer."
    [claim] = find(text)
    own = {name: sheets[name] for name in ("top", "stad")}
    found = propose(text, claim, own, limit=3)
    assert len(found) == 3
    assert [each.score for each in found] == sorted((p.score for p in found), reverse=True)


def test_no_fact_is_proposed_twice(sheets: dict[str, FactSheet]):
    text = "Hooguit 1.000 deelnames bij taal, formulieren, klussen, werk en computer."
    names = [(each.scope, each.fact) for each in proposed(sheets, "top", text, "Hooguit 1.000")]
    assert len(names) == len(set(names)) == 5
