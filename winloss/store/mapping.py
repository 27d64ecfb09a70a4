"""Between rows and the domain: one pair of functions per kind of thing, no queries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from winloss.model import (
    Account,
    Cause,
    Copy,
    Correction,
    Deal,
    Document,
    DriftNode,
    DriftVerdict,
    Facet,
    Finding,
    Highlight,
    Lineage,
    Outcome,
    Participant,
    Relation,
    Rights,
    RightsBook,
    Scope,
    Severity,
    Share,
    Side,
    Snapshot,
    SourceFile,
    SourceKind,
    Speaker,
    State,
    Theme,
    ThemeCount,
    ThemeEvent,
    Turn,
)
from winloss.model.fields import fields_of
from winloss.model.terms import Mode
from winloss.store import schema
from winloss.store.records import united

Row = dict[str, Any]
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What findings cite may hold what no database keeps: NUL and lone surrogates."""


def file_row(file: SourceFile) -> Row:
    """The columns of `files`."""
    row = asdict(file)
    row.pop("findings")
    return row


def copy_row(copy: Copy) -> Row:
    """The columns of `copies`."""
    return {**asdict(copy), "spans": [list(span) for span in copy.spans]}


def to_copy(row: schema.CopyRow) -> Copy:
    """A row of `copies`."""
    return Copy(
        document_id=row.document_id,
        of_id=row.of_id,
        how=row.how,
        similarity=row.similarity,
        evidence=row.evidence,
        spans=tuple((ordinal, start, end) for ordinal, start, end in row.spans),
    )


def finding_row(file_id: str, finding: Finding) -> Row:
    """The columns of `findings`."""
    return {
        "file_id": file_id,
        "code": finding.code,
        "message": _UNSTORABLE.sub("\ufffd", finding.message),
        "place": _UNSTORABLE.sub("\ufffd", finding.where),
        "count": finding.count,
        "severity": finding.severity.value,
    }


def to_finding(row: schema.FindingRow) -> Finding:
    """A finding from its row."""
    return Finding(
        code=row.code, message=row.message, where=row.place, count=row.count, severity=Severity(row.severity)
    )


def to_file(row: schema.FileRow, findings: list[schema.FindingRow]) -> SourceFile:
    """A file from its row and its findings' rows."""
    return SourceFile(
        id=row.id,
        path=row.path,
        blob=row.blob,
        size=row.size,
        reader=row.reader,
        context_hash=row.context_hash,
        ingested_at=row.ingested_at,
        documents=row.documents,
        turns=row.turns,
        deals=row.deals,
        accounts=row.accounts,
        findings=tuple(to_finding(finding) for finding in findings),
    )


STATED = ("account", "segment", "outcome", "competitor")


def document_row(document: Document, version: int, participants: list[Participant]) -> Row:
    """The columns of `documents` for a new current version."""
    stated = {name: getattr(document, name) for name in STATED}
    return {
        "id": document.id,
        "version": version,
        "current": True,
        "kind": document.kind.value,
        "external_id": document.external_id,
        "content_hash": document.content_hash,
        "file_id": document.file_id,
        "title": document.title,
        "happened_on": document.happened_on,
        "quarter": document.quarter,
        "url": document.url,
        "thread_id": document.thread_id,
        **stated,
        "stated": stated,
        "rights": document.rights.value,
        "language": document.language,
        "tags": list(document.tags),
        "meta": dict(document.meta),
        "participants": [fields_of(participant) for participant in participants],
        "segmented_with": None,
    }


def to_document(row: schema.DocumentRow) -> Document:
    """A document from its row."""
    return Document(
        id=row.id,
        version=row.version,
        kind=SourceKind(row.kind),
        external_id=row.external_id,
        content_hash=row.content_hash,
        file_id=row.file_id,
        title=row.title,
        happened_on=row.happened_on,
        quarter=row.quarter,
        url=row.url,
        thread_id=row.thread_id,
        account=row.account,
        segment=row.segment,
        outcome=Outcome(row.outcome) if row.outcome else None,
        competitor=row.competitor,
        rights=Rights(row.rights),
        language=row.language,
        tags=tuple(row.tags),
        meta=dict(row.meta),
        stated=dict(row.stated),
    )


def to_participant(content: Mapping[str, Any]) -> Participant:
    """A participant from its JSON."""
    side = Side(content["side"]) if content.get("side") else None
    return Participant(**{**content, "side": side})


SPEAKER = ("speaker", "respondent", "side", "side_evidence", "title", "role", "role_evidence", "mode")
"""The columns of `turns` that say who speaks."""


def speaker_row(speaker: Speaker) -> Row:
    """The columns of `turns` that say who speaks."""
    return {
        "speaker": speaker.name,
        "respondent": speaker.respondent,
        "side": speaker.side.value,
        "side_evidence": speaker.side_evidence,
        "title": speaker.title,
        "role": speaker.role,
        "role_evidence": speaker.role_evidence,
        "mode": speaker.mode.value if speaker.mode else None,
    }


def to_speaker(row: Mapping[str, Any]) -> Speaker:
    """A speaker from those columns."""
    return Speaker(
        name=row["speaker"],
        respondent=row["respondent"],
        side=Side(row["side"]),
        side_evidence=row["side_evidence"],
        title=row["title"],
        role=row["role"],
        role_evidence=row["role_evidence"],
        mode=Mode(row["mode"]) if row["mode"] else None,
    )


def correction_row(correction: Correction) -> Row:
    """The columns of `corrections`."""
    content = asdict(correction)
    known = {name: content.pop(name) for name in ("id", "document_id", "author", "made_at")}
    return {**known, "speaker": correction.speaker or "", "content": content}


def to_correction(row: schema.CorrectionRow) -> Correction:
    """A row of `corrections`."""
    content = row.content
    return Correction(
        id=row.id,
        document_id=row.document_id,
        author=row.author,
        made_at=row.made_at,
        speaker=content["speaker"],
        unnamed=content["unnamed"],
        turns=(content["turns"][0], content["turns"][1]) if content["turns"] else None,
        texts=tuple(content["texts"]),
        side=Side(content["side"]) if content["side"] else None,
        title=content["title"],
        role=content["role"],
        name=content["name"],
    )


def turn_row(turn: Turn, turn_id: str, version: int) -> Row:
    """The columns of `turns`."""
    return {
        "id": turn_id,
        "document_id": turn.document_id,
        "version": version,
        "ordinal": turn.ordinal,
        **speaker_row(turn.speaker),
        "text": turn.text,
        "start_ms": turn.start_ms,
        "end_ms": turn.end_ms,
        "question": turn.question,
        "quoted": [list(span) for span in turn.quoted],
        "highlights": [asdict(highlight) for highlight in turn.highlights],
    }


def with_rights(turns: Iterable[Turn], row: schema.DocumentRow, book: RightsBook) -> list[Turn]:
    """The turns of a document's version with the rights that hold for each."""
    return [
        replace(turn, rights=book.of(row.id, row.file_id, row.rights, turn.speaker.respondent).rights) for turn in turns
    ]


def to_turn(row: schema.TurnRow, *, as_read: bool = False) -> Turn:
    """A turn from its row; where asked, with the speaker and the question as read."""
    said = row.as_read if as_read and row.as_read else {name: getattr(row, name) for name in (*SPEAKER, "question")}
    return Turn(
        id=row.id,
        document_id=row.document_id,
        ordinal=row.ordinal,
        speaker=to_speaker(said),
        text=row.text,
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        question=said["question"],
        quoted=tuple((start, end) for start, end in row.quoted),
        highlights=tuple(Highlight(**{**told, "codes": tuple(told["codes"])}) for told in row.highlights),
    )


def to_participants(content: list[Any]) -> tuple[Participant, ...]:
    """The people of a document from its row."""
    return tuple(map(to_participant, content))


def deal_content(deal: Deal) -> Row:
    """A deal as JSON."""
    content = asdict(deal)
    for name in ("created_on", "closed_on"):
        content[name] = content[name].isoformat() if content[name] else None
    return {**content, "meta": dict(deal.meta)}


def record_row(table: type[schema.Base], key: str, name: str, content: Row, file_id: str) -> Row:
    """The columns of `deals` or `accounts`."""
    told = united(content)
    columns = ("account", "outcome") if table is schema.DealRow else ("name",)
    return {key: name, "file_id": file_id, **{column: told[column] for column in columns}, "content": content}


def to_deal(content: Mapping[str, Any]) -> Deal:
    """A deal from its JSON, of all files that tell of it."""
    content = united(content)
    days = {name: date.fromisoformat(content[name]) if content[name] else None for name in ("created_on", "closed_on")}
    outcome = Outcome(content["outcome"]) if content["outcome"] else None
    return Deal(**{**content, **days, "outcome": outcome})


def account_content(account: Account) -> Row:
    """An account as JSON."""
    return {**asdict(account), "meta": dict(account.meta)}


def to_account(content: Mapping[str, Any]) -> Account:
    """An account from its JSON, of all files that tell of it."""
    content = united(content)
    lists = {name: tuple(content[name]) for name in ("regulations", "technologies", "signals")}
    return Account(**{**content, **lists})


FOUND = ("title", "terms", "size", "exemplars", "dissenting", "born", "dormant", "family")
"""What an analysis finds out about a theme."""
CURATED = (*FOUND, "named_by", "pinned", "archived", "merged_into")
"""What holds of a theme once people have decided."""


def theme_row(theme: Theme, fingerprint: str) -> Row:
    """The columns of `themes`, as an analysis finds them."""
    told = curated_row(theme)
    found = {name: told[name] for name in FOUND}
    return {"id": theme.id, "facet": theme.facet.value, "made_with": fingerprint, "found": found, **told}


def curated_row(theme: Theme) -> Row:
    """The columns of `themes` that people's decisions can change."""
    lists = {name: list(getattr(theme, name)) for name in ("terms", "exemplars", "dissenting")}
    return {name: getattr(theme, name) for name in CURATED} | lists


def to_theme(row: schema.ThemeRow) -> Theme:
    """A theme from its row."""
    return Theme(
        id=row.id,
        facet=Facet(row.facet),
        title=row.title,
        terms=tuple(row.terms),
        size=row.size,
        exemplars=tuple(row.exemplars),
        dissenting=tuple(row.dissenting),
        born=row.born,
        dormant=row.dormant,
        family=row.family,
        named_by=row.named_by,
        pinned=row.pinned,
        archived=row.archived,
        merged_into=row.merged_into,
    )


def to_found_theme(row: schema.ThemeRow) -> Theme:
    """A theme as the last analysis that knew it left it."""
    told = row.found or {}
    lists = {name: tuple(told[name]) for name in ("terms", "exemplars", "dissenting")}
    return Theme(id=row.id, facet=Facet(row.facet), **{name: told[name] for name in FOUND} | lists)


def event_row(event: ThemeEvent) -> Row:
    """The columns of `theme_events`."""
    told = {name: getattr(event, name) for name in ("theme_id", "what", "reason", "at", "by")}
    return {**told, "facet": event.facet.value, "cause": event.cause.value, "others": list(event.others)}


def to_event(row: schema.EventRow) -> ThemeEvent:
    """Something that happened to a theme, from its row."""
    return ThemeEvent(
        theme_id=row.theme_id,
        facet=Facet(row.facet),
        what=row.what,
        cause=Cause(row.cause),
        reason=row.reason,
        at=row.at,
        by=row.by,
        others=tuple(row.others),
    )


def snapshot_row(snapshot: Snapshot) -> Row:
    """The columns of `snapshots`; counts are flat lists, compact and readable."""
    return {
        "quarter": snapshot.quarter,
        "facet": snapshot.facet.value,
        "revision": snapshot.revision,
        "made_with": snapshot.fingerprint,
        "respondents": snapshot.respondents,
        "verbatims": snapshot.verbatims,
        "unthemed": snapshot.unthemed,
        "counts": [
            [item.theme_id, item.segment, item.role, item.share.count, item.share.base, item.share.verbatims]
            for item in snapshot.counts
        ],
    }


def to_snapshot(row: schema.SnapshotRow) -> Snapshot:
    """A snapshot from its row."""
    counts = tuple(
        ThemeCount(
            theme_id=theme,
            quarter=row.quarter,
            segment=segment,
            role=role,
            share=Share(count=count, base=base, verbatims=verbatims),
        )
        for theme, segment, role, count, base, verbatims in row.counts
    )
    return Snapshot(
        quarter=row.quarter,
        facet=Facet(row.facet),
        revision=row.revision,
        fingerprint=row.made_with,
        respondents=row.respondents,
        verbatims=row.verbatims,
        unthemed=row.unthemed,
        counts=counts,
    )


def lineage_row(step: Lineage) -> Row:
    """The columns of `lineage`."""
    return {
        "facet": step.facet.value,
        "earlier": step.earlier,
        "later": step.later,
        "relation": step.relation.value,
        "from_themes": list(step.from_themes),
        "to_themes": list(step.to_themes),
        "reason": step.reason,
    }


def to_lineage(row: schema.LineageRow) -> Lineage:
    """A step of lineage from its row."""
    return Lineage(
        facet=Facet(row.facet),
        earlier=row.earlier,
        later=row.later,
        relation=Relation(row.relation),
        from_themes=tuple(row.from_themes),
        to_themes=tuple(row.to_themes),
        reason=row.reason,
    )


def scope_key(scope: Scope) -> str:
    """A scope as a key; the pooled scope sorts first."""
    return "|".join(part or "" for part in (scope.facet, scope.segment, scope.role, scope.source))


def verdict_row(verdict: DriftVerdict, fingerprint: str) -> Row:
    """The columns of `verdicts`."""
    content = asdict(verdict)
    scope = content.pop("scope")
    return {
        "quarter": verdict.quarter,
        "scope_key": scope_key(verdict.scope),
        "scope": scope,
        "state": verdict.state.value,
        "content": {**content, "statistics": dict(verdict.statistics)},
        "made_with": fingerprint,
    }


def to_verdict(row: schema.VerdictRow) -> DriftVerdict:
    """A verdict from its row."""
    content = dict(row.content)
    nodes = tuple(map(_to_node, content.pop("nodes")))
    return DriftVerdict(
        **{
            **content,
            "state": State(row.state),
            "flags": tuple(content["flags"]),
            "scope": Scope(**row.scope),
            "nodes": nodes,
        }
    )


def _to_node(kept: Mapping[str, Any]) -> DriftNode:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    return DriftNode(**values)
