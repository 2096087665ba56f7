"""What is wrong in the data, where it stands and how to mend it; never what the cell holds."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bwk import files
from bwk.formats import count

ERROR, WARNING, NOTE = "fout", "waarschuwing", "opmerking"
ORDER = (ERROR, WARNING, NOTE)
_LIMIT = {ERROR: 1000, WARNING: 1000, NOTE: 1}  # findings of one problem in one sheet
_HEADER = ("ernst", "bestand", "blad", "rij", "kolom", "melding", "oplossing")


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
        named = (
            ("", self.file),
            ("blad ", self.sheet),
            ("rij ", self.row),
            ("kolom ", self.column),
        )
        return ", ".join(f"{word}{value}" for word, value in named if value)


class Problem(NamedTuple):
    """The same finding at many rows of a table, given by their positions."""

    severity: str
    rows: np.ndarray
    column: str
    message: str
    remedy: str


def of_file(severity: str, file: str, message: str, remedy: str, sheet: str = "") -> Finding:
    """Make a finding about a whole file or sheet."""
    return Finding(severity, file, sheet, None, "", message, remedy)


def expand(
    problem: Problem, sheets: Sequence, sheet_of: np.ndarray, row_of: np.ndarray
) -> Iterator[Finding]:
    """Write a problem out as findings; the last of a sheet says how many more there are."""
    severity, positions, column, message, remedy = problem
    for index in np.unique(sheet_of[positions]):
        rows = row_of[positions[sheet_of[positions] == index]]
        shown, sheet = rows[: _LIMIT[severity]], sheets[index]
        for place, row in enumerate(shown, start=1):
            rest = len(rows) - len(shown) if place == len(shown) else 0
            more = f" (En nog {count(rest, 'rij', 'rijen')} hieronder.)" if rest else ""
            text = message + more
            yield Finding(severity, sheet.file, sheet.sheet, int(row), column, text, remedy)


def write_findings(findings: Iterable[Finding], path: Path) -> None:
    """Write the findings as csv that a Dutch Excel opens right, whole or not at all."""
    write_csv([_HEADER, *map(astuple, findings)], Path(path))


def write_csv(rows: Iterable[Sequence], path: Path) -> None:
    """Write rows with `;` and a byte order mark; no cell becomes a formula."""
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerows(map(_inert, row) for row in rows)
    files.write(path, buffer.getvalue().encode("utf-8-sig"))


def _inert(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(("=", "+", "@")) else text
