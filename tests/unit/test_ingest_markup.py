"""HTML as text: what people see, who is quoted, and nothing that stops at broken markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.markup import plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><![if !supportLists]><p>Two</p><![endif]>", "One\n\nTwo"),
        ("<p>One <![odd[ two ]]> three</p>", "One three"),
        ("a<!-- b --> c &amp; d", "a c & d"),
        ("<summary>More</summary>of it", "More\nof it"),
        ('<a class="lightbox"><img><div class="meta"><div>x.png</div> 2 KB</div></a><p>Seen</p>', "Seen"),
        ('<div class="meta">Kept: no picture is near</div>', "Kept: no picture is near"),
    ],
)
def test_markup_becomes_what_people_see(markup, text):
    assert plain_text(markup)[0] == text


PIECES = [
    "<p>",
    "</p>",
    "<blockquote>",
    "</blockquote>",
    "<aside class=quote>",
    "</aside>",
    "<br>",
    " ",
    "a ",
    " b",
    "\n",
]


@given(st.lists(st.sampled_from([*PIECES, "<![", "<!--", "-->", "<!", "<?", "</", "&#0;", "<pre>", "</pre>", "]]>"])))
def test_any_markup_gives_spans_of_its_text(pieces):
    text, quoted = plain_text("".join(pieces))
    assert all(0 <= start < end <= len(text) for start, end in quoted)
    assert all(text[start:end].strip() == text[start:end] for start, end in quoted)


def test_much_markup_takes_time_in_proportion():
    text, quoted = plain_text("<blockquote>a </blockquote><p>b </p>" * 60_000)
    assert len(quoted) == 60_000
    assert text.count("b") == 60_000
