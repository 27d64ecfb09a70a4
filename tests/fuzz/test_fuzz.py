"""A few hundred changed files for every reader; `python -m tests.fuzz.run` reads as many as you like."""

from __future__ import annotations

import pytest

import ingest
from tests.fuzz.run import check, fuzz, seeds_of
from winloss.model import Highlight, ReadDocument, ReadTurn, SourceKind

INPUTS = 150


@pytest.mark.parametrize("reader", [reader.name for reader in ingest.READERS])
def test_changed_files_are_read_or_refused(reader):
    seeds = seeds_of(None, reader)
    assert seeds, "there is no golden file for this reader"
    report = fuzz(seeds, inputs=INPUTS, seed=7)
    assert not report.failures, "\n".join(f"{what}\n{trace}" for what, (_, trace) in report.failures.items())
    reached = sum(count for what, count in report.outcomes.items() if what != "refused: UnknownFormat")
    assert reached > INPUTS / 3


@pytest.mark.parametrize(
    "broken",
    [
        {"turns": (ReadTurn(speaker="A", text=" "),)},
        {"turns": (ReadTurn(speaker="", text="words"),)},
        {"turns": (ReadTurn(speaker=None, text="words", quoted=((0, 9),)),)},
        {"turns": (ReadTurn(speaker=None, text="words", start_ms=5, end_ms=1),)},
        {"highlights": (Highlight(turn=0, start=2, end=2, codes=()),)},
        {"title": 5},
    ],
)
def test_what_breaks_a_promise_is_found(broken):
    whole = {"kind": SourceKind.INTERVIEW, "external_id": "x", "turns": (ReadTurn(speaker="A", text="words"),)}
    check([ReadDocument(**whole)])
    with pytest.raises(AssertionError):
        check([ReadDocument(**{**whole, **broken})])
