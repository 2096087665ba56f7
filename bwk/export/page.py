"""The HTML pages: a report (nbconvert exporter `bwk-html`), and the index of a period."""

import base64
import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import nh3
from markupsafe import Markup

from bwk import glyphs
from bwk.export import markdown
from bwk.export.document import Document, DocumentExporter
from bwk.formats import inert
from bwk.periods import Period

HERE = Path(__file__).parent
_TO_QUOTE = re.compile(r"[^\w \-.~=:/;,()?*+@$!]+", re.ASCII)
_quoted = lru_cache(quote)  # of a picture they are few
_HTML_TAGS = nh3.ALLOWED_TAGS - {"img", "map", "area", "h1", "h2", "h3", "h4", "h5", "h6", "header"}


class HTMLReportExporter(DocumentExporter):
    """One file: style, font, script and figures are in it, and nothing is fetched."""

    export_from_notebook = "Rapport (HTML)"
    output_mimetype = "text/html"
    file_extension = ".html"

    def render(self, doc: Document) -> str:
        """Return the page of a document."""
        return TEMPLATES.get_template("html.j2").render(doc=doc, **script(HERE / "report.js"))


def script(path: Path) -> dict[str, str]:
    """Return what a template needs of a script: its text, and the digest that lets it run."""
    text = path.read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return {"script": text, "digest": digest}


def index(
    programme: str,
    period: Period,
    entries: Sequence[Mapping[str, Any]],
    not_reported: Sequence[str],
) -> str:
    """Return the page that leads to the reports of a period.

    Each of the `entries` holds `name`, `title`, `made` (bool) and `error` (a sentence or None),
    and may hold its `state` and the number of `open` points; `not_reported` says why a location
    has no report, a sentence each.
    """
    return TEMPLATES.get_template("index.html.j2").render(
        programme=programme, period=period, entries=entries, not_reported=not_reported
    )


def checksheet(
    programme: str, period: Period, threshold: str, held: Sequence[Any], warnings: Sequence[str]
) -> str:
    """Return the page for who checks the facts: what is held back, why, and what to look at.

    Each of `held` has the attributes `scope`, `fact`, `reason`, `low` and `high`.
    """
    return TEMPLATES.get_template("checksheet.html.j2").render(
        programme=programme, period=period, threshold=threshold, held=held, warnings=warnings
    )


def overview(programme: str, entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the page that leads to all periods, in the order given.

    Each of the `entries` holds the `period`, its `folder`, `made` (whether its whole report is
    there), its
    `state` (such as `concept` or `definitief 1`; may be empty) and the number of `open` points.
    """
    page = TEMPLATES.get_template("overview.html.j2")
    return page.render(programme=programme, entries=entries)


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


def _csv_cell(value: str | float | None) -> str | None:
    if isinstance(value, str):
        return inert(value)
    return None if value is None else str(value).replace(".", ",")


def _data_url(content: str | bytes, mime: str) -> str:
    if mime == "image/svg+xml" and isinstance(content, str):  # shorter than in base64
        return f"data:{mime}," + _TO_QUOTE.sub(lambda m: _quoted(m[0]), content)
    encoded = content.encode() if isinstance(content, str) else content
    return f"data:{mime};base64,{base64.b64encode(encoded).decode()}"


def _font(name: str) -> str:
    file = glyphs.FONTS / f"PublicSans-{name}.woff2"
    return _data_url(file.read_bytes(), "font/woff2")


def _harmless(html: str) -> Markup:
    cleaned = nh3.clean(html, tags=_HTML_TAGS, url_schemes={"https", "mailto"})
    return Markup(cleaned.replace("<th></th>", "<td></td>"))


def _css_string(text: str) -> Markup:
    """Quote text for CSS: every character as its code, so that none can end the string."""
    return Markup('"' + "".join(f"\\{ord(sign):x} " for sign in text) + '"')


TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
TEMPLATES.globals["font"] = _font
TEMPLATES.filters |= {
    "markdown": markdown.html,
    "css_string": _css_string,
    "csv_text": csv_text,
    "data_url": _data_url,
    "harmless": _harmless,
}
