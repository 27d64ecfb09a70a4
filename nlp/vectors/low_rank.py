"""A sentence model with low-rank changes beside its linear layers. Importing this module imports torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoConfig, AutoModel

from nlp.vectors.export import BUNDLED_MODEL, WEIGHTS, model_folder
from nlp.vectors.network import encodable

LONGEST = 128
"""Tokens of a passage that are read in training."""
SCALE = 2.0
"""Of the product of the two narrow matrices."""
BEYOND = 1000
"""A number that no layer has."""
UNSEEN = -30000.0
"""Added to the attention that goes to padding."""


class Changed(nn.Module):  # type: ignore[misc]
    """A linear layer that stays as it is, and what is added to its weights."""

    def __init__(self, layer: nn.Linear, *, rank: int) -> None:
        super().__init__()
        self.layer = layer
        self.down = nn.Parameter(torch.randn(rank, layer.in_features) / layer.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(layer.out_features, rank))

    def forward(self, inputs: Any) -> Any:
        down, up = self.down.to(inputs.dtype), (SCALE * self.up).to(inputs.dtype)
        return self.layer(inputs) + (inputs @ down.T) @ up.T

    def folded(self) -> nn.Linear:
        """The layer with what is added folded into its weights."""
        self.layer.weight.data += SCALE * self.up @ self.down
        return self.layer


class ChangedModel(nn.Module):  # type: ignore[misc]
    """From tokens to a row of logits per text: the changed model, the mean of its tokens, a linear head.

    The layers from number `first` on are changed; those before stay as they are. The model is the bundled one, or that
    in the folder `base` (BERT or MPNet); with `opening`, the head reads the first token beside the mean.
    """

    def __init__(
        self, classes: int, *, rank: int, dropout: float, first: int, base: Path | None = None, opening: bool = False
    ) -> None:
        super().__init__()
        folder = base or model_folder(BUNDLED_MODEL)
        self.model = _read_from(folder)
        self.model.requires_grad_(requires_grad=False)
        self.model.pooler = None
        self._replace(nn.Linear, lambda layer: Changed(layer, rank=rank), first)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(self.model.config.hidden_size * (2 if opening else 1), classes)
        self._first, self._opening = first, opening
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)

    def coarse(self) -> ChangedModel:
        """The same network with what is not trained in half precision, where that halves the time training takes.

        A processor without AVX-512 only imitates it, many times slower.
        """
        if not torch.backends.cpu.get_cpu_capability().startswith("AVX512"):
            return self
        for weight in self.model.parameters():
            if not weight.requires_grad:
                weight.data = weight.data.to(torch.bfloat16)
        return self

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """The numbers of each text's tokens."""
        return [item.ids for item in self._tokenizer.encode_batch([encodable(text) for text in texts])]

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        return self.judged(self.read(input_ids, attention_mask), attention_mask)

    def read(self, input_ids: Any, attention_mask: Any) -> Any:
        """The tokens' states after the layers that stay as they are."""
        return self._through(slice(self._first), self.model.embeddings(input_ids), attention_mask)

    def judged(self, states: Any, attention_mask: Any) -> Any:
        """The logits, from what `read` gave."""
        states = self._through(slice(self._first, None), states, attention_mask)
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1)
        seen = torch.cat([states[:, 0], mean], dim=1) if self._opening else mean
        return self.head(self.dropout(seen.float()))

    def folded(self) -> ChangedModel:
        """The same network with plain layers that hold the changes."""
        self._replace(Changed, Changed.folded)
        return self

    def _through(self, layers: slice, states: Any, attention_mask: Any) -> Any:
        encoder = self.model.encoder
        unseen = (1 - attention_mask)[:, None, None, :].to(states.dtype) * UNSEEN
        if not hasattr(encoder, "compute_position_bias"):
            for layer in encoder.layer[layers]:
                states = layer(states, unseen)
            return states
        bias = encoder.compute_position_bias(states)
        for layer in encoder.layer[layers]:
            states = layer(states, unseen, position_bias=bias)[0]
        return states

    def _replace(self, kind: type[nn.Module], made: Any, first: int = 0) -> None:
        for place, layer in self._layers(kind, first):
            parent, _, name = place.rpartition(".")
            setattr(self.model.encoder.get_submodule(parent), name, made(layer))

    def _layers(self, kind: type[nn.Module], first: int) -> Iterator[tuple[str, Any]]:
        named = [(place, layer) for place, layer in self.model.encoder.named_modules() if isinstance(layer, kind)]
        return ((place, layer) for place, layer in named if layer_of(place) >= first)


def restored(weights: Mapping[str, Any], folder: Path) -> ChangedModel:
    """The network whose folded weights are given, of the kind that the configuration in `folder` tells."""
    head = weights["head.weight"]
    width = AutoConfig.from_pretrained(str(folder), local_files_only=True).hidden_size
    network = ChangedModel(len(head), rank=1, dropout=0.0, first=BEYOND, base=folder, opening=head.shape[1] > width)
    network.load_state_dict({name: torch.from_numpy(block) for name, block in weights.items()})
    network.eval()
    return network


def _read_from(folder: Path) -> Any:
    """The model in a folder; with weights that mean nothing where it has a configuration only."""
    config = AutoConfig.from_pretrained(str(folder), local_files_only=True, attention_probs_dropout_prob=0.0)
    if not any((folder / name).exists() for name in WEIGHTS):
        return AutoModel.from_config(config, attn_implementation="eager").float()
    return AutoModel.from_pretrained(
        str(folder), config=config, local_files_only=True, attn_implementation="eager"
    ).float()


def layer_of(place: str) -> int:
    """The number in `layer.2.attention.self.query` or the name of a weight that holds it."""
    return int(place.partition("layer.")[2].partition(".")[0])
