"""Names made into pseudonyms: one person is one person, and nothing of a name is left."""

import logging
import os
from pathlib import Path

import pandas as pd
import pytest
from data_folder import make, write
from hypothesis import example, given
from hypothesis import strategies as st

from bwk import registrations
from bwk.errors import DataError
from bwk.registrations import pseudonymize
from bwk.registrations.pseudonyms import _pseudonym

VISITS = {
    "Datum": ["3-1-2018", "4-1-2018", "5-1-2018", "6-1-2018"],
    "locatie": ["top"] * 4,
    "dienst": ["taal"] * 4,
    "Deelnemer": ["José  de Vries", "jose de vries ", "Fatima Amrani", "onbekend"],
    "telefoon": ["0687654321"] * 4,
    "Geboortedatum": ["1-2-1985"] * 4,
    "opmerking": ["Fatima belde"] * 4,
}


@pytest.fixture(autouse=True)
def key(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("BWK_KEY", str(tmp_path / "instellingen" / "sleutel"))
    return tmp_path / "instellingen" / "sleutel"


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = make(tmp_path / "data")
    (folder / "deelnames.csv").unlink()
    (folder / "programma.toml").write_text("")
    return folder


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".ods"])
def test_one_person_is_one_pseudonym_in_every_format(folder, ending):
    made = pseudonymize(write(folder / "deelnames" / f"2018{ending}", VISITS))
    assert made.path.name == "2018.pseudoniem.csv"
    assert (made.rows, made.people) == (4, 2)
    people = pd.read_csv(made.path, sep=";", encoding="utf-8-sig")["deelnemer"].tolist()
    assert people[0] == people[1] != people[2]
    assert pd.isna(people[3])


def test_the_new_file_is_read_in_place_of_the_original(folder):
    original = write(folder / "deelnames.csv", VISITS)
    pseudonymize(original)
    original.unlink()
    data = registrations.read(folder)
    assert data.participations["deelnemer"].nunique() == 2
    assert data.findings == ()


def test_nothing_of_a_name_is_left_in_file_notes_or_log(folder, caplog):
    caplog.set_level(logging.DEBUG)
    made = pseudonymize(write(folder / "deelnames.csv", VISITS))
    everything = made.path.read_text() + "".join(made.notes) + caplog.text
    for secret in ("Jos", "vries", "Vries", "Fatima", "Amrani", "0687654321", "1985"):
        assert secret not in everything


def test_the_notes_name_what_was_left_out_and_what_to_do(folder):
    left_out, advice = pseudonymize(write(folder / "deelnames.csv", VISITS)).notes
    assert left_out == "Niet overgenomen: ‘telefoon’, ‘geboortedatum’ en ‘opmerking’."
    assert advice.startswith("Haal het bestand met de namen nu weg")


def test_a_grid_of_days_or_an_export_is_left_as_it_is_and_goes_to_import(folder):
    grid = {"Naam": ["Jan Bos"], "7-1-2018": ["x"], "14-1-2018": ["x"]}
    path = write(folder / "lijst.csv", grid)
    with pytest.raises(DataError, match="haal niets weg") as refused:
        pseudonymize(path, column="Naam")
    assert "2 andere kolommen ken ik niet" in str(refused.value)
    assert "bwk import" in str(refused.value)
    assert not list(folder.rglob("*.pseudoniem.csv"))


@pytest.mark.parametrize(
    "spelling", ["12", "0012", "12\N{ZERO WIDTH SPACE}", " 12", "\N{SOFT HYPHEN}012"]
)
def test_zeros_and_what_is_not_seen_make_no_other_person(folder, spelling):
    visits = {"deelnemer": ["12", spelling, "A-7", "a-7", "13"], "datum": ["1-1-2018"] * 5}
    made = pseudonymize(write(folder / "x.csv", visits))
    assert made.people == 3
    assert any("meer schrijfwijzen" in note for note in made.notes)


def test_codes_that_differ_in_zeros_alone_are_two_people_and_said(folder):
    visits = {"deelnemer": ["p01", " P1", "p2"], "datum": ["1-1-2018"] * 3}
    made = pseudonymize(write(folder / "x.csv", visits))
    assert made.people == 3
    assert any("alleen in nullen" in note for note in made.notes)


def test_a_number_that_a_spreadsheet_rounded_is_refused(folder):
    with pytest.raises(DataError, match="afgerond door een spreadsheet"):
        pseudonymize(write(folder / "x.csv", {"deelnemer": ["1,2E+15"], "datum": ["1-1-2018"]}))
    assert not list(folder.rglob("*.pseudoniem.csv"))


def test_a_named_column_becomes_the_column_that_bwk_reads(folder):
    visits = {"Naam cliënt": VISITS["Deelnemer"], "datum": VISITS["Datum"]}
    made = pseudonymize(write(folder / "x.csv", visits), column="naam cliënt")
    assert list(pd.read_csv(made.path, sep=";", encoding="utf-8-sig").columns) == [
        "deelnemer",
        "datum",
    ]
    roles = {"vrijwilliger": ["Jan"], "rol": ["vrijwilliger"], "van": ["1-1-2018"]}
    made = pseudonymize(write(folder / "y.csv", roles), column="Vrijwilliger")
    assert "persoon" in pd.read_csv(made.path, sep=";", encoding="utf-8-sig").columns


def test_member_numbers_are_the_same_in_csv_and_spreadsheet(folder):
    results = [
        pseudonymize(write(folder / f"leden{ending}", {"persoon": [4512, 17]})).path.read_text()
        for ending in (".csv", ".xlsx", ".ods")
    ]
    assert len(set(results)) == 1


def test_the_key_is_made_once_for_its_owner_alone(folder, key):
    first = pseudonymize(write(folder / "a.csv", VISITS)).path.read_bytes()
    made = key.read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600
    assert pseudonymize(write(folder / "a.csv", VISITS)).path.read_bytes() == first
    assert key.read_bytes() == made


def test_another_key_gives_other_pseudonyms(folder, tmp_path):
    path = write(folder / "a.csv", VISITS)
    first = pseudonymize(path).path.read_bytes()
    assert pseudonymize(path, key_file=tmp_path / "elders" / "k").path.read_bytes() != first


def test_the_default_key_stands_in_the_configuration_of_the_user(folder, tmp_path, monkeypatch):
    monkeypatch.delenv("BWK_KEY")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    pseudonymize(write(folder / "a.csv", VISITS))
    (key,) = (tmp_path / "config" / "bwk").rglob("sleutel")
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert key.read_bytes() not in everything


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_the_file_with_pseudonyms_is_for_its_owner_alone(folder):
    before = os.umask(0)
    try:
        made = pseudonymize(write(folder / "a.csv", VISITS))
    finally:
        os.umask(before)
    assert made.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", ["sleutel", "deelnames/sleutel", "../elders/sleutel"])
def test_a_key_in_the_data_folder_is_refused(folder, tmp_path, place):
    path = write(folder / "deelnames" / "a.csv", VISITS)
    data = tmp_path / "elders" if ".." in place else None
    with pytest.raises(DataError, match="datamap"):
        pseudonymize(path, key_file=folder / place, data=data)
    assert not list(tmp_path.rglob("*.pseudoniem.csv"))
    assert not (folder / place).exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_a_key_that_others_can_read_is_refused(folder, key):
    pseudonymize(write(folder / "a.csv", VISITS))
    key.chmod(0o644)
    with pytest.raises(DataError, match="0600"):
        pseudonymize(folder / "a.csv")


def test_a_key_that_is_too_short_is_refused(folder, key):
    key.parent.mkdir()
    key.touch(mode=0o600)
    with pytest.raises(DataError, match="te kort"):
        pseudonymize(write(folder / "a.csv", VISITS))


@pytest.mark.parametrize(
    ("name", "columns", "words"),
    [("a.csv", {"datum": ["1-1-2018"]}, "heeft geen kolom"),
     ("a.parquet", VISITS, "geen pseudoniemen maken"),
     ("a.pseudoniem.csv", VISITS, "geen pseudoniemen maken")],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused(folder, name, columns, words):
    with pytest.raises(DataError, match=words):
        pseudonymize(write(folder / name, columns))


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04 stuk", b"\0\1\2"])
def test_a_damaged_file_is_refused(folder, raw):
    (folder / "a.xlsx").write_bytes(raw)
    with pytest.raises(DataError, match=r"a\.xlsx"):
        pseudonymize(folder / "a.xlsx")


def test_a_file_that_is_not_there_is_refused_without_its_path(folder):
    with pytest.raises(DataError, match=r"^weg\.csv is niet te openen"):
        pseudonymize(folder / "weg.csv")


@pytest.mark.parametrize(
    ("name", "pseudonym"),
    [
        ("José de Vries", "p265228c763c8"),
        ("FATIMA EL AMRANI", "p5254856f9eac"),
        ("Müller-Strauß", "p226e996f923e"),
        ("Ωναση", "p590a1910ae93"),
        ("İlknur Şahin", "p9e54269adaae"),
        ("4512", "p51d4cf7dac1b"),
        ("王伟", "p0b918cd01826"),
    ],
)
def test_a_usual_name_keeps_its_pseudonym(name, pseudonym):
    assert _pseudonym(name, b"k" * 32) == pseudonym


@given(st.text(st.characters(categories=["L", "Zs"]), min_size=1, max_size=20))
@example("ᾲ")
def test_capitals_and_spaces_make_no_difference(name):
    key = b"k" * 32
    assert _pseudonym(name, key) == _pseudonym(f"  {name.replace(' ', '   ')} ", key)
    assert _pseudonym(name.casefold(), key) == _pseudonym(name, key)
