"""A small data folder to which a test adds what it is about, the sample's run, and a browser.

Tools that pip does not bring are asked for with `need`: without one a test is skipped, and the
end of the run says what brings it. In CI, where nothing may be skipped, the test fails.
"""

import os
import random
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, sync_playwright
from small import Make, bwk, write_folder

from bwk import apart, keys

# A tool, and the packages of Debian that bring it.
TOOLS = {
    "chromium": "chromium",
    "hunspell": "hunspell hunspell-nl",
    "pdftotext": "poppler-utils",
    "qpdf": "qpdf",
    "soffice": "libreoffice-calc",
}
CLUSTER = "distributed"  # comes with pip, in an extra that is not for everybody
DRAWN = random.Random()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure no coverage while hypothesis looks for faults: it would take nearly twice as long."""
    for item in items:
        if item.get_closest_marker("hypothesis"):
            item.add_marker("no_cover")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Draw the keys of a test anew, and the same in each run: what is rounded hangs on them."""
    DRAWN.seed(item.nodeid)


def need(tool: str) -> str:
    """Return the path of a tool; without it skip the test, or fail it in CI."""
    path = find(tool)
    if path:
        return path
    if os.environ.get("CI"):
        pytest.fail(_missing(tool), pytrace=False)
    pytest.skip(_missing(tool))


def find(tool: str) -> str | None:
    """Return the path of a tool; None where it is missing, or hunspell lacks Dutch."""
    if tool == CLUSTER:
        package = find_spec(tool)
        return package and package.origin
    path = shutil.which(tool)
    if path and tool == "hunspell":
        spelled = subprocess.run([path, "-d", "nl", "-l"], input=b"", capture_output=True)
        return None if spelled.returncode else path
    return path


def remedy(reasons: Iterable[str]) -> str:
    """Return the one command that brings what skipped tests need; empty where they need nothing."""
    told = " ".join(reasons)
    packages = [brings for tool, brings in TOOLS.items() if _missing(tool) in told]
    commands = []
    if packages:
        commands.append(f"apt-get install --no-install-recommends {' '.join(packages)}")
    if _missing(CLUSTER) in told:
        commands.append(".venv/bin/python -m pip install -e .[cluster]")
    return " && ".join(commands)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was skipped for want of a tool, and the command that brings it."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [report.longrepr[2] for report in skipped]
    command = remedy(reasons)
    if command:
        wanting = [reason for reason in reasons if remedy([reason])]
        terminalreporter.section("skipped for want of a tool")
        for reason in sorted(set(wanting)):
            tests = wanting.count(reason)
            terminalreporter.line(f"{tests} x {reason.removeprefix('Skipped: ')}")
        terminalreporter.line(f"To run these too: {command}")


@pytest.fixture(scope="session", autouse=True)
def _settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Have the keys of programmes in a folder of the tests, drawn for each test.

    Work that a command does in a process of its own is done in that of the tests: hundreds of new
    ones would each load pandas, for a second.
    """
    with pytest.MonkeyPatch.context() as patch, Path(os.devnull).open("wb") as nobody:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("instellingen")))
        drawn = SimpleNamespace(token_hex=lambda size: DRAWN.randbytes(size).hex())
        patch.setattr(keys, "secrets", drawn)
        patch.setattr(apart, "_BACK", [nobody])
        yield


def _missing(tool: str) -> str:
    return f"{tool} is not installed"


@pytest.fixture
def make_folder(tmp_path: Path) -> Make:
    """Return a function that writes a data folder; each table given is added to its header."""

    def make(threshold: int = 5, name: str = "data", **options: str) -> Path:
        return write_folder(tmp_path / name, threshold, **options)

    return make


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of 2018-H1, made once from the sample data."""
    output = tmp_path_factory.mktemp("output")
    done = bwk("run", "2018-H1", "--output", output)
    assert done.returncode == 0, done.stdout + done.stderr
    return output / "2018-H1"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser, for each module of its own: two of them do not go together."""
    chromium = need("chromium")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
