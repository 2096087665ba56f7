"""One report: its workbook executed and exported, or the reason why not."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat

from bwk import execute, export, workbook
from bwk.errors import BwkError, readable
from bwk.facts import CITY, FactBook
from bwk.files import write
from bwk.periods import Period


@dataclass(frozen=True)
class Job:
    """A report to make: slug, title, and the template and workbook that it comes from."""

    name: str
    title: str
    template: Path
    workbook: Path | None


@dataclass(frozen=True)
class Report:
    """What became of a report; `error` is None where it was made, `open` counts open points.

    `why` says for what reason it was made; empty where it was up to date.
    """

    name: str
    title: str
    seconds: float
    error: BwkError | None = None
    open: int | None = None
    why: str = ""


def job(book: FactBook, name: str, notebooks: Path) -> Job:
    """Return what is needed to make the report of a location, or of the city."""
    notebooks = notebooks.resolve()
    path = notebooks / book.period.folder / f"{name}.ipynb"
    template = workbook.template(notebooks, name)
    return Job(name, title(book, name), template, path if path.exists() else None)


def title(book: FactBook, name: str) -> str:
    """Return what people call a report."""
    return "de stad" if name == CITY else book.label(name).name


def make(job: Job, period: Period, target: Path, why: str) -> Report:
    """Execute and export one report; `why` is the reason for it."""
    return tried(job.name, job.title, why, partial(_made, job, period, target))


def tried(name: str, title: str, why: str, work: Callable[[], int | None]) -> Report:
    """Return what became of a report whose `work` makes it and counts its open points."""
    began, error, left = time.perf_counter(), None, None
    try:
        left = work()
    except Exception as failure:  # one report must not stop the others
        error = readable(failure)
    return Report(name, title, time.perf_counter() - began, error, left, why)


def _made(job: Job, period: Period, target: Path) -> int | None:
    template = workbook.parametrized(workbook.read(job.template), job.name, period.name)
    text = workbook.read(job.workbook, template) if job.workbook else None
    notebook = workbook.assemble(template, text)
    done = execute.execute(notebook, {"location": job.name, "period": period.name})
    export.publish(done, target, job.name)
    write(target / f"{job.name}.ipynb", nbformat.writes(export.strip(done)))
    return export.open_points(done)
