"""The whole report: the city and a chapter for each location, in one file or a few volumes."""

from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from bwk import bundle, export, inputs, report, tables, workbook
from bwk.apart import apart
from bwk.batch.making import Report, tried
from bwk.errors import ReportError
from bwk.export import Volume
from bwk.facts import FactBook
from bwk.outputs import CITY


def title(volume: Volume) -> str:
    """Return what people call a volume."""
    number = f", deel {volume.number} van {volume.count}" if volume.count > 1 else ""
    return f"het hele verslag{number}"


def parts(volume: Volume, target: Path) -> dict[str, str]:
    """Return the hashes of everything that goes into a volume."""
    sums = [inputs.digest([path]) for path in _chapters(volume, target).values()]
    return {"tekst": inputs.hashed(sums), "code": inputs.code()}


def make(
    volume: Volume, book: FactBook, target: Path, failed: Collection[str], reason: str
) -> Report | None:
    """Make a volume from its executed notebooks; with the `reason` for it.

    None where a report that it needs was never asked for.
    """
    paths = _chapters(volume, target)
    missing = {scope for scope, path in paths.items() if not path.exists()}
    if missing - set(failed):
        return None
    stubs = {scope: _stub(book, scope) for scope in missing}
    work = partial(_joined, volume, target, stubs)
    if volume.count > 1:  # of many the memory would add up
        work = partial(apart, work)
    return tried(volume.name, title(volume), reason, work)


def _chapters(volume: Volume, target: Path) -> dict[str, Path]:
    """Return the executed notebooks that a volume is made from, by scope."""
    return {scope: target / f"{scope}.ipynb" for scope in (CITY, *volume.chapters)}


def _joined(volume: Volume, target: Path, stubs: Mapping[str, NotebookNode]) -> int | None:
    if CITY in stubs:
        raise ReportError("dat begint met het deel over de stad, en dat is er niet.")
    reports = {
        scope: stubs.get(scope) or workbook.read(path)
        for scope, path in _chapters(volume, target).items()
    }
    return export.open_points(report.publish_volume(volume, reports, target))


def _stub(book: FactBook, location: str) -> NotebookNode:
    """Return a chapter that says that it is missing, which is an open point."""
    masthead = tables.masthead(book.sheets[location])._repr_mimebundle_()
    masthead[bundle.MIME] |= {"open": 1}
    text = "Dit hoofdstuk ontbreekt: het verslag kon niet worden gemaakt."
    return new_notebook(
        cells=[
            new_code_cell(outputs=[new_output("display_data", data=masthead)], id="masthead"),
            new_markdown_cell(text, id="text"),
        ]
    )
