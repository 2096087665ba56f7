"""All reports of a period: which there are, made side by side, and what is written beside them."""

import csv
import hashlib
import io
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from bwk import execute, export, facts, programme, registrations, tables, workbook
from bwk.errors import BwkError, ReportError
from bwk.facts import CITY, FactBook
from bwk.files import write
from bwk.periods import Period
from bwk.registrations import Registrations

WHOLE, WHOLE_TITLE = "tussenrapportage", "het hele verslag"
PROJECT = Path(__file__).parent.parent
TOOLS = ("bwk", "matplotlib", "nbconvert", "pandas", "papermill", "scipy", "seaborn", "typst")


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
    """What became of a report; `error` is None where it was made, `open` counts open points."""

    name: str
    title: str
    seconds: float
    error: BwkError | None = None
    open: int | None = None


def run(
    period: Period,
    locations: Sequence[str],
    folders: Folders,
    *,
    skip_bad_rows: bool = False,
    workers: int | None = None,
    tell: Callable[[Report, int], None] = lambda report, total: None,
) -> list[Report]:
    """Make the reports of a period.

    Parameters
    ----------
    period : Period
    locations : sequence of str
        Slugs of the locations to make, and `stad`; empty for all.
    folders : Folders
    skip_bad_rows : bool
        Leave rows with errors out rather than refuse the data.
    workers : int, optional
        How many reports at once; default one for each core.
    tell : callable
        Hears of each report when it is ready, and how many there are.

    Raises
    ------
    DataError, UsageError
        Before anything is written.
    """
    began = datetime.now(UTC)
    data = registrations.read(folders.data, skip_bad_rows=skip_bad_rows)
    rules = programme.read(folders.data)
    book = facts.build(data, rules, period, None, facts.read_published(folders.output, period))
    jobs = [_job(book, name, folders.notebooks) for name in _wanted(book, locations)]
    target = folders.output / period.slug
    target.mkdir(parents=True, exist_ok=True)
    write(target / facts.FILE, _json(book.published()))
    write(target / "feiten.csv", _facts_table(book))
    reports = []
    kernels = facts.prepared(book, BWK_NOTEBOOKS=folders.notebooks)
    with kernels, ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        started = [pool.submit(_make, job, period, target) for job in jobs]
        for done in as_completed(started):
            reports.append(done.result())
            tell(reports[-1], len(jobs))
    reports.sort(key=lambda report: [job.name for job in jobs].index(report.name))
    if whole := _whole(book, target, [report.name for report in reports if report.error]):
        reports.append(whole)
        tell(whole, len(reports))
    write(target / "run.json", _json(_provenance(book, data, jobs, reports, began)))
    write(target / "index.html", _index(book, reports, target))
    return reports


def _wanted(book: FactBook, locations: Sequence[str]) -> list[str]:
    for location in locations:
        book.sheet(location)
    return [name for name in book.sheets if not locations or name in locations]


def _job(book: FactBook, name: str, notebooks: Path) -> Job:
    template = workbook.template(notebooks, "stad" if name == CITY else "locatie")
    path = notebooks / book.period.slug / f"{name}.ipynb"
    return Job(name, _title(book, name), template, path if path.exists() else None)


def _title(book: FactBook, name: str) -> str:
    return "de stad" if name == CITY else book.sheets[name].scope.name


def _make(job: Job, period: Period, target: Path) -> Report:
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
    except Exception as unknown:  # one report must not stop the others
        error = ReportError(f"een onverwachte fout ({type(unknown).__name__}): meld die.")
    return Report(job.name, job.title, time.perf_counter() - began, error, left)


def _export(notebook: NotebookNode, target: Path, name: str) -> None:
    html, _ = export.HTMLReportExporter().from_notebook_node(notebook)
    pdf, _ = export.PDFReportExporter().from_notebook_node(notebook)
    write(target / f"{name}.html", html)
    write(target / f"{name}.pdf", pdf)


def _whole(book: FactBook, target: Path, failed: Sequence[str]) -> Report | None:
    """Make the whole report; None where a report that it needs was never asked for."""
    began, error = time.perf_counter(), None
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
        _export(export.combine(city, chapters), target, WHOLE)
    except BwkError as known:
        error = known
    return Report(WHOLE, WHOLE_TITLE, time.perf_counter() - began, error)


def _stub(book: FactBook, name: str) -> NotebookNode:
    """Return a chapter that says that it is missing."""
    masthead = tables.masthead(book.sheets[name])._repr_mimebundle_()
    shown = nbformat.v4.new_output("display_data", data=masthead)
    text = "Dit hoofdstuk ontbreekt: het verslag kon niet worden gemaakt."
    cells = [nbformat.v4.new_code_cell(outputs=[shown], id="masthead")]
    return nbformat.v4.new_notebook(cells=[*cells, nbformat.v4.new_markdown_cell(text, id="text")])


def _index(book: FactBook, reports: Sequence[Report], target: Path) -> str:
    known = {report.name: report for report in reports}
    entries = [
        {
            "name": name,
            "title": title[0].upper() + title[1:],
            "made": (target / f"{name}.html").exists(),
            "error": known[name].error if name in known else None,
            "open": _left(target / f"{name}.ipynb"),
        }
        for name, title in ((WHOLE, WHOLE_TITLE), *((n, _title(book, n)) for n in book.sheets))
    ]
    head = book.sheets[CITY].programme
    return export.index(head["name"], book.period, entries, list(book.not_reported.values()))


def _left(path: Path) -> int | None:
    return export.open_points(workbook.read(path)) if path.exists() else None


def _facts_table(book: FactBook) -> str:
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    columns = ("waarde", "tekst", "eenheid", "achtergehouden", "definitie")
    rows.writerow(["locatie", "feit", *columns])
    for scope, sheet in book.published()["feiten"].items():
        for name, fact in sheet.items():
            rows.writerow([scope, name, *(fact[column] for column in columns)])
    return table.getvalue()


def _provenance(
    book: FactBook,
    data: Registrations,
    jobs: Sequence[Job],
    reports: Sequence[Report],
    began: datetime,
) -> dict[str, Any]:
    files = {path for job in jobs for path in (job.template, job.workbook) if path}
    return {
        "periode": book.period.name,
        "basisperiode": book.baseline.name,
        "begonnen": began.isoformat(timespec="seconds"),
        "seconden": round((datetime.now(UTC) - began).total_seconds(), 2),
        "versies": {tool: version(tool) for tool in TOOLS},
        "code": _hash_of(sorted(Path(__file__).parent.rglob("*.py"))),
        "lock": _hash_of([PROJECT / "requirements.lock"]),
        "data": {file.name: file.sha256 for file in data.files},
        "sjablonen_en_werkboeken": {
            f"{path.parent.name}/{path.name}": _hash_of([path]) for path in sorted(files)
        },
        "weggelaten_rijen": data.skipped_rows,
        "verslagen": {report.name: _state(report) for report in reports},
    }


def _state(report: Report) -> Mapping[str, Any]:
    state = {"staat": "mislukt" if report.error else "klaar", "seconden": round(report.seconds, 2)}
    return state | ({"fout": str(report.error)} if report.error else {})


def _hash_of(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
