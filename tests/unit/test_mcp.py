"""`winloss mcp`, asked by the protocol's own client over standard input and output: rights hold, nothing is changed."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import anyio
import pytest
from mcp import Client, StdioServerParameters

from tests.unit.webtools import small_workspace
from winloss.cli.assistant import server
from winloss.model import Rights
from winloss.services.workspace.assisting import INTERNAL, _verbatim

LINK = "http://127.0.0.1:8321/v/"
TOOLS = {"search_verbatims", "show_verbatim", "cite", "themes", "drift_verdicts"}


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with small_workspace(tmp_path_factory.mktemp("mcp")) as opened:
        yield opened


def asked(to, tool, **arguments):
    """The answer of a tool: what it says, and whether that is a refusal."""

    async def ask():
        async with Client(to) as client:
            return await client.call_tool(tool, arguments)

    answer = anyio.run(ask)
    text = answer.content[0].text
    return (text, True) if answer.is_error else (json.loads(text), False)


@pytest.fixture
def ask(bench):
    return lambda tool, **arguments: asked(server(bench, link=LINK), tool, **arguments)


def forbidden(bench):
    return [it for it in bench.store.passages([row.id for row in bench.store.evidence()]) if it.rights == "no_quote"]


def test_over_standard_input_and_output(tmp_path):
    async def talk():
        run = StdioServerParameters(command=sys.executable, args=["-m", "winloss", "--workspace", str(tmp_path), "mcp"])
        async with Client(run) as client:
            tools = (await client.list_tools()).tools
            return tools, await client.call_tool("cite", {"verbatim_id": "v0"})

    tools, refused = anyio.run(talk)
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)
    assert refused.is_error
    assert "no verbatim v0" in refused.content[0].text


def test_verbatims_are_found_with_their_filters_and_cited_to_the_letter(ask, bench):
    found, _ = ask("search_verbatims", query="alerts", segment=["federal"], limit=5)
    assert 0 < len(found["verbatims"]) <= 5
    assert {it["segment"] for it in found["verbatims"]} == {"federal"}
    one = found["verbatims"][0]
    cited, _ = ask("cite", verbatim_id=one["id"])
    assert f"“{one['text']}”" in cited["plain"]
    assert f"{LINK}{one['id']}" in cited["plain"]
    shown, _ = ask("show_verbatim", verbatim_id=one["id"], context=1)
    assert any(one["text"] in turn["text"] for turn in shown["context"])


def test_what_may_not_be_quoted_is_counted_and_never_handed_out(ask, bench):
    (secret,) = forbidden(bench)
    everything = [
        ask("search_verbatims", query=secret.text.rstrip(".").casefold(), limit=100),
        ask("search_verbatims", query="", limit=100),
        ask("themes", limit=100),
        ask("drift_verdicts"),
        ask("show_verbatim", verbatim_id=secret.id),
        ask("cite", verbatim_id=secret.id),
    ]
    assert secret.text not in json.dumps(everything, ensure_ascii=False)
    assert [refused for _, refused in everything] == [False] * 4 + [True] * 2
    assert everything[1][0]["not_to_be_quoted"] == 1


def test_a_name_that_may_not_be_told_is_not_told(ask, bench):
    found, _ = ask("search_verbatims", query="alerts", limit=50)
    assert all("speaker" not in it for it in found["verbatims"])
    shown, _ = ask("show_verbatim", verbatim_id=found["verbatims"][0]["id"])
    assert {turn["speaker"] for turn in shown["context"] if turn["side"] == "buyer"} == {None}


def test_what_is_for_internal_use_says_so(bench, ask):
    passage = bench.store.passages([bench.store.evidence()[0].id])[0]
    assert "use" not in _verbatim(passage)
    assert _verbatim(replace(passage, rights=Rights.INTERNAL.value))["use"] == INTERNAL


def test_every_count_of_a_theme_has_its_base_and_its_segments(ask):
    told, _ = ask("themes", facet=["pain"], limit=3)
    assert told["themes"]
    for theme in told["themes"]:
        assert " of " in theme["people"]
        assert set(theme["segments"]) == {"federal", "global enterprise"}
        assert theme["exemplars"]


def test_verdicts_are_told_in_words(ask):
    told, _ = ask("drift_verdicts", quarter="2026Q2")
    assert {it["quarter"] for it in told["verdicts"]} == {"2026Q2"}
    assert all(it["sentence"] for it in told["verdicts"])


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("search_verbatims", {"query": "alerts", "segment": ["federl"]}, "federal"),
        ("themes", {"quarter": "spring"}, "2026Q2"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(ask, tool, arguments, told):
    words, refused = ask(tool, **arguments)
    assert refused
    assert told in words


def test_nothing_is_changed(ask, bench):
    before = (bench.store.revision(), bench.store.journal(), bench.store.operations(), bench.store.looks())
    ask("search_verbatims", query="alerts")
    ask("themes")
    assert before == (bench.store.revision(), bench.store.journal(), bench.store.operations(), bench.store.looks())
