"""The grade of a claim, rule by rule; numbers held against counts; quotations held against what was said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.decks.deck_numbers import quantities
from nlp.decks.deck_quotes import changes, is_altered, nearest, place, windows
from winloss.model import Share
from winloss.model.auditing import Grade, Holding, Sides
from winloss.services.audit.auditing_numbers import check
from winloss.services.audit.grading import Weighed, graded, needed


def share(count, base):
    return Share(count=count, base=base, verbatims=count)


def side(name, supports, base, contradicts=0):
    return Sides(name=name, supports=share(supports, base), contradicts=share(contradicts, base))


@pytest.mark.parametrize(
    ("weighed", "grade"),
    [
        (Weighed(supports=9, contradicts=0, base=100), Grade.SUPPORTED),
        (Weighed(supports=9, contradicts=3, base=100), Grade.SUPPORTED),
        (Weighed(supports=9, contradicts=8, base=100), Grade.CONTRADICTED),
        (Weighed(supports=0, contradicts=2, base=100), Grade.CONTRADICTED),
        (Weighed(supports=0, contradicts=2, base=400), Grade.NO_EVIDENCE),
        (Weighed(supports=0, contradicts=1, base=100), Grade.NO_EVIDENCE),
        (Weighed(supports=0, contradicts=0, base=0), Grade.NO_EVIDENCE),
        (Weighed(supports=2, contradicts=0, base=100), Grade.THIN),
        (Weighed(supports=4, contradicts=0, base=450), Grade.THIN),
        (Weighed(supports=5, contradicts=0, base=400), Grade.SUPPORTED),
        (Weighed(supports=5, contradicts=0, base=100, led=3), Grade.THIN),
        (Weighed(supports=9, contradicts=0, base=100, said_before="the belief"), Grade.RESTATED),
        (Weighed(supports=9, contradicts=0, base=100, said_before="the belief", fresh=1), Grade.SUPPORTED),
        (Weighed(supports=2, contradicts=0, base=400, said_before="the belief", fresh=1), Grade.RESTATED),
        (Weighed(supports=0, contradicts=0, base=100, said_before="the belief"), Grade.RESTATED),
        (Weighed(supports=0, contradicts=5, base=100, said_before="the belief"), Grade.CONTRADICTED),
        (Weighed(supports=9, contradicts=9, base=100, unfalsifiable="It is praise."), Grade.UNFALSIFIABLE),
        (Weighed(supports=0, contradicts=0, base=100, denies=True), Grade.SUPPORTED),
        (Weighed(supports=0, contradicts=0, base=9, denies=True), Grade.THIN),
        (Weighed(supports=0, contradicts=1, base=100, denies=True), Grade.THIN),
        (Weighed(supports=0, contradicts=7, base=100, denies=True), Grade.CONTRADICTED),
    ],
)
def test_the_first_rule_that_holds_decides(weighed, grade):
    found, reason = graded(weighed)
    assert found is grade
    assert reason.endswith(".")


def test_what_lives_in_one_segment_says_so_unless_the_claim_does():
    segments = (side("federal", 12, 100), side("mid-market", 0, 100))
    alone = Weighed(supports=12, contradicts=0, base=200, segments=segments)
    assert graded(alone)[0] is Grade.ONE_SEGMENT
    assert "12 of 100 in federal" in graded(alone)[1]
    named = Weighed(supports=12, contradicts=0, base=200, segments=segments, names_segment=True)
    assert graded(named)[0] is Grade.SUPPORTED


def test_a_segment_is_not_alone_where_hardly_anybody_else_was_heard():
    segments = (side("federal", 12, 100), side("mid-market", 0, 4))
    assert graded(Weighed(supports=12, contradicts=0, base=104, segments=segments))[0] is Grade.SUPPORTED


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_people_heard_never_need_fewer_to_speak(one, other):
    low, high = sorted((one, other))
    assert 3 <= needed(low, 3, 5) <= needed(high, 3, 5) <= 5


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 200), st.booleans())
def test_every_claim_has_a_grade_and_a_reason(supports, contradicts, more, denies):
    weighed = Weighed(supports=supports, contradicts=contradicts, base=supports + contradicts + more, denies=denies)
    grade, reason = graded(weighed)
    assert grade in Grade
    assert reason


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "said", "holding"),
    [
        ("Most buyers want a cap", share(80, 100), Holding.HOLDS),
        ("Most buyers want a cap", share(20, 100), Holding.FAILS),
        ("Most buyers want a cap", share(6, 10), Holding.OPEN),
        ("Most buyers want a cap", share(3, 4), Holding.OPEN),
        ("70% of buyers want a cap", share(70, 100), Holding.HOLDS),
        ("70% of buyers want a cap", share(40, 100), Holding.FAILS),
        ("70% of buyers want a cap", share(7, 10), Holding.OPEN),
        ("At least 60% of buyers want a cap", share(80, 100), Holding.HOLDS),
        ("Every CISO wants a cap", share(40, 40), Holding.HOLDS),
        ("Every CISO wants a cap", share(39, 40), Holding.FAILS),
        ("No buyer wants a cap", share(0, 40), Holding.HOLDS),
        ("No buyer wants a cap", share(1, 40), Holding.FAILS),
        ("3 of 5 buyers want a cap", share(3, 5), Holding.OPEN),
        ("Two thirds of buyers want a cap", share(66, 100), Holding.HOLDS),
        ("12 buyers want a cap", share(12, 100), Holding.HOLDS),
        ("12 buyers want a cap", share(5, 100), Holding.FAILS),
        ("More than 20 buyers want a cap", share(30, 100), Holding.HOLDS),
        ("Dozens of buyers want a cap", share(9, 100), Holding.FAILS),
        ("Few buyers want a cap", share(2, 100), Holding.HOLDS),
        ("Few buyers want a cap", share(60, 100), Holding.FAILS),
    ],
)
def test_a_number_is_held_against_the_counts(claim, said, holding):
    (quantity,) = quantities(claim)
    found = check(quantity, said, {}, capped=False)
    assert found.holding is holding
    assert found.words in claim


@pytest.mark.parametrize(
    ("claim", "here", "there", "holding"),
    [
        ("Twice as many federal as mid-market buyers wait", share(40, 100), share(20, 100), Holding.HOLDS),
        ("Twice as many federal as mid-market buyers wait", share(20, 100), share(20, 100), Holding.FAILS),
        ("Twice as many federal as mid-market buyers wait", share(2, 10), share(1, 10), Holding.OPEN),
        ("Waiting comes up more often in federal than in mid-market", share(40, 100), share(10, 100), Holding.HOLDS),
        ("Waiting comes up more often in federal than in mid-market", share(10, 100), share(40, 100), Holding.FAILS),
        ("Waiting comes up more often in federal than in mid-market", share(11, 100), share(10, 100), Holding.OPEN),
        ("Waiting comes up less often in federal than in mid-market", share(10, 100), share(40, 100), Holding.HOLDS),
    ],
)
def test_two_segments_are_compared_with_an_interval(claim, here, there, holding):
    (quantity,) = quantities(claim)
    found = check(quantity, share(0, 1), {"federal": here, "mid-market": there}, capped=False)
    assert found.holding is holding


def test_a_least_number_fails_nothing_that_more_people_could_mend():
    (quantity,) = quantities("Most buyers want a cap")
    assert check(quantity, share(20, 100), {}, capped=True).holding is Holding.OPEN


# --- quotations ------------------------------------------------------------------------------------------------------

SAID = (
    "Um, so, we get something like nine thousand alerts a week and I'd say, honestly, eighty of them deserve a human."
)


@pytest.mark.parametrize(
    ("quote", "remark"),
    [
        ("eighty of them deserve a human", None),
        ("I’d say, honestly, eighty of them", "apostrophes"),
        ("nine thousand alerts a week … eighty of them", "left out at the ellipsis"),
        ("nine thousand alerts a week [...] eighty of them", "left out at the ellipsis"),
        ("[they] get something like nine thousand alerts", "brackets"),
        ("nine thousand [alarms] a week and I'd say", "brackets stand for: “alerts”"),
        ("Eighty of them deserve a human", "first letter"),
        ("nine thousand alerts a week.", "mark at the end"),
    ],
)
def test_words_as_said_are_exact_and_what_the_deck_did_is_told(quote, remark):
    found = place(quote, SAID)
    assert found is not None
    assert found.exact
    if quote in SAID:
        assert SAID[found.start : found.end] == quote
        assert not found.remarks
    elif remark != "brackets" or found.remarks:
        assert any(remark in told for told in found.remarks)


def test_altered_words_are_shown_word_by_word():
    quote = "we get something like nine hundred alerts a week and honestly eighty of them deserve a human"
    assert place(quote, SAID) is None
    number, found = nearest(quote, ["Nobody said a word about the harbour.", SAID])
    said = SAID[found.start : found.end]
    assert number == 1
    assert is_altered(quote, said, found.likeness)
    told = changes(quote, said)
    assert any(run.kind == "added" and "hundred" in run.text for run in told)
    assert any(run.kind == "left out" and "thousand" in run.text for run in told)


def test_what_nobody_said_is_not_altered_but_not_found():
    quote = "Brackenfell saved our agency a fortune on day one"
    _, found = nearest(quote, [SAID])
    assert not is_altered(quote, SAID[found.start : found.end], found.likeness)


@given(st.text(min_size=1, max_size=80), st.text(max_size=40), st.text(max_size=40))
def test_a_span_of_any_text_is_exact(quote, before, after):
    found = place(quote, before + quote + after)
    assert found is not None
    assert found.exact
    assert windows(quote) is not None


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_words_are_compared_without_harm(quote, text):
    place(quote, text)
    found = nearest(quote, [text])
    assert found is not None
    assert 0 <= found[1].start <= found[1].end <= len(text)
    changes(quote, text)
