"""Work in another process comes back, and so does what went wrong."""

import importlib
import os
import signal
import subprocess
import sys
import time

import pytest

import bwk.apart as module
from bwk.apart import apart, at
from bwk.errors import LOG, DataError, ReportError


def find_file(module):
    return importlib.import_module(module).__file__


def refuse(sentence):
    raise DataError(sentence)


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    """Have the other process, which other tests go without, find this module."""
    monkeypatch.setattr(module, "_BACK", [])
    monkeypatch.setenv("PYTHONPATH", os.path.dirname(__file__))  # noqa: PTH120


def test_the_result_comes_from_another_process():
    assert apart(os.getpid) != os.getpid()
    assert apart(divmod, 7, 2) == (3, 1)


def process_twice():
    return os.getpid(), apart(os.getpid)


def test_who_is_apart_already_stays_there():
    outer, inner = apart(process_twice)
    assert outer == inner != os.getpid()


def test_an_error_is_raised_here_and_tells_where_it_came_from():
    with pytest.raises(DataError, match="kapot") as raised:
        apart(refuse, "kapot")
    assert "in refuse" in raised.value.__notes__[0]


def test_a_process_that_dies_is_told():
    with pytest.raises(ReportError):
        apart(os._exit, 0)


def die_at(*files):
    for file in files:
        at(file)
    signal.raise_signal(signal.SIGSEGV)


def test_where_a_process_dies_at_a_file_that_is_refused():
    with pytest.raises(DataError, match=r"^b\.csv: .*SIGSEGV.* haal het weg"):
        apart(die_at, "a.csv", "b.csv")
    with pytest.raises(ReportError, match="SIGSEGV"):
        apart(die_at, "a.csv", "")


@pytest.mark.skipif(sys.platform != "linux", reason="nothing else holds to a limit of memory")
def test_more_memory_than_the_machine_has_is_not_taken():
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with pytest.raises(ReportError, match="geheugen"):
        apart(bytearray, int(0.8 * machine))


def test_work_without_end_is_ended(monkeypatch):
    monkeypatch.setattr(module, "SECONDS", 1)
    with pytest.raises(ReportError, match="gestopt"):
        apart(time.sleep, 60)


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
    with pytest.raises(ReportError, match=sentence):
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
