"""What tells that a text is of a person: first names, and the test of citizen service numbers."""

from functools import cache
from pathlib import Path

from bwk.formats import plain

_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def is_first_name(word: str) -> bool:
    """Whether one of the parts of a word is a first name, also where it has no capital.

    >>> [is_first_name(word) for word in ("Marie-Louise", "fatima", "Merel", "merel")]
    [True, True, True, False]
    """
    names = _first_names()
    return any(
        plain(part) in names or (part[0].isupper() and plain(part).capitalize() in names)
        for part in word.split("-")
        if part
    )


@cache
def _first_names() -> frozenset[str]:
    """Return the first names in small letters; with a capital where it is a word as well."""
    page = Path(__file__).with_name("first_names.txt")
    return frozenset(page.read_text("utf-8").split())


def is_citizen_number(digits: str) -> bool:
    """Whether nine digits pass the test of citizen service numbers.

    >>> is_citizen_number("111222333"), is_citizen_number("123456789")
    (True, False)
    """
    return (
        sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11 == 0
    )
