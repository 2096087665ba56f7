"""What a sheet does not say: the questions about it, and what was answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from bwk.lists.words import PLACE, SERVICE

YEAR, MONTH, MARK = "jaar", "maand", "tekens"
SINGULAR = {PLACE: "locatie", SERVICE: "dienst"}
_FIELDS = {PLACE: "location", SERVICE: "service", YEAR: "year", MONTH: "month"}


class Question(NamedTuple):
    """What the sheet does not say; `about` is what it is asked about, as a name that is unknown."""

    kind: str
    about: str
    sentence: str


@dataclass(frozen=True)
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
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def given(self, kind: str) -> str:
        """Return what holds where a sheet says nothing."""
        return getattr(self, _FIELDS[kind])

    def aliases(self, kind: str) -> Mapping[str, str]:
        """Return what was answered about names or marks."""
        return self.names.get(kind, {})

    def having(self, question: Question, answer: str) -> "Answers":
        """Add the answer to a question."""
        kind, about, _ = question
        if not about:
            return replace(self, **{_FIELDS[kind]: answer})  # type: ignore[arg-type]
        aliases = {**self.aliases(kind), about: answer}
        return replace(self, names={**self.names, kind: aliases})

    def before(self, remembered: "Answers") -> "Answers":
        """Put options before what was answered earlier."""
        return replace(
            remembered,
            location=self.location or remembered.location,
            service=self.service or remembered.service,
            year=self.year,
            chosen=frozenset(kind for kind in _FIELDS if self.given(kind)),
        )
