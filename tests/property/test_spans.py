"""The invariants of the house: exact spans on any Unicode, idempotent ingest, no dependence on the order of files."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import StillClock, migrated, with_stand_ins
from winloss.bootstrap import open_workbench
from winloss.services.analysis import analyse, segment_documents
from winloss.services.sources import intake

MAPPING = """
kind = "community"
[fields]
id = "id"
text = "text"
date = "date"
speaker = "author"
"""
WORDS = st.sampled_from(
    [
        "alerts cost us nights. ",
        "We are trying to move logs! ",
        "شكرا ",
        "👩‍💻 ",
        "e\u0301te\u0301 ",
        "\n\n",
        "> quoted\n",
    ]
)
TEXTS = st.one_of(st.text(max_size=400), st.lists(WORDS, max_size=12).map("".join))


def workspace(root: Path):
    return with_stand_ins(open_workbench(migrated(root), clock=StillClock()))


def drop(root: Path, texts: list[str], name: str = "posts") -> Path:
    """A JSON lines file of posts with its mapping beside it."""
    root.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps({"id": f"{name}-{number}", "text": text, "date": "2026-04-14", "author": f"a{number % 3}"})
        for number, text in enumerate(texts)
    ]
    (root / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (root / f"{name}.map.toml").write_text(MAPPING, encoding="utf-8")
    return root


@given(st.lists(TEXTS, min_size=1, max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_verbatim_is_its_turns_words_to_the_letter_and_again_after_ingesting_again(texts):
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        bench = workspace(root / "w")
        intake.take_in(bench, [drop(root / "drop", texts)])
        segment_documents(bench)
        passages = bench.store.passages([row.id for row in bench.store.evidence()])
        for passage in passages:
            turn = bench.store.turns(passage.document_id)[passage.turn]
            assert turn.text[passage.start : passage.end] == passage.text
            assert passage.text.strip() == passage.text != ""
        intake.take_in(bench, [root / "drop"])
        assert segment_documents(bench) == 0
        bench.store.close()


def test_the_order_of_ingestion_changes_nothing(tmp_path):
    texts = [f"The alerts cost us night number {n}, honestly, and nobody reads them any more." for n in range(30)]
    drops = [drop(tmp_path / f"drop{part}", texts[part::3], f"part{part}") for part in range(3)]
    answers = []
    for order in ((0, 1, 2), (2, 0, 1)):
        bench = workspace(tmp_path / f"w{order[0]}")
        for part in order:
            intake.take_in(bench, [drops[part]])
        analyse(bench)
        themes = [replace(theme, born=None) for theme in bench.store.themes()]
        answers.append((bench.store.evidence(), themes, bench.store.snapshots(), bench.store.verdicts()))
        bench.store.close()
    assert answers[0] == answers[1]


def test_analysing_again_has_nothing_to_do_and_one_more_file_costs_one_file(tmp_path):
    bench = workspace(tmp_path / "w")
    intake.take_in(bench, [drop(tmp_path / "one", ["The alerts cost us our nights, all of them."] * 6, "one")])
    assert analyse(bench).documents_segmented == 6
    again = analyse(bench)
    assert (again.documents_segmented, again.verbatims_embedded, again.verbatims_classified) == (0, 0, 0)
    assert (again.facets_clustered, again.snapshots_taken, again.verdicts_computed, again.passages_indexed) == (
        (),
        0,
        0,
        0,
    )
    intake.take_in(bench, [drop(tmp_path / "two", ["A pilot on our own data proved it to the board."], "two")])
    more = analyse(bench)
    assert (more.documents_segmented, more.verbatims_embedded) == (1, 1)
    assert more.facets_clustered == ("proof",)
    bench.store.close()
