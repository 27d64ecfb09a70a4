"""Themes of real messages whose subjects are known: what a few more of them move."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from nlp.themes.cluster import cluster, extend, min_size_for
from winloss.bootstrap import open_tools

MESSAGES = Path(__file__).resolve().parents[2] / "../shared/data/banking77/train.csv"
MOVED = 0.05
"""Most of the rows that were in a theme that may be in another once 5 % more have come."""


@pytest.mark.realdata
@pytest.mark.skipif(not MESSAGES.exists(), reason="the shared real data sets are not here")
def test_five_percent_more_move_less_than_five_percent():
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)][::5]
    vectors = open_tools().encoder().encode(texts)
    keys = [str(number) for number in range(len(texts))]
    before = np.sort(np.random.default_rng(3).permutation(len(texts))[: int(len(texts) * 0.95)])
    names = [keys[place] for place in before]
    first = cluster(vectors[before], keys=names, min_size=min_size_for(len(before), 0), seed=1).labels
    assert np.mean(first >= 0) > 0.5
    earlier = dict(zip(names, map(int, first), strict=True))
    found, was = extend(vectors, keys=keys, earlier=earlier, min_size=min_size_for(len(texts), 0), seed=1)
    now = np.array([was.get(int(label), -1) for label in found.labels[before]])
    inside = first >= 0
    assert np.mean(now[inside] != first[inside]) < MOVED
