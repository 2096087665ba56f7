"""What leaves says nothing of the data but protected facts: no rows, no dates, no hashes.

The test reads the data itself, and looks for what it counted in every byte of every file.
"""

import base64
import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import need
from small import PROGRAMME, ROOT, TABLES, bwk

from bwk import formats, review
from bwk.review import definitive

TAKEN = ("sha224", "sha256", "sha384", "sha512", "sha1", "md5", "sha3_256", "blake2b", "blake2s")
HEAD = "datum;locatie;dienst;deelnemer;aantal\n"
SMALL = "2018-05-17;noord;taal;;3\n"
BAD_ROWS = 1213
BAD_ROW = "2018-02-30;noord;koffie;;1\n"
REFERRALS = {("naar", "a"): 1201, ("van", "a"): 509, ("naar", "b"): 3}


def visits(first: date, rows: int) -> str:
    """Write rows of both locations on some forty days, of sixty people."""
    return "".join(
        f"{first + timedelta(days=row % 41)};{('noord', 'zuid')[row % 2]};koffie;p{row % 61};1\n"
        for row in range(rows)
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """A programme of which each file has a number of rows that is nothing else."""
    folder = tmp_path_factory.mktemp("leaving") / "data"
    (folder / "deelnames").mkdir(parents=True)
    (folder / "programma.toml").write_text(PROGRAMME.format(threshold=5))
    referrals = "".join(
        f"{date(2018, 1, 3) + timedelta(days=row % 97)};noord;{partner};{direction};\n"
        for (direction, partner), rows in REFERRALS.items()
        for row in range(rows)
    )
    tables = {table: text for table, text in TABLES.items() if table != "deelnames"} | {
        "partners": "partner;naam\na;A\nb;B\n",
        "verwijzingen": f"datum;locatie;partner;richting;deelnemer\n{referrals}",
        "deelnames/2016": HEAD + visits(date(2016, 3, 2), 1409),
        "deelnames/2017": HEAD + visits(date(2017, 3, 2), 1613),
        "deelnames/2018": HEAD + visits(date(2018, 2, 3), 1811) + BAD_ROW * BAD_ROWS,
        "deelnames/klein": HEAD + SMALL,
    }
    for table, text in tables.items():
        (folder / f"{table}.csv").write_text(text)
    return folder


@pytest.fixture(scope="module")
def output(data) -> Iterator[Path]:
    """All that comes out: two runs, what changed between them, a review and an edition."""
    notebooks, output = data.parent / "notebooks", data.parent / "output"
    shutil.copytree(ROOT / "notebooks/sjablonen", notebooks / "sjablonen")
    options = ("--data", data, "--notebooks", notebooks, "--output", output)
    commands = [("run", "--skip-bad-rows"), ("run", "--skip-bad-rows"), ("compare",), ("review",)]
    for step, (command, *more) in enumerate(commands):
        if step == 1:
            with (data / "deelnames/2018.csv").open("a") as file:
                file.write(visits(date(2018, 4, 3), 127))
        done = bwk(command, "2018-H1", *more, *options)
        assert done.returncode == 0, done.stdout + done.stderr
    with pytest.MonkeyPatch.context() as patch:
        # The bare template has points that are open.
        patch.setattr(definitive.export, "open_points", lambda notebook: 0)
        review.finalize(output / "2018-H1", data, notebooks, dict, date(2018, 7, 13))
    yield output
    for path in output.rglob("definitief-*"):
        for folder in (path, *path.glob("*/")):
            folder.chmod(0o755)


def is_inside(path: Path, output: Path) -> bool:
    """Tell whether a file must not leave: it is in `intern`, or hidden."""
    steps = path.relative_to(output).parts
    return "intern" in steps or any(step.startswith(".") for step in steps)


@pytest.fixture(scope="module")
def leaving(output) -> dict[str, str]:
    """The text of each file that may leave, by its name."""
    texts = {}
    for path in sorted(output.rglob("*")):
        if not path.is_file() or is_inside(path, output):
            continue
        if path.suffix == ".pdf":
            command = [need("pdftotext"), path, "-"]
            text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        else:
            text = path.read_text(encoding="utf-8")
        texts[path.relative_to(output).as_posix()] = text
    return texts


def test_every_kind_of_file_is_looked_at(leaving):
    edition = "2018-H1/definitief-1"
    assert {f"2018-H1/{name}" for name in (
        "index.html", "feiten.json", "feiten.csv", "noord.html", "noord.pdf", "noord.ipynb",
        "stad.html", "tussenrapportage.pdf", "wijzigingen.html", "beoordeling.html",
    )} <= {*leaving}  # fmt: skip
    assert {f"{edition}/{name}" for name in ("noord.html", "feiten.json", "SHA256SUMS")} <= {
        *leaving
    }
    assert "Waarvan dit verslag is gemaakt" in leaving["2018-H1/noord.pdf"]


def test_no_file_tells_how_many_rows_were_read(data, leaving):
    counts = {BAD_ROWS, BAD_ROWS + 1}
    for path in data.rglob("*.csv"):
        with path.open(newline="") as file:
            counts.add(len(list(csv.reader(file))) - 1)
    whole = sum(counts)
    large = {count for count in {*counts, whole, whole - BAD_ROWS} if count > 1000}
    assert len(large) >= 5
    published = {int(fact["waarde"]) for fact in facts(leaving) if is_whole(fact["waarde"])}
    told = {
        (name, count)
        for count in large - published
        for name, text in leaving.items()
        if re.search(rf"(?<![\d.,]){count // 1000}\.?{count % 1000:03}(?![\d]|[.,]\d)", text)
    }
    assert told == set()


def facts(leaving: dict[str, str]) -> list[dict]:
    book = json.loads(leaving["2018-H1/feiten.json"])
    return [fact for sheet in book["feiten"].values() for fact in sheet.values()]


def is_whole(value: object) -> bool:
    return isinstance(value, int | float) and value == int(value)


def test_that_rows_were_left_out_is_told_in_round_words(leaving):
    assert "Veel rijen met fouten zijn niet meegeteld." in leaving["2018-H1/noord.html"]


def test_no_file_tells_the_day_of_a_registration(data, leaving):
    tables = [path for path in data.rglob("*.csv") if path.stem not in ("locaties", "bijgehouden")]
    days = {*re.findall(r"\b20\d\d-\d\d-\d\d\b", "".join(path.read_text() for path in tables))}
    days -= {"2018-02-30"}  # no day
    days -= {"2017-07-01", "2018-03-31", "2018-04-01"}  # where intervals that are counted begin
    assert len(days) > 100
    told = {name: days.intersection(dates(text)) for name, text in leaving.items()}
    assert {name: days for name, days in told.items() if days} == {}


def dates(text: str) -> Iterator[str]:
    """Yield each day that a text names, in any of the usual forms, as an ISO date."""
    for year, month, number in re.findall(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)", text):
        yield f"{year}-{month}-{number}"
    for number, month, year in re.findall(r"(?<!\d)(\d\d?)-(\d\d?)-(\d{4})(?!\d)", text):
        yield f"{year}-{month:>02}-{number:>02}"
    for number, month, year in re.findall(r"(?<!\d)(\d\d?) ([a-z]+) (\d{4})(?!\d)", text):
        if month in formats.MONTHS:
            yield f"{year}-{formats.MONTHS.index(month) + 1:02}-{number:>02}"


def test_a_report_is_dated_on_the_last_day_of_its_period(leaving):
    assert '<time datetime="2018-06-30">30 juni 2018</time>' in leaving["2018-H1/noord.html"]


def hashes(content: bytes) -> Iterator[bytes]:
    """Yield the start of each hash of a content that anyone would think of."""
    for name in TAKEN:
        raw = hashlib.new(name, content).digest()
        yield raw.hex()[:10].encode()
        yield base64.b64encode(raw)[:10]


def test_no_hash_of_data_stands_anywhere_not_even_inside(data, output):
    """Who has all that comes out cannot try what a small file may hold."""
    guesses = [HEAD + SMALL, SMALL, SMALL.strip()]
    contents = [path.read_bytes() for path in data.rglob("*") if path.is_file()]
    contents += [guess.encode() for guess in guesses]
    # What bwk makes of a file alone: its hash with its name, or with those of all.
    plain = [hashlib.sha256(content).hexdigest() for content in contents]
    contents += [hash.encode() for hash in plain]
    paths = [path for path in output.rglob("*") if path.is_file()]
    everything = b"\n".join(path.read_bytes() for path in paths)
    assert b'"deelnames/klein.csv": "' in everything.replace(b'":"', b'": "')
    assert [hash for content in contents for hash in hashes(content) if hash in everything] == []


def test_the_key_does_not_stand_in_the_output(output):
    settings = Path(os.environ["XDG_CONFIG_HOME"]) / "bwk"
    secrets = [path.read_bytes() for path in settings.rglob("*") if path.is_file()]
    assert secrets
    everything = b"\n".join(path.read_bytes() for path in output.rglob("*") if path.is_file())
    assert not any(secret in everything for secret in secrets)


def test_an_edition_is_verified_and_reproduced(data, output):
    made = output / "2018-H1/definitief-1"
    assert review.verify(output / "2018-H1") == []
    assert review.reproduce(made, data) == []


def test_rows_with_errors_that_a_run_left_out_stop_no_command_after_it(data, output):
    notebooks = data.parent / "notebooks"
    options = ("--data", data, "--notebooks", notebooks, "--output", output)
    for command in ("status", "open"):
        done = bwk(command, "2018-H1", *options)
        assert done.returncode == 0, done.stdout + done.stderr
    refused = bwk("run", "2018-Q1", *options)
    assert refused.returncode == 3
