"""Statements: what a sentence says of a number in it, whatever the number is.

A statement is derived from the sentence each time. A confirmation keeps the one that it was given
for: where another follows from the sentence later, the number is open again.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from msgspec import Struct
from msgspec.structs import asdict

from bwk import facts, formats
from bwk.facts import FactSheet, Label
from bwk.facts.declared import CHANGED, PERSONS, TIMES
from bwk.facts.expressions import PARTICIPANTS, Each
from bwk.formats import plain
from bwk.narrative import claims, directions, sentences
from bwk.narrative.candidates import Candidate
from bwk.narrative.claims import Claim
from bwk.narrative.grammar import rows
from bwk.narrative.wording import patterns, said

NOW, BEFORE, AHEAD = "de periode", "de periode ervoor", "verwacht"
WIDE = (PERSONS, TIMES, CHANGED)  # words that stand with many facts
_TELLING = 4  # letters of a verb, by which it is known without its ending
_LINKS = {"en", "de", "het", "naar", "voor", "van", "omgeving", "individuele", "actieve", "t"}
_OTHER_PLACE = re.compile(
    r"\b(?:[Ii]n|[Bb]ij|[Nn]aar) (?=[A-Z])((?:[A-Z][\w'’]+|de|van|voor)(?: (?=[A-Z]))?)+"
)
_DUTCH = """
place     plek
time      tijd
unit      eenheid
quality   soort
subjects  onderwerp
whole     deel_van
rate      per
against   vergeleken_met
direction richting
topics    woorden
"""  # the names in the file


class Statement(
    Struct,
    frozen=True,
    omit_defaults=True,
    rename=dict(rows(_DUTCH)),
):
    """What a sentence says of a number, in words; empty where it does not say.

    Attributes
    ----------
    place, time : str
        The slug of a location or of the city, or the name of another place; an interval.
    unit, quality : str
        What is counted, and the adjective with it.
    subjects : tuple of str
        The slugs of services, roles, neighbourhoods and partners beside the number.
    whole, rate : str
        What a share is a share of; `maand` where it is a number per month.
    against : str
        The place or interval that it is compared with.
    direction : str
        Whether it went up or down.
    topics : tuple of str
        The declared facts of which the clause has the words.
    """

    place: str = ""
    time: str = NOW
    unit: str = ""
    quality: str = ""
    subjects: tuple[str, ...] = ()
    whole: str = ""
    rate: str = ""
    against: str = ""
    direction: str = ""
    topics: tuple[str, ...] = ()

    def differs(self, other: "Statement", but: Collection[str] = ()) -> tuple[str, str] | None:
        """Return what is said now and what the other says, in the first thing that differs."""
        mine, theirs = asdict(self), asdict(other)
        for name, value in mine.items():
            if value != theirs[name] and name not in but:
                current, before = (
                    each if isinstance(each, str) else ", ".join(each)
                    for each in (value, theirs[name])
                )
                return current or "niets", before or "niets"
        return None


# Words, and whether what is named last in them is the nearest to a claim.
Parts = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Context:
    """The words around a claim: its sentence in two parts, the text above it, and its heading.

    `nearby` and `following` are those up to a comma or another number; `is_last` tells that no
    number comes after it in its sentence.
    """

    before: str
    after: str
    above: str
    heading: str
    nearby: str
    following: str
    cased: str
    is_last: bool

    @property
    def sentence(self) -> str:
        """The sentence, with the claim as `#`."""
        return f"{self.before.rstrip()} # {self.after.lstrip()}"

    @property
    def clause(self) -> str:
        """What stands around the claim up to a comma or another number."""
        return f"{self.nearby.rstrip()} # {self.following.lstrip()}"

    @property
    def near(self) -> Parts:
        """What stands nearest to the claim before it, and after it."""
        following = said("another_part").split(self.following)[0]
        return (self.nearby, True), (following, False)


@lru_cache(maxsize=4096)
def context(text: str, claim: Claim) -> Context:
    """Return the words around a claim, plain and in small letters."""
    start, end = sentences.around(text, claim.start, claim.end)
    blocks = [text.rfind(mark, 0, claim.start) + 1 for mark in ("\n\n", "\n- ")]
    headings = re.findall(r"^#+ +(.+)$", text[: claim.start], re.MULTILINE)
    # `Twee of meer diensten` is what is counted: no other number.
    numbers = [
        number for number in claims.find(text) if not said("or_more").match(text, number.end)
    ]
    later = [number.start for number in numbers if claim.end <= number.start < end]
    earlier = [number.end for number in numbers if start < number.end <= claim.start]
    earlier += [mark.end() for mark in _MARK.finditer(text, start, claim.start)]
    with_words = [edge for edge in earlier if re.search(r"\w", text[edge : claim.start])]
    marks = [mark.start() for mark in _MARK.finditer(text, claim.end, end)]
    nearby = text[max([start, *with_words]) : claim.start]
    following = text[claim.end : min([end, *later, *marks])]
    return Context(
        before=plain(text[start : claim.start]),
        after=plain(text[claim.end : end]),
        above=plain(text[max(blocks) : start]),
        heading=plain(headings[-1]) if headings else "",
        nearby=plain(nearby),
        following=plain(following),
        cased=f"{nearby} # {following}",
        is_last=not later,
    )


_MARK = re.compile(r"[,;:()]")


def derive(text: str, claim: Claim, own: FactSheet) -> Statement:
    """Derive what a sentence says of a claim in it, in the report of a sheet."""
    words = context(text, claim)
    unit, quality = counted(words, own)
    against = (
        place_in(than, own) or time_in(than, own) for than in said("than").findall(words.clause)
    )
    sent_on = [  # with the way in which people were sent
        f"{sent(words.sentence, label)} {label.name}"
        for label in own.partners
        if re.search(called_by(label), words.clause)
    ]
    return Statement(
        place=place(words, own),
        time=time(words, own),
        unit=unit,
        quality=quality,
        subjects=tuple(sorted({*named(words.clause, own), *sent_on})),
        whole=share_of(words, own) if claim.kind == "share" else "",
        rate=rate(words),
        against=next(against, ""),
        direction=directions.of(words.clause),
        topics=tuple(topics(words.clause)),
    )


def sent(sentence: str, partner: Label) -> str:
    """Return whether people were sent `naar` a partner, or came `van` it."""
    name = re.escape(plain(partner.name))
    to_partner = (
        rf"\b(?:naar|aan|bij|contact met) (?:de |het )?{name}|{name}\w* (?:kreeg|ontving)|"
        r"\bvan ons\b"
    )
    return "naar" if re.search(to_partner, sentence) else "van"


def topics(words: str) -> list[str]:
    """Return the declared facts that narrow what is counted, and of which some words are there."""
    return [
        declared.name
        for declared in facts.DECLARED
        if declared.words not in ("", *WIDE) and re.search(declared.words, words)
    ]


def place(words: Context, own: FactSheet) -> str:
    """Return where a number was counted: as the clause says, the sentence, or what is above it."""
    if said("nowhere").search(words.sentence) and (slug := place_in(words.sentence, own)):
        return slug
    named = (
        _named_in(words.near, place_in, own)
        or elsewhere(words.cased, own)
        or _named_in(((words.before, True), (_whole(words), False)), place_in, own)
    )
    if named or (own.is_city and said("both").search(words.sentence)):
        return named or own.scope.slug
    reported = {facts.CITY, *(label.slug for label in own.locations)}
    above = (place_in(part, own) for part in (words.above, words.heading))
    return next((slug for slug in above if slug in reported), own.scope.slug)


def _whole(words: Context) -> str:
    """Return what follows a number, without what is told of a part of it."""
    return said("part_of").split(words.after)[0]


def _named_in(parts: Parts, find: Callable[[str, FactSheet, bool], str], own: FactSheet) -> str:
    """Return what is named nearest to a claim, but for what it is only compared with."""
    named = (find(said("likened").sub(" ", part), own, from_end) for part, from_end in parts)
    return next(filter(None, named), "")


def elsewhere(words: str, own: FactSheet) -> str:
    """Return the place that some words name with its capital and that has another name."""
    match = _OTHER_PLACE.search(words)
    if match is None or _is_label(match[0], own):
        return ""
    name = match[0].split(" ", 1)[1].strip()
    labels = (own.scope, *own.locations)
    return next((label.slug for label in labels if plain(name) in plain(label.name)), name)


def _is_label(words: str, own: FactSheet) -> bool:
    name = plain(words.split(" ", 1)[1])
    homes = [plain(label.name) for label in own.neighbourhoods]
    if words.lower().startswith("naar") and name in homes:
        return False
    labels = (*own.services, *own.roles, *own.neighbourhoods, *own.partners, *own.domains)
    patterns = [pattern for label in labels for pattern in (stems(label), called_by(label)[2:])]
    return bool(re.match("|".join(formats.MONTHS), name) or re.search("|".join(patterns), name))


def place_in(words: str, own: FactSheet, from_end: bool = True) -> str:
    """Return the place that is named last in some words, or first; empty where none is."""
    full = tuple(plain(label.name) for label in own.locations)
    names = [
        (name, label.slug)
        for label in own.locations
        for name in (label.name, label.group, *_shortened(plain(label.name), full))
    ]
    names.append((own.programme.get("city", ""), facts.CITY))
    if not said("at_home").search(words):  # where people live
        names += [(name, name) for name in own.not_reported]
    by_us = said("by_us").pattern
    marks = [
        (said("ours").pattern, own.scope.slug),
        (rf"{said('city').pattern}(?:{by_us})?", facts.CITY),
    ]
    for name, slug in names:
        called = rf"{re.escape(plain(name))}(?!\w)"
        if name:
            marks.append((rf"\b(?:in|bij|samen met) {called}{by_us}|\b{called}", slug))
    return _outermost(words, marks, from_end)


@cache
def _shortened(name: str, names: tuple[str, ...]) -> list[str]:
    """Return a name of three words or more without its first or last, where no other has that.

    >>> _shortened("plek 1 oost", ("plek 1 oost", "plek 2 oost"))
    ['plek 1', '1 oost']
    """
    words = name.split()
    parts = [words[:-1], words[1:]] if len(words) > 2 else []
    whole = [" ".join(part) for part in parts if not {part[0], part[-1]} & _LINKS]
    return [part for part in whole if sum(part in other for other in names) == 1]


def _outermost(words: str, marks: Iterable[tuple[str, str]], from_end: bool) -> str:
    """Return what the last, or first, of some patterns in words stands for that is in no other."""
    spans = [
        (match.start(), match.end(), meaning)
        for pattern, meaning in marks
        for match in re.finditer(pattern, words)
    ]
    if not spans:
        return ""
    start, end, _ = (max if from_end else min)(spans, key=lambda span: span[:2])
    around = [span for span in spans if span[0] <= start and end <= span[1]]
    return max(around, key=lambda span: span[1] - span[0])[2] or words[start:end]


def time(words: Context, own: FactSheet) -> str:
    """Return when a number was counted, as the clause says, or the sentence before it."""
    if re.search(r"\bvan (?:\w+ )?$", words.before) and re.search(r"^\W*\w* ?naar\b", words.after):
        return BEFORE
    if words.before.endswith("naar "):
        return NOW
    this_year = own.period.calendar_year
    whole_year = f"heel {this_year.label}"
    is_ahead = bool(said("ahead").search(words.clause))
    if not is_ahead and re.search(rf"\b{whole_year}\b", words.clause):
        is_ahead = own.period.last < this_year.last and not said("past").search(words.clause)
        if not is_ahead:
            return whole_year
    if is_ahead or said("if_so").search(words.before):
        return AHEAD
    after = words.after if words.is_last else ""
    parts = (*words.near, (words.before, True), (after, False))
    return _named_in(parts, time_in, own) or NOW


def time_in(words: str, own: FactSheet, from_end: bool = True) -> str:
    """Return the interval that is named last in some words, or first; empty where none is."""
    return _outermost(words, _intervals(own), from_end)


def _intervals(own: FactSheet) -> Iterator[tuple[str, str]]:
    """Yield patterns of words for an interval, those of no other first; of itself where empty.

    A year that both periods are in says neither.
    """
    yield said("as_then").pattern, "" if _is_year_ago(own) else "vorig jaar om deze tijd"
    yield said("back").pattern, BEFORE
    yield said("already").pattern, NOW
    yield said("now").pattern, NOW
    years = {str(period.last.year) for period in (own.period, own.baseline)}
    for period, interval in ((own.period, NOW), (own.baseline, BEFORE)):
        for label in (plain(period.label), plain(period.months_label)):
            opening = re.sub(r"(?: van)? \d{4}$", "", label)
            yield rf"\b{opening}(?: van (?:het|dit) jaar| van {period.last.year}|)\b", interval
            yield re.escape(label), interval
        if len(years) > 1:
            yield rf"\b{period.last.year}\b", interval
    yield said("other_time").pattern, ""


def _is_year_ago(own: FactSheet) -> bool:
    before, current = own.baseline.first, own.period.first
    return (before.month, before.year + 1) == (current.month, current.year)


def counted(words: Context, own: FactSheet) -> tuple[str, str]:
    """Return what is counted by the noun after a claim, and the adjective with it."""
    after = re.sub(
        r"^\s*(?:van (?:de|onze|alle) )?(?:\W*(?:allemaal|stuk voor stuk) )?", "", words.after
    )
    unit, adjectives = _noun(r"^(?:(\w+e) )??(?:(\w+e) )??", after, own)
    if not unit:
        unit, adjectives = _noun(r"\baantal (?:(\w+e) )?", words.nearby, own)
    if unit:
        narrowing = [word for word in adjectives if word and not said("neutral").search(word)]
        return unit, " ".join(narrowing)
    rest = re.sub(r"^(?:\w+e (?=.*\w)){0,2}", "", after)
    word = re.match(r"[\w-]+", rest)
    if word is None or directions.find(word[0]) or said("inverted").search(rest):
        return "", ""
    return ("" if said("no_noun").search(after) else word[0]), ""


def _noun(opening: str, words: str, own: FactSheet) -> tuple[str, Sequence[str | None]]:
    """Return what a noun after an opening counts, and the groups of the opening."""
    nouns = _nouns(own)
    pattern = "|".join(f"({noun})" for noun, _ in nouns)
    match = re.search(rf"{opening}(?:{pattern})\b", words)
    if match is None:
        return "", ()
    groups = match.groups()
    units = zip(groups[-len(nouns) :], nouns, strict=True)
    return next(unit for text, (_, unit) in units if text), groups[: -len(nouns)]


def _nouns(own: FactSheet) -> list[tuple[str, str]]:
    """Return patterns of nouns, and what each counts: those of roles count who hold them."""
    roles = [label for label in own.roles if label.slug != PARTICIPANTS]
    return [*((rf"{stems(label)}\w*", label.slug) for label in roles), *units()]


def units() -> list[tuple[str, str]]:
    """Return the patterns of nouns after a number, and the unit of what each counts."""
    return [(noun.pattern, unit) for unit, noun in patterns("said", "unit")]


def share_of(words: Context, own: FactSheet) -> str:
    """Return what a share is a share of: a unit, a role, or the noun itself."""
    whole = said("of_whole").pattern
    after, _ = _noun(rf"^\s*{whole}", words.after, own)
    before, _ = _noun(whole, re.split("[,;:]", words.before)[-1], own)
    return after or before or _noun(r"^\s*", words.after, own)[0]


def rate(words: Context) -> str:
    """Return per what a number is: `maand`, `week`; empty where it is a total."""
    match = said("rate").search(words.clause) or said("each_time").search(words.nearby)
    match = match or re.match(rf"\W*{said('rate').pattern}", words.before)
    return next(filter(None, match.groups()), "") if match else ""


def named(words: str, own: FactSheet) -> list[str]:
    """Return the slugs of the services, roles, neighbourhoods and partners that are named."""
    patterns = [(label, stems(label)) for label in (*own.services, *own.roles)]
    patterns += [(label, called_by(label)) for label in (*own.neighbourhoods, *own.partners)]
    return [
        label.slug
        for label, pattern in patterns
        if label.slug != PARTICIPANTS and re.search(pattern, words)
    ]


@cache
def called_by(label: Label) -> str:
    """Return a pattern of the name of a neighbourhood or a partner."""
    return rf"\b{re.escape(plain(label.name))}"


def subjects(candidate: Candidate) -> list[str]:
    """Return for each key in a fact's name a pattern of the words that stand for it."""
    return [
        called_by(label) if blank in (Each.PARTNER, Each.HOME) else stems(label)
        for blank, label in candidate.labels.items()
        if blank not in (Each.LOCATION, Each.HALF_YEAR)
    ]


@cache
def stems(label: Label) -> str:
    """Return a pattern of the stems of a key: one of `formulieren` and `formulierenbrigade`."""
    words = set(re.findall(r"[a-z]{3,}", plain(f"{label.name} {label.slug}"))) - _LINKS
    if not words:  # a name as short as `D1`
        return rf"\b{re.escape(plain(label.name))}\b"
    shortened = sorted(word[: min(7, max(4, len(word) - 3))] for word in words)
    done = sorted(_done(word) for word in words if re.fullmatch(r"[a-z]{3,5}en", word))
    forms = [f"ge{stem}" for stem in done] + [stem for stem in done if len(stem) >= _TELLING]
    return rf"\b(?:{'|'.join([*shortened, *forms])})"


def _done(verb: str) -> str:
    """Return the stem of a verb, as in its participle.

    >>> _done("koken"), _done("klussen")
    ('kook', 'klus')
    """
    stem = verb.removesuffix("en")
    if stem[-1] == stem[-2]:
        return stem[:-1]
    return re.sub(r"(?<![aeiou])([aeou])(?=[a-z]$)", r"\1\1", stem)
