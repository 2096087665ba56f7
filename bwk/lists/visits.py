"""The cells of a table to visits, with the questions that the sheet itself does not answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from bwk.formats import count, enumeration
from bwk.lists import stamps, words
from bwk.lists.blocks import MARKS, NUMBERS, ROWS, Axis, Block, Guide
from bwk.lists.finding import find
from bwk.lists.layouts import Layout, layout_of
from bwk.lists.names import Names
from bwk.lists.stamps import NOTHING, Stamp
from bwk.lists.words import GROUP, PERSON, PLACE, SERVICE, TIME
from bwk.registrations.values import personal

LOCATION, SERVICE_OF, YEAR, MONTH = "locatie", "dienst", "jaar", "maand"
SERVICES, PLACES, MARK = "diensten", "locaties", "tekens"
_NAMED = 12  # rows or names that a sentence lists


class Visit(NamedTuple):
    """So many visits of one person, or of people without a name, at one moment."""

    moment: str
    location: str
    service: str
    person: str
    times: int


class Question(NamedTuple):
    """What the sheet does not say; `about` is what it is asked about, as a name that is unknown."""

    kind: str
    about: str
    sentence: str


@dataclass
class Answers:
    """What was told of a list: by options, by the name of its file, and by earlier answers.

    Attributes
    ----------
    location, service, year, month : str
        Where a sheet itself says nothing; `chosen` are those that an option gave.
    names : dict of str to dict of str to str
        Keys by what the list calls a service (`diensten`) or place (`locaties`), and what a mark
        means (`tekens`: `ja` or `nee`).
    """

    location: str = ""
    service: str = ""
    year: str = ""
    month: str = ""
    chosen: frozenset[str] = frozenset()
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    def given(self, kind: str) -> str:
        """Return the answer to a question of a kind."""
        return {
            LOCATION: self.location,
            SERVICE_OF: self.service,
            YEAR: self.year,
            MONTH: self.month,
        }[kind]


@dataclass
class Reading:
    """A table as it was read."""

    sheet: str
    block: Block
    layout: Layout | None
    visits: list[Visit] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    resolved: Mapping[tuple[int, int], Stamp] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """How many visits."""
        return sum(visit.times for visit in self.visits)

    @property
    def people(self) -> set[str]:
        """Who came, as the list calls them."""
        return {visit.person for visit in self.visits} - {""}


def read_sheet(
    sheet: str, texts: np.ndarray, stem: str, answers: Answers, services: Names, places: Names
) -> list[Reading]:
    """Read the tables of a sheet; none where nothing looks like a list of visits."""
    head = " ".join(str(row[row != ""][0]) for row in texts[:4] if sum(row != "") == 1)
    guide = Guide(services, places, stamps.first_month(sheet, head, stem))
    return [
        _Reader(sheet, texts, stem, answers, guide, block).read() for block in find(texts, guide)
    ]


class _Reader:
    """Reads one table."""

    def __init__(
        self, sheet: str, texts: np.ndarray, stem: str, answers: Answers, guide: Guide, block: Block
    ) -> None:
        self.sheet, self.texts, self.stem = sheet, texts, stem
        self.answers, self.guide, self.block = answers, guide, block
        self.services, self.places = guide.services, guide.places
        self.result = Reading(sheet, block, None)
        self.legend = words.legend(texts.ravel())
        self.odd_cells: list[int] = []
        self.taken_once = 0

    def read(self) -> Reading:
        """Find out what is not on the axes, then take the visits."""
        block = self.block
        self._resolve_groups()
        self.result.layout = layout_of(block)
        if not self.result.layout:
            return self.result
        self.service = self._context(SERVICE_OF, SERVICE, self.services, SERVICES)
        self.location = self._context(LOCATION, PLACE, self.places, PLACES)
        self._set_times()
        if block.has_two_orders:
            self._ask(YEAR, "volgorde", "In een kolom staan datums in twee volgordes: dag-maand en "
                      "maand-dag. Schrijf ze op één manier.")  # fmt: skip
        merged: dict[Visit, int] = {}
        for visit in self._visits():
            key = visit._replace(times=0)
            merged[key] = merged.get(key, 0) + visit.times
        self.result.visits = [
            visit._replace(times=self._times(visit, times)) for visit, times in merged.items()
        ]
        self._notes()
        return self.result

    def _times(self, visit: Visit, times: int) -> int:
        """Count a person once at a service on a day."""
        if visit.person and len(visit.moment) == 10 and times > 1:
            self.taken_once += times - 1
            return 1
        return times

    def _ask(self, kind: str, about: str, sentence: str) -> None:
        question = Question(kind, about, sentence)
        if question not in self.result.questions:
            self.result.questions.append(question)

    # What the labels are ------------------------------------------------------------------------

    def _resolve_groups(self) -> None:
        """Say of labels that may be services, places, people or a division what they are."""
        for axis in (*self.block.above, *self.block.beside):
            if axis.role in ("", GROUP):
                axis.role = self._group_role(axis)
        taken: set[str] = set()
        for axis in (*self.block.beside, *self.block.above):
            if axis.role in (SERVICE, PLACE) and axis.role in taken:
                axis.role = GROUP
            taken.add(axis.role)

    def _group_role(self, axis: Axis) -> str:
        labels = [label for label in dict.fromkeys(axis.labels.values()) if label]
        divided = [label for label in labels if words.is_division(label) or words.is_part(label)]
        rest = [label for label in labels if label not in divided]
        by_service = [label for label in labels if self.services.several(label)]
        by_place = [label for label in labels if self.places.match(label)]
        if len(by_service) >= max(1, len(labels) / 2) and len(by_service) >= len(by_place):
            return SERVICE
        if len(by_place) >= max(1, len(labels) / 2):
            return PLACE
        if by_service and not divided:
            return SERVICE
        if not rest:
            return GROUP
        is_people = sum(words.is_code(label) or personal(label) == "een naam" for label in rest)
        has_people = bool(self.block.axis(PERSON))
        if self.block.cells == MARKS and not has_people and is_people >= len(rest) / 2:
            return PERSON
        is_known = bool(self._default(SERVICE_OF, self.services)) or bool(self.block.axis(SERVICE))
        return GROUP if is_known else SERVICE

    # What the labels do not say -----------------------------------------------------------------

    def _default(self, kind: str, names: Names) -> str:
        """Return what holds for the sheet: by its name, an option, its title, or an answer."""
        kinds = {SERVICE_OF: SERVICES, LOCATION: PLACES}
        aliases = self.answers.names.get(kinds[kind], {})
        if self.sheet in aliases:
            return aliases[self.sheet]
        exact = names.named_in(self.sheet) if self.sheet else None
        chosen = self.answers.given(kind) if kind in self.answers.chosen else ""
        titled = names.named_in(f"{self.block.titles} {self.stem}")
        return exact or chosen or titled or self.answers.given(kind) or names.only

    def _context(self, kind: str, role: str, names: Names, plural: str) -> str:
        """Return what holds where the axes do not say it, or ask."""
        default = self._default(kind, names)
        if default or self.block.axis(role):
            return default
        if kind == SERVICE_OF:
            likely = names.likely(f"{self.sheet} {self.block.titles} {self.stem}")
            hint = f" Is het ‘{names.names[likely]}’?" if likely else ""
            self._ask(kind, "", f"Welke dienst is dit?{hint}")
        else:
            self._ask(kind, "", "Van welke locatie is deze lijst?")
        return ""

    def _years(self) -> Sequence[int]:
        """Return the year, or both of a season, that a title, the sheet or an option names."""
        given = self.answers.year
        for text in (self.block.titles, self.sheet, self.stem):
            if years := stamps.years_in(text):
                is_other = (
                    YEAR in self.answers.chosen and given.isdigit() and int(given) not in years
                )
                return (int(given),) if is_other and text == self.stem else years
        return (int(given),) if given.isdigit() else ()

    def _set_times(self) -> None:
        """Give the lines of time their year, and find the month that the title names."""
        years = self._years()
        timed = [axis for axis in self.block.axes if axis.role == TIME]
        has_year = any(stamp.year for axis in timed for stamp in axis.stamps.values())
        month = stamps.first_month(self.block.titles, self.sheet, self.stem)
        if month == NOTHING and self.answers.month:
            month = stamps.read(self.answers.month)
        if not (has_year and len(timed) > 1):
            for axis in timed:
                filled = stamps.with_years(axis.stamps.values(), years)
                axis.stamps = dict(zip(axis.stamps, filled, strict=True))
        [self.title] = stamps.with_years([month], years)
        if not timed and self.title == NOTHING:
            self._ask(MONTH, "", self._month_question())

    def _month_question(self) -> str:
        labels = [label for axis in self.block.axes for label in axis.labels.values()]
        if any(map(words.is_quarter, labels)):
            return "Een telling per kwartaal leest bwk niet: maak er maanden van."
        return "Over welke maand gaat dit blad? Zet de maand in de titel."

    # The cells ----------------------------------------------------------------------------------

    def _visits(self) -> Iterator[Visit]:
        for row in self.block.rows:
            for column in self.block.columns or [-1]:
                yield from self._visits_at(row, column)

    def _visits_at(self, row: int, column: int) -> Iterator[Visit]:
        text = self.texts[row, column] if column >= 0 else ""
        people, times = self._counted(row, column, text)
        if times is None:
            return
        stamp = self._stamp(row, column)
        if not stamp.moment:
            self._ask_time(stamp, row)
            return
        location = self._keys(PLACE, row, column, self.places, PLACES, self.location)
        services = self._keys(SERVICE, row, column, self.services, SERVICES, self.service)
        for place in location[:1]:
            for service in services:
                for person, number in self._of_people(people, times, stamp):
                    for each in self._apart(person):
                        yield Visit(stamp.moment, place, service, each, number)

    def _of_people(self, person: str, times: int, stamp: Stamp) -> Iterator[tuple[str, int]]:
        """Yield one person, with how often in a month, or with so many people who came along."""
        if not person:
            yield "", times
        elif times == 0:
            return
        elif stamp.day and self.block.cells == NUMBERS and not self._is_across():
            yield person, 1
            if times > 1:
                yield "", times - 1
        else:
            yield person, 1 if stamp.day else times

    def _apart(self, person: str) -> list[str]:
        """Part the people that a cell of a register names."""
        axis = self.block.axis(PERSON)
        if axis is None or self.block.cells != ROWS:
            return [person]
        people = words.people_in(person, axis.heading)
        return ["" if words.is_guests(each) else each for each in people] or [""]

    def _is_across(self) -> bool:
        return any(axis.role == TIME for axis in self.block.above)

    def _counted(self, row: int, column: int, text: str) -> tuple[str, int | None]:
        """Return who came and how many times or with how many; None where nobody is counted."""
        person = self._label(PERSON, row, column)
        if words.is_guests(person):
            person = ""
        if self.block.cells == ROWS:
            return person, 1
        value = words.number(text)
        if not text:
            is_listed = person and self.block.cells == NUMBERS and not self._is_across()
            return person, 1 if is_listed and len(self.block.columns) == 1 else None
        if self.block.cells == NUMBERS or (value is not None and not person and value > 1):
            return self._number(person, row, text, value)
        is_present = self._presence(text)
        if self._has_people() and not self._label(PERSON, row, column) and is_present:
            return "", 1
        return person, 1 if is_present else None

    def _has_people(self) -> bool:
        return self.block.axis(PERSON) is not None

    def _number(
        self, person: str, row: int, text: str, value: float | None
    ) -> tuple[str, int | None]:
        if value is None and person and self._presence(text):
            return person, 1
        if value is None and words.presence(text) is not None:
            return person, None
        if value and person and not value.is_integer():  # hours, of somebody who was there
            return person, 1
        if value is None or not value.is_integer():
            self.odd_cells.append(row)
            return person, None
        return person, int(value)

    def _presence(self, text: str) -> bool:
        """Tell whether a mark is of somebody who was there, or ask."""
        answered = self.answers.names.get(MARK, {}).get(text.casefold())
        if answered:
            return answered == "ja"
        is_present = self.legend.get(text.casefold(), words.presence(text))
        if text.casefold() == "a":
            is_present = words.means_present_by_a(self._marks())
        if is_present is None:
            shown = f"het teken ‘{text}’" if len(text) <= 3 else "een tekst in een cel"
            self._ask(MARK, text.casefold(), f"Was iemand er bij {shown}?")
        return bool(is_present)

    def _marks(self) -> set[str]:
        block = self.block
        return {self.texts[row, place].casefold() for row in block.rows for place in block.columns}

    def _label(self, role: str, row: int, column: int) -> str:
        axis = self.block.axis(role)
        if axis is None:
            return ""
        return axis.labels.get(row if axis in self.block.beside else column, "")

    def _stamp(self, row: int, column: int) -> Stamp:
        stamp = NOTHING
        for axis in self.block.beside:
            if axis.role == TIME:
                stamp = stamp.filled(axis.stamps.get(row, NOTHING))
        for axis in self.block.above:
            if axis.role == TIME:
                stamp = stamp.filled(axis.stamps.get(column, NOTHING))
        if stamp.month or stamp.week:
            title = self.title._replace(day=None, week=None, month=None)
            return _put_together(stamp.filled(title))
        return _put_together(stamp.filled(self.title))

    def _ask_time(self, stamp: Stamp, row: int) -> None:
        if stamp.month or stamp.week:
            if stamp.year:
                self.odd_cells.append(row)
            else:
                self._ask(YEAR, "", "Van welk jaar is deze lijst?")
        elif stamp.day:
            self._ask(MONTH, "", self._month_question())
        else:
            self.odd_cells.append(row)

    def _keys(
        self, role: str, row: int, column: int, names: Names, plural: str, default: str
    ) -> list[str]:
        """Return the services or the place of a cell; empty where it must be asked."""
        text = self._label(role, row, column)
        axis = self.block.axis(role)
        kind = SERVICE_OF if role == SERVICE else LOCATION
        if axis is not None and not text and axis in self.block.beside:
            text = self._above(axis, row)
        if not text:
            if axis is not None and not default:
                self._ask(kind, "", f"Bij sommige rijen staat geen {kind}. Welke is het?")
            return [default] if default else []
        keys = names.several(text) if role == SERVICE else None
        if keys is None:
            key = names.match(text)
            keys = None if key is None else [key]
        if keys is not None:
            return [key for key in keys if key]
        if kind in self.answers.chosen:
            self._fallen_back(kind, text)
            return [self.answers.given(kind)]
        for part in names.unknown([text]) or [text]:
            self._ask(plural, part, f"Welke {kind} is ‘{part[:40]}’?")
        return []

    def _above(self, axis: Axis, row: int) -> str:
        """Return the label that a merged cell leaves to the rows below it."""
        if axis.role == PERSON or self.block.cells == ROWS:
            return ""
        rows = [before for before in axis.labels if before <= row and axis.labels[before]]
        return axis.labels[max(rows)] if rows else ""

    def _fallen_back(self, kind: str, text: str) -> None:
        name = self.answers.given(kind)
        note = f"‘{text[:40]}’ is geen {kind} van dit programma, en is gelezen als ‘{name}’."
        if note not in self.result.notes:
            self.result.notes.append(note)

    # The account --------------------------------------------------------------------------------

    def _notes(self) -> None:
        block, notes = self.block, self.result.notes
        if block.unread:
            named = [_column(place, heading) for place, heading in sorted(block.unread.items())]
            notes.append(f"Niet gelezen: {_columns(len(named))} {enumeration(named[:_NAMED])}.")
        totals = [f"rij {row + 1}" for row in sorted(block.total_rows)]
        totals += [f"kolom {letter(place)}" for place in sorted(block.total_columns)]
        if totals:
            notes.append(f"Totalen, niet geteld: {enumeration(totals[:_NAMED])}.")
        if block.carried:
            rows = count(len(block.carried), "rij", "rijen")
            notes.append(f"Bij {rows} zonder dag is de dag van de rij erboven genomen.")
        odd = sorted({row + 1 for row in (*block.undated, *self.odd_cells)})
        if odd:
            named = [str(row) for row in odd[:_NAMED]]
            notes.append(f"Niet gelezen, zonder leesbare dag of getal: rij {enumeration(named)}.")
        if self.taken_once:
            twice = count(self.taken_once, "bezoek stond", "bezoeken stonden")
            notes.append(f"{twice} er al: een mens telt per dag en dienst één keer.")


def _put_together(stamp: Stamp) -> Stamp:
    """Return a stamp whose parts are put together; how it was written no longer matters."""
    return stamp._replace(is_date=False, pair=None)


def letter(place: int) -> str:
    """Name a column as a spreadsheet does."""
    before = letter(place // 26 - 1) if place >= 26 else ""
    return before + chr(ord("A") + place % 26)


def _column(place: int, heading: str) -> str:
    """Name a column; a heading that may be somebody's name is not repeated."""
    return f"{letter(place)} ({heading})" if words.role_of(heading) else letter(place)


def _columns(number: int) -> str:
    return "kolom" if number == 1 else "kolommen"


def without_summaries(readings: Sequence[Reading]) -> tuple[list[Reading], list[Reading]]:
    """Part the tables that repeat what is on other sheets from the rest."""
    sheets = dict.fromkeys(reading.sheet for reading in readings)
    numbers = {
        sheet: sum(reading.number for reading in readings if reading.sheet == sheet)
        for sheet in sheets
    }
    repeats = set()
    for sheet, number in numbers.items():
        rest = sum(numbers.values()) - number
        is_sum = len(sheets) > 2 and number == rest and number > 0
        if len(sheets) > 1 and (is_sum or (words.is_summary(sheet) and rest)):
            repeats.add(sheet)
    kept = [reading for reading in readings if reading.sheet not in repeats]
    return kept, [reading for reading in readings if reading.sheet in repeats]
