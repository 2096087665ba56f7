"""Fact sheets made by hand: the published figures, and any that Hypothesis comes up with."""

import random
from collections.abc import Mapping

from hypothesis import strategies as st

from bwk import formats, periods
from bwk.facts import CITY, Fact, FactSheet, Label, parsed, show

HELD_BACK = "x"
SERVICES = {
    "sociaal": ("Sociaal / Ontmoeting", 592),
    "klussen": ("Klussen", 15),
    "formulieren": ("Formulieren", 128),
    "taal": ("Taalverwerving", 65),
    "computer": ("Computervaardigheden", 12),
    "schuld": ("Schuldhulptoeleiding", 11),
    "werk": ("Toeleiden naar werk / opleiding", 15),
}
ROLES = {
    "deelnemers": ("Individuele deelnemers / leden", 420),
    "vrijwilliger": ("Actieve vrijwilligers", 35),
    "sleutelhouder": ("Sleutelhouders", 15),
    "statushouder": ("Statushouders", 5),
    "stagiair": ("Leerwerkstages / stagiair(e)s", 20),
}


def fact(name: str, value: object, missing: str = "") -> Fact:
    """Make a fact; `x` is held back, None is unknown."""
    declared, _ = parsed(name)
    withheld = value == HELD_BACK
    known = None if withheld else value
    return Fact(
        name,
        known,
        formats.WITHHELD if withheld else show(known, declared.unit),
        declared.unit,
        declared.definition,
        withheld=withheld,
        missing="" if withheld or known is not None else missing or "Dit is niet bekend.",
    )


def labels(names: Mapping[str, str]) -> tuple[Label, ...]:
    """Make labels from slugs and names."""
    return tuple(Label(slug, name) for slug, name in names.items())


def sheet(values: Mapping[str, object], scope: str = "hart", **more: object) -> FactSheet:
    """Make a sheet of the first half of 2018 against 2017 from fact names and values."""
    made: dict[str, object] = {
        "scope": Label(scope, "Utrecht" if scope == CITY else "Hart voor Leidsche Rijn"),
        "period": periods.parse("2018-H1"),
        "baseline": periods.parse("2017"),
        "months": 6.0,
        "baseline_months": 9.0,
        "year_before_months": 12.0,
        "programme": {
            "name": "Buurtwerkkamers Utrecht",
            "city": "Utrecht",
            "note": "",
            "date": "2018-07-13",
            "threshold": "5",
        },
    }
    facts = {name: fact(name, value) for name, value in values.items()}
    return FactSheet(**{**made, "facts": facts, **more})  # type: ignore[arg-type]


def published(**changes: object) -> FactSheet:
    """Make the sheet of the figures that were published, with some of them changed.

    A change is named with `__` for the dot: `deelnames__klussen="x"`.
    """
    people = sum(number for _, number in ROLES.values())
    values: dict[str, object] = {
        "deelnemers": 420,
        "deelnemers_basis": 315,
        "groei_deelnemers": 420 / 315 - 1,
        "alleen_toen": 112,
        "alleen_nu": 253,
        "oordeel_deelnemers": "meer",
        "deelnames": 838,
    }
    for slug, (_, number) in SERVICES.items():
        values |= {f"deelnames.{slug}": number, f"aandeel.{slug}": number / 838}
    for slug, (_, number) in ROLES.items():
        values |= {f"rol.{slug}": number, f"aandeel_rol.{slug}": number / people}
    values |= {name.replace("__", "."): value for name, value in changes.items()}
    return sheet(
        values,
        services=labels({slug: name for slug, (name, _) in SERVICES.items()}),
        roles=labels({slug: name for slug, (name, _) in ROLES.items()}),
    )


MARGINS = [
    f"{stem}.{{}}_{end}" for stem in ("groei_per_maand", "barometer") for end in ("laag", "hoog")
]
STEMS = (
    "deelnames aandeel deelnames_jaar_ervoor per_maand per_maand_basis groei_per_maand deelnemers "
    "prognose prognose_laag prognose_hoog rol aandeel_rol herkomst bereik "
    "verwijzingen.naar verwijzingen.van barometer "
    "deelnemers.locatie deelnemers_basis.locatie deelnames.locatie"
).split()
VERDICTS = {
    "koers": ["boven koers", "op koers", "onder koers", "onzeker"],
    "oordeel_per_maand": ["meer", "minder", "geen duidelijk verschil"],
    "oordeel_barometer": ["meer"],
}
GAPS = st.sampled_from([0, HELD_BACK, None])
NASTY = [
    "<script>alert('x')</script>",
    'Taal & "thee" $x_1$',
    "Donaudampfschiffahrt" * 3,
    "קפה ☕",
    "-",
]


@st.composite
def any_sheets(draw: st.DrawFn) -> FactSheet:
    """Make a sheet of up to fifteen of everything, with odd names and gaps.

    What is dealt out among the facts is drawn once: zero, held back, unknown, a few numbers.
    """
    names = draw(st.lists(st.sampled_from(NASTY) | st.text(max_size=40), min_size=1, max_size=15))
    pool = draw(st.lists(st.integers(1, 3000) | GAPS, min_size=1, max_size=9))
    dealer = random.Random(draw(st.integers(0, 1000)))
    places = labels({f"d{index}": name for index, name in enumerate(names)})
    whole = ["deelnemers", "deelnemers_basis", "groei_deelnemers", "deelnames"]
    every = whole + [f"{stem}.{place.slug}" for place in places for stem in STEMS]
    every += [stem.format(place.slug) for place in places for stem in MARGINS]
    dealt: dict[str, object] = {name: dealer.choice(pool) for name in every}
    for stem, verdicts in VERDICTS.items():
        dealt |= {f"{stem}.{d.slug}": dealer.choice([*verdicts, HELD_BACK, None]) for d in places}
    divisions = ("services", "roles", "neighbourhoods", "partners", "domains", "locations")
    scope = draw(st.sampled_from([CITY, "hart"]))
    return sheet(dealt, scope, **dict.fromkeys(divisions, places))
