"""What every SearchEngine promises, held against those there are: on local files and within PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from winloss.errors import QueryError
from winloss.model import Ask, Filters
from winloss.ports import SearchEngine, Workbench
from winloss.search import LocalEngine
from winloss.services.analysis import analyse
from winloss.services.search import searching
from winloss.services.sources import intake

MAPPING = """kind = "community"
[fields]
id = "id"
text = "text"
speaker = "author"
date = "date"
segment = "segment"
tags = ["tags"]
"""
POSTS = (
    ("p0", "The alerts bury my analysts on every night shift.", "2026-01-10", "federal", "pain/noise"),
    ("p1", "Nobody reads the alerts at three in the morning.", "2026-02-11", "federal", ""),
    ("p2", "Year two costs doubled and finance was furious.", "2026-03-12", "global enterprise", "pain/cost"),
    ("p3", "The alerts were fine; the licence was not.", "2026-04-13", "global enterprise", "pain/cost;calm"),
    ("p4", "We proved it in a pilot on our own traffic.", "2026-05-14", "", "proof"),
)


def write(folder, posts) -> None:
    (folder / "posts.map.toml").write_text(MAPPING, encoding="utf-8")
    lines = ["id,text,date,segment,author,tags"]
    lines += [f'{name},"{text}",{day},{segment},a-{name},{tags}' for name, text, day, segment, tags in posts]
    (folder / "posts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def stocked(either_bench: Workbench, tmp_path) -> Iterator[tuple[SearchEngine, Workbench]]:
    bench = either_bench
    write(tmp_path, POSTS)
    intake.take_in(bench, [tmp_path / "posts.csv"])
    analyse(bench)
    return bench.engine(), bench


def named(bench: Workbench, ids) -> list[str]:
    return [passage.external_id for passage in bench.store.passages(list(ids))]


def asked(stocked, query: str = "", **options: object) -> list[str]:
    engine, bench = stocked
    found = engine.find(Ask(query=query, mode="words", **options))  # type: ignore[arg-type]
    return named(bench, [name for name, _ in found.ranking])


def test_words_find_what_holds_them_and_filters_only_take_away(stocked) -> None:
    everything = set(asked(stocked, "alerts"))
    assert everything == {"p0", "p1", "p3"}
    assert set(asked(stocked, "alerts", filters=Filters(segment=("federal",)))) == {"p0", "p1"}
    assert set(asked(stocked, "alerts", filters=Filters(without=(("segment", "federal"),)))) == {"p3"}
    assert set(asked(stocked, "alerts", filters=Filters(tag=("pain",)))) == {"p0", "p3"}
    assert asked(stocked, "alerts", filters=Filters(since="2026-04-01")) == ["p3"]


def test_the_count_beside_a_value_is_what_choosing_it_leaves(stocked) -> None:
    engine, _ = stocked
    filters = Filters(tag=("pain",))
    page = engine.find(Ask(query="alerts", mode="words", filters=filters, counted=("segment", "tag", "quarter")))
    assert page.filter_counts["segment"]
    for field, counts in page.filter_counts.items():
        for value, count in counts:
            chosen = engine.find(Ask(query="alerts", mode="words", filters=replace(filters, **{field: (value,)})))
            assert chosen.total == count, (field, value)


def test_orders(stocked) -> None:
    assert asked(stocked) == ["p4", "p3", "p2", "p1", "p0"]
    assert asked(stocked, sort="oldest") == ["p0", "p1", "p2", "p3", "p4"]
    assert asked(stocked, "alerts", sort="newest") == ["p3", "p1", "p0"]
    typical, unusual = asked(stocked, sort="typical"), asked(stocked, sort="unusual")
    assert set(typical) == set(unusual) == {name for name, *_ in POSTS}
    assert typical != unusual
    with pytest.raises(QueryError):
        asked(stocked, sort="loudest")


def test_pages_of_one_ask_belong_together_whatever_is_added_meanwhile(stocked, tmp_path) -> None:
    engine, bench = stocked
    first = engine.find(Ask(query="alerts", mode="words", limit=2))
    more = tuple(
        (f"n{number}", f"Alerts, alerts and alerts again, {number}.", "2026-06-01", "", "") for number in range(9)
    )
    write(tmp_path, (*POSTS, *more))
    intake.take_in(bench, [tmp_path / "posts.csv"])
    analyse(bench)
    second = engine.find(Ask(query="alerts", mode="words", limit=2, offset=2, as_of=first.revision))
    pages = [name for page in (first, second) for name, _ in page.ranking]
    assert sorted(named(bench, pages)) == ["p0", "p1", "p3"]
    assert engine.find(Ask(query="alerts", mode="words")).total == 12


def test_meaning_heeds_what_the_query_demands(stocked) -> None:
    engine, bench = stocked
    vector = bench.encoder().encode(["alerts at night"])[0]
    loose = engine.find(Ask(query="alerts at night", close_only=False), vector)
    assert len(loose.ranking) == len(POSTS)
    strict = engine.find(Ask(query='"alerts" -licence', mode="meaning", close_only=False), vector)
    assert set(named(bench, [name for name, _ in strict.ranking])) == {"p0", "p1"}
    without = engine.find(Ask(query="night -alerts", mode="hybrid", close_only=False), vector)
    assert set(named(bench, [name for name, _ in without.ranking])) == {"p2", "p4"}


def test_the_nearest_are_those_of_the_greatest_cosine(stocked) -> None:
    engine, bench = stocked
    texts = {row.id: row.key for row in bench.store.evidence()}
    matrix = bench.vectors().get(list(texts.values()))
    found = engine.nearest(matrix[0], Filters(), 3)
    cosines = np.sort(matrix @ matrix[0])[::-1][:3]
    assert found[0][0] == next(iter(texts))
    assert np.allclose([score for _, score in found], cosines, atol=1e-4)


def test_what_is_forgotten_or_corrected_is_no_longer_found(stocked, tmp_path) -> None:
    engine, bench = stocked
    assert engine.find(Ask(query="pilot", mode="words")).total == 1
    write(tmp_path, tuple((name, text.replace("pilot", "trial"), *rest) for name, text, *rest in POSTS))
    intake.take_in(bench, [tmp_path / "posts.csv"])
    analyse(bench)
    assert engine.find(Ask(query="pilot", mode="words")).total == 0
    assert asked(stocked, "trial") == ["p4"]
    assert engine.find(Ask(counted=("segment",))).filter_counts["segment"] == (("federal", 2), ("global enterprise", 2))


def test_unknown_values_are_refused_and_known_ones_are_listed(stocked) -> None:
    engine, _ = stocked
    engine.check(Filters(segment=("federal",), tag=("pain",)))
    with pytest.raises(QueryError) as caught:
        engine.check(Filters(without=(("segment", "fedral"),)))
    assert "federal" in caught.value.hint
    assert dict(engine.values()["tag"]) == {"pain/cost": 2, "pain/noise": 1, "calm": 1, "proof": 1}


def test_fields_in_a_query_narrow_it_in_every_mode(stocked) -> None:
    engine, bench = stocked
    assert set(asked(stocked, "alerts segment:Federal")) == {"p0", "p1"}
    assert asked(stocked, "tag:pain -segment:federal") == ["p3", "p2"]
    assert set(asked(stocked, "(segment:federal OR licence) alerts")) == {"p0", "p1", "p3"}
    assert asked(stocked, "quarter:2026Q2..") == ["p4", "p3"]
    assert asked(stocked, "date:2026-02..2026-03") == ["p2", "p1"]
    vector = bench.encoder().encode(["alerts"])[0]
    for mode in ("meaning", "hybrid"):
        found = engine.find(Ask(query="alerts segment:federal", mode=mode, close_only=False), vector)
        assert set(named(bench, [name for name, _ in found.ranking])) == {"p0", "p1"}, mode
    with pytest.raises(QueryError) as caught:
        asked(stocked, "alerts segment:fedral")
    assert (caught.value.column, caught.value.hint) == (16, "Did you mean 'federal'?")


def test_where_nothing_is_found_something_else_is_offered(stocked) -> None:
    _, bench = stocked
    offers = searching.instead(bench, "lisence", Filters(), mode="words")
    assert (offers[0].query, offers[0].total) == ("licence", 1)
    offers = searching.instead(bench, '"licence alerts"', Filters(segment=("federal",)), mode="words")
    assert all(searching.search(bench, o.query, o.filters, mode="words").total == o.total > 0 for o in offers)
    assert offers
    offers = searching.instead(bench, "licence", Filters(segment=("federal",)), mode="words")
    assert [(offer.filters, offer.total) for offer in offers] == [(Filters(), 1)]


def test_a_misspelt_company_is_offered_as_the_codebook_writes_it_though_nobody_said_it(stocked) -> None:
    engine, bench = stocked
    assert engine.spelt("Crowdstrik alerts") is None
    knowing = LocalEngine(bench.store, bench.index(), bench.vectors, names=("CrowdStrike", "Palo Alto"))
    assert knowing.spelt("Crowdstrik alerts") == "CrowdStrike alerts"
    assert knowing.spelt("crowdstrike alerts") is None
