"""One report: its workbook executed and exported, or the reason why not."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bwk import export, facts, report
from bwk.errors import BwkError, readable
from bwk.facts import CITY, FactBook
from bwk.periods import Period


@dataclass(frozen=True)
class Order:
    """Which reports to make, from what, and how.

    Attributes
    ----------
    period : Period
    locations : sequence of str
        Slugs of the locations to make, and `stad`; empty for all.
    data, notebooks, output : Path
        The folders where a run reads and writes.
    skip_bad_rows : bool
        Leave rows with errors out rather than refuse the data.
    force : bool
        Make also what is up to date.
    workers : int, optional
        How many reports at once; default `execute.SIDE_BY_SIDE`.
    cluster : str
        Address of a Dask scheduler: its workers make the reports, in the same folders.
    """

    period: Period
    locations: Sequence[str]
    data: Path
    notebooks: Path
    output: Path
    skip_bad_rows: bool = False
    force: bool = False
    workers: int | None = None
    cluster: str = ""

    @property
    def target(self) -> Path:
        """The folder of the period."""
        return self.output / self.period.folder


@dataclass(frozen=True)
class Job:
    """The report of a scope, with the template and workbook that it comes from.

    It holds the `reason` to make it; that is empty where it is up to date.
    """

    scope: str
    title: str
    template: Path
    workbook: Path | None
    reason: str = ""


@dataclass(frozen=True)
class Report:
    """What became of a report.

    Attributes
    ----------
    stem : str
        Of its files: its scope, or a volume of the whole report.
    title : str
        What people call it.
    seconds : float
        What the making took.
    error : BwkError, optional
        Why it could not be made.
    open : int, optional
        How many points are open; None where nobody looked.
    reason : str
        For what reason it was made; empty where it was up to date.
    """

    stem: str
    title: str
    seconds: float
    error: BwkError | None = None
    open: int | None = None
    reason: str = ""


def job(book: FactBook, scope: str, notebooks: Path) -> Job:
    """Return what is needed to make the report of a location, or of the city."""
    template, workbook = report.sources(notebooks.resolve(), book.period, scope)
    return Job(scope, title(book, scope), template, workbook)


def title(book: FactBook, scope: str) -> str:
    """Return what people call a report."""
    return "de stad" if scope == CITY else book.label(scope).name


def make(job: Job, period: Period, target: Path) -> Report:
    """Execute and export one report."""
    return tried(job.scope, job.title, job.reason, partial(_made, job, period, target))


def tried(stem: str, title: str, reason: str, work: Callable[[], int | None]) -> Report:
    """Return what became of a report whose `work` makes it and counts its open points."""
    began = time.perf_counter()
    error = None
    points = None
    try:
        points = work()
    except Exception as failure:  # one report must not stop the others
        error = readable(failure)
    return Report(stem, title, time.perf_counter() - began, error, points, reason)


def _made(job: Job, period: Period, target: Path) -> int | None:
    sheet = facts.load(job.scope, period.name)
    executed = report.executed(job.template, job.workbook, sheet)
    report.publish(executed, export.build(executed), target, job.scope)
    return export.open_points(executed)
