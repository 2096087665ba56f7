"""The cost of a period's reports, in whole processes: seconds, processor seconds, peak memory.

`python tests/bench/run.py [40 ...]` makes so many reports of locations like TOP, without workbooks:

- with `bwk run`, which also makes the PDFs, the city's report, the whole report and the facts;
- with the floor: one warm process that calls the same functions, with no kernel and no checks;
- with `bwk run` again where nothing changed, and where one workbook did;
- up to 40 also on a Dask cluster of two workers, and the first four of them with the two commands
  `papermill` and `jupyter nbconvert --to html`.

Peak memory is that of all processes together, sampled ten times a second.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import psutil

from bwk import inputs, registrations, workbook

ROOT = Path(__file__).parent.parent.parent
TOOLS = Path(sys.executable).parent
PAIRED, MANY = 4, 40
FLOOR = """
import sys
from pathlib import Path
import nbformat
from bwk import export, facts, figures, periods
made, data, output = map(Path, sys.argv[1:])
book = facts.read_book(data, Path("nowhere"), periods.parse("2018-H1"))
for name, sheet in book.sheets.items():
    if name == "stad":
        continue
    for draw in (figures.growth, figures.origin, figures.services_pie, figures.services_per_month,
                 figures.course, figures.barometer, figures.roles_pie):
        draw(sheet)
    notebook = nbformat.read(made / f"{name}.ipynb", as_version=4)
    export.publish(export.build(notebook), output, name)
"""


@dataclass
class Cost:
    """What a piece of work took, in seconds and MB."""

    wall: float = 0
    cpu: float = 0
    memory: float = 0

    def row(self, what: str, reports: int) -> str:
        each = f"{self.wall / reports:.2f} | {self.cpu / reports:.2f}"
        return f"| {what} | {self.wall:.1f} | {self.cpu:.1f} | {each} | {self.memory:.0f} |"


def write_data(folder: Path, count: int) -> None:
    """Write the sample's data with TOP so many times over, each with people of its own."""
    read = registrations.read(ROOT / "data")
    shutil.copy(ROOT / "data/programma.toml", folder)
    tables = {
        "locaties": (read.locations, ["locatie", "naam"]),
        "rollen": (read.roles, ["locatie", "persoon"]),
        "deelnames": (read.participations.drop(columns="bron"), ["locatie", "deelnemer"]),
        "deelnemers": (read.participants, ["deelnemer"]),
        "verwijzingen": (read.referrals, ["locatie", "deelnemer"]),
        "diensten": (read.services, []),
        "rolnamen": (read.role_names, []),
        "buurten": (read.neighbourhoods.drop(columns="omgeving_van"), []),
        "partners": (read.partners, []),
    }
    for name, (table, own) in tables.items():
        table = table[table["locatie"] == "top"] if "locatie" in own else table
        copies = [_renamed(table, own, number) for number in range(count)] if own else [table]
        pd.concat(copies).to_csv(folder / f"{name}.csv", index=False)


def _renamed(table: pd.DataFrame, columns: list[str], number: int) -> pd.DataFrame:
    renamed = table.copy()
    for column in columns:
        texts = renamed[column].astype(object)
        renamed[column] = texts.where(texts.isna(), texts.astype(str) + f"-{number:03d}")
    return renamed


def measured(*words: object, helpers: Sequence[int] = ()) -> Cost:
    """Run a command; return its cost with that of all processes that it starts, and its helpers."""
    environment = {**os.environ, "BWK_DATA": str(DATA)}
    began, seen, peak = time.perf_counter(), {}, 0.0
    before: dict[int, float] = {}
    for helper in helpers:
        _sample(helper, before)
    with started(*words, env=environment) as process:
        while process.poll() is None:
            peak = max(peak, sum(_sample(pid, seen) for pid in (process.pid, *helpers)))
            time.sleep(0.1)
        if process.returncode:
            raise SystemExit(f"{words}: status {process.returncode}")
    cpu = sum(seen.values()) - sum(before.values())
    return Cost(time.perf_counter() - began, cpu, peak / 1e6)


def started(*words: object, **settings: Any) -> subprocess.Popen[bytes]:
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([str(word) for word in words], cwd=ROOT, **silent, **settings)


def _sample(pid: int, seen: dict[int, float]) -> float:
    """Note the processor time of a process and its children; return their memory in bytes."""
    memory = 0.0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return memory
    for one in family:
        try:
            times = one.cpu_times()
            seen[one.pid] = times.user + times.system
            memory += one.memory_full_info().pss
        except psutil.Error:
            continue
    return memory


def added(*costs: Cost) -> Cost:
    total = Cost()
    for cost in costs:
        total = Cost(total.wall + cost.wall, total.cpu + cost.cpu, max(total.memory, cost.memory))
    return total


def two_commands(folder: Path, name: str) -> Cost:
    made = folder / f"{name}.ipynb"
    template, where = "notebooks/sjablonen/locatie.ipynb", ("-p", "location", name)
    one = measured(TOOLS / "papermill", template, made, *where, "-p", "period", "2018-H1")
    return added(one, measured(TOOLS / "jupyter", "nbconvert", "--to", "html", made))


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Start a Dask scheduler and two workers; yield its address and their processes."""
    meet = folder / "cluster.json"
    dask = (sys.executable, "-m", "dask")
    once = ("--nthreads", 1, "--no-nanny", "--no-dashboard", "--scheduler-file", meet)
    scheduler = started(*dask, "scheduler", "--port", 0, "--no-dashboard", "--scheduler-file", meet)
    parts = [scheduler, *(started(*dask, "worker", *once) for _ in range(2))]
    try:
        while not meet.exists():
            time.sleep(0.1)
        yield json.loads(meet.read_text())["address"], [part.pid for part in parts]
    finally:
        for part in parts:
            part.kill()
            part.wait()


def compare(folder: Path, count: int) -> None:
    """Measure everything for so many reports, and print a row each."""
    notebooks, output = folder / "notebooks", folder / "output"
    shutil.copytree(ROOT / "notebooks/sjablonen", notebooks / "sjablonen")
    places = ("--data", DATA, "--notebooks", notebooks, "--output", output)
    run = (TOOLS / "bwk", "run", "2018-H1", *places)
    print(measured(*run).row(f"`bwk run`, {count} reports", count), flush=True)
    print(measured(*run).row("nothing changed", count), flush=True)
    (notebooks / "2018-H1").mkdir()
    template = workbook.read(inputs.template(notebooks, "locatie"))
    book = workbook.parametrized(template, "top-000", "2018-H1")
    nbformat.write(book, notebooks / "2018-H1/top-000.ipynb")
    measured(*run)
    text = next(cell for cell in book.cells if cell.metadata["bwk"]["role"] == "narrative")
    text.source = "Het gaat goed."
    nbformat.write(book, notebooks / "2018-H1/top-000.ipynb")
    print(measured(*run).row("one word changed (`top-000`, the whole report)", 1), flush=True)
    floor = (sys.executable, "-c", FLOOR, output / "2018-H1", DATA, output)
    print(measured(*floor).row("the floor: one process, no kernel", count), flush=True)
    if count > MANY:
        return
    print(measured(*run, "--force").row("`bwk run --force`", count), flush=True)
    with cluster(folder) as (address, workers):
        forced = (*run, "--force", "--dask", address)
        measured(*forced, helpers=workers)  # the workers load what they need
        print(measured(*forced, helpers=workers).row("the same with `--dask`", count), flush=True)
    paired = [two_commands(folder, f"top-{number:03d}") for number in range(PAIRED)]
    print(added(*paired).row(f"two commands, {PAIRED} reports", PAIRED), flush=True)


def main() -> None:
    global DATA
    print("| what | seconds | CPU | seconds a report | CPU a report | peak MB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for count in [int(word) for word in sys.argv[1:]] or [40]:
        with tempfile.TemporaryDirectory() as folder:
            DATA = Path(folder, "data")
            DATA.mkdir()
            write_data(DATA, count)
            compare(Path(folder), count)


if __name__ == "__main__":
    main()
