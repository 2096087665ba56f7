"""A small data folder to which a test adds what it is about, the sample's run, and a browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from small import PROGRAMME, TABLES, Make, bwk

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture
def make_folder(tmp_path: Path) -> Make:
    """Return a function that writes a data folder; each table given is added to its header."""

    def make(threshold: int = 5, name: str = "data", **rows: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "programma.toml").write_text(PROGRAMME.format(threshold=threshold))
        for table in {**TABLES, **rows}:
            text = TABLES.get(table, "") + rows.get(table, "")
            (folder / f"{table}.csv").write_text(text, encoding="utf-8")
        return folder

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
    if not CHROMIUM.exists() and not os.environ.get("CI"):
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
