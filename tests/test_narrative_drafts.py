"""The first draft of a report: true by an own count of the raw tables, and good Dutch."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import nbformat
import pytest
from attacker_programmes import Programme, programme
from attacker_world import World, read
from sheets import labels, published
from sheets import sheet as facts_of
from small import ROOT

from bwk import facts, periods, workbook
from bwk.facts import FactSheet
from bwk.narrative import drafts, tracing
from bwk.narrative.claims import find
from bwk.periods import Period

SEEDS = {"one": (1, 5, 8, 12), "disjoint": (2, 3, 6), "nested": (3, 4, 7, 9), "quarters": (4, 5, 6)}
THRESHOLD = 5
TEMPLATES = {kind: ROOT / f"notebooks/sjablonen/{kind}.ipynb" for kind in ("locatie", "stad")}


@dataclass
class Case:
    """A made-up programme in a folder, and the period that is reported on."""

    name: str
    folder: Path
    period: Period


def ordinary() -> Iterator[tuple[str, Programme, str]]:
    for scenario, seeds in SEEDS.items():
        for seed in seeds:
            made = programme(seed, scenario)
            yield f"{scenario} {seed}", made, made.steps[-1][0]


def strange() -> Iterator[tuple[str, Programme, str]]:
    """Programmes of other shapes: what they lack, no sentence may state."""
    heads = programme(2, "disjoint")
    crowd = [(*row[:3], "", 9) for row in heads.versions[0]["deelnames"]]
    heads.versions = [{**heads.versions[0], "deelnames": crowd, "rollen": [], "deelnemers": []}]
    yield "head counts alone", heads, "2018-H1"
    bare = programme(3, "disjoint")
    bare.versions = [{**bare.versions[0], "rollen": [], "verwijzingen": []}]
    yield "no roles", bare, "2018-H1"
    single = programme(6, "disjoint")
    own = [row for row in single.versions[0]["deelnames"] if row[3] == "p1"]
    single.versions = [{**single.versions[0], "deelnames": own, "rollen": [], "verwijzingen": []}]
    yield "one participant", single, str(own[-1][0].year)
    young = programme(8, "one")
    later = [row for row in young.versions[0]["deelnames"] if row[0] >= date(2018, 1, 1)]
    since = [(*row[:2], max(row[2], date(2018, 1, 1))) for row in young.versions[0]["bijgehouden"]]
    young.versions = [{**young.versions[0], "deelnames": later, "bijgehouden": since}]
    yield "a baseline that nobody kept", young, "2018-H1"
    shrunk = programme(2, "disjoint")
    days = [date(2017, 7, 1) + timedelta(days=n) for n in range(170)]
    gone = [(day, "l0", "d0", f"p{n + 5000}", 1) for n, day in enumerate(days)]
    shrunk.versions = [
        {**shrunk.versions[0], "deelnames": [*shrunk.versions[0]["deelnames"], *gone]}
    ]
    yield "far fewer people", shrunk, "2018-H2"
    yield "a year", programme(2, "disjoint"), "2018"
    secret = programme(2, "disjoint")
    secret.versions = [{**secret.versions[0], "verwijzingen": []}]
    yield "all held back", secret, "2018-H2"


@pytest.fixture(scope="module")
def cases(tmp_path_factory) -> list[Case]:
    written = []
    for name, made, period in (*ordinary(), *strange()):
        folder = tmp_path_factory.mktemp("data")
        made.write(folder, 0)
        if name == "all held back":
            settings = folder / "programma.toml"
            settings.write_text(settings.read_text().replace("drempel = 5", "drempel = 900"))
        written.append(Case(name, folder, periods.parse(period)))
    return written


@pytest.fixture(scope="module")
def books(cases) -> list[tuple[Case, facts.FactBook]]:
    return [(case, facts.work_out(case.folder, case.period)) for case in cases]


def opened(sheet: FactSheet) -> nbformat.NotebookNode:
    """Make the new workbook of a report."""
    template = workbook.read(TEMPLATES["stad" if sheet.is_city else "locatie"])
    report = workbook.parametrized(template, sheet.scope.slug, sheet.period.name)
    return workbook.update(drafts.fill(report, sheet), None).notebook


def drafted(sheet: FactSheet) -> Iterator[tuple[str, drafts.Draft]]:
    for cell in opened(sheet).cells:
        draft = drafts.draft(str(cell.metadata.bwk.key), sheet)
        if draft and cell.metadata.bwk.role == "narrative":
            yield cell.metadata.bwk.key, draft


def sentences(draft: drafts.Draft) -> list[str]:
    """The sentences of a draft, without the question below it."""
    return re.split(r"(?<=\.) (?=[A-Z])", draft.text.split("\n\n")[0])


class Counted:
    """An own count of a report's period from the rows of the data folder."""

    def __init__(self, world: World, sheet: FactSheet) -> None:
        self.world, self.city = world, sheet.is_city
        reported = [label.slug for label in sheet.locations]
        self.places = reported if sheet.is_city else [sheet.scope.slug]
        self.now = sheet.period.first, sheet.period.last
        self.then = sheet.baseline.first, sheet.baseline.last

    def people(self, span, service=None, places=None) -> set[str]:
        return {
            person
            for person, visits in self.world.seen.items()
            for day, place, at in visits
            if span[0] <= day <= span[1] and place in (places or self.places)
            if service in (None, at)
        }

    def visits(self, span, service=None, places=None) -> int:
        places = places or self.places
        seen = [visit for visits in self.world.seen.values() for visit in visits]
        rows = [(*visit, 1) for visit in seen] + self.world.heads
        return sum(
            number
            for day, place, at, number in rows
            if span[0] <= day <= span[1] and place in places and service in (None, at)
        )

    def days(self, span, places) -> int:
        """The days that locations were open, added up."""
        spans = [self.world.opened[place] for place in places]
        lasted = [(min(span[1], last) - max(span[0], first)).days + 1 for first, last in spans]
        return sum(max(0, days) for days in lasted)

    def alike(self, span=None) -> list[str]:
        """The locations that were open all of both intervals."""
        then = span or self.then
        return [
            place
            for place in self.places
            if self.world.opened[place][0] <= then[0] and self.world.opened[place][1] >= self.now[1]
        ]

    def growth(self, service: str) -> float:
        """How many more visits a day than in the baseline."""
        places = self.alike() if self.city else self.places
        now = self.visits(self.now, service, places) / self.days(self.now, places)
        return now - self.visits(self.then, service, places) / self.days(self.then, places)

    def before(self) -> set[str]:
        return self.people((date.min, self.now[0] - timedelta(days=1)))

    def alone(self) -> int:
        """How many more came only now than only then, in as many months of both."""
        months = 12 * (self.now[1].year - self.now[0].year) + self.now[1].month - self.now[0].month
        last = self.then[1] + timedelta(days=1)
        first = 12 * last.year + last.month - 2 - months
        window = max(self.then[0], date(first // 12, first % 12 + 1, 1)), self.then[1]
        places = self.alike() if self.city else self.places
        now = self.people(self.now, places=places)
        then = self.people(window, places=places)
        return len(now - then) - len(then - now)

    def holders(self, role: str) -> set[str]:
        return {
            person
            for person, held in self.world.holds.items()
            for first, last, place, its in held
            if its == role and place in self.places
            if first <= self.now[1] and last >= self.now[0]
        }

    def living(self, home: str | None = None) -> set[str]:
        return {
            person
            for person in self.people(self.now)
            if self.world.home.get(person) and home in (None, self.world.home[person])
        }

    def referrals(self, way: str, partner: str) -> int:
        return sum(
            self.now[0] <= day <= self.now[1]
            for day, place, its_way, its in self.world.referrals
            if place in self.places and its_way == way and its == partner
        )


def number(text: str) -> int:
    return int(text.replace(".", ""))


def listed(text: str) -> list[str]:
    return re.split(", | en ", text.removeprefix("bijvoorbeeld "))


def percent(part: int, whole: int) -> str:
    return f"{int(100 * part / whole + 0.5)}%"


def most(counts: dict[str, int], name: str) -> bool:
    return all(counts[name] > count for each, count in counts.items() if each != name)


Rule = Callable[..., bool]
NUMBER, NAME, NAMES, SHARE = r"([\d.]+)", r"([\w-]+)", r"([^.]+?)", r"(\d+%)"
HERE, MORE = r"(?:in [\w-]+|op de locaties in dit verslag)", r"duidelijk (meer|minder)"
RULES: dict[str, Rule] = {  # in which NU is the period, and TOEN the baseline
    f"NU deden {NUMBER} mensen mee {HERE}": lambda c, n: len(c.people(c.now)) == n,
    f"{HERE} deden {NUMBER} mensen mee NU": lambda c, n: len(c.people(c.now)) == n,
    f"[\\w-]+ telde {NUMBER} deelnemers NU": lambda c, n: len(c.people(c.now)) == n,
    f"NU telde [\\w-]+ in totaal {NUMBER} deelnemers": lambda c, n: len(c.people(c.now)) == n,
    f"NU telden de locaties samen {NUMBER} deelnemers": lambda c, n: len(c.people(c.now)) == n,
    "wie op verschillende plekken komt, telt maar één keer mee": lambda c: c.city,
    f"TOEN waren er (?:op de locaties van toen )?{NUMBER} deelnemers": (
        lambda c, n: len(c.people(c.then)) == n
    ),
    f"er (?:waren|kwamen) {NUMBER} nieuwe (?:mensen|deelnemers)": (
        lambda c, n: len(c.people(c.now) - c.before()) == n
    ),
    f"er waren {NUMBER} nieuwe deelnemers, en {NUMBER} deelnemers kwamen hier al eerder": (
        lambda c, n, m: (
            (len(c.people(c.now) - c.before()), len(c.people(c.now) & c.before())) == (n, m)
        )
    ),
    f"er kwamen ook {NUMBER} mensen terug die (?:hier al eerder|al eerder op een locatie) waren": (
        lambda c, n: len(c.people(c.now) & c.before()) == n
    ),
    f"er waren {NUMBER} deelnemers die hier al eerder kwamen": (
        lambda c, n: len(c.people(c.now) & c.before()) == n
    ),
    f"(?:NU waren er {NUMBER} deelnames {HERE})": lambda c, n: c.visits(c.now) == n,
    f"{HERE} waren er {NUMBER} deelnames NU": lambda c, n: c.visits(c.now) == n,
    f"er kwamen {MORE} mensen dan in (?:even veel maanden van )?TOEN": (
        lambda c, way: c.alone() * {"meer": 1, "minder": -1}[way] > 0
    ),
    f"vergeleken over even veel maanden kwamen er {MORE} mensen dan in TOEN": (
        lambda c, way: c.alone() * {"meer": 1, "minder": -1}[way] > 0
    ),
    "het aantal mensen verschilt niet duidelijk van dat in (?:even veel maanden van )?TOEN": (
        lambda c: bool(c.people(c.now) and c.people(c.then))
    ),
    "vergeleken over even veel maanden is er geen duidelijk verschil met TOEN": (
        lambda c: bool(c.people(c.now) and c.people(c.then))
    ),
    f"{NAME} had de meeste deelnames: {NUMBER}": lambda c, name, n: (
        most({each: c.visits(c.now, each) for each in c.world.services}, name)
        and c.visits(c.now, name) == n
    ),
    f"{NAME} had de meeste deelnames: {SHARE} van alle deelnames": lambda c, name, share: (
        most({each: c.visits(c.now, each) for each in c.world.services}, name)
        and percent(c.visits(c.now, name), c.visits(c.now)) == share
    ),
    f"{NAME} had de meeste deelnemers: {NUMBER}": lambda c, place, n: (
        most({each: len(c.people(c.now, places=[each])) for each in c.places}, place)
        and len(c.people(c.now, places=[place])) == n
    ),
    f"naar {NAME} kwamen {NUMBER} deelnemers": lambda c, place, n: (
        len(c.people(c.now, places=[place])) == n
    ),
    f"er waren {NUMBER} deelnames": lambda c, n: c.visits(c.now) == n,
    f"bij {NAME} waren er {NUMBER} deelnames": lambda c, name, n: c.visits(c.now, name) == n,
    f"bij {NAMES} waren er per maand {MORE} deelnames dan in TOEN": lambda c, names, way: all(
        c.growth(name) * {"meer": 1, "minder": -1}[way] > 0 for name in listed(names)
    ),
    f"bij {NAMES} was het per maand duidelijk (drukker|rustiger) dan in TOEN": (
        lambda c, names, way: all(
            c.growth(name) * {"drukker": 1, "rustiger": -1}[way] > 0 for name in listed(names)
        )
    ),
    f"bij {NAMES} was het niet duidelijk anders dan in TOEN": (
        lambda c, names: {*listed(names)} <= {*c.world.services}
    ),
    f"geen duidelijk verschil met TOEN was er bij {NAMES}": (
        lambda c, names: {*listed(names)} <= {*c.world.services}
    ),
    f"op (?:het leefgebied|de leefgebieden) {NAMES} was het (?:niet duidelijk anders|per maand "
    "duidelijk drukker|per maand duidelijk rustiger) dan in TOEN": (
        lambda c, names: {*listed(names)} <= {*c.world.domains}
    ),
    f"van {NUMBER} deelnemers weten we in welke buurt zij wonen": lambda c, n: len(c.living()) == n,
    f"de grootste groep woont in {NAME}: {NUMBER} mensen": lambda c, home, n: (
        most({each: len(c.living(each)) for each in c.world.homes}, home)
        and len(c.living(home)) == n
    ),
    f"in {NAME} wonen {NUMBER} deelnemers": lambda c, home, n: len(c.living(home)) == n,
    f"uit de directe omgeving komt {SHARE} van de deelnemers van wie de buurt bekend is": (
        lambda c, share: (
            share
            == percent(
                sum(len(c.living(home)) for home, at in c.world.around.items() if at in c.places),
                len(c.living()),
            )
        )
    ),
    f"van de deelnemers gebruikte {SHARE} twee of meer diensten": lambda c, share: (
        share == percent(len(several(c)), len(c.people(c.now)))
    ),
    f"er waren {NUMBER} mensen die zowel {NAME} als {NAME} gebruikten": lambda c, n, one, two: (
        len(c.people(c.now, one) & c.people(c.now, two)) == n
    ),
    f"NU waren er {NUMBER} vrijwilligers": lambda c, n: len(c.holders("vrijwilliger")) == n,
    f"NU waren er {NUMBER} mensen met de rol {NAME}": lambda c, n, role: len(c.holders(role)) == n,
    f"van de deelnemers is {SHARE} ook vrijwilliger": lambda c, share: (
        share == percent(len(c.holders("vrijwilliger") & c.people(c.now)), len(c.people(c.now)))
    ),
    f"{NAME} kreeg de meeste verwijzingen: {NUMBER}": lambda c, partner, n: (
        most({each: c.referrals("naar", each) for each in c.world.partners}, partner)
        and c.referrals("naar", partner) == n
    ),
    f"{NAME} kreeg {NUMBER} verwijzingen": lambda c, partner, n: c.referrals("naar", partner) == n,
    f"{NAME} verwees {NUMBER} keer naar (?:de locaties|[\\w-]+)": lambda c, partner, n: (
        c.referrals("van", partner) == n
    ),
    "dit rapport gaat over w NU": lambda c: c.city,
    f"het geeft cijfers over {NAMES}": lambda c, names: listed(names) == c.places,
    "we vergelijken met TOEN": lambda c: c.city,
    f"aan het eind van de periode waren {NUMBER} locaties open": lambda c, n: (
        sum(first <= c.now[1] <= last for first, last in c.world.opened.values()) == n
    ),
    f"officieel deden er toen {NUMBER} locaties mee": lambda c, n: n <= len(c.world.opened),
    f"over {NAMES} staan geen aparte cijfers in dit verslag": lambda c, names: (
        not {*listed(names)} & {*c.places}
    ),
    "alle locaties tellen mee in de cijfers": lambda c: len(c.places) == len(c.world.opened),
    "de perioden zijn niet even lang": lambda c: (
        c.days(c.now, c.places) != c.days(c.then, c.places)
    ),
    "niet de hele periode is geregistreerd": lambda c: bool(c.places),
    f"in heel (\\d+) verwachten we (?:ongeveer )?{NUMBER} deelnames bij {NAME}, maar zeker is dat "
    "niet": lambda c, year, n, name: n >= 0.9 * c.visits((date(year, 1, 1), c.now[1]), name),
    f"(boven|op|onder) koers (?:ligt|liggen) {NAMES}": lambda c, way, names: (
        {*listed(names)} <= {*c.world.services}
    ),
    f"het jaar eindigde per maand duidelijk (hoger|lager) dan het jaar ervoor bij {NAMES}": (
        lambda c, way, names: {*listed(names)} <= {*c.world.services}
    ),
    f"het jaar eindigde zonder duidelijk verschil met het jaar ervoor bij {NAMES}": (
        lambda c, names: {*listed(names)} <= {*c.world.services}
    ),
    f"nog onzeker is de koers bij {NAMES}": lambda c, names: (
        {*listed(names)} <= {*c.world.services}
    ),
}


def several(own: Counted) -> set[str]:
    used = [own.people(own.now, service) for service in own.world.services]
    return {person for person in own.people(own.now) if sum(person in each for each in used) > 1}


def untrue(sentence: str, own: Counted, sheet: FactSheet) -> str:
    """Return a sentence that the own count does not bear out, or that is not among the rules."""
    plain = sentence.rstrip(".")
    for period, word in ((sheet.period, "NU"), (sheet.baseline, "TOEN")):
        opening = "(?:([Ii]n|[Vv]an)(?: de| het)? |de |het )?"
        if word == "TOEN":
            opening = "(?:([Ii]n|[Vv]an)(?: de| het)? (?=.*waren er)|de |het )?"
        plain = re.sub(opening + re.escape(period.label), word, plain)
    plain = plain if plain.startswith(("NU", "TOEN")) else plain[0].lower() + plain[1:]
    plain = re.sub(r"\b[A-Z]\d\b", lambda name: name[0].lower(), plain)
    for pattern, rule in RULES.items():
        if match := re.fullmatch(pattern, plain, re.I):
            stated = [
                number(each) if re.fullmatch(r"[\d.]+", each) else each
                for each in match.groups()
                if each
            ]
            return "" if rule(own, *stated) else f"{sheet.scope.slug}: {sentence}"
    return f"no rule: {plain}"


def test_no_sentence_states_an_untrue_number_direction_or_place(books):
    wrong, told = [], []
    for case, book in books:
        for sheet in book.sheets.values():
            own = Counted(read(case.folder), sheet)
            for _, draft in drafted(sheet):
                told += sentences(draft)
                said = [untrue(sentence, own, sheet) for sentence in sentences(draft)]
                wrong += [f"{case.name} {case.period.name} {each}" for each in said if each]
    assert wrong == []
    assert len(told) > 400
    for way in ("meer mensen", "minder mensen", "meer deelnames", "minder deelnames"):
        assert any(f"duidelijk {way}" in sentence for sentence in told), way


def test_no_number_is_held_back_and_each_is_confirmed_by_nobody(books):
    stated = []
    for _, book in books:
        published = book.published()["feiten"]
        for scope, sheet in book.sheets.items():
            for _, draft in drafted(sheet):
                assert {signoff.name for signoff in draft.signoffs} <= {drafts.NOBODY}
                signed = [signoff for signoff in draft.signoffs if signoff.fact]
                stated += [(published[scope][each.fact], each.value) for each in signed]
    assert len(stated) > 300
    assert all(fact["waarde"] == value is not None for fact, value in stated)
    assert not any(fact["achtergehouden"] for fact, _ in stated)
    counts = [value for fact, value in stated if fact["eenheid"] not in ("aandeel", "locaties")]
    assert min(counts) >= THRESHOLD


def test_it_is_good_dutch(books):
    broken = re.compile(
        r"  |[{}|*_–]| [,.:]|\.\.|None|\b[01] (?:mens|deeln|verw|keer|loc)|\bx\b|,,|: \.|"
        r"(?:ligt|het leefgebied) [\w-]+(?: en |, )|(?:liggen|de leefgebieden) [\w-]+(?: was |\.)"
    )
    for _, book in books:
        for sheet in book.sheets.values():
            for key, draft in drafted(sheet):
                text, question = draft.text.split("\n\n")
                assert not broken.search(text), f"{key}: {text}"
                assert all(re.match("[A-Z].*[a-z0-9%]\\.$", each) for each in sentences(draft)), (
                    text
                )
                assert 1 <= len(sentences(draft)) <= 6
                assert re.fullmatch(r"\*\*\*Vraag aan u:\*\* [A-Z][^*]+[?.]\*", question)


def test_the_products_own_judge_has_nothing_against_it(books):
    count = 0
    for _, book in books:
        for scope, sheet in book.sheets.items():
            sheets = {scope: sheet} | dict(book.sheets)
            passages = tracing.passages(opened(sheet))
            signed = [each for _, draft in drafted(sheet) for each in draft.signoffs]
            text = tracing.Text(passages, signed, sheets)
            points = text.points
            unread = sum(passage.is_draft for passage in passages)
            asked = {each.section for each in passages if not each.is_draft}
            others = [point for point in points if point.message != tracing.UNREAD]
            assert {point.message for point in others} <= {"Hier staat nog een vraag open."}, others
            assert {point.section for point in others} == asked
            assert len([each for each in points if each.message == tracing.UNREAD]) == unread
            assert all(number.settled for number in text.numbers)
            count += unread
    assert count > 200


def test_the_same_facts_give_the_same_bytes_and_reports_differ_in_words(books):
    openings = set()
    for _, book in books:
        for sheet in book.sheets.values():
            assert nbformat.writes(opened(sheet)) == nbformat.writes(opened(sheet))
            for key, draft in drafted(sheet):
                if key == "deelnemers-tekst":
                    openings.add(re.sub(r"[\d.]+ deeln|[A-Z]\d", "#", sentences(draft)[0])[:9])
    assert len(openings) > 2


def test_a_part_of_which_nothing_may_be_said_keeps_the_question_of_the_template(books):
    [book] = [book for case, book in books if case.name == "all held back"]
    sheet = next(sheet for sheet in book.sheets.values() if not sheet.is_city)
    texts = {cell.metadata.bwk.key: cell.source for cell in opened(sheet).cells}
    assert texts["deelnemers-tekst"].startswith("***Schrijf hier:**")
    assert not find(texts["samenvatting-tekst"])


def test_a_name_with_marks_of_markdown_reads_as_it_is_written():
    sheet = published()
    names = {label.slug: label.name for label in sheet.services} | {"sociaal": "*Taal_les* [1]"}
    drafted = drafts.draft("diensten-tekst", replace(sheet, services=labels(names)))
    assert drafted is not None
    assert r"\*Taal\_les\* \[1\] had de meeste deelnames: 592." in drafted.text


def told(key: str, sheet: FactSheet) -> str:
    drafted = drafts.draft(key, sheet)
    return drafted.text.split("\n\n")[0] if drafted else ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Vrijwilligers", "35 vrijwilligers"),
        ("vrijwilliger", "35 vrijwilligers"),
        ("Actieve vrijwilligers", "35 actieve vrijwilligers"),
        ("Gastvrouwen en gastheren", "35 gastvrouwen en gastheren"),
        ("Taalmaatjes", "35 taalmaatjes"),
        ("Bestuurslid", "35 mensen met de rol Bestuurslid"),
        ("Gids", "35 mensen met de rol Gids"),
        ("Gastheer", "35 mensen met de rol Gastheer"),
        ("Leerwerkstages / stagiair(e)s", "35 mensen met de rol Leerwerkstages / stagiair(e)s"),
    ],
)
def test_who_have_a_role_are_called_as_people_speak(name: str, said: str):
    roles = labels({"deelnemers": "Deelnemers", "vrijwilliger": name})
    sheet = replace(published(), roles=roles)
    assert told("rollen-tekst", sheet).startswith(f"In de eerste helft van 2018 waren er {said}.")


def test_what_participants_do_in_return_names_the_roles_that_there_are():
    both = published(wederkerigheid=0.12)
    assert told("rollen-tekst", both).endswith("is 12% ook vrijwilliger of sleutelhouder.")
    one = replace(both, roles=labels({"vrijwilliger": "Vrijwilligers"}))
    assert told("rollen-tekst", one).endswith("is 12% ook vrijwilliger.")


def test_of_a_single_service_the_total_is_told_and_not_told_again():
    facts = {"deelnemers": 69, "deelnames": 258, "deelnames.eten": 258}
    single = facts_of(facts, services=labels({"eten": "Buurtmaaltijd"}))
    assert told("samenvatting-tekst", single).endswith("Er waren 258 deelnames.")
    assert told("diensten-tekst", single).count("258") == 1
    several = facts_of(facts | {"deelnames": 300}, services=labels({"eten": "Buurtmaaltijd"}))
    assert told("diensten-tekst", several).endswith("Bij Buurtmaaltijd waren er 258 deelnames.")


def test_a_city_of_one_location_is_that_location():
    facts = {"deelnemers": 69, "deelnemers_basis": 44, "locaties_gerapporteerd": 1}
    city = facts_of(facts, "stad", locations=labels({"linde": "De Linde"}))
    texts = [told(key, city) for key in ("conclusies-tekst", "deelnemers-tekst")]
    assert all("in De Linde" in text.replace("In", "in") for text in texts)
    assert not any("locaties" in text for text in texts)


def test_locations_that_are_open_and_take_part_are_counted_once():
    facts = {"locaties_praktisch": 3, "locaties_formeel": 3}
    key, open_now = "ontwikkelingen-tekst", "Aan het eind van de periode waren 3 locaties open."
    assert told(key, facts_of(facts, "stad")) == open_now
    assert "Officieel" in told(key, facts_of(facts | {"locaties_formeel": 4}, "stad"))


def test_intervals_as_long_are_compared_without_more_words():
    facts = {"deelnemers": 69, "oordeel_deelnemers": "meer"}
    alike = {"months": 6.0, "baseline_months": 6.0}
    opened = alike | {"months_open": 6.0, "baseline_months_open": 6.0}
    assert "meer mensen dan in 2017." in told("samenvatting-tekst", facts_of(facts, **opened))
    longer = opened | {"baseline_months": 9.0, "baseline_months_open": 9.0}
    assert "dan in even veel maanden van 2017." in told(
        "samenvatting-tekst", facts_of(facts, **longer)
    )
