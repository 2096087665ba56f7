"""Claims: the numbers in an evaluator's Dutch text that say how many, or which part.

What they look like, and what only looks like them, stands in `grammar`.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bwk import formats
from bwk.narrative import grammar


@dataclass(frozen=True)
class Claim:
    """A number in the text that states how many, or which part.

    Attributes
    ----------
    start, end, text
        The span in the Markdown source, with hedge and sign, and that part of the source.
    value, low, high : float
        As written (a percentage or a part is a fraction), and between what it is true.
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


@lru_cache(maxsize=4096)
def find(text: str) -> tuple[Claim, ...]:
    """Find the claims in the Markdown source of a cell, in order.

    >>> [claim.text for claim in find("In 2018 kwamen ruim 300 mensen, 52% meer, in zes maanden.")]
    ['ruim 300', '52%']
    """
    plain = _plain(text)
    masked = _TABLE.sub(_timeless, plain)
    for name, pattern in grammar.rules():
        masked = cover(masked, pattern, grammar.MARK if name == "mark" else _HIDDEN)
    letters = [
        _HIDDEN if mask == _HIDDEN else letter for letter, mask in zip(plain, masked, strict=True)
    ]
    countable = "".join(letters).translate(_LOWER)
    return tuple(_claim(text, match) for match in grammar.CLAIM.finditer(countable))


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
        claims = find(text)
        if [claim.text for claim in claims] == [text] and holds(claims[0], value):
            break
    if not claim.text[0].isupper():
        return text
    if text.startswith("één"):
        return "Eén" + text[3:]
    return text[0].upper() + text[1:]


def spell(number: int) -> str:
    """Write a whole number below a thousand as a word.

    >>> spell(1), spell(22), spell(335)
    ('één', 'tweeëntwintig', 'driehonderdvijfendertig')
    """
    if number < 20:
        return ("nul", "één", *grammar.ONES[1:], *grammar.TEENS)[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        link = "ën" if ones in (2, 3) else "en"
        opening = grammar.ONES[ones - 1] + link if ones else ""
        return opening + grammar.TENS[tens - 2]
    hundreds, rest = divmod(number, 100)
    opening = spell(hundreds) if hundreds > 1 else ""
    ending = spell(rest).replace("éé", "ee") if rest else ""
    return f"{opening}honderd{ending}"


def _plain(text: str) -> str:
    """Return the text as long as it was, with one kind of apostrophe and without emphasis."""
    return cover(text.translate(_PLAIN), _EMPHASIS)


def cover(text: str, pattern: re.Pattern[str], mark: str = " ") -> str:
    """Return the text, as long as it was, with each match covered, or its group `it` alone."""
    covered = text
    for match in pattern.finditer(text):
        start, end = match.span("it" if match.groupdict().get("it") else 0)
        covered = covered[:start] + mark * (end - start) + covered[end:]
    return covered


def _timeless(table: re.Match[str]) -> str:
    """Return a table with the columns covered that hold times or ages, by their header."""
    rows = [line.split("|") for line in table[0].split("\n")]
    timed = [bool(grammar.TIMES.match(name)) for name in rows[0]]
    for row in rows:
        for column, is_timed in enumerate(timed[: len(row)]):
            if is_timed:
                row[column] = _HIDDEN * len(row[column])
    return "\n".join("|".join(row) for row in rows)


def _claim(text: str, match: re.Match[str]) -> Claim:
    form = str(match.lastgroup)
    value, slack, kind = _read(form, match[form])
    low, high = value - slack, value + slack
    if hedge := match["hedge"]:
        below, above = next(edges for words, edges in grammar.HEDGED if words.fullmatch(hedge))
        unit = 1.0 if kind == "count" else 0.01
        reach = (math.inf, math.inf)
        if form == "number":
            under, over = roundness(value / unit)
            reach = (under * unit, over * unit)
        step = 1.0 if kind == "count" and value == round(value) else _JUST
        least, most = (low, high) if form == "range" else (value, value)
        low = least - _distance(least, below, reach[0], step)
        high = most + _distance(most, above, reach[1] - _JUST, step)
        if kind == "share" and value < 1 and above != math.inf:
            high = min(high, 1.0)
    start, end = match.span()
    return Claim(start, end, text[start:end], value, low, high, kind)


def roundness(number: float) -> tuple[float, float]:
    """Return how far under and over a number people would not yet name another that is as round.

    >>> roundness(300), roundness(340), roundness(265), roundness(84)
    ((50.0, 50.0), (5.0, 5.0), (2.5, 5.0), (1.0, 1.0))
    """
    places = next(places for places in range(10) if abs(number - round(number, places)) < _JUST)
    whole, size = round(number * 10**places), 1
    while whole and whole % (size * 10) == 0:
        size *= 10
    unit = size / 10**places
    if whole % (size * 5):
        return (unit / 2, unit / 2) if size > 1 else (unit, unit)
    return unit * 2.5, unit * 5


def _distance(number: float, part: float | None, reach: float, step: float) -> float:
    """Return how far from a hedged number it is true; less than nothing without a `part`.

    The count next to it always fits: `bijna vijf` is four.
    """
    if part is None:
        return -_JUST
    if part >= 1:
        return abs(number) * part
    return max(min(number * part, reach), step) if part else 0.0


def _read(form: str, text: str) -> tuple[float, float, str]:
    """Return the value, how far its rounding reaches, and the kind of claim."""
    numbers = [_number(match[0]) for match in grammar.NUMBER.finditer(text)]
    if form == "fraction":
        return _fraction(text), 0.025, "share"
    if form == "ratio":
        count, total = [1, *numbers][-2:]
        return count / (total or 1), 0.025, "share"
    if form == "tens":
        number = 12.0 if "dozijn" in text else _number(re.sub(r"^een |tal$", "", text))
        return number, number / 10 if number >= 10 else 0.5, "count"
    if form == "factor":
        word = re.match(r"[a-zéë]+(?=maal)|[\d,]+(?=x)", text)
        words = [_number(word[0])] if word else numbers
        value = [*words, 0.5 if "half" in text else 2.0][0]
        return value, max(value / 10, 0.05), "factor"
    is_share = "%" in text or "procent" in text
    size = 0.01 if is_share else _scale(text)
    kind = "share" if is_share else "count"
    numbers = [number * size for number in numbers[:2]]
    if form == "range":
        low, high = sorted(numbers) if len(numbers) == 2 else [1, *numbers]
        return (low + high) / 2, (high - low) / 2, kind
    slack = 0.25 if "hal" in text else 0.5 / 10 ** _decimals(text)
    sign = -1 if re.match("[−-]", text) else 1
    return numbers[0] * sign, size * slack, kind


def _number(text: str) -> float:
    """Read digits or a number word."""
    if text[0].isdigit():
        return float(text.replace(".", "").replace(",", "."))
    word = text.translate(_BARE).replace(" ", "")
    if word.startswith("anderhal"):
        return 1.5
    ones, half, _ = word.partition("enhal")
    if half:
        return _SMALL.get(ones, 0) + 0.5
    for unit, size in (("duizend", 1000), ("honderd", 100)):
        times, is_unit, rest = word.partition(unit)
        if is_unit:
            return size * _number(times or "een") + (_number(rest) if rest else 0)
    return _SMALL[word.removeprefix("en")]


def _fraction(text: str) -> float:
    if "helft" in text:
        return 0.5
    match = grammar.FRACTION.fullmatch(text)
    assert match is not None
    count, name = match.groups()
    total = 4 if name == "kwart" else grammar.ORDINALS.index(name) + 3
    return _number(count or "een") / total


def _scale(text: str) -> float:
    scales = grammar.SCALES.items()
    return next((size for name, size in scales if re.search(rf"\s{name}", text)), 1)


def _decimals(text: str) -> int:
    match = re.search(r"[0-9],([0-9]+)", text)
    return len(match[1]) if match else 0


def _signed(text: str) -> bool:
    return bool(re.search(r"(?<!\w)[+−-]\d", text)) and not re.search(r"\d ?[–-]", text)


def _candidates(claim: Claim, value: float) -> Iterator[str]:
    """Yield texts for the value, those most like the claim first."""
    match = grammar.CLAIM.fullmatch(_plain(claim.text).translate(_LOWER))
    assert match is not None
    form = str(match.lastgroup)
    if form in ("range", "number"):
        yield from _numerals(claim, match, value)
    else:
        size = value + 1 if form == "factor" else value
        before = claim.text[: match.start(form)].lower()
        texts = _texts(form, before, match[form])
        yield from sorted(texts, key=lambda text: abs(texts[text] - size))
    if form == "factor":
        yield f"{formats.number(abs(value + 1), 1)} keer zo veel"
    for write in (formats.percent, formats.number)[claim.kind != "share" :]:
        yield from (write(abs(value), decimals) for decimals in range(10))


def _texts(form: str, before: str, text: str) -> dict[str, float]:
    """Return texts in the form of one, with their values: `ruim een kwart`, `1 op de 3`."""
    if form == "fraction":
        hedges = (before, "", "ruim ", "bijna ")
        return {hedge + name: _fraction(name) for hedge in hedges for name in _FRACTIONS}
    if form == "tens":
        numbers = (*range(2, 10), *range(10, 101, 10))
        return {f"een {spell(number)}tal": number for number in numbers}
    if form == "ratio":
        *_, number = grammar.NUMBER.finditer(text)
        link = text[text.index(" ") : number.start()]
        in_words = not text[-1].isdigit()
        return {
            f"{_as(count, in_words)}{link}{_as(total, in_words)}": count / total
            for total in range(2, 11)
            for count in range(1, total)
        }
    times = re.search(r" (?:keer|maal) .*", text)
    ending = times[0] if times else " keer zo veel"
    in_words = not text[0].isdigit()
    whole = {_as(number, in_words) + ending: float(number) for number in range(2, 11)}
    return whole | {word + ending: number for number, word in _HALVES.items()}


def _numerals(claim: Claim, match: re.Match[str], value: float) -> Iterator[str]:
    """Yield the text with other numerals: rounder ones first where there is a hedge."""
    form = str(match.lastgroup)
    numerals = [*grammar.NUMBER.finditer(match.string, match.start(form))]
    left, right = numerals[0], numerals[-1]
    size = 0.01 if claim.kind == "share" else _scale(match.string)
    target = abs(value) / size
    in_words = not left[0][0].isdigit()
    sign = ("−" if value < 0 else "+") if _signed(claim.text) else ""
    before = claim.text[: left.start()].rstrip("+−-") + sign
    if form == "range":
        between = claim.text[left.end() : right.start()]
        after = claim.text[right.end() :]
        high = claim.high
        if high == math.inf:  # `minstens 10 tot 20`
            high = 2 * claim.value - claim.low
        width = max(1, round((high - claim.low) / size))
        low = int(target // width) * width
        yield f"{before}{_as(low, in_words)}{between}{_as(low + width, in_words)}{after}"
        return
    after = claim.text[left.end() :]
    if match["hedge"]:
        yield from (before + _as(number, in_words) + after for number in _rounded(target))
    number = _as(target, in_words, _decimals(left[0]))
    yield before[match.start(form) :] + number + after


def _rounded(target: float) -> Iterator[int]:
    """Yield numbers about the target, the roundest first: for 418 it is 400, 500, 300."""
    power = math.floor(math.log10(max(target, 1)))
    for exponent in range(power, -1, -1):
        for step in (10**exponent, 10**exponent // 2 or 1):
            low = int(target // step) * step
            yield from (number for number in (low, low + step, low - step) if number > 0)


def _as(number: float, in_words: bool, decimals: int = 0) -> str:
    rounded = math.floor(number + 0.5)
    return spell(rounded) if in_words and rounded < 1000 else formats.number(number, decimals)


_JUST = 1e-6
_EMPHASIS = re.compile(r"(?<!\w)_+|_+(?!\w)")
_HIDDEN = "\0"
_TABLE = re.compile(r"^[^|\n]*\|.*(?:\n[^|\n]*\|.*)+", re.MULTILINE)
_PLAIN = str.maketrans({"*": " ", "’": "'", "‘": "'", "\N{NO-BREAK SPACE}": " "})
_LOWER = {code: code + 32 for code in (*range(65, 91), *range(0xC0, 0xDF)) if code != 0xD7}
_BARE = str.maketrans("éë", "ee")
_SMALL = {spell(number).translate(_BARE): number for number in range(100)}
_HALVES = {1.5: "anderhalf", 2.5: "tweeënhalf", 3.5: "drieënhalf"}
_FRACTIONS = "de helft,een derde,twee derde,een kwart,driekwart,een vijfde,een tiende".split(",")
