"""Long work in a queue: what is asked for waits in a file of its own, and outlives the server that was to do it.

The queue lies beside the store and not in it. While a file is read in, one transaction holds the store for writing; a
note in there of how far it has come would wait for that same transaction, which waits for the note. Files are replaced
whole, so that whoever reads one sees what was last noted.

    waiting -> running -> done | failed        running, and its server died -> waiting again, twice; then interrupted
    waiting -> cancelled                       failed | interrupted | cancelled -> waiting, where somebody asks again
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from typing import Any

from winloss.errors import Conflict, NotFound, WinlossError
from winloss.model import stable_id
from winloss.ports import Workbench
from winloss.services import journal
from winloss.services.workspace.job_kinds import AGAIN as AGAIN
from winloss.services.workspace.job_kinds import LANES, OPEN
from winloss.services.workspace.job_kinds import JobKind as JobKind
from winloss.services.workspace.job_kinds import JobState as JobState

FOLDER, QUEUE_LOCK = "jobs", "queue.lock"
MOST_ATTEMPTS = 3
"""A job that takes its server down with it so often is not begun again unless somebody asks for it."""
KEPT = 100
"""So many jobs that have ended are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of long work. `number` is its place in the queue, `given` what the work needs to know.

    `stage`, `done` and `total` tell how far it is, in `unit` (`bytes`, or what is counted goes without saying), and
    `so_far` in words what came of it. `error` and `hint` say why it did not end well; `result` is what it came to.
    `given` goes once the work is done.
    """

    id: str
    number: int
    kind: JobKind
    about: str
    made_at: str
    by: str | None = None
    address: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    state: JobState = JobState.WAITING
    attempts: int = 0
    began_at: str | None = None
    ended_at: str | None = None
    stage: str = ""
    done: int = 0
    total: int | None = None
    unit: str = ""
    so_far: str = ""
    error: str | None = None
    hint: str | None = None
    result: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN


def submit(bench: Workbench, kind: JobKind, about: str, given: Mapping[str, Any] | None = None) -> Job:
    """Ask for something; what waits already, or is being done with the same things, is not asked for twice."""
    asked, actor = dict(given or {}), journal.actor()
    with _queue(bench) as folder:
        known = _read_all(folder)
        for job in known:
            same = (job.kind, dict(job.given)) == (kind, asked)
            if same and (job.state is JobState.WAITING or (job.state is JobState.RUNNING and asked)):
                return job
        job = Job(
            id=stable_id("j", bench.clock.now(), token_hex(8)),
            number=max((job.number for job in known), default=0) + 1,
            kind=kind,
            about=about,
            made_at=bench.clock.now(),
            by=actor.who,
            address=actor.address,
            given=asked,
        )
        _write(folder, job)
    return job


def jobs(bench: Workbench) -> list[Job]:
    """Every job that is remembered, the latest first."""
    return _read_all(bench.root / FOLDER)[::-1]


def find(bench: Workbench, job_id: str) -> Job:
    """A job by its id.

    Raises:
        NotFound: there is none, or it ended long ago.
    """
    return _found(bench.root / FOLDER, job_id)


def before(bench: Workbench, job: Job) -> int:
    """How many jobs are done before this one begins: those of its lane that were asked for earlier."""
    lane = next(kinds for kinds in LANES.values() if job.kind in kinds)
    return sum(it.is_open and it.number < job.number and it.kind in lane for it in jobs(bench))


def cancel(bench: Workbench, job_id: str) -> Job:
    """Take back what waits.

    Raises:
        NotFound: there is no such job.
        Conflict: it has begun, or ended.
    """
    with _queue(bench) as folder:
        job = _found(folder, job_id)
        if job.state is not JobState.WAITING:
            raise Conflict(f"only what waits can be cancelled, and this is {job.state}", hint="Let it come to its end.")
        return _write(folder, replace(job, state=JobState.CANCELLED, ended_at=bench.clock.now()))


def again(bench: Workbench, job_id: str) -> Job:
    """Let something that failed, was interrupted or cancelled wait once more; what is done of it is not done again.

    Whoever asks again is who it is done for.

    Raises:
        NotFound: there is no such job.
        Conflict: it waits, runs or is done.
    """
    actor = journal.actor()
    with _queue(bench) as folder:
        job = _found(folder, job_id)
        if job.state not in AGAIN:
            raise Conflict(f"this is {job.state}", hint="Ask again for what failed, was interrupted or was cancelled.")
        number = max(item.number for item in _read_all(folder)) + 1
        fresh = replace(job, state=JobState.WAITING, number=number, attempts=0, error=None, hint=None, ended_at=None)
        asked = replace(fresh, by=actor.who, address=actor.address)
        return _write(folder, replace(asked, stage="", done=0, total=None, unit="", so_far=""))


def is_worked_on(bench: Workbench) -> bool:
    """Whether somebody does what waits: a server, or `winloss jobs run`."""
    from winloss.search import is_locked

    return any(is_locked(bench.root / FOLDER / lane) for lane in LANES)


def job_json(job: Job) -> dict[str, Any]:
    """A job as the API and the command line give it: what it needs to know, and from where it was asked, stay here."""
    told = {item.name: getattr(job, item.name) for item in fields(job) if item.name not in ("given", "address")}
    return {**told, "kind": job.kind.value, "state": job.state.value, "result": dict(job.result)}


# --- for whoever does the work ---------------------------------------------------------------------------------------


def take_up(bench: Workbench, kinds: Collection[JobKind] = tuple(JobKind)) -> list[Job]:
    """What ran when its server died, made to wait again or told to be interrupted. For who alone does these kinds."""
    with _queue(bench) as folder:
        running = [job for job in _read_all(folder) if job.state is JobState.RUNNING]
        left = [job for job in running if job.kind in kinds]
        others = {job.id for job in running if job.kind not in kinds}
        for torn in folder.glob("*.new"):
            if torn.name.partition(".")[0] not in others:
                torn.unlink(missing_ok=True)
        return [_write(folder, _left_behind(bench, job)) for job in left]


def begin_next(bench: Workbench, kinds: Collection[JobKind] = tuple(JobKind)) -> Job | None:
    """The job of these kinds that waits longest, now running; None where none waits."""
    with _queue(bench) as folder:
        waiting = (job for job in _read_all(folder) if job.state is JobState.WAITING and job.kind in kinds)
        job = next(waiting, None)
        if job is None:
            return None
        begun = replace(job, state=JobState.RUNNING, began_at=bench.clock.now(), attempts=job.attempts + 1)
        return _write(folder, begun)


def note(bench: Workbench, job: Job) -> Job:
    """Write down how a running job stands."""
    return _write(bench.root / FOLDER, job)


def end_well(bench: Workbench, job: Job) -> Job:
    """It is done: what it needed to know goes, and so do jobs that ended long ago."""
    done = replace(job, state=JobState.DONE, given={}, ended_at=bench.clock.now(), done=0, total=None, stage="")
    with _queue(bench) as folder:
        _write(folder, done)
        ended = [item for item in _read_all(folder) if not item.is_open]
        for item in ended[:-KEPT]:
            _place(folder, item.id).unlink(missing_ok=True)
    return done


def end_badly(bench: Workbench, job: Job, error: WinlossError) -> Job:
    """It failed, with what to do next."""
    ended = replace(job, state=JobState.FAILED, ended_at=bench.clock.now(), error=error.message, hint=error.hint)
    return note(bench, ended)


def trim(bench: Workbench) -> None:
    """Forget every job that has ended: its words may name who is forgotten."""
    with _queue(bench) as folder:
        for job in _read_all(folder):
            if not job.is_open:
                _place(folder, job.id).unlink(missing_ok=True)


def _left_behind(bench: Workbench, job: Job) -> Job:
    if job.attempts < MOST_ATTEMPTS:
        return replace(job, state=JobState.WAITING, stage="", done=0, total=None)
    error = f"the server stopped {job.attempts} times while this ran"
    hint = "Look into the server's log and its memory, then try again; with large files on the command line."
    return replace(job, state=JobState.INTERRUPTED, ended_at=bench.clock.now(), error=error, hint=hint)


# --- files -----------------------------------------------------------------------------------------------------------


@contextmanager
def _queue(bench: Workbench) -> Iterator[Path]:
    """The folder of the queue, while nobody else changes which jobs wait."""
    from winloss.search import locked

    folder = bench.root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / QUEUE_LOCK):
        yield folder


def _place(folder: Path, job_id: str) -> Path:
    return folder / f"{job_id}.json"


def _found(folder: Path, job_id: str) -> Job:
    found = next((job for job in _read_all(folder) if job.id == job_id), None)
    if found is None:
        raise NotFound(f"no job {job_id}", hint="`winloss jobs` and the page of jobs list those that are remembered.")
    return found


def _read_all(folder: Path) -> list[Job]:
    """Every job in the order in which it is to be done; what is no job of this version is left alone."""
    found = (job for path in folder.glob("j*.json") if (job := _read(path)))
    return sorted(found, key=lambda job: job.number)


def _read(path: Path) -> Job | None:
    try:
        it = path.stat()
        return _parsed(path, it.st_ino, it.st_mtime_ns, it.st_size)
    except OSError:
        return None


@lru_cache(maxsize=4 * KEPT)
def _parsed(path: Path, *_mark: int) -> Job | None:
    """What a file says; one that was not replaced since is not read again: whoever works looks twice a second."""
    known = {item.name for item in fields(Job)}
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        told = {name: value for name, value in told.items() if name in known}
        return Job(**{**told, "kind": JobKind(told["kind"]), "state": JobState(told["state"])})
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _write(folder: Path, job: Job) -> Job:
    """Replace a job's file whole; durable on return."""
    told = {item.name: getattr(job, item.name) for item in fields(job)}
    aside = folder / f"{job.id}.{token_hex(4)}.new"
    with aside.open("w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(_place(folder, job.id))
    return job
