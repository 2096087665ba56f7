"""Lists as people keep them, written down as they stand in a sheet; their truth is in a csv.

`LISTS` has the sheets of each file. The visits and people in `ground_truth/lists.csv` were counted
by hand from these texts.
"""

import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import openpyxl

Sheets = Mapping[str, Sequence[Sequence[object]]]


def _lines(text: str) -> list[list[object]]:
    """Read a sheet that is drawn with bars; numbers are numbers."""
    rows = [line.strip().strip("|").split("|") for line in text.strip().splitlines()]
    return [[_cell(cell.strip()) for cell in row] for row in rows]


def _cell(text: str) -> object:
    if not text:
        return None
    if text.isdecimal() and not (text.startswith("0") and len(text) > 1):
        return int(text)
    if len(text) == 10 and text[4] == text[7] == "-" and text[:4].isdecimal():
        return datetime.fromisoformat(text)
    return text


LISTS: dict[str, Sheets] = {
    "stempelkaart.csv": {
        "": _lines(
            """
            | Code | Stempel 1 | Stempel 2 | Stempel 3 |
            | p01 | 4-1-2021 | 11-1-2021 en 18-1-2021 | 25-1-2021 |
            | p02 | 11-1-2021 | 1-2-2021 |  |
            """
        )
    },
    "kalender-2021.csv": {
        "": _lines(
            """
            | Inloop Plek 0, per dag |  |  |  |  |
            |  |  |  |  |  |
            | Dag | jan | feb | mrt | Totaal |
            | 1 | 4 |  | 7 | 11 |
            | 2 | 5 | 3 |  | 8 |
            | 3 |  | 6 | 2 | 8 |
            | 4 | 0 | 8 | 1 | 9 |
            | Totaal | 9 | 17 | 10 | 36 |
            | Gem. | 3 | 5,7 | 3,3 |  |
            """
        )
    },
    "Aftekenlijst taal 2020-2021.xlsx": {
        "Blad1": _lines(
            """
            | Aftekenlijst |  |  |  |  |  |  |
            |  |  | december |  | januari |  |  |
            | Voornaam | Achternaam | 7 | 14 | 4 | 11 | 18 |
            | Anna | de Wit | V | afw | V | v | ziek |
            | Bart | Zwart | V | V |  | - | V |
            | Anna | Zwart |  | afw | V | V | V |
            | Gasten |  | 2 |  | 1 |  |  |
            |  |  |  |  |  |  |  |
            | V = aanwezig, afw = afwezig |  |  |  |  |  |  |
            """
        )
    },
    "Microsoft formulier.xlsx": {
        "Form1": [
            [
                "Id",
                "Begintijd",
                "Tijd van voltooien",
                "E-mailadres",
                "Naam",
                "Op welke plek was je?",
                "Waar kwam je voor?",
                "Wat is je pasnummer?",
            ],
            [
                1,
                datetime(2021, 3, 1, 10, 2),
                datetime(2021, 3, 1, 10, 4),
                "anonymous",
                None,
                "Plek 1",
                "Taal;Klussen;",
                "a12",
            ],
            [
                2,
                datetime(2021, 3, 1, 11, 0),
                datetime(2021, 3, 1, 11, 1),
                "anonymous",
                None,
                "Plek 0",
                "Taal;",
                "a13",
            ],
            [
                3,
                datetime(2021, 3, 8, 9, 30),
                datetime(2021, 3, 8, 9, 33),
                "anonymous",
                None,
                "Plek 1",
                "Klussen;Ontmoeting;Taal;",
                "a12",
            ],
            [
                4,
                datetime(2021, 4, 2, 9, 30),
                datetime(2021, 4, 2, 9, 33),
                "anonymous",
                None,
                "Plek 1",
                "Ontmoeting;",
                None,
            ],
        ]
    },
    "weken per groep.xlsx": {
        "Taal": _lines(
            """
            | Plek 1 2021 |  |  |  |  |
            | Leeftijd | wk 1 | wk 2 | wk 3 | Totaal |
            | 0-18 | 3 | 4 |  | 7 |
            | 18-65 jaar | 10 |  | 12 | 22 |
            | 65+ | 1 | 1 | 1 | 3 |
            | Totaal | 14 | 5 | 13 | 32 |
            """
        ),
        "Klussen": _lines(
            """
            | Plek 1 2021 |  |  |  |  |
            | Leeftijd | wk 1 | wk 2 | wk 3 | Totaal |
            | 0-18 | 0 | 2 | 2 | 4 |
            | 18-65 jaar | 5 | 5 | 5 | 15 |
            | 65+ |  |  | 6 | 6 |
            | Totaal | 5 | 7 | 13 | 25 |
            """
        ),
        "Overzicht": _lines(
            """
            | Plek 1 2021 |  |  |  |
            | Dienst | wk 1 | wk 2 | wk 3 |
            | Taal | 14 | 5 | 13 |
            | Klussen | 5 | 7 | 13 |
            """
        ),
    },
    "logboek 2021.xlsx": {
        "Blad1": _lines(
            """
            | Logboek Plek 0 |  |  |  |  |
            | Datum | Pasnr | Taal | Klussen | Opmerking |
            | ma 11 jan | 0012 | x |  |  |
            |  | 0013 | x | x | kwam later |
            |  | 0014 |  | X |  |
            | wo 13 jan | 0012 |  | x |  |
            |  | 0015 | x |  | fijn |
            | do 14 jan | 0013 | x | x |  |
            |  |  |  |  |  |
            | Let op: neem nieuwe kaarten mee |  |  |  |  |
            """
        )
    },
    "dagen onder elkaar.csv": {
        "": _lines(
            """
            | Datum | c01 | c02 | c03 | Aanwezig |
            | 04-01-21 | 1 | 0 | 1 | 2 |
            | 11-01-21 | 1 | 1 |  | 2 |
            | 18-01-21 | 0 | 1 |  | 1 |
            | Som | 2 | 2 | 1 | 5 |
            """
        )
    },
    "namen per dienst.xlsx": {
        "maart 2021": _lines(
            """
            | Naam | Taal | Klussen | Ontmoeting | Totaal |
            | Fatima Idrissi | 4 |  | 1 | 5 |
            | Jan Bos |  | 2 |  | 2 |
            | Totaal | 4 | 2 | 1 | 7 |
            """
        ),
        "april 2021": _lines(
            """
            | Naam | Taal | Klussen | Ontmoeting | Totaal |
            | Fatima Idrissi | 3 |  |  | 3 |
            | Ali Demir | 1 | 1 |  | 2 |
            | Totaal | 4 | 1 |  | 5 |
            """
        ),
    },
    "omgedraaid.csv": {
        "": [
            ["Wanneer", "Activiteit", "Aantal bezoekers", "waarvan nieuw"],
            ["3/1/2021", "Taal en klussen", "4", "1"],
            ["3/19/2021", "taal", "12", "3"],
            ["4/2/2021", "Ontmoeting", "7", ""],
        ]
    },
    "weekstaat.csv": {
        "": _lines(
            """
            | Weekstaat week 3 2021 |  |  |  |
            | Naam | ma 18-1 | di 19-1 | wo 20-1 |
            | Anna | Taal |  | Klussen |
            | Bea |  | Taal | Taal |
            """
        )
    },
    "wie was er.csv": {
        "": _lines(
            """
            | Wie was er? 2021 |  |  |
            | 7 januari | 14 januari | 21 januari |
            | Anna Bos | Anna Bos | Bea Vos |
            | Bea Vos | Kees Kok |  |
            """
        )
    },
    "drie jaren.csv": {
        "": _lines(
            """
            | Bezoekers Plek 1 |  |  |  |
            | maand | 2019 | 2020 | 2021 |
            | januari | 30 | 31 | 2 |
            | februari | 28 | 29 | 0 |
            | maart | 25 | 11 | 5 |
            | totaal | 83 | 71 | 7 |
            """
        )
    },
    "twee koppen.xlsx": {
        "Blad1": _lines(
            """
            | Taal en klussen 2021 |  |  |  |  |  |  |
            |  |  | januari |  | februari |  | Totaal |
            | Locatie | Groep | Taal | Klussen | Taal | Klussen |  |
            | Plek 0 | volwassenen | 5 | 2 | 6 | 1 | 14 |
            |  | kinderen | 1 |  | 2 | 2 | 5 |
            | Plek 1 | volwassenen | 8 | 3 |  | 4 | 15 |
            |  | kinderen |  |  | 1 |  | 1 |
            | Totaal |  | 14 | 5 | 9 | 7 | 35 |
            """
        )
    },
}
MERGED = {"Aftekenlijst taal 2020-2021.xlsx": ["C2:D2", "E2:G2"], "twee koppen.xlsx": ["C2:D2"]}


def write(folder: Path, name: str) -> Path:
    """Write one of the lists as a program does: a workbook, or a csv of Windows."""
    path = folder / name
    if path.suffix == ".csv":
        sign = "," if name == "omgedraaid.csv" else ";"
        [rows] = LISTS[name].values()
        lines = [sign.join("" if cell is None else str(cell) for cell in row) for row in rows]
        path.write_bytes("\r\n".join(lines).encode("cp1252"))
        return path
    return saved(path, LISTS[name], MERGED.get(name, []))


def saved(path: Path, sheets: Sheets, merged: Sequence[str] = ()) -> Path:
    """Write a workbook."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for sheet, rows in sheets.items():
        page = workbook.create_sheet(sheet)
        for row in rows:
            page.append([*row])
        for cells in merged:
            page.merge_cells(cells)
    workbook.save(path)
    return path


def drawn(text: str) -> Sheets:
    """Read the sheets of a truth: `;` parts cells, `|` parts rows, `#` stands before a name."""
    sheets: dict[str, list[list[object]]] = {}
    rows = sheets.setdefault("Blad1", [])
    for line in text.split("|"):
        if line.startswith("#"):
            rows = sheets.setdefault(line[1:], [])
        else:
            rows.append([_cell(cell) for cell in line.split(";")])
    return {sheet: rows for sheet, rows in sheets.items() if rows}


def converted(path: Path, ending: str) -> Path:
    """Have LibreOffice save a file as another kind, beside it."""
    place = path.parent
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{place}/profiel",
               "--convert-to", ending, "--outdir", str(place), str(path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return path.with_suffix(f".{ending}")
