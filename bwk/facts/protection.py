"""One decision on what is held back, for everything that a period publishes, and its proof."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, cast

from bwk import disclosure
from bwk.disclosure import Number, Relation
from bwk.errors import DataError
from bwk.facts.declared import parsed
from bwk.facts.derivations import Counted, Draft, PerMonth
from bwk.facts.expressions import Count
from bwk.facts.published import Published
from bwk.facts.relations import Relations
from bwk.facts.sheet import CITY, FactSheet
from bwk.facts.survey import Glance, Survey, intervals_of

Drafts = Mapping[str, Mapping[str, Draft]]  # by scope and the name of the fact
Fixed = Literal["published", "withheld"]


def withheld(survey: Survey, drafts: Drafts, others: Sequence[Published]) -> frozenset[Count]:
    """Decide which counts are held back.

    Raises
    ------
    DataError
        If what other periods have published gives a number away.
    """
    decided = dict(_decided(survey, others))
    used = {
        count for sheet in drafts.values() for draft in sheet.values() for count in draft.counts
    }
    counts = [count for count in survey.counted if count in used or count in decided]
    numbers, known = _known(survey, counts, decided)
    held = disclosure.protect(numbers, known, survey.programme.threshold)
    return cast(frozenset[Count], held)


def prove(
    survey: Survey,
    drafts: Drafts,
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
    told = {count for count, fixed in decided.items() if fixed == "published"}
    held = set(decided) - told
    for scope, sheet in drafts.items():
        for name, draft in sheet.items():
            if not sheets[scope][name].withheld:
                told.update(draft.counts)
            elif draft.is_count:
                held.update(draft.counts)
    held -= told
    known_counts = [count for count in survey.counted if count in told or count in held]
    numbers, known = _known(survey, known_counts, decided)
    if exposed := disclosure.audit(numbers, held, known, survey.programme.threshold):
        names = _names({cast(Count, exposure.name) for exposure in exposed}, drafts)
        raise DataError(
            f"Deze cijfers zijn niet te beschermen, dus er wordt niets gepubliceerd: {names}."
        )


def _names(counts: set[Count], drafts: Drafts) -> str:
    """Name the facts that show some counts, with their scope."""
    names = [
        f"{scope}: {name}"
        for scope, sheet in drafts.items()
        for name, draft in sheet.items()
        if draft.is_count and counts & {*draft.counts}
    ]
    return ", ".join(sorted(names)) or "een deel van een aandeel of een som"


def _known(
    survey: Survey, counts: Iterable[Count], decided: Mapping[Count, Fixed]
) -> tuple[list[Number], list[Relation]]:
    """Return counts as the disclosure rule knows them, and what any reader knows of them."""
    counted = {count: survey.counted[count] for count in counts}
    numbers = [
        Number(
            name=count,
            value=counting.value,
            terms=counting.cells,
            people=counting.people,
            fixed=decided.get(count),
            weight=(100.0 if count.is_total else 1.0) * (1 + counting.value),
        )
        for count, counting in counted.items()
    ]
    return numbers, list(Relations(counted, survey.vocabulary, survey.fewest_for_sharing))


def _decided(survey: Survey, others: Sequence[Published]) -> Iterator[tuple[Count, Fixed]]:
    """Yield what other periods published or held back, where the data still say the same."""
    for published in others:
        intervals = intervals_of(published.period, published.baseline)
        locations = tuple(location for location in published.facts if location != CITY)
        for scope, facts in published.facts.items():
            where = locations if scope == CITY else (scope,)
            for name, value in facts.items():
                declaration, keys = parsed(name)
                glance = Glance(survey, scope, keys, where, intervals)
                if isinstance(declaration.derivation, Counted | PerMonth) and glance.is_known:
                    draft = declaration.derivation.draft(glance)
                    if value in (None, draft.value):
                        fixed: Fixed = "withheld" if value is None else "published"
                        yield from ((count, fixed) for count in draft.counts)
