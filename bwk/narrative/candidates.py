"""Facts of reports: what a number or a word in a text may be about."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bwk import facts
from bwk.facts import Declared, Fact, FactSheet, Label
from bwk.facts.derivations import Counted, Derivation
from bwk.facts.expressions import Each, When

Sheets = Mapping[str, FactSheet]  # by scope, that of the report itself first


@dataclass(frozen=True)
class Candidate:
    """A fact, and the report that it is in."""

    fact: Fact
    sheet: FactSheet

    @property
    def name(self) -> str:
        """The name of the fact."""
        return self.fact.name

    @property
    def number(self) -> float | None:
        """The value of the fact where it is a number."""
        return self.fact.number

    @property
    def unit(self) -> str:
        """What is counted, or the kind of number."""
        return self.fact.unit

    @property
    def declaration(self) -> Declared:
        """How the fact is declared."""
        return facts.parsed(self.name)[0]

    @property
    def keys(self) -> dict[Each, str]:
        """The keys in the name of the fact."""
        return facts.parsed(self.name)[1]

    @property
    def place(self) -> str:
        """The location that it is about, or the city."""
        return self.keys.get(Each.LOCATION, self.sheet.scope.slug)

    @property
    def of(self) -> object:
        """Whom or what it counts, or is made of; None where it counts locations."""
        return getattr(self.declaration.subject, "of", None)

    @property
    def term(self) -> str:
        """Its scope and its name, as they stand in a formula."""
        return f"{self.sheet.scope.slug}:{self.name}"

    @property
    def is_count(self) -> bool:
        """Whether it is counted, and not made of counts."""
        return type(self.declaration.derivation) is Counted

    @property
    def is_total(self) -> bool:
        """Whether there are facts that are its parts."""
        return any(declared.total == self.name for declared in facts.DECLARED)

    @property
    def labels(self) -> dict[Each, Label]:
        """The label of each key in the name of the fact: what people call it."""
        sheet = self.sheet
        divisions = {
            Each.SERVICE: sheet.services,
            Each.OTHER_SERVICE: sheet.services,
            Each.ROLE: sheet.roles,
            Each.HOME: sheet.neighbourhoods,
            Each.PARTNER: sheet.partners,
            Each.DOMAIN: sheet.domains,
            Each.LOCATION: sheet.locations,
            Each.HALF_YEAR: sheet.half_years,
        }
        return {
            blank: label
            for blank, slug in self.keys.items()
            for label in divisions[blank]
            if label.slug == slug
        }

    @property
    def called(self) -> str:
        """What people call it: the words of its name, and of its keys."""
        words = [word.replace("_", " ") for word in self.declaration.words_of_name]
        return ", ".join([*words, *(label.name for label in self.labels.values())])

    def is_about(self, slugs: Iterable[str]) -> bool:
        """Whether its keys are these, and no others."""
        return {*self.keys.values()} == {*slugs}

    def kin(self, *kinds: type[Derivation], when: When | None = None) -> Fact | None:
        """Return the fact that says something else of the same count; None where there is none."""
        return self.sheet.facts.get(facts.kin(self.name, *kinds, when=when))

    @property
    def before(self) -> Fact | None:
        """The same count in the period before."""
        base = self.kin(Counted, when=When.BASELINE)
        return base if base is not self.fact else None


def own_sheet(sheets: Sheets) -> FactSheet:
    """Return the sheet of the report itself."""
    return next(iter(sheets.values()))


def candidates(sheet: FactSheet) -> list[Candidate]:
    """Return the facts of a report."""
    return [Candidate(fact, sheet) for fact in sheet.values()]


def counts(sheet: FactSheet) -> Iterator[Candidate]:
    """Yield what is counted in the period itself, and may be shown."""
    for candidate in candidates(sheet):
        is_now = candidate.is_count and not candidate.declaration.is_past
        if is_now and candidate.number is not None:
            yield candidate
