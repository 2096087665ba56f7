"""The figures of a notebook: each function draws one from the protected facts of a sheet.

Names and numbers stand beside what they belong to, so that no colour has to be told apart.
"""

import io
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from importlib import resources
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import font_manager, textpath
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from scipy.optimize import isotonic_regression

from bwk import bundle, formats
from bwk.bundle import Pairs, Rows, Shown, amount
from bwk.facts import Fact, FactSheet

INK, DEEP, LIGHT = "#1b2430", "#0b5563", "#cfe3e6"
PALETTE = "#083f49 #f2bb4e #4c8abf #eeead6 #bb5138 #7fb89a #75508f #c3d3f5".split()
WIDTH = 5.6  # inches: legible on a narrow screen, and in print at 160 mm
SIZE = 10.5  # points
LINE = 0.18  # inches, the height of a line of text
COLUMN = 1.75  # inches, for names beside bars
RADIUS = 0.9  # inches
MOST_BARS = 15
FONTS = ["Public Sans", "DejaVu Sans"]
HOUSE_STYLE: dict[str, Any] = {
    "font.family": FONTS,
    "font.size": SIZE,
    "text.color": INK,
    "text.parse_math": False,
    "ytick.labelcolor": INK,
    "ytick.major.size": 0,
    "ytick.labelsize": SIZE,
    "xtick.bottom": False,
    "xtick.labelbottom": False,
    "axes.edgecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.bottom": False,
}
NAMELESS = {"svg": dict.fromkeys(("Date", "Creator", "Format", "Type")), "png": {"Software": None}}
FORMS = {"paths": ("svg", "path"), "text": ("svg", "none"), "png": ("png", "path")}
GLUE = "\N{NO-BREAK SPACE}"
Numbers = np.ndarray


class Bar(NamedTuple):
    """A bar: in which row, how long, dark or light, and what stands after its number."""

    row: int
    fact: Fact
    dark: bool = True
    note: str = ""


def services_pie(sheet: FactSheet) -> Shown:
    """Draw the participations per service."""
    parts = (sheet.by(stem, sheet.services) for stem in ("deelnames", "aandeel"))
    what = f"Deelnames per dienst {bundle.during(sheet.period)}"
    return _pie("fig-diensten", what, ["Dienst", "Deelnames", "Aandeel"], *parts)


def roles_pie(sheet: FactSheet) -> Shown:
    """Draw the people per role."""
    parts = (sheet.by(stem, sheet.roles) for stem in ("rol", "aandeel_rol"))
    what = f"Mensen per rol {bundle.during(sheet.period)}"
    return _pie("fig-rollen", what, ["Rol", "Mensen", "Aandeel"], *parts)


def services_per_month(sheet: FactSheet) -> Shown:
    """Draw the participations per month that the location was open, against the baseline's."""
    now, before = (sheet.by(stem, sheet.services) for stem in ("per_maand", "per_maand_basis"))
    seen = bundle.judged(sheet.by("oordeel_per_maand", sheet.services), bundle.CHANGES)
    what = "Deelnames per maand open"
    return _compared("fig-per-maand", what, "Dienst", now, before, seen, sheet)


def growth(sheet: FactSheet) -> Shown:
    """Draw the participants of the baseline and of the period."""
    stems = ("deelnemers_basis", "deelnemers", "groei_deelnemers")
    before, now, grown = (sheet[name] for name in stems)
    opened = [words.replace(" ", GLUE) for words in bundle.opened(sheet)]
    spans = zip((sheet.baseline, sheet.period), reversed(opened), strict=True)
    labels = [_capital(f"{period.label}, {words}") for period, words in spans]
    now_said, before_said, grown_said = map(bundle.spoken, (now, before, grown))
    what = f"{now_said} nu en {before_said} in de basisperiode (verschil: {grown_said})"
    uneven = abs(sheet.months - sheet.baseline_months) > 0.05
    alt = f"Staafdiagram van het aantal deelnemers: {what}. {labels[0]}; {labels[1]}."
    bars = [Bar(0, before, dark=False), Bar(1, now, note=f"({grown.text})")]
    rows: Rows = [[labels[0], before, ""], [labels[1], now, grown]]
    columns = ["Periode", "Deelnemers", "Verschil"]
    caption = f"Deelnemers: {what}." + " De perioden zijn niet even lang." * uneven
    return _shown("fig-groei", caption, alt, columns, rows, partial(_bars, labels, bars))


def course(sheet: FactSheet) -> Shown:
    """Draw the total that each service is expected to reach this year.

    The year before stands beside it where the baseline is that whole year.
    """
    stems = ["prognose", "prognose_laag", "prognose_hoog", "koers"]
    year, last = sheet.period.calendar_year.label, sheet.period.year_before().label
    columns = ["Dienst", f"Verwacht in {year}", "Van", "Tot", "Koers"]
    square = ""
    if bundle.baseline_is_year_before(sheet):
        stems, columns = [*stems, "deelnames_basis"], [*columns, f"In {last}"]
        square = f" Het vierkant is {last}."
    rows: Rows = [[d.name, *(sheet[f"{s}.{d.slug}"] for s in stems)] for d in sheet.services]
    stand_out = {"boven koers": "Boven koers", "onder koers": "Onder koers"}
    caption = bundle.sentences(
        f"Hoeveel deelnames we in heel {year} verwachten, met de marge als streep.{square}",
        bundle.judged(sheet.by("koers", sheet.services), stand_out),
        "Elke regel heeft een eigen schaal.",
    )
    alt = _alt(f"Stippendiagram van de deelnames die we in {year} verwachten", rows, columns)
    return _shown("fig-koers", caption, alt, columns, rows, partial(_courses, rows, last))


def origin(sheet: FactSheet) -> Shown:
    """Draw the participants by neighbourhood, largest first; the surroundings are dark."""
    known = sheet.by("herkomst", sheet.neighbourhoods)
    pairs = sorted(known, key=lambda pair: amount(pair[1]), reverse=True)
    shown = [(label, fact) for label, fact in pairs if fact.value != 0][:MOST_BARS]
    bars = [Bar(row, fact, dark=False) for row, (_, fact) in enumerate(shown)]
    near = {d.slug for d in sheet.locations} if sheet.is_city else {sheet.scope.slug}
    for row, (label, _) in enumerate(shown):
        if label.group in near:
            bars[row] = bars[row]._replace(dark=True, note="directe omgeving")
    what = f"Deelnemers per buurt {bundle.during(sheet.period)}"
    return _ranked("fig-herkomst", what, ["Buurt", "Deelnemers"], pairs, bars)


def growth_by_location(sheet: FactSheet) -> Shown:
    """Draw the participants per location in the baseline and in the period."""
    stems = ("deelnemers.locatie", "deelnemers_basis.locatie")
    now, before = (sheet.by(stem, sheet.locations) for stem in stems)
    more = [
        label.name
        for (label, fact), (_, base) in zip(now, before, strict=True)
        if base.value is not None and amount(fact) > amount(base)
    ]
    seen = f"Meer deelnemers: {formats.enumeration(more)}." if more else ""
    return _compared("fig-groei-locaties", "Deelnemers", "Locatie", now, before, seen, sheet)


def services_by_location(sheet: FactSheet) -> Shown:
    """Draw the participations per location."""
    pairs = sheet.by("deelnames.locatie", sheet.locations)
    bars = [Bar(row, fact) for row, (_, fact) in enumerate(pairs)]
    what = f"Deelnames per locatie {bundle.during(sheet.period)}"
    return _ranked("fig-locaties", what, ["Locatie", "Deelnames"], pairs, bars)


def _pie(name: str, what: str, columns: list[str], counts: Pairs, shares: Pairs) -> Shown:
    both = list(zip(counts, shares, strict=True))
    slices = [
        (f"{label.name}; {count.text};{GLUE}{share.text}", amount(count))
        for (label, count), (_, share) in both
        if amount(count) > 0
    ]
    noun = columns[1].lower()
    none = [label.name for label, fact in counts if fact.value == 0]
    held = [f"{label.name} (x)" for label, fact in counts if fact.withheld]
    caption = bundle.sentences(
        f"{what}.",
        _largest(counts, noun, shares),
        f"Geen {noun}: {formats.enumeration(none)}." if none else "",
        f"Achtergehouden om herkenning te voorkomen: {formats.enumeration(held)}." if held else "",
    )
    rows: Rows = [[label.name, count, share] for (label, count), (_, share) in both]
    alt = _alt(f"Cirkeldiagram: {what[0].lower()}{what[1:]}", rows, columns)
    return _shown(name, caption, alt, columns, rows, partial(_slices, slices))


def _ranked(name: str, what: str, columns: list[str], pairs: Pairs, bars: list[Bar]) -> Shown:
    rows: Rows = [[label.name, fact] for label, fact in pairs]
    names = {fact.name: label.name for label, fact in pairs}
    labels = [names[bar.fact.name] for bar in bars]
    drawn: Rows = [[label, bar.fact] for label, bar in zip(labels, bars, strict=True)]
    caption = bundle.sentences(f"{what}.", _largest(pairs, columns[1].lower()))
    alt = _alt(f"Staafdiagram: {what[0].lower()}{what[1:]}", drawn, columns)
    draw = partial(_bars, labels, bars) if bars else _nothing
    return _shown(name, caption, alt, columns, rows, draw)


def _compared(
    name: str, what: str, column: str, now: Pairs, before: Pairs, seen: str, sheet: FactSheet
) -> Shown:
    rows: Rows = [[d.name, new, old] for (d, new), (_, old) in zip(now, before, strict=True)]
    bars = [Bar(row, fact) for row, (_, fact) in enumerate(now)]
    bars += [Bar(row, fact, dark=False) for row, (_, fact) in enumerate(before)]
    when, base = bundle.during(sheet.period), bundle.during(sheet.baseline)
    caption = bundle.sentences(f"{what} {when} (donker) en {base} (licht).", seen)
    columns = [column, *map(_capital, (sheet.period.label, sheet.baseline.label))]
    alt = _alt(f"Staafdiagram: {what.lower()} per {column.lower()}", rows, columns)
    series = {True: "deze periode", False: "basisperiode"}
    labels = [label.name for label, _ in now]
    return _shown(name, caption, alt, columns, rows, partial(_bars, labels, bars, series=series))


def _largest(pairs: Pairs, noun: str, shares: Pairs = ()) -> str:
    top = bundle.largest(pairs)
    if top is None:
        return ""
    share = next((f" ({f.text})" for d, f in shares if d == top[0] and f.value is not None), "")
    hidden = " van wat hier staat" * any(fact.value is None for _, fact in pairs)
    return f"De meeste {noun}{hidden}: {top[0].name}, {top[1].text}{share}."


def _alt(kind: str, rows: Rows, columns: Sequence[str]) -> str:
    heads = f" ({formats.enumeration(columns[1:]).lower()})" if len(columns) > 2 else ""
    numbers = [
        f"{name}: {formats.enumeration([bundle.spoken(c) for c in cells if isinstance(c, Fact)])}"
        for name, *cells in rows
    ]
    return f"{kind}{heads}. {'; '.join(numbers) or 'Er zijn geen cijfers'}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _shown(
    name: str,
    caption: str,
    alt: str,
    columns: Sequence[str],
    rows: Rows,
    draw: Callable[[Figure], None],
) -> Shown:
    legend = bundle.signs([cell for row in rows for cell in row], named="(x)" in caption)
    pictures = _pictures(name, draw if rows else _nothing)
    content = bundle.table_data(columns, rows)
    return bundle.figure(name, bundle.sentences(caption, legend), alt, content, pictures)


def _pictures(name: str, draw: Callable[[Figure], None]) -> dict[str, bytes]:
    """Draw once, and save each form so that the same facts give the same bytes."""
    files = {form: io.BytesIO() for form in FORMS}
    with mpl.rc_context(_style() | {"svg.hashsalt": name}):
        figure = Figure(layout="constrained")
        draw(figure)
        for form, (kind, letters) in FORMS.items():
            with mpl.rc_context({"svg.fonttype": letters}):
                figure.savefig(files[form], format=kind, metadata=NAMELESS[kind], dpi=110)
    pictures = {form: file.getvalue() for form, file in files.items()}
    small = re.sub(rb"<!--.*?-->|\s+", b" ", pictures["paths"], flags=re.DOTALL)
    text = pictures["text"].replace(b"'DejaVu Sans'", b"Arial, 'DejaVu Sans', sans-serif")
    return pictures | {"paths": small, "text": text}


@cache
def _style() -> Any:
    for weight in ("Regular", "Bold"):
        font = resources.files("bwk").joinpath("fonts", f"PublicSans-{weight}.ttf")
        with resources.as_file(font) as file:
            font_manager.fontManager.addfont(file)
    return HOUSE_STYLE


def _nothing(figure: Figure) -> None:
    figure.set_size_inches(WIDTH, 0.6)
    figure.text(0.5, 0.5, "Er zijn geen cijfers om te tekenen.", ha="center", va="center")


def _wrapped(text: str, width: float) -> str:
    """Break a text into lines of at most `width` inches; a word that is too long is cut."""
    lines = [""]
    for word in text.split(" "):
        shown = "".join(c for c in word if c.isprintable() or c == GLUE).replace(GLUE, " ")
        share = _inches(shown) / width
        fits = _inches(f"{lines[-1]} {shown}") <= width
        cut = textwrap.wrap(shown, int(0.9 * len(shown) / share) or 1) if share > 1 else [shown]
        lines[-1:] = [f"{lines[-1]} {shown}".strip()] if fits else [lines[-1], *cut]
    return "\n".join(filter(None, lines))


def _inches(words: str) -> float:
    font = font_manager.FontProperties(family=FONTS, size=SIZE)
    return textpath.text_to_path.get_text_width_height_descent(words, font, False)[0] / 72


def _bars(
    labels: Sequence[str],
    bars: Sequence[Bar],
    figure: Figure,
    series: Mapping[bool, str] | None = None,
) -> None:
    names = [_wrapped(label, COLUMN) for label in labels]
    lines = max(name.count("\n") + 1 for name in names)
    figure.set_size_inches(
        WIDTH, 0.2 + len(names) * max(0.52 if series else 0.36, 0.1 + LINE * lines)
    )
    axes = figure.subplots()
    frame = pd.DataFrame({"x": [amount(bar.fact) for bar in bars], "y": [bar.row for bar in bars]})
    sns.barplot(
        frame, x="x", y="y", hue=[bar.dark for bar in bars], hue_order=[True, False], orient="h",
        palette={True: DEEP, False: LIGHT}, saturation=1, edgecolor=INK, linewidth=0.8,
        dodge=bool(series), errorbar=None, legend=False, ax=axes,
    )  # fmt: skip
    longest = frame["x"].max() or 1
    axes.set(xlabel="", ylabel="", xlim=(0, longest), ylim=(len(names) - 0.5, -0.5))
    axes.set_yticks(range(len(names)), names)
    notes = {bar: f"{bar.fact.text} {bar.note}".strip() for bar in bars}
    level = {bar: bar.row + (0.2 - 0.4 * bar.dark) * bool(series) for bar in bars}
    for dark, words in (series or {}).items():
        top = max((bar for bar in bars if bar.dark is dark), key=lambda bar: amount(bar.fact))
        if amount(top.fact) >= 0.45 * longest:
            _beside(axes, words, 0, level[top], "white" if dark else INK)
        else:
            notes[top] += f" {words}"
    for bar in bars:
        _beside(axes, notes[bar], amount(bar.fact), level[bar])


def _beside(axes: Axes, words: str, x: float, y: float, color: str = INK) -> None:
    how: dict[str, Any] = {"textcoords": "offset points", "va": "center_baseline"}
    axes.annotate(words, (x, y), (4, 0), color=color, **how)


def _slices(slices: Sequence[tuple[str, float]], figure: Figure) -> None:
    """Draw a pie whose largest slice looks right, so that small ones have room on the left.

    The unit of its frame is an inch; the labels stand in a column on each side.
    """
    if not slices:
        return _nothing(figure)
    labels = [_wrapped(words, WIDTH / 2 - RADIUS - 0.25) for words, _ in slices]
    halves = np.array([LINE * (label.count("\n") + 1) + 0.05 for label in labels]) / 2
    values = np.array([value for _, value in slices])
    turns = (np.cumsum(values) - values / 2) / values.sum()
    start = turns[values.argmax()]
    angles = 2 * np.pi * (start - turns)
    places = 1.12 * RADIUS * np.sin(angles)
    for side in (np.cos(angles) >= 0, np.cos(angles) < 0):
        places[side] = _spread(places[side], halves[side])
    top = max(1.1 * RADIUS, (places + halves).max() + 0.05)
    bottom = min(-1.1 * RADIUS, (places - halves).min() - 0.05)
    figure.set_size_inches(WIDTH, top - bottom)
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    edges = {"edgecolor": "white", "linewidth": 1.2}
    how: dict[str, Any] = {"startangle": 360 * start, "counterclock": False, "wedgeprops": edges}
    axes.pie(values, colors=_colours(len(values)), radius=RADIUS, **how)
    axes.add_patch(Circle((0, 0), RADIUS, fill=False, edgecolor=INK, linewidth=0.8))
    axes.set(xlim=(-WIDTH / 2, WIDTH / 2), ylim=(bottom, top))
    for label, angle, y in zip(labels, angles, places, strict=True):
        _point_out(axes, label, angle, y)
    return None


def _spread(wanted: Numbers, halves: Numbers) -> Numbers:
    """Move labels apart by the least squares, in the order in which they stand."""
    order = np.argsort(wanted, kind="stable")
    offsets = 2 * np.cumsum(halves[order]) - halves[order]
    placed = np.empty_like(wanted)
    placed[order] = isotonic_regression(wanted[order] - offsets).x + offsets if len(wanted) else []
    return placed


def _point_out(axes: Axes, label: str, angle: float, y: float) -> None:
    side = 1 if np.cos(angle) >= 0 else -1
    reach = np.array([0.97, 1.08]) * RADIUS
    end = side * (RADIUS + 0.16)
    line = [*reach * np.cos(angle), end], [*reach * np.sin(angle), y]
    axes.plot(*line, color=INK, linewidth=0.7)
    how: dict[str, Any] = {"ha": "left" if side > 0 else "right", "va": "center_baseline"}
    axes.text(end + side * 0.05, y, label, linespacing=1.15, **how)


def _colours(count: int) -> list[str]:
    """Return a colour for each slice, such that no two neighbours in the round are alike."""
    colours = [PALETTE[index % len(PALETTE)] for index in range(count)]
    return [*colours[:-1], PALETTE[2]] if count > 1 and colours[0] == colours[-1] else colours


def _courses(rows: Rows, last: str, figure: Figure) -> None:
    """Draw a line for each service, from zero to the largest of its own numbers."""
    figure.set_size_inches(WIDTH, 0.3 + 0.56 * len(rows))
    axes = figure.subplots()
    axes.set(xlim=(0, 1), ylim=(len(rows) - 0.5, -0.6))
    axes.set_yticks(range(len(rows)), [_wrapped(str(row[0]), COLUMN) for row in rows])
    words = ["verwacht ", f"{last}: "]
    for y, row in enumerate(rows):
        expected, low, high, koers, *before = (cell for cell in row if isinstance(cell, Fact))
        most = max(map(amount, (expected, high, *before))) or 1
        axes.axhline(y, color=LIGHT, linewidth=0.8, zorder=0)
        axes.text(1.1, y, koers.text, va="center_baseline", weight="bold")
        if None not in (low.value, high.value):
            ends = [amount(low) / most, amount(high) / most]
            axes.plot(ends, [y, y], color=DEEP, linewidth=3.5, solid_capstyle="butt")
        for fact in before:
            _mark(axes, amount(fact) / most, y, fact, words[1], -1)
        _mark(axes, amount(expected) / most, y, expected, words[0], 1)
        words = words if expected.value is None else ["", ""]


def _mark(axes: Axes, x: float, y: float, fact: Fact, words: str, up: int) -> None:
    marker, size, fill = ("o", 5.5, DEEP) if up > 0 else ("s", 8.5, "white")
    if fact.value is not None:
        axes.plot([x], [y], marker, markersize=size, mfc=fill, mec=INK, clip_on=False)
    side = "right" if x > 0.75 else "left" if x < 0.25 else "center"
    how: dict[str, Any] = {"va": "bottom" if up > 0 else "top", "textcoords": "offset points"}
    axes.annotate(
        f"{words}{fact.text}", (x, y), (4 * (not x), 5 * up), ha=side, size=SIZE - 1, **how
    )
