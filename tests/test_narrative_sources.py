"""Each confirmed number has a card: what it is and who says so; and its place in the text."""

import dataclasses
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sheets import published

from bwk.bundle import MIME
from bwk.export.document import build
from bwk.narrative import signoffs, sources
from bwk.narrative.claims import find
from bwk.narrative.signoffs import Signoff
from bwk.narrative.sources import passage_key

TEXT = "In Leidsche Rijn deden 420 mensen mee. Dat zijn er ruim 400. De kamer heeft 60 stoelen."
FILES = (
    "deelnames/2017.csv",
    "deelnames/2018.csv",
    "rollen.xlsx",
)


def confirm(path: Path, text: str, facts: dict[str, tuple[str, float]]) -> None:
    """Write a workbook with a text, and the sign-offs of the numbers whose fact is given."""
    cell = new_markdown_cell(text, metadata={"bwk": {"key": "k", "role": "narrative"}})
    nbformat.write(new_notebook(cells=[cell]), path)
    signed = [
        Signoff(
            claim.text,
            *signoffs.around(text, claim),
            scope="hart" * bool(facts[claim.text][0]),
            fact=facts[claim.text][0],
            value=facts[claim.text][1],
            source="" if facts[claim.text][0] else "geteld in de kamer",
            name="Ans",
            day="2018-07-10",
        )
        for claim in find(text)
        if claim.text in facts
    ]
    signoffs.save(signoffs.beside(path), signed)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "2018-H1").mkdir()
    monkeypatch.setenv("BWK_NOTEBOOKS", str(tmp_path))
    return tmp_path / "2018-H1" / "hart.ipynb"


def own(**changes: object) -> dict:
    return dict(sources(published(**changes)).data[MIME])


ALL = {"420": ("deelnemers", 420), "ruim 400": ("deelnemers", 420), "60": ("", 60)}


def test_each_fact_has_one_card_with_all_numbers_that_state_it(path):
    confirm(path, TEXT, ALL)
    assert [card["numbers"] for card in own()["cards"]] == ["420 en ruim 400", "60"]


def test_the_card_of_a_fact_tells_what_it_is_and_what_it_was(path):
    confirm(path, TEXT, ALL)
    card = own()["cards"][0]
    assert card["title"].startswith("Verschillende mensen met ten minste één deelname")
    lines = dict(card["lines"])
    assert lines["Waarde"] == "420"
    assert lines["Periode"] == "januari tot en met juni 2018"
    assert lines["Vorige waarde"] == "315 (2017)"
    assert lines["Bevestigd door"] == "Ans, 10 juli 2018"


def test_a_previous_value_that_is_held_back_stays_so(path):
    confirm(path, TEXT, ALL)
    lines = dict(own(deelnemers_basis="x")["cards"][0]["lines"])
    assert lines["Vorige waarde"] == "achtergehouden (2017)"


def test_the_card_of_another_source_names_it(path):
    confirm(path, TEXT, ALL)
    assert own()["cards"][1]["lines"] == [
        ("Bron", "geteld in de kamer"),
        ("Bevestigd door", "Ans, 10 juli 2018"),
    ]


def test_files_are_grouped_and_their_rows_are_not_told(path):
    confirm(path, TEXT, ALL)
    sheet = published()
    names = FILES[:2]
    fact = dataclasses.replace(sheet["deelnemers"], sources=names)
    sheet = dataclasses.replace(sheet, facts={**sheet.facts, "deelnemers": fact}, files=FILES)
    lines = dict(dict(sources(sheet).data[MIME])["cards"][0]["lines"])
    assert lines["Bron"] == "deelnames (2 bestanden)"


def test_a_divided_fact_says_of_what(path):
    confirm(path, "Er waren 592 bezoeken.", {"592": ("deelnames.sociaal", 592)})
    assert own()["cards"][0]["title"].startswith("Sociaal / Ontmoeting. ")


def test_marks_say_where_the_numbers_stand(path):
    confirm(path, TEXT, ALL)
    marks = own()["marks"]
    assert [TEXT[mark["start"] : mark["end"]] for mark in marks] == ["420", "ruim 400", "60"]
    assert [mark["card"] for mark in marks] == [0, 0, 1]
    assert {mark["passage"] for mark in marks} == {passage_key(TEXT)}


def test_without_confirmed_numbers_there_is_a_sentence_and_no_table(path):
    confirm(path, TEXT, {})
    shown = sources(published())
    assert shown.data["text/markdown"] == "Nog geen getal in de tekst is bevestigd."
    assert own()["open"] == 3
    notebook = new_notebook(cells=[new_code_cell(outputs=[new_output("display_data", shown.data)])])
    assert [block["type"] for block in build(notebook).blocks][-1:] == ["paragraph"]


def test_what_is_not_confirmed_or_no_longer_holds_has_no_mark(path):
    confirm(path, TEXT, ALL)
    made = own(deelnemers=380)
    assert [card["numbers"] for card in made["cards"]] == ["60"]
    assert made["open"] == 2
