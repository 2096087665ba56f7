"""The cells of a table to visits, with the questions that the sheet itself does not answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from bwk.formats import count
from bwk.lists import kinds, layouts, stamps, subject, words
from bwk.lists.answers import MARK, MONTH, SINGULAR, YEAR, Answers, Question
from bwk.lists.blocks import DAYS, MARKS, NAMES, NUMBERS, ROWS, Axis, Block, Guide
from bwk.lists.finding import find, with_lines
from bwk.lists.names import Names
from bwk.lists.stamps import NOTHING, Stamp
from bwk.lists.visits import Reading, Visit, merged
from bwk.lists.words import GROUP, PERSON, PLACE, SERVICE, TIME
from bwk.registrations.findings import letter

_TWO_ORDERS = (
    "In een kolom staan datums in twee volgordes: dag-maand en maand-dag. Schrijf ze op één manier."
)
_WHICH = {SERVICE: "Welke dienst is dit?", PLACE: "Van welke locatie is deze lijst?"}
_NUMBERS = "getallen"
_ARE_PEOPLE = "Tellen de getallen mensen die kwamen? Zet dan ‘bezoekers’ boven de tabel."
_NO_PEOPLE = "de getallen tellen geen mensen"
_FALLEN_BACK = "‘{}’ is geen {} van dit programma, en is gelezen als ‘{}’."
_OF_NOBODY = "daar staat niet wie er was of waarvoor, of dat iemand er niet was"
_ALONG = "Onder ‘{}’ staat hoeveel mensen meekwamen. Zij tellen mee, en wie ervoor staat ook."
_WHICH_YEAR = "Van welk jaar is deze lijst?"
_WHICH_MONTH = "Over welke maand gaat dit blad? Zet de maand in de titel."


def read_sheet(
    sheet: str, texts: np.ndarray, stem: str, answers: Answers, services: Names, places: Names
) -> list[Reading]:
    """Read the tables of a sheet; none where nothing looks like a list of visits.

    Parameters
    ----------
    texts : array of str, rows by columns
        The cells; an empty one is `""`.
    stem : str
        The name of the file without its ending.
    """
    texts = with_lines(texts, services)
    first_rows = texts[(texts != "").any(axis=1)][:4]
    titles = [str(row[row != ""][0]) for row in first_rows if sum(row != "") == 1]
    month = stamps.first_month(sheet, " ".join(titles), stem)
    guide = Guide({SERVICE: services, PLACE: places}, month)
    return [
        _Reader(Reading(sheet, block), stem, answers, guide).read() for block in find(texts, guide)
    ]


@dataclass
class _Reader:
    """Reads one table."""

    result: Reading
    stem: str
    answers: Answers
    guide: Guide

    @property
    def block(self) -> Block:
        return self.result.block

    @property
    def titles(self) -> str:
        """What stands above the table, and what its sheet and its file are called."""
        return f"{self.block.titles} {self.result.sheet} {self.stem}"

    def read(self) -> Reading:
        """Find out what is not on the axes, then take the visits."""
        subject.take_days(self.block)
        self._set_groups()
        if self._is_of_visits():
            self.result.layout = layouts.layout_of(self.block)
        if not self.result.layout:
            return self.result
        people = self.block.axis(PERSON) or Axis("", {})
        self.is_plural = words.is_of_several(people.heading, people.labels.values())
        self.legend = words.legend(self.block.texts.ravel())
        self.defaults = {role: self._default_or_ask(role) for role in SINGULAR}
        self._set_times()
        self.nameless = 0
        visits = [*(self._visits_on_days() if self.block.cells == DAYS else self._visits())]
        if self.nameless:
            rows = count(self.nameless, "rij telt", "rijen tellen")
            self.result.notes.append(f"{rows} niet mee: {_OF_NOBODY}.")
        if self.block.cells == NUMBERS and self.block.axis(PERSON):
            along = [
                label for label in self.block.above[0].labels.values() if words.is_along(label)
            ]
            self.result.notes += [_ALONG.format(heading) for heading in along]
        self.result.visits = merged(visits)
        self.result.repeated = sum(visit.times for visit in visits) - self.result.number
        return self.result

    def _is_of_visits(self) -> bool:
        """Tell whether the table is of visits, or ask."""
        answered = self.answers.aliases(MARK).get(_NUMBERS)
        self.result.why_not = subject.why_not_visits(self.block, self.titles)
        if subject.is_unclear(self.block, self.titles, self.guide) and answered != "ja":
            if answered:
                self.result.why_not = _NO_PEOPLE
            self._ask(MARK, _ARE_PEOPLE, about=_NUMBERS)
        return not self.result.why_not

    def _ask(self, kind: str, sentence: str, about: str = "") -> None:
        self.result.questions.setdefault((kind, about), Question(kind, about, sentence))

    # What the labels are ------------------------------------------------------------------------

    def _set_groups(self) -> None:
        """Say of labels that may be services, places, people or a division what they are."""
        for axis in (*self.block.above, *self.block.beside):
            if axis.role in ("", GROUP):
                axis.role = self._group_role(axis)
        taken: set[str] = set()
        for axis in self.block.axes:
            if axis.role in SINGULAR and axis.role in taken:
                axis.role = GROUP
            taken.add(axis.role)

    def _group_role(self, axis: Axis) -> str:
        labels = {*axis.labels.values()} - {""}
        rest = {label for label in labels if not (words.is_division(label) or words.is_part(label))}
        services, places = (
            names.share(labels) * len(labels) for names in self.guide.names.values()
        )
        half = max(1, len(labels) / 2)
        if services >= max(half, places) or (
            services and len(rest) == len(labels) and places < half
        ):
            return SERVICE
        if places >= half:
            return PLACE
        may_be_people = self.block.cells == MARKS and not self.block.axis(PERSON)
        if may_be_people and kinds.are_people(labels, by_name=True):
            return PERSON
        is_known = self._default(SERVICE) or self.block.axis(SERVICE)
        return SERVICE if rest and not is_known else GROUP

    # What the labels do not say -----------------------------------------------------------------

    def _default(self, role: str) -> str:
        """Return what holds for the table: by its sheet, its title, an option, or an answer."""
        names, answered = self.guide.names[role], self.answers.given(role)
        sheet, aliases = self.result.sheet, self.answers.aliases(role)
        if sheet in aliases:
            return aliases[sheet]
        titled = names.named_in(sheet) or names.named_in(self.block.titles)
        if not titled and role not in self.answers.chosen:
            titled = names.named_in(self.stem)
        return titled or answered or names.only

    def _default_or_ask(self, role: str) -> str:
        default = self._default(role)
        if not default and not self.block.axis(role):
            names = self.guide.names[role]
            likely = names.likely(self.titles)
            hint = f" Is het ‘{names.names[likely]}’?" if likely else ""
            self._ask(role, f"{_WHICH[role]}{hint}")
        return default

    def _years(self) -> Sequence[int]:
        """Return the year, or both of a season, that a title, the sheet or an option names."""
        year = int(self.answers.year) if self.answers.year.isdigit() else 0
        for text in (self.block.titles, self.result.sheet):
            if years := stamps.years_in(text):
                return years
        years = stamps.years_in(self.stem)
        is_asked = YEAR in self.answers.chosen or not years
        return (year,) if year and is_asked and year not in years else years

    def _set_times(self) -> None:
        """Give the lines of time their year, and find the month that the title names."""
        years = self._years()
        timed = [axis for axis in self.block.axes if axis.role == TIME]
        if not all(axis.set_order() for axis in timed):
            self._ask(YEAR, _TWO_ORDERS, about="volgorde")
        has_year = any(stamp.year for axis in timed for stamp in axis.stamps.values())
        month = stamps.first_month(self.block.titles, self.result.sheet, self.stem)
        month = month or stamps.read(self.answers.month)
        for axis in timed if len(timed) == 1 or not has_year else ():
            dated = stamps.with_years(axis.stamps.values(), years)
            axis.stamps = dict(zip(axis.stamps, dated, strict=True))
        [self.title] = stamps.with_years([month], years)
        if not (timed or self.title or self.block.cells == DAYS):
            self._ask(MONTH, _WHICH_MONTH)

    # The cells ----------------------------------------------------------------------------------

    def _visits(self) -> Iterator[Visit]:
        for row in self.block.rows:
            for column in self.block.columns or [-1]:
                yield from self._visits_at(row, column)

    def _visits_on_days(self) -> Iterator[Visit]:
        """Yield the visits of those behind whose names stand the days of their visits."""
        texts = self.block.texts
        cells = [cell for cell in product(self.block.rows, self.block.columns) if texts[cell]]
        days = [(cell, day) for cell in cells for day in words.parts(texts[cell])]
        axis = Axis(TIME, dict(enumerate(day for _, day in days)))
        if not axis.set_order():
            self._ask(YEAR, _TWO_ORDERS, about="volgorde")
        years = self._years()
        for ((row, column), _), stamp in zip(days, axis.stamps.values(), strict=True):
            [dated] = stamps.with_years([stamp], years)
            yield from self._visits_on(dated, row, column, self._person(row, column), 1)

    def _visits_at(self, row: int, column: int) -> Iterator[Visit]:
        person = self._person(row, column)
        self.result.read.add((row, column))
        times = self._counted(row, column, person)
        if times is not None:
            yield from self._visits_on(self._stamp(row, column), row, column, person, times)

    def _person(self, row: int, column: int) -> str:
        is_name = self.block.cells == NAMES and not self.block.axis(PERSON)
        person = self.block.texts[row, column] if is_name else self._label(PERSON, row, column)
        return "" if words.is_guests(person) else person

    def _visits_on(
        self, stamp: Stamp, row: int, column: int, person: str, times: int
    ) -> Iterator[Visit]:
        if not stamp.moment:
            self._note_undated(stamp, row, column)
            return
        self.result.read.add((row, column))
        self.result.counted.add((row, column))
        places, services = (self._keys(role, row, column) for role in (PLACE, SERVICE))
        people = self._of_people(person, times, stamp)
        for place, service, (name, number) in product(places[:1], services, people):
            yield Visit(stamp.moment, place, service, name, number)

    def _counted(self, row: int, column: int, person: str) -> int | None:
        """Return how many times, or with how many, people came; None where nobody is counted."""
        block = self.block
        text = block.texts[row, column] if column >= 0 else ""
        if block.cells == ROWS:
            return 1 if self._is_of_anybody(row) else None
        if not text:
            is_listed = person and block.cells == NUMBERS and not self._is_across
            return 1 if is_listed and len(block.columns) == 1 else None
        if block.cells == NAMES:
            if words.is_sentence(text.split(";")[0]):
                self.result.read.discard((row, column))
                return None
            return None if words.says_nobody(text) else 1
        value = words.number(text)
        is_number = block.cells == NUMBERS or (not person and (value or 0) > 1)
        if not is_number or (value is None and person):
            return 1 + words.others_in(text) if self._presence(row, column) else None
        if value is None or not (value.is_integer() or person):
            if not words.is_absent(text):
                self.result.read.discard((row, column))
            return None
        is_along = person and words.is_along(block.above[0].labels.get(column, ""))
        # Parts are hours, of somebody who was there.
        return int(value) + bool(is_along) if value.is_integer() else 1

    def _of_people(self, label: str, times: int, stamp: Stamp) -> Iterator[tuple[str, int]]:
        """Yield people, with how often in a month, or with so many who came along."""
        if self.block.cells == NAMES or (self.block.cells == ROWS and self.block.axis(PERSON)):
            for name in words.people_in(label, self.is_plural) or [""]:
                yield "" if words.is_guests(name) else name, 1
        elif not label:
            yield "", times
        elif times:
            is_of_day = stamp.day or stamp.weekday
            yield label, 1 if is_of_day else times
            # Across, a number beside a name is of hours; a mark is of one, with any others.
            if is_of_day and times > 1 and not (self.block.cells == NUMBERS and self._is_across):
                yield "", times - 1

    @property
    def _is_across(self) -> bool:
        return any(axis.role == TIME for axis in self.block.above)

    def _is_of_anybody(self, row: int) -> bool:
        """Tell whether a row of a register says who came, or what for; else note it."""
        block = self.block
        axes = [axis for axis in block.beside if axis.role in (PERSON, SERVICE, PLACE)]
        says_absent = (
            block.texts[row, place] and not words.is_no(block.texts[row, place])
            for place, heading in block.unread.items()
            if words.is_of_absence(heading)
        )
        is_of_anybody = any(axis.labels[row] for axis in axes) and not any(says_absent)
        self.nameless += not is_of_anybody
        return is_of_anybody

    def _presence(self, row: int, column: int) -> bool:
        """Tell whether a mark is of somebody who was there, or ask."""
        text = self.block.texts[row, column]
        if words.is_clock(text):
            return True
        mark = text.casefold()
        if answered := self.answers.aliases(MARK).get(mark):
            return answered == "ja"
        is_present = self.legend.get(mark, words.presence(text))
        if mark in ("a", "v") and mark not in self.legend:
            marks = map(str.casefold, self.block.filled_cells)
            is_alone = words.says_present_alone(mark, marks)
            is_present = True if is_alone else {"a": False, "v": None}[mark]  # vinkje or vakantie
        if is_present is None:
            shown = f"het teken ‘{text}’" if len(text) <= 3 else "de tekst"
            cell = f"{letter(column)}{row + 1}"
            self._ask(MARK, f"Was iemand er bij {shown} in cel {cell}?", about=mark)
        return bool(is_present)

    def _label(self, role: str, row: int, column: int) -> str:
        axis = self.block.axis(role)
        return axis.labels.get(self._place(axis, row, column), "") if axis else ""

    def _place(self, axis: Axis, row: int, column: int) -> int:
        """Return where on an axis the label of a cell stands."""
        return row if axis in self.block.beside else column

    def _stamp(self, row: int, column: int) -> Stamp:
        """Put together what the row, the column and the title say of time."""
        stamp = NOTHING
        for axis in self.block.axes:
            stamp = stamp.filled(axis.stamps.get(self._place(axis, row, column), NOTHING))
        title = self.title
        if stamp.month or stamp.week:
            title = Stamp(title.year)
        return stamp.filled(title)._replace(is_date=False, pair=None)

    def _note_undated(self, stamp: Stamp, row: int, column: int) -> None:
        if stamp.is_whole and not stamp.year:
            self._ask(YEAR, _WHICH_YEAR)
        elif stamp.day and not stamp.is_whole:
            self._ask(MONTH, _WHICH_MONTH)
        elif self.block.cells != DAYS:
            self.block.undated.append(row)
            self.result.read.discard((row, column))

    def _keys(self, role: str, row: int, column: int) -> list[str]:
        """Return the services or the place of a cell; empty where it must be asked."""
        names, kind = self.guide.names[role], SINGULAR[role]
        axis, default = self.block.axis(role), self.defaults[role]
        is_cell = role == SERVICE and self.block.cells == NAMES and self.block.axis(PERSON)
        label = self._label(role, row, column) or self._above(axis, row)
        text = self.block.texts[row, column] if is_cell else label
        if not text:
            if axis and not default:
                self._ask(role, f"Bij sommige rijen staat geen {kind}. Welke is het?")
            return [default] if default else []
        keys = names.keys_in(text, several=role == SERVICE)
        if keys is not None:
            return [key for key in keys if key]
        if role in self.answers.chosen:
            chosen = self.answers.given(role)
            note = _FALLEN_BACK.format(text[:40], kind, chosen)
            self.result.notes += [note] * (note not in self.result.notes)
            return [chosen]
        for part in names.unknown([text]) or [text]:
            self._ask(role, f"Welke {kind} is ‘{part[:40]}’?", about=part)
        return []

    def _above(self, axis: Axis | None, row: int) -> str:
        """Return the label that a merged cell leaves to the rows below it."""
        if axis not in self.block.beside or self.block.cells == ROWS:
            return ""
        labels = [label for place, label in axis.labels.items() if place <= row and label]
        return labels[-1] if labels else ""
