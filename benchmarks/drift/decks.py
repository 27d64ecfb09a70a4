"""Decks that launder and decks that do not: last quarters' themes, with and without the one that is new."""

from __future__ import annotations

import numpy as np

from nlp.drift import DriftSettings, SynthesisTheme

THEMES = 8
QUOTES = 5


def held_against_decks(texts, stream, verdict, settings: DriftSettings, seed: int) -> dict[str, object]:
    """The verdict's state with a deck that leaves the new theme out, and with one that states and quotes it.

    A theme's statement is the mean of ten of its other texts, so that it is nobody's words in the stream. The deck that
    launders files three of the new messages under whichever old theme is nearest. Quotes are of earlier quarters.
    """
    from run import judged

    if "emerging" not in verdict.flags:
        return {}
    chance = np.random.default_rng(seed)
    before = np.flatnonzero(stream.quarter < stream.quarter.max())
    fresh = np.flatnonzero(stream.new)
    old = [theme for theme in np.argsort(-np.bincount(stream.theme[before])) if (stream.theme[before] == theme).any()]
    deck = [_theme(texts, stream, theme, before, chance) for theme in old[:THEMES]]
    filed = fresh[:3]
    nearest = (
        int(np.argmax([stream.vectors[filed].mean(axis=0) @ theme.statement for theme in deck])) if len(filed) else 0
    )
    laundering = [
        SynthesisTheme(name=t.name, statement=t.statement, earlier=t.earlier, current=stream.vectors[filed])
        if place == nearest
        else t
        for place, t in enumerate(deck)
    ]
    state = judged(stream, settings, synthesis=laundering)[0]
    row: dict[str, object] = {"laundered": state.state.value, "gap": state.statistics["synthesis_gap"]}
    if len(fresh):
        quoted = chance.permutation(fresh)[:QUOTES]
        new = SynthesisTheme(
            name="new",
            statement=_statement(texts, stream.theme[fresh[0]], chance),
            current=stream.vectors[quoted],
        )
        honest = judged(stream, settings, synthesis=[*deck[:-1], new], cited={f"{place:05}" for place in quoted})[0]
        row |= {"honest": honest.state.value, "gap_honest": honest.statistics["synthesis_gap"]}
        bare = SynthesisTheme(name="new", statement=new.statement)
        row["gap_bare"] = judged(stream, settings, synthesis=[*deck[:-1], bare])[0].statistics["synthesis_gap"]
    return row


def _theme(texts, stream, theme: int, before: np.ndarray, chance: np.random.Generator) -> SynthesisTheme:
    quotes = chance.permutation(before[stream.theme[before] == theme])[:QUOTES]
    return SynthesisTheme(name=str(theme), statement=_statement(texts, theme, chance), earlier=stream.vectors[quotes])


def _statement(texts, theme: int, chance: np.random.Generator) -> np.ndarray:
    rows = chance.permutation(np.flatnonzero(texts.theme == theme))[:10]
    mean = texts.vectors[rows].mean(axis=0)
    return mean / np.linalg.norm(mean)
