"""The same verbatims without a store, their evidence made up on the spot: for engines compared beside each other."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from benchmarks.search_speed import corpus
from winloss.model import EvidenceRow
from winloss.search import VectorFile


class Memory:
    """As much of a store as searching asks for."""

    def __init__(self, size: int) -> None:
        self.size = size

    def revision(self) -> int:
        return 1

    def touched(self, since: int) -> list[str]:  # noqa: ARG002
        return []

    def evidence_rows(self, documents: object = None) -> Iterator[EvidenceRow]:  # noqa: ARG002
        return evidence(self.size)


def evidence(size: int, *, first: int = 0, seed: int = 3) -> Iterator[EvidenceRow]:
    """The same verbatims as the filters see them: a dozen fields with values drawn at random."""
    draw = random.Random(seed).randrange
    for number in range(first, first + size):
        quarter = draw(16)
        year, month = 2022 + quarter // 4, quarter % 4 * 3 + 1
        yield EvidenceRow(
            id=corpus.name_of(number),
            key=key_of(number),
            document_id=f"d{number // corpus.TURNS}",
            respondent=f"r{number // corpus.TURNS}",
            facet=("pain", "proof", "engagement", "none")[draw(4)],
            facet_score=0.5,
            role=f"role {draw(12)}",
            mode=("practitioner", "executive")[draw(2)],
            segment=f"segment {draw(6)}",
            source=("interview", "community", "inquiry", "survey")[draw(4)],
            outcome=("won", "lost_to_competitor", None)[draw(3)],
            competitor=f"competitor {draw(30)}",
            account=f"account {draw(3000)}",
            quarter=f"{year}Q{quarter % 4 + 1}",
            date=f"{year}-{month:02}-{1 + draw(28):02}",
            rights=("internal", "anonymous")[draw(2)],
            theme_id=f"theme {draw(200)}",
            tags=(f"tag {draw(40)}",) if draw(3) == 0 else (),
            question=None,
            turn=number % corpus.TURNS,
            language="en",
        )


def fill(vectors: VectorFile, size: int, *, first: int = 0) -> None:
    """Random unit vectors: an exact scan takes the same time for any."""
    for start in range(first, first + size, corpus.AT_ONCE):
        end = min(first + size, start + corpus.AT_ONCE)
        vectors.append([key_of(number) for number in range(start, end)], corpus.unit_rows(end - start, seed=start))


def key_of(number: int) -> str:
    return hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()


def told(what: str, act: Callable[[Any], object], subjects: Iterable[Any]) -> None:
    """Print how long the act takes on each of the subjects."""
    took = []
    for subject in subjects:
        started = time.perf_counter()
        act(subject)
        took.append(1000 * (time.perf_counter() - started))
    print(f"| {what} | {len(took):,} | {np.median(took):,.1f} | {np.quantile(took, 0.95):,.1f} |", flush=True)
