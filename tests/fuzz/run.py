"""Feeds readers with mutated files and says which of their promises do not hold.

    python tests/fuzz/run.py --family calls --inputs 100000 --seed 1 --keep /tmp/failures

Everything runs in one process over one file, by seed: the same numbers find the same failures. A mutant that shows
something new (another outcome, another remark, another refusal) becomes a seed itself.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import signal
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import FrameType
from zlib import crc32

ROOT = Path(__file__).parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

import ingest  # noqa: E402
from tests.fuzz.mutate import mutant  # noqa: E402
from tests.fuzz.promises import broken  # noqa: E402
from winloss.errors import SourceError, UnknownFormat  # noqa: E402
from winloss.model import Finding  # noqa: E402
from winloss.ports import ReadContext  # noqa: E402

FILES = ROOT / "tests" / "golden" / "files"
SECONDS = 2.0
MOST_KEPT = 400
_SHRINKS = 300
_DIGITS = re.compile(r"[\d'\"].*")


class TooSlow(BaseException):
    """An input took longer than any file of its size may; not an error that a reader could take for one of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A file that a reader reads as it is, with what is read along with it."""

    name: str
    reader: str
    data: bytes
    mapping: dict[str, object] | None = None
    companions: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A promise that does not hold: what happened, and the smallest input found that shows it."""

    what: str
    seed: str
    data: bytes
    companions: tuple[bytes, ...]
    trace: str


@dataclass(slots=True, kw_only=True)
class Result:
    """What a run found. `outcomes` counts inputs by what became of them: read, refused, unknown, failed.

    `slowest` is in seconds of processor time, `largest` in KiB by which one input raised the most memory ever in use.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[str, Failure] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    signatures: int = 0
    slowest: float = 0.0
    largest: int = 0

    def add(self, other: Result) -> None:
        """Take what another process found."""
        self.outcomes += other.outcomes
        self.times += other.times
        self.failures = {**other.failures, **self.failures}
        self.seconds = max(self.seconds, other.seconds)
        self.signatures += other.signatures
        self.slowest = max(self.slowest, other.slowest)
        self.largest = max(self.largest, other.largest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What became of one input."""

    outcome: str
    signature: str
    trace: str = ""


def seeds(*, family: str | None = None, reader: str | None = None) -> list[Seed]:
    """The golden files of a family's readers, or of one reader."""
    readers = {one.name for one in ingest.READERS if reader in (None, one.name) and family in (None, one.family)}
    found = []
    for expected in sorted(FILES.glob("*.expected.json")):
        name = json.loads(expected.read_text(encoding="utf-8"))["reader"]
        path = FILES / expected.name.removesuffix(".expected.json")
        if name in readers:
            beside = path.with_suffix(".map.toml")
            companions = tuple(one.read_bytes() for one in sorted(FILES.glob(f"{path.stem}.companion*")))
            mapping = ingest.load_mapping(beside) if beside.exists() else None
            found.append(
                Seed(name=path.name, reader=name, data=path.read_bytes(), mapping=mapping, companions=companions)
            )
    return found


class Fuzzer:
    """Mutates seeds and looks at what becomes of them, in a folder of its own."""

    def __init__(self, given: Sequence[Seed], folder: Path, seed: int, watch: _Watch) -> None:
        self._watch = watch
        self._given = list(given)
        self._kept: list[Seed] = []
        self._known: set[str] = set()
        self._path = folder / "input"
        self._folder = folder
        self._random = Random(seed)
        self._weights = [1.0 / (1.0 + len(one.data) / 4000) for one in self._given]

    def run(self, inputs: int, *, until: float | None = None) -> Result:
        """Try so many inputs, or as many as there is time for (`until` as `time.monotonic` tells it)."""
        result = Result()
        begun = time.monotonic()
        for _ in range(inputs):
            if until is not None and time.monotonic() > until:
                break
            made = self._next()
            started, memory = time.process_time(), _memory()
            seen = self.look(made)
            result.slowest = max(result.slowest, time.process_time() - started)
            result.largest = max(result.largest, _memory() - memory)
            result.outcomes[seen.outcome] += 1
            if seen.outcome == "failed":
                result.times[seen.signature] += 1
                if seen.signature not in result.failures:
                    result.failures[seen.signature] = self._failure(made, seen)
            elif seen.outcome != "unknown" and (made.reader, seen.signature) not in self._known:
                self._known.add((made.reader, seen.signature))
                self._keep(made)
        result.seconds = time.monotonic() - begun
        result.signatures = len(self._known)
        return result

    def look(self, made: Seed) -> Seen:
        """What becomes of an input: what escapes, what is read, how long it takes."""
        companions = self._write(made)
        context = ReadContext(mapping=made.mapping, companions=companions)
        try:
            with self._watch.within(SECONDS):
                things = list(ingest.read(self._path, context))
        except UnknownFormat as error:
            return Seen(outcome="unknown", signature=_plain(error.message))
        except SourceError as error:
            if not error.message.strip() or not isinstance(error.hint, str):
                return Seen(outcome="failed", signature="a refusal without a message")
            return Seen(outcome="refused", signature=f"{type(error).__name__} {_plain(error.message)}")
        except (Exception, TooSlow) as error:  # noqa: BLE001  (whatever escapes is what this is for)
            return Seen(outcome="failed", signature=_where(error), trace="".join(traceback.format_exception(error)))
        if wrong := next(filter(None, map(broken, things)), None):
            return Seen(outcome="failed", signature=f"{made.reader}: {wrong}")
        codes = sorted({thing.code for thing in things if isinstance(thing, Finding)})
        kinds = sorted({type(thing).__name__ for thing in things})
        return Seen(outcome="read", signature=" ".join((*kinds, *codes)))

    def _next(self) -> Seed:
        rng = self._random
        base = (
            rng.choice(self._kept) if self._kept and rng.random() < 0.35 else rng.choices(self._given, self._weights)[0]
        )
        others = [one.data for one in self._given if not one.data.startswith(b"PK")]
        if base.companions and rng.random() < 0.3:
            at = rng.randrange(len(base.companions))
            changed = mutant(base.companions[at], others, rng)
            return _with(base, base.data, (*base.companions[:at], changed, *base.companions[at + 1 :]))
        return _with(base, mutant(base.data, others, rng), base.companions)

    def _keep(self, made: Seed) -> None:
        if len(made.data) > 60_000:
            return
        self._kept.append(made)
        if len(self._kept) > MOST_KEPT:
            del self._kept[self._random.randrange(len(self._kept))]

    def _write(self, made: Seed) -> tuple[Path, ...]:
        self._path.write_bytes(made.data)
        companions = []
        for number, data in enumerate(made.companions):
            path = self._folder / f"companion{number}"
            path.write_bytes(data)
            companions.append(path)
        return tuple(companions)

    def _failure(self, made: Seed, seen: Seen) -> Failure:
        """The failure with its input made smaller: halves, quarters and so on left out while it still fails so."""
        data, tries, size = made.data, 0, max(len(made.data) // 2, 1)
        most = 12 if seen.signature.startswith("TooSlow") else _SHRINKS
        while size and tries < most:
            start = 0
            while start < len(data) and tries < most:
                smaller = data[:start] + data[start + size :]
                tries += 1
                if self.look(_with(made, smaller, made.companions)).signature == seen.signature:
                    data = smaller
                else:
                    start += size
            size //= 2
        return Failure(what=seen.signature, seed=made.name, data=data, companions=made.companions, trace=seen.trace)


def fuzz(given: Sequence[Seed], *, inputs: int, seed: int, until: float | None = None) -> Result:
    """Try mutants of these seeds in a folder in memory where there is one."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder, warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ResourceWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        with _Watch() as watch:
            return Fuzzer(given, Path(folder), seed, watch).run(inputs, until=until)


def _with(base: Seed, data: bytes, companions: tuple[bytes, ...]) -> Seed:
    return Seed(name=base.name, reader=base.reader, data=data, mapping=base.mapping, companions=companions)


class _Watch:
    """Raises `TooSlow` in what runs `within` a number of seconds of processor time and takes longer."""

    def __init__(self) -> None:
        self._armed = False

    def __enter__(self) -> _Watch:
        signal.signal(signal.SIGPROF, self._ring)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGPROF, signal.SIG_IGN)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        self._armed = True
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            yield
        finally:
            self._armed = False
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _ring(self, _signal: int, _frame: FrameType | None) -> None:
        if self._armed:
            raise TooSlow


def _memory() -> int:
    """The most memory that was in use so far, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _plain(message: str) -> str:
    """A message as far as it is always the same."""
    return _DIGITS.sub("", message.replace("input", ""))[:60]


def _where(error: BaseException) -> str:
    """What escaped, and from which of our lines."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/ingest/" in frame.filename]
    place = f"{Path(ours[-1].filename).name}:{ours[-1].name}" if ours else "?"
    return f"{type(error).__name__} in {place}"


# --- The command -----------------------------------------------------------------------------------------------------


def main() -> int:
    """Run what the command line asks for; 1 where a promise does not hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--family", help="calls, research, communities, crm, surveys or tables")
    parser.add_argument("--reader", help="one reader by its name")
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that fail")
    asked = parser.parse_args()
    given = seeds(family=asked.family, reader=asked.reader)
    if not given:
        parser.error("no golden file is read by such a reader")
    result = _by_jobs(given, asked.inputs, asked.seed, asked.jobs)
    _show(result, given)
    if asked.keep:
        _save(result, asked.keep)
    return 1 if result.failures else 0


def _by_jobs(given: Sequence[Seed], inputs: int, seed: int, jobs: int) -> Result:
    if jobs == 1:
        return fuzz(given, inputs=inputs, seed=seed)
    total = Result()
    with get_context("spawn").Pool(jobs) as pool:
        for part in pool.imap_unordered(_job, [(given, inputs // jobs, seed + number) for number in range(jobs)]):
            total.add(part)
    return total


def _job(asked: tuple[Sequence[Seed], int, int]) -> Result:
    return fuzz(asked[0], inputs=asked[1], seed=asked[2])


def _show(result: Result, given: Sequence[Seed]) -> None:
    total = result.outcomes.total()
    shares = ", ".join(f"{name} {count / total:.1%}" for name, count in result.outcomes.most_common())
    lines = [
        f"{total:,} inputs from {len(given)} files in {result.seconds:.0f} s ({total / result.seconds:,.0f}/s)",
        shares,
        f"{result.signatures} different outcomes; the slowest input took {result.slowest:.2f} s of processor time",
        f"the largest raised the memory in use by {result.largest >> 10} MiB",
        *(f"FAILED {what} ({result.times[what]:,} inputs), of {one.seed}" for what, one in result.failures.items()),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _save(result: Result, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for what, failure in result.failures.items():
        path = folder / f"{crc32(what.encode()):08x}-{failure.seed}"
        path.write_bytes(failure.data)
        for number, data in enumerate(failure.companions):
            path.with_name(f"{path.name}.companion{number}").write_bytes(data)
        path.with_name(path.name + ".txt").write_text(f"{what}\n\n{failure.trace}", encoding="utf-8", errors="replace")


if __name__ == "__main__":
    sys.exit(main())
