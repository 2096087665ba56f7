"""Time and memory of 1 and 10 million participations, as csv and as parquet.

Each figure is of a whole process: start, reading and checking, and in a second process also
counting: all facts of 40 locations, protected and proved. `python tests/bench/check.py 1` does 1
million only.
"""

import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

MILLION = 1_000_000
PROGRAMME = 'naam = "W"\nplaats = "S"\n'
TABLES = {
    "locaties": "locatie,naam,wijk,geopend_op\n"
    + "".join(f"l{n},L{n},W,2015-01-01\n" for n in range(40)),
    "diensten": "dienst,naam\n" + "".join(f"d{n},D{n}\n" for n in range(8)),
    "rolnamen": "rol,naam\ndeelnemers,Deelnemers\n",
    "rollen": "locatie,persoon,rol,van\n",
}
WORK = """
import resource, sys
from pathlib import Path
from bwk import periods, programme, registrations
from bwk.facts.book import build
folder = Path(sys.argv[1])
read = registrations.read(folder)
if sys.argv[2] == "count":
    build(read, programme.read(folder), periods.parse("2018-H1"))
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
STEPS = {"check": "reading and checking", "count": "and counting"}


def write_data(folder: Path, rows: int, kind: str) -> None:
    """Write a data folder with so many participations, seeded."""
    (folder / "programma.toml").write_text(PROGRAMME)
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text)
    rng = np.random.default_rng(2018)
    days = np.arange("2015-01-01", "2018-07-01", dtype="datetime64[D]")
    table = pd.DataFrame(
        {
            "datum": rng.choice(days, rows),
            "locatie": pd.Categorical.from_codes(
                rng.integers(0, 40, rows), [f"l{n}" for n in range(40)]
            ),
            "dienst": pd.Categorical.from_codes(
                rng.integers(0, 8, rows), [f"d{n}" for n in range(8)]
            ),
            "deelnemer": pd.Categorical.from_codes(
                rng.integers(0, rows // 20, rows), [f"p{n:08x}" for n in range(rows // 20)]
            ),
        }
    )
    if kind == "parquet":
        table.to_parquet(folder / "deelnames.parquet")
    else:
        table.to_csv(folder / "deelnames.csv", index=False)


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or [1, 10]
    print("| million rows | form | what | seconds | CPU seconds | peak MB |")
    print("| --- | --- | --- | --- | --- | --- |")
    for millions, kind in product(sizes, ("parquet", "csv")):
        with tempfile.TemporaryDirectory() as folder:
            write_data(Path(folder), millions * MILLION, kind)
            for step, what in STEPS.items():
                began = time.perf_counter()
                command = [sys.executable, "-c", WORK, folder, step]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                cpu, peak = map(float, done.stdout.split())
                wall = time.perf_counter() - began
                row = f"{millions} | {kind} | {what} | {wall:.1f} | {cpu:.1f} | {peak:.0f}"
                print(f"| {row} |", flush=True)


if __name__ == "__main__":
    main()
