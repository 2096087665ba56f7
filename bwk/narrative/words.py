"""Words of direction and size that stand with confirmed facts, checked against the facts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bwk import formats
from bwk.facts import Fact, FactSheet, kin, parsed
from bwk.facts.derivations import Counted, Course, Growth, GrowthPerMonth, Share
from bwk.facts.derivations import Verdict as Judged
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
Verdict = tuple[bool | None, str]


@dataclass(frozen=True)
class Contradiction:
    """A word that the data do not bear out: its span, its text, and what the data say."""

    start: int
    end: int
    text: str
    message: str


def contradictions(
    text: str, facts: Sequence[tuple[Claim, Fact]], sheet: FactSheet
) -> list[Contradiction]:
    """Check the words that stand in one sentence with a confirmed fact.

    Parameters
    ----------
    text : str
        Markdown source of a cell.
    facts : sequence of (Claim, Fact)
        The confirmed claims in it.
    sheet : FactSheet
        The report's own facts, which tell the direction.

    Returns
    -------
    list of Contradiction
        Words of which the data say otherwise, or of which they cannot tell.
    """
    found = []
    for start, end in sentences.spans(text):
        own = [(claim, fact) for claim, fact in facts if start <= claim.start < end]
        for kind, word, denied in _words(text[start:end]) if own else ():
            place, last = start + word.start(), start + word.end()
            if any(claim.start < last and place < claim.end for claim, _ in own):
                continue
            near = sorted(own, key=lambda each: abs(each[0].start - place))
            if message := _message(kind, denied, [fact for _, fact in near], sheet):
                found.append(Contradiction(place, last, text[place:last], message))
    return found


def _words(sentence: str) -> Iterator[tuple[str, re.Match[str], bool]]:
    """Yield what each word says, its place, and whether it is denied; not of questions or plans."""
    if sentence.rstrip().endswith("?"):
        return
    taken = 0
    found = [(word, kind) for kind, words in WORDS for word in re.finditer(words, sentence, re.I)]
    for word, kind in sorted(found, key=lambda each: each[0].start()):
        first = max(sentence.rfind(mark, 0, word.start()) for mark in ",;:(") + 1
        clause = re.split(r"[,;:)]", sentence[first:])[0]
        if word.start() >= taken and not _PLAN.search(clause):
            rest = sentence[word.end() : first + len(clause)]
            denied = _NOT.search(sentence[first : word.start()]) or _NOT_AFTER.match(rest)
            yield kind, word, bool(denied)
        taken = max(taken, word.end())


def _message(kind: str, denied: bool, facts: Sequence[Fact], sheet: FactSheet) -> str:
    """Return what the data say against a word, by the nearest fact that tells; "" where nothing."""
    judge = _course if kind in _COURSE else _size if kind in _SIZES else _trend
    judged = [verdict for fact in facts if (verdict := judge(kind, fact, facts, sheet))]
    if not judged:
        foreign = all(sheet.get(fact.name) != fact for fact in facts)
        return "" if foreign else "De cijfers laten niet zien of dit zo is."
    agrees, message = judged[0]
    return message if agrees is None or agrees == denied else ""


def _course(kind: str, fact: Fact, _: Sequence[Fact], sheet: FactSheet) -> Verdict | None:
    course = kin(fact.name, Course)
    if not course or sheet.get(fact.name) != fact:
        return None
    told = sheet[course]
    if told.value is None:
        return None, _unknown(told)
    if told.value == "onzeker":
        return None, "Er zijn te weinig deelnames om te zeggen of dit op koers is."
    return told.value in _COURSE[kind], f"Volgens de cijfers is dit {told.text}."


def _size(kind: str, fact: Fact, _: Sequence[Fact], sheet: FactSheet) -> Verdict | None:
    declaration, keys = parsed(fact.name)
    is_share = isinstance(declaration.derivation, Share) and bool(keys)
    if not (declaration.total or is_share):
        return None
    if sheet.get(fact.name) != fact or fact.number is None:
        return None
    if not (whole := sheet[declaration.total].number if declaration.total else 1):
        return None
    share = fact.number / whole
    alike = (each.number for name, each in sheet.items() if parsed(name)[0] is declaration)
    most = max(number for number in alike if number is not None)
    agrees = share > 0.5 or (kind == "most" and fact.number == most)
    return agrees, f"Volgens de cijfers is dit deel {formats.percent(share)}."


def _trend(kind: str, fact: Fact, facts: Sequence[Fact], sheet: FactSheet) -> Verdict | None:
    growth_name = kin(fact.name, Growth, GrowthPerMonth)
    if growth_name and sheet.get(fact.name) == fact:
        growth, told = sheet[growth_name], sheet[kin(fact.name, Judged)]
        known = told if kind in _TRENDS else growth
        if known.value is None:
            return None, _unknown(known)
        if kind in _TRENDS:
            return told.value == _TRENDS[kind], _TOLD[str(told.value)]
        said = f"Volgens de cijfers is de verandering {growth.text}."
        return _in_ratio(kind, growth.number), said
    change = fact.number if fact.unit == "groei" else _change(fact, facts, sheet)
    if change is None:
        return None
    agrees = _in_ratio(kind, change) if kind in _RATIOS else _sign(change) == _TRENDS[kind]
    return agrees, f"Volgens de cijfers is de verandering {formats.change(change)}."


def _change(fact: Fact, facts: Sequence[Fact], sheet: FactSheet) -> float | None:
    """Return the change that a count and its baseline tell together, of another sheet perhaps."""
    base = kin(fact.name, Counted, when=When.BASELINE)
    own = [*sheet.values()] if sheet.get(fact.name) == fact else []
    if not base or base == fact.name:
        return None
    before = next((each.number for each in (*facts, *own) if each.name == base), None)
    return fact.number / before - 1 if before and fact.number is not None else None


def _in_ratio(kind: str, change: float | None) -> bool:
    low, high = _RATIOS[kind]
    return change is not None and low <= 1 + change <= high


def _sign(change: float) -> str:
    return "meer" if change > 0 else "minder" if change < 0 else "geen duidelijk verschil"


def _unknown(fact: Fact) -> str:
    if fact.withheld:
        return "Dat is niet te zeggen: het cijfer is achtergehouden om herkenning te voorkomen."
    return f"Dat is niet te zeggen: {fact.missing[:1].lower()}{fact.missing[1:]}"
