"""How the app is reached: from its own machine alone, from others directly, or through a server in front."""

from __future__ import annotations

from dataclasses import dataclass

LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """`alone`: only this machine reaches it. `names`: the hosts it answers to, None for any. `https`: through TLS.

    Where a server in front speaks TLS (`https`), what it says of the client and the name it was asked by is believed.
    """

    alone: bool = True
    names: tuple[str, ...] | None = LOCAL_NAMES
    https: bool = False
