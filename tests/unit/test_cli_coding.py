"""Codes, codings and agreement on the command line: JSON alone, plain words, undo, errors that say what to do."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from tests.unit.webtools import small_workspace
from winloss.cli.commands import winloss
from winloss.errors import NotFound, QueryError
from winloss.model import Filters
from winloss.services.search import searching


@pytest.fixture
def filled(tmp_path):
    with small_workspace(tmp_path) as bench:
        yield bench


@pytest.fixture
def call(filled):
    def run(*arguments, exit_code=0, env=None):
        done = CliRunner().invoke(winloss, ["--workspace", str(filled.root), *arguments], env=env)
        assert done.exit_code == exit_code, done.output
        return json.loads(done.stdout) if "--json" in arguments else done.output

    return run


@pytest.fixture
def ids(filled):
    return [hit.passage.id for hit in searching.search(filled, "", Filters(), limit=12).hits]


def test_a_codebook_is_made_used_changed_and_taken_back(call, ids):
    assert "pain/cost" in call("codes", "add", "pain/cost", "--description", "What it costs", "--colour", "#abc")
    assert call("code", ids[0], "cost", "--coder", "Dana", "--json")["codes"] == ["pain/cost"]
    assert call("code", ids[1], "--none-applies", "--json", env={"WINLOSS_CODER": "dana"})["coder"] == "Dana"
    listed = call("codes", "list", "--json")
    assert [(row["path"], row["total"]["count"], row["total"]["base"]) for row in listed["codes"]] == [
        ("pain", 1, 2),
        ("pain/cost", 1, 2),
    ]
    assert "Dana 1 of 2" in call("codes", "list")
    told = call("codes", "rename", "pain/cost", "money", "--by", "Dana")
    assert "1 coded verbatim" in told
    assert "winloss codes undo --by Dana" in told
    assert call("code", ids[0], "money", "--remove", "--coder", "Dana", "--json")["codes"] == []
    assert "Taken back" in call("codes", "undo", "--by", "Dana")
    assert "Done again" in call("codes", "redo", "--by", "Dana")


def test_agreement_says_what_it_rests_on(call, ids):
    call("codes", "add", "pain")
    for number, name in enumerate(ids):
        call("code", name, *(["pain"] if number < 6 else ["--none-applies"]), "--coder", "Dana")
        call("code", name, *(["pain"] if number < 5 else ["--none-applies"]), "--coder", "Tom")
    found = call("agreement", "--coder", "Dana", "--coder", "Tom", "--json")
    assert (found["overall"]["n"], found["overall"]["agreed"], found["codes"][0]["only_a"]) == (12, 11, 1)
    assert found["overall"]["low"] < found["overall"]["kappa"] < found["overall"]["high"]
    words = call("agreement", "--coder", "Dana", "--coder", "Tom")
    assert "the same on 11 of 12 verbatims" in words
    assert ids[5] in words
    call("code", ids[0], "pain", "--coder", "Eve")
    assert "not enough" in call("agreement", "--coder", "Dana", "--coder", "Eve")
    assert "alpha" in call("agreement", "--coder", "Dana", "--coder", "Eve", "--coder", "Tom")


@pytest.mark.parametrize("arguments", [("agreement", "--coder", "Dana"), ("code", "vx", "--coder", "Dana")])
def test_what_is_missing_is_said(call, arguments):
    assert "name" in call(*arguments, exit_code=2)


def test_nobody_codes_without_a_name(filled, ids):
    done = CliRunner().invoke(winloss, ["--workspace", str(filled.root), "code", ids[0], "pain"])
    assert isinstance(done.exception, QueryError)
    assert "--coder" in done.exception.hint


def test_an_unknown_verbatim_or_code_stores_nothing(call, filled, ids):
    for arguments in (("vnothing", "pain"), (ids[0], "nothing")):
        done = CliRunner().invoke(winloss, ["--workspace", str(filled.root), "code", *arguments, "--coder", "Dana"])
        assert isinstance(done.exception, NotFound)
        assert done.exception.hint
    assert filled.store.codings() == []
