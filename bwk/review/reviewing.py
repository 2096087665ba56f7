"""The reviewer's file: what somebody without Jupyter agrees with, or asks; and what came of it."""

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import msgspec

from bwk import formats, outputs, periods, workbook
from bwk.errors import UsageError
from bwk.export import page
from bwk.export.markdown import Token
from bwk.files import write
from bwk.outputs import AnswerFile, Answers, Block, KeptAnswer, Version
from bwk.review import changes, state
from bwk.review.changes import Change

AGREED, ASKED = "akkoord", "vraag"
LARGEST = 5_000_000  # bytes in a file of answers


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
    *earlier, newest = state.versions(target)
    current = state.version(target, newest)
    answers = _answers(target)
    before = None
    if answers.version in (*earlier, newest):
        before = state.version(target, answers.version)
    content = changes.TEMPLATES.get_template("review.html.j2").render(
        title=f"Beoordeling: {periods.parse(current.period).label}",
        current=current,
        version=changes.dated(current),
        before=changes.dated(before) if before else "",
        reports=[
            _report(target, scope, current, before, answers.answers) for scope in current.reports
        ],
        **page.script(Path(__file__).with_name("review.js")),
    )
    write(target / outputs.REVIEW, content)
    return target / outputs.REVIEW


def bring_in(target: Path, file: Path) -> list[str]:
    """Bring in the answers of a reviewer; on an error nothing is changed.

    A reviewer's later answer on the same part takes the place of the earlier one. What is about
    a part that changed since then is kept, and counts no longer. Returns what was brought in, a
    Dutch sentence each; UsageError where the file does not hold whole, unchanged answers on a
    version of this period.
    """
    brought = _read(file)
    version = _answered_version(target, file.name, brought)
    current = state.read(target)
    earlier = _answers(target)
    answers = [_described(version, brought, answer) for answer in brought.answers]
    merged = _merged(earlier.answers, answers, version)
    newest = max(earlier.version, version.number)
    _save(Answers(version.period, newest, merged), target, current)
    return _sentences(brought.reviewer, answers, current)


def judge(target: Path) -> None:
    """Note with each answer whether the text is still as it was read: *Controle* reads it."""
    answers = _answers(target)
    if answers.version:
        _save(answers, target, state.read(target))


def questions(target: Path, scope: str, current: Version | None = None) -> list[Question]:
    """Return the questions about a report that nobody has taken back, in the order of asking.

    The `current` state of the period is read where it is not handed over.
    """
    asked = _judged(target, scope, ASKED)
    if not asked:  # before the first run there is nothing to read, and no answer either
        return []
    hashes = _hashes(scope, current or state.read(target))
    return [
        Question(
            section=answer.section,
            about=answer.about,
            text=answer.question,
            by=answer.reviewer,
            day=answer.day.isoformat(),
            changed=answer.hash not in hashes,
        )
        for answer in asked
    ]


def agreed(target: Path, scope: str) -> int:
    """Return how many parts of a report, as they read now, somebody agreed with."""
    judged = {answer.hash for answer in _judged(target, scope, AGREED)}
    return sum(block in judged for block in _hashes(scope, state.read(target))) if judged else 0


def checksum(words: Sequence[str]) -> str:
    """Return a sum (FNV-1a on UTF-16) that tells an accident, not a forger; `review.js` has it too.

    >>> checksum(["a", "b"])
    '10f3abd2'
    """
    raw = "\0".join(words).encode("utf-16-le", "surrogatepass")
    units = (int.from_bytes(raw[place : place + 2], "little") for place in range(0, len(raw), 2))
    return f"{reduce(lambda sum, unit: (sum ^ unit) * 16777619 % 2**32, units, 2166136261):08x}"


def _read(file: Path) -> AnswerFile:
    """Return what a file of answers holds, where it is whole and nobody changed it."""
    try:
        if file.stat().st_size > LARGEST:
            raise ValueError
        raw = file.read_bytes().removeprefix(codecs.BOM_UTF8)
        brought = msgspec.json.decode(raw, type=AnswerFile)
        if not _is_whole(brought):
            raise ValueError
    except (OSError, ValueError, RecursionError):
        raise UsageError(
            f"{file.name} is geen heel of ongewijzigd bestand met antwoorden: vraag de lezer "
            "om de antwoorden opnieuw te bewaren en te sturen."
        ) from None
    return brought


def _is_whole(brought: AnswerFile) -> bool:
    words = [
        str(brought.version),
        brought.period,
        brought.hash,
        brought.reviewer,
        brought.day.isoformat(),
    ]
    for answer in brought.answers:
        if answer.judgement == ASKED and not answer.question.strip():
            return False
        words += msgspec.structs.astuple(answer)
    return checksum(words) == brought.checksum


def _answered_version(target: Path, file: str, brought: AnswerFile) -> Version:
    """Return the version that answers are about; UsageError where they are not of this period."""
    period = state.read(target).period
    if brought.period != period:
        raise UsageError(
            f"{file} gaat over {brought.period[:40]}, niet over {period}: breng het bij "
            "die periode binnen."
        )
    if brought.version not in state.versions(target):
        raise UsageError(
            f"{file} gaat over versie {brought.version}, en die is er niet: stuur de "
            "lezer het bestand van bwk review opnieuw."
        )
    version = state.version(target, brought.version)
    judged = {(answer.report, answer.key, answer.hash) for answer in brought.answers}
    judgeable = {
        (scope, block.key, block.hash)
        for scope, report in version.reports.items()
        for block in report.blocks
    }
    if brought.hash != version.hash or not judged <= judgeable:
        raise UsageError(
            f"{file} past niet bij versie {version.number} van {period}: vraag de lezer "
            "om de antwoorden opnieuw te bewaren."
        )
    return version


def _described(version: Version, brought: AnswerFile, answer: outputs.Answer) -> KeptAnswer:
    """Return an answer with who gave it, when, and what it is about."""
    blocks = changes.blocks(answer.report, version)
    block = next(block for block in blocks if block.key == answer.key)
    return KeptAnswer(
        **msgspec.structs.asdict(answer),
        reviewer=brought.reviewer,
        day=brought.day,
        version=brought.version,
        section=block.section,
        about=block.label,
    )


def _merged(
    earlier: Sequence[KeptAnswer], brought: Sequence[KeptAnswer], version: Version
) -> list[KeptAnswer]:
    """Return all answers, of each reviewer on each text the one on the latest version."""
    hashes = {hash for scope in version.reports for hash in _hashes(scope, version)}
    answered = {(answer.reviewer, answer.report, answer.key) for answer in brought}
    merged: dict[tuple[str, str, str], KeptAnswer] = {}
    for answer in sorted([*earlier, *brought], key=lambda answer: answer.version):
        # A text that has since become what was answered now; a text that only moved is still there.
        is_replaced = (
            (answer.reviewer, answer.report, answer.key) in answered
            and answer.version < version.number
            and answer.hash not in hashes
        )
        if not is_replaced:
            merged[answer.reviewer, answer.report, answer.hash] = answer
    return list(merged.values())


def _sentences(reviewer: str, answers: Sequence[KeptAnswer], current: Version) -> list[str]:
    asked = [answer for answer in answers if answer.judgement == ASKED]
    outdated = sum(answer.hash not in _hashes(answer.report, current) for answer in answers)
    counted = formats.count(len(asked), "vraag", "vragen")
    sentences = [f"{reviewer}: {len(answers) - len(asked)} keer akkoord en {counted}."]
    if outdated:
        gone = formats.count(outdated, "antwoord gaat", "antwoorden gaan")
        sentences.append(f"{gone} over tekst die intussen veranderd is.")
    for answer in asked:
        title = changes.title_of(answer.report, current)
        sentences.append(f"{title}, {answer.section}: {answer.question}")
    return sentences


def _answers(target: Path) -> Answers:
    """Return what reviewers said so far; UsageError where the file is damaged."""
    path = outputs.intern(target) / outputs.ANSWERS
    return outputs.load(path, Answers) if path.exists() else Answers("", 0, ())


def _save(answers: Answers, target: Path, current: Version) -> None:
    """Keep answers, and note with each whether the text is still as it was read."""
    hashes = {hash for scope in current.reports for hash in _hashes(scope, current)}
    judged = [
        msgspec.structs.replace(answer, changed=answer.hash not in hashes)
        for answer in answers.answers
    ]
    path = outputs.intern(target) / outputs.ANSWERS
    outputs.save(msgspec.structs.replace(answers, answers=judged), path)


def _judged(target: Path, scope: str, judgement: str) -> list[KeptAnswer]:
    """Return the answers of a kind on a report."""
    return [
        answer
        for answer in _answers(target).answers
        if answer.report == scope and answer.judgement == judgement
    ]


def _hashes(scope: str, version: Version) -> list[str]:
    return [block.hash for block in changes.blocks(scope, version)]


def _report(
    target: Path,
    scope: str,
    current: Version,
    before: Version | None,
    answers: Sequence[KeptAnswer],
) -> dict[str, Any]:
    """Return a report as the reviewer's page shows it."""
    changed: list[Change] = []
    if before:
        changed = changes.changes(changes.blocks(scope, before), changes.blocks(scope, current))
    change_of = {change.after.key: change for change in changed if change.after}
    about = [answer for answer in answers if answer.report == scope]
    shown = state.shown(workbook.read(target / f"{scope}.ipynb"))
    return {
        "name": scope,
        "title": current.reports[scope].title,
        "parts": [
            _part(block, token, change_of.get(block.key), about, again=bool(before))
            for block, token in shown
        ],
        "gone": [change.before for change in changed if change.before and not change.after],
    }


def _part(
    block: Block,
    token: Token,
    change: Change | None,
    answers: Sequence[KeptAnswer],
    again: bool,
) -> dict[str, Any]:
    """Return a part of a report with what was said of it, and whether it can stay folded."""
    earlier = change.before if change else None
    said = [answer for answer in answers if answer.hash == block.hash]
    asked = [answer for answer in said if answer.judgement == ASKED]
    if earlier:
        asked += [answer for answer in answers if answer.hash == earlier.hash and answer.question]
    agreements = [answer for answer in said if answer.judgement == AGREED]
    notes = [
        *(f"Akkoord van {_who(answer)}." for answer in agreements),
        *(f"Vraag van {_who(answer)}: {answer.question}" for answer in asked),
    ]
    return {
        "block": block,
        "token": token,
        "table": block.table,
        "notes": notes,
        "words": changes.marked(earlier.text, block.text) if earlier else "",
        "tables": changes.sides(earlier, block) if earlier else {},
        "change": change.kind if change else "",
        "folded": again and not change and not asked and block.kind != "heading",
    }


def _who(answer: KeptAnswer) -> str:
    return f"{answer.reviewer} op {formats.day(answer.day)}"
