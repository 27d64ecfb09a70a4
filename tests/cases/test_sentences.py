"""Where short texts are cut into sentences, case by case from sentences.yml."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlp.text.sentences import punctuated

CASES = yaml.safe_load(Path(__file__).with_name("sentences.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_sentences_end_where_their_punctuation_says(name):
    text = CASES[name].replace("|", "")
    assert [text[start:end] for start, end in punctuated(text)] == [part.strip() for part in CASES[name].split("|")]
