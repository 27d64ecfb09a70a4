"""Which lines of a post are somebody else's."""

from __future__ import annotations

import pytest

from ingest.quoting import quoted_lines


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("> too dear\n\nSame here", ["> too dear"]),
        ("> too dear\n> and slow\n\nyes", ["> too dear\n> and slow"]),
        ("> > he said\n> she said\n\nI say", ["> > he said\n> she said"]),
        ("> a sentence that\ngoes on here\n\nmine", ["> a sentence that\ngoes on here"]),
        ("> one\n\n> two\n\nmine", ["> one", "> two"]),
        ("> one\n- mine, a list\n", ["> one"]),
        (">50% of it is noise", []),
        ("> 50% of it is noise, they say", ["> 50% of it is noise, they say"]),
        (">!hidden words!<", []),
        ("```\n> SELECT 1\n```\n> quoted", ["> quoted"]),
        ("    > four spaces are code", []),
        ("a > b\r\n> quoted\r\n\r\nmine", ["> quoted"]),
        ("mine\n   > quoted", ["   > quoted"]),
        ("nothing", []),
    ],
)
def test_quoted_lines(text: str, quoted: list[str]) -> None:
    assert [text[start:end] for start, end in quoted_lines(text)] == quoted
