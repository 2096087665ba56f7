"""The page that leads to the reports of all periods."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bwk import export, inputs, outputs, periods
from bwk.errors import UsageError
from bwk.files import alone, write

WAIT = 60  # seconds, for a run of another period


def write_overview(output: Path) -> None:
    """Write the page, the newest period first, from what the runs left of themselves."""
    with alone(output / outputs.INDEX, seconds=WAIT):  # else that of a run before may replace it
        entries = list(_entries(output))
        entries.sort(key=lambda entry: (entry["period"].last, entry["period"].first), reverse=True)
        programme = entries[0]["programme"] if entries else ""
        write(output / outputs.INDEX, export.overview(programme, entries))


def _entries(output: Path) -> Iterator[dict[str, Any]]:
    for target in outputs.period_folders(output):
        run = inputs.record(target)
        try:
            period = periods.parse(run.period)
        except UsageError:  # a folder of something else
            continue
        editions = outputs.editions(target)
        folder = editions[-1] if editions else target
        state = f"{outputs.EDITION} {outputs.edition_number(folder)}" if editions else ""
        yield {
            "period": period,
            "programme": run.programme,
            "folder": folder.relative_to(output).as_posix(),
            "made": (folder / f"{outputs.WHOLE}.html").exists(),
            "state": state,
            "open": 0 if editions else _open_points(run),
        }


def _open_points(run: outputs.Run) -> int:
    """Count the open points of the whole report, or of all others where nobody looked at it."""
    together = run.reports.get(outputs.WHOLE)
    if together and together.open is not None:
        return together.open
    return sum(report.open or 0 for report in run.reports.values())
