"""Sentences: where one ends in the Markdown source of a cell."""

import re
from itertools import pairwise

_END = re.compile(r"[.!?][^\w\s]*(?=\s|$)|\n\s*\n|\n(?=\s*[-*#] )")


def spans(text: str) -> list[tuple[int, int]]:
    """Return the start and the end of each sentence, item of a list, heading and paragraph.

    >>> [text[start:end] for text in ["Een. Twee?\\n- Drie"] for start, end in spans(text)]
    ['Een.', ' Twee?', '\\n', '- Drie']
    """
    ends = [0, *(match.end() for match in _END.finditer(text)), len(text)]
    return list(pairwise(ends))


def around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the start and the end of the sentence, or of the sentences, that hold a place."""
    touching = [span for span in spans(text) if span[0] < end and start < span[1]]
    return (touching[0][0], touching[-1][1]) if touching else (start, end)


def on_one_line(text: str, start: int, end: int) -> str:
    """Return the sentence that holds a place, on one line."""
    return " ".join(text[slice(*around(text, start, end))].split())
