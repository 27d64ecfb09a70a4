"""Verbatims of turns, case by case from segment.yml."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlp.text.segment import segment

CASES = yaml.safe_load(Path(__file__).with_name("segment.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_a_turn_gives_its_verbatims(name):
    text = CASES[name]["text"]
    assert [text[span.start : span.end] for span in segment([text])[0]] == CASES[name]["verbatims"]
