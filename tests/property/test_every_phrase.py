"""Searching by words is complete: whatever phrase is taken from the store, asking for it finds where it came from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

import fixtures
from tests.conftest import StillClock, migrated, with_stand_ins
from tests.property.nasty_texts import KINDS, nasty_texts
from winloss.bootstrap import open_workbench
from winloss.model import Ask, Passage, Verbatim, stable_id, text_key
from winloss.ports import Workbench
from winloss.search.analysis import tokens
from winloss.services.analysis import segment_documents
from winloss.services.search import indexing
from winloss.services.sources import intake

PHRASES = 10_000
LONGEST = 12
WHOLE = bool(os.environ.get("WINLOSS_TEST_WHOLE"))
"""Ask for phrases of all real answers, which takes minutes."""
ANSWERS = Path(__file__).parents[2] / "../shared/data/thunderbird-aaq/answers.jsonl"
MAPPING = """kind = "community"
ignore = ["created", "question_id"]
[fields]
id = "id"
text = "content"
speaker = "author"
"""


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Workbench]:
    opened = with_stand_ins(open_workbench(migrated(tmp_path / "workspace"), clock=StillClock()))
    yield opened
    opened.store.close()


def take_in(bench: Workbench, folder: Path, posts: Path) -> None:
    (folder / "map.toml").write_text(MAPPING, encoding="utf-8")
    intake.take_in(bench, [posts], mapping=folder / "map.toml")


def every_turn_a_verbatim(bench: Workbench) -> None:
    """No word is left out, be it filler, code or somebody's quotation."""
    with bench.store.transaction() as transaction:
        for document in bench.store.documents():
            verbatims = [
                Verbatim(
                    id=stable_id("v", turn.id),
                    turn_id=turn.id,
                    document_id=document.id,
                    start=0,
                    end=len(turn.text),
                    text=turn.text,
                    key=text_key(turn.text),
                )
                for turn in bench.store.turns(document.id)
            ]
            transaction.put_verbatims(document.id, verbatims, "whole turns")


def stored(bench: Workbench) -> list[Passage]:
    found: list[Passage] = []
    while some := bench.store.passages_after(found[-1].id if found else "", limit=5000):
        found += some
    return found


def phrases(passages: list[Passage], count: int, seed: int) -> Iterator[tuple[str, str]]:
    """(verbatim id, phrase of 1 to 12 words as it stands in the text, up to the white space around where drawn so)."""
    draw = Random(seed)
    while count:
        passage = draw.choice(passages)
        words = tokens(passage.text)
        if not words:
            continue
        first = draw.randrange(len(words))
        last = min(first + draw.randint(1, LONGEST), len(words)) - 1
        start, end = words[first].start, words[last].end
        if draw.random() < 0.5:
            start = len(passage.text) - len(passage.text[start:]) - len(passage.text[:start].split(" ")[-1])
            end += len(passage.text[end:].split(" ")[0])
        yield passage.id, passage.text[start:end]
        count -= 1


def lost(bench: Workbench, count: int, *, seed: int = 1) -> list[tuple[str, str]]:
    """The phrases that do not find the verbatim they were taken from."""
    passages = stored(bench)
    engine, missed = bench.engine(), []
    for name, phrase in phrases(passages, count, seed):
        found = engine.find(Ask(query=f'"{phrase}"', mode="words", limit=len(passages)))
        if name not in dict(found.ranking) or found.total != len(found.ranking):
            missed.append((name, phrase))
    return missed


def test_every_phrase_of_nasty_texts_finds_its_verbatim(empty: Workbench, tmp_path: Path) -> None:
    for round_, first in enumerate((0, 800, 1500)):  # each changes posts of the one before
        texts = nasty_texts(1000, seed=round_)
        posts = [{"id": f"p{first + n}", "content": text, "author": "a"} for n, text in enumerate(texts)]
        (tmp_path / "posts.jsonl").write_text("\n".join(map(json.dumps, posts)), encoding="utf-8")
        take_in(empty, tmp_path, tmp_path / "posts.jsonl")
        every_turn_a_verbatim(empty)
        indexing.refresh(empty)
    assert len(stored(empty)) == 2500
    everything = "\n".join(passage.text for passage in stored(empty))
    for kind, fragments in KINDS.items():
        assert sum(fragment in everything for fragment in fragments) > len(fragments) / 2, kind
    assert lost(empty, PHRASES) == []


def test_every_phrase_of_the_demo_corpus_finds_its_verbatim(empty: Workbench) -> None:
    intake.take_in(empty, [fixtures.CORPUS])
    segment_documents(empty)
    indexing.refresh(empty)
    assert lost(empty, 500) == []


@pytest.mark.realdata
@pytest.mark.skipif(not ANSWERS.exists(), reason="the shared real data sets are not here")
def test_every_phrase_of_a_real_forum_finds_its_verbatim(empty: Workbench, tmp_path: Path) -> None:
    lines = ANSWERS.read_text(encoding="utf-8").splitlines()
    some = lines if WHOLE else Random(1).sample(lines, 4000)
    (tmp_path / "answers.jsonl").write_text("\n".join(some), encoding="utf-8")
    take_in(empty, tmp_path, tmp_path / "answers.jsonl")
    every_turn_a_verbatim(empty)
    indexing.refresh(empty)
    assert len(stored(empty)) > 0.9 * len(some)
    assert lost(empty, PHRASES if WHOLE else 2000) == []


def test_a_phrase_whose_verbatim_is_not_indexed_is_told(empty: Workbench, tmp_path: Path) -> None:
    lines = [json.dumps({"id": f"p{n}", "content": f"Only word{n} here.", "author": "a"}) for n in range(20)]
    (tmp_path / "posts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    take_in(empty, tmp_path, tmp_path / "posts.jsonl")
    every_turn_a_verbatim(empty)
    indexing.refresh(empty)
    assert lost(empty, 200) == []
    gone = stored(empty)[3]
    empty.index().update([replace(gone, text="Other words.")], [], revision=empty.store.revision())
    assert {name for name, _ in lost(empty, 200)} == {gone.id}
