"""Discord and Discourse: what members wrote, whatever stands in the fields; what all chats share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest
from ingest.chats import Recent, first_line, is_staff, looks_like_job, own_words, quoted_lines
from winloss.model import Finding, ReadDocument, Rights, Side
from winloss.ports import ReadContext


def read(path: Path, written: object, *, private: bool = False) -> tuple[list[ReadDocument], list[Finding]]:
    path.write_text(written if isinstance(written, str) else json.dumps(written), encoding="utf-8")
    things = list(ingest.read(path, ReadContext(private=private)))
    documents = [thing for thing in things if isinstance(thing, ReadDocument)]
    return documents, [thing for thing in things if isinstance(thing, Finding)]


def channel(*messages: object, kind: str = "GuildTextChat", guild: str = "7") -> dict[str, Any]:
    about = {"id": "5", "type": kind, "name": "pricing", "category": "Product"}
    return {"guild": {"id": guild, "name": "Users"}, "channel": about, "messages": list(messages)}


def topic(*posts: object, **more: object) -> dict[str, Any]:
    return {"id": 4, "title": "Too dear", "slug": "too-dear", "post_stream": {"posts": list(posts)}, **more}


# --- Discord ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "exported", [channel(kind="DirectTextChat"), channel(guild="0"), channel(kind="GuildPrivateThread")]
)
def test_private_conversations_on_discord_are_read_only_if_asked_for(tmp_path, exported):
    exported["messages"] = [{"id": "1", "content": "between us", "author": {"name": "ines"}}]
    documents, findings = read(tmp_path / "a", exported)
    assert documents == []
    assert "--private" in findings[0].message
    documents, _ = read(tmp_path / "a", exported, private=True)
    assert [(document.turns[0].text, document.rights) for document in documents] == [("between us", Rights.INTERNAL)]


def test_answers_of_answers_are_one_thread(tmp_path):
    messages: list[dict[str, Any]] = [{"id": "1", "content": "Why did you leave?", "author": {"name": "a"}}]
    for number in range(2, 6):
        above = {"messageId": str(number - 1)}
        messages.append({"id": str(number), "type": "Reply", "content": f"Words {number}", "reference": above})
    documents, _ = read(tmp_path / "a", channel(*messages))
    assert {document.thread_id for document in documents} == {"1"}
    assert documents[1].question == "Why did you leave?"
    assert documents[4].question == "Words 4"


@pytest.mark.parametrize(
    ("role", "title", "side"),
    [
        ("SOC Manager", "SOC Manager", None),
        ("🛡️ Moderators", None, Side.VENDOR),
        ("Head Admin", None, Side.VENDOR),
        ("Blue Team", None, None),
        ("Cloud Admin", "Cloud Admin", None),
        ("Early Access", None, None),
    ],
)
def test_a_role_may_be_a_job_or_the_people_who_run_the_place(tmp_path, role, title, side):
    author = {"name": "ines", "roles": [{"id": "1", "name": role}]}
    documents, _ = read(tmp_path / "a", channel({"id": "1", "content": "Too dear", "author": author}))
    (person,) = documents[0].participants
    assert (person.title, person.side) == (title, side)
    assert documents[0].meta["roles"] == role


# --- Discourse -------------------------------------------------------------------------------------------------------


def post(number: int, words: str = "<p>Words</p>", **more: object) -> dict[str, Any]:
    return {"id": 100 + number, "post_number": number, "username": "ines", "cooked": words, **more}


def test_topics_may_stand_one_a_line(tmp_path):
    lines = [json.dumps(topic(post(1))), "", "{broken", json.dumps({**topic(post(2)), "id": 5})]
    documents, findings = read(tmp_path / "a", "\n".join([lines[0], lines[3], lines[2]]))
    assert [document.external_id for document in documents] == ["discourse/4/101", "discourse/5/102"]
    assert [(finding.code, finding.where) for finding in findings] == [("broken-line", "line 3")]


def test_private_topics_are_read_only_if_asked_for(tmp_path):
    talk = topic(post(1), archetype="private_message")
    assert read(tmp_path / "a", talk)[0] == []
    documents, _ = read(tmp_path / "a", talk, private=True)
    assert [document.rights for document in documents] == [Rights.INTERNAL]


def test_posts_that_are_missing_are_told_with_the_way_to_get_them(tmp_path):
    whole = topic(post(1))
    whole["post_stream"]["stream"] = [101, 102, 103]
    (told,) = read(tmp_path / "a", whole)[1]
    assert told.message.startswith("1 of 3 posts of topic 4 are in this file")
    assert "/t/4/posts.json?post_ids[]=" in told.message
    page = {"id": 4, "post_stream": {"posts": [post(2), post(3)]}}
    documents, findings = read(tmp_path / "a", [whole, page])
    assert [document.question for document in documents] == [None, "Too dear", "Too dear"]
    assert findings == []


def test_a_picture_brings_no_words_and_a_preview_is_the_pages(tmp_path):
    picture = '<div><a class="lightbox"><img><div class="meta"><span>graph.png</span></div></a></div><p>See</p>'
    preview = '<aside class="onebox"><header>x.example</header><aside>Old</aside><h3>Page</h3></aside><p>Mine</p>'
    documents, _ = read(tmp_path / "a", topic(post(2, picture), post(3, preview)))
    assert documents[0].turns[0].text == "See"
    turn = documents[1].turns[0]
    assert own_words(turn.text, turn.quoted).strip() == "Mine"


# --- Any value in any field ------------------------------------------------------------------------------------------

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "content"]), inner),
    max_leaves=6,
)
DISCORD = ["id", "type", "timestamp", "content", "author", "reactions", "mentions", "reference", "forwardedMessage"]
DISCOURSE = ["id", "post_number", "post_type", "username", "cooked", "created_at", "version", "actions_summary"]


@given(message=st.dictionaries(st.sampled_from(DISCORD), ANYTHING), about=ANYTHING)
def test_discord_fields_may_hold_anything(tmp_path_factory, message, about):
    kept = {"id": "1", "content": "kept", "author": {"name": "a"}}
    exported = {**channel(message, about, kept), "guild": {"id": "7", "name": about}}
    documents, _ = read(tmp_path_factory.mktemp("any") / "a", exported)
    assert "kept" in [document.turns[0].text for document in documents]


@given(held=st.dictionaries(st.sampled_from(DISCOURSE), ANYTHING), about=ANYTHING)
def test_discourse_fields_may_hold_anything(tmp_path_factory, held, about):
    more = {"title": about, "slug": about, "tags": about}
    exported = [topic(held, about, post(9, "<p>kept</p>"), **more), about, topic(post(10), id=about, post_stream=about)]
    documents, _ = read(tmp_path_factory.mktemp("any") / "a", exported)
    assert any("kept" in document.turns[0].text for document in documents)


# --- What all share --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("> a\n> b\nmine", ["> a\n> b"]),
        ("> a\n\n> b\nmine", ["> a", "> b"]),
        ("> 40 TB a day\nmine", []),
        ("```\n> code\n```\n> a", ["> a"]),
        ("mine\n>>> a\nb\n\nc\n", [">>> a\nb\n\nc"]),
    ],
)
def test_lines_that_quote(text, others):
    assert [text[start:end] for start, end in quoted_lines(text)] == others


def test_a_thread_is_called_by_the_first_line_of_somebodys_own_words():
    text = "> quoted\n\n  We left.  \nMore"
    assert first_line(text, quoted_lines(text)) == "We left."
    assert first_line("word " * 100) == " ".join(["word"] * 32) + " …"
    assert first_line("> quoted", ((0, 8),)) is None


def test_only_so_much_is_remembered():
    recent: Recent[int] = Recent(2)
    for number in range(3):
        recent.put(str(number), number)
    assert (recent.get("0"), recent.get("1"), recent.get("2"), recent.get(None)) == (None, 1, 2, None)


@pytest.mark.parametrize("said", ["CISO", "Head of Detection", "Leiter IT-Sicherheit", "VP Security", "SOC analyst"])
def test_jobs(said):
    assert looks_like_job(said)
    assert not is_staff(said)


@pytest.mark.parametrize("said", ["Moderator", "staff", "Community Manager", "Core Team", "Mods"])
def test_people_who_run_the_place(said):
    assert is_staff(said)
    assert not looks_like_job(said)
