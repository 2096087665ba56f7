"""Proposals: which fact a claim may state, by its value and by what its sentence says of it."""

import re
from dataclasses import dataclass

from bwk import facts
from bwk.facts import Fact, FactSheet
from bwk.facts.derivations import Growth, Projection, Share
from bwk.facts.expressions import ABSENT, HOLDS, PARTICIPANTS, Each, People, Referrals, Visits
from bwk.narrative import directions, formulas, statements
from bwk.narrative.candidates import Candidate, Sheets, candidates, own_sheet
from bwk.narrative.claims import Claim, holds
from bwk.narrative.statements import AHEAD, BEFORE, NOW, WIDE, Context, Statement
from bwk.narrative.wording import said

_SUBJECTS = {Each.SERVICE, Each.ROLE, Each.HOME, Each.PARTNER}
_KINDS = {"aandeel": ("share",), "groei": ("share", "factor")}  # of a claim, by unit
_TOTALS: dict[type, str] = {People: "personen", Visits: "deelnames"}
_NAMES_ALL = 3  # who names so many services may tell of all together
WEAK = 0.1  # what speaks for a fact that agrees in all but has none of its words beside it
_TELLING = 20  # the smallest count that is told by its value alone


@dataclass(frozen=True)
class Proposal:
    """A fact, or a formula of facts, that a claim may state: its scope, name and score."""

    scope: str
    fact: str
    score: float


def propose(text: str, claim: Claim, sheets: Sheets, limit: int = 5) -> list[Proposal]:
    """Propose the facts that a claim may state, the likeliest first.

    Parameters
    ----------
    text : str
        Markdown source of the cell in which the claim was found.
    claim : Claim
    sheets : mapping of str to FactSheet
        By scope, the report's own first.
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
    statement = statements.derive(text, claim, own_sheet(sheets))
    proposals = single(text, claim, sheets)
    for name, how_likely in formulas.proposed(claim, words, statement, sheets):
        proposals.append(Proposal(formulas.terms(name)[0][0], name, how_likely))
    likely = [proposal for proposal in proposals if proposal.score > 0]
    likely.sort(key=lambda proposal: (-proposal.score, proposal.fact.count(".")))
    return likely[:limit]


def single(text: str, claim: Claim, sheets: Sheets) -> list[Proposal]:
    """Return each fact that agrees with a claim in value and place, with its score."""
    words = statements.context(text, claim)
    statement = statements.derive(text, claim, own_sheet(sheets))
    scopes = {own_sheet(sheets).scope.slug, statement.place, facts.CITY}
    return [
        Proposal(fact.sheet.scope.slug, fact.name, score(claim, words, statement, fact))
        for scope in sheets
        if scope in scopes
        for fact in candidates(sheets[scope])
        if fact.place == statement.place
        if fact.number is not None and holds(claim, fact.number)
    ]


def score(claim: Claim, words: Context, statement: Statement, candidate: Candidate) -> float:
    """Return how much speaks for a fact; zero where something speaks against it."""
    fact, keys = candidate.fact, candidate.keys
    if claim.kind not in _KINDS.get(fact.unit, ("count",)) or not agrees(
        statement, words, candidate
    ):
        return 0
    subjects = statements.subjects(candidate)
    near = [_nearness(pattern, words) for pattern in subjects]
    pattern = _pattern(candidate)
    if not all(near) or not (near or pattern):
        return 0
    topic = _nearness(pattern, words) if pattern else 0.0
    if isinstance(candidate.of, Referrals):
        topic = _nearness(said("sent").pattern, words)
    elif not topic and _is_topical(claim, statement, candidate, pattern):
        topic = 1.0
    # Who names the service need not say that it is about visits.
    optional = Each.SERVICE in keys and candidate.is_count
    if pattern and not (topic or optional):
        return WEAK if _is_told_by_value(claim, candidate) else 0
    if _is_denied(words, candidate):
        return 0
    own = 0.3 if keys.get(Each.LOCATION) or statement.place != facts.CITY else 0
    return (
        1 + sum(near) + topic + (0.5 if statement.unit else 0) + own * (fact.unit == statement.unit)
    )


def _pattern(candidate: Candidate) -> str:
    is_of_role = candidate.keys.get(Each.ROLE) == PARTICIPANTS
    return said("role").pattern if is_of_role else candidate.declaration.words


def _is_denied(words: Context, candidate: Candidate) -> bool:
    """Whether the clause says that it is not about a fact; of a share, that it is of the others."""
    is_share = candidate.unit == "aandeel"
    told = filter(None, [*statements.subjects(candidate), _pattern(candidate)])
    denied = said("others").pattern if is_share else r"\bniet (?:\w+ )?"
    is_of_none = is_share and (
        said("none").search(words.following) or said("only_one").search(words.after)
    )
    return bool(is_of_none or any(re.search(f"{denied}(?:{each})", words.clause) for each in told))


def _is_of_others(words: Context, candidate: Candidate) -> bool:
    """Whether the people that were counted come since another time than those of a fact.

    Of `van de 157 mensen kwamen er veel voor het eerst` it is not said of all.
    """
    since = said("came_since").search(words.near[1][0])
    is_whole = said("of_people").search(words.nearby)
    is_told = since and not is_whole and candidate.unit == "personen"
    of_role = Each.ROLE in candidate.keys
    return bool(is_told and since and not of_role and not re.search(_pattern(candidate), since[0]))


def _is_topical(claim: Claim, statement: Statement, candidate: Candidate, pattern: str) -> bool:
    """Whether a sentence tells without the words of a fact that it is about it."""
    unit = candidate.unit
    if pattern in WIDE and unit == "groei":
        return claim.kind == "factor" or bool(statement.direction)
    if isinstance(candidate.declaration.derivation, Projection):
        return True
    is_monthly = unit == "per maand" and statement.rate == "maand"
    return is_monthly or (pattern in WIDE and statement.unit == unit)


def _is_told_by_value(claim: Claim, candidate: Candidate) -> bool:
    exact = claim.high - claim.low <= 1 and candidate.number == claim.value
    return exact and claim.value >= _TELLING and candidate.is_count and not candidate.keys


def agrees(statement: Statement, words: Context, candidate: Candidate) -> bool:
    """Whether nothing that a sentence says of a number speaks against a fact."""
    return (
        not (said("never").search(words.clause) or said("sought").search(words.clause))
        and _in_period(statement, words, candidate)
        and _in_unit(statement, words, candidate)
        and _about(statement, words, candidate)
        and (candidate.unit != "groei" or _in_direction(statement, words, candidate.fact))
    )


def speaks_against(text: str, claim: Claim, fact: Candidate, own: FactSheet) -> bool:
    """Whether what a sentence says of a number is not what a fact is about: another place, unit,
    time or subject.
    """
    words, statement = statements.context(text, claim), statements.derive(text, claim, own)
    subjects = {*statement.subjects}
    keys = {fact.keys[blank] for blank in _SUBJECTS & {*fact.keys}}
    places = {fact.place, *(label.name for label in fact.labels.values())}
    is_elsewhere = statement.place not in places or bool(keys and subjects and not keys & subjects)
    is_of_others = _is_denied(words, fact) or _is_of_others(words, fact)
    return is_elsewhere or is_of_others or not agrees(statement, words, fact)


def _in_direction(statement: Statement, words: Context, fact: Fact) -> bool:
    """Whether a change is compared with the period before, and goes the way that is said."""
    if statement.against not in ("", BEFORE) or said("no_number").search(words.clause):
        return False
    number = fact.number or 0
    return {directions.UP: number >= 0, directions.DOWN: number <= 0}.get(statement.direction, True)


def _in_period(statement: Statement, words: Context, candidate: Candidate) -> bool:
    sheet, derivation = candidate.sheet, candidate.declaration.derivation
    if candidate.keys.get(Each.HALF_YEAR, sheet.period.name) != sheet.period.name:
        return candidate.labels[Each.HALF_YEAR].name in words.sentence
    conditions = getattr(candidate.of, "conditions", ())
    if isinstance(derivation, Growth) or ABSENT in [each.kind for each in conditions]:
        return statement.time in (NOW, BEFORE)  # it is about both periods
    if isinstance(derivation, Projection):
        return statement.time == AHEAD
    return statement.time == (BEFORE if candidate.declaration.is_past else NOW)


def _in_unit(statement: Statement, words: Context, candidate: Candidate) -> bool:
    """Whether the noun after a claim, what it is a share of, and per what it is, fit a fact."""
    keys, unit = candidate.keys, candidate.unit
    derivation = candidate.declaration.derivation
    if isinstance(derivation, Share):
        total = _TOTALS.get(type(derivation.total.of), "rollen")
        roles = (
            {role.slug for role in candidate.sheet.roles} if total == "rollen" and not keys else ()
        )
        conditions = getattr(derivation.total.of, "conditions", ())
        held = [key for each in conditions if each.kind == HOLDS for key in each.keys]
        return statement.whole in ("", total, *roles, *held) and not statement.rate
    if unit == "groei":
        counted = _TOTALS.get(type(candidate.of))
        return statement.rate in ("", "maand") and statement.unit in ("", counted, *keys.values())
    if statement.rate not in ("", "maand"):
        return False
    averages = statement.rate or not said("a_month").search(words.sentence)
    if (statement.rate == "maand") != (unit == "per maand") and averages:
        return False
    if isinstance(candidate.of, Referrals):
        return statement.unit in ("", "verwijzingen", "personen") or bool(
            said("sent").search(words.sentence)
        )
    if statement.unit in keys.values():
        return Each.ROLE in keys
    counted = "deelnames" if unit == "per maand" else unit.split(" per ")[0]
    return statement.unit in ("", counted)


def _about(statement: Statement, words: Context, candidate: Candidate) -> bool:
    """Whether a fact is about all that the clause names as its subject."""
    keys, sheet, clause = candidate.keys, candidate.sheet, words.clause
    if isinstance(candidate.of, Referrals):
        partner = candidate.labels[Each.PARTNER]
        is_named = re.search(statements.called_by(partner), clause)
        return not is_named or candidate.of.direction == statements.sent(words.sentence, partner)
    stems = [
        statements.stems(label) for label in sheet.services if label.slug in statement.subjects
    ]
    if len(stems) > 1 and Each.SERVICE in keys and Each.OTHER_SERVICE not in keys:
        stem = "|".join(stems)
        together = re.search(rf"(?:{stem})\w* (?:en|plus) (?:\w+ )?(?:{stem})", clause)
        if together and re.search(statements.stems(candidate.labels[Each.SERVICE]), together[0]):
            return False
    names_all = len(statements.named(words.sentence, sheet)) >= _NAMES_ALL
    if stems and not keys and not names_all:
        marked = re.sub(rf"(?:{'|'.join(stems)})\w*", "@", clause)
        if said("of_one").search(marked):
            return False
    told = f"{words.above} {words.sentence}"
    if Each.HOME in keys and said("live").search(told) and not said("of_us").search(told):
        return False  # of all who live there
    homes = {label.slug for label in sheet.neighbourhoods} & {*statement.subjects}
    if homes and said("at_home").search(clause) and Each.HOME not in keys:
        return candidate.unit in ("aandeel", "groei")
    is_narrow = bool(statements.topics(statement.quality))
    return not is_narrow or is_quality_of(statement.quality, candidate.name)


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
