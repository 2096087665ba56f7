"""The cost of a period's reports: `bwk run` beside two commands for each report.

Both make the reports of the sample: the city's and two locations', as HTML. `bwk run` also
makes the PDFs, the whole report and the facts. Whole processes are measured, kernels included;
the pairs take turns, so that a machine that slows down slows both.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TOOLS = Path(sys.executable).parent
REPORTS = ("stad", "hart-voor-leidsche-rijn", "top")
PAIRS = 3


def with_bwk(folder: Path) -> None:
    command(TOOLS / "bwk", "run", "2018-H1", "--output", folder)


def with_two_commands(folder: Path) -> None:
    for report in REPORTS:
        made = folder / f"{report}.ipynb"
        parameters = ("-p", "location", report, "-p", "period", "2018-H1")
        command(TOOLS / "papermill", f"notebooks/2018-H1/{report}.ipynb", made, *parameters)
        command(TOOLS / "jupyter", "nbconvert", "--to", "html", made)


def command(*words: object) -> None:
    environment = {**os.environ, "BWK_DATA": str(ROOT / "data")}
    subprocess.run(
        [str(word) for word in words], cwd=ROOT, env=environment, check=True, capture_output=True
    )


def measure(work: Callable[[Path], None]) -> tuple[float, float]:
    """Return seconds on the clock and of the processors, per report."""
    with tempfile.TemporaryDirectory() as folder:
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        work(Path(folder))
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall / len(REPORTS), cpu / len(REPORTS)


def main() -> None:
    pairs = [(measure(with_bwk), measure(with_two_commands)) for _ in range(PAIRS)]
    print("Seconds per report, median of", PAIRS, "pairs:\n")
    print("| | bwk run | two commands | ratio |\n| --- | --- | --- | --- |")
    for place, figure in enumerate(("wall", "CPU")):
        ours, theirs = (statistics.median(pair[side][place] for pair in pairs) for side in (0, 1))
        ratio = statistics.median(pair[0][place] / pair[1][place] for pair in pairs)
        print(f"| {figure} | {ours:.1f} | {theirs:.1f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
