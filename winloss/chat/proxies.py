"""How the address is reached: directly where it is on this machine, else by the proxy that the environment names."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import unquote, urlsplit

from winloss.chat.address import Address

__all__ = ["connection_to"]


def connection_to(address: Address, *, timeout: float) -> HTTPConnection:
    """A connection that is not open yet."""
    if address.local:
        kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
        return kind(address.host, address.port, timeout=timeout)
    proxy = _proxy(address)
    if proxy is None:
        return HTTPSConnection(address.host, address.port, timeout=timeout)
    split = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    through = HTTPSConnection(split.hostname or "", split.port or 8080, timeout=timeout)
    through.set_tunnel(address.host, address.port, headers=_credentials(split.username, split.password))
    return through


def _proxy(address: Address) -> str | None:
    from urllib.request import getproxies, proxy_bypass

    return None if proxy_bypass(address.host) else getproxies().get(address.scheme)


def _credentials(name: str | None, password: str | None) -> dict[str, str]:
    if name is None:
        return {}
    from base64 import b64encode

    told = f"{unquote(name)}:{unquote(password or '')}".encode()
    return {"Proxy-Authorization": f"Basic {b64encode(told).decode('ascii')}"}
