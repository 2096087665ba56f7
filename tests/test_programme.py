"""`programma.toml`: what it says, and what is refused."""

import re
from datetime import date

import pytest

from bwk import periods, programme
from bwk.errors import DataError


def written(folder, text):
    (folder / "programma.toml").write_text(text, encoding="utf-8")
    return folder


def baseline(read, period, covered=()):
    """Name the baseline where the registers cover some periods."""
    return read.baseline(periods.parse(period), lambda earlier: earlier.name in covered).name


def test_everything_that_stands_in_the_file_is_read(tmp_path):
    text = """
naam = "Werkkamers"
plaats = "Utrecht"
toelichting = "Verzonnen."
[publicatie]
drempel = 7
min_maanden_open = 4.5
[basisperiode]
"2018-H1" = "2017"
[rapportdatum]
"2018-H1" = 2018-07-13
"""
    read = programme.read(written(tmp_path, text))
    assert (read.name, read.city, read.note) == ("Werkkamers", "Utrecht", "Verzonnen.")
    assert (read.threshold, read.months_open) == (7, 4.5)
    assert baseline(read, "2018-H1") == "2017"
    assert read.dates == {"2018-H1": date(2018, 7, 13)}


def test_a_period_may_be_written_as_the_name_of_its_folder(tmp_path):
    text = """
[basisperiode]
"2018-01--2018-06" = "2017-01--2017-06"
[rapportdatum]
"2018-01--2018-06" = 2018-07-13
"""
    read = programme.read(written(tmp_path, text))
    period = periods.parse("2018-01/2018-06")
    assert baseline(read, period.name) == "2017-01/2017-06"
    assert read.dates == {period.name: date(2018, 7, 13)}


def test_without_more_the_threshold_is_five(tmp_path):
    read = programme.read(written(tmp_path, 'naam = "W"\nplaats = "U"\n'))
    assert (read.threshold, read.months_open) == (5, 6)


@pytest.mark.parametrize(
    ("period", "covered", "expected"),
    [
        ("2018-H1", {"2017-H1"}, "2017-H1"),
        ("2018-H1", set(), "2017-H2"),
        ("2018-Q2", {"2017-Q2"}, "2017-Q2"),
        ("2018-Q2", set(), "2018-Q1"),
        ("2018", {"2017"}, "2017"),
        # A period of more than a year holds a part of the same of the year before.
        ("2017-01/2018-06", {"2016-01/2017-06"}, "2015-07/2016-12"),
    ],
)
def test_the_baseline_is_the_same_part_of_the_year_before_where_it_is_covered(
    period, covered, expected
):
    assert baseline(programme.Programme(), period, covered) == expected


def test_a_byte_order_mark_does_not_matter(tmp_path):
    (tmp_path / "programma.toml").write_bytes(b'\xef\xbb\xbfnaam = "W"\nplaats = "U"\n')
    assert programme.read(tmp_path).name == "W"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("naam = ", "TOML"),
        ("naam = 3", "naam"),
        ("publicatie = 3", "drempel"),
        ("[publicatie]\ndrempel = 0", "drempel"),
        ("[publicatie]\ndrempel = true", "drempel"),
        ('[publicatie]\ndrempel = "vijf"', "drempel"),
        ('[basisperiode]\n"2018-H1" = "ooit"', "basisperiode"),
        ('[basisperiode]\n"2018-H1" = "2018"', "2018-H1"),
        ('[basisperiode]\n"ooit" = "2017"', r"basisperiode.*‘ooit’"),
        ('[rapportdatum]\n"2018-H1" = "gisteren"', "rapportdatum"),
        ('[rapportdatum]\n"ooit" = 2018-07-13', r"rapportdatum.*‘ooit’"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(tmp_path, text, place):
    with pytest.raises(DataError, match=place):
        programme.read(written(tmp_path, text))


@pytest.mark.parametrize(
    "content",
    [
        b"naam = " + b"[" * 100_000,
        b"naam = " + b"{a = " * 10_000,
        b"drempel = " + b"9" * 5000,
        b'naam = "W"\nplaats "U"',
        b"\xff\xfe\x00",
        b"naam = '\x00'",
        b"[publicatie]\nmin_maanden_open = nan",
        b"[publicatie]\nmin_maanden_open = inf",
        b"[publicatie]\ndrempel = 1" + b"0" * 400,
        b'"publicatie.drempel" = []',
        b"# " + b"x" * 200_000,
    ],
)
def test_an_odd_file_is_refused_in_dutch(tmp_path, content):
    (tmp_path / "programma.toml").write_bytes(content)
    with pytest.raises(DataError, match=r"programma\.toml") as refused:
        programme.read(tmp_path)
    assert not re.search("Expected|Invalid|invalid|at line|limit", str(refused.value))


def test_a_mistake_is_told_with_its_line(tmp_path):
    with pytest.raises(DataError, match=r"regel 2"):
        programme.read(written(tmp_path, 'naam = "W"\nplaats "U"\n'))


def test_a_missing_file_is_named_with_the_remedy(tmp_path):
    with pytest.raises(DataError, match=r"programma\.toml ontbreekt.*maak het"):
        programme.read(tmp_path)


@pytest.mark.parametrize("value", ["[1]", '"mail"', '["mail", ["bwk"]]'])
def test_a_command_is_a_list_of_words(tmp_path, value):
    with pytest.raises(DataError, match="opdracht’ is niet te gebruiken: schrijf woorden"):
        programme.read(written(tmp_path, f"[melden]\nopdracht = {value}\n"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[publicatie]\ndrempl = 10\n",
            "‘publicatie.drempl’ is geen instelling van bwk: bedoelt u ‘publicatie.drempel’?",
        ),
        ('stad = "Utrecht"\n', "‘stad’ is geen instelling van bwk"),
        ("drempel = 10\n", "bedoelt u ‘publicatie.drempel’?"),
    ],
)
def test_a_setting_that_does_nothing_is_refused(tmp_path, text, said):
    with pytest.raises(DataError, match=re.escape(said)):
        programme.read(written(tmp_path, text))
