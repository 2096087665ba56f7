"""Proposals: which fact a claim may state, by value, unit, words nearby, period and location."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bwk import facts
from bwk.facts import Fact, FactSheet, Label
from bwk.facts.derivations import Counted
from bwk.facts.expressions import PARTICIPANTS, Each
from bwk.narrative import sentences
from bwk.narrative.claims import Claim, holds

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
    sheet, place = _located(context, sheets)
    proposals = [
        Proposal(one.scope.slug, fact.name, score)
        for one, fact in _stated(claim, sheet, sheets[0], place)
        if (score := _score(claim, context, one, fact)) > 0
    ]
    proposals.sort(key=lambda each: (-each.score, each.fact.count("."), each.fact))
    return proposals[:limit]


def _context(text: str, claim: Claim) -> _Context:
    block = max(text.rfind("\n\n", 0, claim.start), text.rfind("\n- ", 0, claim.start)) + 1
    first, last = sentences.around(text, claim.start, claim.end)
    headings = re.findall(r"^#+ +(.+)$", text[: claim.start], re.MULTILINE)
    parts = text[first : claim.start], text[claim.end : last], text[block:first]
    return _Context(*(_plain(part) for part in (*parts, headings[-1] if headings else "")))


def _plain(text: str) -> str:
    bare = "".join(x for x in unicodedata.normalize("NFKD", text) if not unicodedata.combining(x))
    return re.sub(r"[*’']", "", bare).lower()


def _located(context: _Context, sheets: Sequence[FactSheet]) -> tuple[FactSheet, str]:
    """Return the sheet that the sentence is about, and the location's slug, "" for the own one."""
    own = sheets[0]
    names = [
        (_plain(name), label.slug)
        for label in own.locations
        for name in (label.name, label.group)
        if name
    ]
    for words in (context.before, context.after, context.above, context.heading):
        found = [(words.rfind(name), len(name), slug) for name, slug in names if name in words]
        if found:
            slug = max(found)[2]
            other = next((sheet for sheet in sheets if sheet.scope.slug == slug), own)
            return other, "" if slug == own.scope.slug else slug
        if (
            words is context.after
            and own.is_city
            and re.search(r"stad|samen|beide", context.sentence)
        ):
            break
    return own, ""


def _stated(
    claim: Claim, sheet: FactSheet, own: FactSheet, place: str
) -> Iterator[tuple[FactSheet, Fact]]:
    """Yield the known facts of the location whose value the claim allows."""
    candidates = [(own, fact) for fact in own.values() if _location(fact) == (place or None)]
    if not place or sheet is not own:
        candidates += [(sheet, fact) for fact in sheet.values() if _location(fact) is None]
    for one, fact in candidates:
        if fact.number is not None and holds(claim, fact.number):
            yield one, fact


def _location(fact: Fact) -> str | None:
    """Return the location of which a city's fact tells."""
    _, slugs = facts.parsed(fact.name)
    return slugs.get(Each.LOCATION)


def _score(claim: Claim, context: _Context, sheet: FactSheet, fact: Fact) -> float:
    """Return how much speaks for a fact; zero where something speaks against it."""
    kinds = {"aandeel": ("share",), "groei": ("share", "factor")}.get(fact.unit, ("count",))
    unit = _unit(context.after) if claim.kind == "count" else fact.unit
    if claim.kind not in kinds or "€" in claim.text or not re.match(unit, fact.unit):
        return 0
    if fact.unit != "groei" and not _in_period(context, sheet, fact.name):
        return 0
    declaration, slugs = facts.parsed(fact.name)
    keys = [_nearness(words, context) for words in _keys(slugs, sheet)]
    pattern = _ROLE if slugs.get(Each.ROLE) == PARTICIPANTS else declaration.words
    topic = _nearness(pattern, context) if pattern else 0.0
    # Who names the service need not say that it is about visits.
    optional = Each.SERVICE in slugs and type(declaration.derivation) is Counted
    if not all(keys) or not (keys or pattern) or (pattern and not topic and not optional):
        return 0
    return 1 + sum(keys) + topic + (0.5 if unit else 0)


def _unit(after: str) -> str:
    """Return a pattern of the units that the noun after a claim allows, "" where there is none."""
    word = re.match(r"\s*(?:\w+e )?(.*)", after, re.DOTALL)
    for start in (word[1] if word else "", after.strip()):
        for noun, units in _NOUNS:
            if re.match(noun, start):
                return units
    other = re.match(r"\s*\w", after) and not re.match(_FUNCTION, after.strip())
    return "(?!)" if other else ""


def _in_period(context: _Context, sheet: FactSheet, name: str) -> bool:
    """Whether the sentence is about the period of a fact: the baseline's, or the report's."""
    declaration, slugs = facts.parsed(name)
    half_years = {label.slug: label.name for label in sheet.half_years}
    half_year = slugs.get(Each.HALF_YEAR, sheet.period.name)
    if half_year != sheet.period.name:
        return half_years[half_year] in context.sentence
    past = declaration.is_past
    if re.search(r"\bvan (?:\w+ )?$", context.before) and re.match(
        r"\s*\w* ?naar\b", context.after
    ):
        return past
    if context.before.endswith("naar "):
        return not past
    years = {str(sheet.baseline.last.year): True, str(sheet.period.last.year): False}
    known = years | {sheet.baseline.label: True}
    marks = re.compile(rf"{'|'.join(map(re.escape, known))}|\b(?:19|20)\d\d\b|{_BEFORE}")
    said = [match[0] for match in marks.finditer(context.before)][-1:]
    said = said or [match[0] for match in marks.finditer(context.after)][:1]
    if said and said[0].isdigit() and said[0] not in known:
        return False
    return past == bool(said and known.get(said[0], True))


def _keys(slugs: Mapping[Each, str], sheet: FactSheet) -> list[str]:
    """Return for each key in a fact's name a pattern of the words that stand for it."""
    spoken = {
        Each.SERVICE: sheet.services,
        Each.OTHER_SERVICE: sheet.services,
        Each.ROLE: sheet.roles,
        Each.DOMAIN: sheet.domains,
    }
    named = {Each.PARTNER: sheet.partners, Each.HOME: sheet.neighbourhoods}
    patterns = []
    for blank, slug in slugs.items():
        for label in (*spoken.get(blank, ()), *named.get(blank, ())):
            if label.slug == slug:
                stems = _stems(label) if blank in spoken else rf"\b{re.escape(_plain(label.name))}"
                patterns.append(stems)
    return patterns


def _stems(label: Label) -> str:
    """Return a pattern of the stems of a key: one of `formulieren` and `formulierenbrigade`."""
    words = set(re.findall(r"[a-z]{3,}", _plain(f"{label.name} {label.slug}"))) - _LINKS
    stems = sorted(word[: min(7, max(4, len(word) - 3))] for word in words)
    return rf"\b(?:{'|'.join(stems)})"


def _nearness(pattern: str, context: _Context) -> float:
    """Return how near a word stands: up to 2 in the sentence, less above it, 0 where nowhere."""
    before = [len(context.before) - match.end() for match in re.finditer(pattern, context.before)]
    after = [match.start() + 9 for match in re.finditer(pattern, context.after)]
    if before or after:
        return 1 + 1 / (1 + min(before + after) / 30)
    above = 0.75 if re.search(pattern, context.above) else 0
    return above or (0.5 if re.search(pattern, context.heading) else 0)
