"""Tunes the bundled sentence model so that passages of one facet lie together: the baseline in the manner of SetFit.

SetFit (Tunstall et al., arXiv:2209.11055) tunes a sentence model on pairs of a few labelled texts and then fits a
logistic regression on its vectors. The pairs here are those within a batch (supervised contrastive loss: Khosla et al.,
arXiv:2004.11362), and low-rank changes are tuned, as in what ships.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp import tuning

Floats = NDArray[np.float32]
EPOCHS, BATCH, RATE, TEMPERATURE = 4, 32, 5e-4, 0.1


def contrastive(texts: Sequence[str], facets: NDArray[np.int64]) -> Callable[[Sequence[str]], Floats]:
    """A function from texts to their vectors under a model tuned on these."""
    import torch

    torch.manual_seed(1)
    network = tuning.untrained(1, tuning.RECIPE)
    network.head = torch.nn.Identity()
    trained = [weight for weight in network.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=RATE)
    tokens, order = network.tokens(texts), np.random.default_rng(1)
    network.train()
    for _ in range(EPOCHS):
        shuffled = order.permutation(len(texts))
        for start in range(0, len(texts) - BATCH + 1, BATCH):
            rows = shuffled[start : start + BATCH]
            loss = _loss(network(*tuning.padded([tokens[row] for row in rows], "cpu")), torch.tensor(facets[rows]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return lambda others: _vectors(network.eval(), others)


def _loss(vectors: Any, facets: Any) -> Any:
    import torch

    near = torch.nn.functional.normalize(vectors) @ torch.nn.functional.normalize(vectors).T / TEMPERATURE
    itself = torch.eye(len(near), dtype=torch.bool)
    same = (facets[:, None] == facets[None, :]) & ~itself
    said = near - torch.logsumexp(near.masked_fill(itself, -1e9), dim=1, keepdim=True)
    return -((said * same).sum(1) / same.sum(1).clamp(min=1)).mean()


def _vectors(network: Any, texts: Sequence[str]) -> Floats:
    import torch

    tokens = network.tokens(texts)
    order = sorted(range(len(texts)), key=lambda row: len(tokens[row]))
    vectors = np.zeros((len(texts), network.model.config.hidden_size), dtype=np.float32)
    with torch.no_grad():
        for start in range(0, len(order), 256):
            some = order[start : start + 256]
            found = network(*tuning.padded([tokens[row] for row in some], "cpu"))
            vectors[some] = torch.nn.functional.normalize(found).numpy()
    return vectors
