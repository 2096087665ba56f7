"""What is wrong in the data, where it stands and how to mend it; never what the cell holds."""

import csv
import os
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from io import StringIO
from pathlib import Path

import numpy as np

from bwk.formats import count

ERROR, WARNING, NOTE = "fout", "waarschuwing", "opmerking"
LIMIT = {ERROR: 1000, WARNING: 1000, NOTE: 1}
HEADER = ("ernst", "bestand", "blad", "rij", "kolom", "melding", "oplossing")


@dataclass(frozen=True)
class Finding:
    """One finding; `row` is the row as the spreadsheet shows it, None for a whole file."""

    severity: str
    file: str
    sheet: str
    row: int | None
    column: str
    message: str
    remedy: str

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        sheet = f"blad {self.sheet}" if self.sheet else ""
        row = f"rij {self.row}" if self.row else ""
        column = f"kolom {self.column}" if self.column else ""
        return ", ".join(part for part in (self.file, sheet, row, column) if part)


@dataclass(frozen=True)
class Problem:
    """The same finding at many rows of a table.

    Attributes
    ----------
    rows : array of int
        Positions in the stacked table.
    left_out : bool
        Whether the rows are left out of the tidy table.
    """

    severity: str
    rows: np.ndarray
    column: str
    message: str
    remedy: str
    left_out: bool = False


def expand(problem: Problem, sheets: Sequence, sheet_of: np.ndarray, row_of: np.ndarray):
    """Write a problem out as findings, in each sheet up to the limit of its severity."""
    limit = LIMIT[problem.severity]
    for index in np.unique(sheet_of[problem.rows]):
        rows = row_of[problem.rows[sheet_of[problem.rows] == index]]
        sheet, rest = sheets[index], len(rows) - limit
        shape = Finding(
            problem.severity, sheet.file, sheet.sheet, None,
            problem.column, problem.message, problem.remedy,
        )  # fmt: skip
        last = f" (En nog {count(rest, 'rij', 'rijen')} hieronder.)" if rest > 0 else ""
        for row in rows[: limit - 1]:
            yield replace(shape, row=int(row))
        for row in rows[limit - 1 : limit]:
            yield replace(shape, row=int(row), message=problem.message + last)


def write_findings(findings: Iterable[Finding], path: Path) -> None:
    """Write the findings as csv that a Dutch Excel opens right: `;`, BOM; whole or not at all."""
    rows = [HEADER, *(astuple(finding) for finding in findings)]
    write_csv(rows, Path(path))


def write_csv(rows: Iterable[Sequence], path: Path) -> None:
    """Write rows as csv for a Dutch Excel; a cell never becomes a formula."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(buffer.getvalue().encode("utf-8-sig"))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _inert(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(("=", "+", "@")) else text
