"""What one cell may hold: texts to values; never a value in a message."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from functools import partial

from bwk.registrations.columns import Column, fold

SLUG = re.compile("(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")
_FORMULA = re.compile(r"#(N/[AB]|[A-Z0/]+[!?])|Err:[0-9]+")
_NUMBER = re.compile("-?([0-9]+|[0-9]{1,3}([.][0-9]{3})+)(,[0-9]+)?|-?[0-9]+[.][0-9]+")
_THOUSANDS = re.compile("-?[0-9]{1,3}([.][0-9]{3})+(,[0-9]+)?")
_DAY_FIRST = re.compile("([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})([ T].*)?")
_YEAR_FIRST = re.compile("([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})([ T].*)?")
_SERIAL = re.compile("([2-6][0-9]{4})(,[0-9]+)?")
_MOST = 1_000_000
_TRIES = 200  # looking for a likely slug is slow

_EMPTIES = frozenset(
    "nvt onbekend anoniem anonymous geen null nan none nat na leeg x xx xxx".split()
)
_LETTERS = r"[^\W\d_]"
_NAME = re.compile(rf"{_LETTERS}+([ .,'’-]+{_LETTERS}+)*[.]?")
_TITLE_WORDS = re.compile(r"\b[A-Z][a-zà-ÿ]+,? (?:\w{1,4} ){0,2}[A-Z][a-zà-ÿ]+")
_BETWEEN_DIGITS = re.compile(r"[\s.()/-]")
_HEX = re.compile("[a-z]?[a-f]{8,}")
_PHONE = re.compile(r"(00|\+)[1-9][0-9]{8,12}|0[1-9][0-9]{8}|(31)?6[1-5][0-9]{7}")
_ADVICE = "Gebruik een pseudoniem met een cijfer erin, of draai ‘bwk pseudonymize’."


class UnfitError(Exception):
    """A text that may not stand in the cell: what is wrong, and the remedy."""

    def __init__(self, message: str, remedy: str):
        super().__init__(message, remedy)


def parser(column: Column, today: date, known: Mapping[str, str] | None) -> Callable:
    """Choose the function that reads one text of the column.

    Parameters
    ----------
    known : mapping of str to str or None
        Folded slugs and names of the table referred to, to slug; None where it cannot be told.
    """
    if column.kind == "date":
        return partial(_day, latest=today if column.past else None)
    if column.allowed:
        return partial(_reference, known={word: word for word in column.allowed}, tries=iter(()))
    if column.kind == "slug" and known is not None:
        return partial(_reference, known=known, tries=iter(range(_TRIES)))
    if column.kind == "slug":
        return _slug
    return {"count": _count, "number": _number, "pseudonym": _pseudonym}.get(column.kind, _any)


def personal(text: str) -> str:
    """Tell what person's data a pseudonym looks like; an empty text if none.

    >>> [personal(text) for text in ("P0001", "d-3f9a2c", "a1b2c3d4e5", "4512")]
    ['', '', '', '']
    >>> personal("Jan de Vries"), personal("jan@voorbeeld.nl"), personal("06-12345678")
    ('een naam', 'een e-mailadres', 'een telefoonnummer')
    """
    digits = _BETWEEN_DIGITS.sub("", text)
    if "@" in text:
        return "een e-mailadres"
    if _PHONE.fullmatch(digits):
        return "een telefoonnummer"
    if re.fullmatch("[0-9]{8,9}", digits) and "-" not in text and _is_bsn(digits.zfill(9)):
        return "een burgerservicenummer"
    if _DAY_FIRST.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        return "een datum"
    return "een naam" if _is_name(text) else ""


def is_unknown(text: str) -> bool:
    """Tell whether the text stands for nobody in particular.

    >>> is_unknown("N.v.t."), is_unknown("-"), is_unknown("P0001")
    (True, True, False)
    """
    folded = fold(text, "")
    return folded in _EMPTIES or (not folded and text.isascii())


def _is_name(text: str) -> bool:
    if not _NAME.fullmatch(text):
        return bool(_TITLE_WORDS.search(text))
    if _HEX.fullmatch(text):
        return False
    return not text.isascii() or (len(text) > 2 and bool(re.search("[aeiouy]", text.casefold())))


def _is_bsn(digits: str) -> bool:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return total % 11 == 0 and int(digits) > 0


def _any(text: str) -> str:
    if _FORMULA.fullmatch(text):
        raise UnfitError(
            "Hier staat een fout van een formule.", "Herstel de formule of typ de waarde."
        )
    return text


def _day(text: str, latest: date | None) -> date:
    _any(text)
    match = _DAY_FIRST.fullmatch(text)
    parts = match.group(3, 2, 1) if match else ()
    match = _YEAR_FIRST.fullmatch(text)
    parts = match.group(1, 2, 3) if match else parts
    serial = _SERIAL.fullmatch(text)
    try:
        days = 0 if parts else int(serial[1])  # type: ignore[index]
        day = date(*map(int, parts)) if parts else date(1899, 12, 30) + timedelta(days)
    except (TypeError, ValueError):
        remedy = "Schrijf een dag die bestaat, als 31-12-2018."
        raise UnfitError("Dit is geen datum.", remedy) from None
    if day.year < 1900:
        raise UnfitError("Deze datum ligt te ver terug.", "Verbeter het jaar.")
    if latest and day > latest:
        raise UnfitError("Deze datum ligt in de toekomst.", "Verbeter de datum.")
    return day


def _number(text: str) -> float:
    _any(text)
    if not _NUMBER.fullmatch(text):
        raise UnfitError("Dit is geen getal.", "Schrijf alleen cijfers, met een komma voor delen.")
    dutch = _THOUSANDS.fullmatch(text) or "," in text
    value = float(text.replace(".", "").replace(",", ".") if dutch else text)
    if value < 0:
        raise UnfitError("Dit getal is kleiner dan nul.", "Schrijf nul of meer.")
    if value > _MOST:
        raise UnfitError("Dit getal is te groot.", "Verbeter het getal.")
    return value


def _count(text: str) -> float:
    value = _number(text)
    if not value.is_integer():
        raise UnfitError("Dit is geen heel getal.", "Schrijf een heel aantal mensen.")
    return value


def _slug(text: str) -> str:
    if not SLUG.fullmatch(_any(text)):
        remedy = "Gebruik kleine letters, cijfers en streepjes, zoals ‘hart-voor-leidsche-rijn’."
        raise UnfitError("Dit is geen korte naam.", remedy)
    return text


def _reference(text: str, known: Mapping[str, str], tries: Iterator[int]) -> str:
    folded = fold(_any(text), "-")
    if folded in known:
        return known[folded]
    another = next(tries, None) is not None and len(folded) < 60
    likely = get_close_matches(folded, known, 1, 0.6) if another else []
    remedy = f"Bedoelt u ‘{known[likely[0]]}’?" if likely else "Kies een waarde die bekend is."
    raise UnfitError("Deze waarde is onbekend.", remedy)


def _pseudonym(text: str) -> str:
    if is_unknown(_any(text)):
        message = "Dit staat voor ‘onbekend’ en is geen pseudoniem."
        raise UnfitError(message, "Laat de cel leeg, of haal de rij weg.")
    kind = personal(text)
    if kind:
        raise UnfitError(f"Dit lijkt {kind} en geen pseudoniem.", _ADVICE)
    return re.sub("(?<=[0-9])[.,]0$", "", text) if text[:1].isdigit() else text
