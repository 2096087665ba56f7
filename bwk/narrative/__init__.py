"""Claims in the text: found, traced to facts, confirmed."""

from bwk.narrative import drafts
from bwk.narrative.control import control
from bwk.narrative.prompts import PROMPT, QUESTION, follow_up
from bwk.narrative.signoffs import beside
from bwk.narrative.sources import sources
from bwk.narrative.tracing import Point, advice, open_points, passages

__all__ = [
    "PROMPT",
    "QUESTION",
    "Point",
    "advice",
    "beside",
    "control",
    "drafts",
    "follow_up",
    "open_points",
    "passages",
    "sources",
]
