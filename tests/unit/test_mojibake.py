"""Garbled characters are repaired where that is certain; spans stay on their words; the rest is told."""

from __future__ import annotations

import ftfy.bad_codecs  # noqa: F401  (registers the encoding that programs really use for Windows-1252)
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mojibake import repaired
from winloss.model import Finding, Highlight, ReadDocument, ReadTurn, SourceKind


def document(*texts, quoted=(), highlights=()):
    turns = tuple(ReadTurn(speaker="JosÃ© Núñez", text=text, quoted=tuple(quoted)) for text in texts)
    return ReadDocument(kind=SourceKind.INTERVIEW, external_id="x", turns=turns, highlights=tuple(highlights))


def garbled(text):
    return text.encode("utf-8").decode("sloppy-windows-1252")


def test_what_was_garbled_is_repaired_and_counted():
    read = ReadDocument(
        kind=SourceKind.INTERVIEW, external_id="é", turns=(ReadTurn(speaker="JosÃ©", text="itâ€™s â‚¬40 in MÃ¼nchen"),)
    )
    mended, finding = repaired([read])
    assert mended.turns[0].text == "it’s €40 in München"
    assert mended.turns[0].speaker == "José"
    assert (finding.code, finding.count) == ("garbled-repaired", 4)


@pytest.mark.parametrize("text", ["« MAÇÃ” » não é", "Er sagte: „Büro Ö“ und ging", "l’été à Nîmes — voilà", "ÄÖÜ ß"])
def test_one_doubtful_place_among_real_accents_is_left(text):
    read = ReadDocument(kind=SourceKind.INTERVIEW, external_id="x", turns=(ReadTurn(speaker=None, text=text),))
    found = list(repaired([read]))
    assert found[0] == read
    assert [finding.code for finding in found[1:]] in ([], ["garbled-left"])


def test_quotations_and_highlights_stay_on_their_words():
    text = f"{garbled('they’re')} saying {garbled('“nobody’s reading”')} {garbled('it’s')}"
    start, end = text.index(garbled("“")), text.index(" " + garbled("it’s"))
    read = document(
        text, quoted=[(start, end)], highlights=[Highlight(turn=0, start=start, end=len(text), codes=("Pain",))]
    )
    mended = next(iter(repaired([read])))
    turn, marked = mended.turns[0], mended.highlights[0]
    assert turn.text == "they’re saying “nobody’s reading” it’s"
    assert turn.text[slice(*turn.quoted[0])] == "“nobody’s reading”"
    assert turn.text[marked.start : marked.end] == "“nobody’s reading” it’s"


@given(st.text(max_size=80))
def test_text_that_is_not_garbled_is_never_touched(text):
    read = ReadDocument(kind=SourceKind.INTERVIEW, external_id="x", turns=(ReadTurn(speaker=None, text=text),))
    found = list(repaired([read]))
    if not any(isinstance(item, Finding) for item in found):
        assert found == [read]
    else:
        assert any("\xc2" <= letter <= "\xf4" for letter in text)


WORDS = ("café", "it’s", "“so”", "naïve", "€40", "groß", "£1,200", "año", "–", "plain", "Straße", "déjà", "wait…")


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join))
def test_what_is_repaired_is_what_was_written(text):
    turn = ReadTurn(speaker=None, text=garbled(text))
    mended = next(iter(repaired([ReadDocument(kind=SourceKind.INTERVIEW, external_id="x", turns=(turn,))])))
    assert mended.turns[0].text == text
