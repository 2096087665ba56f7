"""The reviewer's file: what somebody without Jupyter agrees with, or asks; and what came of it."""

import codecs
from collections.abc import Sequence
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import msgspec

from bwk import formats, outputs, periods, workbook
from bwk.errors import UsageError
from bwk.export import document, page
from bwk.export.markdown import Token
from bwk.files import alone, create, decoded, write
from bwk.outputs import AnswerFile, Answers, Block, KeptAnswer, Version
from bwk.review import changes, state
from bwk.review.changes import Change

AGREED, ASKED = "akkoord", "vraag"
LARGEST = 5_000_000  # bytes in a file of answers
WAIT = 60  # seconds, for somebody else who brings in answers, or a run
FORMER = "0.json"  # what was brought in until version 0.2, which kept no files


def review_file(target: Path) -> Path:
    """Write the page in which a reviewer judges each part of the reports as they are now."""
    with alone(target):
        state.keep(target, date.today())
        write(target / outputs.REVIEW, _page(target))
    return target / outputs.REVIEW


def bring_in(target: Path, file: Path) -> list[str]:
    """Bring in the answers of a reviewer; on an error nothing is changed.

    The file is kept as it came. A reviewer's later answer on the same part counts in the place of
    the earlier one, in whatever order they came in; what is about a part that changed since then
    counts no longer. Returns what was brought in, a
    Dutch sentence each; UsageError where the file does not hold whole, unchanged answers on a
    version of this period.
    """
    brought = _read(file)
    with alone(target, seconds=WAIT):
        current = state.read(target)
        version = _answered_version(target, file.name, brought, current.period)
        _keep(target, file)
        _save(target, current)
    return _sentences(brought.reviewer, _described(version, brought), current)


def judge(target: Path) -> None:
    """Note with each answer whether the text is still as it was read: *Controle* reads it."""
    with alone(target):
        if _answers(target).version:
            _save(target, state.read(target))


def questions(target: Path, scope: str, current: Version | None = None) -> list[KeptAnswer]:
    """Return the questions about a report that nobody has taken back, in the order of asking.

    The `current` state of the period is read where it is not handed over.
    """
    asked = [
        answer
        for answer in _answers(target).answers
        if answer.report == scope and answer.judgement == ASKED
    ]
    if not asked:  # before the first run there is nothing to read, and no answer either
        return []
    return _compared(asked, current or state.read(target))


def worded(question: KeptAnswer) -> str:
    """Write a question in a sentence."""
    note = " (De tekst is veranderd na de vraag.)" if question.changed else ""
    return f"Vraag van {question.reviewer} bij {question.about}: {question.question}{note}"


def checksum(words: Sequence[str]) -> str:
    """Return a sum (FNV-1a on UTF-16) that tells an accident, not a forger; `review.js` has it too.

    >>> checksum(["a", "b"])
    '10f3abd2'
    """
    raw = "\0".join(words).encode("utf-16-le", "surrogatepass")
    units = (int.from_bytes(raw[place : place + 2], "little") for place in range(0, len(raw), 2))
    return f"{reduce(lambda sum, unit: (sum ^ unit) * 16777619 % 2**32, units, 2166136261):08x}"


def _page(target: Path) -> str:
    """Return the page about the newest version."""
    *earlier, newest = state.versions(target)
    current = state.version(target, newest)
    answers = _answers(target)
    before = None
    if answers.version in (*earlier, newest):
        before = state.version(target, answers.version)
    return changes.TEMPLATES.get_template("review.html.j2").render(
        title=f"Beoordeling: {periods.parse(current.period).label}",
        current=current,
        version=changes.dated(current),
        before=changes.dated(before) if before else "",
        reports=[
            _report(target, scope, current, before, answers.answers) for scope in current.reports
        ],
        **page.script(Path(__file__).with_name("review.js")),
    )


def _read(file: Path) -> AnswerFile:
    """Return what a file of answers holds, where it is whole and nobody changed it."""
    try:
        if file.stat().st_size > LARGEST:
            raise ValueError
        raw = file.read_bytes().removeprefix(codecs.BOM_UTF8)
        brought = decoded(raw, AnswerFile)
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


def _answered_version(target: Path, file: str, brought: AnswerFile, period: str) -> Version:
    """Return the version that answers are about; UsageError where they are not of the period."""
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


def _described(version: Version, brought: AnswerFile) -> list[KeptAnswer]:
    """Return answers with who gave them, when, and what each is about."""
    described = []
    for answer in brought.answers:
        blocks = changes.blocks(answer.report, version)
        block = next(block for block in blocks if block.key == answer.key)
        kept = KeptAnswer(
            **msgspec.structs.asdict(answer),
            reviewer=brought.reviewer,
            day=brought.day,
            version=brought.version,
            section=block.section,
            about=block.label,
        )
        described.append(kept)
    return described


def _merged(
    earlier: Sequence[KeptAnswer], brought: Sequence[KeptAnswer], version: Version
) -> list[KeptAnswer]:
    """Return all answers, of each reviewer on each text the one on the latest version."""
    answered = {(answer.reviewer, answer.report, answer.key) for answer in brought}
    merged: dict[tuple[str, str, str], KeptAnswer] = {}
    answers = _compared([*earlier, *brought], version)
    for answer in sorted(answers, key=lambda answer: answer.version):
        is_earlier = answer.version < version.number
        is_answered = (answer.reviewer, answer.report, answer.key) in answered
        # A text that only moved is still there: then the earlier answer counts as well.
        if not (is_earlier and is_answered and answer.changed):
            merged[answer.reviewer, answer.report, answer.hash] = answer
    return list(merged.values())


def _compared(answers: Sequence[KeptAnswer], version: Version) -> list[KeptAnswer]:
    """Return answers that say whether the text in a version is still as it was read."""
    hashes = {
        (scope, block.hash) for scope, report in version.reports.items() for block in report.blocks
    }
    return [
        msgspec.structs.replace(answer, changed=(answer.report, answer.hash) not in hashes)
        for answer in answers
    ]


def _sentences(reviewer: str, answers: Sequence[KeptAnswer], current: Version) -> list[str]:
    asked = [answer for answer in answers if answer.judgement == ASKED]
    outdated = sum(answer.changed for answer in _compared(answers, current))
    counted = formats.count(len(asked), "vraag", "vragen")
    sentences = [f"{reviewer}: {len(answers) - len(asked)} keer akkoord en {counted}."]
    if outdated:
        gone = formats.count(outdated, "antwoord gaat", "antwoorden gaan")
        sentences.append(f"{gone} over tekst die intussen veranderd is.")
    for answer in asked:
        title = changes.title_of(answer.report, current)
        sentences.append(f"{title}, {answer.section}: {answer.question}")
    return sentences


def _received(target: Path) -> list[Path]:
    """Return the files of answers that came in, the earliest arrival first."""
    paths = (outputs.intern(target) / outputs.RECEIVED).glob("*.json")
    return sorted(paths, key=lambda path: int(path.stem))


def _keep(target: Path, file: Path) -> None:
    """Keep a file of answers as it came, once; first what was brought in before they were kept."""
    folder = outputs.intern(target) / outputs.RECEIVED
    if not folder.exists():
        folder.mkdir(parents=True)
        earlier = outputs.intern(target) / outputs.ANSWERS
        if earlier.exists():
            create(folder / FORMER, earlier.read_bytes())
    content = file.read_bytes()
    received = _received(target)
    if content not in [path.read_bytes() for path in received]:
        create(folder / f"{len(received) + 1}.json", content)


def _collected(target: Path, period: str) -> Answers:
    """Return what reviewers said in all files that came in."""
    received = _received(target)
    if not received:
        return _answers(target)
    collected = Answers(period, 0, ())
    if received[0].name == FORMER:
        collected = outputs.load(received.pop(0), Answers)
    # What is of the same day counts in the order in which it came in.
    for brought in sorted(map(_read, received), key=lambda file: (file.version, file.day)):
        version = state.version(target, brought.version)
        answers = _merged(collected.answers, _described(version, brought), version)
        collected = Answers(period, max(collected.version, brought.version), answers)
    return collected


def _answers(target: Path) -> Answers:
    """Return what reviewers said so far; UsageError where the file is damaged."""
    path = outputs.intern(target) / outputs.ANSWERS
    return outputs.load(path, Answers) if path.exists() else Answers("", 0, ())


def _save(target: Path, current: Version) -> None:
    """Keep all answers, and note with each whether the text is still as it was read."""
    path = outputs.intern(target) / outputs.ANSWERS
    answers = _collected(target, current.period)
    judged = _compared(answers.answers, current)
    outputs.save(msgspec.structs.replace(answers, answers=judged), path)


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
    change_of = {change.after.key: change for change in changed}
    about = [answer for answer in answers if answer.report == scope]
    notebook = workbook.read(target / f"{scope}.ipynb")
    return {
        "name": scope,
        "title": current.reports[scope].title,
        "parts": [
            _part(block, token, change_of.get(block.key), about, again=bool(before))
            for block, token in state.shown(document.build(notebook))
        ],
        "gone": [change.before for change in changed if change.kind == "weg"],
    }


def _part(
    block: Block,
    token: Token,
    change: Change | None,
    answers: Sequence[KeptAnswer],
    again: bool,
) -> dict[str, Any]:
    """Return a part of a report with what was said of it, and whether it can stay folded."""
    judged = [answer for answer in answers if answer.hash == block.hash]
    asked = [answer for answer in judged if answer.judgement == ASKED]
    if change and change.kind == "veranderd":
        earlier = change.before.hash
        asked += [answer for answer in answers if answer.hash == earlier and answer.question]
    agreements = [answer for answer in judged if answer.judgement == AGREED]
    notes = [
        *(f"Akkoord van {_who(answer)}." for answer in agreements),
        *(f"Vraag van {_who(answer)}: {answer.question}" for answer in asked),
    ]
    return {
        "block": block,
        "token": token,
        "change": change,
        "notes": notes,
        "folded": again and not change and not asked and block.kind != "heading",
    }


def _who(answer: KeptAnswer) -> str:
    return f"{answer.reviewer} op {formats.day(answer.day)}"
