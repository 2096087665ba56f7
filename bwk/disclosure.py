"""What may not be shown: the threshold, the numbers held back to protect others, and the proof.

A reader knows everything that is published: each number is an equation (a rounded share: an
interval) over unknown whole counts, the cells. `protect` chooses what to hold back for all
numbers that appear together; `audit` proves of any such choice that nothing can be worked out,
and knows nothing of how it was made.

The proof shows two whole-number tables for each number held back: both agree with everything
published, and the number differs between them by at least the threshold. Each table is checked
in rounded form, so a solver that stops early can only make the audit stricter. A linear
relaxation would not do: it allows tables that are not whole, so its range may be too wide.
"""

import math
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, coo_array, csr_array, eye_array
from scipy.sparse.csgraph import connected_components

from bwk.errors import DataError

STAT=[]
_NOISE = 1e-9  # of floating point, in a ratio
_SLACK = 1e-6  # the solver's own feasibility tolerance
_NODES = 2_000  # where the search for a table gives up; a number of steps gives the same each run
Terms = Mapping[Hashable, float]


@dataclass(frozen=True)
class Relation:
    """A sum over cells that lies between two bounds, known to any reader.

    Attributes
    ----------
    terms : mapping of cell to factor
        The sum.
    low, high : float
        The bounds, both included.
    """

    terms: Terms
    low: float = 0.0
    high: float = math.inf


@dataclass(frozen=True)
class Number:
    """A number that may be published.

    Attributes
    ----------
    name : hashable
        Unique among the numbers judged together.
    value : float
        The value as published; of a ratio `terms / per`, rounded to `tolerance`.
    terms : mapping of cell to factor
        The number as a sum over cells; empty where `requires` says all there is to say.
    people : tuple of int
        How many people stand behind each count that it is made of.
    requires : tuple of hashable
        Names of numbers without which this one is not published.
    tolerance : float
        Half the width of the rounding; 0 for a count.
    per : mapping of cell to factor
        What the sum is divided by; empty for a count.
    fixed : 'published', 'withheld' or None
        Decided in an earlier publication.
    weight : float
        The cost of holding it back; totals are dear.
    """

    name: Hashable
    value: float
    terms: Terms = field(default_factory=dict)
    people: tuple[int, ...] = ()
    requires: tuple[Hashable, ...] = ()
    tolerance: float = 0.0
    per: Terms = field(default_factory=dict)
    fixed: Literal["published", "withheld"] | None = None
    weight: float = 1.0

    @property
    def is_count(self) -> bool:
        return bool(self.terms) and not self.per and self.tolerance == 0

    @property
    def is_open(self) -> bool:
        """Whether it may be held back now: zero is published, what is decided stays."""
        return self.fixed is None and not (self.is_count and self.value == 0)

    def told(self) -> list[Relation]:
        """What a reader learns where it is published."""
        low, high = self.value - self.tolerance, self.value + self.tolerance
        if not self.per:
            return [Relation(self.terms, low, high)] if self.terms else []
        return [
            Relation(_sum(self.terms, self.per, _NOISE - low), 0),
            Relation(_sum(self.terms, self.per, -_NOISE - high), -math.inf, 0),
        ]

    def hidden(self) -> list[Relation]:
        """What must stay uncertain where it is held back; a count is then known not to be zero."""
        if self.is_count:
            return [Relation(self.terms, 1)]
        return [Relation(terms, -math.inf) for terms in (self.terms, self.per) if terms]


class Exposure(NamedTuple):
    """A number held back that can be worked out; bounds are NaN where no table agrees at all."""

    name: Hashable
    low: float
    high: float


def share(name: Hashable, numerator: Number, denominator: Number, half_width: float) -> Number:
    """One count divided by another, rounded to twice `half_width`.

    A share of zero says nothing about its denominator, and is published with its numerator.

    Raises
    ------
    ZeroDivisionError
        Where the denominator is zero: there is no share.
    """
    parts = (numerator, denominator) if numerator.value else (numerator,)
    return Number(
        name,
        _rounded(numerator.value / denominator.value, half_width),
        numerator.terms,
        tuple(people for part in parts for people in part.people),
        tuple(part.name for part in parts),
        half_width,
        denominator.terms,
    )


def growth(
    name: Hashable, count: Number, base: Number, half_width: float, scale: float = 1.0
) -> Number:
    """`scale * count / base - 1`, rounded to twice `half_width`.

    `scale` is base months over months where the growth is one per month. The number's `value` is
    the ratio `count / base` that the growth gives away.

    Raises
    ------
    ZeroDivisionError
        Where the base is zero: there is no growth.
    """
    shown = _rounded(scale * count.value / base.value - 1, half_width)
    return Number(
        name,
        (1 + shown) / scale,
        count.terms,
        count.people + base.people,
        (count.name, base.name),
        half_width / scale,
        base.terms,
    )


def protect(
    numbers: Sequence[Number], relations: Iterable[Relation], threshold: int
) -> frozenset[Hashable]:
    """The names of the numbers to hold back.

    First those with fewer than `threshold` people behind them, and all that require one of
    those; then, for each that could be worked out, the cheapest others that hide it. To hold
    back more never narrows a range, so each number needs to be made safe only once.

    Raises
    ------
    DataError
        Where what was published before gives a number away.
    """
    relations = list(relations)
    small = {number.name for number in numbers if _is_small(number, threshold)}
    withheld = _closed(numbers, small)
    safe: set[Hashable] = set()
    while exposed := _exposed(numbers, withheld, relations, threshold, withheld - safe):
        safe |= withheld - {name for name, *_ in exposed}
        for name, *_ in exposed:
            more = _cover(numbers, withheld, relations, threshold, name)
            withheld = _closed(numbers, withheld | more)
    return withheld


def audit(
    numbers: Sequence[Number],
    withheld: Collection[Hashable],
    relations: Iterable[Relation],
    threshold: int,
) -> list[Exposure]:
    """The numbers held back whose whole-number range is narrower than `threshold`.

    A ratio is exposed where both its sums are; a number without terms is as safe as what it
    requires. An empty list is the proof.
    """
    names = frozenset(withheld)
    return _exposed(numbers, names, list(relations), threshold, names)


def _sum(terms: Terms, other: Terms, factor: float) -> Terms:
    cells = dict.fromkeys([*terms, *other])
    return {cell: terms.get(cell, 0) + factor * other.get(cell, 0) for cell in cells}


def _rounded(value: float, half_width: float) -> float:
    return round(value / (2 * half_width)) * 2 * half_width if half_width else value


def _is_small(number: Number, threshold: int) -> bool:
    small = any(0 < people < threshold for people in number.people)
    return number.fixed == "withheld" or (number.is_open and small)


def _closed(numbers: Sequence[Number], names: Collection[Hashable]) -> frozenset[Hashable]:
    closed = frozenset(names)
    while True:
        more = {n.name for n in numbers if n.is_open and not closed.isdisjoint(n.requires)}
        if more <= closed:
            return closed
        closed |= more


class _System(NamedTuple):
    matrix: csr_array
    low: np.ndarray
    high: np.ndarray
    owners: np.ndarray  # of each row: the position of its number, or -1


def _system(
    numbers: Sequence[Number], withheld: Collection[Hashable], relations: list[Relation]
) -> _System:
    shown = [n for n in numbers if n.name not in withheld]
    exact = {frozenset(n.terms.items()) for n in shown if n.is_count}
    rows = [
        (position, relation)
        for position, number in enumerate(numbers)
        for relation in (
            number.hidden()
            if number.name in withheld
            else []
            if number.per and {frozenset(number.terms.items()), frozenset(number.per.items())} <= exact
            else number.told()
        )
    ] + [(-1, relation) for relation in relations]
    cells: dict[Hashable, int] = {}
    entries = [
        (factor, row, cells.setdefault(cell, len(cells)))
        for row, (_, relation) in enumerate(rows)
        for cell, factor in relation.terms.items()
    ]
    data, row_index, column_index = zip(*entries, strict=True) if entries else ((), (), ())
    matrix = csr_array(
        coo_array(
            (np.array(data, float), (np.array(row_index, int), np.array(column_index, int))),
            shape=(len(rows), len(cells)),
        )
    )
    low, high = (np.array([getattr(r, side) for _, r in rows], float) for side in ("low", "high"))
    return _System(matrix, low, high, np.array([owner for owner, _ in rows], int))


def _pinned(system: _System) -> np.ndarray:
    """Per cell the value that exact equations give away one by one, else NaN."""
    entries = system.matrix.tocoo()
    rows, cells = entries.coords
    exact = (system.low == system.high)[rows] & (entries.data != 0)
    rows, cells, factors = rows[exact], cells[exact], entries.data[exact]
    known = np.full(system.matrix.shape[1], np.nan)
    while True:
        rest = (system.low - system.matrix @ np.nan_to_num(known))[rows]
        free = np.isnan(known)[cells]
        unknowns = np.bincount(rows[free], minlength=len(system.low))[rows]
        negative = np.bincount(rows[free & (factors < 0)], minlength=len(system.low))[rows]
        value = np.where((rest == 0) & (negative == 0), 0, np.where(unknowns == 1, rest / factors, -1))
        found = free & (value >= 0) & (value == np.round(value))
        if not found.any():
            return known
        known[cells[found]] = value[found]


def _exposed(
    numbers: Sequence[Number],
    withheld: frozenset[Hashable],
    relations: list[Relation],
    threshold: int,
    suspects: Collection[Hashable],
) -> list[Exposure]:
    """The suspects among the numbers held back that can be worked out."""
    system = _system(numbers, withheld, relations)
    known = _pinned(system)
    hidden = np.array([n.name in withheld and n.name in suspects for n in numbers] + [False])
    targets = np.flatnonzero(hidden[system.owners])
    ranges = _ranges(system, known, targets, threshold)
    found: dict[Hashable, Exposure | None] = {}
    for row, (low, high) in zip(targets, ranges, strict=True):
        name = numbers[system.owners[row]].name
        wide = high - low >= threshold
        found[name] = None if wide or found.get(name, 0) is None else Exposure(name, low, high)
    return [exposure for exposure in found.values() if exposure]


def _ranges(
    system: _System, known: np.ndarray, targets: np.ndarray, threshold: int
) -> np.ndarray:
    """Of each target row the smallest and largest value, as far apart as matters."""
    free = np.isnan(known)
    settled = system.matrix @ np.nan_to_num(known)
    matrix = system.matrix[:, np.flatnonzero(free)]
    low, high = system.low - settled, system.high - settled
    links = block_array([[None, matrix], [matrix.T, None]]) if free.any() else matrix
    count = matrix.shape[0]
    labels = connected_components(links, directed=False)[1] if free.any() else np.arange(count)
    ranges = np.column_stack([settled[targets], settled[targets]])
    for label in np.unique(labels[targets]):
        rows = np.flatnonzero(labels[:count] == label)
        cells = np.flatnonzero(labels[count:] == label)
        if len(cells):
            here = np.flatnonzero(labels[targets] == label)
            part = matrix[rows][:, cells]
            aims = np.searchsorted(rows, targets[here])
            ranges[here] += _spread(part, low[rows], high[rows], aims, threshold)
    return ranges


def _spread(
    matrix: csr_array, low: np.ndarray, high: np.ndarray, aims: np.ndarray, threshold: int
) -> np.ndarray:
    """Of each aimed row the extremes over the tables found; two tables serve many rows."""
    goals = matrix[aims]
    toss = np.random.default_rng(0)
    least, most = np.full(len(aims), np.inf), np.full(len(aims), -np.inf)

    def stretch(places: np.ndarray, signs: np.ndarray) -> int:
        """Pull rows down (1) or up (-1) together; how many became wide."""
        nonlocal least, most
        narrow = (most - least < threshold).sum()
        STAT.append((len(places), narrow))
        table = _table(matrix, low, high, signs @ goals[places])
        if table is not None:
            least, most = np.minimum(least, goals @ table), np.maximum(most, goals @ table)
        return narrow - (most - least < threshold).sum()

    everything = np.arange(len(aims))
    misses = 0
    while len(aims) > 2 and misses < 2 and (places := np.flatnonzero(most - least < threshold)).size:
        misses += not stretch(places, toss.choice([-1.0, 1.0], len(places)))
    for place in everything:
        for sign in (1, -1):
            if most[place] - least[place] < threshold:
                stretch(np.array([place]), np.array([sign]))
    return np.column_stack([least, most])


def _table(
    matrix: csr_array, low: np.ndarray, high: np.ndarray, costs: np.ndarray
) -> np.ndarray | None:
    """The cheapest whole-number table within the bounds, checked; None where none is found."""
    options = {"mip_rel_gap": 0.0, "node_limit": _NODES}
    limits = LinearConstraint(matrix, low, high)
    bounds=Bounds(0, max(low[np.isfinite(low)].max(initial=0),high[np.isfinite(high)].max(initial=0))+1000)
    table = milp(costs, integrality=np.ones(len(costs)), constraints=limits, bounds=bounds,options=options).x
    if table is None:
        return None
    table = np.round(table)
    sums = matrix @ table
    agrees = np.all(sums >= low - _SLACK) and np.all(sums <= high + _SLACK)
    return table if agrees and np.all(table >= 0) else None


def _cover(
    numbers: Sequence[Number],
    withheld: frozenset[Hashable],
    relations: list[Relation],
    threshold: int,
    name: Hashable,
) -> set[Hashable]:
    """The cheapest published numbers to hold back so that `name` gets its range.

    Two tables that differ by the threshold in the number to hide may deviate from what is
    published; each deviation costs its number's weight. What deviates is held back.
    """
    system = _system(numbers, withheld, relations)
    matrix, cells = system.matrix, system.matrix.shape[1]
    loose_numbers = np.array([n.is_open and n.name not in withheld for n in numbers] + [False])
    is_loose = loose_numbers[system.owners]
    loose, hard = np.flatnonzero(is_loose), np.flatnonzero(~is_loose)
    counts = loose[[numbers[owner].is_count for owner in system.owners[loose]]]
    (aim, *_) = [row for row in hard if numbers[system.owners[row]].name == name]
    slack, none = eye_array(len(loose)), None
    one, other = matrix[loose], matrix[counts]
    limits = [
        LinearConstraint(
            block_array(
                [
                    [matrix[hard], none, csr_array((len(hard), len(loose)))],
                    [none, matrix[hard], none],
                    [one, none, slack],
                    [none, one, slack],
                    [one, none, -slack],
                    [none, one, -slack],
                    [other, none, none],
                    [none, other, none],
                    [matrix[[aim]], -matrix[[aim]], none],
                ],
                format="csr",
            ),
            np.concatenate([np.tile(system.low[hard], 2), np.tile(system.low[loose], 2),
                np.full(2 * len(loose), -np.inf), np.ones(2 * len(counts)), [threshold]]),
            np.concatenate([np.tile(system.high[hard], 2), np.full(2 * len(loose), np.inf),
                np.tile(system.high[loose], 2), np.full(2 * len(counts) + 1, np.inf)]),
        )
    ]
    costs = np.concatenate([np.zeros(2 * cells), [_cost(numbers[o]) for o in system.owners[loose]]])
    found = milp(costs, constraints=limits).x
    whole = np.arange(len(costs)) < 2 * cells
    0 and STAT.append(found is not None and np.abs(found - np.round(found))[whole].max() > _SLACK)
    if found is not None and np.abs(found - np.round(found))[whole].max() > _SLACK:
        found = milp(costs, integrality=whole, constraints=limits, options={"node_limit": _NODES}).x
    if found is None:
        raise DataError(_cannot_hide(name))
    more = set()
    for table in np.round(found[:2 * cells]).reshape(2, cells):
        sums = matrix @ table
        off = is_loose & ((sums < system.low - _SLACK) | (sums > system.high + _SLACK))
        more |= {numbers[owner].name for owner in system.owners[off]}
    return more


def _cost(number):
    return number.weight * (math.log1p(number.value) if number.is_count else 1e-3)


def _cannot_hide(name):
    place = ", ".join(map(str, name)) if isinstance(name, tuple) else str(name)
    return (
        f"Het cijfer {place} is niet te beschermen: wat eerder gepubliceerd is, geeft het prijs. "
        "Maak de eerdere periodes in de uitvoermap opnieuw, of publiceer deze periode niet."
    )
