"""The manifest tells what files cannot, and what is wrong in it is a finding."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import ingest
from winloss.model import Outcome, Participant, ReadDocument, ReadTurn, SourceKind
from winloss.ports import ReadContext

HEADER = "file,companion_file,interview_date,account,segment,outcome,competitor,participants,speaker_labels\n"


def a_document(**changes: object) -> ReadDocument:
    values = {"kind": SourceKind.INTERVIEW, "external_id": "x", "turns": (ReadTurn(speaker="A", text="Well."),)}
    return ReadDocument(**{**values, **changes})


def written(folder: Path, text: str) -> ingest.Manifest:
    (folder / "manifest.csv").write_text(text, encoding="utf-8")
    return ingest.load_manifest(folder)


def codes(manifest: ingest.Manifest, *names: str) -> list[str]:
    return [finding.code for finding in manifest.findings([Path(name) for name in names])]


def test_a_folder_without_a_manifest(tmp_path: Path) -> None:
    manifest = ingest.load_manifest(tmp_path)
    assert manifest.row_for(tmp_path / "a.vtt") is None
    assert not manifest.findings([tmp_path / "a.vtt"])
    assert not list(manifest.companions())


def test_rows_are_found_by_name_or_by_path_in_the_folder(tmp_path: Path) -> None:
    manifest = written(
        tmp_path, HEADER + "A.vtt,,2026-04-14,Hallam,,,,,\nq2\\b.vtt,,,Tamsin,,,,,\n./c.vtt,,,Vale,,,,,\n"
    )
    assert manifest.row_for(tmp_path / "a.VTT") == {
        "file": "A.vtt",
        "interview_date": "2026-04-14",
        "account": "Hallam",
    }
    assert (manifest.row_for(tmp_path / "q2" / "b.vtt") or {})["account"] == "Tamsin"
    assert (manifest.row_for(tmp_path / "c.vtt") or {})["account"] == "Vale"
    assert manifest.row_for(tmp_path / "q1" / "b.vtt") is None


def test_columns_in_any_order_case_and_delimiter(tmp_path: Path) -> None:
    manifest = written(tmp_path, "Account;Interview Date;FILE\nHallam;2026-04-14;a.vtt\n")
    assert manifest.row_for(Path("a.vtt")) == {"file": "a.vtt", "interview_date": "2026-04-14", "account": "Hallam"}
    assert codes(manifest, "a.vtt") == []


def test_everything_wrong_is_told(tmp_path: Path) -> None:
    manifest = written(
        tmp_path,
        HEADER.strip() + ",mood\n"
        "a.vtt,a.json,14 Foo 2026,,,maybe,,,nonsense,good\n"
        "a.vtt,,,,,,,,,\n"
        "interveiw-7.vtt,,,,,,,,,\n"
        ",,2026-01-01,,,,,,,\n",
    )
    found = codes(manifest, "a.vtt", "interview-7.vtt")
    assert sorted(found) == [
        *("bad-date", "bad-labels", "bad-outcome", "manifest-column"),
        *("manifest-missing-file", "manifest-no-file", "manifest-twice"),
    ]
    missing = next(f for f in manifest.findings([Path("a.vtt"), Path("interview-7.vtt")]) if "missing" in f.code)
    assert "interview-7.vtt" in missing.message


def test_a_companion_is_named_and_must_be_there(tmp_path: Path) -> None:
    manifest = written(tmp_path, HEADER + "call.json,call_extensive.json,,,,,,,\n")
    assert set(manifest.companions()) == {"call_extensive.json"}
    assert codes(manifest, "call.json") == ["manifest-missing-file"]
    assert codes(manifest, "call.json", "call_extensive.json") == []


def test_a_manifest_that_cannot_be_used_is_told_and_stops_nothing(tmp_path: Path) -> None:
    assert codes(written(tmp_path, "name,date\nx,y\n")) == ["manifest-unreadable"]
    (tmp_path / "manifest.csv").write_bytes(b"\x00\x01\x02")
    assert codes(ingest.load_manifest(tmp_path)) == ["manifest-unreadable"]


def test_a_row_is_laid_over_a_document() -> None:
    row = {
        "interview_date": "2026-04-14",
        "account": "Hallam Water",
        "segment": "federal",
        "outcome": "no_decision",
        "competitor": "Northlight",
        "participants": "Imke Brandt=Win/Loss Interviewer, Some Firm; Greta Sohn=CIO; Lea",
        "speaker_labels": "a=Greta Sohn; Speaker 1=Imke Brandt",
    }
    turns = (ReadTurn(speaker="A", text="Well."), ReadTurn(speaker="speaker 1", text="Why?"))
    read = a_document(turns=turns, participants=(Participant(name="greta sohn", email="g@x.example"),))
    document = ingest.apply_manifest(read, row)
    assert [turn.speaker for turn in document.turns] == ["Greta Sohn", "Imke Brandt"]
    assert (document.happened_on, document.outcome) == (date(2026, 4, 14), Outcome.NO_DECISION)
    assert (document.account, document.segment, document.competitor) == ("Hallam Water", "federal", "Northlight")
    assert document.participants == (
        Participant(name="Imke Brandt", title="Win/Loss Interviewer, Some Firm"),
        Participant(name="Greta Sohn", title="CIO", email="g@x.example"),
        Participant(name="Lea"),
    )


def test_empty_and_unreadable_cells_change_nothing() -> None:
    document = a_document(happened_on=date(2026, 1, 1), outcome=Outcome.WON, account="Hallam")
    assert ingest.apply_manifest(document, {"interview_date": "soon", "outcome": "perhaps"}) == document
    assert ingest.apply_manifest(document, None) is document


def test_the_manifest_helps_to_tell_speakers_from_words(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("Imke: Why?\n\nThe boss of it all: Because.\n", encoding="utf-8")
    row = {"participants": "Imke=Interviewer; The boss of it all=CIO"}
    [document] = ingest.read(path, ReadContext(kind="interview", manifest=row))
    assert [turn.speaker for turn in document.turns] == ["Imke", "The boss of it all"]
