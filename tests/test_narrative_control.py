"""The cell Controle: an evaluator confirms numbers, and a stale one gets its new value."""

import json
import sys
from pathlib import Path

import ipywidgets
import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from sheets import published

from bwk import facts, periods
from bwk.cells import fingerprint
from bwk.errors import UsageError
from bwk.narrative import control, drafts, signoffs, tracing
from bwk.narrative.claims import find
from bwk.narrative.panel import ELSEWHERE, NO_COUNT
from bwk.narrative.signoffs import Signoff
from bwk.narrative.tracing import ABOUT_ELSE, NO_PERSON

TEXT = "In Leidsche Rijn deden 420 mensen mee. De kamer heeft 60 stoelen."


@pytest.fixture
def workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "2018-H1" / "hart.ipynb"
    path.parent.mkdir()
    cell = new_markdown_cell(TEXT, metadata={"bwk": {"key": "t", "role": "narrative"}})
    nbformat.write(new_notebook(cells=[cell]), path)
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    monkeypatch.setattr(facts, "load_all", lambda *_: {"hart": published()})
    return path


def every(widget: ipywidgets.Widget, kind: type) -> list:
    """Return the widgets of a kind, in the order in which they are seen."""
    inside = [found for child in getattr(widget, "children", ()) for found in every(child, kind)]
    return [widget] * isinstance(widget, kind) + inside


def name_and_rows(panel: ipywidgets.VBox) -> tuple[ipywidgets.Text, list[ipywidgets.VBox]]:
    _, name, *rows = panel.children
    return name, rows


def parts(row: ipywidgets.VBox) -> tuple:
    [choice], [source] = every(row, ipywidgets.Dropdown), every(row, ipywidgets.Text)
    return choice, source, every(row, ipywidgets.Button)


def kept(path: Path) -> list[dict]:
    return json.loads(signoffs.beside(path).read_text())["akkoord"]


def test_the_first_choice_is_the_proposal(workbook):
    _, (first, _) = name_and_rows(control())
    choice, _, _ = parts(first)
    assert choice.value == ("hart", "deelnemers")


def test_a_number_is_confirmed_with_one_button(workbook):
    name, (first, _) = name_and_rows(control())
    name.value = "Ans"
    parts(first)[2][0].click()
    [entry] = kept(workbook)
    said = [entry[key] for key in ("tekst", "over", "feit", "waarde", "door")]
    assert said == ["420", "hart", "deelnemers", 420, "Ans"]


def test_the_top_counts_along_and_sends_one_on_after_the_last(workbook):
    panel = control()
    name, rows = name_and_rows(panel)
    name.value, head = "Ans", panel.children[0]
    assert "Bevestigd: 0 van de 2 getallen." in head.value
    parts(rows[0])[2][0].click()
    assert "Bevestigd: 1 van de 2 getallen." in head.value
    choice, _, (confirm,) = parts(rows[1])
    choice.value = dict(choice.options)[NO_COUNT]
    confirm.click()
    assert "Bevestigd: 2 van de 2 getallen. Klik boven op de dubbele pijl" in head.value


def test_without_a_name_nothing_is_kept(workbook):
    _, (first, _) = name_and_rows(control())
    parts(first)[2][0].click()
    assert not signoffs.beside(workbook).exists()
    assert "uw naam" in every(first, ipywidgets.HTML)[1].value


def test_a_number_from_elsewhere_needs_a_source_in_words(workbook):
    name, (_, second) = name_and_rows(control())
    name.value = "Ans"
    choice, source, (confirm,) = parts(second)
    choice.value = dict(choice.options)[ELSEWHERE]
    confirm.click()
    assert not signoffs.beside(workbook).exists()
    source.value = "geteld in de kamer"
    confirm.click()
    [entry] = kept(workbook)
    assert (entry["tekst"], entry["bron"], entry["feit"]) == ("60", "geteld in de kamer", "")


def test_what_is_no_count_can_be_said_to_be_none(workbook):
    name, (_, second) = name_and_rows(control())
    name.value = "Ans"
    choice, _, (confirm,) = parts(second)
    choice.value = dict(choice.options)[NO_COUNT]
    confirm.click()
    assert kept(workbook)[0]["bron"] == "geen telling"


def test_a_stale_number_offers_the_new_one_and_keeps_it(workbook, monkeypatch):
    around = signoffs.around(TEXT, find(TEXT)[0])
    old = Signoff("420", *around, "hart", "deelnemers", 420, "", "Ans", "2018")
    signoffs.save(signoffs.beside(workbook), [old])
    monkeypatch.setattr(facts, "load_all", lambda *_: {"hart": published(deelnemers=418)})
    _, rows = name_and_rows(control())
    stale = next(row for row in rows if len(parts(row)[2]) == 2)
    assert "was 420, nu 418" in every(stale, ipywidgets.HTML)[0].value
    button = parts(stale)[2][0]
    assert button.description == "Zet ‘418’ in de tekst"
    button.click()
    assert [(entry["tekst"], entry["waarde"]) for entry in kept(workbook)] == [("418", 418)]


def test_what_is_confirmed_no_longer_says_that_it_is_not(workbook):
    name, (first, _) = name_and_rows(control())
    name.value = "Ans"
    said = every(first, ipywidgets.HTML)[0]
    assert "nog niet bevestigd" in said.value
    parts(first)[2][0].click()
    assert "nog niet bevestigd" not in said.value
    assert "<b>420</b> mensen" in said.value


def test_another_fact_that_says_something_else_is_not_kept(workbook):
    name, (first, _) = name_and_rows(control())
    name.value = "Ans"
    choice, _, (confirm,) = parts(first)
    choice.value = ("hart", "deelnames")
    confirm.click()
    assert not signoffs.beside(workbook).exists()
    assert (
        "Dit cijfer is 838, maar in uw tekst staat ‘420’" in every(first, ipywidgets.HTML)[1].value
    )


def test_the_meaning_of_the_chosen_fact_stands_below_it(workbook):
    _, (first, _) = name_and_rows(control())
    said = every(first, ipywidgets.HTML)[1]
    assert said.value == "Verschillende mensen met ten minste één deelname in de periode."
    parts(first)[0].value = ("hart", "deelnames")
    assert said.value.startswith("Alle deelnames in de periode")


def test_the_field_for_a_source_is_there_where_it_is_asked(workbook):
    _, rows = name_and_rows(control())
    choice, source, _ = parts(rows[0])
    assert source.layout.display == "none"
    choice.value = dict(choice.options)[ELSEWHERE]
    assert source.layout.display is None
    assert choice.label == ELSEWHERE


def test_a_confirmed_number_can_be_confirmed_otherwise(workbook):
    name, (first, _) = name_and_rows(control())
    name.value = "Ans"
    choice, _, (confirm,) = parts(first)
    confirm.click()
    *_, fold = control().children
    assert isinstance(fold, ipywidgets.Accordion)
    assert every(fold, ipywidgets.Dropdown) == []
    fold.selected_index = 0
    again, _, (confirm,) = parts(fold)
    assert again.value == choice.value
    again.value = dict(again.options)[NO_COUNT]
    confirm.click()
    assert [(entry["feit"], entry["bron"]) for entry in kept(workbook)] == [("", "geen telling")]
    *_, fold = control().children
    fold.selected_index = 0
    assert parts(fold)[0].value == (NO_COUNT, "")


def test_a_slip_is_mended_at_once(workbook):
    name, (first, _) = name_and_rows(control())
    name.value = "Ans"
    choice, _, (confirm,) = parts(first)
    confirm.click()
    assert confirm.disabled
    choice.value = dict(choice.options)[NO_COUNT]
    assert not confirm.disabled
    confirm.click()
    assert [entry["bron"] for entry in kept(workbook)] == ["geen telling"]


def test_outside_jupyterlab_it_says_so(monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert "werkt in JupyterLab" in control().data["text/plain"]


def test_without_widgets_the_open_points_are_text(workbook, monkeypatch):
    monkeypatch.setitem(sys.modules, "bwk.narrative.panel", None)
    lines = control().data["text/plain"].splitlines()
    assert [line.split("‘")[1].split("’")[0] for line in lines] == ["420", "60"]


def test_an_error_of_the_data_is_a_sentence(workbook, monkeypatch):
    def refuse(*_: str) -> None:
        raise UsageError("Van 2018-H1 is niets geregistreerd.")

    monkeypatch.setattr(facts, "load_all", refuse)
    assert "niets geregistreerd" in control().data["text/plain"]


def test_a_workbook_of_an_interval_shows_its_numbers(workbook, monkeypatch):
    asked = []

    def load_all(location, period):
        asked.append((location, periods.parse(period).name))
        return {"hart": published()}

    folder = workbook.parent.with_name("2018-01--2018-06")
    workbook.parent.rename(folder)
    monkeypatch.setenv("JPY_SESSION_NAME", str(folder / workbook.name))
    monkeypatch.setattr(facts, "load_all", load_all)
    _, rows = name_and_rows(control())
    assert [every(row, ipywidgets.HTML)[0].value.count("<b>") for row in rows] == [1, 1]
    assert asked == [("hart", "2018-01/2018-06")]


def write(workbook: Path, text: str) -> None:
    cell = new_markdown_cell(text, metadata={"bwk": {"key": "t", "role": "narrative"}})
    nbformat.write(new_notebook(cells=[cell]), workbook)


def answered(workbook: Path) -> dict:
    """Answer the only row, first without a name; return what was kept, with nothing open then."""
    name, [row] = name_and_rows(control())
    [answer] = every(row, ipywidgets.Button)
    answer.click()
    assert not signoffs.beside(workbook).exists()
    name.value = "Ans"
    answer.click()
    assert "Er zijn geen open punten" in control().children[0].value
    [entry] = kept(workbook)
    return entry


def test_a_word_that_the_data_contradict_can_be_said_to_be_about_something_else(workbook):
    write(workbook, "Het aantal deelnemers daalde.")
    entry = answered(workbook)
    assert (entry["tekst"], entry["bron"], entry["door"]) == ("daalde", ABOUT_ELSE, "Ans")


DESCRIBED = "De man van vierhoog eet nu mee."


@pytest.mark.parametrize(
    ("later", "is_open"),
    [
        (f"Het was druk. {DESCRIBED}", False),
        (DESCRIBED.replace("vierhoog", "driehoog"), True),
        (f"{DESCRIBED} Fatima ook.", True),
    ],
)
def test_who_says_that_a_sentence_is_not_of_one_person_answers_for_that_sentence(
    workbook, later, is_open
):
    write(workbook, DESCRIBED)
    entry = answered(workbook)
    assert (entry["bron"], entry["door"]) == (NO_PERSON, "Ans")
    assert "vierhoog" not in signoffs.beside(workbook).read_text()
    write(workbook, later)
    points = tracing.open_points(workbook, {"hart": published()}, "hart")
    assert any(not point.advice for point in points) == is_open


class TestADraft:
    """Nobody read it yet: one click says that it is right, or last period's text comes back."""

    TEXT = "In Leidsche Rijn deden 420 mensen mee.\n\n***Vraag aan u:** Hoe komt dat?*"

    @pytest.fixture
    def draft(self, workbook):
        notebook = nbformat.read(workbook, 4)
        bwk = {"key": "t", "role": "narrative", "hash": fingerprint(self.TEXT)}
        notebook.cells = [new_markdown_cell(self.TEXT, metadata={"bwk": bwk})]
        own = {"role": "reference", "slot": "t", "period": "2017-H2", "text": "Er kwam 1 groep."}
        notebook.cells.append(new_markdown_cell("…", metadata={"bwk": own}))
        nbformat.write(notebook, workbook)
        claim = find(self.TEXT)[0]
        around = signoffs.around(self.TEXT, claim)
        signed = Signoff("420", *around, "hart", "deelnemers", 420, "", drafts.NOBODY, "")
        signoffs.save(signoffs.beside(workbook), [signed])
        return workbook

    def test_it_asks_for_a_name_and_keeps_who_read_it(self, draft):
        name, (row, *_) = name_and_rows(control())
        read, _ = every(row, ipywidgets.Button)
        read.click()
        assert len(kept(draft)) == 1  # no name, no answer
        name.value = "Ans Voorbeeld"
        read.click()
        number, answer = kept(draft)
        assert (number["door"], answer["door"]) == ("Ans Voorbeeld", "Ans Voorbeeld")
        assert answer["bron"] == "gelezen"
        passages, signed = tracing.read(draft)
        assert not any(passage.is_unread(signed) for passage in passages)

    def test_last_periods_text_is_put_in_its_place(self, draft, monkeypatch):
        scripts = []
        monkeypatch.setattr("bwk.narrative.panel.Javascript", scripts.append)
        _, (row, *_) = name_and_rows(control())
        _, back = every(row, ipywidgets.Button)
        back.click()
        [script] = scripts
        assert json.dumps("Er kwam 1 groep.") in script
        assert json.dumps(self.TEXT) in script
