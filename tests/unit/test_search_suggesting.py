"""What is offered where nothing is found."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winloss.errors import QueryError
from winloss.search.analysis import surfaces
from winloss.search.query import parse
from winloss.search.suggesting import MOST, did_you_mean, relaxed
from winloss.search.writing import written

COUNTS = {
    "alerts": 50, "renewal": 9, "cost": 100, "year": 80, "two": 90, "threat": 300, "treat": 1, "thread": 2, "pilot": 4,
    "the": 999, "sky": 1, "splunk": 5, "café": 1, " ": 3,
}  # fmt: skip
NAMES = ("CrowdStrike", "Palo Alto")


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("alrts", "alerts"),
        ("Alrts the cost", "alerts the cost"),
        ('"yaer TWO" cost', '"year TWO" cost'),
        ('"yeer twoo"~5 role:ciso', '"year two"~5 role:ciso'),
        ("pilto OR renewl", "pilot OR renewal"),
        ("(alrts cst) AND cost", "(alerts cost) AND cost"),
        ("thraet", "threat"),
        ("treatt", "threat"),
        ("crowdstirke", "CrowdStrike"),
        ("pallo renewals", "Palo renewals"),
        ("renewl -splnk", "renewal -splnk"),
        ("bake-pilto", "bake-pilot"),
        ('"alert" cost', '"alerts" cost'),
    ],
)
def test_spells_as_the_corpus_does(query: str, meant: str) -> None:
    assert did_you_mean(parse(query), COUNTS, NAMES) == meant


@pytest.mark.parametrize(
    "query",
    [
        "alerts cost",
        "renewals costing",
        "skies",
        "zzzzzz",
        "-alrts cost",
        "alrts~ alr*",
        "role:alrts",
        "xx 12",
        "treat",
        "crowdstrike",
    ],
)
def test_leaves_alone_what_occurs_and_what_nothing_is_near(query: str) -> None:
    assert did_you_mean(parse(query), COUNTS, NAMES) is None


@pytest.mark.parametrize(
    ("query", "offers"),
    [
        (
            '"year two" cost role:ciso -splunk segment:federal',
            {
                "The words near each other, not as one phrase": '"year two"~10 cost role:ciso -splunk segment:federal',
                "Without the quotation marks": "year two cost role:ciso -splunk segment:federal",
                'Without "year two"': "cost role:ciso -splunk segment:federal",
                "Without role:ciso": '"year two" cost -splunk segment:federal',
                "With splunk too": '"year two" cost role:ciso segment:federal',
                "Without segment:federal": '"year two" cost role:ciso -splunk',
                "Without any field": '"year two" cost -splunk',
                "Also words spelt nearly so": '"year two" cost~ role:ciso -splunk segment:federal',
            },
        ),
        (
            "alerts AND cost",
            {
                "Without alerts": "cost",
                "Without cost": "alerts",
                "Any of the words, none of them demanded": "alerts cost",
                "Also words spelt nearly so": "alerts~ AND cost~",
            },
        ),
        (
            '("year two" OR ciso) budget',
            {
                "The words near each other, not as one phrase": '("year two"~10 OR ciso) budget',
                "Without the quotation marks": "((year two) OR ciso) budget",
                'Without ("year two" OR ciso)': "budget",
                "Any of the words, none of them demanded": "year two ciso budget",
                "Also words spelt nearly so": '("year two" OR ciso~) budget~',
            },
        ),
        ("role:ciso", {}),
        ("-role:ciso", {}),
        ("an EU", {}),
    ],
)
def test_offers_simpler_queries(query: str, offers: dict[str, str]) -> None:
    assert {simpler.label: simpler.query for simpler in relaxed(parse(query))} == offers


SCRAPS = [
    "alrts",
    "cost",
    "yaer",
    "two",
    '"yaer two"',
    '"x y"~3',
    "role:ciso",
    "since:2026",
    "-",
    "(",
    ")",
    " OR ",
    " AND ",
    " ",
]


@given(
    query=st.lists(st.sampled_from(SCRAPS), max_size=12).map("".join),
    known=st.sets(st.sampled_from(["alerts", "year", "x"])),
)
@settings(max_examples=400, deadline=None)
def test_whatever_is_offered_can_be_asked(query: str, known: set[str]) -> None:
    try:
        tree = parse(query)
    except QueryError:
        return
    offers = relaxed(tree)
    assert len(offers) <= MOST
    assert len({offer.query for offer in offers}) == len(offers)
    for offer in offers:
        assert parse(offer.query) != tree
    meant = did_you_mean(tree, dict.fromkeys(known, 1))
    if meant is not None:
        assert parse(meant) != tree
        before, after = Counter(surfaces(written(tree))), Counter(surfaces(meant))
        assert before.total() == after.total()
        assert set(after - before) <= known
        assert not set(before - after) & known
