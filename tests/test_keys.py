"""A key for each programme: no two share one, it can be moved, and its hashes tell nothing."""

import os
import shutil
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from data_folder import make, write
from small import bwk

from bwk import keys
from bwk.errors import DataError
from bwk.registrations import pseudonymize

NAMES = {"deelnemer": ["José de Vries", "Fatima Amrani"], "rol": ["a", "b"]}


@pytest.fixture(autouse=True)
def computer(tmp_path, monkeypatch) -> Path:
    """The configuration of a user who has no key yet."""
    monkeypatch.delenv("BWK_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "computer"))
    return tmp_path / "computer" / "bwk"


@pytest.fixture
def another_computer(tmp_path, monkeypatch):
    """A function that goes to another computer, with other settings."""

    def go() -> None:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "andere-computer"))

    return go


def programme(folder: Path) -> Path:
    make(folder)
    (folder / "programma.toml").write_text("")
    return folder


def people(data: Path, name: str = "namen") -> set[str]:
    made = pseudonymize(write(data / f"{name}.csv", NAMES))
    column = pd.read_csv(made.path, sep=";", encoding="utf-8-sig").iloc[:, 0]
    return {*column}


def notes(data: Path) -> str:
    return " ".join(pseudonymize(write(data / "namen.csv", NAMES)).notes)


class TestProgrammes:
    def test_two_of_one_user_cannot_be_linked(self, tmp_path):
        noord, zuid = programme(tmp_path / "noord"), programme(tmp_path / "zuid")
        assert len(people(noord) | people(zuid)) == 4
        marks = [(folder / ".programma").read_text() for folder in (noord, zuid)]
        words = [{*mark.replace('"', " ").split()} for mark in marks]
        assert words[0] & words[1] == {"programma", "sleutel", "{", "}", ":", ","} & words[0]

    def test_one_keeps_its_pseudonyms_where_it_is_moved_renamed_or_copied(self, tmp_path):
        before = people(programme(tmp_path / "noord"))
        moved = (tmp_path / "noord").rename(tmp_path / "elders")
        (moved / "programma.toml").write_text('naam = "Anders"')
        assert people(moved, "later") == before
        copied = shutil.copytree(moved, tmp_path / "kopie")
        assert people(copied, "nog-later") == before

    def test_a_file_elsewhere_gets_those_of_the_data_folder_that_is_named(self, tmp_path):
        data = programme(tmp_path / "noord")
        before = people(data)
        (tmp_path / "elders").mkdir()
        made = pseudonymize(write(tmp_path / "elders/a.csv", NAMES), data=data)
        assert all(person in made.path.read_text() for person in before)

    def test_without_a_data_folder_the_user_s_key_is_used_and_that_is_said(self, tmp_path):
        (tmp_path / "elders").mkdir()
        made = pseudonymize(write(tmp_path / "elders/a.csv", NAMES), data=tmp_path / "data")
        assert "Noem de datamap met --data." in made.notes[0]

    def test_two_at_once_get_one_key(self, tmp_path, monkeypatch):
        data = programme(tmp_path / "noord")
        winner = people(data)
        mark = (data / ".programma").read_text()
        (data / ".programma").unlink()
        create = keys.create

        def overtaken(path, content, **settings):
            if path == data / ".programma":
                path.write_text(mark)
            return create(path, content, **settings)

        monkeypatch.setattr(keys, "create", overtaken)
        assert people(data, "tegelijk") == winner


class TestEarlierKey:
    """Until version 0.2 a user had one key for all programmes."""

    @pytest.fixture(autouse=True)
    def old(self, computer) -> Path:
        computer.mkdir(parents=True)
        (computer / "sleutel").write_text("k" * 64)
        (computer / "sleutel").chmod(0o600)
        return computer / "sleutel"

    def test_the_first_programme_keeps_it_and_the_next_has_its_own(self, tmp_path):
        noord, zuid = programme(tmp_path / "noord"), programme(tmp_path / "zuid")
        chosen = pseudonymize(
            write(noord / "oud.csv", NAMES), key_file=tmp_path / "computer/bwk/sleutel"
        ).path.read_text()
        assert all(person in chosen for person in people(noord))
        assert len(people(noord) | people(zuid)) == 4

    def test_a_programme_with_pseudonyms_of_it_keeps_it_too(self, tmp_path, old):
        first = people(programme(tmp_path / "noord"))
        zuid = programme(tmp_path / "zuid")
        pseudonymize(write(zuid / "oud.csv", NAMES), key_file=old)
        assert people(zuid) == first

    def test_that_is_said(self, tmp_path):
        data = programme(tmp_path / "noord")
        assert "Dit programma houdt de sleutel die u al had." in notes(data)
        assert "die u al had" not in notes(data)


class TestMoving:
    def test_the_key_goes_along_by_a_file(self, tmp_path, another_computer, computer):
        data = programme(tmp_path / "noord")
        before = people(data)
        out = tmp_path / "stick" / "sleutel.txt"
        out.parent.mkdir()
        keys.export_key(data, out)
        assert out.stat().st_mode & 0o777 == 0o600
        another_computer()
        with pytest.raises(DataError, match="--import-key"):
            people(data, "later")
        keys.import_key(data, out)
        assert people(data, "later") == before

    def test_the_commands_say_what_to_do(self, tmp_path):
        data = programme(tmp_path / "noord")
        write(data / "namen.csv", NAMES)
        out = tmp_path / "sleutel.txt"
        none = bwk("pseudonymize", "--export-key", out, "--data", data)
        assert (none.returncode, "nog geen sleutel" in none.stderr) == (3, True)
        assert bwk("pseudonymize", data / "namen.csv", "--data", data).returncode == 0
        done = bwk("pseudonymize", "--export-key", out, "--data", data)
        assert (done.returncode, "sleutel.txt" in done.stdout) == (0, True)
        elsewhere = {"XDG_CONFIG_HOME": str(tmp_path / "andere")}
        missing = bwk("pseudonymize", data / "namen.csv", "--data", data, **elsewhere)
        assert (missing.returncode, "--import-key" in missing.stderr) == (3, True)
        assert bwk("pseudonymize", "--import-key", out, "--data", data, **elsewhere).returncode == 0
        first = (data / "namen.pseudoniem.csv").read_bytes()
        assert bwk("pseudonymize", data / "namen.csv", "--data", data, **elsewhere).returncode == 0
        assert (data / "namen.pseudoniem.csv").read_bytes() == first
        assert bwk("pseudonymize", "--data", data).returncode == 2

    def test_that_of_another_programme_is_refused(self, tmp_path):
        noord, zuid = programme(tmp_path / "noord"), programme(tmp_path / "zuid")
        before = people(noord)
        people(zuid)
        keys.export_key(zuid, tmp_path / "sleutel")
        with pytest.raises(DataError, match="twee keer tellen"):
            keys.import_key(noord, tmp_path / "sleutel")
        assert people(noord, "later") == before

    def test_a_folder_without_a_mark_takes_the_key_that_is_brought(self, tmp_path):
        data = programme(tmp_path / "noord")
        before = people(data)
        keys.export_key(data, tmp_path / "sleutel")
        (data / ".programma").unlink()
        keys.import_key(data, tmp_path / "sleutel")
        assert people(data, "later") == before

    def test_who_has_pseudonyms_and_a_new_key_is_told(self, tmp_path, another_computer):
        data = programme(tmp_path / "noord")
        people(data)
        (data / ".programma").unlink()
        another_computer()
        assert "met een andere sleutel gemaakt?" in notes(data)

    @pytest.mark.parametrize("place", ["noord/sleutel", "noord/map/sleutel"])
    def test_it_is_not_written_in_the_data_folder(self, tmp_path, place):
        data = programme(tmp_path / "noord")
        people(data)
        with pytest.raises(DataError, match="staat in de datamap"):
            keys.export_key(data, tmp_path / place)

    def test_it_replaces_no_file(self, tmp_path):
        data = programme(tmp_path / "noord")
        people(data)
        (tmp_path / "brief").write_text("beste")
        with pytest.raises(DataError, match="is er al"):
            keys.export_key(data, tmp_path / "brief")
        assert (tmp_path / "brief").read_text() == "beste"

    @pytest.mark.parametrize(("content", "words"), [("kort", "te kort"), (None, "niet te openen")])
    def test_what_is_no_key_is_refused(self, tmp_path, content, words):
        data = programme(tmp_path / "noord")
        if content:
            (tmp_path / "sleutel").write_text(content)
        with pytest.raises(DataError, match=words):
            keys.import_key(data, tmp_path / "sleutel")
        assert not (data / ".programma").exists()

    @pytest.mark.parametrize("content", ["", "{", "[]", '{"programma": 1}'])
    def test_a_damaged_mark_is_refused(self, tmp_path, content):
        data = programme(tmp_path / "noord")
        (data / ".programma").write_text(content)
        with pytest.raises(DataError, match="beschadigd"):
            people(data)


class TestHashes:
    def test_the_same_content_has_the_same_and_another_does_not(self, tmp_path):
        data = programme(tmp_path / "noord")
        assert keys.seal(data, "een") == keys.seal(data, "een") != keys.seal(data, "twee")
        assert keys.same_key(keys.seal(data, "een"), keys.seal(data, "twee"))

    def test_no_two_programmes_and_no_two_computers_have_the_same(self, tmp_path, another_computer):
        data = [programme(tmp_path / "noord"), programme(tmp_path / "zuid")]
        seals = [keys.seal(folder, "een") for folder in data]
        another_computer()
        seals += [keys.seal(folder, "een") for folder in data]
        for one, another in product(seals, seals):
            assert keys.same_key(one, another) == (one is another)
        assert len({seal[16:] for seal in seals}) == 4

    def test_they_write_nothing_in_the_data_folder(self, tmp_path):
        data = programme(tmp_path / "noord")
        before = {*data.rglob("*")}
        keys.seal(data, "een")
        assert {*data.rglob("*")} == before

    def test_a_key_that_is_not_on_this_computer_is_not_made_here(self, tmp_path, another_computer):
        data = programme(tmp_path / "noord")
        people(data)
        another_computer()
        assert keys.seal(data, "een") == keys.seal(data, "een")
        with pytest.raises(DataError, match="niet op deze computer"):
            people(data, "later")

    def test_where_no_key_can_be_kept_it_lasts_for_the_run(self, tmp_path, monkeypatch):
        data = programme(tmp_path / "noord")
        (tmp_path / "bestand").touch()
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "bestand"))
        monkeypatch.setenv("BWK_RUN_KEY", "")
        monkeypatch.delenv("BWK_RUN_KEY")
        seal = keys.seal(data, "een")
        assert keys.seal(data, "een") == seal
        assert os.environ["BWK_RUN_KEY"] not in seal
        monkeypatch.delenv("BWK_RUN_KEY")
        assert not keys.same_key(seal, keys.seal(data, "een"))
