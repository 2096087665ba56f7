"""The workbooks of a period are made, or brought to the template: whole, or not at all."""

import copy
import os
import re
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_output
from small import ROOT, visits

from bwk import execute, facts, opening, periods, workbook
from bwk.cells import fingerprint
from bwk.errors import ReportError, WorkbookError
from bwk.narrative import drafts, signoffs, statements, tracing
from bwk.narrative.claims import find
from bwk.narrative.signoffs import Signoff

LIST = "- **Een nieuwsbrief.** In maart.\n- **Meer taal.** Later."
OTHERS = ["stad", "noord"]
BOOKS: dict = {}


@pytest.fixture
def project(tmp_path, make_folder):
    """Two locations with visits in both half-years, and the project's templates."""
    rows = "".join(
        visits(f"{day}", location, "koffie", "abcdefghijkl")
        for day in ("2017-03-01", "2017-09-01", "2018-03-01")
        for location in ("noord", "zuid")
    )
    make_folder(deelnames=rows, since="2017-01-01")
    shutil.copytree(ROOT / "notebooks/sjablonen", tmp_path / "notebooks/sjablonen")
    return tmp_path


@pytest.fixture
def executed(monkeypatch):
    """Execute nothing: each code cell shows how often it was asked to; return what was asked."""
    asked = []

    def pretend(notebook, parameters, seconds=0):
        asked.append(copy.deepcopy(notebook))
        done = copy.deepcopy(notebook)
        for cell in (cell for cell in done.cells if cell.cell_type == "code"):
            cell.outputs = [new_output("display_data", {"text/plain": str(len(asked))})]
        return done

    monkeypatch.setattr(execute, "execute", pretend)
    return asked


def open_period(project, period="2018-H1", **options):
    book = book_of(project / "data", periods.parse(period))
    opened = opening.open_period(book, project / "notebooks", **options)
    return {each.path.stem: each for each in opened}


def book_of(data, period):
    """The facts of a data folder, worked out once for the same visits."""
    visited = period, (data / "deelnames.csv").read_bytes()
    if visited not in BOOKS:
        BOOKS[visited] = facts.work_out(data, period)
    return BOOKS[visited]


def states(opened):
    return {name: each.state for name, each in opened.items()}


def path_of(project, name, period="2018-H1"):
    return project / "notebooks" / period / f"{name}.ipynb"


def change(path, key, source):
    """Write in a workbook, as JupyterLab saves it."""
    notebook = nbformat.read(path, 4)
    next(cell for cell in notebook.cells if cell.id == key).source = source
    nbformat.write(notebook, path)


def cell(project, name, key, period="2018-H1"):
    cells = nbformat.read(path_of(project, name, period), 4).cells
    return next((cell for cell in cells if cell.id == key), None)


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_missing_workbooks_are_made_with_real_figures_and_a_second_time_nothing_is_written(project):
    for kind in ("locatie", "stad"):
        shorten(project / f"notebooks/sjablonen/{kind}.ipynb")
    assert states(open_period(project)) == dict.fromkeys(["stad", "noord", "zuid"], "nieuw")
    before = contents(project)
    figure = cell(project, "noord", "diensten-verdeling").outputs[0].data
    assert {"image/svg+xml", "text/plain"} <= set(figure)
    parameters = 'location = "noord"\nperiod = "2018-H1"\nbaseline = None'
    assert cell(project, "noord", "parameters").source == parameters
    for name in ("stad", "noord", "zuid"):
        text = path_of(project, name).read_text()
        nbformat.validate(nbformat.reads(text, 4))
        assert not re.search(r"papermill|iopub|duration|ename", text)
        assert not [folder for folder in (ROOT, project, Path.home()) if str(folder) in text]
    assert states(open_period(project)) == dict.fromkeys(["stad", "noord", "zuid"], "ongewijzigd")
    assert contents(project) == before
    # JupyterLab shows pictures in a workbook that it trusts.
    assert is_signed(project, path_of(project, "noord"))


def shorten(path):
    """Keep the start of a template and its section with services: a kernel draws for seconds."""
    template = nbformat.read(path, 4)
    kept = ("parameters", "onderdelen", "titelblok", "diensten")
    template.cells = [each for each in template.cells if each.id.startswith(kept)]
    nbformat.write(template, path)


@pytest.mark.usefixtures("executed")
class TestAWorkbookThatIsThere:
    def test_it_keeps_its_text_takes_the_template_and_says_so(self, project):
        open_period(project)
        change(path_of(project, "zuid"), "herkomst-tekst", "Uit de buurt.")
        change(path_of(project, "zuid"), "herkomst-kop", "### Waarvandaan")
        before = path_of(project, "zuid").read_bytes()
        opened = open_period(project)
        assert states(opened) == dict.fromkeys(OTHERS, "ongewijzigd") | {"zuid": "bijgewerkt"}
        assert opened["zuid"].notes == (
            "Bij ‘Herkomst’ was een vaste cel veranderd. Wat er stond, staat in de bijlage.",
            "De vorige versie staat in de map vorige.",
        )
        assert cell(project, "zuid", "herkomst-tekst").source == "Uit de buurt."
        (kept,) = path_of(project, "zuid").parent.glob("vorige/zuid.*.ipynb")
        assert kept.read_bytes() == before

    def test_text_alone_is_no_reason_to_write(self, project):
        open_period(project)
        change(path_of(project, "zuid"), "herkomst-tekst", "Uit de buurt.")
        before = contents(project)
        assert set(states(open_period(project)).values()) == {"ongewijzigd"}
        assert contents(project) == before

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("{ kapot", "2018-H1/zuid.ipynb is geen leesbaar werkboek"),
            (("noord", "2018-H1"), "hoort bij locatie ‘noord’"),
            (("stad", "2018-H1"), "hoort bij sjabloon ‘stad’"),
            (("zuid", "2017-H2"), "hoort bij periode ‘2017-H2’"),
        ],
        ids=["broken", "location", "kind", "period"],
    )
    def test_one_that_is_refused_stays_as_it_was_and_stops_no_other(self, project, content, said):
        open_period(project, "2017-H2")
        open_period(project)
        path = path_of(project, "zuid")
        shutil.move(path_of(project, "zuid", "2017-H2"), project / "zuid.ipynb")
        if isinstance(content, str):
            path.write_text(content)
        elif content == ("zuid", "2017-H2"):
            shutil.copy(project / "zuid.ipynb", path)
        else:
            shutil.copy(path_of(project, *content), path)
        path_of(project, "noord").unlink()
        before = path.read_bytes()
        opened = open_period(project)
        assert states(opened) == {"stad": "ongewijzigd", "noord": "nieuw", "zuid": "geweigerd"}
        assert isinstance(opened["zuid"].error, WorkbookError)
        assert said in opened["zuid"].notes[0]
        assert path.read_bytes() == before

    def test_one_that_is_saved_while_it_is_opened_is_not_overwritten(self, project, monkeypatch):
        open_period(project)
        pretend, path = execute.execute, path_of(project, "zuid")
        change(path_of(project, "zuid"), "parameters", "")

        def saved_meanwhile(notebook, parameters):
            if 'location = "zuid"' in notebook.cells[0].source:
                change(path, "herkomst-tekst", "Net opgeslagen.")
            return pretend(notebook, parameters)

        monkeypatch.setattr(execute, "execute", saved_meanwhile)
        monkeypatch.setattr(opening, "_mark", lambda *made_from: "anders")
        signed = signoffs.beside(path)
        signed.unlink(missing_ok=True)
        opened = open_period(project)
        assert "is net opgeslagen" in opened["zuid"].notes[0]
        assert not signed.exists()
        assert cell(project, "zuid", "herkomst-tekst").source == "Net opgeslagen."


class TestExecuting:
    def test_only_when_facts_changed(self, project, executed):
        open_period(project)
        executed.clear()
        with (project / "data/deelnames.csv").open("a") as file:
            file.write(visits("2018-04-01", "noord", "taal", "abcdefghijkl"))
        opened = open_period(project)
        assert len(executed) == 2  # those of zuid are the same
        assert opened["noord"].notes[0] == "De figuren en tabellen zijn opnieuw gemaakt."
        open_period(project)
        assert len(executed) == 2

    def test_only_when_code_changed(self, project, executed):
        open_period(project)
        executed.clear()
        change(project / "notebooks/sjablonen/stad.ipynb", "koers-tabel", "tables.course(sheet )")
        opened = open_period(project)
        assert [opened[name].state for name in ("stad", "noord")] == ["bijgewerkt", "ongewijzigd"]
        assert len(executed) == 1

    def test_again_when_somebody_cleared_the_outputs(self, project, executed):
        open_period(project)
        path = path_of(project, "zuid")
        notebook = nbformat.read(path, 4)
        for each in notebook.cells:
            if each.cell_type == "code":
                each.outputs = []
        nbformat.write(notebook, path)
        executed.clear()
        assert open_period(project)["zuid"].state == "bijgewerkt"
        assert len(executed) == 1

    def test_a_cell_for_the_screen_waits_for_jupyterlab(self, project, executed):
        path = project / "notebooks/sjablonen/stad.ipynb"
        template = nbformat.read(path, 4)
        bwk = {"bwk": {"key": "controle", "role": "code", "screen": True}}
        template.cells = [each for each in template.cells if not each.id.startswith("controle")]
        template.cells.append(nbformat.v4.new_code_cell("1 / 0", id="controle", metadata=bwk))
        nbformat.write(template, path)
        open_period(project)
        assert "1 / 0" not in [each.source for notebook in executed for each in notebook.cells]
        assert cell(project, "stad", "controle").outputs == []

    def test_a_workbook_that_fails_is_not_written(self, project, monkeypatch):
        def fail(notebook, parameters):
            raise ReportError("cel 3 van het werkboek geeft een fout (KeyError)")

        monkeypatch.setattr(execute, "execute", fail)
        opened = open_period(project)
        assert set(states(opened).values()) == {"geweigerd"}
        assert not list((project / "notebooks/2018-H1").iterdir())


HOSTILE = {"text/html": "<script>alert(1)</script>"}


def forge_a_number(notebook):
    drawn = next(each for each in notebook.cells if each.id == "herkomst-figuur")
    drawn.outputs[0].data["text/plain"] = "93511357"


def put_a_script_in_a_figure(notebook):
    drawn = next(each for each in notebook.cells if each.id == "herkomst-figuur")
    drawn.outputs.append(new_output("display_data", HOSTILE))


def add_a_cell_with_a_script(notebook):
    outputs = [new_output("display_data", HOSTILE)]
    notebook.cells.append(nbformat.v4.new_code_cell("1", outputs=outputs, execution_count=1))


def put_a_script_in_the_control(notebook):
    control = next(each for each in notebook.cells if each.id == "controle")
    control.outputs = [new_output("display_data", HOSTILE)]


def add_widgets(notebook):
    notebook.metadata["widgets"] = HOSTILE


def hang_something_on_a_heading(notebook):
    heading = next(each for each in notebook.cells if each.id == "herkomst-kop")
    heading["attachments"] = {"a.html": HOSTILE}


FORGERIES = [
    forge_a_number,
    put_a_script_in_a_figure,
    add_a_cell_with_a_script,
    put_a_script_in_the_control,
    add_widgets,
    hang_something_on_a_heading,
]
DRAWN_ANEW = FORGERIES[:2]


@pytest.mark.usefixtures("executed")
class TestAWorkbookThatSomebodySent:
    @pytest.mark.parametrize("is_behind", [False, True], ids=["current", "behind"])
    @pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
    def test_nothing_is_signed_that_was_not_made_here(self, project, forge, is_behind):
        open_period(project)
        path = path_of(project, "zuid")
        drawn = cell(project, "zuid", "herkomst-figuur").outputs
        notebook = nbformat.read(path, 4)
        forge(notebook)
        nbformat.write(notebook, path)
        if is_behind:
            change(path, "herkomst-kop", "### Waarvandaan")
        written = path.read_bytes()
        opened = open_period(project)["zuid"]
        if is_behind or forge in DRAWN_ANEW:
            assert opened.state == "bijgewerkt"
            assert "93511357" not in path.read_text()
            assert not re.search("<script", path.read_text())
            assert (cell(project, "zuid", "herkomst-figuur").outputs == drawn) == (
                forge not in DRAWN_ANEW  # in these tests each drawing has a number
            )
            assert is_signed(project, path)
        else:  # the evaluator's own work, or what JupyterLab leaves in it: no reason to write
            assert opened.state == "ongewijzigd"
            assert path.read_bytes() == written
            assert not is_signed(project, path)

    def test_figures_of_another_project_are_drawn_anew(self, project, tmp_path, executed):
        open_period(project)
        shutil.rmtree(project / "notebooks/.jupyter")
        executed.clear()
        open_period(project)
        assert len(executed) == 3

    def test_what_jupyterlab_saves_is_known_again(self, project, executed, monkeypatch):
        pretend = execute.execute

        def with_numbers(notebook, parameters):
            done = pretend(notebook, parameters)
            for each in (each for each in done.cells if each.cell_type == "code"):
                each.outputs[0].data["application/json"] = {"waarde": 12.0}
            return done

        monkeypatch.setattr(execute, "execute", with_numbers)
        open_period(project)
        path = path_of(project, "zuid")
        path.write_text(path.read_text().replace("12.0", "12"))
        executed.clear()
        assert set(states(open_period(project)).values()) == {"ongewijzigd"}
        assert executed == []


def is_signed(project, path):
    notary = NotebookNotary(data_dir=str(project / "notebooks/.jupyter/data"))
    with closing(notary.store):
        return notary.check_signature(nbformat.read(path, 4))


@pytest.mark.usefixtures("executed")
class TestThePeriodBefore:
    def test_its_text_and_its_intentions_come_from_the_newest_earlier_folder(self, project):
        for period, text in (("2017-H1", "Oud."), ("2017-H2", "Toen 300.")):
            open_period(project, period)
            change(path_of(project, "zuid", period), "herkomst-tekst", text)
            change(path_of(project, "zuid", period), "voornemens-tekst", LIST)
        (project / "notebooks/2018-Q1").mkdir()
        shutil.copy(path_of(project, "zuid", "2017-H1"), path_of(project, "zuid", "2018-Q1"))
        open_period(project)
        shown = cell(project, "zuid", "herkomst-tekst-vorige").source
        assert "Vorige periode (2017-H2)" in shown
        assert "Toen 300." in shown
        assert cell(project, "zuid", "opvolging-tekst").source.startswith("- **Een nieuwsbrief.**")
        assert cell(project, "noord", "opvolging-tekst") is None

    def test_without_one_nothing_is_shown(self, project):
        open_period(project)
        assert "Vorige periode" not in path_of(project, "zuid").read_text()


@pytest.mark.usefixtures("executed")
def test_each_workbook_is_told_of_when_it_is_ready(project):
    told = []
    opened = open_period(project, tell=lambda each, total: told.append((each.path.stem, total)))
    assert told == [(name, 3) for name in opened]


@pytest.mark.usefixtures("executed")
def test_nothing_is_left_among_temporary_files_of_who_has_no_home(project, monkeypatch):
    (project / "tijdelijk").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(project / "tijdelijk"))
    monkeypatch.setenv("HOME", os.devnull)
    monkeypatch.delenv("IPYTHONDIR", raising=False)
    open_period(project)
    assert [*(project / "tijdelijk").iterdir()] == []


@pytest.mark.usefixtures("executed")
def test_the_kernel_is_named_as_it_is_installed(project):
    change_kernel(project / "notebooks/sjablonen/stad.ipynb", "Iets anders")
    open_period(project)
    notebook = workbook.read(path_of(project, "stad"))
    assert notebook.metadata.kernelspec.display_name == "Python 3 (ipykernel)"


def change_kernel(path, name):
    template = nbformat.read(path, 4)
    template.metadata.kernelspec.display_name = name
    nbformat.write(template, path)


@pytest.mark.usefixtures("executed")
class TestTheDraft:
    KEY = "deelnemers-tekst"

    def test_a_new_workbook_opens_with_sentences_whose_numbers_are_confirmed(self, project):
        open_period(project)
        assert "12 deelnemers" in cell(project, "noord", self.KEY).source
        points = self.points(project)
        assert {tracing.UNREAD, "Hier staat nog een vraag open."} == {
            point.message for point in points if not point.advice
        }
        assert {each.name for each in self.signed(project)} == {drafts.NOBODY}

    def test_a_typed_character_is_never_overwritten_and_its_numbers_stay_confirmed(self, project):
        open_period(project)
        text = cell(project, "noord", self.KEY).source.replace("Hoe komt dat?", "Hoe komt dat!")
        change(path_of(project, "noord"), self.KEY, text)
        for people in ("abc", "bcdefg"):
            with (project / "data/deelnames.csv").open("a") as file:
                file.write(visits("2018-04-01", "noord", "taal", people))
            open_period(project)
            assert cell(project, "noord", self.KEY).source == text
        told = [point.message for point in self.points(project) if point.section == "Deelnemers"]
        assert tracing.UNREAD not in told
        assert not any("bevestigd" in message for message in told)

    def test_what_nobody_touched_is_drafted_anew_when_the_facts_change(self, project):
        open_period(project)
        with (project / "data/deelnames.csv").open("a") as file:
            file.write(visits("2018-04-01", "noord", "koffie", "mnopqrstuv"))
        opened = open_period(project)["noord"]
        assert "Bij ‘Deelnemers’ staat een nieuwe vraag of tekst." in opened.notes
        assert "22 deelnemers" in cell(project, "noord", self.KEY).source
        values = [each.value for each in self.signed(project) if each.fact == "deelnemers"]
        assert {*values} == {22}

    def test_a_second_time_nothing_is_written(self, project):
        open_period(project)
        before = contents(project)
        assert set(states(open_period(project)).values()) == {"ongewijzigd"}
        assert contents(project) == before

    def test_what_somebody_read_is_no_open_point(self, project):
        open_period(project)
        source = cell(project, "noord", self.KEY).source
        read = Signoff(fingerprint(source), "", "", "", "", None, tracing.READ, "An", "2018-07-01")
        file = signoffs.beside(path_of(project, "noord"))
        signoffs.save(file, [*self.signed(project), read])
        open_period(project)
        told = [point.message for point in self.points(project) if point.section == "Deelnemers"]
        assert tracing.UNREAD not in told

    def test_from_the_second_period_on_the_text_of_the_first_can_take_its_place(self, project):
        open_period(project, "2017-H2")
        own = "In de tweede helft van 2017 telde Noord 11 deelnemers."
        change(path_of(project, "noord", "2017-H2"), self.KEY, own)
        claim = find(own)[0]
        then = book_of(project / "data", periods.parse("2017-H2")).sheets["noord"]
        said = statements.derive(own, claim, then)
        around = signoffs.around(own, claim)
        signer = "An", "2018-01-01"
        signed = Signoff("11", *around, "noord", "deelnemers", 11, "", *signer, said)
        signoffs.save(signoffs.beside(path_of(project, "noord", "2017-H2")), [signed])
        open_period(project)
        sheet = book_of(project / "data", periods.parse("2018-H1")).sheets["noord"]
        draft = cell(project, "noord", self.KEY).source
        text, confirmed = drafts.earlier(path_of(project, "noord"), sheet)[draft]
        assert text == "In de eerste helft van 2018 telde Noord 11 deelnemers."
        assert confirmed == [signed]
        [number] = tracing.Text([tracing.Passage("", text)], confirmed, {"noord": sheet}).numbers
        assert number.remark == "Het getal ‘11’ klopt niet meer: was 11, nu 12."

    def points(self, project):
        sheets = book_of(project / "data", periods.parse("2018-H1")).sheets
        return tracing.open_points(path_of(project, "noord"), sheets, "noord")

    def signed(self, project):
        return signoffs.read(signoffs.beside(path_of(project, "noord")))
