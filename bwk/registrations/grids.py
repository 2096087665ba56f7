"""The bytes of a file to grids of texts: csv, xlsx, ods and parquet."""

import codecs
import csv
import io
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bwk.apart import at
from bwk.errors import DataError
from bwk.registrations import spreadsheets
from bwk.registrations.columns import NAMES, column_name
from bwk.registrations.findings import RESAVE, RefusedError
from bwk.registrations.markup import refuse_long
from bwk.registrations.spreadsheets import Grid, refuse_wide, text_of

_DAMAGED = "Het bestand is beschadigd, beveiligd, of van een andere soort dan het lijkt."
ENDINGS = (".csv", ".parquet", ".xlsx", ".ods")
_FEW_ROWS, _FEW_BYTES = 2_000_000, 100_000_000  # in a parquet, however small it is
_SMALL = 20_000_000  # bytes: a file under which what is read of it must fit in 1 GB
_FEW_CELLS = 5_000_000
HEAD = 30  # rows in which the headings are looked for
# In a file that is neither UTF-8 nor Windows: UTF-8 in part, or the letters of DOS or an old Mac.
_STRANGE_LETTERS = re.compile(
    rb"\xc3[\x80-\xbf]"
    rb"|[A-Za-z][\x81-\x84\x86-\x90\x95\x98\x9a-\x9f]"
    rb"|[A-Za-z][\x91\x93\x94][a-z]"
)


def opened(path: Path) -> list[Grid]:
    """Read a file that the user named.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    try:
        at(path.name)
        return parse(path.read_bytes(), path.suffix.lower())
    except OSError:
        raise DataError(f"{path.name} is niet te openen: kijk of de naam klopt.") from None
    except RefusedError as error:
        raise DataError(f"{path.name}: {' '.join(error.args)}") from None


def parse(data: bytes, ending: str) -> list[Grid]:
    """Read the bytes of a file as grids, or raise RefusedError; empty grids are left out."""
    readers = {".csv": _csv, ".parquet": _parquet, ".xlsx": spreadsheets.of_xlsx}
    reader = readers.get(ending, spreadsheets.of_ods)
    try:
        grids = reader(data) if data.strip() else ()
        filled = [grid for grid in grids if (grid.cells != "").any(axis=None)]
    except (RefusedError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:
        # The libraries fail in many ways on damaged bytes, a panic of Rust among them.
        raise RefusedError(_DAMAGED, RESAVE) from None
    if not filled:
        raise RefusedError("Het bestand is leeg.", "Vul het, of haal het weg.")
    return filled


def below_header(grid: Grid, known: Set[str], least: int) -> tuple[int, pd.DataFrame]:
    """Find the header below any title rows: the one with most, and at least so many, known names.

    Returns its row, counted from 1, and the filled rows below it: its names as columns, and an
    index of rows. Without a header it raises RefusedError.
    """
    top = grid.cells.head(HEAD).to_numpy()
    names_in_rows = [_named(row, known) for row in top]
    most = max(names_in_rows)
    if most < least:
        remedy = (
            "Zet de namen van de kolommen in de rij boven de gegevens; "
            "een lijst in een andere vorm neemt ‘bwk import’ over."
        )
        raise RefusedError("De kopregel met de namen van de kolommen ontbreekt.", remedy)
    header = names_in_rows.index(most)
    columns = [column_name(text) for text in top[header]]
    below = grid.cells.iloc[header + 1 :].set_axis(columns, axis=1)
    below.index += 1
    is_filled = (below != "").any(axis=1)
    return header + 1, below[is_filled].apply(_in_one_line)


def _in_one_line(column: pd.Series) -> pd.Series:
    """Write a space for a line break: cells of a table say one thing."""
    if not any("\n" in text for text in column.cat.categories):
        return column
    return column.str.replace("\n", " ").astype("category")


def _csv(data: bytes) -> Iterator[Grid]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # "Unicode text" of Excel
        data = data.decode("utf-16").encode()
    if b"\0" in data:
        raise RefusedError(_DAMAGED, RESAVE)
    encoding = _encoding(data)
    lines = io.TextIOWrapper(io.BytesIO(data), encoding)
    head = list(islice(lines, HEAD))
    for row, line in enumerate(head, start=1):
        if len(line) > csv.field_size_limit():
            message = f"Rij {row} is veel te lang."
            raise RefusedError(message, "Haal weg wat er niet in hoort, ook lege kolommen.")
    separator = _separator(head)
    try:
        cells = _cells(data, encoding, separator, head)
    except (pd.errors.ParserError, pd.errors.ParserWarning):  # a row is longer than the first ones
        cells = _cells(data, encoding, separator, chain(head, lines))
    if b'"' in data:
        _refuse_swallowed_rows(cells, separator)
    yield Grid(
        "",
        cells.apply(_texts),
        decimal_point=separator == ",",
        has_strange_letters=encoding == "cp1252" and bool(_STRANGE_LETTERS.search(data)),
    )


def _separator(lines: Sequence[str]) -> str:
    """Choose the sign that parts the names of columns, else most lines into equally many cells."""

    def rank(sign: str) -> tuple[int, int]:
        widths = Counter(map(len, csv.reader(lines, delimiter=sign)))
        del widths[0], widths[1]
        named = max((_named(line.split(sign)) for line in lines), default=0)
        return named, max(widths.values(), default=0)

    return max(";,\t", key=rank)


def _refuse_swallowed_rows(cells: pd.DataFrame, separator: str) -> None:
    """Refuse a cell that holds the rows between two stray quotes."""
    columns_of_row = cells.shape[1]
    for column in cells:
        for text in cells[column].cat.categories:
            separators = text.count(separator) - text.count(f"{separator} ")  # not those of prose
            if separators >= columns_of_row - 1 and len(text.splitlines()) > 1:
                row = int((cells[column] == text).argmax()) + 1
                message = f"In rij {row} staat een aanhalingsteken te veel: het slokt rijen op."
                raise RefusedError(message, "Haal de aanhalingstekens in en onder die rij weg.")


def _encoding(data: bytes) -> str:
    try:
        data.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _cells(data: bytes, encoding: str, separator: str, lines: Iterable[str]) -> pd.DataFrame:
    """Read a csv that is as wide as the widest of the lines."""
    width = max(line.count(separator) for line in lines) + 1
    refuse_wide(width)
    if width * data.count(b"\n") > len(data) + _FEW_CELLS:  # a whole row has a sign for each cell
        message = "Dit bestand heeft heel veel rijen die leeg of te kort zijn."
        raise RefusedError(message, "Haal de lege rijen weg.")
    with warnings.catch_warnings():
        # pandas only warns where it would drop the last cells of a row.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return pd.read_csv(
            io.BytesIO(data), encoding=encoding, sep=separator, header=None, names=range(width),
            index_col=False, dtype="category", skip_blank_lines=False, na_filter=False,
            low_memory=False,
        )  # fmt: skip


def _named(cells: Iterable[str], known: Set[str] = NAMES) -> int:
    """Count the names of columns."""
    return len(known & {column_name(cell) for cell in cells})


def _parquet(data: bytes) -> Iterator[Grid]:
    file = pq.ParquetFile(io.BytesIO(data))
    _refuse_unpacked(file, len(data))
    table = file.read()
    names = [name for name in table.column_names if not name.startswith("__index")]
    columns = {}
    for place, name in enumerate(names):
        cells = table[name]
        # An empty cell would make objects of whole numbers; a time zone would be lost here.
        if pa.types.is_integer(cells.type) or getattr(cells.type, "tz", "") is None:
            cells = cells.dictionary_encode()
        cells = cells.to_pandas(date_as_object=False, strings_to_categorical=True)
        columns[place] = _texts(cells, header=[name])
    yield Grid("", pd.DataFrame(columns, copy=False))


def _refuse_unpacked(file: pq.ParquetFile, size: int) -> None:
    """Refuse a file of which a few bytes stand for millions of rows, or for lists in a cell."""
    about = file.metadata
    refuse_wide(about.num_columns)
    groups = [about.row_group(number) for number in range(about.num_row_groups)]
    unpacked = sum(group.total_byte_size for group in groups)
    has_many_rows = size < _SMALL and about.num_rows > _FEW_ROWS + size // 4
    if has_many_rows or unpacked > _FEW_BYTES + 50 * size:
        raise RefusedError("Uitgepakt is dit bestand veel te groot.", RESAVE)
    if any(pa.types.is_nested(field.type) for field in file.schema_arrow):
        message = "In dit bestand staan lijsten in cellen."
        raise RefusedError(message, "Zet in elke cel één waarde.")


def _texts(cells: pd.Series, header: Sequence[str] = ()) -> pd.Series:
    """Write a column as texts, below any header; of equal cells only one is worked on."""
    values = cells.astype("category").cat
    texts = pd.Categorical([*map(text_of, values.categories.tolist()), *header, ""])
    refuse_long(max(map(len, texts.categories)))
    below = texts.codes[values.codes]  # -1, the last of the texts, is empty
    codes = np.concatenate([texts.codes[-1 - len(header) : -1], below])
    return pd.Series(pd.Categorical.from_codes(codes, dtype=texts.dtype, validate=False))
