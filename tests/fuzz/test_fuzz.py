"""No file, however damaged, makes a reader break what it promises: a short run of the fuzzer over every reader."""

from __future__ import annotations

import time

import pytest

import ingest
from tests.fuzz.mutate import mutant
from tests.fuzz.promises import broken
from tests.fuzz.run import fuzz, seeds
from winloss.model import Finding, ReadDocument, ReadTurn, SourceKind

INPUTS = 200
SECONDS = 3.0
"""However slow the machine, no reader takes longer: what is not tried now is tried by the next run of `run.py`."""


@pytest.mark.parametrize("reader", [reader.name for reader in ingest.READERS])
def test_damaged_files_are_read_or_refused(reader: str) -> None:
    given = seeds(reader=reader)
    assert given, f"the reader {reader} has no golden file"
    result = fuzz(given, inputs=INPUTS, seed=7, until=time.monotonic() + SECONDS)
    assert not result.failures, "\n\n".join(
        f"{what}\n{one.data[:500]!r}\n{one.trace}" for what, one in result.failures.items()
    )
    assert result.outcomes["read"] + result.outcomes["refused"] > 0.6 * result.outcomes.total()


def test_the_same_seed_makes_the_same_mutants() -> None:
    from random import Random

    for seed in seeds():
        first, again = (mutant(seed.data, (b"other",), Random(3)) for _ in range(2))
        assert first == again


@pytest.mark.parametrize(
    "turn",
    [
        ReadTurn(speaker=None, text=" "),
        ReadTurn(speaker="", text="words"),
        ReadTurn(speaker=None, text="words", quoted=((2, 6),)),
        ReadTurn(speaker=None, text="words", quoted=((3, 3),)),
        ReadTurn(speaker=None, text="words", start_ms=5, end_ms=4),
        ReadTurn(speaker=None, text="words", start_ms=-1),
        ReadTurn(speaker=3, text="words"),  # type: ignore[arg-type]
    ],
)
def test_a_broken_promise_is_noticed(turn: ReadTurn) -> None:
    sound = ReadTurn(speaker="Dana", text="words", quoted=((0, 5),), start_ms=0, end_ms=0)
    document = ReadDocument(kind=SourceKind.INTERVIEW, external_id="a", turns=(sound,))
    assert broken(document) is None
    assert broken(ReadDocument(kind=SourceKind.INTERVIEW, external_id="a", turns=(sound, turn)))
    assert broken(Finding(code="", message="words"))
