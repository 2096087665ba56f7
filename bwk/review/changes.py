"""What changed between two states of a period, or between two periods."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from bwk import formats, outputs, periods
from bwk.errors import UsageError
from bwk.export import page
from bwk.files import write
from bwk.outputs import Block, Fact, Facts, Version
from bwk.review import state

ALIKE = 0.4  # of the words of two texts of which one became the other
MOST = 12  # numbers in the list on top
TEMPLATES = page.TEMPLATES.overlay(
    loader=jinja2.FileSystemLoader([Path(__file__).parent, page.HERE])
)
_HIDDEN = "een getal"
_ABSENT = Fact(None, formats.UNKNOWN, "", False)
_WORDS = re.compile(r"\n|\S+")
_MARKS = {"del": "verwijderd:", "ins": "toegevoegd:"}


@dataclass(frozen=True)
class Change:
    """A block that was removed (`after` is None), added (`before` is None) or changed."""

    before: Block | None
    after: Block | None

    @property
    def block(self) -> Block:
        block = self.after or self.before
        assert block is not None  # one of the two is there
        return block

    @property
    def kind(self) -> str:
        if self.before and self.after:
            return "veranderd"
        return "nieuw" if self.after else "weg"


@dataclass(frozen=True)
class Number:
    """A fact that says something else: texts, and how much it matters."""

    scope: str
    fact: str
    before: str
    after: str
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
    after = state.read(target)
    before = state.read(against) if isinstance(against, Path) else _version(target, against, after)
    title = f"Wat er veranderd is: {periods.parse(after.period).label}"
    origin = f"de {periods.parse(before.period).label}"
    if before.period == after.period:
        origin = dated(before)
    path = target / outputs.CHANGES
    write(path, render(before, after, title=title, subtitle=f"Vergeleken met {origin}."))
    return path, summary(before, after)


def render(before: Version, after: Version, **words: Any) -> str:
    """Return a page of changes; `words` are the other variables of its template."""
    changed = numbers(before.facts, after.facts)
    hidden = {
        before.facts[number.scope][number.fact].text
        for number in changed
        if number.before == _HIDDEN
    }
    reports = [
        (title_of(scope, after, before), [_entry(change, hidden) for change in in_report])
        for scope, in_report in _by_report(before, after)
    ]
    rows = [
        [
            number.name,
            title_of(number.scope, after, before),
            number.before,
            number.after,
            number.difference,
        ]
        for number in changed
    ]
    return TEMPLATES.get_template("changes.html.j2").render(
        reports=reports, numbers=rows, summary=summary(before, after), **words
    )


def summary(before: Version, after: Version) -> list[str]:
    """Return the changes that matter, a Dutch sentence each: numbers first, the greatest on top."""
    changed = sorted(numbers(before.facts, after.facts), key=lambda number: -number.weight)
    sentences = []
    for number in changed[:MOST]:
        title = title_of(number.scope, after, before)
        difference = f" ({number.difference})" if number.difference else ""
        sentences.append(
            f"{title}: {number.name} was {number.before}, nu {number.after}{difference}."
        )
    rest = len(changed) - MOST
    if rest > 0:
        sentences.append(f"Ook veranderd: nog {formats.count(rest, 'cijfer', 'cijfers')}.")
    for scope, in_report in _by_report(before, after):
        kinds = Counter(f"{change.block.dutch_kind} {change.kind}" for change in in_report)
        if kinds:
            counted = formats.enumeration([f"{count}× {kind}" for kind, count in kinds.items()])
            sentences.append(f"{title_of(scope, after, before)}: {counted}.")
    return sentences


def changes(before: Sequence[Block], after: Sequence[Block]) -> list[Change]:
    """Return the changes between two reports, in reading order."""
    removed, added = ([block.hash for block in blocks] for blocks in (before, after))
    matcher = SequenceMatcher(None, removed, added, autojunk=False)
    return [
        change
        for tag, i, j, k, m in matcher.get_opcodes()
        if tag != "equal"
        for change in _paired(before[i:j], after[k:m])
    ]


def numbers(before: Facts, after: Facts) -> list[Number]:
    """Return the facts that read otherwise after than before."""
    changed = []
    for scope in dict.fromkeys((*after, *before)):
        earlier = before.get(scope, {})
        later = after.get(scope, {})
        for name in dict.fromkeys((*later, *earlier)):
            pair = earlier.get(name, _ABSENT), later.get(name, _ABSENT)
            if pair[0].text != pair[1].text:
                changed.append(_number(scope, name, *pair))
    return changed


def marked(before: str, after: str, hidden: Collection[str] = ()) -> Markup:
    """Write a text with its words marked as removed and added, for the eye and the ear.

    A number in `hidden` that was removed is not told again.

    >>> marked("Er kwamen 420 mensen.", "Er kwamen 418 mensen.").striptags()
    'Er kwamen verwijderd: 420 toegevoegd: 418 mensen.'
    """
    removed = _WORDS.findall(before)
    added = _WORDS.findall(after)
    told = [formats.WITHHELD if word.strip(".,;:!?()") in hidden else word for word in removed]
    texts = []
    for tag, i, j, k, m in SequenceMatcher(None, removed, added, autojunk=False).get_opcodes():
        if tag == "equal":
            texts.append(escape(" ".join(added[k:m])))
            continue
        if j > i:
            texts.append(tagged("del", " ".join(told[i:j])))
        if m > k:
            texts.append(tagged("ins", " ".join(added[k:m])))
    return Markup(" ").join(texts)


def tagged(mark: str, words: str) -> Markup:
    """Write words as removed (`del`) or added (`ins`)."""
    tag = Markup(f'<{mark}><span class="sr">{_MARKS[mark]} </span>{{}}</{mark}>')
    return tag.format(words)


def blocks(scope: str, version: Version) -> Sequence[Block]:
    """Return the blocks of a report in a state; none where it does not have the report."""
    report = version.reports.get(scope)
    return report.blocks if report else []


def title_of(scope: str, *versions: Version) -> str:
    """Return the title of a report."""
    reports = (version.reports.get(scope) for version in versions)
    return next((report.title for report in reports if report), scope)


def dated(version: Version) -> str:
    """Return which version a state is, in words."""
    if not version.number:
        return f"de verslagen over {version.period}"
    day = f" van {formats.day(version.day)}" if version.day else ""
    return f"versie {version.number}{day}"


def _by_report(before: Version, after: Version) -> list[tuple[str, list[Change]]]:
    scopes = dict.fromkeys((*after.reports, *before.reports))
    return [(scope, changes(blocks(scope, before), blocks(scope, after))) for scope in scopes]


def _version(target: Path, number: int | None, current: Version) -> Version:
    """Return the version that was asked for, else the newest that differs."""
    if number is not None:
        return state.version(target, number)
    for earlier in reversed(state.versions(target)):
        version = state.version(target, earlier)
        if version.hash != current.hash:
            return version
    raise UsageError(
        f"Van {target.name} is er nog maar één versie, dus er is niets om mee te vergelijken: "
        "noem met --with een andere periode."
    )


def _paired(before: Sequence[Block], after: Sequence[Block]) -> Iterator[Change]:
    """Yield what became of blocks: each block after takes the nearest one before that is alike."""
    place = 0
    for block in after:
        candidates = range(place, len(before))
        match = next((n for n in candidates if _alike(before[n], block)), None)
        if match is None:
            yield Change(None, block)
            continue
        yield from (Change(removed, None) for removed in before[place:match])
        yield Change(before[match], block)
        place = match + 1
    yield from (Change(removed, None) for removed in before[place:])


def _alike(before: Block, after: Block) -> bool:
    if before.kind != after.kind or before.kind in ("figure", "table"):
        return (before.kind, before.key) == (after.kind, after.key)
    words = before.text.lower().split(), after.text.lower().split()
    return SequenceMatcher(None, *words, autojunk=False).ratio() >= ALIKE


def _number(scope: str, name: str, before: Fact, after: Fact) -> Number:
    values = before.value, after.value
    if after.withheld:  # what is held back now is not told once more
        told = _HIDDEN if isinstance(before.value, int | float) else before.text
        return Number(scope, name, told, after.text, "nu achtergehouden", 1000)
    if before.withheld:
        return Number(scope, name, before.text, after.text, "niet meer achtergehouden", 1000)
    if not (isinstance(values[0], int | float) and isinstance(values[1], int | float)):
        return Number(scope, name, before.text, after.text, "", 0.5)
    step = values[1] - values[0]
    if after.unit in ("aandeel", "groei"):
        difference = f"{formats.number(100 * step, 1)} procentpunt"
    else:
        difference = formats.number(step, 1 if "," in after.text else 0)
    sign = "+" if step > 0 else ""
    is_total = "." not in name
    weight = abs(step) / (abs(values[0]) or 1) + is_total
    return Number(scope, name, before.text, after.text, sign + difference, weight)


def _entry(change: Change, hidden: Collection[str]) -> dict[str, Any]:
    """Return a change as the page shows it."""
    before, after = (block.text if block else "" for block in (change.before, change.after))
    return {
        "change": change,
        "words": marked(before, after, hidden),
        "tables": sides(change.before, change.after),
    }


def sides(before: Block | None, after: Block | None) -> dict[str, list[list[Markup]]]:
    """Return the data of a figure or table as they were and are; empty where they are the same."""
    removed = before.table if before else []
    added = after.table if after else []
    if removed == added:
        return {}
    tables = {"Was": _cells(removed, added, "del"), "Nu": _cells(added, removed, "ins")}
    return {side: table for side, table in tables.items() if table}


def _cells(
    table: Sequence[Sequence[str]], against: Sequence[Sequence[str]], mark: str
) -> list[list[Markup]]:
    """Return a table with what differs from another marked; what is held back now stays so."""
    counterparts = {
        (row[0], column): cell
        for row in against[1:]
        for column, cell in zip(against[0], row, strict=False)
    }

    def shown(row: Sequence[str], column: str, cell: str) -> Markup:
        counterpart = counterparts.get((row[0], column))
        if counterpart == cell or not cell:
            return escape(cell)
        is_withheld = mark == "del" and counterpart == formats.WITHHELD
        return tagged(mark, formats.WITHHELD if is_withheld else cell)

    if not table:
        return []
    head = [escape(column) for column in table[0]]
    body = [
        [shown(row, column, cell) for column, cell in zip(table[0], row, strict=False)]
        for row in table[1:]
    ]
    return [head, *body]
