"""How long searching takes over very many verbatims, beside other systems in the same run.

    python benchmarks/search_speed/run.py DATA FOLDER SIZE [SIZE ...]

DATA is the folder with the real data sets; workspaces and indexes are made in FOLDER and used again, where they are
whole. Every system is measured in a process of its own, one after another. Printed is one table of everything.
"""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.search_speed import corpus, workspace
from benchmarks.search_speed.systems import SYSTEMS, opened, seconds_of, taken
from winloss.search import plain_query
from winloss.search.analysis import surfaces

TITLES, POSTS, PHRASES = 200, 30, 150
Told = dict[str, Any]


def main() -> None:
    data, folder, *others = Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]
    if others[0] in SYSTEMS:
        sys.stdout.write(json.dumps(measured(data, folder, others[0])))
        return
    sizes = sorted(map(int, others))
    told = {size: list(measured_apart(data, folder / str(size), size)) for size in sizes}
    print("\n".join(table(told)))


def measured_apart(data: Path, folder: Path, size: int) -> Iterator[tuple[str, Told]]:
    """What each system took, each in its own process."""
    if not (folder / "whole").exists():
        folder.mkdir(parents=True, exist_ok=True)
        sys.stderr.write(f"{size:,}: making the workspace\n")
        workspace.make(folder / "workspace", data, size).store.close()
        (folder / "whole").touch()
    for name in SYSTEMS:
        sys.stderr.write(f"{size:,}: {name}\n")
        command = [sys.executable, __file__, str(data), str(folder), name]
        yield name, json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def measured(data: Path, folder: Path, name: str) -> Told:
    """Milliseconds by kind of question and everything else that is told of a system."""
    system = opened(name, folder, data)
    once: dict[str, float] = {}
    note = folder / name / "made.json"
    if not note.exists():
        note.write_text(json.dumps(seconds_of(system.make)))
    once["make the index"] = json.loads(note.read_text())
    asked, before = questions(data), resident()
    once["open"] = seconds_of(system.open)
    kinds = {}
    for kind, subjects, act in system.kinds(asked):
        act(subjects[-1])
        took = taken(act, subjects[:-1])
        kinds[kind] = [float(np.median(took)), float(np.quantile(took, 0.95))]
    held, size = resident() - before, bytes_in(folder / name)
    if name == "winloss":
        size = bytes_in(folder / "workspace" / "index")
    return {"kinds": kinds, "once": {**once, **system.once()}, "MiB resident": held, "MiB on the disk": size}


def table(told: Mapping[int, list[tuple[str, Told]]]) -> Iterator[str]:
    """One line a system and kind: per size median and p95, how it grows, and how many times ours it takes."""
    sizes = list(told)
    found = {size: dict(systems) for size, systems in told.items()}
    ours = found[sizes[-1]]["winloss"]["kinds"]
    yield f"| | {' | '.join(f'{size:,}' for size in sizes)} | grows with n^ | times ours |"
    yield "|---" * (len(sizes) + 3) + "|"
    for name in SYSTEMS:
        for kind in found[sizes[-1]][name]["kinds"]:
            took = [found[size][name]["kinds"][kind] for size in sizes]
            growth = _exponent(sizes, [median for median, _ in took])
            cells = " | ".join(f"{median:,.2f} / {late:,.2f}" for median, late in took)
            yield f"| {name}: {kind}, ms | {cells} | {growth} | {took[-1][0] / ours[kind][0]:.2f} |"
    for name in SYSTEMS:
        for what in found[sizes[-1]][name]["once"]:
            cells = " | ".join(f"{found[size][name]['once'][what]:,.2f}" for size in sizes)
            yield f"| {name}: {what}, s | {cells} | | |"
        for what in ("MiB resident", "MiB on the disk"):
            cells = " | ".join(f"{found[size][name][what]:,.0f}" for size in sizes)
            yield f"| {name}: {what} | {cells} | | |"


def _exponent(sizes: list[int], took: list[float]) -> str:
    """The slope between one size and the next, of the logarithms."""
    steps = zip(sizes, sizes[1:], took, took[1:], strict=False)
    return ", ".join(f"{math.log(late / early) / math.log(more / less):.2f}" for less, more, early, late in steps)


def questions(data: Path) -> dict[str, list[Any]]:
    """Titles and whole posts as questions, phrases cut out of the texts, and a random vector for each title."""
    draw = random.Random(1)
    posts = list(corpus.lines(data / "thunderbird-aaq" / "questions.jsonl"))
    titles = [post["title"] for post in posts if 2 <= len(post["title"].split()) <= 10]
    short = list(dict.fromkeys(plain_query(title) for title in draw.sample(titles, TITLES)))
    pool = corpus.sentences(data)
    return {
        "titles": short,
        "posts": [plain_query(f"{post['title']} {post['content']}") for post in draw.sample(posts, POSTS)],
        "phrases": list(dict.fromkeys(phrase(draw.choice(pool), draw) for _ in range(PHRASES))),
        "vectors": list(corpus.unit_rows(len(short), seed=1)),
    }


def phrase(text: str, draw: random.Random) -> str:
    words = surfaces(text)
    first = draw.randrange(max(len(words) - 3, 1))
    return f'"{" ".join(words[first : first + draw.choice((2, 3, 4))])}"'


def resident() -> float:
    """MiB of this process in memory now."""
    import psutil

    return float(psutil.Process().memory_info().rss) / 2**20


def bytes_in(folder: Path) -> float:
    """MiB of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


if __name__ == "__main__":
    main()
