"""An end to waiting that holds for the whole exchange, however little comes how often."""

from __future__ import annotations

import socket
from contextlib import suppress
from http.client import HTTPConnection
from threading import Timer
from types import TracebackType

__all__ = ["Deadline"]


class Deadline:
    """Within it, a connection lives so many seconds; then its socket is shut, and whoever reads from it gets no more.

    A time limit of the socket alone starts anew with every byte.
    """

    def __init__(self, connection: HTTPConnection, seconds: float) -> None:
        self._connection = connection
        self._socket: socket.socket | None = None
        self._timer = Timer(seconds, self._shut)
        self._timer.daemon = True
        self.passed = False

    def watch(self, opened: socket.socket) -> None:
        """The socket, once it is open: the connection lets go of it before the answer is read to its end."""
        self._socket = opened

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self.passed and error is None:
            raise TimeoutError

    def _shut(self) -> None:
        self.passed = True
        opened = self._socket or self._connection.sock
        with suppress(OSError):
            if opened is not None:
                opened.shutdown(socket.SHUT_RDWR)
