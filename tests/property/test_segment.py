"""Whatever the text: verbatims are exact, in order, apart from each other and from what others said."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.speakers.people import resolve_speakers
from nlp.speakers.permission import permission_of
from nlp.text.segment import segment
from winloss.codebook import load_codebook
from winloss.model import Participant, ReadTurn, SourceKind

CODEBOOK = load_codebook()
PIECES = st.sampled_from(
    [
        "The vendor sent a second quote. ",
        "and then legal held it; ",
        "Yeah. ",
        "> you said so\n",
        "\n\n",
        "\r\n",
        "\u2028",
        "- an item of a list\n",
        "OS: Windows 11\n",
        "Kind regards,\n",
        "```\n",
        "https://example.test/a?b=c ",
        "e.g. ",
        '"Buy it." ',
        "(or not ",
        "עברית כאן ",
        "👩‍👩‍👧‍👦",
        "我们花了六个月。",
        "\x00",
        "\ud800",
        "e\u0301",
        "a" * 300,
        "word " * 95,
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=25).map("".join),
    st.text(st.characters(codec=None, categories=None), max_size=300),
)


PLACES = st.integers(-5, 200)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(TEXTS, st.lists(st.tuples(PLACES, PLACES), max_size=4)), max_size=4))
def test_spans_are_exact_ordered_and_nobody_elses(described):
    texts = [text for text, _ in described]
    quoted = [spans for _, spans in described]
    for text, marked, spans in zip(texts, quoted, segment(texts, quoted=quoted), strict=True):
        others = [*quoted_lines(text), *((first, last) for first, last in marked if first < last)]
        end = 0
        for span in spans:
            assert end <= span.start < span.end <= len(text)
            end = span.end
            said = text[span.start : span.end]
            assert said == said.strip()
            assert all(line.strip() for line in said.splitlines())
            assert not any(span.start < last and first < span.end for first, last in others)


def quoted_lines(text):
    """Where the lines that begin with ">" lie."""
    start = 0
    for line in text.splitlines(keepends=True):
        if line.lstrip().startswith(">"):
            yield start, start + len(line)
        start += len(line)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.tuples(st.one_of(st.none(), st.text(max_size=12)), TEXTS), max_size=8),
    st.lists(st.tuples(st.text(max_size=12), st.one_of(st.none(), st.text(max_size=30))), max_size=4),
    st.sampled_from(SourceKind),
)
def test_every_speaker_gets_one_voice_with_its_evidence(said, known, kind):
    turns = [ReadTurn(speaker=speaker, text=text) for speaker, text in said]
    people = [Participant(name=name, title=title) for name, title in known]
    voices = resolve_speakers(turns, people, CODEBOOK, kind=kind)
    assert list(voices) == list(dict.fromkeys(speaker for speaker, _ in said))
    assert all(voice.side_evidence for voice in voices.values())
    assert all(bool(voice.role) <= bool(voice.role_evidence) for voice in voices.values())


@given(TEXTS)
def test_permissions_are_found_or_not_in_any_text(text):
    assert permission_of(text) == permission_of(text + "\n")
