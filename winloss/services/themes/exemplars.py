"""What to quote of a theme in a scope: its exemplars there, one a person, and the voices that dissent."""

from __future__ import annotations

from collections.abc import Sequence

from winloss.model import EvidenceRow, Theme
from winloss.ports import Workbench

EXEMPLARS = 3
CENTRE_ROWS = 2000


def chosen_of(
    bench: Workbench, theme: Theme, said: Sequence[EvidenceRow], quarter: str | None
) -> tuple[list[str], list[str]]:
    """What to quote of a theme in a scope: exemplars of the quarter, one a person, and dissenting voices until then.

    The theme's own exemplars come first; where the scope lacks them, those nearest the theme's centre take their place.
    """
    now = [row for row in said if quarter is None or row.quarter == quarter]
    own = {row.id: row for row in now}
    ranked = [own[name] for name in theme.exemplars if name in own] + _nearest_centre(bench, said, now)
    exemplars: dict[str, str] = {}
    for row in ranked:
        if row.respondent not in exemplars and row.id not in theme.dissenting and len(exemplars) < EXEMPLARS:
            exemplars[row.respondent] = row.id
    present = {row.id for row in said if quarter is None or (row.quarter or "") <= quarter}
    return list(exemplars.values()), [name for name in theme.dissenting if name in present]


def _nearest_centre(bench: Workbench, said: Sequence[EvidenceRow], now: Sequence[EvidenceRow]) -> list[EvidenceRow]:
    """The rows of `now`, those nearest the mean of everything said in the theme first."""
    if not now:
        return []
    vectors = bench.vectors()
    centre = vectors.get([row.key for row in said[:CENTRE_ROWS]]).mean(axis=0)
    nearness = vectors.get([row.key for row in now]) @ centre
    order = sorted(range(len(now)), key=lambda place: (-round(float(nearness[place]), 6), now[place].id))
    return [now[place] for place in order]
