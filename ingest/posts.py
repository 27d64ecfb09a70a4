"""What readers of communities share: the words of a post, what was withdrawn, and what is told once a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.leftovers import Leftovers
from ingest.remarks import Remarks
from winloss.model import Finding, Severity

BLANK = (
    " \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What is white or nothing at all."""
Spans = tuple[tuple[int, int], ...]

_TOLD: Mapping[str, tuple[str, Severity]] = {
    "deleted": ("posts whose words were deleted or removed were left out", Severity.INFO),
    "no-text": ("posts without words were left out", Severity.INFO),
    "bots": ("posts written by programs were left out", Severity.INFO),
    "advertisements": ("advertisements were left out", Severity.INFO),
    "withdrawn": (
        "posts that were taken back, or whose author is gone, are kept without the right to quote them",
        Severity.INFO,
    ),
}


@dataclass(slots=True)
class Notes:
    """What is told once a file: how often something was left out, fields that nobody read, and other remarks."""

    left: Leftovers = field(default_factory=Leftovers)
    remarks: Remarks = field(default_factory=Remarks)
    counts: Counter[str] = field(default_factory=Counter)

    def count(self, code: str, by: int = 1) -> None:
        """Count one of the things that every community has."""
        self.counts[code] += by

    def findings(self) -> list[Finding]:
        """Every remark, each once."""
        counted = [
            Finding(code=code, message=message, count=self.counts[code], severity=severity)
            for code, (message, severity) in _TOLD.items()
            if self.counts[code]
        ]
        return [*counted, *self.remarks.findings(), *self.left.findings()]


def titled(title: str | None, text: str, quoted: Spans) -> tuple[str, Spans]:
    """An opening post as products show it: its title as a paragraph of its own above the text."""
    if not title:
        return text, quoted
    if not text:
        return title, ()
    above = f"{title}\n\n"
    return above + text, tuple((start + len(above), end + len(above)) for start, end in quoted)


def filled(**meta: str | None) -> dict[str, str]:
    """Those of the values that are known."""
    return {name: value for name, value in meta.items() if value}
