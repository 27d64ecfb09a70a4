"""Compares ways to find themes on text whose groups are known.

    python benchmarks/themes/run.py DATA              DATA: the folder with the real data sets
    python benchmarks/themes/run.py DATA groups       only the known groups; also `grown`, `turns`, `titles`
    python benchmarks/themes/run.py DATA groups argkp-2021        only that set

Ways are compared on 10,003 customer messages in 77 known intents (`banking77`) and on the arguments of `argkp-2021` by
the key point that each supports, none of them told the number of groups but k-means. An argument that supports several
key points counts for the first one listed. All rows count: what a way leaves out is one more group, in V-measure, ARI
and AMI alike. BERTopic runs at its defaults on the same vectors; it draws at random, so it runs three times and the
mean counts, and the least of its times. Everything has run on a few rows before, so that no way pays for compilation.

Then 5 % of the rows are added to the rest, and those of the others are counted that are in another theme than before.
What leaning towards the turn does is measured on forum posts of one quarter with the topic that each asker chose
(`thunderbird-aaq`), counting one passage a post, so that the passages of a post cannot vouch for each other. Titles are
held against their themes' centres: one that is nearer to another theme's could be that one's.
"""

from __future__ import annotations

import csv
import json
import os
import random
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, v_measure_score

from nlp.text.segment import segment
from nlp.themes import cluster as themes
from nlp.themes.label import ALIKE, describe
from winloss.bootstrap import open_tools
from winloss.config import Settings

QUARTER = ("2023-01", "2023-02", "2023-03")
POSTS = 2_500
DRAWS = 10
WARM = 1_600
PARTS = {"groups", "grown", "turns", "titles"}
SEED = Settings().seed
BERTOPIC, BERTOPIC_RUNS = "BERTopic at its defaults", 3
Floats = NDArray[np.float32]
Labels = NDArray[np.int64]
Way = Callable[[Floats], Labels]


def main() -> None:
    data, words = Path(sys.argv[1]), set(sys.argv[2:])
    parts = words & PARTS or PARTS
    encode = open_tools().encoder().encode
    known = {name: read(data) for name, read in SETS.items() if name in words or not words & set(SETS)}
    vectors = {name: encode(texts) for name, (texts, _) in known.items()} if parts - {"turns"} else {}
    if "groups" in parts:
        compared(known, vectors)
    for name in known if "grown" in parts else ():
        print(f"\n{name}: 5 % more rows move {grown(vectors[name]):.1%} of the others to another theme.", flush=True)
    for name, (texts, _) in known.items() if "titles" in parts else ():
        titled(name, texts, vectors[name], encode)
    if "turns" in parts:
        leaned(data, encode)


def compared(known: dict[str, tuple[list[str], list[str]]], vectors: dict[str, Floats]) -> None:
    first = next(iter(known))
    for way in ways(9, known[first][0][:WARM]).values():
        way(vectors[first][:WARM])  # compiles what compiles
    for name, (texts, truth) in known.items():
        groups = len(set(truth))
        print(f"\n{name}: {len(texts)} texts in {groups} groups\n")
        print("| way | themes | unthemed | V-measure | ARI | AMI | AMI, themed | s | CPU s |")
        print("|---|---|---|---|---|---|---|---|---|")
        for called, way in ways(groups, texts).items():
            rounds = [timed(way, vectors[name], truth) for _ in range(BERTOPIC_RUNS if way_is_random(called) else 1)]
            themed, out, v, ari, ami, inside, *_ = np.mean(rounds, axis=0)
            *_, seconds, cpu = np.min(rounds, axis=0)
            print(
                f"| {called} | {themed:.0f} | {out:.1%} | {v:.3f} | {ari:.3f} | {ami:.3f} | {inside:.3f} "
                f"| {seconds:.0f} | {cpu:.0f} |",
                flush=True,
            )


def timed(way: Way, vectors: Floats, truth: Sequence[str]) -> tuple[float, ...]:
    """Themes, share unthemed, V, ARI, AMI, AMI of the themed, wall seconds, CPU seconds."""
    started, cpu = time.perf_counter(), time.process_time()
    labels = way(vectors)
    spent = time.perf_counter() - started, time.process_time() - cpu
    inside = np.flatnonzero(labels >= 0)
    return (
        float(labels.max() + 1),
        float(np.mean(labels < 0)),
        float(v_measure_score(truth, labels)),
        float(adjusted_rand_score(truth, labels)),
        float(adjusted_mutual_info_score(truth, labels)),
        float(adjusted_mutual_info_score([truth[place] for place in inside], labels[inside])),
        *spent,
    )


def ways(groups: int, texts: Sequence[str]) -> dict[str, Way]:
    return {
        f"k-means, told there are {groups}": KMeans(groups, n_init=3, random_state=SEED).fit_predict,
        BERTOPIC: lambda vectors: bertopic(texts, vectors),
        "ours (ships)": ours,
    }


def way_is_random(called: str) -> bool:
    return called == BERTOPIC


def bertopic(texts: Sequence[str], vectors: Floats) -> Labels:
    """BERTopic where nothing is set but the vectors; the empty model keeps it from looking for one to encode with."""
    os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        topics, _ = BERTopic(embedding_model=BaseEmbedder()).fit_transform(list(texts), vectors)
    return np.asarray(topics, dtype=np.int64)


def leaned(data: Path, encode: Callable[[list[str]], Floats]) -> None:
    passages, posts, topics = forum(data)
    vectors = encode(passages)
    print("\n| weight of the turn | themes | largest | unthemed | AMI |\n|---|---|---|---|---|")
    for weight in (0.0, 0.3, 0.6, 1.0):
        themes.CONTEXT = weight
        labels = ours(themes.in_context(vectors, posts))
        score = one_per_post(labels, posts, topics)
        largest = np.bincount(labels[labels >= 0]).max()
        print(f"| {weight} | {labels.max() + 1} | {largest} | {np.mean(labels < 0):.0%} | {score:.3f} |", flush=True)


def titled(name: str, texts: list[str], vectors: Floats, encode: Callable[[list[str]], Floats]) -> None:
    """Prints how many titles are nearest their own theme's centre, and how many say what another one does."""
    keys = [str(number) for number in range(1, len(texts) + 1)]
    found = themes.cluster(vectors, keys=keys, min_size=least(vectors), seed=SEED)
    titles = [label.title for label in describe(dict(zip(keys, texts, strict=True)), found, encode=encode)]
    rows = encode(titles)
    own = (rows @ found.centroids.T).argmax(axis=1) == np.arange(len(titles))
    among = rows @ rows.T - 2 * np.eye(len(titles))
    print(
        f"\n{name}: of {len(titles)} titles, {own.sum()} are nearest their own theme's centre; "
        f"{(among.max(axis=1) >= ALIKE).sum()} say what another one says.",
        flush=True,
    )


def grown(vectors: Floats) -> float:
    """The share of rows that are in another theme once 5 % were added to the rest."""
    keys = [f"{number:06}" for number in range(len(vectors))]
    before = np.sort(np.random.default_rng(SEED).permutation(len(vectors))[: int(len(vectors) * 0.95)])
    names = [keys[place] for place in before]
    first = themes.cluster(vectors[before], keys=names, min_size=least(vectors[before]), seed=SEED).labels
    earlier = {name: int(label) for name, label in zip(names, first, strict=True) if label >= 0}
    found, was = themes.extend(vectors, keys=keys, earlier=earlier, min_size=least(vectors), seed=SEED)
    now = np.array([was.get(int(label), -1) for label in found.labels[before]])
    return float(np.mean(now[first >= 0] != first[first >= 0]))


def ours(vectors: Floats) -> Labels:
    """As `winloss cluster` does it: rows are named by their line, at the default settings."""
    keys = [str(number) for number in range(1, len(vectors) + 1)]
    return themes.cluster(vectors, keys=keys, min_size=least(vectors), seed=SEED).labels


def least(vectors: Floats) -> int:
    return themes.min_size_for(len(vectors), Settings().theme_min_share)


def one_per_post(labels: Labels, posts: Sequence[int], topics: Sequence[str]) -> float:
    """The mean agreement with the topics over several draws of one passage a post."""
    draws = random.Random(SEED)
    scores = []
    for _ in range(DRAWS):
        shuffled = draws.sample(range(len(posts)), len(posts))
        chosen = sorted({posts[place]: place for place in shuffled}.values())
        scores.append(adjusted_mutual_info_score([topics[place] for place in chosen], labels[chosen]))
    return fmean(scores)


def messages(data: Path) -> tuple[list[str], list[str]]:
    with (data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [line["text"] for line in rows], [line["category"] for line in rows]


def arguments(data: Path) -> tuple[list[str], list[str]]:
    """The arguments that support a key point, each with the first that it is said to support."""
    texts, points = [], []
    for part in ("train", "dev"):
        folder = data / "argkp-2021"
        with (folder / f"arguments_{part}.csv").open(encoding="utf-8", newline="") as file:
            said = {line["arg_id"]: line["argument"] for line in csv.DictReader(file)}
        first: dict[str, str] = {}
        with (folder / f"labels_{part}.csv").open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                if line["label"] == "1":
                    first.setdefault(line["arg_id"], line["key_point_id"])
        texts += [said[name] for name in first]
        points += list(first.values())
    return texts, points


def forum(data: Path) -> tuple[list[str], list[int], list[str]]:
    """(passages, the post of each, the topic of each) of the first posts of the quarter."""
    with (data / "thunderbird-aaq" / "questions.jsonl").open(encoding="utf-8") as file:
        posts = [post for post in map(json.loads, file) if post["created"][:7] in QUARTER and post["topic"]][:POSTS]
    spans = segment([post["content"] for post in posts])
    placed = [(posts[at]["content"][s.start : s.end], at) for at, found in enumerate(spans) for s in found]
    return [text for text, _ in placed], [at for _, at in placed], [posts[at]["topic"] for _, at in placed]


SETS = {"banking77": messages, "argkp-2021": arguments}

if __name__ == "__main__":
    main()
