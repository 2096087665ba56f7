"""An executed notebook as HTML and as PDF: nbconvert exporters `bwk-html` and `bwk-pdf`."""

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
import typst
from matplotlib.ft2font import FT2Font
from nbconvert.exporters import Exporter

from bwk.errors import ReportError
from bwk.export import document, pages
from bwk.export.pages import FONTS, HERE

FALLBACK_FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
_REFUSED = re.compile(
    "[\ue000-\uf8ff\ufeff\ufffe\uffff\U000f0000-\U0010ffff]"
)  # by PDF/A: private use


class HTMLReportExporter(Exporter):
    """One file: style, font, script and figures are in it, and nothing is fetched."""

    export_from_notebook = "Rapport (HTML)"
    output_mimetype = "text/html"
    file_extension = ".html"

    def from_notebook_node(self, nb, resources=None, **kw):
        """Return the page and the resources; WorkbookError where `document.check` raises it."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return pages.report(document.build(nb)), resources


class PDFReportExporter(Exporter):
    """PDF/UA-1 and PDF/A-2a, by one fixed Typst template; no text ever becomes Typst source."""

    export_from_notebook = "Rapport (PDF)"
    output_mimetype = "application/pdf"
    file_extension = ".pdf"

    def from_notebook_node(self, nb, resources=None, **kw):
        """Return the bytes and the resources; WorkbookError where `document.check` raises it."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        doc = document.build(nb)
        blocks = [_for_typst(block) for block in doc.blocks]
        parts = {"masthead": doc.masthead, "blocks": blocks, "notes": doc.notes}
        report = json.dumps(parts, ensure_ascii=False)
        for sign in sorted(set(report) - _printable()):
            self.log.warning(f"Geen lettertype heeft {sign!r}: in de PDF staat daar een hokje.")
        return _compile(_REFUSED.sub("\N{WHITE SQUARE}", report), doc.masthead["iso"]), resources


def _for_typst(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the PDF needs of a block; Typst reads no base64."""
    needed = {key: value for key, value in block.items() if key not in ("svg_paths", "html")}
    if block.get("mime") in ("image/png", "image/jpeg"):
        needed["picture"] = list(base64.b64decode(block["picture"]))
    return needed


def _compile(report: str, iso: str) -> bytes:
    day = datetime.fromisoformat(iso or "1970-01-01").replace(tzinfo=UTC)
    try:
        return typst.compile(
            HERE / "report.typ",
            root=HERE,
            format="pdf",
            sys_inputs={"report": report},
            font_paths=[FONTS, FALLBACK_FONTS],
            ignore_system_fonts=True,
            pdf_standards=["ua-1", "a-2a"],
            timestamp=int(day.timestamp()),
        )
    except typst.TypstError as error:
        raise ReportError(f"De PDF kan niet worden gemaakt: {error}.") from None


@cache
def _printable() -> frozenset[str]:
    """The characters that the fonts of the PDF hold."""
    fonts = (FONTS / "PublicSans-Regular.ttf", FALLBACK_FONTS / "DejaVuSans.ttf")
    return frozenset(chr(code) for font in fonts for code in FT2Font(str(font)).get_charmap())
