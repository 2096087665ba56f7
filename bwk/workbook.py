"""Template and evaluator's text together: the workbook that is run."""

import copy
from collections import Counter
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from bwk.errors import WorkbookError

TEMPLATES = "sjablonen"
OWN_TEMPLATES = Path(__file__).parent.parent / "notebooks" / TEMPLATES


def read(path: Path) -> NotebookNode:
    """Read a workbook or a template.

    Raises
    ------
    WorkbookError
        If the file is no notebook, or two cells have the same key.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except Exception:  # nbformat raises whatever a strange file makes it stumble over
        raise WorkbookError(
            f"{path.name} is geen leesbaar werkboek: zet de vorige versie van het bestand terug."
        ) from None
    keys = Counter(key for cell in notebook.cells if (key := _key(cell)))
    if twice := [key for key, times in keys.items() if times > 1 and _is_code(notebook, key)]:
        raise WorkbookError(
            f"{path.name} heeft twee cellen met de sleutel ‘{twice[0]}’: verwijder de kopie."
        )
    return notebook


def template(notebooks: Path, kind: str) -> Path:
    """Return the template of a kind (`locatie` or `stad`): the folder's, else the project's own.

    Raises
    ------
    WorkbookError
        If there is none.
    """
    for folder in (notebooks / TEMPLATES, OWN_TEMPLATES):
        if (path := folder / f"{kind}.ipynb").is_file():
            return path
    raise WorkbookError(f"Het sjabloon {TEMPLATES}/{kind}.ipynb ontbreekt: zet het terug.")


def assemble(template: NotebookNode, workbook: NotebookNode | None) -> NotebookNode:
    """Return the notebook to run: code and fixed cells of the template, text of the workbook.

    Parameters
    ----------
    template : NotebookNode
    workbook : NotebookNode or None
        Without a workbook the bare template is run. Neither is changed.
    """
    if workbook is None:
        return copy.deepcopy(template)
    locked = {_key(cell): cell for cell in template.cells if _role(cell) != "narrative"}
    notebook = copy.deepcopy(workbook)
    notebook.cells = [copy.deepcopy(locked.get(_key(cell), cell)) for cell in notebook.cells]
    return notebook


def _key(cell: NotebookNode) -> str | None:
    return cell.metadata.get("bwk", {}).get("key")


def _role(cell: NotebookNode) -> str | None:
    return cell.metadata.get("bwk", {}).get("role")


def _is_code(notebook: NotebookNode, key: str) -> bool:
    return any(_key(cell) == key and _role(cell) == "code" for cell in notebook.cells)
