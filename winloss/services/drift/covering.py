"""Does the quarter's deck cover what is new? Emerging nodes are held against the claims of the deck of their scope.

A deck is held against what is new, not against what it says of the rest: grading its claims is the audit's work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from winloss.model import DriftNode, DriftVerdict, EvidenceRow, Scope, Synthesis, fingerprint, text_key
from winloss.ports import Workbench
from winloss.services.drift import echoing
from winloss.services.drift.drift_cells import in_scope

if TYPE_CHECKING:
    from nlp.signal.aboutness import Before
    from nlp.signal.coverage import Coverage, SynthesisTheme
    from nlp.signal.echo import Support
    from winloss.ports import Vectors

STAGE = "drift:decks"
VERSION = 3


def hold_against_decks(bench: Workbench) -> int:
    """Bring up to date what decks make of their quarter's verdicts; returns how many verdicts that changed.

    Of each verdict: whether the deck of its scope covers what emerges, and the signs that the deck repeats.
    """
    decks = defaultdict(list)
    for deck in bench.store.syntheses():
        decks[deck.quarter].append(deck)
    found = defaultdict(list)
    for verdict in bench.store.verdicts():
        if verdict.statistics.get("p_rising") is not None:
            found[verdict.quarter].append(verdict)
    return sum(_hold_quarter(bench, quarter, decks[quarter], found[quarter]) for quarter in sorted(found))


def deck_for(decks: Sequence[Synthesis], scope: Scope) -> Synthesis | None:
    """The deck that speaks of a scope: the last kept of its segment, else the last kept of everybody."""
    own = [deck for deck in decks if deck.segment == scope.segment]
    general = [deck for deck in decks if deck.segment is None]
    return next(reversed(own or general), None)


# --- one quarter -----------------------------------------------------------------------------------------------------


def _hold_quarter(bench: Workbench, quarter: str, decks: Sequence[Synthesis], verdicts: Sequence[DriftVerdict]) -> int:
    stage = f"{STAGE}:{quarter}"
    if bench.store.stage(stage) == _mark(bench, decks, verdicts) or not (decks or any(map(_was_held, verdicts))):
        return 0
    rows = {row.id: row for row in bench.store.evidence()}
    told = {deck.id: _read(bench, deck, rows) for deck in decks}
    earlier = _Earlier(bench, rows)
    after = [_held(bench, verdict, deck_for(decks, verdict.scope), told, rows, earlier) for verdict in verdicts]
    changed = [new for old, new in zip(verdicts, after, strict=True) if new != old]
    with bench.store.transaction(sources=False) as transaction:
        transaction.put_verdicts(changed, _mark(bench, decks, after))
        transaction.set_stage(stage, _mark(bench, decks, after))
    return len(changed)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Deck:
    """A deck as vectors: its claims, the verbatims it quotes, and the signs that it repeats."""

    themes: list[SynthesisTheme]
    cited: frozenset[str]
    support: Support


def _read(bench: Workbench, deck: Synthesis, rows: Mapping[str, EvidenceRow]) -> _Deck:
    themes, cited = _themes(bench, deck, rows)
    return _Deck(themes=themes, cited=cited, support=echoing.support_of(bench, deck, rows))


def _held(
    bench: Workbench,
    verdict: DriftVerdict,
    deck: Synthesis | None,
    told: Mapping[str, _Deck],
    rows: Mapping[str, EvidenceRow],
    earlier: _Earlier,
) -> DriftVerdict:
    """The verdict held against the deck, or, where there is none any more, against nothing."""
    bare = {name: value for name, value in verdict.statistics.items() if name not in echoing.NUMBERS}
    flags = tuple(flag for flag in verdict.flags if flag not in echoing.FLAGS)
    if deck is None:
        nodes = tuple(replace(node, covered=None, closest=None, gap=None) for node in verdict.nodes)
        return replace(verdict, nodes=nodes, flags=flags, statistics=bare)
    read = told[deck.id]
    nodes = tuple(
        _covered(bench, verdict, node, read, rows, earlier) if node.kind == "emerging" else node
        for node in verdict.nodes
    )
    statistics = {**bare, **read.support.statistics}
    return replace(verdict, nodes=nodes, flags=(*flags, *read.support.flags), statistics=statistics)


def _covered(
    bench: Workbench,
    verdict: DriftVerdict,
    node: DriftNode,
    deck: _Deck,
    rows: Mapping[str, EvidenceRow],
    earlier: _Earlier,
) -> DriftNode:
    """The node held against the claims; one known by its words alone counts where it is about what is new.

    The claim that covers it is named, or else the one that comes closest.
    """
    said = [rows[name] for name in node.verbatims if name in rows]
    group = bench.vectors().get([row.key for row in said])
    before = earlier.than(said, verdict)
    about = [theme for theme in deck.themes if theme.quoted or before.is_about(theme.statement, group)]
    found = _coverage(bench, group, said, about, deck.cited)
    shown, claims = found, about
    if not found.covered:
        shown, claims = _coverage(bench, group, said, deck.themes, deck.cited), deck.themes
    return replace(
        node,
        covered=found.covered,
        closest=claims[shown.theme].name if shown.theme is not None else None,
        gap=shown.gap,
    )


def _coverage(
    bench: Workbench,
    group: Vectors,
    said: Sequence[EvidenceRow],
    themes: Sequence[SynthesisTheme],
    cited: frozenset[str],
) -> Coverage:
    import numpy as np

    from nlp.signal.coverage import coverage
    from winloss.services.drift.drifting import settings_of

    settings = settings_of(bench)
    return coverage(
        group,
        themes,
        cited=np.array([row.id in cited for row in said], dtype=bool),
        respondents=[row.respondent for row in said],
        limit=settings.coverage_gap,
        limit_statement=settings.coverage_gap_statement,
    )


class _Earlier:
    """What was said in a cell before a group was; cells and quarters that groups share are looked at once."""

    def __init__(self, bench: Workbench, rows: Mapping[str, EvidenceRow]) -> None:
        self._bench, self._rows = bench, rows
        self._found: dict[tuple[Scope, str], Before] = {}

    def than(self, said: Sequence[EvidenceRow], verdict: DriftVerdict) -> Before:
        """What was said in the cell of the verdict before the first quarter of these rows."""
        from nlp.signal.aboutness import Before

        first = min((str(row.quarter) for row in said), default=verdict.quarter)
        place = verdict.scope, first
        if place not in self._found:
            cell = [row.key for row in in_scope(self._rows.values(), verdict.scope) if str(row.quarter) < first]
            self._found[place] = Before(self._bench.vectors().get(cell), seed=self._bench.settings.seed)
        return self._found[place]


def _themes(
    bench: Workbench, deck: Synthesis, rows: Mapping[str, EvidenceRow]
) -> tuple[list[SynthesisTheme], frozenset[str]]:
    """The claims of a deck as vectors, each with those of its quotes that buyers said; and the verbatims it quotes."""
    from nlp.signal.coverage import SynthesisTheme

    if not deck.claims:
        return [], frozenset()
    statements = bench.encoder().encode([claim.text for claim in deck.claims])
    said = _by_words(rows.values())
    themes: list[SynthesisTheme] = []
    cited: set[str] = set()
    for claim, statement in zip(deck.claims, statements, strict=True):
        quoted = [row for quote in claim.quotes for row in said.get(_key(quote), ())]
        cited.update(row.id for row in quoted)
        before = [row.key for row in quoted if str(row.quarter) < deck.quarter]
        now = [row.key for row in quoted if row.quarter == deck.quarter]
        themes.append(
            SynthesisTheme(
                name=claim.text,
                statement=statement,
                **{name: bench.vectors().get(keys) for name, keys in (("earlier", before), ("current", now)) if keys},
            )
        )
    return themes, frozenset(cited)


def _by_words(rows: Iterable[EvidenceRow]) -> Mapping[str, list[EvidenceRow]]:
    found: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        found[row.key].append(row)
    return found


def _key(quote: str) -> str:
    return text_key(quote.strip().strip("“”\"'‘’").strip())


def _was_held(verdict: DriftVerdict) -> bool:
    return any(node.covered is not None for node in verdict.nodes) or any(
        name in verdict.statistics for name in echoing.NUMBERS
    )


def _mark(bench: Workbench, decks: Sequence[Synthesis], verdicts: Sequence[DriftVerdict]) -> str:
    """Changes with the decks and what they are held against, with the nodes, and with what was found of them."""
    every = bench.store.syntheses()
    said = [
        repr((deck, echoing.last_deck(every, deck), [belief.statement for belief in echoing.beliefs_of(bench, deck)]))
        for deck in decks
    ]
    nodes = [
        repr((verdict.scope, node.verbatims, node.covered, node.gap))
        for verdict in verdicts
        for node in verdict.nodes
        if node.kind == "emerging"
    ]
    numbers = [
        repr((verdict.scope, [verdict.statistics.get(name) for name in echoing.NUMBERS])) for verdict in verdicts
    ]
    return fingerprint(VERSION, bench.encoder().fingerprint, *said, *nodes, *numbers)
