"""What a report says: themes with their people, of whoever was heard, and nothing from after its quarter."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.unit.webtools import MAPPING, small_workspace
from winloss.cli import tracking
from winloss.errors import NotFound, QueryError, UnsoundReport
from winloss.model import Filters, Report, ReportPart, ReportSection, Statement
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.reports import reporting

ORDER = (
    "In short",
    "What nobody had said before",
    "What grew and what faded",
    "What it costs them today",
    "What they are trying to get done",
    "What convinces them",
    "What matters to each role",
    "Where deals were lost and where they were won",
    "Whether the sources agree, and what the CRM says",
    "Beliefs held against the evidence",
    "The proof gap",
    "What could not be heard, and the next five interviews",
    "What this rests on",
)
FORMS = (".html", ".md")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with small_workspace(tmp_path_factory.mktemp("reports")) as opened:
        yield opened


def section(part: ReportPart, heading: str) -> ReportSection:
    return next(item for item in part.sections if item.heading == heading)


def statements(report: Report) -> list[Statement]:
    return [
        statement
        for part in report.parts
        for it in part.sections
        for statement in (*it.statements, *(theme.statement for theme in it.themes))
    ]


def written(bench: Workbench, report: Report, suffix: str) -> str:
    return reporting.render_report(bench, report, suffix=suffix, link=lambda name: f"/v/{name}")


def test_where_no_segment_is_known_everybodys_themes_are_told(tmp_path: Path) -> None:
    with small_workspace(tmp_path, mapping=MAPPING.replace('segment = "segment"\n', "")) as bench:
        (part,) = reporting.compose(bench, "2026Q2").parts
        assert part.segment is None
        assert "no segments are known" in part.heading
        themes = [theme for it in part.sections for theme in it.themes]
        assert themes
        assert all(theme.statement.citations and " of 40 people" in theme.statement.text for theme in themes)


def test_a_segments_part_stands_beside_the_others_and_quotes_nobody_from_later(filled: Workbench) -> None:
    report = reporting.compose(filled, "2026Q1")
    assert [part.segment for part in report.parts] == [None, "federal", "global enterprise"]
    assert report.cited
    assert all((passage.quarter or "") <= "2026Q1" for passage in report.cited)


def test_a_part_tells_everything_in_its_order_and_says_where_there_is_nothing(filled: Workbench) -> None:
    _, *parts = reporting.compose(filled, "2026Q2").parts
    for part in parts:
        assert tuple(it.heading for it in part.sections) == ORDER
        assert all(it.statements or it.themes or it.table or it.note for it in part.sections)
        assert len(part.sections[0].statements) <= 5
    deals = section(parts[0], "Where deals were lost and where they were won")
    assert "Not enough evidence: 0 lost deals and 0 won deals" in str(deals.note)


def test_what_is_missing_is_said_where_the_basis_is(filled: Workbench) -> None:
    basis = section(reporting.compose(filled, "2026Q2").parts[0], "What this rests on")
    assert "nobody was heard in interviews and analyst inquiries" in str(basis.note)
    assert ("Segment", "federal", "20 of 40", "20", "20") in basis.table


def test_every_report_of_the_workspace_keeps_the_rules(filled: Workbench) -> None:
    for quarter in browsing.quarters(filled):
        for chosen in (Filters(), Filters(segment=("federal",)), Filters(source=("community",), facet=("pain",))):
            report = reporting.compose(filled, quarter, chosen)
            assert statements(report)
            for suffix in FORMS:
                reporting.verify(filled, report, suffix=suffix, link=lambda name: f"/v/{name}")


def test_a_report_that_breaks_a_rule_is_refused_with_its_name(filled: Workbench) -> None:
    report = reporting.compose(filled, "2026Q2")
    passage = replace(report.cited[0], text="Nobody ever said this.")
    wrong = replace(report, cited=(passage, *report.cited[1:]))
    for suffix in (*FORMS, ".pptx"):
        with pytest.raises(UnsoundReport, match="a quote that is not to the letter"):
            reporting.verify(filled, wrong, suffix=suffix, link=str)


def test_what_may_not_be_quoted_is_nowhere(filled: Workbench) -> None:
    silent = [row.id for row in filled.store.evidence() if row.rights == "no_quote"]
    (passage,) = filled.store.passages(silent)
    text = written(filled, reporting.compose(filled, str(passage.quarter)), ".md")
    assert passage.text not in text
    assert "1 of 40 verbatims may not be quoted" in text


def test_filters_beside_the_segment_are_said_to_narrow_what_follows_the_verdict(filled: Workbench) -> None:
    narrowed = reporting.compose(filled, "2026Q2", Filters(segment=("federal",), source=("community",)))
    assert "what follows is of source community only" in str(narrowed.parts[0].sections[0].note)
    whole = reporting.compose(filled, "2026Q2", Filters(segment=("federal",)))
    assert "only" not in str(whole.parts[0].sections[0].note)


def test_where_nobody_was_heard_the_report_says_so_and_still_keeps_the_rules(filled: Workbench) -> None:
    report = reporting.compose(filled, "2026Q2", Filters(segment=("federal",), source=("interview",)))
    (part,) = report.parts
    assert "Not enough evidence: nobody was heard in 2026Q2." in str(part.sections[0].note)
    assert report.cited == ()
    for suffix in FORMS:
        reporting.verify(filled, report, suffix=suffix, link=str)


def test_two_workspaces_filled_from_the_same_files_give_the_same_bytes(filled: Workbench, tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "deeper").mkdir(parents=True)
    with small_workspace(tmp_path / "elsewhere" / "deeper") as other:
        with other.store.transaction() as transaction:
            transaction.set_stage("touched", "once more than the other")
        assert other.store.revision() != filled.store.revision()
        for quarter in browsing.quarters(filled):
            one, two = (reporting.compose(bench, quarter) for bench in (filled, other))
            for suffix in FORMS:
                assert written(filled, one, suffix) == written(other, two, suffix)


def test_the_method_tells_no_path_no_clock_and_no_count_of_writes(filled: Workbench) -> None:
    told = json.dumps(reporting.compose(filled, "2026Q2").method)
    assert str(filled.root) not in told
    assert "2026-06-30" not in told
    assert "evision" not in told


def test_a_report_is_composed_once_while_nothing_is_written(filled: Workbench) -> None:
    first = reporting.compose(filled, "2026Q2")
    assert reporting.compose(filled, "2026q2") is first
    with filled.store.transaction() as transaction:
        transaction.set_stage("touched", "again")
    again = reporting.compose(filled, "2026Q2")
    assert again is not first
    assert again == first


# --- two quarters ----------------------------------------------------------------------------------------------------


def test_two_quarters_are_told_segment_by_segment_with_both_verdicts(filled: Workbench) -> None:
    report = reporting.compose_against(filled, "2026Q1", "2026Q2")
    assert report.title.endswith("2026Q2 against 2026Q1")
    assert [part.segment for part in report.parts] == ["federal", "global enterprise"]
    for part in report.parts:
        head, *rows = section(part, "The two quarters").table
        assert head == ("", "2026Q1", "2026Q2")
        assert {row[0] for row in rows} >= {"The drift detector", "People heard", "Community posts"}
    for suffix in FORMS:
        reporting.verify(filled, report, suffix=suffix, link=str)


def test_what_changed_between_the_quarters_is_what_the_comparison_says(filled: Workbench) -> None:
    report = reporting.compose_against(filled, "2026Q2", "2025Q4", Filters(segment=("federal",)))
    found = browsing.compare(filled, "2025Q4", "2026Q2", Filters(segment=("federal",)))
    table = section(report.parts[0], "Every theme of either quarter").table[1:]
    assert [row[0] for row in table] == [change.theme.title for change in found.changes]
    assert [row[1] for row in table] == [f"{change.earlier.count} of {change.earlier.base}" for change in found.changes]


def test_a_quarter_is_not_held_against_itself_or_against_nothing(filled: Workbench) -> None:
    with pytest.raises(QueryError):
        reporting.compose_against(filled, "2026Q2", "2026Q2")
    with pytest.raises(NotFound):
        reporting.compose_against(filled, "2026Q2", "2001Q1")


# --- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def ran(filled: Workbench, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command, run at the workspace."""
    monkeypatch.setattr(tracking, "workbench", lambda _: filled)
    return lambda *words: CliRunner().invoke(tracking.report_command, list(words))


def test_two_quarters_are_written_side_by_side(tmp_path: Path, ran: Callable[..., Result]) -> None:
    out = tmp_path / "both.md"
    answer = ran("--quarter", "2026Q2", "--against", "2025Q4", "--out", str(out))
    assert answer.exit_code == 0, answer.output
    assert out.read_text(encoding="utf-8").startswith("# Win/loss synthesis, 2026Q2 against 2025Q4\n")


def test_the_same_report_written_twice_is_the_same_file(
    tmp_path: Path, filled: Workbench, ran: Callable[..., Result]
) -> None:
    first, second = tmp_path / "one.html", tmp_path / "two.html"
    assert ran("--quarter", "2026Q2", "--out", str(first)).exit_code == 0
    filled.memo.clear()
    assert ran("--quarter", "2026Q2", "--out", str(second)).exit_code == 0
    assert first.read_bytes() == second.read_bytes()


def test_a_report_that_breaks_a_rule_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ran: Callable[..., Result]
) -> None:
    whole = reporting.compose

    def without_citations(*given, **named):
        report = whole(*given, **named)
        part = report.parts[-1]
        sections = tuple(
            replace(it, statements=tuple(replace(said, citations=()) for said in it.statements)) for it in part.sections
        )
        return replace(report, parts=(*report.parts[:-1], replace(part, sections=sections)))

    monkeypatch.setattr(reporting, "compose", without_citations)
    out = tmp_path / "wrong.md"
    answer = ran("--quarter", "2026Q2", "--out", str(out))
    assert isinstance(answer.exception, UnsoundReport)
    assert "a statement without a citation" in answer.exception.message
    assert answer.exception.exit_code == 70
    assert not out.exists()
