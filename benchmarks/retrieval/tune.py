"""What each setting of the search by words is worth, one varied at a time, on the half that settings are chosen on.

python benchmarks/retrieval/tune.py DATA [CACHE] [QUESTIONS]      after run.py, which makes the indexes in CACHE
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from judged import Query, forum, meetings, ndcg
from run import index_of

from winloss.search import WhooshIndex, plain_query, scoring

VARIED = {
    "K1": (0.6, 0.9, 1.2, 1.6, 2.0),
    "B": (0.3, 0.5, 0.75, 0.9),
    "COORDINATION": (0.0, 0.25, 0.5, 0.75),
    "MOST_WISHES": (16, 32, 64, 128),
}


def main() -> None:
    data = Path(sys.argv[1])
    cache = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.gettempdir()) / "winloss-retrieval"
    questions = int(sys.argv[3]) if len(sys.argv) > 3 else 600
    sets = []
    for judged in (forum(data, with_content=False), forum(data, with_content=True), meetings(data)):
        training = [query for query in judged.queries if query.training][:questions]
        sets.append((judged.name, index_of(judged, cache), training))
    print(f"| setting | {' | '.join(name for name, _, _ in sets)} |\n|---|{'---|' * len(sets)}")
    for setting, values in VARIED.items():
        usual = getattr(scoring, setting)
        for value in values:
            setattr(scoring, setting, value)
            cells = [f"{measured(index, queries):.3f}" for _, index, queries in sets]
            print(f"| {setting} = {value}{' (in use)' if value == usual else ''} | {' | '.join(cells)} |", flush=True)
        setattr(scoring, setting, usual)


def measured(index: WhooshIndex, queries: Sequence[Query]) -> float:
    """Mean nDCG@10 of the search by words."""
    rankings = (index.search(plain_query(query.text), limit=10, allowed=query.among) for query in queries)
    pairs = zip(rankings, queries, strict=True)
    return fmean(ndcg([name for name, _ in ranking], query.relevant) for ranking, query in pairs)


if __name__ == "__main__":
    main()
