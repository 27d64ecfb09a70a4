"""One question, one answer, over HTTP: with an end to waiting, an end to reading, and nowhere else to be sent to.

The server is not trusted. What it answers is held to a length and a time, however slowly it trickles in; a redirect is
not followed; nothing that it says stands in an error message, and the key stands nowhere.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any

from winloss.chat.address import Address, is_loopback
from winloss.chat.deadline import Deadline
from winloss.chat.proxies import connection_to
from winloss.errors import ConfigError, DraftingFailed

__all__ = ["ChatModel"]

MOST_BYTES = 1 << 20
"""The longest answer that is read: some two hundred pages."""
PIECE = 1 << 16
PAUSES = (1.0, 4.0)
"""Seconds before asking again a server that is busy or broken."""
LONGEST_PAUSE = 20.0
_BUSY = 429
_OPTIONAL = ("temperature",)
"""What some models refuse to be told."""


class ChatModel:
    """A model behind an address; satisfies the port `Drafter`.

    Raises:
        ConfigError: no model is named.
    """

    model: str
    place: str
    local: bool

    def __init__(
        self, address: Address, *, model: str, key: str, seconds: float, wait: Callable[[float], None] = time.sleep
    ) -> None:
        if not model.strip():
            raise ConfigError(
                "no model is named", hint="Write model = the name that the server knows, under [drafting]."
            )
        self.model = model.strip()
        self.local = address.local
        self.place = "this machine" if address.local else address.host
        self._address, self._key, self._seconds, self._wait = address, key, seconds, wait

    def ask(self, instructions: str, data: str) -> str:
        """What the model answers, as it came; a busy server is asked again.

        Raises:
            DraftingFailed: it gives no answer, not in time, one that is too long, or one that is no answer of a model.
        """
        messages = [{"role": "system", "content": instructions}, {"role": "user", "content": data}]
        asked: dict[str, Any] = {"model": self.model, "messages": messages, "stream": False, "temperature": 0}
        status, body = self._patiently(asked)
        if status == 400:
            status, body = self._patiently({name: value for name, value in asked.items() if name not in _OPTIONAL})
        if status != 200:
            raise DraftingFailed(*_refusal(status))
        return self._content(body)

    def _patiently(self, asked: Mapping[str, Any]) -> tuple[int, bytes]:
        """Ask, and ask again where the server is busy."""
        payload = json.dumps(asked, ensure_ascii=True).encode("ascii")
        for pause in (*PAUSES, None):
            status, body, after = self._once(payload)
            if pause is None or (status != _BUSY and status < 500):
                break
            self._wait(min(max(pause, after), LONGEST_PAUSE))
        return status, body

    def _once(self, payload: bytes) -> tuple[int, bytes, float]:
        """Status, body, and for how many seconds the server wants to be left alone."""
        connection = connection_to(self._address, timeout=min(self._seconds, 30.0))
        deadline = Deadline(connection, self._seconds)
        try:
            with deadline:
                self._connect(connection)
                deadline.watch(connection.sock)
                connection.sock.settimeout(self._seconds)
                connection.request("POST", self._address.path, payload, self._headers())
                response = connection.getresponse()
                return response.status, _read(response), _seconds(response.headers.get("Retry-After"))
        except (OSError, HTTPException, ValueError) as error:
            if deadline.passed or isinstance(error, TimeoutError):
                hint = "Raise `seconds` under [drafting], or ask a smaller model."
                raise DraftingFailed(
                    f"the language model at {self.place} did not answer in {self._seconds:g} seconds", hint=hint
                ) from None
            raise DraftingFailed(
                f"the language model at {self.place} cannot be reached",
                hint="See whether it runs and whether `endpoint` under [drafting] in winloss.toml names it.",
            ) from None
        finally:
            connection.close()

    def _connect(self, connection: HTTPConnection) -> None:
        connection.connect()
        if self.local and not is_loopback(connection.sock.getpeername()[0]):
            raise OSError

    def _headers(self) -> dict[str, str]:
        plain = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}
        return {**plain, **({"Authorization": f"Bearer {self._key}"} if self._key else {})}

    def _content(self, body: bytes) -> str:
        """The words of the answer."""
        try:
            content = json.loads(body)["choices"][0]["message"]["content"]
        except (ValueError, RecursionError, KeyError, IndexError, TypeError):
            content = None
        if not isinstance(content, str):
            raise DraftingFailed(
                f"what {self.place} answers is not the answer of a language model",
                hint="`endpoint` under [drafting] must be one that answers as OpenAI's chat completions do.",
            )
        if self._key and self._key in content:
            raise DraftingFailed("the answer repeats the key", hint="Change the key, and do not use that server.")
        return content


def _read(response: HTTPResponse) -> bytes:
    """The body, up to the longest that is read; what is packed is not unpacked.

    Raises:
        DraftingFailed: it is longer, or packed.
    """
    too_long = DraftingFailed(
        f"the answer of the language model is longer than {MOST_BYTES // 1024:,} KiB and was not read",
        hint="Ask another model; a part of a report takes a few sentences.",
    )
    if response.headers.get("Content-Encoding", "identity").strip().casefold() not in ("", "identity"):
        raise DraftingFailed("the answer of the language model is packed, which was not asked for")
    if (response.length or 0) > MOST_BYTES:
        raise too_long
    pieces: list[bytes] = []
    size = 0
    while piece := response.read1(PIECE):
        size += len(piece)
        if size > MOST_BYTES:
            raise too_long
        pieces.append(piece)
    return b"".join(pieces)


def _seconds(told: str | None) -> float:
    return float(told) if told and told.strip().isdecimal() and len(told) < 6 else 0.0


def _refusal(status: int) -> tuple[str]:
    """What a status other than 200 means."""
    words = {
        400: "refuses the question as it is put",
        401: "wants a key, or another one",
        403: "refuses the key",
        404: "knows no such model, or no such address",
        _BUSY: "is busy, and stayed so",
    }
    if 300 <= status < 400:
        return ("the language model's server points to another address, which is not followed",)
    told = words.get(status, "is broken, and stayed so" if status >= 500 else "gives no answer")
    return (f"the language model's server {told} (status {status})",)
