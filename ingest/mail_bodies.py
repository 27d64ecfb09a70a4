"""The words of a mail among its parts: the plain text, else its HTML; nothing of what was sent along."""

from __future__ import annotations

from email.message import Message

from ingest.mail_charsets import decoded_bytes
from ingest.markup import plain_text
from ingest.posts import BLANK, Spans

DEEPEST = 20
MOST_PARTS = 2000
Words = tuple[str, Spans]
_NOTHING: Words = ("", ())


def body(mail: Message) -> Words:
    """The text of a mail and the spans of it that its HTML shows to be somebody else's."""
    return _words(mail, 0)


def _words(part: Message, level: int) -> Words:
    if level > DEEPEST or (level and _is_sent_along(part)):
        return _NOTHING
    kind = part.get_content_type()
    if part.is_multipart():
        held = list(part.get_payload())
        return _joined(kind, [inner for inner in held[:MOST_PARTS] if isinstance(inner, Message)], level + 1)
    if kind == "text/plain" or kind.startswith("multipart/"):
        return _text(part).strip(BLANK + "\xa0"), ()
    return plain_text(_text(part)) if kind == "text/html" else _NOTHING


def _joined(kind: str, parts: list[Message], level: int) -> Words:
    """The words of several parts: of one of them where they say the same, else of all, each below the other."""
    if kind.startswith("message/"):
        return _NOTHING
    if kind == "multipart/alternative":
        plain = sorted(parts, key=lambda part: part.get_content_type() != "text/plain")
        return next(filter(_says_something, (_words(part, level) for part in plain)), _NOTHING)
    if kind in ("multipart/related", "multipart/signed"):
        return next(filter(_says_something, (_words(part, level) for part in parts)), _NOTHING)
    text, quoted = "", []
    for said, spans in (_words(part, level) for part in parts):
        if said:
            text += "\n\n" if text else ""
            quoted += [(start + len(text), end + len(text)) for start, end in spans]
            text += said
    return text, tuple(quoted)


def _says_something(words: Words) -> bool:
    return bool(words[0])


def _is_sent_along(part: Message) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or part.get_filename() is not None
    except (ValueError, LookupError, TypeError, AttributeError):
        return True


def _text(part: Message) -> str:
    """The text of a part, line ends as one sign; broken transfer encodings give what can be read of them."""
    try:
        data = part.get_payload(decode=True)
        charset = part.get_param("charset")
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError):
        return ""
    told = charset[2] if isinstance(charset, tuple) else charset
    text = decoded_bytes(data if isinstance(data, bytes) else b"", told if isinstance(told, str) else None)
    return text.replace("\r\n", "\n").replace("\r", "\n")
