"""A data folder to begin with: spreadsheets to fill in, the settings explained, a guide."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bwk import files, outputs, programme
from bwk.errors import UsageError
from bwk.formats import slug
from bwk.lists import explained
from bwk.registrations.columns import TABLES, Column, Table
from bwk.registrations.values import calendar_day

Ask = Callable[[str], str]
TEMPLATES = "sjablonen"
GUIDE = "README.md"
EXPLAINED = "UITLEG.md"
_ROWS = 2000  # below the headings, with checks
_HEADER = 4  # row of the headings
_GREY = PatternFill("solid", fgColor="EEEEEE")
_LONGEST_LIST = 255  # letters of a list of choices in Excel
_ROLES = {"deelnemers": "Deelnemers", "vrijwilliger": "Vrijwilligers"}
_HOW = (
    "Vul in vanaf rij 5. Rij 2 zegt wat er in een kolom staat, rij 3 is een voorbeeld en telt niet "
    "mee. Laat rij 4 staan."
)
_WHAT_IT_SAYS = {
    "date": "een datum, zoals 5-3-2018",
    "day": "een datum, zoals 5-3-2018",
    "moment": "een datum, zoals 5-3-2018",
    "count": "een heel getal, 0 of meer",
    "number": "een getal, 0 of meer",
}


@dataclass
class Start:
    """What a new programme begins with.

    Attributes
    ----------
    name, city : str
        As they stand in reports.
    locations : list of (name, neighbourhood, date)
    services : list of (name, domain)
    threshold : int
        A number is published only where at least so many people stand behind it.
    """

    name: str = ""
    city: str = ""
    locations: list[tuple[str, str, date]] = field(default_factory=list)
    services: list[tuple[str, str]] = field(default_factory=list)
    threshold: int = 5


def location(text: str) -> tuple[str, str, date]:
    """Read `naam; wijk; opening`; UsageError where that is not what it says.

    >>> location("TOP; Ondiep; 1-4-2017")
    ('TOP', 'Ondiep', datetime.date(2017, 4, 1))
    """
    parts = [part.strip() for part in re.split("[;|]", text)]
    opened = calendar_day(parts[-1]) if len(parts) == 3 else None
    if opened is None or not all(parts) or not slug(parts[0]):
        raise UsageError(
            "Schrijf een locatie als naam; wijk; dag van de opening, zoals TOP; Ondiep; 1-4-2017."
        )
    return parts[0], parts[1], opened


def service(text: str) -> tuple[str, str]:
    """Read `naam; leefgebied`, or a name alone.

    >>> service("Taal; Meedoen"), service("Klussen")
    (('Taal', 'Meedoen'), ('Klussen', ''))
    """
    name, _, domain = text.partition(";")
    if not slug(name):
        raise UsageError("Schrijf een dienst als naam; leefgebied, zoals Taal; Meedoen.")
    return name.strip(), domain.strip()


def asked(start: Start, ask: Ask) -> Start:
    """Ask what is not given yet."""
    name = start.name or ask("Hoe heet het programma? ").strip()
    city = start.city or ask("In welke plaats? ").strip()
    locations = start.locations or [
        *_each("Locatie (naam; wijk; dag van de opening)", location, ask)
    ]
    services = start.services or [*_each("Dienst (naam; leefgebied)", service, ask)]
    return Start(name, city, locations, services, start.threshold)


def _each(what: str, read: Callable, ask: Ask) -> Iterator:
    """Ask for one after the other, until nothing is answered."""
    question = f"{what}, leeg is klaar: "
    while text := ask(question).strip():
        try:
            yield read(text)
        except UsageError as error:
            question = f"{error} {what}, leeg is klaar: "
        else:
            question = f"Nog een? {what}, leeg is klaar: "


def begin(folder: Path, start: Start) -> list[str]:
    """Write a data folder to begin with, and return what to do next.

    Raises
    ------
    UsageError
        If the folder holds something already, or two names have the same short form.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder.name} is niet leeg: kies een nieuwe map.")
    places = _keys([name for name, *_ in start.locations], "locaties")
    services = _keys([name for name, _ in start.services], "diensten")
    filled: dict[str, list[Sequence[object]]] = {
        "locaties": [
            (key, *place[:2], place[2]) for key, place in zip(places, start.locations, strict=True)
        ],
        "diensten": [(key, *each) for key, each in zip(services, start.services, strict=True)],
        "rolnamen": [*_ROLES.items()],
    }
    keys = {"locaties": places, "diensten": services, "rolnamen": [*_ROLES]}
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in TABLES.items():
        _write_table(folder, name, table, filled.get(name, []), keys)
    _write_templates(folder / TEMPLATES, [name for name, _ in start.services])
    files.write(folder / programme.FILE, settings(start))
    files.write(folder / GUIDE, _guide(start))
    files.write(folder / EXPLAINED, explained.page())
    return _next(start)


def _keys(names: Sequence[str], table: str) -> list[str]:
    keys = [slug(name) for name in names]
    for key in keys:
        if keys.count(key) > 1:
            raise UsageError(f"In {table} staat ‘{key}’ twee keer: geef ze verschillende namen.")
        if table == "locaties" and outputs.reserved(key):
            raise UsageError(f"Een locatie kan niet ‘{key}’ heten: kies een andere naam.")
    return [f"{key}-1" if key.isdigit() else key for key in keys]


def _write_table(
    folder: Path,
    name: str,
    table: Table,
    rows: Sequence[Sequence[object]],
    keys: Mapping[str, Sequence[str]],
) -> None:
    """Write the spreadsheet of a table: what it says, an example, and checks on what is typed."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = name
    sheet["A1"] = _HOW
    sheet["A1"].font = Font(bold=True)
    for place, (heading, column) in enumerate(table.columns.items(), start=1):
        _write_column(sheet, place, heading, column, keys.get(column.table, ()))
    for number, row in enumerate(rows, start=_HEADER + 1):
        for place, value in enumerate(row, start=1):
            sheet.cell(number, place, value or None)
    sheet.freeze_panes = f"A{_HEADER + 1}"
    target = folder / name if name == "deelnames" else folder
    target.mkdir(exist_ok=True)
    workbook.save(target / f"{name}.xlsx")


def _write_column(
    sheet: Worksheet, place: int, heading: str, column: Column, keys: Sequence[str]
) -> None:
    letter = get_column_letter(place)
    meaning = f"{column.meaning} {'Verplicht.' if column.required else 'Mag leeg blijven.'}"
    sheet[f"{letter}2"] = meaning
    sheet[f"{letter}2"].alignment = Alignment(wrap_text=True, vertical="top")
    sheet[f"{letter}3"] = f"bijvoorbeeld {column.example}"
    for row in (2, 3):
        sheet[f"{letter}{row}"].fill = _GREY
    cell = sheet[f"{letter}{_HEADER}"]
    cell.value = heading
    cell.font = Font(bold=True)
    cell.comment = Comment(meaning, "bwk")
    sheet.column_dimensions[letter].width = 24
    check = _check(column, keys)
    if check:
        sheet.add_data_validation(check)
        check.add(f"{letter}{_HEADER + 1}:{letter}{_HEADER + _ROWS}")
    if column.kind in ("date", "day", "moment"):
        for row in range(_HEADER + 1, _HEADER + 101):
            sheet[f"{letter}{row}"].number_format = "dd-mm-yyyy"


def _check(column: Column, keys: Sequence[str]) -> DataValidation | None:
    """Return what a spreadsheet checks in a column: a choice, a date or a number."""
    choices = column.choices or tuple(keys)
    listed = ",".join(choices)
    if choices and len(listed) <= _LONGEST_LIST:
        check = DataValidation("list", formula1=f'"{listed}"', error="Kies uit de lijst.")
    elif column.kind in ("date", "day", "moment"):
        check = DataValidation("date", operator="greaterThan", formula1="DATE(1950,1,1)")
    elif column.kind == "count":
        check = DataValidation("whole", operator="greaterThanOrEqual", formula1="0")
    elif column.kind == "number":
        check = DataValidation("decimal", operator="greaterThanOrEqual", formula1="0")
    else:
        return None
    check.error = check.error or f"Schrijf hier {_WHAT_IT_SAYS[column.kind]}."
    check.errorTitle = "Klopt dit?"
    # A choice may be added later, and a month stand for a day: these are warned about alone.
    check.errorStyle = "warning" if choices or column.kind == "moment" else "stop"
    check.showErrorMessage = True
    check.allow_blank = True
    return check


def _write_templates(folder: Path, services: Sequence[str]) -> None:
    """Write empty lists in the layouts that people like to keep, for `bwk import`."""
    folder.mkdir()
    attendance = Workbook()
    sheet = attendance.active
    sheet.title = "presentielijst"
    sheet.append(["Presentielijst (zet hier de dienst, de locatie en het jaar)"])
    sheet.append(["Naam", *("dag-maand" for _ in range(8))])
    sheet.append(["x = was er. Zet namen onder elkaar, en boven elke kolom een datum."])
    attendance.save(folder / "presentielijst.xlsx")
    tally = Workbook()
    sheet = tally.active
    sheet.title = "maandtelling"
    sheet.append(["Maandtelling (zet hier de locatie en het jaar)"])
    months = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
    sheet.append(["Dienst", *months, "Totaal"])
    for place, name in enumerate(services or ("Eerste dienst",), start=3):
        sheet.append([name, *(None for _ in months), f"=SUM(B{place}:M{place})"])
    tally.save(folder / "maandtelling.xlsx")


def settings(start: Start) -> str:
    """Return `programma.toml` with each key explained."""
    year = datetime.now().year
    lines = [
        "# De instellingen van het programma. Een regel met # ervoor telt niet mee.",
        "",
        "# De naam van het programma, zoals die in het rapport staat.",
        f"naam = {_quoted(start.name or 'Ons programma')}",
        "# De plaats waar het programma is.",
        f"plaats = {_quoted(start.city)}",
        "# Wat lezers van de gegevens moeten weten. Staat boven elk rapport.",
        'toelichting = ""',
        "",
        "# Wat in het rapport mag staan.",
        "[publicatie]",
        "# Een getal staat alleen in het rapport als het over zoveel mensen gaat, of meer.",
        f"drempel = {start.threshold}",
        "# Over een locatie komt er een rapport als zij zoveel maanden open was in de periode.",
        "min_maanden_open = 6",
        "",
        "# Met welke periode wordt vergeleken. Zonder regel is dat dezelfde tijd, ervoor.",
        "[basisperiode]",
        f'# "{year}-H1" = "{year - 1}-H1"',
        "",
        "# De datum op het rapport. Zonder regel is dat de laatste dag van de periode.",
        "[rapportdatum]",
        f'# "{year}-H1" = "{year}-07-15"',
        "",
    ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _guide(start: Start) -> str:
    listed = "\n".join(f"| `{_file(name)}` | {_purpose(table)} |" for name, table in TABLES.items())
    return _GUIDE.format(name=start.name or "het programma", tables=listed)


def _file(name: str) -> str:
    return f"{name}/{name}.xlsx" if name == "deelnames" else f"{name}.xlsx"


def _purpose(table: Table) -> str:
    columns = ", ".join(f"`{name}`" for name in table.columns)
    return f"{columns}{' (mag ontbreken)' if table.may_be_absent else ''}"


def _next(start: Start) -> list[str]:
    steps = []
    if not start.locations:
        steps.append("Vul eerst locaties.xlsx: welke locaties zijn er, en sinds wanneer?")
    if not start.services:
        steps.append("Vul daarna diensten.xlsx: wat doen mensen er?")
    steps.append(
        "Neem dan uw lijsten over met bwk import BESTAND, of vul deelnames/deelnames.xlsx zelf."
    )
    return steps


_GUIDE = """# De gegevens van {name}

In deze map staat wat het rapport nodig heeft. U houdt hier bij wat er gebeurt. Meer hoeft u niet
te weten van computers.

## Beginnen

1. Vul `locaties.xlsx` en `diensten.xlsx`. Zij zijn misschien al gevuld.
2. Houdt u al een lijst bij? Neem die over: `bwk import LIJST.xlsx --data DEZE-MAP`. Het programma
   laat zien hoe het de lijst leest, en vraagt wat het niet weet. De lijst zelf blijft zoals zij is.
3. Houdt u nog niets bij? Vul `deelnames/deelnames.xlsx`, of maak een lijst met een sjabloon uit
   `sjablonen/`.
4. Kijk of alles klopt: `bwk check --data DEZE-MAP`.
5. Maak het rapport: `bwk run --data DEZE-MAP`.

Bij elk bestand staat in rij 2 wat er in een kolom komt. Rij 3 is een voorbeeld en telt niet mee.

## Namen

Zet **nooit** namen, adressen of nummers van mensen in deze map. Bewaar een lijst met namen ergens
anders. `bwk import` maakt van elke naam een pseudoniem, zoals `p3ca78af4b21d`. Alleen dat komt
hier te staan.

## De bestanden

| bestand | kolommen |
| --- | --- |
{tables}
| `programma.toml` | de instellingen; bij elke regel staat wat zij doet |
| `lijsten.toml` | hoe uw lijsten worden gelezen; komt er vanzelf |

Van elke kolom staat in `UITLEG.md` wat erin komt, met een voorbeeld.

Een lege cel betekent: dat weten wij niet. Dat is iets anders dan nul. Is er geteld en was er
niemand, schrijf dan 0. Weet u alleen de maand, schrijf dan `2018-03`.
"""
