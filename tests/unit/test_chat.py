"""Asking a language model's server: where words may go, and that nothing a server does holds the program up."""

from __future__ import annotations

import socket
import time

import pytest

from tests.unit.chatting import chat_server, completion, reply, trickle
from winloss.chat import Address, ChatModel, address_of, key_from
from winloss.chat.proxies import connection_to
from winloss.errors import ConfigError, DraftingFailed

KEY = "sk-very-secret-1234"


def model_at(url: str, *, seconds: float = 5.0, key: str = "", waits: list[float] | None = None) -> ChatModel:
    waited = waits if waits is not None else []
    return ChatModel(address_of(url, allow_remote=False), model="m", key=key, seconds=seconds, wait=waited.append)


@pytest.mark.parametrize(
    ("endpoint", "host", "port", "path"),
    [
        ("http://127.0.0.1:11434/v1", "127.0.0.1", 11434, "/v1/chat/completions"),
        ("http://localhost:8000/v1/", "localhost", 8000, "/v1/chat/completions"),
        ("http://[::1]:9/v1/chat/completions", "::1", 9, "/v1/chat/completions"),
        ("http://127.8.9.10/v1", "127.8.9.10", 80, "/v1/chat/completions"),
        ("http://[::ffff:127.0.0.1]:1", "::ffff:127.0.0.1", 1, "/chat/completions"),
    ],
)
def test_an_address_on_this_machine_needs_no_leave(endpoint, host, port, path):
    found = address_of(endpoint, allow_remote=False)
    assert (found.host, found.port, found.path, found.local) == (host, port, path, True)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://api.example.com/v1",
        "http://10.0.0.5:8000/v1",
        "http://0.0.0.0:8000/v1",
        "http://localhost.example.com/v1",
        "http://127.0.0.1.example.com/v1",
        "http://2130706433/v1",
        "http://127.1/v1",
    ],
)
def test_any_other_address_needs_leave(endpoint):
    with pytest.raises(ConfigError, match="not on this machine"):
        address_of(endpoint, allow_remote=False)


def test_an_address_elsewhere_is_taken_with_leave_and_only_encrypted():
    found = address_of("https://api.example.com/v1", allow_remote=True)
    assert (found.local, found.port) == (False, 443)
    with pytest.raises(ConfigError, match="not encrypted"):
        address_of("http://api.example.com/v1", allow_remote=True)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "127.0.0.1:11434",
        "ftp://127.0.0.1/v1",
        "http://",
        "http://127.0.0.1:99999/v1",
        "http://127.0.0.1@example.com/v1",
        "http://me:word@127.0.0.1/v1",
        "http://127.0.0.1/v1?key=1",
        "http://127.0.0.1/v1#x",
        "http://127.0.0.1/v1\nX: y",
    ],
)
def test_what_is_no_address_is_refused_with_what_to_do(endpoint):
    with pytest.raises(ConfigError) as caught:
        address_of(endpoint, allow_remote=True)
    assert caught.value.hint


def test_the_key_comes_from_the_environment_and_is_told_nowhere():
    assert key_from("", {}) == ""
    assert key_from("K", {"K": f" {KEY}\n"}) == KEY
    with pytest.raises(ConfigError, match="K is not set"):
        key_from("K", {"K": " "})
    for bad in (f"{KEY}\nX: y", f"{KEY} {KEY}", f"{KEY}ü"):
        with pytest.raises(ConfigError) as caught:
            key_from("K", {"K": bad})
        assert KEY not in f"{caught.value.message} {caught.value.hint}"


def test_a_question_is_put_and_its_answer_read():
    with chat_server(lambda data: f"hello {data['who']}") as server:
        assert model_at(server.url, key=KEY).ask("be brief", '{"who": "you"}') == "hello you"
        asked = server.asked[0]
        assert [message["role"] for message in asked["messages"]] == ["system", "user"]
        assert (asked["model"], asked["stream"], "tools" in asked) == ("m", False, False)
        assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


def test_a_busy_server_is_asked_again_and_waited_for():
    waits: list[float] = []
    with chat_server(lambda _: "done") as server:
        server.statuses = [429, 503]
        assert model_at(server.url, waits=waits).ask("", "{}") == "done"
        assert (len(server.asked), waits) == (3, [1.0, 4.0])
        server.act = lambda handler: reply(handler, 429, b"", Retry_After="9999")
        with pytest.raises(DraftingFailed, match="busy"):
            model_at(server.url, waits=waits).ask("", "{}")
        assert max(waits) == 20.0


def test_what_a_server_refuses_is_left_out_once():
    with chat_server(lambda _: "done") as server:
        server.statuses = [400]
        assert model_at(server.url).ask("", "{}") == "done"
        assert [("temperature" in asked) for asked in server.asked] == [True, False]


@pytest.mark.parametrize(
    ("status", "words"), [(401, "wants a key"), (404, "no such model"), (500, "broken"), (418, "no answer")]
)
def test_a_refusal_is_told_by_what_it_means(status, words):
    with chat_server() as server:
        server.statuses = [status] * 3
        with pytest.raises(DraftingFailed, match=words):
            model_at(server.url, key=KEY).ask("", "{}")


def test_a_redirect_is_not_followed():
    with chat_server(lambda _: "caught") as other, chat_server() as server:
        for status in (301, 302, 307, 308):
            server.act = lambda handler, code=status: reply(
                handler, code, b"", Location=f"{other.url}/chat/completions"
            )
            with pytest.raises(DraftingFailed, match="not followed"):
                model_at(server.url, key=KEY).ask("secret words", "{}")
        assert not other.asked


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{"message": {}}]}',
        completion(None),
        completion(["x"]),
        b"[" * 100_000,
        b'{"choices": ' + b"9" * 10_000 + b"}",
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_answer_of_a_model_is_an_error_and_no_crash(body):
    with chat_server() as server:
        server.act = lambda handler: reply(handler, 200, body)
        with pytest.raises(DraftingFailed, match="not the answer"):
            model_at(server.url).ask("", "{}")


@pytest.mark.parametrize("told", [True, False])
def test_an_answer_of_fifty_megabytes_is_not_read(told):
    size, read = 50 << 20, []

    def flood(handler):
        length = f"Content-Length: {size}\r\n" if told else ""
        handler.wfile.write(f"HTTP/1.0 200 OK\r\n{length}\r\n".encode())
        for _ in range(size >> 16):
            handler.wfile.write(b" " * (1 << 16))
            read.append(1 << 16)

    with chat_server() as server:
        server.act = flood
        with pytest.raises(DraftingFailed, match="longer than"):
            model_at(server.url).ask("", "{}")
        time.sleep(0.05)
        assert sum(read) < 16 << 20


@pytest.mark.parametrize("headers", [True, False])
def test_an_answer_that_never_ends_is_given_up_in_time(headers):
    with chat_server() as server:
        server.act = lambda handler: trickle(handler, headers=headers)
        began = time.monotonic()
        with pytest.raises(DraftingFailed, match=r"did not answer in 0\.5 seconds"):
            model_at(server.url, seconds=0.5).ask("", "{}")
        assert time.monotonic() - began < 3


def test_a_server_that_says_nothing_is_given_up_and_one_that_is_not_there_is_told():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(DraftingFailed, match="did not answer"):
            model_at(url, seconds=0.3).ask("", "{}")
    with pytest.raises(DraftingFailed, match="cannot be reached"):
        model_at(url).ask("", "{}")


def test_a_packed_answer_is_not_unpacked():
    with chat_server() as server:
        server.act = lambda handler: reply(handler, 200, b"\x1f\x8b", Content_Encoding="gzip")
        with pytest.raises(DraftingFailed, match="packed"):
            model_at(server.url).ask("", "{}")


def test_an_answer_that_repeats_the_key_is_refused_without_it():
    with chat_server(lambda _: f"your key is {KEY}") as server, pytest.raises(DraftingFailed) as caught:
        model_at(server.url, key=KEY).ask("", "{}")
    assert KEY not in f"{caught.value.message} {caught.value.hint}"


def test_no_error_holds_the_key_or_what_the_server_says():
    with chat_server() as server:
        server.act = lambda handler: reply(handler, 401, f"bad key {KEY} <script>".encode())
        with pytest.raises(DraftingFailed) as caught:
            model_at(server.url, key=KEY).ask("", "{}")
    told = f"{caught.value.message} {caught.value.hint}"
    assert KEY not in told
    assert "script" not in told


def test_a_name_of_this_machine_that_leads_elsewhere_is_not_sent_to(monkeypatch):
    address = Address(scheme="http", host="localhost", port=1, path="/", local=True)
    model = ChatModel(address, model="m", key=KEY, seconds=1.0)

    class Elsewhere:
        def __init__(self):
            self.sent = []

        def getpeername(self):
            return ("203.0.113.7", 80)

        def sendall(self, data):
            self.sent.append(data)

        def settimeout(self, _):
            pass

        def shutdown(self, _):
            pass

        def close(self):
            pass

    away = Elsewhere()
    monkeypatch.setattr("http.client.socket.create_connection", lambda *_, **__: away)
    monkeypatch.setattr("http.client.HTTPConnection.connect", lambda self: setattr(self, "sock", away))
    with pytest.raises(DraftingFailed):
        model.ask("", "{}")
    assert away.sent == []


def test_proxies_are_for_other_machines_only(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://me:word@proxy.example:3128")
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.delenv("no_proxy", raising=False)
    here = connection_to(address_of("http://127.0.0.1:9/v1", allow_remote=False), timeout=1)
    there = connection_to(address_of("https://api.example.com/v1", allow_remote=True), timeout=1)
    assert (here.host, there.host, there.port, there._tunnel_host) == (
        "127.0.0.1",
        "proxy.example",
        3128,
        "api.example.com",
    )


def test_a_model_must_be_named():
    with pytest.raises(ConfigError, match="no model"):
        ChatModel(address_of("http://127.0.0.1:9", allow_remote=False), model=" ", key="", seconds=1)
