"""What people marked elsewhere becomes verbatims with their codes, to the character; the rest is found around it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from winloss.model import Highlight, Side, Speaker, Turn
from winloss.services.analysis import marked_spans

BUYER = Speaker(name="Ann", respondent="r", side=Side.BUYER, side_evidence="")


def turn(text, *marks):
    return Turn(id="t", document_id="d", ordinal=0, speaker=BUYER, text=text, highlights=marks)


def mark(start, end, *codes, coder=None):
    return Highlight(turn=0, start=start, end=end, codes=codes, coder=coder)


def test_codes_of_one_span_are_put_together_and_white_space_is_left_out():
    spans = marked_spans(turn(" It doubled. ", mark(0, 13, "pain"), mark(1, 12, "cfo", "pain", coder="dana")), ())
    ((span, found),) = spans.items()
    assert (span.start, span.end) == (1, 12)
    assert (found.codes, found.coder) == (("pain", "cfo"), "dana")


def test_what_touches_the_words_of_others_is_left_out():
    assert marked_spans(turn("> they said. I said.", mark(5, 20, "x")), ((0, 12),)) == {}


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4))
def test_marked_spans_are_words_of_the_turn(text, places):
    marks = [mark(*sorted(min(place, len(text)) for place in pair), "x") for pair in places]
    for span in marked_spans(turn(text, *marks), ()):
        words = text[span.start : span.end]
        assert words
        assert words == words.strip()
