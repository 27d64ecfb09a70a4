"""A mapping is checked before anything is read, and every column is accounted for."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import ingest
from ingest.mapping import compile_mapping
from winloss.errors import ConfigError, MalformedSource
from winloss.model import Account, Deal, Finding, Outcome, Readable, ReadDocument, Rights, Side
from winloss.ports import ReadContext

TEXT = {"text": "words"}


def read(folder: Path, table: str, mapping: dict[str, object], name: str = "table.csv") -> list[Readable]:
    path = folder / name
    path.write_text(table, encoding="utf-8", newline="")
    return list(ingest.read(path, ReadContext(mapping=mapping)))


def documents(things: list[Readable]) -> list[ReadDocument]:
    return [thing for thing in things if isinstance(thing, ReadDocument)]


def findings(things: list[Readable]) -> dict[str, Finding]:
    return {thing.code: thing for thing in things if isinstance(thing, Finding)}


@pytest.mark.parametrize(
    ("mapping", "says", "hint"),
    [
        ({}, "no kind", "community"),
        ({"kind": "podcast", "fields": TEXT}, "'podcast'", "interview"),
        ({"kind": "survey", "fields": TEXT, "colour": "red"}, "'colour'", "group_by"),
        ({"kind": "survey", "fields": {"txt": "words"}}, "'txt'", "text"),
        ({"kind": "survey"}, "words", "questions"),
        ({"kind": "deals", "fields": {"account": "a"}}, "deals need", "apart"),
        ({"kind": "accounts", "fields": {"industry": "a"}}, "accounts need", "name"),
        ({"kind": "survey", "fields": {"text": {"colunm": "x"}}}, "'colunm'", "column"),
        ({"kind": "survey", "fields": {"text": {"column": "x", "template": "{y}"}}}, "either", "one"),
        ({"kind": "survey", "fields": {**TEXT, "date": {"column": "d", "format": "dd.mm.yyyy"}}}, "dd.mm", "%d"),
        ({"kind": "survey", "fields": {**TEXT, "tags": {"column": "d", "pattern": "("}}}, "expression", "Mend"),
        ({"kind": "survey", "fields": TEXT, "values": {"outcome": {"yes": "victory"}}}, "'victory'", "won"),
        ({"kind": "survey", "fields": TEXT, "constants": {"rights": "all"}}, "'all'", "no_quote"),
        ({"kind": "survey", "fields": TEXT, "where": {"column": "x"}}, "list of tables", "[[where]]"),
        ({"kind": "survey", "fields": TEXT, "where": [{"column": "x", "of": "next", "is": "y"}]}, "'next'", "previous"),
        ({"kind": "interview", "turns": {"path": "t"}}, "turns needs", "text"),
        ({"kind": "interview", "turns": {"path": "t", "text": "x"}, "group_by": "file"}, "goes with", "Keep"),
    ],
)
def test_a_wrong_mapping_says_what_would_be_right(mapping: dict[str, object], says: str, hint: str) -> None:
    with pytest.raises(ConfigError) as refused:
        compile_mapping(mapping, name="x.toml")
    assert says in refused.value.message
    assert refused.value.message.startswith("x.toml")
    assert hint in refused.value.hint


def test_a_mapping_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("kind = ", encoding="utf-8")
    with pytest.raises(ConfigError, match="TOML"):
        ingest.load_mapping(tmp_path / "bad.toml")
    with pytest.raises(ConfigError, match="opened"):
        ingest.load_mapping(tmp_path / "none.toml")


def test_a_missing_column_lists_those_that_are_there(tmp_path: Path) -> None:
    with pytest.raises(MalformedSource) as refused:
        read(tmp_path, "id,body\n1,x\n", {"kind": "survey", "fields": {"id": "id", "text": ["title", "body"]}})
    assert "'title'" in refused.value.message
    assert "id, body" in refused.value.hint


def test_a_column_that_no_record_has(tmp_path: Path) -> None:
    mapping = {"kind": "survey", "fields": {"text": "words", "date": "day"}}
    with pytest.raises(MalformedSource, match="'day'"):
        read(tmp_path, '{"words": "x"}\n{"words": "y"}\n', mapping, "t.jsonl")
    assert documents(read(tmp_path, '{"words": "x"}\n{"words": "y", "day": null}\n', mapping, "t.jsonl"))


def test_columns_that_the_mapping_does_not_speak_of_are_told_once(tmp_path: Path) -> None:
    mapping = {"kind": "survey", "fields": TEXT, "meta": ["score"], "ignore": ["ip"]}
    things = read(tmp_path, "words,score,ip,mood,notes\nx,1,2,3,4\ny,1,2,3,4\n", mapping)
    assert findings(things)["unmapped-columns"].message.endswith("mood, notes")
    assert findings(things)["unmapped-columns"].count == 2
    assert documents(things)[0].meta == {"score": "1"}


def test_a_document_without_an_id_keeps_it_when_other_columns_change(tmp_path: Path) -> None:
    mapping = {"kind": "survey", "fields": {**TEXT, "date": "day"}}
    first = documents(read(tmp_path, "words,day,views\nSo it is,2026-01-01,5\n", mapping))[0]
    second = documents(read(tmp_path, "words,day,views\nSo  it is,2026-01-01,9\n", mapping))[0]
    other = documents(read(tmp_path, "words,day,views\nSo it is,2026-01-02,5\n", mapping))[0]
    assert first.external_id == second.external_id != other.external_id


def test_rows_are_chosen(tmp_path: Path) -> None:
    table = "n,kind,words\n1,post,a\n2,Bot,b\n3,post,\n4,post,what is it?\n5,note,c?\n"

    def chosen(*conditions: dict[str, object]) -> list[str]:
        mapping = {"kind": "survey", "fields": {"id": "n", "text": "words"}, "where": list(conditions)}
        return [document.external_id for document in documents(read(tmp_path, table, mapping))]

    assert chosen({"column": "kind", "is": "post"}) == ["1", "4"]
    assert chosen({"column": "kind", "is": ["bot", "note"]}) == ["2", "5"]
    assert chosen({"column": "kind", "is_not": ["bot"]}, {"column": "words", "matches": r"\?"}) == ["4", "5"]
    assert chosen({"column": "words", "matches_not": r"\?", "filled": True}) == ["1", "2"]
    assert chosen({"column": "kind", "is": "bot", "of": "previous"}) == []
    assert chosen({"column": "words", "filled": False, "of": "previous"}) == ["1", "4"]


def test_rows_of_one_conversation_become_its_turns(tmp_path: Path) -> None:
    rows = ("c1,Dana,Why?,0:01,0:02", "c2,Lea,Hm.,0:01,0:02", "c1,Priya,So,0:03,0:04", "c1,Priya,it was.,0:05,0:06")
    table = "\n".join(("call,who,said,t0,t1", *rows))
    fields = {"text": "said", "speaker": "who", "start": "t0", "end": "t1"}
    things = documents(read(tmp_path, table, {"kind": "interview", "group_by": "call", "fields": fields}))
    assert [document.external_id for document in things] == ["c1", "c2"]
    assert [(turn.speaker, turn.text, turn.start_ms, turn.end_ms) for turn in things[0].turns] == [
        ("Dana", "Why?", 1000, 2000),
        ("Priya", "So it was.", 3000, 6000),
    ]
    whole = documents(read(tmp_path, table, {"kind": "interview", "group_by": "file", "fields": {"text": "said"}}))
    assert [(document.external_id, len(document.turns)) for document in whole] == [("table", 4)]


def test_a_list_inside_a_record_becomes_rows(tmp_path: Path) -> None:
    record = {"call": "7", "turns": [{"who": "0", "said": "Question from Ann."}, {"who": "1", "said": "Why?"}, "odd"]}
    mapping = {
        "kind": "inquiry",
        "explode": "turns",
        "fields": {"id": {"template": "{call}-{turns.#}"}, "text": "turns.said"},
        "where": [{"column": "turns.said", "of": "previous", "matches": "Question from"}],
    }
    [inquiry] = documents(read(tmp_path, json.dumps(record), mapping, "calls.jsonl"))
    assert (inquiry.external_id, inquiry.turns[0].text) == ("7-2", "Why?")


def test_written_values_are_translated_joined_or_told(tmp_path: Path) -> None:
    table = "id,product,industry,account\n1,GTXPro,technolgy,A\n2,GTX Basic,Tech,A\n3,Zeppelin,retail,n/a\n"
    mapping = {
        "kind": "deals",
        "fields": {"id": "id", "product": "product", "type": "industry", "account": "account"},
        "known": {"product": ["GTX Pro", "GTX Basic", "GTX Plus Pro"]},
        "values": {"type": {"tech": "technology", "technolgy": "technology", "retail": "retail"}},
    }
    things = read(tmp_path, table, mapping)
    deals = [thing for thing in things if isinstance(thing, Deal)]
    assert [deal.product for deal in deals] == ["GTX Pro", "GTX Basic", "Zeppelin"]
    assert [deal.account for deal in deals] == ["A", "A", None]
    told = findings(things)
    assert "'GTXPro'" in told["near-value"].message
    assert "'Zeppelin'" in told["unknown-value"].message
    assert told["no-account"].count == 1


def test_rights_that_are_not_understood_allow_nothing(tmp_path: Path) -> None:
    mapping = {"kind": "survey", "fields": {**TEXT, "rights": "r"}, "values": {"rights": {"ok by legal": "named"}}}
    things = read(tmp_path, "words,r\na,OK by legal\nb,internal\nc,please do not\nd,\n", mapping)
    rights = [document.rights for document in documents(things)]
    assert rights == [Rights.NAMED, Rights.INTERNAL, Rights.NO_QUOTE, None]
    assert "no_quote" in findings(things)["unknown-rights"].message


def test_who_wrote_it(tmp_path: Path) -> None:
    table = "words,who,job,mail,firm,side\na,Priya,CISO,p@x.example,Hallam,buyer\nb,,Architect,,,\nc,,,,,\n"
    fields = {**TEXT, "speaker": "who", "job_title": "job", "email": "mail", "firm": "firm", "side": "side"}
    first, second, third = documents(read(tmp_path, table, {"kind": "survey", "fields": fields}))
    person = first.participants[0]
    assert (person.name, person.title, person.email, person.affiliation) == ("Priya", "CISO", "p@x.example", "Hallam")
    assert person.side is Side.BUYER
    assert (second.turns[0].speaker, second.participants[0].title) == ("Architect", "Architect")
    assert (third.turns[0].speaker, third.participants) == (None, ())


def test_authors_of_posts_who_are_only_described_stay_different_people(tmp_path: Path) -> None:
    mapping = {"kind": "community", "fields": {"id": "id", "text": "words", "job_title": "flair"}}
    posts = documents(read(tmp_path, "id,words,flair\n1,a,CISO\n2,b,CISO\n", mapping))
    assert len({post.turns[0].speaker for post in posts}) == 2


def test_the_same_id_twice_is_told(tmp_path: Path) -> None:
    things = read(tmp_path, "id,words\n1,a\n1,b\n", {"kind": "survey", "fields": {"id": "id", "text": "words"}})
    assert findings(things)["same-id"].where == "row 3"


def test_a_table_below_other_rows(tmp_path: Path) -> None:
    table = "Feedback of April\nexported 2026-05-01\n\nid,words\n1,a\n"
    assert len(documents(read(tmp_path, table, {"kind": "survey", "fields": {"id": "id", "text": "words"}}))) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_as_spreadsheets_save_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "t.csv"
    table = f'sep={delimiter}\r\nid|words\r\n1|"café, ""so"" | or; no"\r\n2|plain\r\n'
    path.write_bytes(
        table.replace("d|w", f"d{delimiter}w")
        .replace("1|", f"1{delimiter}")
        .replace("2|", f"2{delimiter}")
        .encode(encoding)
    )
    mapping: dict[str, object] = {"kind": "survey", "fields": {"id": "id", "text": "words"}}
    assert [
        document.turns[0].text for document in documents(list(ingest.read(path, ReadContext(mapping=mapping))))
    ] == [
        'café, "so" | or; no',
        "plain",
    ]


def test_csv_that_escapes_quotes_with_a_backslash(tmp_path: Path) -> None:
    table = 'id,words\n1,"they said \\"soon\\", twice"\n2,"C:\\dir"\n'
    things = read(tmp_path, table, {"kind": "survey", "fields": {"id": "id", "text": "words"}})
    assert documents(things)[0].turns[0].text == 'they said "soon", twice'


def test_days_of_a_column_without_a_format(tmp_path: Path) -> None:
    mapping = {"kind": "survey", "fields": {**TEXT, "date": "day"}}
    things = read(tmp_path, "words,day\na,2/3/2026\nb,28/3/2026\n", mapping)
    assert [document.happened_on for document in documents(things)] == [date(2026, 3, 2), date(2026, 3, 28)]
    guessed = read(tmp_path, "words,day\na,2/3/2026\n", mapping)
    assert documents(guessed)[0].happened_on == date(2026, 2, 3)
    assert "month/day" in findings(guessed)["date-order"].message


def test_accounts_with_lists(tmp_path: Path) -> None:
    fields = {"name": "n", "employees": "e", "technologies": {"column": "t", "separator": ","}}
    [account] = [
        thing
        for thing in read(tmp_path, 'n,e,t\nHallam,"1,150","SIEM, EDR, SIEM"\n', {"kind": "accounts", "fields": fields})
        if isinstance(thing, Account)
    ]
    assert (account.employees, account.technologies) == (1150, ("SIEM", "EDR"))


def test_the_kind_asked_for_may_differ_in_name_but_not_in_nature(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("words,x\na,b\n", encoding="utf-8")
    mapping: dict[str, object] = {"kind": "survey", "fields": TEXT}
    [document, _] = ingest.read(path, ReadContext(kind="community", mapping=mapping))
    assert isinstance(document, ReadDocument)
    assert document.kind == "community"
    with pytest.raises(MalformedSource):
        list(ingest.read(path, ReadContext(kind="deals", mapping=mapping)))


def test_a_mapping_for_a_folder_leaves_other_files_to_their_readers(tmp_path: Path) -> None:
    mapping: dict[str, object] = {"kind": "survey", "fields": TEXT}
    talk = tmp_path / "talk.txt"
    talk.write_text("Q: Why?\n\nA: Because.\n", encoding="utf-8")
    assert ingest.reader_for(talk, ReadContext(mapping=mapping)).name == "transcripts"


def test_outcomes_in_a_document(tmp_path: Path) -> None:
    things = read(tmp_path, "words,o\na,Closed Won\nb,meh\n", {"kind": "survey", "fields": {**TEXT, "outcome": "o"}})
    assert [document.outcome for document in documents(things)] == [Outcome.WON, None]
    assert "'meh'" in findings(things)["unknown-outcome"].message
