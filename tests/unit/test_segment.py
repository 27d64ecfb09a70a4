"""Verbatims: how long they are, what they may hold, and that real text survives."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from nlp.text.pipeline import MODEL_VERSION, SEGMENTER_FINGERPRINT, SIZES, sentence_pipeline
from nlp.text.segment import segment

REAL = Path(__file__).parents[3] / "shared" / "data"


def cut(text, **others):
    return [text[span.start : span.end] for span in segment([text], **others)[0]]


def words(text):
    return len(text.split())


def test_a_long_run_on_is_cut_into_quotable_parts():
    text = "We started in March with the first collector and then we moved the second site over, " * 9
    parts = cut(text)
    assert len(parts) > 1
    assert all(words(part) <= SIZES.run_on for part in parts)
    assert " ".join(parts) == text.strip()


def test_run_ons_are_cut_where_a_clause_begins():
    clause = "the console went down for an hour and nobody in the building could say why that was"
    parts = cut("; ".join([clause] * 8) + ".")
    assert len(parts) > 1
    assert all(part.startswith("the console") and part.rstrip(";.").endswith("that was") for part in parts)


def test_speech_without_any_punctuation_is_cut_too():
    parts = cut("and then the vendor called us again about the renewal " * 60)
    assert len(parts) > 5
    assert all(words(part) <= SIZES.most for part in parts)


def test_verbatims_hold_at_most_three_sentences_of_some_length():
    sentence = "The vendor sent one more revised quote to our small purchasing office today."
    parts = cut(" ".join([sentence] * 12))
    assert max(part.count(".") for part in parts) <= SIZES.sentences
    assert max(map(words, parts)) <= SIZES.most


def test_sentences_with_much_filler_between_them_are_not_put_together():
    parts = cut("The price doubled overnight. " + "Yeah, right. " * 30 + "Legal was six weeks late as well.")
    assert parts == ["The price doubled overnight.", "Legal was six weeks late as well."]


def test_quoted_spans_are_never_touched():
    text = "The migration took nine months. They said it would take two weeks. It cost us two good people."
    start = text.index("They said")
    quoted = (start, text.index("It cost"))
    spans = segment([text], quoted=[[quoted]])[0]
    assert [text[span.start : span.end] for span in spans] == [
        "The migration took nine months.",
        "It cost us two good people.",
    ]


@pytest.mark.parametrize("quoted", [[(0, 10**6)], [(-5, 10**6)], [(0, 40), (20, 10**6)]])
def test_a_text_that_is_quoted_throughout_has_no_verbatim(quoted):
    assert cut("The migration took nine months and two people left over it.", quoted=[quoted]) == []


def test_empty_and_reversed_quotations_change_nothing():
    text = "The migration took nine months and two people left over it."
    assert cut(text, quoted=[[(5, 5), (9, 3)]]) == [text]


def test_no_texts_have_no_verbatims():
    assert segment([]) == []
    assert segment([], quoted=[]) == []


def test_each_text_is_cut_as_if_it_were_alone():
    texts = ["The price doubled overnight and nobody called us.", "", "Yeah.", "Legal held it for six weeks. " * 9]
    together = segment(texts)
    assert together == [segment([text])[0] for text in texts]
    assert together[::-1] == segment(texts[::-1])


def test_progress_adds_up_to_the_texts():
    done = []
    segment(["The price doubled overnight and nobody called us.", "", "Yeah."] * 30, advance=done.append)
    assert sum(done) == 90
    assert min(done) > 0


def test_text_of_a_megabyte_without_spaces_takes_no_time_and_gives_nothing():
    assert cut("x" * 1_000_000) == []


def test_text_longer_than_the_pipeline_allows_is_cut_all_the_same():
    text = "Undocumented inheritance responsibilities disappointed authorization representatives. " * 12_000
    parts = cut(text)
    assert len(text) > sentence_pipeline().max_length
    assert sum(map(words, parts)) == words(text)


def test_the_model_is_the_version_that_verbatims_are_stamped_with():
    assert sentence_pipeline().meta["version"] == MODEL_VERSION
    assert sentence_pipeline().pipe_names == ["senter"]


def test_asking_for_the_fingerprint_loads_no_model():
    code = (
        "import sys, nlp.text.pipeline, nlp.text.segment, nlp.speakers.people, nlp.speakers.permission; "
        "assert nlp.text.pipeline.SEGMENTER_FINGERPRINT; sys.exit('spacy' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert SEGMENTER_FINGERPRINT


def posts():
    with (REAL / "thunderbird-aaq" / "questions.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line)["content"] or "" for line in islice(lines, 600)]


def calls():
    with (REAL / "earnings-calls-2022" / "turns.jsonl").open(encoding="utf-8") as lines:
        return [turn["text"] for line in islice(lines, 12) for turn in json.loads(line)["turns"]]


@pytest.mark.realdata
@pytest.mark.parametrize("read", [posts, calls])
def test_real_texts_keep_most_of_their_words(read):
    if not REAL.exists():
        pytest.skip("the shared real data sets are not here")
    texts = read()
    spans = segment(texts)
    kept = [text[span.start : span.end] for text, found in zip(texts, spans, strict=True) for span in found]
    assert sum(map(words, kept)) > 0.85 * sum(map(words, texts))
    assert max(map(words, kept)) < 1.5 * SIZES.run_on
    assert not any("\n\n" in part for part in kept)
