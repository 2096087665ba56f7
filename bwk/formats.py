"""Dutch numbers and dates: small pure functions.

The forms are those of the house style of the reports: a point for thousands, a comma for
decimals, a real minus sign, no space before the percent sign.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december"
).split()
MINUS = "\N{MINUS SIGN}"
WITHHELD = "x"
UNKNOWN = "\N{EN DASH}"
_LONG = Context(prec=400)  # digits: any float
UNCERTAIN = "te onzeker"
LONGEST_SLUG = 60  # letters: it names files
_STEERING = [*range(32), *range(127, 160)]  # control characters, of a terminal too
_TURNING = [0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)]  # lines, order
_HIDDEN = dict.fromkeys([*_STEERING, *_TURNING], "?")
_UNMARKED = str.maketrans("łŁıøØ", "lLioO")  # letters that no accent can be taken from
_PLAIN_NUMBER = re.compile("[-+][0-9][0-9.,]*%?")


def number(value: float, decimals: int = 0) -> str:
    """Write a number the Dutch way; halves are rounded away from zero.

    >>> number(1234)
    '1.234'
    >>> number(12.5, decimals=1)
    '12,5'
    >>> number(-3)
    '−3'
    """
    step = Decimal(1).scaleb(-decimals)
    exact = Decimal(repr(float(value)))
    rounded = exact.quantize(step, ROUND_HALF_UP, _LONG)
    text = f"{abs(rounded):,.{decimals}f}".translate(str.maketrans(",.", ".,"))
    return MINUS + text if rounded < 0 else text


def percent(share: float, decimals: int = 0) -> str:
    """Write a fraction as a percentage.

    >>> percent(0.7064)
    '71%'
    """
    return number(100 * Decimal(repr(float(share))), decimals) + "%"  # type: ignore[arg-type]


def percents(shares: Sequence[float]) -> list[str]:
    """Write the fractions of a whole as percentages that add up to 100, by largest remainder.

    >>> percents([1 / 3, 1 / 3, 1 / 3]), percents([0.125, 0.125, 0.75])
    (['34%', '33%', '33%'], ['13%', '12%', '75%'])
    """
    exact = [100 * Decimal(repr(float(share))) for share in shares]
    floors = [int(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda place: floors[place] - exact[place])
    for place in order[: 100 - sum(floors)]:
        floors[place] += 1
    return [f"{whole}%" for whole in floors]


def change(growth: float) -> str:
    """Write a growth with its sign.

    >>> change(1 / 3), change(-0.125), change(0.001)
    ('+33%', '−13%', '0%')
    """
    text = percent(growth)
    return "+" + text if growth > 0 and text != "0%" else text


def day(value: date) -> str:
    """Write a date in full.

    >>> day(date(2018, 7, 13))
    '13 juli 2018'
    """
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def enumeration(words: Sequence[str], conjunction: str = "en") -> str:
    """Join words as a Dutch sentence does.

    >>> enumeration(["Zuilen", "TOP", "De Klop"])
    'Zuilen, TOP en De Klop'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def count(value: int, singular: str, plural: str) -> str:
    """Write a count with the right form of its noun.

    >>> count(1, "rij", "rijen"), count(1200, "rij", "rijen")
    ('1 rij', '1.200 rijen')
    """
    return f"{number(value)} {singular if value == 1 else plural}"


def months(value: float) -> str:
    """Write a number of months.

    >>> months(9.0), months(1.5), months(1)
    ('9 maanden', '1,5 maanden', '1 maand')
    """
    amount = short(value)
    return f"{amount} {'maand' if amount == '1' else 'maanden'}"


def short(value: float) -> str:
    """Write a number with one decimal, or without where that is zero.

    >>> short(9.0), short(1.5)
    ('9', '1,5')
    """
    return number(value, 1).removesuffix(",0")


def visible(text: str) -> str:
    """Write a text without what steers a terminal, breaks a line or turns the reading order.

    >>> visible("T\x1b[2JOP"), visible("a\u202eb")
    ('T?[2JOP', 'a?b')
    """
    return text.translate(_HIDDEN)


def inert(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula.

    >>> inert("-2+3+cmd"), inert("@x"), inert("-2,5"), inert("+33%")
    ("'-2+3+cmd", "'@x", '-2,5', '+33%')
    """
    may_be_formula = text.startswith(tuple("=+-@\t\r\n")) and not _PLAIN_NUMBER.fullmatch(text)
    return f"'{text}" if may_be_formula else text


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return a text in small letters, without accents, emphasis and escapes."""
    return re.sub(r"[*’'‘\\]", "", unaccented(text.translate(_UNMARKED))).lower()


def unaccented(text: str) -> str:
    """Take off the accents of letters.

    >>> unaccented("Één café")
    'Een cafe'
    """
    marked = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in marked if not unicodedata.combining(sign))


def slug(text: str) -> str:
    """Write words as a key or an anchor.

    >>> slug("Geld & regelingen"), slug("’t Zant")
    ('geld-regelingen', 't-zant')
    """
    letters = unaccented(text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
