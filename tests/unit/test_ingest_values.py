"""Days, amounts and outcomes as exports write them."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.markup import plain_text
from ingest.values import DAY_FIRST, MONTH_FIRST, day_in_name, day_order, parse_clock, parse_day, parse_number
from ingest.vocabulary import parse_outcome

APRIL = date(2026, 4, 3)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-04-03", "2026/4/3", "2026-04-03T23:59:00Z", "2026-04-03 12:00", "3 Apr 2026", "03-Apr-2026"),
        *("April 3, 2026", "Apr 3 2026", "1775174400", "1775174400000", "4/4/2026 9:12 AM"),
    ],
)
def test_days_that_nobody_can_misread(text: str) -> None:
    assert parse_day(text) in (APRIL, date(2026, 4, 4))


def test_days_that_could_be_two_need_an_order() -> None:
    assert parse_day("4/3/2026") is None
    assert parse_day("4/3/2026", order=MONTH_FIRST) == APRIL
    assert parse_day("03.04.2026", order=DAY_FIRST) == APRIL
    assert parse_day("4/3/26", order=MONTH_FIRST) == APRIL
    assert parse_day("13/4/2026") == date(2026, 4, 13)


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01", "2026-04-31", "31/31/2026", "Q2 2026", "12", "999999999999999"]
)
def test_what_is_no_day(text: str) -> None:
    assert parse_day(text) is None


def test_given_formats_are_the_only_ones() -> None:
    assert parse_day("03.04.2026", ("%d.%m.%Y",)) == APRIL
    assert parse_day("2026-04-03", ("%d.%m.%Y",)) is None
    assert parse_day("2026-04-03", ("%d.%m.%Y", "iso")) == APRIL
    assert parse_day("1775174400000", ("epoch_ms",)) == APRIL
    assert parse_day("1e400", ("epoch_s",)) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["3/30/2026", "1/2/2026"], (MONTH_FIRST, False)),
        (["30/3/2026", "1/2/2026"], (DAY_FIRST, False)),
        (["1.2.2026"], (DAY_FIRST, False)),
        (["1/2/2026"], (MONTH_FIRST, True)),
        (["2026-01-02", ""], (MONTH_FIRST, False)),
    ],
)
def test_one_day_above_twelve_settles_a_column(values: list[str], expected: tuple[str, bool]) -> None:
    assert day_order(values) == expected


def test_days_in_file_names() -> None:
    assert day_in_name("GMT20260403-150203_Recording.transcript") == APRIL
    assert day_in_name("2026-04-03 Hallam Water") == APRIL
    assert day_in_name("call 20261403") is None
    assert day_in_name("order 1202604031") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("185,000.00", 185_000.0), ("1.234.567,50 €", 1_234_567.5), ("$1,2 m", 1.2e6), ("(500)", -500.0)),
        *(("1 250 000", 1.25e6), ("CHF 1'250", 1250.0), ("12,5", 12.5), ("1,250", 1250.0), ("85k", 85_000.0)),
        *(("USD 3.5bn", 3.5e9), ("-7", -7.0), ("0", 0.0), ("n/a", None), ("1000-4999", None), ("", None)),
    ],
)
def test_amounts(text: str, value: float | None) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("0:03", 3000), ("1:02:11", 3_731_000), ("00:00:04.859", 4859), ("00:00:04,8", 4800), ("0:75", None), ("3", None)],
)
def test_clock_times(text: str, milliseconds: int | None) -> None:
    assert parse_clock(text) == milliseconds


@pytest.mark.parametrize(
    ("written", "outcome"),
    [
        *(("Closed Won", "won"), ("closedwon", "won"), ("WON", "won"), ("Win", "won"), ("Signed", "won")),
        *(
            ("Closed Lost", "lost_to_competitor"),
            ("Lost to competitor", "lost_to_competitor"),
            ("loss", "lost_to_competitor"),
        ),
        *(
            ("No Decision", "no_decision"),
            ("Closed - No Decision", "no_decision"),
            ("Lost - no decision", "no_decision"),
        ),
        *(("no_decision", "no_decision"), ("Cancelled", "no_decision"), ("Churned", "churned"), ("Renewed", "renewed")),
        *(
            ("Prospecting", "open"),
            ("Negotiation/Review", "open"),
            ("Id. Decision Makers", "open"),
            ("contractsent", "open"),
        ),
        *(
            ("Qualified To Buy", "open"),
            ("Decision Maker Bought-In", "open"),
            ("lost_to_competitor", "lost_to_competitor"),
        ),
        *(("", None), ("Parked at the depot", None), ("Wonderful", None), ("1073298", None)),
    ],
)
def test_outcomes_as_stages_write_them(written: str, outcome: str | None) -> None:
    assert parse_outcome(written) == outcome


def test_html_keeps_paragraphs_and_tells_quotations() -> None:
    markup = (
        "<p>We\n tried <b>it</b>&nbsp;all.</p><aside class='quote no-group'><blockquote>It scales</blockquote></aside>"
        "<p>No:<br>it <code>grep</code>s</p><pre><code>rm -rf</code></pre><ul><li>slow</li><li>loud</li></ul>"
        "<script>alert(1)</script>&lt;end&gt;"
    )
    text, quoted = plain_text(markup)
    assert text == "We tried it\xa0all.\n\nIt scales\n\nNo:\nit greps\n\nslow\nloud\n\n<end>"
    assert [text[start:end] for start, end in quoted] == ["It scales"]
