"""Tunes the bundled sentence model to tell facets apart, by low-rank changes to its weights.

The model itself stays what its publisher made of it; beside each of its linear layers runs a product of two narrow
matrices (LoRA: Hu et al., arXiv:2106.09685), and a linear head reads the mean of the tokens. Only these are trained and
kept: about a hundredth of the model's size. Needs torch; what it keeps is run without it (`nlp.facet_network`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
    epochs: int = 8
    batch: int = 32
    rate: float = 5e-4
    decay: float = 0.01
    dropout: float = 0.1
    unsure: float = 0.05
    """How much of every label is spread over all facets."""
    seed: int = 1


RECIPE = Recipe()


def tune(texts: Sequence[str], targets: Floats, *, recipe: Recipe = RECIPE, device: str = "cpu") -> dict[str, Floats]:
    """The changes under which the network says of each text what its row of `targets` says.

    `targets` has a row per text and a column per class; rows add up to 1.
    """
    import torch

    torch.manual_seed(recipe.seed)
    network = _network(targets.shape[1], recipe).to(device)
    trained = [weight for weight in network.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=recipe.rate, weight_decay=recipe.decay)
    steps = recipe.epochs * -(-len(texts) // recipe.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _warmth(step, steps))
    wanted = torch.tensor(targets * (1 - recipe.unsure) + recipe.unsure / targets.shape[1], device=device)
    tokens = network.tokens(texts)
    order = np.random.default_rng(recipe.seed)
    network.train()
    for _ in range(recipe.epochs):
        shuffled = order.permutation(len(texts))
        for start in range(0, len(texts), recipe.batch):
            rows = shuffled[start : start + recipe.batch]
            logits = network(*_padded([tokens[row] for row in rows], device))
            loss = torch.nn.functional.cross_entropy(logits, wanted[rows.tolist()])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
    return {name: weight.detach().cpu().numpy() for name, weight in network.named_parameters() if weight.requires_grad}


def logits_of(changes: dict[str, Floats], texts: Sequence[str], *, device: str = "cpu") -> Floats:
    """What the network with these changes says of each text: a row per text, a column per class, unscaled."""
    import torch

    network = _loaded(changes).to(device).eval()
    tokens = network.tokens(texts)
    order = sorted(range(len(texts)), key=lambda row: len(tokens[row]))
    rows = np.zeros((len(texts), len(changes["head.bias"])), dtype=np.float32)
    with torch.no_grad():
        for start in range(0, len(order), 256):
            some = order[start : start + 256]
            rows[some] = network(*_padded([tokens[row] for row in some], device)).cpu().numpy()
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
    return _loaded(load(changes)).folded().eval()


def _loaded(changes: dict[str, Floats]) -> Any:
    import torch

    rank = next(len(block) for name, block in changes.items() if name.endswith(".down"))
    network = _network(len(changes["head.bias"]), Recipe(rank=rank))
    network.load_state_dict({name: torch.tensor(block) for name, block in changes.items()}, strict=False)
    return network


def _warmth(step: int, steps: int) -> float:
    """Rises over the first tenth of the steps, then falls to zero."""
    rising = max(1, steps // 10)
    return min((step + 1) / rising, max(0.0, (steps - step) / max(1, steps - rising)))


def _padded(tokens: Sequence[list[int]], device: str) -> tuple[Any, Any]:
    import torch

    longest = max(map(len, tokens))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in tokens], device=device)
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in tokens], device=device)
    return ids, mask


def _network(classes: int, recipe: Recipe) -> Any:
    from nlp.low_rank import ChangedModel

    return ChangedModel(classes, rank=recipe.rank, dropout=recipe.dropout)
