"""Doing what waits in the queue, one after another: by whoever serves, or by `winloss jobs run`.

Only one worker at a time does the work of a workspace; others wait and go on where it dies. All that the work does can
be done again from the start: files that were read in are known by their bytes, and each stage of the analysis goes on
where it was left.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Lock, Thread
from typing import Any

from winloss.errors import NotFound, WinlossError
from winloss.ports import Workbench
from winloss.services import analysis, journal
from winloss.services.erasure import erasing, forgetting
from winloss.services.presenting import plain
from winloss.services.quote_rights import hidden_names
from winloss.services.sources import staged, staging
from winloss.services.workspace.jobs import (
    FOLDER,
    WORKER_LOCK,
    Job,
    JobKind,
    begin_next,
    end_badly,
    end_well,
    note,
    take_up,
)

LOOK_EVERY = 0.5
NOTE_EVERY = 0.7
"""Seconds between two looks into the queue, and between two notes of how far a job is."""
UPDATING = "bringing everything up to date"

_LOG = logging.getLogger(__name__)


class Accident(WinlossError):
    """Something in a job went wrong that nobody foresaw."""

    code = "WL-INTERNAL"


class Running:
    """A job while it runs: how far it is is noted now and then from beside the work, which never waits for that."""

    def __init__(self, bench: Workbench, job: Job) -> None:
        self._bench = bench
        self._noted = self.job = job
        self._over = Event()
        self._turn = Lock()
        self._noting = Thread(target=self._note_now_and_then, name="job notes", daemon=True)

    def __enter__(self) -> Running:
        self._noting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._noting.join()

    @contextmanager
    def track(self, label: str, *, total: int | None = None, unit: str = "") -> Iterator[Callable[[int], None]]:
        """What the bench shows its progress by; a stage within a stage is shown until it ends."""
        before = self.job
        self._at(stage=label, done=0, total=total, unit=unit)
        come = 0

        def advance(count: int) -> None:
            nonlocal come
            come += count
            self._at(stage=label, done=come, total=total, unit=unit)

        yield advance
        self._at(stage=before.stage, done=before.done, total=before.total, unit=before.unit)

    def stage(self, label: str) -> None:
        """The work has come to another step."""
        self._at(stage=label, done=0, total=None, unit="")

    def came_to(self, **results: object) -> None:
        """Remember what a step came to: it is not done again if the server dies now."""
        self._at(result={**self.job.result, **results})
        self._note()

    def _at(self, **told: Any) -> None:
        self.job = replace(self.job, **told)

    def _note_now_and_then(self) -> None:
        while not self._over.wait(NOTE_EVERY):
            self._note()

    def _note(self) -> None:
        with self._turn:
            if (job := self.job) != self._noted:
                self._noted = note(self._bench, job)


def _take_in(bench: Workbench, running: Running) -> None:
    if "files" not in running.job.result:
        running.stage("reading")
        report = staged.take_in(bench, running.job.given["upload"])
        told = {"files": plain(report.files), "joined": report.joined, "findings": plain(report.findings)}
        running.came_to(**hidden_names.hidden_names(bench).in_result(told))
    staging.drop_taken(bench, running.job.given["upload"], running.job.result["files"])
    _update(bench, running)


def _update(bench: Workbench, running: Running) -> None:
    running.stage(UPDATING)
    running.came_to(analysis=plain(analysis.analyse(bench)))


def _forget(bench: Workbench, running: Running) -> None:
    if "turns" not in running.job.result:
        running.stage("forgetting")
        told = _forgotten(bench, running.job)
        gone = {"documents": len(told.documents), "parts": len(told.parts)}
        running.came_to(**gone, turns=told.turns, verbatims=told.verbatims, deals=told.deals, accounts=told.accounts)
    _update(bench, running)


def _forgotten(bench: Workbench, job: Job) -> forgetting.Plan:
    try:
        return forgetting.forget(bench, forgetting.wish_of(job.given))
    except NotFound:
        if job.attempts == 1:
            raise
        erasing.finish(bench)  # the server died after it was forgotten and before that was noted
        return forgetting.Plan()


WORK: Mapping[JobKind, Callable[[Workbench, Running], None]] = {
    JobKind.TAKE_IN: _take_in,
    JobKind.UPDATE: _update,
    JobKind.FORGET: _forget,
}


def do_next(bench: Workbench) -> Job | None:
    """Do the job that waits longest, and tell how it ended; None where nothing waits."""
    job = begin_next(bench)
    if job is None:
        return None
    running = Running(bench, job)
    try:
        with running, journal.acting(job.by, job.address):
            WORK[job.kind](replace(bench, progress=running), running)
    except WinlossError as error:
        return end_badly(bench, running.job, error)
    except Exception:  # noqa: BLE001 - the worker outlives whatever a job does
        _LOG.exception("job %s (%s) failed", job.id, job.kind)
        hint = "Nothing that was stored is lost. The details are in the log of the command that serves this app."
        return end_badly(bench, running.job, Accident("something went wrong here", hint=hint))
    return end_well(bench, running.job)


def work(bench: Workbench, *, until: Event | None = None, told: Callable[[Job], None] | None = None) -> None:
    """Do what waits, and what comes, until told to stop; without `until`, only what waits."""
    from winloss.search import locked

    folder = bench.root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / WORKER_LOCK):
        take_up(bench)
        while until is None or not until.is_set():
            job = do_next(bench)
            if job is not None and told is not None:
                told(job)
            if job is None and (until is None or until.wait(LOOK_EVERY)):
                return


def start(bench: Workbench) -> Event:
    """Do what waits in a thread of this process; setting the event stops it after the job that runs."""
    stop = Event()
    Thread(target=work, args=(bench,), kwargs={"until": stop}, name="jobs", daemon=True).start()
    return stop
