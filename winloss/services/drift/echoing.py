"""Signs that a deck repeats what was believed or said before: shown beside a verdict, and never deciding it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from winloss.model import Belief, EvidenceRow, Synthesis
from winloss.ports import Workbench
from winloss.quarter import Quarter

if TYPE_CHECKING:
    from nlp.signal.echo import Echo, Support
    from winloss.ports import Vectors

FLAGS = ("repeats the last synthesis", "restates beliefs", "belief echo")
NUMBERS = (
    "repeat_rate_deck",
    "repeat_rate_beliefs",
    "belief_overlap",
    "belief_overlap_expected",
    "p_belief_echo",
)


def support_of(bench: Workbench, deck: Synthesis, rows: Mapping[str, EvidenceRow]) -> Support:
    """What is to be said of a deck against the one before it, and against the beliefs of its time and segment."""
    from nlp.signal.echo import Support, support

    if not deck.claims:
        return Support()
    encode = bench.encoder().encode
    statements = encode([claim.text for claim in deck.claims])
    last, held = last_deck(bench.store.syntheses(), deck), beliefs_of(bench, deck)
    beliefs = encode([belief.statement for belief in held]) if held else None
    return support(
        statements,
        last_deck=encode([claim.text for claim in last.claims]) if last and last.claims else None,
        beliefs=beliefs,
        echo=_echo(bench, deck, statements, beliefs, list(rows.values())) if beliefs is not None else None,
    )


def last_deck(decks: Sequence[Synthesis], deck: Synthesis) -> Synthesis | None:
    """The deck of the same segment from the quarter that came last before this one's."""
    before = [item for item in decks if item.segment == deck.segment and item.quarter < deck.quarter]
    return max(before, key=lambda item: item.quarter, default=None)


def beliefs_of(bench: Workbench, deck: Synthesis) -> list[Belief]:
    """The beliefs that were held when the deck was made, of its segment or of everybody."""
    end = Quarter.parse(deck.quarter).end.isoformat()
    return [
        belief
        for belief in bench.store.beliefs()
        if belief.status == "held" and belief.since < end and belief.segment in (None, deck.segment)
    ]


def _echo(
    bench: Workbench, deck: Synthesis, statements: Vectors, beliefs: Vectors, rows: Sequence[EvidenceRow]
) -> Echo | None:
    """Whether the deck is closer to the beliefs than decks made of what people said in its quarter would be."""
    from nlp.signal.echo import belief_echo

    said = [row for row in rows if row.quarter == deck.quarter and deck.segment in (None, row.segment)]
    themes = [theme for theme in bench.store.themes() if theme.title]
    place = {theme.id: number for number, theme in enumerate(themes)}
    if not said or not themes:
        return None
    return belief_echo(
        statements,
        beliefs,
        themes=bench.encoder().encode([theme.title for theme in themes]),
        theme_of=[place.get(row.theme_id or "", -1) for row in said],
        respondents=[row.respondent for row in said],
        seed=bench.settings.seed,
    )
