"""The programme: what `programma.toml` says about the city, publication and baselines."""

import re
import tomllib
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct, field

from bwk import periods
from bwk.errors import DataError, UsageError
from bwk.periods import Period

FILE = "programma.toml"
_LARGEST = 100_000  # bytes
_MOST = 1_000_000  # people or months: more than any programme has
_LINE = re.compile("at line ([0-9]+)")  # in what tomllib says, which is English
_TABLES = "publicatie", "melden"
_A_NAME = r"^([^/\\:.][^/\\:]*)?$"  # of a file, not in another folder
Value = TypeVar("Value")


# What the value of a key must be; those of [publicatie] with that table before them.
EXPECTED = {
    "naam": "een tekst tussen aanhalingstekens",
    "plaats": "een tekst tussen aanhalingstekens",
    "toelichting": "een tekst tussen aanhalingstekens",
    "publicatie": "een tabel [publicatie], met ‘drempel’ bijvoorbeeld",
    "publicatie.drempel": "een heel getal van 1 tot een miljoen",
    "publicatie.min_maanden_open": "een getal van 0 tot een miljoen",
    "publicatie.afronden": "een heel getal, ten minste de drempel: waarop alles is afgerond",
    "publicatie.samen_nemen": "true of false: of kleine diensten samen ‘Overige diensten’ zijn",
    "melden": "een tabel [melden] met ‘opdracht’ of ‘bestand’",
    "melden.opdracht": 'woorden, als ["mail", "-s", "bwk", "beheer@voorbeeld.nl"]',
    "melden.bestand": "de naam van een bestand in de uitvoermap, tussen aanhalingstekens",
    "basisperiode": 'perioden, als "2018-H1" = "2017"',
    "rapportdatum": 'een datum, als "2018-H1" = 2018-07-13',
}


class Programme(
    Struct,
    frozen=True,
    rename={
        "name": "naam",
        "city": "plaats",
        "threshold": "publicatie.drempel",
        "months_open": "publicatie.min_maanden_open",
        "joins_small": "publicatie.samen_nemen",
        "rounding": "publicatie.afronden",
        "baselines": "basisperiode",
        "dates": "rapportdatum",
        "note": "toelichting",
        "notice_command": "melden.opdracht",
        "notice_file": "melden.bestand",
    },
):
    """What holds for all locations together.

    Attributes
    ----------
    name, city : str
        Name of the programme and of the city, as they stand in reports.
    threshold : int
        A number is published only where at least so many people stand behind it.
    months_open : float
        A location is reported on when it was open at least so many months of the period.
    joins_small : bool
        Whether small services are taken together, where more can then be told.
    rounding : int
        To multiples of what number counts are rounded; 0 where they are told as they are.
    baselines : dict of str to str
        Period to baseline, where the programme chose one.
    dates : dict of str to date
        Period to the date of its report, where that is not the period's last day.
    note : str
        What readers must know of the data, printed at the head of each report.
    notice_command : tuple of str
        Gets on its standard input how a run came out; empty where nobody is told.
    notice_file : str
        Holds how the last run came out: a name in the output folder.
    """

    name: str = "Buurtwerkkamers"
    city: str = ""
    threshold: Annotated[int, Meta(ge=1, le=_MOST)] = 5
    months_open: Annotated[float, Meta(ge=0, le=_MOST)] = 6
    joins_small: bool = False
    rounding: Annotated[int, Meta(ge=0, le=_MOST)] = 0
    baselines: dict[str, str] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    note: str = ""
    notice_command: tuple[str, ...] = ()
    notice_file: Annotated[str, Meta(pattern=_A_NAME)] = ""

    def baseline(self, period: Period, is_covered: Callable[[Period], bool]) -> Period:
        """Return the baseline (basisperiode) of a period.

        Where the programme names none, the same part of the year before has the same season.

        Parameters
        ----------
        period : Period
        is_covered : callable
            Whether the registers cover a period; else the period before will do.
        """
        baseline = self.baselines.get(period.name)
        if baseline:
            return periods.parse(baseline)
        earlier = period.a_year_earlier()
        if earlier.last < period.first and is_covered(earlier):
            return earlier
        return period.before()


def read(folder: Path) -> Programme:
    """Read `programma.toml`.

    Parameters
    ----------
    folder : Path
        The data folder.

    Raises
    ------
    DataError
        If the file is missing, is no TOML, or holds a value that cannot be used.
    """
    try:
        programme = msgspec.convert(_flat(_content(folder / FILE)), Programme)
    except msgspec.ValidationError as error:
        raise _refused(str(error).partition("`$.")[2]) from None
    if 0 < programme.rounding < programme.threshold:
        raise _refused("publicatie.afronden")
    baselines = _by_period(programme.baselines, "basisperiode")
    for period, baseline in baselines.items():
        _check_baseline(period, baseline)
    dates = _by_period(programme.dates, "rapportdatum")
    return msgspec.structs.replace(programme, baselines=baselines, dates=dates)


def _content(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise DataError(f"{FILE} is veel te groot: laat er alleen de instellingen in staan.")
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise DataError(
            f"Het bestand {FILE} ontbreekt in de datamap: maak het, met ten minste naam en plaats."
        ) from None
    except OSError:
        raise DataError(f"{FILE} is niet te openen: kijk of u het mag lezen.") from None
    except UnicodeDecodeError:
        raise DataError(f"{FILE} is geen tekst in UTF-8: sla het zo op.") from None
    except (ValueError, RecursionError) as error:
        line = _LINE.search(str(error))
        place = f", regel {line[1]}," if line else ""
        raise DataError(f"{FILE}{place} is geen geldige TOML: herstel dat.") from None


def _by_period(table: dict[str, Value], key: str) -> dict[str, Value]:
    """Return a table by the names of periods, also where a folder's name was written for one."""
    try:
        return {periods.parse(written).name: value for written, value in table.items()}
    except UsageError as error:
        raise DataError(f"{FILE}, [{key}]: {error}") from None


def _flat(content: dict[str, Any]) -> dict[str, Any]:
    """Put the keys of tables beside the others, with the name of the table before them."""
    flat = dict(content)
    for name in _TABLES:
        table = content.get(name, {})
        if not isinstance(table, dict):
            raise _refused(name)
        flat |= {f"{name}.{key}": value for key, value in table.items()}
    for key in flat:
        if key not in EXPECTED:
            raise DataError(f"{FILE}: {_unknown(key)}")
    return flat


def _unknown(key: str) -> str:
    """Say that a key does nothing: a threshold that is misspelt would not be one."""
    names = {path.rpartition(".")[2]: path for path in EXPECTED}
    likely = get_close_matches(key.rpartition(".")[2], names, n=1)
    remedy = f"bedoelt u ‘{names[likely[0]]}’?" if likely else "haal die regel weg."
    return f"‘{key[:40]}’ is geen instelling van bwk: {remedy}"


def _refused(path: str) -> DataError:
    """Say what the value at a path must be; msgspec ends a path with `[...]`, `[0]` or a quote."""
    key = path.rstrip("`").partition("[")[0]
    return DataError(f"{FILE}: ‘{key}’ is niet te gebruiken: schrijf {EXPECTED[key]}.")


def _check_baseline(period: str, baseline: str) -> None:
    try:
        starts = periods.parse(period).first
        ends = periods.parse(baseline).last
    except UsageError as error:
        raise DataError(f"{FILE}, [basisperiode]: {error}") from None
    if ends >= starts:
        raise DataError(
            f"{FILE}: de basisperiode van {period} ligt er niet voor: kies een eerdere periode."
        )
