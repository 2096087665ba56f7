"""The finder of claims, against marked text and against any text."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwk.narrative.claims import Claim, find, holds, rewrite, spell

CORPUS = Path(__file__).parent / "ground_truth" / "claims" / "development.md"
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


def marked() -> tuple[str, set[tuple[int, int]], int]:
    """Return the corpus without its marks, the spans of its claims, and how many are none."""
    text, spans = "", set()
    for part in re.split(r"([{}«»])", CORPUS.read_text(encoding="utf-8")):
        if part == "{":
            start = len(text)
        elif part == "}":
            spans.add((start, len(text)))
        elif part not in "«»":
            text += part
    return text, spans, CORPUS.read_text(encoding="utf-8").count("«") - 1


def test_the_corpus_holds_as_many_numbers_that_are_none_as_claims():
    _, spans, others = marked()
    assert len(spans) >= 120
    assert others >= 120


def test_claims_of_the_corpus_are_found_with_their_exact_spans():
    text, spans, _ = marked()
    found = {(claim.start, claim.end) for claim in find(text)}
    missed = [text[start:end] for start, end in sorted(spans - found)]
    wrong = [text[start - 15 : end + 15] for start, end in sorted(found - spans)]
    assert len(spans & found) / len(spans) >= 0.98, missed
    assert len(spans & found) / len(found) >= 0.98, wrong


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
        ("ruim 300", [300, 349], [299, 350]),
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
        ("meer dan 100", 400, "meer dan 350"),
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
    assert all(claim.low <= claim.value + 1e-9 for claim in claims)
    assert all(rewrite(claim, 7) for claim in claims)


@given(st.integers(0, 999))
def test_every_number_word_is_read_back(number: int):
    assert only(spell(number)).value == number
