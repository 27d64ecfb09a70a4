"""The same words are counted once: two exports of one interview, a post made twice, an answer that holds its mail."""

from __future__ import annotations

import json
import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from nlp.text.copies import RUN, likenesses, runs, shared_spans
from winloss.services import browsing
from winloss.services.analysis import analyse
from winloss.services.sources import intake

QUESTION = "Why did you start looking at all, when you had a tool that was paid for until the end of next year?"
ANSWER = (
    "The alerts buried my analysts and two of them left within a month, so I had nobody to read them on the weekend. "
    "We asked the vendor for a pilot on our own data, and what it cost in the second year was never said by anybody."
)
OTHER = (
    "Our cost doubled when the retention rule changed, and finance wanted to know why nobody in my team saw it coming. "
    "I am trying to move the archive to cheaper storage before the auditors come back in the autumn."
)
MAPPING = """kind = "community"
[fields]
id = "id"
text = "text"
speaker = "author"
thread = "thread"
date = "date"
"""

VOCABULARY = ("alerts", "cost", "pilot", "storage", "auditor", "retention", "vendor", "analyst")
words = st.lists(st.sampled_from(VOCABULARY), max_size=60)


def test_an_interview_exported_by_two_tools_counts_once(bench, tmp_path):
    (tmp_path / "call.vtt").write_text(
        f"WEBVTT\n\n1\n00:00:01.000 --> 00:00:09.000\nDana Ortiz (Interviewer): {QUESTION}\n\n"
        f"2\n00:00:10.000 --> 00:00:40.000\nPriya Nair: {ANSWER}\n",
        encoding="utf-8",
    )
    (tmp_path / "notes.txt").write_text(f"Interviewer: {QUESTION}\n\nRespondent: {ANSWER.lower()}\n", encoding="utf-8")
    (tmp_path / "else.txt").write_text(f"Interviewer: {QUESTION}\n\nRespondent: {OTHER}\n", encoding="utf-8")
    intake.take_in(bench, [tmp_path])
    analyse(bench)
    (copy,) = bench.store.copies()
    known = {document.external_id: document.id for document in bench.store.documents()}
    assert (copy.how, copy.document_id, copy.of_id) == ("same", known["notes"], known["call"])
    assert "100%" in copy.evidence
    assert {row.document_id for row in bench.store.evidence()} == {known["call"], known["else"]}
    assert browsing.document(bench, known["notes"]).says_again == (copy,)
    assert browsing.document(bench, known["call"]).said_again == (copy,)


def test_a_quotation_in_a_table_is_an_excerpt_of_its_interview(bench, tmp_path):
    (tmp_path / "call.txt").write_text(f"Interviewer: {QUESTION}\n\nRespondent: {ANSWER} {OTHER}\n", encoding="utf-8")
    (tmp_path / "quotes.csv").write_text(f'Interview ID,Interviewee,Quote\nQ1,P-1,"{OTHER}"\n', encoding="utf-8")
    intake.take_in(bench, [tmp_path])
    analyse(bench)
    (copy,) = bench.store.copies()
    assert copy.how == "excerpt"
    assert {row.document_id for row in bench.store.evidence()} == {copy.of_id}


def test_what_is_coded_in_an_excerpt_is_coded_in_its_interview(bench, tmp_path):
    (tmp_path / "call.txt").write_text(f"Interviewer: {QUESTION}\n\nRespondent: {ANSWER} {OTHER}\n", encoding="utf-8")
    marked = "Our cost doubled when the retention rule changed"
    for codes in (["cost"], ["cost", "renewal"]):
        rows = [f'1,call.txt,{code},"{marked.upper()},\nand finance wanted to know why"' for code in codes]
        rows.append('9,call.txt,auditors,"before the auditors come back in the autumn"')
        (tmp_path / "tags.csv").write_text("\n".join(["id,document,tag,content", *rows]) + "\n", encoding="utf-8")
        intake.take_in(bench, [tmp_path])
        analyse(bench)
        (copy,) = bench.store.copies()
        found = {row.id: row.tags for row in bench.store.evidence() if row.tags}
        said = {passage.text: found[passage.id] for passage in bench.store.passages(list(found))}
        assert said == {
            f"{marked}, and finance wanted to know why": tuple(codes),
            "before the auditors come back in the autumn": ("auditors",),
        }
        assert {row.document_id for row in bench.store.evidence()} == {copy.of_id}


def posts(folder, rows):
    (folder / "posts.map.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder / "posts.jsonl"


def test_of_a_post_made_twice_the_first_counts(bench, tmp_path):
    rows = [
        {"id": "late", "author": "a", "thread": "t1", "date": "2026-05-02", "text": ANSWER},
        {"id": "early", "author": "a", "thread": "t2", "date": "2026-05-01", "text": ANSWER + " Anyone?"},
        {"id": "else", "author": "b", "thread": "t2", "date": "2026-05-01", "text": OTHER},
    ]
    intake.take_in(bench, [posts(tmp_path, rows)])
    analyse(bench)
    (copy,) = bench.store.copies()
    known = {document.external_id: document.id for document in bench.store.documents()}
    assert (copy.document_id, copy.of_id) == (known["late"], known["early"])
    assert {row.document_id for row in bench.store.evidence()} == {known["early"], known["else"]}


def test_an_answer_that_holds_its_mail_counts_for_its_own_words_only(bench, tmp_path):
    answer = f"{OTHER} And I remember what you wrote: {ANSWER} That was the same with us, cost and all, for years."
    rows = [
        {"id": "mail", "author": "a", "thread": "t1", "date": "2026-05-01", "text": ANSWER},
        {"id": "reply", "author": "b", "thread": "t1", "date": "2026-05-02", "text": answer},
    ]
    intake.take_in(bench, [posts(tmp_path, rows)])
    analyse(bench)
    (copy,) = bench.store.copies()
    assert copy.how == "quotes"
    own = [p.text for p in bench.store.passages([row.id for row in bench.store.evidence()])]
    assert sum("buried my analysts" in text for text in own) == 1
    assert any("retention rule" in text for text in own)


def test_a_correction_that_ends_the_likeness_brings_the_words_back(bench, tmp_path):
    rows = [
        {"id": "one", "author": "a", "thread": "t1", "date": "2026-05-01", "text": ANSWER},
        {"id": "two", "author": "b", "thread": "t2", "date": "2026-05-02", "text": ANSWER},
    ]
    intake.take_in(bench, [posts(tmp_path, rows)])
    analyse(bench)
    assert len(bench.store.copies()) == 1
    rows[1]["text"] = OTHER
    intake.take_in(bench, [posts(tmp_path, rows)])
    analyse(bench)
    assert bench.store.copies() == []
    assert len({row.document_id for row in bench.store.evidence()}) == 2


@given(st.lists(words.map(" ".join), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_texts_does_not_matter(texts, shuffle):
    def pairs(order):
        said = [runs(texts[place]) for place in order]
        return Counter(
            (frozenset((said[item.one].tobytes(), said[item.other].tobytes())), item.shared)
            for item in likenesses(said)
        )

    order = list(range(len(texts)))
    mixed = order[:]
    shuffle.shuffle(mixed)
    assert pairs(order) == pairs(mixed)


@given(words, words, words)
def test_shared_spans_are_words_of_the_other_text(before, quoted, after):
    other = " ".join(quoted)
    text = f"{' '.join(before)} «{other}» {' '.join(after)}"
    for start, end in shared_spans(text, runs(other), fewest=RUN):
        assert len(text[start:end].split()) >= RUN
        assert text[start:end] == text[start:end].strip()


def test_many_copies_of_one_text_are_all_found():
    line = " ".join(random.Random(1).choices([f"word{number}" for number in range(400)], k=60))
    found = likenesses([runs(line)] * 50)
    assert {item.other for item in found} == set(range(1, 50))


def test_what_everybody_writes_makes_no_two_texts_alike():
    signature = "sent from my phone please excuse any errors in this short message of mine thank you all"
    texts = [f"{signature} {' '.join(f'w{n}x{k}' for k in range(40))}" for n in range(60)]
    assert likenesses([runs(text) for text in texts]) == []
