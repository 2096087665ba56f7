"""One decision on what is held back, for everything that a period publishes, and its proof."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, cast

from bwk import disclosure
from bwk.disclosure import Number, Relation
from bwk.errors import DataError
from bwk.facts import relations
from bwk.facts.counts import Count, Key, Scope
from bwk.facts.drafts import DECIMALS, Draft
from bwk.facts.published import Published
from bwk.facts.sheet import CITY, FactSheet
from bwk.facts.survey import Survey

TOTALS = ("deelnemers", "deelnames", "rollen")
Fixed = Literal["published", "withheld"]


def withheld(
    survey: Survey, drafted: Mapping[str, Sequence[Draft]], others: Sequence[Published]
) -> frozenset[Key]:
    """Decide which counts are held back.

    Raises
    ------
    DataError
        If what other periods have published gives a number away.
    """
    used = {part for sheet in drafted.values() for draft in sheet for part in draft.parts}
    decided = dict(_decided(survey, others))
    keys = [key for key in survey.counted if key in used or key in decided]
    numbers, known = _known(survey, keys, decided)
    return cast(frozenset[Key], disclosure.protect(numbers, known, survey.programme.threshold))


def prove(
    survey: Survey,
    drafted: Mapping[str, Sequence[Draft]],
    sheets: Mapping[str, FactSheet],
    others: Sequence[Published],
) -> None:
    """Prove of the facts as they are published that nothing held back can be worked out.

    The proof knows nothing of how it was decided what to hold back. Whoever reads a share or a
    growth is taken to know both counts behind it, which is more than its rounding tells.

    Raises
    ------
    DataError
        If the proof fails: then nothing may be published.
    """
    decided = dict(_decided(survey, others))
    told = {key for key, fixed in decided.items() if fixed == "published"}
    held = set(decided) - told
    for slug, drafts in drafted.items():
        for draft in drafts:
            if not sheets[slug][draft.name].withheld:
                told.update(draft.parts)
            elif draft.is_count:
                held.update(draft.parts)
    held -= told
    numbers, known = _known(survey, (*told, *held), decided)
    if exposed := disclosure.audit(numbers, held, known, survey.programme.threshold):
        keys = [cast(Key, exposure.name) for exposure in exposed]
        names = ", ".join(sorted({f"{key.scope}: {key.name}" for key in keys}))
        raise DataError(
            f"Deze cijfers zijn niet te beschermen, dus er wordt niets gepubliceerd: {names}."
        )


def _known(
    survey: Survey, keys: Iterable[Key], decided: Mapping[Key, Fixed]
) -> tuple[list[Number], list[Relation]]:
    """Return counts as the disclosure rule knows them, and what any reader knows of them."""
    counts = [survey.counted[key] for key in keys]
    numbers = [
        Number(
            name=count.key,
            value=count.value,
            terms=count.terms,
            people=count.people,
            fixed=decided.get(count.key),
            weight=(100.0 if count.key.name in TOTALS else 1.0) * (1 + count.value),
        )
        for count in counts
    ]
    return numbers, list(relations.between(counts, survey.fewest_for_sharing))


def _decided(survey: Survey, others: Sequence[Published]) -> Iterator[tuple[Key, Fixed]]:
    """Yield what other periods published or held back, where the data still say the same."""
    for other in others:
        for slug, facts in other.facts.items():
            locations = [x for x in other.facts if x != CITY] if slug == CITY else [slug]
            scope = survey.scope(slug, locations)
            for fact, count, value in _retold(survey, scope, other):
                if fact in facts and facts[fact] in (None, value):
                    yield count.key, "withheld" if facts[fact] is None else "published"


def _retold(
    survey: Survey, scope: Scope, other: Published
) -> Iterator[tuple[str, Count, int | float]]:
    """Yield the facts of another period that add up to those of this one: name, count, value."""
    suffixes = ("", "_basis", "_jaar_ervoor")
    for interval, suffix in zip(other.intervals, suffixes, strict=False):
        found = dict(survey.visits(scope, interval).counts)
        if not suffix:
            found |= survey.referrals(scope, interval).counts
        for name, count in found.items():
            stem, dot, key = name.partition(".")
            yield stem + suffix + dot + key, count, count.value
    for half_year in other.half_years:
        stretch = survey.domains(scope, half_year)
        for name, count in stretch.counts.items():
            stem, _, domain = name.partition(".")
            if stem == "leefgebied" and stretch.months:
                fact = f"barometer_per_maand.{domain}.{half_year}"
                yield fact, count, round(count.value / stretch.months, DECIMALS)
