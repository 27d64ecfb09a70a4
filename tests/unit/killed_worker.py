"""Kills a process in the middle of writing a workspace, and says what the next one finds there.

    python -m tests.unit.killed_worker WORK FOLDER EVERY RANDOM

WORK is one of `WORKS`, done in FOLDER. A child is killed before the n-th thing it does to the file system, for every
EVERY-th n, and RANDOM more at random moments. One line of JSON a kill, and one about all of them. Everything is
imported once; every child is forked, so that a kill takes milliseconds and is a kill all the same.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.conftest import StillClock, WordEncoder, with_stand_ins
from winloss.bootstrap import open_workbench
from winloss.model import Filters
from winloss.ports import Workbench
from winloss.services.analysis import analyse, embed_verbatims
from winloss.services.search import indexing, searching
from winloss.services.sources import intake

MAPPING = 'kind = "community"\n[fields]\nid = "id"\ntext = "text"\nspeaker = "author"\ntitle = "title"\n'
SAID = "kept us awake"
"""In every text; it says nothing that has to be put into themes, which takes longer than all the rest."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CHANGES = ("os.rename", "os.remove", "os.truncate", "os.mkdir", "os.rmdir", "shutil.rmtree")


def opened(root: Path) -> Workbench:
    return with_stand_ins(open_workbench(root, clock=StillClock()))


def posts(folder: Path, first: int, count: int, version: int) -> Path:
    """A file of posts, each with words of its own version."""
    (folder / "posts.map.toml").write_text(MAPPING, encoding="utf-8")
    rows = [
        {"id": f"p{n}", "title": "Storage", "author": f"a{n}", "text": f"Site {n} {SAID}, and this is note v{version}."}
        for n in range(first, first + count)
    ]
    (folder / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder / "posts.jsonl"


def take_in_more(bench: Workbench) -> None:
    """Some of what is there changed, and more."""
    intake.take_in(bench, [posts(bench.root.parent, 20, 30, version=2)])
    analyse(bench)


def begin(bench: Workbench) -> None:
    intake.take_in(bench, [posts(bench.root.parent, 0, 30, version=1)])
    analyse(bench)


def make_anew(bench: Workbench) -> None:
    """What `winloss reindex` does."""
    bench.vectors().clear()
    embed_verbatims(bench)
    indexing.rebuild(bench)


WORKS: dict[str, tuple[bool, Callable[[Workbench], None]]] = {
    "begin": (False, begin),
    "take in more": (True, take_in_more),
    "make anew": (True, make_anew),
}
"""Whether there is something in the workspace before, and what is done."""


def main(work: str, folder: Path, every: int, at_random: int) -> None:
    stocked, act = WORKS[work]
    start = folder / "start" / "workspace"
    start.mkdir(parents=True)
    warm = folder / "warm" / "workspace"
    for place in (warm, start) if stocked else (warm,):
        place.mkdir(parents=True, exist_ok=True)
        done(place, begin)
    wanted, changes, seconds = undisturbed(start, folder / "whole", act)
    draw = random.Random(work)
    moments: list[float] = [draw.uniform(0, seconds) for _ in range(at_random)]
    for kill_at in [*range(1, changes + 1, every), *moments]:
        root = shutil.copytree(start, folder / "killed" / "workspace")
        killed = interrupted(root, act, kill_at)
        told = in_a_child(lambda root=root: found_by_the_next(root, act, wanted))
        told_of({"at": kill_at, "killed": killed, "wrong": told})
        shutil.rmtree(folder / "killed")
    told_of({"changes": changes, "verbatims": len(wanted)})


def told_of(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def undisturbed(start: Path, folder: Path, act: Callable[[Workbench], None]) -> tuple[dict[str, str], int, float]:
    """What there is after the whole work, how many changes of the file system that takes, and how many seconds."""
    root = shutil.copytree(start, folder / "workspace")

    def whole() -> list[Any]:
        changes = counting(root, None)
        began = time.monotonic()
        done(root, act)
        return [said(opened(root)), changes[0], time.monotonic() - began]

    wanted, changes, seconds = in_a_child(whole)
    return wanted, changes, seconds


def done(root: Path, act: Callable[[Workbench], None]) -> list[str]:
    bench = opened(root)
    act(bench)
    bench.store.close()
    return []


def said(bench: Workbench) -> dict[str, str]:
    return {passage.id: passage.text for passage in bench.store.passages_after("", limit=1000)}


def counting(root: Path, last: int | None) -> list[int]:
    """Count the changes of the file system under the folder, and die before the `last` of them."""
    changes = [0]

    def another() -> None:
        changes[0] += 1
        if changes[0] == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event in CHANGES or (event == "open" and (arguments[2] or 0) & WRITING):
            path = str(arguments[0])
            if path.startswith(str(root)) or not path.startswith("/"):
                another()

    def synced(handle: int, real: Callable[[int], None] = os.fsync) -> None:
        another()
        real(handle)

    os.fsync = synced
    sys.addaudithook(heard)
    return changes


def interrupted(root: Path, act: Callable[[Workbench], None], kill_at: float) -> bool:
    """Whether the child was killed: before so many changes, or after so many seconds."""
    child = os.fork()
    if not child:
        if isinstance(kill_at, int):
            counting(root, kill_at)
        done(root, act)
        os._exit(0)
    if isinstance(kill_at, float):
        time.sleep(kill_at)
        os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def in_a_child(act: Callable[[], Any]) -> Any:
    """What the act returns, done in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            told = act()
        except BaseException as error:  # noqa: BLE001
            told = [repr(error)]
        with os.fdopen(writing, "w") as out:
            out.write(json.dumps(told))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as back:
        answer = back.read()
    os.waitpid(child, 0)
    return json.loads(answer)


def found_by_the_next(root: Path, act: Callable[[Workbench], None], wanted: dict[str, str]) -> list[str]:
    """What is wrong for a process that begins now: first it searches, then it does the work again."""
    wrong = []
    bench = opened(root)
    there = {name for name, text in said(bench).items() if SAID in text}
    hits = searching.search(bench, f'"{SAID}"', Filters(), mode="words", limit=1000).hits
    if {hit.passage.id for hit in hits} != there:
        wrong.append(f"{len(there)} are stored, {len(hits)} are found")
    agreed = indexing.verify(bench)
    if agreed.missing or agreed.extra or agreed.differing:
        wrong.append(str(agreed))
    wrong += vectors_are_theirs(bench)
    bench.store.close()
    again = opened(root)
    act(again)
    agreed = indexing.verify(again)
    if not agreed.complete or said(again) != wanted:
        wrong.append(f"done again: {agreed}, {len(said(again))} of {len(wanted)}")
    wrong += vectors_are_theirs(again)
    if left := sorted(str(path.relative_to(root)) for path in root.rglob("*.part")):
        wrong.append(f"left behind: {left}")
    if len(list((root / "index").glob("g*"))) != 1:
        wrong.append("generations left behind")
    again.store.close()
    return wrong


def vectors_are_theirs(bench: Workbench) -> list[str]:
    """Whether every vector there is belongs to its text."""
    texts = bench.store.texts()
    known = sorted(set(texts) - set(bench.vectors().missing(list(texts))))
    if known and not np.array_equal(
        bench.vectors().get(known), WordEncoder().encode([texts[key] for key in known]).astype(np.float32)
    ):
        return ["vectors of other texts"]
    return []


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
