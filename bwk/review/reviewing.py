"""The reviewer's file: what somebody without Jupyter agrees with, or asks; and what came of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

from bwk import formats, periods, workbook
from bwk.errors import UsageError
from bwk.export import page
from bwk.export.markdown import Token
from bwk.files import write
from bwk.narrative.control import ANSWERS
from bwk.review import changes, state
from bwk.review.changes import Change
from bwk.review.state import Block, State

PAGE = "beoordeling.html"
AGREED, ASKED = "akkoord", "vraag"
LARGEST = 5_000_000  # bytes in a file of answers
_HEAD = ("periode", "versie", "kenmerk", "naam", "datum")
_ANSWER = ("verslag", "stuk", "kenmerk", "oordeel", "vraag")
Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """A question of a reviewer: the section and the first words of what it is about, who, when.

    It is `changed` where the text is no longer what the reviewer read; else it is open.
    """

    section: str
    about: str
    text: str
    by: str
    day: str
    changed: bool

    def __str__(self) -> str:
        note = " (De tekst is veranderd na de vraag.)" if self.changed else ""
        return f"Vraag van {self.by} bij {self.about}: {self.text}{note}"


def review_file(target: Path) -> Path:
    """Write the page in which a reviewer judges each part of the reports as they are now."""
    state.keep(target, date.today())
    *_, newest = numbers = state.versions(target)
    current, review = state.version(target, newest), _review(target)
    seen = review["versie"]
    before = state.version(target, seen) if seen in numbers else None
    reports = [_part_of_page(target, name, current, before, review) for name in current.reports]
    content = changes.TEMPLATES.get_template("review.html.j2").render(
        title=f"Beoordeling: {periods.parse(current.period).label}",
        current=current,
        version=changes.dated(current),
        before=changes.dated(before) if before else "",
        reports=reports,
        **page.script(Path(__file__).with_name("review.js")),
    )
    write(target / PAGE, content)
    return target / PAGE


def bring_in(target: Path, answers: Path) -> list[str]:
    """Bring in the answers of a reviewer; on an error nothing is changed.

    A reviewer's later answer on the same part takes the place of the earlier one. What is about
    a part that changed since then is kept, and counts no longer. Returns what was brought in, a
    Dutch sentence each; UsageError where the file does not hold whole, unchanged answers on a
    version of this period.
    """
    given = _checked(target, answers)
    version, review = state.version(target, given["versie"]), _review(target)
    head = {name: given[name] for name in ("naam", "datum", "versie")}
    new = [{**answer, **head, **_described(version, answer)} for answer in given["antwoorden"]]
    newest = max(review["versie"], version.number)
    listed = _merged(review["antwoorden"], new, version)
    kept = {"periode": version.period, "versie": newest, "antwoorden": listed}
    write(target / ANSWERS, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
    judge(target)
    return _told(target, given, new)


def judge(target: Path) -> None:
    """Note with each answer whether the text is still as it was read: *Controle* reads it."""
    if not (target / ANSWERS).exists():
        return
    review, now = _review(target), state.read(target)
    there = {block.hash for report in now.reports.values() for block in report.blocks}
    for one in review["antwoorden"]:
        one["veranderd"] = one["kenmerk"] not in there
    write(target / ANSWERS, json.dumps(review, ensure_ascii=False, indent=1) + "\n")


def questions(target: Path, report: str) -> list[Question]:
    """Return the questions about a report that nobody has taken back, in the order of asking."""
    asked, now = _said(target, report, ASKED)
    return [
        Question(one["sectie"], one["over"], one["vraag"], one["naam"], one["datum"], changed)
        for one in asked
        for changed in [one["kenmerk"] not in now]
    ]


def agreed(target: Path, report: str) -> int:
    """Return how many parts of a report, as they read now, somebody agreed with."""
    said, now = _said(target, report, AGREED)
    hashes = {one["kenmerk"] for one in said}
    return sum(hash in hashes for hash in now)


def checksum(words: Sequence[str]) -> str:
    """Return a sum (FNV-1a on UTF-16) that tells an accident, not a forger; `review.js` has it too.

    >>> checksum(["a", "b"])
    '10f3abd2'
    """
    raw = "\0".join(words).encode("utf-16-le", "surrogatepass")
    units = (int.from_bytes(raw[place : place + 2], "little") for place in range(0, len(raw), 2))
    return f"{reduce(lambda sum, unit: (sum ^ unit) * 16777619 % 2**32, units, 2166136261):08x}"


def _said(target: Path, report: str, judgement: str) -> tuple[list[Answer], list[str]]:
    """Return the answers of a kind on a report, and the hashes of its blocks as they are now."""
    answers = [one for one in _review(target)["antwoorden"] if one["verslag"] == report]
    said = [one for one in answers if one["oordeel"] == judgement]
    # Before the first run there is nothing to read, and no answer either.
    now = changes.blocks(report, state.read(target))[0] if said else []
    return said, [block.hash for block in now]


def _review(target: Path) -> dict[str, Any]:
    path = target / ANSWERS
    if not path.exists():
        return {"versie": 0, "antwoorden": []}
    kept = state.load(path)
    fields = {*_ANSWER, "naam", "datum", "versie", "sectie", "over"}
    try:
        sound = all(fields <= set(one) for one in kept["antwoorden"]) and kept["versie"] > 0
    except (KeyError, TypeError):
        sound = False
    if not sound:
        raise state.damaged(path)
    return kept


def _checked(target: Path, answers: Path) -> dict[str, Any]:
    """Return the content of a file of answers that fits a version of the period."""
    given = _read(answers)
    period = state.read(target).period
    if given["periode"] != period:
        raise UsageError(
            f"{answers.name} gaat over {given['periode'][:40]}, niet over {period}: breng het bij "
            "die periode binnen."
        )
    if given["versie"] not in state.versions(target):
        raise UsageError(
            f"{answers.name} gaat over versie {given['versie']}, en die is er niet: stuur de "
            "lezer het bestand van bwk review opnieuw."
        )
    version = state.version(target, given["versie"])
    known = {
        (name, block.key, block.hash)
        for name, report in version.reports.items()
        for block in report.blocks
    }
    parts = {(one["verslag"], one["stuk"], one["kenmerk"]) for one in given["antwoorden"]}
    if given["kenmerk"] != version.hash or not parts <= known:
        raise UsageError(
            f"{answers.name} past niet bij versie {version.number} van {period}: vraag de lezer "
            "om de antwoorden opnieuw te bewaren."
        )
    return given


def _read(answers: Path) -> dict[str, Any]:
    """Return what a file of answers holds, where it is whole and nobody changed it."""
    try:
        if answers.stat().st_size > LARGEST:
            raise ValueError
        given = json.loads(answers.read_text(encoding="utf-8-sig"))
        words = [given[name] for name in _HEAD if name != "versie"]
        words += [one[name] for one in given["antwoorden"] for name in _ANSWER]
        date.fromisoformat(given["datum"])
        asked = [one["vraag"].strip() for one in given["antwoorden"] if one["oordeel"] == ASKED]
        judged = {one["oordeel"] for one in given["antwoorden"]}
        sound = all(isinstance(word, str) for word in words) and type(given["versie"]) is int
        if not (sound and given["naam"].strip() and all(asked) and judged <= {AGREED, ASKED}):
            raise ValueError
        if checksum([str(given["versie"]), *words]) != given["som"]:
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageError(
            f"{answers.name} is geen heel of ongewijzigd bestand met antwoorden: vraag de lezer "
            "om de antwoorden opnieuw te bewaren en te sturen."
        ) from None
    return given


def _merged(old: Sequence[Answer], new: Sequence[Answer], version: State) -> list[Answer]:
    """Return all answers, of each reviewer on each text the one on the latest version."""
    there = {block.hash for report in version.reports.values() for block in report.blocks}
    places = {(one["naam"], one["verslag"], one["stuk"]) for one in new}
    merged: dict[tuple, Answer] = {}
    for one in sorted([*old, *new], key=lambda one: one["versie"]):
        answered = (one["naam"], one["verslag"], one["stuk"]) in places
        # A text that has since become what was answered now; one that only moved is still there.
        if not (answered and one["versie"] < version.number and one["kenmerk"] not in there):
            merged[one["naam"], one["verslag"], one["kenmerk"]] = one
    return list(merged.values())


def _described(version: State, answer: Answer) -> dict[str, str]:
    blocks = version.reports[answer["verslag"]].blocks
    block = next(block for block in blocks if block.key == answer["stuk"])
    return {"sectie": block.section, "over": block.label}


def _told(target: Path, given: Answer, new: Sequence[Answer]) -> list[str]:
    now = state.read(target)
    asked = [one for one in new if one["oordeel"] == ASKED]
    old = sum(
        one["kenmerk"] not in {block.hash for block in changes.blocks(one["verslag"], now)[0]}
        for one in new
    )
    counted = formats.count(len(asked), "vraag", "vragen")
    lines = [f"{given['naam']}: {len(new) - len(asked)} keer akkoord en {counted}."]
    if old:
        gone = formats.count(old, "antwoord gaat", "antwoorden gaan")
        lines.append(f"{gone} over tekst die intussen veranderd is.")
    return lines + [
        f"{changes.title_of(one['verslag'], now)}, {one['sectie']}: {one['vraag']}" for one in asked
    ]


def _part_of_page(
    target: Path, name: str, current: State, before: State | None, review: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a report as the reviewer's page shows it."""
    found = changes.changes(*changes.blocks(name, before, current)) if before else []
    by_key = {change.new.key: change for change in found if change.new}
    answers = [one for one in review["antwoorden"] if one["verslag"] == name]
    drawn = state.shown(workbook.read(target / f"{name}.ipynb"))
    return {
        "name": name,
        "title": current.reports[name].title,
        "parts": [_part(pair, by_key.get(pair[0].key), answers, bool(before)) for pair in drawn],
        "gone": [change.old for change in found if change.old and not change.new],
    }


def _part(
    pair: tuple[Block, Token], change: Change | None, answers: Sequence[Answer], again: bool
) -> dict[str, Any]:
    """Return a part of a report with what was said of it, and whether it can stay folded."""
    block, token = pair
    said = [one for one in answers if one["kenmerk"] == block.hash]
    asked = [one for one in said if one["oordeel"] == ASKED]
    earlier = change.old if change else None
    asked += [one for one in answers if earlier and one["kenmerk"] == earlier.hash and one["vraag"]]
    notes = [f"Akkoord van {_who(one)}." for one in said if one["oordeel"] == AGREED]
    notes += [f"Vraag van {_who(one)}: {one['vraag']}" for one in asked]
    words = changes.marked(earlier.text, block.text) if earlier else ""
    return {
        "block": block,
        "token": token,
        "table": block.table,
        "notes": notes,
        "words": words,
        "tables": changes.sides(earlier, block) if earlier else {},
        "what": change.what if change else "",
        "folded": again and not change and not asked and block.kind != "heading",
    }


def _who(one: Answer) -> str:
    return f"{one['naam']} op {formats.day(date.fromisoformat(one['datum']))}"
