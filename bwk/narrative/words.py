"""Words of direction, size, order and course, checked against the facts that they are about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bwk import formats
from bwk.facts import Fact, FactSheet
from bwk.facts.derivations import (
    UNCLEAR,
    Course,
    Growth,
    GrowthPerMonth,
    PeopleVerdict,
    Share,
    Verdict,
)
from bwk.facts.expressions import NEAR, Each
from bwk.formats import plain
from bwk.narrative import claims, directions, formulas, sentences, statements
from bwk.narrative.candidates import Candidate, Sheets, candidates, counts, own_sheet
from bwk.narrative.claims import Claim, cover
from bwk.narrative.directions import DOWN, RANK, SAME, TIMES, UP
from bwk.narrative.statements import BEFORE, NOW
from bwk.narrative.wording import said

_QUOTE = re.compile(r"[‘“\"'][^‘’“”\"\n]{3,300}[’”\"']")
_BRACKETS = re.compile(r"\([^()]*\)")
# A change that numbers show, one that is no longer none, and one that nobody would call none.
_MOVED, _BIG_FROM, _PLAIN_FROM, _ANY = 0.05, 0.15, 0.3, 99.0
_DEGREES = {  # of the size of a change: the words, and between what it is true
    "huge": (0.5, _ANY),
    "large": (_BIG_FROM, _ANY),
    "slight": (0.0, 0.1),
}
_LESS, _MORE = 0.85, 1.25  # of the number in a word as `verdubbeld`, between which it is true
_TRENDS = {UP: "meer", DOWN: "minder", SAME: UNCLEAR}
_TOLD = {
    "meer": "Volgens de cijfers zijn het er per maand duidelijk meer.",
    "minder": "Volgens de cijfers zijn het er per maand duidelijk minder.",
    UNCLEAR: "De cijfers laten geen duidelijk verschil zien.",
}
_ADVICE = {
    _TOLD["meer"]: " Schrijf bijvoorbeeld ‘is gegroeid’.",
    _TOLD["minder"]: " Schrijf bijvoorbeeld ‘is gedaald’.",
    _TOLD[UNCLEAR]: " Schrijf bijvoorbeeld ‘verschilt niet duidelijk’.",
}
_COURSE = {"on": ("op koers", "boven koers"), "above": ("boven koers",), "below": ("onder koers",)}
_PARTS = {  # for which part of a whole a word is true
    "every": (0.995, 1.0),
    "majority": (0.5001, 1.0),
    "minority": (0.0, 0.4999),
    "few": (0.0, 0.25),
    "none": (0.0, 0.0),
}
_PLACES = {"last": -1, "second": 1, "third": 2, "fourth": 3}  # in an order, from the largest
UNTOLD = "De cijfers laten niet zien of dit zo is."
# Whether the data agree, None where they cannot tell; what they say.
Judgement = tuple[bool | None, str]
Placed = Sequence[tuple[int, Candidate]]  # where in a sentence a fact is stated


@dataclass(frozen=True)
class Contradiction:
    """A word that the data do not bear out: its span, its text, and what the data say."""

    start: int
    end: int
    text: str
    message: str

    @property
    def remark(self) -> str:
        """What the data say, and what could be written, in Dutch."""
        return f"‘{self.text}’: {self.message}{_ADVICE.get(self.message, '')}"


@dataclass(frozen=True)
class _Word:
    """A word in a sentence: what it says, whether it is denied, and what stands around it.

    `before` and `after` are the rest of its clause, plain; `facts` are what it is about, the
    nearest first, which the sentence may state (`is_stated`) or only name; it may tell by how
    much they changed, or what they were before (`tells_change`).
    """

    kind: str
    text: str
    before: str
    after: str
    sentence: str
    facts: Sequence[Candidate] = ()
    is_stated: bool = False
    tells_change: bool = False

    @property
    def clause(self) -> str:
        return f"{self.before}{self.text}{self.after}"

    @property
    def denied(self) -> bool:
        inside = self.kind in (UP, DOWN, RANK) and said("no").search(self.text)
        around = said("no_before").search(self.before) or said("no_after").search(self.after)
        return bool(inside or around)


def contradictions(
    text: str, stated: Sequence[tuple[Claim, Candidate]], sheets: Sheets
) -> list[Contradiction]:
    """Check the words of each sentence that is about a fact of these reports.

    Parameters
    ----------
    text : str
        Markdown source of a cell.
    stated : sequence of (Claim, Candidate)
        The confirmed claims in it, and the fact that each states.
    sheets : mapping of str to FactSheet
        By scope, the report's own first.

    Returns
    -------
    list of Contradiction
        Words of which the data say otherwise, or of which they cannot tell.
    """
    contradicted = []
    earlier: Sequence[Candidate] = ()
    for start, end in sentences.spans(text):
        told = [(claim.start - start, fact) for claim, fact in stated if start <= claim.start < end]
        for place, word in _words(text[start:end], told, earlier, sheets):
            if problem := _problem(word, sheets):
                span = start + place, start + place + len(word.text)
                contradicted.append(Contradiction(*span, text[slice(*span)], problem))
        earlier = _nearest(_single(told), end - start) or earlier
    return contradicted


def _single(told: Placed) -> Placed:
    """Return the facts that are stated, without what was worked out."""
    return [(place, fact) for place, fact in told if not formulas.is_formula(fact.name)]


def _nearest(stated: Placed, place: int) -> list[Candidate]:
    return [fact for _, fact in sorted(stated, key=lambda pair: abs(pair[0] - place))]


def _words(
    sentence: str, told: Placed, earlier: Sequence[Candidate], sheets: Sheets
) -> Iterator[tuple[int, _Word]]:
    """Yield each word that is about a fact, with its place; not of questions, quotes or plans.

    A difference that somebody confirmed was worked out the way that its clause says.
    """
    if sentence.rstrip().endswith("?"):
        return
    flat, taken, stated = _flat(sentence), 0, _single(told)
    for kind, match in directions.find(flat):
        start, end = _clause(flat, match)
        before, after = flat[start : match.start()], flat[match.end() : end]
        word = _Word(kind, match[0].lower(), plain(before), plain(after), plain(sentence))
        in_clause = [(place, fact) for place, fact in told if start <= place < end]
        inside = _single(in_clause)
        is_worked_out = kind in (UP, DOWN) and len(inside) < len(in_clause)
        announced = flat[:start].rpartition(":")[0] if said("title").search(word.clause) else ""
        is_planned = said("plan").search(plain(announced) + word.before + word.after)
        if kind == "plan" or is_planned or is_worked_out or _is_title(word, own_sheet(sheets)):
            continue
        ahead = [(place, fact) for place, fact in inside if taken <= place < match.start()]
        taken = match.end()
        cased = "" if inside else flat[start:end]
        place = statements.elsewhere(cased, own_sheet(sheets))
        is_elsewhere = bool(place) and place not in sheets and "dan" not in word.clause
        if is_elsewhere or _is_foreign(word, own_sheet(sheets)):
            continue
        beside = _nearest(stated, match.start())
        about = _nearest(ahead or inside, match.start()) or _meant(word, beside, earlier, sheets)
        if about:
            yield match.start(), _evidenced(word, about, beside)


def _flat(sentence: str) -> str:
    """Return a sentence, as long as it was, without quotes and brackets, each number as `#`."""
    masked = cover(sentence, _QUOTE)
    for claim in claims.find(masked):
        marks = "#" * (claim.end - claim.start)
        masked = masked[: claim.start] + marks + masked[claim.end :]
    return cover(masked, _BRACKETS)


def _clause(sentence: str, match: re.Match[str]) -> tuple[int, int]:
    """Return the start and the end of the clause around a word."""
    before = said("clause_end").split(sentence[: match.start()])[-1]
    after = said("clause_end").split(sentence[match.end() :])[0]
    return match.start() - len(before), match.end() + len(after)


def _evidenced(word: _Word, about: Sequence[Candidate], beside: Sequence[Candidate]) -> _Word:
    """Return a word with what it is about, and what its sentence states of that."""
    numbers = {fact.number for fact in beside}  # one fact may have two names
    tells_before = any(fact.before and fact.before.number in numbers for fact in about)
    return replace(
        word,
        facts=about,
        is_stated=any(fact.number in numbers for fact in about),
        tells_change=tells_before or any(fact.unit == "groei" for fact in beside),
    )


def _is_title(word: _Word, own: FactSheet) -> bool:
    """Whether a sentence asks for more or less of what it names, and says nothing of it."""
    names = [rf"{statements.stems(label)}\w*" for label in (*own.services, *own.roles)]
    is_titled = said("title").search(word.sentence)
    return bool(
        is_titled and not re.sub("|".join([*names, said("of_title").pattern]), "", word.sentence)
    )


def _is_foreign(word: _Word, own: FactSheet) -> bool:
    """Whether what rose, fell or is many is no fact of a report: `de armoede in de wijk`."""
    nouns = [said("first_noun").search(word.before)]
    if word.text.endswith("ende"):
        nouns.append(said("next_noun").search(word.after))
    if word.text.endswith(("meer", "minder", "meeste", "minste")):
        nouns.append(said("noun_of_amount").search(word.after))
    if not word.before.strip():
        nouns.append(said("first_noun").search(word.after))  # `daalde de druk`
    familiar = [statements.stems(label) for label in (*own.services, *own.roles)]
    familiar += [
        said("measure").pattern,
        *(plain(re.escape(label.name)) for label in own.locations),
    ]
    return any(noun and not re.match("|".join(familiar), noun["noun"]) for noun in nouns)


def _meant(
    word: _Word, beside: Sequence[Candidate], earlier: Sequence[Candidate], sheets: Sheets
) -> Sequence[Candidate]:
    """Return the facts that a word is about: named in its clause, or referred to."""
    named = [*_named(word, sheets)]
    keys = [fact.keys for fact in named if fact.keys]
    meant = [fact for fact in beside if fact.keys in keys] or named
    return meant or (beside or earlier if said("nameless").search(word.before) else [])


def _named(word: _Word, sheets: Sheets) -> Iterator[Candidate]:
    """Yield the counts of what the clause names: a service, a neighbourhood, all participants."""
    clause = word.clause
    if not word.text.startswith("nergens"):
        clause = said("than").sub(" ", clause)
    report = own_sheet(sheets)
    sheet = sheets.get(statements.place_in(clause, report) or report.scope.slug)
    slugs = statements.named(clause, report)
    units = [unit for noun, unit in statements.units() if re.search(rf"\b{noun}\b", clause)]
    for fact in counts(sheet) if sheet else ():
        is_unit = fact.unit == (units or ["deelnames"])[0]
        if fact.keys:
            is_named = {*fact.keys.values()} <= {*slugs} and (is_unit or Each.HOME in fact.keys)
        else:
            is_named = bool(units and not slugs) and is_unit and fact.is_total
        if is_named:
            yield fact


def _problem(word: _Word, sheets: Sheets) -> str:
    """Return what the data say where they do not bear out a word; empty where they do."""
    for agrees, message in _judgements(word, sheets):
        if agrees is None or agrees == word.denied:
            return message
    return ""


def _judgements(word: _Word, sheets: Sheets) -> Iterator[Judgement]:
    """Yield what the nearest facts that tell say of a word; nothing where it is about others."""
    against = said("against").search(word.text + word.after)
    if word.kind in _TRENDS and against:
        intervals = [
            statements.time_in(part, own_sheet(sheets))
            for part in (word.before + word.text, against["than"])
        ]
        is_now = intervals[1] == NOW or said("a_number").search(against["than"])
        if intervals[0] == BEFORE and is_now:  # as if it were told of this period
            intervals[1] = NOW
            word = replace(word, kind={UP: DOWN, DOWN: UP}.get(word.kind, SAME))
        compared = _compared(word, against["than"], sheets)
        if compared or not intervals[1]:
            yield from [compared] if compared else []
            return
    if word.kind in (*_PARTS, RANK):
        yield from _sizes(word, sheets)
        return
    judge = _course if word.kind in _COURSE else _record if word.kind == "record" else _trend
    told = ""
    for fact in word.facts:
        name = fact.declaration.name
        judgement = judge(word, fact) if told in ("", name) else None
        if judgement:
            told = name
            yield judgement
    if not told and any(fact.sheet is own_sheet(sheets) for fact in word.facts):
        yield None, UNTOLD


def _course(word: _Word, fact: Candidate) -> Judgement | None:
    course = fact.kin(Course)
    if course is None:
        return None
    if course.value is None:
        return None, _unknown(course)
    if course.value == "onzeker":
        return None, "Er zijn te weinig deelnames om te zeggen of dit op koers is."
    return course.value in _COURSE[word.kind], f"Volgens de cijfers is dit {course.text}."


def _record(_: _Word, fact: Candidate) -> Judgement:
    before, number = fact.before, fact.number
    if before and before.number and number and before.number >= number:
        return False, f"In de basisperiode waren het er {before.text}."
    return None, UNTOLD


def _sizes(word: _Word, sheets: Sheets) -> Iterator[Judgement]:
    """Judge a part of a whole, or the place in an order, by the fact that the clause is about."""
    place = next((at for words, at in _PLACES.items() if said(words).search(word.text)), 0)
    part = word.kind
    if part == RANK and place == 0 and not word.text.startswith("nergens"):
        part = "majority"
    for fact in (*word.facts, *_named(word, sheets), *_shares(word, own_sheet(sheets))):
        share = _share(fact)
        ranked = _is_at(place, word, fact, sheets) if word.kind == RANK else None
        if share is not None and part in _PARTS and not ranked:
            low, high = _PARTS[part]
            if part == "every" and "bijna" in word.before:
                low = 0.9
            share = 1 - share if said("far").search(word.clause) else share
            yield low <= share <= high, f"Volgens de cijfers is dit deel {formats.percent(share)}."
            return
        if ranked is not None:
            yield ranked, "Volgens de cijfers staat het op een andere plaats."
            return


def _shares(word: _Word, own: FactSheet) -> Iterator[Candidate]:
    """Yield the shares without a key of which the clause has the words."""
    for fact in candidates(own):
        derivation, words = fact.declaration.derivation, fact.declaration.words
        if isinstance(derivation, Share) and words and not fact.keys:
            near = any(each.kind == NEAR for each in derivation.portion.of.conditions)
            if re.search(words, word.clause) or (near and said("far").search(word.clause)):
                yield fact


def _share(fact: Candidate) -> float | None:
    declaration, number = fact.declaration, fact.number
    if isinstance(declaration.derivation, Share) or number is None:
        return number
    total = fact.sheet[declaration.total].number if declaration.total else None
    return number / total if total else None


def _is_at(place: int, word: _Word, fact: Candidate, sheets: Sheets) -> bool | None:
    """Whether a fact is at a place in the order; of a list of facts, whether all are about it."""
    declaration = fact.declaration
    behind = said("behind").search(word.before)
    passed = statements.named(behind["others"], fact.sheet) if behind else []
    is_of_place = Each.ROLE in fact.keys or not fact.keys
    names = "|".join(plain(re.escape(label.name)) for label in fact.sheet.locations)
    if not fact.sheet.is_city and (
        said("all_places").search(word.after)
        or (is_of_place and re.search(names, word.clause))
        or word.text.startswith("nergens")
    ):
        alike = [sheet[fact.name].number for sheet in sheets.values() if not sheet.is_city]
    elif not fact.keys:
        return None
    else:
        alike = [
            each.number
            for each in candidates(fact.sheet)
            if each.declaration is declaration and not {*each.keys.values()} & {*passed}
        ]
    numbers = sorted((number for number in alike if number is not None), reverse=True)
    if len(numbers) <= place:
        return None
    listed = [each.number or 0 for each in word.facts if each.declaration is declaration]
    ends = numbers[-len(listed) :] if place < 0 else numbers[: len(listed)]
    is_list = place < 1 and sorted(listed, reverse=True) == ends
    return fact.number == numbers[place] or is_list


def _compared(word: _Word, against: str, sheets: Sheets) -> Judgement | None:
    """Judge `more than` another place or service by its number, or by its growth."""
    place = statements.place_in(against, own_sheet(sheets), from_end=False)
    slugs = statements.named(against, own_sheet(sheets))
    for fact in word.facts:
        counterpart = _counterpart(fact, place, slugs, sheets)
        if counterpart is None:
            continue
        number, its, told = fact.number, counterpart.number, counterpart.fact.text
        if fact.unit != "groei" and said("grows").search(word.clause):
            number, its = _change(fact), _change(counterpart)
            told = "" if its is None else formats.change(its)
        if number is not None and its is None:
            return None, _unknown(counterpart.fact) if counterpart.fact.withheld else UNTOLD
        if number is not None and its is not None:
            return _way(number - its) == word.kind, f"Volgens de cijfers is het daar {told}."
    return None


def _way(change: float) -> str:
    return UP if change > 0 else DOWN if change < 0 else SAME


def _counterpart(
    fact: Candidate, place: str, slugs: Sequence[str], sheets: Sheets
) -> Candidate | None:
    """Return the same fact of another place, or of another service."""
    keys, sheet = fact.keys, fact.sheet
    if place and place != fact.place:
        if Each.LOCATION not in keys:
            return Candidate(sheets[place][fact.name], sheets[place]) if place in sheets else None
        return Candidate(sheet[fact.declaration.formed({**keys, Each.LOCATION: place})], sheet)
    names = [
        fact.declaration.formed({**keys, blank: slug})
        for slug in slugs
        for blank in (Each.SERVICE, Each.HOME, Each.ROLE)
        if keys.get(blank, slug) != slug
    ]
    return next((Candidate(sheet[name], sheet) for name in names if name in sheet.facts), None)


def _trend(word: _Word, fact: Candidate) -> Judgement | None:
    growth, verdict = fact.kin(Growth, GrowthPerMonth), fact.kin(Verdict, PeopleVerdict)
    if growth and verdict:
        return _growth(word, growth, verdict)
    change = fact.number if fact.unit == "groei" else _change(fact)
    if change is None:
        return None
    return _agrees(word, change), _changed(formats.change(change))


def _growth(word: _Word, growth: Fact, verdict: Fact) -> Judgement:
    """Judge by numbers what stands beside them; else, and what is surely so, by the verdict."""
    trend = _TRENDS.get(word.kind)
    telling = verdict if trend else growth
    if telling.value is None:
        return None, _unknown(telling)
    degree = next((_DEGREES[words] for words in _DEGREES if said(words).search(word.clause)), None)
    is_unsure = word.kind in (UP, DOWN) and said("unsure").search(word.sentence) and not word.denied
    is_sure = said("sure").search(word.sentence) and not is_unsure
    is_small = degree and not degree[0]
    stands_beside = word.tells_change or (word.is_stated and not degree)
    is_told = stands_beside or is_unsure or is_small
    is_judged = trend and (is_sure or not is_told or verdict.value != UNCLEAR)
    if is_judged and (verdict.value != trend or not degree):
        return verdict.value == trend, _TOLD[str(verdict.value)]
    least = _MOVED
    if word.denied:
        least = _PLAIN_FROM
    elif is_unsure or word.tells_change or word.kind == TIMES:
        least = 0.0
    return _moved(word, growth.number or 0, degree or (least, _ANY)), _changed(growth.text)


def _moved(word: _Word, change: float, degree: Sequence[float]) -> bool:
    """Whether numbers moved as a word says, and as far as its degree asks."""
    if word.kind == SAME:
        return abs(change) < _BIG_FROM
    low, high = degree
    return low <= abs(change) <= high and _agrees(word, change)


def _agrees(word: _Word, change: float) -> bool:
    if word.kind != TIMES:
        return _way(change) == word.kind
    times = 0.5 if "halve" in word.text else 2.0
    if number := re.search(r"ver(\w+)voudig", word.text):
        times = claims.find(f"{number[1]} mensen")[0].value
    low = times if "ruim" in word.before[-7:] else times * _LESS
    high = times if "bijna" in word.before[-7:] else times * _MORE
    return low <= 1 + change <= high


def _change(fact: Candidate) -> float | None:
    """Return the change that is known of a count, or that it and its baseline tell together."""
    if growth := fact.kin(Growth, GrowthPerMonth):
        return growth.number
    before, number = fact.before, fact.number
    if number is None or before is None or not before.number:
        return None
    return number / before.number - 1


def _changed(change: str) -> str:
    return f"Volgens de cijfers is de verandering {change}."


def _unknown(fact: Fact) -> str:
    if fact.withheld:
        return "Dat is niet te zeggen: het cijfer is achtergehouden om herkenning te voorkomen."
    return f"Dat is niet te zeggen: {fact.missing[:1].lower()}{fact.missing[1:]}"
