"""What a run leaves of itself: `run.json`, the index and the facts, and what is out of date."""

import json
import math
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bwk import export, facts, formats, inputs, narrative
from bwk.batch import making, whole
from bwk.batch.making import Job, Report
from bwk.facts import FactBook
from bwk.files import clear, write

INDEX, TABLE = "index.html", "feiten.csv"
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
    """

    def __init__(
        self,
        book: FactBook,
        target: Path,
        key: str,
        tell: Callable[[Report, int], None],
        *,
        forget: bool = False,
    ) -> None:
        self.reports: list[Report] = []
        self._book, self._target, self._key, self._tell = book, target, key, tell
        self._known = {} if forget else self._recorded()
        self._began, self._written = time.perf_counter(), -math.inf  # the first report at once

    def why(self, name: str, made_from: Mapping[str, str]) -> str:
        """Say in Dutch why a report has to be made; empty where it is up to date."""
        last = self._known.get(name)
        if not last:
            return "nog niet gemaakt"
        if last.get("fout"):
            return "de vorige keer mislukt"
        old = last.get("sleutel", {})
        changed = [said for part, said in CHANGED.items() if made_from.get(part) != old.get(part)]
        if changed:
            return formats.enumeration(changed)
        return "" if inputs.intact(self._target, last) else "een bestand ontbreekt of is veranderd"

    def as_it_was(self, name: str, title: str) -> Report:
        """Return a report that is up to date."""
        return Report(name, title, 0, open=self._known[name]["open"])

    @property
    def failed(self) -> list[str]:
        """The reports that could not be made."""
        return [report.name for report in self.reports if report.error]

    @contextmanager
    def opened(self, notebooks: Path) -> Iterator[None]:
        """Begin the folder of the period with its facts, and end it with the index and the sums.

        Where the work stops half-way, what is ready is noted: it need not be made again.
        """
        self._begin(notebooks)
        try:
            yield
        except BaseException:
            self._save()
            raise
        self._end()

    def _begin(self, notebooks: Path) -> None:
        facts.kept.keep(self._book, self._target)
        self._target.mkdir(exist_ok=True)
        clear(self._target)
        self._state = _provenance(self._book, notebooks)
        names = self._state["alle"]
        self._records = {name: one for name, one in self._recorded().items() if name in names}
        self._state["verslagen"] = self._records
        there = facts.kept.place(self._target)
        for name, source in ((facts.FILE, facts.kept.LIST), (TABLE, facts.kept.TABLE)):
            write(self._target / name, (there / source).read_bytes())

    def add(self, report: Report, made_from: Mapping[str, str], total: int) -> None:
        """Note what became of a report; what is not yet in the file is made anew after a stop."""
        self.reports.append(report)
        self._records[report.name] = _record(self._target, report, made_from, self._key)
        if report.error or time.perf_counter() - self._written > PAUSE:
            self._save()
        self._tell(report, total)

    def _end(self) -> None:
        write(self._target / INDEX, _index(self._book, self._records, self._target))
        written = (facts.FILE, TABLE, INDEX)
        self._state["bestanden"] = {n: inputs.digest([self._target / n]) for n in written}
        self._state["seconden"] = round(time.perf_counter() - self._began, 2)
        self._save()

    def _save(self) -> None:
        write(self._target / inputs.RUN, _json(self._state))
        self._written = time.perf_counter()

    def _recorded(self) -> dict[str, Any]:
        return inputs.record(self._target).get("verslagen", {})


def parts(book: FactBook, job: Job) -> dict[str, str]:
    """Return the hashes of everything that goes into a report."""
    signed = narrative.beside(job.workbook) if job.workbook else None
    words = (
        signed.read_text(encoding="utf-8", errors="replace") if signed and signed.exists() else ""
    )
    named = set(re.findall(r'"over"\s*:\s*"([^"]+)"', words)) & set(book.sheets)
    return {
        "cijfers": inputs.hashed([book.sums[name] for name in sorted({job.name} | named)]),
        "sjabloon": inputs.digest([job.template]),
        "tekst": inputs.digest([job.workbook] if job.workbook else []),
        "akkoord": inputs.hashed(words),
        "code": inputs.hashed([inputs.code(), inputs.versions()]),
    }


def _titles(book: FactBook) -> dict[str, str]:
    """Return all reports of a period: the whole report, the city's, and the locations'."""
    made = {volume.name: whole.title(volume) for volume in whole.volumes(book)}
    return made | {name: making.title(book, name) for name in book.sheets}


def _index(book: FactBook, records: Mapping[str, Any], target: Path) -> str:
    entries = [
        {
            "name": name,
            "title": title[0].upper() + title[1:],
            "made": (target / f"{name}.html").exists(),
            "error": records.get(name, {}).get("fout"),
            "open": records.get(name, {}).get("open"),
        }
        for name, title in _titles(book).items()
    ]
    head = book.city.programme
    return export.index(head["name"], book.period, entries, list(book.not_reported.values()))


def _provenance(book: FactBook, notebooks: Path) -> dict[str, Any]:
    jobs = [making.job(book, name, notebooks) for name in book.sheets]
    files = {path for job in jobs for path in (job.template, job.workbook) if path}
    return {
        "programma": book.city.programme["name"],
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
        "alle": list(_titles(book)),
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
