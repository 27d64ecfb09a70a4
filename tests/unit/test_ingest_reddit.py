"""Reddit where golden files do not show it: companions, long and odd lines, fields of any type."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ingest
from ingest import json_lines
from ingest.remarks import Remarks
from winloss.model import Finding, ReadDocument, Rights
from winloss.ports import ReadContext

POST = {"id": "aa1", "title": "Is it us?", "selftext": "Four tools, one team.", "author": "sam", "subreddit": "siem"}
COMMENT = {
    "id": "c1",
    "link_id": "t3_aa1",
    "parent_id": "t3_aa1",
    "body": "It is you.",
    "author": "pia",
    "subreddit": "siem",
    "created_utc": 1776500000,
}


def written(path: Path, *things: object) -> Path:
    path.write_text("".join(json.dumps(thing) + "\n" for thing in things), encoding="utf-8")
    return path


def read(path: Path, *companions: Path) -> tuple[list[ReadDocument], list[Finding]]:
    things = list(ingest.read(path, ReadContext(companions=companions)))
    return (
        [thing for thing in things if isinstance(thing, ReadDocument)],
        [thing for thing in things if isinstance(thing, Finding)],
    )


def test_comments_get_their_threads_title_from_the_posts_beside_them(tmp_path: Path) -> None:
    posts, comments = written(tmp_path / "RS", POST), written(tmp_path / "RC", COMMENT)
    beside = ingest.companions([posts, comments])
    assert beside == {posts: (), comments: (posts,)}
    (document,), _ = read(comments, *beside[comments])
    assert document.question == "Is it us?"
    assert document.thread_id == read(posts)[0][0].thread_id == "aa1"


def test_a_broken_file_of_posts_costs_comments_only_their_title(tmp_path: Path) -> None:
    posts = tmp_path / "RS"
    posts.write_text(json.dumps([POST])[:-1], encoding="utf-8")
    documents, findings = read(written(tmp_path / "RC", COMMENT), posts)
    assert [document.question for document in documents] == ["Is it us?"]
    assert [finding.code for finding in findings] == ["broken-companion"]


def test_a_line_that_is_too_long_is_left_out_and_the_rest_is_read(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(json_lines, "LONGEST", 1000)
    long = {**COMMENT, "id": "c2", "body": "x" * 5000}
    documents, findings = read(written(tmp_path / "RC", COMMENT, long, {**COMMENT, "id": "c3"}))
    assert [document.external_id for document in documents] == ["t1_c1", "t1_c3"]
    assert [(finding.code, finding.where) for finding in findings] == [("long-line", "line 2")]


def test_other_encodings_of_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "RC"
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        path.write_bytes((json.dumps({"body": "zu teuer, fünf Mal"}, ensure_ascii=False) + "\n").encode(encoding))
        assert list(json_lines.json_lines(path, Remarks())) == [("line 1", {"body": "zu teuer, fünf Mal"})]
    line = json.dumps({**COMMENT, "body": "fünf Mal"}, ensure_ascii=False) + "\n"
    path.write_bytes(line.encode() * 600 + line.encode("cp1252"))
    documents, findings = read(path)
    assert [document.turns[0].text for document in documents] == ["fünf Mal"] * 601
    assert [(finding.code, finding.count) for finding in findings] == [("encoding-guessed", 1)]


def test_a_download_of_one_array_and_of_the_archives_api_are_read_as_lines_are(tmp_path: Path) -> None:
    expected = read(written(tmp_path / "lines", COMMENT))[0]
    for name, shaped in (("array", [COMMENT]), ("api", {"data": [COMMENT]})):
        path = tmp_path / name
        path.write_text(json.dumps(shaped, indent=1), encoding="utf-8")
        assert read(path)[0] == expected
    pages = {"kind": "Listing", "data": {"children": [{"kind": "t1", "data": COMMENT}]}}
    assert [document.turns for document in read(written(tmp_path / "pages", pages, pages))[0]] == [
        expected[0].turns
    ] * 2


def test_replies_a_thousand_deep_do_not_stop_the_reading(tmp_path: Path) -> None:
    line = json.dumps(COMMENT)
    for _ in range(3000):
        line = '{"replies": ' + line + "}"
    path = tmp_path / "RC"
    path.write_text(f"{json.dumps(COMMENT)}\n{line}\n", encoding="utf-8")
    documents, findings = read(path)
    assert len(documents) == 1
    assert [finding.code for finding in findings] == ["broken-line"]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["[deleted]", "t3_x", "/r/"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)
FIELDS = [
    *POST,
    *COMMENT,
    "_meta",
    "replies",
    "kind",
    "data",
    "edited",
    "score",
    "permalink",
    "crosspost_parent",
    "url",
]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(odd=st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=6), base=st.sampled_from([POST, COMMENT]))
def test_any_field_may_have_any_type(odd: dict[str, object], base: dict[str, object], tmp_path: Path) -> None:
    documents, _ = read(written(tmp_path / "R", base, {**base, **odd}))
    assert documents
    for document in documents:
        assert document.turns[0].text.strip()
        assert "" not in document.meta.values()


def test_what_was_taken_back_may_not_be_quoted(tmp_path: Path) -> None:
    taken = [
        {"author": "[deleted]"},
        {"_meta": {"was_deleted_later": True}},
        {"_meta": {"removal_type": "removed by reddit", "was_deleted_later": True}},
        {"removal_reason": "legal"},
        {"removed": True},
    ]
    documents, findings = read(
        written(tmp_path / "RC", *({**COMMENT, "id": f"c{number}", **told} for number, told in enumerate(taken)))
    )
    assert {document.rights for document in documents} == {Rights.NO_QUOTE}
    assert all(document.meta["withdrawn"] for document in documents)
    assert [(finding.code, finding.count) for finding in findings] == [("withdrawn", len(taken))]
