"""The state of a period: its facts, and block by block what its reports show; kept as versions."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode

from bwk import cells, facts, inputs, workbook
from bwk.errors import UsageError
from bwk.export import document, markdown
from bwk.export.document import Document
from bwk.export.markdown import Token
from bwk.files import write

FOLDER = "versies"
KINDS = {"heading": "kop", "figure": "figuur", "table": "tabel", "text": "tekst"}
Facts = Mapping[str, Mapping[str, Mapping[str, Any]]]
_TOLD = ("waarde", "tekst", "eenheid", "achtergehouden")
_EMPTY = ("blank_line", "thematic_break")
_ENDS = re.compile(r"</(?:li|p|tr)>|<br ?/?>")
_TITLE = ("title", "subtitle", "programme", "date", "note")


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, list, figure or table of a report, in the `section` of a heading.

    The `key` is that of its cell with its place in it; the `kind` is one of `KINDS`; the `text` its
    words, or the caption; the `table` of a figure or table holds the names of the columns and the
    rows as shown; the `hash` is of all that a reviewer reads in it.
    """

    key: str
    kind: str
    section: str
    text: str
    table: Sequence[Sequence[str]]
    hash: str

    @property
    def label(self) -> str:
        """What it is, with its first words."""
        words = self.text.split()
        return f"{KINDS[self.kind]} ‘{' '.join(words[:8])}{' …' * (len(words) > 8)}’"


@dataclass(frozen=True)
class Report:
    """A report: its title, and its blocks in reading order."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class State:
    """What a run left of a period; `number` and `day` where it was kept as a version."""

    period: str
    baseline: str
    facts: Facts
    reports: Mapping[str, Report]
    data: Mapping[str, str] = field(default_factory=dict)
    number: int = 0
    day: str = ""

    @property
    def hash(self) -> str:
        """The same for the same facts and reports."""
        reports = {name: asdict(report) for name, report in self.reports.items()}
        return _hash([self.period, self.baseline, self.facts, reports])


def read(target: Path) -> State:
    """Read the state from the folder of a period, or from a definitive one.

    Raises
    ------
    UsageError
        If nothing was made there yet.
    WorkbookError
        If an executed notebook cannot be read.
    """
    book = load(target / facts.FILE)
    names = [name for name in book["feiten"] if (target / f"{name}.ipynb").exists()]
    return State(
        period=book["periode"],
        baseline=book["basisperiode"],
        facts=told(book["feiten"]),
        reports={name: _report(workbook.read(target / f"{name}.ipynb")) for name in names},
        data=inputs.record(target).get("data", {}),
    )


def told(book: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Facts:
    """Return the facts of `feiten.json` without what explains them."""
    return {
        scope: {name: {part: fact[part] for part in _TOLD} for name, fact in sheet.items()}
        for scope, sheet in book.items()
    }


def keep(target: Path, day: date) -> int | None:
    """Keep the state of a period as a version; return its number, None where nothing changed."""
    state, numbers = read(target), versions(target)
    if numbers and version(target, numbers[-1]).hash == state.hash:
        return None
    number = (numbers or [0])[-1] + 1
    (target / FOLDER).mkdir(exist_ok=True)
    kept = asdict(state) | {"number": number, "day": day.isoformat()}
    write(_path(target, number), json.dumps(kept, ensure_ascii=False, separators=(",", ":")))
    return number


def versions(target: Path) -> list[int]:
    """Return the numbers of the versions that were kept, the oldest first."""
    names = (path.stem for path in (target / FOLDER).glob("*.json"))
    return sorted(int(name) for name in names if name.isdecimal())


def version(target: Path, number: int) -> State:
    """Read a version; UsageError where there is none with that number, or it is damaged."""
    if number not in (known := versions(target)):
        there = f"er zijn {known[0]} tot en met {known[-1]}" if known else "er is nog geen versie"
        raise UsageError(f"Versie {number} van {target.name} is er niet: {there}.")
    kept = load(_path(target, number))
    try:
        reports = {
            name: Report(one["title"], [Block(**block) for block in one["blocks"]])
            for name, one in kept["reports"].items()
        }
        return State(**kept | {"reports": reports})
    except (KeyError, TypeError, AttributeError):
        raise damaged(_path(target, number)) from None


def load(path: Path) -> dict[str, Any]:
    """Read a JSON file of a period's folder; UsageError where it is missing or damaged."""
    period = path.parent.name
    if not path.exists():
        raise UsageError(f"{period}/{path.name} ontbreekt: maak de verslagen eerst met bwk run.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise damaged(path)
    return content


def shown(nb: NotebookNode, doc: Document | None = None) -> Iterator[tuple[Block, Token]]:
    """Yield what a report shows, in reading order: each block with the token that draws it.

    The `doc` is the notebook's, where it is built already.
    """
    doc, keys, places = doc or document.build(nb), _keys(nb), Counter[str]()
    words = [{"type": "text", "raw": doc.masthead[name]} for name in _TITLE if doc.masthead[name]]
    lines = [part for word in words for part in ({"type": "linebreak"}, word)][1:]
    title = {"type": "paragraph", "children": lines, "place": "titel"}
    notes = [
        {"type": "block_quote", "children": note["blocks"], "place": "noot"} for note in doc.notes
    ]
    section = "Titelblok"
    for token in (title, *doc.blocks, *notes):
        if token["type"] in _EMPTY:
            continue
        if token["type"] == "heading" or token.get("place") == "noot":
            section = token.get("text", "Voetnoten")
        cell = token.get("place") or keys[token["cell"] - 1]
        places[cell] += 1
        token = markdown.transform([token], _unlinked)[0]
        yield _block(token, cell, f"{cell}-{places[cell]}", section), token


def _report(nb: NotebookNode) -> Report:
    doc = document.build(nb)
    return Report(doc.masthead["title"], [block for block, _ in shown(nb, doc)])


def _block(token: Token, cell: str, key: str, section: str) -> Block:
    kind, table = "text", []
    if token["type"] == "heading":
        kind, text = "heading", token["text"]
    elif "caption" in token:
        kind, text = token["type"], token["caption"]
        table = [token["table"]["columns"], *token["table"]["rows"]]
    elif token["type"] == "picture":
        kind, text = "figure", token["alt"]
    else:
        text = token["raw"] if token["type"] == "html" else _plain(token)
    return Block(key, kind, section, text, table, _hash([cell, kind, text, table])[:16])


def _plain(token: Token) -> str:
    """Return the words of a text; each point of a list, and each row, on a line of its own."""
    html = markdown.html([token]).replace("\n", " ").replace("</td>", " ").replace("</th>", " ")
    lines = _ENDS.sub("\n", html.replace("<li>", "• ")).splitlines()
    return "\n".join(words for line in lines if (words := Markup(line).striptags()))


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


def _keys(nb: NotebookNode) -> list[str]:
    """Return the key of each cell; what an evaluator added belongs to the cell above it."""
    keys, last = [], "begin"
    for cell in nb.cells:
        last = cells.key_of(cell) or last
        keys.append(last)
    return keys


def _hash(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _path(target: Path, number: int) -> Path:
    return target / FOLDER / f"{number}.json"


def damaged(path: Path) -> UsageError:
    """Return the error for a file that cannot be read."""
    place = f"{path.parent.name}/{path.name}"
    return UsageError(f"{place} is beschadigd: zet de vorige versie van het bestand terug.")
