"""How many wrong numbers, planted in the confirmed sample, become an open point.

Each is one number changed in the text (a digit, another number, the hedge dropped or added, a
number word, two numbers of a sentence swapped), or one fact changed in the data so that its claim
is untrue. `python tests/bench/planted.py 500 1` plants so many, with that seed.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bwk import facts
from bwk.facts import FactSheet
from bwk.narrative import claims, grammar, tracing
from bwk.narrative.signoffs import Signoff
from bwk.narrative.tracing import Passage, Traced

PERIOD = "2018-H1"
FOLDER = Path(__file__).parents[2] / "notebooks" / PERIOD
HEDGED = re.compile(r"(?:ruim|minstens|meer dan) ", re.I)


@dataclass(frozen=True)
class Book:
    """A confirmed workbook."""

    scope: str
    found: list[Passage]
    signed: list[Signoff]
    traced: list[Traced]


def digit(text: str, chance: random.Random) -> str:
    places = [match.start() for match in re.finditer(r"\d", text)]
    if not places:
        return text
    place = chance.choice(places)
    new = chance.choice("123456789".replace(text[place], ""))
    return text[:place] + new + text[place + 1 :]


def number(text: str, chance: random.Random) -> str:
    """Put another number of up to four digits, also one that looks like a year."""
    return re.sub(r"\d+", lambda _: str(chance.randint(1, 10 ** chance.randint(1, 4))), text)


def word(text: str, chance: random.Random) -> str:
    other = claims.spell(chance.randint(2, 400))
    return re.sub(rf"\d+%?$|{grammar.filled('{word}')}$", other, text, flags=re.I)


def hedge(text: str, chance: random.Random) -> str:
    if HEDGED.match(text):
        return HEDGED.sub("", text)
    return f"{chance.choice(('Ruim', 'bijna', 'minder dan', 'hooguit'))} {text.lower()}"


CHANGES: tuple[Callable[[str, random.Random], str], ...] = (digit, number, word, hedge)


def main() -> None:
    number, seed = (int(word) for word in (*sys.argv[1:], "500", "1")[:2])
    chance = random.Random(seed)
    sheets = facts.load_all("stad", PERIOD)
    books = [opened(path, sheets) for path in sorted(FOLDER.glob("*.ipynb"))]
    planted: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    while planted.total() < number:
        book = chance.choice(books)
        one = chance.choice(book.traced)
        kind = chance.choice([*(change.__name__ for change in CHANGES), "swap", "fact"])
        wrong = made_wrong(kind, one, book, sheets, chance)
        if wrong is None:
            continue
        text, changed = wrong
        planted[kind] += 1
        points = open_points(book, one.passage, text, changed)
        caught[kind] += bool(points)
        if not points:
            print(f"missed, {kind} in {book.scope}: {text[max(0, one.claim.start - 40) :][:80]!r}")
    print("| kind | planted | caught |\n| --- | --- | --- |")
    for kind, count in sorted(planted.items()):
        print(f"| {kind} | {count} | {caught[kind]} |")
    print(f"| all | {planted.total()} | {caught.total()} |")
    sys.exit(caught != planted)


def opened(path: Path, sheets: Mapping[str, FactSheet]) -> Book:
    found, signed = tracing.read(path)
    text = tracing.Text(found, signed, ordered(path.stem, sheets))
    assert not text.points
    return Book(path.stem, found, signed, text.numbers)


def made_wrong(
    kind: str, one: Traced, book: Book, sheets: Mapping[str, FactSheet], chance: random.Random
) -> tuple[str, Mapping[str, FactSheet]] | None:
    """Return the text of the passage and the sheets, one of them changed; None where it cannot."""
    before, claim = one.passage.text, one.claim
    if kind == "fact":
        changed = other_fact(one, sheets, chance)
        return (before, changed) if changed else None
    if kind == "swap":
        text = swapped(one, book, chance)
    else:
        change = next(each for each in CHANGES if each.__name__ == kind)
        text = before[: claim.start] + change(claim.text, chance) + before[claim.end :]
    return (text, sheets) if text != before else None


def swapped(one: Traced, book: Book, chance: random.Random) -> str:
    """Swap the number with another one of its sentence."""
    text = one.passage.text
    near = [
        each.claim
        for each in book.traced
        if each.passage is one.passage and each.sentence == one.sentence
    ]
    first, last = sorted([one.claim, chance.choice(near)], key=lambda claim: claim.start)
    if first.text == last.text:
        return text
    middle = text[first.end : last.start]
    return f"{text[: first.start]}{last.text}{middle}{first.text}{text[last.end :]}"


def other_fact(
    one: Traced, sheets: Mapping[str, FactSheet], chance: random.Random
) -> Mapping[str, FactSheet] | None:
    """Change the value of the fact so that the claim does not hold; None where it has no fact."""
    value = one.value
    if one.signoff is None or one.fact is None or value is None:
        return None
    new = round(value + chance.choice((-1, 1)) * (0.02 if isinstance(value, float) else 1), 4)
    new = chance.choice((new, round(value * chance.uniform(0.3, 3), 4 * isinstance(value, float))))
    if claims.holds(one.claim, new):
        return None
    sheet = sheets[one.signoff.scope]
    changed = replace(one.fact, value=new, text=f"{new}")
    return {
        **sheets,
        one.signoff.scope: replace(sheet, facts={**sheet.facts, changed.name: changed}),
    }


def open_points(
    book: Book, passage: Passage, text: str, sheets: Mapping[str, FactSheet]
) -> list[tracing.Point]:
    found = [replace(each, text=text) if each is passage else each for each in book.found]
    own = ordered(book.scope, sheets)
    return tracing.Text(found, book.signed, own).points


def ordered(scope: str, sheets: Mapping[str, FactSheet]) -> Mapping[str, FactSheet]:
    """Return the sheets, that of the report itself first."""
    return {scope: sheets[scope], **sheets}


if __name__ == "__main__":
    main()
