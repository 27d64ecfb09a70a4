"""What verbatims say of a statement, judged once: kept by the hash of statement and words, in memory and on the disk.

Judging takes a twentieth of a second each, so that it is done from the nearest on, and no farther than anybody speaks
of the statement. What is kept on the disk holds no words: keys of texts, probabilities, and the place of a clause.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from winloss.model import EvidenceRow, Stance, StanceDecision, text_key
from winloss.ports import Workbench
from winloss.services.search import nearness

FOLDER = "stances"
CANDIDATES = 300
"""How many of the nearest verbatims of a quarter are judged at most; what is farther away counts as silent."""
STEP, FEWEST = 16, 2
"""They are judged so many at a time, nearest first, until fewer than this of them speak of the statement."""
SPEAKS = 0.6
"""How likely it must be that a verbatim speaks of the statement at all."""
REMEMBERED = 256
"""Statements whose decisions are kept in memory; the ones asked for first go first."""
_TURN = Lock()
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Judged:
    """Probabilities by the order of `Stance`, and the clause to look at first."""

    chances: tuple[float, float, float]
    span: tuple[int, int]

    @property
    def speaks(self) -> bool:
        """Whether it is likely enough to say anything of the statement."""
        return self.chances[0] + self.chances[1] >= SPEAKS


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


def read(
    bench: Workbench, statement: str, keys: Sequence[str], *, advance: Callable[[int], None] | None = None
) -> Mapping[str, Judged]:
    """What the texts of these keys, nearest to the statement first, say of it; those too far off are not read."""
    kept = _kept(bench, statement)
    known, found = len(kept), dict[str, Judged]()
    for step in _steps(keys):
        lacking = [key for key in step if key not in kept]
        if lacking:
            texts = bench.store.texts(lacking)
            told = bench.stances().judge(statement, [texts[key] for key in lacking], advance=advance)
            kept |= {key: Judged(_chances(it), it.span) for key, it in zip(lacking, told, strict=True)}
        found |= {key: kept[key] for key in step}
        if sum(found[key].speaks for key in step) < FEWEST:
            break
    if len(kept) > known:
        _write(bench, statement, kept)
    return found


def speaking(bench: Workbench, statement: str, parts: Iterable[Sequence[EvidenceRow]]) -> Mapping[str, Judged]:
    """The verbatims of each part that speak of the statement, by id; the farther of each part are not read."""
    found: dict[str, Judged] = {}
    with bench.progress.track("holding verbatims against a belief") as advance:
        for part in parts:
            near = nearest(bench, statement, part)
            told = read(bench, statement, list(dict.fromkeys(row.key for row in near)), advance=advance)
            found |= {row.id: told[row.key] for row in near if row.key in told and told[row.key].speaks}
    return found


def unread(bench: Workbench, statement: str, parts: Iterable[Sequence[EvidenceRow]]) -> int:
    """How many texts are to be read for a statement at least, before it is known who speaks of it; 0 where it is."""
    kept, lacking = _kept(bench, statement), set[str]()
    for part in parts:
        for step in _steps(list(dict.fromkeys(row.key for row in nearest(bench, statement, part)))):
            new = {key for key in step if key not in kept}
            lacking |= new
            if new or sum(kept[key].speaks for key in step) < FEWEST:
                break
    return len(lacking)


def trim(bench: Workbench) -> None:
    """Forget what was decided about texts that are no longer there."""
    held = set(bench.store.text_keys())
    for path in sorted((bench.root / FOLDER).glob("*.json")):
        _put(path, {key: it for key, it in _read(path).items() if key in held})


def _steps(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + STEP] for start in range(0, len(keys), STEP))


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
