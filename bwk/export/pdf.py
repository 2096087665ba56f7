"""A report as PDF, by Typst (nbconvert exporter `bwk-pdf`)."""

import io
import json
import re
import unicodedata
from collections.abc import Set
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

import pikepdf
import typst
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from bwk.errors import ReportError
from bwk.export.document import Document, DocumentExporter

HERE = Path(__file__).parent
FONTS = HERE.parent / "fonts"
# Found, not imported: that takes a quarter of a second.
_MATPLOTLIB = distribution("matplotlib").locate_file("matplotlib")
FALLBACK_FONTS = Path(str(_MATPLOTLIB)) / "mpl-data/fonts/ttf"
_FONT = "PublicSans-Regular.ttf"
_BOX = "\N{WHITE SQUARE}"
_CONTROL = re.compile(r"(?<!\\)((?:\\\\)*)\\u00[01][0-9a-f]")  # as JSON writes it
_PRIVATE = frozenset([*map(chr, range(0xE000, 0xF900)), "\ufeff", "\x00", "\x7f"])  # not in PDF/A
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
        report = _CONTROL.sub(rf"\1{_BOX}", written)
        for sign in sorted(set(report) - _printable()):
            self.log.warning(f"Geen lettertype heeft {sign!r}: in de PDF staat daar een hokje.")
        day = doc.masthead["iso"]
        try:
            return _compile(_within(report, _printable()), day)
        except ReportError:  # letters of two fonts that belong together are in neither
            return _compile(_within(report, _printable(FONTS / _FONT)), day)


def _within(report: str, printable: Set[str]) -> str:
    """Return a report with a box for each character that is not among the printable."""
    strange = {*report} - printable
    boxes = {ord(s): "" if unicodedata.category(s) in _FOLLOWING else _BOX for s in strange}
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
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS, FALLBACK_FONTS])


@cache
def _printable(*fonts: Path) -> frozenset[str]:
    """The characters that fonts hold; without any named, those of the PDF."""
    paths = fonts or (FONTS / _FONT, FALLBACK_FONTS / "DejaVuSans.ttf")
    held = (TTFont(path).getBestCmap() for path in paths)
    return frozenset({_BOX}.union(*(map(chr, codes) for codes in held))) - _PRIVATE
