"""Words of direction, size, order and course: which stand in a text, as `said.toml` has them."""

import re

from bwk.narrative.wording import patterns, said

UP, DOWN, SAME = "meer", "minder", "gelijk"
DENIED = "niet"
TIMES, RANK = "keer", "plaats"  # of so many times as much; of a place in an order


def find(words: str) -> list[tuple[str, re.Match[str]]]:
    """Return what each word in some words says, and its place; in order, none over another."""
    forms = patterns("said", "direction")
    matches = [(kind, match) for kind, form in forms for match in form.finditer(words)]
    kept: list[tuple[str, re.Match[str]]] = []
    for kind, match in sorted(matches, key=lambda pair: (pair[1].start(), -pair[1].end())):
        if not kept or match.start() >= kept[-1][1].end():
            kept.append((kind, match))
    return kept


def of(words: str) -> str:
    """Return the direction that some words say: `meer`, `minder` or `gelijk`; empty where none."""
    ways = [kind for kind, _ in find(words) if kind in (UP, DOWN, SAME)]
    denied = [DENIED] if said("no_direction").search(words) else []
    return " ".join([*denied, *ways[:1]])
