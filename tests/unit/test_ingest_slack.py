"""Slack exports: what members wrote in public, wherever the export lies, and nothing private unless asked for."""

from __future__ import annotations

import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import ingest
from ingest.slack_text import decoded, message_words
from winloss.cli.commands import winloss
from winloss.errors import MalformedSource
from winloss.model import Finding, ReadDocument, Rights
from winloss.ports import ReadContext
from winloss.services.sources import containers, intake

USERS = [{"id": "U1", "name": "ines", "real_name": "Ines Brandt", "profile": {"title": "CISO"}}]
CHANNELS = [{"id": "C1", "name": "pricing"}]


def said(text: str, ts: str = "1772527100.000200", **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": "U1", "text": text, "ts": ts, **more}


def export(messages: object, **more: object) -> dict[str, object]:
    return {"channels.json": CHANNELS, "users.json": USERS, "pricing/2026-03-03.json": messages, **more}


PRIVATE = {
    "groups.json": [{"id": "G1", "name": "leads"}],
    "dms.json": [{"id": "D1"}, {"id": "D2"}],
    "leads/2026-03-03.json": [said("secret")],
    "D1/2026-03-03.json": [said("between us")],
    "D2/2026-03-03.json": [said("between us two")],
}


def zipped(path: Path, members: dict[str, object], prefix: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(prefix + name, content if isinstance(content, bytes) else json.dumps(content))
    return path


def unpacked(folder: Path, members: dict[str, object]) -> Path:
    for name, content in members.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    return folder


def read(path: Path, *, private: bool = False) -> tuple[list[ReadDocument], list[Finding]]:
    things = list(ingest.read(path, ReadContext(private=private)))
    documents = [thing for thing in things if isinstance(thing, ReadDocument)]
    return documents, [thing for thing in things if isinstance(thing, Finding)]


def texts(documents: list[ReadDocument]) -> list[str]:
    return [document.turns[0].text for document in documents]


def test_private_conversations_are_left_out_unless_asked_for(tmp_path):
    path = zipped(tmp_path / "export.zip", export([said("open")], **PRIVATE))
    documents, findings = read(path)
    assert texts(documents) == ["open"]
    (told,) = [finding for finding in findings if finding.code == "private-left-out"]
    assert "1 private channel, 2 conversations of two" in told.message
    assert "--private" in told.message
    documents, findings = read(path, private=True)
    assert texts(documents) == ["open", "secret", "between us", "between us two"]
    assert [document.rights for document in documents] == [None, *[Rights.INTERNAL] * 3]
    assert [document.tags for document in documents] == [("pricing",), ("leads",), (), ()]
    assert "private-read" in [finding.code for finding in findings]


def test_the_command_line_asks_for_private_conversations(tmp_path):
    zipped(tmp_path / "export.zip", export([said("open")], **PRIVATE))
    shown = {}
    for flags in ([], ["--private"]):
        arguments = [
            "--workspace",
            str(tmp_path / "ws"),
            "ingest",
            str(tmp_path / "export.zip"),
            "--dry-run",
            "--json",
            *flags,
        ]
        run = CliRunner().invoke(winloss, arguments)
        assert run.exit_code == 0, run.output
        shown[bool(flags)] = json.loads(run.stdout)[0]["documents"]
    assert shown == {False: 1, True: 4}


@pytest.mark.parametrize("prefix", ["", "Quarryside Slack export Mar 2026/"])
def test_an_export_is_read_the_same_as_zip_and_as_folder(tmp_path, bench, prefix):
    members = export([said("We left over the price.")])
    path = zipped(tmp_path / "export.zip", members, prefix)
    folder = unpacked(tmp_path / "drop" / "slack", members)
    (tmp_path / "drop" / "call.txt").write_text("Dana: Why?\n\nInes: Price.\n\nDana: Thanks.\n", encoding="utf-8")
    with containers.opened([path, tmp_path / "drop"], workspace=tmp_path / "ws") as batches:
        found = {
            batch.shown(file): ingest.reader_for(file, ReadContext()).name for batch in batches for file in batch.files
        }
        whole = [file.read_bytes() for batch in batches for file in batch.files if "slack" in batch.shown(file)]
        packed = [read(file)[0] for batch in batches for file in batch.files if batch.shown(file) != "drop/call.txt"]
    assert found == {"export.zip": "slack", "drop/call.txt": "transcripts", "drop/slack": "slack"}
    assert packed[0] == packed[1] == read(path)[0]
    with containers.opened([folder], workspace=tmp_path / "ws") as batches:
        assert [file.read_bytes() for batch in batches for file in batch.files] == whole
        assert [batch.shown(file) for batch in batches for file in batch.files] == ["slack"]
    assert [item.status for item in intake.take_in(bench, [folder]).files] == ["added"]
    assert [item.status for item in intake.take_in(bench, [folder]).files] == ["unchanged"]


def test_an_export_inside_another_archive_is_read_as_one(tmp_path, bench):
    members = export([said("We left over the price.")])
    folder = unpacked(tmp_path / "slack", members)
    with tarfile.open(tmp_path / "slack.tar.gz", "w:gz") as archive:
        archive.add(folder, "slack")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(zipped(tmp_path / "export.zip", members), "export.zip")
    report = intake.take_in(bench, [tmp_path / "slack.tar.gz", tmp_path / "outer.zip"])
    found = [(item.path, item.reader, item.unchanged_documents) for item in report.files]
    assert found == [("slack.tar.gz/slack", "slack", 0), ("outer.zip/export.zip", "slack", 1)]
    assert len(bench.store.documents()) == 1


def test_a_zip_of_other_json_is_unpacked(tmp_path):
    path = zipped(tmp_path / "drop.zip", {"users.json": USERS, "notes/2026-03-03.json": [said("no")]})
    with containers.opened([path], workspace=tmp_path / "ws") as batches:
        assert len([file for batch in batches for file in batch.files]) == 2


@pytest.mark.parametrize("name", ["word", "xl", "password"])
def test_no_name_of_a_channel_makes_an_office_file(tmp_path, name):
    members = {
        "channels.json": [{"id": "C1", "name": name}],
        "users.json": USERS,
        f"{name}/2026-03-03.json": [said("ok")],
    }
    path = zipped(tmp_path / "export.zip", members)
    assert [reader.name for reader in ingest.READERS if reader.identify(ingest.probe(path))] == ["slack"]
    assert texts(read(path)[0]) == ["ok"]


def test_a_broken_day_loses_no_other_day(tmp_path):
    more = {
        "pricing/2026-03-04.json": [said("second", "1772613700.000100")],
        "pricing/2026-03-05.json": b'[{"type": "mess',
    }
    documents, findings = read(zipped(tmp_path / "export.zip", export([said("first")], **more)))
    assert texts(documents) == ["first", "second"]
    assert [(finding.code, finding.where) for finding in findings] == [("member-broken", "pricing/2026-03-05.json")]


def test_a_member_without_a_name_loses_no_other(tmp_path):
    path = zipped(tmp_path / "export.zip", export([said("kept")], x=[]))
    with zipfile.ZipFile(path, "a") as archive:
        archive.filelist[-1].filename = ""
        archive.comment = b"changed"
    assert texts(read(path)[0]) == ["kept"]


def test_what_unpacks_to_absurdly_much_is_refused(tmp_path):
    path = zipped(tmp_path / "export.zip", export([], **{"pricing/2026-03-04.json": b" " * (80 << 20)}))
    with pytest.raises(MalformedSource, match="unpacks to"):
        read(path)


def test_days_are_read_in_order_and_replies_find_their_root(tmp_path):
    root = said("Why did they leave?\nAny idea", "1772527100.000200", thread_ts="1772527100.000200", reply_count=1)
    reply = said("Price.", "1772613700.000100", thread_ts="1772527100.000200")
    members = {"pricing/2026-03-04.json": [reply], **export([root])}
    documents, _ = read(zipped(tmp_path / "export.zip", members))
    assert [document.question for document in documents] == [None, "Why did they leave?"]
    assert len({document.thread_id for document in documents}) == 1


class Names:
    def person(self, name: str) -> str | None:
        return {"U1": "Ines Brandt"}.get(name)

    def channel(self, name: str) -> str | None:
        return {"C1": "pricing"}.get(name)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<@U1> and <@U9> and <@U9|vera>", "@Ines Brandt and @U9 and @vera"),
        ("<#C1> <#C2|old-name>", "#pricing #old-name"),
        ("<https://x.example?a=1&amp;b=2>", "https://x.example?a=1&b=2"),
        ("<https://x.example|the &lt;list&gt;>", "the <list>"),
        ("<mailto:a@x.example|a@x.example> <tel:+49|+49>", "a@x.example +49"),
        ("<!here> <!subteam^S1|@leads> <!subteam^S2> <!date^1772527100^{date}|3 March>", "@here @leads @group 3 March"),
        ("&amp;lt; is written as &lt;", "&lt; is written as <"),
        ("a < b > c <unknown>", "a < b > c <unknown>"),
    ],
)
def test_markup_is_read_as_people_see_it(written, shown):
    assert decoded(written, Names()) == shown


def test_rich_text_counts_only_where_the_plain_text_says_less():
    blocks = [
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "Too dear, far too dear"}]}
            ],
        }
    ]
    assert message_words({"text": "Too dear", "blocks": blocks}, Names()) == ("Too dear, far too dear", ())
    assert (
        message_words({"text": "Too dear, *far* too dear", "blocks": blocks}, Names())[0] == "Too dear, *far* too dear"
    )


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "text", "elements", "ts"]), inner)
    ),
    max_leaves=8,
)
KEYS = ["ts", "text", "user", "subtype", "thread_ts", "blocks", "reactions", "comment", "edited", "message", "bot_id"]


@given(
    message=st.dictionaries(st.sampled_from([*KEYS, "user_profile", "original", "deleted_ts"]), ANYTHING), user=ANYTHING
)
def test_any_field_may_hold_anything(tmp_path_factory, message, user):
    path = tmp_path_factory.mktemp("any") / "export.zip"
    people = [*USERS, {"id": "U2", "name": user, "profile": user, "deleted": user}, user]
    members = {**export([message, said("kept", "1.5")]), "users.json": people, "groups.json": [user, {"id": user}]}
    assert "kept" in texts(read(zipped(path, members))[0])
