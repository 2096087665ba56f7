"""JupyterLab's own folder and settings; tests/browser looks at its screens."""

import json
import sys
from importlib import resources
from pathlib import Path

import pytest

from bwk import lab
from bwk.errors import UsageError
from bwk.periods import parse

CONFIG = resources.files(lab) / "config"
SETTINGS = json.loads((CONFIG / "labconfig/default_setting_overrides.json").read_text())
PAGE = json.loads((CONFIG / "labconfig/page_config.json").read_text())
SCHEMAS = Path(sys.prefix, "share/jupyter/lab/schemas")
KEYS = "@jupyterlab/shortcuts-extension:shortcuts"


def schema(plugin):
    package, name = plugin.split(":")
    return json.loads((SCHEMAS / package / f"{name}.json").read_text())


def keys(binding):
    return tuple(binding["keys"]), binding["selector"], binding["command"]


def started(notebooks, period=None):
    return lab.start(notebooks, period, data=Path("data"), output=Path("output"))


@pytest.mark.parametrize("plugin", SETTINGS)
def test_each_setting_is_one_of_jupyterlab(plugin):
    assert set(SETTINGS[plugin]) <= set(schema(plugin)["properties"])


@pytest.mark.parametrize("plugin", [name for name in SETTINGS if "toolbar" in SETTINGS[name]])
def test_each_button_that_is_left_out_is_one_of_jupyterlab(plugin):
    (bars,) = schema(plugin)["jupyter.lab.toolbars"].values()
    left_out = {button["name"] for button in SETTINGS[plugin]["toolbar"]}
    assert left_out <= {button["name"] for button in bars}


def test_no_single_key_changes_a_workbook():
    files = (SCHEMAS / "@jupyterlab").glob("*/*.json")
    found = [each for file in files for each in json.loads(file.read_text()).get(SHORTCUTS, [])]
    single = {keys(each) for each in found if is_bare(each) and "jp-Image" not in each["selector"]}
    assert {keys(each) for each in SETTINGS[KEYS]["shortcuts"]} == single
    assert all(each["disabled"] for each in SETTINGS[KEYS]["shortcuts"])


def is_bare(binding):
    return any(len(key.removeprefix("Shift ")) == 1 for key in binding["keys"])


SHORTCUTS = "jupyter.lab.shortcuts"


def test_templates_pictures_and_earlier_versions_are_not_listed(tmp_path):
    from jupyter_server.services.contents.filemanager import FileContentsManager

    for name in ("2018-H1/vorige", "beelden", "sjablonen"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "2018-H1/top.ipynb").touch()
    (tmp_path / "2018-H1/top.akkoord.json").touch()
    server = json.loads((CONFIG / "jupyter_server_config.json").read_text())
    manager = FileContentsManager(root_dir=str(tmp_path), **server["ContentsManager"])
    listed = {
        entry["path"]
        for folder in ("", "2018-H1")
        for entry in manager.get(folder, content=True)["content"]
    }
    assert listed == {"2018-H1", "2018-H1/top.ipynb"}


def test_nothing_is_asked_of_the_network():
    server = json.loads((CONFIG / "jupyter_server_config.json").read_text())
    assert server["ServerApp"]["ip"] == "127.0.0.1"
    assert server["LabApp"]["news_url"] is None
    assert server["LabApp"]["check_for_updates_class"].endswith(".NeverCheckForUpdate")
    assert PAGE["buildCheck"] is False


def test_the_language_is_installed():
    from jupyterlab_server.translation_utils import get_language_packs

    assert SETTINGS["@jupyterlab/translation-extension:plugin"]["locale"] in get_language_packs()[0]


def test_settings_are_renewed_and_those_of_the_evaluator_stay(tmp_path):
    state = lab.prepare(tmp_path)
    style = state / "config/custom/custom.css"
    style.write_text("oud")
    (state / "settings").mkdir()
    (state / "settings/eigen").write_text("donker")
    assert lab.prepare(tmp_path) == state
    assert style.read_text() == (CONFIG / "custom/custom.css").read_text()
    assert (state / "settings/eigen").read_text() == "donker"


def test_git_does_not_see_the_folder(tmp_path):
    assert (lab.prepare(tmp_path) / ".gitignore").read_text() == "*\n"


def test_another_jupyterlab_has_no_say(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", "elders")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", "elders")
    monkeypatch.setenv("LANG", "nl_NL.UTF-8")
    known = lab.environment(tmp_path)
    folders = {value for name, value in known.items() if name.startswith("JUPYTER")}
    assert {Path(folder).parent for folder in folders} == {tmp_path}
    assert known["LANG"] == "nl_NL.UTF-8"


def test_without_jupyterlab_the_remedy_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(lab, "PARTS", ("jupyterlab_die_er_niet_is",))
    with pytest.raises(UsageError, match="niet geïnstalleerd: geef eerst het commando make lab"):
        started(tmp_path)


def test_without_workbooks_of_the_period_the_remedy_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"tweede helft van 2018.* bwk open 2018-H2"):
        started(tmp_path, parse("2018-H2"))


def test_without_a_notebooks_folder_the_remedy_is_named(tmp_path):
    with pytest.raises(UsageError, match="map weg is er niet"):
        started(tmp_path / "weg")


def test_when_jupyterlab_stops_with_an_error_the_log_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(lab.sys, "executable", "false")
    with pytest.raises(lab.BwkError, match=r"kijk in \.jupyter/jupyterlab\.log"):
        started(tmp_path)
