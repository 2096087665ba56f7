"""What is wrong in the data, where it stands and how to mend it; never what the cell holds."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from bwk import files
from bwk.formats import count, inert, visible

ERROR, WARNING, NOTE = "fout", "waarschuwing", "opmerking"
SEVERITIES = (ERROR, WARNING, NOTE)
RESAVE = "Sla het opnieuw op in Excel of LibreOffice, zonder wachtwoord, als xlsx of csv."
MOST = 1000  # of the same error in one sheet, and of what else is mended row by row
_HEADER = ("ernst", "bestand", "blad", "rij", "kolom", "melding", "oplossing")


class RefusedError(Exception):
    """A file or a cell that is refused; its arguments are what is wrong, and the remedy."""


@dataclass(frozen=True)
class Finding:
    """What is wrong at a place; `row` is that of the spreadsheet, None for a whole file."""

    severity: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    message: str = ""
    remedy: str = ""

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        named = {"": self.file, "blad ": self.sheet, "rij ": self.row, "kolom ": self.column}
        words = (f"{word}{value}" for word, value in named.items() if value)
        return visible(", ".join(words))


def letter(place: int) -> str:
    """Name a column, counted from 0, as a spreadsheet does.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    before = letter(place // 26 - 1) if place >= 26 else ""
    return before + chr(ord("A") + place % 26)


def _finding(
    severity: str,
    message: str,
    remedy: str = "",
    column: str = "",
    file: str = "",
    row: int | None = None,
) -> Finding:
    return Finding(severity, file, "", row, column, message, remedy)


error, warning, note = (partial(_finding, severity) for severity in SEVERITIES)


def spread(problem: Finding, rows: pd.DataFrame, most: int = 1) -> Iterator[Finding]:
    """Repeat a finding at each file, sheet and row; the last of a sheet tells how many more.

    What is no error stands at the first rows of a sheet, at `most` so many.
    """
    if rows.empty:  # as mostly; to group nothing takes its time too
        return
    for place, numbers in rows.groupby(["file", "sheet"])["row"]:
        file, sheet = map(str, place)
        at_sheet = replace(problem, file=file, sheet=sheet)
        shown = MOST if problem.severity == ERROR else most
        *before, last = numbers.head(shown).tolist()
        for row in before:
            yield replace(at_sheet, row=row)
        rest = len(numbers) - len(before) - 1
        more = f" (En nog {count(rest, 'rij', 'rijen')} hieronder.)" if rest else ""
        yield replace(at_sheet, row=last, message=problem.message + more)


def write_findings(findings: Iterable[Finding], path: Path) -> None:
    """Write the findings as csv that a Dutch Excel opens right, whole or not at all."""
    rows = map(astuple, findings)
    write_csv(pd.DataFrame(rows, columns=_HEADER, dtype=object), Path(path))


def write_csv(frame: pd.DataFrame, path: Path, *, private: bool = False) -> None:
    """Write a frame with `;` and a byte order mark; no cell becomes a formula.

    A `private` file is for its owner alone.
    """
    cells = frame.astype(object).map(_cell)
    text = cells.to_csv(sep=";", index=False, lineterminator="\r\n")
    files.write(path, text.encode("utf-8-sig"), private=private)


def _cell(cell: object) -> str:
    return "" if cell is None else visible(inert(str(cell)))
