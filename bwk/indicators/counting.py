"""What is counted of an attendance, and of the tables of roles and referrals."""

from collections import Counter, defaultdict
from typing import NamedTuple

import numpy as np
import pandas as pd

from bwk.indicators.attendance import Attendance
from bwk.periods import Period

RECIPROCAL_ROLES = ("vrijwilliger", "sleutelhouder")


class Tally(NamedTuple):
    """What is counted of one service."""

    participants: int = 0
    participations: int = 0
    people_behind: int = 0


def participants(attended: Attendance) -> int:
    """Count distinct pseudonyms; anonymous head counts add none."""
    return _count(attended.present)


def participations(attended: Attendance) -> int:
    """Add up `aantal`."""
    return int(attended.visits.sum())


def people_behind(attended: Attendance) -> int:
    """Count the people behind participations: pseudonyms or anonymous heads, whichever are more."""
    return max(participants(attended), int(attended.heads.sum()))


def by_service(attended: Attendance) -> dict[str, Tally]:
    """Count participants, participations and the people behind these, per service."""
    people = np.count_nonzero(attended.used, axis=1)
    behind = np.maximum(people, attended.heads.sum(axis=0))
    counted = (people, attended.visits.sum(axis=0), behind)
    rows = zip(*(numbers.tolist() for numbers in counted), strict=True)
    return dict(zip(attended.services, map(Tally._make, rows), strict=True))


def newcomers(history: Attendance, period: Period) -> tuple[int, int]:
    """Count the participants of a period: those who are new here, and those seen here before.

    `history` goes back to the first participation that is known.
    """
    earlier, present = history.before(period.first).present, history.within(period).present
    return _count(present & ~earlier), _count(present & earlier)


def users_of_several_services(attended: Attendance) -> int:
    """Count the participants who used two or more services."""
    return _count(np.count_nonzero(attended.used, axis=0) > 1)


def mixing(attended: Attendance) -> pd.DataFrame:
    """Count the participants that each two services share; on the diagonal those of the service."""
    used = attended.used[:, attended.present].astype("float64")
    names = attended.services
    return pd.DataFrame((used @ used.T).astype("int64"), index=names, columns=names)


def origins(attended: Attendance, living: pd.Categorical) -> pd.Series:
    """Count distinct participants per neighbourhood; of unknown origin under `UNPLACED`.

    `living` is the home of each category of the people, from `homes`.
    """
    return living.take(attended.people.codes[attended.present]).value_counts()


def from_surroundings(attended: Attendance) -> int:
    """Count the participants who live in the immediate surroundings of a location they came to."""
    return _count(np.logical_or.reduce(attended.near, axis=0))


def reciprocal(attended: Attendance, roles: pd.DataFrame, period: Period) -> int:
    """Count the participants who in the period hold a role of giving something back."""
    held = holders(roles, period)
    giving = held.loc[held["rol"].isin(RECIPROCAL_ROLES), "persoon"].unique()
    return _count(attended.present & attended.people.isin(giving))


def holders(roles: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return the rows of people who hold a role on any day of the period."""
    begun = roles["van"] <= pd.Timestamp(period.last)
    return roles[begun & ~(roles["tot"] < pd.Timestamp(period.first))]


def people_by_role(roles: pd.DataFrame, period: Period) -> dict[str, int]:
    """Count the distinct people per role held on any day of the period."""
    held = holders(roles, period).groupby("rol", observed=True)["persoon"].nunique()
    return {str(role): people for role, people in held.items()}


def referrals_by(referrals: pd.DataFrame, period: Period) -> dict[tuple[str, str], tuple[int, int]]:
    """Count the referrals of each direction and partner, and the people behind them.

    Behind referrals without a name stand as many people as there are referrals.
    """
    rows = referrals[
        referrals["datum"].between(pd.Timestamp(period.first), pd.Timestamp(period.last))
    ]
    people = rows["deelnemer"].astype(object).fillna("")
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for direction, partner, who in zip(rows["richting"], rows["partner"], people, strict=True):
        found[direction, partner][who] += 1
    return {key: (who.total(), max(len(who.keys() - {""}), who[""])) for key, who in found.items()}


def _count(marks: np.ndarray) -> int:
    return int(np.count_nonzero(marks))
