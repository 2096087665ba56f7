"""What a sheet does not say: the questions about it, and what was answered."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from bwk.lists.words import PLACE, SERVICE

YEAR, MONTH, MARK = "jaar", "maand", "tekens"
Ask = Callable[[str], str]  # puts a question and returns the answer
SINGULAR = {PLACE: "locatie", SERVICE: "dienst"}
FIELDS = {PLACE: "location", SERVICE: "service", YEAR: "year", MONTH: "month"}


class Question(NamedTuple):
    """What the sheet does not say; `about` is what it is asked about, as a name that is unknown."""

    kind: str
    about: str
    sentence: str


class Answers(
    msgspec.Struct,
    frozen=True,
    omit_defaults=True,
    rename={"location": "locatie", "service": "dienst"},
):
    """What was told of a list: by options, by the name of its file, and by earlier answers.

    Attributes
    ----------
    location, service, year, month : str
        Where a sheet itself says nothing; `chosen` are those that an option gave.
    diensten, locaties, tekens : dict of str to str
        Keys by what the list calls a service or a place, and what a mark means: `ja` or `nee`.
        They are named as in the file that remembers them.
    """

    location: str = ""
    service: str = ""
    year: str = ""
    month: str = ""
    chosen: tuple[str, ...] = ()
    diensten: dict[str, str] = {}
    locaties: dict[str, str] = {}
    tekens: dict[str, str] = {}

    def given(self, kind: str) -> str:
        """Return what holds where a sheet says nothing."""
        return getattr(self, FIELDS[kind])

    def aliases(self, kind: str) -> dict[str, str]:
        """Return what was answered about names or marks."""
        return getattr(self, kind)

    def having(self, question: Question, answer: str) -> "Answers":
        """Add the answer to a question."""
        kind, about, _ = question
        if about:
            return replace(self, **{kind: self.aliases(kind) | {about: answer}})
        return replace(self, **{FIELDS[kind]: answer})

    def before(self, remembered: "Answers") -> "Answers":
        """Put options before what was answered earlier."""
        chosen = {kind: field for kind, field in FIELDS.items() if self.given(kind)}
        options = {field: getattr(self, field) for field in chosen.values()}
        return replace(remembered, **options, chosen=tuple(chosen))

    @property
    def of_all_files(self) -> "Answers":
        """What holds for next month's file as well: the year and the month are of one alone."""
        return replace(self, year="", month="", chosen=())
