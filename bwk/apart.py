"""Work in a process of its own, with which its memory goes."""

import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Result = TypeVar("Result")


def apart(work: Callable[..., Result], *given: Any) -> Result:
    """Return what a function returns, or raise what it raises, in a new process.

    Parameters
    ----------
    work : callable
        Of a module, as the new process imports it.
    *given : object
        Goes to the other process; so does what comes back.

    Raises
    ------
    EOFError
        If the process dies.
    """
    context = get_context("spawn")
    end, start = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(start, work, *given))
    process.start()
    start.close()
    try:
        result, error = end.recv()
    finally:
        process.kill()
        process.join()
    if error:
        raise error
    return result


def _send(start: Connection, work: Callable[..., Any], *given: Any) -> None:
    with suppress(KeyboardInterrupt, BrokenPipeError):
        try:
            start.send((work(*given), None))
        except Exception as error:
            error.add_note("".join(traceback.format_exception(error)))
            start.send((None, error))
