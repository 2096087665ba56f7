"""Counts, uniques, growth and projection: pure functions on the tidy tables.

Tables are those of the registrations, cut to one location or to all reported locations together.
No function here decides what may be shown. Beside each count stands the number of people behind
it, for the room that does. Functions that end in `_by` give every category of their column.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special, stats

from bwk.periods import Period

RECIPROCAL_ROLES = ("vrijwilliger", "sleutelhouder")
UNPLACED = ""
SIGNIFICANCE = 0.05
PREDICTION_QUANTILES = (0.1, 0.9)
FEWEST_FOR_COURSE = 10
EQUALLY_LIKELY = (np.arange(200) + 0.5) / 200

Season = tuple[int, int]


@dataclass(frozen=True)
class RateChange:
    """The change of a rate per month (0.5: half as much again) and its 95% interval."""

    growth: float
    low: float
    high: float
    p_value: float
    verdict: str


@dataclass(frozen=True)
class Projection:
    """The expected total at the end of the calendar year, and its 80% prediction interval."""

    expected: float
    low: int
    high: int


def within(table: pd.DataFrame, period: Period, column: str = "datum") -> pd.DataFrame:
    """Return the rows whose date lies in the period, both ends included."""
    return table[table[column].between(pd.Timestamp(period.first), pd.Timestamp(period.last))]


def holders(roles: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return the rows of people who hold a role on any day of the period."""
    begun = roles["van"] <= pd.Timestamp(period.last)
    return roles[begun & ~(roles["tot"] < pd.Timestamp(period.first))]


def with_domain(participations: pd.DataFrame, services: pd.DataFrame) -> pd.DataFrame:
    """Add the category `leefgebied`, the life domain of the service (NaN: none is given)."""
    domain_of = services.set_index("dienst")["leefgebied"]
    service, names = participations["dienst"].cat, domain_of.dropna().unique()
    domains = pd.Categorical(domain_of.reindex(service.categories), categories=names)
    rows = domains.take(service.codes.to_numpy(), allow_fill=True)
    return participations.assign(leefgebied=rows)


def participants(participations: pd.DataFrame) -> int:
    """Count distinct pseudonyms; anonymous head counts add none."""
    return _count(_seen(participations)[0])


def participants_by(participations: pd.DataFrame, *columns: str) -> pd.Series:
    """Count distinct pseudonyms per value of the columns."""
    seen, axes = _seen(participations, *columns)
    values = _product(axes[:-1])
    rows = seen.reshape(len(values), len(axes[-1]))
    return pd.Series([*map(_count, rows)], index=values, dtype="int64")


def participations_by(participations: pd.DataFrame, *columns: str) -> pd.Series:
    """Add up `aantal` per value of the columns."""
    sums, axes = _grid(participations, columns, participations["aantal"].to_numpy())
    return pd.Series(sums.ravel(), index=_product(axes))


def people_behind(participations: pd.DataFrame) -> int:
    """Count the people behind participations: pseudonyms or anonymous heads, whichever are more."""
    heads = participations.loc[participations["deelnemer"].isna(), "aantal"].sum()
    return max(participants(participations), int(heads))


def tally(participations: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Count `deelnemers`, `deelnames` and the people behind these, per value of the columns."""
    anonymous = participations[participations["deelnemer"].isna()]
    sums, heads = (participations_by(rows, *columns) for rows in (participations, anonymous))
    people = participants_by(participations, *columns)
    behind = np.maximum(people, heads)
    return pd.DataFrame({"deelnemers": people, "deelnames": sums, "personen": behind})


def newcomers(history: pd.DataFrame, period: Period) -> tuple[int, int]:
    """Count the participants of a period: those who are new here, and those seen here before.

    `history` holds all participations of the location, or of all reported locations together,
    from the first one known.
    """
    earlier, _ = _seen(history[history["datum"] < pd.Timestamp(period.first)])
    present, _ = _seen(within(history, period))
    return _count(present & ~earlier), _count(present & earlier)


def users_of_several_services(participations: pd.DataFrame) -> int:
    """Count the participants who used two or more services."""
    seen, _ = _seen(participations, "dienst")
    return _count(np.count_nonzero(seen, axis=0) > 1)


def reciprocal(participations: pd.DataFrame, roles: pd.DataFrame, period: Period) -> int:
    """Count the participants of the period who in it hold a role of giving something back."""
    held = holders(roles, period)
    giving = held.loc[held["rol"].isin(RECIPROCAL_ROLES), "persoon"].unique()
    seen, (people,) = _seen(within(participations, period))
    return _count(seen & people.isin(giving))


def people_by_role(roles: pd.DataFrame, period: Period) -> pd.Series:
    """Count the distinct people per role held on any day of the period."""
    return participants_by(holders(roles, period).rename(columns={"persoon": "deelnemer"}), "rol")


def origins(participations: pd.DataFrame, participants_table: pd.DataFrame) -> pd.Series:
    """Count distinct participants per neighbourhood; of unknown origin under `UNPLACED`."""
    people = pd.Series(participations["deelnemer"].dropna().unique()).astype(object)
    homes = people.map(_homes(participants_table)).astype(object).fillna(UNPLACED)
    return homes.value_counts().sort_index()


def from_surroundings(
    participations: pd.DataFrame, participants_table: pd.DataFrame, neighbourhoods: pd.DataFrame
) -> int:
    """Count the participants who live in the immediate surroundings of a location they came to."""
    surrounds = neighbourhoods.set_index("buurt")["omgeving_van"].dropna().astype(object)
    named = participations[participations["deelnemer"].notna()]
    person, location = named["deelnemer"].cat, named["locatie"].cat
    near = _homes(participants_table).map(surrounds).reindex(person.categories)
    near_codes = location.categories.get_indexer(pd.Index(near))[person.codes]
    return named.loc[near_codes == location.codes, "deelnemer"].nunique()


def referrals_by(referrals: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Count referrals (`aantal`) and the people behind them (`personen`) by direction, partner."""
    keys = ("richting", "partner")
    rows = within(referrals, period).astype(dict.fromkeys(keys, "category")).assign(aantal=1)
    return tally(rows, *keys).rename(columns={"deelnames": "aantal"})[["aantal", "personen"]]


def mixing(participations: pd.DataFrame) -> pd.DataFrame:
    """Count the participants that each two services share; on the diagonal those of the service."""
    seen, (services, _) = _seen(participations, "dienst")
    used = seen[:, seen.any(axis=0)].astype("float64")
    return pd.DataFrame((used @ used.T).astype("int64"), index=services, columns=services)


def rate_change(
    count: int, exposure: float, base_count: int, base_exposure: float
) -> RateChange | None:
    """Compare two rates per month by the exact conditional test for two Poisson counts.

    Exposures are months, for several locations the sum of theirs; None where one of them or the
    count of the baseline is 0. Given their sum, each count is binomial under equal rates
    (Przyborowski and Wilenski 1940). The p-value is twice the smaller tail: unlike least
    likelihood, it always agrees with the exact interval (Clopper and Pearson 1934).
    """
    if base_count <= 0 or exposure <= 0 or base_exposure <= 0:
        return None
    total, share = int(count + base_count), exposure / (exposure + base_exposure)
    tails = stats.binom.cdf(count, total, share), stats.binom.sf(count - 1, total, share)
    p_value = min(1.0, 2 * float(min(tails)))
    tail = SIGNIFICANCE / 2
    ends = (
        special.betaincinv(count, base_count + 1, tail) if count else 0.0,
        special.betainccinv(count + 1, base_count, tail),
    )
    scale = base_exposure / exposure
    growth = float(count / base_count * scale - 1)
    low, high = (float(end / (1 - end) * scale - 1) for end in ends)
    verdict = "meer" if growth > 0 else "minder"
    clear = p_value < SIGNIFICANCE
    return RateChange(growth, low, high, p_value, verdict if clear else "geen duidelijk verschil")


def barometer(
    counts: pd.Series, exposure: float, base_counts: pd.Series, base_exposure: float
) -> dict[str, RateChange | None]:
    """Compare the participations per life domain with the baseline, as `rate_change` does."""
    return {
        domain: rate_change(counts[domain], exposure, base_counts.get(domain, 0), base_exposure)
        for domain in counts.index
    }


def seasonal_share(first_parts: Sequence[int], totals: Sequence[int]) -> Season | None:
    """Pool earlier years, each open all year, into participations of the first part and the rest.

    None with fewer than two years, or where all participations fell in one part.
    """
    first = int(sum(first_parts))
    rest = int(sum(totals)) - first
    return (first, rest) if len(totals) >= 2 and first > 0 and rest > 0 else None


def project(
    count: int, observed_months: float, remaining_months: float, season: Season | None = None
) -> Projection | None:
    """Project the total of the calendar year from the count so far; None without observed months.

    The rate has the posterior Gamma(count + 1/2, observed) (Jeffreys), so the rest of the year is
    negative binomial; `low` and `high` are the first counts at which it reaches 10% and 90%.
    `expected` carries the observed rate on, which is unbiased: the mean of that distribution is
    too high by half of remaining / observed. Participations are taken as independent.

    Months are those that the location is open. `season`, from `seasonal_share`, replaces them
    where it is open all year; its share is an estimate too: Beta(first + 1/2, rest + 1/2).
    """
    if observed_months <= 0:
        return None
    if remaining_months <= 0:
        return Projection(float(count), int(count), int(count))
    first, rest = season or (observed_months, remaining_months)
    beta = stats.beta(first + 0.5, rest + 0.5)
    shares = beta.ppf(EQUALLY_LIKELY) if season else np.array([first / (first + rest)])
    low, high = (int(count) + _future(q, count, shares) for q in PREDICTION_QUANTILES)
    return Projection(float(count + count * rest / first), low, high)


def course(projection: Projection | None, year_before: int | None, count: int) -> str | None:
    """Judge a projection against the total of the calendar year before; None without either."""
    if projection is None or year_before is None:
        return None
    if count < FEWEST_FOR_COURSE:
        return "onzeker"
    if projection.low > year_before:
        return "boven koers"
    return "onder koers" if projection.high < year_before else "op koers"


def _future(quantile: float, count: int, shares: np.ndarray) -> int:
    """Find the quantile of nbinom(count + 1/2, share), averaged over equally likely shares."""
    ceiling = int(stats.nbinom.ppf(quantile, count + 0.5, shares.min())) + 1
    return bisect_left(
        range(ceiling), quantile, key=lambda k: special.betainc(count + 0.5, k + 1, shares).mean()
    )


def _count(marks: np.ndarray) -> int:
    return int(np.count_nonzero(marks))


def _seen(participations: pd.DataFrame, *columns: str) -> tuple[np.ndarray, list[pd.Index]]:
    """Mark who was seen: in a grid with an axis per column, the last of all participants."""
    return _grid(participations, (*columns, "deelnemer"))


def _grid(
    table: pd.DataFrame, columns: Sequence[str], amounts: np.ndarray | None = None
) -> tuple[np.ndarray, list[pd.Index]]:
    """Mark the rows, or add up amounts, in a grid with an axis per column."""
    keys = [table[column].astype("category").array for column in columns]
    axes = [key.categories for key in keys]
    cells = tuple(key.codes for key in keys)  # -1, the last of an axis, is missing
    grid = np.zeros([len(axis) + 1 for axis in axes], dtype=bool if amounts is None else "int64")
    if amounts is None:
        grid[cells] = True
    else:
        np.add.at(grid, cells, amounts)
    return grid[(slice(-1),) * len(axes)], axes


def _product(axes: Sequence[pd.Index]) -> pd.Index:
    return pd.MultiIndex.from_product(axes) if len(axes) > 1 else axes[0]


def _homes(participants_table: pd.DataFrame) -> pd.Series:
    return participants_table.set_index("deelnemer")["buurt"].dropna().astype(object)
