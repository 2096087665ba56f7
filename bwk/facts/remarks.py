"""What a reader must know of the registers behind the facts of a report, a Dutch sentence each."""

from collections.abc import Iterator

from bwk.facts.expressions import PERSONS, VISITED, When
from bwk.facts.joining import CALLED as CALLED_OTHERS
from bwk.facts.sheet import CITY
from bwk.facts.survey import Survey
from bwk.formats import enumeration, short

CALLED = {When.PERIOD: "deze periode", When.BASELINE: "de basisperiode"}


def remarks(survey: Survey, scope: str) -> tuple[str, ...]:
    """Return what is not registered, or not compared, in a report."""
    told = _of_city(survey) if scope == CITY else _of_location(survey, scope)
    return (*told, *_of_services(survey), *_of_rounding(survey))


def _of_location(survey: Survey, scope: str) -> Iterator[str]:
    registry, where = survey.registry, survey.places[scope]
    for moved in where:
        if moved != scope:
            yield f"{registry.called[moved]} is hierheen verhuisd: die cijfers tellen mee."
    for when, period in CALLED.items():
        interval = survey.intervals[when]
        kept, is_open = registry.months(where, interval), registry.months_open(where, interval)
        if is_open and not kept:
            yield f"Over {period} is niets geregistreerd."
        elif kept < is_open:
            months = f"{short(kept)} van de {short(is_open)} maanden"
            yield f"Geregistreerd in {period}: {months}. De andere tellen niet mee."
    if not registry.months(where, survey.intervals[When.PERIOD], PERSONS):
        yield "Wie er kwamen, is niet geregistreerd: hier is alleen geteld."


def _of_services(survey: Survey) -> Iterator[str]:
    if survey.joined:
        table = survey.data.services
        names = table.loc[table["dienst"].isin(survey.joined), "naam"].astype(str)
        yield f"{CALLED_OTHERS} zijn samen {enumeration([*names])}: elk alleen is te klein."


def _of_rounding(survey: Survey) -> Iterator[str]:
    if base := survey.programme.rounding:
        yield (
            f"Alle aantallen zijn afgerond op {base}, naar boven of naar beneden: 0 kan ook een "
            "klein aantal zijn. Aandelen tellen daardoor niet altijd op tot 100%."
        )


def _of_city(survey: Survey) -> Iterator[str]:
    registry, called = survey.registry, survey.registry.called
    now, then = survey.intervals[When.PERIOD], survey.intervals[When.BASELINE]
    for when, period in CALLED.items():
        interval = survey.intervals[when]
        kept = {name: registry.months((name,), interval) for name in survey.reported}
        if registry.months_open(kept, interval) and not any(kept.values()):
            yield f"Over {period} is niets geregistreerd."
        partly = [
            called[name]
            for name, months in kept.items()
            if 0 < months < registry.months_open([name], interval)
        ]
        if partly:
            yield f"Niet alle maanden van {period} zijn geregistreerd op {enumeration(partly)}."
    counted = [name for name in survey.reported if not registry.months((name,), now, PERSONS)]
    if counted:
        names = enumeration([called[name] for name in counted])
        yield f"Deelnemers zijn niet geregistreerd op {names}: daar is alleen geteld."
    shared, closed = registry.compared(survey.places[CITY], (now, then), VISITED)
    apart = [called[name] for name in survey.reported if name not in shared]
    if apart and shared:
        yield (
            "Verschillen gaan over de locaties die in beide perioden even lang zijn "
            f"geregistreerd, dus zonder {enumeration(apart)}. Wie daarheen ging, lijkt gestopt."
        )
    if closed:
        yield (
            f"Gesloten sinds de basisperiode: {enumeration([called[name] for name in closed])}. "
            "In het verleden telt dat mee. Of wie daar kwam nu elders komt, is niet bekend. Een "
            "verschil in deelnames noemen we pas duidelijk als het in beide gevallen klopt."
        )
