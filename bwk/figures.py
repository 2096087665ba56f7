"""The figures of a notebook: each function draws one from the protected facts of a sheet.

Names and numbers stand beside what they belong to, so that no colour has to be told apart.
"""

import io
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import font_manager, textpath
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from scipy.optimize import isotonic_regression

from bwk import bundle, formats
from bwk.bundle import Shown, amount
from bwk.facts import Fact, FactSheet, Label

INK, MUTED, DEEP, LIGHT = "#1b2430", "#5a6572", "#0b5563", "#cfe3e6"
PALETTE = "#083f49 #f2bb4e #4c8abf #eeead6 #bb5138 #7fb89a #75508f #c3d3f5".split()
WIDTH = 5.6  # inches: legible on a narrow screen, and in print at 160 mm
SIZE = 10.5  # points
LINE = 0.18  # inches, the height of a line of text
DRAWN_AT_MOST = 15
COURSES = {word: word.capitalize() for word in "boven koers,op koers,onder koers,onzeker".split(",")}
HOUSE_STYLE = {
    "font.family": ["Public Sans", "DejaVu Sans"],
    "font.size": SIZE,
    "text.color": INK,
    "text.parse_math": False,
    "ytick.labelcolor": INK,
    "ytick.labelsize": SIZE,
    "ytick.major.size": 0,
    "xtick.bottom": False,
    "xtick.labelbottom": False,
    "axes.edgecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.bottom": False,
    "figure.facecolor": "white",
    "figure.constrained_layout.h_pad": 0.06,
    "figure.constrained_layout.w_pad": 0.06,
}
Pairs = Sequence[tuple[Label, Fact]]


def services_pie(sheet: FactSheet) -> Shown:
    """Draw the participations per service."""
    counts, shares = (sheet.by(stem, sheet.services) for stem in ("deelnames", "aandeel"))
    what = f"Deelnames per dienst {bundle.during(sheet.period)}"
    return _pie("fig-diensten", what, ("Dienst", "Deelnames"), counts, shares)


def roles_pie(sheet: FactSheet) -> Shown:
    """Draw the people per role."""
    counts, shares = (sheet.by(stem, sheet.roles) for stem in ("rol", "aandeel_rol"))
    what = f"Mensen per rol {bundle.during(sheet.period)}"
    return _pie("fig-rollen", what, ("Rol", "Mensen"), counts, shares)


def services_per_month(sheet: FactSheet) -> Shown:
    """Draw the participations per month that the location was open, against the baseline's."""
    now, before = (sheet.by(s, sheet.services) for s in ("per_maand", "per_maand_basis"))
    verdicts = sheet.by("oordeel_per_maand", sheet.services)
    words = {"meer": "Duidelijk meer", "minder": "Duidelijk minder"}
    what = f"Deelnames per maand open, {_against(sheet)}"
    return _compared("fig-per-maand", what, "Dienst", now, before, bundle.judged(verdicts, words))


def growth(sheet: FactSheet) -> Shown:
    """Draw the participants of the baseline and of the period."""
    before, now, grown = (
        sheet[name] for name in ("deelnemers_basis", "deelnemers", "groei_deelnemers")
    )
    spans = ((sheet.baseline, sheet.baseline_months), (sheet.period, sheet.months))
    labels = [f"{_capital(span.label)} ({bundle.months(open_)} open)" for span, open_ in spans]
    counts = f"van {bundle.spoken(before)} naar {bundle.spoken(now)}"
    change = f"{counts} ({bundle.spoken(grown)})"
    uneven = abs(sheet.months - sheet.baseline_months) > 0.05
    caution = "Let op: de perioden zijn niet even lang." if uneven else ""
    caption = bundle.sentences(f"Aantal deelnemers: {change}.", caution)
    alt = bundle.sentences(f"Staafdiagram van het aantal deelnemers: {change}.", f"{labels[0]}.")
    rows = [[labels[0], before, ""], [labels[1], now, grown]]
    note = f"({grown.text})" if grown.value is not None else ""
    drawn = Bars(labels, {"": [before, now]}, ["", note], [False, True])
    return _shown("fig-groei", caption, alt, ["Periode", "Deelnemers", "Verschil"], rows, drawn)
