"""Doing what waits in the queue, by whoever serves, or by `winloss jobs run`: each lane one after another.

Only one worker at a time does the work of a lane of a workspace; others wait and go on where it dies. All that the work
does can be done again from the start: files that were read in are known by their bytes, each stage of the analysis goes
on where it was left, and what a language model answered is kept part by part.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from threading import Event, Lock, Thread
from typing import Any

from winloss.errors import NoAccess, NotFound, WinlossError
from winloss.model import name_key
from winloss.ports import Workbench
from winloss.services import analysis, journal
from winloss.services.audit import asking_audits
from winloss.services.belief import believing
from winloss.services.erasure import erasing, forgetting
from winloss.services.presenting import plain
from winloss.services.quote_rights import hidden_names
from winloss.services.reports import making
from winloss.services.sources import staged, staging
from winloss.services.workspace.job_kinds import LANES, NEEDS, JobKind
from winloss.services.workspace.jobs import (
    FOLDER,
    Job,
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

    def say(self, so_far: str) -> None:
        """Tell in words what came of the work so far."""
        self._at(so_far=so_far)

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


def _report(bench: Workbench, running: Running) -> None:
    if "report" not in running.job.result:
        running.came_to(report=making.make(bench, running.job.id, making.wish_of(running.job.given)).id)


def _draft(bench: Workbench, running: Running) -> None:
    if "report" not in running.job.result:
        drafted = making.draft(bench, running.job.id, str(running.job.given["report"]), say=running.say)
        running.came_to(report=drafted.id)


def _audit(bench: Workbench, running: Running) -> None:
    if "audit" not in running.job.result:
        running.stage("reading the deck")
        given = running.job.given
        made = asking_audits.audit(bench, str(given["deck"]), keep=bool(given["keep"]), by=given["by"])
        running.came_to(audit=made)


def _read(bench: Workbench, running: Running) -> None:
    running.stage("reading for the beliefs")
    running.came_to(beliefs=believing.prepare(bench))


WORK: Mapping[JobKind, Callable[[Workbench, Running], None]] = {
    JobKind.TAKE_IN: _take_in,
    JobKind.UPDATE: _update,
    JobKind.FORGET: _forget,
    JobKind.REPORT: _report,
    JobKind.DRAFT: _draft,
    JobKind.AUDIT: _audit,
    JobKind.READ: _read,
}


def do_next(bench: Workbench, kinds: Collection[JobKind] = tuple(JobKind)) -> Job | None:
    """Do the job of these kinds that waits longest, and tell how it ended; None where none waits."""
    job = begin_next(bench, kinds)
    if job is None:
        return None
    running = Running(bench, job)
    try:
        with running, journal.acting(job.by, job.address):
            _check_who_asked(bench, job)
            WORK[job.kind](replace(bench, progress=running), running)
    except WinlossError as error:
        return end_badly(bench, running.job, error)
    except Exception:  # noqa: BLE001 - the worker outlives whatever a job does
        _LOG.exception("job %s (%s) failed", job.id, job.kind)
        hint = "Nothing that was stored is lost. The details are in the log of the command that serves this app."
        return end_badly(bench, running.job, Accident("something went wrong here", hint=hint))
    return end_well(bench, running.job)


def work(
    bench: Workbench,
    *,
    lanes: Collection[str] = tuple(LANES),
    until: Event | None = None,
    told: Callable[[Job], None] | None = None,
) -> None:
    """Do what waits in these lanes, and what comes, until told to stop; without `until`, only what waits."""
    from winloss.search import locked

    kinds = [kind for lane in lanes for kind in LANES[lane]]
    with ExitStack() as held:
        for lane in lanes:
            held.enter_context(locked(bench.root / FOLDER / lane))
        take_up(bench, kinds)
        while until is None or not until.is_set():
            job = do_next(bench, kinds)
            if job is not None and told is not None:
                told(job)
            if job is None and (until is None or until.wait(LOOK_EVERY)):
                return


def start(bench: Workbench) -> Event:
    """Do what waits in threads of this process; setting the event stops each after the job that runs."""
    stop = Event()
    for lane in LANES:
        given = {"lanes": (lane,), "until": stop}
        Thread(target=work, args=(bench,), kwargs=given, name=f"jobs {lane}", daemon=True).start()
    return stop


def _check_who_asked(bench: Workbench, job: Job) -> None:
    """Whoever asked for it may still do that: somebody may have been removed, or given another role, since."""
    if job.address == journal.COMMAND_LINE or not bench.store.has_users():
        return
    user = bench.store.user(name_key(job.by or ""))
    if user is None or not user.access.allows(NEEDS[job.kind]):
        who = job.by or "whoever asked for this"
        raise NoAccess(f"{who} may no longer do this", hint="Somebody who may do it can try it again.")
