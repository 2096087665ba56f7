"""Executed notebooks written by hand, as the exporters get them."""

import copy
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

MIME = "application/vnd.bwk.v1+json"
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
    "AAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
TABLE: dict[str, Any] = {
    "columns": ["Dienst", "Deelnames", "Aandeel"],
    "numeric": [False, True, True],
    "rows": [
        ["Taal", "65", "8%"],
        ["Ontmoeting", "1.592", "71%"],
        ["Formulieren", "128", "15%"],
        ["Klussen", "x", "x"],
    ],
    "values": [
        ["Taal", 65, 0.08],
        ["Ontmoeting", 1592, 0.7064],
        ["Formulieren", 128, 0.15],
        ["Klussen", None, None],
    ],
}
MASTHEAD = {
    "kind": "masthead",
    "title": "Tussenrapportage TOP",
    "short": "TOP",
    "subtitle": "Eerste helft van 2018",
    "programme": "Buurtwerkkamers Utrecht",
    "date": "2018-07-13",
    "status": "concept",
    "note": "De gegevens zijn verzonnen.",
    "period": "2018-H1",
    "location": "top",
}


def svg(words: str) -> str:
    """Return a tiny picture with words in it."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120">'
        f'<rect width="300" height="120" fill="#0b5566"/><text y="40">{words}</text></svg>'
    )


def shown(data: dict[str, Any], **metadata: Any) -> NotebookNode:
    """Return a code cell with one output."""
    output = new_output("display_data", data=copy.deepcopy(data), metadata=metadata)
    return new_code_cell("code()", outputs=[output])


def masthead(**changes: str) -> NotebookNode:
    return shown({MIME: MASTHEAD | changes})


def figure(name: str = "fig-diensten", words: str = "Zoekwoord", **changes: Any) -> NotebookNode:
    own = {
        "kind": "figure",
        "id": name,
        "caption": "Deelnames per dienst.",
        "alt": "Ontmoeting 1.592, taal 65.",
        "table": TABLE,
    }
    return shown({MIME: own | changes, "image/svg+xml": svg(words)})


def table(name: str = "tab-kern", **changes: Any) -> NotebookNode:
    own = {"kind": "table", "id": name, "caption": "Kerncijfers", "table": TABLE}
    return shown({MIME: own | changes, "text/html": "<table></table>"})


def text(source: str) -> NotebookNode:
    return new_markdown_cell(source)


def notebook(*cells: NotebookNode) -> NotebookNode:
    return new_notebook(cells=list(cells))


def report(**changes: str) -> NotebookNode:
    """Return a report with one of everything."""
    words = (
        "Er kwamen **420 deelnemers**[^1], zie [Diensten](#diensten) en https://example.org/.\n\n"
    )
    return notebook(
        masthead(**changes),
        text(f"## Samenvatting\n\n{words}[^1]: Geteld per persoon.\n"),
        table(),
        text(
            f"## Diensten\n\n{words}[^1]: Ook vrijwilligers.\n\n### Op koers\n\n- **Taal.** Goed.\n"
        ),
        figure(),
        text("## Vooruitblik\n\n| Wie | Aantal |\n|---|--:|\n| Portaal | 12 |\n\n> Een citaat.\n"),
    )
