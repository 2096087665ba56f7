"""Tables of Dutch words, in `.toml` files beside the code: what a text may say, and how it is said.

A table has parts, a part has kinds, and a kind has forms: on the left an example, on the right the
regular expression that sees it, in small letters and capitals. In a form `{name}` stands for one of
the table's `words`, or of those of `grammar`. Words are set apart by a comma and white space; a
bracket groups, and a line may go on on an indented one.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, partial
from importlib import resources
from typing import Any

from bwk.narrative import grammar

_OR = re.compile(r",\s+")
_LINE_END = re.compile(r"\n +")
_GROUP = re.compile(r"(?<!\\)\((?!\?)")


@cache
def patterns(table: str, part: str) -> list[tuple[str, re.Pattern[str]]]:
    """Return the kind of each form in a part of a table, in its order, and what sees it."""
    return [
        (kind, pattern(table, form))
        for kind, forms in _read(table)[part].items()
        for form in forms.values()
    ]


@cache
def pattern(table: str, form: str) -> re.Pattern[str]:
    """Return a form with the words of a table."""
    filled = _LINE_END.sub("", grammar.filled(form, _parts(table)))
    return re.compile(_GROUP.sub("(?:", filled), re.I)


def words(table: str, name: str) -> re.Pattern[str]:
    """Return what sees some words of a table."""
    return pattern(table, f"{{{name}}}")


said = partial(words, "said")


def warm() -> None:
    """Compile what the first text of a process would."""
    grammar.rules()
    for table in ("said", "privacy"):
        for part in _read(table).keys() - {"words"}:
            patterns(table, part)
        for name in _read(table)["words"]:
            words(table, name)


@cache
def _parts(table: str) -> Mapping[str, str]:
    own = {name: _OR.sub("|", row) for name, row in _read(table)["words"].items()}
    return grammar.WORDS | own


@cache
def _read(table: str) -> dict[str, Any]:
    page = resources.files("bwk.narrative").joinpath(f"{table}.toml")
    return tomllib.loads(page.read_text("utf-8"))
