"""The cell *Controle*: the evaluator says of each number in the text where it comes from."""

import html
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from IPython.display import Javascript, display
from msgspec.structs import replace

from bwk import bundle, facts, formats, outputs
from bwk.bundle import Shown
from bwk.errors import BwkError, UsageError
from bwk.facts import FactSheet
from bwk.files import nearest
from bwk.narrative import claims, signoffs, tracing
from bwk.narrative.proposals import propose
from bwk.narrative.signoffs import Signoff
from bwk.narrative.sources import names_of
from bwk.narrative.tracing import Traced

ELSEWHERE = "Een andere bron: schrijf die hieronder"
NO_COUNT = "Dit is geen telling"
NOTHING_OPEN = "Er zijn geen open punten."
LOOK_AGAIN = "Klik boven op de dubbele pijl: dan ziet u of er nog iets open staat."
OTHER = (ELSEWHERE, "")  # a choice that is None shows as an empty list
Choice = tuple[str, tuple[str, str]]
Edits = dict[str, list[tuple[int, int, str]]]  # by passage: where a new number came, and which
# In JupyterLab itself, so that the change can be undone and nothing that was typed is lost. A save
# waits for the one before: two at once, and JupyterLab sees the first as somebody else's change.
_REPLACE = """
(() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  const cell = panel?.content?.widgets?.find(
    each => each.model.sharedModel.getSource() === %(before)s);
  if (!cell) { element.textContent = %(failed)s; return; }
  cell.model.sharedModel.setSource(%(after)s);
  cell.rendered = true;
  const {context} = panel, save = () => context.save();
  context.bwkSaved = (context.bwkSaved ?? Promise.resolve()).then(save, save);
  element.textContent = %(done)s;
})()
"""
_FAILED = "De tekst is intussen veranderd. Bewaar uw tekst en klik boven op de dubbele pijl."
_ANYTHING = "Schrijf waar het getal vandaan komt, of kies een cijfer uit de lijst."
_EXAMPLE = "Bijvoorbeeld een huisnummer of de naam van een groep."
_CLASS = "bwk-number"  # in the style of JupyterLab


def control() -> Any:
    """Show the numbers in this workbook's text with what they may be, and what is still open.

    In JupyterLab each number gets buttons; elsewhere the open points are shown as text. Save the
    workbook first: the text is read from its file.
    """
    path = Path(os.environ.get("JPY_SESSION_NAME", ""))
    if path.suffix != ".ipynb":
        return bundle.text("De controle werkt in JupyterLab, met het werkboek open.")
    try:
        sheets = facts.load_all(path.stem, path.parent.name)
        return _shown(path, sheets)
    except BwkError as error:
        return bundle.text(bundle.escaped(str(error)))


def _shown(path: Path, sheets: dict[str, FactSheet]) -> Any:
    found, signed = tracing.read(path)
    traced = tracing.trace(found, signed, sheets)
    points = tracing.points(found, traced, sheets[path.stem])
    todo, done = ([one for one in traced if one.settled == settled] for settled in (False, True))
    try:
        import ipywidgets as widgets  # of the extra `lab`: a scheduled run does not have it
    except ImportError:
        return _as_text([*points, *_asked(path)])
    others = [point for point in points if not any(one.remark == point.message for one in todo)]
    others += _asked(path)
    head = widgets.HTML(_summary(len(done), len(traced), others, NOTHING_OPEN))
    name = widgets.Text(description="Uw naam", value=_last_name(signed))
    edits: Edits = {one.passage.text: [] for one in traced}
    panel = _Panel(widgets, path, sheets, name, edits, head, others, traced, [*done])
    rows = [_Row(one, panel).widget for one in todo]
    if done:
        rows.append(_folded(done, panel))
    return widgets.VBox([head, *([name] if rows else []), *rows])


def _asked(path: Path) -> list[tracing.Point]:
    """Return what reviewers asked of a report, where the text is still as they read it."""
    target = nearest("output") / path.parent.name
    try:
        review = outputs.load(outputs.intern(target) / outputs.ANSWERS, outputs.Answers)
    except (OSError, UsageError):  # not there, or not whole
        return []
    return [
        tracing.Point(
            answer.section, f"{answer.reviewer} vraagt bij {answer.about}: {answer.question}"
        )
        for answer in review.answers
        if answer.report == path.stem and answer.judgement == "vraag" and not answer.changed
    ]


def _as_text(points: Sequence[tracing.Point]) -> Shown:
    lines = [f"- {bundle.escaped(str(point))}" for point in points]
    return bundle.text("\n".join(lines) or f"Alles is bevestigd. {NOTHING_OPEN}")


def _summary(done: int, total: int, others: Sequence[tracing.Point], at_last: str) -> str:
    """Say how far it is, and `at_last` where all is done."""
    said = f"Bevestigd: {done} van de {formats.count(total, 'getal', 'getallen')}."
    said += " Dit staat ook nog open:" if others else f" {at_last}" * (done == total)
    lines = "".join(f"<li>{html.escape(str(point))}</li>" for point in others)
    return f"<p>{html.escape(said)}</p><ul>{lines}</ul>"


def _last_name(signed: Sequence[Signoff]) -> str:
    return max(signed, key=lambda one: one.day).name if signed else ""


@dataclass(frozen=True)
class _Panel:
    """What all rows share: the workbook, the facts, who confirms, and the new numbers so far."""

    widgets: Any  # ipywidgets
    path: Path
    sheets: dict[str, FactSheet]
    name: Any
    edits: Edits
    head: Any
    others: Sequence[tracing.Point]
    traced: Sequence[Traced]
    done: list[Traced]

    def keep(self, one: Traced, old: Signoff | None, new: Signoff) -> None:
        """Put a sign-off in the file, in the place of the one it renews."""
        there = signoffs.read(signoffs.beside(self.path))
        kept = [*(each for each in there if each != old), new]
        signoffs.save(signoffs.beside(self.path), kept)
        if one not in self.done:
            self.done.append(one)
        self.head.value = _summary(len(self.done), len(self.traced), self.others, LOOK_AGAIN)


class _Row:
    """The row of a number: its sentence, what it may be, and the buttons."""

    def __init__(self, one: Traced, panel: _Panel) -> None:
        self.one, self.panel, self.last = one, panel, one.signoff
        widgets, wide = panel.widgets, {"width": "36em"}
        options = _choices(one, panel.sheets)
        self.choice = widgets.Dropdown(options=options, index=_chosen(one, options), layout=wide)
        self.source = widgets.Text(placeholder="Waar komt het getal vandaan?", layout=wide)
        self.source.value = one.signoff.source if one.signoff else ""
        self.button = widgets.Button(description="Klopt", button_style="primary")
        self.top = widgets.HTML(f"<p>{_sentence(one)}<br>{html.escape(one.remark)}</p>")
        self.said, self.out = widgets.HTML(), widgets.Output()
        self.explain()
        self.choice.observe(self.explain, "value")
        self.source.observe(self.explain, "value")
        self.button.on_click(self.confirm)
        buttons = [self.choice, self.button]
        if one.state == "verouderd" and one.value is not None:
            self.button.button_style = ""
            buttons.insert(0, self.renewal(one.value))
        self.widget = widgets.VBox(
            [self.top, widgets.HBox(buttons), self.source, self.said, self.out]
        )
        self.widget.add_class(_CLASS)

    def explain(self, _: Any = None) -> None:
        """Say what is chosen, and let it be confirmed."""
        self.source.layout.display = None if self.choice.value == OTHER else "none"
        said = _explanation(self.choice.value, self.panel.sheets)
        self.said.value, self.button.disabled = html.escape(said), False

    def confirm(self, _: Any) -> None:
        """Keep what is chosen, or say why that cannot be."""
        if problem := self.problem():
            self.said.value = f"<b>{html.escape(problem)}</b>"
            return
        new = self.signoff()
        self.panel.keep(self.one, self.last, new)
        self.last, self.said.value, self.button.disabled = new, "✓ Bevestigd.", True
        self.top.value = f"<p>{_sentence(self.one)}</p>"

    def problem(self) -> str:
        """Return why what is chosen cannot be confirmed; empty where it can."""
        if not self.panel.name.value.strip():
            return "Vul eerst boven de lijst uw naam in."
        if self.choice.value == OTHER:
            return "" if self.source.value.strip() else _ANYTHING
        scope, name = self.choice.value
        fact = None if scope == NO_COUNT else self.panel.sheets[scope][name]
        claim = self.one.claim
        if not fact or (fact.number is not None and claims.holds(claim, fact.number)):
            return ""
        return (
            f"Dit cijfer is {fact.text}, maar in uw tekst staat ‘{claim.text}’. "
            "Verander uw tekst, of kies iets anders."
        )

    def signoff(self) -> Signoff:
        """Return the sign-off of what is chosen."""
        claim = self.one.claim
        context = signoffs.around(self.one.passage.text, claim)
        who, today = self.panel.name.value, date.today().isoformat()
        scope, fact = self.choice.value
        if fact:
            value = self.panel.sheets[scope][fact].number
            return Signoff(claim.text, *context, scope, fact, value, "", who, today)
        source = tracing.NO_COUNT if scope == NO_COUNT else self.source.value
        return Signoff(claim.text, *context, "", "", None, source, who, today)

    def renewal(self, value: float) -> Any:
        """Make the button that puts the new number in the text, which is all there is to do."""
        claim, old = self.one.claim, self.one.signoff
        assert old is not None  # it is stale
        new = claims.rewrite(claim, value)
        text, made = self.one.passage.text, self.panel.edits[self.one.passage.text]
        button = self.panel.widgets.Button(
            description=f"Zet ‘{new}’ in de tekst", button_style="primary", layout={"width": "auto"}
        )

        def renew(_: Any) -> None:
            before = _edited(text, made)
            made.append((claim.start, claim.end, new))
            words = {"before": before, "after": _edited(text, made), "failed": _FAILED}
            words["done"] = f"Nu staat er ‘{new}’."
            script = _REPLACE % {key: json.dumps(each) for key, each in words.items()}
            with self.out:
                display(Javascript(script))
            who, today = self.panel.name.value.strip() or old.name, date.today().isoformat()
            self.panel.keep(self.one, old, replace(old, text=new, value=value, name=who, day=today))
            for each in (button, self.choice, self.button):
                each.disabled = True

        button.on_click(renew)
        return button


def _folded(done: Sequence[Traced], panel: _Panel) -> Any:
    """Fold the confirmed numbers away: their rows are made when somebody wants to change one."""
    inside = panel.widgets.VBox()
    fold = panel.widgets.Accordion([inside], titles=["Al bevestigd: bekijk of verander"])

    def unfold(_: Any) -> None:
        inside.children = inside.children or [_Row(one, panel).widget for one in done]

    fold.observe(unfold, "selected_index")
    return fold


def _sentence(one: Traced) -> str:
    """Write the sentence of a number, in its section, as HTML with the number in bold."""
    claim = html.escape(one.claim.text)
    sentence = html.escape(one.sentence).replace(claim, f"<b>{claim}</b>", 1)
    return f"<i>{html.escape(one.passage.section)}</i>: {sentence}"


def _chosen(one: Traced, options: Sequence[Choice]) -> int:
    """Return the place of what is chosen at first: what was confirmed, else the best proposal."""
    if one.state != "bron" or one.signoff is None:
        return 0
    is_none = one.signoff.source == tracing.NO_COUNT
    return [label for label, _ in options].index(NO_COUNT if is_none else ELSEWHERE)


def _explanation(choice: Any, sheets: dict[str, FactSheet]) -> str:
    if choice == OTHER:
        return _ANYTHING
    scope, fact = choice
    return _EXAMPLE if scope == NO_COUNT else sheets[scope][fact].definition


def _edited(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _choices(one: Traced, sheets: dict[str, FactSheet]) -> list[Choice]:
    """Return what a number may be: what was confirmed, the proposals, every fact of the sheet."""
    own, *_ = sheets
    proposed = [(p.scope, p.fact) for p in propose(one.passage.text, one.claim, [*sheets.values()])]
    if one.signoff and one.value is not None:
        proposed = [*dict.fromkeys([(one.signoff.scope, one.signoff.fact), *proposed])]
    every = [(own, name) for name, fact in sheets[own].items() if fact.number is not None]
    options: list[Choice] = [
        (f"{sheets[scope][name].text}: {_described(sheets[scope], name)}", (scope, name))
        for scope, name in dict.fromkeys([*proposed, *every])
    ]
    other = [(ELSEWHERE, OTHER), (NO_COUNT, (NO_COUNT, ""))]
    return [*options[: len(proposed)], *other, *options[len(proposed) :]]


def _described(sheet: FactSheet, name: str) -> str:
    names = names_of(sheet)
    stem, *parts = name.split(".")
    words = [stem.replace("_", " "), *(names.get(part, part) for part in parts)]
    return f"{', '.join(words)} ({sheet.scope.name})"
