"""Quote rights that people give: they hold for every version, when sources are read again, and wherever words go."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from tests.unit.killed_job import CALL
from winloss.cli.commands import winloss
from winloss.errors import NotFound, QueryError
from winloss.model import Filters, Rights
from winloss.services import analysis, forgetting, granting, intake, journal, keeping

MAPPING = 'kind = "community"\n[fields]\nid = "id"\ntext = "text"\nrights = "rights"\n'


def read(bench, folder, *, text="The alerts bury my analysts on every night shift.", rights="anonymous"):
    """One post taken in from a table; the next call corrects it."""
    (folder / "posts.map.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "posts.jsonl").write_text(json.dumps({"id": "1", "text": text, "rights": rights}), encoding="utf-8")
    intake.take_in(bench, [folder / "posts.jsonl"])
    return bench.store.documents()[0]


def test_given_rights_hold_for_every_version_and_are_taken_back(bench, tmp_path):
    read(bench, tmp_path)
    document = read(bench, tmp_path, text="The alerts bury nobody any more.")
    done = granting.give(bench, "1", "no_quote", by=" Mira ")
    assert (done.before, done.rights) == (Rights.ANONYMOUS, Rights.NO_QUOTE)
    assert {item.rights for item in bench.store.versions(document.id)} == {Rights.NO_QUOTE}
    decision = granting.given(bench, document.id)
    assert decision is not None
    assert (decision.by, decision.read) == ("Mira", Rights.ANONYMOUS)
    granting.give(bench, document.id, "internal", by=None)
    assert granting.take_back(bench, document.id, by=None).rights is Rights.ANONYMOUS
    assert bench.store.document(document.id).rights is Rights.ANONYMOUS
    with pytest.raises(NotFound):
        granting.take_back(bench, document.id, by=None)


@pytest.mark.parametrize(
    ("given", "source_says", "holds"),
    [
        ("named", "anonymous", "named"),
        ("no_quote", "anonymous", "no_quote"),
        ("named", "internal", "internal"),
        ("no_quote", "named", "no_quote"),
    ],
)
def test_what_was_given_holds_when_the_source_is_read_again(bench, tmp_path, given, source_says, holds):
    document = read(bench, tmp_path)
    granting.give(bench, document.id, given, by=None)
    again = read(bench, tmp_path, text="The alerts bury my whole team by day as well.", rights=source_says)
    assert again.version == 2
    assert again.rights == holds


def test_what_may_not_be_quoted_any_more_is_in_no_export_at_once(bench, tmp_path):
    document = read(bench, tmp_path)
    analysis.analyse(bench)
    assert len(list(keeping.export_lines(bench, Filters(), suffix=".jsonl"))) == 1
    granting.give(bench, document.id, "no_quote", by=None)
    assert list(keeping.export_lines(bench, Filters(), suffix=".jsonl")) == []
    assert bench.index().revision() == bench.store.revision(), "no word changed: the index is up to date"


def test_it_is_noted_who_gave_them_and_forgetting_takes_the_note_away(bench, tmp_path):
    document = read(bench, tmp_path)
    granting.give(bench, document.id, "named", by="Mira")
    entry = journal.entries(bench)[0]
    assert (entry.what, entry.who) == (journal.GAVE_RIGHTS, "Mira")
    assert document.id in entry.about
    forgetting.forget(bench, forgetting.Wish(documents=(document.id,)))
    assert bench.store.rights_decisions() == []


def test_unknown_rights_and_documents_are_refused(bench, tmp_path):
    document = read(bench, tmp_path)
    with pytest.raises(QueryError):
        granting.give(bench, document.id, "secret", by=None)
    with pytest.raises(NotFound):
        granting.give(bench, "nowhere", "named", by=None)
    assert bench.store.rights_decisions() == []


@pytest.mark.parametrize("one", list(Rights))
@pytest.mark.parametrize("other", list(Rights))
def test_the_stricter_of_two_is_one_of_them_whatever_their_order(one, other):
    assert one.or_stricter(other) is other.or_stricter(one)
    assert one.or_stricter(other) in (one, other)
    assert one.or_stricter(None) is one


def test_on_the_command_line(tmp_path):
    (tmp_path / "call-1.txt").write_text(CALL, encoding="utf-8")

    def call(*arguments):
        return CliRunner().invoke(winloss, ["--workspace", str(tmp_path / "w"), *arguments])

    assert call("ingest", str(tmp_path / "call-1.txt")).exit_code == 0
    assert "call-1: internal (was anonymous)" in call("rights", "call-1", "--give", "internal").output
    assert json.loads(call("rights", "--json").output)["rights"][0]["rights"] == "internal"
    assert "call-1: anonymous (was internal)" in call("rights", "call-1", "--undo").output
    assert call("rights", "call-1").exit_code == 2
    assert call("rights", "--undo").exit_code == 2
