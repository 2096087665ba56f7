"""Precision and recall of the claim finder on marked texts by another hand.

The rules were never shown the texts named `heldout`; those for development they were. A claim is
found where a claim of the finder overlaps the marked one. `python tests/bench/claims.py
development-2` reads that text only.
"""

import re
import sys
from pathlib import Path

from bwk.narrative.claims import find

FOLDER = Path(__file__).parent.parent / "ground_truth" / "claims"
TEXTS = [
    "heldout",
    "heldout-2",
    "heldout-3",
    "development",
    *(f"development-{n}" for n in range(2, 8)),
]
Span = tuple[int, int]


def unmarked(passage: str) -> tuple[str, list[Span]]:
    """Return a passage without its marks, and the spans that stood between braces."""
    text, spans, start = "", [], 0
    for part in re.split(r"([{}«»])", passage):
        if part == "{":
            start = len(text)
        elif part == "}":
            spans.append((start, len(text)))
        elif part not in "«»":
            text += part
    return text, spans


def overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def main() -> None:
    print("| text | claims | precision | recall |\n| --- | --- | --- | --- |")
    files = [FOLDER / f"{name}.md" for name in sys.argv[1:] or TEXTS]
    for file in filter(Path.exists, files):
        marked = found = right = seen = 0
        for passage in re.split(r"^---$", file.read_text(encoding="utf-8"), flags=re.M):
            plain, spans = unmarked(passage)
            own = [(claim.start, claim.end) for claim in find(plain)]
            marked, found = marked + len(spans), found + len(own)
            right += sum(any(overlap(one, span) for span in spans) for one in own)
            seen += sum(any(overlap(span, one) for one in own) for span in spans)
        print(f"| {file.stem} | {marked} | {right / found:.3f} | {seen / marked:.3f} |")


if __name__ == "__main__":
    main()
