"""The workbooks of a period, ready to write in: made, or brought to the current template."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbformat import NotebookNode

from bwk import cells, execute, export, facts, kernel, lab, periods, workbook
from bwk.errors import BwkError, UsageError, WorkbookError, readable
from bwk.facts import FactBook
from bwk.files import write
from bwk.periods import Period

KEPT = "vorige"
NEW, UPDATED, SAME, REFUSED = "nieuw", "bijgewerkt", "ongewijzigd", "geweigerd"
_DRAWN = "De figuren en tabellen zijn opnieuw gemaakt."
_SAVED = "De vorige versie staat in de map {}."


@dataclass(frozen=True)
class Opened:
    """What became of a workbook: its `state`, and sentences in Dutch; `error` where it is refused.

    The state is `nieuw`, `bijgewerkt`, `ongewijzigd` or `geweigerd`.
    """

    name: str
    path: Path
    state: str
    notes: tuple[str, ...] = ()
    error: BwkError | None = None


def open_period(
    book: FactBook,
    notebooks: Path,
    *,
    workers: int | None = None,
    tell: Callable[[Opened, int], None] = lambda opened, total: None,
) -> list[Opened]:
    """Make the workbooks of a period that are missing, and bring the others to the template.

    A file is written whole or not at all, and only when something changed; what stood in it is
    kept in a folder beside it. A workbook that is refused stays as it was and stops no other.

    Parameters
    ----------
    book : FactBook
        The facts of the period: there is a workbook for each of its sheets.
    notebooks : Path
    workers : int, optional
        How many at once; default `execute.SIDE_BY_SIDE`.
    tell : callable
        Hears of each workbook when it is ready, and how many there are.
    """
    (notebooks / book.period.folder).mkdir(parents=True, exist_ok=True)
    opened, kernels = [], facts.prepared(book, BWK_NOTEBOOKS=notebooks)
    with kernel.server(), kernels, ThreadPoolExecutor(workers or execute.SIDE_BY_SIDE) as pool:
        for done in pool.map(partial(_open, book, notebooks), book.sheets):
            opened.append(done)
            tell(done, len(book.sheets))
    lab.trust(notebooks, [one.path for one in opened if one.state in (NEW, UPDATED)])
    return opened


def _open(book: FactBook, notebooks: Path, name: str) -> Opened:
    path = notebooks / book.period.folder / f"{name}.ipynb"
    try:
        return _brought(book, notebooks, path)
    except Exception as failure:  # one workbook must not stop the others
        error = readable(failure)
    return Opened(name, path, REFUSED, (str(error),), error)


def _brought(book: FactBook, notebooks: Path, path: Path) -> Opened:
    name, before = path.stem, path.read_bytes() if path.exists() else None
    template = _template(notebooks, name, book.period)
    current = workbook.read(path, template) if before is not None else None
    earlier = _earlier(notebooks, name, book.period)
    update = workbook.update(template, current, workbook.read(earlier) if earlier else None)
    notebook, notes = update.notebook, list(update.notes)
    inputs = _inputs(book, name, template)
    if cells.own(notebook).get("inputs") != inputs or not _is_drawn(notebook):
        notebook = _drawn(template, notebook)
        cells.label(notebook, inputs=inputs)
        notes += [_DRAWN] if current else []
    if current == notebook:
        return Opened(name, path, SAME)
    if kept := _keep(path, before):
        notes.append(_SAVED.format(kept.parent.name))
    write(path, nbformat.writes(notebook) + "\n")
    return Opened(name, path, UPDATED if current else NEW, tuple(notes))


def _template(notebooks: Path, name: str, period: Period) -> NotebookNode:
    template = workbook.read(workbook.template(notebooks, name))
    spec = template.metadata.setdefault("kernelspec", {"name": "python3", "display_name": ""})
    with suppress(NoSuchKernel):  # another name than the installed one marks a tab as changed
        spec["display_name"] = KernelSpecManager().get_kernel_spec(spec["name"]).display_name
    return workbook.parametrized(template, name, period.name)


def _earlier(notebooks: Path, name: str, period: Period) -> Path | None:
    """Return the workbook of the newest period that ended before this one began."""
    found: dict[tuple, Path] = {}
    for path in notebooks.glob(f"*/{name}.ipynb"):
        with suppress(UsageError):
            ended = periods.parse(path.parent.name)
            found |= {(ended.last, ended.first): path} if ended.last < period.first else {}
    return found[max(found)] if found else None


def _inputs(book: FactBook, name: str, template: NotebookNode) -> str:
    """Return a hash of what the figures and tables are made from."""
    code = [cell.source for cell in template.cells if cell.cell_type == "code"]
    made_from = [version("bwk"), code, book.sheets[name].to_json()]
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()[:12]


def _is_drawn(notebook: NotebookNode) -> bool:
    return any(cell.get("outputs") for cell in notebook.cells)


def _drawn(template: NotebookNode, notebook: NotebookNode) -> NotebookNode:
    """Return the workbook with the outputs of its template, executed; cells for the screen wait."""
    done = export.strip(execute.execute(workbook.assemble(template, notebook), {}))
    made = {cells.key_of(cell): cell for cell in done.cells if cell.cell_type == "code"}
    drawn = nbformat.from_dict(notebook)
    for cell in drawn.cells:
        if cell.cell_type == "code" and (new := made.get(cells.key_of(cell))):
            cell.outputs, cell.execution_count = new.outputs, new.execution_count
    drawn.metadata.update({k: v for k, v in done.metadata.items() if k == "language_info"})
    return drawn


def _keep(path: Path, content: bytes | None) -> Path | None:
    """Keep what a file held; refuse to go on if it was saved in the meantime."""
    if content != (path.read_bytes() if path.exists() else None):
        raise WorkbookError(
            f"{path.parent.name}/{path.name} is net opgeslagen: sluit het in JupyterLab en open "
            "de periode opnieuw."
        )
    if content is None:
        return None
    kept = path.parent / KEPT / f"{path.stem}.{hashlib.sha256(content).hexdigest()[:8]}.ipynb"
    kept.parent.mkdir(exist_ok=True)
    if not kept.exists():
        write(kept, content, source=path)
    return kept
