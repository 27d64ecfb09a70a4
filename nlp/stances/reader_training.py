"""Teaches a larger sentence model to read a statement and a passage side by side: which side the passage takes, if any.

    python -m nlp.stances.reader_training BASE DATA

BASE is the folder of the model it starts from, all-mpnet-base-v2 (MPNet: Song et al., arXiv:2004.09297); DATA holds the
public text that some pairs point into. Learned from are the training parts of all labelled pairs, first once, then
twice more with the debates beside them: what is said for and against a motion teaches sides where passages as they come
mostly teach what speaks of a statement at all. Takes about two hours of two cores and 4 GiB; needs torch. What is kept
are low-rank changes and a head (`nlp.facets.tuning`); the base stays as its publisher made it.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlp.facets import tuning
from nlp.facets.labelled import TRAIN
from nlp.stances.stance_labelled import DATA, Pair, load_motions, load_pairs, load_read, load_real, of_parts
from winloss.errors import ConfigError
from winloss.model import Stance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

CHANGES = DATA / "stance_reader.npz"
BASE_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""Of the base's `model.safetensors`, as its publisher gives it."""
FIRST = tuning.Recipe(rank=16, first=5, epochs=1, batch=24, rate=4e-4, unsure=0.03, seed=1, opening=True)
SECOND = replace(FIRST, epochs=2, seed=2)
DEBATES = 3500, 0.6
"""Pairs of a key point and an argument that are learned from, and how much each of the debates counts."""
SEED = 1


@dataclass(frozen=True, slots=True)
class Share:
    """How much a pair counts, and which share of those that say nothing of their statement is learned from."""

    weight: float
    unrelated: float
    unrelated_weight: float


WRITTEN = Share(1.0, 0.4, 0.7)
READ = {"search": Share(1.5, 0.2, 1.5), "situation": Share(1.2, 0.07, 1.2)}
"""Of passages as they come, eight in nine say nothing of the statement they are held against."""


def main() -> None:
    """Learn, and write the changes into `nlp/data`."""
    base, data = Path(sys.argv[1]), Path(sys.argv[2])
    check(base)
    own, read = of_parts(load_pairs(), TRAIN), of_parts(load_read(), TRAIN)
    rows = chosen(own, WRITTEN)
    for origin, share in READ.items():
        rows += chosen([pair for pair in read if pair.origin == origin], share)
    changes = taught(rows, replace(FIRST, base=base))
    changes = taught([*rows, *debates(data)], replace(SECOND, base=base), start=changes)
    tuning.save(changes, CHANGES)


def together(statement: str, text: str) -> str:
    """A statement and a passage as the model reads them: one text with the model's own border between them."""
    return f"{statement}</s></s>{text}"


def check(base: Path) -> None:
    """Whether the base is the one that the changes belong to.

    Raises:
        ConfigError: it is not there, or another.
    """
    try:
        with (base / "model.safetensors").open("rb") as weights:
            found = file_digest(weights, "sha256").hexdigest()
    except OSError:
        found = ""
    if found != BASE_SHA256:
        raise ConfigError(f"{base} does not hold all-mpnet-base-v2", hint="Name the folder with its model.safetensors.")


def chosen(pairs: Iterable[Pair], share: Share) -> list[tuple[Pair, float]]:
    """Every pair that speaks and some of the others, drawn by chance with a fixed seed, with how much each counts."""
    chance = random.Random(SEED)
    return [
        (pair, share.unrelated_weight if pair.stance is Stance.UNRELATED else share.weight)
        for pair in pairs
        if pair.stance is not Stance.UNRELATED or chance.random() < share.unrelated
    ]


def debates(data: Path) -> list[tuple[Pair, float]]:
    """Arguments for and against motions, and some for and against key points, with how much each counts."""
    many, weight = DEBATES
    points = [pair for pair in of_parts(load_real(data), TRAIN) if pair.stance is not Stance.UNRELATED]
    some = random.Random(SEED).sample(points, min(many, len(points)))
    return [(pair, weight) for pair in [*of_parts(load_motions(data), TRAIN), *some]]


def taught(
    rows: Sequence[tuple[Pair, float]], recipe: tuning.Recipe, *, start: dict[str, Floats] | None = None
) -> dict[str, Floats]:
    """The changes that these pairs teach, a column of the head per `Stance` in its order."""
    stances = list(Stance)
    targets = np.eye(len(stances), dtype=np.float32)[[stances.index(pair.stance) for pair, _ in rows]]
    weights = np.array([weight for _, weight in rows], dtype=np.float32)
    texts = [together(pair.statement, pair.text) for pair, _ in rows]
    return tuning.tune(texts, targets, weights, recipe=recipe, start=start)


if __name__ == "__main__":
    main()
