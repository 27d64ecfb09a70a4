"""What verbatims say of a statement, judged once: kept by the hash of statement and words, in memory and on the disk.

What is kept on the disk holds no words: the keys of texts, the probabilities, and the place of the words that decided.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from winloss.model import EvidenceRow, Stance, StanceDecision, text_key
from winloss.ports import Workbench
from winloss.services.search import nearness

if TYPE_CHECKING:
    from winloss.ports import Vectors

FOLDER = "stances"
CANDIDATES = 300
"""How many of the nearest verbatims of a quarter are judged; what is farther away counts as silent."""
REMEMBERED = 256
"""Statements whose decisions are kept in memory; the ones asked for first go first."""
_TURN = Lock()
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Judged:
    """Probabilities by the order of `Stance`, and the span of the words that decided."""

    chances: tuple[float, float, float]
    span: tuple[int, int]


def nearest(
    bench: Workbench, statement: str, rows: Sequence[EvidenceRow], limit: int = CANDIDATES
) -> list[EvidenceRow]:
    """The rows whose words mean what is nearest to the statement, at most `limit`, nearest first, ties by id.

    Rows whose vector is not computed yet are left out.
    """
    if not rows:
        return []
    vectors = bench.vectors()
    keys = list(dict.fromkeys(row.key for row in rows))
    lacking = set(vectors.missing(keys))
    keys = [key for key in keys if key not in lacking]
    if not keys:
        return []
    cosines = (vectors.get(keys) @ nearness.encoded(bench, [statement])[0]).round(6).tolist()
    least = heapq.nlargest(limit, cosines)[-1]
    near = {key: cosine for key, cosine in zip(keys, cosines, strict=True) if cosine >= least}
    known = [row for row in rows if row.key in near]
    return heapq.nsmallest(limit, known, key=lambda row: (-near[row.key], row.id))


def judged(bench: Workbench, statement: str, rows: Sequence[EvidenceRow]) -> Mapping[str, Judged]:
    """What the words of each row say of the statement, by verbatim id."""
    kept = _kept(bench, statement)
    wanted = list(dict.fromkeys(row.key for row in rows if row.key not in kept))
    if wanted:
        for key, decision in zip(wanted, _decided(bench, statement, wanted), strict=True):
            kept[key] = Judged(_chances(decision), decision.span)
        _write(bench, statement, kept)
    return {row.id: kept[row.key] for row in rows}


def explained(bench: Workbench, statement: str, texts: Sequence[str]) -> list[StanceDecision]:
    """The decisions on some texts with their reasons, as they are shown."""
    if not texts:
        return []
    vectors = nearness.encoded(bench, [statement, *texts])
    return bench.stances().judge(statement, texts, vectors[1:], vectors[0])


def trim(bench: Workbench) -> None:
    """Forget what was decided about texts that are no longer there."""
    held = set(bench.store.text_keys())
    for path in sorted((bench.root / FOLDER).glob("*.json")):
        _put(path, {key: it for key, it in _read(path).items() if key in held})


def _decided(bench: Workbench, statement: str, keys: Sequence[str]) -> list[StanceDecision]:
    texts = bench.store.texts(list(keys))
    vectors: Vectors = bench.vectors().get(list(keys))
    vector = nearness.encoded(bench, [statement])[0]
    found: list[StanceDecision] = []
    judge = bench.stances()
    with bench.progress.track("holding verbatims against a belief", total=len(keys)) as advance:
        for start in range(0, len(keys), CANDIDATES):
            some = slice(start, start + CANDIDATES)
            found += judge.judge(statement, [texts[key] for key in keys[some]], vectors[some], vector)
            advance(len(keys[some]))
    return found


def _chances(decision: StanceDecision) -> tuple[float, float, float]:
    one, two, three = (round(decision.probabilities[stance.value], _DIGITS) for stance in Stance)
    return one, two, three


# --- what is kept ----------------------------------------------------------------------------------------------------


def _kept(bench: Workbench, statement: str) -> dict[str, Judged]:
    memo: dict[tuple[str, str], dict[str, Judged]] = bench.memo.setdefault("stances", {})
    place = (bench.stances().fingerprint, statement)
    with _TURN:
        if place not in memo:
            while len(memo) >= REMEMBERED:
                del memo[next(iter(memo))]
            memo[place] = _read(_path(bench, statement))
        return memo[place]


def _path(bench: Workbench, statement: str) -> Path:
    return bench.root / FOLDER / f"{text_key(statement)}-{bench.stances().fingerprint}.json"


def _read(path: Path) -> dict[str, Judged]:
    """What was kept; nothing where the file is not there or not whole."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {key: Judged((a, b, c), (start, end)) for key, (a, b, c, start, end) in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(bench: Workbench, statement: str, kept: Mapping[str, Judged]) -> None:
    """Keep it, in place of what an earlier judge said; a disk that cannot be written to costs only time."""
    path = _path(bench, statement)
    with _TURN, suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        _put(path, kept)
        for other in path.parent.glob(f"{text_key(statement)}-*.json"):
            if other != path:
                other.unlink(missing_ok=True)


def _put(path: Path, kept: Mapping[str, Judged]) -> None:
    from winloss.search import replace_whole

    replace_whole(path, json.dumps({key: [*it.chances, *it.span] for key, it in dict(kept).items()}).encode())
