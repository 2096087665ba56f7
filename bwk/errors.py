"""The errors meant for users, each with the exit status of the command.

::

    BwkError
    ├── ReportError      1  a report could not be made; the others go on
    ├── UsageError       2  wrong use of a command: period, location, option
    ├── DataError        3  the data are refused
    ├── WorkbookError    4  a workbook is refused
    └── DefinitiveError  5  the period is definitive

The message is one Dutch sentence with the place and the remedy. It never holds the value of a
person, nor a path of the machine outside the folder that the user named.
"""

import errno


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
    """Say that a file could not be read or written, without naming where it stands."""
    if failure.errno == errno.ENOSPC:
        return "De schijf is vol: maak ruimte en probeer het opnieuw."
    return f"Een bestand kon niet worden gelezen of geschreven ({type(failure).__name__})."


def readable(failure: Exception) -> BwkError:
    """Return an error that is fit to read: of one that nobody foresaw the kind alone."""
    if isinstance(failure, BwkError):
        return failure
    if isinstance(failure, OSError):
        return ReportError(unwritable(failure))
    return ReportError(f"een onverwachte fout ({type(failure).__name__}): meld die.")
