"""What any reader knows of the counts: a part is no more than the whole, and the like."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import permutations

from bwk.disclosure import Relation
from bwk.facts.counts import Count, Key
from bwk.indicators.counting import RECIPROCAL_ROLES

Group = Mapping[str, Count]
WHOLE = "deelnemers"
# Of people counted once: the city has at least as many as a location, and at most their sum.
ONCE = ("deelnemers", "rol", "herkomst", "omgeving")
# Of these the city may have more than the sum: one service here and another there.
AT_LEAST = ("samen", "meer_diensten", "wederkerig", "terugkerende_deelnemers")


def between(counts: Iterable[Count], fewest_for_sharing: int) -> Iterator[Relation]:
    """Yield the relations between counts, each a sum that lies between two bounds.

    Where two services have fewer participants than `fewest_for_sharing`, what they share is not
    shown at all, which tells a reader as much.
    """
    groups: dict[Key, dict[str, Count]] = defaultdict(dict)
    for count in counts:
        groups[count.key._replace(name="")][count.key.name] = count
    for group in groups.values():
        yield from _of_services(group)
        yield from _of_people(group)
        yield from _of_pairs(group)
        yield from _of_few(group, fewest_for_sharing)
    for one, other in permutations(groups, 2):
        if (one.first, one.last) == (other.first, other.last):
            yield from _at_least(groups[one], groups[other], one.scope, other.scope)
        elif one.scope == other.scope and one.first <= other.first and other.last <= one.last:
            yield from _longer(groups[one], groups[other])
    yield from _at_most(groups)


def _of_services(group: Group) -> Iterator[Relation]:
    used = _divided(group, WHOLE)
    for service, people in used.items():
        yield from _no_more(people, group.get(WHOLE))
        yield from _no_more(people, group.get(f"deelnames.{service}"))
    if used and WHOLE in group and len(used) == len(_divided(group, "deelnames")):
        together = list(used.values())
        yield _sum(together, [group[WHOLE]])
        if several := group.get("meer_diensten"):
            yield _sum(together, [group[WHOLE], several])
            yield _sum([group[WHOLE], *[several] * (len(used) - 1)], together)


def _of_people(group: Group) -> Iterator[Relation]:
    whole = group.get(WHOLE)
    if whole and "nieuwe_deelnemers" in group:
        parts = [group["nieuwe_deelnemers"], group["terugkerende_deelnemers"]]
        yield _sum([whole], parts, high=0)
    giving = [group[name] for role in RECIPROCAL_ROLES if (name := f"rol.{role}") in group]
    if "wederkerig" in group and len(giving) == len(RECIPROCAL_ROLES):
        yield _sum(giving, [group["wederkerig"]])
    for name in ("meer_diensten", "wederkerig", "omgeving"):
        if part := group.get(name):
            yield from _no_more(part, whole)
    if whole and (homes := list(_divided(group, "herkomst").values())):
        # A reader may guess that everybody's neighbourhood is known, and be right.
        everybody = whole.value == sum(home.value for home in homes)
        yield _sum([whole], homes, high=0 if everybody else float("inf"))


def _of_pairs(group: Group) -> Iterator[Relation]:
    for pair, shared in _divided(group, "samen").items():
        services = (f"{WHOLE}.{service}" for service in pair.split("."))
        both = [group[service] for service in services if service in group]
        for people in both:
            yield from _no_more(shared, people)
        if WHOLE in group and len(both) == 2:
            yield _sum([shared, group[WHOLE]], both)
        yield from _no_more(shared, group.get("meer_diensten"))


def _of_few(group: Group, fewest: int) -> Iterator[Relation]:
    used = _divided(group, WHOLE)
    if "meer_diensten" in group and len(used) > 1:
        for people in used.values():
            if people.value < fewest:
                yield Relation(people.terms, high=fewest - 1)


def _at_least(city: Group, location: Group, cities: str, slug: str) -> Iterator[Relation]:
    if slug in cities.split("+"):
        for name, part in location.items():
            if name.partition(".")[0] in (*ONCE, *AT_LEAST):
                yield from _no_more(part, city.get(name))


def _at_most(groups: Mapping[Key, Group]) -> Iterator[Relation]:
    for key, city in groups.items():
        singles = [groups.get(key._replace(scope=slug), {}) for slug in key.scope.split("+")]
        if len(singles) > 1:
            for name, whole in city.items():
                once = name.partition(".")[0] in ONCE
                if once and all(name in single for single in singles):
                    yield _sum([single[name] for single in singles], [whole])


def _longer(longer: Group, shorter: Group) -> Iterator[Relation]:
    for name, part in shorter.items():
        if name.partition(".")[0] == WHOLE:
            yield from _no_more(part, longer.get(name))


def _divided(group: Group, stem: str) -> dict[str, Count]:
    return {
        name.removeprefix(f"{stem}."): count
        for name, count in group.items()
        if name.startswith(f"{stem}.")
    }


def _no_more(part: Count, whole: Count | None) -> Iterator[Relation]:
    if whole is not None:
        yield _sum([whole], [part])


def _sum(plus: Sequence[Count], minus: Sequence[Count], high: float = float("inf")) -> Relation:
    """Relate two sums: the first is as much as the second or more, by `high` at most."""
    terms: dict = {}
    for sign, counts in ((1.0, plus), (-1.0, minus)):
        for count in counts:
            for cell, weight in count.terms.items():
                terms[cell] = terms.get(cell, 0.0) + sign * weight
    return Relation(terms, high=high)
