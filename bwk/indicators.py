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
from scipy import sparse, special, stats

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
    return participations["deelnemer"].nunique()


def participants_by(participations: pd.DataFrame, *columns: str) -> pd.Series:
    """Count distinct pseudonyms per value of the columns."""
    return _pairs(participations, *columns).groupby(list(columns), observed=False).size()


def participations_by(participations: pd.DataFrame, *columns: str) -> pd.Series:
    """Add up `aantal` per value of the columns."""
    return participations.groupby(list(columns), observed=False)["aantal"].sum()


def people_behind(participations: pd.DataFrame) -> int:
    """Count the people behind participations: pseudonyms or anonymous heads, whichever are more."""
    heads = participations.loc[participations["deelnemer"].isna(), "aantal"].sum()
    return max(participants(participations), int(heads))


def people_behind_by(participations: pd.DataFrame, *columns: str) -> pd.Series:
    """Count the people behind the participations, as `people_behind`, per value of the columns."""
    anonymous = participations[participations["deelnemer"].isna()]
    named, heads = participants_by(participations, *columns).align(
        participations_by(anonymous, *columns), fill_value=0
    )
    return named.where(named > heads, heads).astype("int64")


def newcomers(history: pd.DataFrame, period: Period) -> tuple[int, int]:
    """Count the participants of a period: those who are new here, and those seen here before.

    `history` holds all participations of the location, or of all reported locations together,
    from the first one known.
    """
    earlier = history.loc[history["datum"] < pd.Timestamp(period.first), "deelnemer"].unique()
    present = within(history, period)["deelnemer"].dropna().drop_duplicates()
    returning = int(present.isin(earlier).sum())
    return len(present) - returning, returning


def users_of_several_services(participations: pd.DataFrame) -> int:
    """Count the participants who used two or more services."""
    return int((_pairs(participations, "dienst")["deelnemer"].value_counts() > 1).sum())


def reciprocal(participations: pd.DataFrame, roles: pd.DataFrame, period: Period) -> int:
    """Count the participants of the period who in it hold a role of giving something back."""
    held = holders(roles, period)
    giving = held.loc[held["rol"].isin(RECIPROCAL_ROLES), "persoon"].unique()
    return int(within(participations, period)["deelnemer"].drop_duplicates().isin(giving).sum())


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
    rows, keys = within(referrals, period).assign(aantal=1), ("richting", "partner")
    counted = {"aantal": participations_by(rows, *keys), "personen": people_behind_by(rows, *keys)}
    return pd.DataFrame(counted)


def mixing(participations: pd.DataFrame) -> pd.DataFrame:
    """Count the participants that each two services share; on the diagonal those of the service."""
    pairs = _pairs(participations, "dienst").astype("category")
    service, person = pairs["dienst"].cat, pairs["deelnemer"].cat
    used = sparse.csr_array(
        (np.ones(len(pairs), dtype="int64"), (service.codes, person.codes)),
        shape=(len(service.categories), len(person.categories)),
    )
    shared = (used @ used.T).toarray()
    return pd.DataFrame(shared, index=service.categories, columns=service.categories)


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
    ends = stats.binomtest(int(count), total).proportion_ci(1 - SIGNIFICANCE, method="exact")
    scale = base_exposure / exposure
    growth = float(count / base_count * scale - 1)
    low, high = (float(end / (1 - end) * scale - 1) for end in (ends.low, ends.high))
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


def _pairs(participations: pd.DataFrame, *columns: str) -> pd.DataFrame:
    named = participations.loc[participations["deelnemer"].notna(), [*columns, "deelnemer"]]
    return named.drop_duplicates()


def _homes(participants_table: pd.DataFrame) -> pd.Series:
    return participants_table.set_index("deelnemer")["buurt"].dropna().astype(object)
