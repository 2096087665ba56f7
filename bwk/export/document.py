"""An executed notebook as one document: checked, numbered, ready for HTML and PDF alike."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
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
_FIELDS = ("title", "subtitle", "programme", "date", "status", "note", "period")
_RESERVED = ("inhoud", "voetnoten")
_NEEDED = {
    "figure": ("id", "caption", "alt", "table", "svg_paths"),
    "table": ("id", "caption", "table"),
    "masthead": (),
}
_DUTCH = {
    "kind": "soort",
    "id": "naam",
    "caption": "bijschrift",
    "alt": "alternatieve tekst",
    "table": "gegevens",
    "svg_paths": "afbeelding",
}
_TABLE = {"columns", "numeric", "rows", "values"}


@dataclass(frozen=True)
class Document:
    """What both exporters show.

    Attributes
    ----------
    masthead : mapping of str to str
        `title`, `subtitle`, `programme`, `date` and `period` (in Dutch), `iso`, `status`, `note`;
        what is not known is empty, but for the title.
    blocks : sequence of dict
        JSON-ready, in reading order: the tokens of `markdown`, and `figure`, `table`, `picture`
        and `html`. Headings hold `level` (2 and deeper), `number`, `id`, `text`; figures and
        tables with a caption hold `number` and `id`.
    notes : sequence of dict
        Footnotes: `number`, `blocks`, and `places`, the ids of what refers to it.
    """

    masthead: Mapping[str, str]
    blocks: Sequence[Token]
    notes: Sequence[Token]

    @property
    def headings(self) -> list[Token]:
        """The headings, in order."""
        return [block for block in self.blocks if block["type"] == "heading"]


def check(nb: NotebookNode) -> None:
    """Refuse an executed notebook of which no report can be made.

    Raises
    ------
    WorkbookError
        Names the cell and what to mend: a cell that failed, a picture without alternative text,
        a `#` heading, a skipped heading level, a figure or table that is not complete.
    """
    build(nb)


def build(nb: NotebookNode) -> Document:
    """Make the document of an executed notebook; raises WorkbookError as `check` does.

    Shown are text, and of the outputs the project's own, Markdown, pictures and HTML. Left out
    are code, what it prints, and cells with a tag of `EXCLUDED`.
    """
    blocks = list(_read(nb))
    title = next((block for block in blocks if block["type"] == "masthead"), {})
    named = _named(_numbered(_levelled(_chapters(blocks))))
    body, notes = _noted(_linked(list(named)))
    return Document(_masthead(title, body), body, notes)


def chapter(cell: NotebookNode) -> str:
    """Return the chapter of the whole report that a cell belongs to; empty outside chapters."""
    return str(cell.metadata.get("bwk", {}).get("chapter", ""))


def _read(nb: NotebookNode) -> Iterator[Token]:
    """Yield the blocks of all cells; each knows its chapter and, for errors, its cell."""
    cells = [
        (index, cell)
        for index, cell in enumerate(nb.cells, 1)
        if not EXCLUDED & set(cell.metadata.get("tags", []))
    ]
    notes: dict[str, dict[str, str]] = defaultdict(dict)
    for _, cell in cells:
        if cell.cell_type == "markdown":
            notes[chapter(cell)] |= markdown.footnotes(cell.source)
    heading = ""
    for index, cell in cells:
        place = f"Cel {index}" + (f" (onder de kop ‘{heading}’)" if heading else "")
        for block in _cell_blocks(cell, place, notes[chapter(cell)]):
            heading = block.get("text", heading)
            yield {**block, "scope": chapter(cell), "cell": index}


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
    bundle = data[MIME] if isinstance(data[MIME], dict) else {}
    kind = str(bundle.get("kind"))
    fields = _NEEDED.get(kind, ())
    lacking = [] if kind in _NEEDED else ["kind"]
    lacking += [field for field in fields if not str(bundle.get(field) or "").strip()]
    if "table" in fields and not set(bundle.get("table") or ()) >= _TABLE:
        lacking.append("table")
    if lacking:
        raise WorkbookError(
            f"{place} toont een figuur of tabel zonder {_DUTCH[lacking[0]]}: gebruik een "
            "functie van figures of tables."
        )
    return {**bundle, "type": kind, "svg": data.get("image/svg+xml") or bundle.get("svg_paths")}


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
            text = block.get("short") or block.get("title") or "Hoofdstuk"
            words = [{"type": "text", "raw": text}]
            heading = {"type": "heading", "level": 1, "text": text, "children": words}
            yield {**heading, "chapter": True, "scope": block["scope"], "cell": block["cell"]}


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
    """Give headings, figures and tables unique ids; in a chapter its name goes first."""
    taken = set(_RESERVED)
    for block in blocks:
        if "number" in block:
            words = block["text"] if block["type"] == "heading" else block["id"]
            name = markdown.slug(words if "chapter" in block else f"{block['scope']} {words}")
            names = (name if n == 1 else f"{name}-{n}" for n in itertools.count(1))
            block = {**block, "id": next(name for name in names if name not in taken)}
            taken.add(block["id"])
        yield block


def _linked(blocks: Sequence[Token]) -> list[Token]:
    """Point links within the report at their target, first in the same chapter; else unlink."""
    ids = {block["id"] for block in blocks if "number" in block}

    def change(scope: str, token: Token) -> list[Token]:
        url = token["attrs"]["url"] if token["type"] == "link" else ""
        if not url.startswith("#"):
            return [token]
        names = (markdown.slug(f"{prefix} {unquote(url[1:])}") for prefix in (scope, ""))
        target = next((name for name in names if name in ids), None)
        return [{**token, "attrs": {"url": f"#{target}"}}] if target else token["children"]

    return _changed(blocks, change)


def _noted(blocks: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """Number the footnotes in one row; a note that is named twice stands there once."""
    notes: dict[tuple[str, str, str], Token] = {}

    def change(scope: str, token: Token) -> list[Token]:
        if token["type"] != "footnote_ref":
            return [token]
        key = (scope, token["key"], markdown.plain(token["footnote"]))
        new = {"number": len(notes) + 1, "blocks": token["footnote"], "places": []}
        note = notes.setdefault(key, new)
        place = f"bij-noot-{note['number']}-{len(note['places']) + 1}"
        note["places"].append(place)
        attrs = {"number": note["number"], "place": place}
        return [{**token, "raw": "", "attrs": attrs, "first": note is new}]

    return _changed(blocks, change), list(notes.values())


def _changed(blocks: Iterable[Token], change: Callable[[str, Token], list[Token]]) -> list[Token]:
    return [
        new
        for block in blocks
        for new in markdown.transform([block], partial(change, block["scope"]))
    ]


def _masthead(given: Mapping[str, Any], blocks: Iterable[Token]) -> dict[str, str]:
    """Complete the masthead: Dutch date and period, and a title where there is none."""
    known = {field: str(given.get(field) or "") for field in _FIELDS} | {"iso": ""}
    headings = (block["text"] for block in blocks if block["type"] == "heading")
    known["title"] = known["title"] or next(headings, "Rapport")
    with suppress(ValueError):
        day = date.fromisoformat(known["date"])
        known |= {"iso": day.isoformat(), "date": formats.day(day)}
    with suppress(UsageError):
        known["period"] = periods.parse(known["period"]).months_label
    return known
