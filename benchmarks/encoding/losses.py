"""What vectors in 8 bits cost: what is found with them, and which themes, beside the exact ones of the same texts.

    python benchmarks/encoding/losses.py DATA [PASSAGES]      DATA: the folder with the real data sets

Both kinds of vectors answer the same questions of `benchmarks/retrieval` (the half that nothing was chosen on) among
the same passages by cosine alone, and both are clustered as `winloss cluster` does it. PASSAGES (default 3,000) bounds
the passages of each judged collection: those that answer come first, the others fill up in order.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, v_measure_score

from nlp.themes.cluster import cluster, min_size_for
from nlp.vectors.encode import SentenceEncoder
from nlp.vectors.export import BUNDLED_MODEL
from winloss.bootstrap import model_cache
from winloss.config import Settings

FOLDER = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(FOLDER / "themes"), str(FOLDER / "retrieval")]

Floats = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Floats]
FIRST = 10


def main() -> None:
    from judged import collections

    data = Path(sys.argv[1])
    most = int(sys.argv[2]) if len(sys.argv) > 2 else 3_000
    small = SentenceEncoder(BUNDLED_MODEL, cache=model_cache()).encode
    exact = SentenceEncoder(BUNDLED_MODEL, cache=model_cache(), exact=True).encode
    print("| measure | n | exact | 8 bits | change |\n|---|---|---|---|---|")
    for judged in collections(data):
        queries = [query for query in judged.queries if not query.training]
        wanted = dict.fromkeys(sorted({name for query in queries for name in query.relevant}))
        ids = list(dict.fromkeys([*list(wanted)[:most], *judged.passages]))[:most]
        kept = set(ids)
        asked = [(query.text, query.relevant & kept) for query in queries if query.relevant & kept]
        texts = [judged.passages[name].text for name in ids]
        told(f"{judged.name}, nDCG@{FIRST}", len(asked), *(found(way, texts, ids, asked) for way in (exact, small)))
    themed(data, exact, small)


def found(
    encode: Encode, texts: Sequence[str], ids: Sequence[str], asked: Sequence[tuple[str, frozenset[str]]]
) -> float:
    """Mean nDCG@10 by cosine, every relevant passage counting one."""
    passages, questions = encode(texts), encode([text for text, _ in asked])
    gains = 1 / np.log2(np.arange(FIRST) + 2)
    total = 0.0
    for row, (_, relevant) in zip(questions, asked, strict=True):
        best = np.argsort(-(passages @ row), kind="stable")[:FIRST]
        hits = np.array([ids[place] in relevant for place in best])
        total += float(gains[hits].sum() / gains[: len(relevant)].sum())
    return total / len(asked)


def themed(data: Path, exact: Encode, small: Encode) -> None:
    from run import arguments, messages

    settings = Settings()
    for name, (texts, truth) in {"banking77": messages(data), "argkp-2021": arguments(data)}.items():
        keys = [str(number) for number in range(1, len(texts) + 1)]
        size = min_size_for(len(keys), settings.theme_min_share)
        labels = [cluster(way(texts), keys=keys, min_size=size, seed=settings.seed).labels for way in (exact, small)]
        told(f"{name}, V-measure", len(texts), *(float(v_measure_score(truth, way)) for way in labels))
        told(f"{name}, ARI", len(texts), *(float(adjusted_rand_score(truth, way)) for way in labels))


def told(measure: str, count: int, exact: float, small: float) -> None:
    print(f"| {measure} | {count} | {exact:.4f} | {small:.4f} | {small / exact - 1:+.2%} |", flush=True)


if __name__ == "__main__":
    main()
