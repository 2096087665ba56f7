"""The one form in which a cell's output is shown: a MIME bundle with its own metadata.

JupyterLab shows the picture, HTML table or Markdown in it; the report is made from the part under
`MIME`, which holds kind, caption, alternative text and the numbers.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jinja2
from markupsafe import Markup

from bwk import formats
from bwk.facts import NOT_REGISTERED, Fact, FactSheet, Label
from bwk.periods import Period

MIME = "application/vnd.bwk.v1+json"
REASON = "om herkenning te voorkomen"
LEGEND = f"x = achtergehouden {REASON}."
WIDE = f"{formats.UNCERTAIN} = de marge is te breed om te zeggen hoeveel het scheelt."
NO_HOMES = "Waar de deelnemers wonen, is niet geregistreerd."
VERDICTS = {
    "meer": "Duidelijk meer",
    "minder": "Duidelijk minder",
    "boven koers": "Boven koers",
    "op koers": "Op koers",
    "onder koers": "Onder koers",
    "onzeker": "Onzeker",
}
Cell = str | Fact
Rows = Sequence[Sequence[Cell]]
Divided = Sequence[tuple[Any, ...]]  # in each row a name, and facts of it
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~^$&])")
_HTML = jinja2.Template(
    """<table><caption>{{ caption }}</caption>
<thead><tr>{% for name in table.columns %}<th scope="col">{{ name }}</th>{% endfor %}</tr></thead>
<tbody>{% for row in table.rows %}
<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}
</tbody></table>""",
    autoescape=True,
)


@dataclass(frozen=True)
class Shown:
    """What the last line of a notebook cell gives; JupyterLab and the report can show it."""

    data: Mapping[str, Any]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return dict(self.data)


def table(name: str, caption: str, columns: Sequence[str], rows: Rows) -> Shown:
    """Show a table under its anchor (`tab-kern`)."""
    own = numbers("table", name, caption, columns, rows)
    return Shown({MIME: own, "text/html": _HTML.render(own), "text/plain": plain(own)})


def masthead(**fields: str) -> Shown:
    """Show the title of a report; the fields are what its title page and header need."""
    html = Markup("<h1>{title}</h1><p>{subtitle}</p>").format(**fields)
    return Shown(
        {
            MIME: {"kind": "masthead", **fields},
            "text/html": str(html),
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


def numbers(
    kind: str, name: str, caption: str, columns: Sequence[str], rows: Rows
) -> dict[str, Any]:
    """Return the part of a bundle that tables and figures share.

    The cells stand in it twice: as Dutch text, and as plain values for the CSV file. A column is
    numeric where it holds facts, and none of them is a judgement.
    """
    units = [
        {cell.unit for cell in column if isinstance(cell, Fact)}
        for column in zip(columns, *rows, strict=True)
    ]
    content = {
        "columns": list(columns),
        "numeric": [bool(names) and "oordeel" not in names for names in units],
        "rows": [[cell if isinstance(cell, str) else cell.text for cell in row] for row in rows],
        "values": [[cell if isinstance(cell, str) else cell.value for cell in row] for row in rows],
    }
    return {"kind": kind, "id": name, "caption": explained(caption, rows), "table": content}


def plain(own: Mapping[str, Any]) -> str:
    """Write the caption and the numbers below it as plain text."""
    lines = [own["table"]["columns"], *own["table"]["rows"]]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = (" ".join(map(str.rjust, line, widths)) for line in lines)
    return "\n".join([own["caption"], "", *padded])


def explained(caption: str, rows: Rows) -> str:
    """Add to a caption what the signs x and – in the rows mean, and words that need it."""
    facts = [cell for row in rows for cell in row if isinstance(cell, Fact)]
    held = any(fact.withheld for fact in facts) and REASON not in caption
    reasons = dict.fromkeys(_unknown(fact.missing) for fact in facts if fact.missing)
    unknown = f"{formats.UNKNOWN} = {', of '.join(reasons)}."
    is_wide = any(fact.text == formats.UNCERTAIN for fact in facts)
    return sentences(caption, LEGEND * held, unknown * bool(reasons), WIDE * is_wide)


def _unknown(reason: str) -> str:
    """Say what is not known, and why.

    >>> _unknown("Dit is niet geregistreerd."), _unknown("De locatie was toen nog niet open.")
    ('niet geregistreerd', 'onbekend: de locatie was toen nog niet open')
    """
    if reason.startswith(NOT_REGISTERED):
        return reason.removeprefix("Dit is ").rstrip(".")
    return f"onbekend: {reason[0].lower()}{reason[1:].rstrip('.')}"


def left_out(sentence: str, facts: Iterable[Fact]) -> Shown | None:
    """Show a sentence in the place of what nobody registered; None where somebody did."""
    return text(sentence) if all(fact.is_unregistered for fact in facts) else None


def spoken(cell: Cell) -> str:
    """Return a cell as a screen reader should say it."""
    if isinstance(cell, str):
        return cell
    if cell.is_unregistered:
        return "niet geregistreerd"
    return "achtergehouden" if cell.withheld else "onbekend" if cell.missing else cell.text


def sentences(*texts: str) -> str:
    """Join the sentences that are not empty."""
    return " ".join(filter(None, texts))


def divided(sheet: FactSheet, labels: Iterable[Label], *stems: str) -> Divided:
    """Return a row for each label: its name, and the facts `stem.<slug>` of each stem.

    A stem may have a place for the slug itself: `groei_per_maand.{}_laag`.
    """
    return [
        (label.name, *(sheet[_with_slug(stem, label.slug)] for stem in stems)) for label in labels
    ]


def _with_slug(stem: str, slug: str) -> str:
    return stem.format(slug) if "{" in stem else f"{stem}.{slug}"


def listed(opening: str, names: Sequence[str]) -> str:
    """Write names after what they have in common, as a sentence; nothing without names."""
    return f"{opening}: {formats.enumeration(names)}." if names else ""


def judged(rows: Divided) -> str:
    """Name what got each verdict: `Duidelijk meer: Taal en Klussen.`"""
    lists = [
        listed(words, [name for name, fact in rows if fact.value == verdict])
        for verdict, words in VERDICTS.items()
    ]
    return sentences(*lists)


def largest(noun: str, rows: Divided) -> str:
    """Name the largest number, with its share if the rows hold it; say nothing of a tie.

    What is held back may be larger, so the sentence says that it is about the rest.
    """
    facts = [fact for _, fact, *_ in rows]
    most = max(map(amount, facts), default=0)
    tops = [row for row in rows if amount(row[1]) == most > 0]
    if len(tops) != 1:
        return ""
    name, fact, *shares = tops[0]
    share = "".join(f" ({share.text})" for share in shares if amount(share))
    rest = " van wat hier staat" * any(fact.value is None for fact in facts)
    return f"De meeste {noun}{rest}: {name}, {fact.text}{share}."


def amount(fact: Fact) -> float:
    """Return the number of a fact; 0 where it is held back, unknown or no number."""
    return float(fact.number or 0)


def during(period: Period) -> str:
    """Write when: the period as a part of a sentence.

    >>> from bwk.periods import parse
    >>> during(parse("2018-H1")), during(parse("2017")), during(parse("2017-04/2017-12"))
    ('in de eerste helft van 2018', 'in 2017', 'van april tot en met december 2017')
    """
    label = period.label
    openings = {" tot ": "van", "kwartaal": "in het", "helft": "in de"}
    opening = next((words for sign, words in openings.items() if sign in label), "in")
    return f"{opening} {label}"


def opened(sheet: FactSheet) -> tuple[str, str]:
    """Write how long the location was open and registered, in the period and in the baseline.

    For the city the months of its locations are added up.
    """
    together = "samen " if sheet.is_city else ""
    in_period = _kept(sheet.months, sheet.months_open)
    in_baseline = _kept(sheet.baseline_months, sheet.baseline_months_open)
    return f"{together}{in_period}", f"{together}{in_baseline}"


def _kept(registered: float, opened_for: float) -> str:
    """Write for how long there are numbers.

    >>> _kept(9, 9), _kept(3, 9)
    ('9 maanden open', '3 van de 9 maanden geregistreerd')
    """
    if registered < opened_for:
        return f"{formats.short(registered)} van de {formats.months(opened_for)} geregistreerd"
    return f"{formats.months(registered)} open"


def year_before(sheet: FactSheet) -> str:
    """Write the calendar year before, with the months open where those were not all."""
    label, open_for = sheet.period.year_before().label, sheet.year_before_months
    locations = len(sheet.locations) if sheet.is_city else 1
    if open_for == 12 * locations:
        return label
    return f"{label} ({'samen ' * sheet.is_city}{formats.months(open_for)})"


def unequal(sheet: FactSheet) -> str:
    """Say so where the location was not open as long in the baseline."""
    opened_for = opened(sheet)
    return "De perioden zijn niet even lang." * (opened_for[0] != opened_for[1])


def homes_known(sheet: FactSheet) -> str:
    """Say of how many participants the home is not known."""
    known, everybody = sheet["herkomst_bekend"], sheet["deelnemers"]
    if known.number is None or everybody.number is None:
        return ""
    return f"Van {known.text} van de {everybody.text} deelnemers is de buurt bekend."


def people_compared(sheet: FactSheet) -> str:
    """Say by which people the verdict on participants is judged; nothing where it is not."""
    then, now, verdict = (
        sheet[name] for name in ("alleen_toen", "alleen_nu", "oordeel_deelnemers")
    )
    if not verdict.value:
        return ""
    return (
        f"In even veel maanden: {then.text} mensen kwamen alleen toen, {now.text} alleen nu "
        f"({verdict.text})."
    )
