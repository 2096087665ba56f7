"""Claims in the text: found, traced to facts, confirmed."""

from bwk.narrative.control import control
from bwk.narrative.signoffs import beside
from bwk.narrative.sources import sources
from bwk.narrative.tracing import (
    PROMPT,
    Passage,
    Point,
    advice,
    open_points,
    passages,
)

__all__ = [
    "PROMPT",
    "Passage",
    "Point",
    "advice",
    "beside",
    "control",
    "open_points",
    "passages",
    "sources",
]
