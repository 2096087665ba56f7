"""The workbooks of a period, ready to write in: made, or brought to the current template."""

import hmac
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_core.paths import jupyter_path
from nbformat import NotebookNode

from bwk import cells, execute, export, facts, inputs, kernel, lab, periods, workbook
from bwk.errors import BwkError, UsageError, WorkbookError, readable
from bwk.facts import FactBook
from bwk.files import write
from bwk.narrative import drafts
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
    results, kernels = [], facts.prepared(book, BWK_NOTEBOOKS=notebooks)
    with (
        kernel.server(),
        kernels,
        lab.notary(notebooks) as notary,
        ThreadPoolExecutor(workers or execute.SIDE_BY_SIDE) as pool,
    ):
        work = partial(_open, book, notebooks, notary.secret)
        for opened, written in pool.map(work, book.sheets):
            if written:
                notary.sign(nbformat.reads(written, 4))
            results.append(opened)
            tell(opened, len(book.sheets))
    return results


def _open(book: FactBook, notebooks: Path, secret: bytes, scope: str) -> tuple[Opened, str]:
    """Return what became of a workbook, and what was written; empty where nothing was."""
    path = notebooks / book.period.folder / f"{scope}.ipynb"
    try:
        return _brought(book, notebooks, secret, path)
    except Exception as failure:  # one workbook must not stop the others
        error = readable(failure)
    return Opened(path, REFUSED, (str(error),), error), ""


def _brought(book: FactBook, notebooks: Path, secret: bytes, path: Path) -> tuple[Opened, str]:
    scope, content = path.stem, path.read_bytes() if path.exists() else None
    sheet = book.sheets[scope]
    template = drafts.fill(_template(notebooks, scope, book.period), sheet)
    current = workbook.read(path, template) if content is not None else None
    earlier = _earlier(notebooks, scope, book.period)
    update = workbook.update(template, current, workbook.read(earlier) if earlier else None)
    notebook, notes = _own(template, update.notebook), list(update.notes)
    made_from = _inputs(book, scope, template)
    if cells.own(notebook).get("drawn") != _mark(secret, made_from, notebook):
        notebook = _drawn(template, notebook)
        cells.label(notebook, drawn=_mark(secret, made_from, notebook))
        notes[:0] = [_DRAWN] if current else []
    is_same = current is not None and _own(template, current) == notebook
    if not is_same and (kept := _keep(path, content)):
        notes.append(_SAVED.format(kept.parent.name))
    # Nothing refuses the workbook any more. Stopped before it is written, its numbers are open.
    drafts.confirm(path, notebook, sheet)
    if is_same:
        return Opened(path, SAME), ""
    written = nbformat.writes(notebook) + "\n"
    write(path, written)
    return Opened(path, UPDATED if current else NEW, tuple(notes)), written


def _template(notebooks: Path, scope: str, period: Period) -> NotebookNode:
    template = workbook.read(inputs.template(notebooks, scope))
    spec = template.metadata.setdefault("kernelspec", {"name": "python3", "display_name": ""})
    # IPython's own folders are not looked through: without a home it leaves a temporary one.
    kernels = KernelSpecManager(kernel_dirs=jupyter_path("kernels"))
    with suppress(NoSuchKernel):  # another name than the installed one marks a tab as changed
        spec["display_name"] = kernels.get_kernel_spec(spec["name"]).display_name
    return workbook.parametrized(template, scope, period.name)


def _earlier(notebooks: Path, scope: str, period: Period) -> Path | None:
    """Return the workbook of the newest period that ended before this one began."""
    ended: dict[tuple, Path] = {}
    for path in notebooks.glob(f"*/{scope}.ipynb"):
        with suppress(UsageError):
            earlier = periods.parse(path.parent.name)
            if earlier.last < period.first:
                ended[earlier.last, earlier.first] = path
    return ended[max(ended)] if ended else None


def _inputs(book: FactBook, scope: str, template: NotebookNode) -> str:
    """Return a hash of what the figures and tables are made from."""
    code = [cell.source for cell in template.cells if cell.cell_type == "code"]
    return inputs.hashed([version("bwk"), code, book.sheets[scope].to_json()])


def _own(template: NotebookNode, notebook: NotebookNode) -> NotebookNode:
    """Return a workbook without what bwk never made and JupyterLab could run or show as its own.

    That is what code of the evaluator or for the screen showed, the state of widgets, and
    attachments that are no pictures.
    """
    own = deepcopy(notebook)
    kept = {*template.metadata, "language_info"}
    own["metadata"] = {name: own.metadata[name] for name in own.metadata if name in kept}
    for cell in own.cells:
        if cell.cell_type == "code" and not _is_drawn(cell):
            cell.outputs, cell.execution_count = [], None
        attachments = cell.get("attachments", {})
        for name in [name for name in attachments if not _is_picture(attachments[name])]:
            del attachments[name]
    return nbformat.from_dict(own)


def _is_picture(attachment: NotebookNode) -> bool:
    return all(kind.startswith("image/") for kind in attachment)


def _is_drawn(cell: NotebookNode) -> bool:
    """Tell whether what a cell shows is made here: not by the evaluator, nor in JupyterLab."""
    return bool(cells.key_of(cell)) and not cells.own(cell).get("screen")


def _mark(secret: bytes, made_from: str, notebook: NotebookNode) -> str:
    """Return what tells that figures and tables were made here, from inputs with this hash.

    Without the secret nobody can make it for others. JupyterLab writes 1.0 as 1.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and _is_drawn(cell)]
    outputs = {cells.key_of(cell): cell.outputs for cell in code}
    shown = json.loads(json.dumps(outputs), parse_int=float)
    content = json.dumps([made_from, shown], sort_keys=True).encode()
    return hmac.digest(secret, content, "sha256").hex()


def _drawn(template: NotebookNode, notebook: NotebookNode) -> NotebookNode:
    """Return the workbook with the outputs of its template, executed; cells for the screen wait."""
    run = export.strip(execute.execute(workbook.assemble(template, notebook), {}))
    executed = {cells.key_of(cell): cell for cell in run.cells if cell.cell_type == "code"}
    drawn = nbformat.from_dict(notebook)
    for cell in drawn.cells:
        fresh = executed.get(cells.key_of(cell))
        if fresh and cell.cell_type == "code":
            cell.outputs, cell.execution_count = fresh.outputs, fresh.execution_count
    if "language_info" in run.metadata:
        drawn.metadata["language_info"] = run.metadata["language_info"]
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
    kept = path.parent / KEPT / f"{path.stem}.{inputs.digest([path])[:8]}.ipynb"
    kept.parent.mkdir(exist_ok=True)
    if not kept.exists():
        write(kept, content, source=path)
    return kept
