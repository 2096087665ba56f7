"""Fact sheets made by hand: a small one, the published figures, and any that Hypothesis wants."""

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from bwk import formats, periods
from bwk.facts import Fact, FactSheet, Label, declaration_of, show

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
    declared = declaration_of(name)
    withheld = value == HELD_BACK
    known = None if withheld else value
    return Fact(
        name,
        known,
        formats.WITHHELD if withheld else show(known, declared.unit),
        declared.unit,
        declared.definition,
        withheld=withheld,
        missing="" if withheld or known is not None else missing or "Dit is niet geregistreerd.",
    )


def labels(names: Mapping[str, str] | Sequence[str]) -> tuple[Label, ...]:
    """Make labels from slugs and names."""
    pairs = names.items() if isinstance(names, Mapping) else zip(names, names, strict=True)
    return tuple(Label(slug, name) for slug, name in pairs)


def sheet(values: Mapping[str, object], scope: str = "hart", **more: object) -> FactSheet:
    """Make a sheet of the first half of 2018 against 2017 from fact names and values."""
    made: dict[str, object] = {
        "scope": Label(
            scope, "Hart voor Leidsche Rijn" if scope != "stad" else "stad", "Leidsche Rijn"
        ),
        "period": periods.parse("2018-H1"),
        "baseline": periods.parse("2017"),
        "months": 6.0,
        "baseline_months": 9.0,
        "programme": {"name": "Buurtwerkkamers Utrecht", "city": "Utrecht", "date": "2018-07-13"},
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
