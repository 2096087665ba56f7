"""The one form in which a cell's output is shown: a MIME bundle with its own metadata.

JupyterLab shows the picture, HTML table or Markdown in it; the report is made from the part under
`MIME`, which holds kind, caption, alternative text and the numbers.
"""

import base64
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bwk import formats
from bwk.facts import Fact, FactSheet, Label
from bwk.periods import Period

MIME = "application/vnd.bwk.v1+json"
LEGEND = "x = achtergehouden om herkenning te voorkomen."
JUDGEMENT = "oordeel"
CHANGES = {"meer": "Duidelijk meer", "minder": "Duidelijk minder"}
Cell = str | Fact
Rows = Sequence[Sequence[Cell]]
Pairs = Sequence[tuple[Label, Fact]]
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~^$&])")


@dataclass(frozen=True)
class Shown:
    """What the last line of a notebook cell gives; JupyterLab and the report can show it."""

    data: Mapping[str, Any]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return dict(self.data)


def table_data(columns: Sequence[str], rows: Rows) -> dict[str, Any]:
    """Return the cells twice: as Dutch text, and as plain values for the CSV file.

    A column is numeric where it holds facts, and none of them is a judgement.
    """
    by_column = [[row[index] for row in rows] for index in range(len(columns))]
    return {
        "columns": list(columns),
        "numeric": [_is_numeric(cells) for cells in by_column],
        "rows": [[cell.text if isinstance(cell, Fact) else cell for cell in row] for row in rows],
        "values": [[cell.value if isinstance(cell, Fact) else cell for cell in r] for r in rows],
    }


def table(name: str, caption: str, columns: Sequence[str], rows: Rows) -> Shown:
    """Show a table under its anchor (`tab-kern`); the caption also explains the signs in it."""
    caption = sentences(caption, signs(cell for row in rows for cell in row))
    content = table_data(columns, rows)
    own = {"kind": "table", "id": name, "caption": caption, "table": content}
    return Shown(
        {MIME: own, "text/html": _html(caption, content), "text/plain": plain(caption, content)}
    )


def figure(
    name: str, caption: str, alt: str, content: Mapping[str, Any], pictures: Mapping[str, bytes]
) -> Shown:
    """Show a figure under its anchor (`fig-diensten`), with its numbers from `table_data`.

    The pictures are SVG with the letters as `paths` and as `text`, and `png`.
    """
    own = {"kind": "figure", "id": name, "caption": caption, "alt": alt, "table": content}
    return Shown(
        {
            MIME: own | {"svg_paths": pictures["paths"].decode()},
            "image/svg+xml": pictures["text"].decode(),
            "image/png": base64.b64encode(pictures["png"]).decode(),
            "text/plain": plain(caption, content),
        }
    )


def masthead(**fields: str) -> Shown:
    """Show the title of a report; the fields are what its title page and header need."""
    title, subtitle = html.escape(fields["title"]), html.escape(fields["subtitle"])
    return Shown(
        {
            MIME: {"kind": "masthead", **fields},
            "text/html": f"<h1>{title}</h1><p>{subtitle}</p>",
            "text/plain": f"{fields['title']}\n{fields['subtitle']}",
        }
    )


def text(markdown: str) -> Shown:
    """Show report text in Markdown; text from the data must be escaped by `escaped`."""
    return Shown({"text/markdown": markdown, "text/plain": markdown})


def escaped(words: str) -> str:
    r"""Return text from the data so that Markdown shows it as it is.

    >>> print(escaped("deelnemers_basis <b>"))
    deelnemers\_basis \<b\>
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(words.split()))


def plain(title: str, content: Mapping[str, Any]) -> str:
    """Write a title line and the table below it, its columns aligned."""
    lines = [content["columns"], *content["rows"]]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    aligned = [
        "  ".join(
            cell.rjust(width) if numeric else cell.ljust(width)
            for cell, width, numeric in zip(line, widths, content["numeric"], strict=True)
        ).rstrip()
        for line in lines
    ]
    return "\n".join([title, "", *aligned])


def sentences(*parts: str) -> str:
    """Join the sentences that are not empty."""
    return " ".join(part for part in parts if part)


def signs(cells: Iterable[Cell], named: bool = False) -> str:
    """Explain the signs x and – where they occur among the cells; x may be `named` already."""
    facts = [cell for cell in cells if isinstance(cell, Fact)]
    reasons = dict.fromkeys(fact.missing for fact in facts if fact.missing)
    withheld = LEGEND if any(fact.withheld for fact in facts) and not named else ""
    return sentences(withheld, *(f"{formats.UNKNOWN} = onbekend: {_lowered(r)}" for r in reasons))


def spoken(fact: Fact) -> str:
    """Return the text of a fact as a screen reader should say it."""
    return "achtergehouden" if fact.withheld else "onbekend" if fact.missing else fact.text


def during(period: Period) -> str:
    """Write when: the period as a part of a sentence.

    >>> from bwk.periods import parse
    >>> during(parse("2018-H1")), during(parse("2017")), during(parse("2017-04/2017-12"))
    ('in de eerste helft van 2018', 'in 2017', 'van april tot en met december 2017')
    """
    label = period.label
    openings = {" tot ": "van", "kwartaal": "in het", "helft": "in de"}
    return f"{next((to for part, to in openings.items() if part in label), 'in')} {label}"


def baseline_is_year_before(sheet: FactSheet) -> bool:
    """Whether the baseline is the whole calendar year before: the year that a course is set by."""
    year = sheet.period.year_before()
    return (sheet.baseline.first, sheet.baseline.last) == (year.first, year.last)


def opened(sheet: FactSheet) -> tuple[str, str]:
    """Write how long the location was open in the period and in the baseline.

    For the city the months of its locations are added up.
    """
    together = "samen " if sheet.is_city else ""
    now, before = months(sheet.months), months(sheet.baseline_months)
    return f"{together}{now} open", f"{together}{before} open"


def months(value: float) -> str:
    """Write a number of months.

    >>> months(9.0), months(1.5), months(1)
    ('9 maanden', '1,5 maanden', '1 maand')
    """
    number = formats.number(value, 0 if abs(value - round(value)) < 0.05 else 1)
    return f"{number} {'maand' if number == '1' else 'maanden'}"


def largest(pairs: Pairs) -> tuple[Label, Fact] | None:
    """Return the pair with the largest number above zero; None where there is none, or a tie."""
    known = [(label, fact) for label, fact in pairs if amount(fact) > 0]
    ranked = sorted(known, key=lambda pair: amount(pair[1]), reverse=True)
    if not ranked or (len(ranked) > 1 and amount(ranked[0][1]) == amount(ranked[1][1])):
        return None
    return ranked[0]


def amount(fact: Fact) -> float:
    """Return the number of a fact; 0 where it is held back, unknown or no number."""
    return float(fact.value) if isinstance(fact.value, int | float) else 0.0


def judged(pairs: Pairs, verdicts: Mapping[str, str]) -> str:
    """Name what got each verdict, a sentence for each that occurs.

    >>> from bwk.facts import declaration_of
    >>> declared = declaration_of("koers.taal")
    >>> fact = Fact("koers.taal", "op koers", "op koers", declared.unit, declared.definition)
    >>> judged([(Label("taal", "Taal"), fact)], {"op koers": "Op koers"})
    'Op koers: Taal.'
    """
    named = {
        words: [label.name for label, fact in pairs if fact.value == verdict]
        for verdict, words in verdicts.items()
    }
    return sentences(
        *(f"{w}: {formats.enumeration(names)}." for w, names in named.items() if names)
    )


def _is_numeric(cells: Sequence[Cell]) -> bool:
    units = {cell.unit for cell in cells if isinstance(cell, Fact)}
    return bool(units) and JUDGEMENT not in units


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".") + "."


def _html(caption: str, content: Mapping[str, Any]) -> str:
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in content["columns"])
    body = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in content["rows"])
    return (
        f"<table><caption>{html.escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _html_cell(words: str) -> str:
    return f"<td>{html.escape(words)}</td>"
