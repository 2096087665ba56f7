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

    `questions` stand under their kind and what they are about: each is asked once. `read` are the
    cells that say whether, or how many, people came, `counted` those of people who did; `why_not`
    says why the table is not of visits.
    """

    sheet: str
    block: Block
    layout: Layout | None = None
    visits: list[Visit] = field(default_factory=list)
    questions: dict[tuple[str, str], Question] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    read: set[Cell] = field(default_factory=set)
    counted: set[Cell] = field(default_factory=set)
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
        block = self.block
        labels = {axis.place for axis in block.beside} | {*block.joined}
        return {
            (row, column)
            for row, column in self.cells - self.read
            if row in block.undated or column not in labels
        }


def merged(visits: Iterable[Visit]) -> list[Visit]:
    """Add up equal visits; a person counts once at a service on a day."""
    times: Counter[Visit] = Counter()
    for visit in visits:
        times[visit._replace(times=0)] += visit.times
    return [visit._replace(times=_limited(visit, number)) for visit, number in times.items()]


def _limited(visit: Visit, times: int) -> int:
    is_of_day = len(visit.moment) == len("2021-03-01")
    return min(times, 1) if visit.person and is_of_day else times


class Parted(NamedTuple):
    """The tables of a file: with visits, with the same visits again, and of another kind."""

    kept: list[Reading]
    repeated: list[Reading]
    passed: list[Reading]


def parted(readings: Sequence[Reading]) -> Parted:
    """Part the tables with visits from those that repeat them, and from those of another kind."""
    numbers: Counter[str] = Counter()
    sides = Parted([], [], [])
    for reading in readings:
        if reading.layout:
            numbers[reading.sheet] += reading.number
    for place, reading in enumerate(readings):
        if not reading.layout:
            sides.passed.append(reading)
        elif _is_summary(reading.sheet, numbers) or _is_copy(reading, readings[:place]):
            sides.repeated.append(reading)
        else:
            sides.kept.append(reading)
    return sides


def _is_copy(reading: Reading, earlier: Sequence[Reading]) -> bool:
    """Tell whether an earlier table has the same visits, and enough of them to be no chance."""
    is_long = len(reading.visits) >= _SUSPECT
    return is_long and any(reading.visits == table.visits for table in earlier)


def _is_summary(sheet: str, numbers: Mapping[str, int]) -> bool:
    """Tell whether a sheet says that it sums up others, or has as many visits as all of them."""
    number = numbers[sheet]
    rest = sum(numbers.values()) - number
    is_sum = len(numbers) > 2 and number == rest
    return rest > 0 and (is_sum or words.is_summary(sheet))
