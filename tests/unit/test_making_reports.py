"""Reports as jobs: made with progress, kept as they were, opened only as far as rights allow, and resumed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import StillClock, with_stand_ins
from tests.unit.chatting import BAD, ChatServer, chat_server, one_that_holds
from tests.unit.webtools import made_report, small_workspace
from winloss.bootstrap import open_workbench
from winloss.chat import ChatModel, address_of
from winloss.errors import Conflict, NotAllowed, NotFound, QueryError
from winloss.model import Access, Filters, Report
from winloss.ports import Workbench
from winloss.report import SUFFIXES
from winloss.services import journal
from winloss.services.erasure.forgetting import Wish as Forgetting
from winloss.services.erasure.forgetting import forget
from winloss.services.quote_rights.rights import Target, set_rights
from winloss.services.reports import keeping, making, reporting
from winloss.services.reports.keeping import KeptReport
from winloss.services.reports.making import Wish
from winloss.services.reports.plain_data import as_data, from_data
from winloss.services.team import users
from winloss.services.workspace import jobs, working
from winloss.services.workspace.jobs import Job, JobState

HOME = Path(__file__).parents[2]


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Workbench]:
    with small_workspace(tmp_path) as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server(one_that_holds) as opened:
        yield opened


def with_model(bench: Workbench, server: ChatServer) -> Workbench:
    address = address_of(server.url, allow_remote=False)
    model = ChatModel(address, model="tiny", key="", seconds=5.0, wait=lambda _: None)
    return replace(bench, drafter=lambda: model)


def asked(bench: Workbench, **wish: object) -> Job:
    found = making.ask(bench, Wish(**{"quarter": "2026Q2", **wish}))  # type: ignore[arg-type]
    assert isinstance(found, Job)
    return found


def done(bench: Workbench, job: Job) -> Job:
    working.work(bench)
    return jobs.find(bench, job.id)


def rendered(bench: Workbench, report: Report, suffix: str, behind: dict | None = None) -> str | bytes:
    held = (lambda scope: behind[scope]) if behind is not None else None
    return reporting.render_report(bench, report, suffix=suffix, link=lambda name: f"/v/{name}", behind=held)


# --- made and kept ---------------------------------------------------------------------------------------------------


def test_a_kept_report_is_to_the_byte_the_one_that_was_made_also_when_the_evidence_has_changed(
    filled: Workbench,
) -> None:
    whole = reporting.compose(filled, "2026Q2")
    before = {suffix: rendered(filled, whole, suffix) for suffix in SUFFIXES}
    job = done(filled, asked(filled))
    assert (job.state, job.error) == (JobState.DONE, None)
    changed = filled.store.documents()[3].id
    set_rights(filled, Target(document=changed), rights="named", by="Dana")
    kept, content = keeping.opened(filled, job.result["report"])
    assert (kept.parts, kept.cited) == (len(whole.parts), len(whole.cited))
    for suffix in SUFFIXES:
        assert rendered(filled, content.report, suffix, dict(content.behind)) == before[suffix], suffix


def test_what_is_written_down_comes_back_equal_and_another_shape_is_refused(filled: Workbench) -> None:
    whole = reporting.compose(filled, "2026Q2")
    told = json.loads(json.dumps(as_data(whole)))
    assert from_data(Report, told) == whole
    for wrong in ({**told, "colour": "red"}, {**told, "parts": 3}, {**told, "title": None}, {"title": "x"}, []):
        with pytest.raises(ValueError, match="no "):
            from_data(Report, wrong)


def test_the_same_report_is_not_made_twice_and_another_is_once_the_evidence_changes(filled: Workbench) -> None:
    first = made_report(filled)
    assert made_report(filled) == first
    assert made_report(filled, segment="federal") != first
    assert made_report(filled, against="2026Q1") == made_report(filled, quarter="2026Q1", against="2026Q2")
    set_rights(filled, Target(document=filled.store.documents()[0].id), rights="internal", by="Dana")
    assert made_report(filled) != first
    assert len(keeping.listed(filled)) == 4


def test_what_cannot_be_made_is_refused_where_it_is_asked_for(filled: Workbench) -> None:
    for wish, error in (
        (Wish(quarter="2031Q1"), NotFound),
        (Wish(quarter="soon"), QueryError),
        (Wish(quarter="2026Q2", against="2026Q2"), QueryError),
        (Wish(quarter="2026Q2", filters=Filters(segment=("nowhere",))), QueryError),
    ):
        with pytest.raises(error):
            making.ask(filled, wish)
    assert jobs.jobs(filled) == []


def test_sections_are_counted_while_they_are_made_and_all_are_counted(filled: Workbench) -> None:
    seen: list[tuple[str, int, int | None]] = []

    class Watching(working.Running):
        def _at(self, **told: object) -> None:
            super()._at(**told)
            seen.append((self.job.stage, self.job.done, self.job.total))

    job = asked(filled)
    begun = jobs.begin_next(filled)
    assert begun is not None
    watching = Watching(filled, begun)
    with watching:
        making.make(replace(filled, progress=watching), job.id, making.wish_of(job.given))
    told = [(come, total) for stage, come, total in seen if stage == "putting the sections together"]
    put = list(dict.fromkeys(told))  # a sign of life, on a slow machine, tells the same count again
    assert put == sorted(put) and told == sorted(told)
    assert put[0] == (0, put[-1][0])
    assert [come for come, _ in put] == [*range(len(put))]
    assert {total for _, total in put} == {len(put) - 1}
    assert {stage for stage, _, _ in seen} >= {"holding the report against the verbatims"}


def test_a_report_that_waits_is_cancelled_and_one_that_fails_says_what_to_do(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = asked(filled)
    assert jobs.cancel(filled, job.id).state is JobState.CANCELLED
    monkeypatch.setattr("winloss.report.verifying.breaches", lambda *_, **__: ["a statement without a citation"])
    jobs.again(filled, job.id)
    failed = done(filled, job)
    assert failed.state is JobState.FAILED
    assert "breaks its own rules" in str(failed.error)
    assert failed.hint
    assert keeping.listed(filled) == []


def test_a_report_is_made_while_something_is_taken_in(filled: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    waited = jobs.submit(filled, jobs.JobKind.UPDATE, "")
    assert jobs.before(filled, asked(filled)) == 0
    working.work(filled, lanes=("reports.lock",))
    assert [job.state for job in jobs.jobs(filled)] == [JobState.DONE, JobState.WAITING]
    assert jobs.find(filled, waited.id).state is JobState.WAITING


# --- rights ----------------------------------------------------------------------------------------------------------


def test_who_may_no_longer_do_it_has_nothing_done(filled: Workbench, server: ChatServer) -> None:
    bench = with_model(filled, server)
    for name, access in (("Ada", Access.ADMIN), ("Rita", Access.RESEARCHER), ("Vic", Access.VIEWER)):
        users.add(bench, name, access, "a long enough password")
    with journal.acting("Vic", "10.0.0.7"):
        report = done(bench, asked(bench))
    assert report.state is JobState.DONE
    with journal.acting("Rita", "10.0.0.8"):
        drafting = making.ask_draft(bench, report.result["report"])
    users.set_access(bench, "Rita", Access.VIEWER)
    refused = done(bench, drafting)
    assert (refused.state, refused.error) == (JobState.FAILED, "Rita may no longer do this")
    assert refused.hint
    assert not server.asked
    with journal.acting("Ada", "10.0.0.9"):
        jobs.again(bench, drafting.id)
    drafted = done(bench, drafting)
    assert drafted.state is JobState.DONE
    assert keeping.find(bench, drafted.result["report"]).by == "Ada"
    with journal.acting("Vic", "10.0.0.7"):
        gone = asked(bench, filters=Filters(segment=("federal",)))
    users.remove(bench, "Vic")
    assert done(bench, gone).state is JobState.FAILED


def test_a_kept_report_stays_shut_where_rights_allow_less_than_it_prints(filled: Workbench) -> None:
    there = made_report(filled).rpartition("/")[2]
    _, content = keeping.opened(filled, there)
    cited = content.report.cited[0]
    set_rights(filled, Target(document=cited.document_id), rights="internal", by="Dana")
    _, content = keeping.opened(filled, there)
    assert {item.rights for item in content.report.cited if item.id == cited.id} == {"internal"}
    set_rights(filled, Target(document=cited.document_id), rights="no_quote", by="Dana")
    with pytest.raises(NotAllowed, match="1 verbatim of the") as refused:
        keeping.opened(filled, there)
    assert "Make it again" in refused.value.hint
    again = made_report(filled).rpartition("/")[2]
    assert cited.id not in {item.id for item in keeping.opened(filled, again)[1].report.cited}


def test_forgetting_gives_every_kept_report_up_and_leaves_what_it_was_of(filled: Workbench) -> None:
    there = made_report(filled, segment="federal").rpartition("/")[2]
    (person,) = {item.speaker for item in filled.store.passages([keeping.opened(filled, there)[1].report.cited[0].id])}
    forget(filled, Forgetting(people=(str(person),)))
    kept = keeping.find(filled, there)
    assert (kept.given_up, kept.quarter, kept.filters.segment) == (True, "2026Q2", ("federal",))
    with pytest.raises(NotFound, match="forgotten"):
        keeping.opened(filled, there)
    assert [path.name for path in (filled.root / keeping.FOLDER).iterdir()] == [f"{there}.json"]
    assert made_report(filled, segment="federal").rpartition("/")[2] != there


def test_a_report_is_removed_and_what_is_no_report_is_left_alone(filled: Workbench) -> None:
    there = made_report(filled).rpartition("/")[2]
    folder = filled.root / keeping.FOLDER
    (folder / "rtorn.json").write_text('{"version": 1, "told"', encoding="utf-8")
    (folder / "rnewer.json").write_text('{"version": 99}', encoding="utf-8")
    assert [kept.id for kept in keeping.listed(filled)] == [there]
    (folder / f"{there}.json.gz").write_bytes(b"no zip")
    with pytest.raises(NotFound, match="cannot be read"):
        keeping.opened(filled, there)
    keeping.remove(filled, there)
    for name in (there, "../winloss", "r" + "a" * 16):
        with pytest.raises(NotFound):
            keeping.find(filled, name)


# --- drafting --------------------------------------------------------------------------------------------------------


def test_drafting_tells_how_many_sentences_were_accepted_and_dropped(filled: Workbench, server: ChatServer) -> None:
    bench = with_model(filled, server)
    there = made_report(bench, segment="federal").rpartition("/")[2]
    job = done(bench, making.ask_draft(bench, there))
    assert (job.state, job.so_far) == (JobState.DONE, "2 sentences drafted: 1 accepted, 1 dropped")
    kept, content = keeping.opened(bench, job.result["report"])
    assert (kept.of, kept.drafted, content.model) == (there, 1, "tiny")
    assert [item.words for item in content.dropped] == [BAD[0]]
    told = [it.text for part in content.report.parts for one in part.sections for it in one.statements if it.drafted]
    assert [text.startswith("Drafted: ‘") and "10 of 20 people" in text for text in told] == [True]
    assert keeping.opened(bench, there)[0].drafted is None
    with pytest.raises(QueryError):
        making.ask_draft(bench, made_report(bench, against="2026Q1").rpartition("/")[2])


def test_a_model_that_does_not_answer_fails_the_job_and_leaves_the_report(
    filled: Workbench, server: ChatServer
) -> None:
    bench = with_model(filled, server)
    there = made_report(bench, segment="federal").rpartition("/")[2]
    server.write = lambda _: "no json"
    job = making.ask_draft(bench, there)
    failed = done(bench, job)
    assert failed.state is JobState.FAILED
    assert "language model" in str(failed.error)
    assert "[drafting]" in str(failed.hint)
    assert [kept.id for kept in keeping.listed(bench)] == [there]
    server.write = one_that_holds
    jobs.again(bench, job.id)
    assert done(bench, job).state is JobState.DONE


# --- a server that dies ----------------------------------------------------------------------------------------------


def killed_at(root: Path, *given: str) -> None:
    """Let a process of its own work until that moment, then kill it."""
    command = [sys.executable, "-m", "tests.unit.killed_report", str(root), *given]
    child = subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "here\n"
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


@pytest.mark.parametrize("moment", ["composing", "kept"])
def test_a_report_that_was_made_when_the_server_was_killed_is_made_once_by_the_next(
    filled: Workbench, moment: str
) -> None:
    killed_at(filled.root, moment)
    left = jobs.jobs(filled)[0]
    assert left.state is JobState.RUNNING
    assert len(keeping.listed(filled)) == (moment == "kept")
    job = done(filled, left)
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert [kept.id for kept in keeping.listed(filled)] == [job.result["report"]]


def test_drafting_goes_on_after_the_server_was_killed_and_asks_for_the_rest_only(
    filled: Workbench, server: ChatServer
) -> None:
    there = made_report(filled).rpartition("/")[2]
    killed_at(filled.root, "asking", server.url)
    assert len(server.asked) == 1
    bench = with_model(with_stand_ins(open_workbench(filled.root, clock=StillClock())), server)
    job = done(bench, jobs.jobs(bench)[0])
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    parts = {server.data(number)["part"] for number in range(len(server.asked))}
    assert len(parts) == len(server.asked) > 1
    assert keeping.find(bench, job.result["report"]).of == there
    with pytest.raises(Conflict):
        jobs.again(bench, job.id)
    assert isinstance(making.ask(bench, Wish(quarter="2026Q2")), KeptReport)
