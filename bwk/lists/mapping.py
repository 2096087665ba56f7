"""What was answered about lists, remembered in the data folder for next month's file."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from bwk import files
from bwk.errors import DataError
from bwk.formats import MONTHS, slug
from bwk.lists.answers import MARK, Answers
from bwk.lists.words import PLACE, SERVICE

FILE = "lijsten.toml"
_HEAD = (
    "# Hoe bwk import uw lijsten leest. Wat hier staat, vraagt het niet nog eens.\n"
    "# U mag dit bestand verbeteren. Een lege waarde bij een naam betekent: niet meetellen."
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


class _List(msgspec.Struct, omit_defaults=True):
    """The answers about a list, as they stand in the file."""

    locatie: str = ""
    dienst: str = ""
    diensten: dict[str, str] = {}
    locaties: dict[str, str] = {}
    tekens: dict[str, str] = {}


def read(data: Path, key: str) -> Answers:
    """Return what was answered about a list before.

    Raises
    ------
    DataError
        If the file with answers cannot be read.
    """
    remembered = _all(data).get(key, _List())
    names = {kind: getattr(remembered, kind) for kind in (SERVICE, PLACE, MARK)}
    return Answers(remembered.locatie, remembered.dienst, names=names)


def write(data: Path, key: str, answers: Answers) -> None:
    """Remember what was answered about a list; the year and the month are of one file alone."""
    lists = _all(data)
    plain = {"locatie": answers.location, "dienst": answers.service}
    answered = msgspec.convert({**plain, **answers.names}, _List)
    if answered not in (_List(), lists.get(key)):
        files.write(data / FILE, _text(lists | {key: answered}))


def _all(data: Path) -> dict[str, _List]:
    try:
        text = (data / FILE).read_text(encoding="utf-8-sig")
        return msgspec.toml.decode(text, type=dict[str, _List])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        message = f"{FILE} is niet te lezen: herstel of verwijder het."
        raise DataError(message) from None


def _text(lists: Mapping[str, _List]) -> str:
    """Write the answers as TOML; a text of JSON is one of TOML as well."""
    lines = [_HEAD]
    for key, answered in sorted(lists.items()):
        table = msgspec.to_builtins(answered)
        names = {kind: table.pop(kind) for kind in (SERVICE, PLACE, MARK) if kind in table}
        lines += ["", f"[{_quoted(key)}]", *_assignments(table)]
        for kind, aliases in names.items():
            lines += ["", f"[{_quoted(key)}.{kind}]", *_assignments(aliases)]
    return "\n".join([*lines, ""])


def _assignments(values: Mapping[str, str]) -> Iterator[str]:
    for name, value in values.items():
        yield f"{_quoted(name)} = {_quoted(value)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
