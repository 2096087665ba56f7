"""Whoever `[melden]` names hears how a run came out."""

import json
import sys

import pytest
from small import bwk, visits

from bwk.batch.notices import Notice, send

SAVES = (
    "import os, sys; open(sys.argv[1], 'w').write(os.environ['BWK_UITKOMST'] + sys.stdin.read())"
)


def choose(folder, *lines):
    settings = folder / "programma.toml"
    settings.write_text("\n".join([settings.read_text(), "[melden]", *lines, ""]))
    return folder


@pytest.fixture
def notice():
    return Notice("2018-H1", "mislukt", ["0 van 1 klaar.", "Noord: een fout."])


def test_without_a_choice_nobody_hears(make_folder, tmp_path, notice):
    assert send(notice, make_folder(), tmp_path / "uitvoer") == ""
    assert not (tmp_path / "uitvoer").exists()


def test_a_command_gets_the_outcome_and_the_lines(make_folder, tmp_path, notice):
    command = json.dumps([sys.executable, "-c", SAVES, str(tmp_path / "brief")])
    data = choose(make_folder(), f"opdracht = {command}")
    assert send(notice, data, tmp_path) == ""
    assert (tmp_path / "brief").read_text() == "mislukt0 van 1 klaar.\nNoord: een fout.\n"


def test_a_file_holds_them(make_folder, tmp_path, notice):
    data = choose(make_folder(), 'bestand = "melding.json"')
    assert send(notice, data, tmp_path / "uitvoer") == ""
    assert json.loads((tmp_path / "uitvoer/melding.json").read_text()) == {
        "periode": "2018-H1",
        "uitkomst": "mislukt",
        "regels": ["0 van 1 klaar.", "Noord: een fout."],
    }


@pytest.mark.parametrize("command", ["false", "bestaat-niet"])
def test_a_message_that_does_not_arrive_is_said(make_folder, tmp_path, notice, command):
    data = choose(make_folder(), f'opdracht = ["{command}"]')
    assert "kon niet worden verstuurd" in send(notice, data, tmp_path)


def test_a_run_that_is_refused_tells_it_and_one_without_work_is_silent(make_folder, tmp_path):
    folder = make_folder(deelnames=visits("2018-02-31", "noord", "koffie", "abcdef"))
    data = choose(folder, 'bestand = "melding.json"')
    assert bwk("run", "2018-H1", "--data", data, "--output", tmp_path / "uitvoer").returncode == 3
    told = json.loads((tmp_path / "uitvoer/melding.json").read_text())
    assert told["uitkomst"] == "mislukt"
    assert told["regels"][0].startswith("Fout: De gegevens zijn geweigerd")
