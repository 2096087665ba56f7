"""The workbook: code from the template, text from the evaluator."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from bwk import workbook
from bwk.errors import WorkbookError


def cell(make, source, key, role):
    return make(source, id=key, metadata={"bwk": {"key": key, "role": role}})


def template():
    cells = [
        cell(new_markdown_cell, "## Kop", "kop", "fixed"),
        cell(new_code_cell, "nieuw()", "figuur", "code"),
        cell(new_markdown_cell, "*Schrijf hier*", "tekst", "narrative"),
    ]
    return new_notebook(cells=cells)


def edited(**sources):
    notebook = template()
    for each in notebook.cells:
        each.source = sources.get(each.id, each.source)
    return notebook


def test_code_and_headings_come_from_the_template_and_text_from_the_workbook():
    written = edited(kop="## Anders", figuur="oud()", tekst="Er kwamen 420 mensen.")
    made = workbook.assemble(template(), written)
    assert [each.source for each in made.cells] == ["## Kop", "nieuw()", "Er kwamen 420 mensen."]
    assert written.cells[1].source == "oud()"


def test_without_a_workbook_the_bare_template_is_run():
    assert workbook.assemble(template(), None) == template()


def test_a_cell_that_the_evaluator_added_stays_in_its_place():
    written = edited(tekst="Tekst.")
    written.cells.insert(1, new_markdown_cell("Erbij.", id="eigen"))
    made = workbook.assemble(template(), written)
    assert [each.id for each in made.cells] == ["kop", "eigen", "figuur", "tekst"]


@pytest.mark.parametrize("content", ["{ kapot", "[]", "", '{"cells": 3}'])
def test_what_is_no_notebook_is_refused_by_name(tmp_path, content):
    (tmp_path / "top.ipynb").write_text(content)
    with pytest.raises(WorkbookError, match=r"top\.ipynb is geen leesbaar werkboek"):
        workbook.read(tmp_path / "top.ipynb")


def test_two_cells_with_the_same_code_key_are_refused(tmp_path):
    notebook = template()
    notebook.cells.append(cell(new_code_cell, "nieuw()", "figuur", "code"))
    notebook.cells[-1].id = "kopie"
    nbformat.write(notebook, tmp_path / "top.ipynb")
    with pytest.raises(WorkbookError, match="figuur"):
        workbook.read(tmp_path / "top.ipynb")


def test_the_folder_s_own_template_goes_before_the_project_s(tmp_path):
    assert workbook.template(tmp_path, "stad") == workbook.OWN_TEMPLATES / "stad.ipynb"
    (tmp_path / "sjablonen").mkdir()
    own = tmp_path / "sjablonen/stad.ipynb"
    own.write_text("{}")
    assert workbook.template(tmp_path, "stad") == own
