"""The report: every statement cites, every quote is to the letter, nothing in a buyer's words acts."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from tests.unit.passages import a_passage
from winloss.errors import ConfigError
from winloss.model import (
    DriftVerdict,
    Facet,
    Passage,
    Report,
    ReportPart,
    ReportSection,
    ReportTheme,
    Scope,
    Share,
    State,
    Statement,
    Theme,
    ThemeView,
)
from winloss.report import render
from winloss.report.charts import bars, sparkline, wilson
from winloss.report.texts import attribution
from winloss.report.timelines import verdict_timeline

HOSTILE = '<script>alert(1)</script> [click](javascript:x) <svg onload=x> **bold** | cell & "quotes"'


def a_report(*passages: Passage) -> Report:
    theme = Theme(id="h1", facet=Facet.PAIN, title="alerts unread", terms=("alerts",), size=3, exemplars=("v1",))
    share = Share(count=4, base=9, verbatims=5)
    view = ThemeView(theme=theme, quarter="2026Q2", share=share, trend=(("2026Q1", Share(count=1, base=8, verbatims=1)),
                     ("2026Q2", share)), segments=(), roles=(), sources=(), outcomes=())  # fmt: skip
    statement = Statement(text="‘alerts unread’: 4 of 9 people.", citations=tuple(item.id for item in passages),
                          names=("alerts unread",))  # fmt: skip
    section = ReportSection(
        heading="What it costs them today",
        statements=(statement,),
        themes=(ReportTheme(view=view, statement=statement, exemplars=passages[:1], dissenting=passages[1:2]),),
        table=(("Source", "People"), ("Interviews", "9")),
        note="2 of 7 verbatims fit no theme.",
    )
    verdict = DriftVerdict(quarter="2026Q2", scope=Scope(facet="pain"), state=State.SATURATED, sentence="Nothing new.",
                           flags=("growing",), statistics={})  # fmt: skip
    part = ReportPart(heading="Federal", segment="federal", verdict=verdict, sections=(section,))
    return Report(title="Synthesis, 2026Q2", label="Fictional", quarter="2026Q2", parts=(part,), cited=passages,
                  method=(("Seed", "7"),))  # fmt: skip


def rendered(report: Report, suffix: str) -> str:
    return render(
        report, suffix=suffix, link=lambda name: f"https://here/v/{name}", role_label=lambda role: role or "unknown"
    )


@pytest.mark.parametrize("suffix", [".html", ".md"])
def test_statements_carry_numbers_that_lead_to_verbatims_with_permalinks(suffix):
    text = rendered(a_report(a_passage(), a_passage("v2", "Volume was never our problem.")), suffix)
    for name in ("v1", "v2"):
        assert f"https://here/v/{name}" in text
    assert text.count("#v1") >= 2
    assert "4 of 9" in unescape(text.replace("\\", ""))
    assert "Fictional" in text


def test_nothing_in_a_buyers_words_acts_in_html():
    text = rendered(a_report(a_passage(text=HOSTILE)), ".html")
    assert "<script" not in text
    assert "<svg onload" not in text
    quotes = re.findall(r"<blockquote>(.*?)</blockquote>", text, re.S)
    assert [unescape(quote) for quote in quotes] == [HOSTILE]


def test_nothing_in_a_buyers_words_acts_in_markdown_and_the_words_survive():
    text = rendered(a_report(a_passage(text=HOSTILE)), ".md")
    assert not re.search(r"(?<!\\)<(script|svg)", text)
    assert not re.search(r"(?<!\\)\]\(javascript", text)
    assert HOSTILE in re.sub(r"\\(.)", r"\1", text)


def test_html_is_self_contained():
    text = rendered(a_report(a_passage()), ".html")
    assert not re.search(r'(src|href)="(?!#|https://here/v/)', text)
    assert "url(" not in text
    assert "<script" not in text


def test_only_rights_to_name_let_a_name_through():
    role = {"role_label": lambda _: "SOC manager"}
    assert "Priya" not in attribution(a_passage(), **role)
    assert attribution(a_passage(rights="named"), **role).startswith("Priya Nair · SOC manager")
    assert "internal use only" in attribution(a_passage(rights="internal"), **role)


def test_an_unknown_suffix_says_which_there_are():
    with pytest.raises(ConfigError) as caught:
        rendered(a_report(a_passage()), ".pdf")
    assert ".html" in caught.value.hint


def test_the_same_report_is_the_same_bytes():
    report = a_report(a_passage())
    assert rendered(report, ".html") == rendered(replace(report), ".html")


def test_charts_tell_their_numbers_in_words():
    trend = [("2026Q1", Share(count=0, base=0, verbatims=0)), ("2026Q2", Share(count=4, base=9, verbatims=5))]
    for svg in (sparkline(trend), bars(trend)):
        assert "2026Q2: 4 of 9 people" in svg
        assert "nobody heard" in svg
    hostile = bars([("<script>", Share(count=1, base=2, verbatims=1))])
    assert "<script>" not in hostile
    assert sparkline([]) == bars([]) == verdict_timeline([]) == ""


def test_wilson_matches_published_figures():
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10)[0] == 0.0
