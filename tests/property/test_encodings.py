"""The same words in whatever encoding, with whatever line ends, are the same turns, to the character."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ingest
from winloss.model import ReadDocument
from winloss.ports import ReadContext

SAID = (
    "We waited six weeks – “legal”, they said – for a café-sized NDA.",
    "نحن ننتظر الموافقة منذ ثلاثة أشهر \u200fو\u200e SIEM لم يساعد.",
    "המערכת הציפה אותנו בהתראות \u2067alert\u2069 בלילה.",
    "The on-call 👩🏽‍💻 and I 🏳️‍🌈 counted: cafe\u0301, nai\u0308ve, Å, 한국어, ﬁle, İ.",
    "Straße, señor, œuvre, 10 €… that’s it.",
)
SPEAKERS = ("Dana Ortiz", "Zoë Müller")
TURNS = [(SPEAKERS[number % 2], words) for number, words in enumerate(SAID)]
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
NEWLINES = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}


def captions(turns):
    cues = [f"00:00:{n:02}.000 --> 00:00:{n:02}.900\n<v {who}>{said}</v>" for n, (who, said) in enumerate(turns)]
    return "\n\n".join(["WEBVTT", *cues]) + "\n"


def subtitles(turns):
    return "\n\n".join(
        f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{who}: {said}" for n, (who, said) in enumerate(turns, 1)
    )


def typed(turns):
    return "\n\n".join(f"{who}: {said}" for who, said in turns)


def bold(turns):
    return "# A conversation\n\n" + "\n\n".join(f"**{who}:** {said}" for who, said in turns)


def page(turns):
    said = "\n".join(f"<p><b>{who}:</b> {words}</p>" for who, words in turns)
    return f"<!DOCTYPE html>\n<html><body>\n{said}\n</body></html>"


def grain(turns):
    parts = [
        {"participant_id": who, "speaker": who, "start": n * 9000, "end": n * 9000 + 900, "text": said}
        for n, (who, said) in enumerate(turns)
    ]
    return json.dumps(parts, ensure_ascii=False, indent=1)


FORMATS = [captions, subtitles, typed, bold, page, grain]


def read(path: Path) -> list[tuple[str | None, str]]:
    (document,) = [thing for thing in ingest.read(path, ReadContext()) if isinstance(thing, ReadDocument)]
    return [(turn.speaker, turn.text) for turn in document.turns]


@pytest.mark.parametrize("newline", NEWLINES)
@pytest.mark.parametrize("encoding", UNICODE)
@pytest.mark.parametrize("made", FORMATS, ids=lambda made: made.__name__)
def test_no_encoding_and_no_line_end_changes_a_character(made, encoding, newline, tmp_path):
    path = tmp_path / "export"
    path.write_bytes(made(TURNS).replace("\n", NEWLINES[newline]).encode(encoding))
    assert read(path) == TURNS


@pytest.mark.parametrize("made", FORMATS, ids=lambda made: made.__name__)
def test_what_windows_saved_reads_the_same(made, tmp_path):
    turns = [(SPEAKERS[0], SAID[0]), (SPEAKERS[1], SAID[4])]
    path = tmp_path / "export"
    path.write_bytes(made(turns * 3).encode("cp1252"))
    assert read(path) == turns * 3


@pytest.mark.parametrize("made", FORMATS, ids=lambda made: made.__name__)
def test_what_was_garbled_on_the_way_reads_as_it_was(made, tmp_path):
    turns = [(SPEAKERS[n % 2], said) for n, said in enumerate((SAID[0], "That’s why we left.", SAID[4]))]
    path = tmp_path / "export"
    path.write_bytes(made(turns).encode().decode("latin-1").encode("utf-8"))
    assert read(path) == turns


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_may_be_mixed(newline, tmp_path):
    path = tmp_path / "export"
    path.write_bytes(typed(TURNS).replace("\n", newline, 5).encode())
    assert read(path) == TURNS


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    said=st.lists(
        st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=40).map(
            lambda words: f"so {words} then"
        ),
        min_size=2,
        max_size=6,
    ),
    encoding=st.sampled_from(UNICODE),
)
def test_any_characters_survive(said, encoding, tmp_path):
    turns = [(SPEAKERS[number % 2], words) for number, words in enumerate(said)]
    path = tmp_path / "export"
    path.write_bytes(grain(turns).encode(encoding))
    assert read(path) == turns
