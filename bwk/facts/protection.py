"""One decision on what is held back, for everything that a period publishes, and its proof."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bwk import disclosure, periods
from bwk.disclosure import Number
from bwk.errors import DataError, UsageError
from bwk.facts import relations
from bwk.facts.counts import Count, Key
from bwk.facts.drafts import Draft
from bwk.facts.sheet import CITY
from bwk.periods import Period

if TYPE_CHECKING:
    from bwk.facts.survey import Survey

FILE = "feiten.json"
TOTALS = ("deelnemers", "deelnames", "rollen")


@dataclass(frozen=True)
class Published:
    """What another period in the same output folder has published.

    Attributes
    ----------
    period, baseline : Period
    facts : mapping of scope to mapping of fact to value
        None where it is held back.
    """

    period: Period
    baseline: Period
    facts: Mapping[str, Mapping[str, Any]]


def read_published(output: Path, period: Period) -> list[Published]:
    """Read the facts of the other periods in an output folder.

    Raises
    ------
    DataError
        If a `feiten.json` cannot be read.
    """
    found = []
    for path in sorted(output.glob(f"*/{FILE}")):
        if path.parent.name == period.slug:
            continue
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            facts = {
                scope: {
                    name: fact["waarde"]
                    for name, fact in sheet.items()
                    if fact["achtergehouden"] or fact["waarde"] is not None
                }
                for scope, sheet in content["feiten"].items()
            }
            ends = (periods.parse(content[name]) for name in ("periode", "basisperiode"))
            found.append(Published(*ends, facts))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, UsageError):
            raise DataError(
                f"{path.parent.name}/{FILE} in de uitvoermap is niet te lezen: zet het bestand "
                "terug, of maak die periode opnieuw met bwk run."
            ) from None
    return found


def withheld(
    survey: "Survey", drafted: Mapping[str, Sequence[Draft]], others: Sequence[Published]
) -> frozenset[Key]:
    """Decide which counts are held back, and prove that they cannot be worked out.

    Raises
    ------
    DataError
        If the proof fails: then nothing may be published.
    """
    used = {part for sheet in drafted.values() for draft in sheet for part in draft.parts}
    decided = dict(_decided(survey, others))
    numbers = [
        _number(count, decided.get(key))
        for key, count in survey.counted.items()
        if key in used or key in decided
    ]
    counts = [survey.counted[number.name] for number in numbers]
    known = list(relations.between(counts, survey.fewest_for_sharing))
    threshold = survey.programme.threshold
    held = disclosure.protect(numbers, known, threshold)
    if exposed := disclosure.audit(numbers, held, known, threshold):
        names = ", ".join(sorted({f"{key.scope}: {key.name}" for key, *_ in exposed}))
        raise DataError(
            f"Deze cijfers zijn niet te beschermen, dus er wordt niets gepubliceerd: {names}."
        )
    return held


def _number(count: Count, fixed: str | None) -> Number:
    dear = 100.0 if count.key.name in TOTALS else 1.0
    return Number(
        name=count.key,
        value=count.value,
        terms=count.terms,
        people=(count.people,),
        fixed=fixed,
        weight=dear * (1 + count.value),
    )


def _decided(survey: "Survey", others: Sequence[Published]) -> Iterator[tuple[Key, str]]:
    """Yield what other periods published or held back, where the data still say the same."""
    for other in others:
        for slug, facts in other.facts.items():
            locations = [x for x in other.facts if x != CITY] if slug == CITY else [slug]
            scope = survey.scope(slug, locations)
            for interval, suffix in ((other.period, ""), (other.baseline, "_basis")):
                stretch = dict(survey.visits(scope, interval).counts)
                if not suffix:
                    stretch |= survey.referrals(scope, interval).counts
                for name, count in stretch.items():
                    stem, dot, key = name.partition(".")
                    fact = stem + suffix + dot + key
                    if fact in facts and facts[fact] in (None, count.value):
                        yield count.key, "withheld" if facts[fact] is None else "published"
