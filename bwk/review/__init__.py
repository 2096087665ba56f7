"""The review of a period: its versions, what changed, what is agreed, what is definitive."""

from bwk.review.changes import compare
from bwk.review.custody import is_definitive, verify
from bwk.review.definitive import finalize, reproduce
from bwk.review.overview import write_overview
from bwk.review.reviewing import bring_in, judge, questions, review_file, worded
from bwk.review.state import keep

__all__ = [
    "bring_in",
    "compare",
    "finalize",
    "is_definitive",
    "judge",
    "keep",
    "questions",
    "reproduce",
    "review_file",
    "verify",
    "worded",
    "write_overview",
]
