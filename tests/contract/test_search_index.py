"""What every SearchIndex promises, held against those there are: on local files and within PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import fresh_database_on
from winloss.errors import QueryError
from winloss.model import Passage
from winloss.ports import SearchIndex
from winloss.search import PostgresIndex, WhooshIndex
from winloss.store.engine import open_engine

SYNONYMS = (("EDR", "endpoint detection and response"), ("PoC", "proof of concept", "pilot", "bake-off"))
TEXTS = {
    "a": "The IT team said the EDR pilot was too slow.",
    "b": "We ran endpoint detection and response in a bake-off; it won.",
    "c": "Nobody reads alerts at 3 am, not even Mr. Café.",
    "d": "Year two costs are unclear, and year three is worse.",
    "e": "The year two cost decided it.",
}


def passage(name: str, text: str, **values: object) -> Passage:
    known = {"id": name, "text": text, "respondent": "r", "source": "interview", "document_id": "d"}
    rest = {"external_id": "x", "turn": 0, "start": 0, "end": len(text), "rights": "internal"}
    return Passage(**{**dict.fromkeys(item.name for item in fields(Passage)), **known, **rest, **values})


Opened = Callable[[Path], SearchIndex]


@pytest.fixture(params=["files", pytest.param("postgres", marks=pytest.mark.postgres)])
def opened(request: pytest.FixtureRequest) -> Iterator[Opened]:
    """What opens the index of a folder, be it in the folder or in a database that stands for it."""
    if request.param == "files":
        yield lambda folder: WhooshIndex(folder / "index", SYNONYMS)
        return
    engines: dict[Path, Engine] = {}

    def within(folder: Path) -> SearchIndex:
        if folder not in engines:
            engines[folder] = open_engine(fresh_database_on(request.getfixturevalue("postgres_server")))
        return PostgresIndex(engines[folder], SYNONYMS)

    yield within
    for engine in engines.values():
        engine.dispose()


@pytest.fixture
def index(opened: Opened, tmp_path: Path) -> SearchIndex:
    return filled(opened(tmp_path))


def filled(made: SearchIndex) -> SearchIndex:
    made.rebuild((passage(name, text) for name, text in TEXTS.items()), revision=5)
    return made


def found(index: SearchIndex, query: str, **options: object) -> list[str]:
    return [name for name, _ in index.search(query, **{"limit": 10, **options})]  # type: ignore[arg-type]


def test_an_index_never_built_is_empty(opened: Opened, tmp_path: Path) -> None:
    index = opened(tmp_path)
    assert index.revision() is None
    assert index.ids() == frozenset()
    assert index.search("cost", limit=5) == []
    with pytest.raises(QueryError):
        index.search('"cost', limit=5)


def test_a_rebuilt_index_holds_what_it_was_given(index: SearchIndex) -> None:
    assert index.revision() == 5
    assert index.ids() == frozenset(TEXTS)
    index.rebuild([passage("z", "cost")], revision=6)
    assert index.revision() == 6
    assert index.ids() == {"z"}
    index.rebuild([], revision=7)
    assert index.revision() == 7
    assert found(index, "cost") == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("alert", ["c"]),
        ("CAFE", ["c"]),
        ("year cost", ["e", "d"]),
        ('"year two cost"', ["e"]),
        ('"two year"', []),
        ('"costs"', ["d"]),
        ("year -decided", ["d"]),
        ("alerts OR pilot", ["a", "b", "c"]),
        ("cost AND unclear", ["d"]),
        ("unclear (alerts OR decided)", ["c", "e"]),
        ("unc*", ["d"]),
        ("alrts~", ["c"]),
        ("EDR", ["a", "b"]),
        ("endpoint detection and response", ["b", "a"]),
        ("pilots", ["a", "b"]),
        ('"pilot"', ["a"]),
        ("IT", ["a"]),
        ("What is the matter with the alerts?", ["c"]),
        ("nowhere", []),
    ],
)
def test_the_query_language(index: SearchIndex, query: str, names: list[str]) -> None:
    ranked = found(index, query)
    assert sorted(ranked) == sorted(names)
    if len(names) == 2 and query not in ("EDR", "pilots", "unclear (alerts OR decided)"):
        assert ranked == names


def test_slips_are_errors_with_their_place(index: SearchIndex) -> None:
    with pytest.raises(QueryError) as caught:
        index.search("cost (unclear", limit=5)
    assert caught.value.column == 6


def test_a_pattern_for_too_many_words_is_an_error(opened: Opened, tmp_path: Path) -> None:
    index = opened(tmp_path)
    index.rebuild([passage("a", " ".join(f"word{number}" for number in range(2500)))], revision=1)
    with pytest.raises(QueryError, match="2,500"):
        index.search("word*", limit=5)
    assert found(index, "word123*") == ["a"]


def test_fuzzy_forgives_every_bare_word(index: SearchIndex) -> None:
    assert found(index, "alrts unclaer") == []
    assert sorted(found(index, "alrts unclaer", fuzzy=True)) == ["c", "d"]
    assert found(index, '"alrts"', fuzzy=True) == []


def test_limit_and_order(opened: Opened, tmp_path: Path) -> None:
    index = opened(tmp_path)
    index.rebuild([passage(f"v{number:02}", "the same words") for number in reversed(range(30))], revision=1)
    ranking = index.search("same", limit=7)
    assert [name for name, _ in ranking] == [f"v{number:02}" for number in range(7)]
    assert len({score for _, score in ranking}) == 1
    assert index.search("same", limit=0) == []


def test_allowed_restricts_without_changing_scores(index: SearchIndex) -> None:
    everything = dict(index.search("year two cost alerts", limit=10))
    some = index.search("year two cost alerts", limit=10, allowed=frozenset({"c", "d", "gone"}))
    assert dict(some) == {name: everything[name] for name in ("c", "d")}
    assert index.search("alerts", limit=10, allowed=frozenset()) == []


def test_allowed_reaches_as_deep_as_it_must(opened: Opened, tmp_path: Path) -> None:
    index = opened(tmp_path)
    index.rebuild([passage(f"v{number:03}", f"cost {'cost ' * (number % 7)}") for number in range(400)], revision=1)
    last = [name for name, _ in index.search("cost", limit=400)][-3:]
    assert found(index, "cost", limit=2, allowed=frozenset(last)) == last[:2]


def test_titles_and_questions_count_less_than_the_words_themselves(opened: Opened, tmp_path: Path) -> None:
    index = opened(tmp_path)
    told = [passage("a", "Twice our budget.", question="How was the pricing?"), passage("b", "Their pricing was fine.")]
    index.rebuild([*told, passage("c", "Fine.", title="Pricing call")], revision=1)
    assert found(index, "pricing")[0] == "b"
    assert sorted(found(index, "pricing")) == ["a", "b", "c"]
    assert found(index, '"pricing"') == ["b"]
    assert sorted(found(index, "fine budget -pricing")) == ["a", "c"]


def test_a_long_question_is_answered(index: SearchIndex) -> None:
    question = "So what would you say, if anything, about " + " ".join(f"filler{n}" for n in range(400)) + " year two?"
    assert sorted(found(index, question)) == ["d", "e"]


def test_an_update_adds_replaces_and_drops(index: SearchIndex) -> None:
    index.update([passage("f", "Fresh alerts"), passage("c", "Silence")], ["e", "never there"], revision=9)
    assert index.revision() == 9
    assert index.ids() == {"a", "b", "c", "d", "f"}
    assert found(index, "alerts") == ["f"]
    assert found(index, "silence") == ["c"]
    assert found(index, '"year two"') == ["d"]


def test_an_update_of_nothing_makes_an_index(opened: Opened, tmp_path: Path) -> None:
    index = opened(tmp_path)
    index.update([passage("a", "alerts")], [], revision=3)
    assert (index.revision(), index.ids()) == (3, {"a"})


def test_scores_do_not_depend_on_how_the_index_came_about(index: SearchIndex, opened: Opened, tmp_path: Path) -> None:
    other = opened(tmp_path / "other")
    other.rebuild([passage("x", "alerts cost year two"), passage("d", "alerts")], revision=1)
    for name in reversed(TEXTS):
        other.update([passage(name, TEXTS[name])], ["x"], revision=2)
    for query in ("year two cost alerts", '"year two"', "EDR pilot", "al* yer~"):
        assert other.search(query, limit=10) == index.search(query, limit=10)


def test_another_opening_sees_every_change(index: SearchIndex, opened: Opened, tmp_path: Path) -> None:
    reader = opened(tmp_path)
    assert found(reader, "alerts") == ["c"]
    index.update([passage("f", "alerts")], [], revision=5)
    assert sorted(found(reader, "alerts")) == ["c", "f"]
    index.rebuild([passage("g", "alerts")], revision=6)
    assert found(reader, "alerts") == ["g"]
    assert reader.ids() == {"g"}


@pytest.mark.parametrize("change", ["rebuild", "update"])
def test_a_change_that_breaks_off_changes_nothing(
    index: SearchIndex, opened: Opened, tmp_path: Path, change: str
) -> None:
    def broken() -> Iterator[Passage]:
        yield passage("f", "alerts")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        if change == "rebuild":
            index.rebuild(broken(), revision=8)
        else:
            index.update(broken(), ["c"], revision=8)
    for again in (index, opened(tmp_path)):
        assert again.revision() == 5
        assert found(again, "alerts") == ["c"]
    index.update([passage("f", "alerts")], [], revision=8)
    assert sorted(found(index, "alerts")) == ["c", "f"]


def test_leftovers_of_a_crash_are_swept(tmp_path: Path) -> None:
    index = filled(WhooshIndex(tmp_path / "index", SYNONYMS))
    leftover = tmp_path / "index" / "gcrashed"
    leftover.mkdir()
    index.rebuild([passage("a", "alerts")], revision=6)
    assert not leftover.exists()
    assert found(index, "alerts") == ["a"]


@pytest.mark.parametrize("damage", ["schema", "garbage", "files"])
def test_an_unusable_index_says_so_and_can_be_rebuilt(tmp_path: Path, damage: str) -> None:
    index = filled(WhooshIndex(tmp_path / "index", SYNONYMS))
    state = tmp_path / "index" / "state.json"
    known = json.loads(state.read_text())
    if damage == "schema":
        state.write_text(json.dumps({**known, "schema": "0"}))
    elif damage == "garbage":
        state.write_bytes(b"\xff{")
    else:
        for path in (tmp_path / "index" / known["generation"]).iterdir():
            path.unlink()
    for again in (index, WhooshIndex(tmp_path / "index", SYNONYMS)):
        assert again.revision() is None
        assert again.search("alerts", limit=5) == []
    index.rebuild([passage("a", "alerts")], revision=6)
    assert index.revision() == 6
    assert found(index, "alerts") == ["a"]


def test_threads_may_search_while_one_writes(index: SearchIndex) -> None:
    queries = ["year two cost", '"year two"', "alerts OR pilot", "EDR", "al*"] * 8
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda query: (query, index.search(query, limit=10)), queries)
        index.update([], [], revision=6)
    for query, answer in answers:
        assert answer == index.search(query, limit=10)


def test_highlights_what_was_asked_for(index: SearchIndex) -> None:
    text = TEXTS["b"]
    marked = [text[start:end] for start, end in index.highlight("EDR pilot -won", text)]
    assert marked == ["endpoint detection and response", "bake-off"]
    assert [text[start:end] for start, end in index.highlight('an unfinished "endpoint', text)] == ["endpoint"]
    assert index.highlight("?", text) == []
