"""Verbatims to search in any number: sentences of real texts put together anew, and what the filters see of them."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from winloss.model import EvidenceRow, Passage
from winloss.search import VectorFile

DIMENSIONS = 384
TURNS = 40
"""Verbatims a document."""
AT_ONCE = 50_000
_EMPTY_PASSAGE = dict.fromkeys(item.name for item in fields(Passage))


def passages(data: Path, size: int, *, first: int = 0, seed: int = 7) -> Iterator[Passage]:
    """One to three sentences each, of earnings calls, meetings and forum posts."""
    pool, draw = sentences(data), random.Random(seed)
    for number in range(first, first + size):
        text = " ".join(draw.choice(pool) for _ in range(draw.choice((1, 1, 2, 2, 3))))
        document = number // TURNS
        known = {"id": name_of(number), "text": text, "title": f"Interview {document}", "document_id": f"d{document}"}
        rest = {"respondent": f"r{document}", "source": "interview", "external_id": "x", "turn": number % TURNS}
        span = {"start": 0, "end": len(text), "rights": "internal", "tags": ()}
        yield Passage(**{**_EMPTY_PASSAGE, **known, **rest, **span})


def evidence(size: int, *, first: int = 0, seed: int = 3) -> Iterator[EvidenceRow]:
    """The same verbatims as the filters see them: a dozen fields with values drawn at random."""
    draw = random.Random(seed).randrange
    for number in range(first, first + size):
        quarter = draw(16)
        year, month = 2022 + quarter // 4, quarter % 4 * 3 + 1
        yield EvidenceRow(
            id=name_of(number),
            key=key_of(number),
            document_id=f"d{number // TURNS}",
            respondent=f"r{number // TURNS}",
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
            turn=number % TURNS,
            language="en",
        )


def fill(vectors: VectorFile, size: int, *, first: int = 0) -> None:
    """Random unit vectors: an exact scan takes the same time for any."""
    for start in range(first, first + size, AT_ONCE):
        end = min(first + size, start + AT_ONCE)
        vectors.append([key_of(number) for number in range(start, end)], unit_rows(end - start, seed=start))


def unit_rows(count: int, *, seed: int) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSIONS), dtype=np.float32)
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def sentences(data: Path) -> list[str]:
    """Every sentence of the real texts that is neither a word nor a wall."""
    pieces = (piece.strip() for text in _texts(data) for piece in re.split(r"(?<=[.!?])\s+", text))
    return [piece for piece in pieces if 15 < len(piece) < 400]


def lines(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def name_of(number: int) -> str:
    return f"v{number:016}"


def key_of(number: int) -> str:
    return hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()


def _texts(data: Path) -> Iterator[str]:
    for call in lines(data / "earnings-calls-2022" / "turns.jsonl"):
        yield from (turn["text"] for turn in call["turns"])
    for name in ("questions", "answers"):
        yield from (post["content"] for post in lines(data / "thunderbird-aaq" / f"{name}.jsonl"))
    for name in ("academic", "committee", "product"):
        for meeting in lines(data / "qmsum" / f"{name}.jsonl"):
            yield from (turn["content"] for turn in meeting["meeting_transcripts"])
