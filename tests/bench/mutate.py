"""Take each rule out of the relations, one at a time: a test must fail each time.

`python tests/bench/mutate.py` prints a line for each rule; its status is 1 where one is not missed.
"""

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
FILES = ("test_facts_relations.py", "test_facts_protection.py")


class Without:
    """Takes one rule out before the tests are collected."""

    def __init__(self, place: int) -> None:
        self.place = place

    def pytest_sessionstart(self) -> None:
        from bwk.facts import relations

        rules = relations.RULES
        relations.RULES = rules[: self.place] + rules[self.place + 1 :]


def main() -> None:
    if len(sys.argv) > 1:
        arguments = ["-q", "-x", "-p", "no:cacheprovider", "--tb=no"]
        files = [str(TESTS / name) for name in FILES]
        sys.exit(pytest.main([*arguments, *files], plugins=[Without(int(sys.argv[1]))]))
    import subprocess

    from bwk.facts.relations import RULES

    missed = []
    for place, rule in enumerate(RULES):
        command = [sys.executable, __file__, str(place)]
        done = subprocess.run(command, capture_output=True, text=True)
        failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        print(f"{rule.__name__}: {failed[0] if failed else 'nobody misses it'}", flush=True)
        missed += [] if failed else [rule.__name__]
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
