"""What it costs to work out and protect the facts of more and more small locations.

Each has 60 people and 30 services, so that most numbers are small. A row for each number of
locations: seconds of CPU, and how many of the facts are held back.
`python tests/bench/growth.py 5 10 20` tries those; the default goes up to 20.
"""

import random
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

SERVICES, PEOPLE, ELSEWHERE = 30, 60, 0.1
FIRST, DAYS = date(2017, 1, 1), 545
WORK = """
import resource, sys
from pathlib import Path
from bwk import facts, periods
book = facts.work_out(Path(sys.argv[1]), periods.parse("2018-H1"))
told = [fact for sheet in book.sheets.values() for fact in sheet.values()]
used = resource.getrusage(resource.RUSAGE_SELF)
print(len(told), sum(fact.withheld for fact in told), used.ru_utime + used.ru_stime)
"""


def write_data(folder: Path, locations: int) -> None:
    """Write a data folder: everybody has a location and a few services, some a second location."""
    toss = random.Random(1)
    places = [f"l{number}" for number in range(locations)]
    rows = ["datum,locatie,dienst,deelnemer"]
    for place in places:
        for person in range(PEOPLE):
            own = [place, *([toss.choice(places)] if toss.random() < ELSEWHERE else [])]
            services = toss.choices(range(SERVICES), k=toss.randint(1, 4))
            for _ in range(toss.randint(1, 40)):
                day = FIRST + timedelta(toss.randrange(DAYS))
                rows.append(f"{day},{toss.choice(own)},d{toss.choice(services)},{place}p{person}")
    tables = {
        "programma.toml": 'naam = "W"\nplaats = "S"\n',
        "locaties.csv": "locatie,naam,wijk,geopend_op\n"
        + "".join(f"{place},{place},W,2015-01-01\n" for place in places),
        "diensten.csv": "dienst,naam,leefgebied\n"
        + "".join(f"d{number},D{number},G{number % 5}\n" for number in range(SERVICES)),
        "rolnamen.csv": "rol,naam\ndeelnemers,Deelnemers\n",
        "rollen.csv": "locatie,persoon,rol,van\n",
        "deelnames.csv": "\n".join(dict.fromkeys(rows)) + "\n",
    }
    for name, text in tables.items():
        (folder / name).write_text(text)


def main() -> None:
    print("| locations | facts | held back | CPU seconds |")
    print("| --- | --- | --- | --- |")
    for locations in [int(word) for word in sys.argv[1:]] or [5, 10, 20]:
        with tempfile.TemporaryDirectory() as folder:
            write_data(Path(folder), locations)
            command = [sys.executable, "-c", WORK, folder]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
        number, held, seconds = done.stdout.split()
        print(f"| {locations} | {number} | {held} | {float(seconds):.0f} |", flush=True)


if __name__ == "__main__":
    main()
