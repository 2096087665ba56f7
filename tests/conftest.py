"""A small data folder written by hand, to which a test adds what it is about."""

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
