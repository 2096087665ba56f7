"""All reports of a period: which there are, made side by side, and what is written beside them."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

from bwk import execute, export, facts, inputs, kernel
from bwk.batch import making, whole
from bwk.batch.ledger import Ledger
from bwk.batch.making import Job, Order, Report
from bwk.errors import LOG, UsageError
from bwk.facts import FactBook
from bwk.files import alone

__all__ = ["Job", "Order", "Report", "plan", "run"]

CLUSTER_SECONDS = 10
_ONE_AT_A_TIME = threading.Lock()


def run(
    order: Order,
    tell: Callable[[Report, int], None] = lambda report, total: None,
    conclude: Callable[[], None] = lambda: None,
) -> list[Report]:
    """Make the reports of a period that are out of date.

    Parameters
    ----------
    order : Order
    tell : callable
        Hears of each report when it is ready, and how many there are.
    conclude : callable
        Does what else belongs to a run, before the run is noted as whole.

    Raises
    ------
    DataError, UsageError, ReportError
        Before anything is written; ReportError where another run is busy with the period.
    """
    # Of the inputs before they are read: what changes meanwhile is then made again.
    key = inputs.key(
        order.data, order.notebooks, order.output, order.period.folder, order.skip_bad_rows
    )
    with ExitStack() as warm:
        if not order.cluster:
            warm.enter_context(kernel.server())
        with _book(order) as book, _pool(order) as pool, alone(order.target):
            ledger = Ledger(book, order, key, tell)
            jobs = ledger.jobs()
            with ledger.opened():
                _make_reports(jobs, order, pool, ledger)
                warm.close()  # joining takes no kernel, and much memory
                _join(book, order.target, ledger)
                ledger.index()
                conclude()
    stems = [*book.sheets, *(volume.name for volume in export.volumes(book.sheets))]
    return sorted(ledger.reports, key=lambda report: stems.index(report.stem))


def plan(order: Order) -> list[Job]:
    """Return what `run` would make, with the reason, or leave; it raises what that raises."""
    with _book(order) as book:
        return Ledger(book, order).jobs()


@contextmanager
def _book(order: Order) -> Iterator[FactBook]:
    """Yield the facts; UsageError where a location that is asked for has none."""
    with facts.book_in_files(
        order.data, order.output, order.period, skip_bad_rows=order.skip_bad_rows
    ) as book:
        for location in order.locations:
            book.sheet(location)
        yield book


def _make_reports(jobs: Sequence[Job], order: Order, pool: Executor, ledger: Ledger) -> None:
    ledger.total = len(jobs)
    for job in jobs:
        if not job.reason:
            ledger.keep(job.scope, job.title)
    stale = [job for job in jobs if job.reason]
    for report in _made(stale, order, pool):
        ledger.add(report)


def _join(book: FactBook, target: Path, ledger: Ledger) -> None:
    """Make the whole report, where a chapter of it is new."""
    volumes = export.volumes(book.sheets)
    ledger.total += len(volumes)
    for volume in volumes:
        reason = ledger.reason(volume.name, whole.parts(volume, target))
        if not reason:
            ledger.keep(volume.name, whole.title(volume))
        elif report := whole.make(volume, book, target, ledger.failed, reason):
            ledger.add(report)


@contextmanager
def _pool(order: Order) -> Iterator[Executor]:
    """Have somebody to make the reports: threads here, each with its kernel, or a cluster."""
    cluster = order.cluster
    if not cluster:
        yield ThreadPoolExecutor(order.workers or execute.SIDE_BY_SIDE)
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


def _made(jobs: Sequence[Job], order: Order, pool: Executor) -> Iterator[Report]:
    """Make reports side by side, and yield each when it is ready."""
    target = order.target.resolve()
    places = {"BWK_NOTEBOOKS": order.notebooks}
    if log := os.environ.get(LOG):  # a worker of a cluster writes there too
        places[LOG] = Path(log)
    with facts.at_hand(facts.kept.place(target), **places) as environment:
        if isinstance(pool, ThreadPoolExecutor):
            make: Callable[..., Report] = making.make
        else:
            make = partial(_make_on_worker, environment)
        futures = [pool.submit(make, job, order.period, target) for job in jobs]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:  # when interrupted, what has begun ends with its kernel
            for future in futures:
                future.cancel()
            pool.shutdown(wait=False)


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
