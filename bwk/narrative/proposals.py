"""Proposals: which fact a claim may state, by value, unit, words nearby, period and location."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bwk import facts
from bwk.facts import Fact, FactSheet, Label
from bwk.facts.derivations import Counted
from bwk.facts.expressions import PARTICIPANTS, Each
from bwk.narrative import sentences
from bwk.narrative.claims import Claim, holds
from bwk.narrative.labels import labels_of

_NOUNS = (  # the noun after a claim, and the units that it may have
    (r"(?:mens|persoon|personen|deelnemer|bezoeker|bewoner|lid\b|leden|gast)", "personen"),
    (r"(?:vrijwilliger|sleutelhouder|statushouder|stagiair|stage|leerwerk)", "personen"),
    (r"(?:deelname|keer|maal|bezoek|vra(?:ag|gen)|deelgenomen)", "deelnames|per maand"),
    (r"(?:door)?verw[ie]", "verwijzingen"),
    (r"(?:locatie|(?:buurt)?(?:werk)?kamer)s?", "locaties"),
    (r"per maand", "per maand"),
)
_FUNCTION = (  # words after a claim that are no noun
    r"(?:en|of|in|op|van|bij|naar|met|uit|aan|voor|tot|per|is|zijn|was|waren|het|de|een|dat|die|deze|er|"
    r"om|ook|dan|maar|te|als|door|tegen|toen|nu|hen|daarvan|meer|minder|hoger|lager|ofwel|kwam|kwamen)\b"
)
_KINDS = {"aandeel": ("share",), "groei": ("share", "factor")}  # of a claim, by unit
_ROLE = r"\brol"
_BEFORE = r"\b(?:basisperiode|vorige?|toen|ervoor|eerder|daarvoor)\b"
_LINKS = {"en", "de", "het", "naar", "voor", "van", "omgeving", "individuele", "actieve", "t"}


@dataclass(frozen=True)
class Proposal:
    """A fact that a claim may state: its sheet, its name, and how much speaks for it."""

    scope: str
    fact: str
    score: float


@dataclass(frozen=True)
class _Context:
    """The words around a claim: its sentence in two parts, the text above it, and its heading."""

    before: str
    after: str
    above: str
    heading: str

    @property
    def sentence(self) -> str:
        return f"{self.before} # {self.after}"


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
        Empty where no fact agrees in value, unit, period and location and shares a word.
    """
    context = _context(text, claim)
    proposals = []
    for sheet, fact in _candidates(context, sheets):
        if fact.number is not None and holds(claim, fact.number):
            score = _score(claim, context, sheet, fact)
            proposals.append(Proposal(sheet.scope.slug, fact.name, score))
    likely = [proposal for proposal in proposals if proposal.score > 0]
    likely.sort(key=lambda proposal: (-proposal.score, proposal.fact.count("."), proposal.fact))
    return likely[:limit]


def _context(text: str, claim: Claim) -> _Context:
    start, end = sentences.around(text, claim.start, claim.end)
    blocks = [text.rfind(mark, 0, claim.start) + 1 for mark in ("\n\n", "\n- ")]
    headings = re.findall(r"^#+ +(.+)$", text[: claim.start], re.MULTILINE)
    return _Context(
        before=_plain(text[start : claim.start]),
        after=_plain(text[claim.end : end]),
        above=_plain(text[max(blocks) : start]),
        heading=_plain(headings[-1]) if headings else "",
    )


def _plain(text: str) -> str:
    marked = unicodedata.normalize("NFKD", text)
    letters = [letter for letter in marked if not unicodedata.combining(letter)]
    return re.sub(r"[*’']", "", "".join(letters)).lower()


def _candidates(context: _Context, sheets: Sequence[FactSheet]) -> Iterator[tuple[FactSheet, Fact]]:
    """Yield the facts of the location that the sentence is about, and its sheet."""
    own = sheets[0]
    location = _location(context, own) or own.scope.slug
    for sheet in sheets:
        if sheet is not own and sheet.scope.slug != location:
            continue
        for fact in sheet.values():
            _, keys = facts.parsed(fact.name)
            if keys.get(Each.LOCATION, sheet.scope.slug) == location:
                yield sheet, fact


def _location(context: _Context, own: FactSheet) -> str:
    """Return the location that is named nearest before a claim, else after it, or above it."""
    names = [
        (_plain(name), label.slug)
        for label in own.locations
        for name in (label.name, label.group)
        if name
    ]
    for words in (context.before, context.after, context.above, context.heading):
        named = [(words.rfind(name), len(name), slug) for name, slug in names if name in words]
        if named:
            return max(named)[2]
        in_sentence = words is context.after
        if in_sentence and own.is_city and re.search(r"stad|samen|beide", context.sentence):
            break
    return ""


def _score(claim: Claim, context: _Context, sheet: FactSheet, fact: Fact) -> float:
    """Return how much speaks for a fact; zero where something speaks against it."""
    unit = _unit(context.after) if claim.kind == "count" else fact.unit
    if claim.kind not in _KINDS.get(fact.unit, ("count",)):
        return 0
    if "€" in claim.text or not re.match(unit, fact.unit):
        return 0
    if fact.unit != "groei" and not _in_period(context, sheet, fact):
        return 0
    declaration, keys = facts.parsed(fact.name)
    subjects = [_nearness(pattern, context) for pattern in _subjects(fact, sheet)]
    pattern = _ROLE if keys.get(Each.ROLE) == PARTICIPANTS else declaration.words
    topic = _nearness(pattern, context) if pattern else 0.0
    # Who names the service need not say that it is about visits.
    optional = Each.SERVICE in keys and type(declaration.derivation) is Counted
    if not all(subjects) or not (subjects or pattern):
        return 0
    if pattern and not (topic or optional):
        return 0
    return 1 + sum(subjects) + topic + (0.5 if unit else 0)


def _unit(after: str) -> str:
    """Return a pattern of the units that the noun after a claim allows, "" where there is none."""
    unqualified = re.sub(r"^\s*(?:\w+e )?", "", after)
    for words in (unqualified, after.strip()):
        for noun, units in _NOUNS:
            if re.match(noun, words):
                return units
    is_noun = re.match(r"\s*\w", after) and not re.match(_FUNCTION, after.strip())
    return "(?!)" if is_noun else ""


def _in_period(context: _Context, sheet: FactSheet, fact: Fact) -> bool:
    """Whether the sentence is about the period of a fact: the baseline's, or the report's."""
    declaration, keys = facts.parsed(fact.name)
    if keys.get(Each.HALF_YEAR, sheet.period.name) != sheet.period.name:
        return labels_of(fact.name, sheet)[Each.HALF_YEAR].name in context.sentence
    is_past = declaration.is_past
    if re.search(r"\bvan (?:\w+ )?$", context.before) and re.match(
        r"\s*\w* ?naar\b", context.after
    ):
        return is_past
    if context.before.endswith("naar "):
        return not is_past
    past = {
        str(sheet.baseline.last.year): True,
        str(sheet.period.last.year): False,
        sheet.baseline.label: True,
    }
    intervals = "|".join(map(re.escape, past))
    pattern = rf"{intervals}|\b(?:19|20)\d\d\b|{_BEFORE}"
    before = re.findall(pattern, context.before)
    after = re.findall(pattern, context.after)
    for interval in before[-1:] or after[:1]:
        is_another_year = interval.isdigit() and interval not in past
        return not is_another_year and is_past == past.get(interval, True)
    return not is_past


def _subjects(fact: Fact, sheet: FactSheet) -> Iterator[str]:
    """Yield for each key in a fact's name a pattern of the words that stand for it."""
    for blank, label in labels_of(fact.name, sheet).items():
        if blank in (Each.PARTNER, Each.HOME):
            yield rf"\b{re.escape(_plain(label.name))}"
        elif blank not in (Each.LOCATION, Each.HALF_YEAR):
            yield _stems(label)


def _stems(label: Label) -> str:
    """Return a pattern of the stems of a key: one of `formulieren` and `formulierenbrigade`."""
    words = set(re.findall(r"[a-z]{3,}", _plain(f"{label.name} {label.slug}"))) - _LINKS
    stems = sorted(word[: min(7, max(4, len(word) - 3))] for word in words)
    return rf"\b(?:{'|'.join(stems)})"


def _nearness(pattern: str, context: _Context) -> float:
    """Return how near a word stands: up to 2 in the sentence, less above it, 0 where nowhere."""
    before = re.finditer(pattern, context.before)
    after = re.finditer(pattern, context.after)
    distances = [len(context.before) - word.end() for word in before]
    distances += [word.start() + 9 for word in after]
    if distances:
        return 1 + 1 / (1 + min(distances) / 30)
    if re.search(pattern, context.above):
        return 0.75
    return 0.5 if re.search(pattern, context.heading) else 0
