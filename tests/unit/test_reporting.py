"""What a report says: themes with their people, of whoever was heard, and nothing from after its quarter."""

from __future__ import annotations

from pathlib import Path

from tests.unit.webtools import MAPPING, small_workspace
from winloss.services import reporting


def test_where_no_segment_is_known_everybodys_themes_are_told(tmp_path: Path) -> None:
    with small_workspace(tmp_path, mapping=MAPPING.replace('segment = "segment"\n', "")) as bench:
        (part,) = reporting.compose(bench, "2026Q2").parts
        assert part.segment is None
        assert "no segments are known" in part.heading
        themes = [theme for section in part.sections for theme in section.themes]
        assert themes
        assert all(theme.statement.citations and " of 40 people" in theme.statement.text for theme in themes)


def test_a_segments_part_stands_beside_the_others_and_quotes_nobody_from_later(tmp_path: Path) -> None:
    with small_workspace(tmp_path) as bench:
        report = reporting.compose(bench, "2026Q1")
        assert [part.segment for part in report.parts] == [None, "federal", "global enterprise"]
        assert report.cited
        assert all((passage.quarter or "") <= "2026Q1" for passage in report.cited)
