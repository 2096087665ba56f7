"""The page that leads to the reports of all periods."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bwk import export, inputs, periods
from bwk.errors import UsageError
from bwk.files import write
from bwk.review import definitive

PAGE = "index.html"


def write_overview(output: Path) -> None:
    """Write the page, the newest period first, from what the runs left of themselves."""
    runs = {path.parent: inputs.record(path.parent) for path in output.glob(f"*/{inputs.RUN}")}
    entries = [entry for target, run in runs.items() for entry in _entries(target, run)]
    entries.sort(key=lambda one: (one["period"].last, one["period"].first), reverse=True)
    name = entries[0]["programme"] if entries else ""
    write(output / PAGE, export.overview(name, entries))


def _entries(target: Path, run: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        period = periods.parse(run["periode"])
    except (KeyError, TypeError, UsageError):  # a folder of something else
        return []
    number, reports = definitive.is_definitive(target), run.get("verslagen", {})
    folder = f"{target.name}/{definitive.NAME}-{number}" if number else target.name
    whole = reports.get(export.WHOLE, {})
    listed = [whole] if "open" in whole else reports.values()
    return [
        {
            "period": period,
            "programme": run.get("programma", ""),
            "folder": folder,
            "made": (target.parent / folder / f"{export.WHOLE}.html").exists(),
            "state": f"{definitive.NAME} {number}" if number else "",
            "open": 0 if number else sum(one.get("open") or 0 for one in listed),
        }
    ]
