"""Words of direction, size, order and course, checked against the facts that they are about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bwk import facts, formats
from bwk.facts import Fact, FactSheet, kin, parsed
from bwk.facts.derivations import (
    UNCLEAR,
    Counted,
    Course,
    Growth,
    GrowthPerMonth,
    PeopleVerdict,
    Share,
    Verdict,
)
from bwk.facts.expressions import NEAR, Each, When
from bwk.narrative import claims, directions, formulas, sentences, statements
from bwk.narrative.claims import Claim
from bwk.narrative.directions import DOWN, RANK, SAME, TIMES, UP
from bwk.narrative.statements import BEFORE, NOW, plain

_DENIED = r"\b(?:geen|niet(?! alleen)|nauwelijks|zonder|amper)"
_NOT = re.compile(rf"{_DENIED}\s+(?:\w+\s+)?$", re.I)
_NOT_AFTER = re.compile(rf"\w*\s+(?:\w+\s+){{0,4}}{_DENIED}\b(?!\s+\w*%)", re.I)
_PLAN = re.compile(
    r"\b(?:moet\w*|wil|willen|kan|kunnen|zou\w*|hop\w+|hoopt|verwacht\w*|streeft|streven|plan\w*|doel|"
    r"wens\w*|graag|probe\w+|zal|zullen|mag|mogen|straks|volgend\w*|misschien|boven \w+zelf)\b",
    re.I,
)
_QUOTE = re.compile(r"[‘“\"'][^‘’“”\"\n]{3,300}[’”\"']")
_UNSURE = re.compile(r"\btoeval|\bniet (?:duidelijk|zeker|te zeggen)|\bte klein\b", re.I)
_FAR = re.compile(r"\bvan ver\b|\belders\b|\bvan buiten\b|\bbuiten de\b", re.I)
_SMALL = re.compile(
    r"\b(?:lichte?|iets|beetje)\b|\bkleine (?:groei|stijging|daling|toename|afname)", re.I
)
_BIG = re.compile(r"\b(?:fors|flink|sterk|stevig)e?\b|kelder|duikel|duikvlucht|\bingestort", re.I)
_HUGE = re.compile(r"\b(?:explosie|spectaculai|enor)\w+", re.I)
_SURE = re.compile(r"\b(?:duidelijk|zeker|aantoonbaar)\b", re.I)
# A change that numbers show, a big one, and one that nobody would call none.
_MOVED, _BIG_FROM, _PLAIN_FROM = 0.05, 0.15, 0.3
_DEGREES = (  # of the size of a change
    (_SMALL, 0.0, 0.1),
    (_BIG, _BIG_FROM, 99.0),
    (_HUGE, 0.5, 99.0),
)
_MEASURE = (  # nouns that stand for what is counted
    r"(?:aantal\w*|belangstelling|animo|toeloop|opkomst|vra(?:ag|gen)|hulp|gebruik|bezoek\w*|deelna\w*|"
    r"dienst\w*|groep|drukte|groei|stijging|daling|toename|afname|deelnem\w*|mensen|minderheid|lijn|"
    r"meerderheid|merendeel|deel|helft|trend|inloop|bewoners|cijfers|verwijzing\w*|totaal|verschil)"
)
_FIRST_NOUN = re.compile(
    r"\W*(?:(?:en|maar|want|terwijl|doordat|omdat|toen|ook|door|dat|of|als)\s+)*"
    r"(?:de|het|onze|mijn|deze) (?:(?:\w+e|#+) )?(\w+)",
    re.I,
)
_NAMELESS = re.compile(
    r"\W*(?:(?:dat|dit|het|ze|zij|deze|daarmee|en|maar|dus|is|was|zijn|waren|een|er|weer|flinke?|wij|"
    r"we|veel|hadden|doen|deden|hadd?en|geen|niet|hoger|lager|groter|kleiner|nog|#+)\W+)*$",
    re.I,
)
_LIKE = re.compile(r"\b(?:dan|als|na)\b(.*)")  # what it is compared with
_GROWS = re.compile("groei|steeg|gestegen|harder|sneller", re.I)
_NEXT = re.compile(r"\s+(?:\w+e )?(\w+)")
_AFTER_MORE = (
    r"(?:groot|hoog|vaak|druk|veel|sterk|ge\w+d|dan|in|op|per|bij|voor|en|of|aan|geworden|is|was|dat|uit|als|te|zijn|kwamen|maar|hier|"
    r"mee)\b"
)
_LESS, _MORE = 0.85, 1.25  # of the number in a word as `verdubbeld`, between which it is true
_TRENDS = {UP: "meer", DOWN: "minder", SAME: "geen duidelijk verschil"}
_TOLD = {
    "meer": "Volgens de cijfers zijn het er per maand duidelijk meer.",
    "minder": "Volgens de cijfers zijn het er per maand duidelijk minder.",
    "geen duidelijk verschil": "De cijfers laten geen duidelijk verschil zien.",
}
_INSTEAD = {
    "meer": "is gegroeid",
    "minder": "is gedaald",
    "geen duidelijk verschil": "verschilt niet duidelijk",
}
_COURSE = {"on": ("op koers", "boven koers"), "above": ("boven koers",), "below": ("onder koers",)}
_PARTS = {  # for which part of a whole a word is true
    "every": (0.995, 1.0),
    "majority": (0.5001, 1.0),
    "minority": (0.0, 0.4999),
    "few": (0.0, 0.25),
    "none": (0.0, 0.0),
}
_PLACES = (  # in an order, from the largest; the last is the smallest
    ("minste|klein|laatste", -1),
    ("tweede|een na", 1),
    ("derde|twee na", 2),
    ("vierde", 3),
    ("", 0),
)
_OF_ALL_PLACES = re.compile(
    r"\b(?:van|in) (?:de|alle|onze) (?:stad|plekken|locaties|kamers)\b", re.I
)
UNTOLD = "De cijfers laten niet zien of dit zo is."
# Whether the data agree, None where they cannot tell; what they say.
Judgement = tuple[bool | None, str]
Stated = tuple[Claim, Fact, FactSheet]


@dataclass(frozen=True)
class Contradiction:
    """A word that the data do not bear out: its span, its text, and what the data say."""

    start: int
    end: int
    text: str
    message: str

    @property
    def instead(self) -> str:
        """A word that the data bear out; empty where there is none to propose."""
        return next((_INSTEAD[told] for told in _TOLD if _TOLD[told] == self.message), "")


@dataclass(frozen=True)
class _Word:
    """A word in a sentence: what it says, whether it is denied, and what stands around it.

    `before` and `after` are the rest of its clause; `facts` are what it is about, the
    nearest first, which the sentence may state (`is_stated`) or only name; it may tell by how
    much they changed, or what they were before (`tells_change`), and a number that they are
    compared with (`rival`).
    """

    kind: str
    text: str
    denied: bool
    before: str
    after: str
    sentence: str
    facts: tuple[tuple[Fact, FactSheet], ...] = ()
    is_stated: bool = False
    tells_change: bool = False
    rival: Fact | None = None

    @property
    def clause(self) -> str:
        return f"{self.before}{self.text}{self.after}"


def contradictions(
    text: str, stated: Sequence[Stated], sheets: Sequence[FactSheet]
) -> list[Contradiction]:
    """Check the words of each sentence that is about a fact of these reports.

    Parameters
    ----------
    text : str
        Markdown source of a cell.
    stated : sequence of (Claim, Fact, FactSheet)
        The confirmed claims in it, and whose fact each states.
    sheets : sequence of FactSheet
        The report's own first.

    Returns
    -------
    list of Contradiction
        Words of which the data say otherwise, or of which they cannot tell.
    """
    contradicted = []
    earlier: list[Stated] = []
    for start, end in sentences.spans(text):
        told = [each for each in stated if start <= each[0].start < end]
        own = [each for each in told if not formulas.is_formula(each[1].name)]
        for place, word in _words(text[start:end], start, told, earlier, sheets):
            judgement = _judged(word, sheets)
            if judgement and judgement[0] is not True:
                place_end = place + len(word.text)
                shown = text[place:place_end]
                contradicted.append(Contradiction(place, place_end, shown, judgement[1]))
        earlier = own or earlier if text[start:end].strip() else earlier
    return contradicted


def _words(
    sentence: str,
    offset: int,
    told: Sequence[Stated],
    earlier: Sequence[Stated],
    sheets: Sequence[FactSheet],
) -> Iterator[tuple[int, _Word]]:
    """Yield each word that is about a fact, with its place; not of questions, quotes or plans.

    A difference that somebody confirmed was worked out the way that its clause says.
    """
    if sentence.rstrip().endswith("?"):
        return
    worked_out = [claim.start - offset for claim, fact, _ in told if formulas.is_formula(fact.name)]
    own = [each for each in told if not formulas.is_formula(each[1].name)]
    flat, taken = _flat(sentence), 0
    for kind, match in directions.find(flat):
        start, end = _clause(flat, match)
        before, after = flat[start : match.start()], flat[match.end() : end]
        if kind == "plan" or _PLAN.search(before + after):
            continue
        if kind in (UP, DOWN) and any(start <= place < end for place in worked_out):
            continue
        inner = re.search(rf"{_DENIED}\b", match[0], re.I) and kind in (UP, DOWN, RANK)
        denied = bool(_NOT.search(before) or _NOT_AFTER.match(after) or inner)
        word = _Word(kind, match[0], denied, before, after, sentence)
        inside = [each for each in own if start <= each[0].start - offset < end]
        ahead = [each for each in inside if taken <= each[0].start - offset < match.start()]
        taken, inside = match.end(), ahead or inside
        if _is_foreign(word, sheets[0], bool(inside)):
            continue
        about = _about(word, match.start() + offset, inside, own, earlier, sheets)
        if about:
            rival = _rival(flat[match.start() :], match.start() + offset, own)
            yield match.start() + offset, _evidenced(replace(word, rival=rival), about, own)


def _flat(sentence: str) -> str:
    """Return a sentence, as long as it was, without quotes and brackets, each number as `#`."""
    masked = _QUOTE.sub(lambda quote: " " * len(quote[0]), sentence)
    for claim in claims.find(masked):
        width = claim.end - claim.start
        masked = masked[: claim.start] + "#" * width + masked[claim.end :]
    return re.sub(r"\([^()]*\)", lambda part: " " * len(part[0]), masked)


def _evidenced(
    word: _Word, about: Sequence[tuple[Fact, FactSheet]], own: Sequence[Stated]
) -> _Word:
    """Return a word with what it is about, and what its sentence states of that."""
    numbers = {fact.number for _, fact, _ in own}  # one fact may have two names
    earlier = any(_before(fact, sheet) in numbers for fact, sheet in about)
    return replace(
        word,
        facts=tuple(about),
        is_stated=any(fact.number in numbers for fact, _ in about),
        tells_change=earlier or any(fact.unit == "groei" for _, fact, _ in own),
    )


def _rival(words: str, offset: int, own: Sequence[Stated]) -> Fact | None:
    """Return the number that follows `dan` in some words, up to a comma."""
    than = re.match(r"[^,;:]*?\bdan\b[^,;:]*", words)
    if than is None:
        return None
    start = offset + than[0].rindex("dan")
    behind = [fact for claim, fact, _ in own if start < claim.start < offset + than.end()]
    return behind[0] if behind else None


def _clause(sentence: str, match: re.Match[str]) -> tuple[int, int]:
    """Return the start and the end of the clause around a word."""
    edges = [edge.start() for edge in re.finditer(r"[,;:]|\b(?:maar|terwijl)\b", sentence)]
    starts = [edge for edge in edges if edge < match.start()]
    ends = [edge for edge in edges if edge >= match.end()]
    return (starts[-1] + 1 if starts else 0), (ends[0] if ends else len(sentence))


def _is_foreign(word: _Word, own: FactSheet, is_stated: bool) -> bool:
    """Whether what rose, fell or is many is no fact of a report: `de armoede in de wijk`."""
    clause = plain(word.clause)
    known = [statements.stems(label) for label in (*own.services, *own.roles)]
    known += [rf"\b{_MEASURE}", *(plain(re.escape(label.name)) for label in own.locations)]
    nouns = []
    if opening := _FIRST_NOUN.match(plain(word.before)):
        nouns.append(opening[1])
    following = _NEXT.match(plain(word.after))
    is_attribute = word.text.lower().endswith("ende")
    is_amount = re.search(r"(?:meer|minder|meeste|minste)$", word.text.lower())
    if following and (is_attribute or (is_amount and not re.match(_AFTER_MORE, following[1]))):
        nouns.append(following[1])
    if not word.before.strip() and (subject := _FIRST_NOUN.match(plain(word.after))):
        nouns.append(subject[1])  # `daalde de druk`
    elsewhere = not is_stated and statements.elsewhere(word.clause, own)
    is_other = any(not any(re.match(each, noun) for each in known) for noun in nouns)
    return is_other or (elsewhere and "dan" not in clause)


def _about(
    word: _Word,
    place: int,
    inside: Sequence[Stated],
    own: Sequence[Stated],
    earlier: Sequence[Stated],
    sheets: Sequence[FactSheet],
) -> list[tuple[Fact, FactSheet]]:
    """Return the facts that a word is about: in its clause, named there, or referred to."""
    pairs = _nearest(inside, place)
    if not pairs:
        pairs = [*_named(word, sheets)]
        keys = [parsed(fact.name)[1] for fact, _ in pairs if parsed(fact.name)[1]]
        beside = _nearest(own, place)
        pairs = [pair for pair in beside if parsed(pair[0].name)[1] in keys] or pairs
    if not pairs and (_NAMELESS.match(word.before) or word.before.strip().startswith("#")):
        pairs = _nearest(own or earlier, place)
    return pairs


def _nearest(stated: Sequence[Stated], place: int) -> list[tuple[Fact, FactSheet]]:
    ordered = sorted(stated, key=lambda each: abs(each[0].start - place))
    return [(fact, sheet) for _, fact, sheet in ordered]


def _named(word: _Word, sheets: Sequence[FactSheet]) -> Iterator[tuple[Fact, FactSheet]]:
    """Yield the counts of what the clause names: a service, a neighbourhood, all participants."""
    clause = plain(word.clause)
    own = sheets[0]
    without_than = re.sub(statements.THAN, " ", clause)
    scope = statements.place_in(without_than, own) or own.scope.slug
    sheet = next((each for each in sheets if each.scope.slug == scope), None)
    if sheet is None:
        return
    units = [
        unit for pattern, unit in statements.NOUNS if re.search(rf"\b{pattern}\b", without_than)
    ]
    slugs = statements.named(without_than, own)
    for fact in sheet.values():
        declaration, keys = parsed(fact.name)
        is_count = type(declaration.derivation) is Counted and not declaration.is_past
        if not is_count or fact.number is None:
            continue
        unit = units[0] if units else "deelnames"
        named = {*keys.values()} & {*slugs}
        if keys:
            is_named = len(keys) == len(named) and (fact.unit == unit or Each.HOME in keys)
        else:
            is_named = bool(not slugs and units) and fact.unit == unit
            is_named = is_named and _is_whole(declaration.name)
        if is_named:
            yield fact, sheet


def _is_whole(name: str) -> bool:
    return any(declared.total == name for declared in facts.DECLARED)


def _judged(word: _Word, sheets: Sequence[FactSheet]) -> Judgement | None:
    """Judge a word by the nearest fact that tells; None where it is about something else."""
    if word.kind in (UP, DOWN, SAME) and (against := _LIKE.search(plain(word.text + word.after))):
        fact, _ = word.facts[0]
        is_alike = word.rival and fact is not word.rival and fact.unit == word.rival.unit
        if word.rival and is_alike and (fact.unit == "groei" or not _GROWS.search(word.clause)):
            return _denied(word, _against(word.kind, fact, word.rival))
        interval = statements.time_in(against[1], sheets[0])
        word = _turned(word, sheets[0]) if interval == NOW else word
        compared = _compared(word, against[1], sheets)
        if compared is not None:
            return _denied(word, compared)
        if not interval:
            return None
    if word.kind in (*_PARTS, RANK):
        size = _size(word, sheets)
        return _denied(word, size) if size else None
    judge = _course if word.kind in _COURSE else _record if word.kind == "record" else _trend
    alike: list[str] = []
    told: Judgement | None = None
    for fact, sheet in word.facts:
        name = parsed(fact.name)[0].name
        judgement = judge(word, fact, sheet) if not alike or name in alike else None
        if judgement:
            alike.append(name)
            told = judgement = _denied(word, judgement)
            if judgement[0] is not True:
                return judgement
    if told:
        return told
    return (None, UNTOLD) if any(sheet is sheets[0] for _, sheet in word.facts) else None


def _turned(word: _Word, own: FactSheet) -> _Word:
    """Return a word that compares the period before with this one, as if it were told of this."""
    opening = plain(f"{word.before}{word.text}")
    turned = {UP: DOWN, DOWN: UP} if statements.time_in(opening, own) == BEFORE else {}
    return replace(word, kind=turned.get(word.kind, word.kind))


def _denied(word: _Word, judgement: Judgement) -> Judgement:
    agrees, message = judgement
    return (agrees if agrees is None else agrees != word.denied), message


def _course(word: _Word, fact: Fact, sheet: FactSheet) -> Judgement | None:
    name = kin(fact.name, Course)
    if not name:
        return None
    course = sheet[name]
    if course.value is None:
        return None, _unknown(course)
    if course.value == "onzeker":
        return None, "Er zijn te weinig deelnames om te zeggen of dit op koers is."
    return course.value in _COURSE[word.kind], f"Volgens de cijfers is dit {course.text}."


def _record(_: _Word, fact: Fact, sheet: FactSheet) -> Judgement | None:
    before = _before(fact, sheet)
    if before is None or fact.number is None or before < fact.number:
        return None, UNTOLD
    return False, f"In de basisperiode waren het er {formats.number(before)}."


def _before(fact: Fact, sheet: FactSheet) -> float | None:
    """Return what a count was in the period before; None where it is not known, or is that one."""
    base = kin(fact.name, Counted, when=When.BASELINE)
    return sheet[base].number if base and base != fact.name else None


def _size(word: _Word, sheets: Sequence[FactSheet]) -> Judgement | None:
    """Judge a part of a whole, or the place in an order, by the fact that the clause is about."""
    for fact, sheet in (*word.facts, *_named(word, sheets), *_shares(word, sheets[0])):
        _, keys = parsed(fact.name)
        if fact.number is None:
            continue
        share = _share(fact, sheet)
        if share is not None and _FAR.search(word.clause):
            share = 1 - share
        ranked = _rank(word, fact, sheet, sheets) if keys and word.kind == RANK else None
        if share is None and ranked is None:
            continue
        part = "majority" if _is_largest(word) else word.kind
        if share is not None and part in _PARTS and not ranked:
            low, high = _PARTS[part]
            low = 0.9 if word.kind == "every" and "bijna" in word.before.lower() else low
            return low <= share <= high, f"Volgens de cijfers is dit deel {formats.percent(share)}."
        if ranked is not None:
            return ranked, "Volgens de cijfers staat het op een andere plaats."
    return None


def _shares(word: _Word, own: FactSheet) -> Iterator[tuple[Fact, FactSheet]]:
    """Yield the shares without a key of which the clause has the words."""
    clause = plain(word.clause)
    for fact in own.values():
        declaration, keys = parsed(fact.name)
        if isinstance(declaration.derivation, Share) and not keys and declaration.words:
            near = any(each.kind == NEAR for each in declaration.derivation.portion.of.conditions)
            if re.search(declaration.words, clause) or (near and _FAR.search(clause)):
                yield fact, own


def _share(fact: Fact, sheet: FactSheet) -> float | None:
    declaration, _ = parsed(fact.name)
    if isinstance(declaration.derivation, Share):
        return fact.number
    total = sheet[declaration.total].number if declaration.total else None
    return fact.number / total if total and fact.number is not None else None


def _is_largest(word: _Word) -> bool:
    return word.kind == RANK and _place(word) == 0


def _place(word: _Word) -> int:
    return next(place for pattern, place in _PLACES if re.search(pattern, word.text.lower()))


def _rank(word: _Word, fact: Fact, sheet: FactSheet, sheets: Sequence[FactSheet]) -> bool | None:
    """Whether a fact is at the place that is said; of a list of facts, whether all are about it."""
    declaration, _ = parsed(fact.name)
    behind = re.search(r"\bna (.*)", plain(word.before))
    passed = statements.named(behind[1], sheet) if behind else []
    alike = [
        sheet[name].number
        for name in sheet
        if parsed(name)[0] is declaration and not {*parsed(name)[1].values()} & {*passed}
    ]
    if _OF_ALL_PLACES.search(word.after) and not sheet.is_city:
        alike = [each[fact.name].number for each in sheets if not each.is_city]
    numbers = sorted((number for number in alike if number is not None), reverse=True)
    place = _place(word)
    if len(numbers) <= place:
        return None
    listed = [each.number for each, _ in word.facts if parsed(each.name)[0] is declaration]
    ends = numbers[-len(listed) :] if place < 0 else numbers[: len(listed)]
    is_list = place < 1 and sorted(filter(None, listed), reverse=True) == ends
    return fact.number == numbers[place] or is_list


def _compared(word: _Word, against: str, sheets: Sequence[FactSheet]) -> Judgement | None:
    """Judge `more than` another place or service by its number."""
    place = statements.place_in(against, sheets[0], from_end=False)
    slugs = statements.named(against, sheets[0])
    is_growth = _GROWS.search(word.clause)
    for fact, sheet in word.facts:
        number, counterpart = fact.number, _counterpart(fact, sheet, place, slugs, sheets)
        if counterpart and is_growth and fact.unit != "groei":
            number, counterpart = _change_of(fact, sheet), _growth_of(fact, place, sheets)
        if counterpart is None or number is None:
            continue
        return _against(word.kind, replace(fact, value=number), counterpart)
    return None


def _against(kind: str, fact: Fact, counterpart: Fact) -> Judgement:
    if fact.number is None or counterpart.number is None:
        return None, _unknown(counterpart)
    difference = fact.number - counterpart.number
    agrees = {UP: difference > 0, DOWN: difference < 0, SAME: not difference}[kind]
    return agrees, f"Volgens de cijfers is het daar {counterpart.text}."


def _counterpart(
    fact: Fact, sheet: FactSheet, place: str, slugs: Sequence[str], sheets: Sequence[FactSheet]
) -> Fact | None:
    """Return the same fact of another place, or of another service."""
    declaration, keys = parsed(fact.name)
    if place and place != keys.get(Each.LOCATION, sheet.scope.slug):
        if Each.LOCATION in keys:
            return sheet[declaration.formed({**keys, Each.LOCATION: place})]
        other = next((each for each in sheets if each.scope.slug == place), None)
        return other[fact.name] if other else None
    for slug in slugs:
        for blank in (Each.SERVICE, Each.HOME, Each.ROLE):
            if blank in keys and keys[blank] != slug:
                name = declaration.formed({**keys, blank: slug})
                if name in sheet.facts:
                    return sheet[name]
    return None


def _change_of(fact: Fact, sheet: FactSheet) -> float | None:
    growth = kin(fact.name, Growth, GrowthPerMonth)
    if growth:
        return sheet[growth].number
    return _change(fact, sheet)


def _growth_of(fact: Fact, place: str, sheets: Sequence[FactSheet]) -> Fact | None:
    """Return the change of the same count at another place."""
    subject = parsed(fact.name)[0].subject
    for sheet in sheets:
        for name in sheet if sheet.scope.slug == place and subject else ():
            declaration, keys = parsed(name)
            its = declaration.subject
            is_alike = its and subject and its.of == subject.of and not keys
            if is_alike and declaration.unit == "groei":
                return sheet[name]
    return None


def _trend(word: _Word, fact: Fact, sheet: FactSheet) -> Judgement | None:
    growth = kin(fact.name, Growth, GrowthPerMonth)
    if growth in sheet.facts:
        return _growth(word, sheet[growth], sheet[kin(fact.name, Verdict, PeopleVerdict)])
    change = fact.number if fact.unit == "groei" else _change(fact, sheet)
    if change is None:
        return None
    return _agrees(word, change), _changed(formats.change(change))


def _growth(word: _Word, growth: Fact, verdict: Fact) -> Judgement:
    """Judge by numbers what stands beside them; else, and what is surely so, by the verdict."""
    telling = verdict if word.kind in _TRENDS else growth
    if telling.value is None:
        return None, _unknown(telling)
    number = growth.number or 0
    degree = _degree(word)
    is_unsure = word.kind in (UP, DOWN) and _UNSURE.search(word.sentence) and not word.denied
    is_sure = _SURE.search(word.sentence) and not is_unsure
    stands_beside = word.tells_change or (word.is_stated and not degree)
    is_told = stands_beside or is_unsure or degree is _SMALL
    if word.kind in _TRENDS and (is_sure or not is_told or verdict.value != UNCLEAR):
        if verdict.value != _TRENDS[word.kind]:
            return False, _TOLD[str(verdict.value)]
        if not degree:
            return True, _TOLD[str(verdict.value)]
    return _moved(
        word, number, degree, is_unsure or (word.tells_change and not word.denied)
    ), _changed(growth.text)


def _moved(word: _Word, change: float, degree: re.Pattern[str] | None, is_any: object) -> bool:
    """Whether numbers moved as a word says: as far as its degree asks, or so far that it shows."""
    if word.kind == SAME:
        return abs(change) < _BIG_FROM
    least = _PLAIN_FROM if word.denied else 0.0 if is_any or word.kind == TIMES else _MOVED
    low, high = next((edges for pattern, *edges in _DEGREES if pattern is degree), (least, 99.0))
    return low <= abs(change) <= high and _agrees(word, change)


def _degree(word: _Word) -> re.Pattern[str] | None:
    clause = word.clause
    return next((pattern for pattern, *_ in reversed(_DEGREES) if pattern.search(clause)), None)


def _agrees(word: _Word, change: float) -> bool:
    if word.kind == TIMES:
        times = _times(word.text.lower())
        opening = word.before[-7:].lower()
        low = times if "ruim" in opening else times * _LESS
        high = times if "bijna" in opening else times * _MORE
        return low <= 1 + change <= high
    sign = "meer" if change > 0 else "minder" if change < 0 else "geen duidelijk verschil"
    return sign == _TRENDS[word.kind]


def _times(text: str) -> float:
    """Return the number in a word.

    >>> _times("verviervoudigd"), _times("gehalveerd")
    (4.0, 0.5)
    """
    if "halve" in text:
        return 0.5
    number = re.search(r"ver(\w+)voudig", text)
    return float(claims.find(f"{number[1]} mensen")[0].value) if number else 2.0


def _change(fact: Fact, sheet: FactSheet) -> float | None:
    """Return the change that a count and its baseline tell together."""
    before = _before(fact, sheet)
    return fact.number / before - 1 if before and fact.number is not None else None


def _changed(change: str) -> str:
    return f"Volgens de cijfers is de verandering {change}."


def _unknown(fact: Fact) -> str:
    if fact.withheld:
        return "Dat is niet te zeggen: het cijfer is achtergehouden om herkenning te voorkomen."
    return f"Dat is niet te zeggen: {fact.missing[:1].lower()}{fact.missing[1:]}"
