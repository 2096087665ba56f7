"""What a reader could work out from everything published, tried by an attacker of the tests' own.

The attacker sees `feiten.json` alone: each published number is an equation, a rounded share or
growth an interval. For each number held back it looks for the smallest and the largest whole
number that agree with all of it.
"""

import random
from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import LinearConstraint, milp
from small import visits

from bwk import disclosure, periods, programme, registrations
from bwk.errors import DataError
from bwk.facts import Issued
from bwk.facts.book import build
from bwk.registrations import Registrations
from bwk.registrations.registers import KINDS

pytestmark = pytest.mark.no_cover  # generative
THRESHOLD = 5
HALF = 0.00005  # half of the last digit of a published share
SERVICES = ("koffie", "taal", "klus", "werk", "geld")
MANY = 10_000
NEVER = pd.NaT
OPENED = pd.Timestamp("2017-04-01")


def random_registrations(seed: int, days: int = 456) -> Registrations:
    """Make registrations in which small numbers abound, from April 2017 for so many days."""
    rng = random.Random(seed)
    locations = [f"locatie-{n}" for n in range(rng.randint(1, 4))]
    services = SERVICES[: rng.randint(1, 5)]
    people = [f"p{n:04d}" for n in range(rng.randint(5, 120))]
    weights = [rng.random() ** 2 for _ in services]
    rows = [
        (date(2017, 4, 1) + timedelta(rng.randrange(days)), home, service, person, 1)
        for person in people
        for home in [rng.choice(locations)]
        for service in rng.choices(services, weights, k=rng.randint(1, 5))
    ]
    rows += [
        (date(2018, 2, 1), rng.choice(locations), rng.choice(services), None, rng.randint(0, 9))
        for _ in range(rng.randint(0, 4))
    ]
    columns = ["datum", "locatie", "dienst", "deelnemer", "aantal"]
    visited = pd.DataFrame(rows, columns=columns).drop_duplicates(columns[:4]).assign(bron="x")
    visited["datum"] = pd.to_datetime(visited["datum"])
    keys = dict.fromkeys(["locatie", "dienst", "deelnemer", "bron"], "category")
    roles = ["deelnemers", "vrijwilliger", "sleutelhouder"]
    held = [
        (rng.choice(locations), person, rng.choice(roles[1:]), pd.Timestamp("2017-05-01"), NEVER)
        for person in rng.sample(people, rng.randint(0, len(people) // 3))
    ]
    places, partners, domains = ["a", "b", "c"], ["p", "q"], ["Leren", "Meedoen", None]
    referred = [
        (
            pd.Timestamp("2017-04-01") + pd.Timedelta(days=rng.randrange(days)),
            rng.choice(locations),
            rng.choice(partners),
            rng.choice(["naar", "van"]),
            rng.choice([None, *people]),
        )
        for _ in range(rng.randint(0, 40))
    ]
    return Registrations(
        locations=pd.DataFrame(
            {"locatie": locations, "naam": locations, "wijk": "w", "oppervlakte_m2": np.nan}
        ).assign(
            geopend_op=pd.Timestamp("2017-04-01"),
            formeel_vanaf=NEVER,
            gesloten_op=NEVER,
            opvolger=None,
        ),
        services=pd.DataFrame(
            {
                "dienst": services,
                "naam": services,
                "leefgebied": rng.choices(domains, k=len(services)),
            },
            dtype=object,
        ).assign(van=NEVER, tot=NEVER, opvolger=None),
        role_names=pd.DataFrame({"rol": roles, "naam": roles}),
        roles=pd.DataFrame(held, columns=["locatie", "persoon", "rol", "van", "tot"]).astype(
            {"van": "datetime64[s]", "tot": "datetime64[s]"}
        ),
        neighbourhoods=pd.DataFrame(
            {
                "buurt": places,
                "naam": places,
                "omgeving_van": [rng.choice([None, *locations]) for _ in places],
                "inwoners": [rng.choice([None, 900, 4200]) for _ in places],
            },
            dtype=object,
        ),
        participants=pd.DataFrame(
            [(person, rng.choice(places)) for person in people], columns=["deelnemer", "buurt"]
        ),
        partners=pd.DataFrame({"partner": partners, "naam": partners}),
        referrals=pd.DataFrame(
            referred, columns=["datum", "locatie", "partner", "richting", "deelnemer"]
        ).astype({"datum": "datetime64[s]"}),
        participations=visited.astype(keys),
        kept_registers=_all_kept(locations),
    )


def _all_kept(locations: list[str]) -> pd.DataFrame:
    """Return that all was registered: the attacker takes the months that a location was open."""
    rows = [(place, kind, OPENED, NEVER) for place in locations for kind in KINDS]
    return pd.DataFrame(rows, columns=["locatie", "wat", "van", "tot"])


class Attacker:
    """Whole unknowns, and what the publication says of them."""

    def __init__(self, published: dict) -> None:
        self.facts = published["feiten"]
        self.places = [scope for scope in self.facts if scope != "stad"]
        self.index: dict[tuple[str, str], int] = {}
        self.rules: list[tuple[dict, float, float]] = []
        for scope in self.facts:
            self.read(scope)
        for name in ("deelnames", "deelnames_basis"):
            for fact in self.family("stad", name):
                self.rule([(("stad", fact), 1), *(((p, fact), -1) for p in self.places)])
        for fact in ("deelnemers", "deelnemers_basis", *self.family("stad", "deelnemers")):
            if not fact.startswith("deelnemers.locatie"):
                for place in self.places:
                    self.rule([(("stad", fact), 1), ((place, fact), -1)], high=np.inf)
                parts = [((place, fact), 1) for place in self.places]
                self.rule([*parts, (("stad", fact), -1)], high=np.inf)

    def family(self, scope: str, stem: str) -> list[str]:
        return [fact for fact in self.facts[scope] if fact.startswith(f"{stem}.")]

    def rule(self, terms: list, low: float = 0, high: float = 0) -> None:
        row: dict[int, float] = defaultdict(float)
        for key, factor in terms:
            row[self.index.setdefault(key, len(self.index))] += factor
        self.rules.append((row, low, high))

    def ratio(self, scope: str, fact: str, top: list, bottom: list, scale: float = 1) -> None:
        value = self.facts[scope][fact]["waarde"]
        if value is not None:
            for sign in (1, -1):
                bound = (value + sign * HALF) / scale
                terms = [(key, -sign) for key in top] + [(key, sign * bound) for key in bottom]
                self.rule(terms, high=np.inf)

    def read(self, scope: str) -> None:
        plain = ("deelnemers", "deelnames", "deelnemers_basis", "nieuwe_deelnemers")
        families = ("deelnames", "deelnames_basis", "deelnemers", "rol", "herkomst", "samen")
        names = [*plain, "terugkerende_deelnemers"]
        names += [fact for stem in families for fact in self.family(scope, stem)]
        for fact in names:
            key, value = (scope, fact), self.facts[scope].get(fact, {}).get("waarde")
            place = fact.removeprefix("deelnemers.locatie.").removeprefix("deelnames.locatie.")
            if place != fact:
                key = (place, fact.partition(".")[0])
            self.rule([(key, 1)], *((0, np.inf) if value is None else (value, value)))
        services = [fact.partition(".")[2] for fact in self.family(scope, "aandeel")]
        total, people = (scope, "deelnames"), (scope, "deelnemers")
        self.rule([(total, 1), *(((scope, f"deelnames.{s}"), -1) for s in services)])
        for service in services:
            visited, basis = (scope, f"deelnames.{service}"), (scope, f"deelnames_basis.{service}")
            used = (scope, f"deelnemers.{service}")
            self.rule([(visited, 1), (used, -1)], high=np.inf)
            self.rule([(people, 1), (used, -1)], high=np.inf)
            self.ratio(scope, f"aandeel.{service}", [visited], [total])
            growth = f"groei_per_maand.{service}"
            if (value := self.facts[scope][growth]["waarde"]) is not None:
                for sign in (1, -1):
                    bound = (1 + value + sign * HALF) * 6 / 9
                    self.rule([(visited, -sign), (basis, sign * bound)], high=np.inf)
        self.rule([*(((scope, f"deelnemers.{s}"), 1) for s in services), (people, -1)], high=np.inf)
        parts = [(scope, "nieuwe_deelnemers"), (scope, "terugkerende_deelnemers")]
        self.rule([(people, 1), *((part, -1) for part in parts)])
        self.rule([(people, 1), ((scope, "rol.deelnemers"), -1)])
        roles = [(scope, role) for role in self.family(scope, "rol")]
        for role in roles:
            self.ratio(scope, f"aandeel_rol.{role[1][4:]}", [role], roles)
        homes = [((scope, home), -1) for home in self.family(scope, "herkomst")]
        self.rule([(people, 1), *homes])  # here everybody's neighbourhood is known

    def range_of(self, key: tuple[str, str]) -> tuple[float, float]:
        matrix = np.zeros((len(self.rules), len(self.index)))
        for row, (terms, _, _) in enumerate(self.rules):
            for column, factor in terms.items():
                matrix[row, column] = factor
        low, high = (np.array([rule[side] for rule in self.rules], float) for side in (1, 2))
        ends = []
        for sign in (1, -1):
            cost = np.zeros(len(self.index))
            cost[self.index[key]] = sign
            for presolve in (True, False):  # HiGHS' presolve may call what is feasible infeasible
                found = milp(
                    cost,
                    integrality=np.ones(len(cost)),
                    bounds=(0, MANY),
                    constraints=LinearConstraint(matrix, low - 1e-7, high + 1e-7),
                    options={"presolve": presolve},
                )
                if found.x is not None:
                    break
            assert found.x is not None, found.message
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]

    def held_back(self) -> list[tuple[str, str]]:
        return [
            (scope, name)
            for scope, name in self.index
            if self.facts[scope].get(name, {}).get("achtergehouden")
        ]


PERIODS = ["2018-H1", "2018-H2", "2018"]


class OfSeveralPeriods(Attacker):
    """The same, of two halves and their year: visits add up, and people do not go missing."""

    def __init__(self, books: dict[str, dict]) -> None:
        named = {f"{period} {scope}": own for period, scope, own in scopes(books)}
        self.facts = defaultdict(dict, named)  # nothing of a period that was not issued
        self.index, self.rules = {}, []
        for period, book in books.items():
            single = Attacker(book)
            names = {place: key for key, place in single.index.items()}
            for terms, low, high in single.rules:
                own = [(names[place], factor) for place, factor in terms.items()]
                named = [((f"{period} {s}", fact), factor) for (s, fact), factor in own]
                self.rule(named, low, high)
        first, second, year = PERIODS
        for _, scope, own in scopes(books):
            for fact in own:
                halves = [(f"{half} {scope}", fact) for half in (first, second)]
                whole, both = (f"{year} {scope}", fact), [(half, 1) for half in halves]
                if fact == "deelnames" or fact.startswith("deelnames."):
                    self.rule([(whole, -1), *both])
                elif fact == "deelnemers" or fact.startswith("deelnemers."):
                    self.rule([(whole, -1), *both], high=np.inf)
                    for half in halves:
                        self.rule([(whole, 1), (half, -1)], high=np.inf)


def scopes(books: dict[str, dict]) -> list[tuple[str, str, dict]]:
    return [
        (name, scope, own) for name, book in books.items() for scope, own in book["feiten"].items()
    ]


def published_in_turn(seed: int) -> dict[str, dict]:
    """Issue two halves of a year and the year, in an order that the seed tells."""
    data = random_registrations(seed, days=639)
    told: dict = defaultdict(set)
    held: set = set()
    books = {}
    for name in random.Random(seed).sample(PERIODS, 3):
        rules = programme.Programme(threshold=THRESHOLD, months_open=1)
        try:
            book = build(data, rules, periods.parse(name), issued=Issued(told, frozenset(held)))
        except DataError:
            continue  # beside what is out already it cannot be protected: it is not issued
        for each in book.line.shown:
            if each.value is None:
                held.add(each.count)
            else:
                told[each.count].add(each.value)
        books[name] = book.published()
        for own in books[name]["feiten"].values():
            for fact in own:
                if fact.startswith("groei_per_maand"):  # the attacker takes 2018-H1 against 2017
                    own[fact]["waarde"] = None
    assert not held & {*told}
    assert len(books) > 1
    return books


def published(seed: int) -> dict:
    rules = programme.Programme(threshold=THRESHOLD, baselines={"2018-H1": "2017"})
    return build(random_registrations(seed), rules, periods.parse("2018-H1")).published()


SLOWEST = 11  # takes twice as long as any other: left to tests/bench/proof.py


@pytest.mark.parametrize("seed", range(SLOWEST))
def test_nothing_held_back_can_be_worked_out(seed):
    attacker = Attacker(published(seed))
    for key in attacker.held_back():
        low, high = attacker.range_of(key)
        assert high - low >= THRESHOLD, (key, low, high)


@pytest.mark.parametrize("seed", [28, 29, 32, 43, 49, 55])
def test_nothing_held_back_can_be_worked_out_from_several_periods(seed):
    attacker = OfSeveralPeriods(published_in_turn(seed))
    for key in attacker.held_back():
        low, high = attacker.range_of(key)
        assert high - low >= THRESHOLD, (key, low, high)


def test_the_random_data_have_of_everything():
    seen = [random_registrations(seed) for seed in range(12)]
    assert any(len(data.services) > 2 for data in seen)
    for table, column in (("services", "leefgebied"), ("neighbourhoods", "omgeving_van")):
        assert any(getattr(data, table)[column].notna().any() for data in seen), column
    for table in ("referrals", "roles"):
        assert any(len(getattr(data, table)) for data in seen), table


def test_the_attacker_sees_a_leak():
    """A number held back alone follows from the total: the attacker must say which it is."""
    book = published(3)
    attacker = Attacker(book)
    scope, name = next(k for k in attacker.held_back() if k[1].startswith("deelnames."))
    data = random_registrations(3)
    truth = build(
        data,
        programme.Programme(threshold=1, baselines={"2018-H1": "2017"}),
        periods.parse("2018-H1"),
    ).published()
    for fact, entry in truth["feiten"][scope].items():
        if fact != name and fact.startswith("deelnames"):
            book["feiten"][scope][fact] = entry
    low, high = Attacker(book).range_of((scope, name))
    assert low == high == truth["feiten"][scope][name]["waarde"]


def test_a_run_whose_proof_fails_publishes_nothing(monkeypatch):
    """Hold back the small numbers and nothing else: they follow from the totals."""

    def small_alone(numbers, relations, truth, threshold):
        few = (number for number in numbers if 0 < number.people < threshold)
        return disclosure.Choice(frozenset(number.name for number in few), {}, [])

    monkeypatch.setattr(disclosure, "protect", small_alone)
    with pytest.raises(DataError, match="wordt niets gepubliceerd"):
        published(3)


def test_zero_is_published_and_nothing_else_below_the_threshold(make_folder):
    rows = visits("2018-02-01", "noord", "koffie", "abcdefghij")
    rows += visits("2018-02-01", "zuid", "koffie", "abc")
    folder = make_folder(THRESHOLD, deelnames=rows)
    book = build(registrations.read(folder), programme.read(folder), periods.parse("2018-H1"))
    counted = [
        fact.value
        for sheet in book.sheets.values()
        for fact in sheet.values()
        if fact.unit in ("personen", "deelnames") and fact.value is not None
        if not fact.name.startswith("prognose")
    ]
    assert 0 in counted
    assert not [value for value in counted if 0 < value < THRESHOLD]
