"""What each setting of the search is worth, one varied at a time, on the half that settings are chosen on.

    python benchmarks/retrieval/tune.py DATA [CACHE] [QUESTIONS]

nDCG@10 by words alone for the constants of `winloss/search/scoring.py`, of the hybrid search for those of
`winloss/search/hybrid.py`, over at most so many questions of each kind (600); then what a limit of nearness leaves of
what answers and of everything.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import numpy as np
from engines import encoded, ours
from judged import Judged, Query, collections
from run import measured, ranked

from winloss.model import text_key
from winloss.search import hybrid, scoring

VARIED: Mapping[tuple[ModuleType, str, str], tuple[float, ...]] = {
    (scoring, "words", "K1"): (0.6, 0.9, 1.2, 1.6, 2.0),
    (scoring, "words", "B"): (0.3, 0.5, 0.75, 0.9),
    (scoring, "words", "COORDINATION"): (0.0, 0.25, 0.5, 0.75),
    (scoring, "words", "MOST_WISHES"): (16, 32, 64, 128),
    (hybrid, "hybrid", "WORDS"): (0.1, 0.2, 0.3, 0.4, 0.5),
    (hybrid, "hybrid", "NEIGHBOURS"): (0.0, 0.2, 0.4, 0.6, 0.8),
    (hybrid, "hybrid", "DOCUMENT"): (0.0, 0.15, 0.3, 0.5, 0.7),
    (hybrid, "hybrid", "REACH"): (1, 2, 4, 8),
}
LIMITS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
Kinds = Mapping[str, tuple[Judged, list[Query]]]


def main() -> None:
    data = Path(sys.argv[1])
    cache = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.gettempdir()) / "winloss-retrieval"
    kinds = chosen_on(data, int(sys.argv[3]) if len(sys.argv) > 3 else 600)
    print(f"| setting | {' | '.join(kinds)} |\n|---|{'---|' * len(kinds)}")
    for (module, mode, setting), values in VARIED.items():
        usual = getattr(module, setting)
        for value in values:
            setattr(module, setting, value)
            cells = [f"{worth(judged, queries, cache, mode):.3f}" for judged, queries in kinds.values()]
            told = f"{mode}: {setting} = {value}{' (in use)' if value == usual else ''}"
            print(f"| {told} | {' | '.join(cells)} |", flush=True)
        setattr(module, setting, usual)
    print("\n| cosine of at least | " + " | ".join(f"{kind}: answers | all" for kind in kinds) + " |")
    print("|---|" + "---|---|" * len(kinds))
    near = [nearness(judged, queries, cache) for judged, queries in kinds.values()]
    for place, limit in enumerate(LIMITS):
        cells = [f"{answers[place]:.1%} | {everything[place]:.2%}" for answers, everything in near]
        print(f"| {limit} | {' | '.join(cells)} |")


def chosen_on(data: Path, most: int) -> Kinds:
    """The questions of the half that settings are chosen on, by kind."""
    kinds: dict[str, tuple[Judged, list[Query]]] = {}
    for judged in collections(data):
        for query in judged.queries:
            if query.training:
                kinds.setdefault(query.slices[0], (judged, []))[1].append(query)
    return {kind: (judged, queries[:: max(len(queries) // most, 1)]) for kind, (judged, queries) in kinds.items()}


def worth(judged: Judged, queries: list[Query], cache: Path, mode: str) -> float:
    """nDCG@10 with the settings as they are."""
    return float(measured(ranked(ours(judged, cache, mode, depth=10), queries), queries)[0].mean())


def nearness(judged: Judged, queries: list[Query], cache: Path) -> tuple[list[float], list[float]]:
    """For each limit of the cosine the share of the answers, and of all passages, that are at least so near."""
    names = sorted(judged.passages)
    row_of = {name: row for row, name in enumerate(names)}
    vectors = encoded([place.text for place in judged.passages.values()], cache)
    matrix = vectors.get([text_key(judged.passages[name].text) for name in names])
    answers, everything = [], []
    for query in queries:
        cosines = matrix @ vectors.get([text_key(query.text)])[0]
        rows = [row_of[name] for name in query.relevant]
        answers.append([float((cosines[rows] >= limit).mean()) for limit in LIMITS])
        everything.append([float((cosines >= limit).mean()) for limit in LIMITS])
    return np.mean(answers, axis=0).tolist(), np.mean(everything, axis=0).tolist()


if __name__ == "__main__":
    main()
