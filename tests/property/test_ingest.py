"""Words come out of every format exactly as they went in, and no input makes a helper fall over."""

from __future__ import annotations

import csv
import html
import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import ingest
from ingest.mapped_documents import DELETED
from ingest.mapping import compile_mapping
from ingest.markup import plain_text
from ingest.mojibake import repaired_text
from ingest.turns import Cue, merge
from ingest.values import as_text, day_order, parse_clock, parse_day, parse_number
from winloss.errors import ConfigError
from winloss.model import ReadDocument
from winloss.ports import ReadContext

ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=80)
ONE_LINE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r\n"), min_size=1, max_size=80)
SPOKEN = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=":：[](){}\\#*_-–—.0123456789\ufeff"),
    min_size=1,
    max_size=80,
)
QUICK = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
INQUIRIES = ReadContext(mapping={"kind": "inquiry", "fields": {"id": "id", "text": "words"}})


def said(path: Path, context: ReadContext) -> list[str]:
    """Everything that is said in a file."""
    documents = [thing for thing in ingest.read(path, context) if isinstance(thing, ReadDocument)]
    return [turn.text for document in documents for turn in document.turns]


def fits(text: str) -> bool:
    """Whether a format that trims its edges can carry the text as it is: not garbled, no mark of a deleted post."""
    whole = bool(text.strip()) and text == text.strip(" \t\r\n") and not garbled(text)
    return whole and text.strip().casefold() not in DELETED


def garbled(text: str) -> bool:
    """Whether it is so for certain. Several texts that are not may be together, where a file holds one document."""
    return repaired_text(text) != (text, [])


@QUICK
@given(texts=st.lists(ANY.filter(fits), min_size=1, max_size=5), delimiter=st.sampled_from(",;\t|"))
def test_csv_carries_any_text(texts: list[str], delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerows([["id", "words"], *([number, text] for number, text in enumerate(texts))])
    context = ReadContext(mapping={**(INQUIRIES.mapping or {}), "delimiter": delimiter})
    assert said(path, context) == texts


@QUICK
@given(texts=st.lists(st.text(min_size=1, max_size=60).filter(fits), min_size=1, max_size=5), raw=st.booleans())
def test_json_lines_carry_any_text(texts: list[str], raw: bool, tmp_path: Path) -> None:
    path = tmp_path / "table.jsonl"
    lines = [json.dumps({"id": number, "words": text}, ensure_ascii=not raw) for number, text in enumerate(texts)]
    try:
        path.write_text("\n".join(lines), encoding="utf-8")
    except UnicodeEncodeError:
        return
    assert said(path, INQUIRIES) == texts


@QUICK
@given(text=SPOKEN.filter(fits), second=SPOKEN.filter(fits), newline=st.sampled_from(["\n", "\r\n"]))
def test_typed_transcripts_carry_any_text(text: str, second: str, newline: str, tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    turns = [("Interviewer", text), ("Priya Nair", second), ("Interviewer", second), ("Priya Nair", text)]
    written = (newline * 2).join(f"{name}: {words}" for name, words in turns)
    assume(not garbled(written))
    path.write_bytes(written.encode())
    assert said(path, ReadContext()) == [words for _, words in turns]


@QUICK
@given(texts=st.lists(ONE_LINE.filter(fits).filter(lambda text: "-->" not in text), min_size=1, max_size=4))
def test_captions_carry_any_line(texts: list[str], tmp_path: Path) -> None:
    path = tmp_path / "talk.vtt"
    blocks = [
        f"00:{minute:02}:00.000 --> 00:{minute:02}:01.000\n<v Priya Nair>{html.escape(text, quote=False)}</v>\n"
        for minute, text in enumerate(texts)
    ]
    written = "WEBVTT\n\n" + "\n".join(blocks)
    assume(not garbled(written))
    path.write_bytes(written.encode())
    assert said(path, ReadContext()) == texts


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=60).filter(fits))
def test_office_files_carry_any_text(text: str, tmp_path: Path) -> None:
    docx, openpyxl = pytest.importorskip("docx"), pytest.importorskip("openpyxl")
    sheet = tmp_path / "table.xlsx"
    book = openpyxl.Workbook()
    for row in (["id", "words"], ["a", "'"], ["b", text]):
        book.active.append(row)
    book.active["B3"].data_type = "s"
    book.save(sheet)
    assert said(sheet, INQUIRIES) == ["'", text]
    if ":" not in text and "：" not in text:
        letter = tmp_path / "talk.docx"
        document = docx.Document()
        document.add_paragraph("Interviewer: Why?")
        document.add_paragraph(f"Respondent: so {text} so")
        document.save(str(letter))
        assert said(letter, ReadContext()) == ["Why?", f"so {text} so"]


@given(
    cues=st.lists(
        st.tuples(st.sampled_from(["Dana", "Priya", None]), st.sampled_from(["", "well", "so then"]), st.integers(0, 3))
    )
)
def test_merging_keeps_every_word_in_order_and_with_its_speaker(cues: list[tuple[str | None, str, int]]) -> None:
    clock = 0
    spoken = []
    for speaker, text, pause in cues:
        clock += pause * 1000
        spoken.append(Cue(speaker=speaker, text=text, start_ms=clock, end_ms=clock + 500))
        clock += 500
    turns = merge(spoken)
    before = [(speaker, word) for speaker, text, _ in cues for word in text.split()]
    assert [(turn.speaker, word) for turn in turns for word in turn.text.split()] == before
    assert all(first.start_ms <= second.start_ms for first, second in pairwise(turns))


@given(words=st.lists(st.sampled_from(["<b>", "a & b", "5 < 6", "“so”", "😀", "x"]), min_size=1))
def test_html_gives_back_the_words_that_were_escaped(words: list[str]) -> None:
    markup = "".join(f"<p>{html.escape(word)}</p>\n" for word in words)
    assert plain_text(markup) == ("\n\n".join(words), ())


@given(markup=st.text(st.sampled_from("<>/ab &;\n=\"'pre blockquote"), max_size=120) | st.text(max_size=80))
def test_any_markup_gives_text_and_spans_inside_it(markup: str) -> None:
    text, quoted = plain_text(markup)
    assert text == text.strip(" \n")
    ends = [place for span in quoted for place in span]
    assert ends == sorted(ends)
    assert all(0 <= place <= len(text) for place in ends)


@given(amount=st.integers(0, 10**11), cents=st.booleans())
def test_amounts_are_read_as_they_are_meant(amount: int, cents: bool) -> None:
    value = amount / 100 if cents else float(amount)
    american = f"{value:,.2f}" if cents else f"{amount:,}"
    german = american.translate(str.maketrans(",.", ".,"))
    assert parse_number(f"${american}") == value
    assert parse_number(f"({american})") in (-value, 0.0)
    if cents:
        assert parse_number(f"{german} €") == value


@given(first=st.dates(date(1990, 1, 1), date(2060, 1, 1)), count=st.integers(1, 40), order=st.sampled_from("MD"))
def test_a_column_of_days_is_read_in_its_own_order(first: date, count: int, order: str) -> None:
    days = [first + timedelta(days=9 * number) for number in range(count)]
    written = [f"{day.month}/{day.day}/{day.year}" if order == "M" else f"{day:%d/%m/%Y}" for day in days]
    found, guessed = day_order(written)
    if not guessed:
        assert [parse_day(text, order=found) for text in written] == days
    assert all(parse_day(day.isoformat()) == day for day in days)


@given(milliseconds=st.integers(0, 99 * 3600 * 1000))
def test_clock_times_come_back(milliseconds: int) -> None:
    seconds, rest = divmod(milliseconds, 1000)
    assert parse_clock(f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{rest:03}") == milliseconds


@given(text=st.text(max_size=30))
def test_no_written_value_breaks_the_parsers(text: str) -> None:
    parse_day(text)
    parse_number(text)
    parse_clock(text)
    assert as_text(text) == text


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
KEYS = st.sampled_from(["kind", "fields", "where", "turns", "values", "text", "id", "is", "column", "path", "of"])
NESTED = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4))


@given(data=st.dictionaries(KEYS, NESTED, max_size=6))
def test_any_mapping_is_accepted_or_refused_with_a_hint(data: dict[str, object]) -> None:
    try:
        compile_mapping(data)
    except ConfigError as error:
        assert error.hint
