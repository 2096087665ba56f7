"""Kernels forked from a warm process: the same as ordinary ones, and none is left behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from nbformat.v4 import new_code_cell, new_notebook

from bwk import facts, kernel, periods
from bwk.errors import ReportError
from bwk.execute import execute

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")
PID = re.compile(r"(?<=/ipykernel_)\d+")
EVERYTHING = """
import sys; print('out'); print('err', file=sys.stderr)
import os; os.system('echo from a command'); os.write(2, b'from below')
sys.argv[0], len(sys.argv), sys.path, sys.flags, __name__
os.getcwd(), os.environ.get('BWK_LATE'), os.getpgid(0) == os.getpid() == os.getsid(0)
import signal; [(n, signal.getsignal(n)) for n in signal.valid_signals()]
signal.pthread_sigmask(signal.SIG_BLOCK, [])
os.read(0, 1) if os.fstat(0).st_rdev else b''
import subprocess; subprocess.run(['sh', '-c', 'exit 3']).returncode
import multiprocessing; multiprocessing.get_context('fork').Pool(2).map(abs, [-1, -2])
import matplotlib; matplotlib.get_backend(), dict(matplotlib.rcParams)
import pandas as pd; pd.DataFrame({'a': [1, 2]})
import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.title('x');
import seaborn; seaborn.barplot(x=[1, 2], y=[3, 4], errorbar=None)
import warnings; sorted(map(str, warnings.filters))
warnings.warn('beware', stacklevel=1)
import logging; logging.getLogger('x').warning('logged'); logging.root.handlers
import time; time.tzname
import gc; gc.isenabled()
get_ipython().display_formatter.active_types
input()
""".strip().splitlines()


def notebook(*sources):
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=[*map(new_code_cell, sources)], metadata={"kernelspec": spec})


@pytest.fixture(scope="module")
def warm():
    with kernel.server():
        yield


@pytest.fixture
def by_name(monkeypatch):
    """Have any program that starts a kernel use the provisioner, by its entry point."""
    factory = KernelProvisionerFactory.instance()
    monkeypatch.setattr(factory, "default_provisioner_name", kernel.NAME)


@contextmanager
def started(name="python3"):
    manager = KernelManager(kernel_name=name)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(60)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def said(client, code):
    texts = []
    reply = client.execute_interactive(
        code, timeout=60, output_hook=lambda m: texts.append(m["content"].get("text", ""))
    )
    return "".join(texts).strip() or reply["content"].get("ename")


def shown(done):
    """Return what cells show: text of a stream joined, whatever the parts that it came in."""
    cells = []
    for cell in done.cells:
        if cell.cell_type != "code":
            continue
        streams, others = {}, []
        for output in cell.outputs:
            if output.output_type == "stream":
                streams[output.name] = streams.get(output.name, "") + PID.sub("", output.text)
            else:
                others.append({k: v for k, v in output.items() if k != "metadata"})
        cells.append((cell.source, streams, others))
    return cells


def both_ways(nb, parameters, monkeypatch):
    done = []
    monkeypatch.delenv(kernel.ADDRESS, raising=False)
    for way in (nullcontext, kernel.server):
        with way():
            monkeypatch.setenv("BWK_LATE", "set after the server began")
            done.append(shown(execute(nb, parameters)))
        monkeypatch.delenv("BWK_LATE")
    return done


def gone(pids, seconds=20):
    """Wait until no process is left but as a name in the table of processes."""
    pids, ends = list(pids), time.monotonic() + seconds
    while left := [pid for pid in pids if _lives(pid)]:
        if time.monotonic() > ends:
            return left
        time.sleep(0.05)
    return []


def _lives(pid):
    try:
        threads = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/stat")]
    except (FileNotFoundError, ProcessLookupError):
        return _lives(pid)
    return any(thread.rpartition(") ")[2][0] != "Z" for thread in threads)


def test_cells_show_the_same_in_a_warm_kernel_as_in_an_ordinary_one(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    tried = [f"try:\n    {line}\nexcept BaseException as e: print(repr(e))" for line in EVERYTHING]
    ordinary, warm = both_ways(notebook(*EVERYTHING[:-1], tried[-1]), {}, monkeypatch)
    for cell, expected in zip(warm, ordinary, strict=True):
        assert cell == expected


def test_a_workbook_of_the_sample_gives_the_same_outputs(monkeypatch):
    monkeypatch.chdir(ROOT)
    nb = nbformat.read(ROOT / "notebooks/2018-H1/top.ipynb", 4)
    book = facts.read_book(ROOT / "data", Path("nowhere"), periods.parse("2018-H1"))
    with facts.prepared(book, BWK_NOTEBOOKS=ROOT / "notebooks"):
        ordinary, warm = both_ways(nb, {"location": "top", "period": "2018-H1"}, monkeypatch)
    assert warm == ordinary


def test_kernels_are_forked_from_a_server_without_threads(warm):
    done = execute(
        notebook(
            "import os, sys; before = 'bwk.figures' in sys.modules",
            "before, len(os.listdir(f'/proc/{os.getppid()}/task')), os.getppid()",
        ),
        {},
    )
    before, threads, parent = eval(done.cells[-1].outputs[0].data["text/plain"])
    assert (before, threads) == (True, 1)
    assert parent != os.getpid()


MARKERS = {  # in the home of a user, and in the folder where they work
    "home/.ipython/profile_default/startup/00.py": "poisoned = open('{}', 'w')",
    "home/.ipython/profile_default/ipython_config.py": "open('{}', 'w')",
    "home/.ipython/profile_default/ipython_kernel_config.py": "open('{}', 'w')",
    "home/start.py": "open('{}', 'w')",
    "home/.local/lib/python3/site-packages/usercustomize.py": "open('{}', 'w')",
    "work/ipython_kernel_config.py": "open('{}', 'w')",
    "work/csv.py": "open('{}', 'w')",
}


@pytest.fixture
def poisoned(tmp_path, monkeypatch):
    """Have settings and start-up files that leave a file when they are run; return its path."""
    marker = tmp_path / "marker"
    spec = json.dumps({"argv": ["touch", str(marker)], "display_name": "x", "language": "python"})
    others = {
        "home/.local/share/jupyter/kernels/python3/kernel.json": spec,
        "home/.config/matplotlib/matplotlibrc": "figure.edgecolor: red",
        "work/matplotlibrc": "figure.edgecolor: green",
    }
    for name, content in {**MARKERS, **others}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.replace("{}", str(marker)))
    for name in ("IPYTHONDIR", "MPLCONFIGDIR", "MATPLOTLIBRC", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "home/start.py"))
    monkeypatch.chdir(tmp_path / "work")
    return marker


@pytest.mark.parametrize("way", [nullcontext, kernel.server])
def test_settings_and_start_up_files_of_the_user_change_nothing(poisoned, way):
    home = poisoned.parent / "home"
    before = sorted(home.rglob("*"))
    shown = "import csv, matplotlib; matplotlib.rcParams['figure.edgecolor']"
    with way():
        done = execute(notebook(shown), {})
    assert not poisoned.exists()
    if way is kernel.server:  # an ordinary kernel imports matplotlib in the folder of the work
        assert done.cells[-1].outputs[0].data["text/plain"] == "'white'"
    assert [path for path in sorted(home.rglob("*")) if path not in before] == []


def test_what_a_kernel_starts_ends_with_it(warm, tmp_path):
    pids = tmp_path / "pids"
    source = f"""
        import os, subprocess
        child = subprocess.Popen(["sleep", "300"])
        apart = subprocess.Popen(["sleep", "300"], start_new_session=True)
        orphan = f"setsid sleep 300 & echo $! > {pids}"
        subprocess.run(["sh", "-c", orphan])
        print(child.pid, apart.pid, open("{pids}").read())"""
    done = execute(notebook(source.replace("\n        ", "\n").strip()), {})
    started = [int(pid) for pid in done.cells[0].outputs[0].text.split()]
    assert len(started) == 3
    assert gone(started) == []


@pytest.mark.parametrize("module", ["random", "numpy.random"])
def test_random_numbers_differ_between_kernels(warm, module):
    source = f"import {module} as r; r.random()"
    first, second = (execute(notebook(source), {}).cells[0].outputs for _ in range(2))
    assert first != second


def test_an_interrupt_stops_the_cell_and_not_the_kernel(warm, by_name):
    with started() as (manager, client):
        waiting = "print('begun', flush=True); import time; time.sleep(60)"
        client.execute(waiting, stop_on_error=False)  # else what comes soon after is put off
        while client.get_iopub_msg(timeout=60)["msg_type"] != "stream":
            pass
        manager.interrupt_kernel()
        assert client.get_shell_msg(timeout=30)["content"]["ename"] == "KeyboardInterrupt"
        assert said(client, "print(1 + 1)") == "2"
        assert manager.is_alive()


def test_a_kernel_that_is_asked_to_stop_does_what_was_left_for_the_end(warm, by_name, tmp_path):
    left = tmp_path / "left"
    with started() as (manager, client):
        said(client, f"import atexit; atexit.register(open, {str(left)!r}, 'w')")
        manager.shutdown_kernel()
        assert not manager.is_alive()
    assert left.exists()


def test_a_kernel_started_anew_has_forgotten_all(warm, by_name):
    with started() as (manager, client):
        said(client, "x = 1")
        manager.restart_kernel()
        client.wait_for_ready(60)
        assert said(client, "print(x)") == "NameError"


def test_a_dead_kernel_is_noticed_and_a_process_that_it_forked_ends_with_it(warm, tmp_path):
    child = tmp_path / "pid"
    source = f"""
        import os, time
        if pid := os.fork():
            open({str(child)!r}, 'w').write(str(pid))
            os._exit(1)
        time.sleep(60)"""
    with pytest.raises(ReportError, match="rekenkern"):
        execute(notebook(source.replace("\n        ", "\n")), {}, 20)
    assert gone([int(child.read_text())]) == []


def test_a_kernel_that_the_server_cannot_give_is_an_ordinary_one(
    warm, by_name, monkeypatch, tmp_path
):
    spec = tmp_path / "kernels/other/kernel.json"
    spec.parent.mkdir(parents=True)
    argv = "python -B -m ipykernel_launcher -f {connection_file}".split()
    spec.write_text(json.dumps({"argv": argv, "display_name": "Other", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    with started("other") as (_, client):
        assert said(client, "import os; print(os.getppid())") == str(os.getpid())


def test_where_there_is_no_server_a_kernel_is_an_ordinary_one(by_name, monkeypatch):
    monkeypatch.delenv(kernel.ADDRESS, raising=False)
    with started() as (_, client):
        assert said(client, "import os; print(os.getppid())") == str(os.getpid())


def test_nothing_is_left_of_a_server_that_ends(by_name):
    before = dict(os.environ)
    with kernel.server():
        place = Path(os.environ[kernel.ADDRESS])
        manager = KernelManager()
        manager.start_kernel()
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(60)
        pids = said(client, "import os; print(os.getpid(), os.getppid())").split()
    client.stop_channels()
    assert gone(map(int, pids)) == []
    assert not manager.is_alive()
    assert not place.parent.exists()
    assert dict(os.environ) == before


def test_a_server_that_is_killed_takes_its_kernels_and_ordinary_ones_follow(tmp_path):
    pids = tmp_path / "pids"
    source = f"""
import os, signal, time
open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{os.getppid()}}')
os.kill(os.getppid(), signal.SIGKILL)
time.sleep(60)"""
    with kernel.server():
        with pytest.raises(ReportError, match="rekenkern"):
            execute(notebook(source), {}, 30)
        assert gone(map(int, pids.read_text().split())) == []
        assert execute(notebook("1 + 1"), {}).cells[0].outputs[0].data["text/plain"] == "2"


@pytest.mark.parametrize("stopped", [[], [0], [1]], ids=["", "kernel stopped", "parent stopped"])
def test_nothing_is_left_of_a_run_that_is_killed(tmp_path, stopped):
    pids = tmp_path / "pids"
    source = f"""
import os, time
with open({str(pids)!r} + '~', 'w') as told:
    print(os.getpid(), os.getppid(), os.environ['BWK_KERNELS'], file=told)
os.rename({str(pids)!r} + '~', {str(pids)!r})
time.sleep(60)"""
    nbformat.write(notebook(source), tmp_path / "n.ipynb")
    code = (
        "import nbformat; from bwk import kernel; from bwk.execute import execute\n"
        f"with kernel.server(): execute(nbformat.read({str(tmp_path / 'n.ipynb')!r}, 4), {{}})"
    )
    run = subprocess.Popen([sys.executable, "-c", code])
    while not pids.exists():
        assert run.poll() is None
        time.sleep(0.05)
    *pids, place = pids.read_text().split()
    for each in stopped:
        os.kill(int(pids[each]), signal.SIGSTOP)
    run.kill()
    run.wait()
    assert gone(map(int, pids)) == []
    assert not Path(place).parent.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_of_an_asker_who_is_gone_there_is_no_kernel_and_no_traceback(capfd):
    with kernel.server(), socket.socket(socket.AF_UNIX) as gone:
        gone.connect(os.environ[kernel.ADDRESS])
        gone.shutdown(socket.SHUT_WR)
        assert gone.recv(1) == b""
    assert "Traceback" not in capfd.readouterr().err


def test_where_no_socket_file_can_be_cells_are_executed_all_the_same(tmp_path, monkeypatch):
    long = tmp_path / ("werkmap-met-een-lange-naam-" * 5)
    long.mkdir()
    monkeypatch.setenv("TMPDIR", str(long))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with kernel.server():
        done = execute(notebook("print(6 * 7)"), {})
    assert done.cells[0].outputs[0].text == "42\n"
    assert list(long.iterdir()) == []


def test_where_nothing_can_be_forked_there_is_no_server(monkeypatch):
    monkeypatch.setattr(kernel.sys, "platform", "darwin")
    monkeypatch.delenv(kernel.ADDRESS, raising=False)
    with kernel.server():
        assert kernel.ADDRESS not in os.environ
