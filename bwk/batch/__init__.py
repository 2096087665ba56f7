"""All reports of a period: which there are, made side by side, and what is written beside them."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import Any

from bwk import execute, export, facts, inputs, kernel
from bwk.batch import ledger, making, whole
from bwk.batch.ledger import Ledger
from bwk.batch.making import Job, Report
from bwk.errors import LOG, UsageError
from bwk.facts import FactBook
from bwk.files import alone
from bwk.periods import Period

__all__ = ["Folders", "Report", "run"]

CLUSTER_SECONDS = 10
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Folders:
    """Where a run reads and writes."""

    data: Path
    notebooks: Path
    output: Path


def run(
    period: Period,
    locations: Sequence[str],
    folders: Folders,
    *,
    skip_bad_rows: bool = False,
    force: bool = False,
    dry: bool = False,
    workers: int | None = None,
    cluster: str = "",
    tell: Callable[[Report, int], None] = lambda report, total: None,
) -> list[Report]:
    """Make the reports of a period that are out of date.

    Parameters
    ----------
    period : Period
    locations : sequence of str
        Slugs of the locations to make, and `stad`; empty for all.
    folders : Folders
    skip_bad_rows : bool
        Leave rows with errors out rather than refuse the data.
    force : bool
        Make also what is up to date.
    dry : bool
        Only say what would be made, and why.
    workers : int, optional
        How many reports at once; default `execute.SIDE_BY_SIDE`.
    cluster : str
        Address of a Dask scheduler: its workers make the reports, in the same folders.
    tell : callable
        Hears of each report when it is ready, and how many there are.

    Raises
    ------
    DataError, UsageError, ReportError
        Before anything is written; ReportError where another run is busy with the period.
    """
    target = folders.output / period.folder
    key = inputs.key(folders.data, folders.notebooks, folders.output, period.folder, skip_bad_rows)
    with ExitStack() as warm, ExitStack() as held:
        if not (dry or cluster):
            warm.enter_context(kernel.server())
        book = held.enter_context(
            facts.book_in_files(folders.data, folders.output, period, skip_bad_rows=skip_bad_rows)
        )
        jobs = [making.job(book, scope, folders.notebooks) for scope in _scopes(book, locations)]
        parts = {job.scope: ledger.parts(book, job) for job in jobs}
        noted = Ledger(book, target, key, tell, forget=force)
        whys = {job.scope: noted.why(job.scope, parts[job.scope]) for job in jobs}
        if dry:
            return [Report(job.scope, job.title, 0, why=whys[job.scope]) for job in jobs]
        pool = held.enter_context(_pool(workers, cluster))
        busy = f"Er worden al verslagen gemaakt over {period}: wacht tot dat klaar is."
        held.enter_context(alone(target, busy))
        stale = [job for job in jobs if whys[job.scope]]
        current = [noted.as_it_was(job.scope, job.title) for job in jobs if not whys[job.scope]]
        with noted.opened(folders.notebooks):
            for report in chain(current, _all_made(stale, whys, folders, period, pool)):
                noted.add(report, parts[report.stem], len(jobs))
            warm.close()  # joining takes no kernel, and much memory
            _join(book, target, noted)
    order = [*book.sheets, *(volume.name for volume in export.volumes(book.sheets))]
    return sorted(noted.reports, key=lambda report: order.index(report.stem))


def _join(book: FactBook, target: Path, noted: Ledger) -> None:
    """Make the whole report, where a chapter of it is new."""
    volumes = export.volumes(book.sheets)
    total = len(noted.reports) + len(volumes)
    for volume in volumes:
        parts = whole.parts(volume, target)
        why = noted.why(volume.name, parts)
        report: Report | None
        if why:
            report = whole.make(volume, book, target, noted.failed, why)
        else:
            report = noted.as_it_was(volume.name, whole.title(volume))
        if report:
            noted.add(report, parts, total)


@contextmanager
def _pool(workers: int | None, cluster: str) -> Iterator[Executor]:
    """Have somebody to make the reports: threads here, each with its kernel, or a cluster."""
    if not cluster:
        yield ThreadPoolExecutor(workers or execute.SIDE_BY_SIDE)
        return
    try:
        from distributed import Client  # of the extra `cluster`
    except ImportError:
        raise UsageError("Voor --dask ontbreekt een pakket: installeer bwk[cluster].") from None
    try:
        client = Client(cluster, timeout=CLUSTER_SECONDS, set_as_default=False)
    except (OSError, ValueError):
        raise UsageError(f"Op {cluster} is geen Dask-cluster te vinden: start het eerst.") from None
    with client:
        yield client.get_executor(pure=False)


def _all_made(
    jobs: Sequence[Job], whys: Mapping[str, str], folders: Folders, period: Period, pool: Executor
) -> Iterator[Report]:
    """Make reports side by side, and yield each when it is ready."""
    target = folders.output.resolve() / period.folder
    places = {"BWK_NOTEBOOKS": folders.notebooks}
    if log := os.environ.get(LOG):  # a worker of a cluster writes there too
        places[LOG] = Path(log)
    with facts.at_hand(facts.kept.place(target), **places) as environment:
        if isinstance(pool, ThreadPoolExecutor):
            make: Callable[..., Report] = making.make
        else:
            make = partial(_make_on_worker, environment)
        futures = [pool.submit(make, job, period, target, whys[job.scope]) for job in jobs]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:  # when interrupted, what has begun ends with its kernel
            for future in futures:
                future.cancel()
            pool.shutdown(wait=False)


def _scopes(book: FactBook, locations: Sequence[str]) -> list[str]:
    """Return what to make reports of; UsageError where a location has none."""
    for location in locations:
        book.sheet(location)
    return [scope for scope in book.sheets if not locations or scope in locations]


def _make_on_worker(environment: Mapping[str, str], *work: Any) -> Report:
    """Make a report in a worker of a cluster: one at a time, for a process has one environment."""
    with _ONE_AT_A_TIME:
        _warmed()
        os.environ.update(environment)
        return making.make(*work)


@cache
def _warmed() -> ExitStack:
    """Have warm kernels for as long as this process lives."""
    stack = ExitStack()
    stack.enter_context(kernel.server())
    return stack
