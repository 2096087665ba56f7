"""What is printed: it never stops a command, and no terminal obeys it."""

import io
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from bwk.console import patient

BWK = Path(sysconfig.get_path("scripts")) / "bwk"


def printed(text, encoding="utf-8"):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)  # what it wraps is closed with it
    with patient(stream, None):
        print(text, end="")
    return raw.getvalue()


@pytest.mark.parametrize("sign", ["\x1b[2J", "\x07", "\x08", "\x9b31m", "\u202e", "a\rb"])
def test_a_terminal_gets_nothing_to_obey(sign):
    shown = printed(sign).decode()
    assert not set(shown) & set("\x1b\x07\x08\x9b\u202e\r")
    assert len(shown) == len(sign)


def test_lines_and_letters_stay():
    assert printed("Één\n ‘ş’ 🌳\n").decode() == "Één\n ‘ş’ 🌳\n"


def test_a_bar_begins_its_line_anew():
    assert printed("\r50%") == b"\r50%"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_what_a_stream_cannot_show_stops_nothing(encoding):
    assert printed("✓ Huis \udce9", encoding).endswith(b" Huis ?")


def test_a_stream_that_is_not_there_stops_nothing():
    with patient(None, None):
        print("Niemand hoort dit.")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such device")
def test_a_full_disk_stops_nothing():
    with Path("/dev/full").open("w") as full, patient(full, None):
        print("Dit past nergens.")
        print("Dit ook niet.")


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe ends otherwise there")
def test_a_command_goes_on_where_its_reader_is_gone():
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([BWK, "--help"], stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_command_goes_on_in_an_encoding_without_its_signs(make_folder, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "bwk", "check", "--output", str(tmp_path)],
        env=os.environ | {"PYTHONIOENCODING": "ascii", "BWK_DATA": str(make_folder())},
        capture_output=True,
    )
    assert done.returncode == 0
    assert b"rijen gelezen" in done.stdout
