"""Addresses that begin to play at a moment."""

from __future__ import annotations

import pytest

from web.recordings import playing_from


@pytest.mark.parametrize(
    ("address", "playing"),
    [
        ("https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abc&t=95"),
        ("https://www.youtube.com/watch?v=abc&t=3", "https://www.youtube.com/watch?v=abc&t=95"),
        ("https://youtu.be/abc", "https://youtu.be/abc?t=95"),
        ("https://www.loom.com/share/abc?sid=1", "https://www.loom.com/share/abc?sid=1&t=95"),
        ("https://vimeo.com/123", "https://vimeo.com/123#t=95s"),
        ("https://files.example/call.MP3?key=1#x", "https://files.example/call.MP3?key=1#t=95"),
    ],
)
def test_a_recording_plays_from_the_second(address: str, playing: str) -> None:
    assert playing_from(address, 95_999) == playing


@pytest.mark.parametrize(
    "address",
    [
        None, "", "javascript:alert(1)//youtube.com", "https://notyoutube.com/watch?v=a", "http://[bad", "data:a/b.mp3",
        "https://app.example/call?id=1", "ftp://files.example/call.mp3", "https://files.example/notes.pdf",
    ],
)  # fmt: skip
def test_what_cannot_be_told_a_moment_is_not_given_one(address: str | None) -> None:
    assert playing_from(address, 95_000) is None


def test_without_a_moment_there_is_no_address() -> None:
    assert playing_from("https://youtu.be/abc", None) is None
