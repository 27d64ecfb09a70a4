"""Findings collected while a file is read: equal remarks once, with their count and the place of the first."""

from __future__ import annotations

from winloss.model import Finding, Severity


class Remarks:
    """Counts remarks by code and message; `findings()` gives them in the order in which they first came up."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], tuple[str, Severity, int]] = {}

    def add(self, code: str, message: str, *, where: str = "", severity: Severity = Severity.WARNING) -> None:
        """Note one occurrence."""
        first, level, count = self._seen.get((code, message), (where, severity, 0))
        self._seen[code, message] = (first, level, count + 1)

    def take(self, finding: Finding) -> None:
        """Note a ready-made finding."""
        for _ in range(finding.count):
            self.add(finding.code, finding.message, where=finding.where, severity=finding.severity)

    def findings(self) -> list[Finding]:
        """Every remark, each once."""
        return [
            Finding(code=code, message=message, where=where, count=count, severity=level)
            for (code, message), (where, level, count) in self._seen.items()
        ]
