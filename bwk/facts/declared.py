"""Every fact declared once, in the order in which a report lists them.

Counting, protection, definitions, the manual's page of numbers and the words that speak of a fact
all follow from this list. To add a fact: one declaration here, and one line in a template, figure
or table that shows it.
"""

from functools import cache

from bwk.errors import UsageError
from bwk.facts.declaration import Declared
from bwk.facts.derivations import (
    Counted,
    Course,
    Derivation,
    Growth,
    GrowthPerMonth,
    InWindow,
    Locations,
    Margin,
    Outcome,
    PeopleVerdict,
    PerArea,
    PerInhabitants,
    PerMonth,
    Projection,
    Returning,
    Share,
    Shared,
    Verdict,
)
from bwk.facts.expressions import (
    ABSENT,
    BEFORE,
    EARLIER,
    HOLDS,
    HOME_KNOWN,
    NEAR,
    NEW,
    RECIPROCAL,
    SEEN_AT_ALL,
    SEVERAL,
    Condition,
    Count,
    Each,
    Referrals,
    Sum,
    When,
    holders,
    newcomers,
    people,
    people_absent,
    people_who,
    visits,
)

ONCE = "Wie op twee locaties komt, telt één keer."
MONTHS_ADDED = "De maanden van de locaties zijn opgeteld."
CLUSTERED = "toets op twee aantallen per maand, geclusterd naar mensen en weken"
MARGIN = "95%-interval, geclusterd naar mensen en weken"
UNEQUAL = "Dit is geen vergelijking waar de perioden niet even lang zijn."
GROWS = "Vergelijk dit niet met een periode die langer of korter is."
OF_DOMAIN = "als groei_per_maand, over alle diensten van het leefgebied"
PERSONS = r"deelnem|mens|bezoeker|person|leden|lid\b"
TIMES = r"deelna?me|deelgenomen|keer|bezoek|vragen"
CHANGED = r"groei|toe(?:name|genomen)|ste[ei]g|gesteg|st[ij]+g|meer|minder|da[al]+[ld]|afn"
EDGE = r"marge|tussen|minste|hooguit|laag|hoog"
MONTHLY = r"per maand|maandelijks|gemiddeld"

PARTICIPANTS = Count(people())
PARTICIPANTS_BEFORE = Count(people(), When.BASELINE)
AT_HOME = Count(people_who(SEEN_AT_ALL, HOME_KNOWN))
FROM_HOME = Count(people(home=Each.HOME))
VISITS = Count(visits())
AT_SERVICE = Count(visits(Each.SERVICE))
AT_SERVICE_BEFORE = Count(visits(Each.SERVICE), When.BASELINE)
THIS_YEAR = Count(visits(Each.SERVICE), When.YEAR_SO_FAR)
LAST_YEAR = Count(visits(Each.SERVICE), When.YEAR_BEFORE)
HALFWAY = Count(visits(Each.SERVICE), When.HALFWAY)
LAST_WHOLE_YEAR = Count(visits(Each.SERVICE), When.LAST_WHOLE_YEAR)
ON_DOMAIN = Count(visits(domain=Each.DOMAIN))
ON_DOMAIN_BEFORE = Count(visits(domain=Each.DOMAIN), When.BASELINE)
ON_DOMAIN_THEN = Count(visits(domain=Each.DOMAIN), When.HALF_YEAR)
ONLY_NOW = Count(people_absent(When.WINDOW_THEN), When.WINDOW_NOW)
ONLY_THEN = Count(people_absent(When.WINDOW_NOW), When.WINDOW_THEN)
NEW_THEN = Count(newcomers(), When.QUARTER_BEFORE)
STAYED_AWAY = newcomers(Condition(ABSENT, (When.LAST_QUARTER,)))
VOLUNTEER = Condition(HOLDS, ("vrijwilliger",))
IN_ROLE = Count(holders(Each.ROLE))

DECLARED = (
    Declared(
        "deelnemers",
        Counted(PARTICIPANTS),
        "Verschillende mensen met ten minste één deelname in de periode.",
        "aantal verschillende deelnemers",
        city=ONCE,
        words=PERSONS,
    ),
    Declared(
        "deelnemers_basis",
        Counted(PARTICIPANTS_BEFORE),
        "Verschillende mensen met ten minste één deelname in de basisperiode.",
        "aantal verschillende deelnemers in de basisperiode",
        city=ONCE,
        words=PERSONS,
    ),
    Declared(
        "groei_deelnemers",
        Growth(PARTICIPANTS, PARTICIPANTS_BEFORE),
        f"Hoeveel het aantal deelnemers veranderde sinds de basisperiode. {UNEQUAL}",
        "deelnemers / deelnemers_basis − 1",
        words=CHANGED,
    ),
    Declared(
        "deelnemers_venster",
        InWindow(Count(people(), When.WINDOW_THEN)),
        "Verschillende mensen in de laatste maanden van de basisperiode: zo veel maanden als de "
        "periode heeft.",
        "aantal verschillende deelnemers in die maanden",
        city=ONCE,
        words=PERSONS,
    ),
    Declared(
        "alleen_toen",
        InWindow(ONLY_THEN),
        "Mensen die in die maanden van de basisperiode kwamen, en niet meer in de periode.",
        "aantal deelnemers van toen zonder wie er nu ook is",
        city=ONCE,
        words=r"niet meer|alleen toen|wegg?e?bleven|vertrok",
    ),
    Declared(
        "alleen_nu",
        InWindow(ONLY_NOW),
        "Mensen die in de periode kwamen, en niet in die maanden van de basisperiode.",
        "aantal deelnemers van nu zonder wie er toen ook was",
        city=ONCE,
        words=r"toen (?:nog )?niet|alleen nu",
    ),
    Declared(
        "oordeel_deelnemers",
        PeopleVerdict(
            PARTICIPANTS,
            ONLY_NOW,
            ONLY_THEN,
            Count(visits(), When.WINDOW_NOW),
            Count(visits(), When.WINDOW_THEN),
        ),
        "Of er duidelijk meer of minder mensen kwamen dan in even veel maanden van de "
        "basisperiode.",
        "tekentoets op alleen_nu en alleen_toen; wie samen komt, telt samen",
    ),
    Declared(
        "deelnames",
        Counted(VISITS),
        "Alle deelnames in de periode: één mens bij één dienst op één dag.",
        "som van aantal",
        words=TIMES,
    ),
    Declared(
        "deelnames.<dienst>",
        Counted(AT_SERVICE),
        "Deelnames aan deze dienst in de periode.",
        "som van aantal bij de dienst",
        words=TIMES,
        total="deelnames",
    ),
    Declared(
        "aandeel.<dienst>",
        Share(AT_SERVICE, VISITS),
        "Welk deel van alle deelnames bij deze dienst hoort.",
        "deelnames van de dienst / deelnames",
    ),
    Declared(
        "deelnames_basis.<dienst>",
        Counted(AT_SERVICE_BEFORE),
        "Deelnames aan deze dienst in de basisperiode.",
        "som van aantal bij de dienst in de basisperiode",
        words=TIMES,
    ),
    Declared(
        "per_maand.<dienst>",
        PerMonth(AT_SERVICE),
        "Deelnames aan deze dienst per maand dat de locatie open was.",
        "deelnames van de dienst / maanden open",
        city=MONTHS_ADDED,
        words=MONTHLY,
    ),
    Declared(
        "per_maand_basis.<dienst>",
        PerMonth(AT_SERVICE_BEFORE),
        "Deelnames aan deze dienst per maand dat de locatie open was, in de basisperiode.",
        "deelnames van de dienst in de basisperiode / maanden open",
        city=MONTHS_ADDED,
        words=MONTHLY,
    ),
    # Ends of margins before what they are of: a key could be all that stands after the dot.
    Declared(
        "groei_per_maand.<dienst>_laag",
        Margin(AT_SERVICE, AT_SERVICE_BEFORE, "low"),
        "De onderkant van de marge om de groei per maand.",
        MARGIN,
        words=EDGE,
    ),
    Declared(
        "groei_per_maand.<dienst>_hoog",
        Margin(AT_SERVICE, AT_SERVICE_BEFORE, "high"),
        "De bovenkant van de marge om de groei per maand.",
        MARGIN,
        words=EDGE,
    ),
    Declared(
        "groei_per_maand.<dienst>",
        GrowthPerMonth(AT_SERVICE, AT_SERVICE_BEFORE),
        "Hoeveel het aantal deelnames per maand veranderde sinds de basisperiode.",
        "(deelnames / maanden open) / (deelnames_basis / maanden open in de basisperiode) − 1",
        city=MONTHS_ADDED,
        words=CHANGED,
    ),
    Declared(
        "oordeel_per_maand.<dienst>",
        Verdict(AT_SERVICE, AT_SERVICE_BEFORE),
        "Of het aantal deelnames per maand duidelijk anders is dan in de basisperiode.",
        CLUSTERED,
    ),
    Declared(
        "deelnemers.<dienst>",
        Counted(Count(people(service=Each.SERVICE))),
        "Verschillende mensen die deze dienst gebruikten in de periode.",
        "aantal verschillende deelnemers bij de dienst",
        city=ONCE,
        words=PERSONS,
    ),
    Declared(
        "prognose.<dienst>",
        Projection(THIS_YEAR, "expected"),
        "Het totaal dat we aan het eind van het kalenderjaar verwachten.",
        "deelnames tot nu toe + verwachte deelnames in de rest van het jaar",
        words=r"verwacht|prognose|eind|heel",
    ),
    Declared(
        "prognose_laag.<dienst>",
        Projection(THIS_YEAR, "low"),
        "De onderkant van de marge om de verwachting.",
        "ondergrens van het 80%-voorspellingsinterval",
        words=r"minste|laag|onder|tussen|marge",
    ),
    Declared(
        "prognose_hoog.<dienst>",
        Projection(THIS_YEAR, "high"),
        "De bovenkant van de marge om de verwachting.",
        "bovengrens van het 80%-voorspellingsinterval",
        words=r"hoog|meest|boven|tussen|marge",
    ),
    Declared(
        "deelnames_jaar_ervoor.<dienst>",
        Counted(LAST_YEAR),
        "Deelnames aan deze dienst in het kalenderjaar ervoor, zo lang de locatie toen open was.",
        "som van aantal bij de dienst in het jaar ervoor",
        words=TIMES,
    ),
    Declared(
        "koers.<dienst>",
        Course(THIS_YEAR, LAST_YEAR),
        "Of de dienst per maand op weg is naar evenveel als in het kalenderjaar ervoor. Aan het "
        "eind van een jaar: of het jaar duidelijk anders eindigde.",
        "de marge om de verwachting tegenover het jaar ervoor, per maand open",
    ),
    Declared(
        "oordeel_vorige_prognose.<dienst>",
        Outcome(HALFWAY, LAST_WHOLE_YEAR),
        "Of het laatste hele kalenderjaar eindigde binnen de marge die halverwege verwacht was.",
        "deelnames van dat jaar tegenover de prognose uit de eerste helft ervan",
    ),
    Declared(
        "rol.<rol>",
        Counted(IN_ROLE),
        "Verschillende mensen die deze rol op een dag in de periode hadden.",
        "aantal verschillende mensen met de rol; bij deelnemers: het aantal deelnemers",
        city="Wie een rol op twee locaties heeft, telt één keer.",
    ),
    Declared(
        "aandeel_rol.<rol>",
        Share(IN_ROLE, Count(Sum())),
        "Welk deel van de rollen deze rol is. Een mens kan meer rollen hebben.",
        "mensen met de rol / som van de rollen",
    ),
    Declared(
        "nieuwe_deelnemers",
        Counted(Count(people(NEW))),
        "Deelnemers die in de periode voor het eerst hier kwamen.",
        "deelnemers met hun eerste deelname in de periode",
        city="Voor de stad: voor het eerst op een van de locaties.",
        words=r"nieuw|voor het eerst|eerste keer|nog nooit",
    ),
    Declared(
        "terugkerende_deelnemers",
        Counted(Count(people(EARLIER))),
        "Deelnemers die hier al voor de periode kwamen.",
        "deelnemers − nieuwe_deelnemers",
        city="Voor de stad: eerder op een van de locaties.",
        words=r"terug|eerder|vaker|ook al\b|al (?:langer|jaren|kenden)|"
        r"\bken(?:nen|den) \w+ al|bekend",
    ),
    Declared(
        "terug_in_kwartaal",
        Returning(
            Count(STAYED_AWAY, When.QUARTER_BEFORE), NEW_THEN, Count(people(), When.LAST_QUARTER)
        ),
        "Welk deel van wie in het voorlaatste kwartaal voor het eerst kwam, in het laatste "
        "kwartaal weer kwam.",
        "nieuwe deelnemers van het ene kwartaal die in het andere terugkwamen / nieuwe deelnemers "
        "van het ene",
        words=r"\bkwartaal (?:later|erna|daarna)|(?:volgende?|laatste) kwartaal",
    ),
    Declared(
        "naar_andere_dienst",
        Share(Count(newcomers(Condition(SEVERAL))), Count(newcomers())),
        "Welk deel van de nieuwe deelnemers na een eerste dienst ook een andere gebruikte. "
        f"{GROWS}",
        "nieuwe deelnemers bij twee of meer diensten / nieuwe deelnemers",
        words=r"\bandere dienst|\btweede dienst",
    ),
    Declared(
        "eerst_deelnemer",
        Share(Count(people_who(VOLUNTEER, Condition(BEFORE))), Count(people_who(VOLUNTEER))),
        "Welk deel van de vrijwilligers al voor de periode als deelnemer kwam.",
        "vrijwilligers met een deelname voor de periode / vrijwilligers",
        words=r"\b(?:eerst|eerder|zelf|ooit|begon\w*) (?:\w+ ){0,3}deelnemer",
    ),
    Declared(
        "aandeel_meer_diensten",
        Share(Count(people(SEVERAL)), PARTICIPANTS),
        f"Welk deel van de deelnemers twee of meer diensten gebruikte. {GROWS}",
        "deelnemers bij twee of meer diensten / deelnemers",
        words=r"meer(?:dere)? (?:\w+ ){0,2}(?:dienst|activiteit|ding|onderde)\w*|"
        r"twee (?:\w+ )?of meer|combine",
    ),
    Declared(
        "wederkerigheid",
        Share(Count(people(roles=RECIPROCAL)), PARTICIPANTS),
        f"Welk deel van de deelnemers ook vrijwilliger of sleutelhouder is. {GROWS}",
        "deelnemers met de rol vrijwilliger of sleutelhouder / deelnemers",
        words=r"wederkerig|(?:zelf|ook) (?:\w+ ){0,2}(?:vrijwillig|sleutel|actief)",
    ),
    Declared(
        "samen.<dienst>.<andere dienst>",
        Shared(Count(people(service=Each.SERVICE, also=Each.OTHER_SERVICE))),
        f"Verschillende mensen die in de periode beide diensten gebruikten. {GROWS}",
        "aantal deelnemers dat bij beide diensten voorkomt",
        words=r"beide|samen|ook|zowel|combin",
    ),
    Declared(
        "verwijzingen.naar.<partner>",
        Counted(Count(Referrals("naar", Each.PARTNER))),
        "Verwijzingen van de locatie naar deze partner.",
        "aantal rijen met richting naar",
        words=r"verw[ie]\w+|door|naar|opschal",
    ),
    Declared(
        "verwijzingen.van.<partner>",
        Counted(Count(Referrals("van", Each.PARTNER))),
        "Verwijzingen van deze partner naar de locatie.",
        "aantal rijen met richting van",
        words=r"verw[ie]\w+|van|via|afschal",
    ),
    Declared(
        "herkomst.<buurt>",
        Counted(FROM_HOME),
        "Deelnemers die in deze buurt wonen.",
        "aantal verschillende deelnemers uit de buurt",
        city=ONCE,
        total="deelnemers",
    ),
    Declared(
        "herkomst_bekend",
        Counted(AT_HOME),
        "Deelnemers van wie de buurt bekend is.",
        "aantal verschillende deelnemers met een buurt",
        city=ONCE,
    ),
    Declared(
        "bereik.<buurt>",
        PerInhabitants(FROM_HOME),
        f"Hoeveel van elke 1.000 inwoners van deze buurt deelnemer waren. {GROWS}",
        "1.000 × deelnemers uit de buurt / inwoners van de buurt",
        city=ONCE,
        words=r"inwoner|bereik",
    ),
    Declared(
        "aandeel_omgeving",
        Share(Count(people(NEAR)), AT_HOME),
        "Welk deel van de deelnemers van wie de buurt bekend is, uit de directe omgeving van de "
        "locatie komt.",
        "deelnemers uit de directe omgeving / deelnemers van wie de buurt bekend is",
        words=r"omgeving|vlakbij|dichtbij|om de hoek|\b(?:buurt|wijk)(?:\b|bewoner)",
    ),
    Declared(
        "deelnemers_per_100m2",
        PerArea(PARTICIPANTS),
        f"Hoeveel deelnemers er zijn op elke 100 vierkante meter. {GROWS}",
        "100 × deelnemers / oppervlakte",
        words=r"m2|m²|vierkante",
    ),
    Declared(
        "barometer.<leefgebied>_laag",
        Margin(ON_DOMAIN, ON_DOMAIN_BEFORE, "low"),
        "De onderkant van de marge om de verandering op dit leefgebied.",
        MARGIN,
        words=EDGE,
    ),
    Declared(
        "barometer.<leefgebied>_hoog",
        Margin(ON_DOMAIN, ON_DOMAIN_BEFORE, "high"),
        "De bovenkant van de marge om de verandering op dit leefgebied.",
        MARGIN,
        words=EDGE,
    ),
    Declared(
        "barometer.<leefgebied>",
        GrowthPerMonth(ON_DOMAIN, ON_DOMAIN_BEFORE),
        "Hoeveel de deelnames per maand op dit leefgebied veranderden sinds de basisperiode.",
        OF_DOMAIN,
        words=CHANGED,
    ),
    Declared(
        "oordeel_barometer.<leefgebied>",
        Verdict(ON_DOMAIN, ON_DOMAIN_BEFORE),
        "Of die verandering op het leefgebied duidelijk is.",
        CLUSTERED,
    ),
    Declared(
        "barometer.<leefgebied>.<half jaar>_laag",
        Margin(ON_DOMAIN_THEN, ON_DOMAIN_BEFORE, "low"),
        "De onderkant van de marge om het verschil in dit half jaar.",
        MARGIN,
        words=EDGE,
    ),
    Declared(
        "barometer.<leefgebied>.<half jaar>_hoog",
        Margin(ON_DOMAIN_THEN, ON_DOMAIN_BEFORE, "high"),
        "De bovenkant van de marge om het verschil in dit half jaar.",
        MARGIN,
        words=EDGE,
    ),
    Declared(
        "barometer.<leefgebied>.<half jaar>",
        GrowthPerMonth(ON_DOMAIN_THEN, ON_DOMAIN_BEFORE),
        "Hoeveel de deelnames per maand op dit leefgebied in een half jaar verschillen van de "
        "basisperiode.",
        OF_DOMAIN,
        words=CHANGED,
    ),
    Declared(
        "oordeel_barometer.<leefgebied>.<half jaar>",
        Verdict(ON_DOMAIN_THEN, ON_DOMAIN_BEFORE),
        "Of dat verschil in een half jaar duidelijk is.",
        CLUSTERED,
    ),
    Declared(
        "barometer_per_maand.<leefgebied>.<half jaar>",
        PerMonth(ON_DOMAIN_THEN),
        "Deelnames op dit leefgebied per maand dat de locatie open was, in elk half jaar dat de "
        "registraties hebben.",
        "deelnames van de diensten van het leefgebied / maanden open in het half jaar",
        city=MONTHS_ADDED,
        words=MONTHLY,
    ),
    Declared(
        "deelnemers.locatie.<locatie>",
        Counted(Count(people(), where=Each.LOCATION)),
        "Verschillende mensen met ten minste één deelname op deze locatie.",
        "aantal verschillende deelnemers op de locatie",
        words=PERSONS,
        total="deelnemers",
    ),
    Declared(
        "locaties_formeel",
        Locations("formal"),
        "Locaties die aan het eind van de periode officieel meedoen.",
        "aantal locaties met formeel_vanaf tot en met de laatste dag",
        words=r"officieel|formeel",
    ),
    Declared(
        "locaties_praktisch",
        Locations("open"),
        "Locaties die aan het eind van de periode open zijn.",
        "aantal locaties met geopend_op tot en met de laatste dag, en niet gesloten",
        words=r"praktijk|officieus|open",
    ),
    Declared(
        "locaties_gerapporteerd",
        Locations("reported"),
        "Locaties waarover dit verslag cijfers geeft.",
        "aantal locaties die lang genoeg open waren",
        words=r"verslag|rapport|cijfers",
    ),
    Declared(
        "deelnemers_basis.locatie.<locatie>",
        Counted(Count(people(), When.BASELINE, Each.LOCATION)),
        "Verschillende mensen met ten minste één deelname op deze locatie in de basisperiode.",
        "aantal verschillende deelnemers op de locatie in de basisperiode",
        words=PERSONS,
    ),
    Declared(
        "deelnames.locatie.<locatie>",
        Counted(Count(visits(), where=Each.LOCATION)),
        "Alle deelnames op deze locatie in de periode.",
        "som van aantal op de locatie",
        words=TIMES,
        total="deelnames",
    ),
)


@cache
def parsed(fact: str) -> tuple[Declared, dict[Each, str]]:
    """Return the declaration of a fact, and the keys in its name.

    >>> declaration, keys = parsed("deelnames.klussen")
    >>> declaration.name, keys[Each.SERVICE]
    ('deelnames.<dienst>', 'klussen')

    Raises
    ------
    UsageError
        If no fact has that name.
    """
    for declaration in DECLARED:
        keys = declaration.keys_of(fact)
        if keys is not None:
            return declaration, keys
    raise UsageError(f"Het feit ‘{fact}’ bestaat niet: zie de verantwoording in het verslag.")


def kin(fact: str, *kinds: type[Derivation], when: When | None = None) -> str:
    """Return the fact that says something else of the same count; empty where there is none.

    Parameters
    ----------
    fact : str
    *kinds : type of Derivation
        The derivations that will do.
    when : When, optional
        Of which interval it is.

    >>> kin("aandeel.taal", Growth, GrowthPerMonth)
    'groei_per_maand.taal'
    >>> kin("deelnemers", Counted, when=When.BASELINE)
    'deelnemers_basis'
    """
    declaration, keys = parsed(fact)
    subject = declaration.subject
    for other in DECLARED:
        its = other.subject
        if not (subject and its) or (its.of, its.where) != (subject.of, subject.where):
            continue
        if type(other.derivation) not in kinds or other.blanks != declaration.blanks:
            continue
        if when is None or its.when is when:
            return other.formed(keys)
    return ""
