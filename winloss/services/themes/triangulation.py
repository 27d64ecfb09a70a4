"""Whether the kinds of source bear each other out: interviews, communities, inquiries, surveys, and the CRM's reasons.

The rule. A kind of source *agrees* with a theme where more of its people tell it than deny it, *disagrees* where as
many or more deny it, and is *silent* where nobody does either; how large a share its silence could hide is said beside
it. The CRM is asked about the lost deals whose buyers tell the theme: it *agrees* where it names the theme's cause for
at least half of those whose stated reason can be placed, *disagrees* where it names other causes for most ("the CRM
says price, the buyers say proof"), and is *silent* where it states no reason that can be placed, or where the theme has
no cause that a CRM would name (`winloss.services.themes.crm_reasons`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from winloss.model import CauseNamed, Corroboration, Deal, EvidenceRow, Passage, Share, SourceKind, Witness
from winloss.ports import Workbench
from winloss.services import statistics
from winloss.services.evidence import Heard, respondents
from winloss.services.themes import crm_reasons

CRM = "crm"
ALWAYS = (SourceKind.INTERVIEW, SourceKind.COMMUNITY, SourceKind.INQUIRY)
"""Kinds of source that are always told; a survey only where there is one."""
QUOTES = 2


def witnesses(
    bench: Workbench,
    said: Sequence[EvidenceRow],
    denied: Sequence[EvidenceRow],
    heard: Heard,
    *,
    central: Sequence[str] = (),
    quoted: bool = True,
) -> tuple[Witness, ...]:
    """What each kind of source says to a theme: its rows and those that deny it, both of the scope that was `heard`.

    Verbatims in `central` are quoted before others; nothing is where nobody will read it (`quoted`).
    """
    people = heard.bases("source")
    kinds = [kind for kind in SourceKind if kind in ALWAYS or kind in people]
    found = [_source(bench, kind, said, denied, people.get(kind, 0), central if quoted else None) for kind in kinds]
    return (*found, _crm(bench, said))


def _source(
    bench: Workbench,
    kind: str,
    said: Sequence[EvidenceRow],
    denied: Sequence[EvidenceRow],
    people: int,
    central: Sequence[str] | None,
) -> Witness:
    against = _of(denied, kind)
    deniers = respondents(against)
    telling = [row for row in _of(said, kind) if row.respondent not in deniers]
    told = Share(count=len(respondents(telling)), base=people, verbatims=len(telling))
    refused = Share(count=len(deniers), base=people, verbatims=len(against))
    stance = _stance(told, refused)
    shown = against if stance is Corroboration.DISAGREE else telling
    return Witness(
        kind=kind,
        stance=stance,
        told=told,
        denied=refused,
        words=_words(told, refused),
        quotes=() if central is None else _quotes(bench, shown, central),
    )


def _stance(told: Share, denied: Share) -> Corroboration:
    if not told.count and not denied.count:
        return Corroboration.SILENT
    return Corroboration.AGREE if told.count > denied.count else Corroboration.DISAGREE


def _words(told: Share, denied: Share) -> str:
    if not told.base:
        return "Nobody was heard there."
    if not told.count and not denied.count:
        most = statistics.wilson(told)[1]
        return f"None of {told.base} people tell it or deny it; up to {most:.0%} may hold it unheard (95% interval)."
    against = (
        "nobody denies it" if not denied.count else "1 denies it" if denied.count == 1 else f"{denied.count} deny it"
    )
    return f"{told.count} of {told.base} people tell it, {against}."


def _crm(bench: Workbench, said: Sequence[EvidenceRow]) -> Witness:
    causes = crm_reasons.causes_of_theme(bench, said)
    deals = crm_reasons.deals_behind(bench, said)
    named = _named(bench, deals)
    placed = [found for found in named.values() if found]
    same = sum(1 for found in placed if set(found) & set(causes))
    told = Share(count=same, base=len(placed), verbatims=0)
    other = Share(count=len(placed) - same, base=len(placed), verbatims=0)
    judged = bool(causes and placed)
    counts = Counter(name for found in placed for name in found)
    rival = max((count for name, count in counts.items() if name not in causes), default=0)
    stance = (
        Corroboration.SILENT
        if not judged
        else Corroboration.AGREE
        if same and same >= rival
        else Corroboration.DISAGREE
    )
    return Witness(
        kind=CRM,
        stance=stance,
        told=told if judged else Share(count=0, base=len(placed), verbatims=0),
        denied=other if judged else Share(count=0, base=len(placed), verbatims=0),
        words=_crm_words(bench, causes, deals, told, counts),
        reasons=tuple(
            CauseNamed(cause=name, label=bench.codebook.reason_label(name), deals=count)
            for name, count in counts.most_common()
        ),
        causes=tuple(causes),
        deals=len(deals),
    )


def _named(bench: Workbench, deals: Sequence[Deal]) -> dict[str, tuple[str, ...]]:
    """Deal -> the causes that its stated reason names."""
    placed = crm_reasons.causes_of_deals(bench)
    return {deal.external_id: placed.get(deal.loss_reason or "", ()) for deal in deals}


def _crm_words(
    bench: Workbench, causes: Sequence[str], deals: Sequence[Deal], told: Share, counts: Counter[str]
) -> str:
    label = bench.codebook.reason_label
    if not deals:
        return "No lost deal with a stated reason has a buyer who tells it."
    if not told.base:
        return f"The reasons stated for {_deals(len(deals))} whose buyers tell it name no cause that can be placed."
    if not causes:
        return "It has no cause of the codebook that a CRM's reason could name."
    about = " or ".join(label(name).lower() for name in causes)
    others = [(name, count) for name, count in counts.most_common() if name not in causes]
    rest = f"; it names {label(others[0][0]).lower()} for {others[0][1]}" if others else ""
    return f"Of {_deals(told.base)} whose buyers tell it, the CRM names {about} for {told.count}{rest}."


def _deals(count: int) -> str:
    return f"{count} lost deal" if count == 1 else f"{count} lost deals"


def _of(rows: Sequence[EvidenceRow], kind: str) -> list[EvidenceRow]:
    return [row for row in rows if row.source == kind]


def _quotes(bench: Workbench, rows: Sequence[EvidenceRow], central: Sequence[str]) -> tuple[Passage, ...]:
    """Central ones first, then the newest, one a person."""
    ranked = sorted(rows, key=lambda row: (row.id in central, row.date or "", row.id), reverse=True)
    one_each: dict[str, str] = {}
    for row in ranked:
        one_each.setdefault(row.respondent, row.id)
    return tuple(bench.store.passages(list(one_each.values())[:QUOTES]))
