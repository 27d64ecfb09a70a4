"""Decks that launder and decks that do not: last quarters' themes, with and without the one that is new."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from streams import Stream, Texts, simulate

from nlp.signal.drift import DriftSettings, SynthesisTheme

THEMES = 8
QUOTES = 5
FILED = 3


def held_against_decks(texts: Texts, stream: Stream, verdict, settings: DriftSettings, seed: int) -> dict[str, object]:
    """The verdict's state with a deck that leaves the new theme out, and with one that states and quotes it."""
    from run import judged

    if "emerging" not in verdict.flags or not stream.new.any():
        return {}
    laundering, honest, cited = decks(texts, stream, seed)
    names = {f"{place:05}" for place in cited}
    one = judged(stream, settings, synthesis=laundering)[0]
    other = judged(stream, settings, synthesis=honest, cited=names)[0]
    return {
        "laundered": one.state.value,
        "honest": other.state.value,
        "gap": one.statistics["synthesis_gap"],
        "gap_honest": other.statistics["synthesis_gap"],
    }


def decks(texts: Texts, stream: Stream, seed: int) -> tuple[list[SynthesisTheme], list[SynthesisTheme], np.ndarray]:
    """Eight themes of the history, the commonest; the honest deck has the new one in place of the last.

    A theme is stated by its name and quotes five earlier messages. The deck that launders files three of the new
    messages under whichever old theme is nearest. Returns both decks and the rows that the honest one quotes.
    """
    chance = np.random.default_rng(seed)
    before, fresh = np.flatnonzero(stream.quarter < stream.quarter.max()), np.flatnonzero(stream.new)
    common = np.argsort(-np.bincount(stream.theme[before]), kind="stable")[:THEMES]
    deck = [_theme(texts, stream, int(theme), before, chance) for theme in common]
    filed = stream.vectors[fresh[:FILED]]
    nearest = int(np.argmax([filed.mean(axis=0) @ theme.statement for theme in deck]))
    quoted = chance.permutation(fresh)[:QUOTES]
    new = SynthesisTheme(name="new", statement=texts.names[stream.theme[fresh[0]]], current=stream.vectors[quoted])
    laundering = [replace(theme, current=filed) if place == nearest else theme for place, theme in enumerate(deck)]
    return laundering, [*deck[:-1], new], quoted


def gaps(texts: Texts, seed: int, settings: DriftSettings, *, quoted: bool) -> tuple[float, float] | None:
    """Gaps of a new theme that the scan found, to a deck that launders and to one that does not; None if not found.

    Without `quoted`, the decks have statements alone and nothing is cited.
    """
    from run import judged

    stream = simulate(texts, 100, 0.12, 500_000 + seed)
    laundering, honest, cited = decks(texts, stream, seed)
    names = {f"{place:05}" for place in cited}
    if not quoted:
        bare = [[SynthesisTheme(name=t.name, statement=t.statement) for t in deck] for deck in (laundering, honest)]
        laundering, honest, names = bare[0], bare[1], set()
    one = judged(stream, settings, synthesis=laundering)[0].statistics["synthesis_gap"]
    if one is None:
        return None
    other = judged(stream, settings, synthesis=honest, cited=names)[0].statistics["synthesis_gap"]
    return one, other or 0.0


def _theme(texts: Texts, stream: Stream, theme: int, before: np.ndarray, chance: np.random.Generator) -> SynthesisTheme:
    quotes = chance.permutation(before[stream.theme[before] == theme])[:QUOTES]
    return SynthesisTheme(name=str(theme), statement=texts.names[theme], earlier=stream.vectors[quotes])
