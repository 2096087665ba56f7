"""An executed notebook as one document: checked, numbered, ready for HTML and PDF alike."""

import base64
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import unquote

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from bwk import cells, formats, periods
from bwk.bundle import MIME
from bwk.errors import UsageError, WorkbookError
from bwk.export import markdown
from bwk.export.markdown import Token
from bwk.narrative import PROMPT
from bwk.narrative.sources import passage_key

PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
CONCEPT, COMPLETE = "concept", "ter beoordeling"
DEEPEST = 5  # sections: the title is h1, so this one is h6
_ASKED = re.compile(rf"^[-*+] +\*\*[^*\n]+\*\* *{PROMPT.pattern}\s*$", re.MULTILINE)
_MASTHEAD = ("title", "subtitle", "programme", "date", "iso", "status", "code", "note", "period")
_NEEDED = {
    "figure": {"caption": "bijschrift", "alt": "alternatieve tekst", "table": "gegevens"},
    "table": {"caption": "bijschrift", "table": "gegevens"},
    "masthead": {},
}
_TABLE = {"columns", "numeric", "rows", "values"}


@dataclass(frozen=True)
class Document:
    """What both exporters show, in reading order.

    The `masthead` holds the words of `_MASTHEAD`; what is not known is empty, but for the title.
    The `blocks` are the tokens of `markdown`, and `figure`, `table`, `picture` and `html`; a
    heading, and a figure or table with a caption, has its `number` and `id`. A table may hold the
    `cards` that the `mark` tokens name by number. Each of the `notes` has its `number` and
    `blocks`, and `places`: the ids of what refers to it.
    """

    masthead: Mapping[str, str]
    blocks: Sequence[Token]
    notes: Sequence[Token]


def open_points(nb: NotebookNode) -> int | None:
    """Return how many points its evaluators still have to settle; None where nobody looked."""
    counts = [int(bundle["open"]) for bundle in bundles(nb.cells) if "open" in bundle]
    return sum(counts) if counts else None


def build(nb: NotebookNode) -> Document:
    """Make the document of an executed notebook.

    A `concept` of which no point is open is fit to be reviewed, and says so; the `status` in the
    notebook's own metadata goes first, with the `code` of an edition. Shown are text without
    prompts, and of the outputs the project's own, Markdown, pictures and HTML. Left out are code,
    what it prints, and cells that `cells.shown` leaves out.

    Raises
    ------
    WorkbookError
        Names the cell and what to mend: a cell that failed, a picture without alternative text,
        a `#` heading, a skipped heading level, a figure or table that is not complete.
    """
    blocks = list(_read(nb))
    masthead = next((block for block in blocks if block["type"] == "masthead"), {})
    status = COMPLETE if open_points(nb) == 0 else CONCEPT
    own = cells.own(nb)
    if masthead.get("status") == CONCEPT or "status" in own:
        masthead = {**masthead, "status": own.get("status", status), "code": own.get("code")}
    shown = [block for block in blocks if block["type"] != "masthead"]
    body, notes = _resolved(list(_numbered(shown)))
    return Document(_masthead(masthead, body), body, notes)


def _read(nb: NotebookNode) -> Iterator[Token]:
    """Yield the blocks of all cells; each knows its cell and its chapter of the whole report."""
    visible = [(index, cell, cells.chapter_of(cell)) for index, cell in cells.shown(nb)]
    texts = _texts([(cell, chapter) for _, cell, chapter in visible])
    notes: dict[str, dict[str, str]] = defaultdict(dict)
    for (_, _, chapter), text in zip(visible, texts, strict=True):
        notes[chapter] |= markdown.footnotes(text)
    heading = ""
    keys = _keys(nb)
    for (index, cell, chapter), text in zip(visible, texts, strict=True):
        place = f"Cel {index}"
        if heading:
            place += f" (onder de kop ‘{heading}’)"
        for block in _cell_blocks(cell, text, place, notes[chapter]):
            if chapter and block["type"] == "masthead":
                block = _opening(chapter)
            heading = block.get("text", heading)
            origin = {"cell": index, "key": keys[index - 1], "chapter": chapter}
            yield {**block, **origin, "once": cells.comes_once(cell)}


def _keys(nb: NotebookNode) -> list[str]:
    """Return the key of each cell; what an evaluator added belongs to the cell above it."""
    keys = []
    key = "begin"
    for cell in nb.cells:
        key = cells.key_of(cell) or key
        keys.append(key)
    return keys


def bundles(notebook_cells: Iterable[NotebookNode]) -> Iterator[dict[str, Any]]:
    """Yield the parts of the outputs of cells that are the project's own."""
    for cell in notebook_cells:
        for output in cell.get("outputs", []):
            bundle = output.get("data", {}).get(MIME)
            if isinstance(bundle, dict):
                yield bundle


def _texts(visible: Sequence[tuple[NotebookNode, str]]) -> list[str]:
    """Return what an evaluator wrote, with its confirmed numbers marked, for cells with chapters.

    A text that a chapter holds twice stays without marks: which of the two they belong to is
    not known.
    """
    marks: dict[tuple[str, str], list[tuple[int, int, int]]] = defaultdict(list)
    card = 1
    for cell, chapter in visible:
        for bundle in bundles([cell]):
            for mark in bundle.get("marks", ()):
                place = (mark["start"], mark["end"], card + mark["card"])
                marks[chapter, mark["passage"]].append(place)
            card += len(bundle.get("cards", ()))
    sources = [cells.text_of(cell) for cell, _ in visible]
    keys = [
        (chapter, passage_key(source))
        for source, (_, chapter) in zip(sources, visible, strict=True)
    ]
    for key, times in Counter(keys).items():
        if times > 1:
            marks.pop(key, None)
    return [
        _written(markdown.marked(source, marks.get(key, ())))
        for source, key in zip(sources, keys, strict=True)
    ]


def _opening(chapter: str) -> Token:
    words = [{"type": "text", "raw": chapter}]
    return {"type": "heading", "level": 1, "text": chapter, "children": words, "opens": True}


def _cell_blocks(
    cell: NotebookNode, text: str, place: str, notes: Mapping[str, str]
) -> Iterator[Token]:
    yield from markdown.parse(text, notes)
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            raise WorkbookError(
                f"{place} geeft een fout ({output.ename}): maak het rapport opnieuw met bwk run, "
                "of vraag hulp als de fout blijft."
            )
        data = output.get("data", {})
        if "text/markdown" in data:
            yield from markdown.parse(data["text/markdown"], notes)
        elif MIME in data:
            yield _bundle(data, place)
        elif any(kind in data for kind in PICTURES):
            yield _picture(output, place)
        elif "text/html" in data:
            yield {"type": "html", "html": data["text/html"], "raw": data.get("text/plain", "")}


def _written(source: str) -> str:
    """Return what an evaluator wrote: without prompts, and without points that are only asked."""
    return PROMPT.sub("", _ASKED.sub("", source))


def _bundle(data: Mapping[str, Any], place: str) -> Token:
    bundle = data[MIME] if isinstance(data[MIME], dict) else {}
    kind = str(bundle.get("kind"))
    needed = _NEEDED.get(kind, {"": "soort"})
    lacking = [word for field, word in needed.items() if not str(bundle.get(field) or "").strip()]
    if "table" in needed and not set(bundle.get("table") or ()) >= _TABLE:
        lacking.append(needed["table"])
    if lacking:
        raise WorkbookError(
            f"{place} toont een figuur of tabel zonder {lacking[0]}: gebruik een functie van "
            "figures of tables."
        )
    return {**bundle, "type": kind, "picture": data.get("image/svg+xml")}


def _picture(output: NotebookNode, place: str) -> Token:
    mime = next(kind for kind in PICTURES if kind in output.data)
    metadata = output.get("metadata", {})
    alt = str(metadata.get(mime, {}).get("alt") or metadata.get("alt") or "").strip()
    if not alt:
        raise WorkbookError(
            f"{place} toont een afbeelding zonder alternatieve tekst: gebruik een functie van "
            "figures, of haal de afbeelding weg."
        )
    content = output.data[mime]
    picture = content if mime == "image/svg+xml" else base64.b64decode(content)
    return {"type": "picture", "mime": mime, "picture": picture, "alt": alt}


def _numbered(blocks: Iterable[Token]) -> Iterator[Token]:
    """Number sections as 1, 1.1, and figures and tables each in one row; give each its own id."""
    section: list[int] = []
    counts: Counter[str] = Counter()
    ids = {"inhoud", "voetnoten"}
    for block in blocks:
        kind = block["type"]
        if kind == "heading":
            section = _section(block, section)
            number = ".".join(map(str, section))
            block = {**block, "number": number, "id": block["text"], "level": len(section) + 1}
        elif "caption" in block:
            counts[kind] += 1
            block = {**block, "number": counts[kind]}
        if "cards" in block:
            start = counts["card"] + 1
            block["cards"] = [
                {**card, "number": number} for number, card in enumerate(block["cards"], start)
            ]
            counts["card"] += len(block["cards"])
        if "number" in block:
            chapter = "" if "opens" in block else block["chapter"]
            block["id"] = _unused(markdown.slug(chapter, block["id"]), ids)
            ids.add(block["id"])
        yield block


def _unused(name: str, ids: Container[str]) -> str:
    names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
    return next(each for each in names if each not in ids)


def _section(heading: Token, before: Sequence[int]) -> list[int]:
    """Return the number of a section, in a chapter one level down; refuse a wrong level."""
    place = f"Cel {heading['cell']}: de kop ‘{heading['text']}’"
    if heading["level"] == 1 and "opens" not in heading:
        raise WorkbookError(
            f"{place} begint met één #, maar dat is de titel van het rapport: begin de kop met ##."
        )
    shallowest = 1 if heading["chapter"] else 2
    depth = heading["level"] - shallowest + 1
    if depth > len(before) + 1:
        signs = "#" * (len(before) + shallowest)
        raise WorkbookError(f"{place} slaat een niveau over: begin de kop met {signs}.")
    *above, number = [*before, 0][: min(depth, DEEPEST)]
    return [*above, number + 1]


def _resolved(blocks: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """Point links within the report at their target, and number the footnotes in one row.

    A target in the same chapter goes first; a link without a target becomes text. A note that is
    named twice in a chapter stands there once.
    """
    targets = {block["id"] for block in blocks if "number" in block}
    notes: dict[tuple[str, str], Token] = {}

    def change(chapter: str, token: Token) -> list[Token]:
        match token:
            case {"type": "link", "attrs": {"url": url}} if url.startswith("#"):
                names = (markdown.slug(start, unquote(url[1:])) for start in (chapter, ""))
                target = next((name for name in names if name in targets), None)
                return [{**token, "attrs": {"url": f"#{target}"}}] if target else token["children"]
            case {"type": "footnote_ref", "source": source, "note": tokens}:
                added = {"number": len(notes) + 1, "blocks": tokens, "places": []}
                note = notes.setdefault((chapter, source), added)
                number, places = note["number"], note["places"]
                place = f"bij-noot-{number}-{len(places) + 1}"
                places.append(place)
                attrs = {"number": number, "place": place}
                return [{"type": "footnote_ref", "attrs": attrs}]
        return [token]

    body: list[Token] = []
    for block in blocks:
        body += markdown.transform([block], partial(change, block["chapter"]))
    return body, list(notes.values())


def _masthead(stated: Mapping[str, Any], blocks: Iterable[Token]) -> dict[str, str]:
    """Complete the masthead: Dutch date and period, and a title where there is none."""
    masthead = {field: str(stated.get(field) or "") for field in _MASTHEAD}
    if not masthead["title"]:
        headings = (block["text"] for block in blocks if block["type"] == "heading")
        masthead["title"] = next(headings, "Rapport")
    with suppress(ValueError):
        day = date.fromisoformat(masthead["date"])
        masthead |= {"iso": day.isoformat(), "date": formats.day(day)}
    with suppress(UsageError):
        masthead["period"] = periods.parse(masthead["period"]).months_label
    return masthead


class DocumentExporter(Exporter):
    """Shows the document of a notebook: each kind of file has a `render` of its own."""

    render: Callable[[Document], str | bytes]

    def from_notebook_node(self, nb, resources=None, **kw):
        """Return the content and the resources; WorkbookError where `build` raises it."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        return self.render(build(nb)), resources
