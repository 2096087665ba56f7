"""The publishable facts of one location and period: already protected, the only door upward."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from bwk import periods, programme, registrations
from bwk.facts.book import build
from bwk.facts.declarations import Declaration, declaration_of, declarations
from bwk.facts.protection import FILE, Published, read_published
from bwk.facts.sheet import CITY, Fact, FactBook, FactSheet, Label, show

__all__ = [
    "CITY",
    "FILE",
    "Declaration",
    "Fact",
    "FactBook",
    "FactSheet",
    "Label",
    "Published",
    "build",
    "declaration_of",
    "declarations",
    "load",
    "read_published",
    "show",
    "write_sheets",
]

PREPARED = "BWK_FACTS"


def load(location: str, period: str, baseline: str | None = None) -> FactSheet:
    """Return the facts of one location, or of the city (`stad`), in one period.

    A run prepares the facts of all reports at once (`BWK_FACTS`); without it they are worked out
    from the data folder (`BWK_DATA`, else `data`).

    Parameters
    ----------
    location : str
        Slug of a location, or `stad`.
    period : str
        As `2018-H1`.
    baseline : str, optional
        Default: the programme's baseline of the period.

    Raises
    ------
    UsageError
        If the location or the period is unknown, or nothing is registered in it.
    DataError
        If the data are refused.
    """
    prepared = Path(os.environ.get(PREPARED, ""), f"{location}.json")
    if os.environ.get(PREPARED) and prepared.is_file():
        sheet = FactSheet.from_json(json.loads(prepared.read_text(encoding="utf-8")))
        if sheet.period.name == period and baseline in (None, sheet.baseline.name):
            return sheet
    folder = Path(os.environ.get("BWK_DATA") or _nearest("data"))
    output = Path(os.environ.get("BWK_OUTPUT") or _nearest("output"))
    wanted = periods.parse(period)
    book = build(
        registrations.read(folder),
        programme.read(folder),
        wanted,
        periods.parse(baseline) if baseline else None,
        read_published(output, wanted),
    )
    return book.sheet(location)


def write_sheets(book: FactBook, folder: Path) -> Mapping[str, str]:
    """Write the sheets of a book where `load` finds them; return the environment that says so."""
    for scope, sheet in book.sheets.items():
        text = json.dumps(sheet.to_json(), ensure_ascii=False)
        (folder / f"{scope}.json").write_text(text, encoding="utf-8")
    return {PREPARED: str(folder.resolve())}


def _nearest(name: str) -> Path:
    """Return a folder beside the work, or above it: JupyterLab works in the notebook's folder."""
    here = Path.cwd()
    return next((path for up in (here, *here.parents) if (path := up / name).is_dir()), Path(name))
