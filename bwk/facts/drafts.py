"""Facts before protection: each a value, and the counts that it is made of."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from bwk.facts.counts import Count, Key
from bwk.facts.sheet import Label, Value
from bwk.indicators import rates
from bwk.indicators.rates import Projection

NOT_OPEN = "De locatie was toen nog niet open."
NOTHING_BEFORE = "In de basisperiode is hier niets geregistreerd."
NO_YEAR_BEFORE = "Het jaar ervoor was de locatie nog niet open."
IN_BASE = "Dit half jaar hoort bij de basisperiode."
NOBODY = "In deze periode waren er geen deelnemers."
NO_VISITS = "In deze periode waren er geen deelnames."
NO_AREA = "De oppervlakte van de locatie is niet bekend."
TOO_FEW_TO_SHARE = "Bij een van beide diensten kwamen te weinig mensen om dit te tonen."
DECIMALS = 4


@dataclass(frozen=True)
class Draft:
    """A fact before it is known what is held back.

    Attributes
    ----------
    name : str
    value : int, float, str or None
    parts : tuple of Key
        The counts that it is made of: it is held back where one of them is.
    missing : str
        Why there is no value, in Dutch.
    is_count : bool
        Whether the value is the one count that it is made of.
    """

    name: str
    value: Value
    parts: tuple[Key, ...] = ()
    missing: str = ""
    is_count: bool = False


@dataclass(frozen=True)
class Stretch:
    """The counts of one scope in one interval, and the months that it was open."""

    counts: Mapping[str, Count]
    months: float


@dataclass(frozen=True)
class Year:
    """What a projection needs: this year until now, the rest of it, the year before, the season."""

    now: Stretch
    remaining: float
    before: Stretch
    seasons: tuple[tuple[Stretch, Stretch], ...]


def of_participants(now: Stretch, base: Stretch) -> Iterator[Draft]:
    """Draft the participants and their growth."""
    people, before = now.counts["deelnemers"], base.counts["deelnemers"]
    yield _count("deelnemers", people)
    yield _count("deelnemers_basis", before, "" if base.months else NOT_OPEN)
    yield from _growth("groei_deelnemers", "oordeel_deelnemers", now, base, "deelnemers", False)
    for name in ("nieuwe_deelnemers", "terugkerende_deelnemers"):
        yield _count(name, now.counts[name])
    yield _share("aandeel_meer_diensten", now.counts["meer_diensten"], people, NOBODY)
    yield _share("wederkerigheid", now.counts["wederkerig"], people, NOBODY)


def of_services(now: Stretch, base: Stretch, services: tuple[Label, ...]) -> Iterator[Draft]:
    """Draft participations, participants and change per service."""
    total = now.counts["deelnames"]
    yield _count("deelnames", total)
    for service in services:
        name = f"deelnames.{service.slug}"
        visits, before = now.counts[name], base.counts[name]
        yield _count(name, visits)
        yield _share(f"aandeel.{service.slug}", visits, total, NO_VISITS)
        closed = "" if base.months else NOT_OPEN
        yield _count(f"deelnames_basis.{service.slug}", before, closed)
        yield _per(f"per_maand.{service.slug}", visits, now.months)
        yield _per(f"per_maand_basis.{service.slug}", before, base.months)
        growth = f"groei_per_maand.{service.slug}", f"oordeel_per_maand.{service.slug}"
        yield from _growth(*growth, now, base, name)
        yield _count(f"deelnemers.{service.slug}", now.counts[f"deelnemers.{service.slug}"])


def of_mixing(now: Stretch, services: tuple[Label, ...], fewest: int) -> Iterator[Draft]:
    """Draft the participants that services share, where each has at least `fewest` of them."""
    for one, other in combinations(services, 2):
        name = f"samen.{one.slug}.{other.slug}"
        people = (now.counts[f"deelnemers.{service.slug}"].value for service in (one, other))
        shown = all(count >= fewest for count in people)
        yield _count(name, now.counts[name]) if shown else Draft(name, None, (), TOO_FEW_TO_SHARE)


def of_course(year: Year, services: tuple[Label, ...]) -> Iterator[Draft]:
    """Draft the projection of each service and whether it is on course."""
    for service in services:
        count = year.now.counts[f"deelnames.{service.slug}"]
        before = year.before.counts[count.key.name]
        pairs = [tuple(s.counts[count.key.name] for s in pair) for pair in year.seasons]
        season = rates.seasonal_share([a.value for a, _ in pairs], [b.value for _, b in pairs])
        projection = rates.project(count.value, year.now.months, year.remaining, season)
        parts = (count.key, *(each.key for pair in pairs if season for each in pair))
        yield from _projection(service.slug, projection, parts)
        closed = "" if year.before.months else NO_YEAR_BEFORE
        yield _count(f"deelnames_jaar_ervoor.{service.slug}", before, closed)
        judged = (*parts, before.key)
        yield from _courses(service.slug, projection, year, count.value, before.value, judged)


def of_roles(now: Stretch, roles: tuple[Label, ...]) -> Iterator[Draft]:
    """Draft the people per role."""
    for role in roles:
        held = now.counts[f"rol.{role.slug}"]
        yield _count(held.key.name, held)
        yield _share(f"aandeel_rol.{role.slug}", held, now.counts["rollen"], NOBODY)


def of_origins(now: Stretch, neighbourhoods: tuple[Label, ...]) -> Iterator[Draft]:
    """Draft where participants come from."""
    for place in neighbourhoods:
        yield _count(f"herkomst.{place.slug}", now.counts[f"herkomst.{place.slug}"])
    if neighbourhoods:
        near, people = now.counts["omgeving"], now.counts["deelnemers"]
        yield _share("aandeel_omgeving", near, people, NOBODY)


def of_referrals(now: Stretch, partners: tuple[Label, ...]) -> Iterator[Draft]:
    """Draft the referrals to and from partners."""
    for direction in ("naar", "van"):
        for partner in partners:
            name = f"verwijzingen.{direction}.{partner.slug}"
            yield _count(name, now.counts[name])


def of_domains(now: Stretch, base: Stretch, domains: tuple[Label, ...]) -> Iterator[Draft]:
    """Draft the barometer: the change per life domain."""
    for domain in domains:
        names = f"barometer.{domain.slug}", f"oordeel_barometer.{domain.slug}"
        yield from _growth(*names, now, base, f"leefgebied.{domain.slug}")


def of_history(
    half_years: Mapping[str, Stretch],
    base: Stretch,
    in_base: Collection[str],
    domains: tuple[Label, ...],
) -> Iterator[Draft]:
    """Draft the barometer half-year by half-year; those `in_base` are not compared with it."""
    for domain in domains:
        count = f"leefgebied.{domain.slug}"
        for name, stretch in half_years.items():
            place = f"{domain.slug}.{name}"
            yield _per(f"barometer_per_maand.{place}", stretch.counts[count], stretch.months)
            names = f"barometer.{place}", f"oordeel_barometer.{place}"
            if name in in_base:
                yield from (Draft(each, None, (), IN_BASE) for each in names)
            else:
                yield from _growth(*names, stretch, base, count)


def of_space(now: Stretch, area: float | None) -> Iterator[Draft]:
    """Draft the participants against the space that a location has."""
    people = now.counts["deelnemers"]
    if area:
        yield _per("deelnemers_per_100m2", people, area / 100)
    else:
        yield Draft("deelnemers_per_100m2", None, (), NO_AREA)


def of_locations(
    now: Mapping[str, Stretch], base: Mapping[str, Stretch], totals: Mapping[str, int]
) -> Iterator[Draft]:
    """Draft what the city's sheet says of each location, and how many locations there are."""
    for location, stretch in now.items():
        yield _count(f"deelnemers.locatie.{location}", stretch.counts["deelnemers"])
        yield _count(f"deelnames.locatie.{location}", stretch.counts["deelnames"])
        before, closed = base[location], "" if base[location].months else NOT_OPEN
        yield _count(f"deelnemers_basis.locatie.{location}", before.counts["deelnemers"], closed)
    for name, value in totals.items():
        yield Draft(name, value)


def _count(name: str, count: Count, missing: str = "") -> Draft:
    if missing:
        return Draft(name, None, (), missing)
    return Draft(name, count.value, (count.key,), is_count=True)


def _share(name: str, part: Count, whole: Count, nothing: str) -> Draft:
    if not whole.value:
        return Draft(name, None, (), nothing)
    return Draft(name, round(part.value / whole.value, DECIMALS), (part.key, whole.key))


def _per(name: str, count: Count, divisor: float) -> Draft:
    if not divisor:
        return Draft(name, None, (), NOT_OPEN)
    return Draft(name, round(count.value / divisor, DECIMALS), (count.key,))


def _growth(
    name: str, verdict: str, now: Stretch, base: Stretch, count: str, by_month: bool = True
) -> Iterator[Draft]:
    new, old = now.counts[count], base.counts[count]
    change = rates.rate_change(new.value, now.months, old.value, base.months)
    if change is None:
        reason = NOTHING_BEFORE if base.months else NOT_OPEN
        yield from (Draft(each, None, (), reason) for each in (name, verdict))
        return
    scale = base.months / now.months if by_month else 1
    growth = round(scale * new.value / old.value - 1, DECIMALS)
    yield Draft(name, growth, (new.key, old.key))
    yield Draft(verdict, change.verdict, (new.key, old.key))


def _projection(
    service: str, projection: Projection | None, parts: tuple[Key, ...]
) -> Iterator[Draft]:
    ends = (projection.expected, projection.low, projection.high) if projection else (None,) * 3
    for name, value in zip(("prognose", "prognose_laag", "prognose_hoog"), ends, strict=True):
        whole = None if value is None else round(value)
        yield Draft(f"{name}.{service}", whole, parts, "" if projection else NOT_OPEN)


def _courses(
    service: str,
    projection: Projection | None,
    year: Year,
    count: int,
    before: int,
    parts: tuple[Key, ...],
) -> Iterator[Draft]:
    total = before if year.before.months else None
    months = year.now.months + year.remaining
    even = None if total is None else total * months / year.before.months
    for name, target in (("koers", total), ("koers_per_maand", even)):
        verdict = rates.course(projection, target, count)  # type: ignore[arg-type]
        yield Draft(f"{name}.{service}", verdict, parts, "" if verdict else NO_YEAR_BEFORE)
