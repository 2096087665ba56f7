"""The pages made from docstrings: the gallery shows every public function, and both are made."""

import subprocess
import sys
from pathlib import Path

import pytest
from gallery import functions, gallery
from lxml import html as lxml_html
from small import ROOT

from bwk import figures, tables

FUNCTIONS = [*functions(figures), *functions(tables)]


@pytest.fixture(scope="module")
def page() -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(gallery())


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__qualname__)
def test_each_public_function_stands_in_the_gallery_with_its_docstring(page, function):
    described = {
        (
            heading.text_content().split()[-1],
            " ".join(heading.xpath("string(following::p[1])").split()),
        )
        for heading in page.iter("h3")
    }
    assert function.__doc__
    opening = function.__doc__.split("\n\n")[0]
    assert (function.__name__, " ".join(opening.split())) in described


def test_each_figure_and_table_is_shown(page):
    shown = {element.get("id") for element in page.iter("figure", "table", "div", "section")}
    anchors = {name for name in shown if name and name.startswith(("fig-", "tab-"))}
    assert len(page.findall(".//figure//img")) == 10
    assert len(anchors) == 19


def test_the_pages_of_the_api_are_made(tmp_path: Path):
    command = ["-m", "pdoc", "--docformat", "numpy", "--output-directory", tmp_path, "bwk"]
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True)
    rooms = {path.stem for path in (ROOT / "bwk").glob("[!_]*.py")}
    rooms |= {path.parent.name for path in (ROOT / "bwk").glob("*/__init__.py")}
    made = {path.stem for path in (tmp_path / "bwk").iterdir()}
    assert len(rooms) > 15
    assert rooms <= made
