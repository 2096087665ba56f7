"""Claims: the numbers in an evaluator's Dutch text that say how many, or which part.

What is no claim (a date, a name, a duration) is masked first, by the ordered rows of `RULES`. What
is left is read by the rows of `FORMS`, with one of the `HEDGES` before it. In a row `{name}`
stands for a row of `PARTS`, and a space for white space with one line end at most.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from bwk import formats

_ONES = "een twee drie vier vijf zes zeven acht negen".split()
_TEENS = "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien".split()
_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig".split()
_ORDINALS = "derde vierde vijfde zesde zevende achtste negende tiende".split()
_SCALES = {"duizend": 1e3, "miljoen": 1e6, "miljard": 1e9}
_MARK = "ǂ"  # stands for each letter of a number word, while the rules that follow are applied
_JUST = 1e-6

PARTS = r"""
one       [eé][eé]n|twee|drie|vier|vijf|zes|zeven|acht|negen
upto99    {one}[eë]n{tens}|{teens}|{tens}|{one}
upto999   {upto99}?honderd(?:(?:en)?{upto99})?|{upto99}
word      (?!een\b)(?:{upto999}?duizend(?: ?(?!een\b){upto999})?|{upto999})|nul
half      anderhal(?:f|ve)|{one}[eë]nhal(?:f|ve)
digits    (?:[0-9]{1,3}(?:\.[0-9]{3}){1,4}|[0-9]{1,15})(?:,[0-9]{1,9})?(?!(?!m[²2])\w|[.,:/][0-9])
number    {digits}|(?:{half}|{word})(?!\w|-\w|-\s)
n         ǂ+|{digits}
amount    {number}(?: ?%| procent\b)?
few       (?!een\b)(?:{one}|tien|honderd|[2-9]|100?)
ordinal   {ordinals}n?
then      (?=(?: (?:van|naar|deel|is|zijn|was|waren|komt|kwam|heeft|had|doet|woont|uit|{verb})\b))
verb      deed|hebben|hadden|kwamen|komen|krijgt|kreeg|gaat|ging|blijft|bleef|wil|werkt|{uses}
uses      gebruikt|vindt
part      [eé][eé]n {ordinal}(?:\b(?! ?\w)|{then})|{few} {ordinal}\b
as        (?:zo ?(?:veel|groot|hoog|vaak|druk|lang|sterk|snel)|meer|vaker|groter|hoger)\b(?! dan)
dash      (?: ?[–-] ?| (?:à|of|tot) )
to        (?: ?[–-] ?|-? (?:à|a|of|en|t/m|tot(?: en met)?) )(?:de )?
year      (?:19\d|20[0-4])\d
until     (?:[/–-](?:{year}|\d\d))?\b(?!%|[.,:]\d)
month     {months}\b|(?:jan|feb|mrt|apr|jun|jul|aug|sept?|okt|nov|dec)\b\.?
rank      eerste|tweede|derde|vierde|laatste|[1-4](?:e|ste|de)
hours     (?:uur|uren|kwartier|minu(?:ut|ten)|seconden?|dagdelen|nachten|eeuw(?:en)?)\b
time      {hours}|(?:(?:school)?ja(?:ar|ren)|maand(?:en)?|we(?:ek|ken)|dag(?:en)?|kwartalen)\b
one_of    man|vrouw|jongen|meisje|wed(?:uwe|uwnaar)|moeder|vader|oma|opa|{role}
role      studente?|stagiaire?|vrijwilliger|bezoek(?:er|ster)|bewo(?:ner|onster)|\w+icien|\w+us
people    mensen|personen|deelnemers|bezoekers|bewoners|leden|vrijwilligers|ouderen|jongeren|gasten
things    deelnames|bezoeken|groepen|keer|maal|activiteiten|vragen|gesprekken|verwijzingen|woningen
others    houders|kinderen|vrouwen|mannen|gezinnen|huishoudens|leerlingen|flyers|folders|brieven
counted   (?:\w+e )?\w{0,30}?(?:{people}|{things}|{others}|formulieren|maaltijden|euro|%|procent)
street    straat|weg|laan|plein|kade|gracht|hof|dreef|singel|steeg|dijk|markt|plantsoen
cap       (?-i:[A-Z])
named     {place}|groep(?:en)?|klas|mbo|mavo|havo|vwo|hbo|les|module|niveau|deel|fase|{topic}
least     (?:{amount}|een(?= à))
free      (?<!€\s)(?<!ruim\s)(?<!bijna\s)(?<!dan\s)
each      (?<!per\s)(?<!elke\s)(?<!deze\s)(?<!een\s)
topic     week|ronde|thema|spoor|doel|team
place     lijn|bus|tram|route|wijk|zone|zaal|lokaal|gebouw|blok|studio|radio|windows|office|formule
"""

RULES = r"""
code       ^(?:```|~~~)[\s\S]*?(?:^(?:```|~~~)|\Z)|`[^`\n]{0,500}`|<!--[\s\S]*?(?:-->|\Z)
code       </?[a-z][^<>]{0,500}>|&#\w{1,8};
link       !\[[^\]\n]{0,300}\]\([^()\n]{0,500}\)|\]\([^()\n]{0,500}\)|^\[[^\]\n]{1,99}\]:.*
link       \[(?:\^[^\]\n]{1,30}|\d{1,3})\]|https?://\S+|\bwww\.\S+
link       (?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,99}
link       (?<![\w.-])[\w-]{1,60}\.(?:nl|com|org|eu|csv|xlsx|pdf|ipynb)\b(?:/\S*)?
idiom      \b(?:op|in|onder|uit|met|voor|als|tot|van) [eé][eé]n (?:lijn|klap|adem|oogopslag|dak)\b
idiom      \b(?:op|in|onder|uit|met|voor|als|tot|van) [eé][eé]n (?:noemer|hoop|plek|mond|woord)\b
idiom      \b(?:op|in|als|tot|met) [eé][eé]n (?:na|geheel|moeite|familie|gezin|ruk|worden|te)\b
idiom      \b(?:[eé][eé]n|1)[\s-](?:op|voor|aan)[\s-](?:[eé][eé]n|1)\b
idiom      \b(?:als|tot|niet|nummer|geen|de) [eé][eé]n\b
idiom      (?<![\d.,])\b(?:één|eén|éen|1) (?:van|geheel|keer|maal|en al|en de(?:zelfde)?|ding)\b
idiom      \bvier (?:ogen|muren)\b|\btwee (?:kanten|benen|aan twee|handen|vliegen|maten|gezichten)\b
idiom      \bvijf voor twaalf\b|\bhonderd uit\b|\bzeven sloten\b|\btwee wallen\b
idiom      \b(?:paar|enkele|enige) (?:honderd|duizend)\b
idiom      \bnul (?:op het rekest|komma nul)
name       (?<!\w)'(?-i:[A-Z])[^'".,!?\n]{0,30}'(?!\w)|"(?-i:[A-Z])[^'".,!?\n]{0,30}"
idiom      \bin acht\b|\bacht (?:het|dit|dat|zich|te|slaan)\b
idiom      \b(?:ik|hij|zij|ze|men|wij|we|u|je) acht\b
name       \b(?-i:(?:(?<=[a-z]\s)|(?<=\bDe\s)|(?<=\bHet\s))(?=[A-Z])){word}\b(?! procent)
mark       \b(?:{half}|{word})(?!\w|-\w|-\s)
telephone  (?<!\w)(?:\(?0\d{1,3}\)?|\+31)(?:\s?(?:-\s?)?\d){6,9}\b
telephone  \b14 0\d\d{1,2}\b|\b(?:bel|bellen|kvk):? \d[\d\s]{2,8}\b
postcode   (?:\b{cap}[\w'-]{1,40} \d{1,4}[a-d]?, ?)?\b[1-9]\d{3} ?(?-i:[A-Z]{2})\b
date       \b\d{1,2}[-/.]\d{1,2}[-/.](?:{year}|\d\d)\b|\b{year}-\d\d?-\d\d?\b
date       \b{n}(?:(?:, ?|{to}){n}){0,4} {month}(?: {year}\b)?|\b{month} {year}\b
date       \b(?:maan|dins|woens|donder|vrij|zater|zon)dag \d{1,2}\b(?! {counted})
clock      \b\d{1,2}[.:]\d\d(?!\d)(?: uur)?|\bhalf {n}|\bkwart (?:voor|over) {n}|\b24/7\b
clock      \b{n} (?:voor|over) half\b|\bom {n} (?:voor|over) {n}
period     \b{rank} (?:halve?|halfjaar|helft|kwartaal|semester)\b(?: jaar)?(?: van)?(?: {year}\b)?
period     \b{year}-?[HQ][1-4]\b|\b[HQ][1-4]\b|\bhelft van (?:(?:het|dit|elk) jaar\b|{year})
period     (?<!\w)'\d\d\b(?:[-/]'?\d\d\b)?|\bjaren {n}
age        \b{n}(?:{to}{n})?[\s-]?jarigen?\b|\b\d{1,3}(?:(?:-?plus\w*|\splussers?)|\+(?!\d))
age        \b(?:ouder|jonger) dan {n}|\b(?:boven|onder) de \d\d\b(?! ?%| {counted})
age        \b(?:ik ben|ben ik|ik was|ik word) {n}(?=[,.;!?]| (?:en|jaar)\b)
age        \b(?:{one_of}) van \d\d\b(?! {counted})
age        \b{cap}[\w'-]{1,30}(?:, (?:inmiddels )?\d\d(?=,)| \(\d\d\)(?! {counted}))
age        \b(?:die|hij|zij|ze)(?: zelf)? \d\d is\b|\bvan \d\d, \d\d jaar\b
age        \b{n} (?:en|of) (?:ouder|jonger)\b
age        \bleeftijd\w*:?(?: (?:van|tussen|vanaf|is))? (?:de )?{n}(?:{to}{n})?
age        \b(?:{people}|jongeren|kinderen|vrouwen|mannen|tieners) (?:van|tussen) (?:de )?{n}{to}{n}
age        \b(?:{people}|jongeren|kinderen) (?:boven|onder|vanaf) (?:de )?\d\d\b
duration   \b(?:{n}|een){to}{n} {time}|\buur of {n}
duration   \b{n} (?:(?:hele|volle|halve|extra) )?{time}(?:[^.\d\n]{1,30} in {year} {n}(?=[.,]))?
frequency  \b(?:{n}{to})?{n} (?:keer|maal|avonden|middagen|ochtenden) (?:per|in de) {time}
frequency  \b\d+ ?x per\b
reference  \b(?:pagina(?:'s)?|pag\.|p\.|blz\.|bladzijden?|figu(?:ur|ren)) {n}(?:{to}{n})*
reference  \b(?:bijlagen?|hoofdstuk(?:ken)?|paragra(?:af|fen)) {n}(?:\.\d+)*(?:{to}{n})*
reference  \b(?:artikel(?:en)?|art\.|lid|(?:voet)?noot|punt|vraag|type|\w*nummers?|nr\.|bron) {n}
reference  \b(?:tabel(?:len)?|grafiek(?:en)?|versie|top|plaats|plek|stap|schaal van) {n}(?:{to}{n})*
reference  \b(?:voornemen|respondent|balie|loket|postcodegebied|villa|plan|optie|regel) {n}
reference  § ?{n}(?:\.\d+)*
name       {each}\b{named} \d+(?:(?:,|{to}) ?\d+)*\b(?! ?%| {counted})
name       (?<![\w-])(?!\d+m[2²]\b|\d+x\b)(?:\d+-?[^\W\d_]+|[^\W\d_]{1,40}-?\d+)[\w-]*
numbering  ^[^\S\n]{0,9}(?:>\s?)*\d{1,3}[.)](?=\s)|^#+ \d+(?:\.\d+)*\.? (?={cap})|[:;,.] \d\)(?=\s)
numbering  \(\d\)(?= \w)
address    \b{cap}[\w'-]{0,40}(?:{street}) \d{1,4}(?:[\s-]?(?:bis|[a-d])\b)?(?! {counted})
address    \b(?:aan|op|adres:?)(?: de| het)? {cap}[\w'-]{1,40} \d{1,4}[a-d]?\b(?! {counted})
year       \b(?:in|van|over|voor|sinds|vanaf|eind|begin|heel|medio|uit) {year}\b(?!%|[.,]\d)
year       (?<![\d.,€+−-]){free}\b{year}{until}(?! {counted})
"""
FORMS = r"""
ratio     (?:{number}|een) op (?:de |elke |iedere )?{number}|{few} van (?:de|elke) {few}\b
fraction  de (?:andere )?helft\b|drie ?kwart\b|(?:[eé][eé]n|{few}) kwart\b|{part}
factor    (?:{word}maal|{number} (?:keer|maal)|\d{1,4}(?:,\d)?x) {as}\b|(?:dubbel|half) zo ?veel\b
range     tussen (?:de )?{amount} en (?:de )?{amount}|(?<!van\s){least}{dash}{amount}
tens      (?:een )?(?:{upto999}tal|dozijn)\b
number    (?:€ ?)?[+−-]?{number}(?: {scale}\b)?(?: ?%| procent(?:punt(?:en)?)?\b)?
"""
# `Ruim 300` is a little more than 300; from half-way to 400 on, people would rather say that.
HEDGES = (  # words, and the lowest and highest part of the number for which they are true
    ("ruim|dik|een goede|een ruime|(?:net )?iets meer dan|net boven de", 1, 1.165),
    ("niet meer dan|hooguit|hoogstens|ten hoogste|maximaal|op (?:zijn|z'n) hoogst", 0, 1),
    ("niet minder dan|zeker|min(?:stens|imaal)|ten ?minste|op (?:zijn|z'n) minst", 1, math.inf),
    ("meer dan|boven de", 1 + _JUST, 1.25),
    ("bijna|haast|nog geen|net geen|krap|een kleine|tegen de", 0.9, 1 - _JUST),
    ("(?:net )?iets minder dan|net onder de|net niet", 0.9, 1 - _JUST),
    ("minder dan", 0.75, 1 - _JUST),
    ("circa|ca\\.|ongeveer|zo'n|zowat|rond(?: de)?|naar schatting|pakweg|grofweg", 0.9, 1.1),
    ("om en (?:na)?bij(?: de)?|plusminus|±|een stuk of", 0.9, 1.1),
)


@dataclass(frozen=True)
class Claim:
    """A number in the text that states how many, or which part.

    Attributes
    ----------
    start, end : int
        The span in the Markdown source, with hedge and sign.
    text : str
        That part of the source.
    value : float
        As written; a percentage and a part are fractions.
    low, high : float
        The claim is true for a value from low to high.
    kind : str
        `count`, `share` or `factor` (so many times as much).
    """

    start: int
    end: int
    text: str
    value: float
    low: float
    high: float
    kind: str


def find(text: str) -> list[Claim]:
    """Find the claims in the Markdown source of a cell, in order.

    >>> [claim.text for claim in find("In 2018 kwamen ruim 300 mensen, 52% meer, in zes maanden.")]
    ['ruim 300', '52%']
    """
    plain = masked = _plain(text)
    for name, pattern in _RULES:
        cover = _MARK if name == "mark" else "\0"
        masked = pattern.sub(partial(_covered, cover), masked)
    left = "".join(
        "\0" if cover == "\0" else char for char, cover in zip(plain, masked, strict=True)
    )
    return [_claim(text, match) for match in _CLAIM.finditer(left.translate(_LOWER))]


def holds(claim: Claim, value: float) -> bool:
    """Whether the claim is true for the value of a fact.

    A share is a fraction; so many times as much is a change: twice as much is 1. A number without a
    sign states a size: whether it grew or shrank stands in the words.

    >>> [claim] = find("een daling van bijna 10%")
    >>> holds(claim, -0.093), holds(claim, 0.1)
    (True, False)
    """
    size = 1 + value if claim.kind == "factor" else value
    size = size if _signed(claim.text) else abs(size)
    return claim.low - 1e-9 <= size <= claim.high + 1e-9


def rewrite(claim: Claim, value: float) -> str:
    """Return the claim's text for another value, in the same form where that can be.

    >>> [rewrite(find(text)[0], value) for text, value in
    ...  [("420", 418), ("ruim 300", 418), ("Vijf", 6), ("52%", 0.493), ("de helft", 0.28)]]
    ['418', 'ruim 400', 'Zes', '49%', 'ruim een kwart']
    """
    if holds(claim, value):
        return claim.text
    text = ""
    for text in _candidates(claim, value):
        found = find(text)
        if len(found) == 1 and found[0].text == text and holds(found[0], value):
            break
    if not claim.text[0].isupper():
        return text
    return "Eén" + text[3:] if text.startswith("één") else text[0].upper() + text[1:]


def spell(number: int) -> str:
    """Write a whole number below a thousand as a word.

    >>> spell(1), spell(22), spell(335)
    ('één', 'tweeëntwintig', 'driehonderdvijfendertig')
    """
    return "één" if number == 1 else _spell(number)


def _spell(number: int) -> str:
    if number < 20:
        return ("nul", *_ONES, *_TEENS)[number]
    if number < 100:
        tens, one = divmod(number, 10)
        first = _ONES[one - 1] + ("ën" if one in (2, 3) else "en") if one else ""
        return first + _TENS[tens - 2]
    hundreds, rest = divmod(number, 100)
    return (_spell(hundreds) if hundreds > 1 else "") + "honderd" + (_spell(rest) if rest else "")


def _plain(text: str) -> str:
    """Return the text as long as it was, with one kind of apostrophe and without emphasis."""
    return re.sub(r"(?<!\w)_+|_+(?!\w)", lambda match: " " * len(match[0]), text.translate(_PLAIN))


def _covered(cover: str, match: re.Match[str]) -> str:
    return cover * len(match[0])


def _number(text: str) -> float:
    """Read digits or a number word.

    >>> _number("1.592"), _number("twaalfhonderd"), _number("tweeënhalf")
    (1592.0, 1200, 2.5)
    """
    if text[0].isdigit():
        return float(text.replace(".", "").replace(",", "."))
    word = text.translate(_BARE).replace(" ", "")
    if word.startswith("anderhal"):
        return 1.5
    if word.endswith(("enhalf", "enhalve")):
        return _SMALL[word[: word.rindex("enhal")]] + 0.5
    for unit, size in (("duizend", 1000), ("honderd", 100)):
        left, found, right = word.partition(unit)
        if found:
            return size * _number(left or "een") + (_number(right) if right else 0)
    return _SMALL[word.removeprefix("en")]


def _read(form: str, text: str) -> tuple[float, float, str]:
    """Return the value, how far its rounding reaches, and the kind of claim."""
    numbers = [_number(match[0]) for match in _NUMBER.finditer(text)]
    if form == "fraction":
        return _fraction(text), 0.025, "share"
    if form == "ratio":
        part, whole = numbers if len(numbers) == 2 else (1, numbers[0])
        return part / (whole or 1), 0.025, "share"
    if form == "tens":
        number = 12.0 if "dozijn" in text else _number(re.sub(r"^een |tal$", "", text))
        return number, number / 10 if number >= 10 else 0.5, "count"
    if form == "factor":
        word = re.match(r"[a-zéë]+(?=maal)|[\d,]+(?=x)", text)
        value = _number(word[0]) if word else (numbers or [0.5 if "half" in text else 2.0])[0]
        return value, max(value / 10, 0.05), "factor"
    percent = "%" in text or "procent" in text
    size = 0.01 if percent else _scale(text)
    numbers = [number * size for number in numbers[:2]]
    kind = "share" if percent else "count"
    if form == "range":
        low, high = (min(numbers), max(numbers)) if len(numbers) == 2 else (1, numbers[0])
        return (low + high) / 2, (high - low) / 2, kind
    slack = size * (0.25 if "hal" in text else 0.5 / 10 ** _decimals(text))
    return numbers[0] * (-1 if re.match("[−-]", text) else 1), slack, kind


def _scale(text: str) -> float:
    return next((size for name, size in _SCALES.items() if re.search(rf"\s{name}", text)), 1)


def _fraction(text: str) -> float:
    if "helft" in text:
        return 0.5
    if re.match("drie ?kwart", text):
        return 0.75
    first, second = text.split()[:2]
    whole = 4 if second == "kwart" else _ORDINALS.index(second.removesuffix("n")) + 3
    return _number(first) / whole


def _decimals(text: str) -> int:
    return len(match[1]) if (match := re.search(r"[0-9],([0-9]+)", text)) else 0


def _claim(text: str, match: re.Match[str]) -> Claim:
    form = str(match.lastgroup)
    value, slack, kind = _read(form, match[form])
    hedge = next((x for x in _HEDGES if match["hedge"] and x[0].fullmatch(match["hedge"])), None)
    low, high = value - slack, value + slack
    if hedge:
        edges = (low, high) if form == "range" else (value, value)
        low, high = edges[0] * hedge[1], edges[1] * hedge[2]
    if hedge and kind == "count":  # `bijna vijf` is four
        low = min(low, value - 1) if hedge[1] < 1 else low
        high = max(high, value + 1) if hedge[2] > 1 else high
    start, end = match.span()
    return Claim(start, end, text[start:end], value, low, high, kind)


def _signed(text: str) -> bool:
    return bool(re.search(r"(?<!\w)[+−-]\d", text)) and not re.search(r"\d ?[–-]", text)


def _candidates(claim: Claim, value: float) -> Iterator[str]:
    """Yield texts for the value, those most like the claim first."""
    plain = _plain(claim.text).translate(_LOWER)
    match = _CLAIM.fullmatch(plain)
    assert match is not None
    form = str(match.lastgroup)
    before = claim.text[: match.start(form)].lower()
    if form in ("fraction", "ratio"):
        yield from _parts(before, value, match[form])
    elif form in ("factor", "tens"):
        yield from _words(form, match[form], value + (form == "factor"))
    else:
        yield from _numerals(claim, match, value)
    if claim.kind == "share":
        yield from (formats.percent(abs(value), decimals) for decimals in range(10))
    yield from (formats.number(abs(value), decimals) for decimals in range(10))


def _parts(before: str, value: float, text: str) -> Iterator[str]:
    """Yield fractions or ratios in the form of the text, the nearest first."""
    named = [
        (abs(_fraction(name) - value), rank, hedge + name)
        for rank, hedge in enumerate(dict.fromkeys((before, "", "ruim ", "bijna ")))
        for name in _FRACTIONS
    ]
    numbers = list(_NUMBER.finditer(text))
    if " op " in text or " van " in text:
        link, word = text[text.index(" ") : numbers[-1].start()], not text[-1].isdigit()
        named = [
            (abs(part / whole - value), whole, f"{_as(part, word)}{link}{_as(whole, word)}")
            for whole in range(2, 11)
            for part in range(1, whole)
        ]
    yield from (name for *_, name in sorted(named))


def _words(form: str, text: str, value: float) -> Iterator[str]:
    """Yield `een dertigtal` or `drie keer zo veel` for the value, the nearest first."""
    if form == "tens":
        tens = sorted((*range(2, 10), *range(10, 101, 10)), key=lambda ten: abs(ten - value))
        yield from (f"een {_spell(ten)}tal" for ten in tens)
        return
    times = re.search(r"(?:(?<=\w)| )(?:keer|maal|x) .*", text)
    tail = times[0] if times else " keer zo veel"
    for number in sorted((*range(2, 11), *_HALVES), key=lambda number: abs(number - value)):
        name = _HALVES.get(number) or _as(int(number), not text[0].isdigit())
        yield name + (tail if tail[0] == " " else " keer zo veel")
    yield f"{formats.number(abs(value), 1)} keer zo veel"


def _numerals(claim: Claim, match: re.Match[str], value: float) -> Iterator[str]:
    """Yield the text with other numerals: rounder ones first where there is a hedge."""
    start = match.start(str(match.lastgroup))
    numbers = list(_NUMBER.finditer(match.string, start))
    size = 0.01 if claim.kind == "share" else _scale(match.string)
    target = abs(value) / size
    word = not numbers[0][0][0].isdigit()
    signs = ("−" if value < 0 else "+") if _signed(claim.text) else ""
    head = claim.text[: numbers[0].start()].rstrip("+−-") + signs
    tail = claim.text[numbers[-1 if match.lastgroup == "range" else 0].end() :]
    if match.lastgroup == "range":
        between = claim.text[numbers[0].end() : numbers[-1].start()]
        width = max(1, round((claim.high - claim.low) / size))
        low = int(target // width) * width
        yield f"{head}{_as(low, word)}{between}{_as(low + width, word)}{tail}"
        return
    if match["hedge"]:
        yield from (head + _as(number, word) + tail for number in _rounded(target))
    decimals = _decimals(numbers[0][0])
    yield head[start:] + _as(target, word, decimals) + tail


def _rounded(target: float) -> Iterator[int]:
    """Yield numbers about the target, the roundest first.

    >>> list(_rounded(418))[:4]
    [400, 500, 300, 400]
    """
    power = math.floor(math.log10(max(target, 1)))
    steps = (10**exponent // part or 1 for exponent in range(power, -1, -1) for part in (1, 2))
    for step in steps:
        low = int(target // step) * step
        yield from (number for number in (low, low + step, low - step) if number > 0)


def _as(number: float, word: bool, decimals: int = 0) -> str:
    whole = math.floor(number + 0.5)
    return spell(whole) if word and whole < 1000 else formats.number(number, decimals)


def _rows(table: str) -> list[tuple[str, str]]:
    """Return name and pattern of each row, with the parts filled in."""
    lines = [line.split(maxsplit=1) for line in table.strip().splitlines()]
    return [(name, _filled(pattern)) for name, pattern in lines]


def _filled(pattern: str) -> str:
    return re.sub(r"\{([a-z]\w*)\}", lambda part: f"(?:{_filled(_PARTS[part[1]])})", pattern)


def _compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    return re.compile(pattern.replace(" ", r"(?:\s[^\S\n]{0,4})"), flags)


_PARTS = {
    "tens": "|".join(_TENS),
    "teens": "|".join(_TEENS),
    "ordinals": f"(?:{'|'.join(_ORDINALS)})",
    "months": "|".join(formats.MONTHS),
    "scale": "|".join(_SCALES),
} | dict(re.findall(r"^(\w+) +(.+)$", PARTS, re.M))
_RULES = [(name, _compiled(pattern, re.I | re.M)) for name, pattern in _rows(RULES)]
_HEDGES = [(_compiled(words), low, high) for words, low, high in HEDGES]
_NUMBER = _compiled(_filled(r"(?<!\w){number}"))
_CLAIM = _compiled(
    r"(?=[^\s\0])(?<![\w/\0])(?<!\d[.,:])(?<![\w\0][–-])(?<!\0[.,/:])"
    rf"(?:(?P<hedge>{'|'.join(words for words, *_ in HEDGES)})(?:(?<=±)| ))?"
    rf"(?:{'|'.join(f'(?P<{name}>{pattern})' for name, pattern in _rows(FORMS))})"
)
_PLAIN = str.maketrans({"*": " ", "’": "'", "‘": "'", "\N{NO-BREAK SPACE}": " "})
_LOWER = str.maketrans(
    {chr(code): chr(code + 32) for code in (*range(65, 91), *range(0xC0, 0xDF)) if code != 0xD7}
)
_BARE = str.maketrans("éë", "ee")
_SMALL = {_spell(number).translate(_BARE): number for number in range(100)}
_HALVES = {1.5: "anderhalf", 2.5: "tweeënhalf", 3.5: "drieënhalf"}
_FRACTIONS = "de helft,een derde,twee derde,een kwart,driekwart,een vijfde,een tiende".split(",")
