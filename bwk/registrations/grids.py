"""The bytes of a file to grids of texts: csv, xlsx, ods and parquet."""

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook, SheetTypeEnum

from bwk.registrations.columns import NAMES, fold

RESAVE = "Open het in Excel of LibreOffice en sla het opnieuw op, als xlsx of csv."
_MAIN = {".xlsx": "xl/workbook.xml", ".ods": "content.xml"}
ENDINGS = (".csv", ".parquet", *_MAIN)
_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1")
_HEAD, _MOST_COLUMNS, _MOST_CELLS, _MOST_BYTES = 30, 1000, 50_000_000, 2**31
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_ERROR_CELL = re.compile(rb'(<(?:\w+:)?c\b[^>]*?) t="e"')
_BARE_FORMULA = re.compile(
    rb"(<(?:\w+:)?c\b(?:(?! t=|/>)[^>])*)>(?:<(?:\w+:)?f\b[^>]*/>|<((?:\w+:)?f)\b[^>]*>[^<]*</\2>)"
    rb"(?:<(?:\w+:)?v\s*/>|<((?:\w+:)?v)></\3>)?(?=</(?:\w+:)?c>)"
)
_ODS_ERROR = re.compile(rb"<table:table-cell\b([^>]*)><text:p>(#[A-Z0-9/]+[!?]?|Err:\d+)</text:p>")
_ODS_VALUE = re.compile(rb' (?:office|calcext):(?:value-type|value|string-value)="[^"]*"')


class Grid(NamedTuple):
    """The cells of a sheet as category columns.

    `names` is the header where it stands apart from the cells; `point` tells that decimals are
    written with a point.
    """

    sheet: str
    cells: pd.DataFrame
    names: list[str] | None = None
    point: bool = False


class UnreadableError(Exception):
    """A file that cannot be read: what is wrong, and the remedy."""

    def __init__(self, message: str, remedy: str = RESAVE):
        super().__init__(message, remedy)


def parse(data: bytes, ending: str) -> list[Grid]:
    """Read the bytes of a file as grids, without those that are empty.

    Raises
    ------
    UnreadableError
        If they are empty, damaged, protected, or of another kind than the ending says.
    """
    reader = {".csv": _csv, ".parquet": _parquet}.get(ending, _spreadsheet)
    try:
        found = [grid for grid in reader(data, ending) if grid.names or not grid.cells.empty]
    except UnreadableError:
        raise
    except BaseException as error:
        # The libraries fail in many ways on damaged bytes, a panic of Rust among them.
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise UnreadableError("Het bestand is beschadigd of beveiligd.") from None
    if not found:
        raise UnreadableError("Het bestand is leeg.", "Vul het of haal het uit de datamap.")
    return found


def header(grid: Grid, known: AbstractSet[str], least: int) -> tuple[int, list[str]]:
    """Find the header below any title rows: its position (-1: apart) and its folded names.

    Raises
    ------
    UnreadableError
        If no row among the first holds at least `least` known names.
    """
    if grid.names is not None:
        return -1, [fold(name, "_") for name in grid.names]
    top = grid.cells.head(_HEAD).astype(object).fillna("").to_numpy().tolist()
    rows = [[fold(cell, "_") for cell in row] for row in top]
    scores = [len(known & set(row)) for row in rows]
    if max(scores, default=0) < least:
        remedy = "Zet de namen van de kolommen in de rij boven de gegevens."
        raise UnreadableError("De kopregel met de namen van de kolommen ontbreekt.", remedy)
    best = int(np.argmax(scores))
    return best, rows[best]


def body(
    grid: Grid, position: int, names: Sequence[str], numeric: AbstractSet[str]
) -> tuple[pd.DataFrame, np.ndarray]:
    """Clean the cells below the header: category columns, and the row of each filled row."""
    cells = []
    for index, name in enumerate(names):
        raw = grid.cells.iloc[position + 1 :, index].array.remove_unused_categories()
        texts = [_clean(text) for text in raw.categories]
        if grid.point and name in numeric:
            texts = [text.replace(".", ",") for text in texts]
        cells.append(categories(texts, raw.codes))
    filled = np.any([column.codes >= 0 for column in cells], axis=0)
    frame = pd.DataFrame({index: column[filled] for index, column in enumerate(cells)})
    return frame, np.flatnonzero(filled) + position + 2


def categories(texts: Iterable[str], codes: np.ndarray) -> pd.Categorical:
    """Make a category column in which each text stands once; an empty text is missing."""
    places, uniques = pd.factorize(pd.Series(list(texts), dtype=object).replace("", None))
    codes = np.append(places, -1)[codes]
    return pd.Categorical.from_codes(codes, categories=pd.Index(uniques, dtype="str"))


def _csv(data: bytes, ending: str) -> Iterator[Grid]:
    text = _decode(data)
    if text.strip():
        lines = text.splitlines()
        separator = _separator(lines[:_HEAD])
        width = max(line.count(separator) for line in lines) + 1
        if width > _MOST_COLUMNS:
            raise UnreadableError("Het bestand heeft te veel kolommen.")
        yield Grid("", _cells(text, separator, width), point=separator == ",")


def _cells(text: str, separator: str, width: int) -> pd.DataFrame:
    with warnings.catch_warnings():
        # pandas only warns where it would drop the last cells of a row.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        texts = pd.read_csv(
            io.StringIO(text), sep=separator, header=None, names=range(width), index_col=False,
            dtype="str", skip_blank_lines=False, na_filter=False, low_memory=False,
        )  # fmt: skip
    return texts.astype("category")


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    if b"\0" in data or data.startswith(_MAGIC):
        remedy = "Geef het bestand het einde dat bij de inhoud hoort, of sla het op als csv."
        raise UnreadableError("De inhoud is geen csv.", remedy)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _separator(lines: Sequence[str]) -> str:
    def score(separator: str) -> tuple[int, int]:
        rows = csv.reader(lines, delimiter=separator)
        found = max(len(NAMES & {fold(cell, "_") for cell in row}) for row in rows)
        return found, sum(line.count(separator) for line in lines)

    return max(";,\t", key=score)


def _parquet(data: bytes, ending: str) -> Iterator[Grid]:
    table = pq.read_table(io.BytesIO(data))
    names = [name for name in table.column_names if not name.startswith("__index")]
    cells = {}
    for index, name in enumerate(names):
        column = table.column(name)
        typed = column.cast(pa.string()) if column.type == pa.null() else column
        column = typed.dictionary_encode().combine_chunks()
        codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        cells[index] = categories(map(_text, column.dictionary.to_pylist()), codes)
    yield Grid("", pd.DataFrame(cells), names)


def _spreadsheet(data: bytes, ending: str) -> Iterator[Grid]:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        message = "Het bestand is met een wachtwoord beveiligd, of een oud Excel-bestand."
        raise UnreadableError(message, "Haal het wachtwoord eraf en sla het op als xlsx.")
    if data and not data.startswith(b"PK"):
        raise UnreadableError(f"De inhoud is geen {ending[1:]}.")
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(_reveal_errors(data, ending)))
    for meta in workbook.sheets_metadata:
        if meta.typ == SheetTypeEnum.WorkSheet:
            rows = workbook.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
            columns = (
                pd.factorize(pd.Series(map(_text, column))) for column in zip(*rows, strict=True)
            )
            cells = {i: categories(texts, codes) for i, (codes, texts) in enumerate(columns)}
            yield Grid(meta.name, pd.DataFrame(cells))


def _reveal_errors(data: bytes, ending: str) -> bytes:
    """Turn formula errors into texts: calamine reads them as empty cells."""
    mended = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(mended, "w") as new:
        other = next((end for end, name in _MAIN.items() if name in old.namelist()), ending)
        if other != ending:
            message = f"De inhoud is geen {ending[1:]} maar {other[1:]}."
            raise UnreadableError(message, f"Geef het bestand het einde {other}.")
        if sum(info.file_size for info in old.infolist()) > _MOST_BYTES:
            raise UnreadableError("Het bestand is te groot.", "Verdeel het over meer bestanden.")
        for name in old.namelist():
            content = old.read(name)
            if name == "content.xml":
                content = _ODS_ERROR.sub(_ods_text, content)
            elif name.startswith("xl/worksheets/"):
                content = _reveal_in_sheet(content)
            new.writestr(name, content)
    return mended.getvalue()


def _reveal_in_sheet(content: bytes) -> bytes:
    size = _DIMENSION.search(content[:4096])
    if size and _number(size[1]) * int(size[2]) > _MOST_CELLS:
        remedy = "Verwijder de lege rijen en kolommen onder en naast de tabel."
        raise UnreadableError("Een cel staat heel ver naar rechts en naar onderen.", remedy)
    if b't="e"' in content:
        content = _ERROR_CELL.sub(rb'\1 t="str"', content)
    if re.search(rb"<(\w+:)?f\b", content):
        content = _BARE_FORMULA.sub(rb'\1 t="str"><v>#FORMULE!</v>', content)
    return content


def _ods_text(match: re.Match[bytes]) -> bytes:
    attributes = _ODS_VALUE.sub(b"", match[1]) + b' office:value-type="string"'
    return b"<table:table-cell%s><text:p>%s</text:p>" % (attributes, match[2])


def _number(letters: bytes) -> int:
    return sum((byte - 64) * 26**place for place, byte in enumerate(reversed(letters)))


def _text(value: object) -> str:
    """Write a cell as text: dates ISO, numbers with a decimal comma."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "WAAR" if value else "ONWAAR"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")
    return value.isoformat() if isinstance(value, date) else str(value)


def _clean(text: str) -> str:
    plain = unicodedata.normalize("NFC", text).replace("\u200b", "").replace("\ufeff", "")
    return " ".join(plain.split())
