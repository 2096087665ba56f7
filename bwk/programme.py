"""The programme: what `programma.toml` says about the city, publication and baselines."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bwk import periods
from bwk.errors import DataError, UsageError
from bwk.periods import Period

FILE = "programma.toml"


@dataclass(frozen=True)
class Programme:
    """What holds for all locations together.

    Attributes
    ----------
    name, city : str
        Name of the programme and of the city, as they stand in reports.
    threshold : int
        A number is published only where at least so many people stand behind it.
    months_open : float
        A location is reported on when it was open at least so many months of the period.
    baselines : mapping of str to str
        Period to baseline, where it is not the half-year before.
    dates : mapping of str to date
        Period to the date of its report, where it is not that of the newest registration.
    note : str
        What readers must know of the data, printed at the head of each report.
    """

    name: str = "Buurtwerkkamers"
    city: str = ""
    threshold: int = 5
    months_open: float = 6
    baselines: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, date] = field(default_factory=dict)
    note: str = ""

    def baseline(self, period: Period) -> Period:
        """Return the baseline (basisperiode) of a period."""
        named = self.baselines.get(period.name)
        return periods.parse(named) if named else period.before()


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
        content = tomllib.loads((folder / FILE).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise DataError(
            f"Het bestand {FILE} ontbreekt in de datamap: maak het, met ten minste naam en plaats."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{FILE} is geen geldige TOML ({error}): herstel die regel.") from None
    publication = content.get("publicatie", {})
    programme = Programme(
        name=_value(content, "naam", str, Programme.name),
        city=_value(content, "plaats", str, Programme.city),
        threshold=_value(publication, "drempel", int, Programme.threshold),
        months_open=_value(publication, "min_maanden_open", (int, float), Programme.months_open),
        baselines=_value(content, "basisperiode", dict, {}),
        dates=_dates(_value(content, "rapportdatum", dict, {})),
        note=_value(content, "toelichting", str, ""),
    )
    _check(programme)
    return programme


def _value(table, key, kind, default):
    value = table.get(key, default) if isinstance(table, dict) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise DataError(f"{FILE}: de waarde van ‘{key}’ heeft niet het goede soort: herstel die.")
    return value


def _dates(written: Mapping[str, object]) -> dict[str, date]:
    try:
        return {name: date.fromisoformat(str(value)) for name, value in written.items()}
    except ValueError:
        raise DataError(
            f"{FILE}, [rapportdatum]: een datum is niet te lezen: schrijf die als 2018-07-13."
        ) from None


def _check(programme: Programme) -> None:
    if programme.threshold < 1 or programme.months_open < 0:
        raise DataError(
            f"{FILE}: ‘drempel’ moet 1 of meer zijn en ‘min_maanden_open’ 0 of meer: herstel dat."
        )
    for name, baseline in programme.baselines.items():
        try:
            period, base = periods.parse(name), periods.parse(baseline)
        except UsageError as error:
            raise DataError(f"{FILE}, [basisperiode]: {error}") from None
        if base.last >= period.first:
            raise DataError(
                f"{FILE}: de basisperiode van {name} ligt er niet voor: kies een eerdere periode."
            )
