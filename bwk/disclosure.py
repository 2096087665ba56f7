"""What may not be shown: the threshold, what is held back to protect it, and the proof.

A reader knows all that is published: each count is an equation over unknown whole numbers, the
cells; who reads a share or a growth is taken to know both counts behind it. `protect` chooses what
to hold back, in one decision for all that appears together. `audit` proves any such choice, and
knows nothing of how it was made.

The proof: per number held back, whole-number tables that agree with all that is published and
in which it differs by the threshold. A linear relaxation would prove nothing, as it allows
tables that are not whole. Each table is checked, and a search that gives up counts as exposed,
so the solver's limits can only make the audit stricter.
"""

import math
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, kron, vstack
from scipy.sparse.csgraph import connected_components

from bwk.errors import DataError

_SLACK = 1e-6  # the feasibility tolerance of the solver
_NODES = 2_000  # where a search gives up: not after a time, so that each run gives the same
_TOSSES = 8  # tables that serve all numbers at once, before each is looked at alone

Name = Hashable
Terms = Mapping[Hashable, float]


@dataclass(frozen=True)
class Relation:
    """A sum of `factor * cell` between two bounds (included) that any reader knows."""

    terms: Terms
    low: float = 0.0
    high: float = math.inf


@dataclass(frozen=True)
class Number:
    """A count that may be published: a sum over cells.

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
    """

    name: Name
    value: float
    terms: Terms
    people: int = 0
    fixed: Literal["published", "withheld"] | None = None
    weight: float = 1.0

    @property
    def is_open(self) -> bool:
        """Whether it may be held back now: zero is published, and what is decided stays."""
        return self.fixed is None and self.value != 0


class Exposure(NamedTuple):
    """A number held back and the range it is known to lie in; `low > high`: none agrees."""

    name: Name
    low: float
    high: float


def protect(
    numbers: Sequence[Number], relations: Iterable[Relation], threshold: int
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
    relations = list(relations)
    withheld = frozenset(n.name for n in numbers if _is_primary(n, threshold))
    safe: frozenset[Name] = frozenset()
    while exposed := _exposed(numbers, withheld, relations, threshold, safe):
        before = withheld
        safe = withheld - {exposure.name for exposure in exposed}
        for name, _, _ in exposed:
            withheld |= _cover(numbers, withheld, relations, threshold, name)
        if withheld == before:
            raise DataError(_not_to_hide(exposed[0].name))
    return withheld


def audit(
    numbers: Sequence[Number],
    withheld: Collection[Name],
    relations: Iterable[Relation],
    threshold: int,
) -> list[Exposure]:
    """Return what leaks: numbers held back whose range is narrower than `threshold`.

    So too each number that should have been held back and is not. An empty list is the proof.
    A number held back is known to be at least 1, as zero is published.
    """
    names = frozenset(withheld)
    open_ones = [n for n in numbers if _is_primary(n, threshold) and n.name not in names]
    leaks = [Exposure(number.name, number.value, number.value) for number in open_ones]
    return leaks + _exposed(numbers, names, list(relations), threshold, frozenset())


def _is_primary(number: Number, threshold: int) -> bool:
    small = 0 < number.people < threshold
    return number.fixed == "withheld" or (number.is_open and small)


def _not_to_hide(name: Name) -> str:
    place = ", ".join(map(str, name)) if isinstance(name, tuple) else name
    return (
        f"Het cijfer {place} is niet te beschermen naast wat al gepubliceerd is: "
        "maak de eerdere periodes in de uitvoermap opnieuw."
    )


class _System(NamedTuple):
    """Bounded rows over the cells, and the number (if any) that each row belongs to."""

    matrix: csr_array
    low: np.ndarray
    high: np.ndarray
    owners: list[Number | None]


def _system(
    numbers: Sequence[Number], withheld: frozenset[Name], relations: list[Relation]
) -> _System:
    rows: list[tuple[Number | None, Relation]] = [(None, relation) for relation in relations]
    for number in numbers:
        bounds = (1, math.inf) if number.name in withheld else (number.value, number.value)
        rows.append((number, Relation(number.terms, *bounds)))
    cells: dict[Hashable, int] = {}
    columns = [cells.setdefault(cell, len(cells)) for _, row in rows for cell in row.terms]
    factors = np.array([factor for _, row in rows for factor in row.terms.values()], float)
    starts = np.cumsum([0, *(len(row.terms) for _, row in rows)])
    matrix = csr_array((factors, columns, starts), shape=(len(rows), len(cells)))
    low, high = np.array([(row.low, row.high) for _, row in rows], float).reshape(-1, 2).T
    return _System(matrix, low, high, [owner for owner, _ in rows])


def _exposed(
    numbers: Sequence[Number],
    withheld: frozenset[Name],
    relations: list[Relation],
    threshold: int,
    safe: frozenset[Name],
) -> list[Exposure]:
    """The numbers held back that can be worked out, but for those known to be safe."""
    system = _system(numbers, withheld, relations)
    suspects = withheld - safe
    targets = [row for row, owner in enumerate(system.owners) if owner and owner.name in suspects]
    found = [
        Exposure(system.owners[row].name, float(low), float(high))  # type: ignore[union-attr]
        for row, (low, high) in zip(targets, _ranges(system, targets, threshold), strict=True)
    ]
    return [exposure for exposure in found if exposure.high - exposure.low < threshold]


def _pinned(system: _System) -> np.ndarray:
    """Per cell the whole number that exact rows give away one by one, else NaN."""
    size, cells = system.matrix.shape
    row, cell = (entries := system.matrix.tocoo()).coords
    known = np.full(cells, np.nan)
    exact = (system.low == system.high)[row] & (entries.data != 0)
    while True:
        rest = (system.low - system.matrix @ np.nan_to_num(known))[row]
        free = np.isnan(known)[cell] & exact
        alone = np.bincount(row[free], minlength=size)[row] == 1
        below = np.bincount(row[free & (entries.data < 0)], minlength=size)[row] > 0
        value = np.where(alone, rest / entries.data, np.where((rest == 0) & ~below, 0, -1))
        new = free & (value >= 0) & (value == np.round(value))
        if not new.any():
            return known
        known[cell[new]] = value[new]


def _ranges(system: _System, targets: list[int], threshold: int) -> np.ndarray:
    """Of each target row the smallest and largest value found, part by connected part."""
    known = _pinned(system)
    settled = system.matrix @ np.nan_to_num(known)
    matrix = system.matrix[:, np.flatnonzero(np.isnan(known))]
    size, goals = matrix.shape[0], np.array(targets, int)
    row, cell = matrix.tocoo().coords
    links = csr_array((np.ones(len(row)), (row, size + cell)), shape=(sum(matrix.shape),) * 2)
    _, labels = connected_components(links, directed=False)
    ranges = np.column_stack([settled[goals], settled[goals]])
    for label in np.unique(labels[goals]):
        rows, cells = (np.flatnonzero(half == label) for half in np.split(labels, [size]))
        if cells.size:
            low, high = ((bound - settled)[rows] for bound in (system.low, system.high))
            here = labels[goals] == label
            part = matrix[rows][:, cells]
            ranges[here] += _spread(part, low, high, np.searchsorted(rows, goals[here]), threshold)
    return ranges


def _spread(
    matrix: csr_array, low: np.ndarray, high: np.ndarray, aims: np.ndarray, threshold: int
) -> np.ndarray:
    """Of each aimed row the extremes over the tables found: first for all at once, then alone."""
    goals, size, toss = matrix[aims], len(aims), np.random.default_rng(0)
    least, most = np.full(size, np.inf), np.full(size, -np.inf)
    tosses = [toss.choice([-1.0, 1.0], size) for _ in range(min(size, _TOSSES) - 1)]
    alone = [sign * unit for unit in np.eye(size) for sign in (1, -1)]
    for signs in [*tosses, *alone]:
        wanted = signs * (most - least < threshold)
        if wanted.any() and (table := _table(matrix, low, high, wanted @ goals)) is not None:
            least, most = np.minimum(least, goals @ table), np.maximum(most, goals @ table)
    return np.column_stack([least, most])


def _table(
    matrix: csr_array, low: np.ndarray, high: np.ndarray, costs: np.ndarray
) -> np.ndarray | None:
    """The cheapest whole-number table within the bounds, checked; None where none is found."""
    known = np.concatenate([low, high])
    far = 1_000 + np.abs(known[np.isfinite(known)]).max(initial=0)  # no cell runs to infinity
    whole, limits = np.ones(len(costs), bool), LinearConstraint(matrix, low, high)
    table = _solved(costs, limits, whole * far, whole, 0.0)
    if table is None:
        return None
    sums = matrix @ (table := np.round(table))
    within = np.all((sums >= low - _SLACK) & (sums <= high + _SLACK)) and table.min() >= 0
    return table if within else None


def _solved(
    costs: np.ndarray, limits: LinearConstraint, most: np.ndarray, whole: np.ndarray, gap: float
) -> np.ndarray | None:
    """The cheapest solution; a linear program will do where its corner happens to be whole.

    Else first among the columns that the linear program used, which is far quicker.
    """
    found = milp(costs, bounds=Bounds(0, most), constraints=limits).x
    if found is None or np.abs(found - np.round(found))[whole].max(initial=0) < _SLACK:
        return found
    options: Any = {"mip_rel_gap": gap, "node_limit": _NODES}
    for upper in (np.where(whole | (found > _SLACK), most, 0), most):
        better = milp(
            costs, integrality=whole, bounds=Bounds(0, upper), constraints=limits, options=options
        ).x
        if better is not None:
            return better
    return None


def _cover(
    numbers: Sequence[Number],
    withheld: frozenset[Name],
    relations: list[Relation],
    threshold: int,
    name: Name,
) -> set[Name]:
    """The cheapest published numbers to hold back so that `name` gets its range, if any.

    Two tables differ by the threshold in the number to hide. Where they deviate from a number
    that is published, by at most its slack, it costs slack times weight, and is held back.
    """
    matrix, low, high, owners = _system(numbers, withheld, relations)
    loose = np.array([o is not None and o.is_open and o.name not in withheld for o in owners])
    aim = next(row for row, owner in enumerate(owners) if owner and owner.name == name)
    size, cells = matrix.shape
    slack, endless = eye_array(size), np.full(size, np.inf)
    one = vstack([slack, -slack, 0 * slack])
    tables = hstack([kron(eye_array(2), vstack([matrix] * 3)), vstack([one, one])])
    apart = hstack([matrix[[aim]], -matrix[[aim]], csr_array((1, size))])
    limits = LinearConstraint(
        vstack([tables, apart], format="csr"),
        np.append(
            np.tile(np.concatenate([low, -endless, np.where(loose, 1, -endless)]), 2), threshold
        ),
        np.append(np.tile(np.concatenate([endless, high, endless]), 2), np.inf),
    )
    costs = np.append(np.zeros(2 * cells), np.where(loose, [_cost(o) for o in owners], 0))
    most = np.append(np.full(2 * cells, np.inf), np.where(loose, np.inf, 0))
    pair = _solved(costs, limits, most, np.arange(len(costs)) < 2 * cells, 0.1)
    if pair is None:
        return set()
    sums = np.round(pair[: 2 * cells]).reshape(2, cells) @ matrix.T
    off = loose & np.any((sums < low - _SLACK) | (sums > high + _SLACK), axis=0)
    return {owner.name for owner, moved in zip(owners, off, strict=True) if owner and moved}


def _cost(owner: Number | None) -> float:
    """Large numbers are dearer."""
    return owner.weight * math.log1p(owner.value) if owner else 0.0
