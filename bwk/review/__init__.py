"""The review of a period: its versions, what changed, what is agreed, what is definitive."""

from bwk.review.changes import compare
from bwk.review.definitive import finalize, is_definitive, reproduce, verify
from bwk.review.reviewing import Question, agreed, bring_in, questions, review_file
from bwk.review.state import keep

__all__ = [
    "Question",
    "agreed",
    "bring_in",
    "compare",
    "finalize",
    "is_definitive",
    "keep",
    "questions",
    "reproduce",
    "review_file",
    "verify",
]
