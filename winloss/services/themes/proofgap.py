"""The proof gap: what people of a role who tell a pain ask to see, against what they say they got to see.

A demand is the person's own: a passage about proof that asks for it, from somebody of the role who tells the pain. What
was got counts for the whole deal, since a colleague may hold the letter that the lawyer asked for: the person's own
words, those of the same document where it is no public thread, and those of the same account. A demand is unmet where
nobody of the deal says that this kind of proof was had; that is no proof that it was not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from winloss.model import (
    EvidenceRow,
    Facet,
    Filters,
    Passage,
    ProofAsked,
    ProofGap,
    ProofGapRow,
    ProofSide,
    Share,
    SourceKind,
    Theme,
)
from winloss.ports import Workbench
from winloss.services.evidence import Heard, respondents, scope_only, share
from winloss.services.library import library
from winloss.services.readings import judgements, readings

PAINS = 3
"""Pains told a role, those that most of its people tell."""
QUOTES = 2
SIDES = {"demanded": "asked_in", "received": "got_in", "unmet": "unmet_in"}
"""Number of a kind of proof -> the member that holds its verbatims."""
_SHARED = (SourceKind.INTERVIEW, SourceKind.INQUIRY)
"""Kinds of source whose documents are about one deal or one buyer."""

Kind = str | None
"""A theme of proof; None: proof that is in no theme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """The proof passages of a scope: by who asks for which kind, and by person, what their deals got of which kind.

    Whoever asks for nothing, or whose deals got nothing, is not there. `plain` are the passages that say which side
    they are on in words that the rules know, and so quote well.
    """

    asked: Mapping[str, Mapping[Kind, Sequence[EvidenceRow]]]
    got: Mapping[str, Mapping[Kind, Sequence[EvidenceRow]]]
    plain: frozenset[str]

    def got_by(self, person: str, kind: Kind) -> Sequence[EvidenceRow]:
        """The passages of the person's deals that say this kind was had."""
        return self.got.get(person, {}).get(kind, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which number of the proof gap is asked about: of a row (role, pain's id) and a kind of proof (its id), a side.

    Sides are those of `SIDES`.

    `any_proof` takes all kinds together; without it a `proof` of None is what is in no theme.
    """

    role: str | None
    pain: str | None
    proof: str | None
    any_proof: bool
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A kind of proof, and the verbatims to quote of either side."""

    kind: ProofAsked
    asked: tuple[str, ...]
    got: tuple[str, ...]


def proof_gap(bench: Workbench, filters: Filters, *, quarter: str | None = None) -> ProofGap:
    """Proof asked against proof got in a scope, by role, and by the pains that most of each role's people tell.

    Roles come with those heard most first; each starts with everybody of the role (`pain` None). Pains of which nobody
    asks for proof and nobody got any are left out, and so are such roles.
    """
    return library(bench).once(("proof gap", filters, quarter), lambda: _proof_gap(bench, filters, quarter))


def _proof_gap(bench: Workbench, filters: Filters, quarter: str | None) -> ProofGap:
    scope = library(bench).passing(replace(scope_only(filters), quarter=(quarter,) if quarter else ()))
    proof = [row for row in scope if row.facet == Facet.PROOF]
    sides = sides_of(bench, proof)
    told = _told(scope, proof, sides, _plain(bench, proof, sides))
    themes = {theme.id: theme for theme in bench.store.themes(dormant=True)}
    wanted = frozenset(filters.theme)
    rows = [
        row
        for role, of_role in _roles(scope).items()
        for pain, people, heard in _groups(of_role, themes, wanted)
        if (row := _row(role, pain, people, heard, told, themes)) is not None
    ]
    return ProofGap(
        quarter=quarter,
        rows=_with_quotes(bench, rows),
        respondents=len(respondents(scope)),
        sides={side.value: sum(1 for given in sides.values() if given is side) for side in ProofSide},
    )


def said(bench: Workbench, filters: Filters, asked: Asked, *, quarter: str | None = None) -> tuple[Passage, ...]:
    """The verbatims behind one number of the proof gap, newest first."""
    gap = proof_gap(bench, filters, quarter=quarter)
    kinds = [
        kind
        for row in gap.rows
        if row.role == asked.role and (row.pain.id if row.pain else None) == asked.pain
        for kind in row.kinds
        if asked.any_proof or (kind.theme.id if kind.theme else None) == asked.proof
    ]
    ids = dict.fromkeys(name for kind in kinds for name in getattr(kind, SIDES[asked.side]))
    found = bench.store.passages(list(ids))
    return tuple(sorted(found, key=lambda passage: (passage.date or "", passage.id), reverse=True))


def judge(bench: Workbench, proof: Sequence[EvidenceRow]) -> None:
    """Have these passages judged."""
    _plain(bench, proof, sides_of(bench, proof))


def sides_of(bench: Workbench, rows: Sequence[EvidenceRow]) -> dict[str, ProofSide]:
    """Verbatim id -> the side of each passage about proof, judged once for every distinct text."""
    from nlp.facets.proof_sides import load_proof_head, proof_sides

    encoder = bench.encoder().fingerprint

    def judge(texts: Mapping[str, str]) -> Mapping[str, ProofSide]:
        judged = proof_sides(list(texts.values()), bench.vectors().get(list(texts)), encoder=encoder)
        return dict(zip(texts, judged, strict=True))

    name = f"proof:{encoder}:{load_proof_head().fingerprint}"
    known = judgements(bench, name, {row.key for row in rows}, judge, ProofSide)
    return {row.id: known[row.key] for row in rows if row.key in known}


# --- who asks, who got -----------------------------------------------------------------------------------------------


def _plain(bench: Workbench, proof: Sequence[EvidenceRow], sides: Mapping[str, ProofSide]) -> frozenset[str]:
    from nlp.facets.proof_cues import told_side

    ruled = readings(bench, "proof rules", {row.key for row in proof}, lambda text: told_side(text)[0], ProofSide)
    return frozenset(row.id for row in proof if ruled.get(row.key) is sides.get(row.id))


def _told(
    scope: Iterable[EvidenceRow],
    proof: Iterable[EvidenceRow],
    sides: Mapping[str, ProofSide],
    plain: frozenset[str],
) -> _Told:
    asked: dict[str, dict[Kind, list[EvidenceRow]]] = defaultdict(lambda: defaultdict(list))
    got: dict[str, dict[Kind, list[EvidenceRow]]] = defaultdict(lambda: defaultdict(list))
    for row in proof:
        if sides.get(row.id) is ProofSide.DEMANDED:
            asked[row.respondent][row.theme_id].append(row)
        elif sides.get(row.id) is ProofSide.RECEIVED:
            for deal in _deals(row):
                got[deal][row.theme_id].append(row)
    return _Told(asked=asked, got=_by_person(scope, got), plain=plain)


def _by_person(
    scope: Iterable[EvidenceRow], got: Mapping[str, Mapping[Kind, Sequence[EvidenceRow]]]
) -> Mapping[str, Mapping[Kind, Sequence[EvidenceRow]]]:
    """What the deals got, for each person of them, by id."""
    deals: dict[str, set[str]] = defaultdict(set)
    for row in scope:
        deals[row.respondent].update(deal for deal in _deals(row) if deal in got)
    found: dict[str, dict[Kind, Sequence[EvidenceRow]]] = {}
    for person, own in deals.items():
        kinds: dict[Kind, dict[str, EvidenceRow]] = defaultdict(dict)
        for deal in own:
            for kind, rows in got[deal].items():
                kinds[kind].update((row.id, row) for row in rows)
        if kinds:
            found[person] = {kind: [rows[name] for name in sorted(rows)] for kind, rows in kinds.items()}
    return found


def _deals(row: EvidenceRow) -> Iterable[str]:
    """What a row's words count for: the person, the document where it is about one buyer, the account."""
    yield f"person {row.respondent}"
    if row.source in _SHARED:
        yield f"document {row.document_id}"
    if row.account:
        yield f"account {row.account.casefold()}"


# --- rows ------------------------------------------------------------------------------------------------------------


def _roles(scope: Iterable[EvidenceRow]) -> dict[str | None, list[EvidenceRow]]:
    """The rows of each role heard, most people first; whose role is not known stands last."""
    heard: dict[str | None, list[EvidenceRow]] = defaultdict(list)
    for row in scope:
        heard[row.role].append(row)
    people = {role: len(respondents(rows)) for role, rows in heard.items()}
    return {role: heard[role] for role in sorted(heard, key=lambda role: (role is None, -people[role], role or ""))}


def _groups(
    heard: list[EvidenceRow], themes: Mapping[str, Theme], wanted: frozenset[str]
) -> Iterable[tuple[Theme | None, list[EvidenceRow], list[EvidenceRow]]]:
    """Everybody of a role, then those who tell each of its pains: the rows of the pain, and all of the role's."""
    pains: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in heard:
        if row.facet == Facet.PAIN and row.theme_id and (not wanted or row.theme_id in wanted):
            pains[row.theme_id].append(row)
    if not wanted:
        yield None, heard, heard
    ranked = sorted(pains, key=lambda name: (-len(respondents(pains[name])), name))
    for theme_id in ranked[:PAINS]:
        yield themes[theme_id], pains[theme_id], heard


def _row(
    role: str | None,
    pain: Theme | None,
    telling: Sequence[EvidenceRow],
    heard: Sequence[EvidenceRow],
    told: _Told,
    themes: Mapping[str, Theme],
) -> tuple[ProofGapRow, Sequence[_Draft]] | None:
    people = sorted(respondents(telling))
    asked = {person: told.asked[person] for person in people if person in told.asked}
    kinds = {kind for parts in asked.values() for kind in parts}
    received = [person for person in people if person in told.got]
    kinds |= {kind for person in received for kind in told.got[person]}
    found = [_kind(kind, people, asked, received, told, themes) for kind in kinds]
    if not found:
        return None
    found.sort(key=_by_demand)
    open_ones = [person for person, parts in asked.items() if any(not told.got_by(person, kind) for kind in parts)]
    row = ProofGapRow(
        role=role,
        pain=pain,
        people=share(telling, heard),
        demanded=_people(asked, people, sum(len(rows) for parts in asked.values() for rows in parts.values())),
        received=_people(received, people),
        unmet=_people(open_ones, people),
        segments=Heard(heard).split(telling, "segment"),
        kinds=(),
    )
    return row, found


def _by_demand(draft: _Draft) -> tuple[int, int, str]:
    kind = draft.kind
    return -kind.demanded.count, -kind.received.count, kind.theme.id if kind.theme else ""


def _kind(
    kind: Kind,
    people: Sequence[str],
    asked: Mapping[str, Mapping[Kind, Sequence[EvidenceRow]]],
    received: Sequence[str],
    told: _Told,
    themes: Mapping[str, Theme],
) -> _Draft:
    asking = {person: kinds[kind] for person, kinds in asked.items() if kind in kinds}
    got = {person: rows for person in received if (rows := told.got_by(person, kind))}
    unmet = [person for person in asking if person not in got]
    asked_in = [row for rows in asking.values() for row in rows]
    got_in = list({row.id: row for rows in got.values() for row in rows}.values())
    found = ProofAsked(
        theme=themes[kind] if kind else None,
        demanded=_people(asking, people, len(asked_in)),
        received=_people(got, people, len(got_in)),
        unmet=_people(unmet, people),
        asked_in=tuple(row.id for row in asked_in),
        got_in=tuple(row.id for row in got_in),
        unmet_in=tuple(row.id for person in unmet for row in asking[person]),
    )
    return _Draft(kind=found, asked=_one_each(asked_in, told.plain), got=_one_each(got_in, told.plain))


def _people(some: Collection[str], people: Sequence[str], verbatims: int = 0) -> Share:
    return Share(count=len(some), base=len(people), verbatims=verbatims)


def _one_each(rows: Iterable[EvidenceRow], plain: Collection[str]) -> tuple[str, ...]:
    """Verbatims to quote, one a person: those that say it in plain words first, then the newest."""
    ranked = sorted(rows, key=lambda row: (row.id in plain, row.date or "", row.id))
    latest: dict[str, str] = {}
    for row in ranked:
        latest.pop(row.respondent, None)
        latest[row.respondent] = row.id
    return tuple(list(latest.values())[::-1][:QUOTES])


def _with_quotes(bench: Workbench, drafts: Sequence[tuple[ProofGapRow, Sequence[_Draft]]]) -> tuple[ProofGapRow, ...]:
    wanted = {name for _, kinds in drafts for draft in kinds for name in (*draft.asked, *draft.got)}
    known = {passage.id: passage for passage in bench.store.passages(sorted(wanted))}

    def quoted(names: Sequence[str]) -> tuple[Passage, ...]:
        return tuple(known[name] for name in names if name in known)

    return tuple(
        replace(
            row,
            kinds=tuple(replace(draft.kind, asked=quoted(draft.asked), got=quoted(draft.got)) for draft in kinds),
        )
        for row, kinds in drafts
    )
