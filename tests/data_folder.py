"""A small well-formed data folder, and ways to write a table in each format."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

TODAY = date(2018, 7, 13)
OPENED = date(2017, 4, 1)
TABLES: dict[str, dict[str, Sequence]] = {
    "locaties": {
        "locatie": ["top", "hart-voor-leidsche-rijn"],
        "naam": ["TOP", "Hart voor Leidsche Rijn"],
        "wijk": ["Ondiep", "Leidsche Rijn"],
        "geopend_op": [OPENED, OPENED],
        "gesloten_op": [date(2018, 6, 30), None],
        "oppervlakte_m2": [60.5, None],
    },
    "diensten": {"dienst": ["taal", "koffie"], "naam": ["Taalverwerving", "Ontmoeting"]},
    "rolnamen": {"rol": ["deelnemers", "vrijwilliger"], "naam": ["Deelnemers", "Vrijwilligers"]},
    "rollen": {
        "locatie": ["top"],
        "persoon": ["p1"],
        "rol": ["vrijwilliger"],
        "van": [date(2017, 5, 1)],
        "tot": [None],
    },
    "deelnames": {
        "datum": [date(2018, 1, 3), date(2018, 1, 4), date(2018, 1, 4)],
        "locatie": ["top", "top", "hart-voor-leidsche-rijn"],
        "dienst": ["taal", "koffie", "taal"],
        "deelnemer": ["p1", None, "4512"],
        "aantal": [1, 12, 1],
    },
}

KEPT = {
    "locatie": ["top", "hart-voor-leidsche-rijn"],
    "wat": ["deelnames", "deelnames"],
    "van": [date(2017, 1, 1)] * 2,
}


def write(path: Path, columns: dict[str, Sequence]) -> Path:
    """Write a table in the format that the ending names."""
    frame = pd.DataFrame(columns, dtype=object)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    elif path.suffix == ".csv":
        frame.to_csv(path, sep=";", decimal=",", index=False, encoding="utf-8-sig")
    else:
        # pandas tells the format from a text, not from a Path.
        frame.to_excel(str(path), index=False)
    return path


def make(folder: Path, **tables: dict[str, Sequence]) -> Path:
    """Write the tables above as csv, those that are given in their place."""
    for name, columns in (TABLES | {"bijgehouden": KEPT} | tables).items():
        write(folder / f"{name}.csv", columns)
    return folder


def replace(folder: Path, table: str, content: str | bytes, ending: str = ".csv") -> Path:
    """Put other bytes in the place of a table; of other locations it is not told what they keep."""
    if table == "locaties":
        (folder / "bijgehouden.csv").unlink()
    (folder / f"{table}.csv").unlink(missing_ok=True)
    raw = content.encode() if isinstance(content, str) else content
    path = folder / f"{table}{ending}"
    path.write_bytes(raw)
    return path
