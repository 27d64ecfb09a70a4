"""Compares ways to find themes on text whose groups are known.

    python benchmarks/themes/run.py DATA      DATA: the folder with the real data sets

Ways are compared on 10,003 customer messages in 77 known intents (`banking77`), none of them told the number of groups
but k-means. What leaning towards the turn does is measured on forum posts of one quarter with the topic that each asker
chose (`thunderbird-aaq`), counting one passage a post, so that the passages of a post cannot vouch for each other.
"""

from __future__ import annotations

import csv
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean

import numpy as np
from hdbscan import HDBSCAN
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_mutual_info_score

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
    texts, intents = messages(data)
    vectors = encode(texts)
    print("| way | themes | unthemed | AMI, all | AMI, themed | s |\n|---|---|---|---|---|---|")
    for name, way in ways(len(set(intents))).items():
        started = time.perf_counter()
        labels = way(vectors)
        print(f"| {name} | {row(labels, intents)} | {time.perf_counter() - started:.0f} |", flush=True)
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
    def reduced(dimensions: int, vectors: Floats) -> Labels:
        points = PCA(dimensions, random_state=SEED).fit_transform(vectors)
        return HDBSCAN(min_cluster_size=least(vectors), min_samples=themes.SMALLEST).fit_predict(points)

    def one_run(vectors: Floats) -> Labels:
        near = themes._nearest(vectors, vectors, themes.NEIGHBOURS)
        return themes._one_run(vectors, near, least(vectors), SEED)

    return {
        f"k-means, told there are {groups}": KMeans(groups, n_init=3, random_state=SEED).fit_predict,
        "PCA to 5, HDBSCAN": lambda vectors: reduced(5, vectors),
        "PCA to 15, HDBSCAN": lambda vectors: reduced(15, vectors),
        "UMAP to 5, HDBSCAN, once": one_run,
        "the same, consensus of several runs (ships)": ours,
    }


def ours(vectors: Floats) -> Labels:
    keys = [f"{number:06}" for number in range(len(vectors))]
    return themes.cluster(vectors, keys=keys, min_size=least(vectors), seed=SEED).labels


def least(vectors: Floats) -> int:
    return themes.min_size_for(len(vectors), 0.0)


def row(labels: Labels, truth: Sequence[str]) -> str:
    inside = np.flatnonzero(labels >= 0)
    every = adjusted_mutual_info_score(truth, labels)
    themed = adjusted_mutual_info_score([truth[place] for place in inside], labels[inside])
    return f"{labels.max() + 1} | {np.mean(labels < 0):.0%} | {every:.3f} | {themed:.3f}"


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


def forum(data: Path) -> tuple[list[str], list[int], list[str]]:
    """(passages, the post of each, the topic of each) of the first posts of the quarter."""
    with (data / "thunderbird-aaq" / "questions.jsonl").open(encoding="utf-8") as file:
        posts = [post for post in map(json.loads, file) if post["created"][:7] in QUARTER and post["topic"]][:POSTS]
    spans = segment([post["content"] for post in posts])
    placed = [(posts[at]["content"][s.start : s.end], at) for at, found in enumerate(spans) for s in found]
    return [text for text, _ in placed], [at for _, at in placed], [posts[at]["topic"] for _, at in placed]


if __name__ == "__main__":
    main()
