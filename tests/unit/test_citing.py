"""Citations: the words to the letter in each form, nobody named who may not be, and nothing in them acts."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.unit.passages import a_passage
from winloss.codebook import load_codebook
from winloss.errors import NotAllowed
from winloss.services.quote_rights.citing import FORMS, Citation, written

HOSTILE = (
    "<script>alert(1)</script> [click](javascript:x) ![i](http://evil/x.png) **b** _e_ `c` | ~~s~~\r# title\n- item\n"
    '> more\r\n\r\n<http://evil> www.evil.com http://evil &lt; &#60; \\ "onmouseover="x $a$ [r]: /u\n***'
    "\n1. one\n    code"
)
BASE = "https://win.example/v/"


CODEBOOK = load_codebook()


def cited(**changes) -> Citation:
    return written(a_passage(**changes), CODEBOOK, link=lambda name: BASE + name)


class Seen(HTMLParser):
    """The tags of a page with their attributes, and what stands in its quotation."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.quoted = ""
        self._inside = False

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside = self._inside or tag == "p"
        self.quoted += "\n" if tag == "br" and self._inside else ""

    def handle_endtag(self, tag):
        self._inside = self._inside and tag != "p"

    def handle_data(self, data):
        self.quoted += data if self._inside else ""


def plain_lines(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text)


@given(st.text())
@example(HOSTILE)
def test_html_shows_the_words_to_the_letter_and_holds_no_tag_of_theirs(text: str) -> None:
    seen = Seen()
    seen.feed(cited(text=text).html)
    seen.close()
    assert seen.quoted == f"“{plain_lines(text)}”"
    assert [tag for tag, _ in seen.tags if tag != "br"] == ["figure", "blockquote", "p", "figcaption", "a"]
    assert [value for _, own in seen.tags for value in own.items()] == [("cite", f"{BASE}v1"), ("href", f"{BASE}v1")]


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",))))
@example(HOSTILE)
def test_markdown_shows_the_words_to_the_letter_and_does_nothing_they_say(text: str) -> None:
    tokens = MarkdownIt("commonmark").enable(["strikethrough", "table"]).parse(cited(text=text).markdown)
    blocks = [token.type for token in tokens]
    paragraph = ["paragraph_open", "inline", "paragraph_close"]
    assert blocks == ["blockquote_open", *paragraph, *paragraph, "blockquote_close"]
    words, told = (token.children or [] for token in tokens if token.type == "inline")
    assert {token.type for token in words} <= {"text", "text_special", "html_inline"}
    assert all(token.content == "<br>" for token in words if token.type == "html_inline")
    shown = "".join("\n" if token.type == "html_inline" else token.content for token in words)
    assert shown == f"“{plain_lines(text)}”"
    assert [token.attrs["href"] for token in told if token.type == "link_open"] == [f"{BASE}v1"]


@given(st.text())
def test_plain_holds_the_words_as_they_are(text: str) -> None:
    assert cited(text=text).plain.startswith(f"“{text}”\n— ")


@pytest.mark.parametrize("form", FORMS)
def test_nobody_is_named_who_may_not_be(form: str) -> None:
    facts = {"title": "Northwind: Priya on the renewal", "url": "https://northwind.example/call"}
    for rights in ("anonymous", "internal"):
        told = getattr(cited(rights=rights, **facts), form)
        assert "Priya" not in told
        assert "Northwind" not in told
        assert "northwind" not in told
        assert "2026-04-14" in told
        assert f"{BASE}v1" in told
        assert ("internal use only" in told) == (rights == "internal")
    named = getattr(cited(rights="named", **facts), form)
    assert "Priya Nair" in named
    assert "on the renewal" in named
    assert "interview" in named


def test_what_is_not_to_be_quoted_is_refused_with_the_reason() -> None:
    with pytest.raises(NotAllowed, match="not to be quoted") as refused:
        cited(rights="no_quote")
    assert refused.value.hint
    with pytest.raises(NotAllowed, match="ended on 2026-04-30"):
        cited(rights="ended", quote_until="2026-04-30")


def test_words_that_a_newer_version_replaced_are_told_as_such() -> None:
    told = written(a_passage(), CODEBOOK, link=str, retired=True)
    assert "earlier version" in told.plain
    assert "earlier version" not in cited().plain


def test_a_link_cannot_break_out_of_its_place() -> None:
    told = written(a_passage(), CODEBOOK, link=lambda name: f'http://x/">)<b> {name}')
    seen = Seen()
    seen.feed(told.html)
    assert "b" not in [tag for tag, _ in seen.tags]
    assert told.markdown.count("](<") == 1
    assert told.markdown.endswith("v1>)")
