"""Words of direction and size that stand with confirmed facts, checked against the facts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bwk import formats
from bwk.facts import Fact, FactSheet, kin, parsed
from bwk.facts.derivations import (
    Counted,
    Course,
    Growth,
    GrowthPerMonth,
    PeopleVerdict,
    Share,
    Verdict,
)
from bwk.facts.expressions import When
from bwk.narrative import sentences
from bwk.narrative.claims import Claim

_NOUN = r"(?:mensen|deelnemers|deelnames|bezoek\w*|bewoners|vragen|verwijzingen)"
WORDS = (  # what the word says, and the word; the first that fits a place counts
    ("plan", r"op koers (?:te )?(?:blijven|komen)"),
    ("below", r"\b(?:onder koers|niet op koers|achter op koers|lopen achter|loopt achter)\b"),
    ("above", r"\bboven koers\b"),
    ("on", r"\bop koers\b"),
    ("double", r"\bverdubbel\w*|\btwee keer zo\s?veel"),
    ("triple", r"\bverdrievoudig\w*"),
    ("half", r"\b(?:gehalveerd|halvee?r\w+)"),
    ("same", r"\bgelijk gebleven|\bbleef\w* gelijk|\bonveranderd|\bstabiel|\bevenveel\b"),
    ("majority", r"\b(?:meer dan|ruim) de helft\b|\b(?:meerderheid|merendeel)\b"),
    ("most", r"\b(?:de|het) meeste\b|\bgrootste (?:deel|groep|dienst)"),
    (
        "down",
        r"\b(?:daling|gedaald|daal\w*|dalen|afname|afgenomen|af te nemen|krimp\w*|gekrompen)\b",
    ),
    ("down", rf"\bn[ae]m\w* (?:\w+ )?af\b|\bminder (?:{_NOUN}|dan (?:in|vorig))"),
    ("up", r"\b(?:gestegen|ste[ei]g\w*|stijg\w*|toename|toegenomen|groei\w*|gegroeid)"),
    ("up", rf"\bn[ae]m\w* (?:\w+ )?toe\b|\bmeer (?:{_NOUN}|dan (?:in|vorig))"),
)
_DENIED = r"\b(?:geen|niet(?! alleen)|nauwelijks|zonder|amper)"
_NOT = re.compile(rf"{_DENIED}\s+(?:\w+\s+)?$", re.I)
_NOT_AFTER = re.compile(rf"\w*\s+(?:\w+\s+){{0,4}}{_DENIED}\b(?!\s+\w*%)", re.I)
_PLAN = re.compile(
    r"\b(?:moet\w*|wil|willen|kan|kunnen|zou\w*|hop\w+|hoopt|verwacht\w*|streeft|streven|plan\w*|doel|"
    r"wens\w*|graag|probe\w+|zal|zullen|mag|mogen|straks|volgend\w*)\b",
    re.I,
)
_RATIOS = {"double": (1.7, 2.5), "triple": (2.6, 3.5), "half": (0.4, 0.6)}
_TRENDS = {"up": "meer", "down": "minder", "same": "geen duidelijk verschil"}
_TOLD = {
    "meer": "Volgens de cijfers zijn het er per maand duidelijk meer.",
    "minder": "Volgens de cijfers zijn het er per maand duidelijk minder.",
    "geen duidelijk verschil": "De cijfers laten geen duidelijk verschil zien.",
}
_COURSE = {"on": ("op koers", "boven koers"), "above": ("boven koers",), "below": ("onder koers",)}
_SIZES = ("most", "majority")
# Whether the data agree, None where they cannot tell; what they say.
Judgement = tuple[bool | None, str]


@dataclass(frozen=True)
class Contradiction:
    """A word that the data do not bear out: its span, its text, and what the data say."""

    start: int
    end: int
    text: str
    message: str


def contradictions(
    text: str, stated: Sequence[tuple[Claim, Fact]], sheet: FactSheet
) -> list[Contradiction]:
    """Check the words that stand in one sentence with a confirmed fact.

    Parameters
    ----------
    text : str
        Markdown source of a cell.
    stated : sequence of (Claim, Fact)
        The confirmed claims in it.
    sheet : FactSheet
        The report's own facts, which tell the direction.

    Returns
    -------
    list of Contradiction
        Words of which the data say otherwise, or of which they cannot tell.
    """
    contradicted = []
    for start, end in sentences.spans(text):
        own = [(claim, fact) for claim, fact in stated if start <= claim.start < end]
        for kind, word, denied in _words(text[start:end]) if own else ():
            place, place_end = start + word.start(), start + word.end()
            if any(claim.start < place_end and place < claim.end for claim, _ in own):
                continue
            nearest = sorted(own, key=lambda pair: abs(pair[0].start - place))
            if message := _message(kind, denied, [fact for _, fact in nearest], sheet):
                contradicted.append(Contradiction(place, place_end, word[0], message))
    return contradicted


def _words(sentence: str) -> Iterator[tuple[str, re.Match[str], bool]]:
    """Yield what each word says, its place, and whether it is denied; not of questions or plans."""
    if sentence.rstrip().endswith("?"):
        return
    taken = 0
    words = [(kind, word) for kind, form in WORDS for word in re.finditer(form, sentence, re.I)]
    for kind, word in sorted(words, key=lambda pair: pair[1].start()):
        start = max(sentence.rfind(mark, 0, word.start()) for mark in ",;:(") + 1
        clause = re.split(r"[,;:)]", sentence[start:])[0]
        if word.start() >= taken and not _PLAN.search(clause):
            before = sentence[start : word.start()]
            after = sentence[word.end() : start + len(clause)]
            yield kind, word, bool(_NOT.search(before) or _NOT_AFTER.match(after))
        taken = max(taken, word.end())


def _message(kind: str, denied: bool, facts: Sequence[Fact], sheet: FactSheet) -> str:
    """Return what the data say against a word, by the nearest fact that tells; "" where nothing."""
    judge = _course if kind in _COURSE else _size if kind in _SIZES else _trend
    for fact in facts:
        if judgement := judge(kind, fact, facts, sheet):
            agrees, message = judgement
            return message if agrees is None or agrees == denied else ""
    if any(_is_of(sheet, fact) for fact in facts):
        return "De cijfers laten niet zien of dit zo is."
    return ""


def _is_of(sheet: FactSheet, fact: Fact) -> bool:
    return sheet.get(fact.name) == fact


def _course(kind: str, fact: Fact, _: Sequence[Fact], sheet: FactSheet) -> Judgement | None:
    name = kin(fact.name, Course)
    if not name or not _is_of(sheet, fact):
        return None
    course = sheet[name]
    if course.value is None:
        return None, _unknown(course)
    if course.value == "onzeker":
        return None, "Er zijn te weinig deelnames om te zeggen of dit op koers is."
    return course.value in _COURSE[kind], f"Volgens de cijfers is dit {course.text}."


def _size(kind: str, fact: Fact, _: Sequence[Fact], sheet: FactSheet) -> Judgement | None:
    if fact.number is None or not _is_of(sheet, fact):
        return None
    declaration, keys = parsed(fact.name)
    total = 1.0 if keys and isinstance(declaration.derivation, Share) else None
    if declaration.total:
        total = sheet[declaration.total].number
    if not total:
        return None
    alike = [sheet[name].number for name in sheet if parsed(name)[0] is declaration]
    most = max(number for number in alike if number is not None)
    share = fact.number / total
    agrees = share > 0.5 or (kind == "most" and fact.number == most)
    return agrees, f"Volgens de cijfers is dit deel {formats.percent(share)}."


def _trend(kind: str, fact: Fact, facts: Sequence[Fact], sheet: FactSheet) -> Judgement | None:
    growth = kin(fact.name, Growth, GrowthPerMonth)
    if growth and _is_of(sheet, fact):
        return _growth(kind, sheet[growth], sheet[kin(fact.name, Verdict, PeopleVerdict)])
    change = fact.number if fact.unit == "groei" else _change(fact, facts, sheet)
    if change is None:
        return None
    agrees = _in_ratio(kind, change) if kind in _RATIOS else _sign(change) == _TRENDS[kind]
    return agrees, _changed(formats.change(change))


def _growth(kind: str, growth: Fact, verdict: Fact) -> Judgement:
    telling = verdict if kind in _TRENDS else growth
    if telling.value is None:
        return None, _unknown(telling)
    if kind in _TRENDS:
        return verdict.value == _TRENDS[kind], _TOLD[str(verdict.value)]
    return _in_ratio(kind, growth.number), _changed(growth.text)


def _change(fact: Fact, facts: Sequence[Fact], sheet: FactSheet) -> float | None:
    """Return the change that a count and its baseline tell together, of another sheet perhaps."""
    base = kin(fact.name, Counted, when=When.BASELINE)
    if not base or base == fact.name:
        return None
    own = sheet.values() if _is_of(sheet, fact) else ()
    numbers = [each.number for each in (*facts, *own) if each.name == base]
    if not numbers or not numbers[0] or fact.number is None:
        return None
    return fact.number / numbers[0] - 1


def _in_ratio(kind: str, change: float | None) -> bool:
    low, high = _RATIOS[kind]
    return change is not None and low <= 1 + change <= high


def _sign(change: float) -> str:
    return "meer" if change > 0 else "minder" if change < 0 else "geen duidelijk verschil"


def _changed(change: str) -> str:
    return f"Volgens de cijfers is de verandering {change}."


def _unknown(fact: Fact) -> str:
    if fact.withheld:
        return "Dat is niet te zeggen: het cijfer is achtergehouden om herkenning te voorkomen."
    return f"Dat is niet te zeggen: {fact.missing[:1].lower()}{fact.missing[1:]}"
