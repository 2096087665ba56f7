"""Each number of a workbook traced to its fact, and what still has to be done."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bwk import cells
from bwk.errors import WorkbookError
from bwk.facts import Fact, FactSheet, Label
from bwk.files import read_json
from bwk.narrative import claims, sentences, signoffs, words
from bwk.narrative.claims import Claim
from bwk.narrative.prompts import PROMPT, asked
from bwk.narrative.signoffs import Signoff

NO_COUNT = "geen telling"  # the source of what an evaluator says is no claim at all
LONGEST = 25  # words in a sentence
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Passage:
    """The text of a cell, under the heading of its section; whether it follows up intentions."""

    section: str
    text: str
    follows_up: bool = False


@dataclass(frozen=True)
class Traced:
    """A claim of a passage with its sign-off and, where that names one, its fact as it is now.

    Its `state` is `open` (nobody confirmed it), `klopt`, `bron` (it comes from elsewhere) or
    `verouderd` (the fact no longer says so).
    """

    passage: Passage
    claim: Claim
    signoff: Signoff | None = None
    fact: Fact | None = None

    @property
    def state(self) -> str:
        if self.signoff is None:
            return "open"
        if not self.signoff.fact:
            return "bron"
        if self.number is not None and claims.holds(self.claim, self.number):
            return "klopt"
        return "verouderd"

    @property
    def settled(self) -> bool:
        """Whether somebody confirmed it and it still holds."""
        return self.state in ("klopt", "bron")

    @property
    def number(self) -> float | None:
        """The value of its fact; None where it has none, or may not be shown."""
        return self.fact.number if self.fact else None

    @property
    def sentence(self) -> str:
        """The sentence around the claim, on one line."""
        start, end = sentences.around(self.passage.text, self.claim.start, self.claim.end)
        return " ".join(self.passage.text[start:end].split())

    @property
    def remark(self) -> str:
        """What has changed, or has to be done, in a Dutch sentence; empty where all is well."""
        if self.state == "open":
            return f"Het getal ‘{self.claim.text}’ is nog niet bevestigd."
        if self.state != "verouderd" or self.signoff is None:
            return ""
        if self.fact is None or self.fact.value is None:
            return f"Het getal ‘{self.claim.text}’ mag niet meer in het verslag: haal het weg."
        was = self.signoff.value
        shown = claims.rewrite(self.claim, was) if was is not None else self.claim.text
        return f"Het getal ‘{shown}’ klopt niet meer: was {shown}, nu {self.fact.text}."


@dataclass(frozen=True)
class Point:
    """Something still to do; advice does not keep a report from being finished."""

    section: str
    message: str
    advice: bool = False

    def __str__(self) -> str:
        colon = "" if self.section.endswith(("?", "!", ".")) else ":"
        return f"{self.section}{colon} {self.message}"


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
            written.append(Passage(section, text, follows_up))
    return written


def trace(
    found: Sequence[Passage], signed: Sequence[Signoff], sheets: Mapping[str, FactSheet]
) -> list[Traced]:
    """Trace the claims of passages to the facts of the sheets, by the sign-offs."""
    numbers = [(one, claim) for one in found for claim in claims.find(PROMPT.sub(_blank, one.text))]
    matched = signoffs.match([(one.text, claim) for one, claim in numbers], signed)
    return [
        Traced(one, claim, signoff, _fact(signoff, sheets))
        for (one, claim), signoff in zip(numbers, matched, strict=True)
    ]


def points(found: Sequence[Passage], traced: Sequence[Traced], sheet: FactSheet) -> list[Point]:
    """List what is open: prompts, follow-up, numbers, and words that the data contradict."""
    written = {one.section for one in found if one.text.strip()}
    empty = dict.fromkeys(one.section for one in found if one.section not in written)
    listed = [Point(section, "Hier staat nog geen tekst.") for section in empty]
    for one in found:
        listed += [Point(one.section, said) for said in asked(one.text, one.follows_up)]
        own = [each for each in traced if each.passage is one]
        listed += [Point(one.section, each.remark) for each in own if each.remark]
        stated = [(each.claim, each.fact) for each in own if each.fact and each.state == "klopt"]
        for wrong in words.contradictions(one.text, stated, sheet):
            listed.append(Point(one.section, f"‘{wrong.text}’: {wrong.message}"))
    return listed


def advice(found: Iterable[Passage], known: Iterable[str] = ()) -> list[Point]:
    """Advise on long sentences, and on spelling where hunspell with Dutch is installed.

    `known` are words that the dictionary need not hold.
    """
    listed = []
    accepted = {word.strip().lower() for word in known}
    for one in found:
        plain = PROMPT.sub(_blank, one.text)
        for said in (plain[slice(*span)].split() for span in sentences.spans(plain)):
            if len(said) > LONGEST:
                start = " ".join(said[:6])
                message = f"De zin ‘{start} …’ heeft meer dan {LONGEST} woorden: maak er twee van."
                listed.append(Point(one.section, message, advice=True))
        wrong = [word for word in _misspelt(one.text) if word.lower() not in accepted]
        listed += [
            Point(one.section, f"Kijk naar de spelling van ‘{word}’.", advice=True)
            for word in wrong
        ]
    return listed


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
        found = passages(json.loads(read_json(path)))
    except (ValueError, LookupError, TypeError, AttributeError):
        raise WorkbookError(
            f"{path.name} is geen leesbaar werkboek: zet de vorige versie van het bestand terug."
        ) from None
    return found, signoffs.read(signoffs.beside(path))


def open_points(path: Path, sheets: Mapping[str, FactSheet], scope: str) -> list[Point]:
    """List the open points of a workbook, with the advice after them.

    Raises
    ------
    WorkbookError
        If the workbook or its sign-offs cannot be read.
    """
    found, signed = read(path)
    if not found:
        return [Point("het werkboek", "Er is nog geen werkboek: maak het met bwk open.")]
    words_known = path.parent.parent / "woordenlijst.txt"
    known = words_known.read_text(encoding="utf-8").split() if words_known.exists() else []
    named = [label.name for label in _labels(sheets[scope])]
    listed = points(found, trace(found, signed, sheets), sheets[scope])
    return [*listed, *advice(found, [*known, *" ".join(named).split()])]


def _labels(sheet: FactSheet) -> list[Label]:
    return [sheet.scope, *sheet.services, *sheet.roles, *sheet.neighbourhoods, *sheet.partners]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _fact(signoff: Signoff | None, sheets: Mapping[str, FactSheet]) -> Fact | None:
    if signoff is None or signoff.scope not in sheets:
        return None
    return sheets[signoff.scope].facts.get(signoff.fact)


def _misspelt(text: str) -> Iterator[str]:
    if not shutil.which("hunspell"):
        return
    plain = re.sub(r"\S*[\d@/_]\S*", " ", PROMPT.sub(_blank, text))
    done = subprocess.run(
        ["hunspell", "-d", "nl", "-l", "-i", "utf-8"], input=plain, capture_output=True, text=True
    )
    if not done.returncode:  # no Dutch dictionary, no advice
        yield from dict.fromkeys(word.strip(".") for word in done.stdout.split())
