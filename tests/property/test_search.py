"""What holds of search whatever the text, the query and the filters are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from winloss.errors import QueryError
from winloss.model import EvidenceRow, Filters, Passage
from winloss.search import EvidenceTable, TableFile, WhooshIndex, plain_query
from winloss.search.analysis import tokens
from winloss.search.columns import FIELDS

SYNTAX = st.text(alphabet="ab ORAND\"“()-*~2?'éß安\u0301,.", max_size=40)
QUERIES = st.one_of(st.text(max_size=60), SYNTAX)
TEXTS = st.lists(st.one_of(st.text(max_size=80), st.text("aAbé' -,.\n安1", max_size=40)), min_size=1, max_size=4)


def passage(number: int, text: str) -> Passage:
    known = {"id": f"v{number}", "text": text, "respondent": "r", "source": "survey", "document_id": "d"}
    rest = {"external_id": "x", "turn": 0, "start": 0, "end": len(text), "rights": "internal"}
    return Passage(**{**dict.fromkeys(item.name for item in fields(Passage)), **known, **rest})


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WhooshIndex]:
    made = WhooshIndex(tmp_path_factory.mktemp("search"), (("ab", "a b c"), ("b",)))
    made.rebuild([passage(0, "a b OR c ab"), passage(1, "é安 aa b2 bb"), passage(2, "")], revision=1)
    yield made


@given(query=QUERIES, fuzzy=st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_query_answers_or_is_refused(index: WhooshIndex, query: str, *, fuzzy: bool) -> None:
    with suppress(QueryError):
        ranking = index.search(query, limit=10, fuzzy=fuzzy)
        assert ranking == sorted(ranking, key=lambda item: (-item[1], item[0]))
        assert all(score > 0 for _, score in ranking)


@given(text=QUERIES)
@settings(max_examples=200, deadline=None)
def test_any_text_with_a_word_is_a_plain_query(index: WhooshIndex, text: str) -> None:
    if tokens(text):
        index.search(plain_query(text), limit=10)


@given(query=QUERIES, text=st.one_of(st.text(max_size=80), SYNTAX))
@settings(max_examples=300, deadline=None)
def test_highlights_are_ordered_spans_of_the_text(index: WhooshIndex, query: str, text: str) -> None:
    end = 0
    for start, stop in index.highlight(query, text):
        assert end <= start < stop <= len(text)
        assert tokens(text[start:stop])
        end = stop


@given(texts=TEXTS, data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_quoted_phrase_finds_its_text_and_is_highlighted(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: st.DataObject
) -> None:
    words = [tokens(text) for text in texts]
    number = data.draw(st.sampled_from(range(len(texts))))
    if not words[number]:
        return
    first = data.draw(st.integers(0, len(words[number]) - 1))
    last = data.draw(st.integers(first, len(words[number]) - 1))
    start, end = words[number][first].start, words[number][last].end
    phrase = texts[number][start:end].replace('"', " ").replace("“", " ").replace("”", " ").replace("„", " ")
    index = WhooshIndex(tmp_path_factory.mktemp("phrases"), ())
    index.rebuild([passage(place, text) for place, text in enumerate(texts)], revision=1)
    assert f"v{number}" in dict(index.search(f'"{phrase}"', limit=10))
    marked = index.highlight(f'"{phrase}"', texts[number])
    assert any(begin <= start and end <= stop for begin, stop in marked)


VALUES = st.sampled_from(["a", "b", "c", None])
_EMPTY = EvidenceRow(*(None for _ in fields(EvidenceRow)))  # type: ignore[arg-type]


@st.composite
def rows(draw: st.DrawFn) -> list[EvidenceRow]:
    return [
        replace(
            _EMPTY,
            id=f"v{number}",
            key=f"{number:032x}",
            document_id=f"d{number % 3}",
            segment=draw(VALUES),
            role=draw(VALUES),
            source="survey",
            date=draw(st.sampled_from(["2026-01-01", "2026-01-02", None])),
            tags=tuple(draw(st.lists(st.sampled_from("xyz"), max_size=3))),
        )
        for number in range(draw(st.integers(0, 12)))
    ]


CHOICES = st.builds(
    Filters,
    segment=st.lists(st.sampled_from("abc"), max_size=2).map(tuple),
    role=st.lists(st.sampled_from("abc"), max_size=2).map(tuple),
    tag=st.lists(st.sampled_from("xyz"), max_size=2).map(tuple),
    since=st.sampled_from([None, "2026-01-02"]),
)


@given(rows=rows(), filters=CHOICES)
@settings(deadline=None)
def test_the_count_of_a_value_is_what_choosing_it_leaves(rows: list[EvidenceRow], filters: Filters) -> None:
    table = EvidenceTable.from_rows(rows)
    for field in ("segment", "role", "tag"):
        for value, number in table.counts_with(filters, (field,))[field]:
            chosen = replace(filters, **{field: (value,)})
            assert number == sum(_passes(row, chosen) for row in rows) == int(table.mask(chosen).sum())


@given(before=rows(), after=rows(), filters=CHOICES)
@settings(deadline=None)
def test_a_table_that_takes_in_changes_is_as_one_made_anew(
    before: list[EvidenceRow], after: list[EvidenceRow], filters: Filters
) -> None:
    documents = {"d0", "d2"}
    fresh = [row for row in after if row.document_id in documents]
    table = EvidenceTable.from_rows(before).changed(documents, fresh, revision=2)
    anew = EvidenceTable.from_rows([*(row for row in before if row.document_id not in documents), *fresh], revision=2)
    assert table.revision == 2
    assert table.count == anew.count
    for field in ("segment", "role", "tag"):
        assert table.counts_with(filters, (field,)) == anew.counts_with(filters, (field,))
    for row in fresh:
        found = table.row_of(row.id)
        assert found is not None
        assert table.keys[found].tolist() == [0, int(row.key, 16)]
        assert table.documents.values[table.documents.codes[found] - 1] == row.document_id
    passing = {table.id_of(number) for number in np.flatnonzero(table.mask(filters))}
    assert passing == {anew.id_of(number) for number in np.flatnonzero(anew.mask(filters))}


@given(before=rows(), after=rows(), filters=CHOICES)
@settings(deadline=None)
def test_a_table_found_again_is_the_one_that_was_kept_and_takes_in_changes_like_it(
    tmp_path_factory: pytest.TempPathFactory, before: list[EvidenceRow], after: list[EvidenceRow], filters: Filters
) -> None:
    file = TableFile(tmp_path_factory.mktemp("kept"), worthwhile=0)
    fresh = [row for row in after if row.document_id == "d1"]
    table = EvidenceTable.from_rows(before, revision=3)
    for told in (table, table.changed(["d1"], fresh, revision=4)):
        assert file.save(told, lambda: True)
        found = file.load()
        assert found is not None and found.revision == told.revision
        for one, other in (
            (told, found),
            (told.changed(["d1"], fresh, revision=5), found.changed(["d1"], fresh, revision=5)),
        ):
            names = [one.id_of(number) for number in np.flatnonzero(one.mask(filters))]
            assert names == [other.id_of(number) for number in np.flatnonzero(other.mask(filters))]
            assert one.counts_with(filters, FIELDS) == other.counts_with(filters, FIELDS)
            assert np.array_equal(one.keys, other.keys) and np.array_equal(one.days, other.days)
            assert np.array_equal(one.turns, other.turns) and one.documents.values == other.documents.values


def _passes(row: EvidenceRow, filters: Filters) -> bool:
    return (
        (not filters.segment or row.segment in filters.segment)
        and (not filters.role or row.role in filters.role)
        and (not filters.tag or not set(filters.tag).isdisjoint(row.tags))
        and (not filters.since or (row.date is not None and row.date >= filters.since))
    )


def test_the_folder_of_an_index_can_be_moved(tmp_path: Path) -> None:
    WhooshIndex(tmp_path / "old", ()).rebuild([passage(0, "alerts")], revision=4)
    (tmp_path / "old").rename(tmp_path / "new")
    moved = WhooshIndex(tmp_path / "new", ())
    assert (moved.revision(), dict(moved.search("alerts", limit=1)).keys()) == (4, {"v0"})
