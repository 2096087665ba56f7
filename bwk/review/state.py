"""The state of a period: its facts, and block by block what its reports show; kept as versions."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import msgspec
from markupsafe import Markup
from nbformat import NotebookNode

from bwk import inputs, outputs, workbook
from bwk.errors import UsageError
from bwk.export import document, markdown
from bwk.export.document import Document
from bwk.export.markdown import Token
from bwk.files import alone
from bwk.outputs import Block, Shown, Version

_EMPTY = ("blank_line", "thematic_break")
_ENDS = re.compile(r"</(?:li|p|tr)>|<br ?/?>")
_TITLE = ("title", "subtitle", "programme", "date", "note")


def read(target: Path) -> Version:
    """Read the state from the folder of a period, or from a definitive one.

    Raises
    ------
    UsageError
        If nothing was made there yet.
    WorkbookError
        If an executed notebook cannot be read.
    """
    documents = {scope: document.build(notebook) for scope, notebook in notebooks(target)}
    return described(target, documents)


def described(target: Path, documents: Mapping[str, Document]) -> Version:
    """Return the state of a folder of which the reports are built already."""
    book = outputs.load(target / outputs.FACTS, outputs.Book)
    reports = {
        scope: Shown(doc.masthead["title"], [block for block, _ in shown(doc)])
        for scope, doc in documents.items()
    }
    data = inputs.record(target).data
    return Version(book.period, book.baseline, book.facts, reports, data)


def notebooks(target: Path) -> Iterator[tuple[str, NotebookNode]]:
    """Yield the executed notebooks of a folder by scope; raises what `read` does."""
    book = outputs.load(target / outputs.FACTS, outputs.Book)
    for scope in book.facts:
        path = target / f"{scope}.ipynb"
        if path.exists():
            yield scope, workbook.read(path)


def keep(target: Path, day: date, state: Version | None = None) -> int | None:
    """Keep the state of a period as a version; return its number, None where nothing changed.

    The `state` is that of the folder, where it is read already.
    """
    with alone(target):
        state = state or read(target)
        newest = max(versions(target), default=0)
        if newest and version(target, newest).hash == state.hash:
            return None
        number = newest + 1
        kept = msgspec.structs.replace(state, number=number, day=day)
        outputs.save(kept, _path(target, number))
        return number


def versions(target: Path) -> list[int]:
    """Return the numbers of the versions that were kept, the oldest first."""
    paths = (outputs.intern(target) / outputs.VERSIONS).glob("*.json")
    return sorted(int(path.stem) for path in paths if path.stem.isdecimal())


def version(target: Path, number: int) -> Version:
    """Read a version; UsageError where there is none with that number, or it is damaged."""
    numbers = versions(target)
    if number in numbers:
        return outputs.load(_path(target, number), Version)
    existing = "er is nog geen versie"
    if numbers:
        existing = f"er zijn {numbers[0]} tot en met {numbers[-1]}"
    raise UsageError(f"Versie {number} van {target.name} is er niet: {existing}.")


def shown(doc: Document) -> Iterator[tuple[Block, Token]]:
    """Yield what a report shows, in reading order: each block with the token that draws it."""
    counts = Counter[str]()
    section = "Titelblok"
    for token in (_title(doc), *doc.blocks, *_notes(doc)):
        if token["type"] in _EMPTY:
            continue
        section = token.get("text", section)
        cell = token["key"]
        counts[cell] += 1
        (unlinked,) = markdown.transform([token], _unlinked)
        yield _block(unlinked, cell, f"{cell}-{counts[cell]}", section), unlinked


def _title(doc: Document) -> Token:
    """Return the masthead as a paragraph, a line for each thing that it says."""
    lines = [
        {"type": "text", "raw": doc.masthead[field]} for field in _TITLE if doc.masthead[field]
    ]
    children = [token for line in lines for token in ({"type": "linebreak"}, line)]
    return {"type": "paragraph", "children": children[1:], "key": "titel"}


def _notes(doc: Document) -> list[Token]:
    return [
        {"type": "block_quote", "children": note["blocks"], "key": "noot", "text": "Voetnoten"}
        for note in doc.notes
    ]


def _block(token: Token, cell: str, key: str, section: str) -> Block:
    kind, text, table = _content(token)
    fingerprint = outputs.hashed([cell, kind, text, table])[:16]
    return Block(key, kind, section, text, table, fingerprint)  # type: ignore[arg-type]


def _content(token: Token) -> tuple[str, str, list[list[str]]]:
    """Return the kind of a block, its words, and the table of its data."""
    match token:
        case {"type": "heading", "text": text}:
            return "heading", text, []
        case {"type": kind, "caption": text, "table": table}:
            return kind, text, [table["columns"], *table["rows"]]
        case {"type": "picture", "alt": text}:
            return "figure", text, []
        case {"type": "html", "raw": text}:
            return "text", text, []
    return "text", _plain(token), []


def _plain(token: Token) -> str:
    """Return the words of a text; each point of a list, and each row, on a line of its own."""
    html = markdown.html([token]).replace("\n", " ").replace("</td>", " ").replace("</th>", " ")
    lines = _ENDS.sub("\n", html.replace("<li>", "• ")).splitlines()
    texts = (Markup(line).striptags() for line in lines)
    return "\n".join(text for text in texts if text)


def _unlinked(token: Token) -> list[Token]:
    """Take out what leads to elsewhere in the report: a page of the review has other targets."""
    match token:
        case {"type": "mark", "children": inner}:
            return inner
        case {"type": "footnote_ref"}:
            return [{"type": "text", "raw": " [noot]"}]
        case {"type": "link", "attrs": {"url": url}, "children": inner} if url.startswith("#"):
            return inner
    return [token]


def _path(target: Path, number: int) -> Path:
    return outputs.intern(target) / outputs.VERSIONS / f"{number}.json"
