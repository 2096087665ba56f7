"""What was answered about lists, remembered in the data folder for next month's file."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from bwk import files
from bwk.errors import DataError
from bwk.formats import MONTHS, slug
from bwk.lists.answers import MARK, SINGULAR, Answers
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


def read(data: Path, key: str) -> Answers:
    """Return what was answered about a list before.

    Raises
    ------
    DataError
        If the file with answers cannot be read.
    """
    remembered = _all(data).get(key, {})
    if not isinstance(remembered, Mapping):
        raise DataError(f"{FILE}: ‘{key}’ is geen tabel: herstel of verwijder die regel.")
    names = {
        kind: {str(text): str(value) for text, value in table.items()}
        for kind in (SERVICE, PLACE, MARK)
        if isinstance(table := remembered.get(kind), dict)
    }
    location, service = (str(remembered.get(SINGULAR[role], "")) for role in (PLACE, SERVICE))
    return Answers(location, service, names=names)


def write(data: Path, key: str, answers: Answers) -> None:
    """Remember what was answered about a list; the year and the month are of one file alone."""
    lists = _all(data)
    plain = {SINGULAR[role]: answers.given(role) for role in (PLACE, SERVICE)}
    table = {name: value for name, value in (plain | {**answers.names}).items() if value}
    if table and lists.get(key) != table:
        files.write(data / FILE, _text(lists | {key: table}))


def _all(data: Path) -> dict:
    try:
        return tomllib.loads((data / FILE).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise DataError(f"{FILE} is geen geldige TOML: herstel of verwijder het.") from None


def _text(lists: Mapping[str, Mapping]) -> str:
    """Write the answers as TOML; a text of JSON is one of TOML as well."""
    lines = [_HEAD]
    for key, table in sorted(lists.items()):
        plain = {name: value for name, value in table.items() if isinstance(value, str)}
        lines += ["", f"[{_quoted(key)}]", *_assignments(plain)]
        for kind, names in table.items():
            if isinstance(names, Mapping):
                lines += ["", f"[{_quoted(key)}.{kind}]", *_assignments(names)]
    return "\n".join([*lines, ""])


def _assignments(values: Mapping[str, str]) -> Iterator[str]:
    for name, value in values.items():
        yield f"{_quoted(name)} = {_quoted(value)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
