"""What an output checker asks of the facts of a period: why what is held back, and how well.

It stays with the organisation, and tells no value that is held back: ranges are at least as wide
as the threshold.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from bwk.disclosure import Range
from bwk.facts.derivations import Drafts
from bwk.facts.expressions import Count, People, When
from bwk.facts.sheet import Held
from bwk.facts.survey import Survey


def held_back(
    drafts: Drafts, ranges: Mapping[Count, Range], reasons: Mapping[Count, str]
) -> Iterator[Held]:
    """Yield the counts that are held back, as the facts that would show them."""
    for scope, sheet in drafts.items():
        for fact, draft in sheet.items():
            if draft.is_count and draft.counts[0] in ranges:
                count = draft.counts[0]
                low, high = ranges[count]
                yield Held(scope, fact, reasons.get(count, ""), int(low), int(high))


def warnings(survey: Survey, drafts: Drafts) -> Iterator[str]:
    """Yield what threshold and proof do not look at, and a person must."""
    yield from _whole_groups(survey, drafts)
    yield from _dominated(survey)


def _whole_groups(survey: Survey, drafts: Drafts) -> Iterator[str]:
    """Yield groups of which everybody, or nobody, has something: who is known to be in it."""
    for scope, sheet in drafts.items():
        for fact, draft in sheet.items():
            if len(draft.counts) < 2 or not all(isinstance(c.of, People) for c in draft.counts):
                continue
            part, group = (survey.count(count).value for count in draft.counts[:2])
            same_time = draft.counts[0].when == draft.counts[1].when
            if same_time and group and part in (0, group):
                who = "niemand" if part == 0 else "iedereen"
                yield f"{scope}: {fact} geldt voor {who}. Wie meedeed, is daaraan te kennen."


def _dominated(survey: Survey) -> Iterator[str]:
    """Yield services at which one person has more than half of the visits."""
    rows = survey.data.participations
    first, last = survey.intervals[When.PERIOD]
    rows = rows[rows["datum"].between(pd.Timestamp(first), pd.Timestamp(last))]
    days = (last - first).days + 1  # nobody has more visits at a service
    at_service = rows.groupby(["locatie", "dienst"], observed=True)["aantal"].sum()
    for place, visits in zip(at_service.index.tolist(), at_service, strict=True):
        location, service = place
        if location not in survey.places or not survey.programme.threshold <= visits <= 2 * days:
            continue
        own = rows[(rows["locatie"] == location) & (rows["dienst"] == service)]
        if 2 * own["deelnemer"].value_counts().max() > visits:
            yield (
                f"{location}: meer dan de helft van de deelnames bij {service} is van één mens. "
                "Weeg of dat getal wel in het verslag moet."
            )
