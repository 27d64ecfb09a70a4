"""Collections and saved searches, by services, commands, pages and the API; what is handed on respects rights."""

from __future__ import annotations

import csv
import json
import re

import pytest
from click.testing import CliRunner
from docx import Document as Word
from jsonschema import Draft202012Validator

from tests.unit.webtools import small_workspace
from web import create_app, openapi
from winloss.cli.commands import winloss
from winloss.errors import ConfigError, Conflict, NotFound, QueryError
from winloss.model import Filters, Kept, SavedSearch
from winloss.services import doing
from winloss.services.analysis import analyse
from winloss.services.research import collecting, quoting
from winloss.services.search import saving, searching
from winloss.services.sources import intake


@pytest.fixture
def bench(tmp_path):
    with small_workspace(tmp_path) as opened:
        yield opened


@pytest.fixture
def client(bench):
    return create_app(bench).test_client()


@pytest.fixture
def post(client):
    def send(address, **fields):
        token = re.search(r'name="token" value="([^"]+)"', client.get("/collections").text)[1]
        return client.post(address, data={"token": token, **fields}, follow_redirects=True)

    return send


@pytest.fixture
def ids(bench):
    return [hit.passage.id for hit in searching.search(bench, "alerts", Filters(), mode="words", limit=6).hits]


@pytest.fixture
def call(bench):
    def run(*arguments, exit_code=0):
        done = CliRunner().invoke(winloss, ["--workspace", str(bench.root), *arguments])
        assert done.exit_code == exit_code, done.output
        return json.loads(done.stdout) if "--json" in arguments else done.output

    return run


def add_posts(bench, folder, rows):
    (folder / "more.csv").write_text(
        "id,text,date,author,segment,url,rights\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8"
    )
    mapping = bench.root.parent / "drop" / "posts.map.toml"
    found = mapping if mapping.exists() else next((bench.root.parent / "drop").glob("*.toml"))
    intake.take_in(bench, [folder / "more.csv"], mapping=found)
    analyse(bench)


def test_pins_stand_in_order_with_their_notes(bench, ids):
    collecting.pin(bench, "Deck", ids[:3], by="Dana", note="strong", new=True)
    collecting.pin(bench, "deck", [ids[3], ids[0]], by="Tom")
    collecting.move(bench, "Deck", ids[3], 1, by=None)
    collecting.note(bench, "Deck", ids[0], "", by=None)
    assert [item.passage.id for item in collecting.contents(bench, "Deck")] == [ids[3], *ids[:3]]
    assert [item.pin.note for item in collecting.contents(bench, "Deck")] == ["", "", "strong", "strong"]
    with pytest.raises(NotFound, match="no verbatim"):
        collecting.pin(bench, "Deck", ["vnothing"], by=None)
    with pytest.raises(NotFound) as caught:
        collecting.find(bench, "Dekc")
    assert "Deck" in caught.value.hint
    with pytest.raises(Conflict):
        collecting.create(bench, "DECK", by=None)
    with pytest.raises(QueryError):
        collecting.create(bench, "  ", by=None)


def test_a_saved_search_says_what_is_new_once(bench, tmp_path):
    saving.save(bench, "Alerts", "alerts", Filters(segment=("federal",)), mode="words", by=None)
    first = saving.standing(bench, "alerts")
    assert first.ids
    assert not first.new
    add_posts(
        bench, tmp_path, ["n1,The alerts came back in spring and nobody noticed.,2026-05-01,zoe,federal,,anonymous"]
    )
    second = saving.standing(bench, "alerts")
    assert len(second.new) == 1
    assert len(second.ids) == len(first.ids) + 1
    assert saving.standing(bench, "alerts").new == second.new, "asking is not looking"
    saving.looked_at(bench, second.search, second.ids)
    assert not saving.standing(bench, "alerts").new


def test_what_was_not_shown_stays_new(bench, client, call, tmp_path, monkeypatch):
    saving.save(bench, "Alerts", "alerts", Filters(), mode="words", by=None)
    add_posts(
        bench,
        tmp_path,
        [
            f"n{n},The alerts of spring number {n} kept us awake.,2026-05-0{n},zoe{n},federal,,anonymous"
            for n in (1, 2, 3)
        ],
    )
    new = saving.standing(bench, "alerts").new
    assert len(new) == 3
    (shown,) = call("saved", "show", "Alerts", "--limit", "1", "--json")["verbatims"]
    assert shown["new"], "what is new comes first"
    assert saving.standing(bench, "alerts").new == new - {shown["id"]}
    monkeypatch.setattr("web.pages.saved.SHOWN", 1)
    page = client.get(f"/saved/{saving.find(bench, 'Alerts').id}").text
    (left,) = saving.standing(bench, "alerts").new
    assert left not in page
    call("saved", "show", "Alerts", "--new")
    assert not saving.standing(bench, "alerts").new


def test_a_search_that_cannot_be_asked_any_more_hides_no_other(bench, client, call):
    saving.save(bench, "Alerts", "alerts", Filters(), mode="words", by=None)
    older = SavedSearch(id="s9", name="Older", made_at="2026-01-01T00:00:00Z", query='"half', mode="words")
    with bench.store.aside() as transaction:
        transaction.swap(Kept(), Kept(searches=(older,)))
    assert "cannot be asked any more" in call("saved", "list")
    told = {item["search"]["name"]: item["wrong"] for item in call("saved", "list", "--json")}
    assert told["Alerts"] is None
    assert "quotation mark" in told["Older"]
    assert "quotation mark" in client.get("/api/v1/saved").text
    assert "quotation mark" in client.get("/collections").text
    with pytest.raises(QueryError):
        saving.standing(bench, "Older")
    call("saved", "remove", "Older")
    assert [item.search.name for item in saving.standings(bench)] == ["Alerts"]


def test_merging_keeps_both_notes_of_what_is_in_both(bench, ids):
    collecting.pin(bench, "One", ids[:2], by=None, note="opens it", new=True)
    collecting.pin(bench, "Two", [ids[0]], by=None, note="closes it", new=True)
    before = bench.store.collections(), bench.store.pins()
    collecting.merge(bench, "One", "Two", by=None)
    assert [(it.passage.id, it.pin.note) for it in collecting.contents(bench, "Two")] == [
        (ids[0], "closes it\nopens it"),
        (ids[1], "opens it"),
    ]
    doing.undo(bench, by=None)
    assert (bench.store.collections(), bench.store.pins()) == before
    collecting.note(bench, "One", ids[0], "x" * 4000, by=None)
    with pytest.raises(QueryError):
        collecting.merge(bench, "One", "Two", by=None)
    assert len(bench.store.collections()) == 2


def test_a_search_whose_filter_is_gone_can_still_be_removed(bench, client):
    with pytest.raises(QueryError):
        saving.save(bench, "Nobody", "alerts", Filters(role=("nobody",)), by=None)
    saving.save(bench, "Some", '"alerts"', Filters(), mode="words", by=None)
    assert "Some" in client.get("/collections").text
    saving.remove(bench, "some", by=None)
    assert bench.store.saved_searches() == []


@pytest.mark.parametrize("suffix", quoting.SUFFIXES)
def test_what_may_not_be_quoted_is_left_out_of_what_is_handed_on_and_counted(bench, tmp_path, suffix):
    everything = [passage.id for passage in bench.store.passages_after("", limit=500)]
    barred = next(it for it in bench.store.passages(everything) if it.rights == "no_quote")
    hostile = next(it for it in bench.store.passages(everything) if "<script>" in it.text)
    first = next(it for it in bench.store.passages(everything) if it.text.startswith("Nobody here"))
    collecting.pin(bench, "Deck", [first.id, barred.id, hostile.id], by=None, note="=HYPERLINK(1)", new=True)
    handout = quoting.of_collection(bench, "Deck")
    assert handout.told == "2 of 3 verbatims; 1 may not be quoted and are left out."
    path = tmp_path / f"deck{suffix}"
    quoting.write(bench, handout, path)
    told = "\n".join(p.text for p in Word(path).paragraphs) if suffix == ".docx" else path.read_text("utf-8")
    assert barred.text not in told
    assert hostile.speaker is None or hostile.speaker not in told
    if suffix in (".docx", ".md"):
        assert first.text in told
        assert "2 of 3 verbatims" in told
    if suffix == ".md":
        assert "<script>" not in told
    if suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["text"] for row in rows] == [first.text, hostile.text]
        assert {row["note"] for row in rows} == {"'=HYPERLINK(1)"}
    if suffix == ".jsonl":
        assert [json.loads(line)["text"] for line in told.splitlines()] == [first.text, hostile.text]


def test_commands_pin_save_and_hand_on(call, ids, tmp_path):
    assert "Pinned 2 verbatims" in call(
        "collections", "pin", "Deck", *ids[:2], "--new", "--note", "first", "--by", "Dana"
    )
    assert [row["pins"] for row in call("collections", "list", "--json")] == [2]
    call("collections", "pin", "Deck", ids[1], "--tag", "pain/cost", "--by", "Dana")
    assert "1 of 1" in call("codes", "list")
    call("collections", "pin", "Deck", ids[1], "--tag", "pain/cost", exit_code=1)
    assert "Note: first" in call("collections", "show", "deck")
    call("collections", "move", "Deck", ids[1], "1")
    assert [row["id"] for row in call("collections", "show", "deck", "--json")] == [ids[1], ids[0]]
    assert "Took back" in call("collections", "undo")
    call("saved", "add", "Alerts", "alerts", "--mode", "words")
    assert "0 new" in call("saved", "show", "Alerts", "--limit", "1")
    assert "new" not in call("saved", "list")
    assert "2 of 2" in call("export", "--collection", "Deck", "--out", str(tmp_path / "x.docx"))
    assert "1 may not be quoted" in call("export", "--saved", "Alerts", "--out", str(tmp_path / "x.md"))
    call("export", "--saved", "Alerts", "--collection", "Deck", "--out", str(tmp_path / "x.md"), exit_code=2)
    call("export", "--collection", "Deck", "--out", str(tmp_path / "x.pdf"), exit_code=1)
    assert not (tmp_path / "x.pdf").exists()


def test_a_verbatim_is_pinned_from_where_it_stands_and_leads_back(client, post, bench, ids):
    assert re.search(r"/pin\?verbatim=v\w+", client.get("/search?q=alerts").text)
    page = client.get(f"/pin?verbatim={ids[0]}", headers={"Referer": "http://localhost/search?q=alerts"}).text
    assert 'name="back" value="/search?q=alerts"' in page
    page = post("/pin", verbatim=ids[0], new="Deck <b>", note="<i>opens</i>", back="/search?q=alerts").text
    assert "Deck &lt;b&gt;" in page
    assert "&lt;i&gt;opens" in page
    assert 'href="/search?q=alerts">Back' in page
    assert "Back to where" not in post("/pin", verbatim=ids[1], new="Deck <b>", back="//evil.example/x").text
    assert "Back to where" not in post("/pin", verbatim=ids[2], new="Deck <b>", back="/\\evil.example").text
    shelf = collecting.shelves(bench)[0]
    assert shelf.pins == 3
    page = post("/pin", verbatim=ids[1], collection=shelf.collection.id, tags="pain/cost, renewal", name="Dana").text
    assert sorted(coding.code for coding in bench.store.codings([ids[1]])) == ["pain/cost", "renewal"]
    assert post("/pin", verbatim=ids[1], collection=shelf.collection.id, tags="x", name="").status_code == 400
    address = f"/collections/{shelf.collection.id}"
    post(address, do="note", verbatim=ids[0], note="anew")
    post(address, do="move", verbatim=ids[2], place="1")
    post(address, do="unpin", verbatim=ids[1])
    assert [item.passage.id for item in collecting.contents(bench, shelf.collection.id)] == [ids[2], ids[0]]
    post(address, do="undo")
    assert collecting.shelves(bench)[0].pins == 3
    for kind in ("docx", "md", "csv", "jsonl"):
        answer = client.get(f"{address}/export?as={kind}")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
    assert client.get(f"{address}/export?as=exe").status_code == 400
    assert client.get("/collections/nothing").status_code == 404


def test_collections_are_made_merged_and_removed_on_their_page(client, post, bench, ids):
    post("/collections", do="add", name="One")
    post("/collections", do="add", name="Two")
    assert post("/collections", do="add", name="two").status_code == 409
    one, two = (shelf.collection.id for shelf in collecting.shelves(bench))
    collecting.pin(bench, one, ids[:2], by=None)
    post("/collections", do="merge", collection=one, to=two)
    assert [(it.collection.name, it.pins) for it in collecting.shelves(bench)] == [("Two", 2)]
    post("/collections", do="undo")
    assert len(collecting.shelves(bench)) == 2
    post("/collections", do="remove", collection=two)
    assert [shelf.collection.name for shelf in collecting.shelves(bench)] == ["One"]
    assert client.post("/collections", data={"do": "remove", "collection": one}).status_code == 403


def test_a_search_is_saved_where_it_is_shown_and_marks_what_is_new(client, post, bench, tmp_path):
    post("/saved", do="save", name="Federal alerts", q="alerts", mode="words", segment="federal")
    (search,) = bench.store.saved_searches()
    assert search.filters == Filters(segment=("federal",))
    add_posts(
        bench, tmp_path, ["n1,The alerts came back in spring and nobody noticed.,2026-05-01,zoe,federal,,anonymous"]
    )
    assert "1 new" in client.get("/collections").text
    page = client.get(f"/saved/{search.id}").text
    assert '<p class="fresh">New</p>' in page
    assert '<p class="fresh">New</p>' not in client.get(f"/saved/{search.id}").text
    assert client.get(f"/saved/{search.id}/export?as=md").status_code == 200


def valid(name, answer):
    assert answer.status_code == 200, answer.text
    schema = {"$ref": f"#/components/schemas/{name}", "components": openapi.document()["components"]}
    Draft202012Validator(schema).validate(answer.json)
    return answer.json


def test_programs_pin_and_save(client, ids):
    told = {"do": "pin", "collection": "Deck", "verbatims": ids[:2], "note": "x", "new": True, "by": "Dana"}
    assert valid("Shelves", client.post("/api/v1/collections", json=told))["collections"][0]["pins"] == 2
    page = valid("CollectionPage", client.get("/api/v1/collections/Deck"))
    assert [item["id"] for item in page["verbatims"]] == ids[:2]
    told = {"do": "save", "search": "Alerts", "query": "alerts", "mode": "words", "filters": {"segment": ["federal"]}}
    assert valid("Standings", client.post("/api/v1/saved", json=told))["searches"][0]["new"] == 0
    assert valid("SavedPage", client.get("/api/v1/saved/Alerts?limit=2"))["verbatims"]
    for wrong in ({"do": "shake"}, {"do": "pin", "verbatims": "x"}, {"do": "save", "filters": {"x": ["y"]}}, {"a": 1}):
        assert client.post("/api/v1/saved", json=wrong).status_code == 400
    assert client.get("/api/v1/collections/none").status_code == 404


def test_undo_takes_no_collection_away_that_others_have_pinned_to(bench, ids):
    collecting.create(bench, "Board deck", by="Dana")
    collecting.pin(bench, "Board deck", ids[:1], by="Tom", note="mine")
    with pytest.raises(Conflict):
        doing.undo(bench, by="Dana")
    assert [item.pin.note for item in collecting.contents(bench, "Board deck")] == ["mine"]
    doing.undo(bench, by="Tom")
    assert doing.undo(bench, by="Dana").what == "made the collection Board deck"
    assert collecting.shelves(bench) == []


def test_the_pin_form_offers_first_what_the_verbatim_is_not_in(client, bench, ids):
    def checked() -> list[str]:
        page = client.get(f"/pin?verbatim={ids[0]}").text
        return re.findall(r'name="collection" value="([^"]+)" checked(?! disabled)', page)

    first, second = (collecting.create(bench, name, by=None) for name in ("A", "B"))
    assert checked() == [first.id]
    collecting.pin(bench, "A", ids[:1], by=None)
    assert checked() == [second.id]
    collecting.pin(bench, "B", ids[:1], by=None)
    assert checked() == []
    assert re.search(r'name="new"[^>]* required', client.get(f"/pin?verbatim={ids[0]}").text)


@pytest.mark.parametrize("wrong", [{"new": "y" * 200}, {"new": "New", "note": "y" * 4001}, {}])
def test_a_pin_that_is_refused_gives_no_tags(post, bench, ids, wrong):
    assert post("/pin", verbatim=ids[0], tags="pain/cost", name="Dana", **wrong).status_code == 400
    assert bench.store.codings() == []
    assert bench.store.pins() == []


def test_where_nothing_can_be_written_is_told(bench, tmp_path):
    collecting.create(bench, "Board deck", by=None)
    for suffix in quoting.SUFFIXES:
        with pytest.raises(ConfigError, match="cannot write"):
            quoting.write(bench, quoting.of_collection(bench, "Board deck"), tmp_path / "none" / f"x{suffix}")


def test_saved_leads_to_the_list_of_saved_searches(client, bench):
    saving.save(bench, "Night shifts", "alerts", Filters(), by=None)
    answer = client.get("/saved", follow_redirects=True)
    assert answer.status_code == 200
    assert "Night shifts" in answer.text
