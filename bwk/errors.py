"""The errors meant for users, each with the exit status of the command.

::

    BwkError
    ├── ReportError      1  a report could not be made; the others go on
    ├── UsageError       2  wrong use of a command: period, location, option
    ├── DataError        3  the data are refused
    ├── WorkbookError    4  a workbook is refused
    └── DefinitiveError  5  the period is definitive

The message is one Dutch sentence with the place and the remedy. It never holds the value of a
person, nor a path of the machine outside the folder that the user named. Where an error came from
that nobody foresaw stands in a log, in the folder that `BWK_LOG` names.
"""

import errno
import hashlib
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

LOG = "BWK_LOG"
_NO_MEMORY = "Er is te weinig geheugen: sluit andere programma's en probeer het opnieuw."


class BwkError(Exception):
    """An error that the user can mend; printed without a traceback."""

    exit_status = 1


class ReportError(BwkError):
    """A report could not be made; the others go on."""


class UsageError(BwkError):
    """Wrong use of a command: an unknown period, location or option."""

    exit_status = 2


class DataError(BwkError):
    """The data are refused."""

    exit_status = 3


class WorkbookError(BwkError):
    """A workbook is refused."""

    exit_status = 4


class DefinitiveError(BwkError):
    """The period is definitive and is not made again."""

    exit_status = 5


def unwritable(failure: OSError) -> str:
    """Say that a file could not be read or written; of where it stands a name, and no path."""
    if failure.errno == errno.ENOSPC:
        return "De schijf is vol: maak ruimte en probeer het opnieuw."
    if _is_refused(failure):
        path = Path(failure.filename).absolute()
        is_known = path.exists() and not path.name.startswith(".")
        place = path.name if is_known else path.parent.name
        return f"Deze gebruiker heeft geen recht op {place}: geef hem dat, of kies een andere map."
    return f"Een bestand kon niet worden gelezen of geschreven ({type(failure).__name__})."


def readable(failure: Exception) -> BwkError:
    """Return an error that is fit to read: of one that nobody foresaw the kind and the log."""
    if isinstance(failure, BwkError):
        return failure
    if isinstance(failure, MemoryError) or getattr(failure, "errno", 0) == errno.ENOMEM:
        return ReportError(_NO_MEMORY)  # nor is there any to work out where it was
    if isinstance(failure, OSError):
        sentence = unwritable(failure)
        if _is_refused(failure):
            return ReportError(sentence)
    else:
        sentence = f"een onverwachte fout ({type(failure).__name__}): meld die."
    return ReportError(" ".join([sentence, *logged(frames(failure))]))


def _is_refused(failure: OSError) -> bool:
    """Tell whether the user lacks the right to a file, or its disk may not be written."""
    denied = errno.EACCES, errno.EPERM, errno.EROFS
    return failure.errno in denied and isinstance(failure.filename, str | os.PathLike)


def frames(failure: BaseException) -> list[str]:
    """List where an error and its causes came from: files, lines, functions.

    Never a message, a note or a variable: they may hold what belongs to a person.
    """
    cause = failure.__cause__ or failure.__context__
    places = [*(frames(cause) if cause else ()), type(failure).__name__]
    for frame, line in traceback.walk_tb(failure.__traceback__):
        code = frame.f_code
        places.append(f"  {within(code.co_filename)}:{line}, in {code.co_qualname}")
    return places


def within(file: str) -> str:
    """Return the path of a file of code within the folder that Python imports it from.

    >>> within(traceback.__file__), within("/home/jan/werk.py")
    ('traceback.py', 'werk.py')
    """
    path = Path(file).expanduser()
    roots = [root for root in sys.path if path.is_relative_to(root)]
    if not roots:
        return path.name
    return path.relative_to(max(roots, key=len)).as_posix()


def logged(places: Sequence[str]) -> list[str]:
    """Write where an error came from in the log, if there is one; return a sentence that names it.

    Each error has a file, whole or not at all: the same error in the same place has the same file.
    """
    if not (log := os.environ.get(LOG)):
        return []
    folder = Path(log)
    path = folder / f"fout-{hashlib.sha256(repr(places).encode()).hexdigest()[:8]}.log"
    try:
        from importlib.metadata import version  # slow to load, and mostly not needed

        folder.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([f"bwk {version('bwk')}", *places, ""]), encoding="utf-8")
    except (OSError, MemoryError):
        with suppress(OSError):
            path.unlink()
        return ["Waar het misging, kon niet in een logboek worden geschreven."]
    # A hidden folder is one that the user did not name.
    user_folder = folder.parent if folder.name.startswith(".") else folder
    return [f"Waar het misging, staat in {path.relative_to(user_folder.parent).as_posix()}."]
