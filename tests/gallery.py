"""A page with everything that a notebook cell can show: each public function, on the sample.

`make docs` puts it beside the API pages; `python tests/gallery.py FILE` makes it alone. It is a
notebook like any other, and goes the way of a report.
"""

import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from bwk import bundle, facts, figures, tables
from bwk.bundle import Shown
from bwk.export import HTMLReportExporter

PERIOD, LOCATION = "2018-H1", "hart-voor-leidsche-rijn"
OF_CITY = ("growth_by_location", "services_by_location", "locations", "not_reported")


def functions(room: ModuleType) -> Iterator[Callable[..., object]]:
    """Yield the public functions that a room defines, in their order."""
    for name, value in vars(room).items():
        own = inspect.isfunction(value) and value.__module__ == room.__name__
        if own and not name.startswith("_"):
            yield value


def gallery() -> str:
    """Return the page; what takes no fact sheet stands there with its docstring alone."""
    sheets = {scope: facts.load(scope, PERIOD) for scope in (LOCATION, facts.CITY)}
    cells = [_output(tables.masthead(sheets[LOCATION]))]
    for room in (figures, tables):
        cells.append(new_markdown_cell(f"## {room.__name__}"))
        for function in functions(room):
            cells.append(new_markdown_cell(_described(function)))
            takes_sheet = list(inspect.signature(function).parameters) == ["sheet"]
            if takes_sheet and function is not tables.masthead:
                scope = facts.CITY if function.__name__ in OF_CITY else LOCATION
                cells.append(_output(function(sheets[scope])))
    page, _ = HTMLReportExporter().from_notebook_node(new_notebook(cells=cells))
    return page


def _described(function: Callable[..., object]) -> str:
    paragraphs = (inspect.getdoc(function) or "").split("\n\n")
    told = [bundle.escaped(paragraph) for paragraph in paragraphs]
    return "\n\n".join([f"### {bundle.escaped(function.__name__)}", *told])


def _output(shown: Shown) -> NotebookNode:
    return new_code_cell(outputs=[new_output("display_data", data=dict(shown.data))])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(gallery(), encoding="utf-8")
