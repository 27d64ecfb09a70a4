"""What finding themes costs as a corpus grows: seconds and memory at 1,000, 10,000 and 100,000 verbatims.

    python benchmarks/themes/scale.py DATA [COUNT ...]      DATA: the folder with the real data sets

Each size runs in a process of its own, whose peak of memory the operating system tells. Real messages (`banking77`)
come first; beyond their number, more are made that repeat none: each lies between two messages of one intent, with
noise of a tenth of its length. The second figure leaves out what a process pays once, by having found the themes of a
few rows before.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.themes.cluster import cluster, min_size_for
from winloss.bootstrap import open_tools
from winloss.config import Settings

Floats = NDArray[np.float32]
COUNTS = (1_000, 10_000, 100_000)
WARM = 1_600
NOISE = 0.1
SEED = 5


def main() -> None:
    if sys.argv[1] == "--one":
        one(Path(sys.argv[2]))
        return
    counts = [int(word) for word in sys.argv[2:]] or COUNTS
    rows, intents = messages(Path(sys.argv[1]))
    print("| verbatims | themes | unthemed | s | CPU s | peak memory, MiB |\n|---|---|---|---|---|---|", flush=True)
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rows.npy"
            np.save(path, grown(rows, intents, count))
            subprocess.run([sys.executable, __file__, "--one", str(path)], check=True)


def one(path: Path) -> None:
    """Prints the line of one size."""
    rows, settings = np.load(path), Settings()
    warm = rows[:WARM]
    cluster(warm, keys=[str(number) for number in range(len(warm))], min_size=15, seed=settings.seed)
    started, cpu = time.perf_counter(), time.process_time()
    keys = [str(number) for number in range(1, len(rows) + 1)]
    found = cluster(rows, keys=keys, min_size=min_size_for(len(rows), settings.theme_min_share), seed=settings.seed)
    seconds, spent = time.perf_counter() - started, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {len(rows):,} | {len(found.members)} | {found.unthemed:.1%} | {seconds:.0f} | {spent:.0f} | {peak:.0f} |",
        flush=True,
    )


def messages(data: Path) -> tuple[Floats, NDArray[np.str_]]:
    """Vectors of the messages, and the intent of each."""
    import csv

    with (data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    return open_tools().encoder().encode([line["text"] for line in lines]), np.array(
        [line["category"] for line in lines]
    )


def grown(rows: Floats, intents: NDArray[np.str_], count: int) -> Floats:
    """The first rows, or all and as many more as are wanted."""
    chance = np.random.default_rng(SEED)
    if count <= len(rows):
        return rows[np.sort(chance.permutation(len(rows))[:count])]
    order = np.argsort(intents, kind="stable")
    starts, sizes = np.unique(intents[order], return_index=True, return_counts=True)[1:]
    which = chance.choice(len(starts), count - len(rows), p=sizes / sizes.sum())
    pair = [rows[order[starts[which] + (chance.random(len(which)) * sizes[which]).astype(int)]] for _ in range(2)]
    share = chance.random((len(which), 1), dtype=np.float32)
    noise = chance.normal(size=(len(which), rows.shape[1]), scale=NOISE / np.sqrt(rows.shape[1])).astype(np.float32)
    made = share * pair[0] + (1 - share) * pair[1] + noise
    return np.vstack([rows, made / np.linalg.norm(made, axis=1, keepdims=True)])


if __name__ == "__main__":
    main()
