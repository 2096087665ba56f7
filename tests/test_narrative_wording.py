"""The tables of Dutch words: each example is said by the form beside it."""

import re
import tomllib
from pathlib import Path

import pytest

from bwk.narrative import grammar, wording

TABLES = {
    path.stem: tomllib.loads(path.read_text("utf-8"))
    for path in Path(wording.__file__).parent.glob("*.toml")
    if path.stem != "drafts"
}
FORMS = [
    pytest.param(table, form, example, id=f"{table}: {kind}: {example}")
    for table, parts in TABLES.items()
    for part, kinds in parts.items()
    if part != "words"
    for kind, forms in kinds.items()
    for example, form in forms.items()
]


@pytest.mark.parametrize(("table", "form", "example"), FORMS)
def test_an_example_is_seen_by_its_form(table: str, form: str, example: str):
    assert wording.pattern(table, form).search(example)


@pytest.mark.parametrize("table", TABLES)
def test_words_have_names_of_their_own(table: str):
    assert not {*TABLES[table]["words"]} & {*grammar.WORDS}


@pytest.mark.parametrize("table", TABLES)
def test_all_words_are_used(table: str):
    code = Path(wording.__file__).parent.glob("*.py")
    forms = [form for row, form, _ in (param.values for param in FORMS) if row == table]
    users = [*forms, *TABLES[table]["words"].values(), *(path.read_text("utf-8") for path in code)]
    used = {*re.findall(r"[{\"']([a-z]\w*)[}\"']", " ".join(map(str, users)))}
    assert {*TABLES[table]["words"]} <= used


def test_a_bracket_groups_a_comma_parts_and_a_line_goes_on(monkeypatch: pytest.MonkeyPatch):
    page = {"words": {"fruit": "app(el|els),\n  peer"}}
    monkeypatch.setattr(wording, "_read", lambda _: page)
    pattern = wording.pattern("made up", "een {fruit}\n  \\(rijp\\)")
    assert pattern.groups == 0
    assert pattern.fullmatch("Een appels(rijp)")
    assert pattern.fullmatch("een peer(rijp)")
