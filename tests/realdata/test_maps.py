"""Mapping files for public data that nobody here wrote: what they make of it, and that it takes seconds."""

from __future__ import annotations

import re
import time
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

import ingest
from winloss.model import Account, Deal, Finding, Outcome, Readable, ReadDocument, SourceKind
from winloss.ports import ReadContext

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "../shared/data"
FIRST = 200

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not DATA.exists(), reason="the shared real data sets are not here"),
]


def records(file: str, mapping: str | None, count: int | None = FIRST) -> list[Readable]:
    """The first things that a file of the real data is read as."""
    context = ReadContext(mapping=ingest.load_mapping(HERE / "maps" / f"{mapping}.toml") if mapping else None)
    return list(islice(ingest.read(DATA / file, context), count))


def documents(things: list[Readable]) -> list[ReadDocument]:
    """The documents among them."""
    return [thing for thing in things if isinstance(thing, ReadDocument)]


def findings(things: list[Readable]) -> dict[str, Finding]:
    """The findings among them, by code."""
    return {thing.code: thing for thing in things if isinstance(thing, Finding)}


def test_forum_questions() -> None:
    posts = documents(records("thunderbird-aaq/questions.jsonl", "thunderbird-questions"))
    first = posts[0]
    assert (len(posts), first.kind, first.external_id) == (FIRST, SourceKind.COMMUNITY, "1401059")
    assert str(first.happened_on) == "2023-01-01"
    assert first.turns[0].text.startswith(f"{first.title}\n\nOpening Thunderbird after Computer restart")
    assert first.turns[0].speaker == "u_edbec11883"
    assert first.tags == ("troubleshooting", "fix-problems")
    assert first.url == "https://support.mozilla.org/questions/1401059"


def test_every_forum_question_in_seconds() -> None:
    begun = time.monotonic()
    things = records("thunderbird-aaq/questions.jsonl", "thunderbird-questions", None)
    assert time.monotonic() - begun < 30
    assert len({post.external_id for post in documents(things)}) == 39_015
    assert findings(things).keys() == {"garbled-repaired", "garbled-left"}
    assert findings(things)["garbled-repaired"].count < 10


@pytest.mark.parametrize(("part", "meetings"), [("academic", 50), ("committee", 30), ("product", 117)])
def test_meetings(part: str, meetings: int) -> None:
    read = documents(records(f"qmsum/{part}.jsonl", "qmsum"))
    assert len(read) == meetings
    assert all(meeting.kind is SourceKind.INTERVIEW and len(meeting.turns) > 20 for meeting in read)
    assert all(turn.speaker for meeting in read for turn in meeting.turns)


def test_questions_of_analysts() -> None:
    asked = documents(records("earnings-calls-2022/turns.jsonl", "earnings-calls", None))
    assert 500 < len(asked) < 1500
    assert len({inquiry.title for inquiry in asked}) > 90
    assert all("?" in inquiry.turns[0].text for inquiry in asked)
    thanked = sum("question" in inquiry.turns[0].text.casefold()[:400] for inquiry in asked)
    assert thanked > 0.6 * len(asked)


def test_security_questions_lose_their_markup_and_their_code() -> None:
    posts = documents(records("stackexchange-secrets/questions.jsonl", "stackexchange"))
    assert len(posts) == FIRST
    texts = [post.turns[0].text for post in posts]
    assert not any(mark in text for text in texts for mark in ("<p>", "</", "&lt;", "&amp;"))
    assert all(post.tags and post.happened_on and post.title for post in posts)
    assert any(post.turns[0].quoted for post in posts)


def test_opportunities_with_a_misspelt_product_are_joined_and_told() -> None:
    things = records("crm-sales-opportunities/sales_pipeline.csv", "crm-pipeline", None)
    deals = [thing for thing in things if isinstance(thing, Deal)]
    told = findings(things)
    assert Counter(deal.outcome for deal in deals) == {
        Outcome.WON: 4238,
        Outcome.LOST_TO_COMPETITOR: 2473,
        Outcome.OPEN: 2089,
    }
    assert sum(deal.product == "GTX Pro" for deal in deals) == 1480
    assert (told["near-value"].count, told["no-account"].count) == (1480, 1425)
    assert "GTXPro" in told["near-value"].message


def test_the_same_opportunities_without_a_mapping() -> None:
    things = records("crm-sales-opportunities/sales_pipeline.csv", None, None)
    deals = [thing for thing in things if isinstance(thing, Deal)]
    assert len(deals) == 8800
    assert sum(deal.outcome is Outcome.WON for deal in deals) == 4238
    assert sum(deal.amount is not None for deal in deals) == 6711


def test_accounts_with_a_misspelt_sector_are_joined_and_told() -> None:
    things = records("crm-sales-opportunities/accounts.csv", "crm-accounts", None)
    accounts = [thing for thing in things if isinstance(thing, Account)]
    assert len(accounts) == 85
    assert sum(account.industry == "technology" for account in accounts) == 12
    assert findings(things)["near-value"].count == 12
    assert next(account for account in accounts if account.name == "Acme Corporation").revenue == pytest.approx(
        1.10004e9
    )


def test_podcasts_need_no_mapping() -> None:
    files = sorted((DATA / "changelog-podcasts").glob("*/*.md"))
    for path in files[::8]:
        [read] = records(f"changelog-podcasts/{path.parent.name}/{path.name}", None)
        assert isinstance(read, ReadDocument)
        assert len({turn.speaker for turn in read.turns}) >= 2
        assert not any(re.match(r"\*\*|\\?\[\d+:\d", turn.text) for turn in read.turns)
