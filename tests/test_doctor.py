"""Whether this machine can make reports is tried before it has to."""

import os
import sys
import time
from collections import namedtuple
from types import SimpleNamespace

import pytest

from bwk import doctor
from bwk.doctor import Folders

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def folders(make_folder, tmp_path):
    return Folders(make_folder(), tmp_path / "notebooks", tmp_path / "uitvoer")


def remedies(attempt, folders):
    return " ".join(doctor._outcome(attempt, folders))


def test_on_a_sound_machine_a_report_can_be_made_and_nothing_is_left(folders, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    trials = list(doctor.examine(folders))
    assert [str(trial) for trial in trials if trial.hinders] == []
    assert "✓ Een proefverslag: goed." in map(str, trials)
    assert sorted(tmp_path.rglob("*")) == before


def test_advice_does_not_hinder(folders):
    trial = doctor.Trial("Spelling", ["Installeer hunspell."], is_advice=True)
    assert not trial.hinders
    assert str(trial) == "! Spelling: Installeer hunspell."


def test_data_without_a_programme_are_named(folders):
    (folders.data / "programma.toml").unlink()
    assert "programma.toml ontbreekt" in remedies(doctor._data, folders)


def test_an_output_folder_that_cannot_be_made_is_named(folders, tmp_path):
    (tmp_path / "bestand").touch()
    blocked = Folders(folders.data, folders.notebooks, tmp_path / "bestand" / "uitvoer")
    assert "In uitvoer kan deze gebruiker niet schrijven" in remedies(doctor._writing, blocked)


def test_a_full_disk_is_named_with_its_room(folders, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: Usage(9e9, 8.99e9, 12_000_000))
    assert "Voor de uitvoermap is nog 12 MB vrij" in remedies(doctor._space, folders)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no nodes")
@pytest.mark.parametrize(("nodes", "said"), [((10, 1000), True), ((0, 0), False)])
def test_a_disk_without_room_for_files_is_named(folders, monkeypatch, nodes, said):
    blocks = {"f_bavail": 10**9, "f_bfree": 10**9, "f_blocks": 10**9, "f_frsize": 4096}
    status = SimpleNamespace(f_favail=nodes[0], f_files=nodes[1], **blocks)
    monkeypatch.setattr(doctor.os, "statvfs", lambda path: status)
    assert ("bijna geen bestanden" in remedies(doctor._space, folders)) == said


@pytest.mark.parametrize(("days", "said"), [(30, True), (-30, False)])
def test_a_clock_that_was_set_back_is_named(folders, days, said):
    moment = time.time() + days * 86_400
    os.utime(folders.data / "locaties.csv", (moment, moment))
    assert ("klok" in remedies(doctor._clock, folders)) == said


def test_what_nobody_foresaw_is_a_sentence_as_well(folders, monkeypatch):
    def fails(path):
        raise ZeroDivisionError

    monkeypatch.setattr(doctor.shutil, "disk_usage", fails)
    assert "onverwachte fout (ZeroDivisionError)" in remedies(doctor._space, folders)


def test_a_share_without_locks_is_advice(folders, monkeypatch):
    monkeypatch.setattr(doctor.files, "has_locks", lambda folder: False)
    assert "kent geen sloten" in remedies(doctor._locks, folders)


def test_a_command_of_melden_that_is_not_there_is_named(folders):
    settings = folders.data / "programma.toml"
    settings.write_text(settings.read_text() + '[melden]\nopdracht = ["bestaat-niet"]\n')
    assert "Het programma in [melden] is er niet" in remedies(doctor._telling, folders)
