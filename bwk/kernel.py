"""Warm kernels: each notebook in a process of its own, forked from one that has the imports done.

A run starts the server with `server()` and says in `BWK_KERNELS` where it listens. Jupyter knows
`Provisioner` as `bwk-warm`; it asks the server for each kernel, and starts an ordinary one where
there is no server. Programs other than bwk choose it with `JUPYTER_DEFAULT_PROVISIONER_NAME`.

One connection stands for one kernel: it carries the request and the process id, and whoever sees
its end knows that the other side is gone. There is no server on Windows, which cannot fork, nor on
macOS, whose own libraries do not survive a fork.
"""

import asyncio
import ctypes
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from bwk.files import workplace

ADDRESS = "BWK_KERNELS"
NAME = "bwk-warm"
AT_END_OF_PARENT, SUBREAPER = 1, 36  # of prctl(2)
START_SECONDS = 60
LONGEST = 90  # bytes in the path of a folder of socket files: they have room for 107
LAUNCHER = [sys.executable, "-m", "ipykernel_launcher"]
# What an ordinary kernel imports before its first cell, and what the notebooks import.
PRELOADED = (
    "ipykernel.debugger ipykernel.ipkernel ipykernel.kernelapp IPython.core.completerlib "
    "IPython.core.debugger IPython.extensions.storemagic debugpy.server faulthandler psutil "
    "sqlite3 tornado.platform.asyncio numpy pandas seaborn "
    "bwk.figures bwk.narrative.wording bwk.narrative bwk.tables"
).split()
# Not imported: matplotlib_inline, which looks for the kernel when it is imported.
INLINE = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
# A thread does not survive a fork, and a lock that it holds is never let go.
SINGLE = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
# Nothing of the working folder or of the user is run: a `csv.py` there is no module.
SAFE = {
    "PYTHONSAFEPATH": "1",
    "PYTHONNOUSERSITE": "1",
    "PYTHONSTARTUP": "",
    "MATPLOTLIBRC": "",
}


def places(folder: Path) -> dict[str, str]:
    """Return the environment in which settings and start-up files are looked for in a folder."""
    return {"IPYTHONDIR": str(folder / "ipython"), "MPLCONFIGDIR": str(folder / "matplotlib")}


def too_long(folder: Path) -> bool:
    """Whether no socket file can be in a folder: there is no room for its path."""
    return len(os.fsencode(folder)) > LONGEST


@contextmanager
def server() -> Iterator[None]:
    """Have kernels forked from a warm process; it and its kernels end here, or with this process.

    Where processes cannot be forked, or sockets not made, kernels start in the ordinary way.
    """
    before = os.environ.get(ADDRESS)
    with ExitStack() as stack:
        folder = stack.enter_context(workplace())
        if sys.platform != "linux" or too_long(folder):
            yield
            return
        address = str(folder / "kernels")
        process, lifeline = _start(address, folder)
        stack.callback(process.wait)
        stack.callback(process.kill)
        stack.enter_context(lifeline)
        os.environ[ADDRESS] = address
        try:
            yield
        finally:
            os.environ.pop(ADDRESS)
            os.environ.update({ADDRESS: before} if before else {})


def _start(address: str, folder: Path) -> tuple[subprocess.Popen[bytes], socket.socket]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(128)
        lifeline = socket.socket(socket.AF_UNIX)
        lifeline.connect(address)
        process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=listener.fileno(),
            stderr=subprocess.DEVNULL,  # what goes wrong is said once, in Dutch
            cwd=folder,  # matplotlib reads the settings of the folder where it is imported
            env=INLINE | os.environ | SINGLE | SAFE | places(folder),
            start_new_session=True,
        )
    return process, lifeline


class Provisioner(LocalProvisioner):
    """Asks the server of `BWK_KERNELS` for a kernel, else starts an ordinary one."""

    process: Any = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start a kernel; see `LocalProvisioner`."""
        if not kwargs.keys() - {"cwd", "env", "kernel_id"}:
            self.process = await asyncio.to_thread(_ask, cmd, kwargs)
        if self.process is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info


class Forked:
    """The part of `Popen` that a provisioner needs, for a process that is no child of this one."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, connection: socket.socket) -> None:
        self.pid, self._connection = pid, connection
        connection.setblocking(False)

    def poll(self) -> int | None:
        """Return None while the kernel lives, then 1: its real status is not known here."""
        with suppress(ConnectionError):
            try:
                self._connection.recv(1)
            except BlockingIOError:
                return None
        return 1

    wait = poll

    def send_signal(self, number: int) -> None:
        """Send a signal to a kernel whose group is gone already: there is nobody to get it."""


def _ask(command: list[str], settings: dict[str, Any]) -> Forked | None:
    """Have the server start a kernel; None where there is no server, or not one for this kernel."""
    environment = settings.get("env") or os.environ
    folder = str(settings.get("cwd") or Path.cwd())
    asked = {"command": command, "environment": dict(environment), "folder": folder}
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(START_SECONDS)
        connection.connect(os.environ[ADDRESS])
        with connection.makefile("rw") as lines:
            lines.write(json.dumps(asked) + "\n")
            lines.flush()
            return Forked(int(lines.readline()), connection)
    except (KeyError, OSError, ValueError):
        connection.close()
        return None


def _serve(listener: socket.socket, lifeline: socket.socket) -> socket.socket:
    """Fork at each connection; return it, in the child. End with whoever holds the lifeline."""
    while True:
        readable, _, _ = select.select([listener, lifeline], [], [])
        if lifeline in readable:
            shutil.rmtree(Path(listener.getsockname()).parent, ignore_errors=True)
            sys.exit()
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            return connection
        connection.close()


def _become(connection: socket.socket, lifeline: socket.socket) -> None:
    """Be the kernel that is asked for, in its folder and environment."""
    import numpy

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    libc = ctypes.CDLL(None)
    # Whatever loses its parent among what this process starts becomes its own.
    libc.prctl(SUBREAPER, 1, 0, 0, 0)
    # Somebody may have stopped it when it is to end.
    libc.prctl(AT_END_OF_PARENT, signal.SIGCONT, 0, 0, 0)
    if child := os.fork():
        _end_kernel(child, connection, lifeline)
    libc.prctl(AT_END_OF_PARENT, signal.SIGKILL, 0, 0, 0)
    os.setsid()
    # A process that the notebook forks may live longer, and would hide the kernel's death.
    os.register_at_fork(after_in_child=connection.close)
    with connection.makefile() as lines:
        if not (line := lines.readline()):  # whoever asked is gone
            return
    asked = json.loads(line)
    if asked["command"][: len(LAUNCHER)] != LAUNCHER:
        return
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"], JPY_PARENT_PID=str(os.getppid()))
    time.tzset()
    numpy.random.seed()
    try:
        connection.sendall(f"{os.getpid()}\n".encode())
    except BrokenPipeError:  # gone in the meantime
        return
    _launch(asked["command"][len(LAUNCHER) :])


def _end_kernel(process: int, *connections: socket.socket) -> NoReturn:
    """Wait for the end of the kernel or of whoever is connected, then end it and what it started.

    Also what left its group and its parent.
    """
    import psutil  # type: ignore[import-untyped]

    ends = select.poll()
    ends.register(os.pidfd_open(process), select.POLLIN)
    for connection in connections:
        ends.register(connection, select.POLLRDHUP)
    ends.poll()
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    with suppress(ChildProcessError):
        while True:
            for child in psutil.Process().children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    child.kill()
            os.wait()
    os._exit(0)


def _launch(arguments: list[str]) -> None:
    """Do what `ipykernel_launcher` does."""
    import ipykernel_launcher  # type: ignore[import-untyped]
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = [str(ipykernel_launcher.__file__), *arguments]
    gc.enable()
    IPKernelApp.launch_instance(arguments, parent_handle=os.getppid())


def _warm() -> None:
    """Import what notebooks need, and warm what can be; leave no thread."""
    for name in PRELOADED:
        getattr(importlib.import_module(name), "warm", lambda: None)()
    gc.collect()
    gc.disable()
    gc.freeze()


def main() -> None:
    """Serve kernels to the socket that is this process's standard input."""
    listener = socket.socket(fileno=os.dup(0))
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    lifeline, _ = listener.accept()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _warm()
    connection = _serve(listener, lifeline)
    _become(connection, lifeline)


if __name__ == "__main__":
    main()
