"""What tests share: a small data folder written by hand, issuing, and the command."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bwk import facts, inputs, periods
from bwk.facts import FactBook, issued

ROOT = Path(__file__).parent.parent
PROGRAMME = """naam = "Werkkamers"
plaats = "Stad"
[publicatie]
drempel = {threshold}
"""


def kept(since: str) -> str:
    """Say that both locations keep every register since a day."""
    registers = ("deelnames", "deelnemers", "rollen", "verwijzingen")
    both = [f"{where};{which};{since}\n" for where in ("noord", "zuid") for which in registers]
    return "locatie;wat;van\n" + "".join(both)


TABLES = {
    "locaties": (
        "locatie;naam;wijk;geopend_op;gesloten_op;oppervlakte_m2\n"
        "noord;Noord;Boven;2016-01-01;;50\n"
        "zuid;Zuid;Onder;2016-01-01;;\n"
    ),
    "diensten": "dienst;naam;leefgebied\nkoffie;Koffie;Ontmoeten\ntaal;Taal;Leren\n",
    "rolnamen": "rol;naam\ndeelnemers;Deelnemers\nvrijwilliger;Vrijwilligers\n",
    "rollen": "locatie;persoon;rol;van;tot\n",
    "bijgehouden": kept("2017-07-01"),
    "deelnames": "datum;locatie;dienst;deelnemer;aantal\n",
}

Make = Callable[..., Path]


def write_folder(folder: Path, threshold: int = 5, since: str = "2017-07-01", **rows: str) -> Path:
    """Write a data folder; each table given is added to its header."""
    tables = TABLES | {"bijgehouden": kept(since)}
    folder.mkdir(parents=True)
    (folder / "programma.toml").write_text(PROGRAMME.format(threshold=threshold))
    for table in {**tables, **rows}:
        text = tables.get(table, "") + rows.get(table, "")
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return folder


def visits(day: str, location: str, service: str, people: str) -> str:
    """Write a row for each pseudonym, which is a letter here."""
    return "".join(f"{day};{location};{service};p{person}1;1\n" for person in people)


def small_project(place: Path) -> dict[str, Path]:
    """Make a project of two locations, with the project's templates and no workbooks.

    Returns its folders by the option of the command that names them.
    """
    rows = "".join(
        visits(f"{year}-03-0{day}", location, "koffie", "abcdefghijkl")
        for year in (2017, 2018)
        for day, location in ((1, "noord"), (2, "zuid"))
    )
    data = write_folder(place / "data", deelnames=rows, since="2017-01-01")
    notebooks = place / "notebooks"
    shutil.copytree(ROOT / "notebooks/sjablonen", notebooks / "sjablonen")
    (notebooks / "2018-H1").mkdir()
    return {"--data": data, "--notebooks": notebooks, "--output": place / "output"}


def options(project: dict[str, Path]) -> list[str]:
    """Write the folders of a project as words of a command."""
    return [str(each) for pair in project.items() for each in pair]


def issue(data: Path, output: Path, period: str) -> FactBook:
    """Work out a period, and note it as issued, as a run does."""
    when = periods.parse(period)
    after = inputs.issued_key(output, when.folder)
    book = replace(facts.work_out(data, when, None, issued.read(output)), after=after)
    issued.append(output, book.line, book.after, book.portions)
    return book


def bwk(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    command = [sys.executable, "-m", "bwk", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True
    )
