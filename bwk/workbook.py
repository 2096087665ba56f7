"""The workbook: the template's skeleton with the evaluator's text, which is never lost.

What the cells of both are, and which keys and roles there are, stands in `cells`.
"""

import copy
import json
import re
import warnings
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from textwrap import indent

import nbformat
from nbformat import NotebookNode as Node
from nbformat import from_dict
from nbformat.v4 import new_markdown_cell, new_notebook

from bwk import cells
from bwk.cells import (
    APPENDIX,
    FOLLOW_UP,
    INTENTIONS,
    PARAMETERS,
    fingerprint,
    key_of,
    own,
    role_of,
    tags_of,
)
from bwk.errors import WorkbookError
from bwk.facts import FactSheet
from bwk.files import read_json
from bwk.formats import LONGEST_SLUG
from bwk.narrative import PROMPT, QUESTION, drafts, follow_up

FOLLOW_UP_CELLS = ("opvolging-kop", FOLLOW_UP)
_LOCKS = ("editable", "deletable")
_CHOICE = "*Kies: gedaan, loopt nog of vervallen. **Schrijf hier:** wat ervan kwam.*"
_HEAD = (
    "## Bijlage: tekst die geen plaats meer heeft\n\nDit komt niet in het verslag. "
    "Verplaats naar boven wat u wilt houden, en verwijder de rest."
)
_TAG = re.compile(r"<(?!https?:|mailto:)(?=[a-z/!?])", re.IGNORECASE)
_ASSIGNED = re.compile(r"^(\w+) *= *[\"']([^\"'\n]*)[\"']", re.MULTILINE)
Dealt = dict[str | None, list[Node]]
_NOTES = {
    "missing": "Bij ‘{}’ ontbrak een cel. Die staat er nu.",
    "renewed": "Bij ‘{}’ is een vaste cel vernieuwd.",
    "asked": "Bij ‘{}’ staat een nieuwe vraag of tekst.",
    "copied": "Bij ‘{}’ is een kopie van een vaste cel weggehaald.",
    "edited": "Bij ‘{}’ was een vaste cel veranderd. Wat er stond, staat in de bijlage.",
    "dropped": "‘{}’ is geen deel meer van het sjabloon. Uw tekst staat in de bijlage.",
    "moved": "De cellen staan weer in de volgorde van het sjabloon.",
    "previous": "De tekst van de vorige periode staat erbij, ingeklapt.",
}


@dataclass(frozen=True)
class Update:
    """A workbook brought to its template, and what was done: sentences in Dutch."""

    notebook: Node
    notes: tuple[str, ...]


def read(path: Path, template: Node | None = None) -> Node:
    """Read a template, or a workbook that must belong to a template (as `parametrized` makes it).

    Raises
    ------
    WorkbookError
        If the file is no notebook, or a workbook of another kind, location or period, or of a
        newer template.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        with warnings.catch_warnings(action="ignore"):  # an id that is missing or occurs twice
            notebook = nbformat.reads(read_json(path), as_version=4)
            nbformat.validate(notebook)
            # Half a letter, which JSON may hold, can be written nowhere.
            json.dumps(notebook, ensure_ascii=False).encode()
    except Exception:  # nbformat raises whatever a strange file makes it stumble over
        raise WorkbookError(
            f"{name} is geen leesbaar werkboek: zet de vorige versie van het bestand terug."
        ) from None
    if template and (wrong := next(_strange(notebook, template), None)):
        raise WorkbookError(f"{name} {wrong}")
    return notebook


def strays(folder: Path, scopes: Container[str]) -> Iterator[str]:
    """Say of each notebook that is no workbook by its name what it is, and what to do with it.

    Nothing of it is in a report, which somebody who typed in it would not know. The `scopes` have
    reports: a notebook of that name is read, unless it says that it is another's.
    """
    for path in sorted(folder.glob("*.ipynb")):
        owner = _owner(path) or (path.stem if path.stem in scopes else "")
        own_name = f"{owner}.ipynb"
        if path.name == own_name:
            continue
        what, remedy = "geen werkboek", "verplaats het"
        if owner and (folder / own_name).exists():
            what = f"een kopie van {own_name}"
            remedy = "zet wat u daarin typte in het werkboek zelf, en haal de kopie weg"
        elif owner:
            what, remedy = f"het werkboek van ‘{owner}’", f"noem het weer {own_name}"
        yield f"{path.name} is {what}, en komt in geen verslag: {remedy}."


def _owner(path: Path) -> str:
    """Return the location that a workbook says it is of; empty where it is none."""
    try:
        return str(own(json.loads(read_json(path))).get("location", ""))[:LONGEST_SLUG]
    except cells.STUMBLES:
        return ""


def parametrized(template: Node, location: str, period: str) -> Node:
    """Return the template with its parameters set to a location and a period."""
    report = copy.deepcopy(template)
    cells.label(report, location=location)
    for cell in report.cells:
        if PARAMETERS in tags_of(cell):
            for name, value in (("location", location), ("period", period)):
                line = f"{name} = {json.dumps(value)}".replace("\\", r"\\")
                cell.source = re.sub(rf"(?m)^{name} *=.*$", line, cell.source)
    return report


def update(template: Node, workbook: Node | None, previous: Node | None = None) -> Update:
    """Bring a workbook to its template; a second update changes nothing. No input is changed.

    Parameters
    ----------
    template : Node
        As `parametrized` makes it: gives order, code, headings, and text that nobody touched.
    workbook : Node or None
        Gives the text; what has no place any more goes to an appendix. None makes a new one.
    previous : Node, optional
        Workbook of the period before: its text is shown, its intentions are followed up.

    Raises
    ------
    WorkbookError
        If two cells of the template have the same key.
    """
    current, before = workbook or new_notebook(), previous or new_notebook()
    texts = _texts(_skeleton(template), before)
    period = _parameters(before).get("period", "")
    intentions = "\n\n".join(cell.source for cell in texts[INTENTIONS])
    titles = [item.title for item in follow_up(intentions)]
    skeleton = _skeleton(template, current, titles)
    dealt = _deal(skeleton, current)
    content = [_free(cell) for cell in dealt[None]]
    for slot in skeleton.cells:
        content += _filled(slot, dealt[key_of(slot)])
        content += _reference(slot, texts[key_of(slot)], period)
    if dealt[APPENDIX]:
        heading = _locked(_HEAD, APPENDIX, "appendix")
        content += [heading, *map(_spare, dealt[APPENDIX])]
    updated = _notebook(skeleton, content, current)
    notes = _notes(skeleton, current, updated, dealt[APPENDIX]) if workbook else ()
    return Update(updated, tuple(dict.fromkeys(notes)))


def assembled(template: Path, text: Path | None, sheet: FactSheet) -> Node:
    """Return what a run executes, as `assemble` does, from files; `text` is a workbook.

    Without one the parts of the template are drafted. What nobody read says so.
    """
    skeleton = parametrized(read(template), sheet.scope.slug, sheet.period.name)
    skeleton = skeleton if text else drafts.fill(skeleton, sheet)
    notebook = assemble(skeleton, read(text, skeleton) if text else None)
    return drafts.marked(notebook, drafts.unread(text, skeleton))


def assemble(template: Node, workbook: Node | None) -> Node:
    """Return the notebook that a run executes: code of the template, text of the workbook.

    Left out are the appendix, the references, what is for the screen, and code of the evaluator.
    No input is changed.
    """
    current = copy.deepcopy(workbook or new_notebook())
    for cell in current.cells:
        if _is_narrative(cell) and QUESTION in cell.source:
            cells.label(cell, hash="")  # a draft is printed as it stands in the workbook
    skeleton = _skeleton(template, current)
    dealt = _deal(skeleton, current)
    content = [_free(cell) for cell in dealt[None]]
    for slot in skeleton.cells:
        filled = _filled(slot, dealt[key_of(slot)])
        content += filled[1:] if own(slot).get("screen") else filled
    content = [cell for cell in content if cell.cell_type != "code" or key_of(cell)]
    for cell in filter(own, content):
        # Of no use in a run, and not the same after an update.
        cell.metadata[cells.OWN].pop("hash", None)
    return _notebook(skeleton, content, new_notebook())


def _strange(notebook: Node, template: Node) -> Iterator[str]:
    """Yield why a notebook is no workbook of a template."""
    bwk, expected = own(notebook), own(template)
    pairs = {
        "sjabloon": (bwk.get("template"), expected.get("template")),
        "locatie": (bwk.get("location"), expected.get("location")),
        "periode": (_parameters(notebook).get("period"), _parameters(template).get("period")),
    }
    if not any(map(key_of, notebook.cells)):
        yield "is geen werkboek: verplaats het, dan maakt bwk open een nieuw werkboek."
    for noun, (its, ours) in pairs.items():
        if its and ours and its != ours:
            yield f"hoort bij {noun} ‘{str(its)[:40]}’: zet hier het werkboek van ‘{ours}’."
    version = bwk.get("version")
    if isinstance(version, int) and version > expected.get("version", version):
        yield "is gemaakt met een nieuwer sjabloon: werk eerst het project bij."


def _skeleton(template: Node, workbook: Node | None = None, intentions: Iterable[str] = ()) -> Node:
    """Return the template without outputs, each cell keyed; the follow-up has its list, or goes."""
    skeleton = copy.deepcopy(template)
    for number, cell in enumerate(skeleton.cells, 1):
        role = "code" if cell.cell_type == "code" else "fixed"
        bwk = {"key": cell.get("id", f"cel-{number}"), "role": role, **own(cell)}
        if key_of(cell) == FOLLOW_UP and workbook:
            items = "\n".join(f"- **{title}** {_CHOICE}" for title in intentions)
            cell.source = items or _asked(workbook, cell.source)
        cells.label(cell, **{**bwk, "hash": fingerprint(cell.source)})
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    if any(key_of(cell) == FOLLOW_UP and not cell.source for cell in skeleton.cells):
        skeleton.cells = [cell for cell in skeleton.cells if key_of(cell) not in FOLLOW_UP_CELLS]
    keys = [key_of(cell) for cell in skeleton.cells]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise WorkbookError(
            f"Het sjabloon heeft twee cellen met de sleutel ‘{twice}’: haal er een weg."
        )
    return skeleton


def _asked(workbook: Node, start: str) -> str:
    """Return the start text of a follow-up that the workbook holds; empty where it has none."""
    texts = [cell for cell in workbook.cells if key_of(cell) == FOLLOW_UP and cell.source.strip()]
    texts = [cell for cell in texts if fingerprint(cell.source) != fingerprint(start)]
    starts = [cell.source for cell in texts if not _is_own(cell)]
    return [*starts, start][0] if texts else ""


def _deal(skeleton: Node, workbook: Node) -> Dealt:
    """Give the cells of a workbook their place: a key of the template, or the appendix.

    What the evaluator added stays with the keyed cell above it; under None is what tops them all.
    """
    slots, headed = _slots(skeleton), APPENDIX in map(key_of, workbook.cells)
    dealt: Dealt = defaultdict(list)
    place = None  # the very top
    for cell in workbook.cells:
        key, role = key_of(cell), role_of(cell)
        slot = slots.get(key)
        locked = slot is None or not _is_narrative(slot)
        if key == APPENDIX or (key and slot is None and role == "fixed"):
            place = APPENDIX
        elif slot and not (locked and dealt[key]):
            place = key
        if key is None:
            dealt[place if headed or role != "appendix" else APPENDIX].append(cell)
        elif slot:
            dealt[key].append(cell)
        if key and locked and _is_own(cell, slot):
            dealt[APPENDIX].append(cell)
    return dealt


def _filled(slot: Node, dealt: Iterable[Node]) -> list[Node]:
    """Return a cell of the template with the text, or the outputs, that were dealt to it."""
    keyed = [cell for cell in dealt if key_of(cell)]
    texts = [cell for cell in keyed if _is_narrative(slot) and _is_own(cell, slot)]
    content = slot.cell_type, slot.source
    unchanged = [cell for cell in keyed if (cell.cell_type, cell.source) == content]
    top, *_ = [*texts, *unchanged, slot]
    filled = [_fitted(slot, top)]
    for cell in dealt:
        if key_of(cell) is None:
            filled.append(_free(cell))
        elif any(cell is text for text in texts[1:]):
            filled.append(_fitted(slot, cell, more=True))
    return filled


def _fitted(slot: Node, cell: Node, more: bool = False) -> Node:
    """Return a cell of the template with the content of a workbook's; `more` of them may go."""
    fitted = copy.deepcopy(slot)
    content = {"source", "attachments"} | ({"outputs", "execution_count"} & set(slot))
    fitted.update(copy.deepcopy({name: cell[name] for name in content & set(cell)}))
    if _is_narrative(slot):
        metadata = {name: value for name, value in cell.metadata.items() if name not in _LOCKS}
        fitted.metadata = from_dict({**metadata, **slot.metadata})
    if more:
        fitted.metadata.pop("deletable", None)
        fitted["id"] = cell.get("id")
    return fitted


def _free(cell: Node) -> Node:
    """Return a cell that the evaluator added; taken out of the appendix, it is exported again."""
    free = copy.deepcopy(cell)
    if role_of(cell) == "appendix":
        del free.metadata[cells.OWN]
        cells.retag(free, exported=True)
    return free


def _spare(cell: Node) -> Node:
    spare, metadata = copy.deepcopy(cell), cell.metadata
    if key_of(cell):
        metadata = {}
        if cell.cell_type == "code":
            spare = new_markdown_cell(indent(cell.source, "    "), id=cell.get("id", APPENDIX))
    spare["metadata"] = {**metadata, cells.OWN: {"role": "appendix"}}
    cells.retag(spare, exported=False)
    return spare


def _locked(source: str, key: str, role: str) -> Node:
    locked = new_markdown_cell(source, id=key[:64], metadata=dict.fromkeys(_LOCKS, False))
    cells.label(locked, key=key, role=role, hash=fingerprint(source))
    cells.retag(locked, exported=False)
    return locked


def _texts(skeleton: Node, previous: Node) -> Dealt:
    """Return the cells that were written in, by the key of their section's narrative cell."""
    dealt = _deal(skeleton, previous)
    texts: Dealt = defaultdict(list)
    above, key = list[Node](), None
    for slot in skeleton.cells:
        if role_of(slot) == "fixed":
            above, key = [], None  # a new section
        key = key_of(slot) if _is_narrative(slot) else key
        for cell in dealt[key_of(slot)]:
            is_text = key_of(cell) is None or (key == key_of(cell) and _is_own(cell, slot))
            if is_text and cell.cell_type == "markdown":
                above.append(cell)
        if key:
            texts[key] += above
            above = []
    return texts


def _reference(slot: Node, texts: Iterable[Node], period: str) -> list[Node]:
    """Return a folded cell with last period's text; its HTML shows as text, so the fold holds."""
    written = [text for cell in texts if (text := PROMPT.sub("", cell.source).strip())]
    text = _TAG.sub("&lt;", "\n\n".join(written))
    if not text:
        return []
    source = f"<details><summary>Vorige periode ({period})</summary>\n\n{text}\n\n</details>"
    reference = _locked(source, f"{key_of(slot)}-vorige", "reference")
    cells.label(reference, slot=key_of(slot), period=period, text="\n\n".join(written))
    pictures = [cell.get("attachments", {}) for cell in texts]
    if any(pictures):
        reference["attachments"] = dict(chain.from_iterable(map(dict.items, pictures)))
    return [reference]


def _notebook(skeleton: Node, content: Iterable[Node], workbook: Node) -> Node:
    """Put cells together under the template's metadata; no id occurs twice."""
    ids: set[str] = set()
    for cell in sorted(content, key=lambda cell: key_of(cell) is None):
        name = cell.get("id") or "cel"
        numbered = (f"{name[:50]}-{number}" for number in count(2))
        cell["id"] = next(unused for unused in chain([name], numbered) if unused not in ids)
        ids.add(cell["id"])
    bwk = {**own(workbook), **own(skeleton)}
    metadata = {**workbook.metadata, **skeleton.metadata, cells.OWN: bwk}
    return from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": content})


def _notes(skeleton: Node, before: Node, after: Node, spare: Iterable[Node]) -> Iterator[str]:
    """Yield what an update did, under the headings that the evaluator sees."""
    slots, headings = _slots(skeleton), dict(_headings(skeleton))
    lost = {id(cell) for cell in spare if key_of(cell) or role_of(cell) != "appendix"}
    seen: dict[str | None, None] = {}
    for cell, (key, heading) in zip(before.cells, _headings(before), strict=True):
        if kind := _change(cell, slots.get(key), key in seen, id(cell) in lost):
            yield _NOTES[kind].format(headings.get(key, heading))
        seen[key] = None
    for key in slots:
        if key not in seen:
            yield _NOTES["missing"].format(headings[key])
    if [key for key in seen if key in slots] != [key for key in slots if key in seen]:
        yield _NOTES["moved"]
    references = _references(after)
    if references and _references(before) != references:
        yield _NOTES["previous"]


def _references(notebook: Node) -> list[str]:
    return [cell.source for cell in notebook.cells if role_of(cell) == "reference"]


def _change(cell: Node, slot: Node | None, again: bool, lost: bool) -> str:
    if lost:
        return "edited" if slot or role_of(cell) in ("reference", "appendix") else "dropped"
    if slot is None or key_of(cell) is None:
        return ""
    if again and not _is_narrative(slot):
        return "copied"
    if _is_own(cell, slot) or fingerprint(cell.source) == fingerprint(slot.source):
        return ""
    return "asked" if _is_narrative(slot) else "renewed"


def _headings(notebook: Node) -> Iterator[tuple[str | None, str]]:
    """Yield the key of each cell, and the heading that it stands under."""
    heading = "Titelpagina"
    for cell in notebook.cells:
        if role_of(cell) in ("fixed", "appendix") and key_of(cell):
            heading = cell.source.strip().partition("\n")[0].strip("# ")
        yield key_of(cell), heading


def _slots(skeleton: Node) -> dict[str | None, Node]:
    return {key_of(slot): slot for slot in skeleton.cells}


def _is_narrative(cell: Node) -> bool:
    return role_of(cell) == "narrative"


def _is_own(cell: Node, slot: Node | None = None) -> bool:
    """Tell whether a cell holds text of the evaluator: something else than a start text."""
    if _is_narrative(cell) and cell.get("attachments"):
        return True  # JupyterLab leaves the pictures of a split text with the lower half
    starts = {own(cell).get("hash"), slot and fingerprint(slot.source)}
    return bool(cell.source.strip()) and fingerprint(cell.source) not in starts


def _parameters(notebook: Node) -> dict[str, str]:
    sources = (cell.source for cell in notebook.cells if PARAMETERS in tags_of(cell))
    return dict(_ASSIGNED.findall(next(sources, "")))
