"""The cell *Controle*: the evaluator says of each number in the text where it comes from."""

import html
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from IPython.display import Javascript, display

from bwk import bundle, facts, formats
from bwk.bundle import Shown
from bwk.errors import BwkError
from bwk.facts import FactSheet
from bwk.files import nearest
from bwk.narrative import claims, signoffs, tracing
from bwk.narrative.proposals import propose
from bwk.narrative.signoffs import Signoff
from bwk.narrative.sources import names_of
from bwk.narrative.tracing import Traced

ANSWERS = "beoordeling.json"  # beside the reports: what reviewers said
ELSEWHERE = "Een andere bron: schrijf die hieronder"
NO_COUNT = "Dit is geen telling"
OTHER = (ELSEWHERE, "")  # a choice that is None shows as an empty list
Choice = tuple[str, tuple[str, str]]
Edits = dict[str, list[tuple[int, int, str]]]  # by passage: where a new number came, and which
# In JupyterLab itself, so that the change can be undone and nothing that was typed is lost.
_REPLACE = """
(() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  const cell = panel?.content?.widgets?.find(
    each => each.model.sharedModel.getSource() === %(before)s);
  if (!cell) { element.textContent = %(failed)s; return; }
  cell.model.sharedModel.setSource(%(after)s);
  cell.rendered = true;
  panel.context.save();
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
        return _panel(path, sheets)
    except BwkError as error:
        return bundle.text(bundle.escaped(str(error)))


def _panel(path: Path, sheets: dict[str, FactSheet]) -> Any:
    found, signed = tracing.read(path)
    traced = tracing.trace(found, signed, sheets)
    sheet = sheets[path.stem]
    points = tracing.points(found, traced, sheet)
    todo, done = ([one for one in traced if one.settled == settled] for settled in (False, True))
    try:
        import ipywidgets as widgets  # of the extra `lab`: a scheduled run does not have it
    except ImportError:
        return _as_text([*points, *_asked(path)])
    name = widgets.Text(description="Uw naam", value=_last_name(signed))
    edits: Edits = {one.passage.text: [] for one in traced}
    rows = [_row(widgets, one, path, sheets, name, edits) for one in todo]
    if done:
        rows.append(_folded(widgets, done, path, sheets, name, edits))
    others = [point for point in points if not any(one.remark == point.message for one in todo)]
    others += _asked(path)
    lines = "".join(f"<li>{html.escape(str(p))}</li>" for p in others)
    head = widgets.HTML(f"<p>{html.escape(_summary(traced, len(others)))}</p><ul>{lines}</ul>")
    return widgets.VBox([head, *([name] if rows else []), *rows])


def _asked(path: Path) -> list[tracing.Point]:
    """Return what reviewers asked of a report, where the text is still as they read it."""
    output = Path(os.environ.get("BWK_OUTPUT") or nearest("output"))
    try:
        review = json.loads((output / path.parent.name / ANSWERS).read_text(encoding="utf-8"))
        asked = [one for one in review["antwoorden"] if one["verslag"] == path.stem]
        return [
            tracing.Point(one["sectie"], f"{one['naam']} vraagt bij {one['over']}: {one['vraag']}")
            for one in asked
            if one["oordeel"] == "vraag" and not one.get("veranderd")
        ]
    except (OSError, ValueError, LookupError, TypeError):  # not there, or not whole
        return []


def _as_text(points: Sequence[tracing.Point]) -> Shown:
    lines = [f"- {bundle.escaped(str(point))}" for point in points]
    return bundle.text("\n".join(lines) or "Alles is bevestigd. Er zijn geen open punten.")


def _summary(traced: Sequence[Traced], others: int) -> str:
    done = sum(one.settled for one in traced)
    said = f"Bevestigd: {done} van de {formats.count(len(traced), 'getal', 'getallen')}."
    if others:
        return f"{said} Dit staat ook nog open:"
    return said if done < len(traced) else f"{said} Er zijn geen open punten."


def _last_name(signed: Sequence[Signoff]) -> str:
    return max(signed, key=lambda one: one.day).name if signed else ""


def _folded(
    widgets: Any,
    done: Sequence[Traced],
    path: Path,
    sheets: dict[str, FactSheet],
    name: Any,
    edits: Edits,
) -> Any:
    """Fold the confirmed numbers away: their rows are made when somebody wants to change one."""
    inside = widgets.VBox()
    fold = widgets.Accordion([inside], titles=["Al bevestigd: bekijk of verander"])

    def unfold(_: Any) -> None:
        inside.children = inside.children or [
            _row(widgets, one, path, sheets, name, edits) for one in done
        ]

    fold.observe(unfold, "selected_index")
    return fold


def _row(
    widgets: Any,
    one: Traced,
    path: Path,
    sheets: dict[str, FactSheet],
    name: Any,
    edits: Edits,
) -> Any:
    """Make the row of a number: its sentence, what it may be, and the buttons."""
    options = _choices(one, sheets)
    wide = {"width": "36em"}
    choice = widgets.Dropdown(options=options, index=_chosen(one, options), layout=wide)
    source = widgets.Text(placeholder="Waar komt het getal vandaan?", layout=wide)
    source.value = one.signoff.source if one.signoff else ""
    button = widgets.Button(description="Klopt", button_style="primary")
    sentence = html.escape(one.sentence).replace(
        html.escape(one.claim.text), f"<b>{html.escape(one.claim.text)}</b>", 1
    )
    sentence = f"<i>{html.escape(one.passage.section)}</i>: {sentence}"
    top = widgets.HTML(f"<p>{sentence}<br>{html.escape(one.remark)}</p>")
    said, out = widgets.HTML(), widgets.Output()
    last = one.signoff

    def explain(_: Any = None) -> None:
        source.layout.display = None if choice.value == OTHER else "none"
        said.value, button.disabled = html.escape(_explanation(choice.value, sheets)), False

    def confirm(_: Any) -> None:
        nonlocal last
        if problem := _problem(one, choice.value, source.value, name.value, sheets):
            said.value = f"<b>{html.escape(problem)}</b>"
            return
        new = _signoff(one, choice.value, source.value, name.value, sheets)
        _keep(path, last, new)
        last, said.value, button.disabled = new, "✓ Bevestigd.", True
        top.value = f"<p>{sentence}</p>"

    explain()
    choice.observe(explain, "value")
    source.observe(explain, "value")
    button.on_click(confirm)
    buttons = [choice, button]
    if one.state == "verouderd" and one.number is not None:
        button.button_style = ""
        buttons.insert(0, _renewal(widgets, one, path, name, edits, out, [choice, button]))
    row = widgets.VBox([top, widgets.HBox(buttons), source, said, out])
    row.add_class(_CLASS)
    return row


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


def _renewal(
    widgets: Any, one: Traced, path: Path, name: Any, edits: Edits, out: Any, others: Sequence[Any]
) -> Any:
    """Make the button that puts the new number in the text, in the same form; then all is done."""
    value, old = one.number, one.signoff
    assert value is not None
    assert old is not None
    new = claims.rewrite(one.claim, value)
    text, made = one.passage.text, edits[one.passage.text]
    button = widgets.Button(description=f"Zet ‘{new}’ in de tekst", button_style="primary")
    button.layout.width = "auto"

    def renew(_: Any) -> None:
        before = _edited(text, made)
        made.append((one.claim.start, one.claim.end, new))
        words = {"before": before, "after": _edited(text, made), "failed": _FAILED}
        words["done"] = f"Nu staat er ‘{new}’."
        with out:
            display(Javascript(_REPLACE % {key: json.dumps(each) for key, each in words.items()}))
        who, today = name.value.strip() or old.name, date.today().isoformat()
        _keep(path, old, replace(old, text=new, value=value, name=who, day=today))
        for each in (button, *others):
            each.disabled = True

    button.on_click(renew)
    return button


def _edited(text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _choices(one: Traced, sheets: dict[str, FactSheet]) -> list[Choice]:
    """Return what a number may be: what was confirmed, the proposals, every fact of the sheet."""
    own, *_ = sheets
    proposed = [(p.scope, p.fact) for p in propose(one.passage.text, one.claim, [*sheets.values()])]
    if one.signoff and one.number is not None:
        proposed = [*dict.fromkeys([(one.signoff.scope, one.signoff.fact), *proposed])]
    every = [
        (own, name) for name, fact in sheets[own].items() if isinstance(fact.value, int | float)
    ]
    keys = dict.fromkeys([*proposed, *every])
    options: list[Choice] = [
        (f"{sheets[scope][name].text}: {_described(sheets[scope], name)}", (scope, name))
        for scope, name in keys
    ]
    other = [(ELSEWHERE, OTHER), (NO_COUNT, (NO_COUNT, ""))]
    first = options[: len(proposed)]
    return [*first, *other, *options[len(first) :]]


def _described(sheet: FactSheet, name: str) -> str:
    names = names_of(sheet)
    stem, *parts = name.split(".")
    words = [stem.replace("_", " "), *(names.get(part, part) for part in parts)]
    return f"{', '.join(words)} ({sheet.scope.name})"


def _problem(one: Traced, choice: Any, source: str, name: str, sheets: dict[str, FactSheet]) -> str:
    if not name.strip():
        return "Vul eerst boven de lijst uw naam in."
    if choice == OTHER:
        return "" if source.strip() else _ANYTHING
    scope, name_of = choice
    fact = None if scope == NO_COUNT else sheets[scope][name_of]
    if not fact or (isinstance(fact.value, int | float) and claims.holds(one.claim, fact.value)):
        return ""
    return (
        f"Dit cijfer is {fact.text}, maar in uw tekst staat ‘{one.claim.text}’. "
        "Verander uw tekst, of kies iets anders."
    )


def _signoff(
    one: Traced, choice: Any, source: str, name: str, sheets: dict[str, FactSheet]
) -> Signoff:
    before, after = signoffs.around(one.passage.text, one.claim)
    made = Signoff(one.claim.text, before, after, name=name, day=date.today().isoformat())
    if choice == OTHER:
        return replace(made, source=source)
    scope, fact = choice
    if scope == NO_COUNT:
        return replace(made, source=tracing.NO_COUNT)
    value = sheets[scope][fact].value
    known = value if isinstance(value, int | float) else None
    return replace(made, scope=scope, fact=fact, value=known)


def _keep(path: Path, old: Signoff | None, new: Signoff) -> None:
    """Put a sign-off in the file, in the place of the one it renews."""
    there = signoffs.read(signoffs.beside(path))
    signoffs.save(signoffs.beside(path), [*(one for one in there if one != old), new])
