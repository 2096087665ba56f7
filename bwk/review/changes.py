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
from bwk.files import alone, write
from bwk.outputs import Block, Fact, Facts, Version
from bwk.review import state

ALIKE = 0.4  # of the words of two texts of which one became the other
MOST = 12  # numbers in the list on top
TEMPLATES = page.TEMPLATES.overlay(
    loader=jinja2.FileSystemLoader([Path(__file__).parent, page.HERE])
)
CORRECTION = "kleine correctie, of beschermt een ander cijfer"
_HIDDEN = "een getal"
_EMPTY = Block("", "text", "", "", [], "")
_ABSENT = Fact(None, formats.UNKNOWN, "", False)
_WORDS = re.compile(r"\n|\S+")
_MARKS = {"del": "verwijderd:", "ins": "toegevoegd:"}


@dataclass(frozen=True)
class Change:
    """A block that was removed (then `after` is empty), added (`before` is empty) or changed."""

    before: Block = _EMPTY
    after: Block = _EMPTY

    @property
    def block(self) -> Block:
        """The block as it is now, or as it was."""
        return self.before if self.after is _EMPTY else self.after

    @property
    def kind(self) -> str:
        """What became of it, in a word."""
        if self.before is _EMPTY:
            return "nieuw"
        return "weg" if self.after is _EMPTY else "veranderd"

    @property
    def tables(self) -> dict[str, list[list[Markup]]]:
        """The data of a figure or table as they were and are; none where they are the same."""
        removed, added = self.before.table, self.after.table
        if removed == added:
            return {}
        tables = {"Was": _cells(removed, added, "del"), "Nu": _cells(added, removed, "ins")}
        return {side: table for side, table in tables.items() if table}

    def words(self, hidden: Collection[str] = ()) -> Markup:
        """Return both texts as one, as `marked` does."""
        return marked(self.before.text, self.after.text, hidden)


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
    with alone(target):
        after = state.read(target)
        before = (
            state.read(against) if isinstance(against, Path) else _version(target, against, after)
        )
        title = f"Wat er veranderd is: {periods.parse(after.period).label}"
        origin = f"de {periods.parse(before.period).label}"
        if before.period == after.period:
            origin = dated(before)
        path = target / outputs.CHANGES
        write(path, render(before, after, title=title, subtitle=f"Vergeleken met {origin}."))
    return path, summary(before, after)


def render(before: Version, after: Version, **words: Any) -> str:
    """Return a page of changes; `words` are the other variables of its template."""
    rows, hidden = [], set()
    for number in numbers(before.facts, after.facts):
        if number.before == _HIDDEN:
            hidden.add(before.facts[number.scope][number.fact].text)
        title = title_of(number.scope, after, before)
        rows.append([number.name, title, number.before, number.after, number.difference])
    return TEMPLATES.get_template("changes.html.j2").render(
        reports=_by_report(before, after),
        numbers=rows,
        hidden=hidden,
        summary=summary(before, after),
        **words,
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
    for title, in_report in _by_report(before, after):
        kinds = Counter(f"{change.block.dutch_kind} {change.kind}" for change in in_report)
        if kinds:
            counted = formats.enumeration([f"{count}× {kind}" for kind, count in kinds.items()])
            sentences.append(f"{title}: {counted}.")
    return sentences


def changes(before: Sequence[Block], after: Sequence[Block]) -> list[Change]:
    """Return the changes between two reports, in reading order."""
    removed = [block.hash for block in before]
    added = [block.hash for block in after]
    changed: list[Change] = []
    for tag, i, j, k, m in _matched(removed, added).get_opcodes():
        if tag != "equal":
            changed += _paired(before[i:j], after[k:m])
    return changed


def numbers(before: Facts, after: Facts) -> list[Number]:
    """Return the facts that read otherwise after than before."""
    changed = []
    for scope in {**after, **before}:
        earlier = before.get(scope, {})
        later = after.get(scope, {})
        for fact in {**later, **earlier}:
            was = earlier.get(fact, _ABSENT)
            is_now = later.get(fact, _ABSENT)
            if was.text != is_now.text:
                changed.append(_number(scope, fact, was, is_now))
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
    for tag, i, j, k, m in _matched(removed, added).get_opcodes():
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
    """Return the title of each report, with its changes."""
    return [
        (title_of(scope, after, before), changes(blocks(scope, before), blocks(scope, after)))
        for scope in {**after.reports, **before.reports}
    ]


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


def _matched(before: Sequence[str], after: Sequence[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, before, after, autojunk=False)


def _paired(before: Sequence[Block], after: Sequence[Block]) -> Iterator[Change]:
    """Yield what became of blocks: each block after takes the nearest one before that is alike."""
    place = 0
    for block in after:
        candidates = range(place, len(before))
        match = next((n for n in candidates if _alike(before[n], block)), None)
        if match is None:
            yield Change(after=block)
            continue
        yield from (Change(removed) for removed in before[place:match])
        yield Change(before[match], block)
        place = match + 1
    yield from (Change(removed) for removed in before[place:])


def _alike(before: Block, after: Block) -> bool:
    if before.kind != after.kind or before.kind in ("figure", "table"):
        return (before.kind, before.key) == (after.kind, after.key)
    matched = _matched(before.text.lower().split(), after.text.lower().split())
    return matched.ratio() >= ALIKE


def _number(scope: str, fact: str, before: Fact, after: Fact) -> Number:
    told = before.text
    difference = ""
    weight = 0.5
    if after.withheld:  # what is held back now is not told once more
        difference = "nu achtergehouden"
        if isinstance(before.value, int | float):
            told, difference = _HIDDEN, CORRECTION
        weight = 1000
    elif before.withheld:
        difference = "niet meer achtergehouden"
        weight = 1000
    elif isinstance(before.value, int | float) and isinstance(after.value, int | float):
        step = after.value - before.value
        is_total = "." not in fact
        if not (_is_rough(before, before.value) or _is_rough(after, after.value)):
            difference = _difference(step, after)
        weight = abs(step) / (abs(before.value) or 1) + is_total
    return Number(scope, fact, told, after.text, difference, weight)


def _is_rough(fact: Fact, value: float) -> bool:
    """Tell whether a projection says less than its value: `ongeveer 300` of 336."""
    written = formats.number(value, 1 if "," in fact.text else 0)
    return fact.unit not in ("aandeel", "groei") and fact.text != written


def _difference(step: float, fact: Fact) -> str:
    """Write by how much a fact changed, with its sign."""
    sign = "+" if step > 0 else ""
    if fact.unit in ("aandeel", "groei"):
        return f"{sign}{formats.number(100 * step, 1)} procentpunt"
    return sign + formats.number(step, 1 if "," in fact.text else 0)


def _cells(
    table: Sequence[Sequence[str]], against: Sequence[Sequence[str]], mark: str
) -> list[list[Markup]]:
    """Return a table with what differs from another marked."""
    if not table:
        return []
    counterparts = {
        (row[0], column): cell
        for row in against[1:]
        for column, cell in zip(against[0], row, strict=False)
    }
    columns = table[0]
    cells = [[escape(column) for column in columns]]
    for row in table[1:]:
        counterpart = [counterparts.get((row[0], column)) for column in columns]
        cells.append([_cell(*pair, mark) for pair in zip(row, counterpart, strict=False)])
    return cells


def _cell(cell: str, counterpart: str | None, mark: str) -> Markup:
    if cell == counterpart or not cell:
        return escape(cell)
    if mark == "del" and counterpart == formats.WITHHELD:  # it stays held back
        cell = formats.WITHHELD
    return tagged(mark, cell)
