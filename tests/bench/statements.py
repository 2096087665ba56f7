"""Sentences about facts: is the right fact proposed, and is what is untrue an open point?

    python tests/bench/statements.py --data DIR FILE...

A file holds sentences of one form, told by its name; a claim stands in {braces}.

- `true`: true sentences; right is each claim whose own fact is proposed before any other.
- `false`: untrue ones, confirmed as far as that goes; right is what is an open point then.
- `words`: true ones with a word of direction, size or order; right is what no word keeps open.
- `down`: ways to say that something fell or stayed as it was, of a service that rose.
- `edits`: a confirmed sentence and an untrue edit of it; right is what is open again. Where the
  name says `harmless` the edit leaves what is said, and right is what stays confirmed.

One line is printed for each file; `--wrong` shows what is not right. A sentence about what the data
lack is named, and not judged. Without files: those of the project's own hand, about the sample.
"""

import argparse
import re
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bwk import facts, periods
from bwk.facts import FactSheet
from bwk.narrative import claims, formulas, signoffs, tracing
from bwk.narrative.candidates import Candidate
from bwk.narrative.claims import Claim
from bwk.narrative.proposals import propose, speaks_against
from bwk.narrative.signoffs import Signoff
from bwk.narrative.statements import derive
from bwk.narrative.tracing import Passage

ROOT = Path(__file__).parents[2]
OWN = ROOT / "tests" / "ground_truth" / "statements"
RISEN = "deelnames.formulieren"  # what the sentences of `down` are about
SIGNER = ("Ans", "2021-07-01")
Sheets = dict[str, FactSheet]
Verdict = tuple[str, bool]  # what was judged, and whether it is right


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=ROOT / "data")
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("files", type=Path, nargs="*", default=sorted(OWN.glob("*.txt")))
    options = parser.parse_args()
    sheets = read(options.data)
    for path in options.files:
        verdicts = [*judged(path, sheets)]
        right = sum(is_right for _, is_right in verdicts)
        print(f"{path.name}: right {right} of {len(verdicts)}")
        if options.wrong:
            print(*(f"  {text}" for text, is_right in verdicts if not is_right), sep="\n")


def read(data: Path) -> Sheets:
    """Return the sheets of the first period that the programme names a baseline of."""
    programme = tomllib.loads((data / "programma.toml").read_text(encoding="utf-8"))
    period = periods.parse(next(iter(programme["basisperiode"])))
    with tempfile.TemporaryDirectory() as folder:
        return dict(facts.read_book(data, Path(folder), period).sheets)


def judged(path: Path, sheets: Sheets) -> Iterator[Verdict]:
    """Judge the sentences of a file by the form that its name tells."""
    forms: dict[str, Callable[[list[str], Sheets], Iterator[Verdict]]] = {
        "harmless": harmless,
        "down": down,
        "edits": edits,
        "words": words,
        "false": false,
        "true": true,
    }
    judge = next(forms[name] for name in forms if name in path.stem)
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        row = [part.strip() for part in line.split(" | ")]
        try:
            find_facts(row, sheets)
            verdicts = [*judge(row, sheets)]
        except LookupError:
            print(f"{path.name}: not in the data, not judged: {line}", file=sys.stderr)
        else:
            yield from verdicts


def find_facts(row: list[str], sheets: Sheets) -> None:
    """Look up the facts that a row names, but for what is worked out; a `KeyError` if one lacks."""
    for name in re.split("[;/]", row[3] if len(row) > 3 else ""):
        scope, _, fact = name.partition(":")
        if fact and not is_worked_out(name):
            sheets[scope].facts[fact]


def true(row: list[str], sheets: Sheets) -> Iterator[Verdict]:
    _, scope, marked, expected = row
    text, marks = unmarked(marked)
    own = ordered(sheets, scope)
    found = claims.find(text)
    for mark, names in zip(marks, expected.split(";"), strict=True):
        claim = next((claim for claim in found if overlaps(claim, mark)), None)
        proposed = first(text, claim, own) if claim else "not found"
        wanted = ["" if name == "-" else name for name in names.split("/")]
        is_right = proposed in wanted or ("" in wanted and is_worked_out(proposed))
        yield f"{marked}  -> {proposed or '-'}", is_right


def false(row: list[str], sheets: Sheets) -> Iterator[Verdict]:
    _, scope, marked, *meant = [*row, ""][:4]
    text, _ = unmarked(marked)
    own = ordered(sheets, scope)
    yield marked, bool(points(text, confirmed(marked, meant[0], own, is_true=False), own))


def words(row: list[str], sheets: Sheets) -> Iterator[Verdict]:
    _, scope, marked, meant = row
    text, _ = unmarked(marked)
    own = ordered(sheets, scope)
    flags = [point for point in points(text, confirmed(marked, meant, own), own) if "‘" in point]
    flags = [point for point in flags if not point.startswith("Het getal")]
    yield f"{marked}  -> {flags}", not flags


def down(row: list[str], sheets: Sheets) -> Iterator[Verdict]:
    marked = f"Het aantal deelnames aan formulieren {row[0]}."
    text, _ = unmarked(marked)
    number = claims.find(text)[-1].value
    scopes = [scope for scope in sheets if sheets[scope][RISEN].number == number]
    own = ordered(sheets, scopes[0])
    yield marked, bool(points(text, confirmed(marked, f"{scopes[0]}:{RISEN}", own), own))


def edits(row: list[str], sheets: Sheets) -> Iterator[Verdict]:
    before, after, scope, meant = row
    own = ordered(sheets, scope)
    signed = confirmed(before, meant, own)
    already = points(unmarked(before)[0], signed, own)
    still = points(unmarked(after)[0], signed, own)
    yield f"{before}  -> {after} {still}", bool({*still} - {*already})


def harmless(row: list[str], sheets: Sheets) -> Iterator[Verdict]:
    for after, is_open in edits(row, sheets):
        yield after, not is_open


def unmarked(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a sentence without its marks, and the spans that stood between braces."""
    text, spans = "", []
    for part in re.split(r"(\{[^}]*\})", marked):
        inside = part.strip("{}") if part.startswith("{") else ""
        if inside:
            spans.append((len(text), len(text) + len(inside)))
        text += inside or part
    return text, spans


def overlaps(claim: Claim, mark: tuple[int, int]) -> bool:
    return claim.start < mark[1] and mark[0] < claim.end


def ordered(sheets: Sheets, scope: str) -> Sheets:
    return {scope: sheets[scope], **sheets}


def first(text: str, claim: Claim, sheets: Sheets) -> str:
    proposals = propose(text, claim, sheets)
    return f"{proposals[0].scope}:{proposals[0].fact}" if proposals else ""


def is_worked_out(proposed: str) -> bool:
    """Whether it is made of facts, and none itself."""
    return bool(re.search(r"\s", proposed))


def confirmed(marked: str, meant: str, sheets: Sheets, is_true: bool = True) -> list[Signoff]:
    """Confirm what can be, as an evaluator would who means those facts.

    Of a true sentence the numbers without a mark are confirmed from another source.
    """
    text, marks = unmarked(marked)
    found = claims.find(text)
    names = meant.split(";")
    if len(names) == len(marks):
        pairs = [
            (claim, name)
            for claim in found
            for mark, name in zip(marks, names, strict=True)
            if overlaps(claim, mark)
        ]
    else:
        pairs = list(zip(found, names, strict=False))
    told = [claim for claim, _ in pairs]
    if is_true:
        pairs += [(claim, "src") for claim in found if claim not in told]
    signed = (signoff(text, claim, name, sheets) for claim, name in pairs)
    return [each for each in signed if each]


def signoff(text: str, claim: Claim, name: str, sheets: Sheets) -> Signoff | None:
    """Return the confirmation of a claim; None where it cannot be confirmed."""
    around = signoffs.around(text, claim)
    said = derive(text, claim, next(iter(sheets.values())))
    if name == "src":
        return Signoff(claim.text, *around, "", "", None, "een krant", *SIGNER, said)
    scope, _, fact = (first(text, claim, sheets) if name == "?" else name).partition(":")
    if formulas.is_formula(fact):  # the scope is that of its first term
        fact = name if name != "?" else first(text, claim, sheets).partition(":")[2]
    known = formulas.fact_of(scope, fact, sheets) if scope else None
    value = known.number if known else None
    if known is None or value is None or not claims.holds(claim, value):
        return None
    if not formulas.is_formula(fact):
        candidate = Candidate(known, sheets[scope])
        if speaks_against(text, claim, candidate, next(iter(sheets.values()))):
            return None  # the panel refuses it
    return Signoff(claim.text, *around, scope, fact, value, "", *SIGNER, said)


def points(text: str, signed: Sequence[Signoff], sheets: Sheets) -> list[str]:
    passages = [Passage("Deelnemers", text)]
    return [point.message for point in tracing.Text(passages, signed, sheets).points]


if __name__ == "__main__":
    main()
