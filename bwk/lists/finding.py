"""Where the tables of a sheet stand: below a row of times, beside a column of them, or neither."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from bwk.formats import MONTHS
from bwk.lists import across, down, kinds, stamps, words
from bwk.lists.blocks import Block, Guide, Stretch, heading_above
from bwk.lists.names import Names
from bwk.lists.words import PERSON, TIME, UNREAD
from bwk.personal import is_first_name

_LEAST = 0.48  # of the filled cells of a column with days are days
_DENSE = 0.75
_DAY = "dag"
_BULLET = re.compile(r"^(?:[-•*]|\d{1,2}[.)])\s+(?=\D)")
_UNSEEN = "\u2060"  # after a name: it is the same name, and no month


def find(texts: np.ndarray, guide: Guide) -> list[Block]:
    """Find the tables of a sheet; none where nothing looks like a list of visits."""
    texts = _with_names(_each(texts, _without_decimals))
    if guide.month.month and not guide.month.day:
        texts = _each(texts, partial(_with_month, month=MONTHS[guide.month.month - 1]))
    if guide.month.week and not _times(texts).any():
        texts = _each(texts, partial(_with_week, week=guide.month.week))
    tables = [table for part in _side_by_side(texts) for table in _below_months(part)]
    return [block for table in tables for block in _blocks(_days_beside(table), guide)]


def _each(texts: np.ndarray, tell: Callable[[str], Any]) -> np.ndarray:
    """Return what is told of each cell; each different text is looked at once."""
    told = {text: tell(text) for text in set(texts.ravel())}
    return np.vectorize(told.get, otypes=[object])(texts)


def _are(texts: np.ndarray, check: Callable[[str], Any]) -> np.ndarray:
    """Tell of which cells a check holds."""
    return _each(texts, check).astype(bool)


def with_lines(texts: np.ndarray, services: Names) -> np.ndarray:
    """Part the lines of a cell by a sign where each is a service or somebody; else join them."""

    def tell(text: str) -> str:
        if "\n" not in text:
            return text
        lines = [_BULLET.sub("", line).rstrip(", ;") for line in text.split("\n")]
        are_apart = all(services.match(line) for line in lines) or _are_all_people(lines)
        return ("; " if are_apart else " ").join(lines)

    return _each(texts, tell)


def _are_all_people(lines: Sequence[str]) -> bool:
    """Tell whether each line is a code or a name, and not the parts of one name."""
    is_long = [" " in line for line in lines]
    return (is_long[0] or not any(is_long)) and all(map(_is_somebody, lines))


def _is_somebody(line: str) -> bool:
    """Tell whether a line is a code with a letter, a full name or a first name."""
    is_name = is_first_name(line) or (" " in line and kinds.are_people([line], by_name=True))
    return is_name or (words.is_code(line) and not line[0].isdigit())


def _without_decimals(text: str) -> str:
    """Write `3` for `3.0`: a number that passed through a column with empty cells."""
    return text[:-2] if re.fullmatch(r"\d+\.0", text) else text


def _with_month(text: str, month: str) -> str:
    """Write the month of the sheet in a cell as `ma 7`."""
    words_of_day = text.split() if re.fullmatch(r"\D+ \d{1,2}", text) else [""]
    return f"{words_of_day[-1]} {month}" if stamps.is_weekday(words_of_day[0]) else text


def _with_week(text: str, week: int) -> str:
    """Write the week of the sheet in a cell as `ma`."""
    return f"week {week} {text[:2]}" if stamps.is_weekday(text) else text


def _with_names(texts: np.ndarray) -> np.ndarray:
    """Mark a name that is a month as well, such as `Jan`, where its neighbours are first names."""
    is_month = _are(texts, lambda text: text.isalpha() and stamps.read(text).month)
    if not is_month.any():
        return texts
    is_name = ~is_month & _are(texts, lambda text: any(map(is_first_name, text.split()[:1])))
    is_time = _are(texts, lambda text: stamps.read(text).is_whole)
    in_rows, in_columns = (
        np.array([*map(_is_one_of_names, *lines)])
        for lines in ((texts, is_month, is_name), (texts.T, is_month.T, is_name.T))
    )
    says, columns = np.full_like(texts, ""), is_month.any(axis=0)
    says[:, columns] = _each(texts[:, columns], words.role_of)
    below_people, below_times = map(_is_below, ((says == PERSON) | is_name, says == TIME))
    below_days = _is_below(_are(texts, lambda text: stamps.read(text).is_day))
    names_on_days = {*texts[is_month & in_columns & below_days]}
    marked = texts.copy()
    for row, column in np.argwhere(is_month & (in_rows[:, None] | in_columns | below_days)):
        place = row, column
        is_heading = in_rows[row] and is_time[:, column].sum() == 1 and not below_times[place]
        beside = [text for text in np.delete(texts[row], column) if text]
        is_label = in_columns[column] and beside and is_month[row].sum() == 1
        is_on_a_day = below_days[place] and texts[place] in names_on_days
        is_label = is_label and (below_people[place] or kinds.are_marks(beside))
        if is_heading or is_label or is_on_a_day:
            marked[place] += _UNSEEN
    return marked


def _is_one_of_names(texts: np.ndarray, is_month: np.ndarray, is_name: np.ndarray) -> bool:
    """Whether one month alone stands in a row or column, and as many names or more."""
    return len({*texts[is_month]}) == 1 and bool(is_month.sum() <= is_name.sum())


def _is_below(cells: np.ndarray) -> np.ndarray:
    """Mark what stands somewhere below one of some cells."""
    seen = np.logical_or.accumulate(cells, axis=0)
    return np.vstack([np.zeros_like(seen[:1]), seen[:-1]])


def _below_months(texts: np.ndarray) -> list[np.ndarray]:
    """Part lists with day numbers at the months that stand alone above; each keeps its rows."""
    months = [row for row, cells in enumerate(texts) if _is_month_alone(cells)]
    if len(months) < 2 or _times(texts).any():
        return [texts]
    tables = []
    for begin, end in pairwise([*months, len(texts)]):
        table = texts.copy()
        table[months[0] : begin] = table[end:] = ""
        tables.append(table)
    return tables


def _is_month_alone(cells: np.ndarray) -> bool:
    stamp = stamps.month_in(_alone(cells))
    return stamp.is_whole and not stamp.is_day


def _alone(cells: np.ndarray) -> str:
    """Return the text of a row that has no other than a word as `Datum:` before it."""
    texts = [str(text) for text in cells if text]
    if len(texts) == 2 and texts[0].endswith(":") and words.role_of(texts[0]) == TIME:
        del texts[0]
    return texts[0] if len(texts) == 1 else ""


def _days_beside(texts: np.ndarray) -> np.ndarray:
    """Put the days that stand alone above lists in a column beside those lists."""
    alone = [row for row, cells in enumerate(texts) if stamps.read(_alone(cells)).is_day]
    headings = [
        row for row, cells in enumerate(texts) if row not in alone and _are_all_headings(cells)
    ]
    are_apart = any(after - before > 1 for before, after in pairwise(alone))
    is_above = len(alone) == 1 and any(row > alone[0] for row in headings)
    if not (are_apart or is_above) or _times(texts).sum() > len(alone):
        return texts
    days = np.full((len(texts), 1), "", dtype=object)
    for row, end in pairwise([*alone, len(texts)]):
        days[row + 1 : end] = _alone(texts[row])
    is_empty = (texts == "").all(axis=1)
    is_empty[alone + headings] = True
    lists = texts.copy()
    lists[is_empty] = days[is_empty] = ""
    lists[alone[0]] = texts[headings[0]] if headings else ""
    days[alone[0]] = _DAY
    return np.hstack([lists, days])


def _are_all_headings(cells: np.ndarray) -> bool:
    """Tell whether a row is of headings, of people among them: `Nr`, `Naam`, `Tijd in`."""
    texts = [text for text in cells if text]
    roles = [words.role_of(text) for text in texts]
    has_people = PERSON in roles and len(texts) > 1
    return bool(texts) and (all(roles) or (has_people and not words.numbers(texts)))


def _side_by_side(texts: np.ndarray) -> list[np.ndarray]:
    """Stretch tables with the same headings that stand side by side; each keeps its columns."""
    places = np.arange(texts.shape[1])
    for column in np.flatnonzero((texts == "").all(axis=0)):
        left, right = (np.where(side, texts, "") for side in (places < column, places > column))
        if any(map(_are_headings, left, right)):
            return [left, *_side_by_side(right)]
    return [texts]


def _are_headings(left: np.ndarray, right: np.ndarray) -> bool:
    """Tell whether two rows begin alike, and have days or a heading of days or people."""
    cells, others = left[left != ""].tolist(), right[right != ""].tolist()
    says_who_or_when = {*map(words.role_of, cells)} & {TIME, PERSON}
    is_timed = any(stamps.read(text).is_whole for text in cells)
    return cells[:1] == others[:1] and bool(says_who_or_when or is_timed)


def _blocks(texts: np.ndarray, guide: Guide) -> list[Block]:
    if not texts.size:
        return []
    is_time = _times(texts)
    in_row = is_time.sum(axis=1)
    dated = _dated_column(texts, is_time)
    if _is_across(texts, is_time, dated):
        return across.below_rows(texts, in_row, guide)
    if dated is not None:
        return down.beside_column(texts, dated, int(is_time[:, dated].argmax()), guide)
    row = across.numbered_row(texts, guide)
    if row is not None:
        return [across.below_row(texts, Stretch(0, row, len(texts)), guide)]
    if numbered := down.numbered_column(texts):
        return down.beside_column(texts, *numbered, guide)
    return down.undated(texts, guide)


def _times(texts: np.ndarray) -> np.ndarray:
    """Tell which cells say when, also as a spreadsheet numbers the days."""
    in_row = np.array([[time.is_whole for time in stamps.in_row(row)] for row in texts])
    in_row[[row for row, cells in enumerate(texts) if _is_month_alone(cells)]] = False
    is_serial = _are(texts, stamps.serial)
    for column in np.flatnonzero(is_serial.any(axis=0)):
        heading = heading_above(texts, int(is_serial[:, column].argmax()), int(column))
        is_serial[:, column] &= words.role_of(heading) == TIME
    return in_row | is_serial


def _is_across(texts: np.ndarray, is_time: np.ndarray, dated: int | None) -> bool:
    """Tell whether times stand in rows rather than in a column."""
    in_row, in_column = is_time.sum(axis=1), is_time.sum(axis=0)
    if dated is None:
        return in_row.max() > 1 or in_row.max() == in_column.max() == 1
    rows = np.flatnonzero(in_row)
    are_headers = (in_row[rows] >= 2).all() and (np.diff(rows) > 1).all()
    is_sparse = _density(texts, is_time, dated) < _DENSE
    return bool((are_headers and is_sparse) or in_row.max() > max(3, in_column.max()))


def _density(texts: np.ndarray, is_time: np.ndarray, column: int) -> float:
    """Return which share of a column, from its first time on, are times."""
    begin = is_time[:, column].argmax()
    return float(is_time[:, column].sum() / (texts[begin:, column] != "").sum())


def _dated_column(texts: np.ndarray, is_time: np.ndarray) -> int | None:
    """Find the column that says when: a day that was asked for rather than when it was typed."""
    ranks = {}
    for column in np.flatnonzero(is_time.any(axis=0)).tolist():
        heading = heading_above(texts, int(is_time[:, column].argmax()), column)
        says = words.role_of(heading)
        is_long = is_time[:, column].sum() > 1 or says == TIME
        if says != UNREAD and is_long and _density(texts, is_time, column) >= _LEAST:
            ranks[column] = (says == TIME) + (says == TIME and not words.is_typed_at(heading))
    return max(ranks, key=lambda column: ranks[column], default=None)
