"""From registrations to the protected facts of a period, for all locations and the city at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import NamedTuple

import pandas as pd

from bwk import formats, periods
from bwk.errors import UsageError
from bwk.facts import drafts, protection
from bwk.facts.counts import Key, Scope
from bwk.facts.declarations import declaration_of
from bwk.facts.drafts import Draft
from bwk.facts.published import Published
from bwk.facts.sheet import CITY, Fact, FactBook, FactSheet, Label, show
from bwk.facts.survey import Survey
from bwk.periods import Period
from bwk.programme import Programme
from bwk.registrations import DataFile, Registrations


def build(
    data: Registrations,
    programme: Programme,
    period: Period,
    baseline: Period | None = None,
    others: Sequence[Published] = (),
) -> FactBook:
    """Work out and protect the facts of one period.

    Parameters
    ----------
    data : Registrations
    programme : Programme
    period : Period
    baseline : Period, optional
        Default: the programme's baseline of the period.
    others : sequence of Published
        What other periods in the same output folder have published already.

    Raises
    ------
    UsageError
        If nothing is registered in the period.
    DataError
        If a number held back could be worked out: then nothing may be published.
    """
    _refuse_empty(data, period)
    survey = Survey(data, programme, period, baseline or programme.baseline(period), others)
    names = _Names(_scope_labels(survey), _divisions(data))
    # The city last: what it adds up of its locations is then counted.
    scopes = reversed(survey.scopes.items())
    drafted = {slug: [*_drafts(survey, scope, names)] for slug, scope in scopes}
    withheld = protection.withheld(survey, drafted, others)
    sheets = {slug: _sheet(survey, slug, names, drafted[slug], withheld) for slug in survey.scopes}
    protection.prove(survey, drafted, sheets, others)
    files = {file.name: file.sha256 for file in data.files}
    skipped = data.skipped_rows
    return FactBook(period, survey.baseline, sheets, survey.not_reported, files, skipped)


class _Names(NamedTuple):
    """What people call the scopes, and what facts are divided by."""

    scopes: Mapping[str, Label]
    divisions: Mapping[str, tuple[Label, ...]]


def _drafts(survey: Survey, scope: Scope, names: _Names) -> Iterator[Draft]:
    now = survey.community(scope)
    base = survey.domains(scope, survey.baseline)
    history = {each.name: survey.domains(scope, each) for each in survey.half_years}
    labels = names.divisions
    yield from drafts.of_participants(now, base)
    yield from drafts.of_services(now, base, labels["services"])
    yield from drafts.of_mixing(now, labels["services"], survey.fewest_for_sharing)
    yield from drafts.of_course(survey.year(scope), labels["services"])
    yield from drafts.of_roles(now, labels["roles"])
    yield from drafts.of_origins(now, labels["neighbourhoods"])
    yield from drafts.of_referrals(now, labels["partners"])
    yield from drafts.of_domains(now, base, labels["domains"])
    in_base = {each.name for each in survey.half_years if each.overlaps(survey.baseline)}
    yield from drafts.of_history(history, base, in_base, labels["domains"])
    if scope.slug == CITY:
        yield from _drafts_of_locations(survey)
    else:
        area = scope.rows(survey.data.locations)["oppervlakte_m2"].iloc[0]
        yield from drafts.of_space(now, None if pd.isna(area) else float(area))


def _drafts_of_locations(survey: Survey) -> Iterator[Draft]:
    reported = {slug: scope for slug, scope in survey.scopes.items() if slug != CITY}
    now, base = (
        {slug: survey.visits(scope, interval) for slug, scope in reported.items()}
        for interval in (survey.period, survey.baseline)
    )
    locations, last = survey.data.locations, pd.Timestamp(survey.period.last)
    open_now = locations[~(locations["gesloten_op"] < last)]
    formal = open_now["formeel_vanaf"].fillna(open_now["geopend_op"])
    totals = {
        "locaties_formeel": int((formal <= last).sum()),
        "locaties_praktisch": int((open_now["geopend_op"] <= last).sum()),
        "locaties_gerapporteerd": len(reported),
    }
    yield from drafts.of_locations(now, base, totals)


def _sheet(
    survey: Survey,
    slug: str,
    names: _Names,
    drafted: Sequence[Draft],
    withheld: frozenset[Key],
) -> FactSheet:
    scope = survey.scopes[slug]
    files = _files(survey, scope)
    return FactSheet(
        scope=names.scopes[slug],
        period=survey.period,
        baseline=survey.baseline,
        facts={draft.name: _fact(scope, draft, withheld, files) for draft in drafted},
        **names.divisions,
        locations=tuple(names.scopes[x] for x in survey.scopes if x != CITY),
        months=scope.months(survey.period),
        baseline_months=scope.months(survey.baseline),
        half_years=tuple(Label(each.name, each.label) for each in survey.half_years),
        not_reported={names.scopes[x].name: reason for x, reason in survey.not_reported.items()},
        programme=_heading(survey, scope),
        files=tuple(asdict(file) for file in files),
    )


def _fact(scope: Scope, draft: Draft, withheld: frozenset[Key], files: Sequence[DataFile]) -> Fact:
    declared = declaration_of(draft.name)
    held = any(part in withheld for part in draft.parts)
    value = None if held else draft.value
    definition = declared.definition
    if scope.slug == CITY and declared.city:
        definition = f"{definition} {declared.city}"
    return Fact(
        name=draft.name,
        value=value,
        text=formats.WITHHELD if held else show(value, declared.unit),
        unit=declared.unit,
        definition=definition,
        sources=tuple(f.name for f in files if f.table in declared.tables),
        withheld=held,
        missing="" if held else draft.missing,
    )


def _files(survey: Survey, scope: Scope) -> tuple[DataFile, ...]:
    """Return the data files behind a scope: of the participations those that hold its rows."""
    own = {file for place in scope.locations for file in survey.newest.get(place, {})}
    files = (f for f in survey.data.files if f.table != "deelnames" or f.name in own)
    return tuple(sorted(files, key=lambda file: file.name))


def _labels(table: pd.DataFrame, key: str, group: str = "") -> tuple[Label, ...]:
    groups = table[group].astype(object).fillna("") if group else [""] * len(table)
    return tuple(Label(*row) for row in zip(table[key], table["naam"], groups, strict=True))


def _divisions(data: Registrations) -> dict[str, tuple[Label, ...]]:
    """Return what facts are divided by, as a sheet holds it."""
    domains = data.services["leefgebied"].dropna().unique()
    return {
        "services": _labels(data.services, "dienst", "leefgebied"),
        "roles": _labels(data.role_names, "rol"),
        "neighbourhoods": _labels(data.neighbourhoods, "buurt", "omgeving_van"),
        "partners": _labels(data.partners, "partner"),
        "domains": tuple(Label(formats.slug(name), name) for name in domains),
    }


def _scope_labels(survey: Survey) -> dict[str, Label]:
    columns = (survey.data.locations[name].astype("str") for name in ("locatie", "naam", "wijk"))
    city = Label(CITY, survey.programme.city or survey.programme.name)
    return {CITY: city} | {row[0]: Label(*row) for row in zip(*columns, strict=True)}


def _heading(survey: Survey, scope: Scope) -> dict[str, str]:
    programme = survey.programme
    own = [day for place in scope.locations for day in survey.newest.get(place, {}).values()]
    newest = max(own) if own else survey.data.participations["datum"].max().date()
    written = programme.dates.get(survey.period.name, newest)
    return {
        "name": programme.name,
        "city": programme.city,
        "note": " ".join(filter(None, (programme.note, _left_out(survey.data.skipped_rows)))),
        "date": str(written),
        "newest": str(newest),
        "threshold": str(programme.threshold),
    }


def _left_out(rows: int) -> str:
    counted = formats.count(rows, "rij met fouten is", "rijen met fouten zijn")
    return f"{counted} niet meegeteld." if rows else ""


def _refuse_empty(data: Registrations, period: Period) -> None:
    dates = data.participations["datum"]
    if dates.between(pd.Timestamp(period.first), pd.Timestamp(period.last)).any():
        return
    half_years = dict.fromkeys(
        periods.half_year_of(day.date()).name for day in dates.drop_duplicates().sort_values()
    )
    known = formats.enumeration(list(half_years)) or "nog niets"
    raise UsageError(
        f"Over {period} ({period.months_label}) is niets geregistreerd; de data gaan over: {known}."
    )
