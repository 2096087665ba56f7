"""An evaluator at work in JupyterLab, at random: after each update, is every character there?

The edits do what JupyterLab 4 does to ids, metadata and locks. Each thing typed is a word of its
own, so that a lost one is found by name. The tests run a few hundred seeds; `python
tests/bench/edits.py` runs ten thousand, and `edits.py 500 600` those from 500 to 600.
"""

import copy
import json
import random
import re
import sys
from collections.abc import Callable, Iterator

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from bwk import cells, workbook

LONG = ("0", "10000")
WORD = re.compile(r"w\d+x")
LOCKS = {"editable": False, "deletable": False}
TYPES: dict[str, Callable[..., NotebookNode]] = {
    "code": new_code_cell,
    "markdown": new_markdown_cell,
    "raw": new_raw_cell,
}


def slot(key: str, role: str, source: str, **bwk: bool) -> NotebookNode:
    """Make a cell of a template."""
    start = {"key": key, "role": role, "hash": workbook.fingerprint(source), **bwk}
    metadata = {"bwk": start, **(LOCKS if role != "narrative" else {"deletable": False})}
    made = TYPES["code" if role == "code" else "markdown"](source, id=key, metadata=metadata)
    if key == "parameters":
        made.metadata["tags"] = ["parameters"]
    return made


def template(*names: str, version: int = 1) -> NotebookNode:
    """Make a template with a section for each name."""
    parameters = 'location = "x"\nperiod = "2018-H1"\nbaseline = None'
    cells = [slot("parameters", "code", parameters)]
    for name in names:
        prompt = f"*Schrijf hier: {name}, versie {version}.*"
        cells.append(slot(f"{name}-kop", "fixed", f"## {name.title()}"))
        if name != "opvolging":
            cells.append(slot(f"{name}-figuur", "code", f"figures.{name}(sheet, {version})"))
        cells.append(slot(f"{name}-tekst", "narrative", prompt))
    cells.append(slot("controle", "code", "narrative.control()", screen=True))
    kind = {"bwk": {"template": "locatie", "version": version}}
    return new_notebook(cells=cells, metadata=kind)


TEMPLATES = (
    template("inleiding", "opvolging", "voornemens"),
    template("inleiding", "diensten", "voornemens", version=2),
    template("diensten", "rollen", "inleiding", version=2),
    template("opvolging", "voornemens", version=3),
)


class Evaluator:
    """Works on a workbook; every word that is typed is new."""

    def __init__(self, notebook: NotebookNode, seed: int) -> None:
        self.notebook, self.random, self.typed = notebook, random.Random(seed), 0

    @property
    def cells(self) -> list[NotebookNode]:
        return self.notebook.cells

    def edit(self) -> None:
        """Do one thing."""
        own = [self.type] * 3 + [self.split, self.merge, self.copy, self.cut, self.delete]
        whole = [self.move, self.insert, self.turn, self.picture, self.elsewhere]
        self.random.choice(own + whole)()

    def word(self) -> str:
        self.typed += 1
        return f"w{self.typed}x"

    def identity(self) -> str:
        return f"{self.random.getrandbits(32):08x}"

    def some(self, lock: str = "") -> int | None:
        """Return the place of some cell, of those that are not locked that way."""
        free = [n for n, cell in enumerate(self.cells) if cell.metadata.get(lock) is not False]
        return self.random.choice(free) if free else None

    def type(self, lock: str = "editable") -> None:
        if (at := self.some(lock)) is not None:
            source = self.cells[at].source
            place = self.random.randint(0, len(source))
            glue = self.random.choice(["", " ", "\n", "\n\n", "\n- **Plan.** "])
            # Not within a word: that would be an edit of it, not a loss.
            while place and re.match(r"\w\w", source[place - 1 : place + 1]):
                place -= 1
            self.cells[at].source = f"{source[:place]}{glue} {self.word()} {source[place:]}"

    def elsewhere(self) -> None:
        """Type in any cell, locked or not, as another editor lets one do."""
        self.type(lock="")

    def split(self) -> None:
        if (at := self.some("editable")) is not None:
            cell = self.cells[at]
            spaces = [match.start() for match in re.finditer(r"\s", cell.source)]
            place = self.random.choice([0, len(cell.source), *spaces])
            upper = TYPES[cell.cell_type](cell.source[:place].strip("\n"), id=self.identity())
            upper.metadata = copy.deepcopy(cell.metadata)
            cell.source = cell.source[place:].strip("\n")
            self.cells.insert(at, upper)

    def merge(self) -> None:
        at = self.some("editable")
        if at is None or at + 1 >= len(self.cells):
            return
        pair = self.cells[at : at + 2]
        if pair[1].metadata.get("editable") is not False:
            active = self.random.choice(pair)
            merged = TYPES[active.cell_type](
                "\n\n".join(cell.source for cell in pair), id=self.identity()
            )
            merged.metadata = copy.deepcopy(active.metadata)
            pictures = [cell.attachments for cell in pair if "attachments" in cell]
            if pictures and active.cell_type != "code":
                merged.attachments = {k: v for each in pictures for k, v in each.items()}
            self.cells[at : at + 2] = [merged]

    def copied(self, at: int) -> NotebookNode:
        copied = copy.deepcopy(self.cells[at])
        copied["id"] = self.identity()
        copied.metadata.pop("deletable", None)
        return copied

    def copy(self) -> None:
        if (at := self.some()) is not None:
            self.cells.insert(self.random.randint(0, len(self.cells)), self.copied(at))

    def cut(self) -> None:
        if (at := self.some()) is not None:
            cell = self.copied(at)
            if self.cells[at].metadata.get("deletable") is not False:
                del self.cells[at]
            self.cells.insert(self.random.randint(0, len(self.cells)), cell)

    def delete(self) -> None:
        if (at := self.some("deletable")) is not None and len(self.cells) > 1:
            del self.cells[at]

    def move(self) -> None:
        if (at := self.some()) is not None:
            cell = self.cells.pop(at)
            self.cells.insert(self.random.randint(0, len(self.cells)), cell)

    def insert(self) -> None:
        make = self.random.choice([*TYPES.values(), new_markdown_cell, new_markdown_cell])
        text = self.random.choice(["", "### Kop ", "- ", "<details>"])
        cell = make(f"{text} {self.word()}", id=self.identity())
        self.cells.insert(self.random.randint(0, len(self.cells)), cell)

    def turn(self) -> None:
        """Make a cell code, Markdown or raw."""
        if (at := self.some("editable")) is not None:
            cell = self.cells[at]
            turned = self.random.choice([*TYPES.values()])(cell.source, id=cell.id)
            turned.metadata = copy.deepcopy(cell.metadata)
            self.cells[at] = turned

    def picture(self) -> None:
        at = self.some("editable")
        if at is not None and self.cells[at].cell_type != "code":
            name = f"{self.word()}.png"
            self.cells[at].source += f"\n\n![](attachment:{name})"
            self.cells[at].setdefault("attachments", {})[name] = {"image/png": "iVBORw0KGgo="}


def words(notebook: NotebookNode) -> set[str]:
    """Return every word and picture of an evaluator; what was copied from last period is none."""
    cells = [cell for cell in notebook.cells if not is_shown_again(cell)]
    typed = {word for cell in cells for word in WORD.findall(cell.source)}
    return typed | {name for cell in cells for name in cell.get("attachments", {})}


def is_shown_again(cell: NotebookNode) -> bool:
    bwk = cell.metadata.get("bwk", {})
    copied = bwk.get("role") == "reference" or bwk.get("key") == cells.FOLLOW_UP
    return copied and bwk.get("hash") == workbook.fingerprint(cell.source)


def problems(
    template: NotebookNode, edited: NotebookNode, previous: NotebookNode | None
) -> Iterator[str]:
    """Yield what an update, or the notebook for a run, does wrong."""
    inputs = [text(nb) for nb in (template, edited, previous)]
    done = workbook.update(template, edited, previous).notebook
    run = workbook.assemble(template, edited)
    nbformat.validate(done)
    nbformat.validate(run)
    if lost := words(edited) - words(done):
        yield f"lost: {sorted(lost)}"
    if inputs != [text(nb) for nb in (template, edited, previous)]:
        yield "an input was changed"
    if text(workbook.update(template, done, previous).notebook) != text(done):
        yield "a second update changes it"
    if len({cell.id for cell in done.cells}) < len(done.cells):
        yield "an id occurs twice"
    yield from misbuilt(template, done)
    wanted = [c.source for c in template.cells if c.cell_type == "code" and c.id != "controle"]
    if [cell.source for cell in run.cells if cell.cell_type == "code"] != wanted:
        yield "code to run is not the template's"
    if missing := printed(done) - words(run):
        yield f"not printed: {sorted(missing)}"
    if run != workbook.assemble(template, workbook.update(template, edited).notebook):
        yield "the run differs after an update"


def text(notebook: NotebookNode | None) -> str:
    return json.dumps(notebook, sort_keys=True)


def misbuilt(template: NotebookNode, done: NotebookNode) -> Iterator[str]:
    keyed = [cell for cell in done.cells if cell.metadata.get("bwk", {}).get("key")]
    keyed = [c for c in keyed if c.metadata.bwk.role in ("code", "fixed", "narrative")]
    keys = dict.fromkeys(cell.metadata.bwk.key for cell in keyed)
    wanted = [c for c in template.cells if c.id in keys or not c.id.startswith("opvolging")]
    if [*keys] != [cell.id for cell in wanted]:
        yield "the order is not the template's"
    locked = [(c.id, c.source) for c in keyed if c.metadata.bwk.role != "narrative"]
    start = [(c.id, c.source) for c in wanted if c.metadata.bwk.role != "narrative"]
    if locked != start:
        yield "a locked cell is not the template's"


def printed(notebook: NotebookNode) -> set[str]:
    """Return the words in text that a run is to take over."""
    cells = [cell for cell in notebook.cells if cell.cell_type != "code"]
    cells = [cell for cell in cells if not is_shown_again(cell)]
    kept = [cell for cell in cells if "niet-exporteren" not in cell.metadata.get("tags", [])]
    return {word for cell in kept for word in WORD.findall(cell.source)}


def session(seed: int, edits: int = 12) -> Iterator[str]:
    """Let an evaluator work, with an update of the project now and then; yield what goes wrong."""
    chance = random.Random(-seed)
    current = TEMPLATES[0]
    evaluator = Evaluator(workbook.update(current, None).notebook, seed)
    previous = None
    for _ in range(chance.randint(1, edits)):
        evaluator.edit()
        if chance.random() < 0.25:
            current = chance.choice([current, *TEMPLATES])
            if chance.random() < 0.3:
                previous = copy.deepcopy(evaluator.notebook)
            if found := list(problems(current, evaluator.notebook, previous)):
                yield from (f"seed {seed}: {each}" for each in found)
                return
            evaluator.notebook = workbook.update(current, evaluator.notebook, previous).notebook
    yield from (f"seed {seed}: {each}" for each in problems(current, evaluator.notebook, previous))


if __name__ == "__main__":
    first, last = map(int, sys.argv[1:] or LONG)
    wrong = [problem for seed in range(first, last) for problem in session(seed)]
    print(*wrong[:20], f"{last - first} sequences of edits, {len(wrong)} problems", sep="\n")
    sys.exit(bool(wrong))
