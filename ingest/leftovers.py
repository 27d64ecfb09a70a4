"""What a format's objects hold that nobody reads: told once a file, so that a changed export is noticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from winloss.model import Finding, Severity

SHOWN = 12
MOST = 1000
"""Names that are counted; a file that makes up a new one in every record is not to fill the memory."""

_EMPTY: tuple[object, ...] = (None, "", [], {})


class Leftovers:
    """Counts the filled fields of objects that are not among those a reader understands."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def look(self, thing: Mapping[str, Any], understood: Collection[str], *, at: str = "") -> None:
        """Note what one object holds beside the fields that are understood (read, or known to be of no use)."""
        for name, value in thing.items():
            if name not in understood and value not in _EMPTY:
                full = f"{at}.{name}" if at else name
                if full in self._counts or len(self._counts) < MOST:
                    self._counts[full] += 1

    def findings(self) -> list[Finding]:
        """One finding that names every such field with its count, or none."""
        if not self._counts:
            return []
        named = ", ".join(f"{name} ({count:,})" for name, count in self._counts.most_common(SHOWN))
        more = f" and {len(self._counts) - SHOWN} more" if len(self._counts) > SHOWN else ""
        message = f"fields that nothing was read from: {named}{more}"
        return [Finding(code="fields-left", message=message, count=self._counts.total(), severity=Severity.INFO)]
