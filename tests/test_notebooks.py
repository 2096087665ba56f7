"""The notebooks as files: templates hold the code and the headings, workbooks hold the text."""

import ast
import hashlib
from itertools import pairwise
from pathlib import Path

import mistune
import nbformat
import pytest

from bwk.workbook import FOLLOW_UP_CELLS

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
TEMPLATES = ["sjablonen/locatie", "sjablonen/stad"]
WORKBOOKS = {
    "2018-H1/hart-voor-leidsche-rijn": "sjablonen/locatie",
    "2018-H1/top": "sjablonen/locatie",
    "2018-H1/stad": "sjablonen/stad",
}
ROOMS = {"facts", "figures", "tables", "narrative"}
PARAMETERS = ["location", "period", "baseline"]
PROMPT = "Schrijf hier:"

each_notebook = pytest.mark.parametrize("name", [*TEMPLATES, *WORKBOOKS])
each_template = pytest.mark.parametrize("name", TEMPLATES)
each_workbook = pytest.mark.parametrize("name", WORKBOOKS)


def path_of(name):
    return NOTEBOOKS / f"{name}.ipynb"


def read(name):
    return nbformat.read(path_of(name), as_version=nbformat.NO_CONVERT)


def cells(name, *roles):
    return [cell for cell in read(name).cells if cell.metadata.bwk.role in roles]


def fingerprint(text):
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return hashlib.sha256(lines.strip("\n").encode()).hexdigest()[:12]


def markdown(text):
    tokens, _ = mistune.create_markdown(renderer="ast", plugins=["table"]).parse(text)
    return tokens


def with_children(tokens):
    for token in tokens:
        yield token
        yield from with_children(token.get("children", ()))


def headings(cell):
    return [
        token["attrs"]["level"] for token in markdown(cell.source) if token["type"] == "heading"
    ]


def code(name):
    return [ast.parse(cell.source) for cell in cells(name, "code")]


def nodes(name, *kinds):
    return [node for tree in code(name) for node in ast.walk(tree) if isinstance(node, kinds)]


@each_notebook
def test_the_file_is_valid_and_stands_as_jupyter_would_save_it(name):
    notebook = read(name)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert path_of(name).read_text(encoding="utf-8") == nbformat.writes(notebook) + "\n"


@each_notebook
def test_the_kernel_is_the_one_of_every_installation(name):
    assert read(name).metadata.kernelspec == {
        "name": "python3",
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
    }


@each_notebook
def test_no_outputs_are_stored(name):
    left = [cell.id for cell in cells(name, "code") if cell.outputs or cell.execution_count]
    assert left == []


@each_notebook
def test_keys_are_unique_and_are_the_cell_ids(name):
    keys = [cell.metadata.bwk.key for cell in read(name).cells]
    assert len(set(keys)) == len(keys)
    assert keys == [cell.id for cell in read(name).cells]


@each_notebook
def test_a_code_cell_has_one_to_three_lines(name):
    lengths = {cell.id: len(cell.source.splitlines()) for cell in cells(name, "code")}
    assert set(lengths.values()) <= {1, 2, 3}


@each_notebook
def test_code_defines_nothing(name):
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert nodes(name, *defined) == []


@each_notebook
def test_code_imports_only_the_rooms_behind_the_privacy_wall(name):
    imports = nodes(name, ast.Import, ast.ImportFrom)
    assert imports
    for node in imports:
        assert getattr(node, "module", None) == "bwk"
        assert {alias.name for alias in node.names} <= ROOMS


@each_notebook
def test_code_reaches_nothing_but_the_functions_of_those_rooms(name):
    names = {node.id for node in nodes(name, ast.Name)}
    assert names <= {*ROOMS, *PARAMETERS, "sheet"}
    for node in nodes(name, ast.Attribute):
        assert isinstance(node.value, ast.Name)
        assert node.value.id in ROOMS
        assert not node.attr.startswith("_")


@each_notebook
def test_the_first_cells_are_parameters_import_and_title_page(name):
    parameters, imports, masthead = code(name)[:3]
    assert [node.targets[0].id for node in parameters.body] == PARAMETERS
    assert isinstance(imports.body[0], ast.ImportFrom)
    assert ast.unparse(masthead.body[-1]) == "tables.masthead(sheet)"
    assert [cell.metadata.bwk.role for cell in read(name).cells[:3]] == ["code"] * 3


@each_notebook
def test_papermill_finds_the_parameters_by_their_tag(name):
    tagged = [cell.id for cell in read(name).cells if "parameters" in cell.metadata.get("tags", [])]
    assert tagged == ["parameters"]


@each_notebook
def test_only_the_text_can_be_edited_and_no_cell_can_be_deleted(name):
    assert {cell.metadata.deletable for cell in read(name).cells} == {False}
    assert {cell.metadata.editable for cell in cells(name, "code", "fixed")} == {False}
    assert not any("editable" in cell.metadata for cell in cells(name, "narrative"))


@each_notebook
def test_code_is_hidden(name):
    assert all(cell.metadata.jupyter.source_hidden is True for cell in cells(name, "code"))


@each_notebook
def test_roles_agree_with_cell_types(name):
    kinds = {(cell.cell_type, cell.metadata.bwk.role) for cell in read(name).cells}
    assert kinds == {("code", "code"), ("markdown", "fixed"), ("markdown", "narrative")}


@each_notebook
def test_heading_levels_start_at_two_and_never_skip(name):
    levels = [level for cell in cells(name, "fixed", "narrative") for level in headings(cell)]
    assert levels[0] == 2
    assert min(levels) == 2
    assert all(after <= before + 1 for before, after in pairwise(levels))


@each_notebook
def test_a_fixed_cell_is_one_heading(name):
    wrong = [
        cell.id
        for cell in cells(name, "fixed")
        if not cell.metadata.bwk.get("screen")
        and [token["type"] for token in markdown(cell.source)] != ["heading"]
    ]
    assert wrong == []


@each_notebook
def test_the_text_holds_no_html_and_no_pictures(name):
    text = "\n\n".join(cell.source for cell in cells(name, "fixed", "narrative"))
    types = {token["type"] for token in with_children(markdown(text))}
    assert types.isdisjoint({"block_html", "inline_html", "image"})


@each_template
def test_a_template_has_the_hash_of_each_start_text(name):
    hashes = {cell.id: cell.metadata.bwk.hash for cell in read(name).cells}
    assert hashes == {cell.id: fingerprint(cell.source) for cell in read(name).cells}


@each_template
def test_a_template_asks_for_each_text_in_italics(name):
    for cell in cells(name, "narrative"):
        assert cell.source.startswith(f"***{PROMPT}** ")
        [token] = markdown(cell.source)[0]["children"]
        assert (token["type"], token["children"][0]["type"]) == ("emphasis", "strong")


@each_template
def test_a_template_says_which_it_is(name):
    assert read(name).metadata.bwk == {"template": Path(name).name, "version": 2}


@each_workbook
def test_a_workbook_belongs_to_its_template(name):
    own = read(name).metadata
    assert own.pop("bwk").pop("location") == Path(name).name
    wanted = read(WORKBOOKS[name]).metadata
    del wanted["bwk"]
    assert own == wanted


@each_workbook
def test_a_workbook_differs_from_its_template_in_the_texts_alone(name):
    def frame(cell):
        own = cell.metadata.bwk.role == "narrative" or cell.metadata.bwk.key == "parameters"
        text = None if own else cell.source
        if cell.metadata.bwk.key == "parameters":
            del cell.metadata.bwk["hash"]
        return cell.id, cell.cell_type, cell.metadata, text

    # These are the first workbooks: there are no earlier intentions to follow up.
    template = [c for c in read(WORKBOOKS[name]).cells if c.metadata.bwk.key not in FOLLOW_UP_CELLS]
    assert [frame(cell) for cell in read(name).cells] == [frame(cell) for cell in template]


@each_workbook
def test_every_text_of_a_workbook_is_written(name):
    unwritten = [
        cell.id
        for cell in cells(name, "narrative")
        if not cell.source.strip()
        or PROMPT in cell.source
        or fingerprint(cell.source) == cell.metadata.bwk.hash
    ]
    assert unwritten == []


@each_workbook
def test_intentions_are_a_list_with_a_short_heading_for_each(name):
    (cell,) = (cell for cell in cells(name, "narrative") if cell.id == "voornemens-tekst")
    (points,) = (token for token in markdown(cell.source) if token["type"] == "list")
    openings = [item["children"][0]["children"][0]["type"] for item in points["children"]]
    assert set(openings) == {"strong"}
