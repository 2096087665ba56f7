"""A book in files: a run reads a sheet when it is asked for, and never has them all in memory.

They hold protected facts alone, as they are published.
"""

import csv
import io
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from bwk import inputs
from bwk.errors import DataError
from bwk.facts.sheet import FactBook, FactSheet
from bwk.files import decoded, workplace, write
from bwk.formats import inert

BOOK, SHEETS = "boek.json", "bladen"
LIST, TABLE = "lijst.json", "lijst.csv"
CHANGED = "De data veranderden tijdens het lezen: probeer het opnieuw."


class _Kept(msgspec.Struct):
    """The head of a book, with the sum of it and of the lists beside it."""

    som: str
    boek: msgspec.Raw


class Shelf(Mapping[str, FactSheet]):
    """The sheets of a book, each read from its file when it is asked for.

    Attributes
    ----------
    folder : Path
        Of the book.
    """

    def __init__(self, folder: Path, names: list[str]) -> None:
        self.folder, self._names = folder, names

    def __getitem__(self, name: str) -> FactSheet:
        if name not in self._names:
            raise KeyError(name)
        return read_sheet(_sheet(self.folder, name))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def read_sheet(path: Path) -> FactSheet:
    """Read a sheet from its file."""
    return decoded(path.read_bytes(), FactSheet)


def place(target: Path) -> Path:
    """Return where the book of a period is kept: beside its output folder."""
    return target.with_name(f".{target.name}.feiten")


def put(book: FactBook, folder: Path) -> None:
    """Write a book into an empty folder, with the list and the table of what it publishes."""
    sums = put_sheets(book, folder)
    write(folder / LIST, json.dumps(book.published(), ensure_ascii=False, indent=1) + "\n")
    write(folder / TABLE, _table(book))
    head = msgspec.json.encode(replace(book, sheets={}, sums=sums))
    write(folder / BOOK, msgspec.json.encode(_Kept(_sum(folder, head), msgspec.Raw(head))))


def put_sheets(book: FactBook, folder: Path) -> dict[str, str]:
    """Write the sheets of a book into an empty folder; return the hash of each."""
    (folder / SHEETS).mkdir()
    for name, sheet in book.sheets.items():
        write(_sheet(folder, name), msgspec.json.encode(sheet))
    return {name: inputs.digest([_sheet(folder, name)]) for name in book.sheets}


def read(folder: Path, key: str) -> FactBook | None:
    """Return the book in a folder; None where it is not whole, or not that of `key`."""
    try:
        kept = decoded((folder / BOOK).read_bytes(), _Kept)
        book = decoded(kept.boek, FactBook)
        if book.key != key or kept.som != _sum(folder, bytes(kept.boek)):
            return None
        if any(inputs.digest([_sheet(folder, name)]) != told for name, told in book.sums.items()):
            return None
    except (OSError, ValueError, RecursionError):
        return None
    return replace(book, sheets=Shelf(folder, [*book.sums]))


def keep(book: FactBook, target: Path) -> None:
    """Keep a book that is in files beside its output folder.

    DataError where another book was put there since it was read.
    """
    there = place(target)
    if read(there, book.key):
        return
    assert isinstance(book.sheets, Shelf)
    if book.sheets.folder == there:
        raise DataError(CHANGED)
    with workplace(target.parent) as new:
        for path in book.sheets.folder.iterdir():
            copy = shutil.copytree if path.is_dir() else shutil.copy
            copy(path, new / path.name)
        shutil.rmtree(there, ignore_errors=True)
        new.rename(there)


def _sheet(folder: Path, name: str) -> Path:
    return folder / SHEETS / f"{name}.json"


def _sum(folder: Path, head: bytes) -> str:
    return inputs.hashed(
        [head.decode(), inputs.digest([folder / LIST]), inputs.digest([folder / TABLE])]
    )


def _table(book: FactBook) -> str:
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    columns = ("waarde", "tekst", "eenheid", "achtergehouden", "definitie")
    rows.writerow(["locatie", "feit", *columns])
    for scope, sheet in book.sheets.items():
        for name, fact in sheet.items():
            published = fact.published()
            rows.writerow([scope, name, *(_cell(published[column]) for column in columns)])
    return table.getvalue()


def _cell(value: object) -> object:
    return inert(value) if isinstance(value, str) else value
