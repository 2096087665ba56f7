"""The publishable facts of one location and period: already protected, the only door upward."""

from bwk.facts.declarations import Declaration, declaration_of, declarations
from bwk.facts.sheet import CITY, Fact, FactBook, FactSheet, Label, show

__all__ = [
    "CITY",
    "Declaration",
    "Fact",
    "FactBook",
    "FactSheet",
    "Label",
    "declaration_of",
    "declarations",
    "show",
]
