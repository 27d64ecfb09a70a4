"""`winloss rights`: decided, shown, listed, undone and warned of at the command line."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from tests.unit.rightspace import CASES, rights_workspace
from winloss.cli.commands import winloss
from winloss.errors import WinlossError


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with rights_workspace(tmp_path_factory.mktemp("cli")) as opened:
        yield opened


@pytest.fixture
def run(bench, monkeypatch):
    monkeypatch.setattr("winloss.cli.shared.open_workbench", lambda *_, **__: bench)

    def called(*arguments):
        answer = CliRunner().invoke(winloss, ["rights", *arguments], catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    return called


def test_a_decision_is_made_shown_and_undone(run):
    case = CASES["anonymous"]
    said = run("set", "no_quote", "--person", case.name, "--until", "2027-01-01", "--by", "Dana")
    assert "no quoting, until 2027-01-01" in said
    assert "1 of its verbatims may not be quoted" in said
    shown = run("show", "--person", case.name)
    assert "1 of 1 verbatims may not be quoted; decided by Dana" in shown
    assert case.name not in shown
    assert "Taken back" in run("undo", "--by", "Dana")
    assert "may be quoted without a name" in run("show", "--person", case.name)


def test_a_decision_is_cleared(run):
    assert run("set", "internal", "--document", "call-1-barnaby-thistlewick", "--json")
    assert "what the source says holds" in run("clear", "--document", "call-1-barnaby-thistlewick").casefold()
    with pytest.raises(WinlossError, match="nothing was decided"):
        run("clear", "--document", "call-1-barnaby-thistlewick")


@pytest.mark.parametrize("kind", ["documents", "files", "people"])
def test_everything_is_listed(run, kind):
    told = json.loads(run("list", kind, "--json"))[kind]
    assert len(told) == (1 if kind == "files" else len(CASES))
    assert f"{len(told)} {kind}." in run("list", kind)
    decided = json.loads(run("list", kind, "--decided", "--json"))[kind]
    assert len(decided) < len(told)


def test_who_is_who_is_told_here_alone(run):
    told = run("pseudonyms")
    assert all(case.name in told for case in CASES.values())
    assert {one["pseudonym"] for one in json.loads(run("pseudonyms", "--json"))} >= {"Buyer 1", "Buyer 12"}


def test_what_ends_is_warned_of(run):
    told = run("warnings")
    assert "right to quote ended on 2026-06-29: Buyer" in told
    assert "right to quote ends on 2026-06-30" in told
