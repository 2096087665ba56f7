"""Make the sample data folder: registrations that are made up, around figures that are not.

Run it as `python data/make_sample.py`; it writes beside itself, the same bytes each time.
Which figures were published and which are invented stands in `README.md` in this folder. The
tables below fix every count; the seeded generator only decides who, where from and on which day.
"""

import csv
import io
import random
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from odf.number import DateStyle, Day, Month, Text, Year
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl import Workbook
from openpyxl.styles import Font

SEED = 20180713
HVLR, TOP, ZUILEN, KLOP = "hart-voor-leidsche-rijn", "top", "zuilen", "de-klop"
PERIODS = {
    "2017": (date(2017, 4, 1), date(2017, 12, 31)),
    "2018-H1": (date(2018, 1, 1), date(2018, 6, 30)),
}

PROGRAMME = """\
naam = "Buurtwerkkamers Utrecht"
plaats = "Utrecht"
toelichting = "De registraties in deze map zijn verzonnen. Ze komen uit op de cijfers die over \
Hart voor Leidsche Rijn en TOP zijn gepubliceerd; alle andere cijfers zijn bedacht."

[publicatie]
drempel = 5
min_maanden_open = 6

[basisperiode]
"2018-H1" = "2017"

[rapportdatum]
"2018-H1" = "2018-07-13"
"""

LOCATIONS = [
    (HVLR, "Hart voor Leidsche Rijn", "Leidsche Rijn", date(2017, 4, 1), date(2017, 4, 1), None),
    (TOP, "TOP", "Ondiep", date(2017, 4, 1), date(2017, 4, 1), 60),
    (ZUILEN, "Zuilen", "Zuilen", date(2018, 4, 3), date(2018, 4, 3), None),
    (KLOP, "De Klop", "Overvecht", date(2018, 6, 4), date(2019, 1, 1), None),
]
# A letter for the profiles below, slug, name, domain of life, weekdays (Monday is 0).
SERVICES = [
    ("o", "ontmoeting", "Sociaal / Ontmoeting", "Sociaal netwerk", (0, 1, 2, 3, 4)),
    ("k", "klussen", "Klussen", "Wonen", (4,)),
    ("f", "formulieren", "Formulieren", "Geld en regelingen", (1, 3)),
    ("t", "taal", "Taalverwerving", "Taal", (0, 2, 4)),
    ("c", "computer", "Computervaardigheden", "Digitaal", (2,)),
    ("s", "schuldhulp", "Schuldhulptoeleiding", "Geld en regelingen", (3,)),
    ("w", "werk", "Toeleiden naar werk / opleiding", "Werk en opleiding", (1,)),
]
ROLE_NAMES = [
    ("deelnemers", "Individuele deelnemers / leden"),
    ("vrijwilliger", "Actieve vrijwilligers"),
    ("sleutelhouder", "Sleutelhouders"),
    ("statushouder", "Statushouders"),
    ("stagiair", "Leerwerkstages / stagiair(e)s"),
]
PARTNERS = [
    ("buurtteam", "Buurtteam"),
    ("portaal", "Portaal"),
    ("altrecht", "Altrecht"),
    ("lister", "Lister"),
    ("doenja", "Doenja"),
    ("place2bu", "Place2BU"),
    ("mitros", "Mitros"),
]
# With the location that it lies around, and its inhabitants, which are made up.
NEIGHBOURHOODS = [
    ("terwijde", "Terwijde", HVLR, 8700),
    ("parkwijk", "Parkwijk", HVLR, 9100),
    ("t-zant", "'t Zant", HVLR, 8200),
    ("langerak", "Langerak", None, 7600),
    ("hoge-weide", "Hoge Weide", None, 4900),
    ("leidsche-rijn-centrum", "Leidsche Rijn Centrum", None, 3400),
    ("de-woerd", "De Woerd", None, 900),
    ("vleuterweide", "Vleuterweide", None, 12400),
    ("de-meern", "De Meern", None, 11800),
    ("veldhuizen", "Veldhuizen", None, 9300),
    ("vleuten", "Vleuten", None, 8600),
    ("haarzuilens", "Haarzuilens", None, 600),
    ("ondiep", "Ondiep", TOP, 5800),
    ("tweede-daalse-buurt", "Tweede Daalse Buurt", None, 3100),
    ("mariendaalstraat", "Mariëndaalstraat en omgeving", None, 1500),
    ("pijlsweerd", "Pijlsweerd", None, 6400),
    ("zuilen", "Zuilen", ZUILEN, 18200),
    ("overvecht", "Overvecht", KLOP, 34100),
    ("tuindorp", "Tuindorp", None, 7200),
    ("lombok", "Lombok", None, 8100),
]

# Participations per service, and how many of them are anonymous head counts (at `ontmoeting`).
VISITS = {
    (HVLR, "2017"): {"o": 440, "k": 28, "f": 84, "t": 122, "c": 22, "s": 20, "w": 27},
    (HVLR, "2018-H1"): {"o": 592, "k": 15, "f": 128, "t": 65, "c": 12, "s": 11, "w": 15},
    (TOP, "2017"): {"o": 422, "k": 18, "f": 134, "t": 349, "c": 29, "s": 28, "w": 26},
    (TOP, "2018-H1"): {"o": 520, "k": 22, "f": 165, "t": 430, "c": 36, "s": 34, "w": 32},
    (ZUILEN, "2018-H1"): {"o": 121, "f": 26, "t": 48, "w": 11},
    (KLOP, "2018-H1"): {"o": 31, "f": 7},
}
HEAD_COUNTS = {
    (TOP, "2017"): 160,
    (TOP, "2018-H1"): 136,
    (ZUILEN, "2018-H1"): 45,
    (KLOP, "2018-H1"): 13,
}
# How many people use exactly these services; the sum is the number of participants.
PROFILES = {
    (HVLR, "2017"): {
        "o": 186, "f": 46, "t": 9, "k": 5, "s": 4, "w": 5, "c": 2,
        "of": 18, "ot": 16, "ok": 6, "fs": 6, "tc": 6, "fw": 6,
    },
    (HVLR, "2018-H1"): {
        "o": 283, "f": 58, "t": 8, "k": 3, "s": 3, "w": 2,
        "of": 24, "ot": 14, "ok": 6, "fs": 6, "tc": 5, "fw": 5, "cw": 3,
    },
    (TOP, "2017"): {
        "o": 78, "f": 54, "t": 40, "s": 5, "c": 3, "w": 3,
        "ok": 6, "ft": 12, "fs": 8, "tc": 6, "tw": 5,
    },
    (TOP, "2018-H1"): {
        "o": 115, "f": 90, "t": 52, "k": 5, "s": 6, "w": 6, "c": 5,
        "of": 7, "ok": 6, "ft": 18, "fs": 10, "tc": 8, "tw": 7,
    },
    (ZUILEN, "2018-H1"): {"o": 34, "f": 12, "t": 8, "of": 5, "ot": 5, "fw": 6},
    (KLOP, "2018-H1"): {"o": 11, "f": 5},
}  # fmt: skip
# People by neighbourhood in 2018-H1, without the people seen at two locations (below).
ORIGINS = {
    HVLR: {
        "terwijde": 78, "parkwijk": 66, "t-zant": 51, "langerak": 44, "hoge-weide": 25,
        "leidsche-rijn-centrum": 21, "vleuterweide": 32, "de-meern": 28, "veldhuizen": 21,
        "vleuten": 17, "haarzuilens": 3, "de-woerd": 4, None: 18,
    },
    TOP: {
        "ondiep": 128, "tweede-daalse-buurt": 46, "pijlsweerd": 47, "mariendaalstraat": 18,
        "zuilen": 37, "overvecht": 26, "lombok": 3, "tuindorp": 4, None: 14,
    },
    ZUILEN: {"zuilen": 46, "ondiep": 9, "pijlsweerd": 7, None: 8},
    KLOP: {"overvecht": 16},
}  # fmt: skip
RETURNING = {HVLR: 180, TOP: 123}
# Of the people seen at both locations: 3 in 2017 only, 5 in both periods, 7 in 2018-H1 only.
BOTH_2017, BOTH_ALWAYS, BOTH_2018 = 3, 5, 7
BOTH_ORIGINS = ["zuilen"] * 10 + ["pijlsweerd"] * 5

# Location, role, people, of them participants, first and last possible start, end (None = still).
SPRING_2018 = (date(2018, 1, 8), date(2018, 6, 11))
YEAR_2017 = (date(2017, 4, 3), date(2017, 11, 20))
LAST_DAY_2017, NEW_YEAR = date(2017, 12, 31), date(2018, 1, 1)
ROLES = [
    (HVLR, "vrijwilliger", 23, 14, YEAR_2017, None),
    (HVLR, "vrijwilliger", 1, 0, YEAR_2017, NEW_YEAR),
    (HVLR, "vrijwilliger", 11, 6, SPRING_2018, None),
    (HVLR, "vrijwilliger", 6, 0, (date(2017, 4, 3), date(2017, 8, 28)), LAST_DAY_2017),
    (HVLR, "sleutelhouder", 10, 5, YEAR_2017, None),
    (HVLR, "sleutelhouder", 5, 0, SPRING_2018, None),
    (HVLR, "sleutelhouder", 2, 0, (date(2017, 4, 3), date(2017, 6, 26)), date(2017, 9, 29)),
    (HVLR, "statushouder", 5, 5, YEAR_2017, None),
    (HVLR, "stagiair", 6, 0, (date(2017, 4, 3), date(2017, 4, 24)), date(2017, 7, 7)),
    (HVLR, "stagiair", 8, 0, (date(2017, 9, 4), date(2017, 9, 18)), date(2018, 2, 2)),
    (HVLR, "stagiair", 12, 0, (date(2018, 2, 5), date(2018, 2, 19)), None),
    (TOP, "vrijwilliger", 42, 22, YEAR_2017, None),
    (TOP, "vrijwilliger", 13, 8, SPRING_2018, None),
    (TOP, "vrijwilliger", 5, 0, (date(2017, 4, 3), date(2017, 8, 28)), LAST_DAY_2017),
    (TOP, "sleutelhouder", 8, 5, YEAR_2017, None),
    (TOP, "sleutelhouder", 4, 0, SPRING_2018, None),
    (TOP, "statushouder", 12, 12, YEAR_2017, None),
    (TOP, "statushouder", 6, 6, SPRING_2018, None),
    (TOP, "stagiair", 6, 0, (date(2017, 9, 4), date(2017, 9, 18)), date(2018, 2, 2)),
    (TOP, "stagiair", 8, 0, (date(2018, 2, 5), date(2018, 2, 19)), None),
    (ZUILEN, "vrijwilliger", 9, 5, (date(2018, 4, 3), date(2018, 6, 11)), None),
    (ZUILEN, "sleutelhouder", 5, 0, (date(2018, 4, 3), date(2018, 5, 14)), None),
    (KLOP, "vrijwilliger", 6, 0, (date(2018, 6, 4), date(2018, 6, 18)), None),
]
# Referrals to (naar) and from (van) a partner; some are so few that reports hold them back.
REFERRALS = {
    (HVLR, "2017"): {
        "naar": {"buurtteam": 34, "portaal": 8, "altrecht": 5, "doenja": 9},
        "van": {"buurtteam": 41, "portaal": 10, "altrecht": 6, "lister": 6, "doenja": 9},
    },
    (HVLR, "2018-H1"): {
        "naar": {"buurtteam": 31, "portaal": 9, "altrecht": 3, "doenja": 8},
        "van": {
            "buurtteam": 38, "portaal": 12, "altrecht": 6, "lister": 7, "doenja": 11, "place2bu": 9,
        },
    },
    (TOP, "2017"): {"naar": {"buurtteam": 10}, "van": {"buurtteam": 8, "doenja": 5}},
    (TOP, "2018-H1"): {
        "naar": {"buurtteam": 12, "altrecht": 4},
        "van": {"buurtteam": 9, "lister": 2, "doenja": 6},
    },
    (ZUILEN, "2018-H1"): {"naar": {"buurtteam": 3}, "van": {"buurtteam": 5, "mitros": 6}},
}  # fmt: skip

CLOSED = [
    (date(2017, 4, 17), date(2017, 4, 17)),
    (date(2017, 4, 27), date(2017, 4, 27)),
    (date(2017, 5, 25), date(2017, 5, 25)),
    (date(2017, 6, 5), date(2017, 6, 5)),
    (date(2017, 12, 23), date(2018, 1, 6)),
    (date(2018, 4, 2), date(2018, 4, 2)),
    (date(2018, 4, 27), date(2018, 4, 27)),
    (date(2018, 5, 10), date(2018, 5, 10)),
    (date(2018, 5, 21), date(2018, 5, 21)),
]
SLUGS = {letter: slug for letter, slug, *_ in SERVICES}
WEEKDAYS = {letter: weekdays for letter, *_, weekdays in SERVICES}
OPENED = {location: opened for location, _, _, opened, *_ in LOCATIONS}
PARTICIPATION_COLUMNS = ["datum", "locatie", "dienst", "deelnemer", "aantal"]
Row = Sequence[object]
Cast = dict[tuple[str, str], list[str]]


def pseudonyms(rng: random.Random):
    """Yield pseudonyms without end: `p` and eight hexadecimal digits, not all of them 0 to 9."""
    seen = set()
    while True:
        name = f"{rng.getrandbits(32):08x}"
        if not name.isdigit() and name not in seen:
            seen.add(name)
            yield f"p{name}"


def cast(rng: random.Random, names) -> tuple[Cast, list[str]]:
    """Choose who takes part where and when; also return the people seen at both locations."""
    size = {key: sum(profiles.values()) for key, profiles in PROFILES.items()}
    both = [next(names) for _ in range(BOTH_2017 + BOTH_ALWAYS + BOTH_2018)]
    people: Cast = {}
    for location in (HVLR, TOP):
        early, late = both[: BOTH_2017 + BOTH_ALWAYS], both[BOTH_2017:]
        first = [next(names) for _ in range(size[location, "2017"] - len(early))]
        again = rng.sample(first, RETURNING[location])
        number = size[location, "2018-H1"] - len(late) - len(again)
        people[location, "2017"] = early + first
        people[location, "2018-H1"] = late + again + [next(names) for _ in range(number)]
    for location in (ZUILEN, KLOP):
        people[location, "2018-H1"] = [next(names) for _ in range(size[location, "2018-H1"])]
    return people, both


def origins(rng: random.Random, people: Cast, both: list[str]) -> dict[str, str | None]:
    """Give each participant a neighbourhood, or None where it is unknown."""
    home: dict[str, str | None] = dict(zip(both, BOTH_ORIGINS, strict=True))
    for location, counts in ORIGINS.items():
        spread = [slug for slug, number in counts.items() for _ in range(number)]
        settled = [person for person in people[location, "2018-H1"] if person not in home]
        rng.shuffle(spread)
        home.update(zip(settled, spread, strict=True))
        common = [slug for slug in spread if slug and counts[slug] > 10]
        gone = [person for person in people.get((location, "2017"), []) if person not in home]
        home.update((person, slug) for person, slug in zip(gone, common, strict=False))
    return home


def profiles(
    rng: random.Random, key: tuple[str, str], people: list[str], before: dict[str, str]
) -> dict[str, str]:
    """Give each person a set of services; who comes back keeps one of theirs where it can be."""
    slots = [letters for letters, number in PROFILES[key].items() for _ in range(number)]
    rng.shuffle(slots)
    chosen: dict[str, str] = {}
    for person in sorted(people, key=lambda person: person not in before):
        liked = set(before.get(person, ""))
        index = next((i for i, letters in enumerate(slots) if liked & set(letters)), 0)
        chosen[person] = slots.pop(index)
    return chosen


def open_days(location: str, period: str, weekdays: Iterable[int]) -> list[date]:
    """List the days in the period on which the location offers a service on these weekdays."""
    first, last = PERIODS[period]
    start = max(first, OPENED[location])
    days = (start + timedelta(days=number) for number in range((last - start).days + 1))
    open_on = (day for day in days if not any(begin <= day <= end for begin, end in CLOSED))
    return [day for day in open_on if day.weekday() in weekdays]


def spread(rng: random.Random, total: int, number: int, most: int, least: int = 1) -> list[int]:
    """Split a total into a number of parts of at least `least` and at most `most`."""
    parts = [least] * number
    eagerness = [0.05 + rng.random() ** 3 for _ in parts]
    while sum(parts) < total:
        (index,) = rng.choices(range(number), eagerness)
        parts[index] += parts[index] < most
    return parts


def visits(rng: random.Random, key: tuple[str, str], chosen: dict[str, str]) -> list[Row]:
    """Write one row for each visit of each person, and one for each anonymous head count."""
    location, period = key
    rows: list[Row] = []
    for letter, total in VISITS[key].items():
        days = open_days(location, period, WEEKDAYS[letter])
        if letter == "o":
            days += [day for day in open_days(location, period, (5,)) if day.day <= 7]
        people = [person for person, letters in chosen.items() if letter in letters]
        known = total - (HEAD_COUNTS.get(key, 0) if letter == "o" else 0)
        for person, number in zip(
            people, spread(rng, known, len(people), len(days) * 4 // 5), strict=True
        ):
            for day in rng.sample(days, number):
                rows.append((day, location, SLUGS[letter], person, 1))
    return sorted(rows + head_counts(rng, key), key=_order)


def head_counts(rng: random.Random, key: tuple[str, str]) -> list[Row]:
    """Write a row for the unregistered guests of the Wednesday meal."""
    if key not in HEAD_COUNTS:
        return []
    days = open_days(*key, weekdays=(2,))
    numbers = spread(rng, HEAD_COUNTS[key], len(days), most=12, least=2)
    return [
        (day, key[0], "ontmoeting", None, number) for day, number in zip(days, numbers, strict=True)
    ]


def _order(row: Row) -> tuple:
    day, location, service, person, _ = row
    return day, location, list(SLUGS.values()).index(str(service)), person or ""


def roles(rng: random.Random, people: Cast, names) -> list[Row]:
    """Write who holds which role from when until when; nobody holds two roles."""
    rows: list[Row] = []
    taken: set[str] = set()
    for location, role, number, participants, (first, last), end in ROLES:
        pool = people[location, "2018-H1"]
        if first < NEW_YEAR and (location, "2017") in people:
            before = set(people[location, "2017"])
            pool = [person for person in pool if person in before]
        # Someone seen at two locations would make the role hard to tell apart in the city.
        elsewhere = {p for (other, _), group in people.items() if other != location for p in group}
        free = [person for person in pool if person not in taken | elsewhere]
        holders = rng.sample(free, participants)
        holders += [next(names) for _ in range(number - participants)]
        taken.update(holders)
        starts = [first + timedelta(days=7 * week) for week in range((last - first).days // 7 + 1)]
        rows += [(location, person, role, rng.choice(starts), end) for person in holders]
    order = [location for location, *_ in LOCATIONS]
    return sorted(rows, key=lambda row: (order.index(str(row[0])), row[3], row[2], row[1]))


def referrals(rng: random.Random, people: Cast) -> list[Row]:
    """Write the referrals, each of another participant within one stream."""
    rows: list[Row] = []
    for (location, period), directions in REFERRALS.items():
        days = open_days(location, period, range(5))
        for direction, counts in directions.items():
            for partner, number in counts.items():
                for person in rng.sample(people[location, period], number):
                    rows.append((rng.choice(days), location, partner, direction, person))
    return sorted(rows)


def write_csv(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    separator: str = ";",
    encoding: str = "utf-8",
    date_format: str = "%Y-%m-%d",
    line_end: str = "\r\n",
) -> None:
    """Write a table as text, in one of the dialects that spreadsheets write."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=line_end)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(
            [cell.strftime(date_format) if isinstance(cell, date) else cell for cell in row]
        )
    path.write_bytes(text.getvalue().encode(encoding))


def write_xlsx(
    path: Path, columns: Sequence[str], rows: Iterable[Row], *, title: str = "", total: int = 0
) -> None:
    """Write a sheet for Excel; a title stands above the header, a total under the last row."""
    book = Workbook()
    book.properties.creator = "Voorbeeld"
    sheet = book.active
    sheet.title = path.stem[:31]
    if title:
        sheet.append([title])
        sheet.append([])
    sheet.append(columns)
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            if cell.is_date:
                cell.number_format = "dd-mm-yyyy"
    if total:
        sheet.append(["Totaal", *[None] * (len(columns) - 2), total])
    for letter, width in zip("ABCDE", (14, 26, 16, 14, 14), strict=True):
        sheet.column_dimensions[letter].width = width
    book.save(path)
    freeze(path)


def write_ods(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a sheet for LibreOffice, in which dates show as dates."""
    book = OpenDocumentSpreadsheet()
    book.automaticstyles.addElement(_date_style())
    book.automaticstyles.addElement(
        Style(name="datum", family="table-cell", datastylename="dag-maand-jaar")
    )
    table = Table(name=path.stem)
    for row in [columns, *rows]:
        line = TableRow()
        for cell in row:
            line.addElement(_ods_cell(cell))
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(path)
    freeze(path)


def _date_style() -> DateStyle:
    style = DateStyle(name="dag-maand-jaar")
    for part in (Day(style="long"), Month(style="long"), Year(style="long")):
        if style.childNodes:
            style.addElement(Text(text="-"))
        style.addElement(part)
    return style


def _ods_cell(value: object) -> TableCell:
    if value is None:
        return TableCell()
    if isinstance(value, date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat(), stylename="datum")
        shown = value.strftime("%d-%m-%Y")
    elif isinstance(value, int):
        cell, shown = TableCell(valuetype="float", value=value), str(value)
    else:
        cell, shown = TableCell(valuetype="string"), str(value)
    cell.addElement(P(text=shown))
    return cell


def freeze(path: Path) -> None:
    """Write a spreadsheet file again without the time at which it was made."""
    with zipfile.ZipFile(path) as source:
        parts = [(info.filename, info.compress_type, source.read(info)) for info in source.filelist]
    with zipfile.ZipFile(path, "w") as target:
        for name, compression, content in parts:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = compression, 3
            target.writestr(entry, _without_times(content))


def _without_times(content: bytes) -> bytes:
    if b"<dcterms:" not in content:
        return content
    moment = datetime(2018, 7, 13).isoformat().encode() + b"Z"
    return re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*(</dcterms:)", rb"\g<1>" + moment + rb"\2", content)


def write_small_tables(folder: Path) -> None:
    """Write what is no registration: programme, locations, services, names."""
    (folder / "programma.toml").write_bytes(PROGRAMME.encode())
    write_csv(
        folder / "locaties.csv",
        "locatie naam wijk geopend_op formeel_vanaf gesloten_op oppervlakte_m2".split(),
        [(*row[:5], None, row[5]) for row in LOCATIONS],
        encoding="utf-8-sig",
        date_format="%d-%m-%Y",
    )
    write_csv(
        folder / "diensten.csv",
        ["dienst", "naam", "leefgebied"],
        [row[1:4] for row in SERVICES],
        separator=",",
        line_end="\n",
    )
    write_csv(folder / "rolnamen.csv", ["rol", "naam"], ROLE_NAMES, separator=",", line_end="\n")
    write_csv(folder / "partners.csv", ["partner", "naam"], PARTNERS, separator=",", line_end="\n")
    write_csv(
        folder / "buurten.csv",
        ["buurt", "naam", "omgeving_van", "inwoners"],
        NEIGHBOURHOODS,
        encoding="cp1252",
    )


def write_participations(folder: Path, rows: dict[tuple[str, str], list[Row]]) -> None:
    """Write the participations, each location and period in the form that it happens to use."""
    folder.mkdir(exist_ok=True)
    named = PARTICIPATION_COLUMNS[:4]
    write_xlsx(folder / f"2017-{HVLR}.xlsx", named, [row[:4] for row in rows[HVLR, "2017"]])
    write_csv(
        folder / f"2018-h1-{HVLR}.csv",
        named,
        [row[:4] for row in rows[HVLR, "2018-H1"]],
        encoding="cp1252",
        date_format="%d-%m-%Y",
    )
    write_ods(folder / f"2017-{TOP}.ods", PARTICIPATION_COLUMNS, rows[TOP, "2017"])
    write_csv(
        folder / f"2018-h1-{TOP}.csv",
        PARTICIPATION_COLUMNS,
        rows[TOP, "2018-H1"],
        separator=",",
        line_end="\n",
    )
    zuilen = rows[ZUILEN, "2018-H1"]
    write_xlsx(
        folder / f"2018-h1-{ZUILEN}.xlsx",
        PARTICIPATION_COLUMNS,
        zuilen,
        title="Deelnames Zuilen, april tot en met juni 2018",
        total=sum(int(str(row[4])) for row in zuilen),
    )
    write_csv(
        folder / f"2018-h1-{KLOP}.csv",
        PARTICIPATION_COLUMNS,
        rows[KLOP, "2018-H1"],
        encoding="utf-8-sig",
        date_format="%d-%m-%Y",
    )


def main(folder: Path) -> None:
    """Make the sample and write it into the folder."""
    rng = random.Random(SEED)
    names = pseudonyms(rng)
    people, both = cast(rng, names)
    home = origins(rng, people, both)
    before: dict[str, dict[str, str]] = defaultdict(dict)
    rows = {}
    for key, group in people.items():
        chosen = profiles(rng, key, group, before[key[0]])
        before[key[0]].update(chosen)
        rows[key] = visits(rng, key, chosen)
    held = roles(rng, people, names)
    write_small_tables(folder)
    write_participations(folder / "deelnames", rows)
    write_xlsx(folder / "rollen.xlsx", ["locatie", "persoon", "rol", "van", "tot"], held)
    known = sorted({*home, *(str(row[1]) for row in held)})
    write_csv(
        folder / "deelnemers.csv",
        ["deelnemer", "buurt"],
        [(person, home.get(person)) for person in known],
        separator=",",
        line_end="\n",
    )
    write_ods(
        folder / "verwijzingen.ods",
        ["datum", "locatie", "partner", "richting", "deelnemer"],
        referrals(rng, people),
    )


if __name__ == "__main__":
    main(Path(__file__).parent)
