"""Titles, permissions and testability read any text at all without harm, and what they point at is there."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from nlp.facets import testability as checking
from nlp.speakers.people import role_of_text, role_of_title
from nlp.speakers.permission import SPEAKER, act_of, permission_of
from nlp.speakers.titles import words_of
from winloss.codebook import load_codebook

CODEBOOK = load_codebook()
ROLES = {role.name for role in CODEBOOK.roles}
TITLES = [title for role in CODEBOOK.roles for title in role.titles]
PIECES = """legal the CFO I we our procurement signed off on it held up for six weeks every day $40k Splunk forty
percent so nobody convinced blocked by approved had not if ? . , champion veto budget two FTEs missed SLA a"""
WORDS = st.sampled_from(PIECES.split())
SAID = st.lists(WORDS, max_size=30).map(" ".join) | st.text(max_size=200)


@given(st.text(max_size=200) | st.lists(st.sampled_from(TITLES), max_size=4).map(" / ".join))
def test_any_title_gives_a_known_role_or_none_with_evidence(title):
    role, mode, evidence = role_of_title(title, CODEBOOK)
    assert role is None or (role in ROLES and mode is not None)
    assert bool(evidence) == (role is not None or mode is not None)


@given(SAID)
def test_any_words_give_a_known_role_or_none(text):
    role, _, evidence = role_of_text(text, CODEBOOK)
    assert (role is None) == (evidence == "")
    assert role is None or role in ROLES


@given(st.sampled_from(TITLES), st.sampled_from([str.upper, str.lower, str.title, lambda text: f"  {text} (m/f/d)"]))
def test_how_a_title_is_written_makes_no_difference(title, written):
    assert role_of_title(written(title), CODEBOOK)[0] == role_of_title(title, CODEBOOK)[0]


@given(st.text(max_size=100))
def test_words_of_a_title_stay_as_they_are_once_brought_to_one_form(title):
    words = words_of(title)
    assert all(word == word.casefold() and " " not in word for word in words)


@given(SAID)
def test_a_permission_points_at_its_words(text):
    act = act_of(text, CODEBOOK)
    assert (act.permission if act else None) == permission_of(text)
    if act is not None:
        assert 0 <= act.start < act.end <= len(text)
        assert act.named in text[act.start : act.end]
        assert act.actor in {*ROLES, SPEAKER, None}
        assert act.whom in {*ROLES, None}


@given(SAID)
def test_what_makes_a_pain_checkable_stands_in_the_text_apart_and_in_order(text):
    for spans in checking.testability(text).found.values():
        assert spans
        assert all(0 <= start < end <= len(text) and text[start:end].strip() == text[start:end] for start, end in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
