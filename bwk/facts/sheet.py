"""The protected facts as the rooms above see them: a sheet for a location, a book for a period."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct

from bwk import formats
from bwk.errors import UsageError
from bwk.facts.declared import parsed
from bwk.facts.issued import Line
from bwk.outputs import CITY
from bwk.periods import Period

Value = int | float | str | None
NOT_REGISTERED = "Dit is niet geregistreerd"  # and perhaps when


@dataclass(frozen=True, slots=True)
class Fact:
    """One publishable number with its definition.

    Attributes
    ----------
    name : str
        Dutch and dotted, as in the contract.
    value : int, float, str or None
        A share or a growth is a fraction; None where it is held back or unknown.
    text : str
        As a report shows it.
    unit, definition : str
        From the declaration.
    sources : tuple of str
        Files of the data folder that it comes from.
    withheld : bool
        Whether it is held back so that nobody is recognised.
    missing : str
        Why the value is unknown, in Dutch; empty where it is known or held back.
    """

    name: str
    value: Value
    text: str
    unit: str
    definition: str
    sources: tuple[str, ...] = ()
    withheld: bool = False
    missing: str = ""

    @property
    def number(self) -> float | None:
        """The value where it is a number; None where it is a word, held back or unknown."""
        return self.value if isinstance(self.value, int | float) else None

    @property
    def is_unregistered(self) -> bool:
        """Whether nobody registered what it takes."""
        return self.missing.startswith(NOT_REGISTERED)

    def published(self) -> dict[str, Any]:
        """Return the fact as it stands in `feiten.json`."""
        entry: dict[str, Any] = {
            "waarde": self.value,
            "tekst": self.text,
            "eenheid": self.unit,
            "definitie": self.definition,
            "bron": list(self.sources),
            "achtergehouden": self.withheld,
        }
        return entry | ({"ontbreekt": self.missing} if self.missing else {})


@dataclass(frozen=True)
class Label:
    """A key of the data with the name that people read."""

    slug: str
    name: str
    group: str = ""


@dataclass(frozen=True)
class FactSheet(Mapping[str, Fact]):
    """The facts of one location, or of the city, in one period; a mapping from name to fact.

    Attributes
    ----------
    scope : Label
        The location (its group is the district), or `stad`.
    period, baseline : Period
    facts : mapping of str to Fact
    services, roles, neighbourhoods, partners, domains, locations : tuple of Label
        What the facts are divided by, in display order; `locations` are those reported on.
    half_years : tuple of Label
        Those of the registrations, until the end of the period; the group of one of which a part
        was registered alone is the months of it, in words.
    months, baseline_months, year_before_months : float
        How long the location was open and registered in the period, the baseline and the calendar
        year before.
    months_open, baseline_months_open : float
        How long it was open.
    remarks : tuple of str
        What is not registered, or not compared, a sentence each.
    not_reported : mapping of str to str
        Name of a location that is not reported on, and why.
    programme : mapping of str to str
        Name and city of the programme, note and date of the report.
    files : tuple of str
        The names of the data files.
    comparisons : int
        How many changes the verdicts judge together.
    """

    scope: Label
    period: Period
    baseline: Period
    facts: Mapping[str, Fact]
    services: tuple[Label, ...] = ()
    roles: tuple[Label, ...] = ()
    neighbourhoods: tuple[Label, ...] = ()
    partners: tuple[Label, ...] = ()
    domains: tuple[Label, ...] = ()
    locations: tuple[Label, ...] = ()
    half_years: tuple[Label, ...] = ()
    months: float = 0
    baseline_months: float = 0
    year_before_months: float = 0
    months_open: float = 0
    baseline_months_open: float = 0
    remarks: tuple[str, ...] = ()
    not_reported: Mapping[str, str] = field(default_factory=dict)
    programme: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    comparisons: int = 0

    def __getitem__(self, name: str) -> Fact:
        try:
            return self.facts[name]
        except KeyError:
            declared, _ = parsed(name)
            reason = "Hierover is niets geregistreerd."
            return Fact(
                name, None, formats.UNKNOWN, declared.unit, declared.definition, missing=reason
            )

    def __iter__(self) -> Iterator[str]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)

    @property
    def is_city(self) -> bool:
        """Whether these are the facts of all reported locations together."""
        return self.scope.slug == CITY

    def by(self, stem: str, labels: tuple[Label, ...]) -> list[tuple[Label, Fact]]:
        """Return the facts `stem.<slug>` of some labels, in their order."""
        return [(label, self[f"{stem}.{label.slug}"]) for label in labels]

    def to_json(self) -> dict[str, Any]:
        """Return the sheet as plain values."""
        return msgspec.to_builtins(self)


class Held(Struct, frozen=True):
    """A fact that is held back: why, and the values that it can have for who reads the rest."""

    scope: str
    fact: str
    reason: str
    low: int
    high: int


SMALL_CORRECTION = "kleine correctie sinds een eerdere uitgave"


class Checks(Struct, frozen=True):
    """What a checker looks at: all that is held back, and warnings, a Dutch sentence each."""

    held: tuple[Held, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def corrected(self) -> int:
        """How many facts are held back because a correction moved them by too few people."""
        return sum(fact.reason == SMALL_CORRECTION for fact in self.held)


@dataclass(frozen=True)
class FactBook:
    """The sheets of one period: the city's, and one for each location that is reported on.

    Attributes
    ----------
    period, baseline : Period
    sheets : mapping of str to FactSheet
        By location, the city first.
    not_reported : mapping of str to str
        Slug of a location that is not reported on, and why.
    files : mapping of str to str
        Name of each data file, and its keyed hash.
    skipped_rows : int
        Rows with errors that were left out.
    line : Line
        What is noted of it where it is issued: each count behind the facts, as it is shown.
    portions : mapping of str to str
        What tells by how many people a number is corrected later: see `issued.Issued`.
    checks : Checks
        What a checker looks at before anything leaves.
    after : str
        Hash of all that was issued before (`inputs.issued_key`); empty where it is not known.
    key : str
        Hash of all that the facts are worked out from; empty where it is not known.
    sums : mapping of str to str
        Hash of each sheet, where they stand in files.
    warnings : int
        How many warnings there are on the data.
    """

    period: Period
    baseline: Period
    sheets: Mapping[str, FactSheet]
    not_reported: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)
    skipped_rows: int = 0
    line: Line = field(default_factory=lambda: Line(""))
    portions: Mapping[str, str] = field(default_factory=dict)
    checks: Checks = field(default_factory=Checks)
    after: str = ""
    key: str = ""
    sums: Mapping[str, str] = field(default_factory=dict, compare=False)
    warnings: int = 0

    @cached_property
    def city(self) -> FactSheet:
        """The sheet of the city."""
        return self.sheets[CITY]

    def label(self, scope: str) -> Label:
        """Return what people call a location that is reported on, or the city."""
        return {CITY: self.city.scope, **{x.slug: x for x in self.city.locations}}[scope]

    def sheet(self, scope: str) -> FactSheet:
        """Return the sheet of a location or of the city.

        Raises
        ------
        UsageError
            If the location is unknown, or is not reported on.
        """
        if scope in self.sheets:
            return self.sheets[scope]
        if scope in self.not_reported:
            raise UsageError(f"Over ‘{scope}’ komt geen verslag: {self.not_reported[scope]}")
        known = formats.enumeration([*self.sheets])
        raise UsageError(
            f"De locatie ‘{scope[:40]}’ staat niet in de tabel locaties; kies {known}."
        )

    def published(self) -> dict[str, Any]:
        """Return the book as it stands in `feiten.json`."""
        asked = {"samen_genomen": [*self.line.joined], "afgerond_op": self.line.rounding}
        return {name: value for name, value in asked.items() if value} | {
            "periode": self.period.name,
            "basisperiode": self.baseline.name,
            "feiten": {
                scope: {name: fact.published() for name, fact in sheet.facts.items()}
                for scope, sheet in self.sheets.items()
            },
            "niet_gerapporteerd": dict(self.not_reported),
        }


def show(value: Value, unit: str) -> str:
    """Write a value the way its unit is shown.

    >>> show(0.7064, "aandeel"), show(1 / 3, "groei"), show(65.777, "per maand")
    ('71%', '+33%', '65,8')
    """
    if isinstance(value, str):
        return value
    if value is None:
        return formats.UNKNOWN
    if unit == "aandeel":
        return formats.percent(value)
    if unit == "groei":
        return formats.change(value)
    return formats.number(value, decimals=1 if " " in unit else 0)
