"""The document as one HTML page and as a PDF: nbconvert exporters `bwk-html` and `bwk-pdf`."""

import base64
import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import matplotlib
import nh3
import typst
from markupsafe import Markup
from matplotlib.ft2font import FT2Font
from nbconvert.exporters import Exporter
from PIL import Image

from bwk.errors import ReportError
from bwk.export import document, markdown

HERE = Path(__file__).parent
FONTS = HERE.parent / "fonts"
FALLBACK_FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
_REFUSED = re.compile(
    "[\ue000-\uf8ff\ufeff\ufffe\uffff\U000f0000-\U0010ffff]"
)  # by PDF/A: private use
_HTML_TAGS = nh3.ALLOWED_TAGS - {"img", "map", "area", "h1", "h2", "h3", "h4", "h5", "h6", "header"}


class HTMLReportExporter(Exporter):
    """One file: style, font, script and figures are in it, and nothing is fetched."""

    export_from_notebook = "Rapport (HTML)"
    output_mimetype = "text/html"
    file_extension = ".html"

    def from_notebook_node(self, nb, resources=None, **kw):
        """Return the page and the resources; WorkbookError where `document.check` raises it."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        doc = document.build(nb)
        script = _asset("sort.js")
        page = template("html.j2").render(
            doc=doc,
            style=style(),
            script=script,
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
        return page, resources


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
        report = json.dumps({"masthead": doc.masthead, "blocks": blocks}, ensure_ascii=False)
        for sign in sorted(set(report) - _printable()):
            self.log.warning(f"Geen lettertype heeft {sign!r}: in de PDF staat daar een hokje.")
        return _compile(_REFUSED.sub("\N{WHITE SQUARE}", report), doc.masthead["iso"]), resources


def csv_text(table: Mapping[str, Any]) -> str:
    """Write a table as a CSV file that opens right in a Dutch Excel.

    Text that a spreadsheet would take for a formula gets an apostrophe in front; what is held
    back stays empty.

    >>> csv_text({"columns": ["dienst", "aandeel"], "values": [["=1+1", 0.5], ["taal", None]]})
    "\\ufeffdienst;aandeel\\r\\n'=1+1;0,5\\r\\ntaal;\\r\\n"
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerows(map(_csv_cell, row) for row in (table["columns"], *table["values"]))
    return "\ufeff" + stream.getvalue()


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return "'" + value if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
    return str(value).replace(".", ",")


def data_url(mime: str, content: str | bytes) -> str:
    """Return content as a `data:` URL; SVG is shorter percent-encoded than in base64."""
    if mime == "image/svg+xml":
        return f"data:{mime}," + quote(_bare_svg(str(content)), safe=" =:/;,()?*+@$!")
    encoded = content.encode() if isinstance(content, str) else content
    return f"data:{mime};base64,{base64.b64encode(encoded).decode()}"


def clean_html(source: str) -> str:
    """Return the harmless part of HTML that a cell shows."""
    cleaned = nh3.clean(source, tags=_HTML_TAGS, url_schemes={"https", "mailto"})
    return cleaned.replace("<th></th>", "<td></td>")


def _bare_svg(svg: str) -> str:
    return re.sub(r"<metadata>.*?</metadata>\s*", "", svg[svg.find("<svg") :], flags=re.DOTALL)


@cache
def template(name: str) -> jinja2.Template:
    """Return a page to fill in; all that goes into it is escaped."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "markdown": markdown.html,
        "css_string": _css_string,
        "csv_text": csv_text,
        "data_url": lambda content, mime: data_url(mime, content),
        "clean_html": lambda source: Markup(clean_html(source)),
    }
    return env.get_template(name)


@cache
def _asset(name: str) -> Markup:
    return Markup((HERE / name).read_text(encoding="utf-8").strip())


@cache
def style() -> Markup:
    """Return the house style with its fonts, for in a page."""
    faces = (("Regular", "400", "normal"), ("Bold", "700", "normal"), ("Italic", "400", "italic"))
    rules = (
        f"@font-face{{font-family:'Public Sans';font-weight:{weight};font-style:{style};"
        f"font-display:swap;src:url({_font_url(name)}) format('woff2')}}"
        for name, weight, style in faces
    )
    return Markup("\n".join([*rules, _asset("report.css")]))


def _font_url(name: str) -> str:
    return data_url("font/woff2", (FONTS / f"PublicSans-{name}.woff2").read_bytes())


def _css_string(text: str) -> Markup:
    """Quote text for CSS: every character as its code, so that none can end the string."""
    return Markup('"' + "".join(f"\\{ord(sign):x} " for sign in text) + '"')


def _for_typst(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the PDF needs of a block."""
    if block["type"] != "picture":
        return {key: value for key, value in block.items() if key not in ("svg_paths", "html")}
    own = block["mime"] == "image/svg+xml"
    return {
        "type": "picture",
        "alt": block["alt"],
        "svg": _bare_svg(block["content"]) if own else _framed(block["mime"], block["content"]),
    }


def _framed(mime: str, encoded: str) -> str:
    """Put a bitmap in an SVG, so that it can go to Typst as text."""
    try:
        width, height = Image.open(io.BytesIO(base64.b64decode(encoded))).size
    except (ValueError, OSError):
        raise ReportError("Een afbeelding is beschadigd: maak haar opnieuw.") from None
    size = f'width="{width}" height="{height}"'
    image = f'<image href="data:{mime};base64,{"".join(encoded.split())}" {size}/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{image}</svg>'


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
