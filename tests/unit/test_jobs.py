"""Long work: a queue that outlives its server, tells how far it is, and ends in something or in a reason."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import StillClock, with_stand_ins
from tests.unit.killed_job import CALL
from winloss.bootstrap import open_workbench
from winloss.errors import ConfigError, Conflict, NotFound
from winloss.model import Filters, Side
from winloss.services import analysis, journal
from winloss.services.erasure import forgetting
from winloss.services.search import searching
from winloss.services.sources import intake, staging
from winloss.services.workspace import jobs, working
from winloss.services.workspace.jobs import JobKind, JobState

HOME = Path(__file__).parents[2]


def killed_at(root: Path, moment: str) -> None:
    """Let a process of its own work until that moment, then kill it."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.killed_job", str(root), moment], cwd=HOME, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "here\n"
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def opened(root: Path):
    return with_stand_ins(open_workbench(root, clock=StillClock()))


@pytest.mark.parametrize("moment", ["read", "understanding"])
def test_what_ran_when_the_server_was_killed_is_done_by_the_next(tmp_path, moment):
    root = tmp_path / "workspace"
    killed_at(root, moment)
    bench = opened(root)
    left = jobs.jobs(bench)[0]
    assert left.state is JobState.RUNNING
    assert not jobs.is_worked_on(bench)
    working.work(bench)
    job = jobs.find(bench, left.id)
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert [item["status"] for item in job.result["files"]] == ["unchanged" if moment == "read" else "added"]
    assert [(item.external_id, item.account) for item in bench.store.documents()] == [("call-1", "Globex")]
    assert staging.uploads(bench) == []
    sides = {item.speaker.name: item.speaker.side for item in bench.store.speakers()}
    assert sides["Ravi Anand"] is Side.VENDOR
    found = searching.search(bench, "pilot", Filters(), mode="words", limit=9).hits
    assert [hit.passage.text for hit in found] == ["A pilot on our own traffic proved more than any slide."]
    bench.store.close()


def test_a_job_that_takes_every_server_down_is_begun_no_more_until_somebody_asks(bench, monkeypatch):
    monkeypatch.setitem(working.WORK, JobKind.UPDATE, lambda *_: None)
    asked = jobs.submit(bench, JobKind.UPDATE, "")
    for attempt in range(jobs.MOST_ATTEMPTS):
        assert [job.state for job in jobs.take_up(bench)] == ([JobState.WAITING] if attempt else [])
        assert jobs.begin_next(bench) is not None
    working.work(bench)
    job = jobs.find(bench, asked.id)
    assert (job.state, job.attempts) == (JobState.INTERRUPTED, jobs.MOST_ATTEMPTS)
    assert job.hint
    jobs.again(bench, job.id)
    working.work(bench)
    assert jobs.find(bench, job.id).state is JobState.DONE


def test_jobs_are_done_in_the_order_in_which_they_were_asked_for(bench, monkeypatch):
    done = []
    for kind in (JobKind.UPDATE, JobKind.TAKE_IN, JobKind.FORGET):
        monkeypatch.setitem(working.WORK, kind, lambda _, running: done.append(running.job.about))
    for number, kind in enumerate((JobKind.UPDATE, JobKind.FORGET, JobKind.TAKE_IN)):
        jobs.submit(bench, kind, str(number), {"n": number})
    working.work(bench)
    assert done == ["0", "1", "2"]
    assert [job.about for job in jobs.jobs(bench)] == ["2", "1", "0"]
    assert {job.state for job in jobs.jobs(bench)} == {JobState.DONE}
    assert all(not job.given for job in jobs.jobs(bench))


def test_the_same_thing_is_not_asked_for_twice(bench):
    first = jobs.submit(bench, JobKind.UPDATE, "")
    assert jobs.submit(bench, JobKind.UPDATE, "").id == first.id
    begun = jobs.begin_next(bench)
    assert begun is not None
    assert jobs.submit(bench, JobKind.UPDATE, "").id != first.id, "what came since is not in the one that runs"
    taking = jobs.submit(bench, JobKind.TAKE_IN, "a", {"upload": "u1"})
    assert jobs.submit(bench, JobKind.TAKE_IN, "a", {"upload": "u1"}).id == taking.id
    assert jobs.submit(bench, JobKind.TAKE_IN, "a", {"upload": "u2"}).id != taking.id


def test_only_what_waits_is_cancelled_and_only_what_ended_badly_is_asked_for_again(bench, monkeypatch):
    job = jobs.submit(bench, JobKind.UPDATE, "")
    with pytest.raises(Conflict):
        jobs.again(bench, job.id)
    assert jobs.cancel(bench, job.id).state is JobState.CANCELLED
    with pytest.raises(Conflict):
        jobs.cancel(bench, job.id)
    working.work(bench)
    assert jobs.find(bench, job.id).state is JobState.CANCELLED
    jobs.again(bench, job.id)
    working.work(bench)
    assert jobs.find(bench, job.id).state is JobState.DONE
    with pytest.raises(Conflict):
        jobs.again(bench, job.id)
    with pytest.raises(NotFound):
        jobs.find(bench, "jnowhere")


def test_a_failure_is_told_with_its_hint_and_the_next_job_is_done(bench, monkeypatch):
    def fails(*_: object) -> None:
        raise ConfigError("the settings are wrong", hint="Mend them.")

    def breaks(*_: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setitem(working.WORK, JobKind.TAKE_IN, fails)
    monkeypatch.setitem(working.WORK, JobKind.FORGET, breaks)
    first = jobs.submit(bench, JobKind.TAKE_IN, "", {"upload": "u"})
    second = jobs.submit(bench, JobKind.FORGET, "", {"documents": ["d"]})
    third = jobs.submit(bench, JobKind.UPDATE, "")
    working.work(bench)
    first, second, third = (jobs.find(bench, job.id) for job in (first, second, third))
    assert (first.state, first.error, first.hint) == (JobState.FAILED, "the settings are wrong", "Mend them.")
    assert second.state is JobState.FAILED
    assert "secret" not in json.dumps(jobs.job_json(second))
    assert third.state is JobState.DONE


def test_how_far_a_job_is_can_be_read_while_it_runs_and_readers_are_served(bench, monkeypatch, tmp_path):
    monkeypatch.setattr(working, "NOTE_EVERY", 0.01)
    (tmp_path / "call-1.txt").write_text(CALL, encoding="utf-8")
    intake.take_in(bench, [tmp_path / "call-1.txt"])
    seen, goes_on = threading.Event(), threading.Event()

    def slow(its_bench, _running) -> None:
        with its_bench.store.transaction(), its_bench.progress.track("reading", total=40) as advance:
            advance(12)
            seen.set()
            assert goes_on.wait(20)

    monkeypatch.setitem(working.WORK, JobKind.UPDATE, slow)
    job = jobs.submit(bench, JobKind.UPDATE, "")
    stop = working.start(bench)
    try:
        assert seen.wait(20)
        until = time.monotonic() + 20
        while jobs.find(bench, job.id).done != 12 and time.monotonic() < until:
            time.sleep(0.01)
        running = jobs.find(bench, job.id)
        assert (running.state, running.stage, running.done, running.total) == (JobState.RUNNING, "reading", 12, 40)
        assert jobs.is_worked_on(bench)
        assert len(bench.store.documents()) == 1
    finally:
        goes_on.set()
        stop.set()
    until = time.monotonic() + 20
    while jobs.find(bench, job.id).is_open and time.monotonic() < until:
        time.sleep(0.01)
    assert jobs.find(bench, job.id).state is JobState.DONE


def test_what_is_done_in_a_job_is_done_in_the_name_of_who_asked(bench, monkeypatch):
    monkeypatch.setitem(working.WORK, JobKind.UPDATE, lambda its, _: journal.note(its, journal.READ_IN, "x"))
    with journal.acting("Mira", "10.0.0.7"):
        jobs.submit(bench, JobKind.UPDATE, "")
    working.work(bench)
    entry = journal.entries(bench)[0]
    assert (entry.who, entry.address) == ("Mira", "10.0.0.7")


def test_forgetting_as_a_job_takes_it_away_and_leaves_no_name_in_the_queue(bench, tmp_path):
    (tmp_path / "call-1.txt").write_text(CALL, encoding="utf-8")
    intake.take_in(bench, [tmp_path / "call-1.txt"])
    analysis.analyse(bench)
    ended = jobs.submit(bench, JobKind.UPDATE, "")
    working.work(bench)
    job = forgetting.ask(bench, forgetting.Wish(people=("Priya Nair",)))
    working.work(bench)
    told = jobs.find(bench, job.id)
    assert told.state is JobState.DONE
    assert told.result["turns"] > 0
    assert "Priya Nair" not in {item.speaker.name for item in bench.store.speakers()}
    with pytest.raises(NotFound):
        jobs.find(bench, ended.id)
    assert all("Priya" not in path.read_text(errors="replace") for path in (bench.root / jobs.FOLDER).glob("*"))


def test_forgetting_that_was_done_before_the_server_died_ends_well(bench, tmp_path):
    (tmp_path / "call-1.txt").write_text(CALL, encoding="utf-8")
    intake.take_in(bench, [tmp_path / "call-1.txt"])
    wish = forgetting.Wish(documents=(bench.store.documents()[0].id,))
    job = forgetting.ask(bench, wish)
    assert jobs.begin_next(bench) is not None
    forgetting.forget(bench, wish)
    working.work(bench)
    assert (jobs.find(bench, job.id).state, jobs.find(bench, job.id).attempts) == (JobState.DONE, 2)


def test_what_is_no_job_is_left_alone_and_old_ones_go(bench, monkeypatch):
    monkeypatch.setattr(jobs, "KEPT", 2)
    folder = bench.root / jobs.FOLDER
    folder.mkdir()
    (folder / "jtorn.json").write_text('{"id": "jto', encoding="utf-8")
    (folder / "jnewer.json").write_text('{"id": "jnewer", "kind": "sing"}', encoding="utf-8")
    for number in range(4):
        jobs.submit(bench, JobKind.UPDATE, str(number), {"n": number})
    working.work(bench)
    assert [job.about for job in jobs.jobs(bench)] == ["3", "2"]
    assert (folder / "jtorn.json").exists()


def test_two_workers_never_work_at_once(bench, monkeypatch):
    at_work: list[int] = []
    most = []

    def counted(*_: object) -> None:
        at_work.append(1)
        most.append(len(at_work))
        time.sleep(0.05)
        at_work.pop()

    monkeypatch.setitem(working.WORK, JobKind.UPDATE, counted)
    for number in range(4):
        jobs.submit(bench, JobKind.UPDATE, "", {"n": number})
    threads = [threading.Thread(target=working.work, args=(replace(bench),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1, 1]
