"""Pages of results: the nearest sentence, what says nearly the same, and what comes nearest where nothing is close."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.contract.test_search_engine import write
from winloss.model import Filters
from winloss.ports import Workbench
from winloss.services.analysis import analyse
from winloss.services.search import folding, marking, nearness, searching
from winloss.services.sources import intake

SAME = ("Nobody reads the weekly digest at night.", "NOBODY reads the weekly digest at night!")
POSTS = (
    (
        "p0",
        "The invoice came late. Our night shift drowns in alerts. Then lunch was cold.",
        "2026-01-10",
        "federal",
        "",
    ),
    ("p1", SAME[0], "2026-02-11", "federal", ""),
    ("p2", SAME[1], "2026-03-12", "federal", ""),
    ("p3", "Nobody reads the weekly digest at noon.", "2026-04-13", "federal", ""),
    ("p4", "We proved it in a pilot on our own traffic.", "2026-05-14", "", ""),
    ("p5", SAME[0], "2026-05-15", "", ""),
)


class Counting:
    """An encoder that remembers what it was asked to encode."""

    def __init__(self, inner) -> None:
        self.inner, self.asked = inner, []
        self.fingerprint, self.dimensions = inner.fingerprint, inner.dimensions

    def encode(self, texts, *, advance=None):
        self.asked += texts
        return self.inner.encode(texts, advance=advance)


@pytest.fixture
def stocked(bench: Workbench, tmp_path) -> tuple[Workbench, Counting]:
    write(tmp_path, POSTS)
    intake.take_in(bench, [tmp_path / "posts.csv"])
    analyse(bench)
    counting = Counting(bench.encoder())
    return replace(bench, encoder=lambda: counting, memo={}), counting


def by_name(page, name: str):
    return next(hit for hit in page.hits if hit.passage.external_id == name)


def test_found_by_meaning_the_nearest_sentence_is_told_and_found_by_words_none(stocked) -> None:
    bench, _ = stocked
    page = searching.search(bench, "our night shift drowns in alerts", Filters(), mode="meaning")
    hit = by_name(page, "p0")
    assert hit.passage.text[slice(*hit.sentence)] == "Our night shift drowns in alerts."
    page = searching.search(bench, "night shift alerts", Filters())
    assert by_name(page, "p0").sentence is None
    assert by_name(page, "p0").highlights
    page = searching.search(bench, "night", Filters(), mode="words")
    assert page.hits
    assert all(hit.sentence is None for hit in page.hits)


def test_only_sentences_of_the_page_shown_are_encoded_and_each_once(stocked) -> None:
    bench, counting = stocked
    query = "our night shift drowns in alerts"
    searching.search(bench, query, Filters(), mode="meaning")
    texts = {text for _, text, *_ in POSTS}
    assert counting.asked.count(query) == 1
    assert sorted(counting.asked) == sorted(
        [query, "The invoice came late.", "Our night shift drowns in alerts.", "Then lunch was cold."]
    )
    assert not texts & set(counting.asked)
    searching.search(bench, query, Filters(), mode="meaning")
    searching.search(bench, query, Filters(segment=("federal",)), mode="meaning")
    assert len(counting.asked) == 4


def test_however_many_are_asked_for_only_the_first_are_read_for_their_sentence(stocked, monkeypatch) -> None:
    bench, counting = stocked
    monkeypatch.setattr(marking, "MARKED", 1)
    page = searching.search(bench, "nobody reads the digest at night", Filters(), mode="meaning", limit=1000)
    assert len(page.hits) > 1
    assert [hit.sentence is not None for hit in page.hits] == [True, *[False] * (len(page.hits) - 1)]
    assert counting.asked == ["nobody reads the digest at night"]


def test_words_alone_ask_nothing_of_the_model(stocked) -> None:
    bench, counting = stocked
    searching.search(bench, "night", Filters(), mode="words")
    searching.search(bench, "", Filters())
    assert counting.asked == []


def test_vectors_that_were_not_asked_for_lately_are_let_go(stocked, monkeypatch) -> None:
    bench, counting = stocked
    monkeypatch.setattr(nearness, "KEPT", 2)
    first = nearness.encoded(bench, ["a", "b", "c"])
    assert (nearness.encoded(bench, ["c", "b"]) == first[[2, 1]]).all()
    assert counting.asked == ["a", "b", "c"]
    assert (nearness.encoded(bench, ["a"]) == first[:1]).all()
    assert counting.asked == ["a", "b", "c", "a"]


def test_what_says_nearly_the_same_is_under_the_best_and_still_counts(stocked) -> None:
    bench, _ = stocked
    page = searching.search(bench, "weekly digest", Filters(), mode="words")
    groups = {
        best.passage.external_id: [hit.passage.external_id for hit in same] for best, same in folding.folds(page.hits)
    }
    assert page.total == len(page.hits) == 4
    assert sorted(map(len, groups.values())) == [0, 2]
    assert groups["p3"] == []


@pytest.mark.parametrize("sort", searching.SORTS)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_lose_and_repeat_none(stocked, sort: str, size: int) -> None:
    bench, _ = stocked
    pages = [
        searching.search(bench, "weekly digest night", Filters(), sort=sort, limit=size, offset=start)
        for start in range(0, len(POSTS), size)
    ]
    seen = [hit.passage.id for page in pages for best, same in folding.folds(page.hits) for hit in (best, *same)]
    assert len(seen) == len(set(seen)) == pages[0].total


def test_where_nothing_is_close_the_nearest_are_told_and_not_counted(stocked) -> None:
    bench, _ = stocked
    page = searching.search(bench, "qqqqqqq", Filters(), mode="meaning")
    assert (page.total, page.hits) == (0, ())
    assert 0 < len(page.nearest) <= searching.NEAREST
    assert searching.search(bench, "qqqqqqq", Filters(), mode="words").nearest == ()
    assert searching.search(bench, "night", Filters()).nearest == ()
    assert searching.search(bench, "", Filters(since="2030-01-01")).nearest == ()


def test_the_nearest_pass_the_filters_and_heed_what_is_demanded(stocked) -> None:
    bench, _ = stocked
    page = searching.search(bench, "qqqqqqq", Filters(segment=("federal",)), mode="meaning")
    assert page.nearest
    assert {hit.passage.segment for hit in page.nearest} == {"federal"}
    assert searching.search(bench, '+"qqqqqqq zzzz"', Filters()).nearest == ()


def test_a_slip_is_offered_where_meaning_found_something_all_the_same(stocked) -> None:
    bench, _ = stocked
    page = searching.search(bench, "wekly digset", Filters(), mode="hybrid")
    page = replace(page, hits=page.nearest or page.hits)
    offer = searching.meant(bench, page, Filters())
    assert offer is not None
    assert (offer.query, offer.total > 0) == ("weekly digest", True)
    known = searching.search(bench, "weekly digest", Filters())
    assert searching.meant(bench, known, Filters()) is None


def test_similar_tells_the_nearest_sentence_too(stocked) -> None:
    bench, _ = stocked
    seed = next(row.id for row in bench.store.evidence() if row.document_id)
    page = searching.similar(bench, seed, Filters())
    assert page.hits
    assert all(hit.sentence is not None for hit in page.hits)
