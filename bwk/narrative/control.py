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
from bwk.narrative.candidates import Sheets
from bwk.narrative.tracing import NOTHING_OPEN, Point


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
    text = tracing.text_of(path, sheets)
    questions = [*_questions(path)]
    try:
        from bwk.narrative.panel import Panel  # of the extra `lab`: a scheduled run lacks it
    except ImportError:
        return _as_text([*text.points, *questions])
    unread = [passage for passage in text.passages if passage.is_unread(text.signed)]
    earlier = drafts.earlier(path, sheets[path.stem]) if unread else {}
    drafted = [(passage, *earlier.get(passage.text, ("", []))) for passage in unread]
    return Panel(path, text, questions, drafted).widget


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
