"""Where a passage belongs that is in no theme: to the theme whose centre is nearest, or to a corner with its like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

EDGE = 0.1
"""Share of a theme's own members that may lie farther from its centre than a passage that is taken to be about it."""
DENSE = (0.9, 0.75)
"""Quantiles of nearness from which on passages lie in a corner: the first at which any do."""
MOST = 2000
"""Members of a theme that its centre is made from at most."""


class Reach(NamedTuple):
    """How far a theme reaches: its centre, and how near all but a tenth of its own members are."""

    centre: Floats
    edge: float


def reach(members: Floats) -> Reach:
    """How far the theme with these members (unit rows, at least one) reaches."""
    centre = _centre(members[:MOST])
    return Reach(centre=centre, edge=float(np.quantile(members[:MOST] @ centre, EDGE)))


def belonging(themes: Sequence[Reach], passages: Floats) -> list[int | None]:
    """For each passage (a unit row) the place of the theme it is about, or None where it is about none of them.

    A passage is about the theme with the nearest centre, if it is at least as near as all but a tenth of the theme's
    own members.
    """
    if not themes or not len(passages):
        return [None] * len(passages)
    edges = np.array([theme.edge for theme in themes], dtype=np.float32)
    nearness = passages @ np.stack([theme.centre for theme in themes]).T
    nearest = nearness.argmax(axis=1)
    inside = nearness[np.arange(len(passages)), nearest] >= edges[nearest] - 1e-6
    return [int(theme) if near else None for theme, near in zip(nearest, inside, strict=True)]


def corners_among(passages: Floats) -> list[list[int]]:
    """The densest groups among unthemed passages (unit rows), densest first, by their places (`nlp.themes.corners`).

    Among a few hundred, hardly three lie in the top tenth together; then the top quarter is looked at.
    """
    from nlp.themes.corners import dense_corners

    rows = np.arange(len(passages), dtype=np.int64)
    found = (dense_corners(passages, rows, dense=dense) for dense in DENSE)
    groups = next((some for some in found if some), [])
    return [[int(place) for place in group] for group in groups]


def nearest_sentence(centre_of: Floats, sentences: Floats, *, least: float) -> int | None:
    """The place of the sentence (unit rows) nearest the centre of these rows, None where none is near at `least`."""
    if not len(centre_of) or not len(sentences):
        return None
    nearness = sentences @ _centre(centre_of[:MOST])
    best = int(nearness.argmax())
    return best if float(nearness[best]) >= least else None


def _centre(rows: Floats) -> Floats:
    mean = rows.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), dtype=np.float32)
