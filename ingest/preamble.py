"""What stands above a conversation: front matter, a title, who attended, when it was."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.manifest import apply_manifest, row_problems
from ingest.values import day_in_name, parse_day
from winloss.model import Finding, ReadDocument, Severity

_FRONT = re.compile(r"\s*---[ \t]*(?:\r\n|\r|\n)(.*?)(?:\r\n|\r|\n)(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)", re.DOTALL)
_PAIR = re.compile(r"([A-Za-z][A-Za-z _-]{1,30}):[ \t]*(.*)")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")
_FIELDS = {
    "date": "interview_date",
    "interview date": "interview_date",
    "account": "account",
    "account name": "account",
    "company": "account",
    "customer": "account",
    "segment": "segment",
    "outcome": "outcome",
    "result": "outcome",
    "competitor": "competitor",
    "participants": "participants",
    "attendees": "participants",
    "speaker labels": "speaker_labels",
    "title": "title",
    "subject": "title",
    "language": "language",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preamble:
    """What a transcript says about itself, in the manifest's words, and lines that say nothing we know."""

    facts: Mapping[str, str]
    unread: tuple[str, ...] = ()


def split_front_matter(text: str) -> tuple[Preamble, str]:
    """What stands between two `---` lines at the very top, and the text below them."""
    match = _FRONT.match(text)
    if match is None:
        return Preamble(facts={}), text
    facts, unread = _facts(re.split(r"\r\n|\r|\n", match[1]))
    return Preamble(facts=facts, unread=tuple(line for line in unread if line.strip())), text[match.end() :]


def read_preamble(lines: Sequence[str]) -> Preamble:
    """Facts in the lines above the first turn: `Key: value`, a heading or first line as title, a list of attendees."""
    facts, rest = _facts(lines)
    rest = [line for line in rest if line.strip("#*_ \t:").casefold() not in ("transcript", "")]
    names = next((place for place, line in enumerate(rest) if line.strip("#*_ \t:").casefold() in _ATTENDED), None)
    if names is not None:
        listed = rest[names + 1 : names + 2]
        facts.setdefault("participants", _people(", ".join(listed)))
        rest = rest[:names] + rest[names + 2 :]
    if rest and "title" not in facts and (rest[0].startswith("#") or len(rest[0]) <= 120):
        facts["title"] = rest.pop(0).strip("#*_ \t")
    return Preamble(facts={name: value for name, value in facts.items() if value.strip()}, unread=tuple(rest))


def lay_over(document: ReadDocument, preamble: Preamble, *, where: str) -> tuple[ReadDocument, list[Finding]]:
    """The document with what its preamble says, and findings about what could not be read."""
    facts = preamble.facts
    findings = row_problems(facts, where=where)
    if preamble.unread:
        shown = "; ".join(line if len(line) <= 60 else line[:59] + "…" for line in preamble.unread[:3])
        message = f"lines above the first speaker were left out: {shown}"
        findings.append(
            Finding(code="preamble", message=message, where=where, count=len(preamble.unread), severity=Severity.INFO)
        )
    return apply_manifest(document, facts), findings


def day_of(facts: Mapping[str, str]) -> date | None:
    """The day that the facts tell: their date, else one in the title."""
    return parse_day(facts.get("interview_date", "")) or day_in_name(facts.get("title", ""))


_ATTENDED = frozenset({"attendees", "participants", "invited", "present"})


def _facts(lines: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Known `key: value` pairs (lists below a key are joined by semicolons), and the other lines."""
    facts: dict[str, str] = {}
    rest: list[str] = []
    key: str | None = None
    for line in lines:
        pair, item = _PAIR.fullmatch(line.strip(" \t*")), _ITEM.fullmatch(line)
        name = _FIELDS.get(" ".join(re.split(r"[ _-]+", pair[1].casefold()))) if pair else None
        if item and key:
            facts[key] = "; ".join(filter(None, (facts[key], _unquoted(item[1]))))
        elif pair and name:
            key, facts[name] = name, _people(pair[2]) if name == "participants" else _unquoted(pair[2])
        else:
            key = None
            rest.append(line)
    return facts, rest


def _people(written: str) -> str:
    """A list of people as the manifest writes it; commas separate names where nothing else does."""
    written = _unquoted(written)
    return written if ";" in written or "=" in written else "; ".join(part.strip() for part in written.split(","))


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'" else value.strip("*").strip()
