"""Mail: who wrote what, what is quoted, whatever mail programs do to it."""

from __future__ import annotations

import base64
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest
from ingest.mail_files import is_mail, is_mailbox
from ingest.mail_quotes import read_mail
from winloss.model import Finding, ReadDocument, SourceKind
from winloss.ports import ReadContext

HEAD = "Message-ID: <{id}@x.example>\nFrom: Ines Brandt <ines@x.example>\nDate: Tue, 3 Mar 2026 09:15:00 +0100\n"
POSTMARK = b"From a@x.example Tue Mar  3 08:15:00 2026\n"


def mail(words: str | bytes, *, headers: str = "", name: str = "1") -> bytes:
    head = HEAD.replace("{id}", name) + headers + "\n"
    return head.encode() + (words.encode() if isinstance(words, str) else words)


def read(path: Path, data: bytes, **context: str) -> tuple[list[ReadDocument], list[Finding]]:
    path.write_bytes(data)
    things = list(ingest.read(path, ReadContext(**context)))
    documents = [thing for thing in things if isinstance(thing, ReadDocument)]
    return documents, [thing for thing in things if isinstance(thing, Finding)]


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in read_mail(text, (), None).quoted]


ANSWERED = [
    "> Really?",
    "On 3 March 2026, Ines wrote:\n> Really?",
    "On 3 March 2026 at 09:15,\nInes <i@x.example> wrote:\n> Really?",
    "Am 03.03.26 um 09:15 schrieb Ines Brandt:\n> Wirklich?",
    "Le mar. 3 mars 2026 à 09:15, Ines <i@x.example> a\nécrit :\n\n> Vraiment ?",
    "On Tue, Mar 3, 2026, Ines <i@x.example> wrote:\n\nReally?\nAll of it?",
    "-----Original Message-----\nFrom: Ines\nSent: Tuesday\n\nReally?",
    "From: Ines <i@x.example>\nSent: Tuesday\nTo: Me\nSubject: Price\n\nReally?",
    "________________________________\nDe : Ines\nEnvoyé : mardi\nÀ : Moi\nObjet : Prix\n\nVraiment ?",
    "-- \nInes\nCISO",
    "Sent from my iPhone",
    "_______________________________________________\nThe list\nTo unsubscribe: https://x.example",
]


@pytest.mark.parametrize("below", ANSWERED)
def test_what_is_somebody_elses_is_told_apart(below):
    assert quoted(f"Yes, we left.\n\n{below}") == [below]


def test_what_stands_between_quotes_is_the_authors():
    assert quoted("Above.\n-- \nInes\n\n> Really?\n\nBelow.") == ["-- \nInes\n\n> Really?"]


@pytest.mark.parametrize(
    "text",
    [
        "From: the start we were told less: a lot less.\nTo: be honest, we left.",
        "As I wrote: it was too dear.\nOn Monday we knew.",
        "What the CISO wrote to us on Monday settled it:\nno more agents.",
        "On 3 points we agreed:\nprice, exit and support.",
        "The message is intended for nobody. It was 40 > 30 at the time.",
    ],
)
def test_own_words_are_not_taken_for_quotes(text):
    assert quoted(text) == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("We left.\n\n-- \nInes Brandt\nHead of Detection, Quarryside", "Head of Detection"),
        ("We left.\n\nBest regards\nInes Brandt\nVP Security | Quarryside", "VP Security"),
        ("We left.\n\n-- \nInes Brandt\nQuarryside\nhttps://manager.example", None),
        ("Our security engineer left.\n\nThanks\nInes", None),
        ("We left.\n\n-- \nThe best manager is the one who is not there.", None),
    ],
)
def test_a_job_title_is_taken_only_from_a_signature(text, title):
    assert read_mail(text, (), "Ines Brandt").title == title


WRONG = ["no-such-charset", "us-ascii", "rot13", "utf-8", '"utf-8']


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("iso-8859-1", "cp1252"), *((name, encoding) for name in WRONG for encoding in ("utf-8", "cp1252"))],
)
def test_wrong_charsets_lose_no_word(tmp_path, charset, encoding):
    headers = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n"
    words = "Zu teuer, sagte Jürgen – “viel zu teuer”."
    documents, _ = read(tmp_path / "a", mail(words.encode(encoding), headers=headers))
    assert documents[0].turns[0].text == words


def test_subjects_are_decoded_and_freed_from_what_programs_put_before_them(tmp_path):
    word = base64.b64encode("Kündigung".encode()).decode()
    subject = f"Subject: Re: AW: =?utf-8?B?{word}?= [2]: why\nIn-Reply-To: <0@x.example>\n"
    (document,), _ = read(tmp_path / "a", mail("Too dear.", headers=subject))
    assert (document.title, document.question) == (None, "Kündigung [2]: why")
    assert (document.thread_id, document.meta["reply_to"]) == ("0@x.example", "0@x.example")


def test_threads_hold_even_where_programs_name_only_the_mail_above(tmp_path):
    box = b""
    for number in range(1, 5):
        above = f"In-Reply-To: <{number - 1}@x.example>\nSubject: Re: price\n" if number > 1 else "Subject: price\n"
        box += POSTMARK + mail(f"Words {number}.", headers=above, name=str(number)) + b"\n\n"
    documents, _ = read(tmp_path / "box", box)
    assert [document.thread_id for document in documents] == ["1@x.example"] * 4
    assert [document.question for document in documents] == [None, "price", "price", "price"]


def test_a_line_that_only_looks_like_a_new_mail_stays_in_the_text(tmp_path):
    words = (
        "It was told.\n\nFrom Ines on Tue Mar  3 08:15:00 2026 we heard nothing.\n\n>From then on we looked elsewhere."
    )
    box = POSTMARK + mail(words) + b"\n"
    (document,), _ = read(tmp_path / "box", box)
    assert document.turns[0].text == words.replace(">From", "From")


def test_a_mail_sent_along_is_not_the_authors(tmp_path):
    headers = "Content-Type: multipart/mixed; boundary=b\nMIME-Version: 1.0\n"
    words = (
        "--b\nContent-Type: text/plain\n\nSee below.\n--b\nContent-Type: message/rfc822\n\n" + HEAD + "\nSecret.\n--b\n"
    )
    words += "Content-Type: text/plain; name=notes.txt\n\nNotes.\n--b--\n"
    (document,), _ = read(tmp_path / "a", mail(words, headers=headers))
    assert document.turns[0].text == "See below."


def test_the_kind_that_is_asked_for_counts(tmp_path):
    (document,), _ = read(tmp_path / "a", mail("Too dear."), kind="survey")
    assert (document.kind, document.happened_on) == (SourceKind.SURVEY, date(2026, 3, 3))


def test_mails_nested_beyond_reason_lose_no_others(tmp_path):
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
    box = b"".join(
        POSTMARK + data + b"\n\n"
        for data in (mail("First."), HEAD.replace("{id}", "2").encode() + deep.encode(), mail("Third.", name="3"))
    )
    documents, _ = read(tmp_path / "box", box)
    assert [document.turns[0].text for document in documents] == ["First.", "Third."]


def test_a_large_mailbox_does_not_fill_the_memory(tmp_path):
    one = POSTMARK + mail("Too dear.\n" * 100, name="%d") + b"\n\n"
    path = tmp_path / "box"
    with path.open("wb") as file:
        for number in range(2_500):
            file.write(one.replace(b"%d", str(number).encode()))
    assert path.stat().st_size > 2 << 20
    tracemalloc.start()
    count = sum(isinstance(thing, ReadDocument) for thing in ingest.read(path, ReadContext()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 2_500
    assert peak < 2 << 20


@pytest.mark.parametrize(
    "text",
    [
        "From: Ines\nTo: Dana\n\nInes: We left.\n\nDana: Why?\n",
        "Date: 3 March 2026\nParticipants: Ines\n\nInes: We left.\n\nDana: Why?\n\nInes: Price.",
        "From here on we knew.\n\nFrom Tue Mar 3 we did.",
        "Message-ID, From, Date\n1,2,3",
    ],
)
def test_transcripts_and_tables_are_no_mail(text):
    assert not is_mail(text.encode())
    assert not is_mailbox(text.encode())


ODD = [
    *(b"", b"Subject: \xff", b"From: =?x?B?!?=", b"Content-Type: multipart/mixed; boundary=", b"References: <"),
    *(b"Content-Type: text/plain; charset=\x00", b"Content-Transfer-Encoding: base64", b"\xe9t\xe9: x", b"--", b"-- "),
    *(b"Date: 31 Feb 99999 25:61", b"> a", b"From: ", b"X-Mozilla-Status: zz", b"Subject: =?utf-8?Q?=ZZ?=", b"\x00"),
    *(b"Content-Type: text/html", b"<blockquote><p>x", b"On 3 wrote:", b"_" * 24, b"From a Tue Mar  3 08:15 2026"),
]


@given(st.lists(st.sampled_from(ODD), max_size=14))
def test_any_headers_and_words_are_read(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("any") / "mail"
    documents, _ = read(path, b"Message-ID: <1@x>\nFrom: a@x.example\n" + b"\n".join(lines))
    for document in documents:
        text = document.turns[0].text
        assert all(0 <= start < end <= len(text) for start, end in document.turns[0].quoted)
