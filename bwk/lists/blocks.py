"""Where the table of a sheet stands: its labels beside and above, and the cells between them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np

from bwk.lists import stamps, words
from bwk.lists.names import Names
from bwk.lists.stamps import NOTHING, Stamp
from bwk.lists.words import (
    COUNT,
    GROUP,
    NUMBERING,
    PERSON,
    PLACE,
    SERVICE,
    TIME,
    UNREAD,
)
from bwk.registrations.values import personal

MARKS, NUMBERS, ROWS = "tekens", "getallen", "rijen"
TOTAL = "totaal"
_MOST_OF = 0.6
_NAME = re.compile("naam|name|voegsel")
_NUMBER_OF_PERSON = re.compile("num|nr|code|pas|lid")
_stamp = lru_cache(200_000)(stamps.read)


@dataclass
class Axis:
    """A line of labels: a column beside the cells, or a row above them.

    Attributes
    ----------
    role : str
        What its labels are: one of the words of `words`.
    labels : dict of int to str
        By the row or column of the sheet, from 0.
    stamps : dict of int to Stamp
        What they say of time.
    place : int
        The column, or the row, in which it stands.
    """

    role: str
    labels: dict[int, str]
    heading: str = ""
    stamps: dict[int, Stamp] = field(default_factory=dict)
    place: int = -1


@dataclass
class Block:
    """A table in a sheet; rows and columns are those of the sheet, from 0.

    `cells` says what stands in the body: marks, numbers, or nothing: then each row is a visit.
    """

    header: int
    rows: list[int]
    columns: list[int]
    beside: list[Axis]
    above: list[Axis]
    cells: str
    total_rows: list[int] = field(default_factory=list)
    total_columns: list[int] = field(default_factory=list)
    unread: dict[int, str] = field(default_factory=dict)
    titles: str = ""
    carried: list[int] = field(default_factory=list)
    undated: list[int] = field(default_factory=list)
    has_two_orders: bool = False

    def axis(self, role: str) -> Axis | None:
        """Return the first axis with a role."""
        return next((axis for axis in (*self.beside, *self.above) if axis.role == role), None)

    def beside_at(self, column: int | None) -> Axis | None:
        """Return the labels that stand in a column."""
        return next((axis for axis in self.beside if axis.place == column), None)


@dataclass(frozen=True)
class Guide:
    """What helps to see what labels are: the programme's services and places, and the title."""

    services: Names
    places: Names
    month: Stamp = NOTHING

    def role_of(self, labels: set[str]) -> str:
        """Return what labels are of which half or more are services or places; else nothing."""
        if self.services.share(labels) >= 0.5:
            return SERVICE
        return PLACE if self.places.share(labels) >= 0.5 else ""


def find(texts: np.ndarray, guide: Guide) -> list[Block]:
    """Find the tables of a sheet; none where nothing looks like a list of visits."""
    if not texts.size:
        return []
    counts = np.array([_times_in(row) for row in texts]) | _serials_below_headings(texts)
    in_row, in_column = counts.sum(axis=1), counts.sum(axis=0)
    most_across = int(in_row.max(initial=0))
    dated = _dated_column(texts, counts)
    if dated is not None and _are_header_rows(in_row) and _density(texts, counts, dated) < 0.75:
        return _across(texts, in_row, guide)
    is_register = dated is not None and in_column[dated] >= 1 and most_across <= 3
    if most_across >= 2 and most_across > in_column.max() and not is_register:
        return _across(texts, in_row, guide)
    if dated is None and (most_across > 1 or (most_across == 1 and in_column.max() == 1)):
        return _across(texts, in_row, guide)
    if dated is not None:
        return _down(texts, dated, guide)
    numbered = _numbered_row(texts, guide)
    if numbered is not None:
        return [_block_across(texts, numbered, len(texts), 0, guide)]
    counted = _numbered_column(texts)
    if counted is not None:
        return _down(texts, counted, guide)
    return _undated(texts, guide)


def _times_in(cells: np.ndarray) -> list[bool]:
    """Tell which cells of a row say when; several days in a row may be numbers of a spreadsheet."""
    serials = [stamps.serial(text) for text in cells if stamps.serial(text) != NOTHING]
    ascends = len(serials) > 1 and serials == sorted(set(serials))
    return [_stamp(text).is_whole or (ascends and stamps.serial(text) != NOTHING) for text in cells]


def _serials_below_headings(texts: np.ndarray) -> np.ndarray:
    """Tell which cells are days as a spreadsheet numbers them, below a heading that says so."""
    is_serial = np.array([[stamps.serial(text) != NOTHING for text in row] for row in texts])
    for column in np.flatnonzero(is_serial.any(axis=0)):
        heading = _heading(texts, int(is_serial[:, column].argmax()), int(column))
        is_serial[:, column] &= words.role_of(heading) == TIME
    return is_serial


def _are_header_rows(in_row: np.ndarray) -> bool:
    """Tell whether times stand in rows of several, with rows between them."""
    rows = np.flatnonzero(in_row)
    return len(rows) > 0 and bool((in_row[rows] >= 2).all()) and bool((np.diff(rows) > 1).all())


def _density(texts: np.ndarray, is_stamp: np.ndarray, column: int) -> float:
    """Return which share of a column, from its first time on, are times."""
    places = np.flatnonzero(is_stamp[:, column])
    return len(places) / len(_filled(texts[places[0] :, column]))


def _filled(texts: Sequence[str] | np.ndarray) -> list[int]:
    return [place for place, text in enumerate(texts) if text]


def _dated_column(texts: np.ndarray, is_stamp: np.ndarray) -> int | None:
    """Find the column that says when: a day that was asked for rather than when it was typed."""
    best: tuple[int, int] | None = None
    for column in range(texts.shape[1]):
        places = np.flatnonzero(is_stamp[:, column])
        if not len(places):
            continue
        below = _filled(texts[places[0] :, column])
        heading = _heading(texts, int(places[0]), column)
        is_time = words.role_of(heading) == TIME
        if words.role_of(heading) == UNREAD or len(places) < _MOST_OF * len(below) * 0.8:
            continue
        if len(places) < 2 and not is_time:
            continue
        is_asked = is_time and not any(
            word in heading.casefold() for word in ("stempel", "stamp", "begintijd", "start")
        )
        rank = (is_asked + is_time, -column)
        if best is None or rank > best:
            best = rank
    return None if best is None else -best[1]


def _heading(texts: np.ndarray, row: int, column: int) -> str:
    return next((text for text in texts[:row, column][::-1] if text), "")


def _across(texts: np.ndarray, in_row: np.ndarray, guide: Guide) -> list[Block]:
    """Find the blocks below each row of days, weeks or months."""
    least = max(1, in_row.max() / 2)
    headers = [row for row in range(len(texts)) if in_row[row] >= least]
    headers = [
        row for place, row in enumerate(headers) if place == 0 or row - headers[place - 1] > 1
    ]
    ends = [*headers[1:], len(texts)]
    begins = [0, *headers[:-1]]
    return [
        _block_across(texts, header, end, begin, guide)
        for header, end, begin in zip(headers, ends, begins, strict=True)
    ]


def _numbered_row(texts: np.ndarray, guide: Guide) -> int | None:
    """Find a row of day or week numbers that ascend, above any other numbers."""
    for row, cells in enumerate(texts):
        numbers = [(place, int(text)) for place, text in enumerate(cells) if text.isdecimal()]
        if len(numbers) < 2:
            continue
        values = [value for _, value in numbers]
        ascends = all(before < after for before, after in pairwise(values))
        labels = " ".join(texts[max(row - 1, 0) : row + 1, : numbers[0][0] + 1].ravel())
        is_named = bool(words.part_of(labels))
        is_long = len(numbers) >= 4 and bool(guide.month.month)
        fits = ascends and values[-1] <= 53 and numbers[0][0] > 0
        return row if fits and (is_named or is_long) else None
    return None


def _numbered_column(texts: np.ndarray) -> int | None:
    """Find a column of day, week or month numbers below a heading that says so."""
    for column in range(texts.shape[1]):
        for row in _filled(texts[:, column])[:4]:
            part = words.part_of(texts[row, column])
            below = [
                text
                for text in texts[row + 1 :, column]
                if text
                and text != texts[row, column]
                and not words.is_total(text)
                and not stamps.month_in(text).is_whole
            ]
            bare = [text for text in below if part and stamps.bare(text, part) != NOTHING]
            if part and len(bare) >= max(1, _MOST_OF * len(below)):
                return column
    return None


def _block_across(texts: np.ndarray, header: int, end: int, begin: int, guide: Guide) -> Block:
    """Make the block below a row of days, weeks or months."""
    cells = texts[header]
    read = [_stamp(text) for text in cells]
    if sum(_times_in(cells)) > sum(stamp.is_whole for stamp in read):
        read = [stamps.serial(text) for text in cells]
    if not any(stamp.is_whole for stamp in read):
        part = words.part_of(" ".join(texts[max(header - 1, 0) : header + 1].ravel()))
        read = [stamps.bare(text, part or "day") for text in cells]
    dated = [place for place, stamp in enumerate(read) if stamp != NOTHING and place > 0]
    left = min((place for place in dated if read[place].is_whole or read[place].day), default=1)
    columns, times, top = _columns_across(texts, header, end, left, read)
    rows = [row for row in range(top, end) if any(texts[row])]
    above = [Axis(TIME, {place: str(cells[place]) for place in columns}, "", times, header)]
    above += _levels(texts, header, top, columns)
    titles = _titles(texts, begin, header)
    block = Block(header, rows, columns, [], above, MARKS, titles=titles)
    block.total_columns = [
        place for place in range(left, texts.shape[1])
        if place not in columns and _says_total(texts, header, top, place)
    ]  # fmt: skip
    _note_unread(block, texts, range(left, texts.shape[1]))
    _set_total_rows(block, texts, range(left))
    block.cells = _kind(texts, block)
    _set_labels_beside(block, texts, range(left), top, guide)
    _order(block)
    return block


def _titles(texts: np.ndarray, begin: int, header: int) -> str:
    """Return what stands above a block; below another one only what is no row of that."""
    lines = range(begin and max(begin + 1, header - 4), header)
    free = [row for row in lines if not begin or len(_filled(texts[row])) <= 2]
    return " ".join(text for row in free for text in texts[row] if text)


def _columns_across(
    texts: np.ndarray, header: int, end: int, left: int, read: list[Stamp]
) -> tuple[list[int], dict[int, Stamp], int]:
    """Return the columns with visits, their times, and the first row below the headings."""
    top = header + 1
    times = {place: stamp for place, stamp in enumerate(read) if place >= left and stamp != NOTHING}
    while top < end and _is_weekdays(texts[top, left:]):
        top += 1
    below = texts[top] if top < end else texts[header] * 0
    spread_out = _filled_forward(texts[header], times, below)
    is_sparse = len(spread_out) > len(times)
    if is_sparse:
        numbers = {
            place: stamps.bare(below[place], "day")
            for place in spread_out
            if below[place] and stamps.bare(below[place], "day") != NOTHING
        }
        if len(numbers) >= 0.8 * sum(bool(below[place]) for place in spread_out) and _ascends(
            numbers, spread_out
        ):
            days = {place: stamp.filled(spread_out[place]) for place, stamp in numbers.items()}
            top += 1
            while top < end and _is_weekdays(texts[top, left:]):
                top += 1
            return list(days), days, top
        labels = [below[place] for place in spread_out]
        is_text = [text for text in labels if text and words.number(text) is None]
        if len(is_text) >= 0.8 * sum(map(bool, labels)) and len(set(is_text)) > 1:
            kept = {place: stamp for place, stamp in spread_out.items()
                    if below[place] and not words.is_total(below[place])}  # fmt: skip
            return list(kept), kept, top + 1
    return list(times), times, top


def _filled_forward(
    cells: np.ndarray, times: dict[int, Stamp], below: np.ndarray
) -> dict[int, Stamp]:
    """Give the empty cells after a time, as a merged cell leaves them, that time."""
    forward: dict[int, Stamp] = {}
    current: Stamp | None = None
    for place in range(len(cells)):
        if cells[place]:
            current = times.get(place)
        if current and (cells[place] or below[place]):
            forward[place] = current
    return forward


def _ascends(numbers: dict[int, Stamp], months: dict[int, Stamp]) -> bool:
    """Tell whether day numbers ascend within each month."""
    pairs = zip(list(numbers), list(numbers)[1:], strict=False)
    return all(
        (numbers[one].day or 0) < (numbers[two].day or 0)
        for one, two in pairs
        if months[one] == months[two]
    )


def _is_weekdays(cells: np.ndarray) -> bool:
    filled = [text for text in cells if text]
    return bool(filled) and sum(map(stamps.is_weekday, filled)) >= _MOST_OF * len(filled)


def _levels(texts: np.ndarray, header: int, top: int, columns: list[int]) -> list[Axis]:
    """Find the rows of headings beside the one with times: groups above it, or below it."""
    axes = []
    for row in (*range(max(header - 2, 0), header), *range(header + 1, top)):
        filled = [place for place in columns if texts[row, place]]
        if row < header and (
            len(filled) < 2 or any(_stamp(texts[row, place]).is_whole for place in filled)
        ):
            continue
        labels = [texts[row, place] for place in filled]
        if not filled or _is_weekdays(np.array(labels)) or all(text.isdecimal() for text in labels):
            continue
        forward = {place: text for place, text in _forward(texts[row], columns).items() if text}
        axes.append(Axis("", forward, "", {}, row))
    return axes


def _says_total(texts: np.ndarray, header: int, top: int, place: int) -> bool:
    return any(words.is_total(text) for text in texts[header:top, place] if text)


def _down(texts: np.ndarray, column: int, guide: Guide) -> list[Block]:
    """Find the block beside a column of days, weeks or months, a block again below each header."""
    is_time = [_is_time(texts, row, column) for row in range(len(texts))]
    if True not in is_time:
        return []
    begin = is_time.index(True)
    header = next(
        (
            row
            for row in range(begin - 1, -1, -1)
            if texts[row, column] or len(_filled(texts[row])) > 1
        ),
        -1,
    )
    headings = texts[header] if header >= 0 else np.array([""] * texts.shape[1], dtype=object)
    again = [
        row
        for row in range(begin + 1, len(texts))
        if header >= 0
        and sum(headings == texts[row]) == len(headings)
        and len(_filled(headings)) > 1
    ]
    starts, ends = [header, *again], [*again, len(texts)]
    before = [0, *starts[:-1]]
    return [
        _block_down(texts, column, start, end, above, guide)
        for start, end, above in zip(starts, ends, before, strict=True)
    ]


def _is_time(texts: np.ndarray, row: int, column: int) -> bool:
    text = texts[row, column]
    if _stamp(text).is_whole or stamps.serial(text) != NOTHING:
        return True
    parts = filter(None, map(words.part_of, texts[:row, column])) if text.isdecimal() else ()
    return any(stamps.bare(text, part) != NOTHING for part in parts)


def _block_down(
    texts: np.ndarray, column: int, header: int, end: int, begin: int, guide: Guide
) -> Block:
    """Make the block beside a column of days, weeks or months."""
    rows = [row for row in range(header + 1, end) if any(texts[row])]
    titles = " ".join(text for text in texts[max(begin, 0) : max(header, 0)].ravel() if text)
    title_rows = [row for row in rows if row >= end - 3 and len(_filled(texts[row])) == 1
                  and end < len(texts) and not _is_time(texts, row, column)]  # fmt: skip
    if begin:  # the title of this block stands at the end of the one before
        titles = " ".join(text for text in texts[max(begin, header - 3) : header].ravel()
                          if text and not _stamp(text).day)  # fmt: skip
    block = Block(header, [row for row in rows if row not in title_rows], [], [], [], ROWS)
    block.titles = titles
    _set_total_rows(block, texts, range(texts.shape[1]), column)
    _set_columns(block, texts, column, guide)
    _carry(block, texts, column)
    _order(block)
    return block


def _set_columns(block: Block, texts: np.ndarray, column: int | None, guide: Guide) -> None:
    """Say of each column of a table with headings above what it is."""
    headings = (
        {place: str(texts[block.header, place]) for place in range(texts.shape[1])}
        if block.header >= 0
        else dict.fromkeys(range(texts.shape[1]), "")
    )
    measures: dict[int, str] = {}
    for place, heading in headings.items():
        values = [text for row in block.rows if (text := texts[row, place])]
        if not values:
            continue
        role = TIME if place == column else _role(heading, values, guide)
        if role == TOTAL:
            block.total_columns.append(place)
        elif role in (MARKS, NUMBERS):
            measures[place] = role
        elif role in (UNREAD, GROUP, NUMBERING):
            block.unread[place] = heading
        else:
            axis = Axis(role, {row: texts[row, place] for row in block.rows}, heading, {}, place)
            if role == TIME:
                axis.stamps = _stamps_of(axis)
            block.beside.append(axis)
    _keep_one_time(block, column)
    _keep_people(block)
    _set_measures(block, texts, measures, headings, guide)


def _role(heading: str, values: list[str], guide: Guide) -> str:
    """Tell what a column is by what stands in it, then by its heading."""
    if words.is_total(heading):
        return TOTAL
    says = words.role_of(heading)
    numbers = [text for text in values if words.number(text) is not None]
    if len(numbers) < 0.8 * len(values):
        return _role_of_texts(heading, says, values, guide)
    names_group = guide.services.match(heading) or guide.places.match(heading)
    if _is_measure(heading, says, bool(names_group)):
        is_tick = all(words.number(text) in (0, 1) for text in numbers) and says != COUNT
        return MARKS if is_tick else NUMBERS
    return _role_of_times(heading, values) if says == TIME else _role_by_heading(heading, values)


def _role_of_texts(heading: str, says: str, values: list[str], guide: Guide) -> str:
    if named := guide.role_of(set(values)):
        return named
    if says == TIME:
        return _role_of_times(heading, values)
    if says not in (UNREAD, NUMBERING) and _are_marks(values):
        return MARKS
    if says == COUNT:
        return NUMBERS if any(words.number(text) is not None for text in values) else UNREAD
    return _role_by_heading(heading, values)


def _role_of_times(heading: str, values: list[str]) -> str:
    part = words.part_of(heading) or "day"
    times = [
        text
        for text in values
        if {stamps.read(text), stamps.serial(text), stamps.bare(text, part)} != {NOTHING}
    ]
    return TIME if len(times) >= 0.5 * len(values) else UNREAD


def _are_years(texts: list[str]) -> bool:
    return all(stamps.read(text).year and not stamps.read(text).is_whole for text in texts)


def _role_by_heading(heading: str, values: list[str]) -> str:
    says = words.role_of(heading)
    if says == NUMBERING and not all(map(str.isdecimal, values)):
        return PERSON
    if says:
        return says
    if _are_years(values):
        return TIME
    distinct = set(values)
    people = sum(words.is_code(text) or personal(text) == "een naam" for text in distinct)
    return PERSON if not heading and people >= 0.5 * len(distinct) else UNREAD


def is_count_like(heading: str) -> bool:
    """Tell whether a heading is of numbers of people rather than of a box to tick."""
    return words.role_of(heading) == COUNT


def _is_measure(heading: str, says: str, names_group: bool) -> bool:
    if names_group or words.is_division(heading):
        return True
    if says in (UNREAD, NUMBERING, TIME):
        return False
    if says == PERSON:  # `Deelnemers` above numbers counts them, `Lidnummer` names them
        plain = heading.casefold().strip()
        return plain.endswith(("s", "en")) and not _NUMBER_OF_PERSON.search(plain)
    return True


def _are_marks(values: list[str]) -> bool:
    """Tell whether all values are marks, with few of each kind."""
    distinct = set(map(str.casefold, values))
    return len(distinct) <= 8 and all(words.presence(text) is not None for text in distinct)


def _keep_one_time(block: Block, column: int | None) -> None:
    """Keep, of several columns that say when, the chosen one and those with parts of a date."""
    main = block.beside_at(column)
    for axis in [axis for axis in block.beside if axis.role == TIME and axis is not main]:
        is_part = all(not (stamp.day or stamp.pair) or stamp.month is None
                      for stamp in axis.stamps.values())  # fmt: skip
        is_needed = main is not None and any(
            stamp.year is None or not (stamp.month or stamp.week) for stamp in main.stamps.values()
        )
        if not (is_part and is_needed):
            block.beside.remove(axis)
            block.unread[axis.place] = axis.heading


def _keep_people(block: Block) -> None:
    """Join first and last names to one; of a number and a name keep the number."""
    people = [axis for axis in block.beside if axis.role == PERSON]
    if len(people) < 2:
        return
    names = [axis for axis in people if _NAME.search(axis.heading.casefold())]
    codes = [axis for axis in people if axis not in names and all(axis.labels.values())]
    kept = codes[:1] or names or people[:1]
    for axis in people:
        if axis not in kept:
            block.unread[axis.place] = axis.heading
        if axis is not kept[0]:
            block.beside.remove(axis)
    for axis in kept[1:]:
        kept[0].labels = {
            row: f"{label} {axis.labels.get(row, '')}".strip()
            for row, label in kept[0].labels.items()
        }


def _set_measures(
    block: Block,
    texts: np.ndarray,
    measures: dict[int, str],
    headings: dict[int, str],
    guide: Guide,
) -> None:
    """Say which columns hold the visits, and what the headings above them are."""
    columns = _with_people(block, texts, measures, headings, guide)
    if not columns:
        return
    block.columns = columns
    block.cells = NUMBERS if any(measures[place] == NUMBERS for place in columns) else MARKS
    block.above.append(
        Axis("", {place: headings[place] for place in columns}, "", {}, block.header)
    )
    for row in range(max(block.header - 2, 0), max(block.header, 0)):
        filled = [place for place in columns if texts[row, place]]
        if len(filled) >= 2 or (filled and len(columns) > 2 and filled[0] > columns[0]):
            block.above.append(Axis("", _forward(texts[row], columns), "", {}, row))
    years = {place: stamps.read(headings[place]) for place in columns}
    if all(stamp.year and not stamp.is_whole for stamp in years.values()):
        block.above[0] = Axis(TIME, block.above[0].labels, "", years, block.header)


def _with_people(
    block: Block,
    texts: np.ndarray,
    measures: dict[int, str],
    headings: dict[int, str],
    guide: Guide,
) -> list[int]:
    """Choose the columns that count people, and each of them once; note the others as not read."""
    parts = [place for place in measures if words.is_part(headings[place])]
    whole = [place for place in measures if place not in parts]
    columns = _without_sums(block, texts, whole, headings)
    counts = [place for place in columns if is_count_like(headings[place])]
    groups = [place for place in columns if _names_group(headings[place], guide)]
    is_list = bool(block.axis(SERVICE) or block.axis(PERSON))
    if counts or groups:
        columns = [place for place in columns if place in counts or place in groups]
    elif is_list and len(columns) == 1 and measures[columns[0]] == MARKS:
        columns = []
    for place in measures:
        if place not in columns and place not in block.total_columns:
            block.unread[place] = headings[place]
    return columns


def _forward(cells: np.ndarray, columns: list[int]) -> dict[int, str]:
    """Give the columns below a merged heading that heading."""
    forward = {}
    current = ""
    for place in range(columns[0], columns[-1] + 1):
        current = cells[place] or current
        if place in columns:
            forward[place] = current
    return forward


def _names_group(heading: str, guide: Guide) -> bool:
    return bool(guide.services.match(heading) or guide.places.match(heading)) or words.is_division(
        heading
    )


def _without_sums(
    block: Block, texts: np.ndarray, columns: list[int], headings: dict[int, str]
) -> list[int]:
    """Leave out a column that is the sum of the others in every row."""
    if len(columns) < 3 or len(block.rows) < 2:
        return columns
    values = np.array([[_worth(texts[row, place]) for place in columns] for row in block.rows])
    for number, place in enumerate(columns):
        rest = np.delete(values, number, axis=1).sum(axis=1)
        if values[:, number].any() and (values[:, number] == rest).all():
            block.total_columns.append(place)
            return [column for column in columns if column != place]
    return columns


def _worth(text: str) -> float:
    """Return how many a cell adds to a sum: a mark is one."""
    value = words.number(text)
    return float(bool(text and words.presence(text))) if value is None else value


def _set_labels_beside(
    block: Block, texts: np.ndarray, places: range, top: int, guide: Guide
) -> None:
    """Say of the columns left of the days what their labels are."""
    above = block.header - (block.header > 0 and len(_filled(texts[block.header - 1])) > 1)
    for place in places:
        labels = {row: texts[row, place] for row in block.rows}
        values = [text for row, text in labels.items() if text and _has_cells(block, texts, row)]
        if not values:
            continue
        heading = _heading(texts[above:top], top - above, place)
        role = _role_beside(heading, values, block, guide)
        if role in (UNREAD, NUMBERING):
            block.unread[place] = heading
            continue
        axis = Axis(role, labels, heading, {}, place)
        if role == TIME:
            axis.stamps = _stamps_of(axis)
        block.beside.append(axis)
    _keep_people(block)
    if not block.axis(PERSON) and block.cells == MARKS:
        _choose_people(block)


def _choose_people(block: Block) -> None:
    """Where somebody was there or not, the groups in the first column are people."""
    for axis in block.beside:
        if axis.role == GROUP:
            axis.role = PERSON
            return


def _has_cells(block: Block, texts: np.ndarray, row: int) -> bool:
    return any(texts[row, place] for place in block.columns)


def _role_beside(heading: str, values: list[str], block: Block, guide: Guide) -> str:
    says = words.role_of(heading)
    distinct = set(values)
    if named := guide.role_of(distinct):
        return named
    if _are_years(values):
        return TIME
    is_number = all(text.isdecimal() for text in values)
    if is_number and says != PERSON:
        days = [int(text) for text in values]
        is_day = max(days) <= 31 and days == sorted(set(days))
        by_month = all(stamp.day is None and stamp.month for axis in block.above
                       for stamp in axis.stamps.values())  # fmt: skip
        return TIME if is_day and by_month and block.cells == NUMBERS else NUMBERING
    if block.cells == NUMBERS and all(map(words.is_division, distinct)):
        return GROUP
    if says == NUMBERING:
        return PERSON
    if says in (PERSON, SERVICE, PLACE, UNREAD):
        return says
    people = sum(words.is_code(text) or words.is_guests(text) for text in distinct)
    if people >= _MOST_OF * len(distinct):
        return PERSON
    return GROUP


def _stamps_of(axis: Axis) -> dict[int, Stamp]:
    """Read the times of an axis, also where they are bare numbers."""
    part = words.part_of(axis.heading) or "day"
    read = {}
    for place, text in axis.labels.items():
        stamp = _stamp(text)
        if stamp == NOTHING:
            stamp = stamps.serial(text)
        if stamp == NOTHING:
            stamp = stamps.bare(text, part)
        read[place] = stamp
    return read


def _set_total_rows(
    block: Block, texts: np.ndarray, places: range, column: int | None = None
) -> None:
    """Take out the rows that say that they are totals, or that add up those above."""
    for row in list(block.rows):
        labels = [texts[row, place] for place in places if texts[row, place]]
        if not block.columns:  # all columns may hold numbers
            labels = [text for text in labels if words.number(text) is None]
        labels = labels[:2]
        may_be_sum = not labels or words.is_number_of(labels[0])
        is_sum = may_be_sum and len(block.rows) > 2 and _adds_up(block, texts, row, column)
        if is_sum or any(map(words.is_total, labels)):
            block.rows.remove(row)
            block.total_rows.append(row)


def _adds_up(block: Block, texts: np.ndarray, row: int, column: int | None) -> bool:
    """Tell whether a row without a label holds the sums of the rows above it."""
    if column is not None and texts[row, column]:
        return False
    columns = block.columns or [place for place in range(texts.shape[1]) if place != column]
    above = [earlier for earlier in block.rows if earlier < row]
    sums = []
    for place in columns:
        total = words.number(texts[row, place])
        if total is not None:
            values = [_worth(texts[earlier, place]) for earlier in above]
            sums.append(total == sum(values) and total > 0)
    return len(above) > 1 and len(sums) > 0 and all(sums)


def _kind(texts: np.ndarray, block: Block) -> str:
    """Tell whether the cells of a block are marks or numbers."""
    filled = [
        texts[row, place] for row in block.rows for place in block.columns if texts[row, place]
    ]
    numbers = [value for text in filled if (value := words.number(text)) is not None]
    is_ticked = all(value in (0, 1) for value in numbers)
    if len(numbers) > len(filled) / 2 and not is_ticked:
        return NUMBERS
    return MARKS


def _note_unread(block: Block, texts: np.ndarray, places: range) -> None:
    for place in places:
        if place not in block.columns and place not in block.total_columns:
            values = [row for row in block.rows if texts[row, place]]
            if values:
                block.unread[place] = str(texts[block.header, place])


def _carry(block: Block, texts: np.ndarray, column: int) -> None:
    """Give rows below a day that have none that day; put aside what has no day at all."""
    axis = block.beside_at(column)
    if axis is None:  # headings without a row below them
        block.rows = []
        return
    current = NOTHING
    before = -2
    kept = []
    for row in block.rows:
        stamp = axis.stamps[row]
        if row != before + 1:  # an empty row ends what was said
            current = NOTHING
        before = row
        is_empty = not axis.labels[row]
        if is_empty and current != NOTHING and _is_visit(block, texts, row):
            axis.stamps[row] = current
            block.carried.append(row)
            kept.append(row)
        elif stamp == NOTHING:
            if _is_visit(block, texts, row) or not is_empty:
                block.undated.append(row)
        else:
            current = stamp
            kept.append(row)
    block.rows = kept


def _is_visit(block: Block, texts: np.ndarray, row: int) -> bool:
    if block.columns:
        return any(texts[row, place] for place in block.columns)
    return any(axis.labels.get(row) for axis in block.beside if axis.role in (PERSON, SERVICE))


def _order(block: Block) -> None:
    """Decide for each line of days whether 3/4 is of March or of April."""
    for axis in (*block.beside, *block.above):
        if axis.role == TIME:
            is_english = any(
                word in axis.heading.casefold() for word in ("timestamp", "date", "time")
            )
            ordered = stamps.ordered([*axis.stamps.values()], is_english)
            if ordered is None:
                block.has_two_orders = True
            else:
                axis.stamps = dict(zip(axis.stamps, ordered, strict=True))


def _undated(texts: np.ndarray, guide: Guide) -> list[Block]:
    """Find a table without any time in it: the title or an answer says of which month it is."""
    for header in range(min(len(texts) - 1, 30)):
        filled = _filled(texts[header])
        if len(filled) < 2 or any(
            words.number(texts[header, place]) is not None for place in filled
        ):
            continue
        block = Block(header, [row for row in range(header + 1, len(texts)) if any(texts[row])],
                      [], [], [], ROWS)  # fmt: skip
        block.titles = " ".join(text for text in texts[:header].ravel() if text)
        _set_total_rows(block, texts, range(texts.shape[1]))
        _set_columns(block, texts, None, guide)
        if block.columns:
            _name_rows(block, texts, guide)
            return [block]
    return []


def _name_rows(block: Block, texts: np.ndarray, guide: Guide) -> None:
    """See the first column of texts as what is counted, where no heading says so."""
    if any(axis.role in (PERSON, SERVICE, PLACE) for axis in block.beside):
        return
    for place in sorted(block.unread):
        if place < min(block.columns):
            labels = {row: texts[row, place] for row in block.rows}
            values = [text for text in labels.values() if text]
            role = _role_beside(block.unread.pop(place), values, block, guide)
            block.beside.append(
                Axis(PERSON if block.cells == MARKS else role, labels, "", {}, place)
            )
            return


def axes(block: Block) -> Iterator[Axis]:
    """Yield all lines of labels."""
    yield from block.beside
    yield from block.above
