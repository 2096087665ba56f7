"""One executed notebook, or a whole period of them, to a publishable HTML page or PDF."""

from bwk.export.document import check, open_points
from bwk.export.notebook import WHOLE, combine, strip, volumes
from bwk.export.page import HTMLReportExporter, index, overview
from bwk.export.pdf import PDFReportExporter

__all__ = [
    "WHOLE",
    "HTMLReportExporter",
    "PDFReportExporter",
    "check",
    "combine",
    "index",
    "open_points",
    "overview",
    "strip",
    "volumes",
]
