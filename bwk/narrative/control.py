"""The cell *Controle*: the evaluator says of each number in the text where it comes from."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bwk import bundle, facts, outputs
from bwk.bundle import Shown
from bwk.errors import BwkError, UsageError
from bwk.files import nearest
from bwk.narrative import drafts, tracing
from bwk.narrative.tracing import NOTHING_OPEN, Point, Sheets


def control() -> Any:
    """Show the numbers in this workbook's text with what they may be, and what is still open.

    In JupyterLab each number gets buttons; elsewhere the open points are shown as text. Save the
    workbook first: the text is read from its file.
    """
    path = Path(os.environ.get("JPY_SESSION_NAME", ""))
    if path.suffix != ".ipynb":
        return bundle.text("De controle werkt in JupyterLab, met het werkboek open.")
    try:
        return _shown(path, facts.load_all(path.stem, path.parent.name))
    except BwkError as error:
        return bundle.text(bundle.escaped(str(error)))


def _shown(path: Path, sheets: Sheets) -> Any:
    passages, signed = tracing.read(path)
    numbers = tracing.trace(passages, signed, sheets)
    known = tracing.known_words(path.parent.parent, sheets[path.stem])
    points = tracing.points(passages, numbers, sheets, signed, known)
    flagged = tracing.flags(passages, numbers, sheets, signed)
    questions = [*_questions(path)]
    try:
        from bwk.narrative.panel import Panel  # of the extra `lab`: a scheduled run lacks it
    except ImportError:
        return _as_text([*points, *questions])
    remarks = {number.remark for number in numbers} | {flag.remark for flag in flagged}
    others = [point for point in points if point.message not in {*remarks, tracing.UNREAD}]
    unread = [passage for passage in passages if passage.is_unread(signed)]
    earlier = drafts.earlier(path, sheets[path.stem]) if unread else {}
    drafted = [(passage, *earlier.get(passage.text, ("", []))) for passage in unread]
    names = {signoff.day: signoff.name for signoff in reversed(signed) if signoff.day}
    name = names[max(names)] if names else ""
    return Panel(path, sheets, numbers, [*others, *questions], name, flagged, drafted).widget


def _questions(path: Path) -> Iterator[Point]:
    """Yield what reviewers asked of a report, where the text is still as they read it."""
    folder = outputs.intern(nearest("output") / path.parent.name)
    try:
        review = outputs.load(folder / outputs.ANSWERS, outputs.Answers)
    except (OSError, UsageError):  # not there, or not whole
        return
    for answer in review.answers:
        if answer.report == path.stem and answer.judgement == "vraag" and not answer.changed:
            question = f"{answer.reviewer} vraagt bij {answer.about}: {answer.question}"
            yield Point(answer.section, question)


def _as_text(points: Sequence[Point]) -> Shown:
    lines = [f"- {bundle.escaped(str(point))}" for point in points]
    return bundle.text("\n".join(lines) or f"Alles is bevestigd. {NOTHING_OPEN}")
