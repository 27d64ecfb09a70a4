"""Mail: mailboxes (mbox, as mailing lists and mail programs keep them) and single mails (EML)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from email.message import Message
from email.utils import parseaddr
from pathlib import Path

from ingest.chats import Notes, Recent, own_words, post_kind
from ingest.json_values import day_of_moment
from ingest.mail_bodies import body
from ingest.mail_files import LARGEST_MAIL, day_of_mail, header, is_mail, is_mailbox, mails, parsed
from ingest.mail_quotes import read_mail
from ingest.posts import BLANK, filled
from winloss.model import Participant, Readable, ReadDocument, ReadTurn, Severity, SourceKind, stable_id
from winloss.ports import Format, Probe, ReadContext

_ID = re.compile(r"<\s*([^<>\s]{1,400})\s*>")
_REPLY = r"re|aw|antw|antwort|sv|vs|ref|rif|r|odp|ynt|回复|答复"
_FORWARD = r"fwd?|wg|tr|rv|enc|i|vl|doorst|转发"
_BEFORE_SUBJECT = re.compile(rf"(?i)\s*(?:(?:(?P<reply>{_REPLY})|{_FORWARD})\s*(?:\[\d+\]|\(\d+\))?\s*[:：])\s*")
_TAG = re.compile(r"\s*\[[^\]\r\n]{1,60}\]\s*")
_AWAY = re.compile(
    r"(?i)(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|automatische antwort|"
    r"abwesenheitsnotiz|réponse automatique|respuesta automática|undeliver(?:ed|able)|delivery status notification|"
    r"mail delivery (?:failed|failure)|returned mail|accepted:|declined:|tentative:|canceled:)"
)
_DIGEST = re.compile(r"(?i)\bdigest,? (?:vol\.? ?\d+|for |\d+ updates?)|\bdigest\b.{0,40}\bissue \d+")
_MACHINES = re.compile(
    r"(?i)(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|majordomo|mailman)(?:[+._-].*)?@"
)
_OBFUSCATED = re.compile(r"(\S+) (?:at|AT|\[at\]) (\S+\.\S+)(?:\s+\((.+)\))?")
_VIA = re.compile(r"(?i)[\"']?(.+?)[\"']? (?:via|über|par) .+")
_EXPUNGED = 0x0008
_LEFT_OUT = {
    "auto-replies": "automatic answers and reports of the mail system were left out",
    "digests": "digests were left out: they repeat mails; ingest the list's archive instead",
    "same-mail": "mails that are in the file more than once were read once",
    "spam": "mails marked as spam were left out",
}


@dataclass(slots=True, kw_only=True)
class _Mailbox:
    """A file on its way into documents; `roots` tells the thread of each mail, `seen` which mails were read."""

    kind: SourceKind
    notes: Notes = field(default_factory=Notes)
    roots: Recent[str] = field(default_factory=Recent)
    seen: Recent[str] = field(default_factory=Recent)


class MailReader:
    """Mails of people. Every one is a document; answers share the thread of what they answer."""

    name = "mail"
    title = "Mail (mbox, EML)"
    family = "communities"
    formats: tuple[Format, ...] = (
        Format(
            name="Mailbox or mailing list archive",
            looks="`.mbox`, also without suffix",
            gives="mails with author, job title in the signature, day, subject, thread, list; quoted mails told apart",
        ),
        Format(name="Single mail", looks="`.eml`", gives="the same"),
    )

    def identify(self, probe: Probe) -> bool:
        """A mailbox's first line above headers, or the headers of a mail."""
        return is_mailbox(probe.head) or is_mail(probe.head)

    def read(self, path: Path, context: ReadContext) -> Iterator[Readable]:
        """One document a mail, in the order of the file."""
        box = _Mailbox(kind=post_kind(context))
        for number, (postmark, data, cut) in enumerate(mails(path), start=1):
            where = f"mail {number}"
            if cut:
                message = f"what a mail holds beyond {LARGEST_MAIL >> 20} MiB was not read (files that were sent along)"
                box.notes.remarks.add("mail-too-large", message, where=where)
            if (mail := parsed(data)) is None:
                message = "a mail cannot be read and was left out; save it again from the mail program"
                box.notes.remarks.add("broken-mail", message, where=where)
            elif document := _document(mail, postmark, box):
                yield document
        yield from box.notes.findings()


def _document(mail: Message, postmark: bytes, box: _Mailbox) -> ReadDocument | None:
    """The document, or None for what is left out, which is counted."""
    reason = _left_out(mail)
    text, marked = ("", ()) if reason else body(mail)
    author = _author(mail)
    read = read_mail(text, marked, author.name if author else None)
    moment = day_of_mail(mail, postmark)
    name = next(iter(_ids(mail, "Message-ID")), None)
    name = name or stable_id("mail-", author.name if author else None, str(moment), text)
    if reason is None and not own_words(text, read.quoted).strip(BLANK):
        reason = "forwarded" if text else "no-text"
    if reason := reason or ("same-mail" if box.seen.get(name) else None):
        _count(box.notes, reason)
        return None
    box.seen.put(name, name)
    person = replace(author, title=read.title) if author else None
    turn = ReadTurn(speaker=person.name if person else None, text=text, quoted=read.quoted)
    return _made(mail, box, name=name, turn=turn, person=person, day=day_of_moment(moment))


def _made(
    mail: Message, box: _Mailbox, *, name: str, turn: ReadTurn, person: Participant | None, day: date | None
) -> ReadDocument:
    subject, answers = _subject(mail)
    above, root = _thread(mail, box)
    opening = above is None and not answers
    thread = name if opening else root
    box.roots.put(name, thread or name)
    return ReadDocument(
        kind=box.kind,
        external_id=name,
        turns=(turn,),
        title=subject if opening else None,
        happened_on=day,
        url=_link(mail),
        thread_id=thread,
        question=None if opening else subject,
        language=_language(mail),
        tags=tuple(filter(None, (_list(mail),))),
        participants=(person,) if person else (),
        meta=filled(reply_to=above),
    )


def _left_out(mail: Message) -> str | None:
    """Why a mail is not read: nobody wrote it, or it is no mail to anybody."""
    status = header(mail, "X-Mozilla-Status") or ""
    if re.fullmatch(r"[0-9a-fA-F]{4}", status) and int(status, 16) & _EXPUNGED:
        return "deleted"
    spam = f"{header(mail, 'X-Spam-Flag')} {header(mail, 'X-Spam-Status')}".casefold().split(",")[0]
    if "yes" in spam.split():
        return "spam"
    kind, subject = mail.get_content_type(), header(mail, "Subject") or ""
    if kind == "multipart/digest" or _DIGEST.search(subject):
        return "digests"
    submitted = (header(mail, "Auto-Submitted") or "no").casefold()
    precedence = (header(mail, "Precedence") or "").casefold()
    sender = parseaddr(header(mail, "From") or "")[1]
    by_machine = not submitted.startswith("no") or precedence == "auto_reply" or _MACHINES.match(sender)
    if by_machine or kind == "multipart/report" or header(mail, "X-Autoreply") or _AWAY.match(subject):
        return "auto-replies"
    return None


def _count(notes: Notes, reason: str) -> None:
    if reason in _LEFT_OUT:
        notes.remarks.add(reason, _LEFT_OUT[reason], severity=Severity.INFO)
    else:
        notes.count(reason)


def _author(mail: Message) -> Participant | None:
    """Who wrote a mail; a list that sends in somebody's name, or hides addresses, is seen through."""
    written = header(mail, "X-Original-From") or header(mail, "From")
    if written is None:
        return None
    if match := _OBFUSCATED.fullmatch(written):
        address, name = f"{match[1]}@{match[2]}", match[3]
    else:
        name, address = parseaddr(written)
    address = address if re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address or "") else ""
    if through := _VIA.fullmatch(name or ""):
        name, address = through[1], ""
    called = (name or "").strip(" \"'") or address.partition("@")[0]
    return Participant(name=called, email=address or None) if called else None


def _subject(mail: Message) -> tuple[str | None, bool]:
    """The subject without what programs put before it, and whether that says that it answers another mail."""
    subject, answers = header(mail, "Subject") or "", False
    while True:
        bare = _TAG.sub("", subject, count=1) if _TAG.match(subject) and _list(mail) else subject
        match = _BEFORE_SUBJECT.match(bare)
        if match is None:
            return bare.strip() or subject.strip() or None, answers
        answers = answers or match["reply"] is not None
        subject = bare[match.end() :]


def _ids(mail: Message, name: str) -> list[str]:
    return _ID.findall(header(mail, name) or "")


def _thread(mail: Message, box: _Mailbox) -> tuple[str | None, str | None]:
    """The id of the mail that is answered, and that of the mail that began the thread."""
    chain = _ids(mail, "References")
    answered = next(iter(_ids(mail, "In-Reply-To")), None) or (chain[-1] if chain else None)
    known = next((root for name in (*reversed(chain), answered) if (root := box.roots.get(name))), None)
    return answered, known or (chain[0] if chain else answered)


def _list(mail: Message) -> str | None:
    """The name of the mailing list."""
    told = header(mail, "List-Id") or ""
    name = re.sub(r"<[^<>]*>", "", told).strip(" \"'")
    inside = re.search(r"<([^<>.]+)[^<>]*>", told)
    return name or (inside[1] if inside else None) or told or None


def _link(mail: Message) -> str | None:
    match = re.search(r"https?://[^\s<>]+", header(mail, "Archived-At") or "")
    return match[0] if match else None


def _language(mail: Message) -> str | None:
    told = header(mail, "Content-Language") or ""
    return told.split(",")[0].strip() or None
