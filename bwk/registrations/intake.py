"""The data folder as a whole: check it, or read it into tidy tables."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from bwk.errors import DataError
from bwk.formats import count
from bwk.registrations.checking import Checked, check_table
from bwk.registrations.columns import TABLES
from bwk.registrations.findings import ERROR, ORDER, WARNING, Finding, of_file
from bwk.registrations.reading import find, load


@dataclass(frozen=True)
class DataFile:
    """A file that was read: its path in the data folder, table, SHA-256 and rows used."""

    name: str
    table: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class FileCount:
    """The rows of a file: read = used + reported."""

    name: str
    read: int
    used: int

    @property
    def reported(self) -> int:
        """Rows left out, each with a finding: errors, totals, duplicates."""
        return self.read - self.used


@dataclass(frozen=True)
class Check:
    """Everything that was found in the data folder."""

    findings: tuple[Finding, ...]
    counts: tuple[FileCount, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings for which the data are refused."""
        return tuple(finding for finding in self.findings if finding.severity == ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that the user should look at."""
        return tuple(finding for finding in self.findings if finding.severity == WARNING)


@dataclass(frozen=True)
class Registrations:
    """The tidy tables of the data folder; an optional table that is absent is empty."""

    locations: pd.DataFrame
    services: pd.DataFrame
    role_names: pd.DataFrame
    neighbourhoods: pd.DataFrame
    partners: pd.DataFrame
    participants: pd.DataFrame
    roles: pd.DataFrame
    referrals: pd.DataFrame
    participations: pd.DataFrame
    files: tuple[DataFile, ...] = ()
    findings: tuple[Finding, ...] = ()
    skipped_rows: int = 0


@dataclass(frozen=True)
class _Intake:
    tables: Mapping[str, Checked]
    files: tuple[DataFile, ...]
    counts: tuple[FileCount, ...]
    of_files: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        of_rows = (finding for table in self.tables.values() for finding in table.findings)
        return tuple(
            sorted((*self.of_files, *of_rows), key=lambda found: ORDER.index(found.severity))
        )


def read(folder: Path, *, skip_bad_rows: bool = False, today: date | None = None) -> Registrations:
    """Read the data folder into tidy tables.

    Parameters
    ----------
    folder : Path
        The data folder.
    skip_bad_rows : bool
        Leave rows with errors out and count them, instead of refusing the data.
    today : date, optional
        The last day that is not in the future; today if it is not given.

    Raises
    ------
    DataError
        If there are errors, or the folder or a required table is missing.
    """
    intake = _take_in(Path(folder), today or date.today(), skip_bad_rows)
    findings = intake.of_files if skip_bad_rows else intake.findings
    errors = [finding for finding in findings if finding.severity == ERROR]
    if errors:
        raise DataError(_refusal(errors))
    return Registrations(
        **{
            TABLES[name].field: table.frame.reset_index(drop=True)
            for name, table in intake.tables.items()
        },
        files=intake.files,
        findings=intake.findings,
        skipped_rows=sum(table.errors for table in intake.tables.values()),
    )


def check(folder: Path, *, today: date | None = None) -> Check:
    """Check the data folder and return everything that was found, in one pass.

    Raises
    ------
    DataError
        If there is no such folder.
    """
    intake = _take_in(Path(folder), today or date.today(), skip_bad_rows=False)
    return Check(intake.findings, intake.counts)


def _take_in(folder: Path, today: date, skip_bad_rows: bool) -> _Intake:
    if not folder.is_dir():
        raise DataError("De datamap is er niet: maak haar, of noem de goede map met --data.")
    sources, findings = find(folder)
    loaded = [(source, *load(source)) for source in sources]
    findings += [finding for *_, more in loaded for finding in more] + [*_copies(loaded)]
    tables: dict[str, Checked] = {}
    read, used = Counter[str](), Counter[str]()
    for name, table in TABLES.items():
        sheets = [sheet for source, _, some, _ in loaded if source.table == name for sheet in some]
        above = {key: done.frame for key, done in tables.items() if len(done.read)}
        tables[name] = check_table(table, sheets, above, today, skip_bad_rows)
        for sheet, of_read, of_used in zip(
            sheets, tables[name].read, tables[name].used, strict=True
        ):
            read[sheet.file] += int(of_read)
            used[sheet.file] += int(of_used)
    return _Intake(
        tables,
        tuple(
            DataFile(item.name, item.table, sha256, used[item.name]) for item, sha256, *_ in loaded
        ),
        tuple(FileCount(item.name, read[item.name], used[item.name]) for item, *_ in loaded),
        tuple(findings),
    )


def _copies(loaded: Sequence[tuple]) -> Iterator[Finding]:
    """Find files that hold the same bytes: their head counts would be added twice."""
    first: dict[tuple[str, str], str] = {}
    for source, sha256, *_ in loaded:
        original = first.setdefault((source.table, sha256), source.name)
        if sha256 and original != source.name:
            message = f"Dit bestand is precies gelijk aan {original}."
            yield of_file(ERROR, source.name, message, "Haal één van beide weg.")


def _refusal(errors: list[Finding]) -> str:
    files = len({error.file for error in errors})
    first = errors[0]
    return (
        f"De gegevens zijn geweigerd, met {count(len(errors), 'fout', 'fouten')} in "
        f"{count(files, 'bestand', 'bestanden')}; de eerste is {first.place}: {first.message} "
        f"{first.remedy} Met ‘bwk check’ ziet u ze alle."
    )
