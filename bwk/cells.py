"""Cells of a notebook: what their metadata say, and who sees them. Nobody else reads those.

The project's own metadata of a cell, `bwk`, hold its `key` in the template, its `role`, the `hash`
of its start text, `screen` where it is for JupyterLab alone, `appendix` where the whole report has
it once, at its end, and `chapter` in that report. A cell without a key is the evaluator's own.

| role | what it is | who writes it |
| --- | --- | --- |
| `code`, `fixed` | figures and tables; headings | the template |
| `narrative` | a section's text | the evaluator |
| `reference` | the text of last period, to look at | the project |
| `appendix` | text that has lost its place | the evaluator, before |
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

OWN = "bwk"  # name of the project's own metadata
NOT_EXPORTED, PARAMETERS, INJECTED = "niet-exporteren", "parameters", "injected-parameters"
EXCLUDED = {NOT_EXPORTED, "remove_cell", "remove-cell", PARAMETERS, INJECTED}
# What a notebook of any shape, or none, makes a reader of its JSON stumble over.
STUMBLES = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)
APPENDIX = "bijlage"  # key of the heading below which stands what has lost its place
FOLLOW_UP = "opvolging-tekst"  # key of the text that follows up the intentions of last period
INTENTIONS = "voornemens-tekst"
# A cell or a notebook, as nbformat or as JSON gives it: then its source may be a list of lines.
Node = Mapping[str, Any]


def own(node: Node) -> Mapping[str, Any]:
    """Return the project's own metadata of a cell or a notebook; none where they are strange."""
    metadata = node["metadata"].get(OWN)
    return metadata if isinstance(metadata, Mapping) else {}


def label(node: Node, **values: Any) -> None:
    """Change the project's own metadata of a cell or a notebook, in place."""
    node["metadata"][OWN] = {**own(node), **values}


def key_of(cell: Node) -> str | None:
    """Return the key of a cell in its template; None for a cell that the evaluator added."""
    key = own(cell).get("key")
    return key if isinstance(key, str) else None


def role_of(cell: Node) -> str | None:
    """Return the role of a cell; None for a cell that the evaluator added."""
    return own(cell).get("role")


def tags_of(cell: Node) -> list[str]:
    """Return the tags of a cell."""
    return list(cell["metadata"].get("tags", []))


def retag(cell: Node, exported: bool) -> None:
    """Say whether a cell is exported, in place, beside the tags that it has."""
    tags = [tag for tag in tags_of(cell) if tag != NOT_EXPORTED]
    cell["metadata"]["tags"] = tags if exported else [*tags, NOT_EXPORTED]


def text_of(cell: Node) -> str:
    """Return the Markdown of a cell; empty for code."""
    return "".join(cell["source"]) if cell["cell_type"] == "markdown" else ""


def chapter_of(cell: Node) -> str:
    """Return the chapter of the whole report that a cell is in; empty outside all."""
    return own(cell).get("chapter", "")


def comes_once(cell: Node) -> bool:
    """Tell whether the whole report has a cell once, at its end, and not in each chapter."""
    return bool(own(cell).get("appendix"))


def shown(notebook: Node) -> Iterator[tuple[int, Any]]:
    """Yield the cells that a reader of the report sees, with their number in the notebook.

    What was moved out of the appendix is seen again, though its tag says otherwise; what was
    written below the heading of the appendix is not.
    """
    has_appendix = APPENDIX in map(key_of, notebook["cells"])
    in_appendix = False
    for number, cell in enumerate(notebook["cells"], 1):
        key, role, tags = key_of(cell), role_of(cell), set(tags_of(cell))
        if key == APPENDIX or role in ("code", "fixed", "narrative"):
            in_appendix = key == APPENDIX
        if role == "appendix" and has_appendix:
            tags.discard(NOT_EXPORTED)
        hidden = in_appendix or role == "reference" or own(cell).get("screen")
        if not hidden and not tags & EXCLUDED:
            yield number, cell


def is_writing(cell: Node) -> bool:
    """Tell whether a cell is for text of the evaluator; a blank one that they added is not."""
    if cell["cell_type"] != "markdown" or role_of(cell) == "fixed":
        return False
    return bool(key_of(cell) or text_of(cell).strip())


def fingerprint(text: str) -> str:
    """Return the hash of a start text; spaces at line ends and blank lines around do not count."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return hashlib.sha256(lines.strip("\n").encode()).hexdigest()[:12]


def is_untouched(cell: Node) -> bool:
    """Tell whether a cell for text holds its start text: nobody has written in it."""
    return role_of(cell) == "narrative" and own(cell).get("hash") == fingerprint(text_of(cell))
