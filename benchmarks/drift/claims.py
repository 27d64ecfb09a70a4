"""Does a claim without quotes cover what is new? Claims with a known answer, held against groups with a known subject.

    python benchmarks/drift/claims.py demo WORKSPACE        claims of `claims.toml`, groups of the demo's planted codes
    python benchmarks/drift/claims.py argkp DATA            key points, groups of the arguments that they sum up

A group is a node of the dendrogram over everything of its set that is, for the most part, about one subject; all else
about that subject is taken away, so that the group is new. The rest was said before. WORKSPACE is one in which the demo
was analysed. DATA holds `argkp-2021`.
"""

from __future__ import annotations

import csv
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.signal.aboutness import Before
from nlp.signal.coverage import SynthesisTheme, coverage
from nlp.signal.dendrogram import leaves_of, nodes_over

HERE = Path(__file__).parent
STATEMENT_LIMIT = 0.30
DECK = 6

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim held against a group: whether it is about it, and the three measures."""

    covers: bool
    beside: bool
    rank: float
    fit: float
    gap: float


def main() -> None:
    """Print how well claims are told apart, by each measure and by the rule."""
    name, place = sys.argv[1], Path(sys.argv[2])
    pairs = list({"demo": demo, "argkp": argkp}[name](place))
    told = [pair for pair in pairs if not pair.beside]
    _print(name, told)
    if any(pair.beside for pair in pairs):
        _print(f"{name}, claims beside it", [pair for pair in pairs if pair.beside or pair.covers])


def held(group: Floats, before: Floats, claims: Sequence[tuple[Floats, bool, bool]]) -> Iterator[Pair]:
    """Every claim (vector, whether it is about the group, whether it lies beside it) against one group."""
    earlier = Before(before)
    for statement, covers, beside in claims:
        gap = coverage(group, [SynthesisTheme(name="", statement=statement)]).gap
        yield Pair(covers, beside, earlier.rank(statement, group), earlier.fit(statement, group), gap or 0.0)


def by_rule(pair: Pair) -> bool:
    """The rule in use (`nlp.signal.aboutness`, `nlp.signal.coverage`)."""
    return Before.agrees(pair.rank, pair.fit) and pair.gap <= STATEMENT_LIMIT


# --- the sets --------------------------------------------------------------------------------------------------------


def demo(workspace: Path) -> Iterator[Pair]:
    """Up to four groups of every planted code."""
    from fixtures import build
    from winloss.bootstrap import open_workbench
    from winloss.services.drift.drift_cells import OF_SUBSTANCE

    bench = open_workbench(workspace)
    written = tomllib.loads((HERE / "claims.toml").read_text(encoding="utf-8"))
    texts = [(code, False, text) for code, some in written["covers"].items() for text in some]
    texts += [(entry["near"], True, text) for entry in written["beside"] for text in entry["claims"]]
    statements = bench.encoder().encode([text for *_, text in texts])
    planted = {post["post_id"]: post["code"] for post in build.posts()}
    planted |= {entry["inquiry_id"]: entry["code"] for entry in build.inquiries()}
    documents = {document.id: document.external_id for document in bench.store.documents()}
    rows = [row for row in bench.store.evidence() if row.facet in OF_SUBSTANCE]
    code_of = np.array([planted.get(documents[row.document_id], "") for row in rows])
    vectors = bench.vectors().get([row.key for row in rows])
    nodes = _nodes(vectors)
    for code in written["covers"]:
        mine = code_of == code
        for group in _groups_about(nodes, mine, code_of != "", most=4, largest=16, purity=0.7):
            claims = [
                (statement, near == code and not beside, beside)
                for statement, (near, beside, _) in zip(statements, texts, strict=True)
                if near == code or not beside
            ]
            yield from held(vectors[group], vectors[~group & ~mine], claims)
    bench.store.close()


def argkp(data: Path) -> Iterator[Pair]:
    """One group of the arguments of every key point, among those of all four topics."""
    from winloss.bootstrap import open_tools

    arguments, points, labels = (_table(data / "argkp-2021" / f"{name}_dev.csv") for name in _ARGKP)
    encode = open_tools().encoder().encode
    vectors, statements = (
        encode([row["argument"] for row in arguments]),
        encode([row["key_point"] for row in points]),
    )
    matched = {(row["arg_id"], row["key_point_id"]) for row in labels if row["label"] == "1"}
    says = np.array([[(a["arg_id"], p["key_point_id"]) in matched for p in points] for a in arguments])
    nodes = _nodes(vectors)
    everything = np.ones(len(says), dtype=bool)
    for number in range(len(points)):
        if says[:, number].sum() < 6:
            continue
        for group in _groups_about(nodes, says[:, number], everything, most=1, largest=len(says), purity=0.6):
            also = says[group].mean(axis=0)
            claims = [
                (statement, other == number, False)
                for other, statement in enumerate(statements)
                if other == number or also[other] <= 0.2
            ]
            yield from held(vectors[group], vectors[~group & ~says[:, number]], claims)


_ARGKP = ("arguments", "key_points", "labels")


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- groups ----------------------------------------------------------------------------------------------------------


def _nodes(vectors: Floats):
    """Nodes x rows (0/1) of at least three rows and at most a third."""
    leaves, centres = leaves_of(vectors, 0)
    found = nodes_over(centres, 1 / 3, 0)[:, leaves].tocsr()
    size = found.getnnz(axis=1)
    return found[np.flatnonzero((size >= 3) & (size <= len(vectors) / 3))]


def _groups_about(nodes, mine: Bools, known: Bools, *, most: int, largest: int, purity: float) -> Iterator[Bools]:
    """Nodes that are about a subject, as far as it is known, and share no row: the purest of up to `largest` rows.

    Where one is asked for, it is the one that finds the subject best (F1).
    """
    size = nodes.getnnz(axis=1)
    hits, of = (np.asarray(nodes @ rows.astype(float)).ravel() for rows in (mine, known))
    pure = hits / np.maximum(of, 1)
    fits = np.flatnonzero((hits >= 3) & (pure >= purity) & (of >= 4) & (2 * of >= size) & (size <= largest))
    found = 2 * hits / (of + mine.sum())
    order = sorted(fits, key=lambda node: -found[node] if most == 1 else (-pure[node], -size[node]))
    taken = np.zeros(len(mine), dtype=bool)
    for node in order:
        group = np.zeros(len(mine), dtype=bool)
        group[nodes[node].indices] = True
        if most and not (group & taken).any():
            taken |= group
            most -= 1
            yield group


# --- what came of it -------------------------------------------------------------------------------------------------


def _print(name: str, pairs: Sequence[Pair]) -> None:
    covering, others = ([pair for pair in pairs if pair.covers is wanted] for wanted in (True, False))
    print(f"{name}: {len(covering)} pairs that cover, {len(others)} that do not")
    for measure, sign in (("rank", 1), ("fit", 1), ("gap", -1)):
        ours, theirs = (np.array([sign * getattr(pair, measure) for pair in some]) for some in (covering, others))
        area = (ours[:, None] > theirs[None]).mean() + (ours[:, None] == theirs[None]).mean() / 2
        print(f"  {measure:<5} area under the curve {area:.3f}")
    right, wrong = (float(np.mean([by_rule(pair) for pair in some])) for some in (covering, others))
    honest, caught = 1 - (1 - right) * (1 - wrong) ** (DECK - 1), (1 - wrong) ** DECK
    print(
        f"  covering found {right:.2f}, others taken for it {wrong:.3f}; "
        f"decks of {DECK}: honest believed {honest:.2f}, laundering caught {caught:.2f}"
    )


if __name__ == "__main__":
    main()
