"""What sentences say of facts, measured on the corpus of the project's own hand."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "bench"))
import statements as bench

LEAST = {  # of each file, the part that has to be right
    "down-words": 1.0,
    "edits": 0.98,
    "false": 0.95,
    "harmless": 0.98,
    "true-words": 0.98,
    "true": 0.98,
}


@pytest.fixture(scope="module")
def sheets() -> bench.Sheets:
    return bench.read(bench.ROOT / "data")


@pytest.mark.parametrize("name", LEAST)
def test_sentences_of_each_form_are_judged_rightly(sheets: bench.Sheets, name: str):
    verdicts = [*bench.judged(bench.OWN / f"{name}.txt", sheets)]
    wrong = [text for text, is_right in verdicts if not is_right]
    assert len(wrong) <= len(verdicts) * (1 - LEAST[name]) + 1e-9, wrong


def test_what_is_denied_later_is_no_longer_confirmed(sheets: bench.Sheets):
    row = ["Er deden {335} mensen mee.", "Er deden {335} mensen niet mee.", "top", "top:deelnemers"]
    [(_, is_open)] = bench.edits(row, sheets)
    assert is_open


def test_a_paragraph_without_a_full_stop_takes_no_time(sheets: bench.Sheets):
    text = "in TOP kwamen mensen, en dat waren er 335 en toen weer meer " * 150
    assert bench.points(text, [], bench.ordered(sheets, "top"))


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("There were 335 people in the room, more than ever.", 1),
        ("Toplam 335 kişi geldi, geçen yıldan daha fazla.", 0),
        ("In TOP, Hart voor Leidsche Rijn, Zuilen, Ondiep en De Klop kwamen 335 mensen.", 1),
        ("| dienst | deelnames |\n| --- | --- |\n| taal | 430 |", 1),
    ],
)
def test_strange_text_is_read(sheets: bench.Sheets, text: str, opened: int):
    assert len(bench.points(text, [], bench.ordered(sheets, "top"))) == opened


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("down", "zakte naar {123.456}"),
        ("true", "plain | elders | Er kwamen {335} mensen. | elders:deelnemers"),
        ("true", "plain | top | Aan bridge deden {12} mensen mee. | top:deelnemers.bridge"),
        ("false", "plain | top | Aan bridge deden {12} mensen mee. | top:deelnemers.bridge"),
        ("edits", "Er waren {3} mensen. | Er waren {3} keer mensen. | elders | elders:deelnemers"),
    ],
)
def test_a_sentence_about_what_the_data_lack_is_named_and_the_others_are_judged(
    sheets: bench.Sheets, tmp_path: Path, capsys, name: str, line: str
):
    last = (bench.OWN / f"{'down-words' if name == 'down' else name}.txt").read_text().splitlines()
    path = tmp_path / f"{name}.txt"
    path.write_text(f"{line}\n{last[-1]}\n")
    assert len([*bench.judged(path, sheets)]) >= 1
    assert capsys.readouterr().err == f"{path.name}: not in the data, not judged: {line}\n"
