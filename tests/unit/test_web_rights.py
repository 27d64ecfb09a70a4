"""The page and the API of rights: for researchers, who decide, find, undo and see warnings; others see neither."""

from __future__ import annotations

import re

import pytest

from tests.unit.rightspace import CASES, rights_workspace
from web import create_app
from winloss.model import RightsOf


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with rights_workspace(tmp_path_factory.mktemp("web")) as opened:
        yield opened


@pytest.fixture
def client(bench):
    return create_app(bench).test_client()


def send(client, **told):
    page = client.get("/rights").get_data(as_text=True)
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    return client.post("/rights", data={"token": token, **told})


@pytest.mark.parametrize("kind", ["documents", "files", "people"])
def test_everything_is_listed_with_what_holds(client, kind):
    page = client.get(f"/rights?of={kind}").get_data(as_text=True)
    assert "no quoting" in page
    assert "right to quote ended on" in page
    if kind == "people":
        assert all(case.name in page for case in CASES.values())
        assert len(set(re.findall(r"<strong>(Buyer \d+)</strong>", page))) >= len(CASES)
    found = client.get(f"/rights?of={kind}&q=nothing-is-called-so").get_data(as_text=True)
    assert "Nothing is called so" in found


def test_a_form_decides_and_undo_takes_it_back(client, bench):
    mine = {"of": "people", "by": "Rolf"}
    case = CASES["anonymous"]
    answer = send(client, do="set", person=case.name, rights="no_quote", until="", **mine)
    assert answer.status_code == 303
    (passage,) = (it for it in bench.store.passages([row.id for row in bench.store.evidence()]) if case.word in it.text)
    assert passage.rights == "no_quote"
    assert "Undo" in client.get("/rights").get_data(as_text=True)
    assert send(client, do="undo", **mine).status_code == 303
    assert bench.store.passages([passage.id])[0].rights == "anonymous"


def test_a_wrong_form_says_what_to_do(client, bench):
    before = bench.store.rights_decisions()
    answer = send(client, do="set", person="Nobody", rights="no_quote", of="people")
    assert answer.status_code == 404
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert send(client, do="dance", of="people").status_code == 400
    assert bench.store.rights_decisions() == before


def test_the_api_decides_and_tells(client):
    told = {"do": "set", "document": "call-0-ottoline-quixworth", "until": "2027-01-01", "by": "Rolf"}
    made = client.post("/api/v1/rights/decisions", json=told).get_json()["decisions"]
    mine = [item for item in made if item["by"] == "Rolf"]
    assert [(item["of"], item["rights"], item["until"]) for item in mine] == [(RightsOf.DOCUMENT, None, "2027-01-01")]
    shown = client.get("/api/v1/rights?of=documents&limit=100").get_json()
    assert shown["total"] == len(CASES)
    (one,) = (it for it in shown["listed"] if it["decision"] and it["decision"]["by"] == "Rolf")
    assert one["held"] == {"rights": "named", "until": "2027-01-01"}
    warned = client.get("/api/v1/rights/warnings").get_json()
    assert any(it["ended"] for it in warned["endings"])
    assert warned["few"] == []
    assert (
        client.post("/api/v1/rights/decisions", json={"do": "clear", "document": told["document"]}).status_code == 200
    )
    assert client.get("/api/v1/rights?of=all").status_code == 400
    assert client.post("/api/v1/rights/decisions", json={"do": "set", "rights": "named"}).status_code == 400


def test_a_name_beside_a_verbatim_follows_the_persons_own_rights(client, bench):
    """Of a source whose people may be named, the one who may not is called by role alone, also among the turns."""
    for name in ("person unnamed", "named"):
        case = CASES[name]
        passages = bench.store.passages([row.id for row in bench.store.evidence()])
        (passage,) = (it for it in passages if case.word in it.text)
        for address in (f"/v/{passage.id}", f"/api/v1/verbatims/{passage.id}"):
            told = client.get(address).get_data(as_text=True).replace(f"Call with {case.name}", "")
            assert (case.name in told) == (name == "named")
