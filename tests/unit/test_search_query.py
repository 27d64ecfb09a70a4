"""The query language: what is a wish, what is a demand, and which slips are reported where."""

from __future__ import annotations

import pytest

from tests.unit.trees import shape
from winloss.errors import QueryError
from winloss.search.query import Word, demands, excluded_apart, fields_apart, parse, plain_query


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("year two cost", "[year two cost]"),
        ('"Year Two" cost', '[+"year two" cost]'),
        ("“year two” cost", '[+"year two" cost]'),
        ("alerts -splunk", "[alerts -splunk]"),
        ('alerts -"data lake"', '[alerts -"data lake"]'),
        ("pilot -bake-off", '[pilot -"bake off"]'),
        ("alerts -(splunk OR elastic)", "[alerts -[+{splunk elastic}]]"),
        ("cost OR price OR budget", "[+{cost price budget}]"),
        ("federal cost OR price renewal", "[federal +{cost price} renewal]"),
        ("cost AND price", "[+cost +price]"),
        ("federal (cost price)", "[federal +[cost price]]"),
        ("renew*", "[renew*]"),
        ("*sync* the Ré*", "[*sync* the re*]"),
        ("splnk~ alrts~2", "[splnk~ alrts~2]"),
        ("bake-off", "[bake off]"),
        ("How much does it cost?", "[how much does it cost]"),
        ("cost or price and more", "[cost or price and more]"),
        ("error(s) in f(x", "[error s in f x]"),
        ('a 17" screen', "[a 17 screen]"),
        ("- dash -- and ~50 % * 3", "[dash and 50 3]"),
        ("don't", "[dont]"),
    ],
)
def test_reads(query: str, tree: str) -> None:
    assert shape(parse(query)) == tree


@pytest.mark.parametrize(
    ("query", "column", "word"),
    [
        ('cost "year two', 6, "quotation"),
        ("cost)", 5, "parenthesis"),
        ("(cost", 1, "parenthesis"),
        ("cost (price (more)", 6, "parenthesis"),
        ('cost ""', 6, "quotation"),
        ("cost ()", 6, "group"),
        ("cost (-price)", 6, "group"),
        ("OR cost", 1, "OR"),
        ("cost OR", 6, "OR"),
        ("cost AND", 6, "AND"),
        ("cost OR -price", 6, "OR"),
        ("cost c*", 6, "c*"),
        ("-cost", 1, "not to find"),
        ("", 1, "no word"),
        ("?! …", 1, "no word"),
        ("(" * 50 + "a" + ")" * 50, 21, "nested"),
    ],
)
def test_says_where_the_slip_is(query: str, column: int, word: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.column == column
    assert word in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("text", ['He said "no', "why :(", "a) b) -c OR d AND (e", "what*ever~ -- OR"])
def test_plain_text_is_never_a_slip(text: str) -> None:
    tree = parse(plain_query(text))
    assert all(isinstance(part.node, Word) and not part.required and not part.excluded for part in tree.parts)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("how much does it cost?", False),
        ("renew* splnk~ bake-off", False),
        ('"year two" cost', True),
        ("alerts -splunk", True),
        ("cost OR price", True),
        ("cost AND price", True),
        ("cost (price)", True),
        ("cost role:ciso -segment:federal", False),
        ("cost (role:ciso)", True),
        ("tag:a tag:b", True),
    ],
)
def test_tells_demands_from_wishes(query: str, *, expected: bool) -> None:
    assert demands(query) is expected


@pytest.mark.parametrize(
    ("query", "rest", "fields"),
    [
        ("cost", "[cost]", []),
        ("role:ciso", "[]", ["role:ciso"]),
        ("cost role:ciso segment:(a OR b)", "[cost]", ["role:ciso", "segment:a|b"]),
        ("role:ciso OR cost", "[+{role:ciso cost}]", []),
        ("(role:ciso) -role:cfo", "[+[+role:ciso] -role:cfo]", []),
        ("tag:a tag:b", "[+tag:b]", ["tag:a"]),
        ("since:2026-03 until:2026-05 date:2026..", "[]", ["date:2026-03-01..2026-05-31"]),
        ("quarter:2026Q1 quarter:2026Q1..2026Q3", "[+quarter:2026Q1..2026Q3]", ["quarter:2026Q1"]),
    ],
)
def test_takes_fields_apart_that_filters_can_do(query: str, rest: str, fields: list[str]) -> None:
    tree, found = fields_apart(parse(query))
    assert shape(tree) == rest
    assert [shape(field) for field in found] == fields


def test_takes_fields_apart_that_are_left_out() -> None:
    tree, found = excluded_apart(parse("cost -role:cfo role:ciso -(role:x) -price"))
    assert shape(tree) == "[cost +role:ciso -[+role:x] -price]"
    assert [shape(field) for field in found] == ["role:cfo"]
