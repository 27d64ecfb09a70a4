"""Roles from titles and from what people say, case by case from roles.yml."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlp.speakers.people import role_of_text, role_of_title
from winloss.codebook import load_codebook

CASES = yaml.safe_load(Path(__file__).with_name("roles.yml").read_text(encoding="utf-8"))
CODEBOOK = load_codebook()


@pytest.mark.parametrize("case", CASES["titles"], ids=lambda case: case["title"] or "empty")
def test_a_title_gives_its_seat(case):
    role, mode, evidence = role_of_title(case["title"], CODEBOOK)
    assert (role, mode) == (case["role"], case["mode"])
    assert (case["title"] in evidence) if role else True


@pytest.mark.parametrize("case", CASES["texts"], ids=lambda case: case["text"])
def test_a_claim_gives_its_seat(case):
    role, mode, evidence = role_of_text(case["text"], CODEBOOK)
    assert (role, mode) == (case["role"], case["mode"])
    assert bool(evidence) == bool(role)
