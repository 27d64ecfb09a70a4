"""How many people were heard of each segment in each kind of source, of how many it takes to trust their silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from winloss.model import THEMED_FACETS, Share
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.drift.next_interviews import LEAST
from winloss.services.library import library

THIN = 3
"""How many of the thinnest cells are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """The people of one quarter by segment (None: all of them) and kind of source, of `needed` in each.

    A cell nobody was heard in counts 0. `thinnest` are the cells of a segment and a source with the fewest people.
    """

    quarter: str
    needed: int
    sources: tuple[str, ...]
    segments: tuple[str, ...]
    cells: Mapping[tuple[str | None, str | None], Share]
    thinnest: tuple[tuple[str, str, int], ...]


def hearing(bench: Workbench, quarter: str) -> Hearing:
    """Who was heard in a quarter; the segments and sources are those that were ever heard."""
    return library(bench).once(("hearing", quarter), lambda: _hearing(bench, quarter))


def _hearing(bench: Workbench, quarter: str) -> Hearing:
    rows = library(bench).rows
    substance = {facet.value for facet in THEMED_FACETS}
    people: dict[tuple[str | None, str | None], set[str]] = defaultdict(set)
    said: dict[tuple[str | None, str | None], int] = defaultdict(int)
    for row in rows:
        if row.quarter == quarter and row.facet in substance:
            for cell in {(segment, source) for segment in (row.segment, None) for source in (row.source, None)}:
                people[cell].add(row.respondent)
                said[cell] += 1
    segments, sources = browsing.segments(bench), tuple(sorted({row.source for row in rows}))
    needed = needed_of(bench)
    cells = {
        (segment, source): Share(count=len(people[segment, source]), base=needed, verbatims=said[segment, source])
        for segment in (None, *segments)
        for source in (None, *sources)
    }
    ranked = sorted((cells[segment, source].count, segment, source) for segment in segments for source in sources)
    return Hearing(
        quarter=quarter,
        needed=needed,
        sources=sources,
        segments=segments,
        cells=cells,
        thinnest=tuple((segment, source, count) for count, segment, source in ranked[:THIN] if count < needed),
    )


def hearing_json(found: Hearing) -> dict[str, object]:
    """The same for the command and the API; a segment or source of null stands for all of them."""
    return {
        "quarter": found.quarter,
        "needed": found.needed,
        "sources": list(found.sources),
        "segments": list(found.segments),
        "cells": [
            {"segment": segment, "source": source, "people": share.count, "verbatims": share.verbatims}
            for (segment, source), share in found.cells.items()
        ],
        "thinnest": [
            {"segment": segment, "source": source, "people": count} for segment, source, count in found.thinnest
        ],
    }


def needed_of(bench: Workbench) -> int:
    """People who must be heard to rule out, at 95%, that a theme as large as the settings name is held and went unsaid.

    Source of the rule of three: Hanley & Lippman-Hand, JAMA 249 (1983) 1743-1745.
    """
    return max(LEAST, ceil(3 / bench.settings.drift_delta))
