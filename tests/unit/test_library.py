"""What browsing remembers: never longer than it is true, found once, and read again only where it changed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.webtools import MAPPING, small_workspace
from winloss.model import Filters
from winloss.services import browsing
from winloss.services.analysis import analyse
from winloss.services.evidence import Heard, passing
from winloss.services.library import Answers, library, of_sources
from winloss.services.quote_rights import rights
from winloss.services.research import coding, labelling
from winloss.services.sources import intake

if TYPE_CHECKING:
    from winloss.ports import Workbench

FEDERAL = Filters(segment=("federal",))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Workbench]:
    with small_workspace(tmp_path) as bench:
        yield bench


def test_the_same_question_is_answered_once_until_something_is_written(small: Workbench) -> None:
    asked = []
    for _ in range(2):
        assert library(small).once("question", lambda: asked.append(1) or len(asked)) == 1
    coding.give(small, library(small).rows[0].id, ["pain/cost"], coder="Mira", new=True)
    assert library(small).once("question", lambda: asked.append(1) or len(asked)) == 2


def test_rows_are_as_if_everything_had_been_read_again(small: Workbench, tmp_path: Path) -> None:
    before = library(small)
    coding.give(small, before.rows[0].id, ["pain/cost"], coder="Mira", new=True)
    _read_in(small, tmp_path, "new", "author-new")
    analyse(small)
    assert library(small).rows == small.store.evidence()
    assert len(library(small).rows) == len(before.rows) + 1


def test_only_what_changed_is_read_again(small: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    row = library(small).rows[0]
    monkeypatch.setattr(type(small.store), "evidence", lambda _: pytest.fail("everything was read again"))
    coding.give(small, row.id, ["pain/cost"], coder="Mira", new=True)
    now = library(small)
    assert "pain/cost" in next(item for item in now.rows if item.id == row.id).tags
    assert [item.id for item in now.rows] == sorted(item.id for item in now.rows)


def test_where_nothing_counted_changed_the_rows_are_the_same_ones(small: Workbench) -> None:
    before = library(small)
    with small.store.transaction() as transaction:
        transaction.set_stage("a stage", "done")
    assert library(small) is not before
    assert library(small).rows is before.rows


def test_people_are_counted_on_while_they_stay_where_they_are(small: Workbench, tmp_path: Path) -> None:
    before, row = library(small), library(small).rows[0]
    people = before.heard(FEDERAL).people
    labelling.label(small, row.id, "none" if row.facet != "none" else "pain", by="Mira")
    after = library(small)
    assert next(item for item in after.rows if item.id == row.id).facet != row.facet
    assert after.people is before.people
    assert after.heard(FEDERAL).bases("segment") == Heard(after.passing(FEDERAL)).bases("segment")
    _read_in(small, tmp_path, "another", "author-another")
    analyse(small)
    assert library(small).people is not before.people
    assert library(small).heard(FEDERAL).people == people + 1


def test_what_hangs_on_what_people_say_is_counted_anew(small: Workbench) -> None:
    pains = replace(FEDERAL, facet=("pain",))
    row = next(row for row in library(small).passing(pains) if row.theme_id)
    before = library(small).heard(pains).people, len(library(small).by_theme(FEDERAL)[row.theme_id])
    own = [item for item in library(small).passing(pains) if item.respondent == row.respondent]
    for item in own:
        labelling.label(small, item.id, "none", by="Mira")
    after = library(small)
    gone = sum(item.theme_id == row.theme_id for item in own)
    assert after.heard(pains).people == before[0] - 1
    assert len(after.by_theme(FEDERAL).get(row.theme_id, ())) == before[1] - gone


def test_what_sources_hold_is_found_anew_when_one_changes_and_not_when_people_label(
    small: Workbench, tmp_path: Path
) -> None:
    asked = []

    def find() -> int:
        asked.append(1)
        return len(asked)

    row = library(small).rows[0]
    for _ in range(2):
        assert of_sources(small, "question", find) == 1
    labelling.label(small, row.id, "none", by="Mira")
    coding.give(small, row.id, ["pain/cost"], coder="Mira", new=True)
    assert of_sources(small, "question", find) == 1
    documents = browsing.documents(small, Filters())
    assert browsing.documents(small, Filters()) is documents
    _read_in(small, tmp_path, "new", "author-new")
    assert of_sources(small, "question", find) == 2
    assert len(browsing.documents(small, Filters())) == len(documents) + 1
    rights.set_rights(small, rights.Target(document=row.document_id), rights="internal")
    assert of_sources(small, "question", find) == 3


def test_pages_are_told_anew_when_the_evidence_changes(small: Workbench, tmp_path: Path) -> None:
    before = browsing.theme_page(small, FEDERAL)
    assert browsing.theme_page(small, FEDERAL) is before
    assert browsing.quarters(small)[-1] == "2026Q2"
    _read_in(small, tmp_path, "later", "author-later", date="2026-08-03")
    analyse(small)
    after = browsing.theme_page(small, FEDERAL)
    assert after.respondents == before.respondents + 1
    assert browsing.quarters(small)[-1] == "2026Q3"
    theme = after.themes[0].theme
    assert browsing.theme_view(small, theme.id).share == next(
        view.share for view in browsing.theme_page(small, Filters()).themes if view.theme.id == theme.id
    )


def test_a_scope_is_what_passes_its_filters(small: Workbench) -> None:
    shelf = library(small)
    for filters in (FEDERAL, replace(FEDERAL, facet=("pain",)), Filters(without=(("facet", "pain"),)), Filters()):
        assert list(shelf.passing(filters)) == passing(shelf.rows, filters)
        grouped = shelf.by_theme(filters)
        assert sorted(row.id for rows in grouped.values() for row in rows) == [row.id for row in shelf.passing(filters)]
    document = shelf.rows[0].document_id
    assert list(shelf.of_document(document)) == [row for row in shelf.rows if row.document_id == document]
    assert shelf.of_document("nowhere") == ()


def test_those_who_ask_the_same_wait_for_one_answer() -> None:
    answers, started, finish, found = Answers(10), threading.Event(), threading.Event(), []

    def slowly() -> int:
        started.set()
        finish.wait(5)
        found.append(1)
        return len(found)

    told: list[int] = []
    threads = [threading.Thread(target=lambda: told.append(answers.of("same", slowly))) for _ in range(4)]
    for thread in threads:
        thread.start()
    started.wait(5)
    assert answers.of("other", lambda: 7) == 7
    finish.set()
    for thread in threads:
        thread.join(5)
    assert told == [1, 1, 1, 1]


def test_an_error_is_no_answer_and_only_the_latest_are_kept() -> None:
    answers = Answers(2)
    with pytest.raises(ZeroDivisionError):
        answers.of("a", lambda: 1 // 0)
    assert [answers.of(name, lambda name=name: name) for name in "abc"] == ["a", "b", "c"]
    assert (answers.of("c", lambda: "again"), answers.of("a", lambda: "again")) == ("c", "again")


def _read_in(bench: Workbench, folder: Path, name: str, author: str, *, date: str = "2026-05-03") -> None:
    row = {
        "id": name,
        "author": author,
        "text": f"The alerts of {name} keep my whole team from the work they were hired to do.",
        "date": date,
        "segment": "federal",
    }
    file = folder / f"{name}.jsonl"
    file.write_text(json.dumps({**row, "rights": "anonymous", "url": ""}), encoding="utf-8")
    mapping = folder / "posts.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    intake.take_in(bench, [file], mapping=mapping)
