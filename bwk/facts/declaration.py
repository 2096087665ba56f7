"""What a fact is: its name, how it is made, and what is said of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from bwk.facts.derivations import Derivation, Locations
from bwk.facts.expressions import HOLDS, LIVES, NEAR, Count, Each, People, Referrals, Sum, When

BLANKS = {f"<{blank.value}>": blank for blank in Each}


@dataclass(frozen=True)
class Declared:
    """A declaration: all that is known of a fact before any data are read.

    Attributes
    ----------
    name : str
        Dutch and dotted; a part between `<` and `>` stands for a key of the data.
    derivation : Derivation
        How it is made of counts.
    definition : str
        Plain Dutch.
    formula : str
        How it is worked out, in Dutch.
    city : str
        How the city's number differs from the definition, where it does.
    words : str
        Pattern of the words of which one stands near a number that states it.
    total : str
        Name of the fact of which those of this name are the parts.

    Raises
    ------
    ValueError
        If a count is none of the algebra's, so that nothing is known of what it tells.
    """

    name: str
    derivation: Derivation
    definition: str
    formula: str
    city: str = ""
    words: str = ""
    total: str = ""

    def __post_init__(self) -> None:
        for count in self.derivation.counts:
            kinds = [condition.kind for condition in getattr(count.of, "conditions", ())]
            if isinstance(count.of, People) and not {*kinds} - {LIVES}:
                raise ValueError(f"{self.name}: nothing tells where these people are counted")

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The words and blanks between the dots of the name."""
        return tuple(self.name.split("."))

    @cached_property
    def blanks(self) -> tuple[Each, ...]:
        """What the name is divided by."""
        return tuple(BLANKS[word] for word in re.findall("<[^>]+>", self.name))

    @property
    def words_of_name(self) -> list[str]:
        """The words of the name, without its blanks."""
        return [word for word in re.sub(r"<[^>]+>", "", self.name).split(".") if word]

    @property
    def of_city(self) -> bool:
        """Whether only the city has it: it is about its locations."""
        return Each.LOCATION in self.blanks or isinstance(self.derivation, Locations)

    @property
    def unit(self) -> str:
        """What is counted, or the kind of number."""
        return self.derivation.unit

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """The tables of the data folder that it comes from."""
        named = dict.fromkeys(table for count in self.derivation.counts for table in _tables(count))
        if Each.DOMAIN in self.blanks:
            named["diensten"] = None
        if self.derivation.by_month or any(
            count.when is When.YEAR_BEFORE for count in self.derivation.counts
        ):
            named["locaties"] = None
        return tuple(named)

    @property
    def subject(self) -> Count | None:
        """The count that it is about: the first that it is made of."""
        return next(iter(self.derivation.counts), None)

    @property
    def is_past(self) -> bool:
        """Whether it is about an interval before the period alone."""
        whens = {count.when for count in self.derivation.counts}
        return bool(whens) and whens <= {When.BASELINE, When.YEAR_BEFORE, When.WINDOW_THEN}

    @property
    def is_of_baseline(self) -> bool:
        """Whether it is the baseline's counterpart of another fact."""
        return {count.when for count in self.derivation.counts} == {When.BASELINE}

    def formed(self, keys: Mapping[Each, str]) -> str:
        """Return the name with its blanks filled in."""
        return self._template.format(**{blank.name: key for blank, key in keys.items()})

    def keys_of(self, fact: str) -> dict[Each, str] | None:
        """Return the keys in the name of a fact; None where it is not of this declaration."""
        match = self._pattern.fullmatch(fact)
        return {blank: match[blank.name] for blank in self.blanks} if match else None

    @cached_property
    def _template(self) -> str:
        template = self.name
        for word, blank in BLANKS.items():
            template = template.replace(word, f"{{{blank.name}}}")
        return template

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = [re.escape(part) for part in re.split("<[^>]+>", self.name)]
        groups = [f"(?P<{blank.name}>[^.]+)" for blank in self.blanks]
        return re.compile("".join(map("".join, zip_longest(parts, groups, fillvalue=""))))


def _tables(count: Count) -> list[str]:
    if isinstance(count.of, Referrals):
        return ["verwijzingen"]
    kinds = {condition.kind for condition in getattr(count.of, "conditions", ())}
    tables = ["deelnames"]
    if isinstance(count.of, Sum) or HOLDS in kinds:
        tables.insert(0, "rollen")
    if kinds & {LIVES, NEAR}:
        tables += ["deelnemers", "buurten"]
    return tables
