"""Small made-up programmes for the attacker, seeded, and in which order they are reported on."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

SCENARIOS = ("one", "disjoint", "quarters", "nested", "corrections")
BEGIN, END = date(2017, 1, 1), date(2018, 12, 31)
Rows = list[tuple[object, ...]]

HEADS = {
    "locaties": "locatie;naam;wijk;geopend_op;gesloten_op;oppervlakte_m2",
    "diensten": "dienst;naam;leefgebied",
    "rolnamen": "rol;naam",
    "rollen": "locatie;persoon;rol;van;tot",
    "bijgehouden": "locatie;wat;van",
    "deelnames": "datum;locatie;dienst;deelnemer;aantal",
    "deelnemers": "deelnemer;buurt",
    "buurten": "buurt;naam;omgeving_van;inwoners",
    "partners": "partner;naam",
    "verwijzingen": "datum;locatie;partner;richting;deelnemer",
}
NEEDED = ("locaties", "diensten", "rolnamen", "rollen", "deelnames")


@dataclass
class Programme:
    """The tables of each version of the data, and what is issued of which version.

    Attributes
    ----------
    versions : list of dict of str to rows
    steps : list of (period, place of the version)
    settings : list of str
        Lines of [publicatie], beside those of every programme.
    """

    versions: list[Mapping[str, Rows]]
    steps: Sequence[tuple[str, int]]
    baselines: dict[str, str] = field(default_factory=dict)
    settings: list[str] = field(default_factory=list)

    def write(self, folder: Path, version: int) -> None:
        """Write the data folder of a version."""
        folder.mkdir(parents=True, exist_ok=True)
        lines = [
            'naam = "W"',
            'plaats = "S"',
            "[publicatie]",
            "drempel = 5",
            "min_maanden_open = 1",
            *self.settings,
        ]
        lines += ["[basisperiode]", *(f'"{a}" = "{b}"' for a, b in self.baselines.items())]
        (folder / "programma.toml").write_text("\n".join(lines) + "\n")
        for table, rows in self.versions[version].items():
            if rows or table in NEEDED:
                written = [HEADS[table], *(";".join(map(str, row)) for row in rows)]
                (folder / f"{table}.csv").write_text("\n".join(written) + "\n")


def programme(seed: int, scenario: str, most: int = 16) -> Programme:
    """Make up a programme; its locations times its services are no more than `most`."""
    chance = random.Random(f"{scenario} {seed}")
    tables = _tables(chance, min(most, 9) if scenario == "quarters" else most)
    versions = [tables]
    baselines = {"2018-H1": "2017"} if chance.random() < 0.3 else {}
    steps = [(period, 0) for period in _periods(chance, scenario)]
    if scenario == "corrections":
        versions += [corrected(chance, tables)]
        versions += [corrected(chance, versions[-1])]
        again = [("2018-H1", 1)] + [("2018-H2", 1)] * (chance.random() < 0.7)
        steps = [("2018-H1", 0), *again]
        steps += [(period, 2) for period in ("2018-H1", "2018-H2") if chance.random() < 0.7]
    return Programme(versions, steps, baselines)


def _periods(chance: random.Random, scenario: str) -> list[str]:
    if scenario == "disjoint":
        return ["2017-H2", "2018-H1", "2018-H2"]
    if scenario == "quarters":
        quarters = ["2018-Q1", "2018-Q2", "2018-H1", "2018-Q3", "2018-Q4", "2018-H2", "2018"]
        chosen = [period for period in quarters if chance.random() < 0.65]
        return chosen if chance.random() < 0.7 else chosen[::-1]
    if scenario == "nested":
        free = [
            "2018-H1",
            "2018-01-01/2018-06-29",
            "2018-02/2018-05",
            "2018-01/2018-09",
            "2018-04/2018-12",
            "2017-10/2018-03",
        ]
        return chance.sample(free, chance.randint(2, 4))
    return ["2018-H1"]


def _tables(chance: random.Random, most: int) -> dict[str, Rows]:
    """Make up tables; locations times services are no more than `most`."""
    locations = [f"l{n}" for n in range(chance.choice((1, 1, 1, 2, 2, 3, 4)))]
    services = [f"d{n}" for n in range(chance.choice((1, 2, 2, 3, 3, 4, 6)))]
    del services[max(1, most // len(locations)) :]
    homes = [f"b{n}" for n in range(chance.choice((0, 2, 3, 5)))]
    roles = [f"r{n}" for n in range(chance.choice((0, 1)))] + ["vrijwilliger"]
    partners = [f"q{n}" for n in range(chance.choice((0, 2, 3)))]
    domains = ["leren", "werk"] if chance.random() < 0.6 else [""]
    opened = {location: _open(chance, number) for number, location in enumerate(locations)}
    people = [f"p{n}" for n in range(chance.choice((15, 40, 80, 150, 250)))]
    visits, holds = _lives(chance, people, opened, services, roles)
    live = {person: _home(chance, homes, opened) for person in people}
    if chance.random() < 0.2 and homes:  # all of one group
        live = dict.fromkeys(people, homes[0])
    return {
        "locaties": [
            (location, location.upper(), "W", first, "" if last > END else last, 50)
            for location, (first, last) in opened.items()
        ],
        "bijgehouden": [
            (location, register, first)
            for location, (first, _) in opened.items()
            for register in ("deelnames", "deelnemers", "rollen", "verwijzingen")
        ],
        "diensten": [(s, s.upper(), chance.choice(domains)) for s in services],
        "rolnamen": [("deelnemers", "Deelnemers"), *((role, role.title()) for role in roles)],
        "rollen": holds,
        "deelnames": visits,
        "deelnemers": [(person, home) for person, home in live.items() if home],
        "buurten": [
            (home, home.upper(), chance.choice([*locations, ""]), 100 + 7 * number)
            for number, home in enumerate(homes)
        ],
        "partners": [(partner, partner.upper()) for partner in partners],
        "verwijzingen": _referrals(chance, opened, partners),
    }


def _open(chance: random.Random, number: int) -> tuple[date, date]:
    first, last = date(2016, 1, 1), date(2020, 1, 1)
    if number and chance.random() < 0.35:
        first = date(2018, chance.randint(1, 7), 1)
    elif number and chance.random() < 0.25:
        last = date(2018, chance.randint(3, 9), 28)
    return first, last


def _home(chance: random.Random, homes: Sequence[str], opened: Mapping) -> str:
    if not homes or chance.random() < 0.15:
        return ""
    weights = [1 / (1 + number) ** 2 for number in range(len(homes))]
    return chance.choices(homes, weights)[0]


def _day(chance: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randint(0, (last - first).days))


def _lives(chance, people, opened, services, roles) -> tuple[Rows, Rows]:
    """Return who came when and where, and who holds a role."""
    visits: dict[tuple, int] = {}
    holds: Rows = []
    weights = [1 / (1 + number) for number in range(len(services))]
    spread = chance.choice((0, 0.15, 0.4))
    for person in people:
        home = chance.choice(list(opened))
        places = [place for place in opened if place == home or chance.random() < spread]
        own = chance.choices(services, weights, k=chance.choice((1, 1, 2, 3)))
        begin = chance.choice((BEGIN, date(2017, 7, 1), date(2018, 1, 1), date(2018, 4, 1)))
        end = min(END, begin + timedelta(days=chance.choice((30, 200, 400, 800))))
        for _ in range(chance.choice((1, 2, 3, 6))):
            place = chance.choice(places)
            first, last = max(begin, opened[place][0]), min(end, opened[place][1])
            if first <= last:
                visits[_day(chance, first, last), place, chance.choice(own), person] = 1
        if chance.random() < 0.15:
            holds += _held(chance, person, chance.choice(roles), home, opened[home], (begin, end))
    if chance.random() < 0.25:  # one person most of a service
        place = chance.choice(list(opened))
        for _ in range(40):
            visits[_open_day(chance, opened[place]), place, services[-1], people[0]] = 1
    if chance.random() < 0.25:  # somebody comes on the last day alone
        visits[date(2018, 6, 30), next(iter(opened)), chance.choice(services), "p9999"] = 1
    rows = [(*visit, number) for visit, number in visits.items()]
    if chance.random() < 0.4:
        rows += _heads(chance, opened, services)
    if chance.random() < 0.7:  # the registers begin with the data
        rows.append((BEGIN, next(iter(opened)), services[0], people[0], 1))
    return sorted(set(rows)), holds


def _held(chance, person, role, place, opened, active) -> Rows:
    first = max(_day(chance, *active), opened[0])
    last = min(first + timedelta(days=100), opened[1]) if chance.random() < 0.5 else opened[1]
    return [(place, person, role, first, "" if last > END else last)] if first <= last else []


def _heads(chance, opened, services) -> Rows:
    rows: Rows = []
    for place, days in opened.items():
        for service in services[: chance.randint(0, len(services))]:
            for _ in range(chance.randint(0, 5)):
                number = chance.choice((1, 2, 8, 15))
                rows.append((_open_day(chance, days), place, service, "", number))
    return rows


def _open_day(chance: random.Random, opened: tuple[date, date]) -> date:
    return _day(chance, max(BEGIN, opened[0]), min(END, opened[1]))


def _referrals(chance, opened, partners) -> Rows:
    rows: Rows = []
    for partner in partners:
        for direction in ("naar", "van"):
            for _ in range(chance.choice((0, 2, 6, 14))):
                place = chance.choice(list(opened))
                rows.append((_open_day(chance, opened[place]), place, partner, direction, ""))
    return sorted(rows)


def corrected(chance: random.Random, tables: Mapping[str, Rows]) -> dict[str, Rows]:
    """Return the tables with a few rows forgotten, added or moved in the first half of 2018."""
    visits = list(tables["deelnames"])
    inside = [row for row in visits if "2018-01-01" <= str(row[0]) <= "2018-06-30" and row[3]]
    for row in chance.sample(inside, min(len(inside), chance.choice((1, 2, 8)))):
        visits.remove(row)
        if chance.random() < 0.5:
            service = chance.choice(tables["diensten"])[0]
            visits.append((row[0], row[1], service, row[3], 1))
    if inside and chance.random() < 0.5:
        row = chance.choice(inside)
        visits.append((*row[:3], "p8888", 1))
    return {**tables, "deelnames": sorted(set(visits))}
