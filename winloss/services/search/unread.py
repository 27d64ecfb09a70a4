"""What nobody has read yet: the most telling verbatims that were never opened, coded, labelled or pinned by anybody.

Newest quarter first. Within a quarter the kinds that say most take turns: what makes something new, what contradicts a
theme or stands at its edge, what fits no theme; whatever else there is comes last. No person is shown twice, and what
may not be quoted is left to its own page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from winloss.errors import NotFound
from winloss.model import THEMED_FACETS, EvidenceRow, Facet, Passage, Rights
from winloss.ports import Workbench
from winloss.services.drift import verdicts as reading
from winloss.services.evidence import respondents
from winloss.services.library import library
from winloss.services.presenting import passage_json
from winloss.services.themes import contradicting, testable

SHOWN = 5
NEW, AGAINST, ALONE, OTHER = "new", "against", "alone", "other"
KINDS = (NEW, AGAINST, ALONE)
"""The kinds that take turns: part of something new, against a theme, in no theme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Some of the verbatims that nobody has read, each with its kind, and of how many people there are such."""

    shown: tuple[tuple[str, Passage], ...]
    people: int
    verbatims: int
    after: int | None
    """How many people come before the next ones, None where these are the last."""


def opened(bench: Workbench, verbatim_id: str, *, by: str | None) -> None:
    """Note that somebody has opened a verbatim.

    Raises:
        NotFound: there is no such verbatim.
    """
    if not bench.store.passages([verbatim_id]):
        raise NotFound(f"no verbatim {verbatim_id!r}")
    bench.store.note_opened(verbatim_id, by or "", bench.clock.now())


def unread(bench: Workbench, *, limit: int = SHOWN, after: int = 0) -> Unread:
    """Some verbatims that nobody has read, one a person, past the first `after` people."""
    read, decided = frozenset(bench.store.read_by_anybody()), tuple(bench.store.node_decisions())
    asked = ("unread", read, decided, limit, after)
    return library(bench).once(asked, lambda: _unread(bench, read, limit, after))


def _unread(bench: Workbench, read: Collection[str], limit: int, after: int) -> Unread:
    substance, kinds = {facet.value for facet in THEMED_FACETS}, _kinds(bench)
    quarters: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in library(bench).rows:
        if row.quarter and row.facet in substance and row.rights != Rights.NO_QUOTE and row.id not in read:
            quarters[row.quarter].append(row)
    everybody = len(set().union(*(respondents(rows) for rows in quarters.values())))
    first: dict[str, EvidenceRow] = {}
    for quarter in sorted(quarters, reverse=True):
        if len(first) < after + limit:
            for row in _in_order(_most_telling_first(bench, quarters[quarter]), kinds):
                first.setdefault(row.respondent, row)
    chosen = list(first.values())[after : after + limit]
    passages = {passage.id: passage for passage in bench.store.passages([row.id for row in chosen])}
    return Unread(
        shown=tuple((_kind(row, kinds), passages[row.id]) for row in chosen if row.id in passages),
        people=everybody,
        verbatims=sum(map(len, quarters.values())),
        after=after + limit if after + limit < everybody else None,
    )


def unread_json(found: Unread) -> dict[str, object]:
    """The same for the command and the API."""
    return {
        "people": found.people,
        "verbatims": found.verbatims,
        "after": found.after,
        "shown": [{"kind": kind, "verbatim": passage_json(passage)} for kind, passage in found.shown],
    }


def _most_telling_first(bench: Workbench, rows: Iterable[EvidenceRow]) -> list[EvidenceRow]:
    """Pains told with a number, a frequency, a cost or a tool before all else; then the surest of what they tell."""
    known = list(rows)
    checkable = testable.specific_keys(bench, {row.key for row in known if row.facet == Facet.PAIN})
    return sorted(known, key=lambda row: (row.key not in checkable, -(row.facet_score or 0.0), row.id))


def _in_order(rows: Iterable[EvidenceRow], kinds: dict[str, str]) -> Iterator[EvidenceRow]:
    """The rows of one quarter, the kinds in turn."""
    told: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        told[_kind(row, kinds)].append(row)
    yield from (row for row in chain.from_iterable(zip_longest(*(_by_segment(told[kind]) for kind in KINDS))) if row)
    yield from _by_segment(told[OTHER])


def _by_segment(rows: Sequence[EvidenceRow]) -> list[EvidenceRow]:
    """The segments in turn, so that the largest does not speak for all."""
    segments: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        segments[row.segment or ""].append(row)
    turns = zip_longest(*(segments[name] for name in sorted(segments, key=lambda name: (not name, name))))
    return [row for row in chain.from_iterable(turns) if row]


def _kind(row: EvidenceRow, kinds: dict[str, str]) -> str:
    return kinds.get(row.id) or (OTHER if row.theme_id else ALONE)


def _kinds(bench: Workbench) -> dict[str, str]:
    """Verbatim id -> its kind, of those in something new and those against a theme; of the store's revision."""
    key = bench.store.revision(), tuple(bench.store.node_decisions())
    kept = bench.memo.get("unread:kinds")
    if kept is None or kept[0] != key:
        against = {row.id for rows in contradicting.denials(bench).values() for row in rows}
        against |= {name for theme in bench.store.themes() for name in theme.dissenting}
        emerging = {
            name
            for verdict in reading.verdicts(bench, roles=True)
            for node in verdict.nodes
            if node.kind == "emerging"
            for name in node.verbatims
        }
        kept = bench.memo["unread:kinds"] = (key, {**dict.fromkeys(against, AGAINST), **dict.fromkeys(emerging, NEW)})
    found: dict[str, str] = kept[1]
    return found
