"""What a definitive edition corrects in the one before, and in later periods."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from bwk import facts, formats, outputs, periods
from bwk.errors import UsageError
from bwk.facts.derivations import Growth, GrowthPerMonth
from bwk.facts.expressions import Each, When
from bwk.narrative import signoffs
from bwk.outputs import EDITION, Version
from bwk.review import changes, state

Place = tuple[str, str]  # of a fact: its scope and name


def page(
    target: Path,
    notebooks: Path,
    frozen: Version,
    current: Version,
    number: int,
    reason: str,
    day: date,
) -> str:
    """Return the page that says what an edition corrects in the one before."""
    editions = f"{EDITION} {number} anders is dan in {EDITION} {number - 1}"
    return changes.render(
        frozen,
        current,
        title=f"Errata: de verslagen over de {periods.parse(current.period).label}",
        subtitle=f"Wat in {editions}. {formats.day(day)}.",
        reason=reason,
        later=list(_later(target, notebooks, frozen, current)),
    )


def _later(
    target: Path, notebooks: Path, frozen: Version, current: Version
) -> Iterator[tuple[str, list[list[str]], list[str]]]:
    """Yield the later periods that tell a number that changed: label, numbers, sentences."""
    changed = changes.numbers(frozen.facts, current.facts)
    corrected = {(number.scope, number.fact): number.after for number in changed}
    end = periods.parse(current.period).last
    for folder in outputs.period_folders(target.parent):
        if folder == target:
            continue
        later = state.read(folder)
        period = periods.parse(later.period)
        outdated = _outdated(later, current.period, corrected) if period.first > end else {}
        if outdated:
            rows = [
                [fact, changes.title_of(scope, later, current), later.facts[scope][fact].text, text]
                for (scope, fact), text in outdated.items()
            ]
            yield period.label, rows, list(_sentences(notebooks / period.folder, outdated))


def _outdated(later: Version, period: str, corrected: Mapping[Place, str]) -> dict[Place, str]:
    """Return what the facts of a later period should say that repeat a corrected fact of this."""
    outdated = {}
    for scope, sheet in later.facts.items():
        for name, fact in sheet.items():
            origin = _origin(name, period, later)
            text = corrected.get((scope, origin), fact.text)
            if text != fact.text:
                outdated[scope, name] = text
    return outdated


def _origin(fact: str, period: str, later: Version) -> str:
    """Return which fact of a period a fact of a later period repeats; empty where none."""
    try:
        declaration, keys = facts.parsed(fact)
    except UsageError:  # a fact that only an earlier version of bwk had
        return ""
    if keys.get(Each.HALF_YEAR) == period:
        return fact
    intervals = {
        When.BASELINE: later.baseline,
        When.YEAR_BEFORE: periods.parse(later.period).year_before().name,
    }
    if declaration.subject and intervals.get(declaration.subject.when) == period:
        return facts.kin(fact, type(declaration.derivation), when=When.PERIOD)
    return ""


def _sentences(folder: Path, outdated: Iterable[Place]) -> Iterator[str]:
    """Yield the words around each number that was confirmed as one of some facts, or its growth."""
    growths = {(scope, facts.kin(fact, Growth, GrowthPerMonth)) for scope, fact in outdated}
    for path in sorted(folder.glob(f"*{signoffs.SUFFIX}")):
        for signoff in signoffs.read(path):
            if {*signoff.facts} & {*outdated, *growths}:
                words = f"… {signoff.before} {signoff.text} {signoff.after} …"
                yield f"{path.name.removesuffix(signoffs.SUFFIX)}: {words}"
