"""One report: executed from its template and its workbook, and published in all its forms."""

from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from bwk import execute, export, inputs, workbook
from bwk.export import Volume
from bwk.export.document import Document
from bwk.facts import CITY, FactSheet
from bwk.files import write
from bwk.periods import Period


def sources(notebooks: Path, period: Period, scope: str) -> tuple[Path, Path | None]:
    """Return the template of a report and its workbook, if it has one.

    WorkbookError where there is no template.
    """
    path = notebooks / period.folder / f"{scope}.ipynb"
    return inputs.template(notebooks, scope), path if path.exists() else None


def executed(template: Path, text: Path | None, sheet: FactSheet) -> NotebookNode:
    """Execute a report, in a kernel that finds the facts where `facts.at_hand` put them.

    Raises
    ------
    WorkbookError
        If the template or the workbook, `text`, cannot be read.
    ReportError
        If a cell fails, or the notebook takes too long.
    """
    notebook = workbook.assembled(template, text, sheet)
    parameters = {"location": sheet.scope.slug, "period": sheet.period.name}
    return export.strip(execute.execute(notebook, parameters))


def publish(notebook: NotebookNode, document: Document, folder: Path, scope: str) -> None:
    """Write an executed report as a page, a PDF and a notebook."""
    export.publish(document, folder, scope)
    write(folder / f"{scope}.ipynb", nbformat.writes(notebook))


def publish_volume(
    volume: Volume, reports: Mapping[str, NotebookNode], folder: Path
) -> NotebookNode:
    """Join executed reports to a volume of the whole report, write and return it."""
    chapters = [reports[location] for location in volume.chapters]
    together = export.combine(reports[CITY], chapters, volume.number, volume.count)
    export.publish(export.build(together), folder, volume.name)
    return together
