"""A data folder to begin with: spreadsheets to fill in, the settings explained, a guide."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bwk import files, outputs, programme
from bwk.errors import UsageError
from bwk.formats import LONGEST_SLUG, slug
from bwk.lists import explained, stamps
from bwk.lists.answers import Ask
from bwk.registrations.columns import DATE, KINDS, TABLES, Column, Table

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
_MONTHS = "jan feb mrt apr mei jun jul aug sep okt nov dec".split()


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

    >>> location("TOP; Ondiep; 1-4-2017") == location("TOP; Ondiep; 1 april 2017")
    True
    """
    parts = [part.strip() for part in re.split("[;|]", text)]
    opened = stamps.read(parts[-1]).ordered(month_first=False)
    is_day = opened.day and opened.moment
    if len(parts) != 3 or not is_day or not all(parts) or not slug(parts[0]):
        raise UsageError(
            "Schrijf een locatie als naam; wijk; dag van de opening, zoals TOP; Ondiep; 1-4-2017."
        )
    return parts[0], parts[1], date.fromisoformat(opened.moment)


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
    return replace(
        start,
        name=start.name or ask("Hoe heet het programma? ").strip(),
        city=start.city or ask("In welke plaats? ").strip(),
        locations=start.locations
        or [*_each("Locatie (naam; wijk; dag van de opening)", location, ask)],
        services=start.services or [*_each("Dienst (naam; leefgebied)", service, ask)],
    )


def _each(what: str, read: Callable, ask: Ask) -> Iterator:
    """Ask for one after the other, until nothing is answered."""
    before = ""
    while text := ask(f"{before}{what}, leeg is klaar: ").strip():
        before = "Nog een? "
        try:
            yield read(text)
        except UsageError as error:
            before = f"{error} "


def begin(folder: Path, start: Start) -> list[str]:
    """Write a data folder to begin with, and return what to do next.

    Raises
    ------
    UsageError
        If the folder holds something already, or two names have the same short form.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder.name} is niet leeg: kies een nieuwe map.")
    filled: dict[str, Sequence[Sequence]] = {
        "locaties": _with_keys(start.locations, "locaties"),
        "diensten": _with_keys(start.services, "diensten"),
        "rolnamen": [*_ROLES.items()],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in TABLES.items():
        target = folder / _file(name)
        target.parent.mkdir(exist_ok=True)
        _workbook(name, table, filled).save(target)
    _write_templates(folder / TEMPLATES, [name for name, _ in start.services])
    files.write(folder / programme.FILE, settings(start))
    files.write(folder / GUIDE, _guide(start))
    files.write(folder / EXPLAINED, explained.page())
    return [
        *[_FILL_PLACES] * (not start.locations),
        *[_FILL_SERVICES] * (not start.services),
        _BRING,
    ]


def _with_keys(rows: Iterable[Sequence], table: str) -> list[Sequence]:
    """Put a key before the name with which each row begins."""
    keyed: dict[str, Sequence] = {}
    for row in rows:
        key = slug(row[0])
        if len(key) > LONGEST_SLUG:
            raise UsageError(f"In {table} staat een te lange naam: gebruik minder tekens.")
        if key in keyed:
            raise UsageError(f"In {table} staat ‘{key}’ twee keer: geef ze verschillende namen.")
        if table == "locaties" and outputs.reserved(key):
            raise UsageError(f"Een locatie kan niet ‘{key}’ heten: kies een andere naam.")
        keyed[key] = (f"{key}-1" if key.isdigit() else key, *row)
    return [*keyed.values()]


def _workbook(name: str, table: Table, filled: Mapping[str, Sequence[Sequence]]) -> Workbook:
    """Make the spreadsheet of a table: what it says, an example, and checks on what is typed."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = name
    columns = table.columns.values()
    examples = [f"bijvoorbeeld {column.example}" for column in columns]
    rows = ([_HOW], map(_meaning, columns), examples, table.columns, *filled.get(name, ()))
    for cells in rows:
        sheet.append([cell or None for cell in cells])
    sheet["A1"].font = Font(bold=True)
    sheet.freeze_panes = f"A{_HEADER + 1}"
    for cells, column in zip(sheet.iter_cols(max_row=_HEADER + 100), columns, strict=True):
        choices = column.choices or [row[0] for row in filled.get(column.table, ())]
        _dress(sheet, cells, column, choices)
    return workbook


def _meaning(column: Column) -> str:
    return f"{column.meaning} {'Verplicht.' if column.required else 'Mag leeg blijven.'}"


def _dress(sheet: Worksheet, cells: Sequence[Cell], column: Column, choices: Sequence[str]) -> None:
    """Give the cells of a column their looks, and a check on what is typed."""
    _, meaning, example, heading, *below = cells
    for cell in (meaning, example):
        cell.fill = _GREY
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    heading.font = Font(bold=True)
    heading.comment = Comment(meaning.value, "bwk")
    letter = heading.column_letter
    sheet.column_dimensions[letter].width = 24
    if check := _check(column, choices):
        sheet.add_data_validation(check)
        check.add(f"{letter}{_HEADER + 1}:{letter}{_HEADER + _ROWS}")
    for cell in below if column.dtype == DATE else ():
        cell.number_format = "dd-mm-yyyy"


def _check(column: Column, choices: Sequence[str]) -> DataValidation | None:
    """Return what a spreadsheet checks in a column: a choice, a date or a number."""
    listed = ",".join(choices)
    kind = KINDS[column.kind]
    if choices and len(listed) <= _LONGEST_LIST:
        form, operator, formula = "list", None, f'"{listed}"'
        error = "Kies uit de lijst."
    elif kind.check:
        form, operator, formula = kind.check
        error = f"Schrijf hier {kind.sentence}."
    else:
        return None
    return DataValidation(
        form,
        operator=operator,
        formula1=formula,
        error=error,
        errorTitle="Klopt dit?",
        # A choice may be added later, and a month stand for a day: these are warned about alone.
        errorStyle="warning" if choices or column.kind == "moment" else "stop",
        showErrorMessage=True,
        allow_blank=True,
    )


def _write_templates(folder: Path, services: Sequence[str]) -> None:
    """Write empty lists in the layouts that people like to keep, for `bwk import`."""
    folder.mkdir()
    attendance = [
        ["Presentielijst (zet hier de dienst, de locatie en het jaar)"],
        ["Naam", *["dag-maand"] * 8],
        ["x = was er. Zet namen onder elkaar, en boven elke kolom een datum."],
    ]
    tally = [["Maandtelling (zet hier de locatie en het jaar)"], ["Dienst", *_MONTHS, "Totaal"]]
    for row, name in enumerate(services or ("Eerste dienst",), start=3):
        tally.append([name, *[""] * len(_MONTHS), f"=SUM(B{row}:M{row})"])
    for title, rows in (("presentielijst", attendance), ("maandtelling", tally)):
        workbook = Workbook()
        workbook.active.title = title
        for cells in rows:
            workbook.active.append([cell or None for cell in cells])
        workbook.save(folder / f"{title}.xlsx")


def settings(start: Start) -> str:
    """Return `programma.toml` with each key explained."""
    year = datetime.now().year
    name = json.dumps(start.name or "Ons programma", ensure_ascii=False)
    city = json.dumps(start.city, ensure_ascii=False)
    return _SETTINGS.format(
        name=name, city=city, threshold=start.threshold, year=year, before=year - 1
    )


def _guide(start: Start) -> str:
    listed = "\n".join(f"| `{_file(name)}` | {_purpose(table)} |" for name, table in TABLES.items())
    return _GUIDE.format(name=start.name or "het programma", tables=listed)


def _file(name: str) -> str:
    return f"{name}/{name}.xlsx" if name == "deelnames" else f"{name}.xlsx"


def _purpose(table: Table) -> str:
    columns = ", ".join(f"`{name}`" for name in table.columns)
    return f"{columns}{' (mag ontbreken)' if table.may_be_absent else ''}"


_FILL_PLACES = "Vul eerst locaties.xlsx: welke locaties zijn er, en sinds wanneer?"
_FILL_SERVICES = "Vul daarna diensten.xlsx: wat doen mensen er?"
_BRING = "Neem dan uw lijsten over met bwk import BESTAND, of vul deelnames/deelnames.xlsx zelf."
_SETTINGS = """\
# De instellingen van het programma. Een regel met # ervoor telt niet mee.

# De naam van het programma, zoals die in het rapport staat.
naam = {name}
# De plaats waar het programma is.
plaats = {city}
# Wat lezers van de gegevens moeten weten. Staat boven elk rapport.
toelichting = ""

# Wat in het rapport mag staan.
[publicatie]
# Een getal staat alleen in het rapport als het over zoveel mensen gaat, of meer.
drempel = {threshold}
# Over een locatie komt er een rapport als zij zoveel maanden open was in de periode.
min_maanden_open = 6
# Kleine diensten samen tonen als ‘Overige diensten’, als er dan meer te tonen is:
# samen_nemen = true
# Alle aantallen afronden, zodat er bijna niets met een x hoeft. Kies dit voor het eerste rapport:
# afronden = 5

# Wie bericht krijgt als het rapport klaar is, of niet lukte. Zonder regel niemand.
[melden]
# Dit programma krijgt te lezen hoe het ging.
# opdracht = ["mail", "-s", "Buurtwerkkamers", "beheer@voorbeeld.nl"]
# Hierin staat hoe het ging, in de uitvoermap.
# bestand = "melding.json"

# Met welke periode wordt vergeleken. Zonder regel is dat dezelfde tijd, ervoor.
[basisperiode]
# "{year}-H1" = "{before}-H1"

# De datum op het rapport. Zonder regel is dat de laatste dag van de periode.
[rapportdatum]
# "{year}-H1" = "{year}-07-15"
"""
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
5. Maak het rapport: `bwk run --data DEZE-MAP --notebooks TEKSTEN --output VERSLAGEN`. Kies voor
   `TEKSTEN` en `VERSLAGEN` elk een map die alleen van dit programma is.
6. Komt er een maand bij, en is er van het rapport nog niets verstuurd? Maak het dan opnieuw met
   `bwk run PERIODE --nothing-sent`. Is het wel verstuurd, dan blijft beschermd wat erin stond. Zet
   daarom eerst alle registraties in de map, en verstuur dan pas.

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
