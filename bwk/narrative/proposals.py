"""Proposals: which fact a claim may state, by value, unit, words nearby, period and location."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bwk.facts import Fact, FactSheet, Label
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
_TOPICS = (  # facts, and the words of which one must stand nearby
    (r"deelnemers_per_100m2", r"m2|m²|vierkante"),
    (r"nieuwe_", r"nieuw|voor het eerst"),
    (r"terugkerende_", r"terug|eerder|vaker|al (?:langer|eerder)|bekend"),
    (r"aandeel_meer_diensten", r"meer(?:dere)? (?:\w+ )?diensten|twee of meer|combine"),
    (r"wederkerigheid", r"wederkerig|(?:zelf|ook) (?:\w+ ){0,2}(?:vrijwillig|sleutel|actief)"),
    (r"aandeel_omgeving", r"omgeving|vlakbij|dichtbij|om de hoek|\b(?:buurt|wijk)(?:\b|bewoner)"),
    (r"locaties_formeel", r"officieel|formeel"),
    (r"locaties_praktisch", r"praktijk|officieus|open"),
    (r"locaties_gerapporteerd", r"verslag|rapport|cijfers"),
    (
        r"groei_|barometer\.",
        r"groei|toe(?:name|genomen)|ste[ei]g|gesteg|st[ij]+g|meer|minder|da[al]+[ld]|afn",
    ),
    (r"(?:per_maand|barometer_per_maand)", r"per maand|maandelijks|gemiddeld"),
    (r"prognose_laag", r"minste|laag|onder|tussen|marge"),
    (r"prognose_hoog", r"hoog|meest|boven|tussen|marge"),
    (r"prognose", r"verwacht|prognose|eind|heel"),
    (r"verwijzingen\.naar", r"verw[ie]\w+|door|naar|opschal"),
    (r"verwijzingen\.van", r"verw[ie]\w+|van|via|afschal"),
    (r"rol\.deelnemers", r"\brol"),
    (r"samen\.", r"beide|samen|ook|zowel|combin"),
    (r"(?:deelnemers)", r"deelnem|mens|bezoeker|person|leden|lid\b"),
    (r"deelnames", r"deelna?me|deelgenomen|keer|bezoek|vragen"),
)
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
    facts = [] if place and sheet is own else [(sheet, fact) for fact in sheet.values()]
    facts = [(one, fact) for one, fact in facts if ".locatie." not in fact.name]
    named = [(own, own[name]) for name in own if place and name.endswith(f".locatie.{place}")]
    for one, fact in (*facts, *named):
        if fact.number is not None and holds(claim, fact.number):
            yield one, fact


def _score(claim: Claim, context: _Context, sheet: FactSheet, fact: Fact) -> float:
    """Return how much speaks for a fact; zero where something speaks against it."""
    kinds = {"aandeel": ("share",), "groei": ("share", "factor")}.get(fact.unit, ("count",))
    unit = _unit(context.after) if claim.kind == "count" else fact.unit
    if claim.kind not in kinds or "€" in claim.text or not re.match(unit, fact.unit):
        return 0
    if fact.unit != "groei" and not _in_period(context, sheet, fact.name):
        return 0
    keys = [_nearness(words, context) for words in _keys(fact.name, sheet)]
    pattern = next((words for names, words in _TOPICS if re.match(names, fact.name)), "")
    topic = _nearness(pattern, context) if pattern else 0.0
    optional = keys and re.match(r"deelnames\b|deelnemers\b(?!\.locatie)|deelnames_", fact.name)
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
    half_year = {label.slug: label.name for label in sheet.half_years}.get(name.split(".")[-1])
    if half_year and not name.endswith(sheet.period.name):
        return half_year in context.sentence
    past = "_basis" in name or "_jaar_ervoor" in name
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


def _keys(name: str, sheet: FactSheet) -> list[str]:
    """Return for each key in a fact's name a pattern of the words that stand for it."""
    if ".locatie." in name:
        return []
    spoken = (*sheet.domains, *sheet.roles, *sheet.services)
    known = {} if name.startswith(("herkomst", "verwijzingen")) else dict(map(_stems, spoken))
    for label in (*sheet.partners, *sheet.neighbourhoods):
        known[label.slug] = rf"\b{re.escape(_plain(label.name))}"
    return [known[key] for key in name.split(".")[1:] if key in known]


def _stems(label: Label) -> tuple[str, str]:
    """Return a key with a pattern of its stems: one of `formulieren` and `formulierenbrigade`."""
    words = set(re.findall(r"[a-z]{3,}", _plain(f"{label.name} {label.slug}"))) - _LINKS
    stems = sorted(word[: min(7, max(4, len(word) - 3))] for word in words)
    return label.slug, rf"\b(?:{'|'.join(stems)})"


def _nearness(pattern: str, context: _Context) -> float:
    """Return how near a word stands: up to 2 in the sentence, less above it, 0 where nowhere."""
    before = [len(context.before) - match.end() for match in re.finditer(pattern, context.before)]
    after = [match.start() + 9 for match in re.finditer(pattern, context.after)]
    if before or after:
        return 1 + 1 / (1 + min(before + after) / 30)
    above = 0.75 if re.search(pattern, context.above) else 0
    return above or (0.5 if re.search(pattern, context.heading) else 0)
