"""What a table is about: visits, or money, hours, stocks and whatever else people keep lists of."""

from bwk.lists import stamps, words
from bwk.lists.blocks import DAYS, MARKS, NUMBERS, ROWS, Block, Guide, heading_above
from bwk.lists.words import COUNT, PERSON, PLACE, SERVICE, TIME, UNREAD

_PARTS = 0.1  # of the numbers of a count may be no whole numbers
_OTHER = "dit gaat over {} en niet over bezoeken (toch wel? Zet ‘bezoek’ in de bestandsnaam)"
_QUARTERS = "een telling per kwartaal leest bwk niet: maak er maanden van"
_DAYS = "in de cellen staan datums: zet elke datum op een eigen rij, met de naam ervoor"


def why_not_visits(block: Block, titles: str) -> str:
    """Say why a table is not of visits, by its words and its numbers; empty where it may be."""
    headings = [axis.heading for axis in block.beside]
    labels = [label for axis in block.axes for label in axis.labels.values()]
    if thing := words.other_things(titles, *headings):
        return _OTHER.format(thing)
    if not block.axis(TIME) and any(map(words.is_quarter, labels)):
        return _QUARTERS
    if block.cells != DAYS and columns_with_days(block):
        return _DAYS
    is_of_days = any(stamp.is_day for axis in block.axes for stamp in axis.stamps.values())
    may_be_hours = block.axis(PERSON) and is_of_days  # of somebody who was there
    if block.cells == NUMBERS and not may_be_hours:
        numbers = words.numbers(block.filled_cells)
        parts = [number for number in numbers if not number.is_integer()]
        if len(parts) > _PARTS * len(numbers) or words.are_hours(titles):
            return _OTHER.format("uren of bedragen")
    return ""


def is_unclear(block: Block, titles: str, guide: Guide) -> bool:
    """Tell whether labels and titles leave open what numbers without people count."""
    if block.cells != NUMBERS or block.axis(PERSON):
        return False
    axes = [axis for axis in block.axes if axis.role != TIME]
    labels = [label for axis in axes for label in {*axis.labels.values()} if label]
    headings = [*labels, *(axis.heading for axis in axes)]
    says = {words.role_of(heading) for heading in headings} & {COUNT, SERVICE, PLACE, PERSON}
    is_named = any(map(guide.names_group, labels))
    is_titled = any(names.named_in(titles) for names in guide.names.values())
    is_clear = says or is_named or is_titled or words.are_about_people(titles, *headings)
    return bool(labels) and not (is_clear or stamps.are_weekdays(labels))


def columns_with_days(block: Block) -> list[int]:
    """Return the columns of the visits if most cells are days, as on a card with ten boxes."""
    columns = [*block.columns] if block.cells == MARKS else []
    if block.cells == ROWS:
        columns = [
            column
            for column, heading in block.unread.items()
            if words.role_of(heading) not in (UNREAD, TIME)
        ]
    texts = [text for column in columns for text in block.labels_in(column).values() if text]
    days = [text for text in texts if stamps.read(text.split(",")[0]).is_day]
    return columns if len(days) > len(texts) / 2 else []


def take_days(block: Block) -> None:
    """Read the cells of a card with numbered boxes, behind a name, as the days of visits."""
    columns = columns_with_days(block)
    dated = [axis for axis in block.beside if axis.role == TIME and block.cells == ROWS]
    columns += [axis.place for axis in dated if columns]
    headings = [heading_above(block.texts, block.top, column) for column in columns]
    is_numbered = [words.is_numbered(text) and not stamps.read(text) for text in headings]
    if columns and all(is_numbered) and block.axis(PERSON):
        block.cells, block.columns, block.above = DAYS, sorted(columns), []
        block.beside = [axis for axis in block.beside if axis not in dated]
        block.unread = {
            place: heading for place, heading in block.unread.items() if place not in columns
        }
        block.rows = [row for row in block.body if row not in block.total_rows]
        block.undated, block.carried = [], []
