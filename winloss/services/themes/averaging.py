"""The guard against averaging: when a pooled number is true of nobody, or of one segment only, it says so.

A theme may live in one segment alone, or be heard more in one and less in another, so that the pooled share moves
little or tells the story of whoever was asked most. Both are tested, so that small numbers stay silent.
"""

from __future__ import annotations

from collections.abc import Sequence

from winloss.model import EvidenceRow, Guard, Share
from winloss.services.evidence import Heard
from winloss.services.statistics import fisher, newcombe

ONE_SEGMENT, REVERSED = "one segment", "reversed"
ALONE = 0.9
"""Share of a theme's people in one segment from which on it is said to live there alone."""
LEVEL = 0.05


def guard(
    said: Sequence[EvidenceRow], scope: Sequence[EvidenceRow] | Heard, *, quarter: str | None = None
) -> Guard | None:
    """What is wrong with pooling a theme over segments; None where nothing is, or too few people were heard to tell.

    `said` are the rows of the theme in `scope`, over all quarters; with a `quarter`, its change since the quarters
    before is held against segment by segment.
    """
    heard = scope if isinstance(scope, Heard) else Heard(scope)
    return _alone(said, heard, quarter) or (_reversed(said, heard, quarter) if quarter else None)


def _alone(said: Sequence[EvidenceRow], heard: Heard, quarter: str | None) -> Guard | None:
    parts = heard.of(quarter).parts(_of(said, quarter), "segment")
    everybody = sum(part.count for part in parts.values())
    for name, here in sorted(parts.items(), key=lambda item: -item[1].count):
        rest = [part for other, part in parts.items() if other != name]
        elsewhere = Share(count=sum(p.count for p in rest), base=sum(p.base for p in rest), verbatims=0)
        if elsewhere.base and here.count >= ALONE * everybody and fisher(here, elsewhere) < LEVEL:
            words = f"said by {here.count} of {here.base} in {name}, by {elsewhere.count} of {elsewhere.base} elsewhere"
            return Guard(kind=ONE_SEGMENT, segments=(name,), words=f"This lives in one segment: {words}.")
    return None


def _reversed(said: Sequence[EvidenceRow], heard: Heard, quarter: str | None) -> Guard | None:
    before = heard.before(quarter).parts(_until(said, quarter), "segment")
    now = heard.of(quarter).parts(_of(said, quarter), "segment")
    more, less = [], []
    for name in sorted(before.keys() & now.keys()):
        low, high = newcombe(before[name], now[name])
        if low is not None and low > 0:
            more.append(name)
        if high is not None and high < 0:
            less.append(name)
    if not more or not less:
        return None
    told = "; ".join(
        f"{name}: {now[name].count} of {now[name].base}, before {before[name].count} of {before[name].base}"
        for name in (*more, *less)
    )
    return Guard(
        kind=REVERSED,
        segments=(*more, *less),
        words=f"Heard more in {', '.join(more)} and less in {', '.join(less)} ({told}).",
    )


def _of(rows: Sequence[EvidenceRow], quarter: str | None) -> list[EvidenceRow]:
    return [row for row in rows if quarter is None or row.quarter == quarter]


def _until(rows: Sequence[EvidenceRow], quarter: str | None) -> list[EvidenceRow]:
    return [row for row in rows if row.quarter and quarter and row.quarter < quarter]
