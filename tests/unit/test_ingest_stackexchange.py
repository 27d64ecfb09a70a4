"""Stack Exchange dumps: what lies beside the posts, broken and hostile XML."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

import ingest
from ingest.remarks import Remarks
from ingest.xml_files import elements
from winloss.errors import MalformedSource, SourceError
from winloss.model import Finding, ReadDocument
from winloss.ports import ReadContext

POSTS = [
    {"Id": "1", "PostTypeId": "1", "CreationDate": "2026-04-18T10:00:00.000", "Title": "Why?", "OwnerUserId": "5"},
    {"Id": "2", "PostTypeId": "2", "CreationDate": "2026-04-18T11:00:00.000", "ParentId": "1", "OwnerUserId": "6"},
]
USERS = [
    {"Id": "5", "DisplayName": "Ada", "AboutMe": "<p>I'm a detection engineer, mostly.</p>"},
    {"Id": "6", "DisplayName": "Bo", "AboutMe": "<p>Head of SecOps</p><p>https://bo.example</p>"},
    {"Id": "7", "DisplayName": "Cy", "AboutMe": "I like boats. And sails, on the whole, more than anything else."},
]
COMMENTS = [
    {"Id": "31", "PostId": "2", "Score": "4", "Text": "Because > of price", "UserId": "7"},
    {"Id": "32", "PostId": "99", "Text": "Elsewhere", "UserDisplayName": "user9"},
]


def table(path: Path, root: str, rows: list[dict[str, str]]) -> Path:
    written = "".join(f"<row {' '.join(f'{name}={quoteattr(value)}' for name, value in row.items())}/>" for row in rows)
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<{root}>{written}</{root}>', encoding="utf-8")
    return path


def dump(folder: Path) -> list[Path]:
    posts = [{**row, "Body": "<p>Words.</p>"} for row in POSTS]
    tables = {"posts": posts, "users": USERS, "comments": COMMENTS, "votes": [{"Id": "1"}]}
    return [table(folder / f"{name.title()}.xml", name, rows) for name, rows in tables.items()]


def read(path: Path, *companions: Path) -> tuple[list[ReadDocument], list[Finding]]:
    things = list(ingest.read(path, ReadContext(companions=companions)))
    return (
        [thing for thing in things if isinstance(thing, ReadDocument)],
        [thing for thing in things if isinstance(thing, Finding)],
    )


def test_users_and_comments_are_read_along_with_the_posts(tmp_path: Path) -> None:
    posts, *beside = dump(tmp_path / "security.stackexchange.com")
    assert ingest.companions([posts, *beside]) == {posts: tuple(beside)}
    documents, findings = read(posts, *beside)
    assert [(found.external_id.rpartition("com-")[2], found.thread_id) for found in documents] == [
        ("1", "1"),
        ("2", "1"),
        ("comment-31", "1"),
        ("comment-32", None),
    ]
    people = [(person.name, person.title) for document in documents for person in document.participants]
    assert people == [("Ada", "detection engineer"), ("Bo", "Head of SecOps"), ("Cy", None), ("user9", None)]
    answer, comment = documents[1], documents[2]
    assert answer.question == comment.question == "Why?"
    assert answer.url == "https://security.stackexchange.com/a/2"
    assert comment.meta["reply_to"] == answer.external_id
    assert comment.turns[0].text == "Because > of price"
    assert findings == []


def test_users_of_another_site_name_nobody(tmp_path: Path) -> None:
    posts, *_ = dump(tmp_path / "one")
    _, users, *_ = dump(tmp_path / "other")
    documents, _ = read(posts, users)
    assert documents[0].turns[0].speaker == "user5"


def test_a_table_without_words_says_what_to_do(tmp_path: Path) -> None:
    _, users, *_ = dump(tmp_path / "dump")
    with pytest.raises(MalformedSource, match="nothing that somebody wrote") as refused:
        read(users)
    assert "Posts.xml" in refused.value.hint


def test_a_broken_row_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    posts, *_ = dump(tmp_path / "dump")
    whole = posts.read_text(encoding="utf-8")
    posts.write_text(whole.replace("</posts>", '<row Id="3" Body="&#x1;" & broken/>' + "</posts>"), encoding="utf-8")
    documents, findings = read(posts)
    assert len(documents) >= 2
    assert "broken-xml" in [finding.code for finding in findings]
    posts.write_text(whole[: whole.index("</posts>") - 5], encoding="utf-8")
    documents, findings = read(posts)
    assert documents
    assert "broken-xml" in [finding.code for finding in findings]


def test_entities_of_ones_own_are_refused(tmp_path: Path) -> None:
    bomb = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 9))
    posts = tmp_path / "Posts.xml"
    head = f'<?xml version="1.0"?><!DOCTYPE posts [<!ENTITY e0 "x">{bomb}]>'
    posts.write_text(f'{head}<posts><row Id="1" PostTypeId="1" Body="&e8;"/></posts>', encoding="utf-8")
    with pytest.raises(SourceError):
        read(posts)
    with pytest.raises(MalformedSource):
        list(elements(posts, ("row",), Remarks()))
    for entity in ('"x"', 'SYSTEM "file:///etc/hostname"'):
        posts.write_text(
            f'<!DOCTYPE posts [<!ENTITY e {entity}>]><posts><row Id="1">&e;</row></posts>', encoding="utf-8"
        )
        with pytest.raises(MalformedSource, match="entities"):
            list(elements(posts, ("row",), Remarks()))
