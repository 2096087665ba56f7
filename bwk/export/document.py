"""An executed notebook as one document: checked, numbered, ready for HTML and PDF alike."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import unquote

from nbformat import NotebookNode

from bwk import formats, periods
from bwk.errors import UsageError, WorkbookError
from bwk.export import markdown
from bwk.export.markdown import Token

MIME = "application/vnd.bwk.v1+json"
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
EXCLUDED = {"niet-exporteren", "remove_cell", "remove-cell", "parameters", "injected-parameters"}
DEEPEST = 6
_FIELDS = ("title", "short", "subtitle", "programme", "date", "status", "note", "period")
_RESERVED = ("inhoud", "voetnoten", "kop")
_NEEDED = {
    "figure": ("id", "caption", "alt", "table", "svg_paths"),
    "table": ("id", "caption", "table"),
    "masthead": ("title",),
}


@dataclass(frozen=True)
class Document:
    """What both exporters show.

    Attributes
    ----------
    masthead : mapping of str to str
        `title`, `subtitle`, `programme`, `date` (in Dutch), `iso`, `status`, `note`, `period`
        (in Dutch); what is not known is empty, but for the title.
    blocks : tuple of dict
        In reading order, JSON-ready: the tokens of `markdown`, and blocks of type `figure`,
        `table`, `picture` and `html`. Headings hold `level` (2 and deeper), `number`, `id` and
        `text`; figures and tables hold `number` and `id`.
    notes : tuple of dict
        Footnotes in order: `number`, `blocks`, and `places`, the ids of the references.
    """

    masthead: Mapping[str, str]
    blocks: tuple[Token, ...]
    notes: tuple[Token, ...]

    @property
    def headings(self) -> list[Token]:
        """The headings, in order."""
        return [block for block in self.blocks if block["type"] == "heading"]


def check(nb: NotebookNode) -> None:
    """Refuse a notebook of which no report can be made.

    Parameters
    ----------
    nb : NotebookNode
        Executed.

    Raises
    ------
    WorkbookError
        Names the cell and what to mend: a cell that failed, a picture without alternative text,
        a `#` heading or a skipped heading level, a figure or table that is not complete.
    """
    build(nb)


def build(nb: NotebookNode) -> Document:
    """Make the document of an executed notebook.

    Raises
    ------
    WorkbookError
        As `check`.
    """
    blocks = list(_read(nb))
    title = next((block for block in blocks if block["type"] == "masthead"), {})
    body = _linked(_named(_numbered(_levelled(_chapters(blocks)))))
    body, notes = _noted(body)
    return Document(_masthead(title, body), tuple(body), tuple(notes))


def chapter(cell: NotebookNode) -> str:
    """Return the chapter of the whole report that a cell belongs to; empty outside chapters."""
    return str(cell.metadata.get("bwk", {}).get("chapter", ""))


def first_bundle(nb: NotebookNode, kind: str) -> Mapping[str, Any] | None:
    """Return the first output of a kind (`masthead`, `figure`, `table`), if there is one."""
    bundles = (
        output.get("data", {}).get(MIME, {})
        for cell in nb.cells
        for output in cell.get("outputs", [])
    )
    return next((bundle for bundle in bundles if bundle.get("kind") == kind), None)


def _read(nb: NotebookNode) -> Iterator[Token]:
    """Yield the blocks of all cells; each knows its chapter and, for errors, its place."""
    elsewhere: dict[str, dict[str, str]] = {}
    cells = [
        (index, cell)
        for index, cell in enumerate(nb.cells, 1)
        if not EXCLUDED & set(cell.metadata.get("tags", []))
    ]
    for _, cell in cells:
        if cell.cell_type == "markdown":
            elsewhere.setdefault(chapter(cell), {}).update(markdown.footnotes(cell.source))
    heading = ""
    for index, cell in cells:
        place = f"Cel {index}" + (f" (onder de kop ‘{heading}’)" if heading else "")
        for block in _cell_blocks(cell, place, elsewhere.get(chapter(cell), {})):
            heading = block.get("text", heading)
            yield {**block, "scope": chapter(cell), "place": place, "cell": index}


def _cell_blocks(cell: NotebookNode, place: str, notes: Mapping[str, str]) -> Iterator[Token]:
    if cell.cell_type == "markdown":
        yield from _text_blocks(cell.source, notes)
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            raise WorkbookError(
                f"{place} geeft een fout ({output.ename}): maak het rapport opnieuw met bwk run, "
                "of vraag hulp als de fout blijft."
            )
        data = output.get("data", {})
        if MIME in data:
            yield _bundle(data, place)
        elif "text/markdown" in data:
            yield from _text_blocks(data["text/markdown"], notes)
        elif any(kind in data for kind in PICTURES):
            yield _picture(output, place)
        elif "text/html" in data:
            yield {"type": "html", "html": data["text/html"], "raw": data.get("text/plain", "")}


def _text_blocks(source: str, notes: Mapping[str, str]) -> Iterator[Token]:
    for token in markdown.parse(source, notes):
        if token["type"] != "heading":
            yield token
        elif text := " ".join(markdown.plain(token["children"]).split()):
            yield {**token, "level": token["attrs"]["level"], "text": text}


def _bundle(data: Mapping[str, Any], place: str) -> Token:
    bundle = dict(data[MIME])
    kind = bundle.pop("kind", None)
    if kind not in _NEEDED:
        raise WorkbookError(
            f"{place} toont iets dat het rapport niet kent: gebruik een functie van figures of "
            "tables."
        )
    for field in _NEEDED[kind]:
        if not bundle.get(field):
            what = "alternatieve tekst" if field == "alt" else f"‘{field}’"
            raise WorkbookError(
                f"{place} toont een figuur of tabel zonder {what}: gebruik een functie van "
                "figures of tables."
            )
    if kind == "figure":
        bundle["svg"] = data.get("image/svg+xml") or bundle["svg_paths"]
    return {**bundle, "type": kind}


def _picture(output: NotebookNode, place: str) -> Token:
    kind = next(kind for kind in PICTURES if kind in output.data)
    metadata = output.get("metadata", {})
    alt = str(metadata.get(kind, {}).get("alt") or metadata.get("alt") or "").strip()
    if not alt:
        raise WorkbookError(
            f"{place} toont een afbeelding zonder alternatieve tekst: gebruik een functie van "
            "figures, of haal de afbeelding weg."
        )
    return {"type": "picture", "mime": kind, "content": output.data[kind], "alt": alt}


def _chapters(blocks: Iterable[Token]) -> Iterator[Token]:
    """Turn the masthead of each chapter into its heading; leave the other mastheads out."""
    for block in blocks:
        if block["type"] != "masthead":
            yield block
        elif block["scope"]:
            text = block.get("short") or block["title"]
            words = [{"type": "text", "raw": text}]
            heading = {"type": "heading", "level": 1, "text": text, "children": words}
            yield {**block, **heading, "chapter": True}


def _levelled(blocks: Iterable[Token]) -> Iterator[Token]:
    """Check the levels of the headings; those of a chapter go one level down."""
    level = 1
    for block in blocks:
        if block["type"] == "heading":
            if block["level"] == 1 and "chapter" not in block:
                raise WorkbookError(
                    f"Cel {block['cell']}: de kop ‘{block['text']}’ begint met één #, maar dat is "
                    "de titel van het rapport: begin de kop met ##."
                )
            deeper = block["level"] + bool(block["scope"])
            if deeper > level + 1:
                raise WorkbookError(
                    f"Cel {block['cell']}: de kop ‘{block['text']}’ slaat een niveau over: begin "
                    f"de kop met {'#' * (block['level'] - deeper + level + 1)}."
                )
            level = min(deeper, DEEPEST)
            block = {**block, "level": level}
        yield block


def _numbered(blocks: Iterable[Token]) -> Iterator[Token]:
    """Number sections as 1, 1.1, and figures and tables each in one row."""
    sections: list[int] = []
    counts: Counter[str] = Counter()
    for block in blocks:
        if block["type"] == "heading":
            depth = block["level"] - 1
            sections = [*sections, 0][:depth]
            sections[-1] += 1
            block = {**block, "number": ".".join(map(str, sections))}
        elif block["type"] in ("figure", "table") and "caption" in block:
            counts[block["type"]] += 1
            block = {**block, "number": counts[block["type"]]}
        yield block


def _named(blocks: Iterable[Token]) -> Iterator[Token]:
    """Give headings, figures and tables ids that are unique; chapters name theirs first."""
    taken = set(_RESERVED)
    for block in blocks:
        if "number" in block:
            words = block["text"] if block["type"] == "heading" else block["id"]
            prefix = "" if "chapter" in block else block["scope"]
            name = _unique(markdown.slug(f"{prefix} {words}"), taken)
            taken.add(name)
            block = {**block, "id": name}
        yield block


def _unique(name: str, taken: set[str]) -> str:
    candidate, count = name, 1
    while candidate in taken:
        count += 1
        candidate = f"{name}-{count}"
    return candidate


def _linked(blocks: Iterable[Token]) -> list[Token]:
    """Point links within the report at their target, first in the same chapter; else unlink."""
    blocks = list(blocks)
    ids = {block["id"] for block in blocks if "number" in block}

    def change(token: Token) -> list[Token]:
        url = token["attrs"]["url"] if token["type"] == "link" else ""
        if not url.startswith("#"):
            return [token]
        names = (markdown.slug(f"{chapter} {unquote(url[1:])}") for chapter in (scope, ""))
        target = next((name for name in names if name in ids), None)
        return [{**token, "attrs": {"url": f"#{target}"}}] if target else token["children"]

    linked: list[Token] = []
    for block in blocks:
        scope = block["scope"]
        linked += markdown.transform([block], change)
    return linked


def _noted(blocks: Iterable[Token]) -> tuple[list[Token], list[Token]]:
    """Number the footnotes in one row; a note that is named twice stands there once."""
    notes: dict[tuple[str, str, str], Token] = {}

    def change(token: Token) -> list[Token]:
        if token["type"] != "footnote_ref":
            return [token]
        key = (scope, token["key"], markdown.plain(token["footnote"]))
        first = {"number": len(notes) + 1, "blocks": token["footnote"], "places": []}
        note = notes.setdefault(key, first)
        place = f"bij-noot-{note['number']}-{len(note['places']) + 1}"
        note["places"].append(place)
        attrs = {"number": note["number"], "place": place}
        return [{**token, "raw": "", "attrs": attrs, "first": note is first}]

    noted: list[Token] = []
    for block in blocks:
        scope = block["scope"]
        noted += markdown.transform([block], change)
    return noted, list(notes.values())


def _masthead(title: Mapping[str, Any], blocks: Iterable[Token]) -> dict[str, str]:
    """Complete the masthead: Dutch date and period, and a title where there is none."""
    known = {field: str(title.get(field) or "") for field in _FIELDS}
    headings = (block["text"] for block in blocks if block["type"] == "heading")
    known["title"] = known["title"] or next(headings, "Rapport")
    known["iso"], known["date"] = _dated(known["date"])
    known["period"] = _period(known["period"])
    return known


def _dated(iso: str) -> tuple[str, str]:
    try:
        return iso, formats.day(date.fromisoformat(iso))
    except ValueError:
        return "", iso


def _period(name: str) -> str:
    try:
        return periods.parse(name).months_label
    except UsageError:
        return name
