"""Every file of a period: its name, what it holds, and whether it may leave.

What may leave stands in the folder of the period, what must not in the folder `intern` in it. A
definitive edition, `definitief-1` and on, is a folder of the same form. Locations name files too:
what is named here is no slug of a location (`reserved`).

This module is light, for a run that finds nothing changed needs it.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from bwk.errors import UsageError
from bwk.files import decoded, write

# Reports: each is a page, a PDF and a notebook of this name, or of a location's slug.
CITY = "stad"
WHOLE = "tussenrapportage"
VOLUME = f"{WHOLE}-deel"  # and a number
KINDS = ("html", "pdf", "ipynb")

INDEX = "index.html"
FACTS = "feiten.json"
TABLE = "feiten.csv"
CHANGES = "wijzigingen.html"
REVIEW = "beoordeling.html"
EDITION = "definitief"  # and a number
ERRATA = "errata.html"
SUMS = "SHA256SUMS"
WORKBOOKS = "werkboeken"
TEMPLATES = "sjablonen"
WORDS = "woordenlijst.txt"

ISSUED = "uitgegeven.jsonl"  # beside the folders of the periods

INTERN = "intern"
RUN = "run.json"
ANSWERS = "beoordeling.json"
RECEIVED = "antwoorden"
VERSIONS = "versies"
CHECKSHEET = "controleblad.html"

MAY_LEAVE = (INDEX, FACTS, TABLE, CHANGES, REVIEW, EDITION, ERRATA, SUMS, WORKBOOKS, TEMPLATES)
MUST_NOT_LEAVE = (RUN, ANSWERS, RECEIVED, VERSIONS, CHECKSHEET)
_NUMBERED = (EDITION, VOLUME)
_EDITION = re.compile(EDITION + "-[1-9][0-9]*")
_STEMS = {Path(name).stem.lower() for name in (*MAY_LEAVE, *MUST_NOT_LEAVE)}
RESERVED = frozenset({CITY, WHOLE, INTERN, *_NUMBERED, *_STEMS})


def reserved(slug: str) -> bool:
    """Tell whether a location cannot have a slug, because a file of a period has that name.

    >>> reserved("wijzigingen"), reserved("definitief-2"), reserved("top-2")
    (True, True, False)
    """
    stem, _, number = slug.rpartition("-")
    return slug in RESERVED or (stem in _NUMBERED and number.isdecimal())


def intern(folder: Path) -> Path:
    """Return where stands what must not leave, of a period or of a definitive edition.

    Until version 0.1 it stood beside the reports: from there it is moved, whole and once. An
    edition stays as it was frozen.
    """
    inside = folder / INTERN
    if is_edition(folder):
        return inside if inside.exists() else folder
    for name in MUST_NOT_LEAVE:
        outside = folder / name
        if outside.exists() and not (inside / name).exists():
            inside.mkdir(exist_ok=True)
            with suppress(FileNotFoundError):  # another process was first
                outside.rename(inside / name)
    return inside


def period_folders(output: Path) -> list[Path]:
    """Return the folders of the periods of which facts were published."""
    return sorted(path.parent for path in output.glob(f"*/{FACTS}"))


def is_edition(folder: Path) -> bool:
    """Tell whether a folder is that of a definitive edition, by its name.

    >>> [is_edition(Path(name)) for name in ("definitief-2", "definitief-02", "definitief-kopie")]
    [True, False, False]
    """
    return bool(_EDITION.fullmatch(folder.name))


def edition_number(folder: Path) -> int:
    """Return the number of a definitive edition.

    >>> edition_number(Path("2018-H1/definitief-2"))
    2
    """
    return int(folder.name.rpartition("-")[2])


def editions(target: Path) -> list[Path]:
    """Return the definitive editions of a period, the oldest first."""
    folders = (path for path in target.glob(f"{EDITION}-*") if is_edition(path) and path.is_dir())
    return sorted(folders, key=edition_number)


class Fact(
    Struct,
    frozen=True,
    rename={"value": "waarde", "text": "tekst", "unit": "eenheid", "withheld": "achtergehouden"},
):
    """A fact as it was published, without what explains it."""

    value: int | float | str | bool | None
    text: str
    unit: str
    withheld: bool


Facts = Mapping[str, Mapping[str, Fact]]  # by scope and name


class Book(
    Struct,
    frozen=True,
    rename={"period": "periode", "baseline": "basisperiode", "facts": "feiten"},
):
    """`feiten.json`: the facts of a period."""

    period: str
    baseline: str
    facts: Facts


class Made(
    Struct,
    frozen=True,
    omit_defaults=True,
    rename={
        "state": "staat",
        "seconds": "seconden",
        "error": "fout",
        "parts": "sleutel",
        "key": "invoer",
        "files": "bestanden",
    },
):
    """What became of a report.

    Attributes
    ----------
    state : str
        `klaar` or `mislukt`.
    open : int, optional
        How many points are open; None where nobody looked.
    parts : mapping of str to str
        A hash of each part that it was made from.
    key : str
        A hash of all that the reports of the period were made from.
    files : mapping of str to str
        Its files with their hashes.
    """

    state: str = ""
    seconds: float = 0.0
    error: str = ""
    open: int | None = None
    parts: Mapping[str, str] = {}
    key: str = ""
    files: Mapping[str, str] = {}


class Run(
    Struct,
    rename={
        "programme": "programma",
        "period": "periode",
        "baseline": "basisperiode",
        "begun": "begonnen",
        "versions": "versies",
        "sources": "sjablonen_en_werkboeken",
        "skipped_rows": "weggelaten_rijen",
        "skip_bad_rows": "laat_rijen_weg",
        "stems": "alle",
        "reports": "verslagen",
        "files": "bestanden",
        "seconds": "seconden",
        "issued": "uitgegeven",
        "corrected": "kleine_correcties",
        "warnings": "waarschuwingen",
    },
):
    """`run.json`: what the reports of a period were made from, and with.

    Attributes
    ----------
    versions : mapping of str to str
        Of Python and its packages.
    code, lock : str
        Hashes of the package, and of the list of pinned packages.
    data, sources : mapping of str to str
        Keyed hashes of the data files; hashes of templates and workbooks.
    skip_bad_rows : bool
        Whether rows with errors were to be left out.
    stems : list of str
        The names of all reports.
    reports : dict of str to Made
        Those that a run came to.
    files : mapping of str to str
        What stands beside the reports, with its hashes; empty where a run was stopped.
    issued : str
        The sum of the line with what was issued; empty where version 0.1 did not note it.
    corrected : int
        How many facts are held back because a correction moved them by too few people.
    warnings : int
        How many warnings `bwk check` gives on the data.
    """

    programme: str = ""
    period: str = ""
    baseline: str = ""
    begun: str = ""
    versions: Mapping[str, str] = {}
    code: str = ""
    lock: str = ""
    data: Mapping[str, str] = {}
    sources: Mapping[str, str] = {}
    skipped_rows: int = 0
    skip_bad_rows: bool = False
    stems: Sequence[str] = []
    reports: dict[str, Made] = {}
    files: Mapping[str, str] = {}
    seconds: float = 0.0
    issued: str = ""
    corrected: int = 0
    warnings: int = 0


class Block(Struct, frozen=True):
    """A heading, paragraph, list, figure or table of a report, in the `section` of a heading.

    The `key` is that of its cell with its place in it; the `text` its words, or the caption; the
    `table` of a figure or table holds the names of the columns and the rows as shown; the `hash`
    is of all that a reviewer reads in it.
    """

    key: str
    kind: Literal["heading", "figure", "table", "text"]
    section: str
    text: str
    table: Sequence[Sequence[str]]
    hash: str

    @property
    def dutch_kind(self) -> str:
        """What sort of block it is, in a word."""
        return {"heading": "kop", "figure": "figuur", "table": "tabel", "text": "tekst"}[self.kind]

    @property
    def label(self) -> str:
        """What it is, with its first words."""
        words = self.text.split()
        more = " …" if len(words) > 8 else ""
        return f"{self.dutch_kind} ‘{' '.join(words[:8])}{more}’"


class Shown(Struct, frozen=True):
    """A report: its title, and its blocks in reading order."""

    title: str
    blocks: Sequence[Block]


class Version(Struct, frozen=True):
    """`versies/1.json`: what the reports of a period showed; `number` and `day` where it was kept.

    Its keys are English: reviewers answer on a hash of them.
    """

    period: str
    baseline: str
    facts: Facts
    reports: Mapping[str, Shown]
    data: Mapping[str, str] = {}
    number: int = 0
    day: date | None = None

    @property
    def hash(self) -> str:
        """The same for the same facts and reports."""
        return hashed([self.period, self.baseline, self.facts, self.reports])


class Answer(
    Struct,
    frozen=True,
    rename={
        "report": "verslag",
        "key": "stuk",
        "hash": "kenmerk",
        "judgement": "oordeel",
        "question": "vraag",
    },
):
    """What a reviewer says of a block of a report."""

    report: str
    key: str
    hash: str
    judgement: Literal["akkoord", "vraag"]
    question: str


class AnswerFile(
    Struct,
    frozen=True,
    rename={
        "period": "periode",
        "version": "versie",
        "hash": "kenmerk",
        "reviewer": "naam",
        "day": "datum",
        "answers": "antwoorden",
        "checksum": "som",
    },
):
    """The answers of a reviewer on a version, as the page saves them."""

    period: str
    version: int
    hash: str
    reviewer: Annotated[str, Meta(pattern=r"\S")]
    day: date
    answers: Sequence[Answer]
    checksum: str


class KeptAnswer(
    Answer,
    frozen=True,
    rename={
        "reviewer": "naam",
        "day": "datum",
        "version": "versie",
        "about": "over",
        "section": "sectie",
        "changed": "veranderd",
    },
):
    """An answer with who gave it and when; `changed` where the text is no longer as it was read."""

    reviewer: str
    day: date
    version: int
    section: str
    about: str
    changed: bool = False


class Answers(
    Struct,
    frozen=True,
    rename={"period": "periode", "version": "versie", "answers": "antwoorden"},
):
    """`beoordeling.json`: what reviewers said; `version` is the latest that they saw.

    It follows from the files that came in, which are kept as they came, in `antwoorden`.
    """

    period: str
    version: Annotated[int, Meta(gt=0)]
    answers: Sequence[KeptAnswer]


def hashed(content: Any) -> str:
    """Return the sha256 of records and plain values, in which the order of keys counts."""
    text = json.dumps(msgspec.to_builtins(content), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


Record = TypeVar("Record", bound=Struct)


def load(path: Path, kind: type[Record]) -> Record:
    """Read a record; UsageError, with the place, where it is missing or damaged."""
    place = f"{path.parent.name}/{path.name}"
    if not path.exists():
        raise UsageError(f"{place} ontbreekt: maak de verslagen eerst met bwk run.")
    try:
        return decoded(path.read_bytes(), kind)
    except (OSError, ValueError, RecursionError):
        raise UsageError(
            f"{place} is beschadigd: zet de vorige versie van het bestand terug."
        ) from None


def save(record: Struct, path: Path) -> None:
    """Write a record, whole; its folder is made where it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = msgspec.json.encode(record)
    write(path, msgspec.json.format(raw, indent=1) + b"\n")
