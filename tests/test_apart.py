"""Work in another process comes back, and so does what went wrong."""

import importlib
import os
import signal
import subprocess
import sys

import pytest

from bwk.apart import apart
from bwk.errors import LOG, DataError, ReportError


def find_file(module):
    return importlib.import_module(module).__file__


def refuse(sentence):
    raise DataError(sentence)


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    """Have the other process find this module, as it finds what is installed."""
    monkeypatch.setenv("PYTHONPATH", os.path.dirname(__file__))  # noqa: PTH120


def test_the_result_comes_from_another_process():
    assert apart(os.getpid) != os.getpid()
    assert apart(divmod, 7, 2) == (3, 1)


def test_an_error_is_raised_here_and_tells_where_it_came_from():
    with pytest.raises(DataError, match="kapot") as raised:
        apart(refuse, "kapot")
    assert "in refuse" in raised.value.__notes__[0]


def test_a_process_that_dies_is_told():
    with pytest.raises(EOFError):
        apart(os._exit, 0)


def test_a_script_without_a_guard_runs_once(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import os; from bwk.apart import apart\n"
        "print('begun', flush=True); print(apart(os.getpid) != os.getpid())\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True)
    assert done.stdout.split() == ["begun", "True"]


@pytest.mark.parametrize(
    ("work", "number", "sentence"),
    [
        (os._exit, 3, "met status 3"),
        (signal.raise_signal, signal.SIGKILL, "geheugen"),
        (signal.raise_signal, signal.SIGTERM, "door signaal SIGTERM"),
    ],
)
def test_of_a_death_no_more_is_said_than_is_known(work, number, sentence):
    with pytest.raises(EOFError, match=sentence):
        apart(work, number)


def test_a_person_is_not_in_the_log_of_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv(LOG, str(tmp_path / "logboek"))
    with pytest.raises(ReportError, match=r"ValueError.* staat in logboek/fout-\w+\.log") as raised:
        apart(int, "Jan Jansen")
    (log,) = (tmp_path / "logboek").iterdir()
    assert "bwk/apart.py:" in log.read_text()
    assert "Jan" not in log.read_text() + str(raised.value)
    assert str(tmp_path) not in log.read_text() + str(raised.value)


def test_a_file_in_the_working_folder_is_no_module(tmp_path, monkeypatch):
    (tmp_path / "csv.py").write_text("open('marker', 'w')")
    monkeypatch.chdir(tmp_path)
    assert apart(find_file, "csv").endswith("csv.py")
    assert not (tmp_path / "marker").exists()
