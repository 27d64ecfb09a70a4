"""Fuzz the readers: files changed at random must be read or refused, never anything else, and soon.

    python -m tests.fuzz.run --family calls --inputs 100000 --seed 1 [--keep FOLDER]

Seeds are the golden files of a family's readers. A changed file that brings out something new (another outcome, other
findings, another refusal) becomes a seed itself. Prints the rate, what became of the inputs, and every failure once,
with the smallest input found for it in `--keep`.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from random import Random

import ingest
from tests.fuzz.mutate import mutated
from winloss.errors import SourceError
from winloss.model import Account, Deal, Finding, Readable, ReadDocument
from winloss.ports import ReadContext

FILES = Path(__file__).parents[1] / "golden" / "files"
SLOW_S = 2.0
HOPELESS_S = 10.0
MOST_SEEDS = 4000
_NUMBERS = re.compile(r"\d+|'[^']*'|\"[^\"]*\"|“[^”]*”")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """The bytes of a file, and how it is read."""

    name: str
    data: bytes
    context: ReadContext


@dataclass(slots=True)
class Report:
    """What became of the inputs."""

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[str, tuple[Seed, str]] = field(default_factory=dict)
    seeds: int = 0
    seconds: float = 0.0


def seeds_of(family: str | None, reader: str | None = None) -> list[Seed]:
    """The golden files of the readers of a family, or of one reader."""
    names = {known.name for known in ingest.READERS if known.family == family or known.name == reader}
    return [
        Seed(name=path.name, data=path.read_bytes(), context=_context(path))
        for path in sorted(FILES.iterdir())
        if (expected := path.with_name(path.name + ".expected.json")).exists()
        and json.loads(expected.read_text(encoding="utf-8"))["reader"] in names
    ]


def fuzz(seeds: Sequence[Seed], *, inputs: int, seed: int) -> Report:
    """Read so many changed files."""
    chance, report, pool = Random(seed), Report(), list(seeds)
    seen: set[tuple[str, ...]] = set()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        path = Path(folder) / "export"
        for _ in range(inputs):
            chosen = chance.choice(pool)
            changed = replace(chosen, data=mutated(chosen.data, chance.choice(pool).data, chance))
            signature = attempt(changed, path, report)
            if signature not in seen and len(pool) < MOST_SEEDS and len(changed.data) < 200_000:
                seen.add(signature)
                pool.append(changed)
    report.seeds, report.seconds = len(pool), time.perf_counter() - started
    return report


def attempt(seed: Seed, path: Path, report: Report) -> tuple[str, ...]:
    """Read one file; returns what is to be told apart about what happened."""
    path.write_bytes(seed.data)
    began = time.perf_counter()
    signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, HOPELESS_S)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            things = list(ingest.read(path, seed.context))
        check(things)
    except SourceError as error:
        outcome, signature = f"refused: {type(error).__name__}", (type(error).__name__, _shape(error.message))
    except Exception as error:  # noqa: BLE001  (finding these is what this is for)
        outcome, signature = "FAILED", (type(error).__name__, _where(error))
        report.failures.setdefault(" at ".join(signature), (seed, traceback.format_exc()))
    else:
        outcome = "read"
        told = sorted({thing.code for thing in things if isinstance(thing, Finding)})
        signature = (str(min(len(things), 9)), *told)
    signal.setitimer(signal.ITIMER_REAL, 0)
    took = time.perf_counter() - began
    if took > SLOW_S and len(seed.data) < 200_000:
        report.failures.setdefault(f"slow: {seed.name}", (seed, f"{took:.1f} s for {len(seed.data):,} bytes"))
    report.outcomes[outcome] += 1
    return (outcome, *signature)


def check(things: Iterable[Readable]) -> None:
    """Raise AssertionError where what was read is not what a reader promises."""
    for thing in things:
        assert isinstance(thing, ReadDocument | Deal | Account | Finding), type(thing)
        if isinstance(thing, ReadDocument):
            check_document(thing)
        elif isinstance(thing, Finding):
            assert thing.message
            assert thing.count >= 1


def check_document(document: ReadDocument) -> None:
    """The same for one document."""
    assert isinstance(document.external_id, str)
    assert document.external_id
    assert document.turns
    assert document.happened_on is None or type(document.happened_on) is date
    for name in ("title", "url", "thread_id", "question", "account", "segment", "competitor", "language"):
        assert getattr(document, name) is None or isinstance(getattr(document, name), str), name
    assert all(isinstance(tag, str) for tag in document.tags)
    assert all(isinstance(part, str) for pair in document.meta.items() for part in pair)
    assert all(isinstance(person.name, str) and person.name for person in document.participants)
    for turn in document.turns:
        assert turn.text.strip()
        assert turn.speaker is None or (isinstance(turn.speaker, str) and turn.speaker.strip())
        assert all(0 <= start < end <= len(turn.text) for start, end in turn.quoted)
        times = [time for time in (turn.start_ms, turn.end_ms) if time is not None]
        assert all(type(time) is int and time >= 0 for time in times)
        assert times == sorted(times)
    for mark in document.highlights:
        assert 0 <= mark.start < mark.end <= len(document.turns[mark.turn].text)


def smaller(seed: Seed, wanted: str) -> Seed:
    """The seed with what can be cut out of it while it still fails in the same way."""
    with tempfile.TemporaryDirectory() as folder:
        path, size = Path(folder) / "export", max(1, len(seed.data) // 2)
        deadline = time.perf_counter() + 20
        while size and time.perf_counter() < deadline:
            for start in range(0, len(seed.data), size):
                less = replace(seed, data=seed.data[:start] + seed.data[start + size :])
                report = Report()
                attempt(less, path, report)
                if wanted in report.failures:
                    seed = less
                    break
            else:
                size //= 2
    return seed


def _give_up(*_: object) -> None:
    raise TimeoutError(f"more than {HOPELESS_S} s")


def _context(path: Path) -> ReadContext:
    beside = path.with_suffix(".map.toml")
    companions = tuple(sorted(FILES.glob(f"{path.stem}.companion*")))
    return ReadContext(mapping=ingest.load_mapping(beside) if beside.exists() else None, companions=companions)


def _shape(message: str) -> str:
    return _NUMBERS.sub("#", message)[:60]


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/ingest/" in frame.filename or "/fuzz/" in frame.filename] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"


def main() -> int:
    """Fuzz as the command line says; 1 where anything failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--family", choices=sorted({reader.family for reader in ingest.READERS}))
    parser.add_argument("--reader", choices=sorted(reader.name for reader in ingest.READERS))
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="Folder for the inputs that failed.")
    asked = parser.parse_args()
    report = fuzz(seeds_of(asked.family, asked.reader), inputs=asked.inputs, seed=asked.seed)
    shares = ", ".join(f"{what} {count / asked.inputs:.1%}" for what, count in report.outcomes.most_common())
    rate = asked.inputs / report.seconds
    print(f"{asked.family or asked.reader}: {asked.inputs:,} inputs, {rate:,.0f} a second, {report.seeds:,} seeds")
    print(f"  {shares}")
    for number, (what, (seed, trace)) in enumerate(report.failures.items()):
        print(f"  FAILURE {number}: {what} (from {seed.name})\n{trace}")
        if asked.keep:
            asked.keep.mkdir(parents=True, exist_ok=True)
            small = seed if what.startswith("slow") else smaller(seed, what)
            (asked.keep / f"{asked.family or asked.reader}-{number}").write_bytes(small.data)
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
