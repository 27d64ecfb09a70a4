"""Extremely randomised trees (Geurts et al., Machine Learning 63 (2006) 3-42) as plain arrays, to be run without
scikit-learn and kept without pickle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PARTS = ("roots", "columns", "thresholds", "lefts", "rights", "values")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forest:
    """Trees of a yes-or-no question, their nodes one after another; a leaf has column -1 and the share of yes."""

    roots: Any
    columns: Any
    thresholds: Any
    lefts: Any
    rights: Any
    values: Any

    def chances(self, rows: Floats) -> Floats:
        """How likely yes is for each row: the mean of the trees."""
        told = np.zeros(len(rows))
        places = np.arange(len(rows))
        for root in self.roots:
            nodes = np.full(len(rows), root, dtype=np.int64)
            while (inner := self.columns[nodes] >= 0).any():
                at, who = nodes[inner], places[inner]
                low = rows[who, self.columns[at]] <= self.thresholds[at]
                nodes[inner] = np.where(low, self.lefts[at], self.rights[at])
            told += self.values[nodes]
        chances: Floats = told / len(self.roots)
        return chances


def planted(rows: Floats, yes: Any, weights: Any, *, trees: int, leaf: int, share: float, seed: int) -> Forest:
    """A forest that learned from these rows; `leaf` is the fewest rows of a leaf, `share` the columns tried a node."""
    from sklearn.ensemble import ExtraTreesClassifier

    grown = ExtraTreesClassifier(trees, min_samples_leaf=leaf, max_features=share, random_state=seed)
    grown.fit(rows.astype(np.float32), yes.astype(int), sample_weight=weights)
    blocks: dict[str, list[Any]] = {name: [] for name in PARTS}
    start = 0
    for tree in (item.tree_ for item in grown.estimators_):
        inner = tree.children_left >= 0
        counts = tree.value[:, 0, :]
        blocks["roots"].append([start])
        blocks["columns"].append(np.where(inner, tree.feature, -1))
        blocks["thresholds"].append(tree.threshold)
        blocks["lefts"].append(np.where(inner, tree.children_left + start, 0))
        blocks["rights"].append(np.where(inner, tree.children_right + start, 0))
        blocks["values"].append(counts[:, -1] / counts.sum(axis=1))
        start += tree.node_count
    kinds = {"thresholds": np.float32, "values": np.float32, "columns": np.int16}
    return Forest(**{name: np.concatenate(parts).astype(kinds.get(name, np.int32)) for name, parts in blocks.items()})


def arrays_of(forest: Forest, prefix: str) -> Mapping[str, Any]:
    """The forest's arrays by name, to be kept."""
    return {f"{prefix}_{name}": getattr(forest, name) for name in PARTS}


def forest_of(arrays: Mapping[str, Any], prefix: str) -> Forest:
    """The forest that was kept under a prefix."""
    return Forest(**{name: arrays[f"{prefix}_{name}"] for name in PARTS})
