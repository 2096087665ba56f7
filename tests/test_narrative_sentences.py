"""Where a sentence ends, whatever stands in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwk.narrative import sentences


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Een zin. En nog een!", ["Een zin.", "En nog een!"]),
        ("Ruim 1.234 mensen, 12,5% meer.", ["Ruim 1.234 mensen, 12,5% meer."]),
        ("Een zin\nop twee regels.", ["Een zin\nop twee regels."]),
        ("Kort:\n- een\n- twee", ["Kort:", "- een", "- twee"]),
        ("## Kop\n\nTekst **vet.** Meer.", ["## Kop", "Tekst **vet.**", "Meer."]),
        ("‘Kom binnen!’ Dat zegt zij.", ["‘Kom binnen!’", "Dat zegt zij."]),
    ],
)
def test_a_sentence_ends_at_its_mark_its_item_or_its_paragraph(text, wanted):
    found = [text[start:end].strip() for start, end in sentences.spans(text)]
    assert [sentence for sentence in found if sentence] == wanted


@given(st.text(alphabet="ab 1.,!?\n-#*’", max_size=60))
def test_no_character_is_left_out(text):
    assert "".join(text[start:end] for start, end in sentences.spans(text)) == text


def test_around_a_place_that_runs_over_a_mark_stand_both_sentences():
    text = "Wij zagen ca. 30 mensen. Meer niet."
    start, end = sentences.around(text, 10, 16)
    assert text[start:end] == "Wij zagen ca. 30 mensen."
