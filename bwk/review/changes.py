"""What changed between two states of a period, or between two periods."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from bwk import formats, periods
from bwk.errors import UsageError
from bwk.export import page
from bwk.files import write
from bwk.review import state
from bwk.review.state import Block, Facts, State

PAGE = "wijzigingen.html"
ALIKE = 0.4  # of the words of two texts of which one became the other
MOST = 12  # numbers in the list on top
TEMPLATES = page.TEMPLATES.overlay(
    loader=jinja2.FileSystemLoader([Path(__file__).parent, page.HERE])
)
_HIDDEN = "een getal"
_NONE = {"tekst": formats.UNKNOWN, "waarde": None, "eenheid": "", "achtergehouden": False}
_WORDS = re.compile(r"\n|\S+")
_MARKS = {"del": "verwijderd:", "ins": "toegevoegd:"}


@dataclass(frozen=True)
class Change:
    """A block that was removed (`new` is None), added (`old` is None) or changed."""

    old: Block | None
    new: Block | None

    @property
    def block(self) -> Block:
        block = self.new or self.old
        assert block is not None  # one of the two is there
        return block

    @property
    def what(self) -> str:
        return "veranderd" if self.old and self.new else "nieuw" if self.new else "weg"


@dataclass(frozen=True)
class Number:
    """A fact that says something else: texts, and how much it matters."""

    scope: str
    fact: str
    was: str
    now: str
    difference: str
    weight: float

    @property
    def name(self) -> str:
        """The fact in words."""
        return self.fact.replace("_", " ").replace(".", ", ")


def compare(target: Path, against: Path | int | None = None) -> tuple[Path, list[str]]:
    """Write a page with what changed in the reports of a period.

    It is compared with the folder of another period, or with the version of a number; by default
    with the last version that differs. Returns the page, and the changes that matter, a sentence
    each; UsageError where there is nothing to compare with.
    """
    new = state.read(target)
    old = state.read(against) if isinstance(against, Path) else _version(target, against, new)
    title = f"Wat er veranderd is: {periods.parse(new.period).label}"
    other = dated(old) if old.period == new.period else f"de {periods.parse(old.period).label}"
    write(target / PAGE, render(old, new, title=title, subtitle=f"Vergeleken met {other}."))
    return target / PAGE, summary(old, new)


def render(old: State, new: State, **words: Any) -> str:
    """Return a page of changes; `words` are the other variables of its template."""
    found = numbers(old.facts, new.facts)
    hidden = {old.facts[one.scope][one.fact]["tekst"] for one in found if one.was == _HIDDEN}
    reports = [
        (title_of(name, new, old), [_entry(one, hidden) for one in made])
        for name, made in _by_report(old, new)
    ]
    rows = [(title_of(one.scope, new, old), one) for one in found]
    template = TEMPLATES.get_template("changes.html.j2")
    return template.render(reports=reports, numbers=rows, summary=summary(old, new), **words)


def summary(old: State, new: State) -> list[str]:
    """Return the changes that matter, a Dutch sentence each: numbers first, the greatest on top."""
    found = sorted(numbers(old.facts, new.facts), key=lambda one: -one.weight)
    listed = [
        f"{title_of(one.scope, new, old)}: {one.name} was {one.was}, nu {one.now}"
        f"{f' ({one.difference})' if one.difference else ''}."
        for one in found[:MOST]
    ]
    if (more := len(found) - MOST) > 0:
        listed.append(f"Ook veranderd: nog {formats.count(more, 'cijfer', 'cijfers')}.")
    for name, made in _by_report(old, new):
        kinds = Counter(f"{state.KINDS[one.block.kind]} {one.what}" for one in made)
        counted = formats.enumeration([f"{count}× {kind}" for kind, count in kinds.items()])
        listed += [f"{title_of(name, new, old)}: {counted}."] if counted else []
    return listed


def changes(old: Sequence[Block], new: Sequence[Block]) -> list[Change]:
    """Return the changes between two reports, in reading order."""
    matcher = SequenceMatcher(None, [b.hash for b in old], [b.hash for b in new], autojunk=False)
    return [
        change
        for tag, i, j, k, m in matcher.get_opcodes()
        if tag != "equal"
        for change in _paired(old[i:j], new[k:m])
    ]


def numbers(old: Facts, new: Facts) -> list[Number]:
    """Return the facts that read otherwise now."""
    return [
        _number(scope, name, *pair)
        for scope in dict.fromkeys((*new, *old))
        for name in dict.fromkeys((*new.get(scope, {}), *old.get(scope, {})))
        if (pair := [facts.get(scope, {}).get(name, _NONE) for facts in (old, new)])
        and pair[0]["tekst"] != pair[1]["tekst"]
    ]


def marked(old: str, new: str, hidden: Collection[str] = ()) -> Markup:
    """Write a text with its words marked as removed and added, for the eye and the ear.

    A number in `hidden` that was removed is not told again.

    >>> marked("Er kwamen 420 mensen.", "Er kwamen 418 mensen.").striptags()
    'Er kwamen verwijderd: 420 toegevoegd: 418 mensen.'
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    kept = [formats.WITHHELD if word.strip(".,;:!?()") in hidden else word for word in before]
    parts = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(escape(" ".join(after[k:m])))
            continue
        for mark, words in (("del", kept[i:j]), ("ins", after[k:m])):
            parts += [tagged(mark, " ".join(words))] if words else []
    return Markup(" ").join(parts)


def tagged(mark: str, words: str) -> Markup:
    """Write words as removed (`del`) or added (`ins`)."""
    tag = Markup(f'<{mark}><span class="sr">{_MARKS[mark]} </span>{{}}</{mark}>')
    return tag.format(words)


def blocks(report: str, *states: State | None) -> list[Sequence[Block]]:
    """Return the blocks of a report in some states; none where one does not have it."""
    return [one.reports[report].blocks if one and report in one.reports else [] for one in states]


def title_of(name: str, *states: State) -> str:
    """Return the title of a report."""
    return next((one.reports[name].title for one in states if name in one.reports), name)


def dated(one: State) -> str:
    """Return which version a state is, in words."""
    day = f" van {formats.day(date.fromisoformat(one.day))}" if one.day else ""
    return f"versie {one.number}{day}" if one.number else f"de verslagen over {one.period}"


def _by_report(old: State, new: State) -> list[tuple[str, list[Change]]]:
    names = dict.fromkeys((*new.reports, *old.reports))
    return [(name, changes(*blocks(name, old, new))) for name in names]


def _version(target: Path, number: int | None, new: State) -> State:
    """Return the version that was asked for, else the newest that differs."""
    if number is not None:
        return state.version(target, number)
    kept = (state.version(target, each) for each in reversed(state.versions(target)))
    if found := next((one for one in kept if one.hash != new.hash), None):
        return found
    raise UsageError(
        f"Van {target.name} is er nog maar één versie, dus er is niets om mee te vergelijken: "
        "noem met --with een andere periode."
    )


def _paired(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Change]:
    """Yield what became of blocks that are no longer there: each new one takes the first alike."""
    place = 0
    for block in new:
        alike = (n for n in range(place, len(old)) if _alike(old[n], block))
        found = next(alike, None)
        if found is None:
            yield Change(None, block)
            continue
        yield from (Change(gone, None) for gone in old[place:found])
        yield Change(old[found], block)
        place = found + 1
    yield from (Change(gone, None) for gone in old[place:])


def _alike(old: Block, new: Block) -> bool:
    if old.kind != new.kind or old.kind in ("figure", "table"):
        return (old.kind, old.key) == (new.kind, new.key)
    words = old.text.lower().split(), new.text.lower().split()
    return SequenceMatcher(None, *words, autojunk=False).ratio() >= ALIKE


def _number(scope: str, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Number:
    was, now, values = old["tekst"], new["tekst"], (old["waarde"], new["waarde"])
    if new["achtergehouden"]:  # what is held back now is not told once more
        told = _HIDDEN if isinstance(values[0], int | float) else was
        return Number(scope, name, told, now, "nu achtergehouden", 1000)
    if old["achtergehouden"]:
        return Number(scope, name, was, now, "niet meer achtergehouden", 1000)
    if not all(isinstance(value, int | float) for value in values):
        return Number(scope, name, was, now, "", 0.5)
    step, share = values[1] - values[0], new["eenheid"] in ("aandeel", "groei")
    size = formats.number(100 * step if share else step, 1 if share or "," in now else 0)
    difference = f"{'+' * (step > 0)}{size}{' procentpunt' * share}"
    weight = abs(step) / (abs(values[0]) or 1) + ("." not in name)
    return Number(scope, name, was, now, difference, weight)


def _entry(change: Change, hidden: Collection[str]) -> dict[str, Any]:
    """Return a change as the page shows it."""
    old, new = change.old, change.new
    words = marked(old.text if old else "", new.text if new else "", hidden)
    return {"change": change, "words": words, "tables": sides(old, new)}


def sides(old: Block | None, new: Block | None) -> dict[str, list[list[Markup]]]:
    """Return the data of a figure or table as they were and are; empty where they are the same."""
    before, after = old.table if old else [], new.table if new else []
    if before == after:
        return {}
    tables = {"Was": _cells(before, after, "del"), "Nu": _cells(after, before, "ins")}
    return {side: table for side, table in tables.items() if table}


def _cells(
    table: Sequence[Sequence[str]], other: Sequence[Sequence[str]], mark: str
) -> list[list[Markup]]:
    """Return a table with what differs from another marked; what is held back now stays so."""
    known = {
        (row[0], column): cell
        for row in other[1:]
        for column, cell in zip(other[0], row, strict=False)
    }

    def shown(row: Sequence[str], column: str, cell: str) -> Markup:
        there = known.get((row[0], column))
        told = formats.WITHHELD if (mark, there) == ("del", formats.WITHHELD) else cell
        return escape(cell) if there == cell or not cell else tagged(mark, told)

    head = [[escape(column) for column in table[0]]] if table else []
    return head + [
        [shown(row, *pair) for pair in zip(table[0], row, strict=False)] for row in table[1:]
    ]
