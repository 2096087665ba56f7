"""A report as PDF, by Typst (nbconvert exporter `bwk-pdf`)."""

import io
import json
import re
import unicodedata
from collections.abc import Set
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pikepdf
import typst

from bwk import glyphs
from bwk.errors import ReportError
from bwk.export.document import Document, DocumentExporter

HERE = Path(__file__).parent
_CONTROL = re.compile(r"(?<!\\)((?:\\\\)*)\\u00[01][0-9a-f]")  # as JSON writes it
_FOLLOWING = ("Mn", "Me", "Cf")  # kinds of characters that belong to the one before


class PDFReportExporter(DocumentExporter):
    """PDF/UA-1 and PDF/A-2a, by one fixed Typst template; no text ever becomes Typst source."""

    export_from_notebook = "Rapport (PDF)"
    output_mimetype = "application/pdf"
    file_extension = ".pdf"

    def render(self, doc: Document) -> bytes:
        """Return the PDF of a document."""
        # Typst reads no base64, but it does read a bitmap as a list of bytes.
        written = json.dumps(vars(doc), ensure_ascii=False, default=list)
        report = _CONTROL.sub(rf"\1{glyphs.BOX}", written)
        for sign in sorted(set(report) - glyphs.printable()):
            self.log.warning(f"Geen lettertype heeft {sign!r}: in de PDF staat daar een hokje.")
        day = doc.masthead["iso"]
        try:
            return _compile(_within(report, glyphs.printable()), day)
        except ReportError:  # letters of two fonts that belong together are in neither
            return _compile(_within(report, glyphs.printable(glyphs.REGULAR)), day)


def _within(report: str, printable: Set[str]) -> str:
    """Return a report with a box for each character that is not among the printable."""
    strange = {*report} - printable
    boxes = {ord(s): "" if unicodedata.category(s) in _FOLLOWING else glyphs.BOX for s in strange}
    return report.translate(boxes)


def _compile(report: str, iso: str) -> bytes:
    try:
        pdf = typst.compile(
            HERE / "report.typ",
            root=HERE,
            format="pdf",
            sys_inputs={"report": report},
            font_paths=_fonts(),
            pdf_standards=["ua-1", "a-2a"],
            timestamp=datetime.fromisoformat(iso or "1970-01-01").replace(tzinfo=UTC),
        )
    except typst.TypstError as error:
        raise ReportError(f"De PDF kan niet worden gemaakt: {error}.") from None
    return _packed(pdf)


def _packed(pdf: bytes) -> bytes:
    """Pack the objects of a PDF, of which its tags are most: that halves it."""
    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        mode = pikepdf.ObjectStreamMode.generate
        document.save(packed, object_stream_mode=mode, deterministic_id=True)
    return packed.getvalue()


@cache
def _fonts() -> typst.Fonts:
    folders = [glyphs.FONTS, glyphs.FALLBACK_FONTS]
    return typst.Fonts(include_system_fonts=False, font_paths=folders)
