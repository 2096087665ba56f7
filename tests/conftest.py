"""A small data folder written by hand, to which a test adds what it is about."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAMME = """naam = "Werkkamers"
plaats = "Stad"
[publicatie]
drempel = {threshold}
"""
TABLES = {
    "locaties": (
        "locatie;naam;wijk;geopend_op;gesloten_op;oppervlakte_m2\n"
        "noord;Noord;Boven;2016-01-01;;50\n"
        "zuid;Zuid;Onder;2016-01-01;;\n"
    ),
    "diensten": "dienst;naam;leefgebied\nkoffie;Koffie;Ontmoeten\ntaal;Taal;Leren\n",
    "rolnamen": "rol;naam\ndeelnemers;Deelnemers\nvrijwilliger;Vrijwilligers\n",
    "rollen": "locatie;persoon;rol;van;tot\n",
    "deelnames": "datum;locatie;dienst;deelnemer;aantal\n",
}

Make = Callable[..., Path]


def visits(day: str, location: str, service: str, people: str) -> str:
    """Write a row for each pseudonym, which is a letter here."""
    return "".join(f"{day};{location};{service};p{person}1;1\n" for person in people)


@pytest.fixture
def make_folder(tmp_path: Path) -> Make:
    """Return a function that writes a data folder; each table given is added to its header."""

    def make(threshold: int = 5, name: str = "data", **rows: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "programma.toml").write_text(PROGRAMME.format(threshold=threshold))
        for table in {**TABLES, **rows}:
            text = TABLES.get(table, "") + rows.get(table, "")
            (folder / f"{table}.csv").write_text(text, encoding="utf-8")
        return folder

    return make


ROOT = Path(__file__).parent.parent


def bwk(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    command = [sys.executable, "-m", "bwk.cli", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True
    )


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of 2018-H1, made once from the sample data."""
    output = tmp_path_factory.mktemp("output")
    done = bwk("run", "2018-H1", "--output", output)
    assert done.returncode == 0, done.stdout + done.stderr
    return output / "2018-H1"
