"""JupyterLab as an evaluator starts it, and what an evaluator does in it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import nbformat
import requests
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from playwright.sync_api import BrowserContext, Locator, Page, TimeoutError, expect
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from bwk.files import read_json

ROOT = Path(__file__).parent.parent.parent
PERIOD = "2018-H1"
PATIENCE = 180_000  # milliseconds: a slow machine is no fault
PROMPT = "***Schrijf hier:** wat er in deze periode veranderde of opviel.*"
REFERENCE = "<details>\n<summary>In 2017 schreef u</summary>\n\nOuderen **aten** mee.\n\n</details>"
# A process that runs in the background of a shell does not hear the Ctrl+C that ends a session.
START = """
import signal, sys
from pathlib import Path
from bwk import lab, periods
signal.signal(signal.SIGINT, signal.default_int_handler)
notebooks, data, output = map(Path, sys.argv[1:])
sys.exit(lab.start(notebooks, periods.parse("2018-H1"), data=data, output=output))
"""
# Python runs it when it starts: the server, its kernels and what they start.
LISTENER = """
import os, sys
LOCAL = (None, "", b"", "127.0.0.1", "::1", "localhost", "0.0.0.0")
def note(event, arguments):
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if host not in LOCAL:
        with open(os.environ["CALLS"], "a") as calls:
            print(event, host, file=calls)
sys.addaudithook(note)
"""


@contextmanager
def started(folder: Path, notebooks: Path) -> Iterator[str]:
    """Start JupyterLab and give its address; its home and its calls are kept in the folder.

    The registrations and the reports are those in the folder too.
    """
    home, hooks = folder / "home", folder / "hooks"
    home.mkdir()
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(LISTENER)
    paths = f"{hooks}{os.pathsep}{ROOT}"  # kernels too take the code that stands beside the tests
    known = {"HOME": str(home), "PYTHONPATH": paths, "CALLS": str(folder / "calls")}
    command = [sys.executable, "-c", START, notebooks, folder / "data", folder / "output"]
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, **known, "BROWSER": "true"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        address = next(line.strip() for line in process.stdout if line.startswith("http://"))
        until_ready(address)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def until_ready(address: str) -> None:
    """Ask the server until it answers."""
    session = requests.Session()
    patience = Retry(total=None, connect=90, backoff_factor=0.1, backoff_max=1)
    session.mount("http://", HTTPAdapter(max_retries=patience))
    session.get(address, timeout=20).raise_for_status()


def allow_root(notebooks: Path) -> None:
    """Let JupyterLab start in a container, where tests run as root."""
    folder = notebooks / ".jupyter/config"
    folder.mkdir(parents=True)
    (folder / "jupyter_server_config.py").write_text("c.ServerApp.allow_root = True\n")


def workbook(source: Path) -> NotebookNode:
    """Return a workbook with an untouched prompt and last period's text, as yet without figures."""
    notebook = nbformat.read(source, as_version=4)
    place = next(n for n, cell in enumerate(notebook.cells) if cell.id == "ontwikkelingen-tekst")
    notebook.cells[place].source = PROMPT
    own = {"key": "ontwikkelingen-eerder", "role": "reference"}
    locks = {"editable": False, "deletable": False}
    notebook.cells.insert(place, new_markdown_cell(REFERENCE, metadata={"bwk": own, **locks}))
    return notebook


def entered(context: BrowserContext, address: str) -> Page:
    """Open JupyterLab and wait until it can be used."""
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page = context.new_page()
    page.goto(f"{address}&reset")
    page.wait_for_function("() => window.jupyterapp")
    page.evaluate("() => window.jupyterapp.restored")
    return page


def show(page: Page, path: Path) -> None:
    """Open a workbook in the place of any other."""
    below = path.parts[path.parts.index("notebooks") + 1 :]
    page.evaluate(SHOW, "/".join(below))
    page.wait_for_function(f"() => {CONTENT}?.isVisible && {CONTENT}.widgets?.length")


def wait(page: Page) -> None:
    """Wait until the kernel is there and all cells have run."""
    page.wait_for_function(IDLE)


def until(page: Page, seen: Callable[[], bool]) -> None:
    """Wait until something is seen outside the browser."""
    for _ in range(PATIENCE // 100):
        if seen():
            return
        page.wait_for_timeout(100)
    raise AssertionError("not seen")


def cell(page: Page, words: str) -> Locator:
    """Return the cell that shows these words."""
    return page.locator(".jp-Notebook-cell", has_text=words).first


def figures(page: Page) -> Locator:
    """Return the cells with a picture of the report."""
    return page.locator(".jp-CodeCell:has(.jp-RenderedSVG, .jp-RenderedImage)")


def drawn(notebook: NotebookNode) -> int:
    """Count the figures that a workbook has code for."""
    return sum(cell.source.startswith("figures.") for cell in notebook.cells)


def run_all(page: Page) -> None:
    """Press the double arrow, as the manual says, and wait for what comes of it."""
    page.locator("[data-jp-item-name=restart-and-run]").click()
    wait(page)


def run_controle(page: Page) -> None:
    """Run the cell *Controle* alone."""
    cell(page, "Dit deel komt niet in het verslag").click()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    wait(page)


def number(page: Page, words: str) -> Locator:
    """Return the row of *Controle* with these words: a number, its choices and its buttons."""
    rows = page.locator(".jp-CodeCell .widget-vbox .widget-vbox")
    return rows.filter(has_text=words).first


def write(page: Page, where: Locator, words: str) -> None:
    """Put a text in the place of another."""
    where.locator(".jp-MarkdownOutput").click()
    page.keyboard.press("Enter")
    expect(page.locator(".jp-mod-active .cm-content")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def save(page: Page) -> None:
    """Save; JupyterLab does not hear the keys while it is still busy with the save before."""
    for _ in range(20):
        page.keyboard.press("Control+s")
        with suppress(TimeoutError):
            page.wait_for_function(f"() => !{CONTENT}.model.dirty", timeout=1000)
            return
    raise AssertionError("not saved")


def command(page: Page, name: str, **arguments: str) -> None:
    """Do what an entry of the menu does."""
    page.evaluate(COMMAND, [name, arguments])


def sources(page: Page) -> list[str]:
    """Return the text of each cell as JupyterLab has it."""
    return page.evaluate(f"{CONTENT}.model.toJSON().cells.map(cell => cell.source)")


def saved(path: Path) -> list[str]:
    """Return the text of each cell as it stands in the file."""
    return ["".join(cell["source"]) for cell in json.loads(read_json(path))["cells"]]


COMMAND = "([name, given]) => window.jupyterapp.commands.execute(name, given)"
CONTENT = "window.jupyterapp.shell.currentWidget?.content"
SHOW = """async path => {
    const lab = window.jupyterapp;
    const others = [...lab.shell.widgets('main')];
    const opened = await lab.commands.execute('docmanager:open', {path});
    await opened.context.ready;
    for (const other of others) {
        await other.sessionContext?.shutdown();
        other.dispose();
    }
    lab.shell.activateById(opened.id);
}"""
IDLE = """() => {
    const shown = window.jupyterapp.shell.currentWidget;
    return shown.sessionContext.kernelDisplayStatus === 'idle'
        && shown.content.widgets.every(cell => cell.model.executionState !== 'running');
}"""
SLOW = """() => {
    const contents = window.jupyterapp.serviceManager.contents;
    const save = contents.save;
    contents.save = async (...given) => {
        const kept = await save.apply(contents, given);
        await new Promise(done => setTimeout(done, 1000));
        return kept;
    };
}"""
