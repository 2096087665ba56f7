"""Blocks below a row of days, weeks or months."""

from itertools import pairwise

import numpy as np

from bwk.lists import kinds, stamps, totals, words
from bwk.lists.blocks import (
    MARKS,
    NAMES,
    NUMBERS,
    Axis,
    Block,
    Guide,
    Stretch,
    filled,
    heading_above,
    joined,
    stretches,
)
from bwk.lists.stamps import NOTHING, Stamp
from bwk.lists.words import GROUP, NUMBERING, PERSON, TIME

Times = dict[int, Stamp]  # of the columns


def below_rows(texts: np.ndarray, in_row: np.ndarray, guide: Guide) -> list[Block]:
    """Make the blocks below each row with half as many times as any row has."""
    rows = np.flatnonzero(in_row >= max(1, in_row.max() / 2)).tolist()
    headers = rows[:1] + [row for before, row in pairwise(rows) if row - before > 1]
    return [below_row(texts, stretch, guide) for stretch in stretches(texts, headers)]


def below_row(texts: np.ndarray, stretch: Stretch, guide: Guide) -> Block:
    """Make the block below a row of times."""
    _, header, end = stretch
    times = _times(texts, header)
    edge = _first_column(texts[:end], header, times)
    times = {place: stamp for place, stamp in times.items() if place >= edge}
    times, top = _with_row_below(texts, header, end, times)
    block = Block(texts, stretch, top, [*times])
    labels = {place: str(texts[header, place]) for place in times}
    block.above = [Axis(TIME, labels, "", header, times), *kinds.levels(block)]
    rest = [place for place in range(edge, texts.shape[1]) if place not in times]
    block.total_columns = [
        place for place in rest if any(map(words.is_total, texts[header:top, place]))
    ]
    rest = [place for place in rest if place not in block.total_columns]
    totals.take_out_rows(block, range(edge))
    block.cells = kinds.of_cells(block, guide)
    if block.cells == NUMBERS:
        totals.take_out_below(block, guide)
    _set_labels(block, range(edge), top, guide)
    if not block.beside:  # names may stand at the right
        _set_labels(block, rest, top, guide)
    if block.axis(PERSON) and block.cells == NAMES and not guide.role_of(block.filled_cells):
        block.cells = MARKS  # which nobody knows
    for place in rest:
        if not block.beside_at(place) and any(block.labels_in(place).values()):
            block.unread[place] = str(texts[header, place])
    return block


def numbered_row(texts: np.ndarray, guide: Guide) -> int | None:
    """Find a row of day or week numbers that ascend, above any other numbers."""
    for row, cells in enumerate(texts):
        places = [place for place in filled(cells) if cells[place].isdecimal()]
        if len(places) < 2:
            continue
        numbers = [int(text) for text in cells[places]]
        labels = joined(texts[max(row - 1, 0) : row + 1, : places[0] + 1])
        unit = words.part_of(labels)
        begins_again = unit == "week" and max(numbers) > 50
        descents = sum(before >= after for before, after in pairwise(numbers))
        ascends = descents <= begins_again
        below = texts[row + 1 :, places]
        is_marked = len(places) >= 4 or kinds.are_marks(below[below != ""].tolist())
        is_meant = unit or (is_marked and guide.month.month)
        return row if ascends and max(numbers) <= 53 and places[0] > 0 and is_meant else None
    return None


def _times(texts: np.ndarray, header: int) -> Times:
    """Read the times of a header, also where they are numbers."""
    cells = texts[header]
    times = stamps.in_row(cells)
    if not any(stamp.is_whole for stamp in times):
        above = joined(texts[max(header - 1, 0) : header + 1])
        unit = "" if stamps.month_in(above).month else words.part_of(above)
        times = [stamps.bare(text, unit) for text in cells]
    return {place: stamp for place, stamp in enumerate(times) if stamp}


def _first_column(texts: np.ndarray, header: int, times: Times) -> int:
    """Return the first column with visits: the first one is that only if it holds marks."""
    places = [place for place, stamp in times.items() if stamp.is_whole or stamp.day]
    is_filled = texts[header:] != ""
    first = int(is_filled.any(axis=0).argmax())
    if places[:1] == [first]:
        is_beside_others = is_filled[1:].sum(axis=1) > 1  # a note stands alone
        cells = texts[header + 1 :, first]
        below = [text for text in cells[is_beside_others] if text] or [*filter(None, cells)]
        is_like_next = len(places) > 1 and times[first].is_day == times[places[1]].is_day
        may_be_visits = kinds.are_marks(below) or kinds.are_people(below, by_name=True)
        if not (is_like_next and below and may_be_visits):
            places = places[1:]
    return min(places, default=1)


def _with_row_below(texts: np.ndarray, header: int, end: int, times: Times) -> tuple[Times, int]:
    """Return the times of all columns, and the first row below the headings.

    Below a merged month may stand day numbers, below a merged day services.
    """
    top = _below_weekdays(texts, header + 1, end, times)
    if top == end:
        return times, top
    below = texts[top]
    merged = _filled_forward(texts[header], times, below)
    labels = {place: below[place] for place in merged if below[place]}
    if len(merged) == len(times) or not labels:
        return times, top
    days = {place: day for place in labels if (day := stamps.bare(labels[place], "day"))}
    if len(days) >= 0.8 * len(labels) and _ascends(days, merged):
        times = {place: day.filled(merged[place]) for place, day in days.items()}
        return times, _below_weekdays(texts, top + 1, end, times)
    names = [text for text in labels.values() if words.number(text) is None]
    if len(names) >= 0.8 * len(labels) and len(set(names)) > 1:
        kept = [place for place, text in labels.items() if not words.is_total(text)]
        return {place: merged[place] for place in kept}, top + 1
    return times, top


def _below_weekdays(texts: np.ndarray, top: int, end: int, times: Times) -> int:
    """Return the first row from `top` that does not name the days of the week."""
    edge = min(times, default=1)
    while top < end and stamps.are_weekdays(texts[top, edge:]):
        top += 1
    return top


def _filled_forward(cells: np.ndarray, times: Times, below: np.ndarray) -> Times:
    """Give the empty cells after a time, as a merged cell leaves them, that time."""
    forward = {}
    stamp = NOTHING
    for place, text in enumerate(cells):
        stamp = times.get(place, NOTHING) if text else stamp
        if stamp and (text or below[place]):
            forward[place] = stamp
    return forward


def _ascends(days: Times, months: Times) -> bool:
    """Tell whether day numbers ascend within each month."""
    return all(
        months[before] != months[after] or (days[before].day or 0) < (days[after].day or 0)
        for before, after in pairwise(days)
    )


def _set_labels(block: Block, places: range | list[int], top: int, guide: Guide) -> None:
    """Say of columns beside the times what their labels are."""
    header = block.header
    above = header - (header > 0 and len(filled(block.texts[header - 1])) > 1)
    for place in places:
        labels = block.labels_in(place)
        values = [text for row, text in labels.items() if text and block.cells_of(row)]
        if values:
            heading = heading_above(block.texts[above:], top - above, place)
            role = kinds.of_labels(heading, values, guide)
            if role == NUMBERING and _are_days(block, values):
                role = TIME
            if role == GROUP and kinds.are_people(values):
                role = PERSON
            kinds.add_labels(block, place, role, heading)
    kinds.join_people(block)
    group = block.axis(GROUP)
    if group and block.cells == MARKS and not block.axis(PERSON):
        group.role = PERSON  # somebody was there or not


def _are_days(block: Block, values: list[str]) -> bool:
    """Tell whether numbers beside months are the days of a calendar."""
    days = [int(text) for text in values]
    by_month = all(
        stamp.month and not stamp.day for axis in block.above for stamp in axis.stamps.values()
    )
    ascends = all(before < after for before, after in pairwise(days))
    return block.cells == NUMBERS and by_month and ascends and days[-1] <= 31
