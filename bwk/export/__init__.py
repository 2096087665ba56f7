"""One executed notebook, or a whole period of them, to a publishable HTML page or PDF."""

from bwk.export.document import check
from bwk.export.exporters import HTMLReportExporter, PDFReportExporter
from bwk.export.index import index
from bwk.export.notebook import combine, strip

__all__ = ["HTMLReportExporter", "PDFReportExporter", "check", "combine", "index", "strip"]
