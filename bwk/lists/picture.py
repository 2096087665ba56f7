"""A small picture of a sheet: how it is read, without anybody's name."""

from collections.abc import Iterator

from bwk.formats import count
from bwk.lists import words
from bwk.lists.blocks import ROWS, Axis, Block
from bwk.lists.visits import Reading
from bwk.lists.words import GROUP, PERSON, TIME
from bwk.registrations.findings import letter

_ROWS, _COLUMNS, _WIDTH = 3, 4, 14
_MORE = "…"
_SHOWN_AS = {GROUP: "groep", PERSON: "wie"}


def draw(reading: Reading) -> Iterator[str]:
    """Draw the headings and the first rows, with what each is read as."""
    block = reading.block
    rows = block.rows[:_ROWS]
    beside = sorted(axis.place for axis in block.beside)
    places = [*beside, *sorted(block.columns)[:_COLUMNS], *block.total_columns[:1]]
    drawn = [["", str(block.header + 1), *(str(row + 1) for row in rows)]]
    for place in places:
        cells = [_cell(reading, row, place) for row in rows]
        drawn.append([letter(place), _heading(block, place), *cells])
    widths = [min(_WIDTH, max(map(len, column))) for column in drawn]
    for line in zip(*drawn, strict=True):
        yield "  ".join(map(_fitted, line, widths)).rstrip()
    if len(block.rows) > _ROWS:
        yield f"{_MORE} en nog {count(len(block.rows) - _ROWS, 'rij', 'rijen')}"


def _fitted(cell: str, width: int) -> str:
    short = cell if len(cell) <= width else cell[: width - 1] + _MORE
    return short.ljust(width)


def _heading(block: Block, place: int) -> str:
    if place in block.total_columns:
        return "(totaal)"
    if axis := block.beside_at(place):
        return _SHOWN_AS.get(axis.role, axis.role)
    above = sorted(block.above, key=lambda axis: axis.role != TIME)
    return " ".join(_label(axis, place) for axis in above)


def _label(axis: Axis, place: int) -> str:
    text = axis.labels.get(place, "")
    if axis.role == PERSON:
        return "gast" if words.is_guests(text) else "iemand"
    moment = axis.stamps[place].moment if place in axis.stamps else ""
    return moment or text


def _cell(reading: Reading, row: int, place: int) -> str:
    block = reading.block
    if axis := block.beside_at(place):
        return _label(axis, row)
    text = block.texts[row, place]
    if words.number(text) is not None or block.cells == ROWS or not text:
        return text
    if (row, place) in reading.counted:
        return "bezoek"
    return "–" if (row, place) in reading.read else "?"
