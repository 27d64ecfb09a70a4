"""What roles do in deals: from words and never from a job title, counted in people, on the page, by command and API."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from tests.conftest import KeywordClassifier
from web import create_app
from winloss.cli.commands import winloss
from winloss.model import Filters, Permission
from winloss.services.analysis import analyse
from winloss.services.search import searching
from winloss.services.sources import intake
from winloss.services.themes import permissions

TALK = """Interviewer: Who had a say in it?

Dana Whitfield: Our CFO signed off on it in March. The alerts cost us nights.

Tom Okafor: Legal blocked the contract for three weeks.

Eve Larsen: We are trying to get the logs in one place.
"""
MANIFEST = (
    "file,interview_date,segment,participants\n"
    'talk.txt,2026-05-04,federal,"Ines=Win/Loss Interviewer; Dana Whitfield=SOC Manager; Tom Okafor=CISO; '
    'Eve Larsen=Economic Buyer"\n'
)


class PermissionClassifier(KeywordClassifier):
    """The stand-in, with permissions read as the real one reads them."""

    def classify(self, texts, vectors):
        from nlp.speakers.permission import permission_of

        decided = super().classify(texts, vectors)
        return [replace(item, permission=permission_of(text)) for item, text in zip(decided, texts, strict=True)]


@pytest.fixture
def told(bench, tmp_path):
    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / "talk.txt").write_text(TALK, encoding="utf-8")
    (folder / "manifest.csv").write_text(MANIFEST, encoding="utf-8")
    opened = replace(bench, classifier=PermissionClassifier)
    intake.take_in(opened, [folder])
    analyse(opened)
    return opened


def parts(bench, **filters):
    return {(part.role, part.permission): part for part in permissions.parts(bench, Filters(**filters))}


def test_counts_who_says_so_of_all_who_were_heard_whoever_it_is_said_of(told):
    found = parts(told)
    approving, blocking = found["cfo", Permission.APPROVE], found["legal", Permission.BLOCK]
    assert (approving.share.count, approving.share.base) == (1, 3)
    assert (blocking.share.count, blocking.share.base) == (1, 3)
    assert "CFO signed off" in permissions.passages_of(told, approving)[0].text
    assert ("ciso", Permission.APPROVE) not in found
    assert parts(told, segment=("global enterprise",)) == {}


def test_what_a_title_alone_says_is_marked_and_in_no_share(told):
    titled = [part for part in parts(told).values() if part.by_title]
    assert [(part.permission, part.by_title, part.share.count) for part in titled] == [(Permission.APPROVE, 1, 0)]
    mine = next(row.id for row in told.store.evidence() if "logs in one place" in told.store.texts()[row.key])
    part = permissions.part_in(told, searching.show(told, mine, context=1))
    assert (part.by_title, part.by_speaker, part.words) == (True, True, "Economic Buyer")


def test_the_page_leads_from_a_count_to_the_words(told):
    client = create_app(told).test_client()
    page = client.get("/deal").text
    assert "1 of 3" in page
    assert "1 more by title only" in page
    assert "Legal blocked the contract" in client.get("/deal?who=legal&does=block").text
    approving = parts(told)["cfo", Permission.APPROVE].verbatims[0]
    shown = client.get(f"/v/{approving}").text
    assert "“CFO signed off on it”" in shown or "signed off" in shown
    answer = client.get("/api/v1/permissions?segment=federal").json["parts"]
    assert {(part["role"], part["permission"], part["share"]["base"]) for part in answer} >= {("cfo", "approve", 3)}
    assert client.get(f"/api/v1/verbatims/{approving}").json["in_deal"]["role"] == "cfo"


def test_the_command_tells_the_same(told):
    run = CliRunner().invoke(winloss, ["--workspace", str(told.root), "permissions", "--json"])
    assert run.exit_code == 0, run.output
    answer = {(part["role"], part["permission"]): part["share"] for part in json.loads(run.stdout)["parts"]}
    assert answer["legal", "block"]["count"] == 1
    assert "of 3" in CliRunner().invoke(winloss, ["--workspace", str(told.root), "permissions"]).output
