"""Fusing the scores by words with the scores by meaning, and what stands around a passage."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from winloss.search.hybrid import DOCUMENT, FADING, NEIGHBOURS, REACH, WORDS, fuse

NAN = float("nan")
score = st.floats(-50, 50, width=32).map(lambda value: round(value, 3))
place = st.sampled_from([*range(12), 900, 40_000])
candidate = st.tuples(st.one_of(score, st.just(NAN)), score, st.integers(0, 4), place)


def fused(candidates: list[tuple[float, float, int, int]]) -> NDArray[np.float64]:
    words, cosines, documents, turns = zip(*candidates, strict=True)
    return fuse(
        np.array(words, dtype=np.float32),
        np.array(cosines, dtype=np.float32),
        np.array(documents, dtype=np.int32),
        np.array(turns, dtype=np.int32),
    )


def plainly(candidates: list[tuple[float, float, int, int]]) -> list[float]:
    """The same rule written out pair by pair."""

    def standard(scores: list[float]) -> list[float]:
        known = [value for value in scores if value == value]
        if not known:
            return [0.0] * len(scores)
        mean = sum(known) / len(known)
        spread = (sum((value - mean) ** 2 for value in known) / len(known)) ** 0.5 if len(set(known)) > 1 else 1.0
        return [((value if value == value else min(known)) - mean) / spread for value in scores]

    words, cosines = standard([item[0] for item in candidates]), standard([item[1] for item in candidates])
    own = [WORDS * one + (1 - WORDS) * other for one, other in zip(words, cosines, strict=True)]
    mean = sum(own) / len(own)
    whole = 2 * sum(exp(-apart / FADING) for apart in range(1, REACH + 1))
    totals = []
    for place, (_, _, document, turn) in enumerate(candidates):
        beside = [
            (own[other], abs(turn - candidates[other][3]))
            for other in range(len(own))
            if other != place and candidates[other][2] == document
        ]
        around = sum(exp(-apart / FADING) * max(value - mean, 0) for value, apart in beside if apart <= REACH) / whole
        best = max([own[place], *(value for value, _ in beside)])
        totals.append(own[place] + NEIGHBOURS * around + DOCUMENT * best)
    return totals


def varied(values: list[float]) -> bool:
    """Whether their spread is more than rounding noise."""
    known = [value for value in values if value == value]
    return not known or float(np.std(known)) > 0.01 or len(set(known)) == 1


@given(st.lists(candidate, min_size=1, max_size=40))
def test_is_the_rule_written_out(candidates: list[tuple[float, float, int, int]]) -> None:
    if varied([item[0] for item in candidates]) and varied([item[1] for item in candidates]):
        assert fused(candidates).tolist() == pytest.approx(plainly(candidates), abs=1e-4)


@given(st.lists(candidate, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_does_not_depend_on_the_order_of_the_candidates(candidates: list, shuffler) -> None:  # type: ignore[no-untyped-def, type-arg]
    places = list(range(len(candidates)))
    shuffler.shuffle(places)
    assert fused([candidates[place] for place in places]).tolist() == pytest.approx(
        fused(candidates)[places].tolist(), abs=1e-6
    )


@given(st.lists(st.tuples(score, score), min_size=2, max_size=30))
def test_alone_in_its_document_the_better_in_both_is_never_below(pairs: list[tuple[float, float]]) -> None:
    totals = fused([(*pair, place, 0) for place, pair in enumerate(pairs)])
    for one, (words, cosine) in enumerate(pairs):
        for other, (fewer, further) in enumerate(pairs):
            if words >= fewer and cosine >= further:
                assert totals[one] >= totals[other] - 1e-6


@given(st.lists(candidate, min_size=2, max_size=30))
def test_nothing_loses_by_what_stands_around_it(candidates: list[tuple[float, float, int, int]]) -> None:
    alone = fused([(words, cosine, place, 0) for place, (words, cosine, _, _) in enumerate(candidates)])
    assert (fused(candidates) >= alone - 1e-6).all()


def test_where_a_conversation_is_about_it_more_is_found_there() -> None:
    elsewhere, amid = (2.0, 0.5, 1, 7), (2.0, 0.5, 2, 7)
    around = [(5.0, 0.8, 2, 6), (5.0, 0.8, 2, 8)]
    rest = [(0.5, 0.1, number, 0) for number in range(10, 30)]
    totals = fused([elsewhere, amid, *around, *rest])
    assert totals[1] > totals[0]
    assert min(totals[2:4]) > totals[1]


def test_scores_of_any_scale_fuse_alike() -> None:
    candidates = [(9.0, 0.3, 0, 0), (NAN, 0.9, 1, 0), (3.0, 0.1, 2, 0), (4.0, 0.2, 3, 0)]
    stretched = [(100 * words - 7, cosine, document, turn) for words, cosine, document, turn in candidates]
    assert fused(stretched).tolist() == pytest.approx(fused(candidates).tolist(), abs=1e-4)


def test_where_one_kind_knows_nothing_the_other_decides() -> None:
    assert np.argsort(-fused([(NAN, 0.1, 0, 0), (NAN, 0.9, 1, 0), (NAN, 0.5, 2, 0)])).tolist() == [1, 2, 0]
    assert np.argsort(-fused([(1.0, NAN, 0, 0), (9.0, NAN, 1, 0), (NAN, NAN, 2, 0)])).tolist() == [1, 0, 2]
    assert len(fuse(*(np.zeros(0, dtype=kind) for kind in (np.float32, np.float32, np.int32, np.int32)))) == 0
