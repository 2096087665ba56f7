"""Damage the sample's files at random: nothing may crash the reader, no row may go in silence.

`python tests/bench/fuzz.py 300 1` goes on for 300 seconds, from seed 1.
"""

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bwk import registrations
from bwk.errors import DataError

SAMPLE = Path(__file__).parents[2] / "data"
KINDS = (".csv", ".xlsx", ".ods", ".parquet", ".toml")
ROWS = 60  # of each large file: a round must be quick
ODD_LINES = (
    b"Totaal;3", b";;;", b"a,b,c,d,e,f,g,h", b'"', b"=1+1;#REF!", b"31-12-2018;top;taal;Jan;1",
)  # fmt: skip
Damage = Callable[[bytes, random.Random], bytes]


def flip(raw: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(raw) or 1)
    return raw[:place] + bytes([rng.randrange(256)]) + raw[place + 1 :]


def cut(raw: bytes, rng: random.Random) -> bytes:
    return raw[: rng.randrange(len(raw) + 1)]


def insert(raw: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(raw) + 1)
    return raw[:place] + rng.randbytes(rng.randint(1, 40)) + raw[place:]


def shuffle(raw: bytes, rng: random.Random) -> bytes:
    lines = raw.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


def replace(raw: bytes, rng: random.Random) -> bytes:
    old = rng.choice([b";", b",", b'"', b"\n", b"-", b"1"])
    new = rng.choice([b";", b",", b'"', b"\n\n", b"", b"\0", b"\xff", "é".encode()])
    return raw.replace(old, new, rng.randint(1, 30))


def add_line(raw: bytes, rng: random.Random) -> bytes:
    lines = raw.split(b"\n")
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(ODD_LINES))
    return b"\n".join(lines)


DAMAGES: tuple[Damage, ...] = (flip, cut, insert, shuffle, replace, add_line)


def small_sample(folder: Path) -> None:
    shutil.copytree(SAMPLE, folder)
    for path in folder.rglob("*.csv"):
        path.write_bytes(b"\n".join(path.read_bytes().split(b"\n")[:ROWS]))


def damage(folder: Path, rng: random.Random) -> None:
    """Spoil one to three files, mostly registrations, or give them another kind's name."""
    for _ in range(rng.randint(1, 3)):
        among = folder / "deelnames" if rng.random() < 2 / 3 else folder
        path = rng.choice(sorted(p for p in among.rglob("*") if p.suffix in KINDS))
        if rng.random() < 1 / 7:
            path = path.rename(path.with_suffix(rng.choice(KINDS)))
        else:
            path.write_bytes(rng.choice(DAMAGES)(path.read_bytes(), rng))


def outcome(folder: Path) -> str:
    """Check and read a folder; a crash of the reader is not caught."""
    try:
        checked = registrations.check(folder)
        assert all(0 <= file.used <= file.read for file in checked.counts)
        registrations.read(folder, skip_bad_rows=True)
    except DataError:
        return "refused"
    return "errors" if checked.errors else "clean"


def main() -> None:
    seconds, seed = (int(word) for word in sys.argv[1:] or ("300", "1"))
    rng, seen, until = random.Random(seed), Counter[str](), time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as root:
        small, spoilt = Path(root, "small"), Path(root, "spoilt")
        small_sample(small)
        while time.monotonic() < until:
            shutil.copytree(small, spoilt)
            damage(spoilt, rng)
            seen[outcome(spoilt)] += 1
            shutil.rmtree(spoilt)
    print(f"{sum(seen.values())} folders:", dict(seen))


if __name__ == "__main__":
    main()
