"""Formulas: what no single fact holds, worked out from facts: sums, differences, parts, averages.

A formula is written as `top:deelnames.taal + top:deelnames.werk`: terms, each a scope and a fact,
that are added up or subtracted, and perhaps divided by a term or by a number. It is worked out anew
each time, from facts that may be shown alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, product

from bwk.facts import Fact, show
from bwk.facts.expressions import Each
from bwk.formats import plain
from bwk.narrative import directions, statements
from bwk.narrative.candidates import Candidate, Sheets, counts, own_sheet
from bwk.narrative.claims import Claim, holds
from bwk.narrative.statements import BEFORE, Context, Statement
from bwk.narrative.wording import said

Scored = Iterator[tuple[str, float]]  # formulas, and how much speaks for each
_ASKED, _POSSIBLE = 6.0, 0.9  # the score where the words ask for it, and where they allow it
_PER_WEEK = 7
_LONGEST = 6  # terms of a sum


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
    return re.findall(r"([\w-]+):(\S+)", name)


def fact_of(scope: str, name: str, sheets: Sheets) -> Fact | None:
    """Return a fact, or what a formula comes to; None where a part of it is not there."""
    if not is_formula(name):
        return sheets[scope].facts.get(name) if scope in sheets else None
    parts = [fact_of(place, each, sheets) for place, each in terms(name)]
    present = [part for part in parts if part and part.number is not None]
    if len(present) < len(parts):
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
    signs = ["+", *above.split()[1::2]]
    value = sum(
        -number if sign == "-" else number for sign, number in zip(signs, numbers, strict=False)
    )
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
        term = Candidate(sheets[scope][fact], sheets[scope])
        about = f"{term.fact.text} ({term.called}, {term.sheet.scope.name})"
        words = words.replace(term.term, about, 1)
    return f"Uitgerekend: {words.replace(' - ', ' − ').replace(' / ', ' gedeeld door ')}."


def proposed(claim: Claim, words: Context, statement: Statement, sheets: Sheets) -> Scored:
    """Yield the formulas that a claim may state, with the score of each."""
    if claim.kind == "factor":
        return
    is_share = claim.kind == "share"
    tried = (
        *_sums(is_share, words, statement, sheets),
        *(_parts(words, statement, sheets) if is_share else _differences(statement, sheets)),
        *_averages(words, statement, sheets),
    )
    for name, score in tried:
        fact = fact_of("", name, sheets)
        # A difference is written so that it is no less than nothing.
        number = (fact.number if fact else None) or 0
        if fact and number > 0 and is_share == (fact.unit == "aandeel") and holds(claim, number):
            yield name, score


def _counts(statement: Statement, sheets: Sheets, unit: str = "") -> list[Candidate]:
    """Return the counts of the place that is meant, of a unit where that is said."""
    sheet = sheets.get(statement.place, own_sheet(sheets))
    return [fact for fact in counts(sheet) if unit in ("", fact.unit)]


def _sums(is_share: bool, words: Context, statement: Statement, sheets: Sheets) -> Scored:
    """Yield sums over the services, neighbourhoods or places that the sentence names together."""
    if not said("together").search(words.sentence):
        return
    report = own_sheet(sheets)
    slugs = {*statements.named(words.sentence, report)}
    unit = (statement.whole if is_share else "") or statement.unit
    together = defaultdict[str, list[Candidate]](list)
    for fact in _counts(statement, sheets, unit):
        if len(fact.keys) == 1 and {*fact.keys.values()} <= slugs:
            together[fact.declaration.name].append(fact)
    for parts in together.values():
        total = parts[0].declaration.total
        below = f" / {parts[0].sheet.scope.slug}:{total}" if is_share else ""
        for added in _added(parts) if total or not is_share else ():
            yield added + below, _ASKED
    named = [label for label in report.locations if plain(label.name) in words.sentence]
    places = [label.slug for label in named]
    if len(places) > 1 and {*places} <= {*sheets}:
        for fact in _counts(Statement(place=places[0]), sheets, unit):
            if not fact.keys:
                yield " + ".join(f"{place}:{fact.name}" for place in places), _ASKED


def _added(parts: Sequence[Candidate]) -> Iterator[str]:
    """Yield the sums of some of these parts, those of most of them at first."""
    for size in range(min(len(parts), _LONGEST), 1, -1):
        for chosen in combinations(parts[:_LONGEST], size):
            yield " + ".join(part.term for part in chosen)


def _differences(statement: Statement, sheets: Sheets) -> Scored:
    """Yield differences with what the sentence compares with: before, or elsewhere."""
    if statement.direction not in (directions.UP, directions.DOWN):
        return
    report = own_sheet(sheets)
    divided = {label.slug for label in (*report.services, *report.neighbourhoods)}
    against = statement.against or (BEFORE if statement.time == BEFORE else "")
    for fact in _counts(statement, sheets, statement.unit):
        keys = {*fact.keys.values()}
        counterpart = fact.before if against == BEFORE else fact.fact
        scope = fact.sheet.scope.slug if against == BEFORE else against
        if (
            counterpart
            and scope in sheets
            and fact.is_about({*statement.subjects} & (divided | keys))
        ):
            pair = [fact.term, f"{scope}:{counterpart.name}"]
            if statement.direction == directions.DOWN:
                pair.reverse()
            yield " - ".join(pair), _ASKED


def _averages(words: Context, statement: Statement, sheets: Sheets) -> Scored:
    """Yield counts per week, and visits per person."""
    if statement.rate == "week":
        period = own_sheet(sheets).period
        weeks = ((period.last - period.first).days + 1) / _PER_WEEK
        for fact in _counts(statement, sheets, statement.unit):
            if fact.is_about(statement.subjects):
                yield f"{fact.term} / {weeks:.2f}", _ASKED
    is_asked = said("average").search(words.sentence) and statement.unit in ("", "deelnames")
    if is_asked and statement.rate in ("", "deelnemer", "persoon"):
        visits, people = (_totals(statement, sheets, unit) for unit in ("deelnames", "personen"))
        for visit, person in product(visits, people):
            yield f"{visit} / {person}", _ASKED


def _totals(statement: Statement, sheets: Sheets, unit: str) -> list[str]:
    return [fact.term for fact in _counts(statement, sheets, unit) if fact.is_total]


def _parts(words: Context, statement: Statement, sheets: Sheets) -> Scored:
    """Yield counts as a part of all that is counted in the same unit: `vier op de tien`."""
    if statement.rate or statement.direction or statement.whole not in ("personen", "deelnames"):
        return
    for fact in _counts(statement, sheets, statement.whole):
        topic, topical = fact.declaration.words, bool(fact.keys)
        if topic not in ("", *statements.WIDE):
            topical = bool(re.search(topic, words.sentence))
        if topical and fact.is_about(statement.subjects) and Each.ROLE not in fact.keys:
            for total in _totals(statement, sheets, statement.whole):
                yield f"{fact.term} / {total}", _POSSIBLE
