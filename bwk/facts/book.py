"""From registrations to the protected facts of a period, for all locations and the city at once."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations, product
from typing import Any, NamedTuple

import pandas as pd

from bwk import formats, periods
from bwk.errors import DataError, UsageError
from bwk.facts import checks
from bwk.facts.declaration import Declared
from bwk.facts.declared import DECLARED, parsed
from bwk.facts.derivations import UNCLEAR, Draft, PerArea, Share
from bwk.facts.expressions import Count, Each, Vocabulary, When
from bwk.facts.glance import Glance
from bwk.facts.intervals import interval_of
from bwk.facts.issued import NOTHING, Issued, Line
from bwk.facts.joining import choices
from bwk.facts.protection import Protection
from bwk.facts.registry import Place
from bwk.facts.remarks import remarks
from bwk.facts.sheet import CITY, Checks, Fact, FactBook, FactSheet, Label, show
from bwk.facts.survey import Survey
from bwk.indicators import rates
from bwk.periods import Period
from bwk.programme import Programme
from bwk.registrations import DataFile, Registrations

MANY = 0.1  # of all rows
HALF_YEAR = 6  # months
MONTHS_OF = (When.PERIOD, When.BASELINE, When.YEAR_BEFORE)


def build(
    data: Registrations,
    programme: Programme,
    period: Period,
    baseline: Period | None = None,
    issued: Issued = NOTHING,
) -> FactBook:
    """Work out and protect the facts of one period.

    Parameters
    ----------
    data : Registrations
    programme : Programme
    period : Period
    baseline : Period, optional
        Default: the programme's baseline of the period.
    issued : Issued
        What was ever issued from the same output folder.

    Raises
    ------
    UsageError
        If nothing is registered in the period.
    DataError
        If a number held back could be worked out: then nothing may be published.
    """
    _refuse_empty(data, period)
    _refuse_other_rounding(programme, issued)
    survey, drafts, protection, withheld = _chosen(data, programme, period, baseline, issued)
    names = _Names(_scope_labels(survey), _divisions(survey))
    sheets = {
        scope: _sheet(survey, scope, names, drafts[scope], withheld) for scope in survey.places
    }
    ranges = protection.prove(sheets)
    in_order = {scope: drafts[scope] for scope in survey.places}
    held = checks.held_back(in_order, ranges, protection.reasons())
    shown = protection.shown(withheld)
    line = Line(period.folder, shown, survey.joined, programme.rounding)
    return FactBook(
        period,
        survey.baseline,
        sheets,
        survey.not_reported,
        {file.name: file.seal for file in data.files},
        data.skipped_rows,
        line=line,
        portions=protection.portions(shown),
        checks=Checks(tuple(held), tuple(checks.warnings(survey, drafts))),
        warnings=data.warnings,
    )


class _Decision(NamedTuple):
    """What is worked out, and what of it is held back."""

    survey: Survey
    drafts: dict[str, dict[str, Draft]]
    protection: Protection
    withheld: frozenset[Count]

    @property
    def told(self) -> float:
        """How much is shown: the counts, larger ones for a little more."""
        told = {
            draft.counts[0]
            for sheet in self.drafts.values()
            for draft in sheet.values()
            if draft.is_count and not self.withheld & {*draft.counts}
        }
        return sum(math.log1p(self.survey.counted[count].value) for count in told)


def _chosen(
    data: Registrations,
    programme: Programme,
    period: Period,
    baseline: Period | None,
    issued: Issued,
) -> _Decision:
    """Decide what is held back, with the services joined with which most is told."""

    surveyed = partial(Survey, data, programme, period, baseline, issued)
    plain = surveyed(issued.joined)
    if not programme.joins_small or issued.joined:
        return _decided(plain)
    decisions: list[_Decision] = []
    for joined in choices(plain.users(), programme.threshold):
        try:
            decisions.append(_decided(surveyed(joined) if joined else plain))
        except DataError as error:
            refused = error
    if not decisions:
        raise refused
    return max(decisions, key=lambda decision: decision.told)


def _decided(survey: Survey) -> _Decision:
    # The city last: what it adds up of its locations is then counted.
    drafts = {scope: _drafts(survey, scope) for scope in reversed(survey.places)}
    protection = Protection(survey, drafts)
    return _Decision(survey, drafts, protection, protection.withheld())


class _Names(NamedTuple):
    """What people call the scopes, and what facts are divided by."""

    scopes: Mapping[str, Label]
    divisions: Mapping[str, tuple[Label, ...]]


def _drafts(survey: Survey, scope: str) -> dict[str, Draft]:
    """Work out every fact that a report on a location, or on the city, has."""
    where, drafts = survey.places[scope], {}
    for declaration in DECLARED:
        if not _is_told(declaration, scope, survey):
            continue
        for keys in _keys(declaration, survey.vocabulary):
            derivation = declaration.derivation
            glance = Glance(survey, scope, keys, where, survey.intervals, derivation)
            unknown = glance.unknown()
            draft = Draft(None, missing=unknown) if unknown else derivation.draft(glance)
            drafts[declaration.formed(keys)] = draft
    return drafts


def _is_told(declaration: Declared, scope: str, survey: Survey) -> bool:
    """Whether a report has facts of a declaration: some are of the city alone, or of a location."""
    if declaration.of_city or isinstance(declaration.derivation, PerArea):
        return declaration.of_city == (scope == CITY)
    homes = "buurten" in declaration.tables
    return not homes or bool(survey.vocabulary.keys[Each.HOME])


def _keys(declaration: Declared, vocabulary: Vocabulary) -> Iterator[dict[Each, str]]:
    """Yield the keys with which a name is filled; a pair of services only one way round."""
    if Each.OTHER_SERVICE in declaration.blanks:
        pairs = combinations(vocabulary.keys[Each.SERVICE], 2)
        yield from (dict(zip(declaration.blanks, pair, strict=True)) for pair in pairs)
        return
    choices = [vocabulary.keys[blank] for blank in declaration.blanks]
    for keys in product(*choices):
        yield dict(zip(declaration.blanks, keys, strict=True))


def _sheet(
    survey: Survey,
    scope: str,
    names: _Names,
    drafts: Mapping[str, Draft],
    withheld: frozenset[Count],
) -> FactSheet:
    where = survey.places[scope]
    files = _files(survey, where)
    chances = _chances(drafts, withheld)
    clear = rates.clear(chances)
    registry, intervals = survey.registry, survey.intervals
    months = {when: registry.months(where, intervals[when]) for when in MONTHS_OF}
    months_open = {when: registry.months_open(where, intervals[when]) for when in MONTHS_OF}
    return FactSheet(
        scope=names.scopes[scope],
        period=survey.period,
        baseline=survey.baseline,
        facts=_adding_up(
            {
                name: _fact(scope, name, _judged(draft, clear), withheld, files)
                for name, draft in drafts.items()
            }
        ),
        comparisons=len(chances),
        **names.divisions,
        locations=tuple(names.scopes[location] for location in survey.reported),
        months=months[When.PERIOD],
        baseline_months=months[When.BASELINE],
        year_before_months=months[When.YEAR_BEFORE],
        months_open=months_open[When.PERIOD],
        baseline_months_open=months_open[When.BASELINE],
        remarks=remarks(survey, scope),
        half_years=tuple(_half_year(survey, where, each) for each in survey.half_years),
        not_reported={names.scopes[x].name: reason for x, reason in survey.not_reported.items()},
        programme=_heading(survey),
        files=tuple(file.name for file in files),
    )


def _half_year(survey: Survey, where: Place, half_year: Period) -> Label:
    """Name a half-year, with the months that its longest register has where those are not all."""
    own, registry = interval_of(half_year), survey.registry
    longest = max(registry.months(unit, own) for unit in registry.parted(where))
    partly = formats.months(longest) if longest < HALF_YEAR else ""
    return Label(half_year.name, half_year.label, partly)


def _chances(drafts: Mapping[str, Draft], withheld: frozenset[Count]) -> dict[Any, float]:
    """Return the chance of each comparison that a report tells; the same one counts once."""
    return {
        draft.counts: draft.chance
        for draft in drafts.values()
        if draft.chance is not None and not withheld & {*draft.counts}
    }


def _judged(draft: Draft, clear: frozenset[Any]) -> Draft:
    """Return a draft, without its verdict where that is not clear among all of a report."""
    if draft.chance is None or draft.counts in clear:
        return draft
    return draft._replace(value=UNCLEAR)


def _fact(
    scope: str, name: str, draft: Draft, withheld: frozenset[Count], files: Sequence[DataFile]
) -> Fact:
    declaration, _ = parsed(name)
    held = any(count in withheld for count in draft.counts)
    value = None if held else draft.value
    definition = declaration.definition
    if scope == CITY and declaration.city:
        definition = f"{definition} {declaration.city}"
    return Fact(
        name=name,
        value=value,
        text=formats.WITHHELD if held else draft.text or show(value, declaration.unit),
        unit=declaration.unit,
        definition=definition,
        sources=tuple(file.name for file in files if file.table in declaration.tables),
        withheld=held,
        missing="" if held else draft.missing,
    )


def _adding_up(facts: dict[str, Fact]) -> dict[str, Fact]:
    """Round the shares of a whole so that they add up to 100, where all of them are told."""
    wholes: dict[str, list[Fact]] = {}
    for fact in facts.values():
        declaration, _ = parsed(fact.name)
        if isinstance(declaration.derivation, Share) and declaration.blanks and not fact.missing:
            wholes.setdefault(declaration.name, []).append(fact)
    rounded = dict(facts)
    for parts in wholes.values():
        numbers = [part.number for part in parts if part.number is not None]
        if len(numbers) == len(parts) and math.isclose(sum(numbers), 1, abs_tol=0.01):
            for part, text in zip(parts, formats.percents(numbers), strict=True):
                rounded[part.name] = replace(part, text=text)
    return rounded


def _files(survey: Survey, where: tuple[str, ...]) -> tuple[DataFile, ...]:
    """Return the data files behind a scope: of the participations those that hold its rows."""
    own = {file for place in where for file in survey.files_of.get(place, ())}
    files = (f for f in survey.data.files if f.table != "deelnames" or f.name in own)
    return tuple(sorted(files, key=lambda file: file.name))


def _labels(table: pd.DataFrame, key: str, group: str = "") -> tuple[Label, ...]:
    groups = table[group].astype(object).fillna("") if group else [""] * len(table)
    return tuple(Label(*row) for row in zip(table[key], table["naam"], groups, strict=True))


def _divisions(survey: Survey) -> dict[str, tuple[Label, ...]]:
    """Return what facts are divided by, as a sheet holds it."""
    data = survey.data
    domains = data.services["leefgebied"].dropna().unique()
    return {
        "services": _labels(survey.services, "dienst", "leefgebied"),
        "roles": _labels(data.role_names, "rol"),
        "neighbourhoods": _labels(data.neighbourhoods, "buurt", "omgeving_van"),
        "partners": _labels(data.partners, "partner"),
        "domains": tuple(Label(formats.slug(name), name) for name in domains),
    }


def _scope_labels(survey: Survey) -> dict[str, Label]:
    columns = (survey.data.locations[name].astype("str") for name in ("locatie", "naam", "wijk"))
    city = Label(CITY, survey.programme.city or survey.programme.name)
    return {CITY: city} | {row[0]: Label(*row) for row in zip(*columns, strict=True)}


def _heading(survey: Survey) -> dict[str, str]:
    programme = survey.programme
    written = programme.dates.get(survey.period.name, survey.period.last)
    return {
        "name": programme.name,
        "city": programme.city,
        "note": " ".join(filter(None, (programme.note, _left_out(survey.data)))),
        "date": str(written),
        "threshold": str(programme.threshold),
        "reading": _reading(survey.data),
    }


def _left_out(data: Registrations) -> str:
    """Say that rows were left out, and not how many: that tells of the number of people."""
    if not data.skipped_rows:
        return ""
    read = sum(file.read for file in data.files)
    how_many = "Enkele" if data.skipped_rows < MANY * read else "Veel"
    return f"{how_many} rijen met fouten zijn niet meegeteld."


def _reading(data: Registrations) -> str:
    """Say in round words what was read: numbers would tell of the number of people."""
    read = sum(file.read for file in data.files)
    unused = sum(file.reported for file in data.files)
    share = "Bijna alle" if unused < MANY * read else "Niet alle"
    rows = f"{share} rijen tellen mee; de andere zijn dubbel, een totaal of fout."
    is_unread = any("niet gelezen" in finding.message for finding in data.findings)
    others = " Enkele kolommen, bladen of bestanden zijn niet gelezen." if is_unread else ""
    return (rows if unused else "Alle rijen tellen mee.") + others


def _refuse_other_rounding(programme: Programme, issued: Issued) -> None:
    """Refuse to tell exactly, or otherwise rounded, what was told rounded before."""
    if issued.rounding not in (0, programme.rounding):
        raise DataError(
            f"Wat is uitgegeven, is afgerond op {issued.rounding}: zet onder [publicatie] in "
            f"programma.toml weer afronden = {issued.rounding}."
        )


def _refuse_empty(data: Registrations, period: Period) -> None:
    if empty := data.first_to_fill:
        raise DataError(empty)
    dates = data.participations["datum"]
    if dates.between(pd.Timestamp(period.first), pd.Timestamp(period.last)).any():
        return
    half_years = dict.fromkeys(
        periods.half_year_of(day.date()).name for day in dates.drop_duplicates().sort_values()
    )
    known = formats.enumeration(list(half_years))
    raise UsageError(
        f"Over {period} ({period.months_label}) is niets geregistreerd; de data gaan over: {known}."
    )
