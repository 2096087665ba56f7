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
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array, csr_array, diags_array, eye_array, hstack, vstack

from bwk.errors import DataError

_SLACK = 1e-6  # the feasibility tolerance of the solver
_NODES = 500  # where a search gives up: not after a time, so that each run gives the same
_STEP = 1e-3  # what a deviation costs, beside the range that it widens
_NEARBY = (0, 100, 400)  # columns that are tried beside those of the linear program
_GAP = 0.2  # how far from the best a solution may be, where another search may follow
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
    """The true table: the number in each cell, and the part in which a cell lies, if in one."""

    values: dict[Hashable, int] = field(default_factory=dict)
    parts: dict[Hashable, Hashable] = field(default_factory=dict)


class Range(NamedTuple):
    """The smallest and the largest value that a number held back is proven to be able to have."""

    low: float
    high: float


def protect(
    numbers: Sequence[Number], relations: Iterable[Relation], truth: Table, threshold: int
) -> frozenset[Name]:
    """Return the names to hold back.

    First the numbers with fewer than `threshold` people behind them; then, for each that can be
    worked out, the cheapest others that hide it. To hold back more never narrows a range: what is
    safe once stays safe.

    Raises
    ------
    DataError
        Where what was published before gives a number away.
    """
    system = _System(numbers, [*relations], truth, threshold)
    withheld = frozenset(n.name for n in numbers if _is_primary(n, threshold))
    ranges: dict[Name, Range] = {}
    while exposed := _narrow(system.ranges(withheld, ranges), threshold):
        before = withheld
        for name in exposed:
            withheld |= system.cover(withheld, name)
        if withheld == before:
            raise DataError(_not_to_hide(next(iter(exposed))))
    return withheld


def audit(
    numbers: Sequence[Number],
    withheld: Collection[Name],
    relations: Iterable[Relation],
    truth: Table,
    threshold: int,
) -> tuple[dict[Name, Range], dict[Name, Range]]:
    """Return the proven range of each number held back, and of those that leak.

    What leaks has a range narrower than `threshold`, or should have been held back and is not.
    """
    names = frozenset(withheld)
    system = _System(numbers, [*relations], truth, threshold)
    ranges = system.ranges(names, {})
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


def _not_to_hide(name: Name) -> str:
    place = ", ".join(map(str, name)) if isinstance(name, tuple) else name
    return (
        f"Het cijfer {place} is niet te beschermen naast wat al gepubliceerd is: "
        "maak de eerdere periodes in de uitvoermap opnieuw."
    )


class _Part(NamedTuple):
    """The cells that may deviate while all others stay, and the rows that notice.

    The columns of `matrix` are deviations: one more in a cell, then one less in a cell that is not
    empty; `most` is how often.
    """

    rows: np.ndarray
    matrix: csr_array
    most: np.ndarray


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
        self._matrix = csr_array((factors, columns, starts), shape=(len(rows), len(cells))).tocsc()
        self._there = np.array([truth.values.get(cell, 0) for cell in cells], float)
        places = [truth.parts.get(cell) for cell in cells]
        labels = sorted({place for place in places if place is not None}, key=repr)
        code = {place: number for number, place in enumerate(labels)}
        self._places = np.array([code.get(place, -1) for place in places], int)
        self._parts = [self._part(np.flatnonzero(self._places == code[x])) for x in labels]
        self._whole = self._part(np.arange(len(cells)))

    def _part(self, cells: np.ndarray) -> _Part:
        own: csc_array = self._matrix[:, cells]
        rows = np.unique(own.indices)
        inside = own.tocsr()[rows]
        there = self._there[cells]
        filled = np.flatnonzero(there)
        most = np.append(np.full(len(cells), np.inf), there[filled])
        return _Part(rows, hstack([inside, -inside[:, filled]], format="csr"), most)

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

    def ranges(self, withheld: frozenset[Name], found: dict[Name, Range]) -> dict[Name, Range]:
        """Return the range of each number held back; `found` is kept up to date with them."""
        limits = self._limits(withheld)
        aims = np.array(sorted(self._row[name] for name in withheld), int)
        values = {self.numbers[aim].name: self.numbers[aim].value for aim in aims}
        spread = np.array(
            [np.subtract(found.get(name, (value,) * 2), value) for name, value in values.items()]
        ).reshape(-1, 2)
        several = self._parts if len(self._parts) > 1 else []
        for part in several:
            self._widen(part, limits, aims, spread, alone=False)
        self._widen(self._whole, limits, aims, spread, alone=True)
        for (name, value), (less, more) in zip(values.items(), spread, strict=True):
            found[name] = Range(value + less, value + more)
        return {name: found[name] for name in values}

    def _widen(
        self, part: _Part, limits: np.ndarray, aims: np.ndarray, spread: np.ndarray, alone: bool
    ) -> None:
        """Widen the deviations of the aimed rows by what is found in a part of the cells."""
        toss = np.random.default_rng(0)
        place = np.searchsorted(part.rows, aims)
        noticed = np.isin(aims, part.rows)

        def push(which: np.ndarray, signs: np.ndarray) -> None:
            deviation = _deviation(part, limits[:, part.rows], place[which], signs, self.threshold)
            if deviation is not None:
                moved = part.matrix[place[noticed]] @ deviation
                spread[noticed, 0] = np.minimum(spread[noticed, 0], moved)
                spread[noticed, 1] = np.maximum(spread[noticed, 1], moved)

        def pending() -> np.ndarray:
            return np.flatnonzero(noticed & (spread[:, 1] - spread[:, 0] < self.threshold))

        for attempt in range(_ROUNDS):
            if (left := pending()).size:
                push(left, toss.choice([-1.0, 1.0], len(left)) if attempt else np.ones(len(left)))
        for aim in pending() if alone else ():
            for sign in (1.0, -1.0):
                if spread[aim, 1] - spread[aim, 0] < self.threshold:
                    push(np.array([aim]), np.array([sign]))

    def cover(self, withheld: frozenset[Name], name: Name) -> set[Name]:
        """Return the cheapest published numbers to hold back so that `name` gets its range."""
        aim = self._row[name]
        own = {self._places[cell] for cell in self._matrix[[aim]].tocoo().coords[1]}
        home = [self._parts[place] for place in own if place >= 0] if len(own) == 1 else []
        for part in (*home, self._whole):
            if hidden := self._cover(part, withheld, aim):
                return hidden
        return set()

    def _cover(self, part: _Part, withheld: frozenset[Name], aim: int) -> set[Name]:
        """The same, where only a part of the cells deviates.

        Two tables differ by the threshold in the number to hide. Where they deviate from a number
        that is published, by at most its slack, it costs slack times weight, and is held back.
        """
        if aim not in part.rows:
            return set()
        low, high = self._limits(withheld)[:, part.rows]
        owners = [self.numbers[row] if row < len(self.numbers) else None for row in part.rows]
        loose = np.array([o is not None and o.is_open and o.name not in withheld for o in owners])
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
        floor = vstack(
            [hstack([*m, 0 * slack]) for m in ([part.matrix, nothing], [nothing, part.matrix])]
        )
        apart = hstack([goal, -goal, csr_array((1, len(soft)))])
        endless = np.full(size, np.inf)
        limits = LinearConstraint(
            vstack([tables, *floor, apart], format="csr"),
            np.concatenate([low, low, -endless, -endless, least, least, [self.threshold]]),
            np.concatenate([endless, endless, high, high, endless, endless, [np.inf]]),
        )
        costs = np.append(np.full(2 * cells, _STEP), [_cost(owners[row]) for row in soft])
        most = np.concatenate([part.most, part.most, np.full(len(soft), np.inf)])
        pair = _solved(costs, limits, most, np.arange(len(costs)) < 2 * cells, _GAP)
        if pair is None:
            return set()
        moved = part.matrix @ np.round(pair[: 2 * cells]).reshape(2, cells).T
        off = loose & np.any(np.abs(moved) > _SLACK, axis=1)
        return {owner.name for owner, moves in zip(owners, off, strict=True) if owner and moves}


def _deviation(
    part: _Part, limits: np.ndarray, aims: np.ndarray, signs: np.ndarray, threshold: int
) -> np.ndarray | None:
    """A whole-number deviation that moves the aims the way of their signs, checked."""
    size, columns = part.matrix.shape
    number = len(aims)
    pull = hstack([diags_array(signs) @ part.matrix[aims], -eye_array(number)])
    held = hstack([part.matrix, csr_array((size, number))])
    low, high = limits
    constraint = LinearConstraint(
        vstack([held, pull], format="csr"),
        np.append(low, np.zeros(number)),
        np.append(high, np.full(number, np.inf)),
    )
    costs = np.append(np.full(columns, _STEP), np.full(number, -1.0))
    most = np.append(part.most, np.full(number, float(threshold)))
    gap = _GAP if number > 1 else _GAP / 2
    solution = _solved(costs, constraint, most, np.arange(len(costs)) < columns, gap)
    if solution is None:
        return None
    deviation = np.round(solution[:columns])
    moved = part.matrix @ deviation
    within = np.all((moved >= low - _SLACK) & (moved <= high + _SLACK))
    possible = np.all((deviation >= 0) & (deviation <= part.most))
    return deviation if within and possible else None


def _solved(
    costs: np.ndarray, limits: LinearConstraint, most: np.ndarray, whole: np.ndarray, gap: float
) -> np.ndarray | None:
    """The cheapest solution; a linear program will do where its corner happens to be whole.

    Else the cheapest among the columns that the linear program used or nearly used, which is far
    quicker than among all. `gap` is how far from the cheapest it may be.
    """
    matrix = csr_array(limits.A)
    relaxed = _relaxed(costs, limits, most)
    if relaxed.x is None or np.abs(relaxed.x - np.round(relaxed.x))[whole].max(initial=0) < _SLACK:
        return relaxed.x
    regret = np.where(relaxed.x > _SLACK, -1.0, relaxed.lower.marginals)
    order = np.argsort(regret, kind="stable")
    best = None
    for more in _NEARBY:
        used = np.flatnonzero((regret < 0) | ~whole)
        used = np.union1d(used, order[: len(used) + more])
        found = milp(
            costs[used],
            integrality=whole[used],
            bounds=Bounds(0, most[used]),
            constraints=LinearConstraint(matrix[:, used], limits.lb, limits.ub),
            options={"mip_rel_gap": gap, "node_limit": _NODES},
        )
        if found.x is not None and (best is None or costs @ best > found.fun):
            best = np.zeros(len(costs))
            best[used] = found.x
        if best is not None and costs @ best - relaxed.fun <= gap * abs(relaxed.fun):
            break
    return best


def _relaxed(costs: np.ndarray, limits: LinearConstraint, most: np.ndarray) -> Any:
    """The cheapest solution where numbers need not be whole."""
    matrix, exact = csr_array(limits.A), limits.lb == limits.ub
    above, below = ~exact & np.isfinite(limits.ub), ~exact & np.isfinite(limits.lb)
    return linprog(
        costs,
        A_ub=vstack([matrix[above], -matrix[below]]),
        b_ub=np.append(limits.ub[above], -limits.lb[below]),
        A_eq=matrix[exact],
        b_eq=limits.lb[exact],
        bounds=np.column_stack([np.zeros(len(most)), most]),
        method="highs",
    )


def _cost(owner: Number | None) -> float:
    """Large numbers are dearer."""
    return owner.weight * math.log1p(owner.value) if owner else 0.0
