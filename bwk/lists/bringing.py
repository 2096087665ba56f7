"""Lists brought into the data folder: recognised, asked about, shown, and written as visits."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from bwk import formats, registrations
from bwk.apart import apart
from bwk.errors import DataError
from bwk.lists import account, mapping, stamps, words
from bwk.lists.account import Tables
from bwk.lists.answers import FIELDS, MARK, MONTH, SINGULAR, YEAR, Answers, Ask, Question
from bwk.lists.layouts import nearest
from bwk.lists.names import Names
from bwk.lists.reading import read_sheet
from bwk.lists.visits import Parted, Reading, merged, parted
from bwk.lists.words import PLACE, SERVICE
from bwk.registrations.findings import letter, write_csv
from bwk.registrations.grids import ENDINGS, HEAD, Grid, opened
from bwk.registrations.spreadsheets import NOT_WORKED_OUT

FOLDER, PREFIX = "deelnames", "import-"
_COLUMNS = ["datum", "locatie", "dienst", "deelnemer", "aantal"]
Tell = Callable[[str], object]
_MOST_QUESTIONS = 200
_SHOWN = 8  # questions in a message
_UNKNOWN = (
    "Deze indeling ken ik niet: ik zie geen rij of kolom met dagen, weken of maanden. "
    "Zet boven elke kolom wat erin staat, en geef elke rij of kolom een datum."
)
_ONLY_TIMES = (
    "Ik zie wel dagen, weken of maanden, maar niet wie er was of hoeveel mensen er waren. "
    "Zet ‘naam’ of ‘code’ boven de kolom met mensen, en ‘aantal’ boven een kolom met aantallen. "
    "Kleuren leest bwk niet."
)
_LOOKS_LIKE = (
    " Ik zie wel: {}. Het lijkt het meest op de indeling ‘{}’; wat ontbreekt is een rij of kolom "
    "met {}."
)
_EMPTY = (
    "ik zie geen enkel bezoek. Zet een x bij wie er was, of schrijf hoeveel mensen er waren. Een "
    "lege cel of een kleur is geen bezoek."
)
_FORMULAS = (
    "{} heeft formules die nog niet zijn uitgerekend, in cel {}. Open de lijst in Excel of "
    "LibreOffice, bewaar haar, en probeer het opnieuw."
)
_INSIDE = (
    "{} staat in de datamap: zet de lijst ergens anders, want namen horen niet in de datamap. "
    "bwk import zet de bezoeken er zelf in."
)
_NO_LIST = "{} is geen spreadsheet die bwk leest: sla de lijst op als xlsx, ods of csv."
_NO_NAMES = "In de datamap staan nog geen {0}: vul eerst de tabel {0}, of begin met bwk init."
_REFUSED = (
    "{} is niet overgenomen. Verbeter {} in de datamap, of kies zelf met --location, --service en "
    "--year."
)


@dataclass(frozen=True)
class Brought:
    """A list that was brought in: the file, its visits and people, and what was not read."""

    path: Path
    visits: int
    people: int
    unread: str


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
    grids, tables = apart(_taken_in, path, data, options)
    key = mapping.key_of(path.stem)
    answers = options.before(mapping.read(data, key))
    readings, answers = _answered(path, grids, answers, tables, ask)
    tables_read = parted(readings)
    _refuse_formulas(path, tables_read)
    if not any(reading.visits for reading in tables_read.kept):
        raise _refused(path, grids, tables_read)
    _tell_all(account.lines(path.name, grids, tables_read, tables), tell)
    if ask and not _is_yes(ask("Klopt dit? (ja of nee) ")):
        raise DataError(_REFUSED.format(path.name, mapping.FILE))
    brought = _write(path, data, tables_read, tell)
    mapping.write(data, key, answers)
    _tell_all(_problems(brought.path, data), tell)
    return brought


def _tell_all(lines: Iterable[str], tell: Tell) -> None:
    for line in lines:
        tell(line)


def _problems(path: Path, data: Path) -> list[str]:
    """Say what the data folder refuses of what was written, each kind once."""
    file = path.relative_to(data).as_posix()
    errors = [
        finding for finding in apart(registrations.check, data).errors if finding.file == file
    ]
    sentences = dict.fromkeys(f"{error.message} {error.remedy}" for error in errors)
    return [f"Let op, dit weigert bwk run: {sentence}" for sentence in sentences]


def _refused(path: Path, grids: Sequence[Grid], tables_read: Parted) -> DataError:
    """Say why no table was read, and which headings stand there; none that may be a name."""
    if reasons := [reading.why_not for reading in tables_read.passed if reading.why_not]:
        return DataError(f"{path.name}: {reasons[0]}.")
    if tables_read.kept:
        return DataError(f"{path.name}: {_EMPTY}")
    rows = (row for grid in grids for row in grid.cells.head(HEAD).astype(object).to_numpy())
    headings = [[text for text in row if words.role_of(text)] for row in rows]
    most = max(headings, key=len, default=[])
    has_times = bool(tables_read.passed)
    says = _nearest(most, has_times) if len(most) > 1 else ""
    return DataError(f"{path.name}: {_ONLY_TIMES if has_times else _UNKNOWN}{says}")


def _nearest(headings: Sequence[str], has_times: bool) -> str:
    """Say which headings stand in a list that was not read, and what it looks like most."""
    roles = {*map(words.role_of, headings)} | ({words.TIME} if has_times else set())
    layout, lacking = nearest(roles)
    quoted = formats.enumeration([f"‘{heading}’" for heading in headings[:_SHOWN]])
    return _LOOKS_LIKE.format(quoted, layout.name, formats.enumeration(lacking or [layout.cells]))


def _refuse_formulas(path: Path, tables_read: Parted) -> None:
    """Refuse a list of which headings or visits are formulas that no program has worked out."""
    for reading in (*tables_read.kept, *tables_read.passed):
        texts, block = reading.block.texts, reading.block
        headings = {(block.header, column) for column in block.unread}
        for row, column in sorted(headings | reading.unread):
            if texts[row, column] == NOT_WORKED_OUT:
                raise DataError(_FORMULAS.format(path.name, f"{letter(column)}{row + 1}"))


def _taken_in(path: Path, data: Path, options: Answers) -> tuple[list[Grid], Tables]:
    """Read the sheets of a file, and the names of places and services."""
    if data.is_dir() and path.resolve().is_relative_to(data.resolve()):
        raise DataError(_INSIDE.format(path.name))
    if path.suffix.lower() not in ENDINGS:
        raise DataError(_NO_LIST.format(path.name))
    return opened(path), _tables(data, options)


def _tables(data: Path, options: Answers) -> Tables:
    """Return the names of the places and services, of which an option may name one."""
    tables = {role: registrations.names(data, role) for role in SINGULAR}
    for role, names in tables.items():
        if not names:
            raise DataError(_NO_NAMES.format(role))
        key = options.given(role)
        if key and key not in names:
            choices = formats.enumeration([*names], "of")
            raise DataError(f"De {SINGULAR[role]} ‘{key}’ staat niet in {role}: kies {choices}.")
    return tables


def _answered(
    path: Path, grids: Sequence[Grid], answers: Answers, tables: Tables, ask: Ask | None
) -> tuple[list[Reading], Answers]:
    """Read the sheets again after each answer, until nothing is left to ask."""
    for _ in range(_MOST_QUESTIONS):
        readings = _read(path, grids, answers, tables)
        questions = dict.fromkeys(
            question for reading in parted(readings).kept for question in reading.questions.values()
        )
        if not questions:
            return readings, answers
        if ask is None:
            raise _unanswered(path, [*questions])
        question = next(iter(questions))
        answers = answers.having(question, _answer(question, tables, ask))
    raise DataError(f"{path.name} vraagt te veel: verbeter de lijst, en probeer het opnieuw.")


def _read(path: Path, grids: Sequence[Grid], answers: Answers, tables: Tables) -> list[Reading]:
    services, places = (Names(tables[role], answers.aliases(role)) for role in (SERVICE, PLACE))
    readings: list[Reading] = []
    for grid in grids:
        if not grid.is_hidden:
            texts: np.ndarray = grid.cells.astype(object).to_numpy()
            readings += read_sheet(grid.sheet, texts, path.stem, answers, services, places)
    return readings


def _unanswered(path: Path, questions: Sequence[Question]) -> DataError:
    """Say what could not be known, and which option or answer tells it."""
    options = {f"--{FIELDS[kind]}" for kind, about, _ in questions if not about and kind != MONTH}
    options = options or {"wat bwk import zonder --yes vraagt"}
    sentences = [question.sentence for question in questions[:_SHOWN]]
    if len(questions) > _SHOWN:
        sentences.append(f"En nog {len(questions) - _SHOWN}.")
    return DataError(
        f"{path.name}: dit kon ik niet weten. {' '.join(sentences)} Antwoord met "
        f"{formats.enumeration(sorted(options))}."
    )


def _answer(question: Question, tables: Tables, ask: Ask) -> str:
    """Ask one question, until the answer can be used."""
    kind, about, sentence = question
    if kind == MARK:
        return "ja" if _is_yes(ask(f"{sentence} (ja of nee) ")) else "nee"
    if kind in SINGULAR:
        return _choice(sentence, tables[kind], ask, may_skip=bool(about))
    if about:
        raise DataError(sentence)
    while True:
        text = ask(f"{sentence} ").strip()
        is_year = re.fullmatch(r"(?:19|20)\d\d", text)
        if is_year if kind == YEAR else kind == MONTH and stamps.read(text).month:
            return text


def _choice(sentence: str, names: Mapping[str, str], ask: Ask, *, may_skip: bool) -> str:
    """Let somebody choose by number or by name; an empty text where it is not to be counted."""
    choices = dict(enumerate(names, start=1)) | ({0: ""} if may_skip else {})
    listed = [f"{place} {names.get(key, 'niet meetellen')}" for place, key in choices.items()]
    by_name = Names(names)
    while True:
        text = ask(f"{sentence} ({', '.join(listed)}) ").strip()
        if text.isdecimal() and int(text) in choices:
            return choices[int(text)]
        if key := by_name.match(text):
            return key


def _is_yes(text: str) -> bool:
    return text.strip().casefold() in ("", "j", "ja", "y", "yes")


def _write(path: Path, data: Path, tables_read: Parted, tell: Tell) -> Brought:
    """Write the visits, with pseudonyms, in the folder of visits."""
    visits = pd.DataFrame(
        merged(visit for reading in tables_read.kept for visit in reading.visits),
        columns=_COLUMNS,
    )
    people = sorted({*visits["deelnemer"]} - {""})
    pseudonyms, notes = registrations.pseudonyms_of(data, people) if people else ({}, [])
    _tell_all(notes, tell)
    visits["deelnemer"] = visits["deelnemer"].map(pseudonyms | {"": ""})
    target = _folder(data, tell) / f"{PREFIX}{formats.slug(path.stem) or 'lijst'}.csv"
    write_csv(visits, target, private=True)
    number = int(visits["aantal"].sum())
    return Brought(target, number, len({*pseudonyms.values()}), account.unread(tables_read))


def _folder(data: Path, tell: Tell) -> Path:
    """Return the folder of visits; a table that stood alone goes into it."""
    folder = data / FOLDER
    folder.mkdir(exist_ok=True)
    for path in [*data.iterdir()]:
        is_table = path.suffix.lower() in ENDINGS and path.stem.casefold() == FOLDER
        if is_table and path.is_file():
            path.rename(folder / path.name)
            tell(f"{path.name} staat nu in de map {FOLDER}, naast wat u overneemt.")
    return folder
