"""What roles do in deals, as buyers tell it: who approves, champions, blocks, or has to be won over.

Only words count. What a person's title alone says ("Economic buyer", as a CRM marks its contacts) is kept apart and
said to be inferred from the title; a mere job title says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from winloss.model import DealPart, EvidenceRow, Filters, InContext, Passage, Permission, RolePart, Share, Side
from winloss.ports import Workbench
from winloss.services.evidence import respondents
from winloss.services.library import library, of_sources

Cell = tuple[str | None, Permission]


def part_of(bench: Workbench, passage: Passage, *, title: str | None = None) -> DealPart | None:
    """What the passage shows somebody doing in the deal and who that is; `title` is the speaker's, where known.

    None where neither the words nor the title tell anything.
    """
    from nlp.speakers.permission import SPEAKER, act_of

    act = act_of(passage.text, bench.codebook, title=title or "")
    if act is None:
        return None
    by_speaker = act.actor == SPEAKER
    told = (title or "") if act.by_title else passage.text
    return DealPart(
        permission=act.permission,
        role=passage.role if by_speaker else act.actor,
        named="" if by_speaker else act.named,
        by_speaker=by_speaker,
        words=told[act.start : act.end],
        by_title=act.by_title,
    )


def part_in(bench: Workbench, found: InContext) -> DealPart | None:
    """The same of a passage among its turns, which tell the speaker's title."""
    title = next((turn.speaker.title for turn in found.turns if turn.ordinal == found.passage.turn), None)
    return part_of(bench, found.passage, title=title)


def parts(bench: Workbench, filters: Filters | None = None) -> tuple[RolePart, ...]:
    """Each role and permission that anybody tells of in a scope, those most people tell of first.

    A share counts the people who say so, of all people heard in the scope. `by_title` counts people whose title alone
    says it: they are in no share.
    """
    asked = filters or Filters()
    return library(bench).once(("deal parts", asked), lambda: _parts(bench, asked))


def _parts(bench: Workbench, filters: Filters) -> tuple[RolePart, ...]:
    scope = library(bench).passing(filters)
    told = _told(bench, scope)
    titled = _titled(bench, scope)
    base = len(respondents(scope))
    found = [
        RolePart(
            role=role,
            permission=permission,
            share=Share(count=len(respondents(rows)), base=base, verbatims=len(rows)),
            by_title=len(titled.get((role, permission), ())),
            verbatims=tuple(row.id for row in rows),
        )
        for role, permission in told.keys() | titled.keys()
        for rows in [told.get((role, permission), [])]
    ]
    return tuple(sorted(found, key=lambda part: (-part.share.count, -part.by_title, part.role or "~", part.permission)))


def passages_of(bench: Workbench, part: RolePart) -> Sequence[Passage]:
    """The verbatims that a part was told in, newest first."""
    found = bench.store.passages(part.verbatims)
    return sorted(found, key=lambda passage: (passage.date or "", passage.id), reverse=True)


def _told(bench: Workbench, scope: Iterable[EvidenceRow]) -> dict[Cell, list[EvidenceRow]]:
    """The rows that tell of each role and permission; a part that nobody with a seat is named for has no role."""
    acts = _acts(bench)
    cells: dict[Cell, list[EvidenceRow]] = defaultdict(list)
    for row in scope:
        if part := acts.get(row.id):
            cells[part.role, part.permission].append(row)
    return cells


def _acts(bench: Workbench) -> dict[str, DealPart]:
    """Verbatim id -> what it shows, of everything counted; read once for each revision of the store."""
    return library(bench).once("deal acts", lambda: _acts_now(bench))


def _acts_now(bench: Workbench) -> dict[str, DealPart]:
    passages = bench.store.passages(bench.store.permitting())
    return {passage.id: part for passage in passages if (part := part_of(bench, passage))}


def _titled(bench: Workbench, scope: Sequence[EvidenceRow]) -> dict[Cell, set[str]]:
    """The people heard in the scope whose title alone names a permission."""
    here = respondents(scope)
    cells: dict[Cell, set[str]] = defaultdict(set)
    for cell, respondent in of_sources(bench, "deal titles", lambda: _titles(bench)):
        if respondent in here:
            cells[cell].add(respondent)
    return cells


def _titles(bench: Workbench) -> Sequence[tuple[Cell, str]]:
    """Every buyer whose title alone names a permission, with what it names."""
    from nlp.speakers.permission import act_of

    titled = [spoken.speaker for spoken in bench.store.speakers() if spoken.speaker.title]
    return [
        ((speaker.role, act.permission), speaker.respondent)
        for speaker in titled
        if speaker.side is Side.BUYER and (act := act_of("", bench.codebook, title=speaker.title or ""))
    ]
