"""What one cell may hold: texts to values; never a value in a message."""

import re
from calendar import monthrange
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from difflib import get_close_matches

from bwk.formats import LONGEST_SLUG, slug
from bwk.personal import is_citizen_number
from bwk.registrations.findings import RefusedError

_FORMULA_ERROR = re.compile(r"#(N/[AB]|[A-Z0/]+[!?])|Err:[0-9]+")
_DUTCH_NUMBER = re.compile("-?([0-9]+|[0-9]{1,3}([.][0-9]{3})+)(,[0-9]+)?")
_POINT_NUMBER = re.compile("-?[0-9]+[.][0-9]+")
MOST = 1_000_000
_LONGEST = 200  # letters
_DAY = re.compile("(([0-9]{1,2}[-/.]){2}[0-9]{4}|[0-9]{4}([-/.][0-9]{1,2}){2})([ T].*)?")
_MONTH_OR_WEEK = re.compile(r"([0-9]{4})-(W?)([0-9]{2})")
_SERIAL = re.compile("([2-6][0-9]{4})(,[0-9]+)?")  # days since 1899 in Excel: 1954 to 2091

_NOBODY = frozenset(["", *"onbekend anoniem anonymous nvt geen nan none null x xx xxx".split()])
_LETTERS = r"[^\W\d_]"
_WORDS = re.compile(rf"{_LETTERS}+([ .,'’-]+{_LETTERS}+)*[.]?")
_TWO_NAMES = re.compile(r"\b[A-Z][a-zà-ÿ]+,? (?:\w{1,4} ){0,2}[A-Z][a-zà-ÿ]+")
_CODE = re.compile("[A-Za-z][A-Za-z-]*[0-9][A-Za-z0-9-]*")  # like no person's data
_ROUNDED = re.compile(r"[0-9][.,][0-9]+[Ee][+]?[0-9]+|[0-9]+[Ee][+][0-9]+")  # 1,2E+15
_HEX = re.compile("[a-z]?[a-f]{8,}")
_PHONE = re.compile(r"(00|\+)[1-9][0-9]{8,12}|0[1-9][0-9]{8}|(31)?6[1-5][0-9]{7}")


def parse(text: str, kind: str, known: Mapping[str, str] | None, today: date) -> object:
    """Read one text as `kind`, or raise RefusedError; `known` are the only values, by slug."""
    if _FORMULA_ERROR.fullmatch(text):
        remedy = "Herstel de formule of typ de waarde."
        raise RefusedError("Hier staat een fout van een formule.", remedy)
    if len(text) > _LONGEST:
        raise RefusedError("Deze tekst is te lang.", f"Gebruik hoogstens {_LONGEST} tekens.")
    if known is not None:
        return _reference(text, known)
    if kind in ("date", "day"):
        return _date(text, date.max if kind == "date" else today)
    if kind == "moment":
        return _moment(text, today)
    if kind in ("count", "number"):
        return _number(text, whole=kind == "count")
    if kind == "pseudonym":
        return _pseudonym(text)
    if kind == "slugs":
        return " ".join(map(_slug, text.split()))
    return text if kind == "text" else _slug(text)


def personal(text: str) -> str:
    """Tell what person's data a pseudonym looks like; an empty text if none.

    >>> [personal(text) for text in ("P0001", "d-3f9a2c", "a1b2c3d4e5", "4512")]
    ['', '', '', '']
    >>> personal("Jan de Vries"), personal("jan@voorbeeld.nl"), personal("06-12345678")
    ('een naam', 'een e-mailadres', 'een telefoonnummer')
    """
    digits = re.sub(r"[\s.()/-]", "", text)
    if "@" in text:
        return "een e-mailadres"
    if _PHONE.fullmatch(digits):
        return "een telefoonnummer"
    may_be_citizen_number = re.fullmatch("[0-9]{8,9}", digits) and "-" not in text and int(digits)
    if may_be_citizen_number and is_citizen_number(digits.zfill(9)):
        return "een burgerservicenummer"
    if calendar_day(text):
        return "een datum"
    return "een naam" if _is_name(text) else ""


def is_nobody(text: str) -> bool:
    """Tell whether the text stands for nobody in particular.

    >>> is_nobody("N.v.t."), is_nobody("-"), is_nobody("P0001")
    (True, True, False)
    """
    return re.sub(r"\W", "", text).casefold() in _NOBODY


def _is_name(text: str) -> bool:
    if not _WORDS.fullmatch(text):
        return bool(_TWO_NAMES.search(text))
    if _HEX.fullmatch(text):
        return False
    if not text.isascii():
        return True
    vowel = re.search("[aeiouy]", text.casefold())
    is_short_name = len(text) == 2 and text.istitle()  # `Jo`, and no code as `ab`
    return vowel is not None and (len(text) > 2 or is_short_name)


def calendar_day(text: str) -> date | None:
    """Read 31-12-2018, 31/12/2018, 31.12.2018 or 2018-12-31, perhaps with a time."""
    match = _DAY.fullmatch(text)
    if match:
        form = "%d-%m-%Y" if match[2] else "%Y-%m-%d"
        day = re.sub("[/.]", "-", match[1])
        with suppress(ValueError):
            return datetime.strptime(day, form).date()
    return None


def day_numbered(number: int) -> date:
    """Return the day that has a number in a spreadsheet, which counts from the end of 1899."""
    return date(1899, 12, 30) + timedelta(number)


def _date(text: str, latest: date) -> date:
    serial = _SERIAL.fullmatch(text)
    day = calendar_day(text)
    if serial:
        day = day_numbered(int(serial[1]))
    if not day or day.year < 1900:
        raise RefusedError("Dit is geen datum.", "Schrijf een dag die bestaat, als 31-12-2018.")
    if day > latest:
        raise RefusedError("Deze datum ligt in de toekomst.", "Verbeter de datum.")
    return day


def is_month_or_week(text: str) -> bool:
    """Tell whether a moment is a whole month or a week of ISO 8601, and no day.

    >>> is_month_or_week("2021-03"), is_month_or_week("2021-W09"), is_month_or_week("2021-03-01")
    (True, True, False)
    """
    return _MONTH_OR_WEEK.fullmatch(text) is not None


def _moment(text: str, today: date) -> date:
    """Read a day, a month or a week that has begun.

    A month counts on its last day, a week on its Thursday, which ISO 8601 says in what year it is.
    """
    match = _MONTH_OR_WEEK.fullmatch(text)
    if not match:
        return _date(text, today)
    year, week, number = match.groups()
    try:
        if week:
            begin = date.fromisocalendar(int(year), int(number), 1)
            counted_on = begin + timedelta(3)
        else:
            begin = date(int(year), int(number), 1)
            counted_on = begin.replace(day=monthrange(begin.year, begin.month)[1])
    except ValueError:
        remedy = "Schrijf een maand als 2018-03, en een week als 2018-W09."
        raise RefusedError("Deze maand of week bestaat niet.", remedy) from None
    if begin > today:
        raise RefusedError("Deze datum ligt in de toekomst.", "Verbeter de datum.")
    return counted_on


def number(text: str) -> float | None:
    """Read a number, with a point or a comma for its decimals; None where there is none.

    >>> number("1.234"), number("2,25"), number("2.25"), number("12 (2 kinderen)")
    (1234.0, 2.25, 2.25, None)
    """
    if _DUTCH_NUMBER.fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    return float(text) if _POINT_NUMBER.fullmatch(text) else None


def _number(text: str, whole: bool) -> float:
    value = number(text)
    if value is None:
        remedy = "Schrijf alleen cijfers, met een komma voor delen."
        raise RefusedError("Dit is geen getal.", remedy)
    if whole and not value.is_integer():
        raise RefusedError("Dit is geen heel getal.", "Schrijf een heel aantal mensen.")
    if value < 0:
        raise RefusedError("Dit getal is kleiner dan nul.", "Schrijf nul of meer.")
    if value > MOST:
        raise RefusedError("Dit getal is te groot.", "Verbeter het getal.")
    return value


def _slug(text: str) -> str:
    if text != slug(text) or text.replace("-", "").isdigit():
        remedy = "Gebruik kleine letters, cijfers en streepjes, zoals ‘hart-voor-leidsche-rijn’."
        raise RefusedError("Dit is geen korte naam.", remedy)
    if len(text) > LONGEST_SLUG:
        remedy = f"Gebruik hoogstens {LONGEST_SLUG} tekens."
        raise RefusedError("Deze korte naam is te lang.", remedy)
    return text


def _reference(text: str, known: Mapping[str, str]) -> str:
    if slug(text) in known:
        return known[slug(text)]
    likely = get_close_matches(slug(text), known, n=1)
    remedy = f"Bedoelt u ‘{known[likely[0]]}’?" if likely else "Kies een waarde die bekend is."
    raise RefusedError("Deze waarde is onbekend.", remedy)


def refuse_rounded(text: str) -> None:
    """Raise RefusedError for a long number that a spreadsheet rounded, as 1,2E+15."""
    if _ROUNDED.fullmatch(text):
        message = "Dit nummer is afgerond door een spreadsheet: het is van meer mensen."
        raise RefusedError(message, "Maak de kolom tekst, en typ het hele nummer.")


def _pseudonym(text: str) -> str:
    refuse_rounded(text)
    if _CODE.fullmatch(text):
        return text
    if is_nobody(text):
        message = "Dit staat voor ‘onbekend’ en is geen pseudoniem."
        raise RefusedError(message, "Laat de cel leeg, of haal de rij weg.")
    kind = personal(text)
    if kind:
        remedy = "Gebruik een pseudoniem met een cijfer erin, of draai ‘bwk pseudonymize’."
        raise RefusedError(f"Dit lijkt {kind} en geen pseudoniem.", remedy)
    return text.removesuffix(".0")  # a number that passed through a column with empty cells
