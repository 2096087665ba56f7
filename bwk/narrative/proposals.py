"""Proposals: which fact a claim may state, by its value and by what its sentence says of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bwk import facts
from bwk.facts import Fact, FactSheet, Label
from bwk.facts.derivations import Counted, Growth, Projection, Share
from bwk.facts.expressions import ABSENT, PARTICIPANTS, Each, People, Referrals, Visits
from bwk.narrative import directions, formulas, statements
from bwk.narrative.claims import Claim, holds
from bwk.narrative.labels import labels_of
from bwk.narrative.statements import AHEAD, BEFORE, NOW, WIDE, Context, Statement

_KINDS = {"aandeel": ("share",), "groei": ("share", "factor")}  # of a claim, by unit
_TOTALS: dict[type, str] = {People: "personen", Visits: "deelnames"}
_ROLE = r"\brol"
_AT = r"\b(?:aan|voor|bij|met|van|over|op) (?:de |het |onze |individuele )?(?:\w+e )?"
_SENT = r"verw[ie]\w+|stu+r|toegeleid|doorgestuurd|aangemeld|opschal|afschal"
_NOT = r"\b(?:buiten|niet|geen|andere?|anders|nauwelijks)\b[^,;#]{0,20}"
_DENIED = r"\bniet (?:\w+ )?"
WEAK = 0.1  # what speaks for a fact that agrees in all but has none of its words beside it
_TELLING = 20  # the smallest count that is told by its value alone


@dataclass(frozen=True)
class Proposal:
    """A fact, or a formula of facts, that a claim may state: its scope, name and score."""

    scope: str
    fact: str
    score: float


def propose(text: str, claim: Claim, sheets: Sequence[FactSheet], limit: int = 5) -> list[Proposal]:
    """Propose the facts that a claim may state, the likeliest first.

    Parameters
    ----------
    text : str
        Markdown source of the cell in which the claim was found.
    claim : Claim
    sheets : sequence of FactSheet
        The report's own first.
    limit : int
        How many at most.

    Returns
    -------
    list of Proposal
        Empty where no fact agrees in value and in what the sentence says.
    """
    if "€" in claim.text:
        return []
    words = statements.context(text, claim)
    said = statements.derive(text, claim, sheets[0])
    proposals = []
    for sheet, fact in _candidates(said, sheets):
        if fact.number is not None and holds(claim, fact.number):
            score = _score(claim, words, said, sheet, fact)
            proposals.append(Proposal(sheet.scope.slug, fact.name, score))
    for formula, score in formulas.proposed(claim, words, said, sheets):
        proposals.append(Proposal(formula.scope, formula.name, score))
    likely = [proposal for proposal in proposals if proposal.score > 0]
    likely.sort(key=lambda proposal: (-proposal.score, proposal.fact.count(".")))
    return likely[:limit]


def _candidates(said: Statement, sheets: Sequence[FactSheet]) -> Iterator[tuple[FactSheet, Fact]]:
    """Yield the facts of the location that the sentence is about, and its sheet."""
    own = sheets[0]
    for sheet in {sheet.scope.slug: sheet for sheet in sheets}.values():
        if sheet is not own and sheet.scope.slug not in (said.place, facts.CITY):
            continue
        for fact in sheet.values():
            _, keys = facts.parsed(fact.name)
            if keys.get(Each.LOCATION, sheet.scope.slug) == said.place:
                yield sheet, fact


def _score(claim: Claim, words: Context, said: Statement, sheet: FactSheet, fact: Fact) -> float:
    """Return how much speaks for a fact; zero where something speaks against it."""
    if claim.kind not in _KINDS.get(fact.unit, ("count",)) or not agrees(said, words, sheet, fact):
        return 0
    declaration, keys = facts.parsed(fact.name)
    subjects = [*statements.subjects(fact, sheet)]
    near = [_nearness(pattern, words) for pattern in subjects]
    pattern = _ROLE if keys.get(Each.ROLE) == PARTICIPANTS else declaration.words
    topic = _nearness(pattern, words) if pattern else 0.0
    if not topic and fact.unit == "groei" and pattern in WIDE:
        topic = float(claim.kind == "factor" or bool(said.direction))
    is_monthly = fact.unit == "per maand" and said.rate == "maand"
    is_counted = pattern in WIDE and said.unit == fact.unit
    if is_monthly or is_counted or isinstance(declaration.derivation, Projection):
        topic = topic or 1.0
    if isinstance(getattr(declaration.subject, "of", None), Referrals):
        topic = _nearness(_SENT, words)
    # Who names the service need not say that it is about visits.
    optional = Each.SERVICE in keys and type(declaration.derivation) is Counted
    if not all(near) or not (near or pattern):
        return 0
    if pattern and not (topic or optional):
        return WEAK if _is_told_by_value(claim, fact) else 0
    denied = _NOT if fact.unit == "aandeel" else _DENIED
    if pattern and re.search(f"{denied}(?:{pattern})", words.clause):
        return 0
    if any(re.search(f"{_DENIED}(?:{each})", words.clause) for each in subjects):
        return 0
    own = 0.3 if keys.get(Each.LOCATION) or said.place != facts.CITY else 0
    return 1 + sum(near) + topic + (0.5 if said.unit else 0) + own * (fact.unit == said.unit)


def _is_told_by_value(claim: Claim, fact: Fact) -> bool:
    exact = claim.high - claim.low <= 1 and fact.number == claim.value
    declaration, keys = facts.parsed(fact.name)
    return (
        exact and claim.value >= _TELLING and type(declaration.derivation) is Counted and not keys
    )


def agrees(said: Statement, words: Context, sheet: FactSheet, fact: Fact) -> bool:
    """Whether nothing that a sentence says of a number speaks against a fact."""
    return (
        not re.search(r"\b(?:geen|niet|nooit) #", words.clause)
        and _in_period(said, words, sheet, fact)
        and _in_unit(said, words, fact)
        and _about(said, words, sheet, fact)
        and (fact.unit != "groei" or _in_direction(said, fact))
    )


def _in_direction(said: Statement, fact: Fact) -> bool:
    """Whether a change is compared with the period before, and goes the way that is said."""
    if said.against not in ("", BEFORE):
        return False
    number = fact.number or 0
    denied = said.direction.startswith("niet")
    is_up = {directions.UP: True, directions.DOWN: False}.get(said.direction)
    return not denied and (is_up is None or is_up == (number > 0) or not number)


def _in_period(said: Statement, words: Context, sheet: FactSheet, fact: Fact) -> bool:
    declaration, keys = facts.parsed(fact.name)
    if keys.get(Each.HALF_YEAR, sheet.period.name) != sheet.period.name:
        return labels_of(fact.name, sheet)[Each.HALF_YEAR].name in words.sentence
    conditions = getattr(getattr(declaration.subject, "of", None), "conditions", ())
    if isinstance(declaration.derivation, Growth) or ABSENT in [each.kind for each in conditions]:
        return said.time in (NOW, BEFORE)  # it is about both periods
    if isinstance(declaration.derivation, Projection):
        return said.time == AHEAD
    return said.time == (BEFORE if declaration.is_past else NOW)


def _in_unit(said: Statement, words: Context, fact: Fact) -> bool:
    """Whether the noun after a claim, what it is a share of, and per what it is, fit a fact."""
    declaration, keys = facts.parsed(fact.name)
    derivation = declaration.derivation
    if isinstance(derivation, Share):
        total = _TOTALS.get(type(derivation.total.of), "rollen")
        return said.whole in ("", total) and not said.rate
    of: type = type(getattr(declaration.subject, "of", None))
    if fact.unit == "groei":
        return said.rate in ("", "maand") and said.unit in ("", _TOTALS.get(of), *keys.values())
    if (said.rate == "maand") != (fact.unit == "per maand") and (
        said.rate or not re.search("gemiddeld|maandelijks", words.sentence)
    ):
        return False
    if said.rate not in ("", "maand"):
        return False
    if isinstance(getattr(declaration.subject, "of", None), Referrals):
        return said.unit in ("", "verwijzingen", "personen") or "verw" in words.sentence
    if said.unit in keys.values():
        return Each.ROLE in keys
    counted = "deelnames" if fact.unit == "per maand" else fact.unit
    return said.unit in ("", counted)


def _about(said: Statement, words: Context, sheet: FactSheet, fact: Fact) -> bool:
    """Whether a fact is about all that the clause names as its subject."""
    declaration, keys = facts.parsed(fact.name)
    clause = words.clause
    of = getattr(declaration.subject, "of", None)
    if isinstance(of, Referrals):
        return of.direction == statements.sent(words.sentence, _partner(sheet, keys))
    services = [label for label in sheet.services if label.slug in said.subjects]
    if len(services) > 1 and Each.SERVICE in keys and Each.OTHER_SERVICE not in keys:
        stem = "|".join(statements.stems(label) for label in services)
        if re.search(rf"(?:{stem})\w* (?:en|plus) (?:\w+ )?(?:{stem})", clause):
            return False
    if not keys and any(re.search(_AT + statements.stems(label)[2:], clause) for label in services):
        return False
    homes = {label.slug for label in sheet.neighbourhoods} & {*said.subjects}
    if homes and re.search(r"\buit\b|\bwo+n", clause) and Each.HOME not in keys:
        return fact.unit in ("aandeel", "groei")
    narrow = any(
        re.search(declared.words, said.quality)
        for declared in facts.DECLARED
        if said.quality and declared.words not in ("", *WIDE)
    )
    return not narrow or is_quality_of(said.quality, fact.name)


def _partner(sheet: FactSheet, keys: Mapping[Each, str]) -> Label:
    return next(label for label in sheet.partners if label.slug == keys[Each.PARTNER])


def is_quality_of(quality: str, fact: str) -> bool:
    """Whether an adjective is one of the words of a fact."""
    declaration, _ = facts.parsed(fact)
    return bool(declaration.words and re.search(declaration.words, quality))


def _nearness(pattern: str, words: Context) -> float:
    """Return how near a word stands: up to 2 in the sentence, less above it, 0 where nowhere."""
    before = re.finditer(pattern, words.before)
    after = re.finditer(pattern, words.after)
    distances = [len(words.before) - word.end() for word in before]
    distances += [word.start() + 9 for word in after]
    if distances:
        return 1 + 1 / (1 + min(distances) / 30)
    if re.search(pattern, words.above):
        return 0.75
    return 0.5 if re.search(pattern, words.heading) else 0
