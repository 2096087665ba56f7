"""The commands: what they print, and their exit status."""

import csv
import json
import signal
import subprocess
import sys
import tomllib
from argparse import Namespace
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock
from small import ROOT, bwk, visits

from bwk import cli, periods, programme, registrations
from bwk.cli import COMMANDS, main

SCRIPTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]


def test_help_is_in_dutch_and_names_every_command(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    said = capsys.readouterr().out
    assert stopped.value.code == 0
    assert all(name in said for name in COMMANDS)
    assert not [word for word in ("usage", "options", "positional", "show this") if word in said]


@pytest.mark.parametrize(
    "arguments", [[], ["onzin"], ["run", "--onzin"], ["run", "--jobs", "veel"]]
)
def test_wrong_use_is_a_sentence_and_status_2(arguments, capsys):
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith("Fout: ")
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "moment",
    ["sys.meta_path.insert(0, type('', (), {'find_spec': stop}))", "atexit.register(stop)"],
    ids=["while it loads", "when all is done"],
)
def test_who_stops_a_command_that_begins_or_ends_hears_nothing_of_python(moment):
    module, function = SCRIPTS["bwk"].split(":")
    code = f"""
import atexit, importlib, signal, sys
def stop(name="tqdm", *found):
    if name == "tqdm":
        signal.raise_signal(signal.SIGINT)
{moment}
importlib.import_module("{module}").{function}()
"""
    command = [sys.executable, "-c", code, "init", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


@pytest.mark.parametrize("command", ["run", "open", "compare", "review", "finalize"])
def test_of_what_writes_in_a_period_one_is_busy_at_a_time(tmp_path, capsys, command):
    with FileLock(tmp_path / ".2018-H1.bezig"):
        assert main([command, "2018-H1", "--output", str(tmp_path)]) == 1
    assert "Er is al iemand bezig met 2018-H1" in capsys.readouterr().err
    assert not (tmp_path / "2018-H1").exists()


@pytest.mark.parametrize(
    ("words", "period", "locations"),
    [
        (["2018-H1", "top"], "2018-H1", ["top"]),
        (["2018-01--2018-06"], "2018-01/2018-06", []),
        (["3hoek"], periods.last_ended_half_year(date.today()).name, ["3hoek"]),
        (["2018", "3hoek"], "2018", ["3hoek"]),
    ],
)
def test_a_word_is_a_period_or_a_location(words, period, locations):
    found, others = cli._period_and_locations(words)
    assert (found.name, list(others)) == (period, locations)


@pytest.mark.parametrize(
    ("period", "issued", "is_early"),
    [
        ("2018-Q1", "2017-H2", True),
        ("2018-02/2018-03", "2017-H2", True),
        ("2018-Q1", "2018-H1", False),
        ("2018-Q1", "2018-Q1", False),
        ("2018-H1", "2017-H2", False),
        ("2018", "2017-H2", False),
        ("2018-03/2018-09", "2018-Q1", False),
    ],
)
def test_a_part_of_a_half_year_is_early_where_neither_was_issued(
    tmp_path, period, issued, is_early
):
    (tmp_path / issued).mkdir()
    options = Namespace(period=periods.parse(period), output=tmp_path)
    assert cli._is_early(options) == is_early


# A service: its home stands neither in the environment nor in the list of users.
HOMELESS = """
import pwd
def unknown(user): raise KeyError(user)
pwd.getpwuid = unknown
"""


@pytest.mark.skipif(sys.platform == "win32", reason="who has no home is known otherwise there")
class TestAUserWithoutAHome:
    @pytest.fixture
    def homeless(self, tmp_path, monkeypatch):
        (tmp_path / "site").mkdir()
        (tmp_path / "site/sitecustomize.py").write_text(HOMELESS)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
        monkeypatch.delenv("HOME")
        monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)

    @pytest.mark.usefixtures("homeless")
    def test_plans_a_run(self, make_folder, tmp_path):
        data = make_folder(1, deelnames=visits("2018-02-01", "noord", "koffie", "abcdef"))
        folders = ["--data", data, "--output", tmp_path / "uitvoer"]
        done = bwk("run", "2018-H1", "--dry-run", *folders)
        assert (done.returncode, done.stderr) == (0, "")
        assert "wordt gemaakt" in done.stdout

    @pytest.mark.usefixtures("homeless")
    def test_has_no_place_for_a_key(self, make_folder, tmp_path):
        file = tmp_path / "leden.csv"
        file.write_text("naam,datum\nFatima,2018-01-01\n")
        done = bwk("pseudonymize", file, "--column", "naam", "--data", make_folder())
        assert done.returncode == 3
        assert "XDG_CONFIG_HOME" in done.stderr
        assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "leden.csv", "site"]


def test_a_module_in_the_working_folder_is_not_run(make_folder, tmp_path):
    here = tmp_path / "werkmap"
    here.mkdir()
    for name in ("csv", "org", "pandas", "json"):
        (here / f"{name}.py").write_text(f"open({str(tmp_path / 'marker')!r}, 'w')")
    folder = make_folder(1, deelnames=visits("2018-02-01", "noord", "koffie", "abcdef"))
    script = Path(sys.executable).with_name("bwk")
    places = {"--data": folder, "--notebooks": ROOT / "notebooks", "--output": tmp_path / "uit"}
    words = [str(word) for pair in places.items() for word in pair]
    # A run of one location starts a kernel for it.
    for command in (["check"], ["run", "2018-H1", "noord"]):
        done = subprocess.run([script, *command, *words], cwd=here, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "uit/2018-H1/noord.html").exists()
    assert not (tmp_path / "marker").exists()


class TestUnforeseenErrors:
    @pytest.fixture
    def fails(self, monkeypatch):
        monkeypatch.setattr(programme, "read", lambda folder: int("Jan Jansen"))

    def test_it_is_a_sentence_and_the_log_tells_where_but_not_of_whom(
        self, fails, tmp_path, capsys
    ):
        output = tmp_path / "uit"
        assert main(["check", "--data", str(tmp_path), "--output", str(output)]) == 1
        (log,) = (output / ".fouten").iterdir()
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err == (
            "Fout: een onverwachte fout (ValueError): meld die. "
            f"Waar het misging, staat in uit/.fouten/{log.name}.\n"
        )
        text = log.read_text()
        assert "ValueError\n  bwk/cli.py:" in text
        assert "in _checked" in text
        assert "Jan" not in text
        assert str(tmp_path) not in text

    def test_a_log_that_cannot_be_written_costs_nothing_more(self, fails, tmp_path, capsys):
        (tmp_path / "uit").write_text("a file, and no folder")
        assert main(["check", "--data", str(tmp_path), "--output", str(tmp_path / "uit")]) == 1
        assert capsys.readouterr().err == (
            "Fout: een onverwachte fout (ValueError): meld die. "
            "Waar het misging, kon niet in een logboek worden geschreven.\n"
        )

    def test_a_report_that_fails_leaves_no_place_of_the_machine_in_the_records(
        self, make_folder, tmp_path
    ):
        folder = make_folder(1, deelnames=visits("2018-02-01", "noord", "koffie", "abcdef"))
        templates = tmp_path / "notebooks/sjablonen"
        templates.mkdir(parents=True)
        for kind in ("locatie", "stad"):
            text = (ROOT / f"notebooks/sjablonen/{kind}.ipynb").read_text(encoding="utf-8")
            template = json.loads(text)
            code = [cell for cell in template["cells"] if cell["cell_type"] == "code"]
            code[1]["source"] = "open('/nergens/Jan Jansen')"
            (templates / f"{kind}.ipynb").write_text(json.dumps(template))
        places = {"--data": folder, "--notebooks": templates.parent, "--output": tmp_path / "uit"}
        words = [word for pair in places.items() for word in pair]
        done = bwk("run", "2018-H1", "noord", *words)
        assert done.returncode == 1
        record = (tmp_path / "uit/2018-H1/intern/run.json").read_text()
        assert "FileNotFoundError" in json.loads(record)["verslagen"]["noord"]["fout"]
        facts = (tmp_path / "uit/2018-H1/feiten.json").read_text()
        (log,) = (tmp_path / "uit/.fouten").iterdir()
        for text in (done.stdout, done.stderr, record, facts, log.read_text()):
            assert not [place for place in (tmp_path, ROOT, "Jan", "nergens") if str(place) in text]


class TestCheck:
    def test_sound_data_give_a_summary_and_status_0(self, make_folder, tmp_path, capsys):
        folder = make_folder(deelnames=visits("2018-02-01", "noord", "koffie", "abc"))
        assert main(["check", "--data", str(folder), "--output", str(tmp_path / "uit")]) == 0
        assert "0 fouten" in capsys.readouterr().out

    def test_every_error_is_listed_with_its_row_and_without_the_person(
        self, make_folder, tmp_path, capsys
    ):
        rows = visits("2018-02-01", "noord", "koffie", "a")
        rows += "2018-02-31;noord;koffie;jan@geheim.nl;1\n2018-02-01;oost;koffie;pgeheim1;-2\n"
        folder = make_folder(deelnames=rows)
        assert main(["check", "--data", str(folder), "--output", str(tmp_path / "uit")]) == 3
        with (tmp_path / "uit/controle.csv").open(encoding="utf-8-sig", newline="") as file:
            found = list(csv.DictReader(file, delimiter=";"))
        places = {(row["rij"], row["kolom"]) for row in found if row["ernst"] == "fout"}
        assert {("3", "datum"), ("3", "deelnemer"), ("4", "locatie"), ("4", "aantal")} <= places
        said = capsys.readouterr()
        assert "geheim" not in said.out + said.err + (tmp_path / "uit/controle.csv").read_text()

    def test_an_error_in_the_programme_stands_in_the_list_with_the_others(
        self, make_folder, tmp_path, capsys
    ):
        folder = make_folder(0, deelnames="2018-02-31;noord;koffie;pa1;1\n")
        assert main(["check", "--data", str(folder), "--output", str(tmp_path / "uit")]) == 3
        said = capsys.readouterr().out
        assert "drempel" in said
        assert "deelnames.csv, rij 2" in said

    def test_a_missing_folder_is_a_sentence_and_status_3(self, tmp_path):
        done = bwk("check", "--data", tmp_path / "weg")
        assert done.returncode == 3
        assert done.stderr.startswith("Fout: De datamap is er niet")


class TestStatus:
    def test_a_workbook_that_is_refused_hides_no_other(self, make_folder, tmp_path, capsys):
        folder = make_folder(1, deelnames=visits("2018-02-01", "noord", "koffie", "abcdef"))
        (tmp_path / "notebooks/2018-H1").mkdir(parents=True)
        (tmp_path / "notebooks/2018-H1/stad.ipynb").write_text("{ kapot")
        places = {"--data": folder, "--notebooks": tmp_path / "notebooks", "--output": tmp_path}
        words = [str(word) for pair in places.items() for word in pair]
        assert main(["status", "2018-H1", *words]) == 4
        said = capsys.readouterr().out
        assert "stad.ipynb: geweigerd. stad.ipynb is geen leesbaar werkboek" in said
        assert "noord.ipynb: 1 open punt." in said


class TestPseudonymize:
    def test_one_person_gets_the_same_pseudonym_and_the_name_is_gone(
        self, tmp_path, monkeypatch, capsys
    ):
        monkeypatch.setenv("BWK_KEY", str(tmp_path / "sleutels/sleutel"))
        rows = "2018-02-01;top;taal;Jan Jansen\n2018-03-01;top;taal;jan  jansen\n"
        (tmp_path / "lijst.csv").write_text("datum;locatie;dienst;deelnemer\n" + rows)
        assert main(["pseudonymize", str(tmp_path / "lijst.csv")]) == 0
        text = (tmp_path / "lijst.pseudoniem.csv").read_text(encoding="utf-8-sig")
        made = [row["deelnemer"] for row in csv.DictReader(text.splitlines(), delimiter=";")]
        assert len(made) == 2
        assert len(set(made)) == 1
        said = capsys.readouterr()
        assert "ansen" not in text + said.out + said.err
        assert "1 mens" in said.out

    def test_a_file_that_is_not_there_is_a_sentence(self, tmp_path):
        done = bwk("pseudonymize", tmp_path / "weg.csv", BWK_KEY=str(tmp_path / "sleutel"))
        assert done.returncode == 3
        assert done.stderr.startswith("Fout: weg.csv")


def test_run_says_how_many_warnings_there_are_on_the_data(make_folder, tmp_path):
    """What was read otherwise than it looks is never passed over in silence."""
    folder = make_folder(1)
    rows = "datum;locatie;dienst;deelnemer;kenmerk\n2018-02-01;noord;koffie;pa1;goed\n"
    (folder / "deelnames.csv").write_text(rows, encoding="utf-8")
    places = ["--data", folder, "--notebooks", ROOT / "notebooks", "--output", tmp_path / "uit"]
    done = bwk("run", "2018-H1", "noord", *places)
    assert done.returncode == 0, done.stdout + done.stderr
    warnings = registrations.check(folder).warnings
    assert "waarschuwing" in done.stdout.splitlines()[-1]
    assert f"gegevens: {len(warnings)} " in done.stdout.splitlines()[-1]
