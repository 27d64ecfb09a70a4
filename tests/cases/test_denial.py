"""Cases of denial: what a passage denies, and with which words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlp.facets.denial import denial
from winloss.model import THEMED_FACETS

CASES = yaml.safe_load(Path(__file__).with_name("denial.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"] or "empty")
def test_the_words_that_deny(case):
    text = case["text"]
    wanted = {facet.value: case[facet.value] for facet in THEMED_FACETS if facet.value in case}
    assert bool(wanted) != bool(case.get("none"))
    spans = {facet.value: span for facet in THEMED_FACETS if (span := denial(text, facet))}
    given = {facet: text[start:end] for facet, (start, end) in spans.items()}
    assert given.keys() == wanted.keys(), given
    for facet, words in wanted.items():
        said = given[facet].casefold()
        assert said.startswith(words[:-1].casefold()) if words.endswith("…") else said == words.casefold()
