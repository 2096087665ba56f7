"""What was answered about lists, remembered in the data folder for next month's file."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from bwk import files
from bwk.errors import DataError
from bwk.formats import MONTHS, slug
from bwk.lists.visits import LOCATION, MARK, PLACES, SERVICE_OF, SERVICES, Answers

FILE = "lijsten.toml"
_HEAD = (
    "# Hoe bwk import uw lijsten leest. Wat hier staat, vraagt het niet nog eens.\n"
    "# U mag dit bestand verbeteren. Een lege waarde bij een naam betekent: niet meetellen.\n"
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
        for kind in (SERVICES, PLACES, MARK)
        if isinstance(table := remembered.get(kind), dict)
    }
    return Answers(
        location=str(remembered.get(LOCATION, "")),
        service=str(remembered.get(SERVICE_OF, "")),
        names=names,
    )


def write(data: Path, key: str, answers: Answers) -> None:
    """Remember what was answered about a list; the year and the month are of one file alone."""
    lists = _all(data)
    plain = {LOCATION: answers.location, SERVICE_OF: answers.service}
    table: dict[str, object] = {name: value for name, value in plain.items() if value}
    table |= {kind: names for kind, names in answers.names.items() if names}
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
        lines.append(f"\n[{_quoted(key)}]\n")
        lines += [
            f"{name} = {_quoted(value)}\n"
            for name, value in table.items()
            if isinstance(value, str)
        ]
        for kind, names in table.items():
            if isinstance(names, Mapping):
                lines.append(f"\n[{_quoted(key)}.{kind}]\n")
                lines += [f"{_quoted(text)} = {_quoted(value)}\n" for text, value in names.items()]
    return "".join(lines)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
