"""The shapes of a list: a block of cells in a sheet, and the lines of labels around it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from bwk.lists import stamps, words
from bwk.lists.names import Names
from bwk.lists.stamps import NOTHING, Stamp
from bwk.lists.words import TIME

_HEADINGS = 2  # rows of headings above that with days; filled cells in a row of a title
_TITLES = 4  # rows above a later table that may be its titles
MARKS, NUMBERS, NAMES, DAYS, ROWS = "tekens", "getallen", "namen", "dagen", "rijen"


@dataclass
class Axis:
    """A line of labels: a column beside the cells, or a row above them.

    Attributes
    ----------
    role : str
        What its labels are: one of the words of `words`.
    labels : dict of int to str
        By the row or column of the sheet, from 0.
    place : int
        The column, or the row, in which it stands.
    stamps : dict of int to Stamp
        What they say of time.
    """

    role: str
    labels: dict[int, str]
    heading: str = ""
    place: int = -1
    stamps: dict[int, Stamp] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.role == TIME and not self.stamps:
            unit = words.part_of(self.heading)
            self.stamps = {place: stamps.anyhow(text, unit) for place, text in self.labels.items()}

    def set_order(self) -> bool:
        """Decide whether 3/4 is of March or of April; False where it is now this, now that."""
        ordered = stamps.ordered([*self.stamps.values()], words.is_english(self.heading))
        if ordered is not None:
            self.stamps = dict(zip(self.stamps, ordered, strict=True))
        return ordered is not None


class Stretch(NamedTuple):
    """Where a table stands: from which row there are titles, its headings, the row below it."""

    begin: int
    header: int
    end: int


@dataclass
class Block:
    """A table in a sheet; rows and columns are those of the sheet, from 0.

    `cells` says what stands in the body: marks, numbers, names, the days of visits, or nothing:
    then each row is a visit.
    `body` are all rows from `top` on, `rows` those that are read, `undated` those that say
    something and no day: also a row of cells above the table that is no title.
    """

    texts: np.ndarray
    stretch: Stretch
    top: int
    columns: list[int] = field(default_factory=list)
    beside: list[Axis] = field(default_factory=list)
    above: list[Axis] = field(default_factory=list)
    cells: str = ROWS
    total_rows: list[int] = field(default_factory=list)
    total_columns: list[int] = field(default_factory=list)
    unread: dict[int, str] = field(default_factory=dict)
    joined: list[int] = field(default_factory=list)
    carried: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        begin, self.header, end = self.stretch
        self.body = [row for row in range(self.top, end) if any(self.texts[row])]
        notes = [row for row in self.body if _is_note(self.texts, row)]
        self.body = [row for row in self.body if row not in notes]
        self.rows = [*self.body]
        self.titles = joined(self.texts[begin : max(self.header, 0)])
        above = range(begin, self.header - _HEADINGS)
        self.undated = [row for row in above if len(filled(self.texts[row])) > _HEADINGS] + notes

    @property
    def axes(self) -> list[Axis]:
        """All lines of labels."""
        return [*self.beside, *self.above]

    def axis(self, role: str) -> Axis | None:
        """Return the first axis with a role."""
        return next((axis for axis in self.axes if axis.role == role), None)

    def beside_at(self, column: int | None) -> Axis | None:
        """Return the labels that stand in a column."""
        return next((axis for axis in self.beside if axis.place == column), None)

    def labels_in(self, column: int) -> dict[int, str]:
        """Return the texts of a column, by row."""
        return {row: self.texts[row, column] for row in self.rows}

    def cells_of(self, row: int) -> list[str]:
        """Return the filled cells of a row that may be visits."""
        return [text for text in self.texts[row, self.columns] if text]

    @property
    def filled_cells(self) -> list[str]:
        """All cells that may be visits and hold something."""
        return [text for row in self.rows for text in self.cells_of(row)]


@dataclass(frozen=True)
class Guide:
    """What helps to see what labels are: the services and places by role, and the title."""

    names: Mapping[str, Names]
    month: Stamp = NOTHING

    def role_of(self, labels: Iterable[str]) -> str:
        """Return what labels are of which half or more are services or places; else nothing."""
        distinct = set(labels)
        roles = (role for role, names in self.names.items() if names.share(distinct) >= 0.5)
        return next(roles, "")

    def names_group(self, heading: str) -> bool:
        """Tell whether a heading is of a service, of a place, or of a part of the people."""
        is_named = any(names.match(heading) for names in self.names.values())
        return is_named or words.is_division(heading)


def stretches(texts: np.ndarray, headers: Sequence[int]) -> list[Stretch]:
    """Part a sheet at its headings; the titles just above them go with them."""
    begins = [0, *(_first_title(texts, header) for header in headers[1:])]
    ends = [*begins[1:], len(texts)]
    return [*map(Stretch, begins, headers, ends)]


def _first_title(texts: np.ndarray, header: int) -> int:
    row = header
    while header - row < _TITLES and _may_be_title(texts[row - 1]):
        row -= 1
    return row


def _may_be_title(cells: np.ndarray) -> bool:
    is_day = stamps.anyhow(joined(cells)).is_day
    return len(filled(cells)) < _HEADINGS and not is_day


def _is_note(texts: np.ndarray, row: int) -> bool:
    """Tell whether a sentence stands alone below an empty row."""
    is_apart = row > 0 and not any(texts[row - 1])
    cells = texts[row, filled(texts[row])]
    return is_apart and len(cells) == 1 and "=" not in cells[0] and words.is_sentence(cells[0])


def filled(texts: np.ndarray) -> list[int]:
    """Return the places of the cells with a text."""
    return [place for place, text in enumerate(texts) if text]


def joined(texts: np.ndarray) -> str:
    """Join the texts of some cells."""
    return " ".join(filter(None, texts.ravel()))


def heading_above(texts: np.ndarray, row: int, column: int) -> str:
    """Return the nearest text above a cell."""
    return next(filter(None, texts[:row, column][::-1]), "")


def spread(cells: np.ndarray, columns: Sequence[int]) -> dict[int, str]:
    """Give the columns below a merged heading that heading."""
    headings: list[str] = [*accumulate(cells[columns[0] :], lambda before, text: text or before)]
    return {place: headings[place - columns[0]] for place in columns}
