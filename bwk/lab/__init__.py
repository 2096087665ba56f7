"""JupyterLab for evaluators: their text with figures and tables, without code.

Settings and style come from `config/` and reach JupyterLab through a folder of its own in the
notebooks folder, so that a session reads and changes nothing of another JupyterLab.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path

from nbformat.sign import NotebookNotary

from bwk.errors import BwkError, UsageError
from bwk.files import workplace
from bwk.periods import Period

STATE = ".jupyter"
LOG = "jupyterlab.log"
STOP_SECONDS = 10
CONFIG = Path(__file__).parent / "config"
PARTS = ("jupyterlab", "jupyterlab_widgets", "jupyterlab_language_pack_nl_NL")


def start(notebooks: Path, period: Period | None, *, data: Path, output: Path) -> int:
    """Open JupyterLab in the browser and wait until it is closed.

    Parameters
    ----------
    notebooks : Path
        What JupyterLab shows. The evaluators' settings are kept in `.jupyter` in it.
    period : Period or None
        The folder in which it opens; None for the notebooks folder itself.
    data, output : Path
        The kernels find them as `BWK_DATA` and `BWK_OUTPUT`.

    Returns
    -------
    int
        0, the exit status.

    Raises
    ------
    UsageError
        If JupyterLab is not installed, or there are no workbooks of the period.
    BwkError
        If JupyterLab stops with an error.
    """
    _check(notebooks, period)
    state = prepare(notebooks)
    port, token = _free_port(), secrets.token_hex(24)
    place = f"/lab/tree/{period.folder if period else ''}"
    with workplace() as runtime:
        session = {"JUPYTER_RUNTIME_DIR": str(runtime), "JUPYTER_TOKEN": token}
        folders = {"BWK_DATA": str(data.resolve()), "BWK_OUTPUT": str(output.resolve())}
        process = _launch(notebooks, port, place, environment(state) | session | folders)
        print(
            "JupyterLab opent in uw browser. Gebeurt dat niet? Open dan dit adres:\n"
            f"http://127.0.0.1:{port}{place}?token={token}\n"
            "Klaar? Bewaar uw werk en druk hier op Ctrl+C.",
            flush=True,
        )
        return _wait(process)


def prepare(notebooks: Path) -> Path:
    """Return the folder for settings, made where needed and with the project's current ones."""
    state = notebooks.resolve() / STATE
    shutil.copytree(CONFIG, state / "config", dirs_exist_ok=True)
    (state / ".gitignore").write_text("*\n")
    return state


@contextmanager
def notary(notebooks: Path) -> Iterator[NotebookNotary]:
    """Have what signs workbooks: JupyterLab shows the pictures in those alone without a click."""
    data = prepare(notebooks) / "data"
    data.mkdir(exist_ok=True)
    signing = NotebookNotary(data_dir=str(data))
    with closing(signing.store):
        yield signing


def environment(state: Path) -> dict[str, str]:
    """Return the environment in which JupyterLab keeps everything in one folder."""
    own = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
        "MPLCONFIGDIR": "matplotlib",
    }
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")
    }
    # A `csv.py` in the folder of the workbooks is no module, in JupyterLab nor in its kernels.
    safe = {"PYTHONSAFEPATH": "1"}
    return inherited | safe | {name: str(state / folder) for name, folder in own.items()}


def _check(notebooks: Path, period: Period | None) -> None:
    if not all(map(find_spec, PARTS)):
        raise UsageError(
            "JupyterLab is niet geïnstalleerd: geef eerst het commando make lab, "
            "of installeer de onderdelen onder ‘lab’ in pyproject.toml."
        )
    if not notebooks.is_dir():
        raise UsageError(f"De map {notebooks.name} is er niet: noem de map met --notebooks.")
    if period and not (notebooks / period.folder).is_dir():
        raise UsageError(
            f"Er zijn nog geen werkboeken over {period} ({period.label}): "
            f"maak ze met bwk open {period}."
        )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _launch(
    notebooks: Path, port: int, place: str, variables: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    with (notebooks / STATE / LOG).open("wb") as log:
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab"),
                f"--ServerApp.root_dir={notebooks.resolve()}",
                f"--ServerApp.port={port}",
                f"--LabApp.default_url={place}",
            ],
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def _wait(process: subprocess.Popen[bytes]) -> int:
    try:
        status = process.wait()
    except KeyboardInterrupt:
        _stop(process)
        return 0
    if status:
        raise BwkError(f"JupyterLab is gestopt met een fout: kijk in {STATE}/{LOG}.")
    return 0


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:  # a JupyterLab that is still starting does not stop
        process.kill()
        process.wait()
