"""The finder of claims, against marked text and against any text."""

import re
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwk.narrative.claims import Claim, cover, find, holds, rewrite, spell

CORPUS = Path(__file__).parent / "ground_truth" / "claims" / "development.md"
HARD = """
De hoofdstukken 2 en 3 volgen, en de vragen 1 tot en met 5.
Stoel 14 was leeg. Zie alinea 2, afslag 16 en jaargang 12.
Maandag 4, dinsdag 5 en woensdag 6 juni zijn we open.
Om 9 u gaat de deur open. We zijn er van negen tot twaalf.
Haar zoon van 9 en {zeven} buren lezen mee.
Daar zijn we het honderd procent over eens. Ik sta er 100% achter.
We begonnen van nul af aan, met één been in de les. Duizend maal dank!
Klaar in 1, 2, 3: alles in één.
De cursus duurt zes lange weken, met een week of drie ertussen.
Na een jaar of vijf kwamen er {twaalf} mensen terug, in een maand of acht.
In vijf drukke zomerweken, acht werkdagen en anderhalf druk schooljaar deden {80} kinderen mee.
Wie komt, blijft gemiddeld drie kwartier; vijf kwartier is de uitzondering.
De eerste 100 dagen zaten erop na twee zomers en drie winters.
Al twee decennia lang helpt hij {tien} buren.
Binnen 48 uur, of uiterlijk na vijf werkdagen, was {90%} van de vragen beantwoord.
De pilot liep twaalf à dertien weken, in plaats van de geplande tien weken.
Het duurde drie, soms vier weken voordat {zeven} mensen antwoord hadden.
Een vrouw van eind vijftig, een man van begin dertig en iemand van achter in de zeventig kookten.
Zij is midden veertig, hij is 43 en hun zoon werd vorige maand twaalf.
Het Wijkteam heeft {vijf} keer iemand naar ons verwezen.
Het aantal deelnemers was {33}. Een deelnemer was 33, de jongen is 12 en de leden waren 80.
Toen hij 81 werd, kwamen er {30} gasten.
Op haar zestigste begon zij; nu is ze 74.
Fatima (43) zegt het zo. Ook Kees, 58, en mevrouw De Wit (82, weduwe) komen vaak.
Uit Ondiep ({88}) en uit Zuilen ({44}) komen de meeste mensen.
Jongeren (16-23 jaar), meiden tussen 12 en 18 en kinderen tot 12 krijgen een eigen uur.
Vrouwen boven de vijftig en mannen onder de 30 zien we weinig.
Een buurman van 70 en een studente van 22 koken voor {vijftig} mensen.
Een groep van {twaalf} vrouwen en een team van {zes} vrijwilligers deden mee.
Voor 55-plus en 80+ is er gym, voor 12- tot 18-jarigen niet.
De oudste is 96, de jongste 4 jaar.
Kinderen vanaf 6 mogen mee, jongeren van 16 of ouder mogen alleen.
Zij komt drie ochtenden in de week en eens per twee weken op zaterdag.
Om de 14 dagen is er overleg, elke zes weken een feest, vier maal per jaar een markt.
Eén keer in de drie weken, of 2 à 3 keer per maand, kookt de groep.
Wij zijn zeven dagen per week open, twee avonden in de week tot tien uur.
Vier middagen per week staan er {vijf} vrijwilligers klaar.
De 2e groep, de 100ste bezoeker en de 3de keer.
Een vierde groep begon, en een vijfde taalles volgt. {Een vijfde} van de mensen betaalt niet.
{Een derde} betaalt niet, {twee derde} wel. {Een vierde} zoekt werk.
Zie tabellen 2 en 3, afbeelding 4, kader 1 en bijlage 2A.
Agendapunt 7, actiepunt 3 en aanbeveling 4 staan in sectie 2.
Volgens respondent 12 en deelnemer 3 is scenario 2 beter dan variant 1.
Doel 1 is gehaald, doelstelling twee niet. In stap drie en fase twee gaan we door.
Stelling 5 werd door {40%} van de mensen onderschreven, vraag zes door {8}.
Groep acht en groep 7 kwamen langs, met bus 8 en tram 22, via perron 5.
In ronde 2 vielen er {vier} af, op dag 3 nog eentje niet.
Het besluit staat in motie 112 en in raadsbesluit 23.
De opdracht kreeg kenmerk 20331, dossier 18 en zaaknummer 4411.
Het feest was op de Neude 11, aan het Plein 1944 en in de Voorstraat 12-14.
Het buurthuis staat aan de Ivoordreef 5, hoek Moezeldreef 202.
De post gaat naar postbus 16200, 3500 CE Utrecht.
Bel 030 - 286 00 00, 0800-1234 of 112, of vraag naar toestel 212.
Studio 9, Café 42 en Radio 538 doen mee. Kijk ook op NPO 2.
De norm ISO 9001 en NEN 7510 geldt, net als Covid-19-regels en Office 365.
Naast de {335} deelnemers telde TOP {55} actieve vrijwilligers; de top 10 staat in de kamer.
Welzijn 3.0, plan 2030 en Agenda 22 zijn af.
Buurthuis De Drie Linden en Speeltuin Zeven Zeeën hielpen {25} gezinnen.
Stichting Duizend Kansen en het festival ‘Acht Dagen Zuilen’ kwamen langs.
Wij zitten onder één dak, als één man, op één locatie na.
Alles gebeurt aan één stuk door, in één beweging, uit één mond, met één druk op de knop.
Zij zijn één grote familie. De een helpt de ander, één en al oor.
Het één sluit het ander niet uit: één ding is zeker. Wij spreken met één stem.
Het project staat op eigen benen, hinkt op twee gedachten en zit tussen twee vuren.
Het mes snijdt aan twee kanten; zij slaat twee vliegen in één klap.
Het gesprek was onder vier ogen, binnen vier muren, met twee woorden.
De vrijwilligers zijn op alle fronten nummer 1.
Zij geeft honderd procent, is duizend procent zeker en heeft voor de volle honderd procent gelijk.
Er is {één} vrijwilliger bij gekomen en {1} locatie dicht.
In {één} geval liep het mis; bij {één} gezin bleef het stil.
Er was {één} klacht en {één} bedankje.
Wij zijn open van 9 tot 5, op dinsdag tussen tien en twaalf.
Om tien over drie, vijf voor half zeven of kwart over acht gaat de bel.
Op 12/5 en op za. 19-5 was het feest, in de nacht van 3 op 4 mei ook.
Van 1 t/m 5 juli, op 3, 10 en 17 september en op 1 en 15 oktober.
In de jaren tachtig, in 2017, 2018 en 2019, en in seizoen 2018/2019.
Het jaarplan 2019, de begroting 2020-2023 en de zomer van '19.
In 2017: {220} mensen, in 2018: {335}. Dat is {115} meer.
Op een schaal van 1 tot 10 geven zij een {8}, op een schaal van één tot vijf een {4}.
Er waren {2018} deelnemers en {1950} huishoudens, in de wijk {2000} kaarten.
Er kwamen een paar honderd mensen, enkele duizenden reacties en honderden kaarten.
Vrouwen: {34}. Mannen: {12}. Totaal: {46}.
Taal {65}, formulieren {128} en werk {15}.
Van {3} naar {7} vrijwilligers, van {12%} naar {15%}.
Van de {17} waren er {twee} te laat; de andere {15} niet.
Er waren er {zeven}. Dat zijn er {twee} meer dan vorig jaar.
Gemiddeld kwamen er {zeven} per keer, {2,5} per les.
Per les {12} mensen, per groep {acht} en per kamer {3} sleutelhouders.
Zij deden {drie} wandelingen van {5} kilometer, bij {30} graden.
In januari {14} en in februari {31} mensen; in maart {9}.
Op maandag {12} bezoekers, op dinsdag {30}.
{Twee op de drie} mensen, {drie van de vier} ouders, {1 op 5} kinderen.
Elk kwartaal kwamen {dertig} nieuwe gezichten. Na de zomer kwamen er {vijf} bij.
Het aantal verdubbelde van {vier} naar {acht}.
{Zeven} jaarlijkse feesten en {vier} maandelijkse lunches trokken {ruim 600} mensen.
In fase 2 en ronde drie deden {22} mensen mee; pilot 1 en pilot 2 zijn klaar.
Coach 2 is ziek en box 3 is leeg. Uit meting 1 kwam een {6,8}; in besluit 7 staat dat niet.
Toezegging 1, {twintig} plekken: gehaald. Wij kregen {zeven} reacties op idee 4.
De groep telt {16}, de leesgroep {9}. Bij fietsdiefstal {35}, bij inbraak {14}, bij geweld {4}.
Aan huur ging {12.000}, aan energie {4.300}. Gisteren {12}, vandaag {15}. Wij zijn hier met {zes}.
Van de {76} hadden er een jaar later {29} werk, met als uitschieter {61} op 16 augustus.
De jongste is 16, de oudste 94. Mevrouw El Idrissi (79) en {drie} kinderen, van 2, 5 en 11, aten.
Een meneer van rond de 40 en een jongen van negen; zij zijn de zeventig gepasseerd.
Het bestuur heeft al drie keer vergaderd, en het is {vier keer zo druk}.
De wachttijd ging van drie naar zeven weken, of twee weken, in de winter wel eens vier.
De fietsclub speelt vier tegen vier, vrijdag 9–12.30 uur of van half negen tot tien.
Voor {een derde} minder; {nog geen kwart} kwam. Er ging {een half miljoen} naar de 10-daagse.
De 10.000ste bezoeker kwam van de Europalaan 250 t/m 298, met een Peugeot 208 uit 2011.
Vooruitblik op morgen … 17
""".strip().splitlines()
SHAPES = [
    "420",
    "ruim 300",
    "Vijf",
    "bijna driehonderd",
    "52%",
    "+12%",
    "vijftien procent",
    "circa 12,5%",
    "de helft",
    "Ruim een derde",
    "1 op de 3",
    "twee van de vijf",
    "twee keer zo veel",
    "een twintigtal",
    "tussen de 40 en 50",
    "50 à 60",
    "ongeveer € 5.000",
    "1,6 duizend",
    "meer dan **100",
    "minstens 20",
    "hooguit tien",
    "anderhalf",
]


def only(text: str) -> Claim:
    [claim] = find(text)
    return claim


def unmarked(marked: str) -> tuple[str, set[tuple[int, int]]]:
    """Return a text without its marks, and the spans of its claims."""
    text, spans, start = "", set(), 0
    for part in re.split(r"([{}«»])", marked):
        if part == "{":
            start = len(text)
        elif part == "}":
            spans.add((start, len(text)))
        elif part not in "«»":
            text += part
    return text, spans


def test_the_corpus_holds_as_many_numbers_that_are_none_as_claims():
    text = CORPUS.read_text(encoding="utf-8")
    assert text.count("{") >= 120
    assert text.count("«") >= 120


@pytest.mark.parametrize("marked", HARD)
def test_times_ages_references_names_and_idioms_are_no_claims(marked: str):
    text, spans = unmarked(marked)
    assert [claim.text for claim in find(text)] == [text[start:end] for start, end in sorted(spans)]


def test_claims_of_the_corpus_are_found_with_their_exact_spans():
    text, spans = unmarked(CORPUS.read_text(encoding="utf-8"))
    found = {(claim.start, claim.end) for claim in find(text)}
    missed = [text[start:end] for start, end in sorted(spans - found)]
    wrong = [text[start - 15 : end + 15] for start, end in sorted(found - spans)]
    assert len(spans & found) / len(spans) >= 0.98, missed
    assert len(spans & found) / len(found) >= 0.98, wrong


@pytest.mark.parametrize("name", [f"development-{number}" for number in range(2, 6)])
def test_nearly_all_claims_of_other_hands_are_found_and_little_else(name: str):
    marked = CORPUS.with_stem(name).read_text(encoding="utf-8")
    missed, wrong, claims = [], [], 0
    for passage in re.split(r"^---$", marked, flags=re.M):
        text, spans = unmarked(passage)
        found = {(claim.start, claim.end) for claim in find(text)}
        missed += [text[s:e] for s, e in spans if not any(a < e and s < b for a, b in found)]
        wrong += [text[a:b] for a, b in found if not any(a < e and s < b for s, e in spans)]
        claims += len(spans)
    assert len(missed) <= 0.01 * claims, missed
    assert len(wrong) <= 0.02 * (claims + len(wrong)), wrong


def test_a_column_of_a_table_with_years_or_ages_holds_no_claims():
    table = "| Leeftijd | nr. | mensen |\n|---|---|---|\n| 0-12 | 1 | 24 |\n| 18-27 | 2 | 88 |"
    assert [claim.text for claim in find(table)] == ["24", "88"]
    table = "| Activiteit | Ronde 1 | 2018 |\n|---|---|---|\n| Naaien 2 | 12 | 11 |"
    assert [claim.text for claim in find(table)] == ["12", "11"]


@pytest.mark.parametrize(
    "piece",
    ["| a ", "fase 1, ", "12 ", "een ", "Aa ", "twee en ", "\n", "a", "1-", "1,", "1.", "ma 9, "],
)
def test_the_time_for_a_long_text_grows_with_its_length(piece: str):
    start = perf_counter()
    find(piece * (20_000 // len(piece)))
    assert perf_counter() - start < 5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("driehonderdvijfendertig", 335),
        ("twaalfhonderd", 1200),
        ("tweeduizend driehonderd", 2300),
        ("negenennegentig", 99),
        ("2.000", 2000),
        ("1,6 duizend", 1600),
        ("2\nmiljoen", 2_000_000),
        ("tweeënhalf", 2.5),
        ("€ 2,50", 2.5),
        ("52 procent", 0.52),
        ("−5%", -0.05),
        ("driekwart", 0.75),
        ("drie op de vier", 0.75),
        ("3 op 10", 0.3),
        ("dubbel zo veel", 2),
        ("drie keer zoveel", 3),
        ("een dozijn", 12),
        ("een veertigtal", 40),
        ("40 à 50", 45),
    ],
)
def test_the_value_is_read_as_written(text: str, value: float):
    assert only(text).value == pytest.approx(value)
    assert only(text).text == text


@pytest.mark.parametrize(
    ("text", "true", "untrue"),
    [
        ("420", [420], [419, 421]),
        ("12,5", [12.46, 12.54], [12.4, 12.6]),
        ("52%", [0.515, 0.525], [0.514, 0.526]),
        ("een derde", [0.31, 0.355], [0.3, 0.36]),
        ("ruim 300", [301, 349], [299, 300, 350]),
        ("ruim 265", [266, 269], [265, 270]),
        ("ruim 84%", [0.841, 0.849], [0.84, 0.85]),
        ("ruim 99%", [0.999], [1.001, 1.15]),
        ("bijna 340", [335, 339], [334, 340]),
        ("bijna 990", [985], [898, 984]),
        ("een kleine twintig", [18, 19], [17, 20]),
        ("vrijwel 100", [99], [89, 100]),
        ("ong. 300", [290, 310], [269, 331]),
        ("plm. 30", [27, 33], [26, 34]),
        ("bijna 300", [270, 299], [269, 300]),
        ("bijna vijf", [4], [3, 5]),
        ("circa 100", [90, 110], [89, 111]),
        ("meer dan 100", [101, 125], [100, 126]),
        ("minder dan 100", [75, 99], [74, 100]),
        ("minstens 100", [100, 900], [99]),
        ("hooguit 100", [0, 100], [101]),
        ("meer dan de helft", [0.51, 0.62], [0.5, 0.63]),
        ("tussen de 40 en 50", [40, 50], [39, 51]),
        ("twee keer zo veel", [0.8, 1.2], [0.7, 1.3]),
        ("+12%", [0.12], [-0.12]),
        ("12%", [0.12, -0.12], [0.13]),
    ],
)
def test_a_claim_holds_for_what_hedge_and_rounding_allow(
    text: str, true: list[float], untrue: list[float]
):
    claim = only(text)
    assert [value for value in true if not holds(claim, value)] == []
    assert [value for value in untrue if holds(claim, value)] == []


@pytest.mark.parametrize(
    ("text", "value", "new"),
    [
        ("420", 418, "418"),
        ("ruim 300", 335, "ruim 300"),
        ("ruim 300", 418, "ruim 400"),
        ("ruim **300", 418, "ruim **400"),
        ("Ruim driehonderd", 418, "Ruim vierhonderd"),
        ("meer dan 100", 390, "meer dan 350"),
        ("vijf", 6, "zes"),
        ("Vijf", 1, "Eén"),
        ("vijf", 335, "driehonderdvijfendertig"),
        ("vijf", 1200, "1.200"),
        ("52%", 0.493, "49%"),
        ("52 procent", 0.49, "49 procent"),
        ("+12%", -0.05, "−5%"),
        ("12,5", 13.26, "13,3"),
        ("1,6 duizend", 1834, "1,8 duizend"),
        ("de helft", 1 / 3, "een derde"),
        ("De helft", 0.28, "Ruim een kwart"),
        ("de helft", 0.9, "90%"),
        ("1 op de 3", 0.5, "1 op de 2"),
        ("twee keer zo veel", 2, "drie keer zo veel"),
        ("een twintigtal", 41, "een veertigtal"),
        ("tussen de 40 en 50", 63, "tussen de 60 en 70"),
    ],
)
def test_another_value_is_written_in_the_same_form(text: str, value: float, new: str):
    assert rewrite(only(text), value) == new


@given(
    st.sampled_from(SHAPES),
    st.integers(0, 5000) | st.floats(-3, 3) | st.floats(0, 200).map(lambda x: round(x, 4)),
)
def test_what_is_rewritten_is_found_again_and_holds(text: str, value: float):
    again = rewrite(only(text), value)
    assert holds(only(again), value)
    assert only(again).text == again


PIECES = st.sampled_from(
    "een één twee vijf- honderd miljoen ruim minstens tussen de en op van 3 2018 1.5 , . % € | ** "
    "_ ` < > [ ]( #  procent helft derde keer zo veel jaar mei \n \0 ǂ İ ſ ² ½ ٣".split(" ")
)


@given(st.text() | st.lists(PIECES, max_size=30).map(" ".join) | st.lists(PIECES).map("".join))
def test_any_text_gives_spans_within_it_that_do_not_overlap(text: str):
    claims = find(text)
    ends = [0, *(claim.end for claim in claims)]
    assert all(end <= claim.start < claim.end for end, claim in zip(ends, claims, strict=False))
    assert all(claim.text == text[claim.start : claim.end] for claim in claims)
    assert all(claim.low <= claim.high + 1e-9 for claim in claims)
    assert all(rewrite(claim, 7) for claim in claims)


WORDS = st.sampled_from(sorted(set(re.findall(r"[^\W\d]+|[^\w\s]", " ".join(HARD)))))
GAPS = st.sampled_from([" ", " ", " ", "", "\n", ", ", "-"])


@given(st.lists(st.tuples(WORDS | PIECES | st.integers(0, 2500).map(str), GAPS), max_size=40))
def test_any_text_of_words_and_numbers_gives_spans_in_order(parts: list[tuple[str, str]]):
    text = "".join(part + gap for part, gap in parts)
    ends = [0]
    for claim in find(text):
        assert ends[-1] <= claim.start < claim.end <= len(text)
        assert claim.text == text[claim.start : claim.end]
        ends.append(claim.end)


@pytest.mark.parametrize(
    ("pattern", "covered"),
    [
        (r"op \d+", "xxxx en 3"),
        (r"op (?P<it>\d+)", "op x en 3"),
        (r"op(?= (?P<it>\d+))", "op x en 3"),  # outside of the match
        (r"(?<=(?P<it>\d)) en", "op x en 3"),
        (r"\d(?= en (?P<it>3))", "op 2 en x"),
        (r"en|op (?P<it>\d+)", "op x xx 3"),
        (r"", "op 2 en 3"),
    ],
)
def test_covered_text_is_as_long_as_it_was(pattern: str, covered: str):
    assert cover("op 2 en 3", re.compile(pattern), "x") == covered


def test_several_services_are_no_count_and_so_many_times_a_month_are_one():
    text = "Zo’n 32% komt voor meer dan één dienst, of twee of meer diensten: 71,8 keer per maand."
    assert [claim.text for claim in find(text)] == ["Zo’n 32%", "71,8"]


@given(st.integers(0, 999))
def test_every_number_word_is_read_back(number: int):
    assert only(spell(number)).value == number


def test_a_range_without_an_end_gets_another_value():
    [claim] = find("Er kwamen minstens 20 tot 30 mensen.")
    assert rewrite(claim, 17) == "minstens 10 tot 20"
