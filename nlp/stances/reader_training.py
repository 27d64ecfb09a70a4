"""Teaches a sentence model to read a statement and a passage side by side: which side the passage takes, if any.

    python -m nlp.stances.reader_training BASE DATA

BASE is the folder of the model it starts from, all-mpnet-base-v2 (MPNet: Song et al., arXiv:2004.09297); DATA holds the
public text that some pairs point into. Learned from are the training parts of all labelled pairs, in four passes:
those of the first writers and of passages as they come; these twice more with debates beside them, for what is said for
and against a motion teaches sides, where passages as they come mostly teach what speaks of a statement at all; then
those of the product's own field, with some of the others so that these are not forgotten; at last some of all with
statements beside passages of something else, since writers of pairs leave those out. Takes about four hours of two
cores and 5 GiB; needs torch. What is trained are low-rank changes and a head (`nlp.facets.tuning`); what is written
into `nlp/data` is the model with the changes in its weights (`nlp.vectors.packed`), and how its answers are scaled.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from nlp.facets import tuning
from nlp.facets.labelled import DEV, TRAIN, load_passages
from nlp.stances.stance_labelled import (
    DATA,
    Pair,
    load_field,
    load_motions,
    load_pairs,
    load_read,
    load_real,
    of_parts,
)
from nlp.stances.stance_reader import ABOUT, NETWORK, Scales, split, together
from nlp.vectors.export import exported_packed
from nlp.vectors.network import TextNetwork
from nlp.vectors.packed import pack
from winloss.errors import ConfigError
from winloss.model import Stance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

BASE_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""Of the base's `model.safetensors`, as its publisher gives it."""
BESIDE = ("config.json", "tokenizer.json")
"""Files of the base that are kept beside the weights."""
FIRST = tuning.Recipe(rank=16, first=5, epochs=1, batch=24, rate=4e-4, unsure=0.03, seed=1, opening=True)
SECOND = replace(FIRST, epochs=2, seed=2)
THIRD, FOURTH = replace(FIRST, seed=7), replace(FIRST, rate=3e-4, seed=11)
DEBATES = 3500, 0.6
"""Pairs of a key point and an argument that are learned from, and how much each of the debates counts."""
FAR = 2600, 0.8
"""Statements of the field with a passage that was written for another, and how much each counts."""
FITTED = 300
"""Pairs of each kind that the scales are fitted on, of the parts to choose by; `far` is one of the kinds."""
SEED = 1
STANCES = list(Stance)


@dataclass(frozen=True, slots=True)
class Share:
    """How much a pair counts, and which share of those that say nothing of their statement is learned from."""

    weight: float
    unrelated: float
    unrelated_weight: float


WRITTEN = Share(1.0, 0.4, 0.7)
READ = {"search": Share(1.5, 0.2, 1.5), "situation": Share(1.2, 0.07, 1.2)}
"""Of passages as they come, eight in nine say nothing of the statement they are held against."""
FIELD = Share(1.0, 0.6, 1.0)


def main() -> None:
    """Learn, and write the network and its scales into `nlp/data`."""
    base, data = Path(sys.argv[1]), Path(sys.argv[2])
    check(base)
    own, read = of_parts(load_pairs(), TRAIN), of_parts(load_read(), TRAIN)
    rows = chosen(own, WRITTEN)
    for origin, share in READ.items():
        rows += chosen([pair for pair in read if pair.origin == origin], share)
    changes = taught(rows, replace(FIRST, base=base))
    rows += debates(data)
    changes = taught(rows, replace(SECOND, base=base), start=changes)
    field = chosen(of_parts(load_field(), TRAIN), FIELD)
    changes = taught([*field, *_some(rows, 0.38)], replace(THIRD, base=base), start=changes)
    mixed = [*_some(field, 0.4), *_some(rows, 0.2), *far([pair for pair, _ in field], TRAIN)]
    changes = taught(mixed, replace(FOURTH, base=base), start=changes)
    write(changes, base)


def check(base: Path) -> None:
    """Whether the base is the one that training starts from.

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


def far(pairs: Sequence[Pair], part: str, *, many: int = FAR[0]) -> list[tuple[Pair, float]]:
    """Statements of these pairs beside passages of others' or that were labelled for their facets: unrelated all."""
    chance = random.Random(SEED)
    of_group: dict[str, set[str]] = {}
    for pair in pairs:
        of_group.setdefault(pair.group, set()).add(pair.text)
    heads = sorted({(pair.statement, pair.group) for pair in pairs})
    written = sorted({pair.text for pair in pairs})
    labelled = [passage.text for passage in load_passages() if passage.part == part]
    drawn = [(*chance.choice(heads), chance.choice(written if number % 2 else labelled)) for number in range(many)]
    return [
        (Pair(statement=told, text=text, stance=Stance.UNRELATED, field="far", group=group), FAR[1])
        for told, group, text in drawn
        if text not in of_group[group]
    ]


def _some(rows: Sequence[tuple[Pair, float]], share: float) -> list[tuple[Pair, float]]:
    return random.Random(SEED).sample(rows, int(share * len(rows)))


def taught(
    rows: Sequence[tuple[Pair, float]], recipe: tuning.Recipe, *, start: dict[str, Floats] | None = None
) -> dict[str, Floats]:
    """The changes that these pairs teach, a column of the head per `Stance` in its order."""
    targets = np.eye(len(STANCES), dtype=np.float32)[answers([pair for pair, _ in rows])]
    weights = np.array([weight for _, weight in rows], dtype=np.float32)
    texts = [together(pair.statement, pair.text) for pair, _ in rows]
    return tuning.tune(texts, targets, weights, recipe=recipe, start=start)


def write(changes: dict[str, Floats], base: Path, folder: Path = DATA) -> None:
    """Write the base with these changes, packed, and the scales under which the answers are likeliest."""
    network = tuning.folded(changes, replace(FOURTH, base=base))
    packed = folder / NETWORK
    pack({name: block.numpy() for name, block in network.state_dict().items()}, base, BESIDE, packed)
    with packed.open("rb") as stream:
        mark = file_digest(stream, "sha256").hexdigest()
    with TemporaryDirectory() as cache:
        reading = TextNetwork(exported_packed(packed, Path(cache)), small=False)
        pairs = to_choose_by()
        rows = reading.rows([together(pair.statement, pair.text) for pair in pairs])
    scales = fitted(rows, answers(pairs))
    about = {"sha256": mark, "scales": [round(value, 4) for value in (scales.factor, scales.shift, scales.way)]}
    (folder / ABOUT).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def to_choose_by() -> list[Pair]:
    """Some pairs of every kind, of the parts to choose by, drawn by chance with a fixed seed."""
    read = load_read()
    kinds = [load_pairs(), *([pair for pair in read if pair.origin == origin] for origin in READ), load_field()]
    parts = [of_parts(pairs, DEV) for pairs in kinds]
    parts.append([pair for pair, _ in far(parts[-1], DEV)])
    return [pair for part in parts for pair in random.Random(SEED).sample(part, min(FITTED, len(part)))]


def fitted(rows: Floats, wanted: NDArray[np.int64]) -> Scales:
    """The scales under which the answers wanted (places of `Stance`) are likeliest, given the network's logits."""
    from sklearn.linear_model import LogisticRegression

    speaks, for_it = split(rows.astype(np.float64))
    speaking = wanted < STANCES.index(Stance.UNRELATED)
    about = LogisticRegression(C=1e4).fit(speaks.reshape(-1, 1), speaking)
    way = LogisticRegression(C=1e4, fit_intercept=False)
    way.fit(for_it[speaking].reshape(-1, 1), wanted[speaking] == STANCES.index(Stance.SUPPORTS))
    return Scales(float(about.coef_[0, 0]), float(about.intercept_[0]), float(way.coef_[0, 0]))


def answers(pairs: Sequence[Pair]) -> NDArray[np.int64]:
    """The place of each pair's stance in `Stance`."""
    return np.array([STANCES.index(pair.stance) for pair in pairs])


if __name__ == "__main__":
    main()
