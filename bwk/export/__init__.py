"""One executed notebook, or a whole period of them, to a publishable HTML page or PDF."""

from pathlib import Path

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
    "build",
    "combine",
    "index",
    "open_points",
    "overview",
    "publish",
    "strip",
    "volumes",
]


def publish(doc: Document, folder: Path, name: str) -> None:
    """Write the page and the PDF of a document."""
    page = HTMLReportExporter().render(doc)
    pdf = PDFReportExporter().render(doc)
    write(folder / f"{name}.html", page)
    write(folder / f"{name}.pdf", pdf)
