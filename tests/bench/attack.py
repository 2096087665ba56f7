"""What an attacker works out of all that was issued of made-up programmes.

`python tests/bench/attack.py` tries 400; the status is 1 where anything was worked out.
`--verbose` also tells each find, for whoever mends the rule.
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent.parent))
import attacker_programmes
import small
from attacker import Issue, Report, attack
from attacker_programmes import SCENARIOS, Programme
from attacker_world import read

from bwk import periods
from bwk.errors import DataError, UsageError
from bwk.outputs import FACTS

EXACT = ("known", "small")
NARROW = ("narrow",)
DIFFERENCES = ("period", "part", "place", "correction")


def issue(data: Path, output: Path, period: str) -> dict | None:
    """Issue a period as the product does; return what leaves, None where nothing is registered.

    Raises
    ------
    DataError
        If the product refuses to issue it.
    """
    wanted = periods.parse(period)
    try:
        book = small.issue(data, output, period)
    except UsageError:
        return None
    target = output / wanted.folder
    target.mkdir(parents=True, exist_ok=True)
    published = book.published()
    (target / FACTS).write_text(json.dumps(published))
    return published


def tried(folder: Path, programme: Programme, why: bool = False) -> tuple[Counter, Report]:
    """Issue a programme step by step, and attack what was issued."""
    seen: Counter[str] = Counter(programmes=1)
    began = time.process_time()
    data = [folder / f"data{number}" for number in range(len(programme.versions))]
    for number, version in enumerate(data):
        programme.write(version, number)
    issues = []
    for period, number in programme.steps:
        try:
            book = issue(data[number], folder / "output", period)
        except DataError as error:
            if "gegevens zijn geweigerd" in str(error):
                raise AssertionError("made up wrongly") from error
            seen["refused"] += 1
            continue
        if book:
            issues.append(Issue(book, number))
    seen["issues"] = len(issues)
    seen["seconds issuing"] = time.process_time() - began
    report = attack([read(version) for version in data], issues, why=why)
    seen.update(numbers=report.facts, held=report.held, targets=report.targets)
    seen["unproven"], seen["misread"] = report.unproven, len(report.misread)
    seen.update(find.kind for find in report.finds)
    seen["seconds"] = time.process_time() - began
    return seen, report


def _work(job: tuple[str, int, bool, list[str]]) -> tuple[str, int, Counter, Report]:
    scenario, seed, why, settings = job
    with tempfile.TemporaryDirectory() as folder:
        made_up = attacker_programmes.programme(seed, scenario)
        made_up.settings = settings
        return scenario, seed, *tried(Path(folder), made_up, why)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--programmes", type=int, default=400)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--scenario", choices=SCENARIOS)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--joined", action="store_true", help="small services taken together")
    options.add_argument("--rounded", action="store_true", help="all counts to multiples of five")
    options.add_argument("--verbose", action="store_true")
    options.add_argument("--why", action="store_true", help="with --verbose: from which facts")
    chosen = options.parse_args()
    scenarios = [chosen.scenario] if chosen.scenario else SCENARIOS
    settings = ["samen_nemen = true"] * chosen.joined + ["afronden = 5"] * chosen.rounded
    jobs = [
        (
            scenarios[number % len(scenarios)],
            chosen.seed + number // len(scenarios),
            chosen.why,
            settings,
        )
        for number in range(chosen.programmes)
    ]
    totals: dict[str, Counter] = {scenario: Counter() for scenario in scenarios}
    began = time.perf_counter()
    with multiprocessing.Pool(chosen.workers) as pool:
        for scenario, seed, seen, report in pool.imap_unordered(_work, jobs):
            totals[scenario] += seen
            if chosen.verbose:
                _tell(f"{scenario} {seed}", seen, report)
    _table(totals)
    print(f"\n{time.perf_counter() - began:.0f} s")
    worked_out = sum(totals[s][kind] for s in totals for kind in (*EXACT, *NARROW, *DIFFERENCES))
    sys.exit(worked_out > 0)


def _tell(programme: str, seen: Counter, report: Report) -> None:
    for find in report.finds:
        span = f"{find.low:g}..{find.high:g}"
        print(f"{programme}: {find.kind}: {find.name}: {span} (true {find.true})")
        for source in (report.explained or {}).get(find, ()):
            print(f"    {source}")
    for source in report.misread[:5]:
        print(f"{programme}: misread: {source}")
    print(f"{programme}: {dict(seen)}", flush=True)


def _table(totals: dict[str, Counter]) -> None:
    heads = (
        "scenario programmes issued held share known narrow differences refused unproven misread"
    )
    heads = [*heads.split(), "seconds"]
    print("| " + " | ".join(heads) + " |")
    print("| --- " * len(heads) + "|")
    rows = {**totals, "all": sum(totals.values(), Counter())}
    for scenario, seen in rows.items():
        cells = [
            scenario,
            seen["programmes"],
            seen["numbers"],
            seen["held"],
            f"{100 * seen['held'] / (seen['numbers'] or 1):.1f}%",
            sum(seen[kind] for kind in EXACT),
            sum(seen[kind] for kind in NARROW),
            sum(seen[kind] for kind in DIFFERENCES),
            seen["refused"],
            seen["unproven"],
            seen["misread"],
            f"{seen['seconds']:.0f}",
        ]
        print("| " + " | ".join(map(str, cells)) + " |")


if __name__ == "__main__":
    main()
