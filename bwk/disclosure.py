"""What may not be shown: the threshold, what is held back to protect it, and the proof.

A reader knows all that is published: each number is an equation over unknown whole numbers, the
cells; who reads a share or a growth is taken to know both counts behind it. `protect` chooses what
to hold back, in one decision for all that appears together. `audit` proves any such choice, and
knows nothing of how it was made.

The proof: per number held back, whole-number tables that agree with all that is published and in
which it differs by the threshold. The truth is one of them; the others are looked for as
deviations from it, at first in one part of the cells at a time. A linear relaxation would prove
nothing, as it allows tables that are not whole. Each table is checked, and a search that gives up
counts as exposed, so the solver's limits can only make the audit stricter.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, diags_array, eye_array, hstack, vstack

from bwk.errors import DataError

_SLACK = 1e-6  # the feasibility tolerance of the solver
_NODES = 500  # where a search gives up: not after a time, so that each run gives the same
_STEP = 1e-3  # what a deviation costs, beside the range that it widens
_NEARBY = (0, 100, 400)  # columns that are tried beside those of the linear program
_GAP = 0.2  # how far from the best a solution may be, where another search may follow
_TOGETHER = 40  # numbers that are looked at at once
_HARD = 2_000_000  # rows times columns of what is too large for whole numbers
_SMALL = 500  # cells that are looked at all at once
_ROUNDS = 3  # searches that serve many numbers at once, before each is looked at alone

Name = Hashable
Terms = Mapping[Hashable, float]


@dataclass(frozen=True)
class Relation:
    """A sum of `factor * cell` between two bounds (included) that any reader knows."""

    terms: Terms
    value: float
    low: float = 0.0
    high: float = math.inf


@dataclass(frozen=True)
class Number:
    """A count that may be published: a sum over cells, and what does not change.

    Attributes
    ----------
    name : hashable
        Unique among the numbers judged together.
    value : float
    terms : mapping of cell to factor
        The sum.
    people : int
        How many people stand behind it.
    fixed : 'published', 'withheld' or None
        Decided in an earlier publication.
    weight : float
        The cost of holding it back; totals are dear.
    least : int
        What a reader knows it to be at least, where it is held back: zero is published.
    """

    name: Name
    value: float
    terms: Terms
    people: int = 0
    fixed: Literal["published", "withheld"] | None = None
    weight: float = 1.0
    least: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it may be held back now: zero is published, and what is decided stays."""
        return self.fixed is None and self.value != 0


@dataclass(frozen=True)
class Table:
    """The true table: the number in each cell, and the parts in which a cell lies."""

    values: dict[Hashable, int] = field(default_factory=dict)
    parts: dict[Hashable, frozenset[str]] = field(default_factory=dict)


Deviation = Mapping[Hashable, int]  # by how much the cells of a table differ from the truth


class Choice(NamedTuple):
    """What to hold back.

    Attributes
    ----------
    withheld : frozenset of names
    protects : dict of name to name
        Of a number that is held back for another, that other.
    tables : list of Deviation
        Tables that agree with all that is published.
    """

    withheld: frozenset[Name]
    protects: dict[Name, Name]
    tables: list[Deviation]


class Unprotectable(DataError):
    """A number that what was published before gives away.

    Attributes
    ----------
    name : name of the number
    told_by : set of names
        Published numbers that it follows from.
    """

    def __init__(self, name: Name, told_by: Collection[Name]) -> None:
        super().__init__(f"Een cijfer is niet te beschermen naast wat al is uitgegeven: {name}.")
        self.name, self.told_by = name, told_by


class Range(NamedTuple):
    """The smallest and the largest value that a number held back is proven to be able to have."""

    low: float
    high: float


def protect(
    numbers: Sequence[Number], relations: Iterable[Relation], truth: Table, threshold: int
) -> Choice:
    """Return the names to hold back, and the tables that hide them.

    First the numbers with fewer than `threshold` people behind them; then, for each that can be
    worked out, the cheapest others that hide it. To hold back more never narrows a range: what is
    safe once stays safe.

    Raises
    ------
    Unprotectable
        Where what was published before gives a number away.
    """
    system = _System(numbers, [*relations], truth, threshold)
    withheld = frozenset(n.name for n in numbers if _is_primary(n, threshold))
    protects: dict[Name, Name] = {}
    while exposed := _narrow(system.ranges(withheld), threshold):
        before = withheld
        for name in exposed:
            cover = system.cover(withheld, name)
            protects |= dict.fromkeys(cover - withheld, name)
            withheld |= cover
        if withheld == before:
            name = next(iter(exposed))
            raise Unprotectable(name, system.cover(withheld, name, decided=True))
    return Choice(withheld, protects, system.tables)


def audit(
    numbers: Sequence[Number],
    withheld: Collection[Name],
    relations: Iterable[Relation],
    truth: Table,
    threshold: int,
    tables: Iterable[Deviation] = (),
) -> tuple[dict[Name, Range], dict[Name, Range]]:
    """Return the proven range of each number held back, and of those that leak.

    What leaks has a range narrower than `threshold`, or should have been held back and is not.
    `tables` may help: those that agree with what is published need not be found again.
    """
    names = frozenset(withheld)
    system = _System(numbers, [*relations], truth, threshold)
    for table in tables:
        system.add(table)
    ranges = system.ranges(names, downward=True)
    told = {
        number.name: Range(number.value, number.value)
        for number in numbers
        if _is_primary(number, threshold) and number.name not in names
    }
    return ranges, told | _narrow(ranges, threshold)


def _is_primary(number: Number, threshold: int) -> bool:
    small = 0 < number.people < threshold
    return number.fixed == "withheld" or (number.is_open and small)


def _narrow(ranges: Mapping[Name, Range], threshold: int) -> dict[Name, Range]:
    return {name: range_ for name, range_ in ranges.items() if range_.high - range_.low < threshold}


class _Rows(NamedTuple):
    """Sums over columns, between two bounds."""

    matrix: csr_array
    low: np.ndarray
    high: np.ndarray


class _Part(NamedTuple):
    """The cells that may deviate while all others stay, and the rows that notice.

    The columns of `matrix` are deviations: one more in a cell, then one less in a cell that is not
    empty. `most` is how often; `signs` and `cells` say which deviation of which cell.
    """

    rows: np.ndarray
    matrix: csr_array
    most: np.ndarray
    signs: np.ndarray
    cells: np.ndarray


class _System:
    """Numbers and relations as rows over the cells, of which the truth is one solution."""

    def __init__(
        self, numbers: Sequence[Number], relations: list[Relation], truth: Table, threshold: int
    ) -> None:
        self.numbers, self.threshold = numbers, threshold
        self._relations = relations
        self._row = {number.name: row for row, number in enumerate(numbers)}
        rows = [number.terms for number in numbers] + [relation.terms for relation in relations]
        cells: dict[Hashable, int] = {}
        columns = [cells.setdefault(cell, len(cells)) for terms in rows for cell in terms]
        factors = np.array([factor for terms in rows for factor in terms.values()], float)
        starts = np.cumsum([0, *map(len, rows)])
        self._cells = cells
        self._by_row = csr_array((factors, columns, starts), shape=(len(rows), len(cells)))
        self._matrix = self._by_row.tocsc()
        self._there = np.array([truth.values.get(cell, 0) for cell in cells], float)
        self._places = [truth.parts.get(cell, frozenset()) for cell in cells]
        members: dict[str, list[int]] = defaultdict(list)
        for cell, places in enumerate(self._places):
            for place in places:
                members[place].append(cell)
        self._parts = {place: self._part(members[place]) for place in sorted(members)}
        self._whole = self._part(range(len(cells)))
        self._deviations: list[np.ndarray] = []

    @property
    def tables(self) -> list[Deviation]:
        """The tables that were found, as deviations from the truth."""
        names = [*self._cells]
        return [
            {names[cell]: int(deviation[cell]) for cell in np.flatnonzero(deviation)}
            for deviation in self._deviations
        ]

    def add(self, table: Deviation) -> None:
        """Take in a table that may agree with what is published."""
        deviation = np.zeros(len(self._cells))
        for cell, change in table.items():
            if cell in self._cells:
                deviation[self._cells[cell]] = change
        self._deviations.append(deviation)

    def _part(self, chosen: Sequence[int]) -> _Part:
        cells = np.array(chosen, int)
        own = self._matrix[:, cells]
        rows = np.unique(own.indices)
        inside = own.tocsr()[rows]
        filled = np.flatnonzero(self._there[cells])
        return _Part(
            rows,
            hstack([inside, -inside[:, filled]], format="csr"),
            np.append(np.full(len(cells), np.inf), self._there[cells][filled]),
            np.append(np.ones(len(cells)), -np.ones(len(filled))),
            np.append(cells, cells[filled]),
        )

    def _limits(self, withheld: frozenset[Name]) -> np.ndarray:
        """By how much each row may deviate: shape (2, rows)."""
        numbers = [
            (number.least - number.value, math.inf) if number.name in withheld else (0, 0)
            for number in self.numbers
        ]
        relations = [
            (relation.low - relation.value, relation.high - relation.value)
            for relation in self._relations
        ]
        low, high = np.array([*numbers, *relations], float).reshape(-1, 2).T
        return np.array([np.minimum(low, 0), np.maximum(high, 0)])

    def ranges(self, withheld: frozenset[Name], downward: bool = False) -> dict[Name, Range]:
        """Return the range of each number held back.

        `downward`: look for less than the truth too where there is room enough above it, so that
        the range does not begin with the truth.
        """
        limits = self._limits(withheld)
        aims = np.array(sorted(self._row[name] for name in withheld), int)
        spread = _Spread(aims)
        for deviation in self._deviations:
            spread.widen(self._matrix @ deviation, self._agrees(deviation, limits))
        if len(self._cells) > _SMALL:
            homes = [self._homes(aim) for aim in aims]
            for place, part in self._parts.items():
                own = np.array([place in home for home in homes])
                abroad = np.array([not home for home in homes])
                self._widen(part, limits, spread, own | abroad, own)
        everything = np.ones(len(aims), dtype=bool)
        self._widen(self._whole, limits, spread, everything, everything)
        if downward and len(low_ones := np.flatnonzero(spread.less == 0)):
            self._push(self._whole, limits, spread, low_ones, -np.ones(len(low_ones)))
        return {
            self.numbers[aim].name: Range(
                self.numbers[aim].value + less, self.numbers[aim].value + more
            )
            for aim, less, more in zip(aims, spread.less, spread.more, strict=True)
        }

    def _agrees(self, deviation: np.ndarray, limits: np.ndarray) -> bool:
        """Whether a table agrees with all that is known."""
        moved = self._matrix @ deviation
        known = np.all((moved >= limits[0] - _SLACK) & (moved <= limits[1] + _SLACK))
        whole = np.all(deviation == np.round(deviation))
        return bool(known and whole and np.all(self._there + deviation >= 0))

    def _homes(self, row: int) -> frozenset[str]:
        """Return the parts in which all cells of a row lie."""
        cells = self._by_row.indices[self._by_row.indptr[row] : self._by_row.indptr[row + 1]]
        places = [self._places[cell] for cell in cells]
        return frozenset.intersection(*places) if places else frozenset()

    def _widen(
        self,
        part: _Part,
        limits: np.ndarray,
        spread: "_Spread",
        together: np.ndarray,
        alone: np.ndarray,
    ) -> None:
        """Widen the ranges by the tables that are found where a part of the cells deviates.

        `together` and `alone` mark the aims that are looked at at once, and one by one.
        """
        toss = np.random.default_rng(0)
        noticed = np.isin(spread.aims, part.rows)
        for attempt in range(_ROUNDS):
            left = np.flatnonzero(noticed & together & spread.is_narrow(self.threshold))
            for some in np.array_split(left, range(_TOGETHER, len(left), _TOGETHER)):
                if some.size:
                    up = np.ones(len(some))
                    signs = toss.choice([-1.0, 1.0], len(some)) if attempt else up
                    self._push(part, limits, spread, some, signs)
        for aim in np.flatnonzero(noticed & alone & spread.is_narrow(self.threshold)):
            for sign in (1.0, -1.0):
                if spread.is_narrow(self.threshold)[aim]:
                    self._push(part, limits, spread, np.array([aim]), np.array([sign]))

    def _push(
        self,
        part: _Part,
        limits: np.ndarray,
        spread: "_Spread",
        which: np.ndarray,
        signs: np.ndarray,
    ) -> None:
        """Look for a table in which some rows deviate, and keep it if it agrees with all."""
        place = np.searchsorted(part.rows, spread.aims[which])
        steps = _pushed(part, limits[:, part.rows], place, signs, self.threshold)
        deviation = self._deviation(part, steps) if steps is not None else np.zeros(0)
        if deviation.any() and self._agrees(deviation, limits):
            self._deviations.append(deviation)
            spread.widen(self._matrix @ deviation, agrees=True)

    def _deviation(self, part: _Part, steps: np.ndarray) -> np.ndarray:
        moves = np.round(steps) * part.signs
        return np.bincount(part.cells, moves, len(self._cells))

    def cover(self, withheld: frozenset[Name], name: Name, decided: bool = False) -> set[Name]:
        """Return the cheapest published numbers to hold back so that `name` gets its range.

        `decided`: those that it would take if what was published before could be held back.
        """
        aim = self._row[name]
        home = [self._parts[place] for place in sorted(self._homes(aim))]
        for part in (*home, self._whole):
            for whole in (False, True):
                if hidden := self._cover(part, withheld, aim, whole, decided):
                    return hidden
        return set()

    def _cover(
        self, part: _Part, withheld: frozenset[Name], aim: int, whole: bool, decided: bool
    ) -> set[Name]:
        """The same, where only a part of the cells deviates, by whole numbers or by any.

        Two tables differ by the threshold in the number to hide. Where they deviate from a number
        that is published, by at most its slack, it costs slack times weight, and is held back.
        """
        if aim not in part.rows:
            return set()
        low, high = self._limits(withheld)[:, part.rows]
        owners = [self.numbers[row] if row < len(self.numbers) else None for row in part.rows]
        loose = np.array(
            [
                owner is not None
                and owner.name not in withheld
                and (owner.is_open or (decided and owner.value != 0))
                for owner in owners
            ]
        )
        size, cells = part.matrix.shape
        soft = np.flatnonzero(loose)
        slack = eye_array(size, format="csr")[:, soft]
        least = np.where(loose, [o.least - o.value if o else 0 for o in owners], -np.inf)
        goal = part.matrix[[np.searchsorted(part.rows, aim)]]
        nothing = csr_array(part.matrix.shape)
        above, below, floor = [], [], []
        for matrices in ([part.matrix, nothing], [nothing, part.matrix]):
            above.append(hstack([*matrices, slack]))
            below.append(hstack([*matrices, -slack]))
            floor.append(hstack([*matrices, 0 * slack]))
        tables = vstack([*above, *below], format="csr")
        apart = hstack([goal, -goal, csr_array((1, len(soft)))])
        endless = np.full(size, np.inf)
        limits = _Rows(
            vstack([tables, *floor, apart], format="csr"),
            np.concatenate([low, low, -endless, -endless, least, least, [self.threshold]]),
            np.concatenate([endless, endless, high, high, endless, endless, [np.inf]]),
        )
        costs = np.append(np.full(2 * cells, _STEP), [_cost(owners[row]) for row in soft])
        most = np.concatenate([part.most, part.most, np.full(len(soft), np.inf)])
        pair = _solved(costs, limits, most, whole & (np.arange(len(costs)) < 2 * cells), _GAP)
        if pair is None:
            return set()
        steps = pair[: 2 * cells].reshape(2, cells)
        self._deviations += [self._deviation(part, own) for own in steps if own.any()]
        moved = part.matrix @ steps.T
        off = loose & np.any(np.abs(moved) > _SLACK, axis=1)
        return {owner.name for owner, moves in zip(owners, off, strict=True) if owner and moves}


class _Spread:
    """How far some rows are known to deviate from the truth, to both sides."""

    def __init__(self, aims: np.ndarray) -> None:
        self.aims = aims
        self.less, self.more = np.zeros(len(aims)), np.zeros(len(aims))

    def widen(self, moved: np.ndarray, agrees: bool) -> None:
        """Take in how a table moves all rows, if it agrees with what is known."""
        if agrees:
            self.less = np.minimum(self.less, moved[self.aims])
            self.more = np.maximum(self.more, moved[self.aims])

    def is_narrow(self, threshold: int) -> np.ndarray:
        """Tell of each row whether its range is not wide enough."""
        return self.more - self.less < threshold


def _pushed(
    part: _Part, limits: np.ndarray, aims: np.ndarray, signs: np.ndarray, threshold: int
) -> np.ndarray | None:
    """The steps that move the aims the way of their signs, within limits; None if none is found."""
    size, columns = part.matrix.shape
    number = len(aims)
    pull = hstack([diags_array(signs) @ part.matrix[aims], -eye_array(number)])
    held = hstack([part.matrix, csr_array((size, number))])
    rows = _Rows(
        vstack([held, pull], format="csr"),
        np.append(limits[0], np.zeros(number)),
        np.append(limits[1], np.full(number, np.inf)),
    )
    costs = np.append(np.full(columns, _STEP), np.full(number, -1.0))
    most = np.append(part.most, np.full(number, float(threshold)))
    gap = _GAP if number > 1 else _GAP / 2
    solution = _solved(costs, rows, most, np.arange(len(costs)) < columns, gap)
    return None if solution is None else solution[:columns]


def _solved(
    costs: np.ndarray, rows: _Rows, most: np.ndarray, whole: np.ndarray, gap: float
) -> np.ndarray | None:
    """The cheapest solution; a linear program will do where its corner is as whole as it must be.

    Else the cheapest among the columns that the linear program used or nearly used, which is far
    quicker than among all. `gap` is how far from the cheapest it may be.
    """
    relaxed = _relaxed(costs, rows, most)
    if relaxed.x is None or np.abs(relaxed.x - np.round(relaxed.x))[whole].max(initial=0) < _SLACK:
        return relaxed.x
    regret = np.where(relaxed.x > _SLACK, -1.0, relaxed.lower.marginals)
    order = np.argsort(regret, kind="stable")
    best = None
    for more in _NEARBY:
        used = np.flatnonzero((regret < 0) | ~whole)
        used = np.union1d(used, order[: len(used) + more])
        if len(used) * rows.matrix.shape[0] > _HARD:
            break
        found = milp(
            costs[used],
            integrality=whole[used],
            bounds=Bounds(0, most[used]),
            constraints=LinearConstraint(rows.matrix[:, used], rows.low, rows.high),
            options={"mip_rel_gap": gap, "node_limit": _NODES},
        )
        if found.x is not None and (best is None or costs @ best > found.fun):
            best = np.zeros(len(costs))
            best[used] = found.x
        if best is not None and costs @ best - relaxed.fun <= gap * abs(relaxed.fun):
            break
    return best


def _relaxed(costs: np.ndarray, rows: _Rows, most: np.ndarray) -> Any:
    """The cheapest solution where numbers need not be whole."""
    matrix, low, high = rows
    exact = low == high
    above, below = ~exact & np.isfinite(high), ~exact & np.isfinite(low)
    return linprog(  # type: ignore[call-overload]
        costs,
        A_ub=vstack([matrix[above], -matrix[below]]),
        b_ub=np.append(high[above], -low[below]),
        A_eq=matrix[exact],
        b_eq=low[exact],
        bounds=np.column_stack([np.zeros(len(most)), most]),
        method="highs-ds",
        options={"presolve": False},  # the truth is a corner already: it only costs time
    )


def _cost(owner: Number | None) -> float:
    """Large numbers are dearer."""
    return owner.weight * math.log1p(owner.value) if owner else 0.0
