"""Claims in the text: found, traced to facts, confirmed."""

from bwk.narrative.control import control
from bwk.narrative.prompts import PROMPT, follow_up
from bwk.narrative.signoffs import beside
from bwk.narrative.sources import sources
from bwk.narrative.tracing import Point, advice, open_points, passages

__all__ = [
    "PROMPT",
    "Point",
    "advice",
    "beside",
    "control",
    "follow_up",
    "open_points",
    "passages",
    "sources",
]
