"""A tool that is missing: its tests are skipped with the remedy told, and fail in CI."""

import os
import shutil
import subprocess
import sys

import pytest
from conftest import CLUSTER, TOOLS, find, need, remedy
from small import ROOT

HUNSPELL = "tests/test_narrative_tracing.py::TestSpelling"


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine without any tool, outside CI."""
    monkeypatch.setattr(shutil, "which", lambda tool: None)
    monkeypatch.setattr("conftest.find_spec", lambda package: None)
    monkeypatch.delenv("CI", raising=False)
    return monkeypatch


@pytest.mark.parametrize("tool", [*TOOLS, CLUSTER])
def test_without_the_tool_the_test_is_skipped(bare, tool):
    with pytest.raises(pytest.skip.Exception, match=f"{tool} is not installed"):
        need(tool)


@pytest.mark.parametrize("tool", [*TOOLS, CLUSTER])
def test_in_ci_the_test_fails(bare, tool):
    bare.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=f"{tool} is not installed"):
        need(tool)


def test_a_tool_that_is_there_is_returned(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda tool: f"/somewhere/{tool}")
    assert need("qpdf") == "/somewhere/qpdf"


@pytest.mark.skipif(os.name == "nt", reason="false is a command of Unix")
def test_hunspell_without_dutch_is_no_hunspell(monkeypatch):
    fails = shutil.which("false")
    monkeypatch.setattr(shutil, "which", lambda tool: fails)
    assert find("hunspell") is None


def test_one_command_brings_all():
    reasons = [f"Skipped: {tool} is not installed" for tool in (CLUSTER, "qpdf", "hunspell")]
    assert remedy(["Skipped: Windows has no such rights"]) == ""
    assert remedy(reasons) == (
        "apt-get install --no-install-recommends hunspell hunspell-nl qpdf"
        " && .venv/bin/python -m pip install -e .[cluster]"
    )


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_the_end_of_a_run_says_what_was_skipped(tmp_path, ci, status):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", HUNSPELL],
        cwd=ROOT,
        env={**os.environ, "PATH": str(tmp_path), "CI": ci},
        capture_output=True,
        text=True,
    )
    assert done.returncode == status, done.stdout
    told = "To run these too: apt-get install --no-install-recommends hunspell hunspell-nl"
    assert (told in done.stdout) == (not ci)
    assert "hunspell is not installed" in done.stdout


def test_ci_installs_each_tool_and_skips_nothing():
    script = (ROOT / ".ci/run").read_text()
    assert not [packages for packages in TOOLS.values() if packages not in script]
    assert "CI=true make test" in script
