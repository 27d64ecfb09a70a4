"""The index and the vectors agree with the store, whatever happens meanwhile."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from pathlib import Path
from random import Random

from winloss.model import Ask, Filters
from winloss.services.analysis import analyse
from winloss.services.search import indexing, searching
from winloss.services.sources import intake

SECONDS = float(os.environ.get("WINLOSS_TEST_SECONDS", "4"))
"""How long readers and a writer share a workspace; longer on request."""
THREADS = 32
MAPPING = """kind = "community"
[fields]
id = "id"
title = "title"
text = "text"
speaker = "author"
"""


def write(folder: Path, posts: dict[str, tuple[str, str]]) -> Path:
    (folder / "posts.map.toml").write_text(MAPPING, encoding="utf-8")
    lines = ["id,title,text,author", *(f"{name},{title},{text},a-{name}" for name, (title, text) in posts.items())]
    (folder / "posts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "posts.csv"


def test_what_does_not_agree_is_told_and_repaired(bench, tmp_path):
    posts = {f"p{n}": ("Storage", f"Site {n} cost us nights and the invoice doubled.") for n in range(4)}
    intake.take_in(bench, [write(tmp_path, posts)])
    analyse(bench)
    assert indexing.verify(bench).complete
    passages = bench.store.passages_after("", limit=9)
    other = [type(passages[1])(**{**{n: getattr(passages[1], n) for n in passages[1].__slots__}, "text": "Other."})]
    bench.index().update(other, [passages[0].id], revision=bench.store.revision())
    bench.vectors().clear()
    found = indexing.verify(bench)
    assert (found.stored, found.missing, found.differing, found.extra) == (4, 1, 1, 0)
    assert found.without_vector == 4
    indexing.rebuild(bench)
    assert (indexing.verify(bench).missing, indexing.verify(bench).differing) == (0, 0)


def test_only_what_changed_is_indexed_again(bench, tmp_path):
    posts = {f"p{n}": ("Storage", f"Site {n} cost us nights and the invoice doubled.") for n in range(6)}
    intake.take_in(bench, [write(tmp_path, posts)])
    assert analyse(bench).passages_indexed == 6
    posts["p2"] = ("Renewal", posts["p2"][1])
    intake.take_in(bench, [write(tmp_path, posts)])
    assert analyse(bench).passages_indexed == 1
    assert bench.engine().find(Ask(query="renewal", mode="words")).total == 1
    assert bench.engine().find(Ask(query="storage", mode="words")).total == 5
    assert indexing.verify(bench).complete
    assert analyse(bench).passages_indexed == 0


def test_an_index_left_behind_is_brought_up_to_date_by_the_next_one_who_searches(bench, tmp_path):
    posts = {f"p{n}": ("Storage", f"Site {n} cost us nights and the invoice doubled.") for n in range(3)}
    intake.take_in(bench, [write(tmp_path, posts)])
    analyse(bench)
    state = bench.root / "index" / "state.json"
    for broken in ('{"schema": "0"}', "", state.read_text().replace('"revision": ', '"revision": -')):
        state.write_text(broken)
        started = replace(bench, memo={})
        assert searching.search(started, "invoice", Filters(), mode="words").total == 3
        assert indexing.verify(started).complete


def test_searching_threads_and_a_writer_do_not_disturb_each_other(bench, tmp_path):
    posts = {f"p{n}": ("Storage", f"The first {n} alerts cost us nights.") for n in range(20)}
    intake.take_in(bench, [write(tmp_path, posts)])
    analyse(bench)
    wrong: list[object] = []
    until = time.monotonic() + SECONDS
    asked = [0]

    def search(seed: int) -> None:
        draw = Random(seed)
        try:
            while time.monotonic() < until and not wrong:
                ask = Ask(query=draw.choice(["alerts", '"cost us nights"', "first -nights", "storage"]), mode="words")
                page = bench.engine().find(ask)
                counted = bench.engine().find(Ask(query="alerts", mode="words", counted=("source",), limit=1000))
                ids = [name for name, _ in counted.ranking]
                told = dict(counted.filter_counts["source"])["community"]
                asked[0] += 1
                if len(set(ids)) != len(ids) or counted.total != told or len(bench.store.passages(ids)) != len(ids):
                    wrong.append((counted.total, told, len(ids)))
                if page.total < 0 or counted.total < 20:
                    wrong.append((page.total, counted.total))
        except Exception as error:  # noqa: BLE001
            wrong.append(error)

    threads = [threading.Thread(target=search, args=(seed,)) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    number = len(posts)
    while time.monotonic() < until and not wrong:
        posts |= {f"p{n}": ("Storage", f"The first {n} alerts cost us nights.") for n in range(number, number + 5)}
        number += 5
        intake.take_in(bench, [write(tmp_path, posts)])
        analyse(bench)
    for thread in threads:
        thread.join()
    assert not wrong, wrong[:3]
    assert number > 20 and asked[0] > THREADS
    assert indexing.verify(bench).complete
    assert bench.engine().find(Ask(query="alerts", mode="words", filters=Filters())).total == number
