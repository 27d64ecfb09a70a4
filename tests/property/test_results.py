"""What is shown of a hit is its text to the character, and folding loses and repeats none."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from nlp.text.sentences import punctuated
from tests.unit.passages import a_passage
from winloss.model import Hit
from winloss.services.search.folding import folded, folds, nearly_same
from winloss.services.search.showing import CUT_TO, excerpt, shown

WORDS = st.lists(
    st.sampled_from(
        ["alerts ", "cost ", "us. ", "nights\n", "We ", "the ", "not ", "42 ", "👩‍💻 ", "e\u0301t ", "価格。", "“so.” "]
    )
)
TEXTS = st.one_of(st.text(), WORDS.map("".join), st.tuples(WORDS, WORDS).map(lambda two: "".join(two[0] * 20 + two[1])))


@st.composite
def hits(draw) -> Hit:
    text = draw(TEXTS)
    places = st.integers(0, len(text))
    edges = sorted(draw(st.sets(places, max_size=8)))
    spans = tuple(zip(edges[::2], edges[1::2], strict=False))
    sentence = draw(st.none() | st.sampled_from(punctuated(text) or [(0, len(text))]))
    return Hit(passage=a_passage(text=text), score=0.0, highlights=spans, sentence=sentence)


@given(hits())
def test_what_is_shown_is_one_stretch_of_the_text_with_its_marks(hit: Hit) -> None:
    it = shown(hit)
    text = hit.passage.text
    said = "".join(piece.text for piece in it.pieces)
    start, end = 0, len(text)
    if it.cut:
        near = hit.sentence if any(piece.near for piece in it.pieces) else None
        start, end = excerpt(text, hit.highlights, near)
    assert said == text[start:end]
    assert it.cut_before == bool(text[:start].strip())
    assert it.cut_after == bool(text[end:].strip())
    at = start
    for piece in it.pieces:
        marked = {
            any(first <= place < last for first, last in hit.highlights) for place in range(at, at + len(piece.text))
        }
        assert marked == {piece.found}
        at += len(piece.text)
    near_words = "".join(piece.text for piece in it.pieces if piece.near)
    if hit.sentence and near_words and not it.cut:
        assert near_words == text[slice(*hit.sentence)]


@given(hits())
def test_a_long_text_is_cut_and_keeps_the_nearest_sentence(hit: Hit) -> None:
    it = shown(hit)
    if hit.sentence and it.cut and text_of(hit) != hit.passage.text.strip():
        assert text_of(hit) == "".join(piece.text for piece in it.pieces if piece.near)


@given(TEXTS)
def test_an_excerpt_has_about_as_many_words_as_promised(text: str) -> None:
    from nlp.text.sentences import WORD

    start, end = excerpt(text, ())
    words = len(WORD.findall(text[start:end]))
    assert (start, end) == (0, len(text)) or CUT_TO <= words <= 2 * CUT_TO


@given(TEXTS)
def test_sentences_are_apart_in_order_and_hold_every_word(text: str) -> None:
    spans = punctuated(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    left = list(text)
    for start, end in spans:
        left[start:end] = [""] * (end - start)
    assert not "".join(left).strip()


@given(st.lists(TEXTS, max_size=12))
def test_folding_loses_and_repeats_none(texts: list[str]) -> None:
    before = [Hit(passage=a_passage(f"v{place}", text), score=0.0) for place, text in enumerate(texts)]
    after = folded(before)
    assert [hit.passage for hit in after] == [hit.passage for hit in before]
    together = folds(after)
    assert sorted(hit.passage.id for best, same in together for hit in (best, *same)) == sorted(
        hit.passage.id for hit in before
    )
    own = {best.passage.id for best, _ in together}
    assert all((hit.same_as is None) == (hit.passage.id in own) for hit in after)


@given(st.lists(st.sampled_from(["we", "the", "not", "alerts", "alert", "cost", "20"])), st.integers(0, 30))
def test_nearly_the_same_is_the_same_both_ways(words: list[str], place: int) -> None:
    other = [*words[:place], "the", *words[place:]]
    assert nearly_same(words, words)
    assert nearly_same(words, other) == nearly_same(other, words)


def text_of(hit: Hit) -> str:
    return hit.passage.text[slice(*hit.sentence)] if hit.sentence else ""
