"""Where words stand near each other, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]


def windows(words: Sequence[str], places: Mapping[str, Places], slop: int) -> tuple[Places, Places]:
    """First and last place of every window that holds all the words with at most `slop` other words among them.

    `places` are ascending and each word's own. A word that is asked for twice has to be there twice. Of windows that
    begin at one place only the shortest is given; none of them holds a shorter one that ends where it ends.
    """
    needed = Counter(words)
    ends = np.sort(np.concatenate([places[word] for word in needed]))
    starts = ends
    for word, times in needed.items():
        last = np.searchsorted(places[word], ends, side="right") - times
        held = last >= 0
        ends, last = ends[held], last[held]
        starts = np.minimum(starts[held], places[word][last])
    near = ends - starts + 1 - len(words) <= slop
    firsts, chosen = np.unique(starts[near], return_index=True)
    return firsts, ends[near][chosen]
