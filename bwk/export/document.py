"""An executed notebook as one document: checked, numbered, ready for HTML and PDF alike."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from inspect import cleandoc
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
_MASTHEAD = ("title", "subtitle", "programme", "date", "iso", "status", "note", "period")
_DUTCH = {
    "id": "naam",
    "caption": "bijschrift",
    "alt": "alternatieve tekst",
    "table": "gegevens",
    "svg_paths": "afbeelding",
}
_NEEDED = {"figure": list(_DUTCH), "table": ["id", "caption", "table"], "masthead": []}
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
    mastheads = [block for block in blocks if block["type"] == "masthead"]
    shown = [block for block in blocks if block["type"] != "masthead"]
    body, notes = _resolved(list(_numbered(_levelled(shown))))
    return Document(_masthead(mastheads[0] if mastheads else {}, body), body, notes)


def _read(nb: NotebookNode) -> Iterator[Token]:
    """Yield the blocks of all cells; each knows its cell and its chapter of the whole report."""
    cells = [
        (index, cell, cell.metadata.get("bwk", {}).get("chapter", ""))
        for index, cell in enumerate(nb.cells, 1)
        if not EXCLUDED & set(cell.metadata.get("tags", []))
    ]
    notes: dict[str, dict[str, str]] = defaultdict(dict)
    for _, cell, chapter in cells:
        if cell.cell_type == "markdown":
            notes[chapter] |= markdown.footnotes(cell.source)
    heading = current = ""
    for index, cell, chapter in cells:
        own = {"cell": index, "chapter": chapter}
        if chapter not in ("", current):
            current = chapter
            yield _heading([markdown.words(chapter)], 1) | own | {"opens": True}
        place = f"Cel {index}" + (f" (onder de kop ‘{heading}’)" if heading else "")
        for block in _cell_blocks(cell, place, notes[chapter]):
            heading = block.get("text", heading)
            yield block | own


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
        elif (heading := _heading(token["children"], token["attrs"]["level"]))["text"]:
            yield heading


def _heading(words: Sequence[Token], level: int) -> Token:
    text = " ".join(markdown.plain(words).split())
    return {"type": "heading", "level": level, "children": words, "text": text}


def _bundle(data: Mapping[str, Any], place: str) -> Token:
    bundle = data[MIME] if isinstance(data[MIME], dict) else {}
    kind = bundle.get("kind")
    needed = _NEEDED.get(kind, [])
    lacking = [_DUTCH[field] for field in needed if not str(bundle.get(field) or "").strip()]
    if kind not in _NEEDED:
        lacking = ["soort"]
    elif "table" in needed and not _TABLE <= set(bundle.get("table") or ()):
        lacking.append(_DUTCH["table"])
    if lacking:
        raise WorkbookError(
            f"{place} toont een figuur of tabel zonder {lacking[0]}: gebruik een functie van "
            "figures of tables."
        )
    return {**bundle, "type": kind, "picture": data.get(PICTURES[0]) or bundle.get("svg_paths")}


def _picture(output: NotebookNode, place: str) -> Token:
    mime = next(kind for kind in PICTURES if kind in output.data)
    metadata = output.get("metadata", {})
    alt = str(metadata.get(mime, {}).get("alt") or metadata.get("alt") or "").strip()
    if not alt:
        raise WorkbookError(
            f"{place} toont een afbeelding zonder alternatieve tekst: gebruik een functie van "
            "figures, of haal de afbeelding weg."
        )
    return {"type": "picture", "mime": mime, "picture": output.data[mime], "alt": alt}


def _levelled(blocks: Iterable[Token]) -> Iterator[Token]:
    """Check the levels of the headings; those of a chapter go one level down."""
    above = 1
    for block in blocks:
        if block["type"] == "heading":
            place = f"Cel {block['cell']}: de kop ‘{block['text']}’"
            if block["level"] == 1 and "opens" not in block:
                raise WorkbookError(
                    f"{place} begint met één #, maar dat is de titel van het rapport: begin de kop "
                    "met ##."
                )
            deeper = 1 if block["chapter"] else 0
            if block["level"] + deeper > above + 1:
                raise WorkbookError(
                    f"{place} slaat een niveau over: begin de kop met {'#' * (above + 1 - deeper)}."
                )
            above = min(block["level"] + deeper, DEEPEST)
            block = {**block, "level": above}
        yield block


def _numbered(blocks: Iterable[Token]) -> Iterator[Token]:
    """Number sections as 1, 1.1, and figures and tables each in one row; give each its own id."""
    sections: list[int] = []
    counts: Counter[str] = Counter()
    taken = {"inhoud", "voetnoten"}
    for block in blocks:
        if block["type"] == "heading":
            sections = [*sections, 0][: block["level"] - 1]
            sections[-1] += 1
            words, number = block["text"], ".".join(map(str, sections))
        elif "caption" in block:
            counts[block["type"]] += 1
            words, number = block["id"], counts[block["type"]]
        else:
            yield block
            continue
        name = _anchor("" if "opens" in block else block["chapter"], words)
        names = (name if n == 1 else f"{name}-{n}" for n in itertools.count(1))
        unique = next(name for name in names if name not in taken)
        taken.add(unique)
        yield {**block, "number": number, "id": unique}


def _anchor(chapter: str, words: str) -> str:
    return markdown.slug(f"{chapter} {words}")


def _resolved(blocks: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """Point links within the report at their target, and number the footnotes in one row.

    A target in the same chapter goes first; without a target a link becomes text. A note that
    is named twice in a chapter stands there once.
    """
    targets = {block["id"] for block in blocks if "number" in block}
    notes: dict[tuple[str, str], Token] = {}

    def change(chapter: str, token: Token) -> list[Token]:
        if token["type"] == "footnote_ref":
            return [{"type": "footnote_ref", "attrs": refer(chapter, token["note"])}]
        url = token["attrs"]["url"] if token["type"] == "link" else ""
        if not url.startswith("#"):
            return [token]
        names = (_anchor(start, unquote(url[1:])) for start in (chapter, ""))
        target = next((name for name in names if name in targets), None)
        return [{**token, "attrs": {"url": f"#{target}"}}] if target else token["children"]

    def refer(chapter: str, source: str) -> Token:
        new = {"number": len(notes) + 1, "places": []}
        note = notes.setdefault((chapter, source), new)
        if note is new:
            tokens = markdown.parse(cleandoc(source))
            note["blocks"] = markdown.transform(tokens, partial(change, chapter))
        place = f"bij-noot-{note['number']}-{len(note['places']) + 1}"
        note["places"].append(place)
        return {"number": note["number"], "place": place}

    body = [
        new
        for block in blocks
        for new in markdown.transform([block], partial(change, block["chapter"]))
    ]
    return body, list(notes.values())


def _masthead(given: Mapping[str, Any], blocks: Iterable[Token]) -> dict[str, str]:
    """Complete the masthead: Dutch date and period, and a title where there is none."""
    known = {field: str(given.get(field) or "") for field in _MASTHEAD}
    headings = (block["text"] for block in blocks if block["type"] == "heading")
    known["title"] = known["title"] or next(headings, "Rapport")
    with suppress(ValueError):
        day = date.fromisoformat(known["date"])
        known |= {"iso": day.isoformat(), "date": formats.day(day)}
    with suppress(UsageError):
        known["period"] = periods.parse(known["period"]).months_label
    return known
