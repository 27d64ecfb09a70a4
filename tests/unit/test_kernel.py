"""Quarters, ids, codebook and settings: the words everything else is built on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winloss.codebook import load_codebook
from winloss.config import SETTING_HELP, Settings, load_settings
from winloss.errors import ConfigError, QueryError, WinlossError
from winloss.model import Account, stable_id
from winloss.quarter import Quarter, quarter_range


@given(st.dates())
def test_every_day_is_in_exactly_one_quarter(day: date):
    quarter = Quarter.of(day)
    assert quarter.start <= day
    assert Quarter.parse(str(quarter)) == quarter
    if quarter != Quarter(9999, 4):
        assert day < quarter.end
        assert Quarter.of(quarter.end - timedelta(days=1)) == quarter


@pytest.mark.parametrize("text", ["2026Q5", "26Q1", "", "2026", "Q1 2026", "0000Q1"])
def test_what_is_not_a_quarter_is_refused_with_an_example(text):
    with pytest.raises(QueryError) as caught:
        Quarter.parse(text)
    assert "2026Q2" in caught.value.hint


def test_quarters_count_on_over_the_year():
    assert [str(item) for item in quarter_range(Quarter(2024, 3), Quarter(2025, 2))] == [
        "2024Q3",
        "2024Q4",
        "2025Q1",
        "2025Q2",
    ]
    assert Quarter(2026, 1).shift(-5) == Quarter(2024, 4)


@given(st.lists(st.one_of(st.none(), st.text()), max_size=4), st.lists(st.one_of(st.none(), st.text()), max_size=4))
def test_ids_are_equal_exactly_where_their_parts_are(one, other):
    assert (stable_id("x", *one) == stable_id("x", *other)) == (one == other)


def test_segments_are_rules_over_account_attributes():
    codebook = load_codebook()
    assert codebook.segment_of(Account(name="a", ownership="Government", employees=90_000)) == "federal"
    assert codebook.segment_of(Account(name="b", ownership="private", employees=800)) == "mid-market commercial"
    assert codebook.segment_of(Account(name="c", ownership="private", employees=80_000)) == "global enterprise"
    assert codebook.segment_of(Account(name="d")) is None
    assert codebook.segment_of(Account(name="e", segment="Mid-Market")) == "mid-market commercial"


def test_a_workspaces_codebook_is_laid_over_the_default(tmp_path):
    overlay = tmp_path / "codebook.toml"
    overlay.write_text(
        '[[competitors]]\nname = "Acme"\naliases = ["ACM"]\n[[segments]]\nname = "banks"\nindustry = ["Bank"]\n'
    )
    codebook = load_codebook(overlay)
    assert codebook.competitor_named("acm") == "Acme"
    assert codebook.segment_of(Account(name="x", industry="bank", employees=100)) == "banks"
    assert codebook.roles == load_codebook().roles
    assert codebook.fingerprint != load_codebook().fingerprint


@pytest.mark.parametrize("text", ["[[roles]]\nlabel = 'x'", "not toml", "[[roles]]\nname='x'\nmode='boss'"])
def test_a_broken_codebook_is_refused(tmp_path, text):
    overlay = tmp_path / "codebook.toml"
    overlay.write_text(text)
    with pytest.raises(ConfigError):
        load_codebook(overlay)


def test_settings_come_from_file_and_environment(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert load_settings(tmp_path) == Settings()
    (tmp_path / "winloss.toml").write_text('label = "hello"\ndrift_delta = 1\n')
    assert (load_settings(tmp_path).label, load_settings(tmp_path).drift_delta) == ("hello", 1.0)
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/x")
    assert load_settings(tmp_path).database_url == "postgresql://somewhere/x"


@pytest.mark.parametrize("text", ["colour = 1", "seed = 'x'", "seed ="])
def test_wrong_settings_are_refused_with_what_is_right(tmp_path, text):
    (tmp_path / "winloss.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert caught.value.hint


def test_every_setting_has_its_help():
    assert set(SETTING_HELP) == set(Settings.__dataclass_fields__)


def test_every_error_has_a_code_of_its_own():
    def tree(kind):
        return [kind, *(leaf for child in kind.__subclasses__() for leaf in tree(child))]

    codes = [kind.code for kind in tree(WinlossError)]
    assert len(codes) == len(set(codes))
