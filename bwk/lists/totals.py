"""Rows and columns that repeat what is counted: they say so, or they add up the rest."""

import numpy as np

from bwk.lists import words
from bwk.lists.blocks import Block, Guide, filled
from bwk.lists.words import COUNT


def take_out_rows(block: Block, places: range, timed: int | None = None) -> None:
    """Take out the rows that say that they are totals, or that add up those above.

    `places` are the columns in which a row may say so, `timed` is the column with days.
    """
    for row in block.body:
        labels = [text for text in block.texts[row, places] if text]
        if not block.columns:  # all columns may hold numbers
            labels = [text for text in labels if words.number(text) is None]
        may_be_sum = not labels or words.is_number_of(labels[0])
        is_sum = may_be_sum and len(block.rows) > 2 and _adds_up(block, row, timed)
        if is_sum or any(map(words.is_total, labels[:2])) or _is_part(block, row):
            block.rows.remove(row)
            block.total_rows.append(row)


def _is_part(block: Block, row: int) -> bool:
    """Tell whether a row counts part of the people of the row above it: those who are new."""
    above, label = (next(filter(None, block.texts[place]), "") for place in (max(row - 1, 0), row))
    return words.is_part(label) and words.role_of(above) == COUNT


def take_out_below(block: Block, guide: Guide) -> None:
    """Take out numbers below the sum of all rows: they part the same people, or count days.

    A service or a place below a sum is of the next table.
    """
    sums = [row for row in block.total_rows if _adds_up(block, row, None)]
    below = [row for row in block.rows if sums and row > sums[-1]]
    if not any(guide.role_of(block.texts[row][block.texts[row] != ""][:1]) for row in below):
        block.rows = [row for row in block.rows if row not in below]
        block.total_rows += below


def take_out_sum(block: Block, columns: list[int]) -> list[int]:
    """Leave out a first or last column that is the sum of the others in every row."""
    if len(columns) < 3 or len(block.rows) < 2:
        return columns
    worth = np.array([[*map(words.worth, block.texts[row, columns])] for row in block.rows])
    is_half = (2 * worth == worth.sum(axis=1, keepdims=True)).all(axis=0) & worth.any(axis=0)
    if is_half[[0, -1]].any():
        total = columns[0 if is_half[0] else -1]
        block.total_columns.append(total)
        return [column for column in columns if column != total]
    return columns


def _adds_up(block: Block, row: int, timed: int | None) -> bool:
    """Tell whether a row without a label holds the sums of the rows above it."""
    if timed is not None and block.texts[row, timed]:
        return False
    columns = block.columns or [place for place in filled(block.texts[row]) if place != timed]
    above = [earlier for earlier in block.rows if earlier < row]
    sums = []
    for place in columns:
        total = words.number(block.texts[row, place])
        if total is not None:
            sums.append(0 < total == sum(map(words.worth, block.texts[above, place])))
    return len(above) > 1 and bool(sums) and all(sums)
