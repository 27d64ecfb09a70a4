"""Tunes the bundled sentence model to tell facets apart, by low-rank changes to its weights.

The model itself stays what its publisher made of it; to the weights of its later layers a product of two narrow
matrices is added (LoRA: Hu et al., arXiv:2106.09685), and a linear head reads the mean of the tokens. Only these are
trained and kept: about a hundredth of the model's size. Needs torch; what it keeps is run without it
(`nlp.facets.facet_network`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How the changes are trained; the values are what measured best on the passages to choose by."""

    rank: int = 16
    first: int = 2
    """The layers before this one stay as they are."""
    epochs: int = 5
    batch: int = 32
    rate: float = 6e-4
    decay: float = 0.01
    dropout: float = 0.1
    unsure: float = 0.05
    """How much of every label is spread over all classes."""
    seed: int = 1
    base: Path | None = None
    """The folder of the model that is tuned: the bundled one where it is None."""
    opening: bool = False
    """Whether the head reads the first token beside the mean of all."""


RECIPE = Recipe()
FURTHER = Recipe(epochs=3, rate=5e-4, seed=11)
"""How a network that was trained before is trained further."""
WINDOW = 16
"""Batches among which texts are sorted by length."""


def tune(
    texts: Sequence[str],
    targets: Floats,
    weights: Floats,
    *,
    recipe: Recipe = RECIPE,
    start: dict[str, Floats] | None = None,
) -> dict[str, Floats]:
    """The changes under which the network says of each text what its row of `targets` says.

    `targets` has a row per text and a column per class; rows add up to 1. Each text counts by its one of `weights`.
    With changes to `start` from, training goes on where they left off.
    """
    import torch

    torch.manual_seed(recipe.seed)
    network = (untrained(targets.shape[1], recipe) if start is None else _loaded(start, recipe)).coarse()
    trained = {name: weight for name, weight in network.named_parameters() if weight.requires_grad}
    optimizer = torch.optim.AdamW(trained.values(), lr=recipe.rate, weight_decay=recipe.decay, fused=True)
    steps = recipe.epochs * -(-len(texts) // recipe.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _warmth(step, steps))
    wanted = torch.tensor(targets * (1 - recipe.unsure) + recipe.unsure / targets.shape[1])
    counts = torch.tensor(weights)
    states = _states(network, texts)
    order = np.random.default_rng(recipe.seed)
    network.train()
    for _ in range(recipe.epochs):
        for rows in _batches([len(item) for item in states], recipe.batch, order):
            logits = network.judged(*_stacked([states[row] for row in rows]))
            surprise = torch.nn.functional.cross_entropy(logits, wanted[rows], reduction="none")
            optimizer.zero_grad()
            (surprise * counts[rows]).mean().backward()
            torch.nn.utils.clip_grad_norm_(trained.values(), 1.0)
            optimizer.step()
            schedule.step()
    return {name: weight.detach().numpy() for name, weight in trained.items()}


def averaged(runs: Sequence[dict[str, Floats]]) -> dict[str, Floats]:
    """The mean of changes that were trained from one start (Wortsman et al., arXiv:2203.05482)."""
    return {name: np.mean([run[name] for run in runs], axis=0) for name in runs[0]}


def logits_of(changes: dict[str, Floats], texts: Sequence[str], recipe: Recipe = RECIPE) -> Floats:
    """What the network with these changes says of each text: a row per text, a column per class, unscaled."""
    import torch

    network = _loaded(changes, replace(recipe, dropout=0.0)).eval()
    rows = np.zeros((len(texts), len(changes["head.bias"])), dtype=np.float32)
    with torch.no_grad():
        for some, ids, mask in _read(network, texts):
            rows[some] = network(ids, mask).numpy()
    return rows


def save(changes: dict[str, Floats], path: Path) -> None:
    """Keep changes in half precision."""
    np.savez_compressed(path, allow_pickle=False, **{name: block.astype(np.float16) for name, block in changes.items()})


def load(path: Path) -> dict[str, Floats]:
    """Changes as `save` kept them."""
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name].astype(np.float32) for name in arrays.files}


def network_of(changes: Path) -> Any:
    """The network from `input_ids` and `attention_mask` to a row per text, with the changes folded into its weights."""
    return folded(load(changes), RECIPE)


def folded(changes: dict[str, Floats], recipe: Recipe) -> Any:
    """As `network_of`, with changes at hand and as the recipe says."""
    return _loaded(changes, replace(recipe, dropout=0.0)).folded().eval()


def _loaded(changes: dict[str, Floats], recipe: Recipe) -> Any:
    import torch

    from nlp.vectors.low_rank import layer_of

    rank = next(len(block) for name, block in changes.items() if name.endswith(".down"))
    first = min(layer_of(name) for name in changes if name.endswith(".down"))
    network = untrained(len(changes["head.bias"]), replace(recipe, rank=rank, first=first))
    network.load_state_dict({name: torch.tensor(block) for name, block in changes.items()}, strict=False)
    return network


def _batches(lengths: Sequence[int], size: int, order: np.random.Generator) -> list[list[int]]:
    """Every row once, by chance, in batches of similar length so that little is padded."""
    shuffled = order.permutation(len(lengths)).tolist()
    windows = [shuffled[start : start + WINDOW * size] for start in range(0, len(shuffled), WINDOW * size)]
    sorted_windows = [sorted(window, key=lambda row: lengths[row]) for window in windows]
    batches = [rows[start : start + size] for rows in sorted_windows for start in range(0, len(rows), size)]
    return [batches[place] for place in order.permutation(len(batches))]


def _warmth(step: int, steps: int) -> float:
    """Rises over the first tenth of the steps, then falls to zero as a cosine does."""
    rising = max(1, steps // 10)
    fallen = max(0.0, (step - rising) / max(1, steps - rising))
    return min((step + 1) / rising, 0.5 * (1 + math.cos(math.pi * min(1.0, fallen))))


def _states(network: Any, texts: Sequence[str]) -> list[Any]:
    """What the layers that stay as they are make of each text, without padding: worked out once."""
    import torch

    states: list[Any] = [None] * len(texts)
    network.eval()
    with torch.no_grad():
        for some, ids, mask in _read(network, texts):
            for row, state, length in zip(some, network.read(ids, mask), mask.sum(1).tolist(), strict=True):
                states[row] = state[:length].clone()
    return states


def _read(network: Any, texts: Sequence[str]) -> Iterator[tuple[list[int], Any, Any]]:
    """The texts' numbers, shortest first, some at a time, with their tokens and which of these count."""
    import torch

    tokens = [torch.tensor(item) for item in network.tokens(texts)]
    order = sorted(range(len(texts)), key=lambda row: len(tokens[row]))
    for start in range(0, len(order), 64):
        some = order[start : start + 64]
        yield some, *_stacked([tokens[row] for row in some])


def _stacked(rows: Sequence[Any]) -> tuple[Any, Any]:
    """Rows of one or of several numbers per token filled up to one length, and which tokens count.

    Lengths are multiples of 8: each new length costs a preparation.
    """
    import torch

    longest = -(-max(map(len, rows)) // 8) * 8
    filled = rows[0].new_zeros((len(rows), longest, *rows[0].shape[1:]))
    mask = torch.zeros((len(rows), longest), dtype=torch.int64)
    for place, row in enumerate(rows):
        filled[place, : len(row)], mask[place, : len(row)] = row, 1
    return filled, mask


def untrained(classes: int, recipe: Recipe) -> Any:
    """The network with changes that do nothing yet."""
    from nlp.vectors.low_rank import ChangedModel

    return ChangedModel(
        classes,
        rank=recipe.rank,
        dropout=recipe.dropout,
        first=recipe.first,
        base=recipe.base,
        opening=recipe.opening,
    )
