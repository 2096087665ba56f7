"""What people write, and what files hold, does no harm; `bench/hostile.py` tries more."""

import os
import re
import subprocess
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path

import data_folder
import pytest

from bwk import cli, inputs, outputs
from bwk.errors import BwkError
from bwk.facts import kept
from bwk.lists import mapping
from bwk.narrative import signoffs, tracing
from bwk.registrations import check
from bwk.registrations.findings import Finding, write_findings
from bwk.workbook import read

DEEP = b'{"akkoord": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
JUNK = [
    b"", b"\xff\xfe\x00", b"null", b"[]", b"3", DEEP, b'{"a":' * 100_000 + b"}", b'{"a": NaN}',
    b'{"a": ' + b"9" * 5000 + b"}", b'{"a": "\\ud800"}', b'{"cells": 3, "metadata": []}',
]  # fmt: skip
READERS = [
    read,
    tracing.read,
    signoffs.read,
    lambda path: outputs.load(path, outputs.Run),
    lambda path: outputs.load(path, outputs.AnswerFile),
    lambda path: kept.read(path.parent, "x"),
    lambda path: inputs.record(path.parent),
    lambda path: mapping.read(path.parent, "x"),
]


COMMANDS = [
    ["check"], ["run", "2018-H1"], ["status", "2018-H1"], ["verify", "2018-H1"],
    ["import", "goed.csv", "PIJP"], ["pseudonymize", "PIJP"], ["review", "--answers", "PIJP"],
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = data_folder.make(tmp_path / "data")
    (data / "programma.toml").write_text('naam = "W"\nplaats = "U"\n')
    return data


def checked(folder: Path, output: Path) -> int:
    return cli.main(["check", "--data", str(folder), "--output", str(output)])


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_waits_for_a_pipe(tmp_path, command):
    pipe = tmp_path / ("lijst.csv" if "PIJP" in command else "output/2018-H1/intern/run.json")
    pipe.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(pipe)
    words = [str(pipe) if word == "PIJP" else word for word in command]
    ended = subprocess.run(
        [sys.executable, "-m", "bwk", *words, "--output", tmp_path / "output"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 2
    assert (
        ended.stderr
        == f"Fout: {pipe.name} is geen bestand, maar een pijp of een apparaat: haal het weg.\n"
    )


@pytest.mark.parametrize(
    "name", ["a\x1b[2J\x07", "a\u202eb", "a\nfout: b", "=1+1", "-2+3+cmd", "\t=1"]
)
def test_a_name_of_a_file_steers_no_terminal_and_is_no_formula(folder, tmp_path, capsys, name):
    (folder / "deelnames").mkdir()
    (folder / "deelnames.csv").rename(folder / f"deelnames/{name}.csv")
    (folder / f"{name}.txt").write_text("x")
    checked(folder, tmp_path)
    printed = capsys.readouterr().out
    assert not {*"\x1b\x07\u202e"} & {*printed}
    assert "\nfout: b" not in printed
    written = (tmp_path / "controle.csv").read_text("utf-8-sig")
    assert not {*"\x1b\x07\u202e"} & {*written}


@pytest.mark.parametrize("text", ["=1", "+1+1", "-2+3+cmd|' /C calc'!A0", "@x", "\t=1", "\r=1"])
def test_a_cell_of_the_findings_is_no_formula(tmp_path, text):
    write_findings([Finding("fout", text, text)], tmp_path / "a.csv")
    line = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[1]
    cells = [cell.strip('"') for cell in line.split(";")]
    assert cells[1].startswith("'")
    assert cells[2].startswith("'")


def test_an_error_steers_no_terminal(tmp_path, capsys):
    assert cli.main(["pseudonymize", str(tmp_path / "a\x1b[2J.csv")]) == 3
    assert "\x1b" not in capsys.readouterr().err


def test_a_key_is_not_longer_than_a_file_name_may_be(folder):
    long = {"dienst": ["taal", "koffie", "a" * 61], "naam": ["Taal", "Koffie", "A"]}
    data_folder.write(folder / "diensten.csv", long)
    [error] = check(folder, today=date(2018, 7, 13)).errors
    assert (error.row, error.remedy) == (4, "Gebruik hoogstens 60 tekens.")


def test_a_name_is_not_longer_than_a_line(folder):
    long = {"dienst": ["taal", "koffie"], "naam": ["T" * 201, "Koffie"]}
    data_folder.write(folder / "diensten.csv", long)
    [error] = check(folder, today=date(2018, 7, 13)).errors
    assert (error.row, error.remedy) == (2, "Gebruik hoogstens 200 tekens.")


@pytest.mark.parametrize("raw", JUNK, ids=range(len(JUNK)))
def test_a_file_of_json_or_toml_that_is_none_of_ours_gives_a_sentence(tmp_path, raw):
    for name in ("x.json", kept.BOOK, f"intern/{outputs.RUN}", mapping.FILE, "x.akkoord.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(raw)
    for reader in READERS:
        with suppress(BwkError):  # anything else would be a traceback
            reader(tmp_path / "x.json")


# Each reads a file; what the library that reads it does is put in the place of `{}`.
READING = {
    "check": [],
    "run": ["2018-H1"],
    "open": ["2018-H1"],
    "status": ["2018-H1"],
    "import": ["lijst.csv", "--yes", "--location", "top", "--service", "taal"],
    "pseudonymize": ["lijst.csv"],
}
BREAKING = """
import bwk.apart, bwk.registrations.grids, ctypes, time
bwk.apart.SECONDS = 20
bwk.registrations.grids._csv = lambda *data: {}
"""


@pytest.mark.parametrize(
    ("command", "breaks"),
    [
        *((command, "ctypes.string_at(0)") for command in READING),
        ("check", "bytearray(10**15)"),
        ("check", "time.sleep(100)"),
    ],
)
def test_a_library_that_breaks_on_a_file_gives_a_sentence_with_its_name(
    folder, tmp_path, tmp_path_factory, command, breaks
):
    code = tmp_path_factory.mktemp("code")
    (code / "sitecustomize.py").write_text(BREAKING.format(breaks))
    (tmp_path / "lijst.csv").write_text("deelnemer;datum\nJo;3-1-2018\n")
    before = files(tmp_path)
    ended = subprocess.run(
        [sys.executable, "-m", "bwk", command, *READING[command]],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(code)},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 3
    assert re.fullmatch(r"Fout: \S+\.csv: het lezen is gestopt, [^\n]+\.\n", ended.stderr)
    assert files(tmp_path) == before


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
