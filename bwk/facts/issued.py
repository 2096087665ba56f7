"""All that was ever issued from an output folder: the counts shown, and those held back.

A line for each time that a period was issued, never changed afterwards. A line holds the sum of the
line before it, and `run.json` the sum of its own, so it is seen where lines are gone. Whoever joins
two output folders puts both files side by side (`uitgegeven-2.jsonl`): all of them are read.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from msgspec import Struct

from bwk import inputs, outputs
from bwk.errors import DataError
from bwk.facts.expressions import Count, Interval, Of
from bwk.files import alone, decoded, write

FILE = outputs.ISSUED
PORTIONS = f".{Path(FILE).stem}.json"
MARK = 16  # hexadecimal digits
CHANGED = "Een andere run gaf tegelijk cijfers uit: probeer het opnieuw."


class Shown(Struct, frozen=True, array_like=True):
    """A count, and what was shown of it; None where it was held back."""

    of: Of
    when: Interval
    where: tuple[str, ...]
    value: int | None

    @property
    def count(self) -> Count:
        """What was counted."""
        return Count(self.of, self.when, self.where)


class Line(
    Struct,
    frozen=True,
    rename={
        "period": "periode",
        "shown": "cijfers",
        "joined": "samen_genomen",
        "rounding": "afgerond_op",
        "nothing_sent": "niets_verstuurd",
        "before": "vorige",
    },
):
    """A time that a period was issued; or that somebody said that nothing of it was sent.

    Attributes
    ----------
    period : str
        Its folder.
    shown : tuple of Shown
    joined : tuple of str
        The services that were taken together.
    rounding : int
        To multiples of what number the counts were rounded; 0 where they were not.
    nothing_sent : bool
        Whether what was issued of the period in the lines before did not leave.
    before : str
        The sum of the line before; empty in the first.
    """

    period: str
    shown: tuple[Shown, ...] = ()
    joined: tuple[str, ...] = ()
    rounding: int = 0
    nothing_sent: bool = False
    before: str = ""


@dataclass(frozen=True)
class Issued:
    """What readers may have, of all periods.

    Attributes
    ----------
    told : mapping of Count to set of int
        The values that were ever shown as they are.
    held : set of Count
        What was ever held back.
    joined : tuple of str
        The services that were taken together the last time that any were.
    portions : mapping of str to str
        By the `mark` of a count and a value that was shown, what tells by how many people it is
        corrected later: see `counting.Census.portions`.
    rounding : int
        To multiples of what number counts were rounded the last time; 0 where they never were.
    rounded : mapping of Count to set of int
        What was shown rounded.
    """

    told: Mapping[Count, set[int]] = field(default_factory=dict)
    held: frozenset[Count] = frozenset()
    joined: tuple[str, ...] = ()
    portions: Mapping[str, str] = field(default_factory=dict)
    rounding: int = 0
    rounded: Mapping[Count, set[int]] = field(default_factory=dict)

    @property
    def counts(self) -> list[Count]:
        """All counts that were issued."""
        return [*dict.fromkeys([*self.told, *self.rounded, *self.held])]


NOTHING = Issued()


def read(output: Path) -> Issued:
    """Read what was ever issued from an output folder.

    Raises
    ------
    DataError
        If lines were lost or changed since they were written.
    """
    lines = _lines(output)
    told: dict[Count, set[int]] = defaultdict(set)
    rounded: dict[Count, set[int]] = defaultdict(set)
    held: set[Count] = set()
    joined: tuple[str, ...] = ()
    rounding = 0
    for line in _sent(lines):
        joined, rounding = line.joined or joined, line.rounding or rounding
        values = rounded if line.rounding else told
        for shown in line.shown:
            if shown.value is None:
                held.add(shown.count)
            else:
                values[shown.count].add(shown.value)
    return Issued(told, frozenset(held), joined, _portions(output), rounding, rounded)


def mark(count: Count, value: int) -> str:
    """Return by what a value of a count is known beside the lines."""
    return _sum(msgspec.json.encode(Shown(*count, value)))[:MARK]


def append(output: Path, line: Line, after: str, portions: Mapping[str, str] | None = None) -> str:
    """Note what is about to be issued of a period; return the sum of its line.

    `portions` are noted apart: they are keyed, and so other ones on another machine.

    Raises
    ------
    DataError
        If anything else was issued since `after` (`inputs.issued_key`), on which it was decided.
    """
    with alone(output / FILE, CHANGED):
        if inputs.issued_key(output, line.period) != after:
            raise DataError(CHANGED)
        own = [sent for sent in _sent(_lines(output)) if sent.period == line.period]
        before = _portions(output)
        noted = before | dict(portions or {})
        if noted != before:
            write(output / PORTIONS, msgspec.json.encode(noted, order="sorted"), private=True)
        if own and msgspec.structs.replace(own[-1], before="") == line:
            return _sum(msgspec.json.encode(own[-1]))
        return _add(output, line)


def forget(output: Path, folder: str) -> None:
    """Note that nothing of what was issued of a period was sent.

    A file that lost lines is put aside: then nothing of the whole output folder was sent.
    """
    output.mkdir(parents=True, exist_ok=True)
    with alone(output / FILE, CHANGED):
        folders = [folder]
        try:
            _lines(output)
        except DataError:
            for path in _files(output):
                path.rename(path.with_suffix(".kapot"))
            folders = [target.name for target in outputs.period_folders(output)]
        for each in dict.fromkeys([*folders, folder]):
            _add(output, Line(each, nothing_sent=True))


def _portions(output: Path) -> dict[str, str]:
    """Read the portions; none where the file is not as it was: corrections are then of few."""
    try:
        return decoded((output / PORTIONS).read_bytes(), dict[str, str])
    except (OSError, ValueError, RecursionError):
        return {}


def _sent(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines but for those of which somebody said that nothing was sent."""
    kept: list[Line] = []
    for line in lines:
        if line.nothing_sent:
            kept = [each for each in kept if each.period != line.period]
        else:
            kept.append(line)
    return iter(kept)


def _add(output: Path, line: Line) -> str:
    path = output / FILE
    written = path.read_bytes() if path.exists() else b""
    before = _sum(written.splitlines()[-1]) if written else ""
    raw = msgspec.json.encode(msgspec.structs.replace(line, before=before))
    write(path, written + raw + b"\n", lasting=True)
    return _sum(raw)


def _lines(output: Path) -> list[Line]:
    """Read all lines; DataError where one is gone, or is not as it was written."""
    lines: list[Line] = []
    sums: set[str] = set()
    for path in _files(output):
        raw = path.read_bytes().splitlines()
        try:
            own = [decoded(each, Line) for each in raw]
        except (ValueError, RecursionError):
            raise _lost(path.name) from None
        chained = ["", *map(_sum, raw)]
        if [line.before for line in own] != chained[: len(own)]:
            raise _lost(path.name)
        lines += own
        sums.update(chained)
    noted = {line.period for line in lines}
    voided = {line.period for line in lines if line.nothing_sent}
    for target in outputs.period_folders(output):
        issue = inputs.record(target).issued
        is_there = issue in sums if issue else target.name in noted
        if not is_there and target.name not in voided:
            raise _lost(FILE)
    return lines


def _lost(name: str) -> DataError:
    return DataError(
        f"In {name} in de uitvoermap staat niet meer alles wat is uitgegeven. Daarom wordt er "
        "niets uitgegeven: zet het bestand terug uit een reservekopie. Is er nog niets verstuurd, "
        "dan begint u opnieuw met bwk run --nothing-sent."
    )


def _files(output: Path) -> list[Path]:
    return sorted(output.glob(f"{Path(FILE).stem}*{Path(FILE).suffix}"))


def _sum(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
