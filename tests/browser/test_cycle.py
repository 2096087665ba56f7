"""The whole review of a period: concept, questions, correction, definitive, and errata."""

import io
import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest
from playwright.sync_api import Browser
from small import ROOT, visits
from test_review import opened, part, saved

from bwk.cli import main

WORDS = "In Noord deden {} mensen mee. Dat is veel."
OTHER = "De keuken is klein."
PICTURE = "Deelnames per dienst"


class Project:
    """A project in a folder, worked on with the commands and by hand."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.data, self.notebooks, self.output = data, folder / "notebooks", folder / "output"
        self.target = self.output / "2018-H1"
        shutil.copytree(ROOT / "notebooks/sjablonen", self.notebooks / "sjablonen")

    def __call__(self, *words: object, status: int = 0) -> str:
        folders = ("--data", self.data, "--notebooks", self.notebooks, "--output", self.output)
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            assert main([str(word) for word in (*words, *folders)]) == status, said.getvalue()
        return said.getvalue()

    def visited(self, people: str) -> None:
        """Register visits of new people in Noord."""
        with (self.data / "deelnames.csv").open("a") as file:
            for service in ("koffie", "taal"):
                file.write(visits("2018-04-05", "noord", service, people))

    def write(self, people: int, kitchen: str = OTHER) -> None:
        """Write the text of each workbook, with a confirmed number in that of Noord."""
        for path in sorted((self.notebooks / "2018-H1").glob("*.ipynb")):
            book = nbformat.read(path, as_version=4)
            cells = [c for c in book.cells if c.metadata.get("bwk", {}).get("role") == "narrative"]
            for cell in cells:
                cell.source = "Het gaat goed."
            if path.stem == "noord":
                cells[0].source = f"{WORDS.format(people)}\n\n{kitchen}"
            nbformat.write(book, path)
        signed = {
            "tekst": str(people),
            "ervoor": "In Noord deden",
            "erna": "mensen mee. Dat is veel.",
            "over": "noord",
            "feit": "deelnemers",
            "waarde": people,
            "bron": "",
            "door": "Ans",
            "op": "2018-07-10",
        }
        beside = self.notebooks / "2018-H1/noord.akkoord.json"
        beside.write_text(json.dumps({"akkoord": [signed]}))

    def answered(self, browser: Browser, folder: Path, said: dict[str, str]) -> str:
        """Answer as a reviewer, in a browser: words of a part to a question, or to `akkoord`."""
        self("review", "2018-H1")
        page = opened(browser, self.target / "beoordeling.html")
        for words, question in said.items():
            one = part(page, words).last
            one.get_by_label("Akkoord" if question == "akkoord" else "Ik heb een vraag").check()
            if question != "akkoord":
                one.get_by_label("Uw vraag").fill(question)
        page.get_by_label("Uw naam").fill("Ria")
        return self("review", "2018-H1", "--answers", saved(page, folder))


@pytest.fixture
def project(tmp_path, make_folder):
    rows = "".join(
        visits(f"{year}-03-0{day}", location, service, "abcdefghijkl")
        for year in (2017, 2018)
        for day, location in ((1, "noord"), (2, "zuid"))
        for service in ("koffie", "taal")
    )
    made = Project(tmp_path, make_folder(deelnames=rows, since="2017-01-01"))
    made("open", "2018-H1")
    return made


def text_of(browser: Browser, page: Path) -> str:
    return opened(browser, page).inner_text("body")


def test_from_concept_to_errata(project, browser, tmp_path):
    target = project.target
    assert "concept" in project("run", "2018-H1")

    project.write(12)
    assert "concept" not in project("run", "2018-H1")
    asked = {"In Noord deden 12": "Klopt dat?", "De keuken": "Hoe klein?", PICTURE: "Waarom zo?"}
    said = project.answered(browser, tmp_path, {**asked, "Het gaat goed": "akkoord"})
    assert "1 keer akkoord en 3 vragen" in said
    listed = project("status", "2018-H1")
    assert all(question in listed for question in asked.values())
    assert all(q in project("finalize", "2018-H1", status=2) for q in asked.values())

    project.visited("mnopqr")
    project.write(18, "De keuken is een kleine ruimte.")
    project("run", "2018-H1")
    project("compare", "2018-H1")
    told = text_of(browser, target / "wijzigingen.html")
    assert "deelnemers was 12, nu 18 (+6)" in told
    project("review", "2018-H1")
    again = opened(browser, target / "beoordeling.html")
    shown = [one for one in again.locator("legend").all() if one.is_visible()]
    words = " ".join(one.inner_text() for one in shown)
    assert "In Noord deden 18" in words
    assert "kleine ruimte" in words
    assert "Het gaat goed" not in words
    assert len(shown) < again.locator("legend").count() / 2

    changed = {"In Noord deden 18": "akkoord", "De keuken": "akkoord", PICTURE: "akkoord"}
    project.answered(browser, tmp_path, changed)
    assert "definitief-1" in project("finalize", "2018-H1")
    frozen = opened(browser, target / "definitief-1/noord.html")
    assert "definitief 1" in frozen.inner_text("header")
    assert "definitief" in project("run", "2018-H1", status=5)
    assert "zoals het definitief werd" in project("verify", "2018-H1")
    project("reproduce", target / "definitief-1")

    project.visited("stuvwx")
    project.write(24, "De keuken is een kleine ruimte.")
    assert "definitief-2" in project("finalize", "2018-H1", "--correct", "Een middag ontbrak.")
    errata = text_of(browser, target / "definitief-2/errata.html")
    assert "In Noord deden" in errata
    assert "deelnemers was 18, nu 24" in errata
    assert "Een middag ontbrak." in errata
    assert "zoals het definitief werd" in project("verify", "2018-H1")
    links = opened(browser, project.output / "index.html").locator("main a")
    assert links.first.get_attribute("href") == quote("2018-H1/definitief-2/index.html")
