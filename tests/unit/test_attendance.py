"""Lists of participants: known by their header, laid over the transcripts beside them, never documents themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

import ingest
from winloss.model import Attendee, Participant, ReadDocument, ReadTurn, Side, SourceKind
from winloss.services.sources import intake, preview

ZOOM = """Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,In Waiting Room
Dana Ortiz,dana@fernhill.example,04/14/2026 10:00:00 AM,04/14/2026 10:31:00 AM,31,No,No
Priya Nair (pnair-laptop),priya@mill.example,04/14/2026 10:01:00 AM,04/14/2026 10:12:00 AM,11,Yes,No
Priya Nair (pnair-laptop),priya@mill.example,04/14/2026 10:13:00 AM,04/14/2026 10:31:00 AM,18,Yes,No
14155550134,,04/14/2026 10:02:00 AM,04/14/2026 10:20:00 AM,18,Yes,No
"""
ZOOM_WITH_MEETING = (
    "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants,\n"
    '"812 3456 7890",Loss interview,04/14/2026 10:00:00 AM,04/14/2026 10:31:00 AM,dana@fernhill.example,31,4,\n\n'
) + ZOOM
TEAMS = """1. Summary
Meeting title\tLoss interview
Attended participants\t2
Start time\t4/14/26, 10:00:00 AM

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Dana Ortiz\t4/14/26, 10:00:00 AM\t4/14/26, 10:31:00 AM\t31m\tdana@fernhill.example\tdana@fernhill.example\tOrganizer
Priya Nair (Guest)\t4/14/26, 10:01:00 AM\t4/14/26, 10:31:00 AM\t30m\t\tpriya@mill.example\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Nobody Else\t4/14/26, 10:00:00 AM\t4/14/26, 10:31:00 AM\t31m\tx@y.example\tAttendee
"""
GENERIC = """name;title;email;company
Dana Ortiz;Win/Loss Interviewer;dana@fernhill.example;Fernhill
Priya Nair;SOC Manager;priya@mill.example;Mill
"""
CALL = """WEBVTT

00:00:01.000 --> 00:00:04.000
Dana Ortiz: Why did you look at all, back then?

00:00:10.000 --> 00:00:18.000
Priya Nair: The alerts were slow and we had nobody left to read them.
"""


def people(folder: Path, text: str, *, encoding: str = "utf-8") -> list[Attendee]:
    path = folder / "list.csv"
    path.write_bytes(text.encode(encoding))
    seen = ingest.probe(path)
    assert ingest.is_attendance(seen)
    return list(ingest.read_attendance(path, seen))


def delivered(folder: Path, **files: str) -> Path:
    """A folder with these files; `call_1` is `call-1.vtt`, anything else a CSV file."""
    place = folder / "drop"
    place.mkdir(exist_ok=True)
    for name, text in files.items():
        suffix = "vtt" if text.startswith("WEBVTT") else "csv"
        (place / f"{name.replace('_', '-')}.{suffix}").write_text(text, encoding="utf-8")
    return place


def speakers(bench, name: str = "call-1"):
    document = next(item for item in bench.store.documents() if item.external_id == name)
    return {turn.speaker.name: turn.speaker for turn in bench.store.turns(document.id)}


@pytest.mark.parametrize("text", [ZOOM, ZOOM_WITH_MEETING], ids=["people", "meeting above"])
def test_the_participants_report_of_zoom(tmp_path, text):
    found = people(tmp_path, text)
    assert found == [
        Attendee(person=Participant(name="Dana Ortiz", email="dana@fernhill.example")),
        Attendee(person=Participant(name="Priya Nair", email="priya@mill.example"), joined_as="pnair-laptop"),
        Attendee(person=Participant(name="14155550134")),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_attendance_report_of_teams_ends_with_its_section(tmp_path, encoding):
    assert [item.person for item in people(tmp_path, TEAMS, encoding=encoding)] == [
        Participant(name="Dana Ortiz", email="dana@fernhill.example"),
        Participant(name="Priya Nair (Guest)", email="priya@mill.example"),
    ]


def test_a_table_of_people(tmp_path):
    assert [item.person for item in people(tmp_path, GENERIC)][1] == Participant(
        name="Priya Nair", title="SOC Manager", email="priya@mill.example", affiliation="Mill"
    )
    split = (
        "First Name,Last Name,Job Title,Side,Phone\nPriya,Nair,CISO,Buyer,+1 415\nMo,,Rep,boss,\n,,,,\nAnn,Lee,X,,\n"
    )
    assert [item.person for item in people(tmp_path, split)] == [
        Participant(name="Priya Nair", title="CISO", side=Side.BUYER),
        Participant(name="Mo", title="Rep"),
    ]


@pytest.mark.parametrize(
    "header",
    [
        "name,quote,email",
        "speaker,start,end,text",
        "name,timestamp,duration,message",
        "name,industry,employees,domain",
        "id,name,stage,amount,email",
        "name,company",
        "file,interview_date,account,participants",
        "interview_id,participant,title,quote",
        "title,email",
    ],
)
def test_other_tables_are_no_lists_of_people(tmp_path, header):
    path = tmp_path / "list.csv"
    path.write_text(f"{header}\n{','.join('x' * (header.count(',') + 1))}\n")
    assert not ingest.is_attendance(ingest.probe(path))


def test_no_source_of_another_kind_is_taken_for_a_list_of_people():
    files = sorted((Path(__file__).parent.parent / "golden" / "files").iterdir())
    assert len(files) > 20
    assert [path.name for path in files if ingest.is_attendance(ingest.probe(path))] == []


def test_no_reader_claims_a_list_of_people(tmp_path):
    for number, text in enumerate((ZOOM, ZOOM_WITH_MEETING, TEAMS, GENERIC)):
        path = tmp_path / f"list{number}.csv"
        path.write_text(text, encoding="utf-8")
        assert [reader.name for reader in ingest.READERS if reader.identify(ingest.probe(path))] == []


def test_a_list_beside_a_call_tells_who_its_people_are(bench, tmp_path):
    report = intake.take_in(bench, [delivered(tmp_path, call_1=CALL, anything=GENERIC)])
    assert [(item.path, item.status) for item in report.files] == [("drop/call-1.vtt", "added")]
    assert [(item.code, item.where) for item in report.findings] == [("participants", "drop/anything.csv")]
    assert "used for 1 file " in report.findings[0].message
    found = speakers(bench)
    assert (found["Dana Ortiz"].side, found["Dana Ortiz"].title) == (Side.INTERVIEWER, "Win/Loss Interviewer")
    assert (found["Priya Nair"].role, found["Priya Nair"].title) == ("secops_lead", "SOC Manager")
    (document,) = bench.store.documents()
    assert {person.email for person in bench.store.reachable_people()[document.id]} >= {"priya@mill.example"}


def test_the_name_somebody_joined_under_becomes_their_name(bench, tmp_path):
    asked = "\n\n00:00:20.000 --> 00:00:21.000\nDana Ortiz: And then?"
    answered = "\n\n00:00:22.000 --> 00:00:25.000\npnair-laptop: We left."
    call = CALL.strip().replace("Priya Nair:", "pnair-laptop:") + asked + answered
    intake.take_in(bench, [delivered(tmp_path, call_1=call, list=ZOOM)])
    assert set(speakers(bench)) == {"Dana Ortiz", "Priya Nair"}


def test_a_list_that_names_files_or_meetings_is_about_those_only(bench, tmp_path):
    listed = "file,name,title\ncall-1.vtt,Priya Nair,CISO\ncall-2,Priya Nair,SOC Manager\ncall-9,Dana Ortiz,CFO\n"
    other = CALL.replace("slow", "late")
    intake.take_in(bench, [delivered(tmp_path, call_1=CALL, call_2=other, list=listed)])
    assert [speakers(bench, name)["Priya Nair"].title for name in ("call-1", "call-2")] == ["CISO", "SOC Manager"]
    assert speakers(bench)["Dana Ortiz"].title is None


def test_a_meetings_title_tells_which_call_and_one_call_alone_is_meant(bench, tmp_path):
    listed = "meeting,name,title\nLoss interview Mill,Priya Nair,CISO\n"
    intake.take_in(bench, [delivered(tmp_path, call_1=CALL, list=listed)])
    assert speakers(bench)["Priya Nair"].title == "CISO"
    document = ReadDocument(
        kind=SourceKind.INTERVIEW,
        external_id="x",
        title="Loss interview Mill",
        turns=(ReadTurn(speaker="Priya Nair", text="Well."),),
    )
    meant = Attendee(person=Participant(name="Priya Nair", title="CISO"), place="loss interview mill")
    other = Attendee(person=Participant(name="Priya Nair", title="CFO"), place="another")
    assert ingest.apply_attendance(document, [other, meant], Path("x.vtt")).participants == (meant.person,)
    assert ingest.apply_attendance(document, [other], Path("x.vtt")) == document


def test_what_the_source_says_itself_is_kept():
    told = Participant(name="priya nair", title="CISO", side=Side.BUYER)
    document = ReadDocument(kind=SourceKind.INTERVIEW, external_id="x", turns=(), participants=(told,))
    listed = Attendee(person=Participant(name="Priya Nair", title="Analyst", email="p@mill.example", side=Side.VENDOR))
    (person,) = ingest.apply_attendance(document, [listed], Path("x.vtt")).participants
    assert person == Participant(name="priya nair", title="CISO", side=Side.BUYER, email="p@mill.example")


def test_a_list_in_which_nobody_speaks_is_told(bench, tmp_path):
    strangers = GENERIC.replace("Dana Ortiz", "Ann Lee").replace("Priya Nair", "Bo Berg")
    report = intake.take_in(bench, [delivered(tmp_path, call_1=CALL, list=strangers)])
    assert [(item.code, item.where) for item in report.findings] == [("participants-unheard", "drop/list.csv")]
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "list.csv").write_text(GENERIC)
    report = intake.take_in(bench, [alone])
    assert (report.files, [item.code for item in report.findings]) == ((), ["participants-unheard"])


def test_a_mended_list_lets_the_call_be_read_again(bench, tmp_path):
    folder = delivered(tmp_path, call_1=CALL, list=GENERIC)
    intake.take_in(bench, [folder])
    assert [item.status for item in intake.take_in(bench, [folder]).files] == ["unchanged"]
    delivered(tmp_path, list=GENERIC.replace("SOC Manager", "CISO"))
    assert [item.status for item in intake.take_in(bench, [folder]).files] == ["updated"]
    assert speakers(bench)["Priya Nair"].role == "ciso"


def test_a_dry_run_knows_the_list_too(bench, tmp_path):
    (seen,) = preview.look(bench, [delivered(tmp_path, call_1=CALL, list=GENERIC)])
    assert {speaker.title for speaker in seen.speakers} == {"Win/Loss Interviewer", "SOC Manager"}


@pytest.mark.parametrize("text", [ZOOM, TEAMS, GENERIC], ids=["zoom", "teams", "table"])
def test_a_list_cut_anywhere_is_read_or_not_one(tmp_path, text):
    data = text.encode()
    for end in range(0, len(data), 7):
        path = tmp_path / "cut.csv"
        path.write_bytes(data[:end])
        seen = ingest.probe(path)
        if ingest.is_attendance(seen):
            assert all(item.person.name for item in ingest.read_attendance(path, seen))
