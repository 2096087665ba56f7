"""One executed notebook, or a whole period of them, to a publishable HTML page or PDF."""

from pathlib import Path

from nbformat import NotebookNode

from bwk.export.document import Document, build, open_points
from bwk.export.notebook import WHOLE, Volume, combine, strip, volumes
from bwk.export.page import HTMLReportExporter, index, overview
from bwk.export.pdf import PDFReportExporter
from bwk.files import write

__all__ = [
    "WHOLE",
    "HTMLReportExporter",
    "PDFReportExporter",
    "Volume",
    "combine",
    "index",
    "open_points",
    "overview",
    "publish",
    "publish_document",
    "strip",
    "volumes",
]


def publish(nb: NotebookNode, folder: Path, name: str) -> None:
    """Write the page and the PDF of an executed notebook; it raises what `document.build` does."""
    publish_document(build(nb), folder, name)


def publish_document(doc: Document, folder: Path, name: str) -> None:
    """Write the page and the PDF of a document."""
    page, pdf = HTMLReportExporter().render(doc), PDFReportExporter().render(doc)
    write(folder / f"{name}.html", page)
    write(folder / f"{name}.pdf", pdf)
