"""Compares ways to find themes on text whose groups are known.

    python benchmarks/themes/run.py DATA      DATA: the folder with the real data sets

Ways are compared on 10,003 customer messages in 77 known intents (`banking77`) and on the arguments of `argkp-2021` by
the key point that each supports, none of them told the number of groups but k-means. All rows count: what a way leaves
out is one more group. BERTopic's defaults (UMAP to 5 of 15 neighbours, HDBSCAN of at least 10) are called as its source
calls them, after a first run of everything to compile. Then 5 % of the rows are added to the rest, and those of the
others are counted that are in another theme than before. What leaning towards the turn does is measured on forum posts
of one quarter with the topic that each asker chose (`thunderbird-aaq`), counting one passage a post, so that the
passages of a post cannot vouch for each other.
"""

from __future__ import annotations

import csv
import json
import random
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean

import numpy as np
from hdbscan import HDBSCAN
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, v_measure_score

from nlp import cluster as themes
from nlp.segment import segment
from winloss.bootstrap import open_tools

QUARTER = ("2023-01", "2023-02", "2023-03")
POSTS = 2_500
DRAWS = 10
SEED = 7
Floats = NDArray[np.float32]
Labels = NDArray[np.int64]


def main() -> None:
    data = Path(sys.argv[1])
    encode = open_tools().encoder().encode
    ours(encode(messages(data)[0][:2000]))  # compiles what compiles
    for name, (texts, truth) in {"banking77": messages(data), "argkp-2021": arguments(data)}.items():
        vectors = encode(texts)
        groups = len(set(truth))
        print(f"\n{name}: {len(texts)} texts in {groups} groups\n")
        print("| way | themes | unthemed | V-measure | ARI | AMI, themed | s |\n|---|---|---|---|---|---|---|")
        for called, way in ways(groups).items():
            started = time.perf_counter()
            labels = way(vectors)
            print(f"| {called} | {row(labels, truth)} | {time.perf_counter() - started:.0f} |", flush=True)
        print(f"\n5 % more rows move {grown(vectors):.1%} of the others to another theme.", flush=True)
    passages, posts, topics = forum(data)
    vectors = encode(passages)
    print("\n| weight of the turn | themes | largest | unthemed | AMI |\n|---|---|---|---|---|")
    for weight in (0.0, 0.3, 0.6, 1.0):
        themes.CONTEXT = weight
        labels = ours(themes.in_context(vectors, posts))
        score = one_per_post(labels, posts, topics)
        largest = np.bincount(labels[labels >= 0]).max()
        print(f"| {weight} | {labels.max() + 1} | {largest} | {np.mean(labels < 0):.0%} | {score:.3f} |", flush=True)


def ways(groups: int) -> dict[str, Callable[[Floats], Labels]]:
    return {
        f"k-means, told there are {groups}": KMeans(groups, n_init=3, random_state=SEED).fit_predict,
        "BERTopic's defaults": bertopic,
        "ours (ships)": ours,
    }


def bertopic(vectors: Floats) -> Labels:
    """Reduction and clustering as BERTopic does them where nothing is set."""
    from umap import UMAP

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reduction = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False)
        points = reduction.fit_transform(vectors)
    clusters = HDBSCAN(min_cluster_size=10, metric="euclidean", cluster_selection_method="eom", prediction_data=True)
    return np.asarray(clusters.fit_predict(points), dtype=np.int64)


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
    keys = [f"{number:06}" for number in range(len(vectors))]
    return themes.cluster(vectors, keys=keys, min_size=least(vectors), seed=SEED).labels


def least(vectors: Floats) -> int:
    return themes.min_size_for(len(vectors), 0.0)


def row(labels: Labels, truth: Sequence[str]) -> str:
    inside = np.flatnonzero(labels >= 0)
    v, ari = v_measure_score(truth, labels), adjusted_rand_score(truth, labels)
    themed = adjusted_mutual_info_score([truth[place] for place in inside], labels[inside])
    return f"{labels.max() + 1} | {np.mean(labels < 0):.0%} | {v:.3f} | {ari:.3f} | {themed:.3f}"


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


if __name__ == "__main__":
    main()
