"""What the attacker's tests know of a programme: its public keys, and the people in its data.

The people are used to begin the search, and to see that a fact was read as it is meant; what can
be worked out does not depend on them. Nothing of the product's counting is used.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

END = date(9999, 1, 1)
UNKNOWN = -1  # the home of whoever has none


@dataclass
class World:
    """A programme, from the csv files of its data folder.

    Attributes
    ----------
    opened : dict of str to (date, date)
        First and last day of each location.
    area : dict of str to float
    offered : dict of str to (date, date)
        First and last day of each service.
    domains : dict of str to list of str
        Slug of a life domain to its services.
    homes : list of str
    around : dict of str to str
        Neighbourhood to the location that it lies around.
    inhabitants : dict of str to float
        Neighbourhood to who live there.
    roles : list of str
        All but that of participants.
    seen, holds : dict of person to list of tuple
        (day, location, service); (first, last, location, role).
    home : dict of person to home
    heads, referrals : list of tuple
        (day, location, service, number); (day, location, direction, partner).
    """

    opened: dict = field(default_factory=dict)
    area: dict = field(default_factory=dict)
    offered: dict = field(default_factory=dict)
    domains: dict = field(default_factory=lambda: defaultdict(list))
    homes: list = field(default_factory=list)
    around: dict = field(default_factory=dict)
    inhabitants: dict = field(default_factory=dict)
    roles: list = field(default_factory=list)
    partners: list = field(default_factory=list)
    seen: dict = field(default_factory=lambda: defaultdict(list))
    holds: dict = field(default_factory=lambda: defaultdict(list))
    home: dict = field(default_factory=dict)
    heads: list = field(default_factory=list)
    referrals: list = field(default_factory=list)

    @property
    def locations(self) -> list[str]:
        return list(self.opened)

    @property
    def services(self) -> list[str]:
        return list(self.offered)


def read(folder: Path) -> World:
    """Read a data folder that holds csv files with semicolons alone."""
    world = World()
    for row in _rows(folder, "locaties"):
        opened = _day(row["geopend_op"], date.min), _day(row.get("gesloten_op"), END)
        world.opened[row["locatie"]] = opened
        world.area[row["locatie"]] = float(row.get("oppervlakte_m2") or 0)
    for row in _rows(folder, "diensten"):
        service = row["dienst"]
        world.offered[service] = _day(row.get("van"), date.min), _day(row.get("tot"), END)
        if row.get("leefgebied"):
            world.domains[row["leefgebied"].lower().replace(" ", "-")].append(service)
    for row in _rows(folder, "buurten"):
        world.homes.append(row["buurt"])
        world.around[row["buurt"]] = row.get("omgeving_van") or ""
        world.inhabitants[row["buurt"]] = float(row.get("inwoners") or 0)
    world.roles = [row["rol"] for row in _rows(folder, "rolnamen") if row["rol"] != "deelnemers"]
    world.partners = [row["partner"] for row in _rows(folder, "partners")]
    world.home = {row["deelnemer"]: row["buurt"] for row in _rows(folder, "deelnemers")}
    for row in _rows(folder, "rollen"):
        held = _day(row["van"], date.min), _day(row.get("tot"), END), row["locatie"], row["rol"]
        world.holds[row["persoon"]].append(held)
    participations = set()
    for row in _rows(folder, "deelnames"):
        visit = _day(row["datum"], END), row["locatie"], row["dienst"]
        if person := row.get("deelnemer"):
            participations.add((person, *visit))
        else:
            world.heads.append((*visit, int(row.get("aantal") or 1)))
    for person, *visit in sorted(participations):
        world.seen[person].append(tuple(visit))
    for row in _rows(folder, "verwijzingen"):
        referral = _day(row["datum"], END), row["locatie"], row["richting"], row["partner"]
        world.referrals.append(referral)
    return world


def _rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    paths = [folder / f"{table}.csv", *sorted((folder / table).glob("*.csv"))]
    for path in paths:
        if path.exists():
            with path.open(newline="") as file:
                yield from csv.DictReader(file, delimiter=";")


def _day(text: str | None, default: date) -> date:
    return date.fromisoformat(text) if text else default


@dataclass
class Crowd:
    """Types of people: who was seen where, when and at what, what they hold, where they live.

    Attributes
    ----------
    seen : bool, shape (types, locations, stretches, services)
    holds : bool, shape (types, locations, stretches, roles)
    home : int, shape (types,)
        Place in the list of homes, or UNKNOWN.
    """

    seen: np.ndarray
    holds: np.ndarray
    home: np.ndarray

    def __len__(self) -> int:
        return len(self.home)

    def take(self, rows) -> "Crowd":
        """Return some of the types."""
        return Crowd(self.seen[rows], self.holds[rows], self.home[rows])

    def flat(self) -> np.ndarray:
        """Return a row of whole numbers for each type."""
        parts = [self.seen.reshape(len(self), -1), self.holds.reshape(len(self), -1)]
        return np.hstack([*(part.astype(np.int8) for part in parts), self.home[:, None]])

    def distinct(self) -> "Crowd":
        """Return each type once, in the order in which they came."""
        _, places = np.unique(self.flat(), axis=0, return_index=True)
        return self.take(np.sort(places))


def joined(*crowds: Crowd) -> Crowd:
    """Put types together."""
    parts = [(crowd.seen, crowd.holds, crowd.home) for crowd in crowds]
    return Crowd(*(np.concatenate(part) for part in zip(*parts, strict=True)))
