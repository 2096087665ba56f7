"""Time and memory of checking 1 and 10 million participations, as csv and as parquet.

Each figure is of a whole process: start, reading, checking. `python tests/bench/check.py 1` does
1 million only.
"""

import resource
import subprocess
import sys
import tempfile
import time
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
CHECK = "import sys; from pathlib import Path; from bwk import registrations; "
CHECK += "print(len(registrations.check(Path(sys.argv[1])).errors))"


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
    print(
        "| million rows | form | seconds | CPU seconds | peak MB |\n| --- | --- | --- | --- | --- |"
    )
    for millions in sizes:
        for kind in ("parquet", "csv"):
            with tempfile.TemporaryDirectory() as folder:
                write_data(Path(folder), millions * MILLION, kind)
                before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
                subprocess.run(
                    [sys.executable, "-c", CHECK, folder], check=True, capture_output=True
                )
                wall, after = (
                    time.perf_counter() - began,
                    resource.getrusage(resource.RUSAGE_CHILDREN),
                )
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            peak = after.ru_maxrss / 1024  # of the largest child so far: sizes go up
            print(f"| {millions} | {kind} | {wall:.1f} | {cpu:.1f} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    main()
