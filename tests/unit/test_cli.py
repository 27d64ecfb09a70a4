"""The command line as a contract: help with examples, errors that say what to do, exit statuses, JSON alone."""

from __future__ import annotations

import io
import json

import pytest
from click.testing import CliRunner

from winloss.cli.commands import COMMANDS, winloss


@pytest.fixture
def call(tmp_path, monkeypatch):
    """Runs a command in an empty workspace the way the entry point does; returns (exit code, stdout, stderr)."""
    from winloss.cli import main

    def run(*arguments: str, capsys):
        monkeypatch.setattr("sys.argv", ["winloss", "--workspace", str(tmp_path / "w"), *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        output = capsys.readouterr()
        return end.value.code or 0, output.out, output.err

    return run


@pytest.mark.parametrize("name", [None, *COMMANDS])
def test_every_help_has_an_example(name):
    result = CliRunner().invoke(winloss, [name, "--help"] if name else ["--help"])
    assert result.exit_code == 0
    assert "Example" in result.output
    if name:
        assert f"winloss {name}" in result.output or f" {name} " in result.output


def test_status_of_an_empty_workspace_is_one_json_document(call, capsys):
    code, out, _ = call("status", "--json", capsys=capsys)
    answer = json.loads(out)
    assert code == 0
    assert answer["counts"]["verbatims"] == 0


def test_a_missing_file_is_exit_2_with_a_hint(call, capsys, tmp_path):
    code, out, err = call("ingest", str(tmp_path / "nowhere.vtt"), capsys=capsys)
    assert code == 2
    assert "hint:" in err
    assert out == ""


def test_a_file_nobody_reads_is_refused_with_the_readers_and_the_mapper(call, capsys, tmp_path):
    (tmp_path / "blob.bin").write_bytes(bytes(range(256)))
    code, out, err = call("ingest", str(tmp_path / "blob.bin"), capsys=capsys)
    assert code == 2
    assert "--map" in out + err


def test_an_unknown_verbatim_is_not_found(call, capsys):
    code, _, err = call("show", "v-nowhere", capsys=capsys)
    assert code == 2
    assert "WL-NOT-FOUND" in err


def test_a_wrong_quarter_says_how_quarters_look(call, capsys):
    code, _, err = call("drift", "--quarter", "spring", capsys=capsys)
    assert code == 2
    assert "2026Q2" in err


def test_searching_an_empty_workspace_finds_nothing_and_says_so(call, capsys):
    code, out, _ = call("search", "alerts", "--mode", "words", "--json", capsys=capsys)
    assert code == 0
    assert json.loads(out)["hits"] == []


def test_serving_to_the_world_is_refused(call, capsys):
    code, _, err = call("serve", "--host", "0.0.0.0", capsys=capsys)
    assert code == 2
    assert "127.0.0.1" in err


@pytest.fixture
def posted(call, capsys, tmp_path):
    """A workspace with two posts of two people; returns the folder they came from."""
    drop = tmp_path / "drop"
    drop.mkdir()
    rows = [{"id": f"p{n}", "author": f"author{n}", "text": f"The alerts cost us {n} weekends."} for n in range(2)]
    (drop / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)))
    mapping = 'kind = "community"\n[fields]\nid = "id"\ntext = "text"\nspeaker = "author"\n'
    (drop / "posts.map.toml").write_text(mapping)
    assert call("ingest", str(drop), capsys=capsys)[0] == 0
    return drop


def documents(call, capsys) -> int:
    return json.loads(call("status", "--json", capsys=capsys)[1])["counts"]["documents"]


def test_forgetting_asks_first_and_takes_no_for_an_answer(call, capsys, posted, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, out, err = call("forget", "--person", "author1", capsys=capsys)
    assert code == 1
    assert "p1" in out
    assert "cannot be undone" in out + err
    assert documents(call, capsys) == 2


def test_forgetting_goes_ahead_on_yes_and_says_what_is_out_of_reach(call, capsys, posted):
    code, out, _ = call("forget", "--person", "author1", "--yes", capsys=capsys)
    assert code == 0
    assert "1 documents, 1 turns are gone" in out
    assert "backups" in out
    assert documents(call, capsys) == 1
    code, out, _ = call("ingest", str(posted), capsys=capsys)
    assert "1 document was forgotten earlier and not read again" in out
    assert documents(call, capsys) == 1


def test_a_dry_run_of_forgetting_is_one_json_document_and_changes_nothing(call, capsys, posted):
    code, out, _ = call("forget", "--document", "p0", "--dry-run", "--json", capsys=capsys)
    assert code == 0
    assert [item["external_id"] for item in json.loads(out)["documents"]] == ["p0"]
    assert documents(call, capsys) == 2
    code, out, _ = call("forget", "--source", "community", "--yes", "--json", capsys=capsys)
    assert len(json.loads(out)["documents"]) == 2
    assert documents(call, capsys) == 0


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--document", "nowhere"], "id"),
        (["--source", "nowhere.csv"], "drop/posts.jsonl"),
        (["--person", "nobody"], "name"),
        (["--person", "author1", "--json"], "--yes"),
        (["--document", "p0", "--account", "Northwind"], "person"),
    ],
)
def test_what_cannot_be_forgotten_is_exit_2_with_a_hint(call, capsys, posted, arguments, hint):
    code, out, err = call("forget", *arguments, capsys=capsys)
    assert (code, out) == (2, "")
    assert hint in err.split("hint:")[1]


def test_forgetting_nothing_in_particular_finishes_what_is_left(call, capsys, posted):
    assert "Nothing is left" in call("forget", capsys=capsys)[1]


def test_a_backup_can_be_restored_and_nothing_else(call, capsys, tmp_path):
    call("status", capsys=capsys)
    assert call("backup", str(tmp_path / "b.zip"), capsys=capsys)[0] == 0
    code, _, err = call("restore", str(tmp_path / "b.zip"), capsys=capsys)
    assert code == 2
    assert "already holds" in err


CALL = (
    "Dana Ortiz: Why did you look?\n\nPriya Nair: The alerts were slow.\n\nDana Ortiz: And then?\n\nRavi Anand: Well.\n"
)


@pytest.fixture
def spoken(call, capsys, tmp_path):
    """A workspace with one call of three speakers."""
    (tmp_path / "call-1.txt").write_text(CALL, encoding="utf-8")
    assert call("ingest", str(tmp_path / "call-1.txt"), capsys=capsys)[0] == 0
    return call


def test_speakers_are_listed_with_side_and_evidence(spoken, capsys):
    code, out, _ = spoken("speakers", capsys=capsys)
    assert code == 0
    assert "Priya Nair: buyer (answers Dana Ortiz)" in out
    code, out, _ = spoken("speakers", "--document", "call-1", "--json", capsys=capsys)
    speakers = json.loads(out)["speakers"]
    assert [(item["speaker"]["name"], item["turns"]) for item in speakers] == [
        ("Dana Ortiz", 2),
        ("Priya Nair", 1),
        ("Ravi Anand", 1),
    ]
    assert json.loads(spoken("speakers", "--unknown", "--json", capsys=capsys)[1]) == {"speakers": []}


def test_a_speaker_is_assigned_and_it_is_taken_back(spoken, capsys):
    code, out, _ = spoken("speakers", "assign", "Ravi Anand", "--side", "vendor", "--by", "Mira", capsys=capsys)
    assert (code, "1 turn in 1 document" in out, "winloss analyse" in out) == (0, True, True)
    assert "Ravi Anand: vendor (set by Mira on " in spoken("speakers", capsys=capsys)[1]
    code, out, _ = spoken("speakers", "assign", "Ravi Anand", "--undo", "--json", capsys=capsys)
    assert (code, json.loads(out)["turns"]) == (0, 1)
    assert "Ravi Anand: buyer" in spoken("speakers", capsys=capsys)[1]


def test_turns_are_assigned_by_number(spoken, capsys):
    told = ["--document", "call-1", "--turns", "1-3", "--side", "unknown", "--json"]
    code, out, _ = spoken("speakers", "assign", *told, capsys=capsys)
    assert (code, json.loads(out)["correction"]["turns"]) == (0, [1, 3])
    assert len(json.loads(spoken("speakers", "--unknown", "--json", capsys=capsys)[1])["speakers"]) == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Priya", "--side", "buyer"], "Priya Nair"),
        (["Priya Nair"], "side"),
        (["Priya Nair", "--side", "boss"], "interviewer"),
        (["--document", "call-1", "--turns", "two", "--side", "buyer"], "3-17"),
        (["Priya Nair", "--side", "buyer", "--undo"], "--undo"),
    ],
)
def test_what_cannot_be_assigned_is_said_with_what_to_do(spoken, capsys, arguments, said):
    code, _, err = spoken("speakers", "assign", *arguments, capsys=capsys)
    assert (code, said in err) == (2, True)


@pytest.fixture
def said(call, capsys, tmp_path):
    """A workspace with posts that say nearly the same and one not to be quoted; returns ids by text."""
    from tests.conftest import with_stand_ins
    from winloss.bootstrap import open_workbench
    from winloss.services.analysis import analyse
    from winloss.services.sources import intake

    texts = {"One reads the digest at night.": "anonymous", "One READS the digest at night!": "no_quote"}
    rows = [{"id": f"p{n}", "text": text, "rights": texts[text]} for n, text in enumerate(texts)]
    (tmp_path / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)))
    mapping = 'kind = "community"\n[fields]\nid = "id"\ntext = "text"\nrights = "rights"\n'
    (tmp_path / "posts.map.toml").write_text(mapping)
    bench = with_stand_ins(open_workbench(tmp_path / "w"))
    intake.take_in(bench, [tmp_path / "posts.jsonl"])
    analyse(bench)
    found = {item.text: item.id for item in bench.store.passages([row.id for row in bench.store.evidence()])}
    bench.store.close()
    return found


def test_a_quote_is_printed_in_each_form_and_refused_where_rights_forbid(call, capsys, said):
    may, may_not = (said[text] for text in sorted(said, reverse=True))
    for form in ("plain", "markdown", "html"):
        code, out, _ = call("quote", may, "--format", form, "--link", "https://win.example/v/", capsys=capsys)
        assert code == 0
        assert "One reads the digest at night." in out
        assert f"https://win.example/v/{may}" in out
    assert set(json.loads(call("quote", may, "--json", capsys=capsys)[1])) == {"id", "plain", "markdown", "html"}
    code, out, err = call("quote", may_not, capsys=capsys)
    assert (code, out) == (2, "")
    assert "not to be quoted" in err
    assert "hint:" in err


def test_what_says_nearly_the_same_is_one_result_with_every_source_line(call, capsys, said):
    code, out, _ = call("search", "digest", "--mode", "words", capsys=capsys)
    assert code == 0
    assert "and 1 nearly the same:" in out
    assert all(name in out for name in said.values())
    answer = json.loads(call("search", "digest", "--mode", "words", "--json", capsys=capsys)[1])
    assert answer["total"] == len(answer["hits"]) == 2
    assert answer["hits"][1]["same_as"] == answer["hits"][0]["id"]
    assert answer["nearest"] == []
