"""A mapping proposed for a table nobody explained: by what its columns are called, and by what stands in them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path

from ingest.aliases import plain_header
from ingest.known_tables import INQUIRIES, INTERVIEWS
from ingest.readers.crm import ACCOUNTS, DEALS
from ingest.rows import Row, open_rows
from ingest.table_mapping import ACCOUNT_FIELDS, DEAL_FIELDS, DOCUMENT_FIELDS, KINDS
from ingest.values import as_text, parse_day

LOOK_AT = 200
_WORDY = 5
_POSTS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "postid", "commentid", "messageid", "responseid", "ticketid", "uuid", "key"),
    "text": ("text", "body", "content", "message", "comment", "post", "description", "review", "feedback", "answer"),
    "title": ("title", "subject", "headline", "topic"),
    "date": ("date", "createdat", "created", "posted", "postedat", "timestamp", "time", "submitted", "day"),
    "speaker": ("author", "username", "user", "name", "from", "handle", "poster", "customer", "contact"),
    "job_title": ("jobtitle", "role", "flair", "position", "function"),
    "email": ("email", "emailaddress", "mail"),
    "firm": ("company", "organisation", "organization", "employer", "firm"),
    "account": ("account", "accountname", "customername"),
    "segment": ("segment", "tier"),
    "thread": ("thread", "threadid", "topicid", "conversationid", "parentid"),
    "url": ("url", "link", "permalink", "href"),
    "tags": ("tags", "labels", "categories", "category", "channel"),
    "question": ("question", "prompt"),
    "outcome": ("outcome", "result", "status"),
    "competitor": ("competitor", "rival"),
    "rights": ("rights", "confidentiality", "permission"),
    "language": ("language", "lang", "locale"),
}
_URL = re.compile(r"https?://\S+$")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+$")
_NEEDED = {"deals": ("id", "name"), "accounts": ("name",)}


@dataclass(slots=True)
class Proposal:
    """What each column is taken for. Columns that no field reads are kept beside the documents as they are."""

    kind: str
    columns: tuple[str, ...]
    fields: dict[str, str] = field(default_factory=dict)
    """Field -> column."""

    def field_of(self, column: str) -> str | None:
        """The field that reads a column."""
        return next((name for name, read in self.fields.items() if read == column), None)

    def assign(self, column: str, name: str | None) -> None:
        """Let a column be read as a field, or as none."""
        self.fields = {known: read for known, read in self.fields.items() if read != column and known != name}
        if name is not None:
            self.fields[name] = column

    def missing(self) -> tuple[str, ...]:
        """The fields without which nothing can be read: one of these."""
        needed = _NEEDED.get(self.kind, ("text",))
        return () if any(name in self.fields for name in needed) else needed

    def as_mapping(self) -> dict[str, object]:
        """The mapping as plain data, which `ingest.mapping.compile_mapping` takes."""
        rest = [column for column in self.columns if self.field_of(column) is None]
        return {"kind": self.kind, **({"meta": rest} if rest else {}), "fields": dict(self.fields)}

    def as_toml(self) -> str:
        """The same as a mapping file."""
        data = self.as_mapping()
        lines = [f"kind = {_quoted(self.kind)}"]
        if rest := data.get("meta"):
            lines.append(f"meta = {_quoted(rest)}")
        return (
            "\n".join([*lines, "", "[fields]", *(f"{name} = {_quoted(read)}" for name, read in self.fields.items())])
            + "\n"
        )


def fields_for(kind: str) -> tuple[str, ...]:
    """The fields that a kind of table can have."""
    return {"deals": DEAL_FIELDS, "accounts": ACCOUNT_FIELDS}.get(kind, DOCUMENT_FIELDS)


def first_rows(path: Path, count: int = LOOK_AT) -> tuple[tuple[str, ...], list[Row]]:
    """The columns of a table and its first rows.

    Raises:
        MalformedSource: it is no table.
    """
    table = open_rows(path)
    return table.columns, list(islice((row for row in table.read() if isinstance(row, Row)), count))


def shape_of(columns: Sequence[str]) -> str:
    """What exports of one shape have in common: the same columns, in whatever order."""
    return sha256("\n".join(sorted(plain_header(column) for column in columns)).encode()).hexdigest()[:24]


def propose(columns: Sequence[str], rows: Sequence[Row], *, kind: str | None = None) -> Proposal:
    """The likeliest kind, or the one asked for, and the likeliest field of every column."""
    chosen = kind if kind is not None and kind in KINDS else _kind(columns, rows)
    proposal = Proposal(kind=chosen, columns=tuple(columns))
    cells = {column: [text for row in rows if (text := as_text(row.cells.get(column)).strip())] for column in columns}
    by_plain = {plain_header(column): column for column in reversed(columns)}
    for name, known in _aliases(chosen).items():
        found = next((by_plain[plain] for plain in known if plain in by_plain), None)
        if name in fields_for(chosen) and found and proposal.field_of(found) is None:
            proposal.fields[name] = found
    if chosen not in _NEEDED:
        _by_content(proposal, cells)
    return proposal


def _kind(columns: Sequence[str], rows: Sequence[Row]) -> str:
    plain = {plain_header(column) for column in columns}
    scores = {
        "deals": sum(
            bool(plain & set(names)) for name, names in DEALS.items() if name in ("stage", "amount", "closed")
        ),
        "accounts": sum(bool(plain & set(ACCOUNTS[name])) for name in ("industry", "employees", "revenue", "domain")),
    }
    best = max(scores, key=lambda name: scores[name])
    wordy = any(_words(as_text(row.cells.get(column))) > 2 * _WORDY for row in rows for column in columns)
    if scores[best] >= 2 and not wordy:
        return best
    if plain & {"inquiry", "inquiryid", "analyst"}:
        return "inquiry"
    if plain & {"score", "nps", "rating", "responseid"}:
        return "survey"
    return "interview" if plain & {"interview", "interviewid", "interviewee", "respondent"} else "community"


def _aliases(kind: str) -> Mapping[str, tuple[str, ...]]:
    if kind == "deals":
        return DEALS
    if kind == "accounts":
        return ACCOUNTS
    known = {"interview": INTERVIEWS, "inquiry": INQUIRIES}.get(kind, {})
    return {name: (*known.get(name, ()), *names) for name, names in _POSTS.items()}


def _by_content(proposal: Proposal, cells: Mapping[str, Sequence[str]]) -> None:
    """Fill what the names did not tell: the longest texts are the words, what reads as days is the date."""
    free = {column: found for column, found in cells.items() if found and proposal.field_of(column) is None}
    wordy = {column: sum(map(_words, found)) / len(found) for column, found in free.items()}
    text = proposal.fields.get("text")
    if wordy and (text is None or not cells[text]):
        longest = max(wordy, key=lambda column: wordy[column])
        if wordy[longest] >= _WORDY or text is None:
            proposal.assign(longest, "text")
    for name, fits in (
        ("date", lambda cell: parse_day(cell) is not None),
        ("url", lambda cell: bool(_URL.match(cell))),
        ("email", lambda cell: bool(_EMAIL.match(cell))),
    ):
        for column, found in free.items():
            if name not in proposal.fields and proposal.field_of(column) is None and _mostly(found, fits):
                proposal.assign(column, name)


def _mostly(cells: Sequence[str], fits: object) -> bool:
    return callable(fits) and sum(bool(fits(cell)) for cell in cells) >= 0.8 * len(cells)


def _words(text: str) -> int:
    return len(text.split())


def _quoted(value: object) -> str:
    """A string, or a list of them, as TOML writes it; JSON escapes what TOML escapes, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
