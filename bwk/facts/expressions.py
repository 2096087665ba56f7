"""What is counted: sets of people, and sums of visits and referrals, at a place and in an interval.

A set of people is told by the conditions that each of them meets. Of anybody, real or made up, the
engine can say whether they are in it; from that alone follows what a reader can work out: see
`imagined`. A declaration has blanks (`Each`, `When`), which a `Vocabulary` fills.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from bwk.periods import Span

# The kinds of conditions on people, at the place and in the interval of a count.
SEEN = "seen"  # at one of these services; at any, where none is named
SEVERAL = "several"  # at two services or more
TIMES = "times"  # so many times or more, where a person at a service on a day is once
EARLIER = "earlier"  # seen, and before the interval too
NEW = "new"  # seen, and never before the interval
BEFORE = "before"  # seen before the interval, whether or not in it
ABSENT = "absent"  # seen, and not in this other interval (ISO 8601; `When` in a declaration)
NEAR = "near"  # seen at a location in whose surroundings they live
LIVES = "lives"  # in one of these neighbourhoods
HOLDS = "holds"  # one of these roles, on some day of the interval
ATTENDING = (SEEN, SEVERAL, TIMES, EARLIER, NEW, ABSENT, NEAR)  # whoever meets these was seen
KINDS = (*ATTENDING, BEFORE, LIVES, HOLDS)

# The registers of a location, by their names in the table `bijgehouden`; of homes there is one
# where any home is known.
VISITED, PERSONS, ROLES, REFERRED = "deelnames", "deelnemers", "rollen", "verwijzingen"
HOMES = "buurten"

RECIPROCAL = ("vrijwilliger", "sleutelhouder")
PARTICIPANTS = "deelnemers"  # the role of all who take part


class Each(Enum):
    """A blank for each key of the data; its value is what people call it."""

    SERVICE = "dienst"
    OTHER_SERVICE = "andere dienst"
    ROLE = "rol"
    HOME = "buurt"
    PARTNER = "partner"
    DOMAIN = "leefgebied"
    LOCATION = "locatie"
    HALF_YEAR = "half jaar"


class When(Enum):
    """A blank for an interval."""

    PERIOD = "de periode"
    BASELINE = "de basisperiode"
    YEAR_SO_FAR = "het kalenderjaar tot en met de periode"
    YEAR_BEFORE = "het kalenderjaar ervoor"
    HALF_YEAR = "een half jaar"
    HALFWAY = "de eerste helft van het laatste hele kalenderjaar"
    LAST_WHOLE_YEAR = "het laatste hele kalenderjaar"
    WINDOW_NOW = "de laatste maanden van de periode, zo veel als de basisperiode heeft"
    WINDOW_THEN = "de laatste maanden van de basisperiode, zo veel als de periode heeft"
    LAST_QUARTER = "de laatste drie maanden van de periode"
    QUARTER_BEFORE = "de drie maanden daarvoor"


class Interval(Span):
    """A span in which something is counted; as text in ISO 8601."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"{self.first}/{self.last}"

    @classmethod
    def read(cls, text: str) -> "Interval":
        """Read the text of an interval."""
        return cls(*map(date.fromisoformat, text.split("/")))

    def is_within(self, interval: "Interval") -> bool:
        """Whether the other interval holds all of its days."""
        return interval.first <= self.first and self.last <= interval.last


class Condition(NamedTuple):
    """A condition on people, with the keys (services, neighbourhoods, roles) of which any will do.

    A key is a text; in a declaration `Each` or `When`.
    """

    kind: str
    keys: tuple[Any, ...] = ()


SEEN_AT_ALL = Condition(SEEN)
HOME_KNOWN = Condition(LIVES)  # in a declaration: in any neighbourhood


class People(Struct, frozen=True, tag="people"):
    """The people who meet all conditions; make them with `people_who`."""

    conditions: tuple[Condition, ...]

    def has(self, *kinds: str) -> bool:
        """Whether there is a condition of one of these kinds."""
        return any(condition.kind in kinds for condition in self.conditions)


class Visits(Struct, frozen=True, tag="visits"):
    """Participations (deelnames) at some services, added up; at all of them where none is named."""

    services: tuple[Any, ...] = ()


class Referrals(Struct, frozen=True, tag="referrals"):
    """Referrals to (`naar`) or from (`van`) a partner."""

    direction: str
    partner: Any


class Sum(Struct, frozen=True, tag="sum"):
    """The sum over all roles of the people who hold them: who holds two counts twice."""

    parts: tuple[People, ...] = ()


Of = People | Visits | Referrals | Sum


class Count(NamedTuple):
    """What is counted, in which interval, at which locations.

    Attributes
    ----------
    of : People, Visits, Referrals or Sum
    when : When or Interval
    where : tuple of str, or Each.LOCATION
        Slugs of locations; empty in a declaration for those of the sheet.
    """

    of: Any
    when: Any = When.PERIOD
    where: Any = ()

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """The intervals of which its people or visits are known."""
        conditions = getattr(self.of, "conditions", ())
        absent = (keys[0] for kind, keys in conditions if kind == ABSENT)
        return (self.when, *map(Interval.read, absent))

    @property
    def is_total(self) -> bool:
        """Whether it counts all people, visits or roles: what a report can least do without."""
        return isinstance(self.of, Sum) or self.of in (Visits(), people())


def people_who(*conditions: Condition) -> People:
    """Return the people who meet all conditions, in the one form in which a set is written."""
    for condition in conditions:
        if condition.kind not in KINDS:
            raise ValueError(f"no relation follows from the condition {condition.kind!r}")
    told = dict.fromkeys(conditions)
    if any(condition.kind in ATTENDING for condition in told if condition != SEEN_AT_ALL):
        told.pop(SEEN_AT_ALL, None)
    return People(tuple(sorted(told, key=repr)))


def people(
    kind: str = SEEN,
    service: Each | None = None,
    also: Each | None = None,
    home: Each | None = None,
    roles: tuple[str, ...] = (),
    times: int = 0,
) -> People:
    """Return the people who were seen: at a service, and also at another, living somewhere ..."""
    conditions = [Condition(kind, _keys(service))]
    if also:
        conditions.append(Condition(SEEN, _keys(also)))
    if home:
        conditions.append(Condition(LIVES, _keys(home)))
    if roles:
        conditions.append(Condition(HOLDS, roles))
    if times:
        conditions.append(Condition(TIMES, (times,)))
    return people_who(*conditions)


def holders(role: Each) -> People:
    """Return the people who hold a role, whether or not they were seen."""
    return people_who(Condition(HOLDS, _keys(role)))


def people_absent(when: When) -> People:
    """Return the people who were seen, and not in another interval."""
    return people_who(Condition(ABSENT, (when,)))


def newcomers(*conditions: Condition) -> People:
    """Return the people who were seen for the first time, and meet more conditions."""
    return people_who(Condition(NEW), *conditions)


def visits(service: Each | None = None, domain: Each | None = None) -> Visits:
    """Return participations: all, or those of a service or of a life domain."""
    return Visits(_keys(service or domain))


def registers_of(of: Of) -> frozenset[str]:
    """Return the registers without which something cannot be counted; its blanks are filled."""
    match of:
        case Visits():
            return frozenset({VISITED})
        case Referrals():
            return frozenset({REFERRED})
        case Sum():
            return frozenset({PERSONS, ROLES})
    kinds = {condition.kind for condition in of.conditions}
    needs = {PERSONS} if kinds - {HOLDS} else set()
    needs |= {ROLES} if HOLDS in kinds else set()
    return frozenset(needs | ({HOMES} if kinds & {LIVES, NEAR} else set()))


def asks_before(of: Of) -> bool:
    """Whether it takes who came before the interval."""
    return isinstance(of, People) and of.has(NEW, EARLIER, BEFORE)


@dataclass(frozen=True)
class Vocabulary:
    """The keys of the data, which fill the blanks of a declaration.

    Attributes
    ----------
    keys : mapping of Each to tuple of str
        In display order.
    services : tuple of str
        Of what was registered: also those that are joined to others.
    domains : mapping of str to tuple of str
        Slug of a life domain to its services.
    surroundings : mapping of str to tuple of str
        Slug of a location to the neighbourhoods around it.
    renamed : mapping of str to tuple of str
        Slug of a service to those that it was called before, where it had other names.
    """

    keys: Mapping[Each, tuple[str, ...]]
    services: tuple[str, ...]
    domains: Mapping[str, tuple[str, ...]]
    surroundings: Mapping[str, tuple[str, ...]]
    renamed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def filled(self, count: Count, keys: Mapping[Any, str], where: tuple[str, ...]) -> Count:
        """Fill the blanks of what is counted, at some locations; `When` stands for a text."""
        match count.of:
            case People(conditions):
                of: Any = self._people(conditions, keys, where)
            case Visits(services):
                of = Visits(self._services(services, keys))
            case Referrals(_, partner):
                of = replace(count.of, partner=keys[partner])
            case Sum():
                of = Sum(self._roles(where))
        return count._replace(of=of, where=where)

    def unknown(self, of: Of) -> set[str]:
        """Return the keys that what is counted names, and that the data no longer hold."""
        match of:
            case People(conditions):
                kinds = {
                    SEEN: self.services,
                    LIVES: self.keys[Each.HOME],
                    HOLDS: (*self.keys[Each.ROLE], *RECIPROCAL),
                }
                named = [{*keys} - {*kinds[kind]} for kind, keys in conditions if kind in kinds]
                return set().union(*named)
            case Visits(services):
                return {*services} - {*self.services}
            case Referrals(_, partner):
                return {partner} - {*self.keys[Each.PARTNER]}
        return set().union(*map(self.unknown, of.parts))

    def _services(self, blanks: tuple[Any, ...], keys: Mapping[Each, str]) -> tuple[str, ...]:
        if blanks == (Each.DOMAIN,):
            return self.domains[keys[Each.DOMAIN]]
        return tuple(name for blank in blanks for name in self.names(keys[blank]))

    def names(self, service: str) -> tuple[str, ...]:
        """Return a service with those that it was called before, in the one order of a set.

        Of those that are joined, the parts alone: nobody registered them together.
        """
        own = {service} & {*self.services}
        return tuple(sorted(own.union(self.renamed.get(service, ()))))

    def _people(
        self, conditions: Iterable[Condition], keys: Mapping[Any, str], where: tuple[str, ...]
    ) -> People:
        filled: list[Condition] = []
        for kind, blanks in conditions:
            condition = Condition(kind, tuple(keys.get(blank, blank) for blank in blanks))
            if blanks in ((Each.SERVICE,), (Each.OTHER_SERVICE,)):
                condition = Condition(kind, self.names(keys[blanks[0]]))
            if condition == Condition(HOLDS, (PARTICIPANTS,)):
                filled.append(SEEN_AT_ALL)
            elif condition == HOME_KNOWN:
                filled.append(Condition(LIVES, self.keys[Each.HOME]))
            elif kind == NEAR and len(where) == 1:
                around = self.surroundings.get(where[0], ())
                filled += [SEEN_AT_ALL, Condition(LIVES, around)]
            else:
                filled.append(condition)
        return people_who(*filled)

    def _roles(self, where: tuple[str, ...]) -> tuple[People, ...]:
        holds = holders(Each.ROLE).conditions
        roles = [role for role in self.keys[Each.ROLE] if role != PARTICIPANTS]
        return (people(), *(self._people(holds, {Each.ROLE: role}, where) for role in roles))


def _keys(key: Each | None) -> tuple[Each, ...]:
    return (key,) if key else ()
