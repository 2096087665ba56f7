"""Registrations: the data folder read, checked and made tidy; names made into pseudonyms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from bwk import keys
from bwk.apart import at
from bwk.errors import DataError
from bwk.formats import count
from bwk.registrations import persons, registers
from bwk.registrations.checking import Checked, check_table
from bwk.registrations.columns import TABLES
from bwk.registrations.findings import (
    ERROR,
    SEVERITIES,
    WARNING,
    Finding,
    write_findings,
)
from bwk.registrations.pseudonyms import Pseudonymized, pseudonymize, pseudonyms_of
from bwk.registrations.reading import Loaded, find, load
from bwk.registrations.registers import Registers

__all__ = [
    "Check",
    "DataFile",
    "Finding",
    "Pseudonymized",
    "Registers",
    "Registrations",
    "check",
    "names",
    "pseudonymize",
    "pseudonyms_of",
    "read",
    "write_findings",
]


@dataclass(frozen=True)
class DataFile:
    """A file that was read: its path in the data folder, table, keyed hash, rows used and read."""

    name: str
    table: str
    seal: str
    used: int
    read: int

    @property
    def reported(self) -> int:
        """Rows left out, each with a finding: errors, totals, duplicates."""
        return self.read - self.used


@dataclass(frozen=True)
class Account:
    """The visits that were read from a file: how many, of how many people, and when."""

    file: str
    visits: int
    people: int
    first: date
    last: date


@dataclass(frozen=True)
class Check:
    """Everything that was found in the data folder, the rows of each file, and its visits."""

    findings: tuple[Finding, ...]
    counts: tuple[DataFile, ...]
    accounts: tuple[Account, ...] = ()

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
    kept_registers: pd.DataFrame = field(default_factory=registers.nothing_declared)
    files: tuple[DataFile, ...] = ()
    findings: tuple[Finding, ...] = ()
    skipped_rows: int = 0
    secret: str = ""  # a keyed hash, with which people can be told apart from run to run

    @property
    def warnings(self) -> int:
        """How many findings somebody should look at, though nothing is refused for them."""
        return sum(finding.severity == WARNING for finding in self.findings)

    @property
    def first_to_fill(self) -> str:
        """What a new programme has to fill in first; empty where it has visits."""
        for name, table in (("locaties", self.locations), ("diensten", self.services)):
            if table.empty:
                return f"Er staan nog geen {name} in de datamap: vul eerst de tabel {name}."
        if self.participations.empty:
            return (
                "Er staan nog geen deelnames in de datamap: neem een lijst over met bwk import, "
                "of vul de tabel deelnames."
            )
        return ""

    @cached_property
    def domains(self) -> dict[str, list[str]]:
        """The services of each life domain; a service may have none."""
        groups = self.services.dropna(subset="leefgebied").groupby("leefgebied")["dienst"]
        return {str(domain): [*services] for domain, services in groups}

    @cached_property
    def registers(self) -> Registers:
        """Which register each location keeps, and on which days."""
        return registers.read(self.kept_registers, self.participations, self.roles, self.referrals)


def read(folder: Path, *, skip_bad_rows: bool = False, today: date | None = None) -> Registrations:
    """Read the data folder into tidy tables.

    Parameters
    ----------
    skip_bad_rows : bool
        Leave rows with errors out and count them, instead of refusing the data.
    today : date, optional
        The last day that is not in the future; today if it is not given.

    Raises
    ------
    DataError
        If there are errors, or the folder or a required table is missing.
    """
    data, of_files = _take_in(folder, today or date.today(), skip_bad_rows)
    errors = Check(tuple(of_files) if skip_bad_rows else data.findings, ()).errors
    if errors:
        files = {finding.file for finding in errors}
        raise DataError(
            f"De gegevens zijn geweigerd, met {count(len(errors), 'fout', 'fouten')} in "
            f"{count(len(files), 'bestand', 'bestanden')}; de eerste is {errors[0].place}: "
            f"{errors[0].message} {errors[0].remedy} Met ‘bwk check’ ziet u ze alle."
        )
    return data


def check(folder: Path, *, today: date | None = None) -> Check:
    """Check the data folder and return everything that was found, in one pass.

    Raises
    ------
    DataError
        If there is no such folder.
    """
    data, _ = _take_in(folder, today or date.today(), skip_bad_rows=False)
    return Check(data.findings, data.files, tuple(_accounts(data.participations)))


def _accounts(visits: pd.DataFrame) -> Iterator[Account]:
    """Yield the visits of each file that has any with a readable day."""
    files = visits.dropna(subset="datum").groupby("bron", observed=True)
    table = files.agg(
        visits=("aantal", "sum"),
        people=("deelnemer", "nunique"),
        first=("datum", "min"),
        last=("datum", "max"),
    )
    for file, number, people, begin, end in table.itertuples():
        yield Account(str(file), int(number), int(people), begin.date(), end.date())


def names(folder: Path, name: str) -> dict[str, str]:
    """Return the names in a table of the data folder, by their key; empty where it has none.

    Raises
    ------
    DataError
        If there is no such folder.
    """
    tables, _ = find(Path(folder))
    loaded = [load(Path(folder), file, table) for file, table in tables.items() if table == name]
    rows = check_table(name, _sheets(name, loaded), {}, date.today(), skip_bad_rows=True).frame
    return dict(zip(rows[TABLES[name].key], rows["naam"], strict=True))


def _take_in(folder: Path, today: date, skip_bad_rows: bool) -> tuple[Registrations, list[Finding]]:
    """Read and check all files; apart, what is wrong with files as a whole."""
    folder = Path(folder)
    names, of_files = find(folder)
    loaded = {name: load(folder, name, table) for name, table in names.items()}
    at("")
    tables = _check_tables([*loaded.values()], today, skip_bad_rows)
    for file in loaded.values():
        of_files += file.of_files
    findings = []
    for checked in tables.values():
        of_files += checked.of_files
        findings += checked.findings
    frames: dict[str, Any] = {
        TABLES[name].attribute: checked.frame for name, checked in tables.items()
    }
    frames["participants"] = persons.with_homes(frames["participants"])
    data = Registrations(**frames)
    places = next((name for name, table in names.items() if table == "locaties"), "")
    findings = [*of_files, *findings]
    findings += registers.warnings(data.registers, data.locations, places, today)
    findings.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    complete = replace(
        data,
        files=tuple(
            DataFile(name, file.table, file.seal, tables[file.table].used.get(name, 0), file.rows)
            for name, file in loaded.items()
        ),
        findings=tuple(findings),
        skipped_rows=sum(checked.errors for checked in tables.values()),
        secret=keys.seal(folder, "deelnemers"),
    )
    vars(complete)["registers"] = data.registers  # gone through once: there may be millions of rows
    return complete, of_files


def _sheets(table: str, loaded: Sequence[Loaded]) -> list[pd.DataFrame]:
    return [sheet for file in loaded if file.table == table for sheet in file.sheets]


def _check_tables(loaded: Sequence[Loaded], today: date, skip_bad_rows: bool) -> dict[str, Checked]:
    tables: dict[str, Checked] = {}
    above: dict[str, pd.DataFrame] = {}
    for name in TABLES:
        sheets = _sheets(name, loaded)
        tables[name] = check_table(name, sheets, above, today, skip_bad_rows)
        if sheets:
            above[name] = tables[name].frame
    return tables
