"""Which verbatims are shown as read by nobody, and how many people were heard of what is needed."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace

import pytest
from click.testing import CliRunner

from tests.unit.passages import a_passage
from web import create_app
from winloss.cli.commands import winloss
from winloss.errors import NotFound
from winloss.model import Coding, EvidenceRow, Kept, Pin, QuoteCollection
from winloss.ports import Workbench
from winloss.services.drift import hearing
from winloss.services.library import Library
from winloss.services.search import unread

NOW = "2026-06-30T12:00:00Z"
EMPTY = EvidenceRow(**{item.name: None for item in fields(EvidenceRow)})


def row(name: str, person: str, *, kind: str = "other", **changes) -> EvidenceRow:
    values = {
        "id": name,
        "key": name,
        "respondent": person,
        "facet": "pain",
        "segment": "federal",
        "source": "interview",
        "quarter": "2026Q2",
        "rights": "anonymous",
        "theme_id": None if kind == "alone" else "h1",
        "tags": (),
        "turn": 1,
    }
    return replace(EMPTY, **{**values, **changes})


@pytest.fixture
def holding(bench: Workbench, monkeypatch: pytest.MonkeyPatch):
    """Have the workspace hold these rows, and kinds of verbatims."""
    monkeypatch.setattr(
        type(bench.store), "passages", lambda _, ids: [a_passage(name) for name in ids if not name.startswith("?")]
    )

    def hold(rows, **kinds):
        def revised():
            bench.memo["library"] = Library(bench.store.revision(), list(rows))
            bench.memo["unread:kinds"] = ((bench.store.revision(), ()), kinds)

        revised()
        return revised

    return hold


def names(bench: Workbench, **options) -> list[str]:
    return [passage.id for _, passage in unread.unread(bench, **options).shown]


def test_the_newest_quarter_comes_first_and_kinds_take_turns(bench, holding):
    rows = [
        row("old", "p1", kind="alone", quarter="2026Q1"),
        row("plain", "p2"),
        row("alone1", "p3", kind="alone"),
        row("alone2", "p4", kind="alone"),
        row("against", "p5"),
        row("new", "p6"),
    ]
    holding(rows, against="against", new="new")
    assert names(bench, limit=10) == ["new", "against", "alone1", "alone2", "plain", "old"]
    told = unread.unread(bench, limit=2)
    assert [kind for kind, _ in told.shown] == ["new", "against"]
    assert (told.people, told.verbatims, told.after) == (6, 6, 2)
    assert names(bench, limit=4, after=2) == ["alone1", "alone2", "plain", "old"]
    assert unread.unread(bench, limit=4, after=2).after is None


def test_nobody_is_shown_twice_and_segments_take_turns(bench, holding):
    holding(
        [
            row("a1", "p1", kind="alone"),
            row("a2", "p1", kind="alone"),
            row("a3", "p2", kind="alone"),
            row("b1", "p3", kind="alone", segment="global enterprise"),
            row("c1", "p4", kind="alone", segment=None),
        ]
    )
    assert names(bench) == ["a1", "b1", "c1", "a3"]


def test_what_may_not_be_quoted_other_remarks_and_undated_words_are_left_out(bench, holding):
    holding(
        [
            row("secret", "p1", rights="no_quote"),
            row("other", "p2", facet="none"),
            row("undecided", "p3", facet=None),
            row("undated", "p4", quarter=None),
            row("internal", "p5", rights="internal"),
        ]
    )
    assert names(bench) == ["internal"]


def test_whatever_anybody_opened_coded_or_pinned_is_read(bench, holding):
    revised = holding([row(name, name) for name in ("opened", "coded", "pinned", "fresh")])
    revision = bench.store.revision()
    unread.opened(bench, "opened", by="Dana")
    unread.opened(bench, "opened", by=None)
    assert bench.store.revision() == revision
    assert bench.store.readers() == ["Dana"]
    shelf = QuoteCollection(id="c1", name="Board", made_at=NOW)
    coding = Coding(verbatim_id="coded", code="cost", coder="Tom", made_at=NOW)
    pin = Pin(collection_id="c1", verbatim_id="pinned", position=1, made_at=NOW)
    with bench.store.transaction() as transaction:
        transaction.swap(Kept(), Kept(collections=(shelf,), pins=(pin,), codings=(coding,)))
    revised()
    assert bench.store.read_by_anybody() == {"opened", "coded", "pinned"}
    assert names(bench) == ["fresh"]


def test_what_is_not_there_cannot_be_opened(bench, holding):
    with pytest.raises(NotFound):
        unread.opened(bench, "?", by="Dana")
    assert bench.store.read_by_anybody() == set()


def test_people_are_heard_by_segment_and_source_of_how_many_it_takes(bench, holding):
    rows = [row(f"v{n}", f"p{n % 3}") for n in range(6)]
    rows += [row("w", "p9", source="survey"), row("x", "p8", segment="global enterprise", quarter="2025Q1")]
    rows += [row("y", "p7", facet="none")]
    holding(rows)
    found = hearing.hearing(bench, "2026Q2")
    assert found.needed == 30
    told = {place: (share.count, share.base, share.verbatims) for place, share in found.cells.items()}
    assert told["federal", "interview"] == (3, 30, 6)
    assert told[None, None] == (4, 30, 7)
    assert told["global enterprise", "survey"] == (0, 30, 0)
    assert found.thinnest[0] == ("global enterprise", "interview", 0)


def test_a_smaller_share_to_be_seen_takes_more_people(bench):
    finer = replace(bench, settings=replace(bench.settings, drift_delta=0.05))
    coarse = replace(bench, settings=replace(bench.settings, drift_delta=0.5))
    assert (hearing.needed_of(finer), hearing.needed_of(coarse)) == (60, 15)


# --- the same by command and API -------------------------------------------------------------------------------------


def test_commands_say_what_the_api_says(bench, holding, monkeypatch):
    seen = holding([row("v1", "p1", kind="alone"), row("v2", "p2"), row("v3", "p3", source="inquiry")])
    client = create_app(bench).test_client()

    def opened(*_, **__):
        seen()
        return bench

    monkeypatch.setattr("winloss.cli.shared.open_workbench", opened)

    def said(*arguments: str) -> str:
        return CliRunner().invoke(winloss, list(arguments), catch_exceptions=False).stdout

    seen()
    answer = client.get("/api/v1/unread?limit=2").json
    assert (answer["people"], answer["verbatims"], answer["after"]) == (3, 3, 2)
    assert [(item["kind"], item["verbatim"]["id"]) for item in answer["shown"]] == [("alone", "v1"), ("other", "v2")]
    assert json.loads(said("unread", "--limit", "2", "--json")) == answer
    plain = said("unread", "--limit", "2")
    assert "fits no theme" in plain
    assert "3 verbatims from 3 people were read by nobody. Next: --after 2" in plain
    seen()
    covered = client.get("/api/v1/coverage").json
    cells = {(cell["segment"], cell["source"]): cell["people"] for cell in covered["cells"]}
    assert (covered["quarter"], cells[None, None], cells["federal", "inquiry"]) == ("2026Q2", 3, 1)
    assert json.loads(said("coverage", "--quarter", "2026Q2", "--json")) == covered
    table = said("coverage")
    assert re.search(r"^federal +3 +1 +2$", table, re.MULTILINE)
    assert f"of the {covered['needed']} who must be heard" in table
    seen()
    assert {cell["people"] for cell in client.get("/api/v1/coverage?quarter=2020Q1").json["cells"]} == {0}


def test_without_evidence_there_is_no_coverage(bench):
    assert create_app(bench).test_client().get("/api/v1/coverage").status_code == 404
