"""Rows become opportunities and accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.cells import Cells, cell_of
from ingest.remarks import Remarks
from ingest.rows import Row
from ingest.table_mapping import TableMapping
from ingest.values import as_text
from ingest.vocabulary import parse_outcome
from winloss.model import Account, Deal, Outcome, Readable, Severity, stable_id

_SALESFORCE = re.compile(r"00[0-9A-Za-z]{13}[A-Z0-5]{3}")
_RENEWAL = re.compile(r"(?i)\brenew")
_LOST_TO_NOBODY = re.compile(
    r"(?i)no[ -]?decision|status[ -]?quo|did nothing|do nothing|no budget|budget (?:cut|frozen|freeze|lost|pulled)|"
    r"project (?:cancel|stopp|end)|priorit|postpon|on hold|stayed with (?:what|in-house)|went dark|ghost"
)


def deals(rows: Iterator[Row], mapping: TableMapping, cells: Cells, remarks: Remarks) -> Iterator[Readable]:
    """The opportunities of a table, in order; those without an account are kept, with a finding."""
    for row in rows:
        name, written_id = cells.text("name", row), cells.written("id", row)
        if not name and not written_id:
            remarks.add("no-name", "a row has neither id nor name and was left out", where=row.where)
            continue
        account, account_id = cells.text("account", row), cells.text("account_id", row)
        if account is None and account_id is None:
            remarks.add(
                "no-account", "an opportunity names no account; it is kept but joins no document", where=row.where
            )
        created = cells.day("created", row)
        yield Deal(
            external_id=_crm_id(written_id)
            or stable_id("deal-", name, account, created.isoformat() if created else None),
            name=name,
            account=account,
            account_id=_crm_id(account_id) if account_id else None,
            outcome=_outcome(row, cells, remarks),
            stage=cells.text("stage", row),
            competitor=cells.text("competitor", row),
            product=cells.text("product", row),
            amount=cells.number("amount", row),
            created_on=created,
            closed_on=cells.day("closed", row),
            loss_reason=cells.text("loss_reason", row),
            owner=cells.text("owner", row),
            where=row.where,
            meta=_meta(row, mapping),
        )


def accounts(rows: Iterator[Row], mapping: TableMapping, cells: Cells, remarks: Remarks) -> Iterator[Readable]:
    """The accounts of a table; rows of one name are one account, with the technologies and the like of all of them."""
    merged: dict[str, Account] = {}
    for row in rows:
        name = cells.text("name", row)
        if name is None:
            remarks.add("no-name", "a row names no account and was left out", where=row.where)
            continue
        account = _account(name, row, mapping, cells)
        before = merged.get(name.casefold())
        merged[name.casefold()] = _united(before, account) if before else account
    yield from merged.values()


def _account(name: str, row: Row, mapping: TableMapping, cells: Cells) -> Account:
    return Account(
        name=name,
        external_id=_crm_id(cells.text("id", row) or "") or None,
        domain=cells.text("domain", row),
        industry=cells.text("industry", row),
        employees=cells.whole("employees", row),
        revenue=cells.number("revenue", row),
        country=cells.text("country", row),
        region=cells.text("region", row),
        ownership=cells.text("ownership", row),
        security_maturity=cells.whole("security_maturity", row),
        segment=cells.text("segment", row),
        regulations=cells.several("regulations", row),
        technologies=cells.several("technologies", row),
        signals=cells.several("signals", row),
        meta=_meta(row, mapping),
    )


def _crm_id(written: str) -> str:
    """An id as every export of the same CRM has it: Salesforce's 18 characters are its 15 with a checksum behind."""
    return written[:15] if _SALESFORCE.fullmatch(written) else written


def _united(first: Account, other: Account) -> Account:
    """The first account with the other's list values added."""
    return replace(
        first,
        regulations=tuple(dict.fromkeys((*first.regulations, *other.regulations))),
        technologies=tuple(dict.fromkeys((*first.technologies, *other.technologies))),
        signals=tuple(dict.fromkeys((*first.signals, *other.signals))),
    )


def _outcome(row: Row, cells: Cells, remarks: Remarks) -> Outcome | None:
    """How an opportunity ended, from its outcome, its flags or its stage; renewals are renewed or churned."""
    outcome = cells.outcome(row) or _flagged(row, cells)
    staged = _staged(row, cells, remarks, needed=outcome is None)
    if outcome is None or (outcome is Outcome.LOST_TO_COMPETITOR and staged is Outcome.NO_DECISION):
        outcome = staged
    if outcome is Outcome.LOST_TO_COMPETITOR:
        outcome = _lost(row, cells, remarks)
    if _RENEWAL.search(cells.written("type", row)):
        renewal = {Outcome.WON: Outcome.RENEWED, Outcome.LOST_TO_COMPETITOR: Outcome.CHURNED}
        return renewal.get(outcome, outcome) if outcome else None
    return outcome


def _flagged(row: Row, cells: Cells) -> Outcome | None:
    if cells.yes("is_won", row):
        return Outcome.WON
    closed, won = cells.yes("is_closed", row), cells.yes("is_won", row)
    if cells.yes("is_lost", row) or (closed and won is False):
        return Outcome.LOST_TO_COMPETITOR
    return Outcome.OPEN if closed is False else None


def _staged(row: Row, cells: Cells, remarks: Remarks, *, needed: bool) -> Outcome | None:
    stage = cells.text("stage", row)
    outcome = parse_outcome(stage) if stage else None
    if stage and outcome is None and needed:
        message = f"stage {stage!r} tells no outcome; map it under [values.outcome] of a mapping file"
        remarks.add("unknown-stage", message, where=row.where)
    return outcome


def _lost(row: Row, cells: Cells, remarks: Remarks) -> Outcome:
    """Lost to a competitor unless the reason says that nobody won."""
    if cells.text("competitor", row):
        return Outcome.LOST_TO_COMPETITOR
    if _LOST_TO_NOBODY.search(cells.written("loss_reason", row)):
        return Outcome.NO_DECISION
    message = "a lost opportunity names no competitor; it counts as lost to one"
    remarks.add("lost-to-whom", message, where=row.where, severity=Severity.INFO)
    return Outcome.LOST_TO_COMPETITOR


def _meta(row: Row, mapping: TableMapping) -> dict[str, str]:
    return {name: value for name in mapping.meta if (value := as_text(cell_of(row, name)).strip())}
