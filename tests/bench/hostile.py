"""Hostile inputs of every kind: each gives a status of ours and a Dutch sentence, soon.

`python tests/bench/hostile.py 500 1` makes 500 inputs from seed 1 on; a third number is how many
at once. Of each command the exit status, the CPU time, the memory and what it prints are looked at.
What is wrong is told with the seed that makes it again.
"""

import io
import json
import multiprocessing
import os
import random
import re
import resource
import shutil
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

import data_folder
import pandas as pd

from bwk import cli
from bwk.registrations.columns import TABLES

DEFAULTS = (500, 1, 2)  # inputs, seed, how many at once
SECONDS, MEGABYTES = 60, 1024
STATUSES = {0, 1, 2, 3, 4}
# Each command is a process that is forked from one in which all is loaded: that saves most of its
# time.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["bwk.batch", "bwk.lists", "bwk.opening", "bwk.review", "hostile"])
PERIOD = "2018-H1"
ENDINGS = (".csv", ".xlsx", ".ods", ".parquet")
TEXTS = (
    "-2+3+cmd|' /C calc'!A0", "=1+1", "@SUM(A1)", "\t=1", "+1+1", "\x1b[2J\x1b]0;x\x07", "\x07",
    "a\u202eb\u2066c", "x" * 40_000, "x-" * 200, "a" * 61, "\ufffe", "\U0001f469\u200d\U0001f469",
    "e" + "\u0301" * 1000, "<script>alert(1)</script>", "NaN", "inf", "1e400", "9" * 5000,
    "-1", "1,5", "../../x", "..", "con", "intern", "definitief-1", "#set page()", "$x^2$",
    "\\input{x}", "{{7*7}}", "%s%n", "0000-00-00", "32-13-2018", "2018-W99", "2018-13",
    "\uff11-1-2018", "1-1-0001", "31-12-9999", "#REF!", "Totaal", "שלום", "漢字", "\u2028", "\x00",
    "true", "Jan de Vries", "0", "'", '"', '";";"', "✨", "\n\n", " ", "_x0041_", "&amp;",
)  # fmt: skip
VALUES = (
    "3", "-1", "0", "true", "nan", "inf", "1e999", "9" * 25, "9" * 5000, '"x"', '""', "[]", "[[]]",
    "{}", '"\\u001b[2J"', '"\\u0000"', '"\\u202e"', "2018-01-01", "2018-99-01", "00:00:00",
    "[" * 100_000, '"' + "x" * 50_000 + '"', "{a.b.c = 1}", "0x10", "1979-05-27T07:32:00Z",
)  # fmt: skip
SETTINGS = (
    "naam", "plaats", "toelichting", "publicatie", "publicatie.drempel", "onbekend",
    "publicatie.min_maanden_open", 'basisperiode."2018-H1"', 'rapportdatum."2018-H1"',
    'basisperiode."\\u001b"', "rapportdatum", "basisperiode",
)  # fmt: skip
JUNK = (
    b"", b" ", b"\xff\xfe\x00", b"\x80abc", b"null", b"[]", b"3", b'"x"', b"{}", b"[" * 100_000,
    b'{"a":' * 100_000, b"NaN", b"9" * 5000, b'{"a": 1e999}', b'{"a": "\\ud800"}', b"{" + b"\0" * 9,
    b"[" * 100_000 + b"]" * 100_000, b'{"a":1,"a":2}', b"\xef\xbb\xbf{}",
)  # fmt: skip
ODD = (
    None, True, -1, 0, 1.5, 10**30, "", "x", "\x1b[2J", "\ud800", [], [[]], {}, {"x": {}},
    float("nan"), float("inf"), "2018-99-99", [None] * 50, "x" * 50_000,
)  # fmt: skip
ENGLISH = ("Expected", "error:", "invalid", "at line", "Errno")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
FORMULA = re.compile(r'(?:^|;|")(?:[=@\t\r]|[+-](?![0-9][0-9.,]*%?(?:;|"|$)))', re.MULTILINE)


class Ended(NamedTuple):
    """How a command ended: its status, what it printed, CPU seconds, and megabytes at most."""

    status: int
    printed: str
    seconds: float
    megabytes: float


# Kinds of input: each changes a folder, and returns the command that is to cope with it. ----------
Kind = Callable[[Path, random.Random], list[str]]


def rows_of(table: str) -> dict[str, list]:
    """Return well-formed rows of a table, in all its columns."""
    if table == "deelnames":
        return visits()
    if table in data_folder.TABLES:
        return {name: [*cells] for name, cells in data_folder.TABLES[table].items()}
    columns = TABLES[table].columns
    return {name: [column.example or None] for name, column in columns.items()}


@cache
def _visits() -> dict[str, list]:
    days = [date(2018, 1, 2) + timedelta(number % 150) for number in range(300)]
    return {
        "datum": days,
        "locatie": ["top"] * 150 + ["hart-voor-leidsche-rijn"] * 150,
        "dienst": ["taal", "koffie"] * 150,
        "deelnemer": [f"p{number % 40}" for number in range(300)],
        "aantal": [1] * 300,
    }


def visits() -> dict[str, list]:
    return {name: [*cells] for name, cells in _visits().items()}


def put(folder: Path, table: str, ending: str, columns: dict[str, list]) -> None:
    """Write a table in the place of another; what its form cannot hold goes into a csv."""
    for path in folder.glob(f"{table}.*"):
        path.unlink()
    try:
        data_folder.write(folder / f"{table}{ending}", columns)
    except Exception:  # a library that writes spreadsheets refuses it
        (folder / f"{table}{ending}").unlink(missing_ok=True)
        frame = pd.DataFrame(columns, dtype=object)
        text = frame.to_csv(sep=";", index=False)
        (folder / f"{table}.csv").write_bytes(text.encode(errors="surrogatepass"))


def cell(work: Path, rng: random.Random) -> list[str]:
    table = rng.choice([*TABLES])
    columns = rows_of(table)
    name = rng.choice([*TABLES[table].columns])
    length = len(next(iter(columns.values())))
    columns.setdefault(name, [None] * length)[rng.randrange(length)] = rng.choice(TEXTS)
    put(work / "data", table, rng.choice(ENDINGS), columns)
    options = ["--skip-bad-rows"] if rng.random() < 0.5 else []
    return rng.choice([["check"]] * 3 + [["run", PERIOD, "--dry-run", *options]])


def heading(work: Path, rng: random.Random) -> list[str]:
    table = rng.choice([*TABLES])
    columns = rows_of(table)
    name = rng.choice([*columns])
    text = rng.choice(TEXTS)
    renamed = {text if key == name else key: cells for key, cells in columns.items()}
    put(work / "data", table, rng.choice(ENDINGS), renamed)
    return ["check"]


def file_name(work: Path, rng: random.Random) -> list[str]:
    text = rng.choice(TEXTS).replace("/", "").replace("\0", "")[:60] or "x"
    ending = rng.choice([*ENDINGS, ".txt"])
    folder = work / "data" / "deelnames"
    folder.mkdir()
    (work / "data/deelnames.csv").rename(folder / "a.csv")
    copy = {**visits(), "datum": [date(2018, 6, 1)] * 300} if rng.random() < 0.5 else {"x": ["y"]}
    data_folder.write(folder / "b.csv", copy)
    (folder / "b.csv").rename(folder / f"{text}{ending}")
    return ["check"]


def sheet_name(work: Path, rng: random.Random) -> list[str]:
    text = rng.choice(TEXTS)[:31].replace("\0", "")
    put(work / "data", "deelnames", ".xlsx", visits())
    path = work / "data/deelnames.xlsx"
    quoted = "".join(f"&#{ord(sign)};" for sign in text if ord(sign) > 31)
    repack(path, "xl/workbook.xml", lambda xml: xml.replace(b"Sheet1", quoted.encode() or b"x"))
    return ["check"]


def repack(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """Change a part of an archive."""
    raw = path.read_bytes()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as before,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change(content) if name == part else content)


WORKSHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
SHEETS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "cut": lambda xml, rng: xml[: rng.randrange(len(xml))],
    "flip": lambda xml, rng: xml.replace(rng.choice([b"<", b">", b'"', b"r="]), b"&", 3),
    "zeros": lambda xml, rng: bytes(rng.choice([10**6, 3 * 10**8])),
    "open cells": lambda xml, rng: WORKSHEET + b'<row r="1">' + b"<c " * 400_000,
    "nested cells": lambda xml, rng: WORKSHEET + b'<row r="1">' + b"<c>" * 400_000,
    "empty rows": lambda xml, rng: WORKSHEET + b"<row/>" * 3_000_000 + b"</sheetData></worksheet>",
    "far": lambda xml, rng: xml.replace(
        b"</sheetData>",
        b'<row r="%d"><c r="%s9" t="str"><v>x</v></c></row></sheetData>'
        % (rng.choice([5000, 1_048_576, 10**9]), rng.choice([b"A", b"XFD", b"ZZZZZZ"])),
    ),
    "entities": lambda xml, rng: b'<!DOCTYPE x [<!ENTITY a "%s">]>' % (b"x" * 9) + xml,
    "attribute": lambda xml, rng: xml.replace(b"<row ", b'<row x="%s" ' % (b"x" * 2_000_000), 1),
    "comment": lambda xml, rng: xml.replace(b"<row ", b"<!--%s--><row " % (b"x" * 50_000_000), 1),
    "numbers": lambda xml, rng: xml.replace(
        b"<v>1</v>", b"<v>%s</v>" % rng.choice([b"nan", b"1e999", b"-9" * 9, b"9" * 5000, b"x"])
    ),
    "styles": lambda xml, rng: xml.replace(b" s=", rng.choice([b' s="-1" x=', b' s="999999" x='])),
    "rows": lambda xml, rng: re.sub(rb' r="\d+"', b' r="0"', xml, count=3),
    "merges": lambda xml, rng: xml.replace(b"</sheetData>", b"</sheetData><mergeCell ref='x:y'/>"),
}


def spreadsheet(work: Path, rng: random.Random) -> list[str]:
    put(work / "data", "deelnames", ".xlsx", visits())
    path = work / "data/deelnames.xlsx"
    damage = SHEETS[rng.choice([*SHEETS])]
    part = rng.choice(["xl/worksheets/sheet1.xml"] * 3 + ["xl/styles.xml", "xl/workbook.xml"])
    repack(path, part, lambda xml: damage(xml, rng))
    return asked(work, path, rng)


ODS = (
    (b"<table:table-row>", b'<table:table-row table:number-rows-repeated="%d">'),
    (b"<table:table-cell ", b'<table:table-cell table:number-columns-repeated="%d" '),
    (b"office:value=", b'office:value="%d" x='),
    (b"<text:p>", b"<text:p>%d" + b"x" * 50_000),
    (b"<text:p>", b"<text:p>%d" + b"<text:span>" * 1000),
)


def ods(work: Path, rng: random.Random) -> list[str]:
    put(work / "data", "deelnames", ".ods", visits())
    path = work / "data/deelnames.ods"
    here, there = rng.choice(ODS)
    number = rng.choice([-1, 0, 1000, 16_384, 1_048_576, 10**12])
    repack(
        path,
        "content.xml",
        lambda xml: xml.replace(here, there.replace(b"%d", b"%d" % number), rng.choice([1, 40])),
    )
    return asked(work, path, rng)


def archive(work: Path, rng: random.Random) -> list[str]:
    """Damage the bytes of an archive or a parquet, its directory and sizes among them."""
    ending = rng.choice([".xlsx", ".ods", ".parquet", ".csv"])
    put(work / "data", "deelnames", ending, visits())
    path = work / f"data/deelnames{ending}"
    raw = bytearray(path.read_bytes())
    for _ in range(rng.randint(1, 30)):
        place = rng.randrange(len(raw)) if rng.random() < 0.5 else -1 - rng.randrange(400)
        raw[place] = rng.randrange(256)
    path.write_bytes(raw[: rng.randrange(len(raw))] if rng.random() < 0.2 else raw)
    return asked(work, path, rng)


CSVS: dict[str, Callable[[str], str]] = {
    "commas": lambda text: text + "," * 3_000_000,
    "semicolons": lambda text: text + ";" * 3_000_000,
    "above": lambda text: ";" * 3_000_000 + "\n" + text,
    "wide": lambda text: ";".join(f"kolom{number}" for number in range(20_000)) + "\n" + text,
    "named": lambda text: re.sub("^", ";".join(f"k{n}" for n in range(900)) + ";", text),
    "quotes": lambda text: text.replace(";", ';"', 3),
    "many quotes": lambda text: text + '"' * 1_000_000,
    "lines": lambda text: text + "\n" * 5_000_000,
    "returns": lambda text: text.replace("\n", "\r") + "\r" * 1_000_000,
    "long": lambda text: text + "x" * 5_000_000,
    "tabs": lambda text: text + "\t" * 1_000_000,
    "repeated": lambda text: text + text.split("\n")[1] * 50_000,
}


def csv(work: Path, rng: random.Random) -> list[str]:
    path = work / "data/deelnames.csv"
    path.write_text(CSVS[rng.choice([*CSVS])](path.read_text("utf-8-sig")), encoding="utf-8")
    return asked(work, path, rng)


def parquet(work: Path, rng: random.Random) -> list[str]:
    frame = pd.DataFrame(visits())
    match rng.randrange(5):
        case 0:
            frame = frame.assign(aantal=[[1, 2]] * len(frame))
        case 1:
            frame = pd.concat([frame.iloc[:1]] * 1000).iloc[[0] * 5_000_000].astype(str)
        case 2:
            frame = frame.assign(deelnemer=["x" * 40_000] * len(frame))
        case 3:
            frame = pd.DataFrame({f"k{number}": [1] for number in range(5000)})
        case _:
            frame = frame.assign(aantal=rng.choice([float("inf"), 1e300, -1.0]))
    (work / "data/deelnames.csv").unlink()
    frame.to_parquet(work / "data/deelnames.parquet", index=False)
    return asked(work, work / "data/deelnames.parquet", rng)


def asked(work: Path, path: Path, rng: random.Random) -> list[str]:
    """Return a command that reads a file: in the data folder, or a list beside it."""
    if rng.random() < 0.6:
        return ["check"]
    outside = work / f"lijst{path.suffix}"
    path.rename(outside)
    if path.suffix == ".parquet" or rng.random() < 0.7:
        return ["import", str(outside), "--yes", "--location", "top", "--service", "taal"]
    return ["pseudonymize", str(outside), "--column", rng.choice(["deelnemer", *TEXTS[:6]])]


def setting(work: Path, rng: random.Random) -> list[str]:
    path = work / "data/programma.toml"
    if rng.random() < 0.2:
        path.write_bytes(rng.choice([*JUNK, b"a = 1\n" * 2, b"a." * 50_000 + b"a = 1"]))
    else:
        path.write_text(f"{rng.choice(SETTINGS)} = {rng.choice(VALUES)}\n", encoding="utf-8")
    return rng.choice([["check"], ["run", PERIOD, "--dry-run"], ["status", PERIOD]])


def mapping(work: Path, rng: random.Random) -> list[str]:
    path = work / "data/lijsten.toml"
    if rng.random() < 0.3:
        path.write_bytes(rng.choice(JUNK))
    else:
        key = rng.choice(["locatie", "dienst", "diensten", "locaties", "tekens", "onbekend"])
        path.write_text(f"[lijst]\n{key} = {rng.choice(VALUES)}\n", encoding="utf-8")
    outside = work / "lijst.csv"
    outside.write_text("Datum;Taal;Koffie\n3-1-2018;4;5\n4-1-2018;x;=1+1\n")
    return ["import", str(outside), "--yes"]


COMMANDS = (*["status", "compare", "verify", "review", "run"] * 4, "open", "finalize")


def json_file(work: Path, rng: random.Random) -> list[str]:
    """Damage one of the files that the project itself writes, or that comes by mail."""
    found = [path for pattern in ("*.json", "*.jsonl", "*.ipynb", ".programma")
             for path in work.rglob(pattern)]  # fmt: skip
    path = rng.choice(sorted(found))
    if rng.random() < 0.4:
        path.write_bytes(rng.choice(JUNK))
    else:
        first, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
        is_lines = path.suffix == ".jsonl"
        content = json.loads(first if is_lines else first + "".join(rest))
        damaged = json.dumps(odd(content, rng))
        path.write_text(damaged + "\n" + "".join(rest) * is_lines, encoding="utf-8")
    command = rng.choice(COMMANDS)
    return [command, PERIOD, *(["--dry-run"] if command == "run" else [])]


def odd(content: object, rng: random.Random) -> object:
    """Put something odd at a random place in plain values."""
    if isinstance(content, dict) and content and rng.random() < 0.9:
        key = rng.choice([*content])
        return content | {key: odd(content[key], rng)}
    if isinstance(content, list) and content and rng.random() < 0.9:
        place = rng.randrange(len(content))
        return [*content[:place], odd(content[place], rng), *content[place + 1 :]]
    return rng.choice(ODD)


def answers(work: Path, rng: random.Random) -> list[str]:
    path = work / "antwoorden.json"
    content = {"periode": PERIOD, "versie": 1, "kenmerk": "x", "naam": "Jo", "datum": "2018-07-01",
               "antwoorden": [], "som": "x"}  # fmt: skip
    path.write_bytes(
        rng.choice(JUNK) if rng.random() < 0.5 else json.dumps(odd(content, rng)).encode()
    )
    return ["review", PERIOD, "--answers", str(path)]


KINDS: dict[Kind, int] = {
    cell: 7, heading: 2, file_name: 2, sheet_name: 1, spreadsheet: 5, ods: 2, archive: 4, csv: 4,
    parquet: 2, setting: 5, mapping: 3, json_file: 8, answers: 2,
}  # fmt: skip


# What is asked of each. ---------------------------------------------------------------------------
def ended(command: list[str], work: Path) -> Ended:
    """Run a command, and see how it ends."""
    process = FORKS.Process(target=done, args=(command, work))
    process.start()
    process.join(3 * SECONDS)
    process.kill()
    process.join()
    text = (work / "printed").read_text(encoding="utf-8", errors="surrogateescape")
    used = (work / "used").read_text().split() or [SECONDS * 3, 0]
    return Ended(process.exitcode or 0, text, *map(float, used))


def done(command: list[str], work: Path) -> None:
    """Run a command in a process of its own, that has its modules already."""
    (work / "used").touch()
    printed = os.open(work / "printed", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    os.chdir(work)
    os.environ["XDG_CONFIG_HOME"] = str(work / "config")
    folders = [f"--{name}={work / name}" for name in ("data", "notebooks", "output")]
    status = cli.main([*command, *folders])
    sys.stdout.flush()
    own = resource.getrusage(resource.RUSAGE_SELF)
    below = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = sum(usage.ru_utime + usage.ru_stime for usage in (own, below))
    (work / "used").write_text(f"{seconds} {max(own.ru_maxrss, below.ru_maxrss) / 1024}")
    os._exit(status)


def wrong(end: Ended, work: Path) -> Iterator[str]:
    """Yield what is not as it must be."""
    has_sentence = "Fout:" in end.printed if end.status == 2 else end.printed.strip()
    checks = {
        f"status {end.status}": end.status not in STATUSES,
        "Traceback": "Traceback" in end.printed,
        "unforeseen": "onverwachte fout" in end.printed,
        "no sentence": end.status > 1 and not has_sentence,
        "English": any(word in end.printed for word in ENGLISH),
        "control character": CONTROL.search(end.printed),
        "memory": end.megabytes > MEGABYTES,
        "time": end.seconds > SECONDS,
    }
    yield from (name for name, is_wrong in checks.items() if is_wrong)
    for path in (*(work / "output").glob("*.csv"), *work.glob("*.pseudoniem.csv")):
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        if FORMULA.search(text):
            yield f"formula in {path.name}"
        if CONTROL.search(text):
            yield f"control character in {path.name}"


def base(folder: Path) -> Path:
    """Make a programme with a period that was run, reviewed and compared."""
    work = folder / "base"
    data_folder.make(work / "data", deelnames=visits(), locaties={
        **data_folder.TABLES["locaties"], "gesloten_op": [None, None]})  # fmt: skip
    (work / "data/programma.toml").write_text('naam = "W"\nplaats = "U"\n', encoding="utf-8")
    for command in (["open", PERIOD], ["run", PERIOD], ["review", PERIOD]):
        end = ended(command, work)
        assert end.status in (0, 1), end
    return work


def tried(folder: Path, seed: int) -> tuple[str, Ended, list[str], str]:
    """Try one input; return its kind, how it ended, what was wrong, and the command."""
    rng = random.Random(seed)
    [kind] = rng.choices([*KINDS], [*KINDS.values()])
    work = folder / str(seed)
    shutil.copytree(folder / "base", work)
    command = kind(work, rng)
    end = ended(command, work)
    problems = [*wrong(end, work)]
    shutil.rmtree(work)
    return kind.__name__, end, problems, " ".join(command)[:80]


def main() -> int:
    given = [int(word) for word in sys.argv[1:]]
    number, seed, at_once = [*given, *DEFAULTS[len(given) :]]
    statuses: dict[str, Counter[int]] = {}
    slowest: Counter[str] = Counter()
    largest: Counter[str] = Counter()
    failing = 0
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(at_once) as pool:
        folder = Path(name)
        base(folder)
        seeds = range(seed, seed + number)
        for own, (kind, end, problems, command) in zip(
            seeds, pool.map(lambda each: tried(folder, each), seeds), strict=True
        ):
            statuses.setdefault(kind, Counter())[end.status] += 1
            slowest[kind] = max(slowest[kind], round(end.seconds))
            largest[kind] = max(largest[kind], round(end.megabytes))
            if problems:
                failing += 1
                place = f"seed {own}: {kind}: {', '.join(problems)}"
                print(f"{place}: {command!a}: {end.printed[-300:]!a}", flush=True)
    print("| kind | inputs | statuses | slowest, CPU s | most memory, MB |")
    print("| --- | --- | --- | --- | --- |")
    for kind, counted in sorted(statuses.items()):
        told = ", ".join(f"{status}: {count}" for status, count in sorted(counted.items()))
        print(f"| {kind} | {counted.total()} | {told} | {slowest[kind]} | {largest[kind]} |")
    print(f"{number} inputs, {failing} with something wrong")
    return bool(failing)


if __name__ == "__main__":
    sys.exit(main())
