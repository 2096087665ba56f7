"""Counts, uniques, growth and projection: pure functions on the tidy tables.

Tables are those of the registrations, cut to one location or to all reported locations together.
No function here decides what may be shown. Beside each count stands the number of people behind
it, for the room that does.
"""

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


@dataclass(frozen=True)
class RateChange:
    """The change of a rate per month: 0.5 is half as much again, `low` to `high` its 95% interval."""

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


@dataclass(frozen=True)
class Season:
    """How earlier years divided: participations in the first part of the year and in the rest."""

    first: int
    rest: int

    @property
    def share(self) -> float:
        """The share of the year that fell in its first part."""
        return self.first / (self.first + self.rest)


def within(table: pd.DataFrame, period: Period, column: str = "datum") -> pd.DataFrame:
    """Return the rows whose date lies in the period, both ends included."""
    return table[table[column].between(pd.Timestamp(period.first), pd.Timestamp(period.last))]


def holders(roles: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return the rows of people who hold a role on any day of the period."""
    begun = roles["van"] <= pd.Timestamp(period.last)
    ended = roles["tot"] < pd.Timestamp(period.first)
    return roles[begun & ~ended]


def with_domain(participations: pd.DataFrame, services: pd.DataFrame) -> pd.DataFrame:
    """Return the participations with a column `leefgebied`, the life domain of their service.

    The categories stand in the order of the services; a service without a domain gives NaN.
    """
    domain_of = services.set_index("dienst")["leefgebied"]
    service = participations["dienst"].astype("category").cat
    domains = pd.Categorical(
        domain_of.reindex(service.categories), categories=domain_of.dropna().unique()
    )
    return participations.assign(leefgebied=domains.take(service.codes, allow_fill=True))


def participants(participations: pd.DataFrame) -> int:
    """Count distinct pseudonyms; anonymous head counts add none."""
    return participations["deelnemer"].nunique()


def participants_by(participations: pd.DataFrame, column: str) -> pd.Series:
    """Count distinct pseudonyms per value of a column, every category included."""
    pairs = _pairs(participations, column)
    return pairs.groupby(column, observed=False).size().rename("deelnemers")


def participations_by(participations: pd.DataFrame, column: str) -> pd.Series:
    """Add up the participations per value of a column, every category included."""
    return participations.groupby(column, observed=False)["aantal"].sum().rename("deelnames")


def people_behind(participations: pd.DataFrame) -> int:
    """Count the people who stand behind a number of participations, for disclosure.

    Pseudonyms and anonymous heads may be the same people, so the larger of the two counts.
    """
    anonymous = participations["deelnemer"].isna()
    return max(participants(participations), int(participations.loc[anonymous, "aantal"].sum()))


def people_behind_by(participations: pd.DataFrame, column: str) -> pd.Series:
    """Count the people behind the participations, as `people_behind`, per value of a column."""
    anonymous = participations[participations["deelnemer"].isna()]
    named, heads = participants_by(participations, column).align(
        participations_by(anonymous, column), fill_value=0
    )
    return named.where(named > heads, heads).astype("int64").rename("personen")


def newcomers(history: pd.DataFrame, period: Period) -> tuple[int, int]:
    """Count the participants of a period who are new here, and those seen here before.

    Parameters
    ----------
    history : DataFrame
        All participations of the location, or of all reported locations together, from the
        first one known.
    period : Period

    Returns
    -------
    new, returning : int
        Together the participants of the period.
    """
    earlier = history.loc[history["datum"] < pd.Timestamp(period.first), "deelnemer"]
    present = within(history, period)["deelnemer"].dropna().drop_duplicates()
    returning = int(present.isin(earlier.dropna().unique()).sum())
    return len(present) - returning, returning


def users_of_several_services(participations: pd.DataFrame) -> int:
    """Count the participants who used two or more services."""
    return int((_pairs(participations, "dienst")["deelnemer"].value_counts() > 1).sum())


def reciprocal(participations: pd.DataFrame, roles: pd.DataFrame, period: Period) -> int:
    """Count the participants of the period who hold a role in which they give something back.

    `participations` are those of the period; `roles` are those of the same locations.
    """
    held = holders(roles, period)
    giving = held.loc[held["rol"].isin(RECIPROCAL_ROLES), "persoon"].unique()
    return int(participations["deelnemer"].dropna().drop_duplicates().isin(giving).sum())


def people_by_role(roles: pd.DataFrame, period: Period) -> pd.Series:
    """Count the distinct people per role held on any day of the period."""
    held = holders(roles, period)[["rol", "persoon"]].drop_duplicates()
    return held.groupby("rol", observed=False).size().rename("personen")


def origins(participations: pd.DataFrame, participants_table: pd.DataFrame) -> pd.Series:
    """Count distinct participants per neighbourhood; those of unknown origin under `UNPLACED`."""
    people = pd.Series(participations["deelnemer"].dropna().unique()).astype(object)
    homes = people.map(_homes(participants_table)).astype(object).fillna(UNPLACED)
    return homes.value_counts().sort_index().rename_axis("buurt").rename("deelnemers")


def from_surroundings(
    participations: pd.DataFrame, participants_table: pd.DataFrame, neighbourhoods: pd.DataFrame
) -> int:
    """Count the participants who live in the immediate surroundings of a location they came to."""
    surrounds = neighbourhoods.set_index("buurt")["omgeving_van"].dropna().astype(object)
    near = _homes(participants_table).map(surrounds)
    pairs = _pairs(participations, "locatie").astype(object)
    return pairs.loc[pairs["deelnemer"].map(near) == pairs["locatie"], "deelnemer"].nunique()


def referrals_by(referrals: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Count referrals per direction and partner, only those that occur.

    Returns
    -------
    DataFrame
        Index (richting, partner); `aantal` referrals and the `personen` behind them: distinct
        pseudonyms or, where those are more, referrals without one.
    """
    keys = ["richting", "partner"]
    groups = within(referrals, period).groupby(keys, observed=True)["deelnemer"]
    counted = groups.agg(aantal="size", gevuld="count", uniek="nunique").astype("int64")
    people = counted["uniek"].clip(lower=counted["aantal"] - counted["gevuld"])
    return counted[["aantal"]].assign(personen=people)


def mixing(participations: pd.DataFrame) -> pd.DataFrame:
    """Count the participants that each two services share; on the diagonal those of the service."""
    pairs = _pairs(participations, "dienst").astype("category")
    service, person = pairs["dienst"].cat, pairs["deelnemer"].cat
    used = sparse.coo_array(
        (np.ones(len(pairs), dtype="int64"), (service.codes, person.codes)),
        shape=(len(service.categories), len(person.categories)),
    ).tocsr()
    shared = (used @ used.T).toarray()
    return pd.DataFrame(shared, index=service.categories, columns=service.categories)


def rate_change(
    count: int, exposure: float, base_count: int, base_exposure: float
) -> RateChange | None:
    """Compare two rates per month by the exact conditional test for two Poisson counts.

    Given their sum, the count is binomial under equal rates (Przyborowski and Wilenski 1940). The
    p-value is twice the smaller tail: so the verdict always agrees with the exact
    interval (Clopper and Pearson 1934), which the minimum-likelihood p-value does not.

    Parameters
    ----------
    count, base_count : int
        Participations in the period and in the baseline.
    exposure, base_exposure : float
        Months; for several locations the sum of their months.

    Returns
    -------
    RateChange or None
        None where the baseline holds nothing, or an exposure is 0.
    """
    if base_count <= 0 or exposure <= 0 or base_exposure <= 0:
        return None
    total, share = int(count + base_count), exposure / (exposure + base_exposure)
    tails = stats.binom.cdf(count, total, share), stats.binom.sf(count - 1, total, share)
    p_value = min(1.0, 2 * float(min(tails)))
    ends = stats.binomtest(int(count), total).proportion_ci(1 - SIGNIFICANCE, method="exact")
    scale = base_exposure / exposure
    growth = count / base_count * scale - 1
    low, high = (float(end / (1 - end) * scale - 1) for end in (ends.low, ends.high))
    verdict = "meer" if growth > 0 else "minder"
    return RateChange(
        growth, low, high, p_value, verdict if p_value < SIGNIFICANCE else "geen duidelijk verschil"
    )


def barometer(
    counts: pd.Series, exposure: float, base_counts: pd.Series, base_exposure: float
) -> dict[str, RateChange | None]:
    """Compare the participations per life domain with the baseline, as `rate_change` does."""
    base = base_counts.reindex(counts.index, fill_value=0)
    return {
        domain: rate_change(counts[domain], exposure, base[domain], base_exposure)
        for domain in counts.index
    }


def seasonal_share(first_parts: Sequence[int], totals: Sequence[int]) -> Season | None:
    """Pool earlier years in which the location was open all year.

    Parameters
    ----------
    first_parts, totals : sequence of int
        Per year the participations in the part that corresponds, and in the whole year.

    Returns
    -------
    Season or None
        None with fewer than two years, or where all fell in one part.
    """
    first = int(sum(first_parts))
    rest = int(sum(totals)) - first
    return Season(first, rest) if len(totals) >= 2 and first > 0 and rest > 0 else None


def project(
    count: int, observed_months: float, remaining_months: float, season: Season | None = None
) -> Projection | None:
    """Project the total at the end of the calendar year.

    The rate has the posterior Gamma(count + 1/2, observed) (Jeffreys), so the rest of the year is
    negative binomial; with a season, whose share is itself estimated, beta negative binomial. `low`
    and `high` are the first counts at which its distribution reaches 10% and 90%. `expected`
    carries the rate itself on: unbiased, where the mean of that distribution is too high by half
    a participation times remaining / observed. Participations are taken as independent.

    Parameters
    ----------
    count : int
        Participations in this calendar year until now.
    observed_months, remaining_months : float
        Months open until now, and from now to the end of the calendar year.
    season : Season, optional
        Replaces the flat division; only for a location that is open all year.

    Returns
    -------
    Projection or None
        None where no month was observed.
    """
    if observed_months <= 0:
        return None
    if remaining_months <= 0:
        return Projection(float(count), int(count), int(count))
    share = season.share if season else observed_months / (observed_months + remaining_months)
    if season:
        low, high = _seasonal_quantiles(count + 0.5, season)
    else:
        low, high = stats.nbinom.ppf(PREDICTION_QUANTILES, count + 0.5, share).astype(int)
    return Projection(count / share, int(count + low), int(count + high))


def course(projection: Projection | None, year_before: int | None, count: int) -> str | None:
    """Judge a projection against the total of the calendar year before; None without either."""
    if projection is None or year_before is None:
        return None
    if count < FEWEST_FOR_COURSE:
        return "onzeker"
    if projection.low > year_before:
        return "boven koers"
    return "onder koers" if projection.high < year_before else "op koers"


def _seasonal_quantiles(size: float, season: Season) -> np.ndarray:
    """Take quantiles of nbinom(size, share) over share ~ Beta(first + 1/2, rest + 1/2)."""
    a, b = season.first + 0.5, season.rest + 0.5
    ceiling = stats.nbinom.ppf(0.99, size, stats.beta.ppf(0.01, a, b))
    future = np.arange(ceiling + 1)
    ways = special.gammaln(size + future) - special.gammaln(size) - special.gammaln(future + 1)
    chances = np.exp(ways + special.betaln(a + size, b + future) - special.betaln(a, b))
    return np.searchsorted(np.cumsum(chances), PREDICTION_QUANTILES)


def _pairs(participations: pd.DataFrame, column: str) -> pd.DataFrame:
    named = participations.loc[participations["deelnemer"].notna(), [column, "deelnemer"]]
    return named.drop_duplicates()


def _homes(participants_table: pd.DataFrame) -> pd.Series:
    return participants_table.set_index("deelnemer")["buurt"].dropna().astype(object)
