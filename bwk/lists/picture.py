"""A small picture of a sheet: how it is read, without anybody's name."""

from collections.abc import Iterator, Sequence

import numpy as np

from bwk import formats
from bwk.lists import words
from bwk.lists.blocks import ROWS, Axis, Block
from bwk.lists.visits import Reading, letter
from bwk.lists.words import GROUP, PERSON, TIME

_ROWS, _COLUMNS, _WIDTH = 3, 4, 14
_MORE = "…"


def draw(reading: Reading, texts: np.ndarray) -> list[str]:
    """Draw the headings and the first rows, with what each is read as."""
    block = reading.block
    places = _places(block)
    shown = block.rows[:_ROWS]
    lines = [["", *(letter(place) for place in places)]]
    lines += [[str(block.header + 1), *(_heading(block, place) for place in places)]]
    lines += [
        [str(row + 1), *(_cell(block, texts, row, place) for place in places)] for row in shown
    ]
    rest = len(block.rows) - len(shown)
    widths = [min(_WIDTH, max(map(len, column))) for column in zip(*lines, strict=True)]
    drawn = [_line(line, widths) for line in lines]
    if rest > 0:
        drawn.append(f"{_MORE} en nog {formats.count(rest, 'rij', 'rijen')}")
    return [f"  {line}" for line in drawn]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    fitted = [_fitted(cell, width) for cell, width in zip(cells, widths, strict=True)]
    return "  ".join(fitted).rstrip()


def _fitted(cell: str, width: int) -> str:
    short = cell if len(cell) <= width else cell[: width - 1] + _MORE
    return short.ljust(width)


def _places(block: Block) -> Sequence[int]:
    """Choose the columns to show: those with labels, some with visits, one with totals."""
    beside = sorted(axis.place for axis in block.beside)
    return [*beside, *sorted(block.columns)[:_COLUMNS], *block.total_columns[:1]]


def _heading(block: Block, place: int) -> str:
    if place in block.total_columns:
        return "(totaal)"
    axis = block.beside_at(place)
    if axis:
        return {GROUP: "groep", PERSON: "wie"}.get(axis.role, axis.role)
    return " ".join(_labels(block.above, place))


def _labels(axes: Sequence[Axis], place: int) -> Iterator[str]:
    for axis in sorted(axes, key=lambda axis: axis.role != TIME):
        yield _label(axis, place)


def _label(axis: Axis, place: int) -> str:
    text = axis.labels.get(place, "")
    if axis.role == PERSON:
        return "gast" if words.is_guests(text) else "iemand"
    if axis.role == TIME:
        stamp = axis.stamps.get(place)
        return (stamp.moment if stamp else "") or text
    return text


def _cell(block: Block, texts: np.ndarray, row: int, place: int) -> str:
    axis = block.beside_at(place)
    if axis:
        return _label(axis, row)
    text = texts[row, place]
    if words.number(text) is not None or block.cells == ROWS or not text:
        return text
    return {True: "bezoek", False: "–", None: "?"}[words.presence(text)]
