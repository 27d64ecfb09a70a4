"""Speakers shown with evidence, corrected once, right everywhere: now, in later imports, and until it is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from winloss.errors import NotFound, QueryError
from winloss.model import Rights, Side
from winloss.ports import Workbench
from winloss.services.analysis import analyse
from winloss.services.sources import intake, preview, speaking
from winloss.services.sources.speaking import Target

CALL = """Dana Ortiz: Thanks for joining. Why did you start looking?

Priya Nair: My analysts closed four thousand alerts a day unread, and two of them left us in spring.

Ravi Anand: Our pilot would have proved that to you in a week, on your own data, and without any cost.

Dana Ortiz: What would have helped?

Priya Nair: A pilot on our own traffic proved more than any slide. We replayed the red team against it for a week.
"""
OTHER = """Dana Ortiz: How did the evaluation go on your side of the house?

Ann Lee: The licence cost doubled in year two, and nobody had told our finance people a word about it.

Ravi Anand: Our accelerator takes that cost away, as every single one of our customers can tell you.

Dana Ortiz: And who decided?

Ann Lee: Procurement did, because the offer was slow and the alerts were the same as those we had before.
"""
NAMELESS = """WEBVTT

00:00:01.000 --> 00:00:04.000
Why did you look at all, back then?

00:00:10.000 --> 00:00:18.000
The alerts were slow and we had nobody left to read them on a night shift.

00:00:30.000 --> 00:00:34.000
And what proved it to you?

00:00:40.000 --> 00:00:48.000
A pilot proved it to us, on our own traffic, in a single month of summer.
"""


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


def taken_in(bench: Workbench, folder: Path, **files: str) -> None:
    """Take in files by name; `call_1` is `call-1.txt`."""
    paths = []
    for name, text in files.items():
        path = folder / f"{name.replace('_', '-')}.{'vtt' if text.startswith('WEBVTT') else 'txt'}"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    report = intake.take_in(bench, paths)
    assert [item.error for item in report.files] == [None] * len(paths)


def document_id(bench: Workbench, name: str = "call-1") -> str:
    return next(item.id for item in bench.store.documents() if item.external_id == name)


def sides(bench: Workbench, name: str = "call-1") -> dict[str | None, Side]:
    return {turn.speaker.name: turn.speaker.side for turn in bench.store.turns(document_id(bench, name))}


def quoted(bench: Workbench) -> set[str | None]:
    analyse(bench)
    return {passage.speaker for passage in bench.store.passages([row.id for row in bench.store.evidence()])}


def test_everybody_is_listed_with_what_tells_their_side(bench, drop):
    taken_in(bench, drop, call_1=CALL, call_2=OTHER)
    found = {person.speaker.name: person for person in speaking.people(bench)}
    assert set(found) == {"Dana Ortiz", "Priya Nair", "Ann Lee", "Ravi Anand"}
    assert (found["Dana Ortiz"].turns, len(found["Dana Ortiz"].documents)) == (4, 2)
    assert all(person.speaker.side_evidence for person in found.values())
    here = speaking.people(bench, document="call-2")
    assert [person.speaker.name for person in here] == ["Dana Ortiz", "Ann Lee", "Ravi Anand"]
    assert speaking.people(bench, unknown=True) == []


def test_a_side_is_corrected_in_every_document_and_its_words_count_no_more(bench, drop):
    taken_in(bench, drop, call_1=CALL, call_2=OTHER)
    assert "Ravi Anand" in quoted(bench)
    done = speaking.assign(bench, Target(name="ravi  anand"), side=Side.VENDOR, author="Mira")
    assert (done.documents, done.turns) == (2, 2)
    assert sides(bench)["Ravi Anand"] is Side.VENDOR
    ravi = next(person for person in speaking.people(bench) if person.speaker.name == "Ravi Anand")
    assert (ravi.speaker.side_evidence, ravi.corrected, ravi.turns) == ("set by Mira on 2026-06-30", True, 2)
    assert quoted(bench) == {"Priya Nair", "Ann Lee"}
    assert quoted(bench) == {"Priya Nair", "Ann Lee"}


def test_it_holds_for_what_comes_in_later_and_for_a_corrected_file(bench, drop):
    taken_in(bench, drop, call_1=CALL)
    speaking.assign(bench, Target(name="Ravi Anand"), side=Side.VENDOR)
    taken_in(bench, drop, call_1=CALL.replace("in spring", "in May"), call_2=OTHER)
    assert bench.store.document(document_id(bench)).version == 2
    for name in ("call-1", "call-2"):
        assert sides(bench, name)["Ravi Anand"] is Side.VENDOR


def test_the_same_words_read_in_another_context_are_no_new_version(bench, drop):
    taken_in(bench, drop, call_1=CALL)
    speaking.assign(bench, Target(name="Ravi Anand"), side=Side.VENDOR)
    report = intake.take_in(bench, [drop / "call-1.txt"], kind="interview")
    assert [(item.status, item.unchanged_documents) for item in report.files] == [("added", 1)]
    assert bench.store.document(document_id(bench)).version == 1
    assert sides(bench)["Ravi Anand"] is Side.VENDOR


def test_taking_it_back_restores_what_was_read(bench, drop):
    taken_in(bench, drop, call_1=CALL)
    before = bench.store.turns(document_id(bench)), bench.store.document(document_id(bench))
    speaking.assign(bench, Target(name="Ravi Anand"), side=Side.INTERVIEWER, title="Host", author="Mira")
    speaking.assign(bench, Target(name="Ravi Anand", document="call-1"), side=Side.VENDOR)
    assert speaking.undo(bench, Target(name="Ravi Anand", document="call-1")).turns == 1
    assert sides(bench)["Ravi Anand"] is Side.INTERVIEWER
    assert speaking.undo(bench, Target(name="Ravi Anand")).turns == 1
    assert (bench.store.turns(document_id(bench)), bench.store.document(document_id(bench))) == before
    assert bench.store.corrections() == []
    with pytest.raises(NotFound):
        speaking.undo(bench, Target(name="Ravi Anand"))


def test_a_document_says_more_than_a_name_everywhere(bench, drop):
    taken_in(bench, drop, call_1=CALL, call_2=OTHER)
    speaking.assign(bench, Target(name="Ravi Anand", document="call-1"), side=Side.INTERVIEWER)
    speaking.assign(bench, Target(name="Ravi Anand"), side=Side.VENDOR)
    assert (sides(bench)["Ravi Anand"], sides(bench, "call-2")["Ravi Anand"]) == (Side.INTERVIEWER, Side.VENDOR)


def test_each_thing_said_keeps_who_said_it(bench, drop):
    taken_in(bench, drop, call_1=CALL)
    speaking.assign(bench, Target(name="Priya Nair"), side=Side.BUYER, author="Mira")
    speaking.assign(bench, Target(name="Priya Nair"), title="SOC Manager", author="Jo")
    speaker = bench.store.turns(document_id(bench))[1].speaker
    assert (speaker.side_evidence, speaker.title, speaker.role) == (
        "set by Mira on 2026-06-30",
        "SOC Manager",
        "secops_lead",
    )
    assert speaker.role_evidence == 'title "SOC Manager", set by Jo on 2026-06-30'
    speaking.assign(bench, Target(name="Priya Nair"), role="CISO", author="Jo")
    speaker = bench.store.turns(document_id(bench))[1].speaker
    assert (speaker.role, speaker.mode, speaker.role_evidence) == ("ciso", "executive", "set by Jo on 2026-06-30")
    speaking.assign(bench, Target(name="Priya Nair"), side=Side.VENDOR)
    speaker = bench.store.turns(document_id(bench))[1].speaker
    assert (speaker.side, speaker.role, speaker.mode, speaker.title) == (Side.VENDOR, None, None, "SOC Manager")


def test_the_question_follows_whoever_asks(bench, drop):
    taken_in(bench, drop, call_1=CALL)
    speaking.assign(bench, Target(name="Ravi Anand"), side=Side.INTERVIEWER)
    asked = [turn.question for turn in bench.store.turns(document_id(bench))]
    assert asked[1] == "Thanks for joining. Why did you start looking?"
    assert asked[2] is None
    speaking.assign(bench, Target(name="Dana Ortiz"), side=Side.UNKNOWN)
    turns = bench.store.turns(document_id(bench))
    assert turns[1].question is None
    assert turns[4].question == turns[2].text


def test_a_full_name_makes_one_person_of_two_spellings(bench, drop):
    taken_in(bench, drop, call_1="---\naccount: Mill\n---\n" + CALL)
    taken_in(bench, drop, call_2="---\naccount: Mill\n---\n" + CALL.replace("Priya Nair", "Priya"))
    speaking.assign(bench, Target(name="Priya", document="call-2"), name="Priya Nair")
    speakers = [bench.store.turns(document_id(bench, name))[1].speaker for name in ("call-1", "call-2")]
    assert speakers[0].respondent == speakers[1].respondent
    assert speakers[1].name == "Priya Nair"
    speaking.assign(bench, Target(name="Priya Nair"), role="ciso")
    assert bench.store.turns(document_id(bench, "call-2"))[1].speaker.role == "ciso"
    speaking.undo(bench, Target(name="Priya Nair", document="call-2"))
    assert bench.store.turns(document_id(bench, "call-2"))[1].speaker.name == "Priya"


def test_a_label_is_another_person_in_every_document(bench, drop):
    labelled = CALL.replace("Priya Nair", "Speaker 1").replace("Ravi Anand", "Speaker 2")
    taken_in(bench, drop, call_1=labelled)
    speaking.assign(bench, Target(name="Speaker 2"), side=Side.VENDOR)
    taken_in(bench, drop, call_2=OTHER.replace("Ann Lee", "Speaker 1").replace("Ravi Anand", "Speaker 2"))
    assert sides(bench, "call-2")["Speaker 2"] is Side.BUYER
    with pytest.raises(QueryError) as told:
        speaking.assign(bench, Target(name="Speaker 1"), side=Side.VENDOR)
    assert document_id(bench) in told.value.hint


def test_a_transcript_without_speakers_becomes_usable(bench, drop):
    taken_in(bench, drop, call_1=NAMELESS)
    assert quoted(bench) == set()
    assert len(bench.store.turns(document_id(bench))) == 4
    speaking.assign(bench, Target(document="call-1", unnamed=True), side=Side.BUYER)
    speaking.assign(bench, Target(document="call-1", turns=(0, 0)), side=Side.INTERVIEWER)
    speaking.assign(bench, Target(document="call-1", unnamed=True, turns=(2, 2)), side=Side.INTERVIEWER, name="Dana")
    turns = bench.store.turns(document_id(bench))
    assert [turn.speaker.side.value for turn in turns] == ["interviewer", "buyer", "interviewer", "buyer"]
    assert [turn.question for turn in turns] == [None, turns[0].text, None, turns[2].text]
    analyse(bench)
    assert {row.turn for row in bench.store.evidence()} == {1, 3}
    shifted = (
        NAMELESS.replace(
            "WEBVTT\n", "WEBVTT\n\n00:00:00.100 --> 00:00:00.900\nThis call is being recorded, so you know.\n", 1
        )
        .replace("00:00:01.000", "00:00:05.000")
        .replace("00:00:04.000", "00:00:06.000")
    )
    taken_in(bench, drop, call_1=shifted)
    turns = bench.store.turns(document_id(bench))
    assert [turn.speaker.side.value for turn in turns] == ["buyer", "interviewer", "buyer", "interviewer", "buyer"]


@pytest.mark.parametrize(
    ("target", "said", "error", "hint"),
    [
        (Target(name="Priya Nayr"), {"side": Side.BUYER}, NotFound, "Priya Nair"),
        (Target(name="Priya Nair", document="call-9"), {"side": Side.BUYER}, NotFound, "speakers"),
        (Target(name="Priya Nair"), {}, QueryError, "side"),
        (Target(name="Priya Nair"), {"title": " "}, QueryError, "side"),
        (Target(name="Priya Nair"), {"role": "boss"}, QueryError, "ciso"),
        (Target(name="Priya Nair"), {"role": "ciso", "side": Side.VENDOR}, QueryError, "role"),
        (Target(), {"side": Side.BUYER}, QueryError, "--unnamed"),
        (Target(unnamed=True), {"side": Side.BUYER}, QueryError, "--unnamed"),
        (Target(name="Priya Nair", turns=(0, 1)), {"side": Side.BUYER}, QueryError, "document"),
        (Target(document="call-1", unnamed=True), {"side": Side.BUYER}, NotFound, "name"),
        (Target(document="call-1", turns=(3, 5)), {"side": Side.BUYER}, QueryError, "4"),
        (Target(document="call-1", turns=(3, 2)), {"side": Side.BUYER}, QueryError, "4"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_to_do(bench, drop, target, said, error, hint):
    taken_in(bench, drop, call_1=CALL)
    revision = bench.store.revision()
    with pytest.raises(error) as told:
        speaking.assign(bench, target, **said)
    assert hint in told.value.hint
    assert (bench.store.revision(), bench.store.corrections()) == (revision, [])


def test_a_name_of_several_people_is_not_renamed_everywhere(bench, drop):
    taken_in(bench, drop, call_1=CALL, call_2=OTHER.replace("Ann Lee", "Priya Nair"))
    with pytest.raises(QueryError):
        speaking.assign(bench, Target(name="Priya Nair"), name="Priya Nair-Shah")


def test_the_rights_stay_as_they_are(bench, drop):
    taken_in(bench, drop, call_1=CALL)
    speaking.assign(bench, Target(name="Priya Nair"), side=Side.BUYER)
    assert bench.store.document(document_id(bench)).rights is Rights.ANONYMOUS


def test_a_dry_run_shows_what_was_corrected(bench, drop):
    taken_in(bench, drop, call_1=CALL)
    speaking.assign(bench, Target(name="Ravi Anand"), side=Side.VENDOR, author="Mira")
    (seen,) = preview.look(bench, [drop / "call-1.txt"])
    told = {speaker.name: speaker.side_evidence for speaker in seen.speakers}
    assert (told["Ravi Anand"], told["Priya Nair"]) == ("set by Mira on 2026-06-30", "answers Dana Ortiz")
