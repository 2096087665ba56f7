"""Which fact a claim states, in the workbooks' own sentences and against the sample's facts."""

import nbformat
import pytest
from sheets import labels, sheet

from bwk import facts
from bwk.facts import FactSheet
from bwk.narrative.candidates import Candidate
from bwk.narrative.claims import find
from bwk.narrative.proposals import Proposal, propose, speaks_against

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


NEW, KNOWN, RETURN = "nieuwe_deelnemers", "terugkerende_deelnemers", "wederkerigheid"
CITY_LINDE, CITY_BRUG = "deelnemers.locatie.linde", "deelnemers.locatie.brug"


def made(scope: str = "linde") -> FactSheet:
    values = {
        "deelnemers": 157,
        "deelnemers_basis": 101,
        "deelnames": 700,
        "deelnames.naaien": 125,
        "deelnemers.naaien": 35,
        "aandeel.naaien": 0.18,
        "prognose.naaien": 250,
        "per_maand.naaien": 20.8,
        "groei_per_maand.naaien": 0.25,
        "deelnemers.eten": 37,
        NEW: 124,
        KNOWN: 33,
        "alleen_toen": 68,
        "rol.vrijwilliger": 27,
        "rol.stagiair": 9,
        "verwijzingen.naar.team": 6,
        "verwijzingen.van.team": 9,
        "herkomst.noord": 116,
        "aandeel_omgeving": 0.74,
        "aandeel_meer_diensten": 0.32,
        "eerst_deelnemer": 0.53,
        RETURN: 0.12,
        CITY_LINDE: 157,
        CITY_BRUG: 140,
    }
    return sheet(
        values,
        scope,
        services=labels({"naaien": "Naaiatelier", "eten": "Samen eten", "taal": "Taalcafé"}),
        roles=labels({"vrijwilliger": "Vrijwilligers", "stagiair": "Stagiair"}),
        partners=labels({"team": "Wijkteam"}),
        neighbourhoods=labels({"noord": "Noord", "zuid": "Zuid"}),
        locations=labels({"linde": "De Linde", "brug": "De Brug"}),
    )


def is_refused(text: str, fact: str) -> bool:
    """Whether the panel refuses to tie the first number of a text to a fact."""
    own = made("stad" if "locatie" in fact else "linde")
    return speaks_against(text, find(text)[0], Candidate(own[fact], own), own)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Wij zagen 157 mensen.", "deelnemers"),
        ("Vorig jaar waren dat er 101.", "deelnemers_basis"),
        ("Dankzij het naaiatelier telde De Linde 157 deelnemers.", "deelnemers"),
        ("Van de 157 deelnemers kwamen er velen voor het eerst.", "deelnemers"),
        ("We hielpen 157 mensen, onder wie veel nieuwe gezichten.", "deelnemers"),
        ("De 700 deelnames gingen over naaien, eten en taal.", "deelnames"),
        ("Samen kwamen zij 125 keer naaien.", "deelnames.naaien"),
        ("Als het zo doorgaat, tellen we dit jaar 250 deelnames bij naaien.", "prognose.naaien"),
        ("Van onze bezoekers waren er 124 hier nog nooit geweest.", NEW),
        ("In heel 2018 rekenen we op 250 deelnames bij naaien.", "prognose.naaien"),
        ("Wij brachten 6 mensen in contact met het Wijkteam.", "verwijzingen.naar.team"),
        ("We denken dat naaien op 250 bezoeken uitkomt.", "prognose.naaien"),
        ("Een deel was voor het naaien: 125 stuks.", "deelnames.naaien"),
        ("Van de mensen van vorig jaar kwamen er 68 niet terug.", "alleen_toen"),
        ("Voor 124 mensen was het hun eerste keer.", NEW),
        ("Er waren 33 mensen die we al kenden.", KNOWN),
        ("Van de mensen van vorig jaar zagen we er 68 niet meer terug.", "alleen_toen"),
        ("Onze 27 vrijwilligers kunnen we niet missen.", "rol.vrijwilliger"),
        ("Er zijn 27 vrijwilligers die hier al jaren komen.", "rol.vrijwilliger"),
        ("Het Wijkteam stuurde 9 keer iemand naar ons door.", "verwijzingen.van.team"),
        ("Van de bezoekers woont 74% om de hoek.", "aandeel_omgeving"),
        ("12% is niet alleen bezoeker, maar ook vrijwilliger.", RETURN),
        ("18% van de bezoeken was niet voor taal maar voor naaien.", "aandeel.naaien"),
        ("Er kwamen 157 mensen, van wie 140 in De Brug.", "deelnemers"),
        ("De Linde is met 157 deelnemers het grootst.", CITY_LINDE),
        ("Er wonen 116 van onze deelnemers in Noord.", "herkomst.noord"),
        ("Hier kwamen 33 mensen vorig jaar ook al.", KNOWN),
        ("Van de vrijwilligers was 53% eerst deelnemer.", "eerst_deelnemer"),
    ],
)
def test_a_true_number_is_tied_to_its_fact(text: str, fact: str):
    assert not is_refused(text, fact)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Vorig jaar waren dat er 157.", "deelnemers"),
        ("Dit halfjaar kwamen er 101 mensen.", "deelnemers_basis"),
        ("Bij De Brug kwamen 157 mensen.", "deelnemers"),
        ("Wij telden 157 bezoeken.", "deelnemers"),
        ("Het naaiatelier trok 157 mensen.", "deelnemers"),
        ("Dit halfjaar telde Samen eten 157 mensen.", "deelnemers"),
        ("Er werd 700 keer genaaid.", "deelnames"),
        ("Bij Samen eten zaten 35 mensen.", "deelnemers.naaien"),
        ("Het naaiatelier had 35 bezoeken.", "deelnemers.naaien"),
        ("Per maand waren er 125 bezoeken bij naaien.", "deelnames.naaien"),
        ("Dit halfjaar telde naaien 250 bezoeken.", "prognose.naaien"),
        ("Naaien kromp met 25%.", "groei_per_maand.naaien"),
        ("Er kwamen 157 mensen voor het eerst.", "deelnemers"),
        ("Dit halfjaar waren 157 mensen nieuw.", "deelnemers"),
        ("Hier kwamen 124 mensen al jaren.", NEW),
        ("Er kwamen 33 mensen voor het eerst.", KNOWN),
        ("Het aantal nieuwe mensen was 33.", KNOWN),
        ("Er waren 33 mensen hier nog nooit geweest.", KNOWN),
        ("Er waren 33 nieuwkomers.", KNOWN),
        ("In De Linde: 124 mensen kwamen weer terug.", NEW),
        ("Wij zagen 33 mensen niet meer terug.", KNOWN),
        ("Wij zoeken 27 vrijwilligers.", "rol.vrijwilliger"),
        ("Er waren 27 stagiairs.", "rol.vrijwilliger"),
        ("Wij verwezen 9 mensen naar het Wijkteam.", "verwijzingen.van.team"),
        ("Uit Zuid kwamen 116 mensen.", "herkomst.noord"),
        ("Van de bezoekers komt 74% van buiten de buurt.", "aandeel_omgeving"),
        ("Van de bezoekers woont 74% niet in de buurt.", "aandeel_omgeving"),
        ("Van de bezoekers komt 74% van ver.", "aandeel_omgeving"),
        ("Van de deelnemers is 12% geen vrijwilliger.", RETURN),
        ("18% van de bezoeken was voor iets anders dan naaien.", "aandeel.naaien"),
        ("De Brug is met 157 deelnemers het grootst.", CITY_LINDE),
        ("Er wonen 116 mensen in Noord.", "herkomst.noord"),
        ("Hier kwamen 124 mensen vorig jaar ook al.", NEW),
        ("Van de deelnemers kwam 32% maar voor één dienst.", "aandeel_meer_diensten"),
        ("In heel 2018 telden we 250 deelnames bij naaien.", "prognose.naaien"),
    ],
)
def test_a_number_is_not_tied_to_what_its_sentence_speaks_against(text: str, fact: str):
    assert is_refused(text, fact)
