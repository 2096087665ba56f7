"""Claims: the numbers in an evaluator's Dutch text that say how many, or which part.

What they look like, and what only looks like them, stands in `grammar`.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

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


def find(text: str) -> list[Claim]:
    """Find the claims in the Markdown source of a cell, in order.

    >>> [claim.text for claim in find("In 2018 kwamen ruim 300 mensen, 52% meer, in zes maanden.")]
    ['ruim 300', '52%']
    """
    plain = _plain(text)
    masked = re.sub(r"^[^|\n]*\|.*(?:\n[^|\n]*\|.*)+", _timeless, plain, flags=re.M)
    for name, pattern in grammar.rules():
        masked = _covered(masked, pattern, grammar.MARK if name == "mark" else "\0")
    left = "".join(y if y == "\0" else x for x, y in zip(plain, masked, strict=True))
    return [_claim(text, match) for match in grammar.CLAIM.finditer(left.translate(_LOWER))]


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
    if number < 20:
        return ("nul", "één", *grammar.ONES[1:], *grammar.TEENS)[number]
    if number < 100:
        tens, one = divmod(number, 10)
        first = grammar.ONES[one - 1] + ("ën" if one in (2, 3) else "en") if one else ""
        return first + grammar.TENS[tens - 2]
    hundreds, rest = divmod(number, 100)
    last = spell(rest).replace("éé", "ee") if rest else ""
    return (spell(hundreds) if hundreds > 1 else "") + "honderd" + last


def _plain(text: str) -> str:
    """Return the text as long as it was, with one kind of apostrophe and without emphasis."""
    return re.sub(r"(?<!\w)_+|_+(?!\w)", lambda match: " " * len(match[0]), text.translate(_PLAIN))


def _covered(text: str, pattern: re.Pattern[str], cover: str) -> str:
    """Return the text, as long as it was, with each match covered, or its group `it` alone."""
    letters, partial = list(text), "it" in pattern.groupindex
    for match in pattern.finditer(text):
        start, end = match.span("it" if partial and match["it"] else 0)
        letters[start:end] = cover * (end - start)
    return "".join(letters)


def _timeless(table: re.Match[str]) -> str:
    """Return a table with the columns covered that hold times or ages, by their header."""
    rows = [line.split("|") for line in table[0].split("\n")]
    hidden = {i for i, name in enumerate(rows[0]) if grammar.TIMES.match(name)}
    return "\n".join(
        "|".join("\0" * len(x) if i in hidden else x for i, x in enumerate(row)) for row in rows
    )


def _number(text: str) -> float:
    """Read digits or a number word."""
    if text[0].isdigit():
        return float(text.replace(".", "").replace(",", "."))
    word = text.translate(_BARE).replace(" ", "")
    if word.startswith("anderhal"):
        return 1.5
    if word.endswith(("enhalf", "enhalve")):
        return _SMALL.get(word[: word.rindex("enhal")], 0) + 0.5
    for unit, size in (("duizend", 1000), ("honderd", 100)):
        left, found, right = word.partition(unit)
        if found:
            return size * _number(left or "een") + (_number(right) if right else 0)
    return _SMALL[word.removeprefix("en")]


def _read(form: str, text: str) -> tuple[float, float, str]:
    """Return the value, how far its rounding reaches, and the kind of claim."""
    numbers = [_number(match[0]) for match in grammar.NUMBER.finditer(text)]
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
    return next((size for name, size in grammar.SCALES.items() if re.search(rf"\s{name}", text)), 1)


def _fraction(text: str) -> float:
    if "helft" in text:
        return 0.5
    match = grammar.FRACTION.fullmatch(text)
    assert match is not None
    whole = 4 if match[2] == "kwart" else grammar.ORDINALS.index(match[2]) + 3
    return _number(match[1] or "een") / whole


def _decimals(text: str) -> int:
    return len(match[1]) if (match := re.search(r"[0-9],([0-9]+)", text)) else 0


def _claim(text: str, match: re.Match[str]) -> Claim:
    form = str(match.lastgroup)
    value, slack, kind = _read(form, match[form])
    hedge = next(
        (x for x in grammar.HEDGED if match["hedge"] and x[0].fullmatch(match["hedge"])), None
    )
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
    match = grammar.CLAIM.fullmatch(_plain(claim.text).translate(_LOWER))
    assert match is not None
    form = str(match.lastgroup)
    if form in ("range", "number"):
        yield from _numerals(claim, match, value)
    else:
        wanted = value + (form == "factor")
        named = _named(form, claim.text[: match.start(form)].lower(), match[form])
        yield from (name for _, name in sorted(named, key=lambda each: abs(each[0] - wanted)))
    if form == "factor":
        yield f"{formats.number(abs(value + 1), 1)} keer zo veel"
    if claim.kind == "share":
        yield from (formats.percent(abs(value), decimals) for decimals in range(10))
    yield from (formats.number(abs(value), decimals) for decimals in range(10))


def _named(form: str, before: str, text: str) -> list[tuple[float, str]]:
    """Return values with their names in the form of the text: `ruim een kwart`, `1 op de 3`."""
    if form == "fraction":
        hedges = dict.fromkeys((before, "", "ruim ", "bijna "))
        return [(_fraction(name), hedge + name) for hedge in hedges for name in _FRACTIONS]
    if form == "tens":
        return [(ten, f"een {spell(ten)}tal") for ten in (*range(2, 10), *range(10, 101, 10))]
    if form == "ratio":
        last = [*grammar.NUMBER.finditer(text)][-1]
        link, word = text[text.index(" ") : last.start()], not text[-1].isdigit()
        pairs = [(part, whole) for whole in range(2, 11) for part in range(1, whole)]
        return [(n / all_, f"{_as(n, word)}{link}{_as(all_, word)}") for n, all_ in pairs]
    times = re.search(r" (?:keer|maal) .*", text)
    tail, word = times[0] if times else " keer zo veel", not text[0].isdigit()
    return [(n, (_HALVES.get(n) or _as(n, word)) + tail) for n in (*range(2, 11), *_HALVES)]


def _numerals(claim: Claim, match: re.Match[str], value: float) -> Iterator[str]:
    """Yield the text with other numerals: rounder ones first where there is a hedge."""
    start = match.start(str(match.lastgroup))
    numbers = list(grammar.NUMBER.finditer(match.string, start))
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
    """Yield numbers about the target, the roundest first: for 418 it is 400, 500, 300."""
    power = math.floor(math.log10(max(target, 1)))
    steps = (10**exponent // part or 1 for exponent in range(power, -1, -1) for part in (1, 2))
    for step in steps:
        low = int(target // step) * step
        yield from (number for number in (low, low + step, low - step) if number > 0)


def _as(number: float, word: bool, decimals: int = 0) -> str:
    whole = math.floor(number + 0.5)
    return spell(whole) if word and whole < 1000 else formats.number(number, decimals)


_PLAIN = str.maketrans({"*": " ", "’": "'", "‘": "'", "\N{NO-BREAK SPACE}": " "})
_LOWER = {code: code + 32 for code in (*range(65, 91), *range(0xC0, 0xDF)) if code != 0xD7}
_BARE = str.maketrans("éë", "ee")
_SMALL = {spell(number).translate(_BARE): number for number in range(100)}
_HALVES = {1.5: "anderhalf", 2.5: "tweeënhalf", 3.5: "drieënhalf"}
_FRACTIONS = "de helft,een derde,twee derde,een kwart,driekwart,een vijfde,een tiende".split(",")
