"""What readers of chats, forums and mail share: what is left out and why, quoting by `>`, and who is who.

A post, message or mail is one document; the thread it belongs to is known by the id of what opened it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ingest.leftovers import Leftovers
from ingest.posts import BLANK, Spans
from ingest.remarks import Remarks
from winloss.model import Finding, Severity, SourceKind
from winloss.ports import ReadContext

LONGEST_LINE = 160
REMEMBERED = 100_000
Value = TypeVar("Value")

_TOLD: Mapping[str, str] = {
    "deleted": "messages whose words were deleted were left out",
    "no-text": "messages without words (pictures, files, links) were left out",
    "bots": "messages written by programs were left out",
    "system": "notices of the system (who joined, what was pinned or moved) were left out",
    "forwarded": "messages that only pass on what others wrote were left out",
    "private-topics": "private conversations were left out; read them too with: winloss ingest --private",
    "withdrawn": "messages that were deleted, or whose author is gone, are kept without the right to quote them",
}
_LINE = re.compile(r"[^\r\n]*")
_FENCE = re.compile(r"[ \t]*```")
_JOB = re.compile(
    r"(?i)\b(?:manager|director|engineers?|analysts?|architects?|leads?|head of|chief|c[iftmro]o|ciso|vp|svp|evp|"
    r"vice president|president|officer|(?:sys|it |cloud |network |security )admin(?:istrator)?s?|administrator|"
    r"consultant|developer|programmer|specialist|founder|partner|researcher|scientist|buyer|procurement|counsel|auditor|"
    r"technician|coordinator|strategist|soc|sre|devops|devsecops|secops|finops|operator|student|professor|"
    r"leiter(?:in)?|geschäftsführer(?:in)?|referent(?:in)?|responsable|directeur|directrice|ingénieure?|gerente)\b"
)
_STAFF = re.compile(
    r"(?i)(?:(?:server|community|discord|forum|head|senior|lead|global|super)[ _-])?"
    r"(?:staff|employees?|moderators?|mods?|admins?|administrators?)(?:[ _-](?:team|members?))?|"
    r"(?:core|community|support|product|official)[ _-]team|devrel|developer relations|community managers?"
)
_NO_WORDS = re.compile(r"[^\w\s/&,.'’()+-]+")


@dataclass(slots=True)
class Notes:
    """What is told once a file: what was left out and how often, fields that nobody read, and other remarks."""

    left: Leftovers = field(default_factory=Leftovers)
    remarks: Remarks = field(default_factory=Remarks)

    def count(self, code: str) -> None:
        """Count one of the things that every community has."""
        self.remarks.add(code, _TOLD[code], severity=Severity.INFO)

    def findings(self) -> list[Finding]:
        """Every remark, each once."""
        return [*self.remarks.findings(), *self.left.findings()]


class Recent(Generic[Value]):
    """Remembers the latest things by id, so many and no more: an answer rarely comes long after what it answers."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._things: dict[str, Value] = {}
        self._most = most

    def put(self, name: str, value: Value) -> None:
        """Remember a value; the oldest is forgotten where there are too many."""
        self._things.pop(name, None)
        self._things[name] = value
        if len(self._things) > self._most:
            del self._things[next(iter(self._things))]

    def get(self, name: str | None) -> Value | None:
        """What is remembered under a name."""
        return self._things.get(name) if name is not None else None


def post_kind(context: ReadContext) -> SourceKind:
    """The kind asked for; chats, forums and mail are communities unless told otherwise."""
    return SourceKind(context.kind) if context.kind in set(SourceKind) else SourceKind.COMMUNITY


def quoted_lines(text: str, *, mark: str = ">") -> Spans:
    """Half-open spans of the lines that begin with a mark of quotation; `>>>` quotes all that follows.

    Lines that follow each other are one span. In a block of code nothing is quoted, and `>` before a digit means more
    than.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _quoting(text, mark):
        if spans and not text[spans[-1][1] : start].strip("\r\n") and text.count("\n", spans[-1][1], start) <= 1:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


def own_words(text: str, quoted: Spans) -> str:
    """What is left of a text without its quoted spans."""
    parts, place = [], 0
    for start, end in sorted(quoted):
        parts.append(text[place:start])
        place = max(place, end)
    return "".join([*parts, text[place:]])


def first_line(text: str, quoted: Spans = ()) -> str | None:
    """The first line of somebody's own words, shortened: what a thread without a title is called by."""
    lines = (line.strip() for line in own_words(text, quoted).splitlines())
    line = next(filter(None, lines), None)
    if line is None or len(line) <= LONGEST_LINE:
        return line
    return line[:LONGEST_LINE].rsplit(" ", 1)[0] + " …"


def looks_like_job(text: str) -> bool:
    """Whether a few words evidently name what somebody does for a living."""
    return len(text) <= 80 and bool(_JOB.search(text)) and not is_staff(text)


def is_staff(text: str) -> bool:
    """Whether a group or a role is that of the people who run the community."""
    return bool(_STAFF.fullmatch(_NO_WORDS.sub("", text).strip()))


def _quoting(text: str, mark: str) -> Iterator[tuple[int, int]]:
    if mark.strip() not in text:
        return
    fenced = False
    for match in _LINE.finditer(text):
        line = match[0].lstrip(" \t")
        if not line:
            continue
        if _FENCE.match(line):
            fenced = not fenced
        if fenced:
            continue
        if line.startswith(">>>"):
            yield match.start(), len(text.rstrip(BLANK))
            return
        if line.startswith(mark) and not line[1:].lstrip(" ")[:1].isdigit():
            yield match.start(), match.end()
