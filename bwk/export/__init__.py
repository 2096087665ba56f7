"""One executed notebook, or a whole period of them, to a publishable HTML page or PDF."""

from bwk.export.document import check
from bwk.export.exporters import HTMLReportExporter, PDFReportExporter
from bwk.export.notebook import combine, strip
from bwk.export.pages import index

__all__ = ["HTMLReportExporter", "PDFReportExporter", "check", "combine", "index", "strip"]
