"""Notebooks in, notebooks out: the whole report of a period, and what of a run is published."""

from collections.abc import Sequence
from copy import deepcopy

from nbformat import NotebookNode

from bwk.errors import WorkbookError
from bwk.export.document import MIME

RUN_METADATA = ("papermill", "execution", "widgets")


def combine(city: NotebookNode, chapters: Sequence[NotebookNode]) -> NotebookNode:
    """Join the executed notebooks of the city and of the locations to the whole report.

    The masthead of the city becomes that of the whole, which goes through the same exporters.
    There each cell knows its chapter: the `short` name in the masthead of its location. What is
    marked `appendix` comes once, at the end: the city's.

    Raises
    ------
    WorkbookError
        If a chapter has no masthead.
    """
    whole = deepcopy(city)
    appendix = [cell for cell in whole.cells if _is_appendix(cell)]
    whole.cells = [cell for cell in whole.cells if not _is_appendix(cell)]
    for index, nb in enumerate(chapters, 1):
        name = _short(nb, index)
        for cell in deepcopy([cell for cell in nb.cells if not _is_appendix(cell)]):
            cell.metadata.setdefault("bwk", {})["chapter"] = name
            cell["id"] = f"{index}-{cell.get('id', '')}"[:64]
            whole.cells.append(cell)
    whole.cells += appendix
    return whole


def strip(nb: NotebookNode) -> NotebookNode:
    """Return an executed notebook fit for publishing: the same for each run on the same inputs.

    Timings, paths and other traces of the run go, and so does what a cell printed (`print`,
    warnings): the report does not show it. The values of the parameters stay.
    """
    published = deepcopy(nb)
    for part in (published, *published.cells):
        part["metadata"] = {k: v for k, v in part.metadata.items() if k not in RUN_METADATA}
    for cell in published.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
        if "outputs" in cell:
            cell["outputs"] = [out for out in cell.outputs if out.output_type != "stream"]
    return published


def _is_appendix(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("bwk", {}).get("appendix"))


def _short(nb: NotebookNode, index: int) -> str:
    outputs = (output for cell in nb.cells for output in cell.get("outputs", []))
    for bundle in (output.get("data", {}).get(MIME, {}) for output in outputs):
        if bundle.get("short"):
            return str(bundle["short"])
    raise WorkbookError(
        f"Hoofdstuk {index} heeft geen titelblok: laat het notitieboek beginnen met "
        "tables.masthead(sheet)."
    )
