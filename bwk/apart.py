"""Work in a process of its own: its memory goes with it, and what it may take has an end."""

import io
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from subprocess import DEVNULL, PIPE
from typing import Any, BinaryIO, TypeVar

from bwk.errors import BwkError, DataError, ReportError, frames, readable

Result = TypeVar("Result")
SECONDS = 1800
_MOST_OF_MEMORY = 0.75  # of the machine: with more everything else comes to a stop
_AT_LEAST = 4 * 2**30  # bytes: ten million rows ask for 3, and fill half of that
_NO_MEMORY = 75  # the status with which the other process says so
_BACK: list[BinaryIO] = []  # in the other process: leads to the one that waits


def apart(work: Callable[..., Result], *arguments: Any) -> Result:
    """Return what a function returns, or raise what it raises, in a new process.

    What is apart already does its work where it is.

    Parameters
    ----------
    work : callable
        Of a module that is installed, as the new process imports it.
    *arguments : object
        Go to the other process; so does what comes back.

    Raises
    ------
    BwkError
        What the work raises; an error that nobody foresaw as `errors.readable` tells of it.
    DataError, ReportError
        If the process dies, or has no end: what is known of that, and the remedy. DataError where
        it died at a file.
    """
    if _BACK:
        return work(*arguments)
    # Not `multiprocessing`: that runs the caller's script again, which need not expect it.
    # `-P`: a `csv.py` in the folder where somebody works is not the module of that name.
    command = [sys.executable, "-P", "-c", f"from {__name__} import main; main()"]
    status, answer = _answered(command, pickle.dumps((work, arguments, os.getpid())))
    place, outcome = _understood(answer)
    if status != 0 or outcome is None:
        raise _death(status, place)
    result, error = outcome
    if error:
        raise error
    return result


def _answered(command: list[str], message: bytes) -> tuple[int | None, bytes]:
    """Return the status of a process, None where it has no end, and what it answers."""
    try:
        # What a library prints before it dies is not for users.
        done = subprocess.run(command, input=message, timeout=SECONDS, stdout=PIPE, stderr=DEVNULL)
    except subprocess.TimeoutExpired as late:
        return None, late.stdout or b""
    return done.returncode, done.stdout


def at(place: str) -> None:
    """Tell whoever waits for this work that it has come to a file; empty where it is past all."""
    for back in _BACK:
        pickle.dump(place, back)
        back.flush()


def _understood(answer: bytes) -> tuple[str, tuple[Any, BwkError | None] | None]:
    """Return the file at which the work was, and its result and error if it came so far."""
    place, parts = "", io.BytesIO(answer)
    with suppress(EOFError, pickle.UnpicklingError):
        while True:
            part = pickle.load(parts)
            if not isinstance(part, str):
                return place, part
            place = part
    return place, None


def _death(status: int | None, place: str) -> BwkError:
    again = "probeer het opnieuw, en meld het als het weer gebeurt"
    if status is None:
        cause = f"want het duurde langer dan {SECONDS // 60} minuten"
    # That is how Linux ends a process when there is no memory left.
    elif status in (_NO_MEMORY, -9):
        cause = "misschien door te weinig geheugen"
        again = "sluit andere programma's en probeer het opnieuw"
    elif status < 0:
        cause = f"door signaal {signal.Signals(-status).name}"
    else:
        cause = f"met status {status}"
    if place:
        return DataError(
            f"{place}: het lezen is gestopt, {cause}: sla het bestand opnieuw op, of haal het weg."
        )
    return ReportError(f"Het werk is gestopt, {cause}: {again}.")


def _outcome(
    work: Callable[..., Any], arguments: tuple[Any, ...], parent: int
) -> tuple[Any, BwkError | None]:
    """Return what the work gives, and its error."""
    try:
        return work(*arguments), None
    except MemoryError:
        sys.exit(_NO_MEMORY)
    except BwkError as error:
        # The frames of this process do not come along with the error.
        error.add_note("\n".join(frames(error)))
        return None, error
    except Exception as failure:
        if os.getppid() != parent:  # it was killed, and the next run cleared its folders
            raise BrokenPipeError from None
        return None, readable(failure)


def _limit() -> None:
    if sys.platform == "linux":  # elsewhere nothing holds to it
        import resource

        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        bytes_at_most = max(int(_MOST_OF_MEMORY * memory), _AT_LEAST)
        resource.setrlimit(resource.RLIMIT_DATA, (bytes_at_most, bytes_at_most))


def main() -> None:
    """Do the work that comes in, as the new process."""
    _limit()
    # What the work prints must not come between: a solver now and then tells of its inner life.
    answer = os.dup(sys.stdout.fileno())
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    # Who is stopped tells nobody; neither does who is left alone.
    with suppress(KeyboardInterrupt, BrokenPipeError), open(answer, "wb") as back:  # noqa: PTH123
        _BACK.append(back)
        work, arguments, parent = pickle.load(sys.stdin.buffer)
        pickle.dump(_outcome(work, arguments, parent), back)
