"""How many generated data sets pass the proof, and stand up to the tests' own attacker.

`python tests/bench/proof.py 0 1000` tries a thousand seeds; every tenth one is attacked too.
"""

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from test_facts_protection import THRESHOLD, Attacker, published

ATTACKED = 10


def main() -> None:
    first, last = (int(word) for word in sys.argv[1:] or ("0", "1000"))
    seen: Counter[str] = Counter()
    began = time.perf_counter()
    for seed in range(first, last):
        book = published(seed)  # raises where the proof fails
        attacker = Attacker(book)
        held = attacker.held_back()
        seen["data sets"] += 1
        seen["facts"] += sum(map(len, book["feiten"].values()))
        seen["held back"] += len(held)
        if seed % 100 == 0:
            print(seed, dict(seen), flush=True)
        if seed % ATTACKED:
            continue
        for key in held:
            low, high = attacker.range_of(key)
            seen["attacked"] += 1
            seen["worked out"] += high - low < THRESHOLD
    seconds = (time.perf_counter() - began) / seen["data sets"]
    print(*(f"{number} {what}" for what, number in seen.items()), sep=", ", end="; ")
    print(f"{seconds:.1f} s each")
    sys.exit(seen["worked out"] > 0)


if __name__ == "__main__":
    main()
