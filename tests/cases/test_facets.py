"""Facet decisions that must hold, with the model that ships: see `facets.yml`."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlp.facets.labelled import load_passages
from winloss.bootstrap import open_tools

GROUPS = yaml.safe_load(Path(__file__).with_name("facets.yml").read_text(encoding="utf-8"))
MISSED = pytest.mark.xfail(reason="the weights that ship get it wrong", raises=AssertionError, strict=True)
CASES = [
    pytest.param(
        text,
        [group["facet"]] if isinstance(group["facet"], str) else group["facet"],
        id=f"{name}: {text}",
        marks=[MISSED] if text in group.get("missed", []) else [],
    )
    for name, group in GROUPS.items()
    for text in [*group["texts"], *group.get("missed", [])]
]


@pytest.fixture(scope="module")
def tools():
    return open_tools()


@pytest.mark.model
@pytest.mark.parametrize(("text", "allowed"), CASES)
def test_facet(tools, text, allowed):
    (decision,) = tools.classifier().classify([text], tools.encoder().encode([text]))
    assert decision.facet in allowed, f"{decision.facet_score:.2f}: {decision.reason}"


def test_no_case_was_learned_from():
    learned = {passage.text.casefold() for passage in load_passages()}
    texts = [text for group in GROUPS.values() for text in [*group["texts"], *group.get("missed", [])]]
    assert not [text for text in texts if text.casefold() in learned]
