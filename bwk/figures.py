"""The figures of a notebook: each function draws one from the protected facts of a sheet.

Names and numbers stand beside what they belong to, so that no colour has to be told apart.
"""

import io
import re
import string
import textwrap
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache, partial
from importlib import resources
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.textpath import text_to_path
from scipy.optimize import isotonic_regression

from bwk import bundle, formats
from bwk.bundle import Pairs, Rows, Shown, amount
from bwk.facts import Fact, FactSheet

INK, DEEP, LIGHT = "#1b2430", "#0b5563", "#cfe3e6"
PALETTE = "#083f49 #f2bb4e #4c8abf #eeead6 #bb5138 #7fb89a #75508f #c3d3f5".split()
WIDTH = 4.8  # inches: legible on a narrow screen, where it is shown at two thirds
SIZE = 10.5  # points
LINE = 0.18  # inches, the height of a line of text
COLUMN = 1.66  # inches, for the labels on a side
MARGIN = 0.04  # inches, around everything
RADIUS = WIDTH / 2 - COLUMN - 0.15  # inches
SIGNS = {"meer": "▲", "minder": "▼", "geen duidelijk verschil": "≈"}
LATEST = 6  # half-years in a picture; its table has them all
MOST = 15  # bars, and numbers in an alternative text
HOUSE_STYLE: dict[str, Any] = {
    "font.family": ["Public Sans", "sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": SIZE,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.bottom": False,
}
NAMELESS = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_NOISE = re.compile(
    r"<\?xml.*?\?>|<!.*?>|(?<=>)\s+|\s+(?=<)| xmlns:xlink=\"[^\"]*\"|(?<=<g) id=\"[^\"]*\"",
    re.DOTALL,
)
_NAME = re.compile(r"(?<=[\"#])[A-Z][\w-]*-[0-9a-f]+(?=\")")
_GLYPH = re.compile(r'<use xlink:href="(\S+)" transform="translate\((\S+) 0\)"/>')
GLUE = "\N{NO-BREAK SPACE}"
_OFFSET: Any = {"textcoords": "offset points"}
Numbers = np.ndarray
Lines = Sequence[tuple[str, Sequence["Bar"]]]


class Bar(NamedTuple):
    """A bar: how long, dark or light, and what stands after its number."""

    fact: Fact
    dark: bool = True
    note: str = ""


def services_pie(sheet: FactSheet) -> Shown:
    """Draw the participations per service."""
    pairs = (sheet.by(stem, sheet.services) for stem in ("deelnames", "aandeel"))
    return _pie("fig-diensten", ["Dienst", "Deelnames", "Aandeel"], sheet, *pairs)


def roles_pie(sheet: FactSheet) -> Shown:
    """Draw the people per role."""
    pairs = (sheet.by(stem, sheet.roles) for stem in ("rol", "aandeel_rol"))
    return _pie("fig-rollen", ["Rol", "Mensen", "Aandeel"], sheet, *pairs)


def services_per_month(sheet: FactSheet) -> Shown:
    """Draw the participations per month that the location was open, against the baseline's."""
    now, before = (sheet.by(stem, sheet.services) for stem in ("per_maand", "per_maand_basis"))
    seen = bundle.judged(sheet.by("oordeel_per_maand", sheet.services))
    what = "deelnames per dienst, per maand open"
    return _compared("fig-per-maand", what, "Dienst", now, before, seen, sheet)


def growth(sheet: FactSheet) -> Shown:
    """Draw the participants of the baseline and of the period, and how long it was open in each."""
    stems = ("deelnemers_basis", "deelnemers", "groei_deelnemers")
    before, now, grown = (sheet[name] for name in stems)
    opened, opened_before = (words.replace(" ", GLUE) for words in bundle.opened(sheet))
    then = f"{sheet.baseline.label}, {opened_before}".capitalize()
    here = f"{sheet.period.label}, {opened}".capitalize()
    lines = [(then, [Bar(before, dark=False)]), (here, [Bar(now, note=f"({grown.text})")])]
    rows: Rows = [[then, before, ""], [here, now, grown]]
    what = "Staafdiagram: deelnemers in de basisperiode en in deze periode"
    uneven = " De perioden zijn niet even lang." * (opened != opened_before)
    seen = f"Het verschil: {bundle.spoken(grown)}.{uneven}"
    columns = ["Periode", "Deelnemers", "Verschil"]
    return _shown("fig-groei", what, seen, columns, rows, _bars, lines)


def course(sheet: FactSheet) -> Shown:
    """Draw the total that each service is expected to reach this year, and that of last year."""
    year, last = sheet.period.calendar_year.label, sheet.period.year_before().label
    stems = ("prognose", "prognose_laag", "prognose_hoog", "koers", "deelnames_jaar_ervoor")
    columns = ["Dienst", f"Verwacht in {year}", "Van", "Tot", "Koers", f"In {last}"]
    lines = [(d.name, [sheet[f"{stem}.{d.slug}"] for stem in stems]) for d in sheet.services]
    rows: Rows = [[name, *facts] for name, facts in lines]
    what = (
        f"Stippendiagram: deelnames die we in heel {year} verwachten, met de marge als streep en "
        f"{last} als vierkant, elke dienst op een eigen schaal"
    )
    seen = bundle.judged(sheet.by("koers", sheet.services))
    return _shown("fig-koers", what, seen, columns, rows, partial(_courses, last), lines)


def origin(sheet: FactSheet) -> Shown:
    """Draw the participants by neighbourhood, largest first; the surroundings are dark."""
    known = sheet.by("herkomst", sheet.neighbourhoods)
    pairs = sorted(known, key=lambda pair: (pair[1].value == 0, -amount(pair[1])))
    here = {d.slug for d in sheet.locations} if sheet.is_city else {sheet.scope.slug}
    lines = [
        (d.name, [Bar(fact, d.group in here, "directe omgeving" * (d.group in here))])
        for d, fact in pairs
        if fact.value != 0
    ]
    return _ranked("fig-herkomst", ["Buurt", "Deelnemers"], pairs, lines[:MOST], sheet)


def growth_by_location(sheet: FactSheet) -> Shown:
    """Draw the participants per location in the baseline and in the period."""
    stems = ("deelnemers.locatie", "deelnemers_basis.locatie")
    now, before = (sheet.by(stem, sheet.locations) for stem in stems)
    both = zip(now, before, strict=True)
    more = [d.name for (d, new), (_, old) in both if 0 < amount(old) < amount(new)]
    seen = f"Meer deelnemers: {formats.enumeration(more)}." if more else ""
    what = "deelnemers per locatie"
    return _compared("fig-groei-locaties", what, "Locatie", now, before, seen, sheet)


def services_by_location(sheet: FactSheet) -> Shown:
    """Draw the participations per location."""
    pairs = sheet.by("deelnames.locatie", sheet.locations)
    lines = [(d.name, [Bar(fact)]) for d, fact in pairs]
    return _ranked("fig-locaties", ["Locatie", "Deelnames"], pairs, lines, sheet)


def barometer(sheet: FactSheet) -> Shown:
    """Draw each life domain over the half-years that the registrations hold."""
    stems = ("barometer_per_maand", "barometer", "oordeel_barometer")
    points = [
        (domain.name, half.name, [sheet[f"{stem}.{domain.slug}.{half.slug}"] for stem in stems])
        for domain in sheet.domains
        for half in sheet.half_years
    ]
    rows: Rows = [[domain, half, *facts] for domain, half, facts in points]
    names = dict.fromkeys(domain.name for domain in sheet.domains)
    lines = [(one, [facts for name, _, facts in points if name == one]) for one in names]
    what = (
        "Lijndiagram: deelnames per maand open, op elk leefgebied en in elk half jaar, elk "
        "leefgebied op een eigen schaal die bij nul begint"
    )
    verdicts = bundle.judged(sheet.by("oordeel_barometer", sheet.domains))
    against = f"Tegenover {sheet.baseline.label}: {verdicts[:1].lower()}{verdicts[1:]}"
    given = {facts[2].value for _, _, facts in points}
    signs = ", ".join(f"{sign} {words}" for words, sign in SIGNS.items() if words in given)
    legend = f"De tekens vergelijken met {sheet.baseline.label}: {signs}." if signs else ""
    seen = bundle.sentences(against if verdicts else "", legend)
    moments = [half.name for half in sheet.half_years]
    columns = ["Leefgebied", "Half jaar", "Per maand", "Verschil", "Oordeel"]
    return _shown("fig-barometer", what, seen, columns, rows, partial(_lines, moments), lines)


def warm() -> None:
    """Draw a figure with each letter, so that the first of a new process is as fast as the rest."""
    bar = Bar(Fact("", 1, string.digits, "", "", (), False))
    _shown("", "", "", [bar.fact.text], [], _bars, [(" ".join(string.ascii_letters), [bar])])


def _pie(name: str, columns: list[str], sheet: FactSheet, counts: Pairs, shares: Pairs) -> Shown:
    rows = [(d.name, count, share) for (d, count), (_, share) in zip(counts, shares, strict=True)]
    slices = [
        (f"{label}; {count.text};{GLUE}{share.text}", amount(count))
        for label, count, share in rows
        if amount(count) > 0
    ]
    one, noun, _ = map(str.lower, columns)
    none = formats.enumeration([label for label, count, _ in rows if count.value == 0])
    held = formats.enumeration([f"{label} (x)" for label, count, _ in rows if count.withheld])
    seen = bundle.sentences(
        bundle.largest(noun, counts, shares),
        f"Geen {noun}: {none}." if none else "",
        f"Achtergehouden {bundle.REASON}: {held}." if held else "",
    )
    what = f"Cirkeldiagram: {noun} per {one} {bundle.during(sheet.period)}"
    return _shown(name, what, seen, columns, rows, _slices, slices)


def _ranked(name: str, columns: list[str], pairs: Pairs, lines: Lines, sheet: FactSheet) -> Shown:
    one, noun = map(str.lower, columns)
    rows: Rows = [[d.name, fact] for d, fact in pairs]
    what = f"Staafdiagram: {noun} per {one} {bundle.during(sheet.period)}"
    return _shown(name, what, bundle.largest(noun, pairs), columns, rows, _bars, lines)


def _compared(
    name: str, what: str, column: str, now: Pairs, before: Pairs, seen: str, sheet: FactSheet
) -> Shown:
    rows = [(d.name, new, old) for (d, new), (_, old) in zip(now, before, strict=True)]
    named = ("deze periode", "basisperiode")
    lines = [
        (label, [Bar(new, True, words[0]), Bar(old, False, words[1])])
        for row, (label, new, old) in enumerate(rows)
        for words in [("", "") if row else named]
    ]
    spans = sheet.period.label, sheet.baseline.label
    seen = bundle.sentences(f"Donker: {spans[0]}. Licht: {spans[1]}.", seen)
    columns = [column, *map(str.capitalize, spans)]
    return _shown(name, f"Staafdiagram: {what}", seen, columns, rows, _bars, lines)


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
    said = [[bundle.spoken(cell) for cell in line if cell] for line in (columns, *rows[:MOST])]
    numbers = "; ".join(f"{first}: {formats.enumeration(rest)}" for first, *rest in said)
    caption = bundle.sentences(f"{what.partition(': ')[2].capitalize()}.", seen)
    own = bundle.numbers("figure", name, caption, columns, rows)
    own["alt"] = f"{what}. {numbers if rows else 'Er zijn geen cijfers'}."
    with mpl.rc_context(_style() | {"svg.hashsalt": name}):
        figure = FigureCanvasSVG(Figure(dpi=72)).figure
        (partial(draw, drawn) if drawn else _nothing)(figure)
        shapes, own["picture"] = _svg(figure)
    return Shown({bundle.MIME: own, "image/svg+xml": shapes, "text/plain": bundle.plain(own)})


def _svg(figure: Figure) -> tuple[str, str]:
    """Draw a figure as two pictures: the same facts, the same bytes.

    The letters of the first are shapes, which need no font on a screen; those of the second are
    text, which can be searched in the PDF.
    """
    width, height = 72 * figure.get_size_inches()
    drawing = _Twofold(width, height, io.StringIO(), metadata=NAMELESS)
    figure.draw(drawing)
    drawing.finalize()
    return compacted(drawing.without("none")), drawing.without("path")


class _Twofold(RendererSVG):
    """Writes each text both ways of `svg.fonttype`, and remembers where.

    Most of the work on a figure is where everything stands, which is the same for both.
    """

    def __init__(self, width: float, height: float, file: io.StringIO, **settings: Any) -> None:
        self._file = file
        self._written: dict[str, list[int]] = {"path": [], "none": []}
        super().__init__(width, height, file, image_dpi=72, **settings)

    def draw_text(self, *text: Any, **settings: Any) -> None:
        """Draw a text; see `RendererSVG`."""
        self.writer.comment("")  # ends the tag before it
        for letters, places in self._written.items():
            mpl.rcParams["svg.fonttype"] = letters
            places.append(self._file.tell())
            super().draw_text(*text, **settings)
            places.append(self._file.tell())

    def without(self, letters: str) -> str:
        """Return the picture without the texts that were written this way."""
        whole, edges = self._file.getvalue(), [0, *self._written[letters], None]
        kept = zip(edges[::2], edges[1::2], strict=True)
        return "".join(whole[start:end] for start, end in kept)


def compacted(svg: str) -> str:
    """Return a picture of matplotlib in half the bytes: it looks the same to a hundredth point.

    Letters get short names, and paths steps in place of places.
    """
    names: dict[str, str] = {}
    svg = re.sub("<g/>|<g></g>", "", _NOISE.sub("", svg))
    svg = _GLYPH.sub(r'<use href="\1" x="\2"/>', svg).replace("xlink:href", "href")
    svg = _NAME.sub(lambda m: names.setdefault(m[0], f"g{len(names)}"), svg)
    svg = re.sub(r'(?<= d=")[^"]+', lambda m: _stepped(m[0]), svg)
    return re.sub(r'(?<= [xy]=")[-.\d]+', lambda m: _short(float(m[0])), svg)


@lru_cache(10_000)  # many are letters
def _stepped(path: str) -> str:
    """Write a path of matplotlib, whose places are absolute, as steps from place to place."""
    steps, here, start = [], np.zeros(2), np.zeros(2)
    for command, numbers in re.findall(r"([MLQCz])([^MLQCz]*)", path):
        if command == "z":
            here = start
            steps.append("z")
            continue
        places = np.array(numbers.split(), float).reshape(-1, 2)
        moved = np.round(places, 2) - here
        here = np.round(places[-1], 2)
        start = here if command == "M" else start
        steps.append(command.lower() + " ".join(map(_short, moved.flat)))
    return "".join(steps)


def _short(number: float) -> str:
    return f"{number:z.2f}".rstrip("0").rstrip(".")


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


def _wrapped(label: str, width: float = COLUMN) -> str:
    """Break a label into lines that fit its width; what cannot be printed becomes a space."""
    shown = "".join(c if c.isprintable() or c == GLUE else " " for c in label)
    letters = int(0.95 * len(shown) * width / (_inches(shown) or 1))
    whole = [word for word in shown.split(" ") if _inches(word) <= width]  # need not be broken
    letters = max(letters, 1, *map(len, whole))
    return textwrap.fill(shown, letters).replace(GLUE, " ")


@cache
def _inches(words: str, weight: str = "normal") -> float:
    font = font_manager.FontProperties(size=SIZE, weight=weight)
    return text_to_path.get_text_width_height_descent(words, font, ismath=False)[0] / 72


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
    left = MARGIN + max(_inches(line) for name in names for line in name.split("\n")) + pad
    room = WIDTH - MARGIN - left
    width = min([room, *((room - inches) / place for place, inches in ends if place)])
    tall = figure.get_figheight()
    place = left / WIDTH, (MARGIN + below) / tall, width / WIDTH, 1 - (2 * MARGIN + below) / tall
    axes = figure.add_axes(place)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_visible(False)
    beside = axes.get_yaxis_transform()
    for row, name in enumerate(names):
        at = -pad / width, row - above
        axes.text(*at, name, transform=beside, ha="right", va="center_baseline")
    return axes


def _bars(lines: Lines, figure: Figure) -> None:
    """Draw a bar for each label, or two: the dark one above the light one."""
    names = [_wrapped(label) for label, _ in lines]
    bars = [(row, bar) for row, (_, each) in enumerate(lines) for bar in each]
    paired = len(bars) > len(lines)
    most = max(name.count("\n") + 1 for name in names)
    tall = max(0.52 if paired else 0.36, 0.1 + LINE * most)
    figure.set_size_inches(WIDTH, 0.2 + tall * len(names))
    notes = {bar: f"{bar.fact.text} {bar.note}".strip() for _, bar in bars}
    longest = max(amount(bar.fact) for bar in notes) or 1
    ends = [(amount(bar.fact) / longest, 0.06 + _inches(note)) for bar, note in notes.items()]
    axes = _axes(figure, names, ends)
    axes.set(xlabel=" ", ylabel=" ")  # else seaborn makes all ticks, to see whether they show
    frame = pd.DataFrame([(row, amount(bar.fact), bar.dark) for row, bar in bars])
    sns.barplot(
        frame, y=0, x=1, hue=2, hue_order=[True, False], palette={True: DEEP, False: LIGHT},
        orient="h", native_scale=True, dodge=paired, saturation=1, edgecolor=INK, linewidth=0.8,
        errorbar=None, legend=False, ax=axes,
    )  # fmt: skip
    axes.set(xlim=(0, longest), ylim=(len(names) - 0.5, -0.5))
    for dark, container in zip((True, False), axes.containers, strict=True):
        said = [notes[bar] for _, bar in bars if bar.dark is dark]
        axes.bar_label(container, said, padding=4)  # type: ignore[arg-type]


def _slices(slices: Sequence[tuple[str, float]], figure: Figure) -> None:
    """Draw a pie whose largest slice looks right, so that small ones have room on the left.

    The unit of its frame is an inch; the labels stand in a column on each side.
    """
    labels = [_wrapped(words) for words, _ in slices]
    halves = np.array([LINE * (label.count("\n") + 1) + 0.05 for label in labels]) / 2
    values = np.array([value for _, value in slices])
    turns = (np.cumsum(values) - values / 2) / values.sum()
    start = turns[values.argmax()]
    x, y = np.cos(2 * np.pi * (start - turns)), np.sin(2 * np.pi * (start - turns))
    places = 1.12 * RADIUS * y
    for side in (x >= 0, x < 0):
        places[side] = _spread(places[side], halves[side])
    top = max(1.1 * RADIUS, (places + halves).max() + 0.05)
    bottom = min(-1.1 * RADIUS, (places - halves).min() - 0.05)
    figure.set_size_inches(WIDTH, top - bottom)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.pie(
        values, colors=_colours(len(values)), radius=RADIUS, startangle=360 * start,
        counterclock=False, wedgeprops={"edgecolor": "white", "linewidth": 1.2},
    )  # fmt: skip
    axes.add_patch(Circle((0, 0), RADIUS, fill=False, edgecolor=INK, linewidth=0.8))
    sides = np.where(x >= 0, 1, -1)
    spans = [0.98 * RADIUS * x, sides * (RADIUS + 0.1)], [0.98 * RADIUS * y, places]
    axes.plot(*spans, color=INK, linewidth=0.7)
    beside: Any = {"va": "center_baseline", "linespacing": 1.15}
    for label, side, place in zip(labels, sides, places, strict=True):
        axes.text(
            side * (RADIUS + 0.15), place, label, ha="left" if side > 0 else "right", **beside
        )
    axes.set(xlim=(-WIDTH / 2, WIDTH / 2), ylim=(bottom, top))


def _spread(wanted: Numbers, halves: Numbers) -> Numbers:
    """Move labels apart by the least squares, in the order in which they stand."""
    order = np.argsort(wanted, kind="stable")
    offsets = 2 * np.cumsum(halves[order]) - halves[order]
    placed = np.empty_like(wanted)
    placed[order] = isotonic_regression(wanted[order] - offsets).x + offsets if len(wanted) else []
    return placed


def _colours(count: int) -> list[str]:
    """Return a colour for each slice, such that no two neighbours in the round are alike."""
    colours = [PALETTE[index % len(PALETTE)] for index in range(count)]
    return [*colours[:-1], PALETTE[2]] if count > 1 and colours[0] == colours[-1] else colours


def _courses(last: str, lines: Sequence[tuple[str, Sequence[Fact]]], figure: Figure) -> None:
    """Draw a line for each service, from zero to the largest of its own numbers."""
    figure.set_size_inches(WIDTH, 0.3 + 0.58 * len(lines))
    names = [_wrapped(name) for name, _ in lines]
    axes = _axes(figure, names, [(1.05, _inches(facts[3].text, "bold")) for _, facts in lines])
    axes.set(xlim=(0, 1), ylim=(len(lines) - 0.5, -0.6))
    for y, (_, (expected, low, high, koers, before)) in enumerate(lines):
        said = f"verwacht {expected.text}; {last}: {before.text}"
        axes.annotate(said, (0, y), (4, 7), **_OFFSET, size=SIZE - 1)
        axes.text(1.05, y, koers.text, va="center_baseline", weight="bold")
        axes.axhline(y, color=LIGHT, linewidth=0.8, zorder=0)
        most = max(map(amount, (expected, high, before))) or 1
        if None not in (low.value, high.value):
            ends = [amount(low) / most, amount(high) / most]
            axes.plot(ends, [y, y], color=DEEP, linewidth=3.5, solid_capstyle="butt")
        for fact, form, size, fill in ((before, "s", 7, "white"), (expected, "o", 6, DEEP)):
            x = np.nan if fact.value is None else amount(fact) / most
            axes.plot(x, y, form, markersize=size, mfc=fill, mec=INK, clip_on=False)


def _lines(
    moments: Sequence[str], lines: Sequence[tuple[str, Sequence[Sequence[Fact]]]], figure: Figure
) -> None:
    """Draw the latest moments of each label in a strip of its own, all in one frame.

    Each point is a number, its change and the verdict on that, of which the sign is shown.
    """
    moments = moments[-LATEST:]
    figure.set_size_inches(WIDTH, 0.45 + 0.75 * len(lines))
    left, right = -0.4, len(moments) - 0.6
    names = [_wrapped(name) for name, _ in lines]
    halves = [_wrapped(moment, (WIDTH - COLUMN) / (len(moments) or 1)) for moment in moments]
    last = [*halves[-1:], *(_marked(points[-1]) for _, points in lines if points)]
    middle = 1 - 0.4 / (right - left)  # of the last moment
    ends = [(middle, _inches(line) / 2) for words in last for line in words.split("\n")]
    lowest = 0.1 + LINE * max((words.count("\n") + 1 for words in halves), default=0)
    axes = _axes(figure, names, ends, pad=0.18, below=lowest, above=0.36)
    axes.set(xlim=(left, right), ylim=(len(lines) - 0.95, -0.85))
    axes.set_axis_off()
    for row, (_, points) in enumerate(lines):
        axes.plot([left, left, right], [row - 0.72, row, row], color=INK, linewidth=0.8)
        axes.annotate("0", (left, row), (-4, 0), **_OFFSET, ha="right", va="center")
        _strip(axes, row, points[-LATEST:])
    for place, half in enumerate(halves):
        axes.annotate(half, (place, len(lines) - 0.95), (0, -6), **_OFFSET, ha="center", va="top")


def _strip(axes: Axes, row: int, points: Sequence[Sequence[Fact]]) -> None:
    values = [np.nan if fact.value is None else amount(fact) for fact, _, _ in points]
    heights = row - 0.5 * np.array(values) / (np.nanmax([0, *values]) or 1)
    axes.plot(heights, color=DEEP, marker="o", markeredgecolor=INK)
    for place, point in enumerate(points):
        at = (place, np.nan_to_num(heights[place], nan=row))
        axes.annotate(_marked(point), at, (0, 5), **_OFFSET, ha="center")


def _marked(point: Sequence[Fact]) -> str:
    fact, _, verdict = point
    return f"{fact.text} {SIGNS.get(str(verdict.value), '')}".strip()
