"""Mail as files: told by its headers, mailboxes cut into mails one at a time, headers decoded whatever they hold.

A mailbox (`mbox`) begins each mail with a line `From …` that programs write; in the words of a mail such a line is
quoted by `>`, which is taken off again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO

from ingest.following import open_bytes
from ingest.mail_charsets import decoded_bytes

LARGEST_MAIL = 24 << 20
LONGEST_HEADER = 20_000
_LINE = 1 << 20
_HEADER = re.compile(rb"([!-9;-~]{1,76}):[ \t]?(.*)")
_MONTHS = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_POSTMARK = re.compile(
    rb"From [^\r\n]{0,300}?\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +(?:"
    + _MONTHS
    + rb" +\d{1,2}|\d{1,2} +"
    + _MONTHS
    + rb")\b"
    rb"[^\r\n]{0,60}\d{4}"
)
_ESCAPED = re.compile(rb">+From ")
_SURE = frozenset(
    {b"message-id", b"mime-version", b"received", b"return-path", b"delivered-to", b"dkim-signature", b"in-reply-to"}
    | {b"references", b"list-id", b"content-transfer-encoding", b"x-mozilla-status", b"x-gm-thrid", b"user-agent"}
)
_DATED = re.compile(rb"(?:\w{3}, )?\d{1,2} " + _MONTHS + rb"\w* \d{4}")


def is_mailbox(head: bytes) -> bool:
    """Whether a file begins as a mailbox does: a line of the mail program, then headers."""
    first, _, rest = _start(head).partition(b"\n")
    return bool(_POSTMARK.match(first)) and bool(_HEADER.match(rest) or rest.startswith(b">From "))


def is_mail(head: bytes) -> bool:
    """Whether a file begins with the headers of a mail: who wrote it, and what only mail programs write."""
    told: dict[bytes, bytes] = {}
    for line in _start(head).split(b"\n"):
        if line[:1] in (b" ", b"\t") and told:
            continue
        if (match := _HEADER.match(line)) is None:
            break
        told.setdefault(match[1].lower(), match[2])
    dated = bool(_DATED.search(told.get(b"date", b"")))
    return b"from" in told and (not _SURE.isdisjoint(told) or (dated and b"to" in told and b"subject" in told))


def mails(path: Path) -> Iterator[tuple[bytes, bytes, bool]]:
    """(the line before a mail or empty, the mail, whether its end was left out) for every mail in a file.

    No more than `LARGEST_MAIL` of a mail is kept: what is larger are files that were sent along.
    """
    with open_bytes(path) as file:
        head = file.read(64 << 10)
        file.seek(0)
        if not is_mailbox(head):
            data = file.read(LARGEST_MAIL + 1).removeprefix(b"\xef\xbb\xbf")
            yield b"", data[:LARGEST_MAIL], len(data) > LARGEST_MAIL
            return
        yield from _cut(file)


def parsed(data: bytes) -> Message | None:
    """A mail with its parts, or None where it is nested beyond reason."""
    try:
        return BytesParser(policy=compat32).parsebytes(data)
    except (RecursionError, MessageError, ValueError, LookupError, TypeError, AttributeError, IndexError):
        return None


def header(mail: Message, name: str) -> str | None:
    """A header as people read it, on one line; None where there is none."""
    raw = next((str(value) for key, value in mail.raw_items() if key.casefold() == name.casefold()), None)
    if raw is None:
        return None
    written = raw[:LONGEST_HEADER].replace("\r", "").replace("\n", "")
    written = written.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(_decoded(written).split()) or None


def day_of_mail(mail: Message, postmark: bytes) -> str | None:
    """When a mail was sent, ISO 8601: by its date, else by the line that the mailbox has before it."""
    received = (header(mail, "Received") or "").rpartition(";")[2]
    marked = re.sub(r"^From \S+(?: at \S+)?\s+", "", postmark.decode("ascii", "replace").strip())
    for told in (header(mail, "Date"), received, _rfc(marked)):
        try:
            if told and (moment := parsedate_to_datetime(told)):
                return moment.isoformat()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _start(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").replace(b"\r\n", b"\n")


def _cut(file: IO[bytes]) -> Iterator[tuple[bytes, bytes, bool]]:
    lines: list[bytes] = []
    postmark, size, cut, blank = b"", 0, False, True
    waiting: bytes | None = file.readline(_LINE).removeprefix(b"\xef\xbb\xbf")
    while waiting:
        line, waiting = waiting, file.readline(_LINE)
        if blank and _POSTMARK.match(line) and (_HEADER.match(waiting) or waiting.startswith(b">From ")):
            if lines:
                yield postmark, b"".join(lines), cut
            postmark, lines, size, cut, blank = line, [], 0, False, False
            continue
        blank = not line.strip(b"\r\n")
        size += len(line)
        if size <= LARGEST_MAIL:
            lines.append(line[1:] if _ESCAPED.match(line) else line)
        else:
            cut = True
    if lines:
        yield postmark, b"".join(lines), cut


def _decoded(written: str) -> str:
    if "=?" not in written:
        return written
    try:
        pieces = decode_header(written)
    except (MessageError, ValueError, LookupError):
        return written
    return "".join(
        piece if isinstance(piece, str) else decoded_bytes(piece, charset or "utf-8") for piece, charset in pieces
    )


def _rfc(marked: str) -> str:
    """`Tue Apr 14 09:00:00 2026` as mail programs write dates."""
    match = re.search(r"(\w{3}) +(\d{1,2}) +(\d{1,2}:\d{2}(?::\d{2})?)(?: +([+-]\d{4}))? +(\d{4})", marked)
    return f"{match[2]} {match[1]} {match[5]} {match[3]} {match[4] or '+0000'}" if match else ""
