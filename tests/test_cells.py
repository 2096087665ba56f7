"""What the metadata of a cell say is asked in one room: whoever shows and whoever counts agree."""

import re

import nbformat
import pytest
from bench.edits import slot, template
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sheets import published
from small import ROOT

from bwk import cells, export, narrative, workbook

NUMBER = "Er kwamen 87 mensen uit Houten."
TAGS = ["niet-exporteren", "remove_cell", "remove-cell"]


def tagged(*tags, **own):
    metadata = {"tags": [*tags], **({"bwk": own} if own else {})}
    return new_markdown_cell(NUMBER, metadata=metadata)


KINDS = [  # a cell; its key; its role; does a reader see it; is it an evaluator's text
    (slot("a", "code", "1 + 1"), "a", "code", True, False),
    (slot("a", "fixed", "## Kop"), "a", "fixed", True, False),
    (slot("a", "narrative", "Tekst."), "a", "narrative", True, True),
    (slot("a", "narrative", ""), "a", "narrative", True, True),
    (slot("a", "reference", "Toen."), "a", "reference", False, True),
    (slot("a", "fixed", "## Controle", screen=True), "a", "fixed", False, False),
    (slot("bijlage", "appendix", "## Bijlage"), "bijlage", "appendix", False, True),
    (new_markdown_cell("Erbij."), None, None, True, True),
    (new_markdown_cell(" \n"), None, None, True, False),
    (new_code_cell("1 + 1"), None, None, True, False),
    (tagged("niet-exporteren", role="appendix"), None, "appendix", False, True),
    (tagged("eigen"), None, None, True, True),
    *((tagged(tag), None, None, False, True) for tag in TAGS),
    *((tagged(tag, key="a", role="narrative"), "a", "narrative", False, True) for tag in TAGS),
    (tagged("parameters"), None, None, False, True),
    (tagged("injected-parameters"), None, None, False, True),
    (new_markdown_cell("Raar.", metadata={"bwk": 3}), None, None, True, True),
    (new_markdown_cell("Raar.", metadata={"bwk": {"key": ["a"]}}), None, None, True, True),
]


@pytest.mark.parametrize(("cell", "key", "role", "seen", "writing"), KINDS)
def test_a_kind_of_cell_is_known_by_its_metadata(cell, key, role, seen, writing):
    assert (cells.key_of(cell), cells.role_of(cell)) == (key, role)
    assert bool([*cells.shown(new_notebook(cells=[cell]))]) is seen
    assert cells.is_writing(cell) is writing


def test_cells_that_are_shown_keep_their_number():
    notebook = new_notebook(cells=[tagged("parameters"), tagged("remove_cell"), tagged()])
    assert [number for number, _ in cells.shown(notebook)] == [3]


class TestTheAppendix:
    HEAD = slot("bijlage", "appendix", "## Bijlage")
    SPARE = tagged("niet-exporteren", role="appendix")

    def sources(self, *parts):
        return [cell.source for _, cell in cells.shown(new_notebook(cells=[*parts]))]

    def test_what_is_written_below_its_heading_is_not_shown(self):
        assert self.sources(new_markdown_cell("Erboven."), self.HEAD, tagged()) == ["Erboven."]

    def test_what_was_moved_out_of_it_is_shown(self):
        assert self.sources(self.SPARE, self.HEAD, self.SPARE) == [NUMBER]

    def test_without_its_heading_nothing_was_moved_out(self):
        assert self.sources(self.SPARE) == []

    def test_a_section_that_slid_below_it_is_still_one(self):
        assert self.sources(self.HEAD, slot("a", "narrative", "Tekst."), tagged()) == [
            "Tekst.",
            NUMBER,
        ]

    def test_another_tag_still_counts(self):
        out = tagged("niet-exporteren", "remove_cell", role="appendix")
        assert self.sources(out, self.HEAD) == []


class TestWhatIsShownIsWhatIsCounted:
    START = template("diensten", "rollen")

    def page_and_points(self, tmp_path, change):
        """Return the page of a workbook, as a run makes it, and what is open in it."""
        notebook = workbook.update(self.START, None).notebook
        change(notebook)
        path = tmp_path / "2018-H1" / "hart.ipynb"
        path.parent.mkdir()
        nbformat.write(notebook, path)
        page, _ = export.HTMLReportExporter().from_notebook_node(
            workbook.assemble(self.START, notebook)
        )
        points = narrative.open_points(path, {"hart": published()}, "hart")
        return page, [str(point) for point in points]

    def agree(self, tmp_path, change, shown):
        page, points = self.page_and_points(tmp_path, change)
        assert ("uit Houten" in page) is shown
        assert any("87" in point for point in points) is shown

    @pytest.mark.parametrize("tag", TAGS)
    def test_a_text_with_a_tag_is_in_neither(self, tmp_path, tag):
        self.agree(tmp_path, lambda nb: nb.cells.append(tagged(tag)), shown=False)

    @pytest.mark.parametrize("tag", TAGS)
    def test_a_section_with_a_tag_is_in_neither(self, tmp_path, tag):
        def change(notebook):
            [cell] = [c for c in notebook.cells if cells.key_of(c) == "rollen-tekst"]
            cell.source, cell.metadata["tags"] = NUMBER, [tag]

        self.agree(tmp_path, change, shown=False)

    def test_a_text_without_one_is_in_both(self, tmp_path):
        self.agree(tmp_path, lambda nb: nb.cells.append(tagged("eigen")), shown=True)

    def test_a_text_that_was_moved_out_of_the_appendix_is_in_both(self, tmp_path):
        def change(notebook):
            notebook.cells += [TestTheAppendix.SPARE, TestTheAppendix.HEAD]

        self.agree(tmp_path, change, shown=True)

    def test_a_text_below_the_appendix_is_in_neither(self, tmp_path):
        def change(notebook):
            notebook.cells += [TestTheAppendix.HEAD, tagged()]

        self.agree(tmp_path, change, shown=False)

    def test_a_heading_that_is_not_shown_heads_no_section(self, tmp_path):
        def change(notebook):
            hidden = new_markdown_cell("## Voor mij", metadata={"tags": ["remove_cell"]})
            notebook.cells += [hidden, tagged()]

        _, points = self.page_and_points(tmp_path, change)
        assert "Rollen: Het getal ‘87’ is nog niet bevestigd." in points


def test_no_other_room_reads_the_metadata_of_a_cell():
    asked = re.compile(
        r"""["'](?:tags|niet-exporteren|remove[_-]cell|(?:injected-)?parameters)["']"""
        r"""|metadata(?:\.bwk|\.get\(["']bwk|\[["']bwk)|\.get\(["']bwk"""
    )
    files = [path for path in (ROOT / "bwk").rglob("*.py") if path.name != "cells.py"]
    assert files
    assert [path.name for path in files if asked.search(path.read_text("utf-8"))] == []
