"""The workbook in JupyterLab: text to write, figures to see, no code, and nothing gets lost."""

import copy
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
import requests
from lab import (
    PERIOD,
    ROOT,
    SLOW,
    allow_root,
    cell,
    command,
    drawn,
    entered,
    figures,
    number,
    run_all,
    run_controle,
    save,
    saved,
    show,
    sources,
    started,
    until,
    wait,
    workbook,
    write,
)
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, BrowserContext, Page, expect
from small import bwk
from test_review import part
from test_review import saved as answers_of

from bwk.lab import notary


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def notebooks(folder: Path) -> Path:
    (folder / "notebooks" / PERIOD).mkdir(parents=True)
    shutil.copytree(ROOT / "data", folder / "data")
    allow_root(folder / "notebooks")
    top = f"notebooks/{PERIOD}/top.ipynb"
    nbformat.write(workbook(ROOT / top), folder / top)
    return folder / "notebooks"


@pytest.fixture(scope="module")
def address(folder: Path, notebooks: Path) -> Iterator[str]:
    with started(folder, notebooks) as where:
        yield where


@pytest.fixture(scope="module")
def context(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 1280, "height": 900})


@pytest.fixture(scope="module")
def asked(context: BrowserContext) -> list[str]:
    urls: list[str] = []
    context.on("request", lambda request: urls.append(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: urls.append(socket.url)))
    return urls


@pytest.fixture(scope="module")
def lab(context: BrowserContext, asked: list[str], address: str) -> Page:
    return entered(context, address)


@pytest.fixture(scope="module")
def notebook(lab: Page, notebooks: Path) -> NotebookNode:
    """A workbook of which JupyterLab has made the figures."""
    file = notebooks / PERIOD / "top.ipynb"
    show(lab, file)
    wait(lab)
    command(lab, "notebook:run-all-cells")
    made = drawn(nbformat.read(file, as_version=4))
    expect(figures(lab)).to_have_count(made)
    wait(lab)
    save(lab)
    return nbformat.read(file, as_version=4)


@pytest.fixture
def path(notebook: NotebookNode, notebooks: Path, request: pytest.FixtureRequest) -> Path:
    """A workbook for this test alone."""
    file = notebooks / PERIOD / f"{request.node.name.removeprefix('test_')}.ipynb"
    nbformat.write(notebook, file)
    return file


@pytest.fixture
def page(lab: Page, path: Path) -> Page:
    """JupyterLab with the workbook of the test."""
    show(lab, path)
    return lab


@pytest.fixture
def own(lab: Page, notebook: NotebookNode, notebooks: Path, request) -> Path:
    """The workbook of TOP with its confirmed numbers, in a folder for this test alone."""
    file = notebooks / request.node.name / PERIOD / "top.ipynb"
    file.parent.mkdir(parents=True)
    nbformat.write(notebook, file)
    shutil.copy(ROOT / "notebooks" / PERIOD / "top.akkoord.json", file.parent)
    show(lab, file)
    return file


@pytest.fixture
def run(folder: Path, own: Path) -> Callable[..., str]:
    """A command on the workbook of the test and the registrations that JupyterLab sees."""

    def run(*words: object) -> str:
        where = ("--data", folder / "data", "--notebooks", own.parent.parent)
        done = bwk(*words, *where, "--output", folder / "output")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture
def registrations(folder: Path) -> Iterator[Path]:
    """The registrations of TOP, put back after the test."""
    file = folder / "data/deelnames/2018-h1-top.csv"
    before = file.read_bytes()
    yield file
    file.write_bytes(before)


@pytest.fixture
def slow_disk(lab: Page) -> Iterator[None]:
    """JupyterLab hears a second late that a workbook is saved."""
    lab.evaluate(SLOW)
    yield
    lab.evaluate("() => { delete window.jupyterapp.serviceManager.contents.save; }")


def test_opens_in_dutch_in_the_folder_of_the_period(lab):
    expect(lab.locator(".jp-DirListing-item", has_text="top.ipynb")).to_be_visible()
    expect(lab.get_by_role("menuitem", name="Bestand")).to_be_visible()


def test_only_what_an_evaluator_opens_stands_in_the_list(lab, own):
    command(lab, "filebrowser:go-to-path", path=f"{own.parent.parent.name}/{PERIOD}")
    expect(lab.locator(".jp-DirListing-item")).to_have_text(["top.ipynb"])
    expect(lab.get_by_text("Modified")).to_have_count(0)
    command(lab, "filebrowser:go-to-path", path=PERIOD)


def test_asks_for_the_token(address):
    refused = requests.get(f"{address.split('/lab')[0]}/api/contents", timeout=5)
    assert refused.status_code == 403


def test_listens_to_this_machine_alone(address):
    assert urlsplit(address).hostname == "127.0.0.1"
    other = f"http://127.0.0.2:{urlsplit(address).port}/api"
    with pytest.raises(requests.ConnectionError):
        requests.get(other, timeout=5)


def test_opening_changes_nothing(page):
    wait(page)
    expect(figures(page).first).to_be_visible()
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)


def test_figures_are_seen_in_a_workbook_that_a_command_wrote(lab, notebooks, notebook):
    path, other = (notebooks / PERIOD / f"{name}.ipynb" for name in ("geopend", "gekregen"))
    for file in (path, other):
        changed = copy.deepcopy(notebook)
        changed.metadata.written_in = file.stem
        nbformat.write(changed, file)
    with notary(notebooks) as signing:
        signing.sign(nbformat.read(path, 4))
    show(lab, other)
    expect(cell(lab, "Mensen per rol")).to_be_visible()  # in words
    show(lab, path)
    expect(figures(lab)).to_have_count(drawn(notebook))


def test_text_and_figures_are_seen_and_code_is_not(page, notebook):
    expect(page.get_by_role("heading", name="Tussenrapportage TOP")).to_be_visible()
    expect(cell(page, "deden 335 mensen mee")).to_be_visible()
    expect(figures(page)).to_have_count(drawn(notebook))
    assert page.locator(".jp-CodeCell .jp-Cell-inputWrapper:visible").count() == 0
    empty = page.locator(".jp-CodeCell.jp-mod-noOutputs")
    assert {empty.nth(n).bounding_box()["height"] for n in range(empty.count())} == {0}


def test_figures_are_made_without_an_error(notebook):
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert {output.output_type for output in outputs} == {"execute_result"}


def test_what_is_written_is_saved(page, path):
    write(page, cell(page, "Schrijf hier"), "Er kwamen **nieuwe** mensen.")
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".jp-MarkdownOutput strong", has_text="nieuwe")).to_be_visible()
    save(page)
    assert "Er kwamen **nieuwe** mensen." in saved(path)


def test_a_prompt_stands_out_until_it_is_answered(page):
    prompt = page.locator("em", has_text="Schrijf hier")
    expect(prompt).to_have_css("background-color", "rgb(255, 243, 196)")
    write(page, cell(page, "Schrijf hier"), "*Het is druk geworden.*")
    page.keyboard.press("Shift+Enter")
    expect(prompt).to_have_count(0)
    written = page.locator("em", has_text="Het is druk geworden.")
    expect(written).to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_an_intention_stands_out_until_it_is_followed_up(page):
    point = "- **Een keuken.** {}"
    asked = point.format("*Kies: gedaan of vervallen. **Schrijf hier:** wat ervan kwam.*")
    write(page, cell(page, "Schrijf hier"), asked)
    page.keyboard.press("Shift+Enter")
    yellow = page.locator("li em", has_text="Schrijf hier")
    expect(yellow).to_have_css("background-color", "rgb(255, 243, 196)")
    write(page, cell(page, "Een keuken."), point.format("Gedaan: in maart."))
    page.keyboard.press("Shift+Enter")
    expect(page.locator("li", has_text="Gedaan: in maart.")).to_be_visible()
    expect(yellow).to_have_count(0)


def test_last_period_s_text_unfolds(page):
    words = page.get_by_text("Ouderen aten mee.")
    expect(words).to_be_hidden()
    page.locator("summary", has_text="In 2017 schreef u").click()
    expect(words).to_be_visible()


def test_a_heading_is_locked(page):
    before = sources(page)
    cell(page, "Rollen en wederkerigheid").locator("h2").dblclick()
    page.keyboard.press("Enter")
    page.keyboard.type("Anders")
    page.keyboard.press("Escape")
    command(page, "notebook:delete-cell")
    command(page, "notebook:cut-cell")
    assert sources(page) == before


def test_a_figure_is_locked_and_enter_shows_no_code(page, notebook):
    before = sources(page)
    figures(page).first.click()
    page.keyboard.press("Enter")
    page.keyboard.type("anders")
    page.keyboard.press("Escape")
    command(page, "notebook:delete-cell")
    assert sources(page) == before
    assert page.locator(".jp-CodeCell .jp-Cell-inputWrapper:visible").count() == 0
    expect(figures(page)).to_have_count(drawn(notebook))


def test_replace_all_leaves_what_is_locked(page, notebook):
    cell(page, "Tussenrapportage TOP").click()
    page.keyboard.press("Control+f")
    page.get_by_placeholder("Zoek").fill("diensten")
    expect(page.locator(".jp-DocumentSearch-index-counter")).to_contain_text("/")
    page.locator(".jp-DocumentSearch-toggle-wrapper").click()
    page.get_by_placeholder("Vervang").fill("zaken")
    # The first time the texts open, the second time they change.
    page.get_by_role("button", name="Vervang alles").click()
    expect(page.locator(".jp-MarkdownCell:not(.jp-mod-rendered)")).not_to_have_count(0)
    page.get_by_role("button", name="Vervang alles").click()
    expect(page.locator(".jp-mod-dirty")).not_to_have_count(0)
    pairs = zip(notebook.cells, sources(page), strict=True)
    changed = [old for old, new in pairs if old.source != new]
    assert changed
    assert {old.metadata.bwk.role for old in changed} == {"narrative"}


def test_keys_that_are_pressed_beside_a_text_do_nothing(page):
    before = sources(page)
    cell(page, "deden 335 mensen mee").locator("p").first.click()
    for key in "abcdefghijklmnopqrstuvwxyz1234567890":
        page.keyboard.press(key)
        page.keyboard.press(key)
        page.keyboard.press(f"Shift+{key}")
    assert sources(page) == before
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    expect(page.locator(".jp-Dialog")).to_have_count(0)


def test_plus_gives_a_text_cell(page, path):
    figures(page).first.click()
    page.locator("[data-jp-item-name=insert]").click()
    page.keyboard.press("Enter")
    page.keyboard.type("Een eigen stuk.")
    page.keyboard.press("Shift+Enter")
    save(page)
    added = next(c for c in nbformat.read(path, 4).cells if c.source == "Een eigen stuk.")
    assert added.cell_type == "markdown"


def test_buttons_of_an_earlier_session_say_how_they_come_back(page, path, notebook):
    cells = [new_code_cell("from ipywidgets import Button\nButton(description='Akkoord')")]
    buttons = path.with_name("knoppen.ipynb")
    nbformat.write(new_notebook(cells=cells, metadata=notebook.metadata), buttons)
    show(page, buttons)
    wait(page)
    command(page, "notebook:run-all-cells")
    expect(page.get_by_role("button", name="Akkoord")).to_be_visible()
    save(page)
    show(page, path)
    show(page, buttons)
    output = page.locator(".jp-OutputArea-output")
    expect(output).to_have_text("Error displaying widget: model not found")
    expect(output).to_have_css("font-size", "0px")
    said = output.evaluate("node => getComputedStyle(node, '::before').content")
    assert "dubbele pijl" in said


def test_a_number_that_is_confirmed_stands_in_the_report(lab, own, run, folder):
    write(lab, cell(lab, "Schrijf hier"), "In TOP deden **335** mensen mee, van jong tot oud.")
    lab.keyboard.press("Shift+Enter")
    save(lab)
    run_all(lab)
    row = number(lab, "van jong tot oud")
    expect(row).to_contain_text("nog niet bevestigd")
    chosen = row.locator("select option:checked")
    expect(chosen).to_have_text("335: deelnemers (TOP)")
    for choice in ("Een andere bron: schrijf die hieronder", "335: deelnemers (TOP)"):
        row.locator("select").select_option(choice.replace(" ", "\N{NO-BREAK SPACE}"))
        lab.wait_for_timeout(500)  # until the kernel has said what is chosen
        expect(chosen).to_have_text(choice)
    lab.get_by_label("Uw naam").fill("Ans")
    row.get_by_role("button", name="Klopt").click()
    expect(row).to_contain_text("Bevestigd")
    expect(row).not_to_contain_text("nog niet bevestigd")
    save(lab)
    assert "concept" not in run("run", PERIOD, "top")
    report = lab.context.new_page()
    report.goto((folder / "output" / PERIOD / "top.html").as_uri())
    expect(report.locator("header").first).to_contain_text("ter beoordeling")
    sentence = report.locator("p", has_text="In TOP deden 335 mensen mee, van jong tot oud.")
    sentence.get_by_role("button", name="335").click()
    expect(report.locator(":popover-open")).to_contain_text("Bevestigd door")
    report.close()


def test_a_corrected_registration_puts_its_number_in_the_text(lab, own, registrations, slow_disk):
    with registrations.open("a") as file:
        for person in range(1, 6):  # a correction of fewer is held back
            file.write(f"2018-04-04,top,ontmoeting,p0000000{person},1\n")
    run_controle(lab)
    row = number(lab, "was 335, nu 340")
    expect(row).to_contain_text("deden 335 mensen mee")
    lab.get_by_label("Uw naam").fill("Ans")
    for new in ("340", "55%"):
        button = lab.get_by_role("button", name=f"Zet ‘{new}’ in de tekst").first
        button.click()
        expect(button).to_be_disabled()
        expect(lab.get_by_text(f"Nu staat er ‘{new}’.")).to_be_visible()
    expect(cell(lab, "deden 340 mensen mee")).to_contain_text("een groei van 55%")
    until(lab, lambda: any("deden 340 mensen mee" in t and "55%" in t for t in saved(own)))
    expect(lab.locator(".jp-Dialog")).to_have_count(0)
    run_controle(lab)
    expect(number(lab, "was 335, nu 340")).not_to_contain_text("In de eerste helft van 2018 deden")


def test_what_a_reviewer_asks_stands_in_controle(lab, own, run, folder):
    run("run", PERIOD, "top")
    run("review", PERIOD)
    page = lab.context.new_page()
    page.goto((folder / "output" / PERIOD / "beoordeling.html").as_uri())
    asked = part(page, "In de eerste helft van 2018 deden").first
    asked.get_by_label("Ik heb een vraag").check()
    asked.get_by_label("Uw vraag").fill("Ook de kinderen?")
    page.get_by_label("Uw naam").fill("Ria")
    run("review", PERIOD, "--answers", answers_of(page, own.parent))
    page.close()
    run_controle(lab)
    said = lab.locator(".jp-CodeCell li", has_text="Ook de kinderen?")
    expect(said).to_contain_text("Samenvatting: Ria vraagt bij")


def test_nothing_gets_lost_when_reports_are_made_meanwhile(lab, notebook, notebooks, tmp_path):
    page, own = lab, notebooks / PERIOD / "top.ipynb"
    show(page, own)
    write(page, cell(page, "Schrijf hier"), "Dit stond er al.")
    save(page)
    words = ("run", PERIOD, "top", "--notebooks", notebooks, "--output", tmp_path)
    with subprocess.Popen([sys.executable, "-m", "bwk", *map(str, words)], cwd=ROOT) as run:
        written = 0
        page.keyboard.press("End")
        while run.poll() is None:
            written += 1
            page.keyboard.type(f" Zin {written}.")
            save(page)
    assert run.returncode == 0
    assert written > 1
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    text = "Dit stond er al." + "".join(f" Zin {n}." for n in range(1, written + 1))
    assert text in saved(own)
    assert "Dit stond er al." in (tmp_path / PERIOD / "top.html").read_text()


def test_nothing_is_fetched_from_elsewhere(address, asked, folder):
    hosts = {
        urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:", "file:"))
    }
    assert hosts == {"127.0.0.1"}
    assert not (folder / "calls").exists()


def test_nothing_is_kept_outside_the_notebooks_folder(address, folder):
    assert list((folder / "home").rglob("*")) == []
