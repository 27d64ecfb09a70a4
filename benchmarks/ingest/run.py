"""How fast a file of posts is read and stored, and how much memory that takes, as the file grows.

    python benchmarks/ingest/run.py reader 200 2000        MiB: the Reddit reader alone, nothing is stored
    python benchmarks/ingest/run.py ingest 50 200          MiB: `winloss ingest` into an empty workspace
    python benchmarks/ingest/run.py profile 20             MiB: where the time of `ingest` goes

Every measurement is a process of its own; memory is its peak resident set as the operating system saw it.
"""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import ingest
from winloss.model import Finding, ReadDocument
from winloss.ports import ReadContext

MIB = 1 << 20
DRAWS = random.Random(1)
SENTENCES = (
    "We cut retention to thirty days and the auditors lost it.",
    "Finance sits in every tool review since the renewal came in at twice the price.",
    "The detections are fine, but nobody on my team can write a rule without two days of reading.",
    "Anyone else seeing the agent take a third of the CPU on domain controllers?",
    "Our CISO signed it; we were told on a Friday.",
    "Support answered after nine days, with a link to the page that I had quoted.",
    "I'd pay more for something that does not page me at four in the morning.",
    "The pilot was great because they loaded our own logs.",
    "Honestly it was the professional services quote that killed it.",
    "Three tools, two clouds, one engineer.",
)


def main() -> None:
    what, *sizes = sys.argv[1:]
    if what == "child":
        child(sizes[0], Path(sizes[1]))
        return
    with tempfile.TemporaryDirectory(prefix="winloss-bench-") as folder:
        if what == "profile":
            profile(written(Path(folder), int(sizes[0])))
            return
        print(f"| {what}: file | posts | s | CPU s | posts/s | MiB/s | peak memory |\n|---|---|---|---|---|---|---|")
        for size in sizes:
            path = written(Path(folder), int(size))
            measure(what, path)
            path.unlink()


def written(folder: Path, size: int) -> Path:
    """A dump of comments of about this many MiB, with the fields that dumps have."""
    path = folder / "RC_2026-04.ndjson"
    number = 0
    with path.open("w", encoding="utf-8") as file:
        while file.tell() < size * MIB:
            file.write("".join(json.dumps(comment(place)) + "\n" for place in range(number, number + 1000)))
            number += 1000
    return path


def comment(number: int) -> dict[str, object]:
    body = " ".join(DRAWS.choices(SENTENCES, k=DRAWS.randint(1, 9))) + f" That was ticket {number}."
    thread = f"{number // 20:x}"
    return {
        "all_awardings": [],
        "archived": False,
        "author": f"user_{DRAWS.randrange(50_000)}" if number % 25 else "[deleted]",
        "author_flair_text": DRAWS.choice((None, None, "SecOps Manager", "Detection Engineer")),
        "author_fullname": f"t2_{number % 50_000:x}",
        "body": f"&gt; {SENTENCES[number % 10]}\n\n{body}" if number % 5 == 0 else body,
        "controversiality": 0,
        "created_utc": 1_700_000_000 + number * 7,
        "distinguished": None,
        "edited": False,
        "gilded": 0,
        "id": f"c{number:x}",
        "is_submitter": number % 20 == 3,
        "link_id": f"t3_{thread}",
        "link_title": f"Thread {thread}: who decides on your SIEM?",
        "name": f"t1_c{number:x}",
        "parent_id": f"t3_{thread}",
        "permalink": f"/r/siemtalk/comments/{thread}/_/c{number:x}/",
        "retrieved_on": 1_777_000_000,
        "score": DRAWS.randrange(-5, 400),
        "stickied": False,
        "subreddit": "siemtalk",
        "subreddit_id": "t5_99",
        "subreddit_type": "public",
        "_meta": {"retrieved_2nd_on": 1_777_100_000},
    }


def measure(what: str, path: Path) -> None:
    """One line of the table, from a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    started = time.monotonic()
    command = [sys.executable, __file__, "child", what, str(path)]
    told = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    took = time.monotonic() - started
    posts, processor, peak = json.loads(told.stdout.splitlines()[-1])
    size = path.stat().st_size / MIB
    paces = f"{posts / took:,.0f} | {size / took:.1f}"
    print(f"| {size:,.0f} MiB | {posts:,} | {took:,.0f} | {processor:,.0f} | {paces} | {peak:,.0f} MiB |", flush=True)


def child(what: str, path: Path) -> None:
    posts = read(path) if what == "reader" else stored(path)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps([posts, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))


def read(path: Path) -> int:
    posts = 0
    for thing in ingest.read(path, ReadContext()):
        posts += isinstance(thing, ReadDocument)
        if isinstance(thing, Finding):
            print(thing.code, thing.count, file=sys.stderr)
    return posts


def stored(path: Path) -> int:
    from winloss.bootstrap import open_workbench
    from winloss.services.sources import intake

    with tempfile.TemporaryDirectory(prefix="winloss-bench-", dir=path.parent) as workspace:
        report = intake.take_in(open_workbench(Path(workspace)), [path])
    return sum(file.documents for file in report.files)


def profile(path: Path) -> None:
    with cProfile.Profile() as profiled:
        posts = stored(path)
    print(f"{posts:,} posts")
    pstats.Stats(profiled).sort_stats("tottime").print_stats(45)


if __name__ == "__main__":
    main()
