"""The verifier: silent over every report that is sound, and every way to break one is found, in each form of text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.unit.passages import a_passage
from tests.unit.test_report import HOSTILE, a_report
from winloss.model import Passage, Report, ReportSection, Statement
from winloss.report import render
from winloss.report.verifying import breaches

FORMS = pytest.mark.parametrize("suffix", [".html", ".md"])
WORDS = "Half of our alerts, 50% of them, go unread on nights.\nWe say so."


def sound(*statements: Statement, note: str | None = None) -> Report:
    """A report of two verbatims whose one section holds these statements."""
    report = a_report(a_passage("v1", WORDS), a_passage("v2", "Volume was never our problem."))
    part = report.parts[0]
    section = replace(part.sections[0], note=note or "2 of 7 verbatims fit no theme.")
    more = ReportSection(heading="In short", statements=statements or (says("4 of 9 people (44%)."),))
    return replace(report, parts=(replace(part, sections=(more, section)),))


def says(text: str, *, citations: tuple[str, ...] = ("v1",), names: tuple[str, ...] = ()) -> Statement:
    return Statement(text=text, citations=citations, names=names)


def in_form(report: Report, suffix: str) -> str:
    return render(report, suffix=suffix, link=lambda name: f"/v/{name}", role_label=str)


def found(text: str, report: Report, suffix: str, *stored: Passage) -> list[str]:
    lookup = {passage.id: passage for passage in stored or report.cited}
    return [it.rule for it in breaches(text, report, suffix=suffix, verbatims=lookup, role_label=str)]


def broken(report: Report, suffix: str, change: Callable[[str], str]) -> list[str]:
    """What is found once the text was changed; it was sound before, and the change changes it."""
    text = in_form(report, suffix)
    assert found(text, report, suffix) == []
    assert change(text) != text
    return found(change(text), report, suffix)


@FORMS
@pytest.mark.parametrize(
    "text",
    [
        f"1 of 9 people: “{WORDS}”",
        "1 of 9 people say “… go unread on nights.\nWe say so.”",
        "1 of 9 people say “Half of our alerts …” and “… go unread …”.",
        "‘90% of “alerts”’ is told by 4 of 9 people (44%, 95% interval 19% to 73%).",
    ],
)
def test_a_sound_report_is_found_sound(suffix, text):
    report = sound(says(text, names=("90% of “alerts”",)))
    assert found(in_form(report, suffix), report, suffix) == []


@FORMS
def test_hostile_words_are_read_back_to_the_letter(suffix):
    report = a_report(a_passage("v1", HOSTILE), a_passage("v2", "| - * # > 1. `x` \\* [[1]](#v1) &amp; <b> ”“"))
    assert found(in_form(report, suffix), report, suffix) == []


@FORMS
@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        (says("4 of 9 people say so.", citations=()), "a statement without a citation"),
        (says("4 of 9 people: “Half of our alerts, 51% of them, go unread.”"), "a quote that is not to the letter"),
        (says("4 of 9 people say “go unread on nights.”"), "a quote that is not to the letter"),
        (says("4 of 9 people say “Half of our alerts”"), "a quote that is not to the letter"),
        (says("4 of 9: “Volume was never our problem.”"), "a quote that is not to the letter"),
        (says("‘alerts unread’ is told by 44% of them."), "a percentage without its denominator"),
        (says("4 of 9 people tell it. That is 44%."), "a percentage without its denominator"),
        (says("Priya Nair says so, and 4 of 9 people."), "a name that the rights forbid"),
    ],
)
def test_a_statement_that_breaks_a_rule_is_found(suffix, statement, rule):
    report = sound(statement)
    assert rule in found(in_form(report, suffix), report, suffix)


@FORMS
@pytest.mark.parametrize(
    ("note", "rule"),
    [
        ("44% fit no theme.", "a percentage without its denominator"),
        ("Priya Nair was asked.", "a name that the rights forbid"),
        ("They say “alerts”.", "a quote without its number"),
    ],
)
def test_a_note_keeps_the_rules_too(suffix, note, rule):
    report = sound(note=note)
    assert rule in found(in_form(report, suffix), report, suffix)


@FORMS
def test_a_quote_changed_by_a_letter_is_found_wherever_it_stands(suffix):
    report = sound()
    text = in_form(report, suffix)
    for place in range(text.count("never our problem")):
        changed = _changed_at(text, "never our problem", "never our problems", place)
        assert found(changed, report, suffix) == ["a quote that is not to the letter"]


@FORMS
def test_a_statement_slipped_in_or_changed_is_found(suffix):
    after = {
        ".html": ("<ul class=", "<p>All buyers love it.</p><ul class="),
        ".md": ("### In", "All buyers love it.\n\n### In"),
    }
    rules = broken(sound(), suffix, lambda text: text.replace(*after[suffix], 1))
    assert rules == ["a statement that the report does not hold", "a statement without a citation"]
    rules = broken(sound(), suffix, lambda text: text.replace("4 of 9 people (", "5 of 9 people (", 1))
    assert rules == ["a statement that the report does not hold"]


@FORMS
def test_a_citation_that_leads_nowhere_or_elsewhere_is_found(suffix):
    mark = {".html": '{0}">{0}</a></sup>', ".md": "[[{0}]](#v{0})"}[suffix]
    for number, rule in (
        (9, "citation 9 leads to no verbatim"),
        (2, "a statement cites other verbatims than it rests on"),
    ):
        rules = broken(sound(), suffix, lambda text, to=number: text.replace(mark.format(1), mark.format(to), 1))
        assert rule in rules


@FORMS
def test_a_verdict_a_heading_or_a_note_of_ones_own_is_found(suffix):
    for before, after, what in (
        ("Nothing new.", "All is new.", "verdict"),
        ("Federal", "Everybody", "heading"),
        ("2 of 7 verbatims", "1 of 7 verbatims", "note"),
    ):
        rules = broken(sound(), suffix, lambda text, one=before, two=after: text.replace(one, two))
        assert f"a {what} that the report does not hold" in rules


@FORMS
def test_a_verbatim_that_is_cited_and_not_listed_is_found(suffix):
    def without_the_last(text: str) -> str:
        start = text.index('2. <a id="v2">' if suffix == ".md" else '<li id="v2">')
        return text[:start] + text[text.index("\n" if suffix == ".md" else "</li>", start) :]

    assert broken(sound(), suffix, without_the_last) == ["a cited verbatim is not listed"]


@FORMS
def test_a_name_beside_a_quote_is_found(suffix):
    rules = broken(sound(), suffix, lambda text: text.replace("soc ·", "Priya Nair · soc ·", 1))
    assert rules == ["a name that the rights forbid"]
    named = a_report(*(replace(passage, rights="named") for passage in sound().cited))
    assert found(in_form(named, suffix), named, suffix) == []


@FORMS
def test_what_the_store_says_counts_and_not_what_the_report_says(suffix):
    report = sound()
    told = in_form(report, suffix)
    other, second = (replace(report.cited[0], text="Other words."), report.cited[1])
    assert "a quote that is not to the letter" in found(told, report, suffix, other, second)
    silent = replace(report.cited[0], rights="no_quote")
    assert "a verbatim that may not be quoted" in found(told, report, suffix, silent, second)
    assert "citation 1 leads to no verbatim" in found(told, report, suffix, second)


def _changed_at(text: str, before: str, after: str, place: int) -> str:
    parts = text.split(before)
    return before.join(parts[: place + 1]) + after + before.join(parts[place + 1 :])
