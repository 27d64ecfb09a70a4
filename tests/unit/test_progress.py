"""Progress: a bar on a terminal, plain lines elsewhere, with rate and time left."""

from __future__ import annotations

import pytest

from winloss.cli import progress


@pytest.fixture
def clock(monkeypatch):
    """A clock that each look moves by four seconds."""
    seen = iter(range(0, 10_000, 4))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(seen))


def test_lines_tell_count_rate_and_time_left(clock, capsys):
    with progress.LineProgress().track("reading", total=100) as advance:
        for _ in range(10):
            advance(10)
    lines = capsys.readouterr().err.splitlines()
    assert 2 <= len(lines) <= 6
    assert "reading: 30 of 100" in lines[0]
    assert "/s" in lines[0]
    assert "left" in lines[0]
    assert lines[-1].startswith("reading: 100 in")


def test_a_quick_step_says_nothing(capsys):
    with progress.LineProgress().track("reading", total=3) as advance:
        advance(3)
    assert capsys.readouterr() == ("", "")


def test_bytes_are_shown_as_megabytes(capsys, clock):
    with progress.LineProgress().track("posts.ndjson", total=2_000_000_000, unit="bytes") as advance:
        for _ in range(4):
            advance(500_000_000)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("posts.ndjson: ")
    assert " MB of 2,000.0 MB (" in lines[0]
    assert "left" in lines[0]
    assert lines[-1].startswith("posts.ndjson: 2,000.0 MB in ")


def test_bars_nest_and_leave_nothing_behind(capsys):
    bars = progress.BarProgress()
    with bars.track("outer", total=2) as outer:
        outer(1)
        with bars.track("inner") as inner:
            inner(5)
        outer(1)
    assert bars._bars is None
    with pytest.raises(RuntimeError), bars.track("fails"):
        raise RuntimeError
    assert bars._bars is None


def test_elsewhere_than_on_a_terminal_lines_are_chosen():
    assert isinstance(progress.shown_progress(), progress.LineProgress)
