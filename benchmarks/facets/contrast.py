"""Measures tuning by contrast, as SetFit does it, on the passages that what ships is measured on.

    python -m benchmarks.facets.contrast DATA [COUNT]

DATA is the folder with the public text that labelled passages point into. For COUNT of the training passages (all), one
other of the same facet and one of another are drawn from all of them; all weights of the sentence model are moved so
that the cosines of these pairs come near 1 and 0; a logistic regression on the vectors of all training passages then
decides (Tunstall et al., arXiv:2209.11055). Rates and batches are that paper's. Some six pairs a second of one core.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.facets.run import Floats, Numbers, facets_of, kind_of, precision_at, table, texts_of
from nlp.facets.classify import FACETS
from nlp.facets.labelled import TEST, TRAIN, load_passages, load_real, of_parts
from nlp.vectors.export import BUNDLED_MODEL, model_folder
from winloss.model import Facet

RATE = 2e-5
BATCH = 16
WARM = 0.1
SEED = 1
Pair = tuple[int, int, float]


def main() -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from sklearn.linear_model import LogisticRegression

    torch.manual_seed(SEED)
    passages = [*load_passages(), *load_real(Path(sys.argv[1]))]
    learn, test = of_parts(passages, TRAIN), of_parts(passages, TEST)
    model = SentenceTransformer(str(model_folder(BUNDLED_MODEL)), device="cpu")
    started, pairs = time.process_time(), drawn(facets_of(learn), int(sys.argv[2]) if sys.argv[2:] else len(learn))
    tune(model, texts_of(learn), pairs)
    print(f"{len(learn)} passages, {len(pairs)} pairs: {(time.process_time() - started) / 60:.0f} CPU minutes")
    head = LogisticRegression(max_iter=5000).fit(encoded(model, texts_of(learn)), facets_of(learn))
    scores = np.asarray(head.predict_proba(encoded(model, texts_of(test))), dtype=np.float32)
    table({"tuned by contrast, logistic regression": scores}, test)
    pain, kinds = facets_of(test) == FACETS.index(Facet.PAIN), [kind_of(item) for item in test]
    for kind in ("all", *dict.fromkeys(kinds)):
        some = np.array([kind in ("all", own) for own in kinds])
        print(f"Pain, {kind}: precision {precision_at(scores[some, FACETS.index(Facet.PAIN)], pain[some]):.3f}")


def drawn(facets: Numbers, count: int) -> list[Pair]:
    """Two pairs for each of `count` rows, and whether both of a pair are of one facet."""
    chance = np.random.default_rng(SEED)
    same = [np.flatnonzero(facets == column) for column in range(len(FACETS))]
    other = [np.flatnonzero(facets != column) for column in range(len(FACETS))]
    return [
        (row, int(chance.choice(rows[facets[row]])), alike)
        for row in chance.permutation(len(facets))[:count].tolist()
        for rows, alike in ((same, 1.0), (other, 0.0))
    ]


def tune(model: Any, texts: Sequence[str], pairs: Sequence[Pair]) -> None:
    """Move the model's weights, once over the pairs."""
    import torch

    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE)
    steps = -(-len(pairs) // BATCH)
    warm = max(1, round(WARM * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, (steps - step) / max(1, steps - warm))
    )
    model.train()
    for batch in _batches(pairs):
        one, two = (_vectors(model, [texts[row] for row in rows]) for rows in list(zip(*batch, strict=True))[:2])
        wanted = torch.tensor([alike for _, _, alike in batch])
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(torch.cosine_similarity(one, two), wanted).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    model.eval()


def encoded(model: Any, texts: Sequence[str]) -> Floats:
    return np.asarray(model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False), dtype=np.float32)


def _batches(pairs: Sequence[Pair]) -> Iterator[Sequence[Pair]]:
    for start in range(0, len(pairs), BATCH):
        yield pairs[start : start + BATCH]


def _vectors(model: Any, texts: Sequence[str]) -> Any:
    return model(model.preprocess(list(texts)))["sentence_embedding"]


if __name__ == "__main__":
    main()
