"""The whole report: the city and a chapter for each location, in one file or a few volumes."""

import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from bwk import bundle, export, inputs, tables, workbook
from bwk.batch.making import Report
from bwk.errors import BwkError, ReportError
from bwk.facts import CITY, FactBook


@dataclass(frozen=True)
class Volume:
    """A file of the whole report, the `number` of a `count`, with its chapters."""

    name: str
    chapters: Sequence[str]
    number: int
    count: int

    @property
    def title(self) -> str:
        """What people call it."""
        part = f", deel {self.number} van {self.count}" if self.count > 1 else ""
        return f"het hele verslag{part}"

    @property
    def reports(self) -> list[str]:
        """The reports that it is made from."""
        return [CITY, *self.chapters]


def volumes(book: FactBook) -> list[Volume]:
    """Return the volumes of the whole report of a period."""
    divided = export.volumes([name for name in book.sheets if name != CITY])
    return [
        Volume(name, chapters, number, len(divided))
        for number, (name, chapters) in enumerate(divided.items(), 1)
    ]


def parts(volume: Volume, target: Path) -> dict[str, str]:
    """Return the hashes of everything that goes into a volume."""
    sums = [inputs.digest([target / f"{name}.ipynb"]) for name in volume.reports]
    return {"tekst": inputs.hashed(sums), "code": inputs.code()}


def make(
    volume: Volume, book: FactBook, target: Path, failed: Collection[str], why: str
) -> Report | None:
    """Make a volume from its executed notebooks; `why` is the reason for it.

    None where a report that it needs was never asked for.
    """
    began, error, left = time.perf_counter(), None, None
    missing = {name for name in volume.reports if not (target / f"{name}.ipynb").exists()}
    if missing - set(failed):
        return None
    try:
        if CITY in missing:
            raise ReportError("dat begint met het deel over de stad, en dat is er niet.")
        city, *chapters = (
            _stub(book, name) if name in missing else workbook.read(target / f"{name}.ipynb")
            for name in volume.reports
        )
        together = export.combine(city, chapters, volume.number, volume.count)
        left = export.open_points(together)
        export.publish(together, target, volume.name)
    except BwkError as known:
        error = known
    return Report(volume.name, volume.title, time.perf_counter() - began, error, left, why)


def make_apart(*work: Any) -> Report | None:
    """Make one of several volumes in a process of its own, with which its memory goes."""
    context = get_context("spawn")
    end, start = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(start, *work))
    process.start()
    start.close()
    try:
        return end.recv()
    except EOFError:
        volume, *_, why = work
        error = ReportError("het maken ervan is gestopt, misschien door te weinig geheugen.")
        return Report(volume.name, volume.title, 0, error, why=why)
    finally:
        process.kill()
        process.join()


def _send(start: Connection, *work: Any) -> None:
    with suppress(KeyboardInterrupt, BrokenPipeError):
        start.send(make(*work))


def _stub(book: FactBook, name: str) -> NotebookNode:
    """Return a chapter that says that it is missing, which is an open point."""
    masthead = tables.masthead(book.sheets[name])._repr_mimebundle_()
    masthead[bundle.MIME] |= {"open": 1}
    shown = nbformat.v4.new_output("display_data", data=masthead)
    text = "Dit hoofdstuk ontbreekt: het verslag kon niet worden gemaakt."
    cells = [nbformat.v4.new_code_cell(outputs=[shown], id="masthead")]
    return nbformat.v4.new_notebook(cells=[*cells, nbformat.v4.new_markdown_cell(text, id="text")])
