"""The panel of the cell *Controle* in JupyterLab: a row with buttons for each number."""

import html
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from IPython.display import Javascript, display
from msgspec.structs import replace

from bwk import cells, formats
from bwk.facts import Fact
from bwk.narrative import claims, formulas, signoffs, statements, tracing
from bwk.narrative.candidates import Candidate, Sheets, own_sheet
from bwk.narrative.privacy import Seen
from bwk.narrative.proposals import propose, speaks_against
from bwk.narrative.signoffs import Signoff
from bwk.narrative.tracing import (
    ABOUT_ELSE,
    NO_PERSON,
    NOTHING_OPEN,
    READ,
    UNREAD,
    Passage,
    Point,
    Text,
    Traced,
)
from bwk.narrative.words import Contradiction

ELSEWHERE = "Een andere bron: schrijf die hieronder"
NO_COUNT = "Dit is geen telling"
Choice = tuple[str, str]  # scope and fact
Drafted = tuple[Passage, str, list[Signoff]]  # last period's text, and what was confirmed in it
Edit = tuple[int, int, str]  # where in a passage as it was read, and the new number
FROM_ELSEWHERE: Choice = (ELSEWHERE, "")  # a choice that is None shows as an empty list
IS_NO_COUNT: Choice = (NO_COUNT, "")
_LOOK_AGAIN = "Klik boven op de dubbele pijl: dan ziet u of er nog iets open staat."
_CHANGED = "De tekst is intussen veranderd. Bewaar uw tekst en klik boven op de dubbele pijl."
_NO_SOURCE = "Schrijf waar het getal vandaan komt, of kies een cijfer uit de lijst."
_OTHERWISE = (
    "Uw zin zegt iets anders dan dit cijfer: over een andere plek, tijd, soort of eenheid. "
    "Verander uw zin, of kies ‘Een andere bron’ en schrijf hoe u dit weet."
)
_OTHER_SUBJECT = "Dit gaat over iets anders"
_NOBODY = "Dit gaat niet over één mens"
_CHANGE_WORD = "Verander het woord in uw tekst, of klik op de knop."
_NAME_FIRST = "Vul eerst boven de lijst uw naam in."
_READ_IT = "Gelezen, klopt"
_AS_BEFORE = "Neem de tekst van vorige keer"
_BY_NOBODY = "Automatisch opgesteld: lees dit deel, en verander het waar dat nodig is."
_EXAMPLE = "Bijvoorbeeld een huisnummer of de naam van een groep."
_CLASS = "bwk-number"  # in the style of JupyterLab
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


class Panel:
    """The rows of a workbook's numbers; those that are confirmed are folded away at its end."""

    def __init__(
        self, path: Path, text: Text, questions: Sequence[Point], drafted: Sequence[Drafted]
    ) -> None:
        self.path, self.sheets, self.total = path, text.sheets, len(text.numbers)
        rows = [UNREAD, *(number.remark for number in text.numbers)]
        rows += [word.remark for _, word in text.flags]
        rows += [seen.remark for _, seen in text.seen]
        points = [point for point in text.points if point.message not in rows]
        self.points = [*points, *questions]
        self.settled = [number for number in text.numbers if number.settled]
        self.edits = defaultdict[str, list[Edit]](list)  # by passage
        self.head = widgets.HTML(self.summary(NOTHING_OPEN))
        signed = [signoff for signoff in text.signed if signoff.day]
        latest = max(signed, key=lambda signoff: signoff.day, default=None)
        self.name = widgets.Text(description="Uw naam", value=latest.name if latest else "")
        rows = [_DraftRow(self, *draft).widget for draft in drafted]
        rows += [_word_row(self, *flag).widget for flag in text.flags]
        rows += [_person_row(self, *seen).widget for seen in text.seen]
        rows += [_NumberRow(self, number).widget for number in text.numbers if not number.settled]
        if self.settled:
            rows.append(self.folded([*self.settled]))
        if rows:
            rows.insert(0, self.name)
        self.widget = widgets.VBox([self.head, *rows])

    def summary(self, all_done: str) -> str:
        """Say how far it is, and `all_done` where that is so."""
        count = len(self.settled)
        words = f"Bevestigd: {count} van de {formats.count(self.total, 'getal', 'getallen')}."
        if self.points:
            words += " Dit staat ook nog open:"
        elif count == self.total:
            words += f" {all_done}"
        lines = "".join(f"<li>{html.escape(str(point))}</li>" for point in self.points)
        return f"<p>{html.escape(words)}</p><ul>{lines}</ul>"

    def keep(self, before: Sequence[Signoff], *after: Signoff) -> None:
        """Put sign-offs in the file, in the place of those that they renew."""
        file = signoffs.beside(self.path)
        kept = [signoff for signoff in signoffs.read(file) if signoff not in before]
        signoffs.save(file, [*kept, *after])
        self.head.value = self.summary(_LOOK_AGAIN)

    def folded(self, numbers: Sequence[Traced]) -> Any:
        """Fold numbers away: their rows are made when somebody wants to change one."""
        inside = widgets.VBox()
        fold = widgets.Accordion([inside], titles=["Al bevestigd: bekijk of verander"])

        def unfold(_: Any) -> None:
            rows = (_NumberRow(self, number).widget for number in numbers)
            inside.children = inside.children or [*rows]

        fold.observe(unfold, "selected_index")
        return fold


class _Row:
    """A row of the panel: words in a passage, what is said of them, buttons and a message."""

    def __init__(self, panel: Panel, passage: Passage, sentence: str, remark: str) -> None:
        self.panel, self.passage, self.sentence = panel, passage, sentence
        self.top, self.message, self.out = widgets.HTML(), widgets.HTML(), widgets.Output()
        self.buttons = widgets.HBox()
        self.widget = widgets.VBox([self.top, self.buttons, self.message, self.out])
        self.widget.add_class(_CLASS)
        self.show(f"<br>{html.escape(remark)}")

    def show(self, remark: str = "") -> None:
        """Show the sentence in its section, and a remark below it."""
        self.top.value = (
            f"<p><i>{html.escape(self.passage.section)}</i>: {self.sentence}{remark}</p>"
        )

    def button(self, words: str, click: Callable[[Any], None], style: str = "") -> Any:
        """Add a button."""
        button = widgets.Button(description=words, button_style=style, layout={"width": "auto"})
        button.on_click(click)
        self.buttons.children += (button,)
        return button

    def signer(self) -> tuple[str, str]:
        """Return who confirms, and the day; where nobody gave a name the message asks for it."""
        name = self.panel.name.value.strip()
        if not name:
            self.refuse(_NAME_FIRST)
        return name, date.today().isoformat()

    def refuse(self, problem: str) -> None:
        """Say why something cannot be."""
        self.message.value = f"<b>{html.escape(problem)}</b>"

    def close(self, message: str) -> None:
        """Say what was done; it is done once."""
        self.message.value = message
        for part in self.buttons.children:
            part.disabled = True

    def put(self, before: str, after: str, message: str) -> None:
        """Put a text in the place of another in the notebook, and say that it is done."""
        words = {"before": before, "after": after, "failed": _CHANGED, "done": message}
        script = _REPLACE % {name: json.dumps(text) for name, text in words.items()}
        with self.out:
            display(Javascript(script))


class _FlagRow(_Row):
    """The row of what is not right as it seems: its sentence, and the answer to it."""

    def __init__(
        self,
        panel: Panel,
        passage: Passage,
        sentence: str,
        remark: str,
        answer: Signoff,
        in_words: str,
    ) -> None:
        super().__init__(panel, passage, sentence, remark)
        self.answer = answer
        self.button(in_words, self.keep)

    def keep(self, _: Any) -> None:
        """Keep who gave the answer."""
        name, today = self.signer()
        if name:
            self.panel.keep((), replace(self.answer, name=name, day=today))
            self.close("✓ Bewaard.")


def _word_row(panel: Panel, passage: Passage, word: Contradiction) -> _FlagRow:
    """Return the row of a word that the data do not bear out."""
    context = signoffs.around(passage.answers, word)
    answer = Signoff(word.text, *context, "", "", None, ABOUT_ELSE, "", "")
    sentence = _marked(passage.around(word), word.text)
    row = _FlagRow(panel, passage, sentence, word.remark, answer, _OTHER_SUBJECT)
    row.message.value = _CHANGE_WORD
    return row


def _person_row(panel: Panel, passage: Passage, seen: Seen) -> _FlagRow:
    """Return the row of a sentence that may tell of one person."""
    answer = Signoff(seen.fingerprint, "", "", "", "", None, NO_PERSON, "", "")
    sentence = html.escape(seen.sentence)
    return _FlagRow(panel, passage, sentence, seen.remark, answer, _NOBODY)


class _DraftRow(_Row):
    """The row of a draft that nobody read: it is right, or last period's own text is better."""

    def __init__(
        self, panel: Panel, passage: Passage, earlier: str, confirmed: Sequence[Signoff]
    ) -> None:
        opening = html.escape(" ".join(passage.answers.split()))
        super().__init__(panel, passage, opening, _BY_NOBODY)
        self.earlier, self.confirmed = earlier, confirmed
        self.button(_READ_IT, self.keep, "primary")
        if earlier:
            self.button(_AS_BEFORE, self.replace)

    def keep(self, _: Any) -> None:
        """Keep who read it: what it says is then confirmed by a person."""
        name, today = self.signer()
        if not name:
            return
        drafted = [
            number.signoff
            for number in self.panel.settled
            if number.passage == self.passage and number.signoff and not number.signoff.day
        ]
        signed = [replace(signoff, name=name, day=today) for signoff in drafted]
        fingerprint = cells.fingerprint(self.passage.text)
        reading = Signoff(fingerprint, "", "", "", "", None, READ, name, today)
        self.panel.keep(drafted, *signed, reading)
        self.close("✓ Bewaard.")

    def replace(self, _: Any) -> None:
        """Put last period's text in the place of the draft, with what was confirmed in it."""
        self.put(self.passage.text, self.earlier, "Nu staat uw vorige tekst er.")
        self.panel.keep((), *self.confirmed)
        self.close(_LOOK_AGAIN)


class _NumberRow(_Row):
    """The row of a number: its sentence, what it may be, and the buttons."""

    def __init__(self, panel: Panel, number: Traced) -> None:
        sentence = _marked(number.sentence, number.claim.text)
        super().__init__(panel, number.passage, sentence, number.remark)
        self.number, self.signoff = number, number.signoff
        if self.signoff and number.state == "verouderd" and number.value is not None:
            self.renewal(self.signoff, number.value)
        layout = {"width": "36em"}
        choice, options = _options(number, panel.sheets)
        self.choice = widgets.Dropdown(options=options, value=choice, layout=layout)
        self.source = widgets.Text(placeholder="Waar komt het getal vandaan?", layout=layout)
        self.source.value = self.signoff.source if self.signoff else ""
        style = "" if self.buttons.children else "primary"
        self.buttons.children += (self.choice,)
        self.confirmation = self.button("Klopt", self.confirm, style)
        self.widget.children = [self.top, self.buttons, self.source, self.message, self.out]
        self.explain()
        self.choice.observe(self.explain, "value")
        self.source.observe(self.explain, "value")

    def explain(self, _: Any = None) -> None:
        """Say what is chosen, and let it be confirmed."""
        choice, explanation = self.choice.value, _EXAMPLE
        if choice == FROM_ELSEWHERE:
            explanation = _NO_SOURCE
        elif choice != IS_NO_COUNT:
            explanation = _chosen(choice, self.panel.sheets).definition
        self.source.layout.display = None if choice == FROM_ELSEWHERE else "none"
        self.message.value = html.escape(explanation)
        self.confirmation.disabled = False

    def confirm(self, _: Any) -> None:
        """Keep what is chosen, or say why that cannot be."""
        signer = self.signer()
        if not signer[0]:
            return
        if problem := self.problem():
            self.refuse(problem)
        else:
            self.keep(self.chosen(signer))
            self.message.value, self.confirmation.disabled = "✓ Bevestigd.", True
            self.show()

    def keep(self, after: Signoff) -> None:
        """Keep a sign-off: the number is confirmed."""
        if self.number not in self.panel.settled:
            self.panel.settled.append(self.number)
        self.panel.keep([self.signoff] if self.signoff else [], after)
        self.signoff = after

    def problem(self) -> str:
        """Return why what is chosen cannot be confirmed; empty where it can."""
        if self.choice.value in (FROM_ELSEWHERE, IS_NO_COUNT):
            is_told = self.choice.value == IS_NO_COUNT or self.source.value.strip()
            return "" if is_told else _NO_SOURCE
        sheets, claim = self.panel.sheets, self.number.claim
        scope, name = self.choice.value
        fact = _chosen(self.choice.value, sheets)
        if fact.number is not None and claims.holds(claim, fact.number):
            if formulas.is_formula(name):
                return ""
            candidate, report = Candidate(fact, sheets[scope]), own_sheet(sheets)
            text = self.passage.answers
            return _OTHERWISE * speaks_against(text, claim, candidate, report)
        return (
            f"Dit cijfer is {fact.text}, maar in uw tekst staat ‘{claim.text}’. "
            "Verander uw tekst, of kies iets anders."
        )

    def chosen(self, signer: tuple[str, str]) -> Signoff:
        """Return the sign-off of what is chosen."""
        text, claim, sheets = self.passage.answers, self.number.claim, self.panel.sheets
        context = signoffs.around(text, claim)
        said = statements.derive(text, claim, own_sheet(sheets))
        scope, fact = self.choice.value
        if fact:
            value = _chosen(self.choice.value, sheets).number
            return Signoff(claim.text, *context, scope, fact, value, "", *signer, said)
        source = tracing.NO_COUNT if scope == NO_COUNT else self.source.value
        return Signoff(claim.text, *context, "", "", None, source, *signer, said)

    def renewal(self, before: Signoff, value: float) -> None:
        """Make the button that puts the new number in the text, which is all there is to do."""
        claim, passage = self.number.claim, self.passage.text
        text = claims.rewrite(claim, value)
        edits = self.panel.edits[passage]

        def renew(_: Any) -> None:
            shown = _edited(passage, edits)
            edits.append((claim.start, claim.end, text))
            self.put(shown, _edited(passage, edits), f"Nu staat er ‘{text}’.")
            name = self.panel.name.value.strip() or before.name
            day = date.today().isoformat()
            self.keep(replace(before, text=text, value=value, name=name, day=day))
            self.close(self.message.value)

        self.button(f"Zet ‘{text}’ in de tekst", renew, "primary")


def _edited(passage: str, edits: Sequence[Edit]) -> str:
    for start, end, number in sorted(edits, reverse=True):
        passage = passage[:start] + number + passage[end:]
    return passage


def _marked(sentence: str, words: str) -> str:
    shown = html.escape(words)
    return html.escape(sentence).replace(shown, f"<b>{shown}</b>", 1)


def _chosen(choice: Choice, sheets: Sheets) -> Fact:
    """Return the fact that is chosen, or what the formula comes to."""
    scope, name = choice
    return formulas.fact_of(scope, name, sheets) or sheets[scope][name]


def _options(number: Traced, sheets: Sheets) -> tuple[Choice, list[tuple[str, Choice]]]:
    """Return what a number may be, the likeliest first, and what of it is chosen at first."""
    own, signoff = own_sheet(sheets), number.signoff
    proposals = propose(number.passage.text, number.claim, sheets)
    likely = [(proposal.scope, proposal.fact) for proposal in proposals]
    if signoff and number.value is not None:
        likely.insert(0, (signoff.scope, signoff.fact))
    numeric = [
        (scope, name)
        for scope, sheet in sheets.items()
        for name, fact in sheet.items()
        if fact.number is not None
        if sheet is own or claims.holds(number.claim, fact.number)
    ]
    choices = [*dict.fromkeys([*likely, FROM_ELSEWHERE, IS_NO_COUNT, *numeric])]
    choice = choices[0]
    if signoff and number.state == "bron":
        choice = IS_NO_COUNT if number.is_none else FROM_ELSEWHERE
    return choice, [(_described(choice, sheets), choice) for choice in choices]


def _described(choice: Choice, sheets: Sheets) -> str:
    scope, name = choice
    if not name:
        return scope
    if formulas.is_formula(name):
        fact = _chosen(choice, sheets)
        return f"{fact.text}: {fact.definition.partition(': ')[2].rstrip('.')}"
    candidate = Candidate(sheets[scope][name], sheets[scope])
    return f"{candidate.fact.text}: {candidate.called} ({candidate.sheet.scope.name})"
