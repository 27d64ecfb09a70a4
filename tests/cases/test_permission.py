"""Permissions that passages show, case by case from permission.yml."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlp.permission import permission_of

CASES = yaml.safe_load(Path(__file__).with_name("permission.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"] or "empty")
def test_only_what_is_shown_counts(case):
    assert permission_of(case["text"]) == case["permission"]
