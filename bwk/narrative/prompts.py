"""What a text still asks of its evaluator: prompts, and intentions to follow up."""

import re
from dataclasses import dataclass

QUESTION = "Vraag aan u:"  # under a draft: a text may do without an answer
_ASKING = "Schrijf hier:"
PROMPT = re.compile(rf"\*(?:[^*\n]*[^*\w])?(?:\*\*)?(?:{_ASKING}|{QUESTION})(?:\*\*)?[^*\n]*\*?")
_ITEM = re.compile(
    r"^ {0,3}(?:[-*+]|\d+[.)])[^\S\n]+"
    r"(?:(\*\*|__)(?P<bold>.+?)\1|(?P<plain>.+?(?:[.:;!?](?=\s)|$)))",
    re.MULTILINE,
)
_STATE = re.compile(r"[\s*_.:,–-]*(gedaan|loopt nog|vervallen)\b\W*\w", re.IGNORECASE)


@dataclass(frozen=True)
class Item:
    """An intention of last period; its `state` is `gedaan`, `loopt nog`, `vervallen` or None."""

    title: str
    state: str | None


def follow_up(source: str) -> list[Item]:
    """Return the points of a list, by bold title or else first sentence, and what became of each.

    >>> follow_up("- **Een nieuwsbrief.** Gedaan: in maart.\\n- **Meer taal.** Later.")
    [Item(title='Een nieuwsbrief.', state='gedaan'), Item(title='Meer taal.', state=None)]
    """
    source = PROMPT.sub("", source)
    matches = list(_ITEM.finditer(source))
    ends = [*(match.start() for match in matches[1:]), len(source)]
    items = []
    for match, end in zip(matches, ends, strict=False):
        title = match["bold"] or match["plain"].replace("**", "").strip()
        state = _STATE.match(source, match.end(), end)
        items.append(Item(title, state[1].lower() if state else None))
    return items


def asked(source: str, follows_up: bool = False) -> list[str]:
    """Say in Dutch what a text still asks: of each intention what came of it, else an answer.

    >>> asked("- **Meer taal.** Later.", follows_up=True)
    ['Bij ‘Meer taal’ ontbreekt nog: gedaan, loopt nog of vervallen, en wat ervan kwam.']
    """
    titles = [item.title.rstrip(".") for item in follow_up(source) if not item.state]
    if follows_up and titles:
        choices = "gedaan, loopt nog of vervallen, en wat ervan kwam"
        return [f"Bij ‘{title}’ ontbreekt nog: {choices}." for title in titles]
    prompts = "".join(PROMPT.findall(source))
    return ["Hier staat nog een vraag open."] if _ASKING in prompts else []
