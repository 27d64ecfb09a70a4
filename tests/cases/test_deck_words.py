"""Numbers in claims, and questions that lead: `deck_numbers.yml`, `leading.yml`."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlp.decks.deck_numbers import quantities, without_counting
from nlp.text.leading import leading

HERE = Path(__file__).parent
NUMBERS = yaml.safe_load((HERE / "deck_numbers.yml").read_text(encoding="utf-8"))
QUESTIONS = yaml.safe_load((HERE / "leading.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_about_people_are_found(text):
    says, *left = NUMBERS[text]
    found = quantities(text)
    assert [item.says.casefold() for item in found] == [str(word).casefold() for word in says]
    assert all(text[item.start : item.end] == item.words for item in found)
    if left:
        assert without_counting(text) == left[0]


@pytest.mark.parametrize("question", QUESTIONS["leading"])
def test_a_leading_question_is_told(question):
    assert leading(question)


@pytest.mark.parametrize("question", QUESTIONS["open"])
def test_an_open_question_is_not(question):
    assert leading(question) is None
