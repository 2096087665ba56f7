"""Change lists as people and programs do: none may crash, and what means the same counts the same.

`python tests/bench/fuzz_lists.py 1800 1` goes on for 1800 seconds, from seed 1. The lists are those
of the tests, and lists made up here with their truth. Harmless changes (a title, an empty row,
another program, another encoding) must give the same visits and people; wild ones must not crash.
What is written must be what is said.
"""

import csv
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import lists_made
import openpyxl
import pandas as pd
from lists_variants import TEXTS, WORKBOOKS
from test_lists import ALL_KNOWN, KEPT, TABLES, UNREAD

from bwk import lists, registrations
from bwk.errors import DataError
from bwk.lists import bringing, mapping

WHOLE = 20  # of so many lists one is checked as a user does: that takes seconds
# A process for each is slow, and so is looking at the same tables again.
bringing.apart = lambda work, *arguments: work(*arguments)
_NAMES: dict[Path, dict] = {}
_tables = bringing._tables
bringing._tables = lambda data, options: (
    _NAMES.get(data) or _NAMES.setdefault(data, _tables(data, options))
)
bringing_problems, bringing._problems = bringing._problems, lambda path, data: []
Rows = list[list[object]]
Book = dict[str, Rows]
Change = Callable[[Book, random.Random], None]
Result = tuple[int, int] | str  # visits and people, or why it was refused
ODD: tuple[object, ...] = (
    "#REF!", "=1+1", "Totaal", "x", "X ", "?", "31-2-2021", "1/13/2021", "99", -1, 0, 1.5, 1e9,
    True, False, "\u00a0", "\n", "a\nb", "Anna Bos", "Jo", "p01", "p1", "week 60", "maart",
    "2021", 2021,
    datetime(2021, 5, 5), datetime(2021, 5, 5, 10, 30), date(1899, 12, 30), timedelta(hours=3), "½",
    "x" * 300, "👍", "שלום", "1,2E+15", "0612345678", "12-", "+2", "x+1", "|||", "ma",
    "1-1", "wk 3", "",
    "dicht", "Plek 1", "Taal; Klussen", "Datum", "Naam", "jan-21", "Q1", "2e keer", "10:30", "50%",
)  # fmt: skip
NAMES = (
    "Jo Bo Ed Fatima Mo Öznur Anne-Marie Bas Cor Dirk Els Fien Guus Hans Ivo Jan Kim Lot".split()
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")


# Harmless changes ---------------------------------------------------------------------------------


def page(book: Book, rng: random.Random) -> Rows:
    return book[rng.choice([*book])]


def each_cell(book: Book, change: Callable[[object], object]) -> None:
    for rows in book.values():
        rows[:] = [[change(cell) for cell in row] for row in rows]


def empty_top(book: Book, rng: random.Random) -> None:
    page(book, rng)[:0] = [[None]] * rng.randint(1, 3)


def title(book: Book, rng: random.Random) -> None:
    page(book, rng)[:0] = [
        [rng.choice(["Bijgehouden door de gastvrouwen", "Versie 2", "Lijst"])],
        [],
    ]


def empty_left(book: Book, rng: random.Random) -> None:
    rows = page(book, rng)
    rows[:] = [[None, *row] for row in rows]


def note_below(book: Book, rng: random.Random) -> None:
    page(book, rng).extend([[], ["Let op: de koffie is op"]])


def spaces(book: Book, rng: random.Random) -> None:
    pad = rng.choice([" ", "  ", "\u00a0", "\t"])
    each_cell(book, lambda cell: f"{cell}{pad}" if isinstance(cell, str) and cell else cell)


def blanks(book: Book, rng: random.Random) -> None:
    each_cell(book, lambda cell: " " if cell is None and rng.random() < 0.5 else cell)


def number_as_text(book: Book, rng: random.Random) -> None:
    each_cell(book, lambda cell: str(cell) if type(cell) is int else cell)


def number_as_float(book: Book, rng: random.Random) -> None:
    each_cell(book, lambda cell: float(cell) if type(cell) is int else cell)


def day_as_text(book: Book, rng: random.Random) -> None:
    form = rng.choice(["%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y"])
    each_cell(
        book,
        lambda cell: (
            cell.strftime(form)
            if isinstance(cell, datetime) and cell.time() == datetime.min.time()
            else cell
        ),
    )


def other_case(book: Book, rng: random.Random) -> None:
    each_cell(
        book, lambda cell: {"x": "X", "X": "x"}.get(cell, cell) if isinstance(cell, str) else cell
    )


def remarks(book: Book, rng: random.Random) -> None:
    rows = page(book, rng)
    width = max(map(len, rows), default=0)
    head = next((n for n, row in enumerate(rows) if sum(bool(cell) for cell in row) > 1), None)
    if head is not None:
        rows[head] = [*rows[head], *[None] * (width - len(rows[head])), "Opmerkingen"]
        last = len(rows) - 1
        if last > head:
            rows[last] = [*rows[last], *[None] * (width - len(rows[last])), "fijne dag"]


def empty_sheet(book: Book, rng: random.Random) -> None:
    book["Blad9"] = []


def prose_sheet(book: Book, rng: random.Random) -> None:
    book["Toelichting"] = [["Vul de lijst elke week in."], ["Vragen? Bel het kantoor."]]


HARMLESS: tuple[Change, ...] = (
    empty_top, title, empty_left, note_below, spaces, blanks, number_as_text, number_as_float,
    day_as_text, other_case, remarks, empty_sheet, prose_sheet,
)  # fmt: skip


# Wild changes -------------------------------------------------------------------------------------


def odd_cell(book: Book, rng: random.Random) -> None:
    rows = page(book, rng)
    for _ in range(rng.randint(1, 5)):
        if rows and (row := rng.choice(rows)):
            row[rng.randrange(len(row))] = rng.choice(ODD)


def odd_anywhere(book: Book, rng: random.Random) -> None:
    rows = page(book, rng)
    rows += [[] for _ in range(rng.randint(0, 5))]
    row = rows[rng.randrange(len(rows))] if rows else []
    row += [None] * rng.randint(0, 5) + [rng.choice(ODD)]


def drop_row(book: Book, rng: random.Random) -> None:
    rows = page(book, rng)
    if rows:
        del rows[rng.randrange(len(rows))]


def drop_column(book: Book, rng: random.Random) -> None:
    rows = page(book, rng)
    place = rng.randrange(max(map(len, rows), default=0) or 1)
    rows[:] = [row[:place] + row[place + 1 :] for row in rows]


def double_row(book: Book, rng: random.Random) -> None:
    rows = page(book, rng)
    if rows:
        rows.insert(rng.randrange(len(rows) + 1), [*rng.choice(rows)])


def shuffle_rows(book: Book, rng: random.Random) -> None:
    rng.shuffle(page(book, rng))


def shuffle_columns(book: Book, rng: random.Random) -> None:
    rows = page(book, rng)
    width = max(map(len, rows), default=0)
    order = rng.sample(range(width), width)
    rows[:] = [[row[place] if place < len(row) else None for place in order] for row in rows]


def turn(book: Book, rng: random.Random) -> None:
    rows = page(book, rng)
    width = max(map(len, rows), default=0)
    rows[:] = [[row[place] if place < len(row) else None for row in rows] for place in range(width)]


def beside(book: Book, rng: random.Random) -> None:
    rows, other = page(book, rng), [[*row] for row in page(book, rng)]
    width = max(map(len, rows), default=0) + rng.randint(0, 2)
    for place, row in enumerate(other):
        if place < len(rows):
            rows[place] = [*rows[place], *[None] * (width - len(rows[place])), *row]


def below(book: Book, rng: random.Random) -> None:
    page(book, rng).extend([*([[]] * rng.randint(0, 2)), *[[*row] for row in page(book, rng)]])


WILD: tuple[Change, ...] = (
    odd_cell, odd_cell, odd_anywhere, drop_row, drop_column, double_row, shuffle_rows,
    shuffle_columns, turn, beside, below,
)  # fmt: skip


# Lists with their truth ---------------------------------------------------------------------------


def made_up(rng: random.Random) -> tuple[Book, int, int]:
    """Make a list of one of four shapes, with its visits and people."""
    people = rng.sample(NAMES, rng.randint(3, 9))
    if rng.random() < 0.4:
        people = [
            f"{name} {rng.choice(['Bos', 'de Vries', 'El Idrissi', 'Bo'])}" for name in people
        ]
    elif rng.random() < 0.4:
        people = [f"p{number:02}" for number in range(1, len(people) + 1)]
    first = datetime(2021, rng.randint(1, 9), rng.randint(1, 7))
    days = [first + timedelta(7 * number) for number in range(rng.randint(3, 8))]
    came = {(who, day) for who in people for day in days if rng.random() < 0.6}
    came |= {(who, days[0]) for who in people} | {(people[0], day) for day in days}
    shape = rng.choice(["across", "down", "register", "below", "tally"])
    if shape == "across":
        rows: Rows = [["Naam", *days]]
        rows += [[who, *("x" if (who, day) in came else None for day in days)] for who in people]
    elif shape == "down":
        rows = [["Datum", *people]]
        rows += [[day, *("x" if (who, day) in came else None for who in people)] for day in days]
    elif shape == "register":
        rows = [["Datum", "Naam", "Activiteit"]]
        rows += [
            [day, who, rng.choice(["Taal", "Klussen"])]
            for who, day in sorted(came, key=lambda v: v[1])
        ]
    elif shape == "below":
        columns = [[who for who in people if (who, day) in came] for day in days]
        rows = [[*days]] + [
            [column[place] if place < len(column) else None for column in columns]
            for place in range(max(map(len, columns)))
        ]
    else:
        counts = [[rng.randint(2, 30) for _ in range(3)] for _ in days]
        rows = [["Datum", "Taal", "Klussen", "Ontmoeting"]]
        rows += [[day, *numbers] for day, numbers in zip(days, counts, strict=True)]
        return {"Blad1": rows}, sum(map(sum, counts)), 0
    return {"Blad1": rows}, len(came), len(people)


def known() -> list[Book]:
    """Return the lists of the tests."""
    books = [{sheet: [[*row] for row in rows] for sheet, rows in book.items()}
             for book in lists_made.LISTS.values()]  # fmt: skip
    books += [sheets for sheets, _, _ in WORKBOOKS.values()]
    books += [lists_made.drawn(truth["sheets"]) for truth in KEPT]
    books += [lists_made.drawn(truth["sheet"]) for truth in UNREAD]
    for text, *_ in TEXTS.values():
        sign = max(";,\t", key=text.count)
        books.append({"": list(csv.reader(text.splitlines(), delimiter=sign))})
    return books


def copied(book: Book) -> Book:
    return {sheet: [[*row] for row in rows] for sheet, rows in book.items()}


# Trying -------------------------------------------------------------------------------------------


def save(book: Book, folder: Path, rng: random.Random, ending: str) -> Path:
    """Write a book as a program does."""
    for rows in book.values():
        width = max(map(len, rows), default=0)
        rows[:] = [[*row, *[None] * (width - len(row))] for row in rows]
    path = folder / f"lijst{ending}"
    if ending == ".csv":
        [rows] = book.values()
        frame = pd.DataFrame(rows, dtype=object)
        sign = rng.choice(";,\t")
        text = frame.to_csv(sep=sign, index=False, header=False, date_format="%d-%m-%Y",
                            lineterminator=rng.choice(["\n", "\r\n"]))  # fmt: skip
        path.write_bytes(text.encode(rng.choice(ENCODINGS), errors="replace"))
        return path
    if ending == ".ods":
        with pd.ExcelWriter(path, engine="odf") as writer:
            for sheet, rows in book.items():
                pd.DataFrame(rows, dtype=object).to_excel(
                    writer, sheet_name=sheet or "Blad1", index=False, header=False
                )
        return path
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for sheet, rows in book.items():
        shown = workbook.create_sheet(sheet or "Blad1")
        for row in rows:
            shown.append([*row])
    workbook.save(path)
    return path


def brought(path: Path, data: Path) -> Result:
    """Bring a list; what is written must be what is said, and a refusal must be a sentence."""
    said: list[str] = []
    (data / mapping.FILE).unlink(missing_ok=True)
    for old in (data / "deelnames").glob("*"):
        old.unlink()
    try:
        done = lists.bring(path, data, ALL_KNOWN, tell=said.append)
    except DataError as refusal:
        return str(refusal)
    with done.path.open(encoding="utf-8-sig") as file:
        rows = [*csv.DictReader(file, delimiter=";")]
    people = {row["deelnemer"] for row in rows} - {""}
    assert (sum(int(row["aantal"]) for row in rows), len(people)) == (done.visits, done.people)
    if len(rows) % WHOLE == 0:
        refuse_unlike(done, data, said)
    return done.visits, done.people


def refuse_unlike(done: lists.Brought, data: Path, said: list[str]) -> None:
    """Fail where the data folder counts otherwise than what was said, and nothing tells why."""
    check = registrations.check(data)
    [file] = [file for file in check.counts if file.table == "deelnames"]
    if check.errors:
        assert bringing_problems(done.path, data), "errors unsaid"
        return
    [account] = check.accounts or [None]
    assert (account.visits, account.people) == (done.visits, done.people), "written is not said"
    assert file.used == file.read, "a row that bwk wrote is not used"


def main() -> None:
    seconds, seed = (int(word) for word in sys.argv[1:] or ("300", "1"))
    until, seen = time.monotonic() + seconds, Counter[str]()
    books = known()
    with tempfile.TemporaryDirectory() as root:
        data = Path(root, "data")
        data.mkdir()
        for name, text in TABLES.items():
            (data / name).write_text(text, encoding="utf-8")
        while time.monotonic() < until:
            seed += 1
            seen[tried(seed, books, Path(root), data)] += 1
    print(dict(seen))


def tried(seed: int, books: list[Book], folder: Path, data: Path) -> str:
    """Change a list and bring it; return how that came out, and print what should not be."""
    rng = random.Random(seed)
    is_wild = rng.random() < 0.5
    changes = [rng.choice(WILD if is_wild else HARMLESS) for _ in range(rng.randint(0, 3))]
    try:
        truth, result = before_and_after(rng, changes, books, folder, data)
    except Exception:
        told, outcome = traceback.format_exc()[-900:], "CRASH"
    else:
        told, outcome = f"{truth} -> {result}", judged(truth, result, is_wild)
    if outcome.isupper():
        print(f"seed {seed}: {[change.__name__ for change in changes]}: {told}", flush=True)
    return outcome


def before_and_after(
    rng: random.Random, changes: list[Change], books: list[Book], folder: Path, data: Path
) -> tuple[Result, Result]:
    """Return the visits and people of a list, and those after some changes."""
    if rng.random() < 0.4:
        book, visits, people = made_up(rng)
        truth: Result = (visits, people)
    else:
        book = copied(rng.choice(books))
        truth = brought(save(book, folder, rng, ".xlsx"), data)
    for change in changes:
        change(book, rng)
    ending = rng.choice([".xlsx", ".xlsx", ".ods", *[".csv"] * (len(book) == 1)])
    try:
        path = save(book, folder, rng, ending)
    except Exception:  # the library that writes refuses it
        return truth, truth
    return truth, brought(path, data)


def judged(truth: Result, result: Result, is_wild: bool) -> str:
    if is_wild:
        return "wild, refused" if isinstance(result, str) else "wild, read"
    if isinstance(result, str):
        return "refused as before" if isinstance(truth, str) else "REFUSED NOW"
    return "the same" if result == truth else "OTHERWISE"


if __name__ == "__main__":
    main()
