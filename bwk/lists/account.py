"""How a list is read, told to who brings it in: a picture, sums, and all that was not read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from bwk import formats
from bwk.formats import count, enumeration
from bwk.lists import picture, words
from bwk.lists.blocks import NUMBERS, Block
from bwk.lists.visits import Parted, Reading
from bwk.registrations.findings import letter
from bwk.registrations.grids import Grid

_NAMED = 12  # rows, columns or cells that a sentence lists
Tables = Mapping[str, Mapping[str, str]]  # the names of services and places


def lines(
    file: str,
    grids: Sequence[Grid],
    tables_read: Parted,
    tables: Tables,
) -> Iterator[str]:
    """Yield per table how it is read, what comes out, and what is left out."""
    for reading in tables_read.kept:
        sheet = f", blad {reading.sheet}" if reading.sheet else ""
        yield f"Zo lees ik dit blad: {file}{sheet}"
        yield from (f"  {line}" for line in _of_table(reading, tables))
    for reading in tables_read.repeated:
        yield f"Niet gelezen: {_place(reading)}, want dit herhaalt wat ergens anders staat."
    for reading in tables_read.passed:
        why = reading.why_not or "er staan geen bezoeken in die ik herken"
        yield f"Niet gelezen: {_place(reading)}, want {why}."
    yield from _other_sheets(grids, tables_read)
    readings = tables_read.kept
    visits = count(sum(reading.number for reading in readings), "bezoek", "bezoeken")
    people = len(set().union(*(reading.people for reading in readings)))
    named = count(people, "mens met een naam of code", "mensen met een naam of code")
    yield f"Samen {visits}{f' van {named}' if people else ', zonder namen'}."
    if summary := unread(tables_read):
        yield summary


def unread(tables_read: Parted) -> str:
    """Say how many cells were not read; empty where all were."""
    readings = [*tables_read.kept, *tables_read.passed]
    missed = sum(len(reading.unread) for reading in readings)
    cells = count(sum(len(reading.cells) for reading in readings), "cel", "cellen")
    are = "is" if missed == 1 else "zijn"
    sentence = f"Let op: van {cells} met iets erin {are} er {missed} niet gelezen. Zie hierboven."
    return sentence if missed else ""


def _place(reading: Reading) -> str:
    """Say where a table stands."""
    rows = [reading.block.header, *reading.block.body]
    sheet = f"blad {reading.sheet}, " if reading.sheet else ""
    return f"{sheet}rij {max(min(rows), 0) + 1} tot en met {max(rows) + 1}"


def _of_table(reading: Reading, tables: Tables) -> Iterator[str]:
    if reading.layout:
        yield f"{reading.layout.name.capitalize()}. {reading.layout.sentence}"
    yield from picture.draw(reading)
    yield _sums(reading)
    visits = reading.visits
    for role, keys in (
        ("locaties", {visit.location for visit in visits}),
        ("diensten", {visit.service for visit in visits}),
    ):
        names = [name for key, name in tables[role].items() if key in keys]
        yield f"{role.capitalize()}: {enumeration(names)}."
    yield from reading.notes
    yield from _left_out(reading)


def _sums(reading: Reading) -> str:
    rows = count(len(reading.block.rows), "rij", "rijen")
    visits = count(reading.number, "bezoek", "bezoeken")
    people = count(len(reading.people), "mens", "mensen")
    of_people = f" van {people}" if reading.people else ", een telling zonder namen"
    moments = sorted(visit.moment for visit in reading.visits)
    stretch = f", {_told(moments[0])} tot en met {_told(moments[-1])}" if moments else ""
    return f"{rows}: {visits}{of_people}{stretch}."


def _told(moment: str) -> str:
    if "W" in moment:
        return f"week {int(moment[6:])} van {moment[:4]}"
    if len(moment) == 7:
        return f"{formats.MONTHS[int(moment[5:]) - 1]} {moment[:4]}"
    return formats.day(date.fromisoformat(moment))


def _left_out(reading: Reading) -> Iterator[str]:
    """Yield what of a table was not read, or not counted."""
    block = reading.block
    unread = Counter(column for _, column in reading.unread)
    if columns := sorted(block.unread.items()):
        named = [_column(place, heading, unread[place]) for place, heading in columns]
        yield f"Niet gelezen: {_listed(named)}."
    if odd := sorted(cell for cell in reading.unread if cell[1] not in block.unread):
        cells = count(len(odd), "cel", "cellen")
        named = [f"{letter(column)}{row + 1}" for row, column in odd]
        yield f"Niet gelezen, zonder leesbare dag of getal: {cells}, {_listed(named)}."
    totals = [f"rij {row + 1}" for row in sorted(block.total_rows)]
    totals += [f"kolom {letter(place)}" for place in sorted(block.total_columns)]
    if totals:
        yield f"Totalen, niet geteld: {_listed(totals)}."
    came = {row for row, _ in reading.counted}
    if idle := [f"rij {row + 1}" for row in block.rows if row not in came]:
        yield f"Zonder bezoek: {_listed(idle)}."
    if repeats := _repeated_rows(block):
        rows = count(repeats, "rij staat", "rijen staan")
        yield f"Let op: {rows} er nog eens, en telt weer mee. Haal weg wat dezelfde mensen zijn."
    if block.carried:
        rows = count(len(block.carried), "rij", "rijen")
        yield f"Bij {rows} zonder dag is de dag van de rij erboven genomen."
    if reading.repeated:
        twice = count(reading.repeated, "bezoek stond", "bezoeken stonden")
        yield f"{twice} er al: een mens telt per dag en dienst één keer."


def _repeated_rows(block: Block) -> int:
    """Count the rows of a count below each other that stand there a second time."""
    is_dated = any(axis.role == words.TIME for axis in block.beside)
    if block.cells != NUMBERS or not is_dated:
        return 0
    rows = Counter(tuple(block.texts[row]) for row in block.rows if row not in block.carried)
    return rows.total() - len(rows)


def _listed(texts: Sequence[str]) -> str:
    """List the first of some texts, and say how many more there are."""
    rest = [f"nog {len(texts) - _NAMED}"] if len(texts) > _NAMED else []
    return enumeration([*texts[:_NAMED], *rest])


def _column(place: int, heading: str, cells: int) -> str:
    """Name a column; a heading that may be somebody's name is not repeated."""
    named = f"{heading}, " if words.role_of(heading) else ""
    return f"kolom {letter(place)} ({named}{count(cells, 'cel', 'cellen')})"


def _other_sheets(grids: Iterable[Grid], tables_read: Parted) -> Iterator[str]:
    """Yield which sheets of the file were not read, and what is hidden in the others."""
    readings = (*tables_read.kept, *tables_read.repeated, *tables_read.passed)
    sheets = {reading.sheet for reading in readings}
    for grid in grids:
        if grid.is_hidden:
            yield f"Niet gelezen: blad {grid.sheet}, want het is verborgen."
        elif grid.sheet not in sheets:
            yield f"Niet gelezen: blad {grid.sheet}, want er staan geen bezoeken op die ik herken."
        elif grid.hidden:
            rows = count(len(grid.hidden), "verborgen rij", "verborgen rijen")
            yield f"Let op: het blad heeft {rows}; wat daarin staat, telt mee."
