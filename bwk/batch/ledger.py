"""What a run leaves of itself: `run.json`, the index and the facts, and what is out of date."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bwk import export, facts, formats, inputs, narrative, outputs
from bwk.batch import making, whole
from bwk.batch.making import Job, Order, Report
from bwk.facts import FactBook
from bwk.files import clear, write
from bwk.outputs import Made, Run

PAUSE = 1  # seconds between two writings of the file, which holds all reports
CHANGED = {
    "cijfers": "de cijfers zijn veranderd",
    "sjabloon": "het sjabloon is veranderd",
    "tekst": "de tekst is veranderd",
    "akkoord": "de bevestigingen zijn veranderd",
    "code": "bwk is veranderd",
}


class Ledger:
    """What is ready, in `run.json`: written as the run goes on, for it may be stopped.

    Attributes
    ----------
    reports : list of Report
        Those that are ready.
    total : int
        How many there will be.
    """

    def __init__(
        self,
        book: FactBook,
        order: Order,
        key: str = "",
        tell: Callable[[Report, int], None] = lambda report, total: None,
    ) -> None:
        self.reports: list[Report] = []
        self.total = 0
        self._book = book
        self._order = order
        self._key = key
        self._tell = tell
        self._jobs = [making.job(book, scope, order.notebooks) for scope in book.sheets]
        self._earlier = inputs.record(order.target).reports
        self._hashes: dict[str, Mapping[str, str]] = {}
        self._run = Run()
        self._began = time.perf_counter()
        self._written = -math.inf  # the first report is noted at once

    def jobs(self) -> list[Job]:
        """Return what to make reports of, each with the reason."""
        locations = self._order.locations
        return [
            replace(job, reason=self.reason(job.scope, _hashes(self._book, job)))
            for job in self._jobs
            if not locations or job.scope in locations
        ]

    def reason(self, stem: str, hashes: Mapping[str, str]) -> str:
        """Say in Dutch why a report has to be made; empty where it is up to date.

        The `hashes` are those of all that it is made from.
        """
        self._hashes[stem] = hashes
        earlier = self._earlier.get(stem)
        if self._order.force or not earlier:
            return "nog niet gemaakt"
        if earlier.error:
            return "de vorige keer mislukt"
        reasons = [
            reason
            for ingredient, reason in CHANGED.items()
            if hashes.get(ingredient) != earlier.parts.get(ingredient)
        ]
        if reasons:
            return formats.enumeration(reasons)
        if inputs.intact(self._order.target, earlier):
            return ""
        return "een bestand ontbreekt of is veranderd"

    def keep(self, stem: str, title: str) -> None:
        """Note that a report is up to date."""
        self.add(Report(stem, title, 0, open=self._earlier[stem].open))

    @property
    def failed(self) -> list[str]:
        """The reports that could not be made."""
        return [report.stem for report in self.reports if report.error]

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Begin the folder of the period with its facts, and end it with the sums.

        Where the work stops half-way, what is ready is noted: it need not be made again. Without
        the sums the next run goes on, also where each report is ready.
        """
        self._begin()
        try:
            yield
        except BaseException:
            self._save()
            raise
        self._end()

    def _begin(self) -> None:
        target = self._order.target
        facts.kept.keep(self._book, target)
        target.mkdir(exist_ok=True)
        clear(target)
        book = self._book
        issued = facts.issued.append(target.parent, book.line, book.after, book.portions)
        self._run = self._provenance(issued)
        self._save()
        kept = facts.kept.place(target)
        write(target / outputs.FACTS, (kept / facts.kept.LIST).read_bytes())
        write(target / outputs.TABLE, (kept / facts.kept.TABLE).read_bytes())

    def _provenance(self, issued: str) -> Run:
        book = self._book
        sources = {path for job in self._jobs for path in (job.template, job.workbook) if path}
        stems = list(_titles(book))
        return Run(
            programme=book.city.programme["name"],
            period=book.period.name,
            baseline=book.baseline.name,
            begun=datetime.now(UTC).isoformat(timespec="seconds"),
            versions=inputs.versions(),
            code=inputs.code(),
            lock=inputs.digest([inputs.PROJECT / "requirements.lock"]),
            data=book.files,
            sources={
                f"{path.parent.name}/{path.name}": inputs.digest([path]) for path in sorted(sources)
            },
            skipped_rows=book.skipped_rows,
            skip_bad_rows=self._order.skip_bad_rows,
            stems=stems,
            reports={stem: self._earlier[stem] for stem in stems if stem in self._earlier},
            issued=issued,
            corrected=book.checks.corrected,
            warnings=book.warnings,
        )

    def add(self, report: Report) -> None:
        """Note what became of a report; what is not yet in the file is made anew after a stop."""
        self.reports.append(report)
        stem = report.stem
        self._run.reports[stem] = _record(self._order.target, report, self._hashes[stem], self._key)
        if report.error or time.perf_counter() - self._written > PAUSE:
            self._save()
        self._tell(report, self.total)

    def index(self) -> None:
        """Write the page that leads to the reports, and the sheet of who checks the numbers."""
        target = self._order.target
        self._save()  # what follows reads of each report what became of it
        write(outputs.intern(target) / outputs.CHECKSHEET, _checksheet(self._book))
        write(target / outputs.INDEX, _index(self._book, self._run.reports, target))

    def _end(self) -> None:
        self._run.files = {
            name: inputs.digest([self._order.target / name])
            for name in (outputs.FACTS, outputs.TABLE, outputs.INDEX)
        }
        self._run.seconds = round(time.perf_counter() - self._began, 2)
        self._save()

    def _save(self) -> None:
        outputs.save(self._run, outputs.intern(self._order.target) / outputs.RUN)
        self._written = time.perf_counter()


def _hashes(book: FactBook, job: Job) -> dict[str, str]:
    """Return the hashes of everything that goes into a report."""
    signoffs = ""
    if job.workbook and (path := narrative.beside(job.workbook)).exists():
        signoffs = path.read_text(encoding="utf-8", errors="replace")
    # A sentence may compare with any other report: once something is signed, all are looked at.
    scopes = set(book.sheets) if signoffs else set()
    return {
        "cijfers": inputs.hashed([book.sums[scope] for scope in sorted({job.scope} | scopes)]),
        "sjabloon": inputs.digest([job.template]),
        "tekst": inputs.digest(_texts(job)),
        "akkoord": inputs.hashed(signoffs),
        "code": inputs.hashed([inputs.code(), inputs.versions()]),
    }


def _texts(job: Job) -> list[Path]:
    """Return the workbook, and the words that its evaluators said to be no names."""
    if not job.workbook:
        return []
    words = job.workbook.parent.parent / outputs.WORDS
    return [job.workbook, *([words] if words.exists() else [])]


def _titles(book: FactBook) -> dict[str, str]:
    """Return all reports of a period: the whole report, the city's, and the locations'."""
    volumes = {volume.name: whole.title(volume) for volume in export.volumes(book.sheets)}
    return volumes | {scope: making.title(book, scope) for scope in book.sheets}


def _index(book: FactBook, reports: Mapping[str, Made], target: Path) -> str:
    entries = []
    for stem, title in _titles(book).items():
        record = reports.get(stem, Made())
        entry = {
            "name": stem,
            "title": title[0].upper() + title[1:],
            "made": (target / f"{stem}.html").exists(),
            "error": record.error,
            "open": record.open,
        }
        entries.append(entry)
    reasons = list(book.not_reported.values())
    return export.index(book.city.programme["name"], book.period, entries, reasons)


def _checksheet(book: FactBook) -> str:
    heading = book.city.programme
    checks = book.checks
    return export.checksheet(
        heading["name"], book.period, heading["threshold"], checks.held, checks.warnings
    )


def _record(target: Path, report: Report, hashes: Mapping[str, str], key: str) -> Made:
    """Return what `run.json` says of a report."""
    seconds = round(report.seconds, 2)
    if report.error:
        return Made("mislukt", seconds, str(report.error))
    names = [f"{report.stem}.{kind}" for kind in outputs.KINDS]
    files = {name: inputs.digest([target / name]) for name in names if (target / name).exists()}
    return Made("klaar", seconds, open=report.open, parts=hashes, key=key, files=files)
