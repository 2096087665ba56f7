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
from bwk.narrative import claims, directions, grammar, sentences
from bwk.narrative.candidates import Candidate
from bwk.narrative.claims import Claim
from bwk.narrative.grammar import rows

NOW, BEFORE, AHEAD = "de periode", "de periode ervoor", "verwacht"
NOUNS = (  # the noun after a number, and the unit of what it counts
    (
        r"(?:mens\w*|personen|persoon|\w*deelne(?:mer|emster)s?|bezoekers?|\w*bewoners?|leden|lid|"
        r"gast(?:en)?|gezichten|buren|klant(?:en)?|\w+genoten)",
        "personen",
    ),
    (r"(?:\w*deelnames?|keer|maal|bezoek(?:en)?|vra(?:ag|gen)|deelgenomen)", "deelnames"),
    (r"(?:door)?verw[ie]\w*", "verwijzingen"),
    (r"(?:locaties?|(?:buurt)?(?:werk)?kamers?)", "locaties"),
)
NEUTRAL = (  # adjectives that narrow nothing: those that only tell apart, and praise
    r"(?:verschillende?|unieke?|individuele?|actieve?|andere|hele|vele|losse|de|meeste|minste|"
    r"enthousiaste|gemotiveerde|hardwerkende|fijne|lieve|leuke|mooie|"
    r"prachtige|geweldige|fantastische|onmisbare|gewaardeerde)"
)
_FUNCTION = (  # words after a claim that are no noun, beside those of the grammar
    r"(?:daarvan|meer|minder|hoger|lager|groter|kleiner|waarvan|verwacht|toe|af|allemaal|gegroeid|"
    r"gestegen|gedaald|uit|kom|w[io]+n|gebruik|halen|groot|klein|nieuw|vorig|half|afgelopen|hoort|"
    r"horen|toegenomen|afgenomen|doe|is|ging|gaan|stuks)"
)
WIDE = (PERSONS, TIMES, CHANGED)  # words that stand with many facts
_TELLING = 4  # letters of a verb, by which it is known without its ending
_LINKS = {"en", "de", "het", "naar", "voor", "van", "omgeving", "individuele", "actieve", "t"}
THAN = (
    r"\b(?:dan|als|vergeleken met|ten opzichte van|in tegenstelling tot|tegenover)\b[^,;:.()#]*+|"
    r"\b(?:bl(?:ijf|e+f|ijv)\w*|la+t|liet\w*) (?:\w+ ){1,4}?(?:voor|achter zich)\b(?! \w+e?n\b)"
)
_NOWHERE = r"\b(?:nergens|geen (?:plek|locatie|kamer))\b"
_LIKENED = rf"{THAN}(?! ?\($)"  # but not what a number between brackets is of
SOUGHT = r"\b(?:we|wij) zoeken\b|\bzoek(?:en|t) (?:we|wij|nog)\b|\bop zoek naar\b"  # not yet there
_RATE = r"\bper (week|dag|maand|keer|jaar|uur|persoon|deelnemer)\b|\b(week|dag|maand|jaar)elijks"
_EACH_TIME = r"\b(?:elke|iedere) (week|dag|maand|keer)\b"
_OWN = r"\b(?:wij|we|ons|onze|hier)\b"
_CITY = r"\b(?:stadsbreed|(?:de )?hele stad|in de stad|alle locaties)\b|^\W*de stad\b"
_SAID_BY_US = r" \w+ (?:wij|we)\b"  # `in de stad telden we`: who tells it, not where
_OTHER_PLACE = re.compile(
    r"\b(?:[Ii]n|[Bb]ij|[Nn]aar) (?=[A-Z])((?:[A-Z][\w'’]+|de|van|voor)(?: (?=[A-Z]))?)+"
)
_BACK = (
    r"\bvorige? (?:half ?jaar|jaar|periode|keer)\b|\bbasisperiode\b|\b(?:half ?)?jaar "
    r"(?:geleden|eerder)\b|\b(?:ervoor|daarvoor|destijds|voorheen|toen|"
    r"(?<!het )eerst(?! (?:zelf|deelnem|bezoek)))\b"
)
_ALREADY = r"\bvorige? (?:half ?jaar|jaar|periode|keer) ook al\b"  # it tells who came now
_AS_THEN = r"\bvorige? jaar (?:om|rond|in) (?:deze|dezelfde)\b"
_AHEAD = (
    r"\bverwacht|\bprognose|\b(?:zal|zullen)\b|\beind(?:e)? (?:van (?:het|dit) jaar|\d)|"
    r"\bkom(?:t|en) [^#]*\bjaar uit op|\bop # (?:\w+ )?uitkom"
)
_PAST = (
    r"\b(?:had(?:den)?|was|waren|kwam(?:en)?|telden?|deden?|zagen|kregen|trok(?:ken)?|hielpen)\b"
)
_IF_SO = r"\b(?:als|wanneer) [^,#]*\b(?:door|zo|blijf\w*)\w*\b[^,#]*,"
_AS_NOW = (
    r"\bnu\b|\bdit (?:half ?)?jaar\b|\bdeze periode\b|\binmiddels\b|\bmomenteel\b|"
    r"\bafgelopen (?:half ?jaar|periode)\b"
)
_OTHER_TIME = (
    r"(?<!\d)(?:19|20)\d\d\b(?![.,]\d)|\b(?:eerste|tweede|derde|vierde) (?:helft|kwartaal)\b"
    r"(?: van (?:het |dit )?(?:\d{4}|\w*jaar))?|"
    rf"\bin (?:de maand )?(?:{'|'.join(formats.MONTHS)})\b(?: \d{{4}})?"
)
_WHOLE = r"\bvan (?:al )?(?:alle|de|het|onze|ons|hun|het aantal|in totaal)? ?"


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
        following = re.split(r"\b(?:en|maar|tegen)\b", self.following)[0]
        return (self.nearby, True), (following, False)


@lru_cache(maxsize=4096)
def context(text: str, claim: Claim) -> Context:
    """Return the words around a claim, plain and in small letters."""
    start, end = sentences.around(text, claim.start, claim.end)
    blocks = [text.rfind(mark, 0, claim.start) + 1 for mark in ("\n\n", "\n- ")]
    headings = re.findall(r"^#+ +(.+)$", text[: claim.start], re.MULTILINE)
    # `Twee of meer diensten` is what is counted: no other number.
    numbers = [number for number in claims.find(text) if not _OR_MORE.match(text, number.end)]
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
_OR_MORE = re.compile(r"(?: \w+)? of (?:meer|minder)\b")


def derive(text: str, claim: Claim, own: FactSheet) -> Statement:
    """Derive what a sentence says of a claim in it, in the report of a sheet."""
    words = context(text, claim)
    unit, quality = counted(words, own)
    against = (place_in(than, own) or time_in(than, own) for than in re.findall(THAN, words.clause))
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
    if words.nearby.lstrip().startswith("waar ") and (slug := place_in(words.before, own)):
        return slug
    if re.search(_NOWHERE, words.sentence) and (slug := place_in(words.sentence, own)):
        return slug
    named = (
        _named_in(words.near, place_in, own)
        or elsewhere(words.cased, own)
        or _named_in(((words.before, True), (_whole(words), False)), place_in, own)
    )
    if named or (own.is_city and re.search(r"\b(?:samen|beide)\b", words.sentence)):
        return named or own.scope.slug
    reported = {facts.CITY, *(label.slug for label in own.locations)}
    above = (place_in(part, own) for part in (words.above, words.heading))
    return next((slug for slug in above if slug in reported), own.scope.slug)


def _whole(words: Context) -> str:
    """Return what follows a number, without what is told of a part of it."""
    return re.split(r"\b(?:(?:van|onder) wie|waarvan)\b", words.after)[0]


def _named_in(parts: Parts, find: Callable[[str, FactSheet, bool], str], own: FactSheet) -> str:
    """Return what is named nearest to a claim, but for what it is only compared with."""
    named = (find(re.sub(_LIKENED, " ", part), own, from_end) for part, from_end in parts)
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
    if not re.search(r"\b(?:uit|woon\w*|wonen\w*)\b", words):  # where people live
        names += [(name, name) for name in own.not_reported]
    marks = [(_OWN, own.scope.slug), (rf"(?:{_CITY})(?:{_SAID_BY_US})?", facts.CITY)]
    for name, slug in names:
        called = rf"{re.escape(plain(name))}(?!\w)"
        if name:
            by_us = rf"\b(?:in|bij|samen met) {called}{_SAID_BY_US}"
            marks.append((rf"{by_us}|\b{called}", slug))
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
    ahead, whole_year = _AHEAD, rf"\bheel {this_year.label}\b"
    if own.period.last < this_year.last and not re.search(_PAST, words.clause):
        ahead += f"|{whole_year}"
    elif re.search(whole_year, words.clause) and not re.search(_AHEAD, words.clause):
        return f"heel {this_year.label}"
    if re.search(ahead, words.clause) or re.search(_IF_SO, words.before):
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
    yield _AS_THEN, "" if _is_year_ago(own) else "vorig jaar om deze tijd"
    yield _BACK, BEFORE
    yield _ALREADY, NOW
    yield _AS_NOW, NOW
    years = {str(period.last.year) for period in (own.period, own.baseline)}
    for period, interval in ((own.period, NOW), (own.baseline, BEFORE)):
        for label in (plain(period.label), plain(period.months_label)):
            opening = re.sub(r"(?: van)? \d{4}$", "", label)
            yield rf"\b{opening}(?: van (?:het|dit) jaar| van {period.last.year}|)\b", interval
            yield re.escape(label), interval
        if len(years) > 1:
            yield rf"\b{period.last.year}\b", interval
    yield _OTHER_TIME, ""


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
        narrowing = [word for word in adjectives if word and not re.match(NEUTRAL, word)]
        return unit, " ".join(narrowing)
    rest = re.sub(r"^(?:\w+e (?=.*\w)){0,2}", "", after)
    word = re.match(r"[\w-]+", rest)
    if word is None or directions.find(word[0]) or re.match(_INVERTED, rest):
        return "", ""
    return ("" if _is_no_noun().match(after) else word[0]), ""


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


_INVERTED = r"[\w-]+ (?:we|wij|ze|zij|er|ik|men)\b"  # a verb, as in `kenden we al`


@cache
def _is_no_noun() -> re.Pattern[str]:
    return re.compile(rf"(?:{grammar.filled('{plain}|{determine}')})\b|{_FUNCTION}")


def _nouns(own: FactSheet) -> list[tuple[str, str]]:
    """Return patterns of nouns, and what each counts: those of roles count who hold them."""
    roles = [label for label in own.roles if label.slug != PARTICIPANTS]
    return [*((rf"{stems(label)}\w*", label.slug) for label in roles), *NOUNS]


def share_of(words: Context, own: FactSheet) -> str:
    """Return what a share is a share of: a unit, a role, or the noun itself."""
    after, _ = _noun(rf"^\s*{_WHOLE}", words.after, own)
    before, _ = _noun(_WHOLE, re.split("[,;:]", words.before)[-1], own)
    return after or before or _noun(r"^\s*", words.after, own)[0]


def rate(words: Context) -> str:
    """Return per what a number is: `maand`, `week`; empty where it is a total."""
    match = re.search(_RATE, words.clause) or re.search(_EACH_TIME, words.nearby)
    match = match or re.match(rf"\W*(?:{_RATE})", words.before)
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
