"""Each number of a workbook traced to its fact, and what still has to be done."""

import json
import re
import shutil
import subprocess
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from textwrap import shorten
from typing import Any

from bwk import cells
from bwk.errors import WorkbookError
from bwk.facts import Fact, FactSheet
from bwk.files import read_json
from bwk.narrative import (
    claims,
    formulas,
    printing,
    privacy,
    sentences,
    signoffs,
    statements,
    words,
)
from bwk.narrative.candidates import Candidate, Sheets, own_sheet
from bwk.narrative.claims import Claim
from bwk.narrative.directions import DENIED
from bwk.narrative.privacy import Seen
from bwk.narrative.prompts import PROMPT, QUESTION, asked
from bwk.narrative.proposals import WEAK, is_quality_of, propose
from bwk.narrative.signoffs import Signoff, Spanned
from bwk.narrative.statements import Statement
from bwk.narrative.words import Contradiction

NOTHING_OPEN = "Er zijn geen open punten."
ABOUT_ELSE = "gaat over iets anders"  # the source of what an evaluator answers to a flagged word
NO_PERSON = "gaat niet over één mens"  # what one answers to what `privacy` saw in a sentence
NO_COUNT = "geen telling"  # the source of what an evaluator says is no claim at all
READ = "gelezen"  # the source of what says that somebody read a draft: its text is a fingerprint
UNREAD = (
    "Deze tekst is automatisch opgesteld, en niemand heeft hem nog gelezen: verander hem, of klik "
    "bij Controle op ‘Gelezen, klopt’."
)
UNANSWERED = "Hier staat nog een vraag aan u: geef antwoord, of haal de gele regel weg."
LONGEST = 25  # words in a sentence
# What may change around a number that comes from elsewhere: no fact says whether it still holds.
_BETWEEN = "zqxjqwv"
_UNCHECKED = ("topics", "against", "whole", "direction")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Passage:
    """The text of a cell, under the heading of its section.

    It may follow up intentions, or be a draft in which nobody wrote.
    """

    section: str
    text: str
    follows_up: bool = False
    is_draft: bool = False

    @property
    def answers(self) -> str:
        """The text, as long as it was, without what is asked in it."""
        return claims.cover(self.text, PROMPT)

    def around(self, span: Spanned) -> str:
        """Return the sentence around a claim or a word, on one line."""
        return sentences.on_one_line(self.text, span.start, span.end)

    def is_unread(self, signed: Iterable[Signoff]) -> bool:
        """Whether it is a draft of which nobody said that it is right."""
        fingerprint = cells.fingerprint(self.text)
        return self.is_draft and not any(
            (signoff.source, signoff.text) == (READ, fingerprint) for signoff in signed
        )


@dataclass(frozen=True)
class Traced:
    """A claim of a passage with its sign-off and, where that names one, its fact as it is now.

    Its `state` is `open` (nobody confirmed it), `klopt`, `bron` (it comes from elsewhere),
    `veranderd` (another statement follows from the sentence: `change` says in what) or `verouderd`
    (the fact no longer says so).
    """

    passage: Passage
    claim: Claim
    signoff: Signoff | None = None
    fact: Fact | None = None
    change: str = ""

    @property
    def state(self) -> str:
        if self.signoff is None:
            return "open"
        if self.change:
            return "veranderd"
        if not self.signoff.fact:
            return "bron"
        if self.value is not None and claims.holds(self.claim, self.value):
            return "klopt"
        return "verouderd"

    @property
    def settled(self) -> bool:
        """Whether somebody confirmed it and it still holds."""
        return self.state in ("klopt", "bron")

    @property
    def is_none(self) -> bool:
        """Whether somebody said that it counts nothing."""
        return bool(self.signoff and self.signoff.source == NO_COUNT)

    @property
    def value(self) -> float | None:
        """The value of its fact; None where it has none, or may not be shown."""
        return self.fact.number if self.fact else None

    @property
    def sentence(self) -> str:
        """The sentence around the claim, on one line."""
        return self.passage.around(self.claim)

    @property
    def remark(self) -> str:
        """What has changed, or has to be done, in a Dutch sentence; empty where all is well."""
        if self.state == "open":
            return f"Het getal ‘{self.claim.text}’ is nog niet bevestigd."
        if self.state == "veranderd":
            return f"De zin met ‘{self.claim.text}’ zegt nu iets anders: {self.change}."
        if self.state != "verouderd" or self.signoff is None:
            return ""
        if self.fact is None or self.fact.value is None:
            return f"Het getal ‘{self.claim.text}’ mag niet meer in het verslag: haal het weg."
        before = self.signoff.value
        shown = self.claim.text if before is None else claims.rewrite(self.claim, before)
        return f"Het getal ‘{shown}’ klopt niet meer: was {shown}, nu {self.fact.text}."


@dataclass(frozen=True)
class Point:
    """Something still to do; advice does not keep a report from being finished."""

    section: str
    message: str
    advice: bool = False

    def __str__(self) -> str:
        section = shorten(self.section, 120, placeholder=" …")
        colon = "" if section.endswith(("?", "!", ".")) else ":"
        return f"{section}{colon} {self.message}"


def passages(notebook: Mapping[str, Any]) -> list[Passage]:
    """Return the evaluator's passages: Markdown cells that are exported and not locked.

    The notebook is as nbformat or JSON gives it: the source of a cell is a text, or its lines.
    """
    section = "het begin"
    written = []
    for _, cell in cells.shown(notebook):
        text = cells.text_of(cell)
        if heading := _HEADING.search(text):
            section = heading[1].strip()
        if cells.is_writing(cell):
            follows_up = cells.key_of(cell) == cells.FOLLOW_UP
            is_draft = cells.is_untouched(cell) and QUESTION in text
            written.append(Passage(section, text, follows_up, is_draft))
    return written


@dataclass(frozen=True)
class Text:
    """The text of a report: its passages, what was confirmed of it, and what that is checked by.

    `known` are words that are no names.
    """

    passages: Sequence[Passage]
    signed: Sequence[Signoff]
    sheets: Sheets
    known: Collection[str] = ()

    @cached_property
    def numbers(self) -> list[Traced]:
        """The claims in the passages, each traced to its fact by its sign-off."""
        numbers = [
            (passage, claim) for passage in self.passages for claim in claims.find(passage.answers)
        ]

        def fits(place: int, signoff: Signoff) -> bool:
            # Without a kept statement the words around a number alone tell whether it is the same;
            # with others in its sentence it may have changed places.
            if not signoff.fact or not signoff.statement:
                return False
            text, claim = numbers[place][0].answers, numbers[place][1]
            if _is_alone(text, claim):
                return not _change(text, claim, signoff, self.sheets)
            return signoff.statement == statements.derive(text, claim, own_sheet(self.sheets))

        spans = [(passage.answers, claim) for passage, claim in numbers]
        matched = signoffs.match(spans, self.signed, fits)
        return [
            self._traced(passage, claim, signoff)
            for (passage, claim), signoff in zip(numbers, matched, strict=True)
        ]

    def _traced(self, passage: Passage, claim: Claim, signoff: Signoff | None) -> Traced:
        if signoff is None:
            return Traced(passage, claim)
        fact = formulas.fact_of(signoff.scope, signoff.fact, self.sheets)
        change = _change(passage.answers, claim, signoff, self.sheets)
        return Traced(passage, claim, signoff, fact, change)

    @cached_property
    def flags(self) -> list[tuple[Passage, Contradiction]]:
        """The words that the data contradict and of which nobody said what they are about."""
        flagged = []
        for passage in self.passages:
            stated = [
                (number.claim, Candidate(number.fact, self.sheets[number.signoff.scope]))
                for number in self.numbers
                if number.passage is passage and number.signoff and number.fact
                if number.state == "klopt"
            ]
            contradicted = words.contradictions(passage.answers, stated, self.sheets)
            flagged += [(passage, word) for word in contradicted]
        answers = [signoff for signoff in self.signed if signoff.source == ABOUT_ELSE]
        spans = [(passage.answers, word) for passage, word in flagged]
        answered = signoffs.match(spans, answers)
        return [flag for flag, answer in zip(flagged, answered, strict=True) if not answer]

    @cached_property
    def seen(self) -> list[tuple[Passage, Seen]]:
        """What could tell of one person, where nobody said of that sentence that it does not."""
        report = own_sheet(self.sheets)
        answered = {signoff.text for signoff in self.signed if signoff.source == NO_PERSON}
        return [
            (passage, seen)
            for passage in self.passages
            for seen in privacy.found(passage.answers, report, self.known)
            if seen.fingerprint not in answered
        ]

    @cached_property
    def points(self) -> list[Point]:
        """What is open: prompts, follow-up, numbers, words, and what must not be in a text."""
        written = {passage.section for passage in self.passages if passage.text.strip()}
        sections = dict.fromkeys(passage.section for passage in self.passages)
        listed = [
            Point(section, "Hier staat nog geen tekst.")
            for section in sections
            if section not in written
        ]
        for passage in self.passages:
            messages = filter(None, self._open_in(passage))
            listed += [Point(passage.section, message) for message in messages]
        return listed

    def _open_in(self, passage: Passage) -> Iterator[str]:
        numbers = [number for number in self.numbers if number.passage is passage]
        counts = [number.claim for number in numbers if not number.is_none]
        report = own_sheet(self.sheets)
        if passage.is_unread(self.signed):
            yield UNREAD
        yield from asked(passage.text, passage.follows_up)
        yield from (number.remark for number in numbers)
        yield from (word.remark for flagged, word in self.flags if flagged is passage)
        few = privacy.small_counts(passage.answers, counts, report)
        yield from (seen.remark for seen in few)
        yield from (seen.remark for written, seen in self.seen if written is passage)
        yield from printing.lost(passage.text)


def _is_alone(text: str, claim: Claim) -> bool:
    """Whether a number is the only one of its sentence."""
    start, end = sentences.around(text, claim.start, claim.end)
    return sum(start <= number.start < end for number in claims.find(text)) == 1


def _change(text: str, claim: Claim, signoff: Signoff, sheets: Sheets) -> str:
    """Say in what a sentence differs from the one that was confirmed; empty where it says it still.

    It does where the same statement follows from it, or another that the same fact bears out.
    """
    own = own_sheet(sheets)
    said, signed = statements.derive(text, claim, own), signoff.statement
    if signed is None:  # what the words kept beside the number say, then and now
        said = _in_snippet(claim.text, signoffs.around(text, claim), own) or said
        signed = _in_snippet(signoff.text, signoff.context, own) or said
    difference = said.differs(signed, () if signoff.fact else _UNCHECKED)
    is_denied = {DENIED} & ({*said.direction.split()} ^ {*signed.direction.split()})
    quality = said.quality if said.quality != signed.quality else ""
    if difference is None or (
        not is_denied and _still_proposed(text, claim, signoff, sheets, quality)
    ):
        return ""
    names = {label.slug: label.name for label in (own.scope, *own.locations, *own.services)}
    current, before = (names.get(words, words) for words in difference)
    return f"er staat nu ‘{current}’; bevestigd was ‘{before}’"


def _in_snippet(text: str, around: signoffs.Context, own: FactSheet) -> Statement | None:
    before, after = around
    start, snippet = len(before) + 1, f"{before} {text} {after}"
    found = [claim for claim in claims.find(snippet) if claim.start <= start < claim.end]
    return statements.derive(snippet, found[0], own) if found else None


def _still_proposed(
    text: str, claim: Claim, signoff: Signoff, sheets: Sheets, quality: str
) -> bool:
    """Whether the signed fact is the likeliest, and has the words of an adjective that is new."""
    is_single = signoff.fact and not formulas.is_formula(signoff.fact)
    if quality and not (is_single and is_quality_of(quality, signoff.fact)):
        return False
    return any(
        (proposal.scope, proposal.fact) == (signoff.scope, signoff.fact) and proposal.score > WEAK
        for proposal in propose(text, claim, sheets, limit=1)
    )


def advice(passages: Iterable[Passage], known: Iterable[str] = ()) -> list[Point]:
    """Advise on questions and long sentences, and on spelling where hunspell has Dutch.

    `known` are words that the dictionary need not hold.
    """
    accepted = {word.lower() for word in known}
    written = [*passages]
    misspelt = _misspelt([passage.answers for passage in written])
    return [
        Point(passage.section, message, advice=True)
        for passage, unknown in zip(written, misspelt, strict=False)
        for message in (
            *([UNANSWERED] if QUESTION in passage.text and not passage.is_draft else []),
            *_too_long(passage.answers),
            *(
                f"Kijk naar de spelling van ‘{word}’."
                for word in unknown
                if word.lower() not in accepted
            ),
        )
    ]


def _too_long(text: str) -> Iterator[str]:
    for start, end in sentences.spans(text):
        sentence = text[start:end].split()
        if len(sentence) > LONGEST:
            opening = " ".join(sentence[:6])
            yield f"De zin ‘{opening} …’ heeft meer dan {LONGEST} woorden: maak er twee van."


def _misspelt(texts: Sequence[str]) -> list[list[str]]:
    """Return the words of each text that are not in the dictionary; none without a Dutch one."""
    none: list[list[str]] = [[] for _ in texts]
    if not shutil.which("hunspell"):
        return none
    checked = subprocess.run(
        ["hunspell", "-d", "nl", "-l", "-i", "utf-8"],
        # All at once: the dictionary takes long to read. The word between two texts is in none.
        input=f"\n{_BETWEEN}\n".join(re.sub(r"\S*[\d@/_]\S*", " ", text) for text in texts),
        capture_output=True,
        text=True,
    )
    if checked.returncode:
        return none
    of_texts = checked.stdout.split(f"{_BETWEEN}\n")
    return [[*dict.fromkeys(word.strip(".") for word in words.split())] for words in of_texts]


def read(path: Path) -> tuple[list[Passage], list[Signoff]]:
    """Read the passages of a workbook and its sign-offs; none where it is not there.

    Raises
    ------
    WorkbookError
        If one of the files cannot be read.
    """
    if not path.exists():
        return [], []
    try:
        written = passages(json.loads(read_json(path)))
    except cells.STUMBLES:
        raise WorkbookError(
            f"{path.name} is geen leesbaar werkboek: zet de vorige versie van het bestand terug."
        ) from None
    return written, signoffs.read(signoffs.beside(path))


def text_of(path: Path, sheets: Sheets) -> Text:
    """Read the text of a workbook; one without passages where it is not there.

    Raises
    ------
    WorkbookError
        If the workbook or its sign-offs cannot be read.
    """
    return Text(*read(path), sheets, known_words(path.parent.parent, own_sheet(sheets)))


def open_points(path: Path, sheets: Sheets, scope: str) -> list[Point]:
    """List the open points of a workbook, with the advice after them.

    Raises
    ------
    WorkbookError
        If the workbook or its sign-offs cannot be read.
    """
    text = text_of(path, {scope: sheets[scope], **sheets})
    if not text.passages:
        return [Point("het werkboek", "Er is nog geen werkboek: maak het met bwk open.")]
    return [*text.points, *advice(text.passages, text.known)]


def known_words(notebooks: Path, sheet: FactSheet) -> list[str]:
    """Return the words of the names in the data, and of the evaluators' own list."""
    labels = (*sheet.services, *sheet.roles, *sheet.neighbourhoods, *sheet.partners)
    texts = [label.name for label in (sheet.scope, *labels)]
    own = notebooks / "woordenlijst.txt"
    if own.exists():
        texts.append(own.read_text(encoding="utf-8"))
    return " ".join(texts).split()
