"""The demo's reports: of every quarter, with and without a segment, in every form of text, each keeps the rules."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import TRUTH
from winloss.model import Filters
from winloss.services.reports import reporting

FORMS = (".html", ".md")
ROUTES = [(), *((segment,) for segment in TRUTH["segments"])]


def written(bench, report, suffix):
    return reporting.render_report(bench, report, suffix=suffix, link=lambda name: f"/v/{name}")


def section(part, heading):
    return next(item for item in part.sections if item.heading == heading)


@pytest.mark.parametrize("quarter", TRUTH["quarters"])
def test_every_report_of_the_demo_keeps_the_rules_in_every_form(bench, quarter):
    for segments in ROUTES:
        report = reporting.compose(bench, quarter, Filters(segment=segments))
        assert report.cited
        assert all((passage.quarter or "") <= quarter for passage in report.cited)
        for suffix in FORMS:
            reporting.verify(bench, report, suffix=suffix, link=lambda name: f"/v/{name}")


def test_any_two_quarters_of_the_demo_are_told_by_the_same_rules(bench):
    for earlier, later in (("2024Q3", "2026Q2"), ("2025Q2", "2025Q3"), ("2026Q1", "2026Q2")):
        report = reporting.compose_against(bench, later, earlier)
        for suffix in FORMS:
            reporting.verify(bench, report, suffix=suffix, link=lambda name: f"/v/{name}")


def test_the_segments_part_says_that_the_crm_says_price(bench):
    report = reporting.compose(
        bench, TRUTH["quarters"][-1], Filters(segment=(TRUTH["only_in_one_segment"]["segment"],))
    )
    told = section(report.parts[0], "Whether the sources agree, and what the CRM says").statements
    assert any("names price for" in statement.text for statement in told)


def test_contradicted_beliefs_are_told_before_all_others(bench):
    report = reporting.compose(bench, TRUTH["quarters"][-1])
    first = section(report.parts[0], "Beliefs held against the evidence").statements[0]
    planted = {belief["statement"] for belief in TRUTH["beliefs"] if belief["verdict"] == "contradicted"}
    assert set(first.names) <= planted
    assert "is contradicted" in first.text


def test_each_role_of_a_segment_is_told_with_its_own_people(bench):
    report = reporting.compose(bench, TRUTH["quarters"][-1], Filters(segment=(TRUTH["segments"][0],)))
    _, roles = report.parts
    themes = [(it.heading, theme) for it in roles.sections for theme in it.themes]
    assert len({heading for heading, _ in themes}) >= 3
    for heading, theme in themes:
        assert f" of {theme.view.share.base} people of the role" in theme.statement.text
        assert all(heading.startswith(bench.codebook.role_label(passage.role)) for passage in theme.exemplars)
        assert all(passage.segment == TRUTH["segments"][0] for passage in theme.exemplars)
        assert len({passage.respondent for passage in theme.exemplars}) == len(theme.exemplars)


def test_a_report_made_again_is_the_same_to_the_byte(bench):
    one = written(bench, reporting.compose(bench, "2026Q1"), ".html")
    bench.memo.clear()
    assert written(bench, reporting.compose(bench, "2026Q1"), ".html") == one
