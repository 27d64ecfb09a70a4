"""Verbatims to search in any number: sentences of real texts put together anew."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from winloss.model import Passage

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


def _texts(data: Path) -> Iterator[str]:
    for call in lines(data / "earnings-calls-2022" / "turns.jsonl"):
        yield from (turn["text"] for turn in call["turns"])
    for name in ("questions", "answers"):
        yield from (post["content"] for post in lines(data / "thunderbird-aaq" / f"{name}.jsonl"))
    for name in ("academic", "committee", "product"):
        for meeting in lines(data / "qmsum" / f"{name}.jsonl"):
            yield from (turn["content"] for turn in meeting["meeting_transcripts"])
