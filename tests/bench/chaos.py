"""Disasters at random moments in every command: nothing is lost, half, stuck or left over.

`python tests/bench/chaos.py 200 1` makes 200 disasters from seed 1 on, in a programme of two
locations; more words name the disasters or commands to take (`chaos.py 20 1 full finalize`). Of
each, a command is begun and something happens to it:

- `killed`: it, its group, or one process that it started gets SIGKILL, SIGTERM or SIGINT;
- `full`: the disk of a folder is full, in bytes or in files (a small tmpfs), or no file can grow;
- `beside`: another command is begun on the same folders;
- `replaced`: a folder is taken away, or a copy is put in its place;
- `stopped`: a process gets SIGSTOP, and goes on later, or the command is ended meanwhile;
- `jump`: the clock of all its processes is set forward or back.

What is asked afterwards does not come from the code: what is to be there is what the same commands
make of the same folders where nothing happens. Every file is one of those, byte for byte, before
the next `bwk run` and after it. Where a file holds times only its form is looked at.
"""

import hashlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import nbformat
import psutil
import reviewed
from small import PROGRAMME, ROOT, TABLES, kept, visits

DEFAULTS = ("200", "1")  # disasters, seed
BOUND = 150  # seconds, in which each command ends
AFTERWARDS = 15  # seconds, in which whatever it started ends as well
PERIOD = "2018-H1"
# Of a short template; the text is an evaluator's.
PARTS = ("parameters", "onderdelen", "titelblok", "ontwikkelingen-tekst", "diensten-verdeling")
TEXT = "Het gaat goed, en de koffie is warm."
VISITS = "data/deelnames/tot-nu.csv"
MARK, MOMENT = "CHAOS", "CHAOS_MOMENT"
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
FOLDERS = ("data", "notebooks", "output", "config")
# They hold sums of times, or what follows from a random key: of these the length is the same.
TIMED = (
    "SHA256SUMS", "boek.json", "sleutel", ".programma", "namen.pseudoniem.csv", ".uitgegeven.json",
)  # fmt: skip
# What is unfinished, locks, where errors came from, and what JupyterLab notes with times.
HIDDEN = re.compile(r"/\.bwk-|\.bezig(-door)?$|/\.(fouten|jupyter)/")
PROGRAMME_KEY = re.compile(r"config/bwk/[0-9a-f]{16}")
STATUSES = {0, 1, 2, 3, 4, 5, 130, *(-number for number in SIGNALS)}
WRONG = ("lost", "half", "stuck", "left over", "other bytes", "not foreseen")
# Each with the state of the programme in which it is begun.
COMMANDS = {
    "check": ("ready", ["check"]),
    "run": ("stale", ["run", PERIOD]),
    "open": ("stale", ["open", PERIOD]),
    "status": ("ready", ["status", PERIOD]),
    "compare": ("ready", ["compare", PERIOD]),
    "versions": ("ready", ["compare", PERIOD, "--with", "1"]),
    "review": ("ready", ["review", PERIOD]),
    "answers": ("ready", ["review", PERIOD, "--answers", "antwoorden.json"]),
    "finalize": ("ready", ["finalize", PERIOD]),
    "correct": ("frozen", ["finalize", PERIOD, "--correct", "Een fout."]),
    "verify": ("frozen", ["verify", PERIOD]),
    "reproduce": ("frozen", ["reproduce", f"output/{PERIOD}/definitief-1"]),
    "import": (
        "ready",
        ["import", "lijst.csv", "--yes", "--location", "noord", "--service", "taal"],
    ),
    "pseudonymize": ("keyless", ["pseudonymize", "namen.csv", "--column", "naam"]),
}
BESIDE = ("run", "open", "review", "compare", "answers", "import", "finalize")
JUMPING = """
import os, time
at, step = map(float, os.environ["CHAOS_MOMENT"].split())
for name, unit in (("time", 1), ("time_ns", 10**9)):
    real = getattr(time, name)
    def jumped(real=real, unit=unit):
        now = real()
        return now + type(now)(step * unit) if now > at * unit else now
    setattr(time, name, jumped)
"""

REPORT = re.compile(
    rf"output/(index\.html|{PERIOD}/(noord|zuid|stad|tussenrapportage|feiten|index)\.\w+)"
)

BEFORE = re.compile(r"Traceback [^\n]+\n(?: .*\n)+KeyboardInterrupt\n")
# They tell of a report that could not be made.
TELLING = re.compile(r"/(index|tussenrapportage)\.\w+$|/versies/")

Files = dict[str, str]  # the sum of each, by its place


@dataclass
class Ended:
    """How a command ended: None where it did not."""

    status: int | None
    printed: str
    seconds: float = 0


@dataclass
class Reference:
    """What stands in the folders where nothing happens, and how many seconds it takes."""

    after: Files  # the commands
    finished: Files  # the commands, and a run
    seconds: float


@dataclass
class World:
    """The folders in which commands are run: always in the same place, which names their key."""

    folder: Path
    references: dict[tuple[str, ...], Reference] = field(default_factory=dict)

    @property
    def work(self) -> Path:
        return self.folder / "work"

    def start(self, state: str) -> None:
        """Put the folders in a state."""
        _remove(self.work)
        shutil.copytree(self.folder / state, self.work, symlinks=True)

    def begun(self, words: list[str], **settings: object) -> subprocess.Popen[bytes]:
        """Begin a command, in a group of its own."""
        own = {"HOME": "home", "TMPDIR": "tmp", "XDG_CONFIG_HOME": "config"}
        environment = {name: str(self.work / place) for name, place in own.items()}
        more = settings.pop("env", {})
        with (self.folder / "printed").open("ab") as printed:
            return subprocess.Popen(
                [sys.executable, "-m", "bwk", *words],
                cwd=self.work,
                env=os.environ | environment | {MARK: str(self.folder)} | more,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
                start_new_session=True,
                **settings,
            )

    def ended(self, process: subprocess.Popen[bytes], began: float) -> Ended:
        """Wait for a command, for some time."""
        with suppress(subprocess.TimeoutExpired):
            process.wait(BOUND)
        status = process.poll()
        if status is None:
            self.end_all()
        printed = (self.folder / "printed").read_text(errors="replace")
        return Ended(status, printed, time.monotonic() - began)

    def done(self, words: list[str]) -> Ended:
        """Run a command in which nothing happens."""
        (self.folder / "printed").unlink(missing_ok=True)
        began = time.monotonic()
        return self.ended(self.begun(words), began)

    def alive(self) -> list[psutil.Process]:
        """Return the processes that the commands started and that live."""
        living = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.cmdline()[:1] != [sys.executable]:  # of somebody else
                    continue
                is_own = process.environ().get(MARK) == str(self.folder)
                if is_own and process.status() != psutil.STATUS_ZOMBIE:
                    living.append(process)
        return living

    def end_all(self) -> None:
        for process in self.alive():
            with suppress(psutil.Error):
                process.kill()

    def files(self) -> Files:
        """Return the sum of each file that somebody keeps; unfinished ones and locks are none."""
        paths = [path for name in FOLDERS for path in (self.work / name).rglob("*")]
        paths += self.work.glob("*.csv")
        return {
            PROGRAMME_KEY.sub("config/bwk/*", path.relative_to(self.work).as_posix()): _sum(path)
            for path in paths
            if path.is_file() and not HIDDEN.search(path.as_posix())
        }

    def reference(self, state: str, *names: str) -> Reference:
        """Return what commands make of a state, one after another; it is worked out once."""
        if (state, *names) not in self.references:
            self.start(state)
            ends = [self.done(COMMANDS[name][1]) for name in names]
            after = self.files()
            ends.append(self.done(["run", PERIOD]))
            assert all(end.status in STATUSES for end in ends), ends
            seconds = sum(end.seconds for end in ends[: len(names)])
            self.references[state, *names] = Reference(after, self.files(), seconds)
        return self.references[state, *names]


def _sum(path: Path) -> str:
    """Return the sum of a file; of one that holds times whether it can be read."""
    raw = path.read_bytes()
    if path.name == "run.json":
        with suppress(ValueError):
            return f"run {isinstance(json.loads(raw), dict)}"
    if path.name in TIMED:
        return f"{len(raw)} bytes"
    return hashlib.sha256(raw).hexdigest()


def _remove(folder: Path) -> None:
    """Remove a folder, also what nobody may write."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder, ignore_errors=True)


# The states of the programme. ---------------------------------------------------------------------
def make(world: World) -> None:
    """Make the programme in each state that a command begins with."""
    work = world.work
    for name in ("home", "tmp", "config", "data"):
        (work / name).mkdir(parents=True)
    (work / "data/programma.toml").write_text(PROGRAMME.format(threshold=5))
    for table, head in {**TABLES, "bijgehouden": kept("2017-01-01")}.items():
        (work / f"data/{table}.csv").write_text(head)
    (work / "data/deelnames").mkdir()
    (work / "data/deelnames.csv").rename(work / VISITS)
    with (work / VISITS).open("a") as file:
        file.write(_visits())
    (work / "lijst.csv").write_text("Naam;3-1-2018;4-1-2018\n" + "".join(
        f"Mens {number} de Vries;x;{'x' * (number % 2)}\n" for number in range(14)))  # fmt: skip
    (work / "namen.csv").write_text("naam;datum\n" + "Jo Vis;2018-01-03\nAb Bas;2018-01-03\n")
    shutil.copytree(ROOT / "notebooks/sjablonen", work / "notebooks/sjablonen")
    for path in (work / "notebooks/sjablonen").iterdir():
        template = nbformat.read(path, 4)
        template.cells = [cell for cell in template.cells if cell.id in PARTS]
        nbformat.write(template, path)
    _asserted(world, ["open", PERIOD], ["run", PERIOD])
    _add_visits(work, "2018-02-01", "koffie")
    for path in (work / "notebooks" / PERIOD).glob("*.ipynb"):
        workbook = nbformat.read(path, 4)
        for cell in workbook.cells:
            if cell.id == PARTS[3]:
                cell.source = TEXT
        nbformat.write(workbook, path)
    _asserted(world, ["run", PERIOD], ["review", PERIOD], ["compare", PERIOD])
    answers = reviewed.answers(work / "output" / PERIOD, 2, {1: "akkoord"}, scope="noord")
    (work / "antwoorden.json").write_text(json.dumps(answers))
    _kept(world, "keyless")
    _asserted(world, COMMANDS["pseudonymize"][1], ["run", PERIOD])
    _kept(world, "ready")
    _add_visits(work, "2018-02-02", "taal")
    _kept(world, "stale")
    world.start("ready")
    _asserted(world, ["finalize", PERIOD])
    _add_visits(work, "2018-02-02", "taal")
    _kept(world, "frozen")


def _visits() -> str:
    return "".join(
        visits(f"{year}-0{month}-01", place, "koffie", "abcdefghijklmno")
        for year in (2017, 2018)
        for month in (1, 3, 5)
        for place in ("noord", "zuid")
    )


def _add_visits(work: Path, day: str, service: str) -> None:
    with (work / VISITS).open("a") as file:
        file.write(visits(day, "noord", service, "abcdefghijklmno"))


def _asserted(world: World, *commands: list[str]) -> None:
    for words in commands:
        end = world.done(words)
        assert end.status == 0, (words, end)


def _kept(world: World, state: str) -> None:
    shutil.copytree(world.work, world.folder / state, symlinks=True)


# What happens to a command. Each disaster ends the command, and may change the folders. -----------
@dataclass
class Trial:
    """One disaster: its kind, the state, the commands (two that are beside), and the moment."""

    kind: str
    state: str
    names: list[str]
    moment: float
    rng: random.Random
    taken: str = ""  # a folder that somebody took away for good

    @property
    def words(self) -> list[str]:
        return COMMANDS[self.names[0]][1]


Disaster = Callable[[World, Trial], Ended]


def killed(world: World, trial: Trial) -> Ended:
    """Give a signal to the command, to its group, or to something that it started."""
    began = time.monotonic()
    process = world.begun(trial.words)
    _wait(process, trial.moment)
    number = trial.rng.choice(SIGNALS)
    match trial.rng.choice(("parent", "group", "part")):
        case "parent":
            process.send_signal(number)
        case "group" if process.poll() is None:
            os.killpg(process.pid, number)
        case "part":
            if part := _part(process, trial.rng):
                with suppress(psutil.Error):
                    part.send_signal(number)
    return world.ended(process, began)


def full(world: World, trial: Trial) -> Ended:
    """Have no room for what the command writes, in one of the folders."""
    began = time.monotonic()
    place = world.work / trial.rng.choice(["output"] * 4 + ["notebooks", "data", "config", "tmp"])
    if trial.rng.random() < 0.2 or not _mounted(place):
        limit = trial.rng.choice([0, 10_000, 100_000, 400_000])
        sizes = (resource.RLIMIT_FSIZE, (limit, limit))
        settings = {"preexec_fn": partial(resource.setrlimit, *sizes)}
        return world.ended(world.begun(trial.words, **settings), began)
    try:
        _leave(place, trial.rng)
        return world.ended(world.begun(trial.words), began)
    finally:
        subprocess.run(["mount", "-o", "remount,size=1g,nr_inodes=0", place], check=True)


def beside(world: World, trial: Trial) -> Ended:
    """Begin another command on the same folders."""
    began = time.monotonic()
    process = world.begun(trial.words)
    _wait(process, trial.moment)
    second = world.begun(COMMANDS[trial.names[1]][1])
    end = world.ended(second, began)
    return end if end.status not in STATUSES else world.ended(process, began)


def replaced(world: World, trial: Trial) -> Ended:
    """Take a folder away, or put a copy in its place."""
    began = time.monotonic()
    process = world.begun(trial.words)
    _wait(process, trial.moment)
    name = trial.rng.choice([f"output/{PERIOD}"] * 3 + ["output", f"notebooks/{PERIOD}"])
    place, away, copy = world.work / name, world.folder / "away", world.folder / "copy"
    with suppress(FileNotFoundError, shutil.Error):  # something was just renamed
        if (
            trial.state == "frozen" or trial.rng.random() < 0.5
        ):  # what is definitive is not made anew
            shutil.copytree(place, copy, symlinks=True)
        place.rename(away)
        if copy.exists():
            copy.rename(place)
    end = world.ended(process, began)
    if not place.exists():
        away.rename(place)
    else:
        trial.taken = name
    for folder in (away, copy):
        _remove(folder)
    return end


def stopped(world: World, trial: Trial) -> Ended:
    """Stop a process; it goes on after some seconds, or the command is ended meanwhile."""
    began = time.monotonic()
    process = world.begun(trial.words)
    _wait(process, trial.moment)
    part = _part(process, trial.rng)
    with suppress(psutil.Error):
        if part:
            part.suspend()
        _wait(process, trial.rng.uniform(0.5, 6))
        if part and trial.rng.random() < 0.5:
            part.resume()
    if part and process.poll() is None and part.status() == psutil.STATUS_STOPPED:
        process.terminate()
    return world.ended(process, began)


def jump(world: World, trial: Trial) -> Ended:
    """Set the clock, at a moment, in all processes of the command."""
    began = time.monotonic()
    hours = trial.rng.choice([-1, 1]) * trial.rng.choice([1, 30, 9000])
    code = world.folder / "jumping"
    code.mkdir(exist_ok=True)
    (code / "sitecustomize.py").write_text(JUMPING)
    paths = os.pathsep.join([str(code), os.environ.get("PYTHONPATH", "")]).strip(os.pathsep)
    jumping = {MOMENT: f"{time.time() + trial.moment} {3600 * hours}", "PYTHONPATH": paths}
    return world.ended(world.begun(trial.words, env=jumping), began)


DISASTERS: dict[str, tuple[Disaster, int]] = {
    "killed": (killed, 9),
    "full": (full, 3),
    "beside": (beside, 3),
    "replaced": (replaced, 2),
    "stopped": (stopped, 2),
    "jump": (jump, 1),
}


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def _part(process: subprocess.Popen[bytes], rng: random.Random) -> psutil.Process | None:
    """Return something that a command started, when it did."""
    while process.poll() is None:
        with suppress(psutil.Error):
            if parts := psutil.Process(process.pid).children(recursive=True):
                return rng.choice(parts)
        time.sleep(0.01)
    return None


def _mounted(place: Path) -> bool:
    """Have a disk of its own for a folder; tell whether that can be."""
    content = place.with_name("content")
    place.rename(content)
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1g", "chaos", place]
    is_mounted = not subprocess.run(mount, capture_output=True).returncode
    shutil.copytree(content, place, symlinks=True, dirs_exist_ok=True)
    _remove(content)
    return is_mounted


def _leave(place: Path, rng: random.Random) -> None:
    """Leave little room on the disk of a folder: in bytes, or in files."""
    disk = os.statvfs(place)
    used = (disk.f_blocks - disk.f_bfree) * disk.f_frsize
    room = f"size={used + rng.choice([4096, 50_000, 300_000, 2_000_000])}"
    if rng.random() < 0.4:
        room = f"nr_inodes={disk.f_files - disk.f_ffree + rng.choice([1, 4, 12, 30])}"
    subprocess.run(["mount", "-o", f"remount,{room}", place], check=True)


def _unmount(world: World) -> None:
    for name in (*FOLDERS, "tmp"):
        if (world.work / name).is_mount():
            subprocess.run(["umount", "--lazy", world.work / name], check=True)


# What is asked of each. ---------------------------------------------------------------------------
def drawn(seed: int, words: list[str]) -> Trial:
    """Draw a disaster; the moment is a part of the time that the command takes."""
    rng = random.Random(seed)
    kinds = [kind for kind in DISASTERS if kind in words] or [*DISASTERS]
    [kind] = rng.choices(kinds, [DISASTERS[each][1] for each in kinds])
    names = [rng.choice([name for name in COMMANDS if name in words] or [*COMMANDS])]
    state = COMMANDS[names[0]][0]
    if kind == "beside":
        same = [name for name in BESIDE if COMMANDS[name][0] == state]
        names.append(rng.choice([*same, "run"]))
    return Trial(kind, state, names, rng.uniform(0, 1.1), rng)


def expected(world: World, trial: Trial) -> list[Reference]:
    """Return what may stand there: nothing of it was done, or all, in any order."""
    orders = {(), *((name,) for name in trial.names), tuple(trial.names), tuple(trial.names[::-1])}
    return [world.reference(trial.state, *names) for names in sorted(orders)]


def tried(world: World, trial: Trial) -> list[str]:
    """Make a disaster, and run what comes after; return what was wrong."""
    references = expected(world, trial)
    trial.moment *= world.reference(trial.state, trial.names[0]).seconds
    world.start(trial.state)
    before = world.files()
    (world.folder / "printed").unlink(missing_ok=True)
    try:
        end = DISASTERS[trial.kind][0](world, trial)
        halves = world.files()
        is_corrected = (world.work / f"output/{PERIOD}/definitief-2").exists()
        if trial.names[0] == "correct" and not is_corrected:  # no run brings it further
            world.done(trial.words)
        again = world.done(["run", PERIOD])
        left = [*_left(world)]
        finished = world.files()
        repeated = world.done(trial.words) if end.status else end
    finally:
        world.end_all()
        _unmount(world)
    if end.status == 1:  # some reports could not be made, and pages say so
        halves = {name: told for name, told in halves.items() if not TELLING.search(name)}
    problems = [*_unfinished(trial, before, halves, references), *left]
    problems += _other(trial, finished, references)
    # A correction that has been made is refused: there is nothing left to correct.
    answers = {0, 1, 3, 5} | ({2} if "correct" in trial.names else set())
    for each, statuses in ((end, STATUSES), (again, {0, 5}), (repeated, answers)):
        problems += _unforeseen(each, statuses)
    return problems


def _unforeseen(end: Ended, statuses: set[int]) -> Iterator[str]:
    if end.status is None:
        yield "stuck"
    elif end.status not in statuses:
        yield f"not foreseen: status {end.status}: {end.printed[-600:]}"
    # Whoever is stopped before the command began hears of it from Python.
    printed = BEFORE.sub("", end.printed)
    if "Traceback" in printed or "onverwachte fout" in end.printed:
        yield f"not foreseen: {end.printed[-1500:]}"


def _unfinished(
    trial: Trial, before: Files, files: Files, references: list[Reference]
) -> Iterator[str]:
    """Yield which files are gone, and which are none of those that were to be there."""
    known = [before, *(each.after for each in references), *(each.finished for each in references)]
    for name in before:
        was_to_stay = not TELLING.search(name) and all(name in each.after for each in references)
        if was_to_stay and name not in files and not _is_taken(trial, name):
            yield f"lost: {name}"
    for name, told in files.items():
        if told not in [each.get(name) for each in known] and not _is_taken(trial, name):
            yield f"half: {name}"


def _other(trial: Trial, files: Files, references: list[Reference]) -> Iterator[str]:
    """Yield what the next run made otherwise than one that nothing disturbed."""
    allowed = [each.finished for each in references]
    for name in set.intersection(*(set(each) for each in allowed)) - set(files):
        if not _is_taken(trial, name):
            yield f"lost: {name} after the next run"
    for name, told in files.items():
        if told not in [each.get(name) for each in allowed] and not _is_taken(trial, name):
            yield f"other bytes: {name}"
    if _reports(files) not in [_reports(each) for each in allowed]:
        yield "other bytes: reports of different states"


def _is_taken(trial: Trial, name: str) -> bool:
    """Tell whether somebody took a file away that a run does not make, or it tells the history.

    A correction that was stopped has issued its numbers: the next one says so of what it holds
    back.
    """
    if "correct" in trial.names and name.endswith(("/boek.json", "/controleblad.html")):
        return True
    return bool(trial.taken) and name.startswith(trial.taken) and not REPORT.fullmatch(name)


def _reports(files: Files) -> Files:
    return {name: told for name, told in files.items() if REPORT.fullmatch(name)}


def _left(world: World) -> Iterator[str]:
    """Yield what is left of processes and of what was unfinished."""
    ends = time.monotonic() + AFTERWARDS
    while world.alive() and time.monotonic() < ends:
        time.sleep(0.1)
    for process in world.alive():
        with suppress(psutil.Error):
            yield f"left over: process {process.cmdline()[:6]} {process.status()}"
    for path in (*world.work.rglob(".bwk-*"), *(world.work / "tmp").iterdir()):
        yield f"left over: {path.relative_to(world.work)}"
    for path in (world.work / "home").rglob("*"):
        if path.is_file() and not path.is_relative_to(world.work / "home/.cache"):
            yield f"left over: {path.relative_to(world.work)}"


def main() -> int:
    words = [*sys.argv[1:], *DEFAULTS[len(sys.argv) - 1 :]]
    number, seed = map(int, words[:2])
    for each in (signal.SIGINT, signal.SIGTERM):  # in the background a command may not hear them
        signal.signal(each, signal.default_int_handler)
    counted: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory(prefix="chaos") as name, suppress(KeyboardInterrupt):
        world = World(Path(name))
        make(world)
        for own in range(seed, seed + number):
            trial = drawn(own, words[2:])
            problems = tried(world, trial)
            counts = counted.setdefault(trial.kind, Counter())
            counts.update({"disasters": 1, **{problem.split(":")[0]: 1 for problem in problems}})
            for problem in problems or ["right"]:
                print(f"seed {own}: {trial.kind} {' '.join(trial.names)}: {problem}", flush=True)
        for state in world.folder.iterdir():
            if state.is_dir():
                _remove(state)
    print(f"| what happens | disasters | {' | '.join(WRONG)} |")
    print("| --- " * (2 + len(WRONG)) + "|")
    for kind, counts in sorted(counted.items()):
        print(f"| {kind} | {' | '.join(str(counts[each]) for each in ('disasters', *WRONG))} |")
    return any(counts[each] for counts in counted.values() for each in WRONG)


if __name__ == "__main__":
    sys.exit(main())
