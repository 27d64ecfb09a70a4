"""How well words, meaning and both together find what answers a question, beside other ways to put them together.

    python benchmarks/retrieval/run.py DATA [CACHE]      DATA: the folder with the real data sets

Indexes and vectors are kept in CACHE (default: a folder of the system's temporary folder). The figures are of the half
of the questions that nothing was chosen on.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from engines import Ranking, Searching, ours, peer
from judged import Judged, Query, collections
from numpy.typing import NDArray
from ranx import Qrels, Run, evaluate
from ranx import fuse as put_together

DEPTH = 1000
FEWEST = 50
"""A slice of fewer questions tells nothing."""
MEASURES = ["ndcg@10", "recall@100"]
SINGLE = ("words (BM25 on Whoosh)", "meaning")
OURS = "hybrid, as shipped"
OTHERS: Mapping[str, tuple[str, str | None]] = {
    "reciprocal rank fusion": ("rrf", None),
    "CombMNZ, min-max": ("mnz", "min-max"),
    "CombSUM, min-max": ("sum", "min-max"),
    "CombSUM, z-score": ("sum", "zmuv"),
}
"""Name -> method and norm of `ranx` that fuses the two rankings, 1,000 deep each."""


def main() -> None:
    data = Path(sys.argv[1])
    cache = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.gettempdir()) / "winloss-retrieval"
    for judged in collections(data):
        queries = [query for query in judged.queries if not query.training]
        runs = {name: ranked(search, queries) for name, search in systems(judged, cache).items()}
        runs.update({name: fused(runs, *how) for name, how in OTHERS.items()})
        report(judged, queries, runs)


def systems(judged: Judged, cache: Path) -> Mapping[str, Searching]:
    """Everything that searches by itself."""
    return {
        SINGLE[0]: ours(judged, cache, "words", depth=DEPTH),
        "words (bm25s)": peer(judged, depth=DEPTH),
        SINGLE[1]: ours(judged, cache, "meaning", depth=DEPTH),
        OURS: ours(judged, cache, "hybrid", depth=DEPTH),
    }


def ranked(search: Searching, queries: list[Query]) -> dict[str, Ranking]:
    """Query id -> what is found."""
    return {query.id: search(query.text) or {"nothing": 0.0} for query in queries}


def fused(runs: Mapping[str, dict[str, Ranking]], method: str, norm: str | None) -> dict[str, Ranking]:
    """The two single modes put together by a published method."""
    together = put_together(runs=[Run(runs[name]) for name in SINGLE], norm=norm, method=method)
    return together.to_dict()


def report(judged: Judged, queries: list[Query], runs: Mapping[str, dict[str, Ranking]]) -> None:
    """A table for each kind of question, and how the single modes and ours do on each slice of them."""
    measures = {system: measured(run, queries) for system, run in runs.items()}
    slices: dict[str, list[int]] = {}
    for number, query in enumerate(queries):
        for name in query.slices:
            slices.setdefault(name, []).append(number)
    for name, asked in slices.items():
        if ":" not in name:
            print(f"\n## {name[0].upper()}{name[1:]}: {len(asked):,} questions, {len(judged.passages):,} passages\n")
            table({system: measure[:, asked].mean(axis=1).tolist() for system, measure in measures.items()})
    print(f"\nSlices of at least {FEWEST} questions, nDCG@10:\n")
    print("| | n | words | meaning | hybrid | |\n|---|---|---|---|---|---|")
    for name, asked in sorted(slices.items()):
        if ":" in name and len(asked) >= FEWEST:
            words, meaning, both = (float(measures[system][0, asked].mean()) for system in (*SINGLE, OURS))
            gain = both / max(words, meaning) - 1
            print(f"| {name} | {len(asked)} | {words:.3f} | {meaning:.3f} | {both:.3f} | {gain:+.0%} |", flush=True)


def table(measures: Mapping[str, list[float]]) -> None:
    """One line a system, with what it gains on the better of the single modes."""
    better = [max(measures[name][place] for name in SINGLE) for place in range(2)]
    print("| | nDCG@10 | | recall@100 | |\n|---|---|---|---|---|")
    for system, (gain, recall) in measures.items():
        changes = f"{gain / better[0] - 1:+.0%}", f"{recall / better[1] - 1:+.0%}"
        print(f"| {system} | {gain:.3f} | {changes[0]} | {recall:.3f} | {changes[1]} |", flush=True)


def measured(run: dict[str, Ranking], asked: list[Query]) -> NDArray[np.float64]:
    """nDCG@10 and recall@100 of each question: two rows, a column per question."""
    judgements = Qrels({query.id: dict.fromkeys(sorted(query.relevant), 1) for query in asked})
    best = Run({query.id: _first(run[query.id], 100) for query in asked})
    found = evaluate(judgements, best, MEASURES, return_mean=False)
    columns = {name: column for column, name in enumerate(sorted(query.id for query in asked))}
    order = [columns[query.id] for query in asked]
    return np.stack([found[measure][order] for measure in MEASURES])


def _first(ranking: Ranking, depth: int) -> Ranking:
    return dict(sorted(ranking.items(), key=lambda item: -item[1])[:depth])


if __name__ == "__main__":
    main()
