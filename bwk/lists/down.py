"""Blocks beside a column of days, weeks or months, and those without any time."""

import numpy as np

from bwk.lists import kinds, stamps, totals, words
from bwk.lists.blocks import MARKS, NUMBERS, Axis, Block, Guide, Stretch, filled, stretches
from bwk.lists.stamps import NOTHING
from bwk.lists.words import COUNT, GROUP, PERSON, SERVICE, TIME
from bwk.registrations.grids import HEAD

_MOST_OF = 0.6


def beside_column(texts: np.ndarray, column: int, timed: int, guide: Guide) -> list[Block]:
    """Make the block beside a column of times from a row on, and one below each repeated header."""
    above = [row for row in range(timed) if texts[row, column] or len(filled(texts[row])) > 1]
    header = max(above, default=-1)
    headers = [header]
    if header >= 0:
        below = range(timed + 1, len(texts))
        headers += [row for row in below if (texts[row] == texts[header]).all()]
    blocks = [Block(texts, rows, rows.header + 1) for rows in stretches(texts, headers)]
    for block in blocks:
        totals.take_out_rows(block, range(texts.shape[1]), column)
        _set_columns(block, column, guide)
        _carry(block, column)
    return blocks


def numbered_column(texts: np.ndarray) -> tuple[int, int] | None:
    """Find a column of day, week or month numbers below a heading that says so, and its top."""
    for column, cells in enumerate(texts.T):
        places = filled(cells)
        for number, row in enumerate(places[:4], start=1):
            unit = words.part_of(cells[row])
            below = [
                place
                for place in places[number:]
                if unit and cells[place] != cells[row] and not words.is_total(cells[place])
            ]
            numbers = [place for place in below if stamps.bare(cells[place], unit)]
            if len(numbers) >= max(1, _MOST_OF * len(below)):
                return column, numbers[0]
    return None


def undated(texts: np.ndarray, guide: Guide) -> list[Block]:
    """Find a table without any time in it: the title or an answer says of which month it is."""
    for header, cells in enumerate(texts[:-1][:HEAD]):
        headings = cells[cells != ""]
        if len(headings) < 2 or any(words.number(text) is not None for text in headings):
            continue
        block = Block(texts, Stretch(0, header, len(texts)), header + 1)
        totals.take_out_rows(block, range(texts.shape[1]))
        _set_columns(block, None, guide)
        if block.columns:
            return [block]
    return []


def _set_columns(block: Block, timed: int | None, guide: Guide) -> None:
    """Say of each column of a table with headings above what it is."""
    texts = block.texts
    headings = [str(text) for text in texts[block.header]]
    if block.header < 0:
        headings = [""] * texts.shape[1]
    measures: dict[int, str] = {}
    for place, heading in enumerate(headings):
        values = [text for text in block.labels_in(place).values() if text]
        if not values:
            continue
        role = TIME if place == timed else kinds.of_column(heading, values, guide)
        if role == GROUP and not heading and kinds.are_people(values, by_name=True):
            role = PERSON
        if role == kinds.TOTAL:
            block.total_columns.append(place)
        elif role in (MARKS, NUMBERS):
            measures[place] = role
        else:
            kinds.add_labels(block, place, role, heading)
    _keep_one_time(block, timed)
    kinds.join_people(block)
    block.columns = _with_people(block, measures, headings, guide)
    if block.columns:
        is_counted = NUMBERS in {measures[place] for place in block.columns}
        block.cells = NUMBERS if is_counted else MARKS
        if is_counted:
            kinds.leave_out_keepers(block)
        labels = {place: headings[place] for place in block.columns}
        role = TIME if all(map(stamps.is_year, labels.values())) else ""
        block.above = [Axis(role, labels, "", block.header), *kinds.levels(block)]


def _keep_one_time(block: Block, column: int | None) -> None:
    """Keep, of several columns that say when, the chosen one and those with parts of a date."""
    main = block.beside_at(column)
    is_complete = main is None or all(
        stamp.year and (stamp.month or stamp.week) for stamp in main.stamps.values()
    )
    for axis in [axis for axis in block.beside if axis.role == TIME and axis is not main]:
        has_days = any(stamp.pair or (stamp.day and stamp.month) for stamp in axis.stamps.values())
        if has_days or is_complete:
            block.beside.remove(axis)
            block.unread[axis.place] = axis.heading


def _with_people(
    block: Block, measures: dict[int, str], headings: list[str], guide: Guide
) -> list[int]:
    """Choose the columns that count people, and each of them once; note the others as not read."""
    whole = [place for place in measures if not words.is_part(headings[place])]
    columns = totals.take_out_sum(block, whole)
    named = [place for place in columns if _counts(headings[place], guide)]
    if any(map(words.counts_visits, (headings[place] for place in named))):
        named = [place for place in named if not words.counts_people(headings[place])]
    if named:
        columns = named
    elif block.axis(SERVICE) or block.axis(PERSON):
        is_told = block.axis(SERVICE) and block.axis(PERSON)
        marked = [place for place in columns if measures[place] == MARKS]
        if block.axis(PERSON) and (is_told or _is_of_days(block)):
            columns = marked  # a number beside who came on a day is a grade, or a table
        if columns == marked and (is_told or len(marked) == 1):
            columns = []
    for place in measures:
        if place not in columns and place not in block.total_columns:
            block.unread[place] = headings[place]
    return columns


def _counts(heading: str, guide: Guide) -> bool:
    says_so = words.role_of(heading) in (COUNT, PERSON) or words.is_along(heading)
    return says_so or guide.names_group(heading)


def _is_of_days(block: Block) -> bool:
    return any(stamp.is_day for axis in block.beside for stamp in axis.stamps.values())


def _carry(block: Block, column: int) -> None:
    """Give rows below a day that have none that day; put aside what has no day at all."""
    axis = block.beside_at(column)
    rows, block.rows = block.rows, []
    if axis is None:  # headings without a row below them
        return
    stamp, before = NOTHING, -2
    for row in rows:
        if row != before + 1:  # an empty row ends what was said
            stamp = NOTHING
        before = row
        is_visit = bool(axis.labels[row]) or _is_visit(block, row)
        if axis.stamps[row]:
            stamp = axis.stamps[row]
        elif is_visit and stamp and not axis.labels[row]:
            axis.stamps[row] = stamp
            block.carried.append(row)
        if axis.stamps[row]:
            block.rows.append(row)
        elif is_visit:
            block.undated.append(row)


def _is_visit(block: Block, row: int) -> bool:
    if block.columns:
        return bool(block.cells_of(row))
    return any(axis.labels[row] for axis in block.beside if axis.role in (PERSON, SERVICE))
