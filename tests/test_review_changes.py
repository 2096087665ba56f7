"""The page of changes: words, numbers and data, old and new."""

import re
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reviewed import FIRST, fact, make

from bwk import outputs, review
from bwk.errors import UsageError
from bwk.review import changes, state

DAY = date(2018, 7, 13)
WORDS = st.lists(st.sampled_from("de kamer telt 420 418 mensen <b> & .".split()), max_size=12)


@pytest.fixture
def corrected(tmp_path):
    """A period with two versions: other words, another number, other data in a figure."""
    review.keep(make(tmp_path), DAY)
    words = "Er kwamen 418 mensen naar TOP.\n\nNieuw is de tuin.\n\nDe keuken is klein."
    target = make(tmp_path, words, 418, "66")
    review.keep(target, DAY)
    return target


def page_of(target, against=None):
    path, summary = review.compare(target, against)
    return path.read_text(), summary


def test_the_summary_tells_numbers_and_counts_the_rest(corrected):
    assert page_of(corrected)[1] == [
        "TOP: deelnemers was 420, nu 418 (−2).",
        "TOP: 1× tekst veranderd, 1× tekst nieuw, 1× tekst weg en 1× figuur veranderd.",
    ]


def test_words_are_marked_for_the_eye_and_the_ear(corrected):
    page = page_of(corrected)[0]
    assert '<del><span class="sr">verwijderd: </span>420</del>' in page
    assert '<ins><span class="sr">toegevoegd: </span>418</ins>' in page
    assert '<del><span class="sr">verwijderd: </span>De taallessen zijn vol.</del>' in page


def test_data_of_a_figure_stand_side_by_side(corrected):
    page = page_of(corrected)[0]
    tables = re.findall(r"<span>(Was|Nu)</span></caption>(.*?)</table>", page, re.DOTALL)
    assert [side for side, _ in tables] == ["Was", "Nu"]
    assert "</span>65</del>" in tables[0][1]
    assert "</span>66</ins>" in tables[1][1]
    assert "1.592" in tables[1][1]


def test_what_did_not_change_is_not_told(corrected):
    page = page_of(corrected)[0]
    assert "De keuken is klein" not in page
    assert "De stad" not in page


def test_a_version_can_be_chosen(corrected):
    assert page_of(corrected, 1)[1] == page_of(corrected)[1]
    assert page_of(corrected, 2)[1] == []
    with pytest.raises(UsageError, match="Versie 7 van 2018-H1 is er niet"):
        review.compare(corrected, 7)


def test_another_period_can_be_compared_with(corrected, tmp_path):
    later = make(tmp_path, FIRST, 500, period="2018-H2", baseline="2018-H1")
    page, summary = page_of(later, corrected)
    assert summary[0] == "TOP: deelnemers was 418, nu 500 (+82)."
    assert "eerste helft van 2018" in page


def test_one_version_has_nothing_to_compare_with(tmp_path):
    target = make(tmp_path)
    review.keep(target, DAY)
    with pytest.raises(UsageError, match="nog maar één versie"):
        review.compare(target)


def test_what_is_held_back_now_is_not_told_once_more(tmp_path):
    review.keep(make(tmp_path, "Er kwamen 7 mensen.", 7, "7"), DAY)
    target = make(tmp_path, "Er kwamen enkele mensen.", None, "x")
    page, summary = page_of(target)
    assert (
        summary[0]
        == "TOP: deelnemers was een getal, nu x (kleine correctie, of beschermt een ander cijfer)."
    )
    assert not re.search(r">\s*7\b", page)


def test_a_new_number_that_is_held_back_hides_nothing(tmp_path):
    review.keep(make(tmp_path), DAY)
    target = make(tmp_path, deelnames=fact(None, held=True))
    assert page_of(target)[1] == ["TOP: deelnames was –, nu x (nu achtergehouden)."]


@pytest.mark.parametrize(
    ("old", "new", "unit", "difference"),
    [
        (420, 418, "personen", "−2"),
        (0.5, 0.525, "aandeel", "+2,5 procentpunt"),
        (0, 3, "deelnames", "+3"),
        (None, 3, "deelnames", ""),
    ],
)
def test_the_difference_of_a_number(old, new, unit, difference):
    books = (
        msgspec.convert({"top": {"feit": fact(value, unit)}}, outputs.Facts) for value in (old, new)
    )
    assert [one.difference for one in changes.numbers(*books)] == [difference]


def test_of_a_projection_that_is_told_roughly_no_finer_difference_is_told():
    rough = (fact(223, "deelnames") | {"tekst": "200"}, fact(352, "deelnames"))
    books = (msgspec.convert({"top": {"prognose": told}}, outputs.Facts) for told in rough)
    assert [one.difference for one in changes.numbers(*books)] == [""]


@given(WORDS, WORDS)
def test_marks_tell_both_texts_and_no_text_becomes_html(old, new):
    marked = str(changes.marked(" ".join(old), " ".join(new)))
    sides = {"del": old, "ins": new}
    for mark, words in sides.items():
        other = "ins" if mark == "del" else "del"
        kept = re.sub(rf"<{other}>.*?</{other}>", "", re.sub(r"<span.*?</span>", "", marked))
        told = re.sub(r"</?(ins|del)>", "", kept).replace("&lt;", "<").replace("&gt;", ">")
        assert told.replace("&amp;", "&").split() == words


def test_a_new_paragraph_moves_no_other(tmp_path):
    old = state.read(make(tmp_path)).reports["top"].blocks
    new = state.read(make(tmp_path, "Welkom!\n\n" + FIRST)).reports["top"].blocks
    assert [(one.kind, one.block.text) for one in changes.changes(old, new)] == [
        ("nieuw", "Welkom!")
    ]
