"""All reports of a period: which there are, made side by side, and what is written beside them."""

import csv
import io
import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import nbformat
from filelock import FileLock, Timeout
from nbformat import NotebookNode

from bwk import (
    bundle,
    execute,
    export,
    facts,
    formats,
    inputs,
    kernel,
    narrative,
    tables,
    workbook,
)
from bwk.errors import BwkError, ReportError, UsageError, unwritable
from bwk.facts import CITY, FactBook
from bwk.files import clear, write
from bwk.periods import Period

CLUSTER_SECONDS = 10
ONE = threading.Lock()
WHOLE, WHOLE_TITLE = "tussenrapportage", "het hele verslag"
CHANGED = {
    "cijfers": "de cijfers zijn veranderd",
    "sjabloon": "het sjabloon is veranderd",
    "tekst": "de tekst is veranderd",
    "akkoord": "de bevestigingen zijn veranderd",
    "code": "bwk is veranderd",
}


@dataclass(frozen=True)
class Folders:
    """Where a run reads and writes."""

    data: Path
    notebooks: Path
    output: Path


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
        How many reports at once; default one for each core.
    cluster : str
        Address of a Dask scheduler: its workers make the reports, in the same folders.
    tell : callable
        Hears of each report when it is ready, and how many there are.

    Raises
    ------
    DataError, UsageError, ReportError
        Before anything is written; ReportError where another run is busy with the period.
    """
    target = folders.output / period.slug
    with nullcontext() if dry or cluster else kernel.server():
        key, places = _key(period, folders, skip_bad_rows), (folders.data, folders.output)
        book = facts.read_book(*places, period, skip_bad_rows=skip_bad_rows)
        jobs = [_job(book, name, folders.notebooks) for name in _wanted(book, locations)]
        parts = {job.name: _parts(book, job) for job in jobs}
        known = {} if force else inputs.record(target).get("verslagen", {})
        whys = {job.name: _why(target, known.get(job.name), parts[job.name]) for job in jobs}
        if dry:
            return [Report(job.name, job.title, 0, why=whys[job.name]) for job in jobs]
        with _pool(workers, cluster) as pool, _alone(folders.output, period):
            ledger = _Ledger(target, key, _provenance(book, folders.notebooks), tell)
            facts.keep(book, target)
            write(target / facts.FILE, _json(book.published()))
            write(target / "feiten.csv", _facts_table(book))
            for job in (job for job in jobs if not whys[job.name]):
                left = known[job.name]["open"]
                ledger.add(Report(job.name, job.title, 0, open=left), parts[job.name], len(jobs))
            stale = [job for job in jobs if whys[job.name]]
            for report in _all_made(stale, whys, book, folders, pool):
                ledger.add(report, parts[report.name], len(jobs))
            whole_from = _whole_parts(book, target)
            why = _why(target, known.get(WHOLE), whole_from)
            if not why:
                left = known[WHOLE]["open"]
                ledger.add(Report(WHOLE, WHOLE_TITLE, 0, open=left), whole_from, len(jobs) + 1)
            elif whole := _whole(book, target, ledger.failed, why):
                ledger.add(whole, whole_from, len(jobs) + 1)
            write(target / "index.html", _index(book, ledger.records, target))
            ledger.close((facts.FILE, "feiten.csv", "index.html"))
    order = [*book.sheets, WHOLE]
    return sorted(ledger.reports, key=lambda report: order.index(report.name))


class _Ledger:
    """What is ready, in `run.json`: written after each report, for a run may be stopped."""

    def __init__(
        self, target: Path, key: str, state: dict[str, Any], tell: Callable[[Report, int], None]
    ) -> None:
        target.mkdir(exist_ok=True)
        clear(target)
        earlier = inputs.record(target).get("verslagen", {})
        self.records = {name: each for name, each in earlier.items() if name in state["alle"]}
        self.reports: list[Report] = []
        self._state = state | {"verslagen": self.records}
        self._target, self._key, self._tell = target, key, tell
        self._began = time.perf_counter()

    @property
    def failed(self) -> list[str]:
        return [report.name for report in self.reports if report.error]

    def add(self, report: Report, parts: Mapping[str, str], total: int) -> None:
        self.reports.append(report)
        self.records[report.name] = _record(self._target, report, parts, self._key)
        write(self._target / inputs.RUN, _json(self._state))
        self._tell(report, total)

    def close(self, written: Sequence[str]) -> None:
        self._state["bestanden"] = {n: inputs.digest([self._target / n]) for n in written}
        self._state["seconden"] = round(time.perf_counter() - self._began, 2)
        write(self._target / inputs.RUN, _json(self._state))


@contextmanager
def _pool(workers: int | None, cluster: str) -> Iterator[Executor]:
    """Have somebody to make the reports: threads here, each with its kernel, or a cluster."""
    if not cluster:
        yield ThreadPoolExecutor(workers or os.cpu_count())
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


@contextmanager
def _alone(output: Path, period: Period) -> Iterator[None]:
    """Let one run at a time work on a period; when a run dies, its lock goes with it."""
    output.mkdir(parents=True, exist_ok=True)
    lock = FileLock(output / f".{period.slug}.bezig", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise ReportError(
            f"Er worden al verslagen gemaakt over {period}: wacht tot dat klaar is."
        ) from None
    try:
        yield
    finally:
        lock.release()


def _key(period: Period, folders: Folders, skip_bad_rows: bool) -> str:
    places = folders.data, folders.notebooks, folders.output
    return inputs.key(*places, period.slug, skip_bad_rows)


def _parts(book: FactBook, job: Job) -> dict[str, str]:
    """Return the hashes of everything that goes into a report."""
    signed = narrative.beside(job.workbook) if job.workbook else None
    words = (
        signed.read_text(encoding="utf-8", errors="replace") if signed and signed.exists() else ""
    )
    named = set(re.findall(r'"over"\s*:\s*"([^"]+)"', words)) & set(book.sheets)
    sheets = [book.sheets[name].to_json() for name in sorted({job.name} | named)]
    return {
        "cijfers": inputs.hashed(sheets),
        "sjabloon": inputs.digest([job.template]),
        "tekst": inputs.digest([job.workbook] if job.workbook else []),
        "akkoord": inputs.hashed(words),
        "code": inputs.hashed([inputs.code(), inputs.versions()]),
    }


def _why(target: Path, last: Mapping[str, Any] | None, parts: Mapping[str, str]) -> str:
    """Say in Dutch why a report has to be made; empty where it is up to date."""
    if not last:
        return "nog niet gemaakt"
    if last.get("fout"):
        return "de vorige keer mislukt"
    known = last.get("sleutel", {})
    changed = [said for part, said in CHANGED.items() if parts.get(part) != known.get(part)]
    if changed:
        return formats.enumeration(changed)
    return "" if inputs.intact(target, last) else "een bestand ontbreekt of is veranderd"


def _all_made(
    jobs: Sequence[Job],
    whys: Mapping[str, str],
    book: FactBook,
    folders: Folders,
    pool: Executor,
) -> Iterator[Report]:
    """Make reports side by side, and yield each when it is ready."""
    target, here = folders.output.resolve() / book.period.slug, isinstance(pool, ThreadPoolExecutor)
    shared = None if here else target
    with facts.prepared(book, shared, BWK_NOTEBOOKS=folders.notebooks) as needed:
        make = _make if here else partial(_make_there, needed)
        started = [pool.submit(make, job, book.period, target, whys[job.name]) for job in jobs]
        try:
            for ready in as_completed(started):
                yield ready.result()
        finally:  # when interrupted, what has begun ends with its kernel
            for each in started:
                each.cancel()
            pool.shutdown(wait=False)


def _wanted(book: FactBook, locations: Sequence[str]) -> list[str]:
    for location in locations:
        book.sheet(location)
    return [name for name in book.sheets if not locations or name in locations]


def _job(book: FactBook, name: str, notebooks: Path) -> Job:
    notebooks = notebooks.resolve()
    template = workbook.template(notebooks, "stad" if name == CITY else "locatie")
    path = notebooks / book.period.slug / f"{name}.ipynb"
    return Job(name, _title(book, name), template, path if path.exists() else None)


def _title(book: FactBook, name: str) -> str:
    return "de stad" if name == CITY else book.sheets[name].scope.name


def _make_there(environment: Mapping[str, str], *work: Any) -> Report:
    """Make a report in a worker of a cluster: one at a time, for a process has one environment."""
    with ONE:
        _warmed()
        os.environ.update(environment)
        return _make(*work)


@cache
def _warmed() -> ExitStack:
    """Have warm kernels for as long as this process lives."""
    stack = ExitStack()
    stack.enter_context(kernel.server())
    return stack


def _make(job: Job, period: Period, target: Path, why: str) -> Report:
    began, error, left = time.perf_counter(), None, None
    try:
        template = workbook.parametrized(workbook.read(job.template), job.name, period.name)
        text = workbook.read(job.workbook, template) if job.workbook else None
        notebook = workbook.assemble(template, text)
        done = execute.execute(notebook, {"location": job.name, "period": period.name})
        left = export.open_points(done)
        _export(done, target, job.name)
        write(target / f"{job.name}.ipynb", nbformat.writes(export.strip(done)))
    except BwkError as known:
        error = known
    except OSError as failure:
        error = ReportError(unwritable(failure))
    except Exception as unknown:  # one report must not stop the others
        error = ReportError(f"een onverwachte fout ({type(unknown).__name__}): meld die.")
    return Report(job.name, job.title, time.perf_counter() - began, error, left, why)


def _export(notebook: NotebookNode, target: Path, name: str) -> None:
    html, _ = export.HTMLReportExporter().from_notebook_node(notebook)
    pdf, _ = export.PDFReportExporter().from_notebook_node(notebook)
    write(target / f"{name}.html", html)
    write(target / f"{name}.pdf", pdf)


def _whole_parts(book: FactBook, target: Path) -> dict[str, str]:
    chapters = [inputs.digest([target / f"{name}.ipynb"]) for name in book.sheets]
    return {"tekst": inputs.hashed(chapters), "code": inputs.code()}


def _whole(book: FactBook, target: Path, failed: Sequence[str], why: str) -> Report | None:
    """Make the whole report; None where a report that it needs was never asked for."""
    began, error, left = time.perf_counter(), None, None
    there = [name for name in book.sheets if (target / f"{name}.ipynb").exists()]
    if set(book.sheets) - set(there) - set(failed):
        return None
    try:
        if CITY not in there:
            raise ReportError("dat begint met het deel over de stad, en dat is er niet.")
        city, *chapters = (
            workbook.read(target / f"{name}.ipynb") if name in there else _stub(book, name)
            for name in book.sheets
        )
        together = export.combine(city, chapters)
        left = export.open_points(together)
        _export(together, target, WHOLE)
    except BwkError as known:
        error = known
    return Report(WHOLE, WHOLE_TITLE, time.perf_counter() - began, error, left, why)


def _stub(book: FactBook, name: str) -> NotebookNode:
    """Return a chapter that says that it is missing, which is an open point."""
    masthead = tables.masthead(book.sheets[name])._repr_mimebundle_()
    masthead[bundle.MIME] |= {"open": 1}
    shown = nbformat.v4.new_output("display_data", data=masthead)
    text = "Dit hoofdstuk ontbreekt: het verslag kon niet worden gemaakt."
    cells = [nbformat.v4.new_code_cell(outputs=[shown], id="masthead")]
    return nbformat.v4.new_notebook(cells=[*cells, nbformat.v4.new_markdown_cell(text, id="text")])


def _index(book: FactBook, records: Mapping[str, Any], target: Path) -> str:
    entries = [
        {
            "name": name,
            "title": title[0].upper() + title[1:],
            "made": (target / f"{name}.html").exists(),
            "error": records.get(name, {}).get("fout"),
            "open": records.get(name, {}).get("open"),
        }
        for name, title in ((WHOLE, WHOLE_TITLE), *((n, _title(book, n)) for n in book.sheets))
    ]
    head = book.sheets[CITY].programme
    return export.index(head["name"], book.period, entries, list(book.not_reported.values()))


def _facts_table(book: FactBook) -> str:
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    columns = ("waarde", "tekst", "eenheid", "achtergehouden", "definitie")
    rows.writerow(["locatie", "feit", *columns])
    for scope, sheet in book.published()["feiten"].items():
        for name, fact in sheet.items():
            rows.writerow([scope, name, *(fact[column] for column in columns)])
    return table.getvalue()


def _provenance(book: FactBook, notebooks: Path) -> dict[str, Any]:
    jobs = [_job(book, name, notebooks) for name in book.sheets]
    files = {path for job in jobs for path in (job.template, job.workbook) if path}
    return {
        "programma": book.sheets[CITY].programme["name"],
        "periode": book.period.name,
        "basisperiode": book.baseline.name,
        "begonnen": datetime.now(UTC).isoformat(timespec="seconds"),
        "versies": inputs.versions(),
        "code": inputs.code(),
        "lock": inputs.digest([inputs.PROJECT / "requirements.lock"]),
        "data": dict(book.files),
        "sjablonen_en_werkboeken": {
            f"{path.parent.name}/{path.name}": inputs.digest([path]) for path in sorted(files)
        },
        "weggelaten_rijen": book.skipped_rows,
        "alle": [*book.sheets, WHOLE],
    }


def _record(target: Path, report: Report, parts: Mapping[str, str], key: str) -> dict[str, Any]:
    """Return what `run.json` says of a report."""
    seconds = round(report.seconds, 2)
    if report.error:
        return {"staat": "mislukt", "seconden": seconds, "fout": str(report.error)}
    names = [f"{report.name}.{kind}" for kind in ("html", "pdf", "ipynb")]
    files = {name: inputs.digest([target / name]) for name in names if (target / name).exists()}
    known = {"staat": "klaar", "seconden": seconds, "open": report.open}
    return known | {"sleutel": dict(parts), "invoer": key, "bestanden": files}


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
