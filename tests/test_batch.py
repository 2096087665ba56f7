"""A run over a period: every report of the contract, the same each time, and nobody in it."""

import csv
import json
import random
import re
import shutil
import signal
import subprocess
import sys
from concurrent.futures import Executor, Future
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from conftest import need
from filelock import FileLock
from small import ROOT, bwk, options, small_project, visits

from bwk import apart, batch, cli, export, outputs, periods
from bwk.batch import whole
from bwk.errors import LOG

REPORTS = ("tussenrapportage", "stad", "hart-voor-leidsche-rijn", "top")
TRUTH = list(csv.DictReader((ROOT / "tests/ground_truth/utrecht-2018.csv").open(encoding="utf-8")))


def read_facts(folder: Path) -> dict:
    return json.loads((folder / "feiten.json").read_text(encoding="utf-8"))


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "run.json")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


class TestTheSample:
    def test_every_file_of_the_contract_is_there(self, sample_run):
        expected = {"index.html", "feiten.json", "feiten.csv", "intern"}
        expected |= {f"{report}.{kind}" for report in REPORTS for kind in ("html", "pdf")}
        expected |= {f"{report}.ipynb" for report in REPORTS[1:]}
        assert {path.name for path in sample_run.iterdir()} == expected

    def test_every_name_beside_the_reports_is_reserved(self, sample_run):
        stems = {path.stem for path in sample_run.iterdir()} - set(REPORTS[2:])
        assert {"index", "feiten", "intern", "stad", "tussenrapportage"} <= stems
        assert [stem for stem in stems if not outputs.reserved(stem)] == []

    @pytest.mark.parametrize("row", TRUTH, ids=lambda row: f"{row['scope']}-{row['fact']}")
    def test_each_published_figure_is_reproduced_to_the_digit(self, sample_run, row):
        fact = read_facts(sample_run)["feiten"][row["scope"]][row["fact"]]
        assert fact["tekst"].replace(".", "") == row["value"] or fact["waarde"] == float(
            row["value"]
        )

    def test_the_facts_are_in_the_form_of_the_contract(self, sample_run):
        book = read_facts(sample_run)
        assert (book["periode"], book["basisperiode"]) == ("2018-H1", "2017")
        assert set(book["feiten"]) == {"stad", "hart-voor-leidsche-rijn", "top"}
        assert set(book["niet_gerapporteerd"]) == {"zuilen", "de-klop"}
        fields = {"waarde", "tekst", "eenheid", "definitie", "bron", "achtergehouden"}
        for sheet in book["feiten"].values():
            for fact in sheet.values():
                assert fields <= set(fact)

    def test_the_table_of_facts_holds_the_same_values(self, sample_run):
        with (sample_run / "feiten.csv").open(encoding="utf-8", newline="") as file:
            rows = {(row["locatie"], row["feit"]): row["waarde"] for row in csv.DictReader(file)}
        for scope, sheet in read_facts(sample_run)["feiten"].items():
            for name, fact in sheet.items():
                assert rows[scope, name] == ("" if fact["waarde"] is None else str(fact["waarde"]))

    def test_provenance_names_what_went_in_and_what_came_out(self, sample_run):
        run = json.loads((sample_run / "intern/run.json").read_text())
        assert set(run["verslagen"]) == set(REPORTS)
        assert all(report["staat"] == "klaar" for report in run["verslagen"].values())
        assert all(re.fullmatch("[0-9a-f]{64}", sum) for sum in run["data"].values())
        assert "2018-H1/top.ipynb" in run["sjablonen_en_werkboeken"]

    def test_the_young_locations_are_named_with_the_reason(self, sample_run):
        page = (sample_run / "tussenrapportage.html").read_text()
        assert "Zuilen is pas open sinds 3 april 2018" in page
        assert "De Klop is pas open sinds 4 juni 2018" in page

    def test_a_second_run_gives_the_same_bytes(self, sample_run, tmp_path):
        first = contents(sample_run)
        assert bwk("run", "2018-H1", "--output", tmp_path).returncode == 0
        assert contents(tmp_path / "2018-H1") == first

    def test_plain_papermill_and_nbconvert_make_the_same_report(self, sample_run, tmp_path):
        tools = Path(sys.executable).parent
        out = tmp_path / "top.ipynb"
        papermill = [tools / "papermill", "notebooks/2018-H1/top.ipynb", out]
        parameters = ["-p", "location", "top", "-p", "period", "2018-H1"]
        subprocess.run([*papermill, *parameters], cwd=ROOT, check=True, capture_output=True)
        for kind in ("html", "pdf"):
            convert = [tools / "jupyter", "nbconvert", "--to", f"bwk-{kind}", out]
            subprocess.run(convert, cwd=ROOT, check=True, capture_output=True)
            made = (tmp_path / f"top.{kind}").read_bytes()
            assert made == (sample_run / f"top.{kind}").read_bytes()

    def test_no_file_holds_a_pseudonym_or_a_path(self, sample_run):
        people = re.findall(rb"p[0-9a-f]{8}", (ROOT / "data/deelnemers.csv").read_bytes())
        assert len(people) > 500
        text = b"\n".join(searchable(sample_run).values())
        assert not [person for person in set(people) if person in text]
        assert str(ROOT).encode() not in text


def searchable(folder: Path) -> dict[str, bytes]:
    """The bytes of each file, and of a PDF its text and its metadata too."""
    found = contents(folder)
    for name in [name for name in found if name.endswith(".pdf")]:
        text = subprocess.run(
            [need("pdftotext"), folder / name, "-"], capture_output=True, check=True
        )
        plain = subprocess.run(
            [need("qpdf"), "--qdf", "--object-streams=disable", folder / name, "-"],
            capture_output=True,
            check=True,
        )
        found[f"{name}: text"] = text.stdout
        found[f"{name}: objects"] = plain.stdout
    return found


@pytest.fixture
def project(tmp_path):
    """A small project: data of two locations, the project's templates, no workbooks."""
    return small_project(tmp_path)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A small project of which the reports were made."""
    project = small_project(tmp_path_factory.mktemp("klaar"))
    assert run(project, "2018-H1").returncode == 0
    return project


@pytest.fixture
def ready(finished, tmp_path):
    """A copy of a small project of which the reports were made."""
    for folder in finished.values():
        shutil.copytree(folder, tmp_path / folder.name)
    return {option: tmp_path / folder.name for option, folder in finished.items()}


def run(project, *words):
    return bwk("run", *words, *options(project))


def break_template(project, location, how="1 / 0"):
    """Let the template's code fail for one location."""
    path = project["--notebooks"] / "sjablonen/locatie.ipynb"
    template = nbformat.read(path, 4)
    template.cells.append(nbformat.v4.new_code_cell(f"if location == {location!r}: {how}"))
    nbformat.write(template, path)


class TestFailure:
    def test_a_failing_location_does_not_stop_the_others(self, project):
        break_template(project, "zuid")
        before = contents(project["--notebooks"])
        done = run(project, "2018-H1")
        made = project["--output"] / "2018-H1"
        assert done.returncode == 1
        assert "\n3 van 4 klaar, in 2018-H1; Zuid: cel " in done.stdout
        assert "Traceback" not in done.stdout + done.stderr
        assert (made / "noord.html").exists()
        assert not (made / "zuid.html").exists()
        assert "Dit hoofdstuk ontbreekt" in (made / "tussenrapportage.html").read_text()
        records = json.loads((made / "intern/run.json").read_text())["verslagen"]
        state = records["zuid"]
        assert (
            records["tussenrapportage"]["open"]
            == sum(records[name]["open"] for name in ("stad", "noord")) + 1
        )
        assert state["staat"] == "mislukt"
        assert "ZeroDivisionError" in state["fout"]
        assert contents(project["--notebooks"]) == before

    def test_a_kernel_that_dies_is_told_once_and_in_dutch(self, project):
        break_template(project, "zuid", "import os; os._exit(1)")
        done = run(project, "2018-H1", "zuid")
        assert "de rekenkern van het werkboek is gestopt" in done.stdout
        assert done.stderr == ""

    def test_a_workbook_that_is_no_notebook_is_refused_and_left_as_it_was(self, project):
        workbook = project["--notebooks"] / "2018-H1/zuid.ipynb"
        workbook.write_text("{ kapot")
        done = run(project, "2018-H1", "zuid")
        assert done.returncode == 4
        assert "zuid.ipynb is geen leesbaar werkboek" in done.stdout
        assert workbook.read_text() == "{ kapot"


class Deadly:
    """Ends the process that it is sent to."""

    def __reduce__(self):
        return signal.raise_signal, (signal.SIGKILL,)


class TestVolumes:
    def test_of_more_locations_than_one_file_holds_the_whole_report_comes_in_parts(
        self, project, monkeypatch
    ):
        monkeypatch.setattr("bwk.export.notebook.CHAPTERS", 1)
        folders = [project[f"--{name}"] for name in ("data", "notebooks", "output")]
        order = batch.Order(periods.parse("2018-H1"), [], *folders)
        made = batch.run(order)
        names = ["stad", "noord", "zuid", "tussenrapportage", "tussenrapportage-deel-2"]
        assert [(report.stem, report.error) for report in made] == [(name, None) for name in names]
        output = project["--output"] / "2018-H1"
        assert "Noord" in (output / "tussenrapportage.html").read_text()
        second = (output / "tussenrapportage-deel-2.html").read_text()
        assert "deel 2 van 2" in second
        assert "Het hele verslag, deel 2 van 2" in (output / "index.html").read_text()
        assert not any(report.reason for report in batch.run(order))

    def test_a_part_whose_process_dies_is_a_report_that_failed(self, tmp_path, monkeypatch):
        monkeypatch.setattr(apart, "_BACK", [])  # in a process of its own, which may die
        monkeypatch.setattr(whole, "_stub", lambda *_: Deadly())
        volume = export.Volume("tussenrapportage-deel-2", ["zuid"], 2, 2)
        report = whole.make(volume, None, tmp_path, ["stad", "zuid"], "nieuw")
        assert report.stem == "tussenrapportage-deel-2"
        assert "misschien door te weinig geheugen" in str(report.error)


class TestRefusal:
    """What is wrong before the work starts: a sentence, the exit status, and nothing written."""

    @pytest.fixture
    def refused(self, project, capsys, monkeypatch):
        """Return what asserts that a run in this process is refused."""
        monkeypatch.setenv(LOG, "")

        def refused(words, status, said, **other):
            folders = {**project, **{f"--{name}": path for name, path in other.items()}}
            assert cli.main(["run", *words, *options(folders)]) == status
            told = capsys.readouterr().err
            assert said in told
            assert len(told.strip().splitlines()) == 1
            output = project["--output"]
            assert not output.exists() or not any(output.rglob("*"))

        return refused

    @pytest.mark.parametrize(
        ("words", "status", "said"),
        [
            (["2018-H1", "oost"], 2, "noord"),
            (["2018-H9"], 2, "2018-H1"),
            (["2031-H1"], 2, "2017-H1 en 2018-H1"),
            ([], 2, "2018-H1"),
            (["2018-H1", "--onzin"], 2, "--help"),
        ],
    )
    def test_wrong_use(self, refused, words, status, said):
        refused(words, status, said)

    def test_data_with_an_error(self, project, refused):
        with (project["--data"] / "deelnames.csv").open("a") as file:
            file.write("2018-02-30;noord;koffie;pa1;1\n")
        refused(["2018-H1"], 3, "rij")

    def test_a_missing_table(self, project, refused):
        (project["--data"] / "diensten.csv").unlink()
        refused(["2018-H1"], 3, "diensten")

    def test_a_missing_data_folder(self, refused, tmp_path):
        refused(["2018-H1"], 3, "datamap", data=tmp_path / "weg")


class TestOutOfDate:
    """A run makes what changed, and says why; the rest stays as it is."""

    def test_nothing_changed(self, finished):
        before = (finished["--output"] / "2018-H1/intern/run.json").read_bytes()
        done = run(finished, "2018-H1")
        assert (done.returncode, done.stdout) == (
            0,
            "Niets veranderd: 4 van 4 klaar, in 2018-H1.\n",
        )
        assert (finished["--output"] / "2018-H1/intern/run.json").read_bytes() == before

    def test_a_visit_more_at_one_location_leaves_the_other_as_it_is(self, ready):
        folder = ready["--data"] / "deelnames"
        folder.mkdir()
        rows = (ready["--data"] / "deelnames.csv").read_text().splitlines(keepends=True)
        (ready["--data"] / "deelnames.csv").unlink()
        for place in ("noord", "zuid"):
            own = [row for row in rows[1:] if f";{place};" in row]
            (folder / f"{place}.csv").write_text(rows[0] + "".join(own))
        assert run(ready, "2018-H1").returncode == 0
        with (folder / "zuid.csv").open("a") as file:
            file.write(visits("2018-04-05", "zuid", "koffie", "abcdefghijkl"))
        said = run(ready, "2018-H1", "--dry-run").stdout.splitlines()
        changed = "wordt gemaakt: de cijfers zijn veranderd."
        assert said == [f"de stad: {changed}", "Noord: is klaar.", f"Zuid: {changed}"]
        assert "= Noord (niets veranderd)" in run(ready, "2018-H1").stdout

    def test_a_page_that_was_thrown_away_is_made_again(self, ready):
        page = ready["--output"] / "2018-H1/zuid.html"
        before = page.read_bytes()
        page.unlink()
        assert "= Noord (niets veranderd)" in run(ready, "2018-H1").stdout
        assert page.read_bytes() == before


def test_who_makes_the_reports_has_no_rows_and_needs_no_pandas(project):
    told = "import sys, bwk.cli as c; print(c.main(sys.argv[1:]), 'pandas' in sys.modules)"
    command = [sys.executable, "-c", told, "run", "2018-H1", "--force", *options(project)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.stdout.splitlines()[-1] == "0 False"


class TestStopped:
    @pytest.mark.parametrize(
        ("number", "status"), [(signal.SIGTERM, 130), (signal.SIGINT, 130), (signal.SIGKILL, -9)]
    )
    def test_a_run_that_is_stopped_leaves_whole_files_and_the_next_goes_on(
        self, project, number, status
    ):
        words = ["run", "2018-H1", "--jobs", "1"]
        command = [sys.executable, "-m", "bwk", *words, *options(project)]
        started = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        started.stdout.readline()  # one report is ready
        started.send_signal(number)
        _, errors = started.communicate(timeout=600)
        assert started.returncode == status
        assert b"Traceback" not in errors
        assert not list(project["--output"].rglob("*.tmp"))
        done = run(project, "2018-H1")
        assert done.returncode == 0
        assert "= de stad (niets veranderd)" in done.stdout

    def test_killed_at_eight_moments_it_leaves_nothing_half(self, project):
        clean = project | {"--output": project["--output"].parent / "schoon"}
        assert run(clean, "2018-H1", "noord").returncode == 0
        whole, moments = contents(clean["--output"]), random.Random(7)
        words = ["run", "2018-H1", "noord", "--force", *options(project)]
        for _ in range(8):
            started = subprocess.Popen([sys.executable, "-m", "bwk", *words], cwd=ROOT)
            with suppress(subprocess.TimeoutExpired):
                started.wait(moments.uniform(0.5, 3.5))
            started.kill()
            started.wait()
            left = contents(project["--output"]) if project["--output"].exists() else {}
            unfinished = {name for name in left if ".bwk-" in name or name.endswith(".bezig")}
            assert {
                n: left[n] == whole.get(n) for n in left if n not in unfinished
            } == dict.fromkeys(left.keys() - unfinished, True)
            for record in project["--output"].rglob("run.json"):
                json.loads(record.read_text())
        assert run(project, "2018-H1", "noord").returncode == 0
        assert contents(project["--output"]) == whole

    def test_one_that_is_stopped_when_all_reports_are_ready_is_not_taken_for_whole(self, project):
        folders = [project[f"--{name}"] for name in ("data", "notebooks", "output")]
        order = batch.Order(periods.parse("2018-H1"), [], *folders)

        def stop():
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            batch.run(order, conclude=stop)
        output = project["--output"]
        assert not (output / "index.html").exists()
        done = run(project, "2018-H1")
        assert done.stdout.count("(niets veranderd)") == 4
        assert (output / "2018-H1/intern/versies/1.json").exists()
        assert (output / "index.html").exists()
        assert run(project, "2018-H1").stdout.startswith("Niets veranderd: 4 van 4 klaar")

    def test_two_at_once_say_so(self, project):
        project["--output"].mkdir()
        with FileLock(project["--output"] / ".2018-H1.bezig"):
            done = run(project, "2018-H1")
        assert done.returncode == 1
        assert "Er is al iemand bezig met 2018-H1" in done.stderr


def test_what_is_definitive_is_not_made_again(project):
    (project["--output"] / "2018-H1/definitief-1").mkdir(parents=True)
    (project["--output"] / "2018-H1/.bwk-half").mkdir()
    done = run(project, "2018-H1")
    assert done.returncode == 5
    assert not (project["--output"] / "2018-H1/.bwk-half").exists()
    assert (project["--output"] / "index.html").exists()
    assert "bwk finalize 2018-H1 --correct" in done.stderr


def test_a_log_tells_what_became_of_each_report(project, tmp_path):
    logs = tmp_path / "logboek"
    done = run(project, "2018-H1", "noord", "--log", logs)
    (log,) = logs.iterdir()
    assert re.fullmatch(r"2018-H1-\d{8}-\d{6}\.log", log.name)
    said = [line for line in done.stdout.splitlines() if line.startswith("✓")]
    assert [line.split(" ", 1)[1] for line in log.read_text().splitlines()] == said
    run(project, "2018-H1", "noord", "--log", logs)
    assert list(logs.iterdir()) == [log]


def test_a_log_that_cannot_be_written_is_said_before_any_report_is_made(project):
    done = run(project, "2018-H1", "--log", project["--data"] / "programma.toml")
    assert done.returncode == 2
    assert not done.stdout
    assert "programma.toml" in done.stderr
    assert not [*project["--output"].rglob("*.html")]


def test_open_points_can_be_a_failure(project):
    assert run(project, "2018-H1", "--fail-on-open-points").returncode == 1


def test_nothing_planted_in_the_data_comes_out(project, tmp_path):
    """A pseudonym, a name, an address and the paths, in every byte of every output and message."""
    secrets = ("pgeheim1", "Geheimenaar", "geheim@voorbeeld.nl", "Geheimstraat")
    rows = (project["--data"] / "deelnames.csv").read_text().splitlines()
    rows[0] += ";opmerking"
    rows[1:] = [f"{row};Geheimenaar, Geheimstraat 1, geheim@voorbeeld.nl" for row in rows[1:]]
    rows += [f"2018-03-0{day};noord;taal;pgeheim1;1;Geheimenaar" for day in range(1, 6)]
    (project["--data"] / "deelnames.csv").write_text("\n".join(rows))
    (project["--data"] / "rollen.csv").write_text(
        "locatie;persoon;rol;van;tot\nnoord;pgeheim1;vrijwilliger;2017-01-01;\n"
    )
    checked, made = bwk("check", *options(project)), run(project, "2018-H1")
    assert made.returncode == 0, made.stdout + made.stderr
    text = b"\n".join(searchable(project["--output"]).values())
    text += (checked.stdout + checked.stderr + made.stdout + made.stderr).encode()
    text += (project["--output"] / "2018-H1/intern/run.json").read_bytes()
    assert "rol.vrijwilliger" in text.decode(errors="ignore")
    assert not [each for each in (*secrets, str(tmp_path), str(ROOT)) if each.encode() in text]


def test_bad_rows_are_left_out_when_asked_and_the_report_says_so(project):
    with (project["--data"] / "deelnames.csv").open("a") as file:
        file.write("2018-02-30;noord;koffie;pa1;1\n2018-02-01;oost;koffie;pa1;1\n")
    assert run(project, "2018-H1", "noord", "--skip-bad-rows").returncode == 0
    page = (project["--output"] / "2018-H1/noord.html").read_text()
    assert "Enkele rijen met fouten zijn niet meegeteld." in page


def test_on_another_computer_facts_are_worked_out_anew_and_reports_stay(ready, tmp_path):
    kept = ready["--output"] / ".2018-H1.feiten/boek.json"
    before, reports = kept.read_bytes(), contents(ready["--output"] / "2018-H1")
    done = bwk("run", "2018-H1", *options(ready), XDG_CONFIG_HOME=str(tmp_path / "andere"))
    assert (done.returncode, done.stdout.count("(niets veranderd)")) == (0, 4)
    assert kept.read_bytes() != before
    assert contents(ready["--output"] / "2018-H1") == reports


class Elsewhere(Executor):
    """Keeps what it is asked to do, as a cluster would hear of it."""

    def submit(self, work, /, *arguments):
        self.environment, *_ = work.args
        ready = Future()
        ready.set_result(batch.Report(arguments[0].scope, "", 0))
        return ready


@pytest.mark.parametrize("log", ["logboek", ""])
def test_a_worker_elsewhere_hears_where_the_log_of_errors_is(tmp_path, monkeypatch, log):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(LOG, log)
    folders = [tmp_path / name for name in ("data", "notebooks", "output")]
    order = batch.Order(periods.parse("2018-H1"), [], *folders)
    job = batch.Job("noord", "Noord", tmp_path, None, "nieuw")
    pool = Elsewhere()
    assert len(list(batch._made([job], order, pool))) == 1
    assert pool.environment.get(LOG) == (str(tmp_path / log) if log else None)
