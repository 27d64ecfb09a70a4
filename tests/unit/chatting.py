"""A server on this machine that answers as language models do, well or badly, and remembers what it was asked."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Data = dict[str, Any]
Writer = Callable[[Data], str]
"""From the data of a question to the words of its answer."""


class ChatServer:
    """What it was asked, and how it answers: a status, a body, headers, or something that it does by itself."""

    def __init__(self, write: Writer) -> None:
        self.write = write
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.statuses: list[int] = []
        self.act: Callable[[BaseHTTPRequestHandler], None] | None = None
        self.url = ""

    def data(self, number: int = -1) -> Data:
        """The data that a question held."""
        found: Data = json.loads(self.asked[number]["messages"][1]["content"])
        return found

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        self.asked.append(body)
        self.headers.append(dict(handler.headers))
        if self.statuses:
            reply(handler, self.statuses.pop(0), b'{"error": "no"}')
        elif self.act:
            self.act(handler)
        else:
            reply(handler, 200, completion(self.write(json.loads(body["messages"][1]["content"]))))


@contextmanager
def chat_server(write: Writer = lambda _: "{}") -> Iterator[ChatServer]:
    """A server that lives as long as the block, on a port of its own."""
    told = ChatServer(write)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with suppress(OSError):
                told.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    told.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reply(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    """A whole answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def completion(content: object) -> bytes:
    """The body in which a model's words come."""
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


BAD = ("Everybody loves Acme.", ["S1"])
"""A sentence that passes no check."""


def one_that_holds(data: Data) -> str:
    """Of the small workspace's newest quarter, the first theme with its count, and a sentence that does not hold."""
    title, *_ = [*re.findall("‘([^’]+)’", data["statements"][0]["text"]), "no theme at all"]
    return sentences((f"‘{title}’ is told by 10 of 20 people in 2026Q2.", ["S1"]), BAD)


def sentences(*told: tuple[str, Sequence[str]]) -> str:
    """An answer of these sentences, each with what it cites."""
    return json.dumps({"sentences": [{"text": text, "cites": list(cites)} for text, cites in told]})


def trickle(handler: BaseHTTPRequestHandler, *, headers: bool) -> None:
    """An answer that never ends, a letter at a time; `headers`: not even its headers do."""
    start = b"HTTP/1.0 200 OK\r\nX-Slow: " if headers else b'HTTP/1.0 200 OK\r\n\r\n{"choices": ['
    handler.wfile.write(start)
    while True:
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.02)
