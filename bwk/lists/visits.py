"""The visits of a table, merged: a person counts once at a service on a day."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bwk.lists import words
from bwk.lists.answers import Question
from bwk.lists.blocks import Block, filled
from bwk.lists.layouts import Layout


class Visit(NamedTuple):
    """So many visits of one person, or of people without a name, at one moment."""

    moment: str
    location: str
    service: str
    person: str
    times: int


_SUSPECT = 5  # equal visits in two tables
Cell = tuple[int, int]  # its row and column, from 0


@dataclass(eq=False)
class Reading:
    """A table as it was read; without a layout it was not.

    `read` are the cells that say whether, or how many, people came; `why_not` says why
    the table is not of visits.
    """

    sheet: str
    block: Block
    layout: Layout | None
    visits: list[Visit] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    read: set[Cell] = field(default_factory=set)
    repeated: int = 0
    why_not: str = ""

    @property
    def number(self) -> int:
        """How many visits."""
        return sum(visit.times for visit in self.visits)

    @property
    def people(self) -> set[str]:
        """Who came, as the list calls them."""
        return {visit.person for visit in self.visits} - {""}

    @property
    def cells(self) -> set[Cell]:
        """The filled cells of the table, without totals."""
        block = self.block
        return {
            (row, column)
            for row in {*block.body, *block.undated}
            if row not in block.total_rows
            for column in filled(block.texts[row])
            if column not in block.total_columns
        }

    @property
    def unread(self) -> set[Cell]:
        """The filled cells that are neither counted nor labels of a row that is."""
        labels = {axis.place for axis in self.block.beside} | {*self.block.joined}
        undated = self.block.undated
        is_label = {(row, column) for row, column in self.cells
                    if column in labels and row not in undated}  # fmt: skip
        return self.cells - self.read - is_label


def merged(visits: Iterable[Visit]) -> list[Visit]:
    """Add up equal visits; a person counts once at a service on a day."""
    times: Counter[Visit] = Counter()
    for visit in visits:
        times[visit._replace(times=0)] += visit.times
    return [visit._replace(times=_limited(visit, number)) for visit, number in times.items()]


def _limited(visit: Visit, times: int) -> int:
    is_of_day = len(visit.moment) == len("2021-03-01")
    return min(times, 1) if visit.person and is_of_day else times


@dataclass(frozen=True)
class Parted:
    """The tables of a file: with visits, with the same visits again, and of another kind."""

    kept: list[Reading]
    repeated: list[Reading]
    passed: list[Reading]


def parted(readings: Sequence[Reading]) -> Parted:
    """Part the tables with visits from those that repeat them, and from those of another kind."""
    read = [reading for reading in readings if reading.layout]
    numbers: Counter[str] = Counter()
    for reading in read:
        numbers[reading.sheet] += reading.number
    repeats = {sheet for sheet in numbers if _is_summary(sheet, numbers)}
    repeated = [reading for reading in read if reading.sheet in repeats or _is_copy(reading, read)]
    return Parted(
        [reading for reading in read if reading not in repeated],
        repeated,
        [reading for reading in readings if not reading.layout],
    )


def _is_copy(reading: Reading, readings: Sequence[Reading]) -> bool:
    """Tell whether an earlier table has the same visits, and enough of them to be no chance."""
    earlier = readings[: readings.index(reading)]
    is_long = len(reading.visits) >= _SUSPECT
    return is_long and any(reading.visits == table.visits for table in earlier)


def _is_summary(sheet: str, numbers: Mapping[str, int]) -> bool:
    """Tell whether a sheet says that it sums up others, or has as many visits as all of them."""
    number = numbers[sheet]
    rest = sum(numbers.values()) - number
    is_sum = len(numbers) > 2 and number == rest
    return rest > 0 and (is_sum or words.is_summary(sheet))
