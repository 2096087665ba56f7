"""Formulas: what no single fact holds, worked out from facts: sums, differences, parts, averages.

A formula is written as `top:deelnames.taal + top:deelnames.werk`: terms, each a scope and a fact,
that are added up or subtracted, and perhaps divided by a term or by a number. It is worked out anew
each time, from facts that may be shown alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from bwk import facts
from bwk.facts import Fact, FactSheet, show
from bwk.facts.derivations import Counted
from bwk.facts.expressions import Each, When
from bwk.narrative import directions, statements
from bwk.narrative.claims import Claim, holds
from bwk.narrative.labels import labels_of
from bwk.narrative.statements import BEFORE, Context, Statement

Sheets = Mapping[str, FactSheet]
Pair = tuple[Fact, FactSheet]
_TOGETHER = r"\b(?:samen|bij elkaar|opgeteld|in totaal|tezamen)\b"
_AVERAGE = r"\bgemiddeld\w*|\bper (?:deelnemer|persoon|mens)\b"
_ASKED, _POSSIBLE = 6.0, 0.9  # the score where the words ask for it, and where they allow it
_PER_WEEK = 7


@dataclass(frozen=True)
class Formula:
    """A formula in a report: the scope is that of its first term."""

    scope: str
    name: str


def is_formula(name: str) -> bool:
    """Tell a formula from the name of a fact.

    >>> is_formula("top:deelnames - top:deelnames.taal"), is_formula("deelnames.taal")
    (True, False)
    """
    return ":" in name


def terms(name: str) -> list[tuple[str, str]]:
    """Return the scope and the name of each fact in a formula.

    >>> terms("top:deelnames - top:deelnames.taal")
    [('top', 'deelnames'), ('top', 'deelnames.taal')]
    """
    return [(scope, fact) for scope, fact in re.findall(r"([\w-]+):(\S+)", name)]


def fact_of(scope: str, name: str, sheets: Sheets) -> Fact | None:
    """Return a fact, or what a formula comes to; None where a part of it is not there."""
    if not is_formula(name):
        return sheets[scope].facts.get(name) if scope in sheets else None
    parts = [fact_of(place, each, sheets) for place, each in terms(name)]
    present = [part for part in parts if part and part.number is not None]
    if len(present) < len(parts) or not present:
        return None
    value, unit = _value(name, present)
    if value is None:
        return None
    sources = tuple(dict.fromkeys(source for part in present for source in part.sources))
    return Fact(name, value, show(value, unit), unit, _definition(name, sheets), sources)


def _value(name: str, parts: Sequence[Fact]) -> tuple[float | None, str]:
    """Work out a formula, from left to right, and return the unit of what it comes to."""
    numbers = iter(part.number or 0.0 for part in parts)
    above, _, below = name.partition(" / ")
    value = 0.0
    for sign in re.findall(r"(?:^|(?<= ))([+-]?) ?[\w-]+:\S+", above):
        value += -next(numbers) if sign == "-" else next(numbers)
    if not below:
        return value, parts[0].unit
    divisor = next(numbers) if is_formula(below) else float(below)
    is_part = is_formula(below) and parts[-1].unit == parts[0].unit
    unit = "aandeel" if is_part else "per maand"
    return (round(value / divisor, 4) if divisor else None), unit


def _definition(name: str, sheets: Sheets) -> str:
    """Say in Dutch what is worked out, with the names and the numbers of its parts."""
    words = name
    for scope, fact in terms(name):
        sheet = sheets[scope]
        declaration, _ = facts.parsed(fact)
        called = [label.name for label in labels_of(fact, sheet).values()]
        kind = declaration.segments[0].replace("_", " ")
        about = ", ".join([kind, *called, sheet.scope.name])
        words = words.replace(f"{scope}:{fact}", f"{sheet[fact].text} ({about})", 1)
    return f"Uitgerekend: {words.replace(' - ', ' − ').replace(' / ', ' gedeeld door ')}."


def proposed(
    claim: Claim, words: Context, said: Statement, sheets: Sequence[FactSheet]
) -> Iterator[tuple[Formula, float]]:
    """Yield the formulas that a claim may state, with the score of each."""
    by_scope = {sheet.scope.slug: sheet for sheet in sheets}
    tried = (
        *_sums(claim, words, said, by_scope),
        *_differences(claim, said, by_scope),
        *_averages(words, said, by_scope),
        *_parts(claim, words, said, by_scope),
    )
    for name, score in tried:
        fact = fact_of("", name, by_scope)
        # A difference is written so that it is no less than nothing.
        value = fact.number if fact else None
        if fact and value and value > 0 and _fits(claim, fact) and holds(claim, value):
            yield Formula(terms(name)[0][0], name), score


def _fits(claim: Claim, fact: Fact) -> bool:
    return (claim.kind == "share") == (fact.unit == "aandeel") and claim.kind != "factor"


def _counts(said: Statement, sheets: Sheets, scope: str) -> Iterator[Pair]:
    """Yield the counts of this period of a scope, of the unit that is said."""
    sheet = sheets.get(scope)
    for fact in sheet.values() if sheet else ():
        derivation = facts.parsed(fact.name)[0].derivation
        is_count = type(derivation) is Counted and derivation.count.when is When.PERIOD
        if is_count and fact.number is not None and said.unit in ("", fact.unit) and sheet:
            yield fact, sheet


def _scope(said: Statement, sheets: Sheets) -> str:
    return said.place if said.place in sheets else next(iter(sheets))


def _term(pair: Pair) -> str:
    fact, sheet = pair
    return f"{sheet.scope.slug}:{fact.name}"


def _sums(
    claim: Claim, words: Context, said: Statement, sheets: Sheets
) -> Iterator[tuple[str, float]]:
    """Yield sums over the services, neighbourhoods or places that the sentence names together."""
    own = next(iter(sheets.values()))
    if not re.search(_TOGETHER, words.sentence):
        return
    slugs = statements.named(words.sentence, own)
    by_kind: dict[str, list[Pair]] = {}
    unit = said.whole or said.unit if claim.kind == "share" else said.unit
    counted = Statement(unit=unit)
    place = _scope(said, sheets)
    for fact, sheet in _counts(counted, sheets, place):
        declaration, keys = facts.parsed(fact.name)
        if len(keys) == 1 and {*keys.values()} <= {*slugs}:
            by_kind.setdefault(declaration.name, []).append((fact, sheet))
    for pairs in by_kind.values():
        if len(pairs) > 1:
            yield from _added(pairs, claim)
    names = {label.slug: statements.plain(label.name) for label in own.locations}
    places = [slug for slug, name in names.items() if name in words.sentence]
    if len(places) > 1:
        for fact, _ in _counts(counted, sheets, places[0]):
            if not facts.parsed(fact.name)[1] and all(each in sheets for each in places):
                terms_of = [f"{each}:{fact.name}" for each in places]
                yield " + ".join(terms_of), _ASKED


def _added(pairs: Sequence[Pair], claim: Claim) -> Iterator[tuple[str, float]]:
    total = facts.parsed(pairs[0][0].name)[0].total
    for size in range(len(pairs), 1, -1):
        for chosen in combinations(pairs[:6], min(size, 6)):
            added = " + ".join(map(_term, chosen))
            if claim.kind == "count":
                yield added, _ASKED
            elif total:
                yield f"{added} / {chosen[0][1].scope.slug}:{total}", _ASKED


def _differences(claim: Claim, said: Statement, sheets: Sheets) -> Iterator[tuple[str, float]]:
    """Yield differences with what the sentence compares with: before, or elsewhere."""
    way = said.direction
    if way not in (directions.UP, directions.DOWN) or claim.kind != "count":
        return
    own = next(iter(sheets.values()))
    scope = _scope(said, sheets)
    against = said.against or (BEFORE if said.time == BEFORE else "")
    for fact, _ in _counts(said, sheets, scope):
        _, keys = facts.parsed(fact.name)
        if {*keys.values()} != {*said.subjects} & {*keys.values(), *_slugs(own)}:
            continue
        other = ""
        if against == BEFORE:
            base = facts.kin(fact.name, Counted, when=When.BASELINE)
            other = f"{scope}:{base}" if base else ""
        elif against in sheets:
            other = f"{against}:{fact.name}"
        if other:
            mine = f"{scope}:{fact.name}"
            pair = (mine, other) if way == directions.UP else (other, mine)
            yield " - ".join(pair), _ASKED


def _slugs(own: FactSheet) -> list[str]:
    return [label.slug for label in (*own.services, *own.neighbourhoods)]


def _averages(words: Context, said: Statement, sheets: Sheets) -> Iterator[tuple[str, float]]:
    """Yield counts per week, and visits per person."""
    own = next(iter(sheets.values()))
    scope = _scope(said, sheets)
    if said.rate == "week":
        weeks = ((own.period.last - own.period.first).days + 1) / _PER_WEEK
        for fact, _ in _counts(said, sheets, scope):
            keys = facts.parsed(fact.name)[1]
            if {*keys.values()} == {*said.subjects}:
                yield f"{scope}:{fact.name} / {weeks:.2f}", _ASKED
    elif re.search(_AVERAGE, words.sentence) and said.rate in ("", "deelnemer", "persoon"):
        totals = [pair for pair in _counts(Statement(), sheets, scope) if _is_total(pair[0])]
        people = [pair for pair in totals if pair[0].unit == "personen"]
        visits = [pair for pair in totals if pair[0].unit == "deelnames"]
        for person in people if said.unit in ("", "deelnames") else ():
            yield from ((f"{_term(visit)} / {_term(person)}", _ASKED) for visit in visits)


def _is_total(fact: Fact) -> bool:
    return any(declared.total == fact.name for declared in facts.DECLARED)


def _parts(
    claim: Claim, words: Context, said: Statement, sheets: Sheets
) -> Iterator[tuple[str, float]]:
    """Yield counts as a part of all that is counted in the same unit: `vier op de tien`."""
    if claim.kind != "share" or said.rate or said.whole not in ("personen", "deelnames"):
        return
    if said.direction:
        return
    scope = _scope(said, sheets)
    counts = [*_counts(Statement(unit=said.whole), sheets, scope)]
    totals = [pair for pair in counts if _is_total(pair[0])]
    for fact, sheet in counts:
        declaration, keys = facts.parsed(fact.name)
        is_named = {*keys.values()} == {*said.subjects} and Each.ROLE not in keys
        is_narrow = declaration.words not in ("", *statements.WIDE)
        topical = bool(re.search(declaration.words, words.sentence)) if is_narrow else bool(keys)
        if is_named and topical:
            yield from ((f"{_term((fact, sheet))} / {_term(total)}", _POSSIBLE) for total in totals)
