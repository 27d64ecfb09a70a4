"""How the report says things: counts with their denominators, differences with their intervals, names set apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from winloss.model import Facet, Share
from winloss.services import statistics
from winloss.services.statistics import Counted

HEADINGS = {
    Facet.PAIN: "What it costs them today",
    Facet.ENGAGEMENT: "What they are trying to get done",
    Facet.PROOF: "What convinces them",
}
SOURCES = {
    "interview": "Interviews",
    "community": "Community posts",
    "inquiry": "Analyst inquiries",
    "survey": "Surveys",
}
CHANGES = {
    "new": "new",
    "grew": "grew",
    "faded": "faded",
    "gone": "gone",
    "steady": "no clear change",
    "too few": "too few to say",
}
"""What the interval of a change allows to say -> how it is said."""
NOT_ENOUGH = "Not enough evidence"
"""How a section begins that cannot say anything."""


def name(title: str) -> str:
    """A name that somebody gave, set apart from the words of buyers, which stand in “…”."""
    return f"‘{title}’"


def of(share: Share | None) -> str:
    """`7 of 19 people`."""
    if share is None or share.base == 0:
        return "nobody heard"
    return f"{share.count:,} of {share.base:,} people"


def count_of(share: Counted) -> str:
    """`7 of 19`, for a cell whose column says of what."""
    return f"{share.count:,} of {share.base:,}" if share.base else "nobody heard"


def percent(value: float) -> str:
    """A share without decimals."""
    return f"{100 * value:.0f}%"


def interval(share: Counted) -> str:
    """`37%, 95% interval 19% to 59%`; to stand beside the counts."""
    low, high = statistics.wilson(share)
    return f"{percent(share.value or 0.0)}, 95% interval {percent(low)} to {percent(high)}"


def signed(value: float) -> str:
    """In percentage points, with a decimal where whole points would say nothing."""
    told = f"{100 * value:+.0f}" if abs(value) >= 0.0995 else f"{100 * value:+.1f}"
    return told.replace("-", "−")


def changed(earlier: Counted, later: Counted) -> str:
    """`difference +12, 95% interval +3 to +21 points`."""
    low, high = statistics.newcombe(earlier, later)
    if low is None or high is None:
        return "no difference can be told"
    move = statistics.difference(earlier, later) or 0.0
    return f"difference {signed(move)}, 95% interval {signed(low)} to {signed(high)} points"


def listed(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def people(count: int) -> str:
    """`1 person`, `12 people`."""
    return "1 person" if count == 1 else f"{count:,} people"


def counted(pairs: Iterable[tuple[str, int]]) -> str:
    """`Compliance 5; CIO, CTO or head of IT 3`: what is counted may hold commas itself."""
    return "; ".join(f"{label} {count:,}" for label, count in pairs)
