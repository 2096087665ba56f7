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
from collections import Counter, defaultdict
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
_TOGETHER = 40  # numbers that are looked at at once
_LARGE = 8_000_000  # rows times columns of what is looked at in parts, where that will do
_HARD = 1_000_000  # the same, of what is too large for whole numbers
_HARDEST = 200_000_000  # the same where there is no other way
_MANY = 10_000  # ways to deviate; where there are more, people become others like them
_ALIKE = 8  # numbers by which those may differ
_BLOCK = 100  # kinds of people that are compared with all others at once
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
    known : Range, optional
        Between which values it lies for who sees it, where it is told rounded.
    is_guarded : bool
        Whether its range must be wide though it is told.
    """

    name: Name
    value: float
    terms: Terms
    people: int = 0
    fixed: Literal["published", "withheld"] | None = None
    weight: float = 1.0
    least: int = 1
    known: "Range | None" = None
    is_guarded: bool = False

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
    system.hold(number.name for number in numbers if _is_primary(number, threshold))
    protects: dict[Name, Name] = {}
    system.widen()
    while exposed := system.exposed:
        for name in exposed:
            if system.is_exposed(name):  # what hides others may hide it too
                protects |= dict.fromkeys(system.cover(name), name)
        system.widen()
    return Choice(frozenset(system.withheld), protects, system.tables)


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
    Of numbers that are told, and guarded, those that leak are returned alone.
    `tables` may help: those that agree with what is published need not be found again.
    """
    system = _System(numbers, [*relations], truth, threshold)
    system.hold(withheld)
    for table in tables:
        system.add(table)
    system.widen(thorough=True)
    ranges = {name: system.range(name) for name in system.withheld}
    leaks = {name: system.range(name) for name in system.exposed}
    told = {
        number.name: Range(number.value, number.value)
        for number in numbers
        if _is_primary(number, threshold) and number.name not in system.withheld
    }
    return ranges, told | leaks


def _is_primary(number: Number, threshold: int) -> bool:
    small = 0 < number.people < threshold and not number.is_guarded
    return number.fixed == "withheld" or (number.is_open and small)


class _Program(NamedTuple):
    """What to make cheap: sums over columns between two bounds, each column from zero to `most`.

    `whole` marks the columns that must be whole numbers.
    """

    costs: np.ndarray
    matrix: csr_array
    low: np.ndarray
    high: np.ndarray
    most: np.ndarray
    whole: np.ndarray


class _Part(NamedTuple):
    """Ways in which some cells may deviate while all others stay, and the rows that notice.

    The columns of `changes` are the ways: what they do to each cell. Those of `matrix` are what the
    `rows` notice, and then each cell of which `left` are left. `most` is how often each way may be.
    """

    rows: np.ndarray
    matrix: csr_array
    most: np.ndarray
    changes: csc_array
    left: np.ndarray


class _System:
    """Numbers and relations as rows over the cells, of which the truth is one solution.

    More and more numbers are held back: a table that agrees with what is published stays so.
    """

    def __init__(
        self, numbers: Sequence[Number], relations: list[Relation], truth: Table, threshold: int
    ) -> None:
        self.threshold = threshold
        self.withheld: dict[Name, None] = {}
        self.tables: list[Deviation] = []
        self._numbers = numbers
        self._row = {number.name: row for row, number in enumerate(numbers)}
        rows = [number.terms for number in numbers] + [relation.terms for relation in relations]
        cells: dict[Hashable, int] = {}
        columns = [cells.setdefault(cell, len(cells)) for terms in rows for cell in terms]
        factors = np.array([factor for terms in rows for factor in terms.values()], float)
        starts = np.cumsum([0, *map(len, rows)])
        self._cells, self._names = cells, [*cells]
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
        self._guarded = [number.name for number in numbers if number.is_guarded]
        self._limits = np.zeros((2, len(rows)))  # by how much each row may deviate
        for row, number in enumerate(numbers):
            if number.known:
                self._limits[:, row] = np.array(number.known) - number.value
        for row, relation in enumerate(relations, start=len(numbers)):
            self._limits[:, row] = relation.low - relation.value, relation.high - relation.value
        self._limits = np.array([np.minimum(self._limits[0], 0), np.maximum(self._limits[1], 0)])
        self._spread = np.zeros((2, len(rows)))  # by how much each is known to be able to

    def hold(self, names: Iterable[Name]) -> None:
        """Hold numbers back."""
        for name in names:
            self.withheld[name] = None
            number = self._numbers[self._row[name]]
            self._limits[:, self._row[name]] = min(number.least - number.value, 0), np.inf

    def range(self, name: Name) -> Range:
        """Return the range of a number."""
        value, (less, more) = self._numbers[self._row[name]].value, self._spread[:, self._row[name]]
        return Range(value + less, value + more)

    def is_exposed(self, name: Name) -> bool:
        """Whether the range of a number is too narrow."""
        return bool(self._is_narrow(self._row[name]))

    @property
    def exposed(self) -> list[Name]:
        """The numbers of which the range is too narrow."""
        return [name for name in self._hidden if self.is_exposed(name)]

    @property
    def _hidden(self) -> Iterable[Name]:
        """The numbers of which the range must be wide."""
        return dict.fromkeys([*self.withheld, *self._guarded])

    def add(self, table: Deviation) -> None:
        """Take in a table that may agree with what is published."""
        deviation = np.zeros(len(self._cells))
        for cell, change in table.items():
            if cell in self._cells:
                deviation[self._cells[cell]] = change
        self._take(deviation)

    def widen(self, thorough: bool = False) -> None:
        """Widen the ranges of the numbers held back by tables that are looked for.

        `thorough`: look at each alone where a search for many at once did not serve it, and for
        less than the truth where there is room enough above, so that no range begins with it.
        """
        aims = np.array(sorted(self._row[name] for name in self._hidden), int)
        thorough |= not self._is_large
        if len(self._cells) > _SMALL:
            homes = [self._homes(aim) for aim in aims]
            for place, part in self._parts.items():
                own = np.array([place in home for home in homes], bool)
                abroad = np.array([not home for home in homes], bool)
                self._widen(part, aims[own | abroad], aims[own & thorough])
        if thorough:
            self._widen(self._whole, aims, aims)
            low_ones = aims[self._spread[0, aims] == 0]
            if low_ones.size:
                self._push(self._whole, low_ones, -np.ones(len(low_ones)))

    def cover(self, name: Name) -> set[Name]:
        """Hold back the cheapest published numbers with which another gets its range.

        Raises
        ------
        Unprotectable
            Where what was published before gives it away.
        """
        aim = self._row[name]
        for part in (*self._near(aim), self._whole):
            pair = self._pair(part, aim)
            if pair is not None:
                hidden = self._moved_by(pair)
                self.hold(hidden)
                for deviation in pair:
                    self._take(deviation)
                if hidden or not self._is_narrow(aim):
                    return hidden
        pair = self._pair(self._whole, aim, decided=True)
        raise Unprotectable(name, set() if pair is None else self._moved_by(pair))

    def _part(self, chosen: Sequence[int]) -> _Part:
        """Return a part in which each of some cells becomes more or less, if they are not many."""
        cells = np.array(chosen, int)
        filled = np.flatnonzero(self._there[cells])
        if len(cells) + len(filled) > _MANY:
            return self._exchanging(cells, filled)
        own, more = self._matrix[:, cells], self._more(cells)
        return self._noticed(
            hstack([own, -own[:, filled]], format="csc"),
            hstack([more, -more[:, filled]], format="csc"),
            np.append(np.full(len(cells), np.inf), self._there[cells][filled]),
            cells[:0],
        )

    def _exchanging(self, cells: np.ndarray, filled: np.ndarray) -> _Part:
        """Return a part in which people become others who are in nearly the same numbers.

        Cells that are in few numbers become more or less.
        """
        seen = abs(self._matrix[:, cells]).sign()
        numbers = seen.sum(axis=0)
        more = self._more(cells)
        few = numbers <= _ALIKE
        changes = [more[:, few], -more[:, few & (self._there[cells] > 0)]]
        for some in np.array_split(filled, range(_BLOCK, len(filled), _BLOCK)):
            common = (seen[:, some].T @ seen).tocoo()
            old, new = some[common.coords[0]], common.coords[1]
            apart = numbers[old] + numbers[new] - 2 * common.data
            is_alike = (apart > 0) & (apart <= _ALIKE)
            changes.append(more[:, new[is_alike]] - more[:, old[is_alike]])
        every = hstack(changes, format="csc")
        most = np.full(every.shape[1], np.inf)
        return self._noticed(self._matrix @ every, every, most, cells[filled])

    def _more(self, cells: np.ndarray) -> csc_array:
        """Return what makes each of some cells one more."""
        return eye_array(len(self._cells), format="csc")[:, cells]

    def _noticed(
        self, notices: csc_array, changes: csc_array, most: np.ndarray, lessened: np.ndarray
    ) -> _Part:
        """Return a part of the rows that notice, and of the cells that changes make smaller."""
        rows = np.unique(notices.indices)
        lessening = changes.tocsr()[lessened].minimum(0)
        matrix = vstack([notices.tocsr()[rows], lessening], format="csr")
        return _Part(rows, matrix, most, changes, self._there[lessened])

    def _limits_in(self, part: _Part) -> np.ndarray:
        """Return by how much each row of the matrix of a part may deviate."""
        left = np.array([-part.left, np.full(len(part.left), np.inf)])
        return np.hstack([self._limits[:, part.rows], left])

    def _is_narrow(self, rows: Any) -> Any:
        return self._spread[1, rows] - self._spread[0, rows] < self.threshold

    def _cells_of(self, row: int) -> np.ndarray:
        return self._by_row.indices[self._by_row.indptr[row] : self._by_row.indptr[row + 1]]

    def _homes(self, row: int) -> frozenset[str]:
        """Return the parts in which all cells of a row lie."""
        places = [self._places[cell] for cell in self._cells_of(row)]
        return frozenset.intersection(*places) if places else frozenset()

    def _near(self, row: int) -> list[_Part]:
        """Return the parts where a row is looked at first: where it lies, or most of its people."""
        places = sorted(self._homes(row))
        if not places and self._is_large:
            cells = self._cells_of(row)
            lived = Counter(
                place for cell in cells[self._there[cells] > 0] for place in self._places[cell]
            )
            places = [place for place, _ in lived.most_common(1)]
        return [self._parts[place] for place in places]

    @property
    def _is_large(self) -> bool:
        rows, cells = self._matrix.shape
        return rows * cells > _LARGE

    def _take(self, deviation: np.ndarray) -> None:
        """Keep a table that agrees with all that is known, for what it tells of the ranges."""
        moved = self._matrix @ deviation
        low, high = self._limits
        agrees = np.all((moved >= low - _SLACK) & (moved <= high + _SLACK))
        whole = np.all(deviation == np.round(deviation))
        if agrees and whole and np.all(self._there + deviation >= 0):
            self._spread = np.array(
                [np.minimum(self._spread[0], moved), np.maximum(self._spread[1], moved)]
            )
            self.tables.append(
                {self._names[cell]: int(deviation[cell]) for cell in np.flatnonzero(deviation)}
            )

    def _widen(self, part: _Part, together: np.ndarray, alone: np.ndarray) -> None:
        """Widen the ranges of rows, at once and one by one, where a part of the cells deviates."""
        toss = np.random.default_rng(0)
        together, alone = (rows[np.isin(rows, part.rows)] for rows in (together, alone))
        for attempt in range(_ROUNDS):
            left = together[self._is_narrow(together)]
            for some in np.array_split(left, range(_TOGETHER, len(left), _TOGETHER)):
                if some.size:
                    up = np.ones(len(some))
                    signs = toss.choice([-1.0, 1.0], len(some)) if attempt else up
                    self._push(part, some, signs)
        for aim in alone:
            for sign in (1.0, -1.0):
                if self._is_narrow(aim):
                    self._push(part, np.array([aim]), np.array([sign]))

    def _push(self, part: _Part, aims: np.ndarray, signs: np.ndarray) -> None:
        """Look for a table in which some rows deviate, and keep it if it agrees with all."""
        place = np.searchsorted(part.rows, aims)
        steps = _pushed(part, self._limits_in(part), place, signs, self.threshold)
        if steps is not None and steps.any():
            self._take(part.changes @ steps)

    def _moved_by(self, pair: np.ndarray) -> set[Name]:
        """Return the published numbers that are off in one of two tables."""
        moved, (low, high) = self._matrix @ pair.T, self._limits[:, :, None]
        is_off = ((moved < low - _SLACK) | (moved > high + _SLACK)).any(axis=1)
        off = np.flatnonzero(is_off[: len(self._numbers)])
        names = [self._numbers[int(row)].name for row in off]
        return {name for name in names if name not in self.withheld}

    def _pair(self, part: _Part, aim: int, decided: bool = False) -> np.ndarray | None:
        """Return two tables that differ by the threshold in a row; None where there are none.

        Where they are off from a number that is published, by at most its slack, it costs slack
        times weight. They need not be whole where they are off. `decided`: numbers that were
        published before may be off too.
        """
        if aim not in part.rows:
            return None
        program = self._two_tables(part, aim, self._loose(part, decided))
        cells = part.matrix.shape[1]
        relaxed = _relaxed(program)
        if relaxed.x is None:
            return None
        is_off = np.any(relaxed.x[2 * cells :] > _SLACK)  # then no whole numbers will do either
        steps = relaxed.x if is_off else _whole(program, relaxed, _GAP, _HARDEST)
        if steps is None:
            return None
        pair = steps[: 2 * cells].reshape(2, cells)
        return pair @ part.changes.T

    def _loose(self, part: _Part, decided: bool) -> dict[int, Number]:
        """Return the numbers that tables may be off from, by their place among rows of a part."""
        numbers = {
            place: self._numbers[row]
            for place, row in enumerate(part.rows)
            if row < len(self._numbers)
        }
        return {
            place: number
            for place, number in numbers.items()
            if number.name not in self.withheld
            and (number.is_open or (decided and number.value != 0))
        }

    def _two_tables(self, part: _Part, aim: int, loose: Mapping[int, Number]) -> _Program:
        """Return what makes two tables that differ by the threshold in a row.

        Its columns are the steps of the one, of the other, and what each loose number is off.
        """
        low, high = self._limits_in(part)
        size, cells = part.matrix.shape
        soft, owners = np.array([*loose], int), [*loose.values()]
        least = np.full(size, -np.inf)
        least[soft] = [owner.least - owner.value for owner in owners]
        slack = eye_array(size, format="csr")[:, soft]
        goal = part.matrix[[np.searchsorted(part.rows, aim)]]
        nothing = csr_array(part.matrix.shape)
        both = [part.matrix, nothing], [nothing, part.matrix]
        above, below, floor = (
            [hstack([*matrices, factor * slack]) for matrices in both] for factor in (1, -1, 0)
        )
        apart = hstack([goal, -goal, csr_array((1, len(soft)))])
        endless = np.full(size, np.inf)
        return _Program(
            np.append(np.full(2 * cells, _STEP), [*map(_cost, owners)]),
            vstack([*above, *below, *floor, apart], format="csr"),
            np.concatenate([low, low, -endless, -endless, least, least, [self.threshold]]),
            np.concatenate([endless, endless, high, high, endless, endless, [np.inf]]),
            np.concatenate([part.most, part.most, np.full(len(soft), np.inf)]),
            np.arange(2 * cells + len(soft)) < 2 * cells,
        )


def _pushed(
    part: _Part, limits: np.ndarray, aims: np.ndarray, signs: np.ndarray, threshold: int
) -> np.ndarray | None:
    """The steps that move the aims the way of their signs, within limits; None if none is found."""
    size, columns = part.matrix.shape
    number = len(aims)
    pull = hstack([diags_array(signs) @ part.matrix[aims], -eye_array(number)])
    held = hstack([part.matrix, csr_array((size, number))])
    program = _Program(
        np.append(np.full(columns, _STEP), np.full(number, -1.0)),
        vstack([held, pull], format="csr"),
        np.append(limits[0], np.zeros(number)),
        np.append(limits[1], np.full(number, np.inf)),
        np.append(part.most, np.full(number, float(threshold))),
        np.arange(columns + number) < columns,
    )
    relaxed = _relaxed(program)
    gap, hard = (_GAP, _HARD) if number > 1 else (_GAP / 2, _HARDEST)
    steps = None if relaxed.x is None else _whole(program, relaxed, gap, hard)
    return None if steps is None else steps[:columns]


def _whole(program: _Program, relaxed: Any, gap: float, hard: int) -> np.ndarray | None:
    """The cheapest whole solution: that of the linear program, where it is as whole as it must be.

    Else the cheapest among the columns that the linear program used or nearly used, which is far
    quicker than among all. `gap` is how far from the cheapest it may be, `hard` how many rows times
    columns are too many.
    """
    costs, whole = program.costs, program.whole
    if np.abs(relaxed.x - np.round(relaxed.x))[whole].max(initial=0) < _SLACK:
        return np.where(whole, np.round(relaxed.x), relaxed.x)
    regret = np.where(relaxed.x > _SLACK, -1.0, relaxed.lower.marginals)
    order = np.argsort(regret, kind="stable")
    loose = np.flatnonzero(~whole)
    best = None
    for more in _NEARBY:
        near = np.flatnonzero((regret < 0) & whole)
        near = np.union1d(near, order[: len(near) + more])
        noticed = np.flatnonzero(np.diff(program.matrix[:, near].indptr))
        used = np.union1d(near, loose[np.isin(loose, program.matrix[noticed].indices)])
        if len(used) * len(noticed) > hard:
            break
        found = milp(
            costs[used],
            integrality=whole[used],
            bounds=Bounds(0, program.most[used]),
            constraints=LinearConstraint(
                program.matrix[:, used][noticed], program.low[noticed], program.high[noticed]
            ),
            options={"mip_rel_gap": gap, "node_limit": _NODES},
        )
        if found.x is not None and (best is None or costs @ best > found.fun):
            best = np.zeros(len(costs))
            best[used] = np.where(whole[used], np.round(found.x), found.x)
        if best is not None and costs @ best - relaxed.fun <= gap * abs(relaxed.fun):
            break
    return best


def _relaxed(program: _Program) -> Any:
    """The cheapest solution where numbers need not be whole."""
    matrix, low, high, most = program.matrix, program.low, program.high, program.most
    exact = low == high
    above, below = ~exact & np.isfinite(high), ~exact & np.isfinite(low)
    return linprog(  # type: ignore[call-overload]
        program.costs,
        A_ub=vstack([matrix[above], -matrix[below]]),
        b_ub=np.append(high[above], -low[below]),
        A_eq=matrix[exact],
        b_eq=low[exact],
        bounds=np.column_stack([np.zeros(len(most)), most]),
        method="highs-ds",
        options={"presolve": False},  # the truth is a corner already: it only costs time
    )


def _cost(owner: Number) -> float:
    """Large numbers are dearer."""
    return owner.weight * math.log1p(owner.value)
