"""Lists brought into the data folder: recognised, asked about, shown, and written as visits."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from bwk import formats, registrations
from bwk.errors import DataError
from bwk.lists import mapping, picture, stamps
from bwk.lists.names import Names
from bwk.lists.visits import (
    LOCATION,
    MARK,
    MONTH,
    PLACES,
    SERVICE_OF,
    SERVICES,
    YEAR,
    Answers,
    Question,
    Reading,
    Visit,
    read_sheet,
    without_summaries,
)
from bwk.registrations.findings import RefusedError, write_csv
from bwk.registrations.grids import ENDINGS, Grid, parse

FOLDER, PREFIX = "deelnames", "import-"
Ask = Callable[[str], str]
Tell = Callable[[str], object]
_MOST_QUESTIONS = 200
_UNKNOWN = (
    "Deze indeling ken ik niet: ik zie geen rij of kolom met dagen, weken of maanden. "
    "Zet boven elke kolom wat erin staat, en geef elke rij of kolom een datum."
)
_INSIDE = (
    "{} staat in de datamap: zet de lijst ergens anders, want namen horen niet in de datamap. "
    "bwk import zet de bezoeken er zelf in."
)


@dataclass(frozen=True)
class Brought:
    """A list that was brought in: the file written, its visits and the people in them."""

    path: Path
    visits: int
    people: int


def bring(
    path: Path, data: Path, options: Answers, *, ask: Ask | None = None, tell: Tell = print
) -> Brought:
    """Read a list, show how, and write its visits in the data folder, with pseudonyms.

    Parameters
    ----------
    path : Path
        A csv, xlsx, ods or parquet outside the data folder; it is never changed.
    data : Path
        The data folder, with its locations and services.
    options : Answers
        What is known of this list beforehand.
    ask : callable, optional
        Puts a question and returns the answer; without it nothing is asked.
    tell : callable, optional
        Takes the lines of the account.

    Raises
    ------
    DataError
        If the list cannot be read, or something is not known and cannot be asked.
    """
    grids = _grids(path, data)
    tables = {SERVICES: _names(data, SERVICES), PLACES: _names(data, PLACES)}
    _refuse_unknown(options, tables)
    key = mapping.key_of(path.stem)
    answers = _joined(options, mapping.read(data, key))
    readings, answers = _answered(path, grids, answers, tables, ask)
    kept, repeated = without_summaries(readings)
    _refuse_empty(path, kept)
    for line in _account(path, grids, kept, repeated, tables):
        tell(line)
    if ask and not _is_yes(ask("Klopt dit? (ja of nee) ")):
        raise DataError(
            f"{path.name} is niet overgenomen. Verbeter {mapping.FILE} in de datamap, of kies "
            "zelf met --location, --service en --year."
        )
    brought = _write(path, data, kept, tell)
    mapping.write(data, key, answers)
    return brought


def _grids(path: Path, data: Path) -> list[Grid]:
    """Read the sheets of a file."""
    ending = path.suffix.lower()
    if data.is_dir() and path.resolve().is_relative_to(data.resolve()):
        raise DataError(_INSIDE.format(path.name))
    if ending not in ENDINGS:
        raise DataError(
            f"{path.name} is geen spreadsheet die bwk leest: sla de lijst op als xlsx, ods of csv."
        )
    try:
        return parse(path.read_bytes(), ending)
    except OSError:
        raise DataError(f"{path.name} is niet te openen: kijk of de naam klopt.") from None
    except RefusedError as error:
        raise DataError(f"{path.name}: {' '.join(error.args)}") from None


def _names(data: Path, table: str) -> dict[str, str]:
    names = registrations.names(data, table)
    if not names:
        raise DataError(
            f"In de datamap staan nog geen {table}: vul eerst de tabel {table}, "
            "of begin met bwk init."
        )
    return names


def _refuse_unknown(options: Answers, tables: Mapping[str, Mapping[str, str]]) -> None:
    for kind, plural in ((LOCATION, PLACES), (SERVICE_OF, SERVICES)):
        given = options.given(kind)
        if given and given not in tables[plural]:
            choices = formats.enumeration([*tables[plural]], "of")
            raise DataError(f"De {kind} ‘{given}’ staat niet in {plural}: kies {choices}.")


def _joined(options: Answers, remembered: Answers) -> Answers:
    """Put options before what was answered earlier."""
    chosen = {kind for kind in (LOCATION, SERVICE_OF, YEAR) if options.given(kind)}
    return replace(
        remembered,
        location=options.location or remembered.location,
        service=options.service or remembered.service,
        year=options.year,
        chosen=frozenset(chosen),
    )


def _answered(
    path: Path,
    grids: Sequence[Grid],
    answers: Answers,
    tables: Mapping[str, Mapping[str, str]],
    ask: Ask | None,
) -> tuple[list[Reading], Answers]:
    """Read the sheets again after each answer, until nothing is left to ask."""
    for _ in range(_MOST_QUESTIONS):
        readings = _read(path, grids, answers, tables)
        kept, _ = without_summaries(readings)
        questions = list(
            dict.fromkeys(question for reading in kept for question in reading.questions)
        )
        if not questions:
            return readings, answers
        if ask is None:
            raise _unanswered(path, questions)
        answers = _with_answer(answers, questions[0], _sheet_of(kept, questions[0]), tables, ask)
    raise DataError(f"{path.name} vraagt te veel: verbeter de lijst, en probeer het opnieuw.")


def _read(
    path: Path, grids: Sequence[Grid], answers: Answers, tables: Mapping[str, Mapping[str, str]]
) -> list[Reading]:
    services = Names(tables[SERVICES], answers.names.get(SERVICES))
    places = Names(tables[PLACES], answers.names.get(PLACES))
    return [
        reading
        for grid in grids
        if not grid.is_hidden
        for reading in read_sheet(grid.sheet, _texts(grid), path.stem, answers, services, places)
        if reading.layout
    ]


def _texts(grid: Grid) -> np.ndarray:
    return grid.cells.astype(object).to_numpy()


def _unanswered(path: Path, questions: Sequence[Question]) -> DataError:
    """Say what could not be known, and which option or answer tells it."""
    options = {LOCATION: "--location", SERVICE_OF: "--service", YEAR: "--year"}
    wanted = sorted({options[each.kind] for each in questions if each.kind in options})
    wanted = wanted or ["de vragen die bwk import zonder --yes stelt"]
    sentences = " ".join(each.sentence for each in questions[:8])
    rest = f" En nog {len(questions) - 8}." if len(questions) > 8 else ""
    return DataError(
        f"{path.name}: dit kon ik niet weten. {sentences}{rest} Antwoord met "
        f"{formats.enumeration(wanted)}."
    )


def _sheet_of(readings: Sequence[Reading], question: Question) -> str:
    asking = {reading.sheet for reading in readings if question in reading.questions}
    sheets = {reading.sheet for reading in readings}
    return asking.pop() if len(asking) == 1 and len(sheets) > 1 else ""


def _with_answer(
    answers: Answers,
    question: Question,
    sheet: str,
    tables: Mapping[str, Mapping[str, str]],
    ask: Ask,
) -> Answers:
    """Ask one question, and add what was answered."""
    kind, about, sentence = question
    if kind in (LOCATION, SERVICE_OF):
        plural = PLACES if kind == LOCATION else SERVICES
        key = _choice(sentence, tables[plural], ask, may_skip=False)
        return replace(answers, location=key) if kind == LOCATION else replace(answers, service=key)
    if kind in (SERVICES, PLACES):
        key = _choice(sentence, tables[kind], ask, may_skip=True)
        return _with_name(answers, kind, about, key)
    if kind == MARK:
        return _with_name(
            answers, MARK, about, "ja" if _is_yes(ask(f"{sentence} (ja of nee) ")) else "nee"
        )
    if about:
        raise DataError(sentence)
    return _with_time(answers, kind, sentence, ask)


def _with_time(answers: Answers, kind: str, sentence: str, ask: Ask) -> Answers:
    while True:
        text = ask(f"{sentence} ").strip()
        if kind == YEAR and re.fullmatch(r"(?:19|20)\d\d", text):
            return replace(answers, year=text)
        if kind == MONTH and stamps.read(text).month:
            return replace(answers, month=text)


def _with_name(answers: Answers, kind: str, text: str, value: str) -> Answers:
    names = dict(answers.names)
    names[kind] = {**names.get(kind, {}), text: value}
    return replace(answers, names=names)


def _choice(sentence: str, names: Mapping[str, str], ask: Ask, *, may_skip: bool) -> str:
    """Let somebody choose by number or by name; an empty text where it is not to be counted."""
    listed = [f"{place} {name}" for place, name in enumerate(names.values(), start=1)]
    listed += ["0 niet meetellen"] if may_skip else []
    known = Names(names)
    while True:
        text = ask(f"{sentence} ({', '.join(listed)}) ").strip()
        if may_skip and text == "0":
            return ""
        if text.isdecimal() and 1 <= int(text) <= len(names):
            return [*names][int(text) - 1]
        if key := known.match(text):
            return key


def _is_yes(text: str) -> bool:
    return text.strip().casefold() in ("", "j", "ja", "y", "yes")


def _refuse_empty(path: Path, readings: Sequence[Reading]) -> None:
    if not readings:
        raise DataError(f"{path.name}: {_UNKNOWN}")
    if not any(reading.visits for reading in readings):
        raise DataError(f"{path.name}: er staan geen bezoeken in die ik kan lezen.")


def _account(
    path: Path,
    grids: Sequence[Grid],
    readings: Sequence[Reading],
    repeated: Sequence[Reading],
    tables: Mapping[str, Mapping[str, str]],
) -> Iterator[str]:
    """Yield per table how it is read, what comes out, and what is left out."""
    texts = {grid.sheet: _texts(grid) for grid in grids}
    for reading in readings:
        sheet = f", blad {reading.sheet}" if reading.sheet else ""
        yield f"Zo lees ik dit blad: {path.name}{sheet}"
        if reading.layout:
            yield f"  {reading.layout.name.capitalize()}. {reading.layout.sentence}"
        yield from picture.draw(reading, texts[reading.sheet])
        yield f"  {_sums(reading)}"
        yield from (f"  {line}" for line in (*_whereabouts(reading, tables), *reading.notes))
    yield from _left_out(grids, readings, repeated)
    visits = sum(reading.number for reading in readings)
    people = set().union(*(reading.people for reading in readings))
    yield (
        f"Samen {formats.count(visits, 'bezoek', 'bezoeken')} van "
        f"{formats.count(len(people), 'mens met een naam of code', 'mensen met een naam of code')}."
    )


def _sums(reading: Reading) -> str:
    rows = formats.count(len(reading.block.rows), "rij", "rijen")
    visits = formats.count(reading.number, "bezoek", "bezoeken")
    people = formats.count(len(reading.people), "mens", "mensen")
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


def _whereabouts(reading: Reading, tables: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for plural, keys in (
        (PLACES, {visit.location for visit in reading.visits}),
        (SERVICES, {visit.service for visit in reading.visits}),
    ):
        names = [name for key, name in tables[plural].items() if key in keys]
        yield f"{plural.capitalize()}: {formats.enumeration(names)}."


def _left_out(
    grids: Sequence[Grid], readings: Sequence[Reading], repeated: Sequence[Reading]
) -> Iterator[str]:
    """Yield what of the file was not read."""
    for reading in repeated:
        yield f"Niet gelezen: blad {reading.sheet}, want het herhaalt wat op andere bladen staat."
    read = {reading.sheet for reading in (*readings, *repeated)}
    for grid in grids:
        if grid.is_hidden:
            yield f"Niet gelezen: blad {grid.sheet}, want het is verborgen."
        elif grid.sheet not in read:
            yield f"Niet gelezen: blad {grid.sheet}, want er staan geen bezoeken op die ik herken."
        elif grid.marks.hidden:
            rows = formats.count(len(grid.marks.hidden), "verborgen rij", "verborgen rijen")
            yield f"Let op: het blad heeft {rows}; wat daarin staat, telt mee."


def _write(path: Path, data: Path, readings: Sequence[Reading], tell: Tell) -> Brought:
    """Write the visits, with pseudonyms, in the folder of visits."""
    visits: dict[Visit, int] = {}
    for reading in readings:
        for visit in reading.visits:
            key = visit._replace(times=0)
            is_day_of_person = visit.person and len(visit.moment) == 10  # counted once
            visits[key] = 1 if is_day_of_person else visits.get(key, 0) + visit.times
    people = sorted({visit.person for visit in visits} - {""})
    pseudonyms, notes = registrations.pseudonyms_of(data, people) if people else ({}, [])
    for note in notes:
        tell(note)
    rows = [
        [visit.moment, visit.location, visit.service, pseudonyms.get(visit.person, ""),
         times]
        for visit, times in visits.items()
    ]  # fmt: skip
    target = _folder(data, tell) / f"{PREFIX}{formats.slug(path.stem) or 'lijst'}.csv"
    columns = ["datum", "locatie", "dienst", "deelnemer", "aantal"]
    write_csv(pd.DataFrame(rows, columns=columns), target, private=True)
    number = sum(visits.values())
    return Brought(target, number, len({*pseudonyms.values()}))


def _folder(data: Path, tell: Tell) -> Path:
    """Return the folder of visits; a table that stood alone goes into it."""
    folder = data / FOLDER
    alone = [
        path for path in data.iterdir()
        if path.is_file() and path.suffix.lower() in ENDINGS and path.stem.casefold() == FOLDER
    ]  # fmt: skip
    folder.mkdir(exist_ok=True)
    for path in alone:
        path.rename(folder / path.name)
        tell(f"{path.name} staat nu in de map {FOLDER}, naast wat u overneemt.")
    return folder
