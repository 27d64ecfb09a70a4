"""Makes the weights that decide stances from the labelled pairs: `python -m nlp.stances.stance_training DATA`.

DATA is the folder with the public text that some pairs point into. Learned from are the training part and the part to
choose by; how the answers are scaled comes from folds in which the statement was not seen. The pairs written later are
left out: with them the forests told sides no better (`benchmarks/stance`). The test part is looked at there only.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.facets.labelled import DEV, TRAIN
from nlp.stances.forest import Forest, arrays_of, planted
from nlp.stances.quick_stance import FOREST, Weights, inputs
from nlp.stances.stance_features import feature_names, frame_of, words_mark
from nlp.stances.stance_labelled import DATA, Pair, load_pairs, load_real, of_parts
from winloss.model import Stance, fingerprint, text_key
from winloss.ports import Encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SEED = 1
TREES, LEAF, SHARE = 120, 3, 0.3
FOLDS = 5
REAL = 250
"""Pairs of public text of each stance that are learned from; they are of another register than buyers' words."""
REAL_WEIGHT = 0.3
NEAREST, ANY = 8, 12
"""Passages of other statements, the nearest in meaning and any, that each statement is shown as saying nothing of it:
among what is searched for a statement, few verbatims speak of it."""
STRANGER_WEIGHT = 0.5


def main() -> None:
    """Learn from the training parts and write the weights into `nlp/data`."""
    from platformdirs import user_cache_path

    from nlp.vectors.encode import SentenceEncoder
    from nlp.vectors.export import BUNDLED_MODEL

    encoder = SentenceEncoder(BUNDLED_MODEL, cache=user_cache_path("winloss", appauthor=False) / "models")
    real = of_parts(load_real(Path(sys.argv[1])), TRAIN, DEV) if len(sys.argv) > 1 else []
    write(learned(of_parts(load_pairs(later=False), TRAIN, DEV), some_of(real, REAL), encoder))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """Inputs, stances and weights of pairs, whether each statement says "not", and what is never split."""

    rows: Floats
    stances: Any
    weights: Any
    negated: Any
    groups: Any

    def part(self, chosen: Any) -> Table:
        """The rows that are chosen."""
        names = ("rows", "stances", "weights", "negated", "groups")
        return Table(**{name: getattr(self, name)[chosen] for name in names})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learned:
    """Both forests and how their answers are scaled."""

    about: Forest
    way: Forest
    scales: tuple[tuple[float, float], tuple[float, float]]

    @property
    def fingerprint(self) -> str:
        """Changes with the weights and the vocabulary."""
        arrays = {**arrays_of(self.about, "about"), **arrays_of(self.way, "way")}
        return fingerprint(
            "stance-forest", words_mark(), repr(self.scales), *(text_key(repr(b.tolist())) for b in arrays.values())
        )

    @property
    def weights(self) -> Weights:
        """As the judge takes them."""
        return Weights(self.about, self.way, self.scales, self.fingerprint)


def some_of(pairs: Iterable[Pair], count: int) -> list[Pair]:
    """At most `count` pairs of each stance, drawn by chance with a fixed seed."""
    kinds: dict[Stance, list[Pair]] = defaultdict(list)
    for pair in pairs:
        kinds[pair.stance].append(pair)
    chance = random.Random(SEED)
    return [pair for kind in Stance for pair in chance.sample(kinds[kind], min(count, len(kinds[kind])))]


def learned(own: Sequence[Pair], real: Sequence[Pair], encoder: Encoder) -> Learned:
    """What these pairs teach; passages of other statements beside them count as saying nothing of a statement."""
    others = strangers(own, encoder)
    weights = [1.0] * len(own) + [STRANGER_WEIGHT] * len(others) + [REAL_WEIGHT] * len(real)
    table = table_of([*own, *others, *real], weights, encoder)
    about, way = _forests(table)
    return Learned(about=about, way=way, scales=_scales(table))


def strangers(pairs: Sequence[Pair], encoder: Encoder) -> list[Pair]:
    """For each statement passages of other groups, the nearest to it and some others, as saying nothing of it."""
    statements = list({pair.statement: pair for pair in pairs}.values())
    texts = list({pair.text: pair for pair in pairs}.values())
    near = encoder.encode([pair.statement for pair in statements]) @ encoder.encode([pair.text for pair in texts]).T
    found, chance = [], random.Random(SEED)
    for place, pair in enumerate(statements):
        foreign = [row for row in np.argsort(-near[place], kind="stable") if texts[row].group != pair.group]
        chosen = [*foreign[:NEAREST], *chance.sample(foreign[NEAREST:], min(ANY, len(foreign[NEAREST:])))]
        found += [_stranger(pair, texts[row]) for row in chosen]
    return found


def table_of(pairs: Sequence[Pair], weights: Sequence[float], encoder: Encoder) -> Table:
    """The pairs as the forests take them."""
    statements, texts = encoder.encode([p.statement for p in pairs]), encoder.encode([p.text for p in pairs])
    near = (statements * texts).sum(axis=1).astype(np.float64)
    frames = {pair.statement: frame_of(pair.statement) for pair in pairs}
    rows = [inputs(frames[p.statement], [p.text], near[place : place + 1])[0] for place, p in enumerate(pairs)]
    return Table(
        rows=np.vstack(rows),
        stances=np.array([list(Stance).index(pair.stance) for pair in pairs]),
        weights=np.array(weights, dtype=np.float64),
        negated=np.array([frames[pair.statement].negated for pair in pairs]),
        groups=np.array([pair.group for pair in pairs]),
    )


def write(found: Learned, target: Path = DATA) -> None:
    """Keep the weights in `target`."""
    arrays = {**arrays_of(found.about, "about"), **arrays_of(found.way, "way")}
    np.savez_compressed(target / f"{FOREST}.npz", allow_pickle=False, **arrays)
    about = {
        "fingerprint": found.fingerprint,
        "words": words_mark(),
        "scales": [list(scale) for scale in found.scales],
        "inputs": [*feature_names(), "cosine"],
    }
    (target / f"{FOREST}.json").write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _stranger(pair: Pair, other: Pair) -> Pair:
    return Pair(statement=pair.statement, text=other.text, stance=Stance.UNRELATED, field=pair.field, group=pair.group)


def _forests(table: Table) -> tuple[Forest, Forest]:
    """One that knows whether a passage speaks of the statement, one whether it is for its subject."""
    related = table.stances != 2
    spoken = table.part(related)
    for_it = (spoken.stances == 0) ^ spoken.negated
    return (
        planted(table.rows, related, table.weights, trees=TREES, leaf=LEAF, share=SHARE, seed=SEED),
        planted(spoken.rows, for_it, spoken.weights, trees=TREES, leaf=LEAF, share=SHARE, seed=SEED),
    )


def _scales(table: Table) -> tuple[tuple[float, float], tuple[float, float]]:
    """Factor and shift of each forest's logit under which what was not learned from is likeliest."""
    from sklearn.model_selection import GroupKFold

    about, way = np.zeros(len(table.stances)), np.zeros(len(table.stances))
    for learn, rest in GroupKFold(FOLDS).split(table.rows, table.stances, table.groups):
        speaks, leans = _forests(table.part(learn))
        about[rest], way[rest] = speaks.chances(table.rows[rest]), leans.chances(table.rows[rest])
    related = table.stances != 2
    for_it = (table.stances == 0) ^ table.negated
    return (
        _scale(about, related, table.weights),
        _scale(way[related], for_it[related], table.weights[related]),
    )


def _scale(chances: Floats, yes: Any, weights: Any) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    held = np.clip(chances, 1e-4, 1 - 1e-4)
    fitted = LogisticRegression(C=100.0).fit(np.log(held / (1 - held)).reshape(-1, 1), yes, sample_weight=weights)
    return round(float(fitted.coef_[0, 0]), 4), round(float(fitted.intercept_[0]), 4)


if __name__ == "__main__":
    main()
