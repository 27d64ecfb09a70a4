"""CRM exports without a mapping: what a header claims, and how a deal ended."""

from __future__ import annotations

from pathlib import Path

import pytest

import ingest
from winloss.errors import MalformedSource, UnknownFormat
from winloss.model import Account, Deal, Finding, Readable
from winloss.ports import ReadContext

HEADER = "Opportunity ID,Account Name,Stage,Type,Amount,Close Date,Primary Competitor,Loss Reason\n"


def read(folder: Path, table: str, kind: str | None = None) -> list[Readable]:
    path = folder / "export.csv"
    path.write_text(table, encoding="utf-8", newline="")
    return list(ingest.read(path, ReadContext(kind=kind)))


def outcome(folder: Path, row: str, header: str = HEADER) -> str | None:
    [deal] = [thing for thing in read(folder, header + row + "\n") if isinstance(thing, Deal)]
    return deal.outcome


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("1,A,Closed Won,New,5,2026-01-01,,", "won"),
        ("1,A,Closed Won,Renewal,5,2026-01-01,,", "renewed"),
        ("1,A,Closed Lost,Existing - Renewal,5,2026-01-01,Northlight,", "churned"),
        ("1,A,Closed Lost,New,5,2026-01-01,Northlight,No decision", "lost_to_competitor"),
        ("1,A,Closed Lost,New,5,2026-01-01,,No decision made", "no_decision"),
        ("1,A,Closed Lost,New,5,2026-01-01,None,Project cancelled", "no_decision"),
        ("1,A,Closed Lost,New,5,2026-01-01,,Price", "lost_to_competitor"),
        ("1,A,Closed - No Decision,New,5,2026-01-01,,", "no_decision"),
        ("1,A,Value Proposition,New,5,2026-01-01,,", "open"),
        ("1,A,Stage 7,New,5,2026-01-01,,", None),
    ],
)
def test_how_a_deal_ended(tmp_path: Path, row: str, expected: str | None) -> None:
    assert outcome(tmp_path, row) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("1,x,Done,true,true,5", "won"),
        ("1,x,Done,true,false,5", "lost_to_competitor"),
        ("1,x,No decision,true,false,5", "no_decision"),
        ("1,x,Whatever,false,false,5", "open"),
        ("1,x,Negotiation,,,5", "open"),
    ],
)
def test_flags_of_an_export_decide(tmp_path: Path, row: str, expected: str) -> None:
    assert outcome(tmp_path, row, "Id,Name,StageName,IsClosed,IsWon,Amount\n") == expected


def test_a_deal_without_an_id_keeps_its_identity(tmp_path: Path) -> None:
    header = "Deal Name,Company,Deal Stage,Amount,Create Date\n"
    first = read(tmp_path, header + "Hallam,Hallam Water,Proposal,5,2026-01-01\n")[0]
    second = read(tmp_path, header + "Hallam,Hallam Water,Closed Won,7,2026-01-01\n")[0]
    assert isinstance(first, Deal)
    assert isinstance(second, Deal)
    assert first.external_id == second.external_id


@pytest.mark.parametrize(
    "header",
    [
        "id,title,body,created,author",
        "Interview ID,Account,Quote,Outcome,Close Date,Amount,Stage,Opportunity Name",
        "name,email,comment,score",
        "Respondent ID,Collector ID,Start Date,Company,Industry,Employees",
        "id,document,tag,content",
        "company,notes",
    ],
)
def test_tables_of_words_and_of_little_are_not_claimed(tmp_path: Path, header: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"{header}\n{','.join('x' * len(header.split(',')))}\n", encoding="utf-8")
    crm = next(reader for reader in ingest.READERS if reader.name == "crm")
    assert not crm.identify(ingest.probe(path))


def test_a_kind_that_is_asked_for_needs_less(tmp_path: Path) -> None:
    [account, *_] = read(tmp_path, "company,notes\nHallam,x\n", "accounts")
    assert isinstance(account, Account)
    [deal, *_] = read(tmp_path, "deal,status\nHallam,won\n", "deals")
    assert isinstance(deal, Deal)
    assert deal.outcome == "won"
    with pytest.raises(MalformedSource) as refused:
        read(tmp_path, "colour,size\nred,5\n", "deals")
    assert "--map" in refused.value.hint


def test_deals_must_be_a_table(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat):
        read(tmp_path, "Q: Why?\n\nA: Because.\n", "deals")


def test_personal_columns_are_not_kept(tmp_path: Path) -> None:
    table = "Account Name,Industry,Employees,Country,Phone,Contact Email,Tier\nHallam,Water,5,UK,123,a@b.example,2\n"
    things = read(tmp_path, table)
    [account] = [thing for thing in things if isinstance(thing, Account)]
    assert account.meta == {"Tier": "2"}
    assert any(isinstance(thing, Finding) and "Phone" in thing.message for thing in things)


def test_json_exports_are_read_too(tmp_path: Path) -> None:
    lines = (
        '{"hs_object_id": 1, "dealname": "H", "dealstage": "closedwon", "amount": 5.5, "closedate": 1775174400000}\n'
    )
    [deal, *_] = read(tmp_path, lines)
    assert isinstance(deal, Deal)
    assert (deal.outcome, deal.amount, str(deal.closed_on)) == ("won", 5.5, "2026-04-03")
