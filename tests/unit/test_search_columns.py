"""Filters and filter counts over columns."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from winloss.errors import QueryError
from winloss.model import EvidenceRow, Filters
from winloss.search import EvidenceTable

_EMPTY = EvidenceRow(*(None for _ in fields(EvidenceRow)))  # type: ignore[arg-type]


def row(number: int, **values: object) -> EvidenceRow:
    known = {"id": f"v{number}", "key": f"{number:032x}", "source": "interview", "tags": ()}
    return replace(_EMPTY, **{**known, **values})


ROWS = (
    row(0, segment="federal", role="ciso", date="2026-01-31", quarter="2026Q1", tags=("renewal", "cost")),
    row(1, segment="federal", role="cfo", date="2026-04-01", quarter="2026Q2", tags=("cost",)),
    row(2, segment="mid-market commercial", role="ciso", date="2026-04-02", quarter="2026Q2", tags=("why/cost",)),
    row(3, role="ciso", source="survey", theme_id="t1", tags=("cost", "cost")),
)
TABLE = EvidenceTable.from_rows(ROWS)


@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        (Filters(), [0, 1, 2, 3]),
        (Filters(segment=("federal",)), [0, 1]),
        (Filters(segment=("federal", "mid-market commercial")), [0, 1, 2]),
        (Filters(segment=("federal",), role=("ciso",)), [0]),
        (Filters(tag=("cost",)), [0, 1, 3]),
        (Filters(tag=("renewal", "cost"), source=("survey",)), [3]),
        (Filters(theme=("t1",)), [3]),
        (Filters(since="2026-04-01"), [1, 2]),
        (Filters(until="2026-04-01"), [0, 1]),
        (Filters(since="2026-02-01", until="2026-04-01"), [1]),
        (Filters(segment=("nowhere",)), []),
        (Filters(without=(("segment", "federal"),)), [2, 3]),
        (Filters(role=("ciso",), without=(("tag", "renewal"), ("source", "survey"))), [2]),
        (Filters(tag=("why",)), [2]),
        (Filters(without=(("tag", "why/cost"),)), [0, 1, 3]),
    ],
)
def test_values_of_a_filter_are_ored_and_filters_are_anded(filters: Filters, passing: list[int]) -> None:
    assert np.flatnonzero(TABLE.mask(filters)).tolist() == passing


def test_counts_are_most_first_without_the_unknown() -> None:
    counts = TABLE.counts_with(Filters(), ("segment", "role", "tag", "theme", "competitor"))
    assert counts == {
        "segment": (("federal", 2), ("mid-market commercial", 1)),
        "role": (("ciso", 3), ("cfo", 1)),
        "tag": (("cost", 3), ("renewal", 1), ("why/cost", 1)),
        "theme": (("t1", 1),),
        "competitor": (),
    }


def test_a_field_is_counted_under_all_filters_but_its_own() -> None:
    counts = TABLE.counts_with(Filters(segment=("federal",), role=("ciso",)), ("segment", "role", "quarter", "tag"))
    assert counts["segment"] == (("federal", 1), ("mid-market commercial", 1))
    assert counts["role"] == (("cfo", 1), ("ciso", 1))
    assert counts["quarter"] == (("2026Q1", 1),)
    assert counts["tag"] == (("cost", 1), ("renewal", 1))


def test_counts_within_what_a_query_found() -> None:
    within = np.array([False, True, True, False])
    counts = TABLE.counts_with(Filters(role=("ciso",)), ("role", "segment"), within=within)
    assert counts == {"role": (("cfo", 1), ("ciso", 1)), "segment": (("mid-market commercial", 1),)}


def test_a_chosen_value_stays_with_a_count_of_nothing() -> None:
    counts = TABLE.counts_with(Filters(segment=("federal",), source=("survey",)), ("segment", "source"))
    assert counts["segment"] == (("federal", 0),)
    assert counts["source"] == (("interview", 2), ("survey", 0))


def test_knows_its_rows() -> None:
    assert [TABLE.id_of(number) for number in range(4)] == ["v0", "v1", "v2", "v3"]
    assert TABLE.keys[2].tolist() == [0, 2]
    assert TABLE.row_of("v2") == 2
    assert TABLE.row_of("v9") is None
    assert TABLE.values("role") == ("cfo", "ciso")
    assert len(TABLE) == 4


@pytest.mark.parametrize(
    ("filters", "hint"),
    [
        (Filters(segment=("Federl",)), "Did you mean 'federal'?"),
        (Filters(role=("CISO",)), "Did you mean 'ciso'?"),
        (Filters(quarter=("2026Q3",)), "Did you mean '2026Q"),
        (Filters(tag=("zzz",)), "Known: cost, renewal, why/cost."),
        (Filters(competitor=("Acme",)), "No verbatim here has any competitor yet."),
        (Filters(since="31.1.2026"), "Write days as 2026-06-30."),
    ],
)
def test_an_unknown_value_is_refused_with_a_suggestion(filters: Filters, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        TABLE.check(filters)
    assert hint in caught.value.hint


def test_known_values_pass() -> None:
    TABLE.check(Filters(segment=("federal",), tag=("cost",), theme=("t1",), since="2026-01-01", until="2027-01-01"))


def test_no_evidence_at_all() -> None:
    table = EvidenceTable.from_rows([])
    assert table.mask(Filters(segment=("x",), since="2026-01-01", tag=("y",))).tolist() == []
    assert table.counts_with(Filters(), ("segment", "tag")) == {"segment": (), "tag": ()}
