"""What holds of the query language whatever is typed."""

from __future__ import annotations

from itertools import combinations
from time import perf_counter

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from winloss.errors import QueryError
from winloss.search.fields import NAMES
from winloss.search.proximity import windows
from winloss.search.query import parse
from winloss.search.writing import written

SCRAPS = st.sampled_from(
    [
        *(f"{name}:" for name in NAMES),
        *("segmnt:x", "Role:CISO", "2026", "2026Q1", "Q1 2026", "..", "2026-03", '"two words"', '"near these"~5'),
        *("OR", "AND", "NOT", "-", "(", ")", '"', "~", "~1", "*", " ", " ", " ", "bake-off", "renew*", "splnk~", "IT"),
        *("it", "or", "not", "1,200", "don't", "½", "ﷺ", "İ", "é", "安", "�", "\u0301", "x" * 70, ":", "://"),
    ]
)
QUERIES = st.one_of(st.text(max_size=60), st.lists(SCRAPS, max_size=14).map("".join))
LENGTH = 100_000


@given(query=QUERIES)
@settings(max_examples=1500, deadline=None)
def test_any_text_is_a_tree_or_a_slip_with_its_place(query: str) -> None:
    try:
        parse(query)
    except QueryError as slip:
        assert 1 <= slip.column <= len(query) + 1
        assert f"at column {slip.column} of the query" in slip.message
        assert slip.hint


@given(query=QUERIES)
@settings(max_examples=1500, deadline=None)
@example('a AND b c OR d -(e OR f) -"g h" role:(x OR "y z") IT OR \'OR\'')
@example('-quarter:(2026Q1 OR 2026Q3..) segment:"OR" date:2026 since:2025 bake-off OR x')
def test_a_tree_is_written_as_the_query_that_gives_it(query: str) -> None:
    try:
        tree = parse(query)
    except QueryError:
        assume(False)
        return
    again = written(tree)
    assert parse(again) == tree
    assert written(parse(again)) == again


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "(",
            ")",
            "()",
            "(a",
            "a(",
            '"a',
            '"a"',
            '"',
            "-",
            "- ",
            "-a ",
            "a OR ",
            "a AND ",
            "NOT ",
            "a NOT b ",
            "*",
            "a*",
        ),
        *(
            "~",
            "a~",
            "~.",
            "a~1 ",
            ":",
            "role:",
            "role:(",
            "role:a ",
            "role:(a OR ",
            "a:b ",
            "segmnt",
            '"a b"~5 ',
            "~9",
        ),
        *("date:2026..", "..", "quarter:Q1 ", "a", "a ", " ", "'", "a'", "1,", "\u0301", "安", ".", "role:a OR "),
    ],
)
def test_long_nonsense_is_read_quickly(piece: str) -> None:
    query = (piece * LENGTH)[:LENGTH]
    start = perf_counter()
    try:
        parse(query)
    except QueryError as slip:
        assert 1 <= slip.column <= len(query) + 1
    assert perf_counter() - start < 5


@given(
    text=st.lists(st.sampled_from("abcd"), max_size=12),
    words=st.text("abc", min_size=1, max_size=4),
    slop=st.integers(0, 6),
)
@settings(max_examples=500, deadline=None)
def test_windows_are_those_that_trying_everything_finds(text: list[str], words: str, slop: int) -> None:
    places = {word: np.array([n for n, other in enumerate(text) if other == word], dtype=np.int64) for word in words}
    first, last = windows(words, places, slop)
    tried = [
        (chosen[0], chosen[-1])
        for chosen in combinations(range(len(text)), len(words))
        if sorted(text[n] for n in chosen) == sorted(words) and chosen[-1] - chosen[0] + 1 - len(words) <= slop
    ]
    for start, end in zip(first.tolist(), last.tolist(), strict=True):
        assert (start, end) in tried
        assert end == min(other for begin, other in tried if begin == start)
        assert start == max(begin for begin, other in tried if other == end)
    assert bool(tried) == bool(len(first))
    shortest = {end - start for start, end in tried}
    assert not tried or min(last - first) == min(shortest)
