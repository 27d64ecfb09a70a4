"""Cases of proof asked for and proof had: what the rules say, and what the head makes of passages it never saw."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from nlp.facets.proof_cues import told_side
from nlp.facets.proof_sides import proof_sides
from nlp.facets.proof_training import passages
from winloss.model import ProofSide

CASES = yaml.safe_load(Path(__file__).with_name("proof_sides.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"] or "empty")
def test_the_side_that_the_rules_give(case):
    side, span = told_side(case["text"])
    assert side == case["side"]
    assert (span is None) == (side is ProofSide.UNCLEAR)
    if "words" in case:
        assert case["text"][slice(*span)] == case["words"]


def test_the_wording_alone_tells_most_of_the_half_it_was_not_trained_on():
    rows = passages("test")
    given = proof_sides([row["text"] for row in rows])
    right = [side == row["side"] for side, row in zip(given, rows, strict=True)]
    assert sum(right) / len(right) > 0.7


def test_no_passage_is_in_both_halves():
    halves = [{row["text"] for row in passages(name)} for name in ("dev", "test")]
    assert halves[0].isdisjoint(halves[1])
    assert min(map(len, halves)) >= 150


def test_vectors_of_another_encoder_are_left_aside_and_a_wrong_number_is_refused():
    texts = ["Show me a customer our size before I sign.", "They gave us the letter and we signed."]
    vectors = np.ones((2, 7), dtype=np.float32)
    assert proof_sides(texts, vectors, encoder="another") == proof_sides(texts)
    assert proof_sides([]) == []
    with pytest.raises(ValueError, match="2 texts"):
        proof_sides(texts, vectors[:1])
