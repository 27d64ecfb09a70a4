"""What makes a pain checkable, case by case from testability.yml."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlp.facets import testability as checking
from nlp.facets.testability import Kind

CASES = yaml.safe_load(Path(__file__).with_name("testability.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['text'] or 'empty'} {case.get('products', '')}")
def test_the_words_that_make_a_pain_checkable(case):
    text = case["text"]
    found = checking.testability(text, case.get("products", ()))
    wanted = {kind: case[kind.value] for kind in Kind if kind.value in case}
    given = {kind: [text[start:end] for start, end in spans] for kind, spans in found.found.items()}
    assert given.keys() == wanted.keys()
    for kind, words in wanted.items():
        assert len(given[kind]) == len(words)
        assert all(
            said.startswith(meant[:-1]) if meant.endswith("…") else said == meant
            for said, meant in zip(given[kind], words, strict=True)
        ), (kind, given[kind])
    measured = {Kind.NUMBER, Kind.FREQUENCY, Kind.COST} & wanted.keys()
    assert found.specific == (bool(measured) or {Kind.TOOL, Kind.CONSEQUENCE} <= wanted.keys())
    assert checking.is_specific(text, case.get("products", ())) == found.specific
