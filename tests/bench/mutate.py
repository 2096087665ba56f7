"""Take what protects out of the rule, one thing at a time: a test must miss it each time.

`python tests/bench/mutate.py` prints a line for each; its status is 1 where one is not missed. A
mutation replaces a piece of text in a module while it is imported, and only there. With words
those mutations are tried whose description has one of them.
"""

import subprocess
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import Phase, settings

TESTS = Path(__file__).parent.parent
RULE, PEOPLE, LEDGER, CASES, ATTACKER, ROUNDING, SHAPES, KNOWN = (
    f"test_{name}.py"
    for name in (
        "disclosure", "facts_imagined", "facts_issued", "facts_cases", "facts_protection",
        "facts_rounding", "attack", "facts_knowledge",
    )
)  # fmt: skip


class Mutation(NamedTuple):
    """What is taken out, of which module, and which tests should miss it."""

    what: str
    module: str
    before: str
    after: str
    tests: tuple[str, ...]


MUTATIONS = (
    Mutation("threshold one lower", "bwk.disclosure", "0 < number.people < threshold",
             "0 < number.people < threshold - 1", (RULE,)),
    Mutation("range one narrower", "bwk.disclosure", 
             "self._spread[1, rows] - self._spread[0, rows] < self.threshold",
             "self._spread[1, rows] - self._spread[0, rows] < self.threshold - 1", (RULE,)),
    Mutation("what was held back before is open", "bwk.disclosure",
             'number.fixed == "withheld" or (', "(", (RULE, LEDGER)),
    Mutation("what was told before may be held back", "bwk.disclosure",
             "self.fixed is None and self.value != 0", "self.value != 0", (RULE,)),
    Mutation("zero protects", "bwk.disclosure", "self.fixed is None and self.value != 0",
             "self.fixed is None", (RULE,)),
    Mutation("what is held back may be nothing", "bwk.disclosure", "    least: int = 1",
             "    least: int = 0", (RULE,)),
    Mutation("tables are believed unseen", "bwk.disclosure",
             "if agrees and whole and np.all(self._there + deviation >= 0):",
             "if True:", (RULE,)),
    Mutation("cells may be below nothing", "bwk.disclosure",
             "np.append(np.full(len(cells), np.inf), self._there[cells][filled])",
             "np.full(len(cells) + len(filled), np.inf)", (RULE,)),
    Mutation("relations are not looked at", "bwk.disclosure",
             "relation.low - relation.value, relation.high - relation.value",
             "-math.inf, math.inf", (RULE,)),
    Mutation("what is told rounded is told for sure", "bwk.disclosure",
             "for number in numbers if number.is_guarded]", "for number in numbers[:0]]", (RULE,)),
    Mutation("what is told rounded may be anything", "bwk.disclosure",
             "np.array(number.known) - number.value", "-np.inf, np.inf", (RULE,)),
    Mutation("no pairs made up", "bwk.facts.imagined",
             "groups += [(pairs, np.full(len(pairs), home)) for home in common]", "pass",
             (PEOPLE,)),
    Mutation("nobody made up at one spot", "bwk.facts.imagined",
             "yield home, ones[place % step :: step]", "yield home, ones[:0]", (PEOPLE,)),
    Mutation("nobody like the real ones", "bwk.facts.imagined", "MOST_CHANGED = 150",
             "MOST_CHANGED = 0", (PEOPLE,)),
    Mutation("no roles", "bwk.facts.imagined", "[seen, *self._holding(chosen)]",
             "[seen]", (PEOPLE,)),
    Mutation("nobody's home is known", "bwk.facts.imagined",
             "return spots, patterns, homes.to_numpy()",
             "return spots, patterns, np.full(len(names), '', dtype=object)", (PEOPLE,)),
    Mutation("everywhere somebody could be", "bwk.facts.knowledge",
             "if (cell.location, cell.stretch.first) in self._survey.attended:", "if True:",
             (KNOWN,)),
    Mutation("no differences", "bwk.facts.protection",
             "numbers += self._differences({*self._counts})", "numbers += []", (CASES, LEDGER)),
    Mutation("no differences proved either", "bwk.facts.protection",
             "pairs = {**self._sets_apart(), **self._sums_apart()}", "pairs = {}",
             (CASES, LEDGER)),
    Mutation("no differences between sets", "bwk.facts.protection",
             "{**self._sets_apart(), **self._sums_apart()}", "{**self._sums_apart()}",
             (CASES, LEDGER)),
    Mutation("no differences between sums", "bwk.facts.protection",
             "{**self._sets_apart(), **self._sums_apart()}", "{**self._sets_apart()}",
             (KNOWN,)),
    Mutation("visits without people", "bwk.facts.knowledge",
             "yield Relation({cell: 1.0} | nobody, value=visits - visitors)", "pass",
             (ATTACKER, CASES)),
    Mutation("more visits than days", "bwk.facts.knowledge",
             "if visits <= days * visitors and days <= FEW_DAYS:", "if False:", (KNOWN,)),
    Mutation("nobody behind visits that are shown", "bwk.facts.knowledge",
             "yield from self._enough_for_visits()", "pass", (KNOWN,)),
    Mutation("that few share tells nothing", "bwk.facts.knowledge",
             "yield from self._shown_to_share()", "pass", (CASES, LEDGER)),
    Mutation("a correction by few people is shown", "bwk.facts.protection",
             " or survey.is_by_few(count, before)", "", (LEDGER,)),
    Mutation("another draw for the same people", "bwk.facts.counting",
             "of_whom = str(self._hashes[self.members(count)].sum())", "of_whom = str(count)",
             (ROUNDING,)),
    Mutation("what was told rounded is drawn anew", "bwk.facts.survey",
             "if low <= value <= high:", "if False:", (ROUNDING,)),
    Mutation("0 told of few others", "bwk.facts.rounding", "FURTHER = 2", "FURTHER = 0",
             (ROUNDING, SHAPES)),
    Mutation("a held number of the ledger is open", "bwk.facts.protection",
             "count in issued.held or ", "", (LEDGER,)),
    Mutation("a small correction is shown", "bwk.facts.protection",
             "abs(value - before) < threshold", "False", (LEDGER,)),
    Mutation("a correction of the threshold is held back", "bwk.facts.protection",
             "abs(value - before) < threshold", "abs(value - before) <= threshold", (LEDGER,)),
    Mutation("what was told is forgotten", "bwk.facts.protection",
             'yield count, "published"', "pass", (LEDGER, CASES)),
    Mutation("the ledger reads what was told only", "bwk.facts.issued",
             "held.add(shown.count)", "pass", (LEDGER,)),
    Mutation("the ledger reads the first file only", "bwk.facts.issued",
             'f"{Path(FILE).stem}*{Path(FILE).suffix}"', "FILE", (LEDGER,)),
    Mutation("the chain is not looked at", "bwk.facts.issued",
             "if [line.before for line in own] != chained[: len(own)]:", "if False:", (LEDGER,)),
    Mutation("the end of the chain is not looked at", "bwk.facts.issued",
             "is_there = issue in sums if issue else target.name in noted", "is_there = True",
             (LEDGER,)),
    Mutation("another issue in between is not seen", "bwk.facts.issued",
             "if inputs.issued_key(output, line.period) != after:", "if False:", (LEDGER,)),
)  # fmt: skip


class _Mutated(SourceFileLoader):
    """Loads a module with a piece of its text replaced, and keeps no compiled file of it."""

    def __init__(self, name: str, path: str, mutation: Mutation) -> None:
        super().__init__(name, path)
        self._mutation = mutation

    def get_code(self, fullname: str) -> Any:
        source = Path(self.path).read_text(encoding="utf-8")
        if source.count(self._mutation.before) != 1:
            raise SystemExit(f"{self._mutation.what}: its text does not stand there once")
        return compile(
            source.replace(self._mutation.before, self._mutation.after), self.path, "exec"
        )


class Without(MetaPathFinder):
    """Finds the mutated module in place of the real one."""

    def __init__(self, mutation: Mutation) -> None:
        self._mutation = mutation

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target)
        if fullname == self._mutation.module and spec and spec.origin:
            spec.loader = _Mutated(fullname, spec.origin, self._mutation)
            return spec
        return None


def tried(place: int) -> None:
    """Run the tests with a mutation; the status is that of pytest."""
    mutation = MUTATIONS[place]
    sys.meta_path.insert(0, Without(mutation))
    # An example that fails is enough: no smaller one is looked for.
    settings.register_profile("mutated", phases=[Phase.explicit, Phase.generate])
    settings.load_profile("mutated")
    quick = ["-q", "-x", "-p", "no:cacheprovider", "--tb=no", "-k", "not thousand"]
    sys.exit(pytest.main([*quick, *(str(TESTS / name) for name in mutation.tests)]))


def main() -> None:
    words = sys.argv[1:]
    if words and words[0].isdecimal():
        tried(int(words[0]))
    survived = []
    for place, mutation in enumerate(MUTATIONS):
        if words and not any(word in mutation.what for word in words):
            continue
        command = [sys.executable, __file__, str(place)]
        done = subprocess.run(command, capture_output=True, text=True)
        told = done.stdout.splitlines()
        failed = [line for line in told if line.startswith(("FAILED", "ERROR"))]
        if not failed:
            survived.append(mutation.what)
            if done.returncode:
                failed = [(done.stderr.splitlines() or told or ["?"])[-1]]
        by = failed[0].partition("::")[2].partition(" - ")[0] or failed[0] if failed else ""
        print(f"| {mutation.what} | {by or 'nobody misses it'} |", flush=True)
    sys.exit(bool(survived))


if __name__ == "__main__":
    main()
