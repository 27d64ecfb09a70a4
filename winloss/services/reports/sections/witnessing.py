"""Whether the kinds of source bear each other out on what matters, and where the CRM states other reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from winloss.model import Corroboration, DealsBehind, EvidenceRow, Facet, ReportSection, Statement, Theme, Witness
from winloss.quarter import Quarter
from winloss.services.reports.sections.frame import Frame, Told
from winloss.services.reports.sections.words import NOT_ENOUGH, SOURCES, name
from winloss.services.themes import crm_reasons, triangulation
from winloss.services.themes.deals_asked import PLACED, DealsAsked, parameters

HEADING = "Whether the sources agree, and what the CRM says"
TOLD = 4
FEW_DEALS, FEW_PEOPLE = 3, 2
"""Fewer deals with a reason that can be placed, or people who deny it, stand in the table and make no sentence."""
CHECKED = {Facet.PAIN: 3, Facet.PROOF: 2, Facet.ENGAGEMENT: 1}
STANCES = {Corroboration.AGREE: "agree", Corroboration.DISAGREE: "disagree", Corroboration.SILENT: "silent"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    theme: Theme
    witnesses: Sequence[Witness]
    said: Sequence[EvidenceRow]
    denied: Sequence[EvidenceRow]


def witnesses(frame: Frame) -> Told:
    """The themes that most people of the year tell, held against each kind of source and the CRM of all quarters."""
    themes = [
        theme
        for facet, limit in CHECKED.items()
        if frame.shows(facet)
        for theme in frame.ranked(frame.said_in_year, facet, limit)
    ]
    checked = [_check(frame, theme) for theme in themes]
    statements = [told for item in sorted(checked, key=_lost_deals) for told in _disagreements(frame, item)][:TOLD]
    section = ReportSection(
        heading=HEADING,
        statements=tuple(statements),
        table=_table(checked),
        note=_note(frame, checked, told=bool(statements)),
        names=tuple(theme.title for theme in themes),
        deals=tuple(_deals_behind(frame, checked)),
    )
    return Told(section=section, lead=statements[0] if statements else None)


def _check(frame: Frame, theme: Theme) -> _Checked:
    said = frame.said[theme.id]
    denied = frame.denied.get(theme.id, ())
    found = triangulation.witnesses(frame.bench, said, denied, frame.heard, quoted=False)
    return _Checked(theme=theme, witnesses=found, said=said, denied=denied)


def _lost_deals(item: _Checked) -> tuple[int, str]:
    """Those of most deals with a reason that can be placed first."""
    return -item.witnesses[-1].told.base, item.theme.id


def _disagreements(frame: Frame, item: _Checked) -> Iterable[Statement]:
    """The CRM first: what it says of the very deals whose buyers tell the theme."""
    for witness in reversed(item.witnesses):
        of_crm = witness.kind == triangulation.CRM
        enough = witness.told.base >= FEW_DEALS if of_crm else witness.denied.count >= FEW_PEOPLE
        if witness.stance is Corroboration.DISAGREE and enough:
            told = _of_crm(frame, item, witness) if of_crm else _of_source(frame, item, witness)
            if told:
                yield told


def _of_crm(frame: Frame, item: _Checked, witness: Witness) -> Statement | None:
    lost = [row for row in item.said if row.account and row.outcome in crm_reasons.LOST]
    text = _crm_text(item, witness)
    return frame.ground.said(text, frame.newest(lost), names=(item.theme.title,), link=item.theme.id)


def _crm_text(item: _Checked, witness: Witness) -> str:
    return f"{name(item.theme.title)}: the CRM states other reasons than the buyers. {witness.words}"


def _of_source(frame: Frame, item: _Checked, witness: Witness) -> Statement | None:
    kind = SOURCES.get(str(witness.kind), str(witness.kind)).lower()
    text = f"{name(item.theme.title)}: {kind} disagree. {witness.words}"
    denying = [row for row in item.denied if row.source == witness.kind]
    return frame.ground.said(text, frame.newest(denying), names=(item.theme.title,), link=item.theme.id)


def _table(checked: Sequence[_Checked]) -> tuple[tuple[str, ...], ...]:
    if not checked:
        return ()
    kinds = [str(witness.kind) for witness in checked[0].witnesses]
    head = ("Theme", *(SOURCES.get(kind, "The CRM’s reasons") for kind in kinds))
    return (head, *((item.theme.title, *map(_cell, item.witnesses)) for item in checked))


def _deals_behind(frame: Frame, checked: Sequence[_Checked]) -> Iterator[DealsBehind]:
    """The deals behind what the CRM is said to state: in a sentence, and in the table."""
    last = (Quarter.parse(frame.quarter).end - timedelta(days=1)).isoformat()
    said = replace(frame.scope, until=min(frame.scope.until or last, last))
    for row, item in enumerate(checked, start=1):
        crm = item.witnesses[-1]
        if crm.told.base:
            query = urlencode(parameters(DealsAsked(theme=item.theme.id, said=said, cause=(PLACED,))))
            yield DealsBehind(words=crm.words, query=query, within=_crm_text(item, crm))
            yield DealsBehind(words=_cell(crm), query=query, within=row)


def _cell(witness: Witness) -> str:
    """`agree: 5 of 12`; of the CRM, deals."""
    told = witness.told
    counts = (
        f"{told.count} of {told.base}"
        if told.base
        else "nobody heard"
        if witness.kind != triangulation.CRM
        else "no reason placed"
    )
    against = (
        f", {witness.denied.count} of {witness.denied.base} deny it"
        if witness.denied.count and witness.kind != triangulation.CRM
        else ""
    )
    return f"{STANCES[witness.stance]}: {counts}{against}"


def _note(frame: Frame, checked: Sequence[_Checked], *, told: bool) -> str:
    if not checked:
        return f"{NOT_ENOUGH}: no theme is told {frame.in_year}."
    lead = "" if told else f"No kind of source disagrees by {FEW_PEOPLE} people, nor the CRM over {FEW_DEALS} deals. "
    return (
        f"{lead}In all quarters to {frame.quarter}: people of each kind of source who tell the theme, of those heard "
        "there; of the CRM, the lost deals whose buyers tell it and whose stated reason names its cause."
    )
