"""What was answered about lists, remembered in the data folder for next month's file."""

import re
from pathlib import Path

import msgspec

from bwk import files
from bwk.errors import DataError
from bwk.formats import MONTHS, slug
from bwk.lists.answers import Answers

FILE = "lijsten.toml"
_HEAD = (
    "# Hoe bwk import uw lijsten leest. Wat hier staat, vraagt het niet nog eens.\n"
    "# U mag dit bestand verbeteren. Een lege waarde bij een naam betekent: niet meetellen.\n\n"
)
_TIMES = re.compile(
    rf"\b(?:{'|'.join(MONTHS)}|jan|feb|mrt|apr|jun|jul|aug|sep|sept|okt|nov|dec|week|wk|q|kw)\b"
)


def key_of(stem: str) -> str:
    """Return the name of a list: that of its file without months, years and other numbers.

    >>> key_of("Presentielijst taal maart 2021"), key_of("inloop_2021-03 (2)")
    ('presentielijst-taal', 'inloop')
    """
    words = re.sub(r"\d+", " ", slug(stem).replace("-", " "))
    return slug(_TIMES.sub(" ", words)) or slug(stem) or "lijst"


def read(data: Path, key: str) -> Answers:
    """Return what was answered about a list before.

    Raises
    ------
    DataError
        If the file with answers cannot be read.
    """
    return _all(data).get(key, Answers()).of_all_files


def write(data: Path, key: str, answers: Answers) -> None:
    """Remember what was answered about a list."""
    lists = _all(data)
    answered = answers.of_all_files
    if answered not in (Answers(), lists.get(key)):
        text = msgspec.toml.encode(lists | {key: answered}, order="deterministic")
        files.write(data / FILE, _HEAD + text.decode())


def _all(data: Path) -> dict[str, Answers]:
    try:
        text = (data / FILE).read_text(encoding="utf-8-sig")
        return msgspec.toml.decode(text, type=dict[str, Answers])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        message = f"{FILE} is niet te lezen: herstel of verwijder het."
        raise DataError(message) from None
