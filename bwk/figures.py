"""The figures of a notebook: each function draws one from the protected facts of a sheet.

Names and numbers stand beside what they belong to, so that no colour has to be told apart.
"""

import base64
import io
import string
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.textpath import text_to_path
from scipy.optimize import isotonic_regression

from bwk import bundle, formats, glyphs
from bwk.bundle import Divided, Rows, Shown, amount
from bwk.facts import Fact, FactSheet, Label
from bwk.facts.derivations import UNCLEAR

INK, DEEP, LIGHT = "#1b2430", "#0b5563", "#cfe3e6"
GREY = "#a3a9b0"  # of what is held back
PALETTE = "#083f49 #f2bb4e #4c8abf #eeead6 #bb5138 #7fb89a #75508f #c3d3f5".split()
WIDTH = 4.8  # inches: legible on a narrow screen, where it is shown at two thirds
SIZE = 10.5  # points
LINE = 0.18  # inches, the height of a line of text
COLUMN = 1.66  # inches, for the labels on a side
MARGIN = 0.04  # inches, around everything
RADIUS = WIDTH / 2 - COLUMN - 0.15  # inches
WEIGHTS = {400: "Regular", 700: "Bold"}
# Words and signs that the house's own typeface holds: another would stand out in the PDF.
SIGNS = {"meer": "meer", "minder": "minder", UNCLEAR: "?"}
MARGIN_STEMS = ("groei_per_maand.{}_laag", "groei_per_maand.{}_hoog")
CHANGE = ("Verschil", "Van", "Tot")
BELOW = "Onder de naam: de groei, en tussen haakjes de marge."
NO_ROLES = "Rollen zijn niet geregistreerd."
USE = "Dit is gebruik. Meer gebruik kan meer nood zijn, maar ook meer bereik of meer open uren."
OVERLAP = "Een mens kan meer rollen hebben."
LATEST = 6  # half-years in a picture; its table has them all
MOST = 15  # bars, and numbers in an alternative text
HOUSE_STYLE: dict[str, Any] = {
    "font.family": ["Public Sans", "sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": SIZE,
    "text.color": INK,
    "text.parse_math": False,  # a name may hold dollar signs
    "axes.edgecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.bottom": False,
    "svg.fonttype": "none",  # text stays text, which can be searched in the PDF
}
# Without date, and without matplotlib's version: the same facts give the same bytes.
NAMELESS = dict.fromkeys(("Date", "Creator", "Format", "Type"))
# Else a browser rounds the width of each small letter, and a name runs off the picture.
PRECISE = "text{text-rendering:geometricPrecision}"
GLUE = "\N{NO-BREAK SPACE}"
_OFFSET: Any = {"textcoords": "offset points"}
Numbers = np.ndarray
Lines = Sequence[tuple[str, Sequence["Bar"]]]


class Bar(NamedTuple):
    """A bar: how long, what stands after it, and whether it is dark or light."""

    length: float
    text: str
    dark: bool = True


def services_pie(sheet: FactSheet) -> Shown:
    """Draw the participations per service."""
    rows = bundle.divided(sheet, sheet.services, "deelnames", "aandeel")
    return _pie("fig-diensten", ["Dienst", "Deelnames", "Aandeel van alle deelnames"], rows, sheet)


def roles(sheet: FactSheet) -> Shown:
    """Draw the people per role as bars: who has two roles stands in both."""
    rows = _by_size(bundle.divided(sheet, sheet.roles, "rol"))
    if sentence := bundle.left_out(NO_ROLES, (people for _, people in rows)):
        return sentence
    lines = [(role, [_bar(people)]) for role, people in rows]
    seen = bundle.sentences(bundle.largest("mensen", rows), OVERLAP)
    return _ranked("fig-rollen", ["Rol", "Mensen"], rows, lines, sheet, seen)


def roles_pie(sheet: FactSheet) -> Shown:
    """Draw the same as a pie, where a template chooses so: its whole is roles, not people."""
    rows = bundle.divided(sheet, sheet.roles, "rol", "aandeel_rol")
    if sentence := bundle.left_out(NO_ROLES, (share for *_, share in rows)):
        return sentence
    columns = ["Rol", "Mensen", "Aandeel van alle rollen"]
    return _pie("fig-rollen", columns, rows, sheet, OVERLAP)


def services_per_month(sheet: FactSheet) -> Shown:
    """Draw the participations per month that the location was open, against the baseline's."""
    stems = ("per_maand", "per_maand_basis", "groei_per_maand", *MARGIN_STEMS)
    rows = _by_size(bundle.divided(sheet, sheet.services, *stems))
    verdicts = bundle.judged(bundle.divided(sheet, sheet.services, "oordeel_per_maand"))
    grown = any(change.number is not None for _, _, _, change, *_ in rows)
    seen = bundle.sentences(BELOW * grown, verdicts)
    what = "deelnames per dienst, per maand open"
    return _compared("fig-per-maand", what, "Dienst", rows, seen, sheet, CHANGE)


def growth(sheet: FactSheet) -> Shown:
    """Draw the participants of the baseline and of the period, and how long it was open in each."""
    before, now = sheet["deelnemers_basis"], sheet["deelnemers"]
    if sentence := bundle.left_out("Wie er kwamen, is niet geregistreerd.", [now]):
        return sentence
    difference = sheet["groei_deelnemers"]
    opened, opened_before = bundle.opened(sheet)
    baseline = _unbroken(sheet.baseline.label, opened_before)
    period = _unbroken(sheet.period.label, opened)
    lines = [
        (baseline, [_bar(before, dark=False)]),
        (period, [_bar(now, f"({difference.text})")]),
    ]
    rows: Rows = [[baseline, before, ""], [period, now, difference]]
    seen = bundle.sentences(
        f"Het verschil: {bundle.spoken(difference)}.",
        bundle.unequal(sheet),
        bundle.people_compared(sheet),
    )
    what = "Staafdiagram: deelnemers in de basisperiode en in deze periode"
    columns = ["Periode", "Deelnemers", "Verschil"]
    return _shown("fig-groei", what, seen, columns, rows, _bars, lines)


def course(sheet: FactSheet) -> Shown:
    """Draw the total that each service is expected to reach this year, and that of last year."""
    year = sheet.period.calendar_year.label
    year_before = bundle.year_before(sheet)
    stems = ("prognose", "prognose_laag", "prognose_hoog", "koers", "deelnames_jaar_ervoor")
    rows = bundle.divided(sheet, sheet.services, *stems)
    what = (
        f"Stippendiagram: deelnames die we in heel {year} verwachten, met de marge als streep en "
        f"{year_before} als vierkant, elke dienst op een eigen schaal"
    )
    seen = bundle.judged(bundle.divided(sheet, sheet.services, "koers"))
    columns = ["Dienst", f"Verwacht in {year}", "Van", "Tot", "Koers", f"In {year_before}"]
    draw = partial(_courses, year_before)
    return _shown("fig-koers", what, seen, columns, rows, draw, rows)


def origin(sheet: FactSheet) -> Shown:
    """Draw the participants by neighbourhood, largest first; the surroundings are dark."""
    pairs = sheet.by("herkomst", sheet.neighbourhoods)
    homes = [fact for _, fact in pairs]
    if sentence := bundle.left_out(bundle.NO_HOMES, homes):
        return sentence
    pairs.sort(key=lambda pair: (pair[1].value == 0, -amount(pair[1])))
    rows = [(neighbourhood.name, fact) for neighbourhood, fact in pairs]
    locations = sheet.locations if sheet.is_city else (sheet.scope,)
    slugs = {location.slug for location in locations}
    lines = [
        (home.name, [_bar(fact, "directe omgeving")])
        if home.group in slugs
        else (home.name, [_bar(fact, dark=False)])
        for home, fact in pairs
        if fact.value != 0
    ]
    columns = ["Buurt", "Deelnemers"]
    seen = bundle.sentences(bundle.largest("deelnemers", rows), bundle.homes_known(sheet))
    return _ranked("fig-herkomst", columns, rows, lines[:MOST], sheet, seen)


def growth_by_location(sheet: FactSheet) -> Shown:
    """Draw the participants per location in the baseline and in the period."""
    stems = ("deelnemers.locatie", "deelnemers_basis.locatie")
    rows = bundle.divided(sheet, sheet.locations, *stems)
    grown = [name for name, now, before in rows if 0 < amount(before) < amount(now)]
    seen = bundle.listed("Meer deelnemers", grown)
    what = "deelnemers per locatie"
    return _compared("fig-groei-locaties", what, "Locatie", rows, seen, sheet)


def services_by_location(sheet: FactSheet) -> Shown:
    """Draw the participations per location."""
    rows = bundle.divided(sheet, sheet.locations, "deelnames.locatie")
    lines = [(name, [_bar(fact)]) for name, fact in rows]
    return _ranked("fig-locaties", ["Locatie", "Deelnames"], rows, lines, sheet)


def barometer(sheet: FactSheet) -> Shown:
    """Draw each life domain over the half-years that the registrations hold."""
    stems = ("barometer_per_maand", "barometer", "oordeel_barometer")
    moments = [_with_months(half) for half in sheet.half_years]
    strips = []
    for domain in sheet.domains:
        own_stems = [f"{stem}.{domain.slug}" for stem in stems]
        halves = bundle.divided(sheet, moments, *own_stems)
        strips.append((domain.name, halves))
    rows = [(name, *half) for name, halves in strips for half in halves]
    what = (
        "Lijndiagram: deelnames per maand open, op elk leefgebied en in elk half jaar, elk "
        "leefgebied op een eigen schaal die bij nul begint"
    )
    columns = ["Leefgebied", "Half jaar", "Per maand", "Verschil", "Oordeel"]
    seen = _barometer_words(sheet, rows)
    draw = partial(_strips, [bool(half.group) for half in sheet.half_years])
    return _shown("fig-barometer", what, seen, columns, rows, draw, strips if rows else [])


def warm() -> None:
    """Draw a figure with each letter, so that the first of a new process is as fast as the rest."""
    bars = [Bar(1, string.digits)]
    _shown("", "", "", [""], [], _bars, [(" ".join(string.ascii_letters), bars)])


def _by_size(rows: Divided) -> Divided:
    """Put rows in the order of their first number, the largest first."""
    return sorted(rows, key=lambda row: -amount(row[1]))


def _pie(
    name: str, columns: Sequence[str], rows: Divided, sheet: FactSheet, note: str = ""
) -> Shown:
    """Draw a pie; what is held back is its grey rest, and where that is not known they are bars."""
    label, noun, _ = map(str.lower, columns)
    told = [row for row in rows if amount(row[1]) > 0]
    slices = [
        (f"{service}; {count.text};{GLUE}{share.text}", amount(count))
        for service, count, share in told
    ]
    absent = [service for service, count, _ in rows if count.value == 0]
    withheld = [f"{service} (x)" for service, count, _ in rows if count.withheld]
    seen = bundle.sentences(
        bundle.largest(noun, rows),
        bundle.listed(f"Geen {noun}", absent),
        bundle.listed(f"Achtergehouden {bundle.REASON}", withheld),
        note,
    )
    what = f"{noun} per {label} {bundle.during(sheet.period)}"
    rest = _rest(told) if withheld else 0
    if rest is None:
        lines = [(service, [_bar(count)]) for service, count, _ in told]
        return _shown(name, f"Staafdiagram: {what}", seen, columns, rows, _bars, lines)
    draw = partial(_slices, rest)
    return _shown(name, f"Cirkeldiagram: {what}", seen, columns, rows, draw, slices)


def _rest(rows: Divided) -> float | None:
    """Return how much is held back beside the slices; None where nobody can say."""
    shares = [share.number for _, _, share in rows]
    if not rows or None in shares:
        return None
    told = sum(map(amount, (share for _, _, share in rows)))
    whole = sum(amount(count) for _, count, _ in rows) / told if told else 0
    return max(0.0, whole * (1 - told))


def _ranked(
    name: str, columns: Sequence[str], rows: Divided, lines: Lines, sheet: FactSheet, seen: str = ""
) -> Shown:
    label, noun, *_ = map(str.lower, columns)
    what = f"Staafdiagram: {noun} per {label} {bundle.during(sheet.period)}"
    return _shown(name, what, seen or bundle.largest(noun, rows), columns, rows, _bars, lines)


def _compared(
    name: str,
    what: str,
    column: str,
    rows: Divided,
    seen: str,
    sheet: FactSheet,
    more: Sequence[str] = (),
) -> Shown:
    """Show the period of each row above the baseline; the top bars say which is which.

    `more` are the columns of what else stands in the rows.
    """
    notes = [("deze periode", "basisperiode"), *[("", "")] * len(rows)]
    lines = [
        (_with_growth(label, growth), [_bar(now, note), _bar(before, note_before, dark=False)])
        for (note, note_before), (label, now, before, *growth) in zip(notes, rows, strict=False)
    ]
    period, baseline = sheet.period.label, sheet.baseline.label
    legend = f"Bovenste balk: {period}. Onderste: {baseline}."
    columns = [column, period.capitalize(), baseline.capitalize(), *more]
    seen = bundle.sentences(legend, seen)
    return _shown(name, f"Staafdiagram: {what}", seen, columns, rows, _bars, lines)


def _with_growth(label: str, growth: Sequence[Fact]) -> str:
    """Write a growth and its margin below the name of what grew, where there is one."""
    if not growth or growth[0].number is None:
        return label
    told, low, high = (fact.text for fact in growth)
    margin = low if low == high else f"{low} tot {high}"
    return f"{label}\n{told} ({margin.replace(' ', GLUE)})"


def _with_months(half: Label) -> Label:
    """Name a half-year with the months that were registered, where those are not all."""
    months = half.group.replace(" ", GLUE)
    return replace(half, name=f"{half.name} ({months})") if months else half


def _barometer_words(sheet: FactSheet, rows: Divided) -> str:
    """Say what changed over the whole period, and what the half-years and their signs mean."""
    baseline = sheet.baseline.label
    judged = bundle.judged(bundle.divided(sheet, sheet.domains, "oordeel_barometer"))
    against = f"Tegenover {baseline}: {judged[:1].lower()}{judged[1:]}"
    verdicts = {verdict.value for *_, verdict in rows}
    legend = f"Meer, minder of ? ({UNCLEAR}) is tegenover {baseline}."
    partly = "Een open rondje: een deel van dat half jaar is geregistreerd."
    return bundle.sentences(
        against * bool(judged),
        legend * bool(verdicts & {*SIGNS}),
        partly * any(half.group for half in sheet.half_years[-LATEST:]),
        USE,
    )


def _unbroken(period: str, opened: str) -> str:
    """Label a bar with its period and how long it was open, which stays on one line."""
    return f"{period}, {opened.replace(' ', GLUE)}".capitalize()


def _bar(fact: Fact, note: str = "", *, dark: bool = True) -> Bar:
    return Bar(amount(fact), f"{fact.text} {note}".strip(), dark)


def _shown(
    name: str,
    what: str,
    seen: str,
    columns: Sequence[str],
    rows: Rows,
    draw: Callable[[Any, Figure], None],
    drawn: Sequence[Any],
) -> Shown:
    """Show a figure: `what` names its kind and subject, `seen` what stands out in it."""
    _, _, subject = what.partition(": ")
    caption = bundle.sentences(f"{subject.capitalize()}.", seen)
    own = bundle.numbers("figure", name, caption, columns, rows)
    own["alt"] = f"{what}. {_spoken([columns, *rows[:MOST]]) if rows else 'Er zijn geen cijfers'}."
    # The salt makes the ids in the picture: without it they differ each time.
    with mpl.rc_context(_style() | {"svg.hashsalt": name}):
        figure = Figure()
        if drawn:
            draw(drawn, figure)
        else:
            _nothing(figure)
        picture = _svg(figure)
    return Shown({bundle.MIME: own, "image/svg+xml": picture, "text/plain": bundle.plain(own)})


def _spoken(rows: Rows) -> str:
    """Write numbers as a screen reader should say them."""
    lines = []
    for label, *cells in rows:
        words = [bundle.spoken(cell) for cell in cells if cell]
        lines.append(f"{label}: {formats.enumeration(words)}")
    return "; ".join(lines)


def _svg(figure: Figure) -> str:
    """Write a figure as a picture that brings its font.

    A page shows it apart from itself, so that the page's own font does not reach it. Typst skips
    the rule, and takes the font from its own folder.
    """
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata=NAMELESS)
    picture = buffer.getvalue()
    style = '<style type="text/css">'
    weights = [400, 700] if "font-weight: 700" in picture else [400]
    return picture.replace(style, style + PRECISE + "".join(map(_font_face, weights)), 1)


@cache
def _font_face(weight: int) -> str:
    file = glyphs.FONTS / f"PublicSans-{WEIGHTS[weight]}.woff2"
    encoded = base64.b64encode(file.read_bytes()).decode()
    source = f"url(data:font/woff2;base64,{encoded})"
    return f"@font-face{{font-family:'Public Sans';font-weight:{weight};src:{source}}}"


@cache  # the fonts are added once
def _style() -> Any:
    mpl.rcdefaults()  # a `matplotlibrc` of the user, or of the working folder, changes no report
    for name in WEIGHTS.values():
        font_manager.fontManager.addfont(glyphs.FONTS / f"PublicSans-{name}.ttf")
    return HOUSE_STYLE


def _nothing(figure: Figure) -> None:
    figure.set_size_inches(WIDTH, 0.6)
    figure.text(0.5, 0.5, "Er zijn geen cijfers om te tekenen.", ha="center", va="center")


def _wrapped(label: str, width: float = COLUMN) -> str:
    """Break a label into lines that fit its width, each of its own lines apart.

    What cannot be printed becomes a space.
    """
    return "\n".join(_filled(line, width) for line in label.split("\n"))


def _filled(label: str, width: float) -> str:
    shown = "".join(c if c.isprintable() or c == GLUE else " " for c in label)
    letters = int(0.95 * len(shown) * width / (_inches(shown) or 1))
    fitting = [len(word) for word in shown.split(" ") if _inches(word) <= width]
    return textwrap.fill(shown, max(letters, 1, *fitting)).replace(GLUE, " ")


def _height(label: str) -> float:
    return LINE * (label.count("\n") + 1)


@cache
def _inches(words: str, weight: str = "normal") -> float:
    """Return the width of the longest line."""
    font = font_manager.FontProperties(size=SIZE, weight=weight)
    lines = words.split("\n")
    sizes = [text_to_path.get_text_width_height_descent(line, font, False) for line in lines]
    return max(width for width, _, _ in sizes) / 72


def _axes(
    figure: Figure,
    names: Sequence[str],
    ends: Iterable[tuple[float, float]],
    pad: float = 0.05,
    below: float = 0.0,
    above: float = 0.0,
) -> Axes:
    """Add axes as wide as fits between the names on their left and all that stands in them.

    Each of `ends` is where something begins, in widths of the axes, and the inches from there.
    Names are texts, `above` their row: a tick would draw three lines as well. The rest is inches.
    """
    left = MARGIN + max(map(_inches, names)) + pad
    room = WIDTH - MARGIN - left
    width = min([room, *((room - inches) / place for place, inches in ends if place)])
    height = figure.get_figheight()
    bottom = MARGIN + below
    around = (MARGIN + bottom) / height
    axes = figure.add_axes((left / WIDTH, bottom / height, width / WIDTH, 1 - around))
    axes.xaxis.set_visible(False)
    axes.yaxis.set_visible(False)
    beside = axes.get_yaxis_transform()
    for row, name in enumerate(names):
        place = (-pad / width, row - above)
        axes.text(*place, name, transform=beside, ha="right", va="center_baseline")
    return axes


def _bars(lines: Lines, figure: Figure) -> None:
    """Draw a bar for each label, or two: the dark one above the light one."""
    names = [_wrapped(label) for label, _ in lines]
    bars = [(row, *bar) for row, (_, bars) in enumerate(lines) for bar in bars]
    frame = pd.DataFrame(bars, columns=["row", "length", "text", "dark"])
    longest = frame["length"].max() or 1
    paired = len(bars) > len(lines)
    height = max(0.52 if paired else 0.36, 0.1 + max(map(_height, names)))
    figure.set_size_inches(WIDTH, 0.2 + height * len(names))
    ends = [(length / longest, 0.06 + _inches(text)) for _, length, text, _ in bars]
    axes = _axes(figure, names, ends)
    axes.set(xlabel=" ", ylabel=" ")  # else seaborn makes all ticks, to see whether they show
    sns.barplot(
        frame, y="row", x="length", hue="dark", hue_order=[True, False],
        palette={True: DEEP, False: LIGHT}, orient="h", native_scale=True, dodge=paired,
        saturation=1, edgecolor=INK, linewidth=0.8, errorbar=None, legend=False, ax=axes,
    )  # fmt: skip
    axes.set(xlim=(0, longest), ylim=(len(names) - 0.5, -0.5))
    for dark, container in zip((True, False), axes.containers, strict=True):
        texts = frame.loc[frame["dark"] == dark, "text"]
        axes.bar_label(container, texts, padding=4)  # type: ignore[arg-type]


def _slices(rest: float, slices: Sequence[tuple[str, float]], figure: Figure) -> None:
    """Draw a pie whose largest slice looks right, so that small ones have room on the left.

    The rest, if any, is grey. The unit of its frame is an inch; the labels stand in a column on
    each side.
    """
    colours = _colours(len(slices))
    if rest:
        slices = [*slices, ("achtergehouden (x)", rest)]
        colours.append(GREY)
    labels = [_wrapped(words) for words, _ in slices]
    heights = np.array([_height(label) + 0.05 for label in labels])
    values = np.array([value for _, value in slices])
    middles = (np.cumsum(values) - values / 2) / values.sum()
    start = middles[values.argmax()]
    angles = 2 * np.pi * (start - middles)
    x, y = RADIUS * np.cos(angles), RADIUS * np.sin(angles)
    sides = np.where(x >= 0, 1, -1)
    places = 1.12 * y
    for side in (1, -1):
        column = sides == side
        places[column] = _spread(places[column], heights[column])
    top = max(1.1 * RADIUS, (places + heights / 2).max() + 0.05)
    bottom = min(-1.1 * RADIUS, (places - heights / 2).min() - 0.05)
    figure.set_size_inches(WIDTH, top - bottom)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.pie(
        values, colors=colours, radius=RADIUS, startangle=360 * start,
        counterclock=False, wedgeprops={"edgecolor": "white", "linewidth": 1.2},
    )  # fmt: skip
    axes.add_patch(Circle((0, 0), RADIUS, fill=False, edgecolor=INK, linewidth=0.8))
    axes.plot([0.98 * x, sides * (RADIUS + 0.1)], [0.98 * y, places], color=INK, linewidth=0.7)
    form: Any = {"va": "center_baseline", "linespacing": 1.15}
    for label, side, place in zip(labels, sides, places, strict=True):
        aligned = "left" if side > 0 else "right"
        axes.text(side * (RADIUS + 0.15), place, label, ha=aligned, **form)
    axes.set(xlim=(-WIDTH / 2, WIDTH / 2), ylim=(bottom, top))


def _spread(places: Numbers, heights: Numbers) -> Numbers:
    """Move labels apart by the least squares, in the order in which they stand."""
    if not len(places):
        return places
    order = np.argsort(places, kind="stable")
    offsets = np.cumsum(heights[order]) - heights[order] / 2
    spread = np.empty_like(places)
    spread[order] = isotonic_regression(places[order] - offsets).x + offsets
    return spread


def _colours(count: int) -> list[str]:
    """Return a colour for each slice, such that no two neighbours in the round are alike."""
    colours = [PALETTE[index % len(PALETTE)] for index in range(count)]
    if count > 1 and colours[0] == colours[-1]:
        colours[-1] = PALETTE[2]
    return colours


def _courses(year_before: str, lines: Divided, figure: Figure) -> None:
    """Draw a line for each service, from zero to the largest of its own numbers."""
    figure.set_size_inches(WIDTH, 0.3 + 0.58 * len(lines))
    names = [_wrapped(name) for name, *_ in lines]
    ends = [(1.05, _inches(verdict.text, "bold")) for *_, verdict, _ in lines]
    axes = _axes(figure, names, ends)
    axes.set(xlim=(0, 1), ylim=(len(lines) - 0.5, -0.6))
    for row, (_, expected, low, high, verdict, before) in enumerate(lines):
        words = f"verwacht {expected.text}; {year_before}: {before.text}"
        axes.annotate(words, (0, row), (4, 7), **_OFFSET, size=SIZE - 1)
        axes.text(1.05, row, verdict.text, va="center_baseline", weight="bold")
        axes.axhline(row, color=LIGHT, linewidth=0.8, zorder=0)
        scale = max(map(amount, (expected, high, before))) or 1
        margin = [_drawn(fact) / scale for fact in (low, high)]
        axes.plot(margin, [row, row], color=DEEP, linewidth=3.5, solid_capstyle="butt")
        points = ((before, "s", 7, "white"), (expected, "o", 6, DEEP))
        for fact, form, size, fill in points:
            x = _drawn(fact) / scale
            axes.plot(x, row, form, markersize=size, mfc=fill, mec=INK, clip_on=False)


def _strips(partly: Sequence[bool], strips: Sequence[tuple[str, Divided]], figure: Figure) -> None:
    """Draw the latest half-years of each domain in a strip of its own, all in one frame.

    Each is a name, a number, its change and the verdict on that, of which the sign is shown.
    `partly` says of which a part was registered alone: their marks are open.
    """
    strips = [(name, halves[-LATEST:]) for name, halves in strips]
    _, halves = strips[0]
    figure.set_size_inches(WIDTH, 0.45 + 0.75 * len(strips))
    names = [_wrapped(name) for name, _ in strips]
    moments = [_wrapped(half, (WIDTH - COLUMN) / len(halves)) for half, *_ in halves]
    start, end = -0.4, len(moments) - 0.6
    middle = 1 - 0.4 / (end - start)  # of the latest, in widths of the axes
    latest = [moments[-1], *(_marked(halves[-1]) for _, halves in strips)]
    ends = [(middle, _inches(words) / 2) for words in latest]
    below = 0.1 + max(map(_height, moments))
    axes = _axes(figure, names, ends, pad=0.18, below=below, above=0.36)
    bottom = len(strips) - 0.95
    axes.set(xlim=(start, end), ylim=(bottom, -0.85))
    axes.set_axis_off()
    for row, (_, halves) in enumerate(strips):
        axes.plot([start, start, end], [row - 0.72, row, row], color=INK, linewidth=0.8)
        axes.annotate("0", (start, row), (-4, 0), **_OFFSET, ha="right", va="center")
        _strip(axes, row, halves, partly[-LATEST:])
    for place, moment in enumerate(moments):
        axes.annotate(moment, (place, bottom), (0, -6), **_OFFSET, ha="center", va="top")


def _strip(axes: Axes, row: int, halves: Divided, partly: Sequence[bool]) -> None:
    values = [_drawn(fact) for _, fact, _, _ in halves]
    heights = row - 0.5 * np.array(values) / (np.nanmax([0, *values]) or 1)
    axes.plot(heights, color=DEEP)
    for place, half in enumerate(halves):
        fill = "white" if partly[place] else DEEP
        axes.plot(place, heights[place], "o", mfc=fill, mec=INK, markeredgewidth=1.2)
        above = (place, np.nan_to_num(heights[place], nan=row))
        axes.annotate(_marked(half), above, (0, 5), **_OFFSET, ha="center")


def _marked(half: Sequence[Any]) -> str:
    _, fact, _, verdict = half
    return f"{fact.text} {SIGNS.get(verdict.value, '')}".strip()


def _drawn(fact: Fact) -> float:
    """Return a number to draw; matplotlib leaves out what is not one."""
    return np.nan if fact.value is None else amount(fact)
