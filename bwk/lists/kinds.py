"""What a column of a list is: labels of some kind, marks, numbers, a total, or not to be read."""

from collections.abc import Iterable, Iterator

from bwk.lists import stamps, words
from bwk.lists.blocks import MARKS, NAMES, NUMBERS, Axis, Block, Guide, spread
from bwk.lists.words import COUNT, GROUP, NUMBERING, PERSON, TIME, UNREAD
from bwk.registrations.values import personal

TOTAL = "totaal"
_NO_MEASURES = (UNREAD, NUMBERING, TIME)


def of_column(heading: str, values: list[str], guide: Guide) -> str:
    """Tell what a column below a heading is: marks and numbers, a total, or labels."""
    if words.is_total(heading):
        return TOTAL
    says = words.role_of(heading)
    numbers = words.numbers(values)
    nothing = [text for text in values if words.number(text) is None and words.is_absent(text)]
    if numbers and len(numbers) + len(nothing) >= 0.8 * len(values):
        if _is_measure(heading, says, guide):
            return MARKS if {*numbers} <= {0, 1} and says != COUNT else NUMBERS
    elif not guide.role_of(values):
        says_who_came = words.is_of_presence(heading) and any(map(words.presence, values))
        if says not in _NO_MEASURES and (says_who_came or are_marks(values)):
            return MARKS
        if says == COUNT:
            return NUMBERS if numbers else UNREAD
    return of_labels(heading, values, guide)


def of_labels(heading: str, values: list[str], guide: Guide) -> str:
    """Tell what labels are: by the programme's names, the heading, then the labels themselves."""
    says = words.role_of(heading)
    if named := guide.role_of(values):
        return named
    if says != UNREAD and all(map(stamps.is_year, values)):
        return TIME
    if says == TIME:
        times = [text for text in values if stamps.anyhow(text, words.part_of(heading))]
        return TIME if len(times) >= 0.5 * len(values) else GROUP
    if all(map(str.isdecimal, values)) and says != PERSON:
        return says if says == UNREAD else NUMBERING
    if says in ("", COUNT) or all(map(words.is_division, values)):
        return GROUP
    return PERSON if says == NUMBERING else says


def are_marks(values: list[str]) -> bool:
    """Tell whether all values are marks, with few of each kind."""
    distinct = set(map(str.casefold, values))
    return len(distinct) <= 8 and all(words.presence(text) is not None for text in distinct)


def of_cells(block: Block, guide: Guide) -> str:
    """Tell whether the cells of a block are marks, numbers, or names of people or services."""
    texts = block.filled_cells
    numbers = words.numbers(texts)
    are_other = numbers or any(map(stamps.read, texts)) or are_marks(texts)
    if not are_other and (guide.role_of(texts) or are_people(texts, by_name=True)):
        return NAMES
    is_counted = len(numbers) > len(texts) / 2 and not set(numbers) <= {0, 1}
    return NUMBERS if is_counted else MARKS


def add_labels(block: Block, column: int, role: str, heading: str) -> None:
    """Add a column to the labels of a block, or to what is not read."""
    if role in (UNREAD, GROUP, NUMBERING) and not (role == GROUP and block.columns):
        block.unread[column] = heading
    else:
        block.beside.append(Axis(role, block.labels_in(column), heading, column))


def leave_out_keepers(block: Block) -> None:
    """Leave out who kept a list of numbers: nobody of those who were counted."""
    axis = block.axis(PERSON)
    if axis and words.is_of_keepers(axis.heading):
        block.beside.remove(axis)
        block.unread[axis.place] = axis.heading


def join_people(block: Block) -> None:
    """Join first and last names to one; of a number and a name keep the number."""
    people = [axis for axis in block.beside if axis.role == PERSON]
    names = [axis for axis in people if words.is_of_names(axis.heading)]
    codes = [axis for axis in people if axis not in names and all(axis.labels.values())]
    kept = codes[:1] or names or people[:1]
    for axis in people:
        if axis not in kept:
            block.unread[axis.place] = axis.heading
        if axis is not kept[0]:
            block.beside.remove(axis)
    for axis in kept[1:]:
        block.joined.append(axis.place)
        for row, label in kept[0].labels.items():
            kept[0].labels[row] = f"{label} {axis.labels[row]}".strip()


def _is_measure(heading: str, says: str, guide: Guide) -> bool:
    """Tell whether numbers below a heading count people."""
    if guide.names_group(heading):
        return says != UNREAD or not words.is_number_of(heading)
    if says == PERSON:  # `Deelnemers` above numbers counts them, `Lidnummer` names them
        is_plural = heading.strip().casefold().endswith(("s", "en"))
        return is_plural and not words.is_of_codes(heading)
    return says not in _NO_MEASURES


def are_people(labels: Iterable[str], *, by_name: bool = False) -> bool:
    """Tell whether most labels are codes of people or guests, or names as well."""
    distinct = {label for label in labels if not words.is_division(label)}
    people = sum(
        words.is_code(label) or words.is_guests(label) or (by_name and _may_be_name(label))
        for label in distinct
    )
    return people >= max(0.5 * len(distinct), 1)


def _may_be_name(label: str) -> bool:
    is_mark = words.presence(label) or words.says_nobody(label)
    return personal(label) == "een naam" and not (is_mark or stamps.is_weekday(label))


def levels(block: Block) -> Iterator[Axis]:
    """Yield the rows of headings around the main one: groups above it, or below it."""
    columns, header = block.columns, max(block.header, 0)
    above = range(max(header - 2, 0), header)
    for row in (*above, *range(header + 1, block.top)):
        places = [place for place in columns if block.texts[row, place]]
        labels = block.texts[row, places]
        is_title = len(places) < 2 and (len(columns) < 3 or places in ([], columns[:1]))
        is_timed = any(stamps.read(text).is_whole for text in labels)
        is_apart = row in above and (is_title or is_timed)
        if not (is_apart or stamps.are_weekdays(labels) or all(map(str.isdecimal, labels))):
            yield Axis("", spread(block.texts[row], columns), "", row)
