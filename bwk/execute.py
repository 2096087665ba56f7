"""One workbook through papermill: parameters in, executed notebook out."""

import logging
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError, strip_color
from papermill.execute import execute_notebook
from traitlets import default

from bwk import kernel
from bwk.errors import ReportError, logged, within
from bwk.files import workplace

SECONDS = 300
# Notebooks at once: one more than there are cores, as whoever starts a kernel mostly waits.
SIDE_BY_SIDE = 1 + (os.cpu_count() or 1)
# What goes wrong is said once, in Dutch.
logging.getLogger("papermill").addHandler(logging.NullHandler())


class _KernelManager(AsyncKernelManager):
    """Talks to the kernel over a socket file: no port to lose to another run, nobody listens in.

    The kernel is a warm one where the run has a server of them. It is that of this Python, and
    finds no settings or start-up files of the user: all that it has stands in `folder`.
    """

    folder = Path()

    @property
    def kernel_spec(self) -> KernelSpec:
        spec = KernelSpec(**get_kernel_dict())
        spec.env = kernel.SAFE | kernel.places(self.folder)
        if kernel.ADDRESS in os.environ:
            spec.metadata |= {"kernel_provisioner": {"provisioner_name": kernel.NAME}}
        return spec

    @default("transport")
    def _transport(self) -> str:
        return "tcp" if os.name == "nt" or kernel.too_long(self.folder) else "ipc"

    @default("ip")
    def _ip(self) -> str:
        return "127.0.0.1" if self.transport == "tcp" else str(self.folder / "kernel")

    @default("connection_file")
    def _connection_file(self) -> str:
        return str(self.folder / "kernel.json")


def execute(
    notebook: NotebookNode, parameters: Mapping[str, str | None], seconds: int = SECONDS
) -> NotebookNode:
    """Execute a notebook in a kernel of its own.

    Parameters
    ----------
    notebook : NotebookNode
        Is not changed.
    parameters : mapping of str to str or None
        Values for the cell tagged `parameters`.
    seconds : int
        How long all its cells together may take.

    Raises
    ------
    ReportError
        If a cell fails, the notebook takes too long, or its kernel dies.
    """
    try:
        return _executed(notebook, parameters, seconds)
    except PapermillExecutionError as error:
        raise ReportError(_failure(error, injected=bool(parameters))) from None
    except CellTimeoutError:
        raise ReportError(
            f"het werkboek rekent langer dan {seconds} seconden: "
            "haal de lus weg of maak het werkboek opnieuw."
        ) from None
    except RuntimeError:  # so says nbclient that a kernel died, also before its first cell
        raise ReportError(
            "de rekenkern van het werkboek is gestopt, misschien door te weinig geheugen of een "
            "volle schijf: maak ruimte, en probeer het opnieuw met --jobs 1."
        ) from None


def _executed(
    notebook: NotebookNode, parameters: Mapping[str, str | None], seconds: int
) -> NotebookNode:
    ends = time.monotonic() + seconds
    with workplace() as folder:
        return execute_notebook(
            notebook,
            None,
            parameters=dict(parameters),
            progress_bar=False,
            timeout_func=lambda cell: max(0.1, ends - time.monotonic()),
            request_save_on_cell_execute=False,
            kernel_manager_class=type("KernelManager", (_KernelManager,), {"folder": folder}),
            shutdown_kernel="immediate",  # nothing in it is wanted any more
        )


def _failure(error: PapermillExecutionError, injected: bool) -> str:
    # The cell with the parameters does not stand in the workbook.
    place = error.cell_index + (0 if injected else 1)
    failure = f"cel {place} van het werkboek geeft een fout ({error.ename})"
    # A message of our own is fit to read; any other may hold values of the data.
    if error.ename in _OWN_ERRORS:
        return f"{failure}: {error.evalue}"
    return " ".join([f"{failure}.", *logged([error.ename, *_places(error.traceback)])])


def _places(traceback: Sequence[str]) -> Iterator[str]:
    """Yield the file, line and function of each frame in a traceback of IPython, and no more."""
    for entry in traceback:
        # A note of an error has no colours: what reads like a frame in it is none.
        frame = _FRAME.match(strip_color(entry)) if entry.lstrip().startswith("\x1b[") else None
        if frame:
            function = f", in {frame['function']}" if frame["function"] else ""
            yield f"  {within(frame['file'])}:{frame['line']}{function}"


_OWN_ERRORS = ("BwkError", "DataError", "ReportError", "UsageError", "WorkbookError")
# `File ~/bwk/tables.py:12, in table(sheet)` or `Cell In[3], line 2`; lines of code follow.
_FRAME = re.compile(
    r"\s*(?:File (?=\S)|(?=Cell In\[))(?P<file>[^\n]+?)(?::|, line )(?P<line>\d+)"
    r"(?:, in (?P<function>[\w.<>]+))?"
)
