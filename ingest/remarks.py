"""Findings collected while a file is read: equal remarks once, with their count and the place of the first."""

from __future__ import annotations

from collections import Counter

from winloss.model import Finding, Severity

MOST_KINDS = 200
LONGEST = 1000


class Remarks:
    """Counts remarks by code and message; `findings()` gives them in the order in which they first came up."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], tuple[str, Severity, int]] = {}
        self._kinds: Counter[str] = Counter()

    def add(
        self, code: str, message: str, *, where: str = "", severity: Severity = Severity.WARNING, count: int = 1
    ) -> None:
        """Note one occurrence; of one code only so many messages are told apart, none longer than a paragraph."""
        message = message if len(message) <= LONGEST else message[: LONGEST - 1] + "…"
        if (code, message) not in self._seen:
            self._kinds[code] += 1
            if self._kinds[code] > MOST_KINDS:
                message = "more remarks like these, about other values"
        first, level, before = self._seen.get((code, message), (where, severity, 0))
        self._seen[code, message] = (first, level, before + count)

    def take(self, finding: Finding) -> None:
        """Note a ready-made finding."""
        self.add(finding.code, finding.message, where=finding.where, severity=finding.severity, count=finding.count)

    def findings(self) -> list[Finding]:
        """Every remark, each once."""
        return [
            Finding(code=code, message=message, where=where, count=count, severity=level)
            for (code, message), (where, level, count) in self._seen.items()
        ]
