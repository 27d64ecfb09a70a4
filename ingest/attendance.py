"""Lists of who took part: the participants report of Zoom, the attendance report of Teams, and tables of people.

They are recognised by their header, accompany the transcripts beside them, and are never documents themselves.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from ingest.aliases import plain_header
from ingest.rows import is_json
from ingest.sheets import sheet_cells
from ingest.sniff import office_kind, read_text
from ingest.turns import relabel
from ingest.values import as_text
from winloss.errors import MalformedSource
from winloss.model import Attendee, Participant, ReadDocument, Side, SourceKind
from winloss.ports import Probe

LARGEST = 5 << 20
HEADER_WITHIN = 40
_DELIMITERS = "\t,;"
_NAME = (
    "nameoriginalname",
    "name",
    "fullname",
    "participant",
    "participantname",
    "attendee",
    "attendeename",
    "speaker",
)
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": _NAME,
    "first": ("firstname", "givenname", "vorname"),
    "last": ("lastname", "surname", "familyname", "nachname"),
    "title": ("title", "jobtitle", "position", "jobrole"),
    "email": ("useremail", "email", "emailaddress", "mail", "participantidupn", "upn"),
    "affiliation": (
        "company",
        "companyname",
        "organization",
        "organisation",
        "affiliation",
        "firm",
        "account",
        "employer",
    ),
    "side": ("side",),
    "place": (
        *("file", "filename", "recording", "call", "meeting", "meetingname", "meetingtitle", "topic", "meetingid"),
        *("callid", "calltitle", "interviewid"),
    ),
}
_JOINED = frozenset(
    {"jointime", "joined", "firstjoin", "leavetime", "lastleave", "durationminutes", "totaldurationminutes", "duration"}
    | {"inmeetingduration", "useraction", "timestamp", "guest", "inwaitingroom", "attendanceduration"}
)
_CAME = _JOINED - {"durationminutes", "totaldurationminutes", "duration", "timestamp", "guest"}
_WORDS = frozenset(
    {"text", "words", "message", "comment", "comments", "body", "quote", "sentence", "utterance", "content", "answer"}
    | {"transcript", "question", "verbatim", "response", "caption", "start", "end", "starttime", "endtime", "note"}
)
_USELESS = frozenset({"role", "department", "phone", "country", "timezone", "linkedin", "recordingconsent", "userid"})
_SECTION = re.compile(r"\d\. ")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """Where the table begins and which field each column is."""

    row: int
    fields: Mapping[str, tuple[int, ...]]
    originals: bool


def is_attendance(seen: Probe) -> bool:
    """Whether a file is a list of people who took part, by its header: a name, and when they came or who they are."""
    if office_kind(seen) == "xlsx":
        return _found(_sheet(seen.path)) is not None
    return (
        bool(seen.text.strip())
        and not is_json(seen.text)
        and any(_found(rows) for rows in _ways(seen.text, HEADER_WITHIN))
    )


def read_attendance(path: Path, seen: Probe) -> tuple[Attendee, ...]:
    """The people of such a list, each once for every meeting or file that it names.

    Raises:
        MalformedSource: it cannot be decoded or is absurdly large.
    """
    if path.stat().st_size > LARGEST:
        raise MalformedSource(f"{path.name} is too large for a list of people", hint="Split it.", path=str(path))
    tables = [_sheet(path, limit=None)] if office_kind(seen) == "xlsx" else _ways(read_text(path)[0])
    for rows in tables:
        if header := _found(rows):
            return tuple(dict.fromkeys(_people(rows[header.row + 1 :], header)))
    return ()


def apply_attendance(document: ReadDocument, attendees: Sequence[Attendee], path: Path) -> ReadDocument:
    """The interview with what a list beside it tells of the people in it; what the source itself says is kept.

    Somebody who is listed for another file or meeting takes no part. A name by which somebody joined becomes the name
    that they were given later.
    """
    here = [item for item in attendees if item.place is None or _is_place(item.place, document, path)]
    if document.kind is not SourceKind.INTERVIEW or not here:
        return document
    joined_as = {item.joined_as: item.person.name for item in here if item.joined_as}
    known = {item.person.name.casefold() for item in here}
    labels = {name: later for name, later in joined_as.items() if name.casefold() not in known}
    listed = {item.person.name.casefold(): item.person for item in reversed(here)}
    people = [_completed(person, listed.pop(person.name.casefold(), None)) for person in document.participants]
    return replace(
        document,
        turns=relabel(document.turns, labels),
        participants=(*people, *reversed(listed.values())),
    )


def _completed(person: Participant, listed: Participant | None) -> Participant:
    if listed is None:
        return person
    return replace(
        person,
        title=person.title or listed.title,
        email=person.email or listed.email,
        affiliation=person.affiliation or listed.affiliation,
        side=person.side or listed.side,
    )


def _is_place(place: str, document: ReadDocument, path: Path) -> bool:
    names = (path.name, path.stem, document.external_id, document.title or "", *document.meta.values())
    return place.casefold() in {name.strip().casefold() for name in names}


def _found(rows: Sequence[Sequence[str]]) -> _Header | None:
    for number, cells in enumerate(islice(rows, HEADER_WITHIN)):
        plain = [plain_header(cell) for cell in cells]
        if _lists_people({name for name in plain if name}):
            fields = {
                field: tuple(plain.index(name) for name in names if name in plain) for field, names in _COLUMNS.items()
            }
            return _Header(row=number, fields=fields, originals="nameoriginalname" in plain)
    return None


def _lists_people(plain: set[str]) -> bool:
    """Whether these columns are a list of people: when they came, or nothing but who they are."""
    named = plain & set(_NAME) or (plain & set(_COLUMNS["first"]) and plain & set(_COLUMNS["last"]))
    if not named or plain & _WORDS:
        return False
    if (len(plain & _JOINED) >= 2 and plain & _CAME) or "nameoriginalname" in plain:
        return True
    known = {name for names in _COLUMNS.values() for name in names} | _JOINED | _USELESS
    told = sum(bool(plain & set(_COLUMNS[field])) for field in ("title", "email", "affiliation", "side"))
    return plain <= known and told >= 1 and bool(plain & {*_COLUMNS["email"], *_COLUMNS["title"]})


def _ways(text: str, limit: int | None = None) -> list[list[list[str]]]:
    """The rows of a text (of its first lines) under each delimiter; a blank line is a row without cells."""
    lines = text.splitlines()[:limit]
    return [_rows(lines, delimiter) for delimiter in _DELIMITERS if any(delimiter in line for line in lines)]


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    except csv.Error:
        return []


def _sheet(path: Path, limit: int | None = HEADER_WITHIN) -> list[list[str]]:
    try:
        cells = sheet_cells(path, None, limit=limit) if limit else sheet_cells(path, None)
        return [[as_text(cell) for cell in row] for _, row in cells]
    except MalformedSource:
        return []


def _people(rows: Sequence[Sequence[str]], header: _Header) -> Iterator[Attendee]:
    """The people below the header, up to an empty line or the next section."""
    for cells in rows:
        if not any(cell.strip() for cell in cells) or _SECTION.match(cells[0]):
            return
        told = {field: _cell(cells, places) for field, places in header.fields.items()}
        name = told["name"] or " ".join(part for part in (told["first"], told["last"]) if part)
        joined_as = None
        if header.originals and (match := re.fullmatch(r"(.+?)\s*\(([^()]+)\)", name)):
            name, joined_as = match[1], match[2].strip()
        if name:
            email = next(
                (cells[at].strip() for at in header.fields["email"] if at < len(cells) and "@" in cells[at]), None
            )
            person = Participant(
                name=name, title=told["title"], email=email, affiliation=told["affiliation"], side=_side(told["side"])
            )
            yield Attendee(person=person, place=told["place"], joined_as=joined_as)


def _side(written: str | None) -> Side | None:
    return Side(written.casefold()) if written and written.casefold() in set(Side) else None


def _cell(cells: Sequence[str], places: Sequence[int]) -> str | None:
    """The first filled cell, or None."""
    return next((cells[at].strip() for at in places if at < len(cells) and cells[at].strip()), None)
