"""Permissions that passages show, case by case from permission.yml: which, by whom, over whom, in which words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlp.speakers.permission import SPEAKER, act_of, permission_of
from winloss.codebook import load_codebook
from winloss.model import Permission

CASES = yaml.safe_load(Path(__file__).with_name("permission.yml").read_text(encoding="utf-8"))
CODEBOOK = load_codebook()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"] or "empty")
def test_only_what_is_shown_counts(case):
    assert permission_of(case["text"]) == case["permission"]


@pytest.mark.parametrize("case", [case for case in CASES if "actor" in case], ids=lambda case: case["text"])
def test_who_acts_is_told_with_the_words_that_show_it(case):
    act = act_of(case["text"], CODEBOOK)
    assert (act.actor, act.whom) == (case["actor"], case.get("whom"))
    assert act.named in case["text"][act.start : act.end]
    assert not act.by_title


def test_a_title_that_names_a_permission_is_marked_as_such():
    act = act_of("We looked at three.", CODEBOOK, title="CFO, Economic buyer")
    assert (act.permission, act.actor, act.by_title) == (Permission.APPROVE, SPEAKER, True)
    assert "CFO, Economic buyer"[act.start : act.end] == "Economic buyer"


def test_a_job_title_alone_gives_no_permission():
    assert act_of("We looked at three.", CODEBOOK, title="CFO") is None


def test_what_is_shown_comes_before_the_title():
    act = act_of("Legal sat on it for weeks.", CODEBOOK, title="Champion")
    assert (act.permission, act.actor, act.by_title) == (Permission.BLOCK, "legal", False)
