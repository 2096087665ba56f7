"""Notebooks in, notebooks out: the whole report of a period, and what of a run is published."""

import math
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from bwk import cells
from bwk.errors import WorkbookError
from bwk.export import markdown
from bwk.export.document import bundles
from bwk.outputs import CITY, VOLUME, WHOLE

CHAPTERS = 40  # in one file: more is too heavy to open, and to make
RUN_METADATA = ("papermill", "execution", "widgets")


@dataclass(frozen=True)
class Volume:
    """A file of the whole report, the `number` of a `count`, with the names of its chapters."""

    name: str
    chapters: Sequence[str]
    number: int
    count: int


def volumes(scopes: Iterable[str]) -> list[Volume]:
    """Divide the locations among scopes over as few files of the whole report as can be.

    >>> volumes(["stad", "hart", "top"])
    [Volume(name='tussenrapportage', chapters=['hart', 'top'], number=1, count=1)]
    >>> [(volume.name, len(volume.chapters)) for volume in volumes(["x"] * 81)]
    [('tussenrapportage', 27), ('tussenrapportage-deel-2', 27), ('tussenrapportage-deel-3', 27)]
    """
    chapters = [scope for scope in scopes if scope != CITY]
    count = math.ceil(len(chapters) / CHAPTERS) or 1
    divided = []
    for number in range(1, count + 1):
        name = WHOLE if number == 1 else f"{VOLUME}-{number}"
        start = len(chapters) * (number - 1) // count
        end = len(chapters) * number // count
        divided.append(Volume(name, chapters[start:end], number, count))
    return divided


def combine(
    city: NotebookNode, chapters: Sequence[NotebookNode], number: int = 1, count: int = 1
) -> NotebookNode:
    """Join the executed notebooks of the city and of the locations to the whole report.

    The masthead of the city becomes that of the whole, which goes through the same exporters.
    There each cell knows its chapter: the `short` name in the masthead of its location. What is
    marked `appendix` comes once, at the end: the city's. Of several volumes (this is one
    `number` of a `count`) the first has what the city tells.

    Raises
    ------
    WorkbookError
        If a chapter has no masthead.
    """
    together = deepcopy(city)
    if count > 1:
        for masthead in filter(_is_masthead, bundles(together.cells)):
            masthead["subtitle"] += f", deel {number} van {count}"
    appendix = [cell for cell in together.cells if cells.comes_once(cell)]
    together.cells = [
        cell
        for cell in together.cells
        if not cells.comes_once(cell)
        if number == 1 or any(map(_is_masthead, bundles([cell])))
    ]
    for index, nb in enumerate(chapters, 1):
        chapter = _short(nb, index)
        for cell in nb.cells:
            if not cells.comes_once(cell):
                copy = deepcopy(cell)
                cells.label(copy, chapter=chapter)
                copy["id"] = f"{index}-{cell.get('id', '')}"[:64]
                together.cells.append(copy)
    together.cells += appendix
    return together


def strip(nb: NotebookNode) -> NotebookNode:
    """Return an executed notebook fit for publishing: the same for each run on the same inputs.

    Timings, paths and other traces of the run go, and so does what a cell printed (`print`,
    warnings): the report does not show it. The values of the parameters stay.
    """
    published = deepcopy(nb)
    for holder in (published, *published.cells):
        holder["metadata"] = {
            name: value for name, value in holder.metadata.items() if name not in RUN_METADATA
        }
    for cell in published.cells:
        if cell.cell_type == "markdown":
            cell["source"] = markdown.inert(cell.source)
        if cells.INJECTED in cells.tags_of(cell):
            cell["id"] = cells.INJECTED
        if "outputs" in cell:
            cell["outputs"] = [out for out in cell.outputs if out.output_type != "stream"]
    return published


def _is_masthead(bundle: Mapping[str, Any]) -> bool:
    return bundle.get("kind") == "masthead"


def _short(nb: NotebookNode, index: int) -> str:
    for bundle in bundles(nb.cells):
        if bundle.get("short"):
            return str(bundle["short"])
    raise WorkbookError(
        f"Hoofdstuk {index} heeft geen titelblok: laat het notitieboek beginnen met "
        "tables.masthead(sheet)."
    )
