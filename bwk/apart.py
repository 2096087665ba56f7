"""Work in a process of its own, with which its memory goes."""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from bwk.errors import BwkError, frames, readable

Result = TypeVar("Result")


def apart(work: Callable[..., Result], *arguments: Any) -> Result:
    """Return what a function returns, or raise what it raises, in a new process.

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
    EOFError
        If the process dies; the message says in Dutch what is known of that, and the remedy.
    """
    # Not `multiprocessing`: that runs the caller's script again, which need not expect it.
    # `-P`: a `csv.py` in the folder where somebody works is not the module of that name.
    process = subprocess.run(
        [sys.executable, "-P", "-m", __name__],
        input=pickle.dumps((work, arguments, os.getpid())),
        stdout=subprocess.PIPE,
    )
    if process.returncode or not process.stdout:
        raise EOFError(_death(process.returncode))
    result, error = pickle.loads(process.stdout)
    if error:
        raise error
    return result


def _death(status: int) -> str:
    again = "probeer het opnieuw, en meld het als het weer gebeurt"
    if status >= 0:
        return f"met status {status}: {again}"
    name = signal.Signals(-status).name
    # That is how Linux ends a process when there is no memory left.
    if name == "SIGKILL":
        return "misschien door te weinig geheugen: sluit andere programma's en probeer het opnieuw"
    return f"door signaal {name}: {again}"


def _outcome(work: Callable[..., Any], arguments: tuple[Any, ...], parent: int) -> bytes:
    """Return what the work gives, and its error, pickled."""
    try:
        return pickle.dumps((work(*arguments), None))
    except BwkError as error:
        # The frames of this process do not come along with the error.
        error.add_note("\n".join(frames(error)))
        return pickle.dumps((None, error))
    except Exception as failure:
        if os.getppid() != parent:  # it was killed, and the next run cleared its folders
            raise BrokenPipeError from None
        return pickle.dumps((None, readable(failure)))


def main() -> None:
    """Do the work that comes in, as the new process."""
    # What the work prints must not come between: a solver now and then tells of its inner life.
    answer = os.dup(sys.stdout.fileno())
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    # Who is stopped tells nobody; neither does who is left alone.
    with suppress(KeyboardInterrupt, BrokenPipeError), open(answer, "wb") as back:  # noqa: PTH123
        work, arguments, parent = pickle.load(sys.stdin.buffer)
        back.write(_outcome(work, arguments, parent))


if __name__ == "__main__":
    main()
