"""What other periods in the same output folder have published already."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from bwk import periods
from bwk.errors import DataError, UsageError
from bwk.facts.declared import parsed
from bwk.facts.expressions import Each
from bwk.outputs import FACTS as FILE
from bwk.periods import Period


class _Fact(msgspec.Struct):
    """What is looked at of a fact in `feiten.json`."""

    waarde: int | float | str | None
    achtergehouden: bool

    @property
    def is_told(self) -> bool:
        """Whether it says anything: a value, or that it is held back."""
        return self.achtergehouden or self.waarde is not None


class _Issued(msgspec.Struct):
    """What is looked at of `feiten.json`."""

    periode: str
    basisperiode: str
    feiten: dict[str, dict[str, _Fact]]


@dataclass(frozen=True)
class Published:
    """What another period in the same output folder has published.

    Attributes
    ----------
    period, baseline : Period
    facts : mapping of scope to mapping of fact to value
        None where it is held back.
    """

    period: Period
    baseline: Period
    facts: Mapping[str, Mapping[str, Any]]

    @property
    def intervals(self) -> tuple[Period, Period, Period]:
        """Period, baseline, and the calendar year before."""
        return self.period, self.baseline, self.period.year_before()

    @property
    def half_years(self) -> list[Period]:
        """The half-years of which the barometer was published."""
        names = {name for facts in self.facts.values() for name in facts}
        half_years = {parsed(name)[1].get(Each.HALF_YEAR, "") for name in names}
        return [periods.parse(half_year) for half_year in sorted(half_years) if half_year]


def read_published(output: Path, wanted: Period) -> list[Published]:
    """Read the facts of the other periods in an output folder.

    Raises
    ------
    DataError
        If a `feiten.json` cannot be read.
    """
    others = []
    for path in sorted(output.glob(f"*/{FILE}")):
        if path.parent.name == wanted.folder:
            continue
        try:
            issued = msgspec.json.decode(path.read_bytes(), type=_Issued)
            facts = {
                scope: {name: fact.waarde for name, fact in sheet.items() if fact.is_told}
                for scope, sheet in issued.feiten.items()
            }
            period, baseline = map(periods.parse, (issued.periode, issued.basisperiode))
            others.append(Published(period, baseline, facts))
        except (OSError, ValueError, UsageError):
            raise DataError(
                f"{path.parent.name}/{FILE} in de uitvoermap is niet te lezen: zet het bestand "
                "terug, of maak die periode opnieuw met bwk run."
            ) from None
    return others
