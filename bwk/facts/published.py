"""What other periods in the same output folder have published already."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bwk import periods
from bwk.errors import DataError, UsageError
from bwk.periods import Period

FILE = "feiten.json"


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
        ends = {
            name.rpartition(".")[2] for name in names if name.startswith("barometer_per_maand.")
        }
        return [periods.parse(end) for end in sorted(ends)]


def read_published(output: Path, wanted: Period) -> list[Published]:
    """Read the facts of the other periods in an output folder.

    Raises
    ------
    DataError
        If a `feiten.json` cannot be read.
    """
    found = []
    for path in sorted(output.glob(f"*/{FILE}")):
        if path.parent.name == wanted.folder:
            continue
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            facts = {
                scope: {
                    name: fact["waarde"]
                    for name, fact in sheet.items()
                    if fact["achtergehouden"] or fact["waarde"] is not None
                }
                for scope, sheet in content["feiten"].items()
            }
            period, baseline = (periods.parse(content[x]) for x in ("periode", "basisperiode"))
            found.append(Published(period, baseline, facts))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, UsageError):
            raise DataError(
                f"{path.parent.name}/{FILE} in de uitvoermap is niet te lezen: zet het bestand "
                "terug, of maak die periode opnieuw met bwk run."
            ) from None
    return found
