"""Keeping a theme's identity: across re-analyses by the verbatims it shares, across quarters by who still says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from winloss.model import Facet, Lineage, Relation
from winloss.quarter import Quarter

Name = TypeVar("Name", str, int)
SAME = 0.25
"""Least Jaccard overlap of shared verbatims at which a cluster continues a theme."""
PART = 0.30
"""Share of a theme's (or cluster's) shared verbatims that makes a further part of it a split (or a merger)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Which earlier theme each new cluster continues, and what broke up or flowed together.

    `splits` maps an earlier theme to the clusters it broke into, `merges` a cluster to the themes that flowed into it;
    both are listed only where there are at least two.
    """

    continues: Mapping[int, str]
    splits: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    merges: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def align(earlier: Mapping[str, str], later: Mapping[str, int | None]) -> Alignment:
    """Match clusters to the themes of an earlier analysis by their shared verbatims, one to one.

    `earlier` maps verbatim ids to theme ids, `later` to cluster numbers (None: unthemed). The matching has the largest
    sum of Jaccard overlaps (H. W. Kuhn, Naval Research Logistics 2 (1955) 83-97); overlaps below 0.25 match nothing.
    """
    from scipy.optimize import linear_sum_assignment

    shared = Counter((earlier[name], later[name]) for name in earlier.keys() & later.keys() if later[name] is not None)
    themes = sorted({theme for theme, _ in shared})
    clusters = sorted({int(cluster) for _, cluster in shared if cluster is not None})
    if not shared:
        return Alignment(continues={})
    overlap = np.array([[shared[theme, cluster] for cluster in clusters] for theme in themes], dtype=float)
    of_theme, of_cluster = overlap.sum(axis=1, keepdims=True), overlap.sum(axis=0, keepdims=True)
    jaccard = overlap / (of_theme + of_cluster - overlap)
    rows, columns = linear_sum_assignment(-jaccard)
    parts = {theme: _parts(overlap[row] / of_theme[row], clusters) for row, theme in enumerate(themes)}
    wholes = {
        cluster: _parts(overlap[:, column] / of_cluster[0, column], themes) for column, cluster in enumerate(clusters)
    }
    return Alignment(
        continues={clusters[c]: themes[r] for r, c in zip(rows, columns, strict=True) if jaccard[r, c] >= SAME},
        splits={theme: found for theme, found in parts.items() if len(found) > 1},
        merges={cluster: found for cluster, found in wholes.items() if len(found) > 1},
    )


def quarter_lineage(counts: Mapping[str, Mapping[str, int]], facet: Facet) -> list[Lineage]:
    """What became of each theme from one quarter to the next, oldest first.

    `counts` maps a quarter to the people who said each theme in it. A theme is born in the quarter it is first heard,
    continues while it is heard (also when it comes back), and lies dormant from the first quarter without it.
    """
    steps: list[Lineage] = []
    ever: dict[str, str] = {}
    before: Mapping[str, int] = {}
    earlier: str | None = None
    for quarter in sorted(counts, key=Quarter.parse):
        now = {theme: people for theme, people in counts[quarter].items() if people}
        heard = sorted(now.keys() | before.keys())
        steps += [
            _step(facet, earlier, quarter, name, before.get(name, 0), now.get(name, 0), ever.get(name))
            for name in heard
        ]
        ever.update(dict.fromkeys(now, quarter))
        before, earlier = now, quarter
    return steps


def _step(
    facet: Facet, earlier: str | None, quarter: str, theme: str, then: int, now: int, last: str | None
) -> Lineage:
    """One theme between two quarters; `last` is the last quarter in which it was heard, None if never."""
    if not now:
        relation, reason = Relation.DORMANT, f"nobody said it; {_people(then)} in {earlier}"
    elif last is None:
        relation, reason = Relation.BORN, f"first heard, from {_people(now)}"
    elif not then:
        relation, reason = Relation.CONTINUED, f"back after silence since {last}: {_people(now)}"
    else:
        relation, reason = Relation.CONTINUED, f"{_people(now)}, after {_people(then)} in {earlier}"
    return Lineage(
        facet=facet,
        earlier=earlier,
        later=quarter,
        relation=relation,
        from_themes=(theme,) if last else (),
        to_themes=(theme,) if now else (),
        reason=reason,
    )


def _parts(shares: NDArray[np.float64], names: list[Name]) -> tuple[Name, ...]:
    return tuple(name for name, share in zip(names, shares, strict=True) if share >= PART)


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
