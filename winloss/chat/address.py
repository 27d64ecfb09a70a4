"""Where the model is, and whether words may be sent there."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from winloss.errors import ConfigError

__all__ = ["Address", "address_of", "is_loopback", "key_from"]

COMPLETIONS = "/chat/completions"
_EXAMPLE = "Write it as http://127.0.0.1:11434/v1."


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The address that is posted to. `local`: on this machine, by the address itself and not by what a name means."""

    scheme: str
    host: str
    port: int
    path: str
    local: bool


def address_of(endpoint: str, *, allow_remote: bool) -> Address:
    """The address of an endpoint as it is written in the settings.

    Raises:
        ConfigError: it is no address, holds a password, is not on this machine though that was not allowed, or is
            elsewhere and not encrypted.
    """
    scheme, host, port, path = _parts(endpoint)
    local = host == "localhost" or is_loopback(host)
    if not local and not allow_remote:
        raise ConfigError(
            f"the language model at {host} is not on this machine, and verbatims may not be sent there",
            hint="Name a server on this machine, or write allow_remote = true under [drafting] in winloss.toml.",
        )
    if not local and scheme != "https":
        raise ConfigError(
            f"the connection to {host} is not encrypted",
            hint="Name an address that begins with https, or bring that server to this machine through a tunnel.",
        )
    return Address(scheme=scheme, host=host, port=port, path=path, local=local)


def key_from(variable: str, environment: Mapping[str, str]) -> str:
    """The key that an environment variable holds; empty where none is named.

    Raises:
        ConfigError: the variable is not set, or holds what no key can be. The message does not tell what.
    """
    if not variable:
        return ""
    key = environment.get(variable, "").strip()
    if not key:
        raise ConfigError(
            f"the environment variable {variable} is not set",
            hint=f"Set {variable} to the key of the language model's server, or take key_env out of [drafting].",
        )
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigError(f"the environment variable {variable} holds no key", hint="Copy the key again, on one line.")
    return key


def is_loopback(host: str) -> bool:
    """Whether it is the number of this machine itself."""
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(number, "ipv4_mapped", None)
    return bool((mapped or number).is_loopback)


def _parts(endpoint: str) -> tuple[str, str, int, str]:
    try:
        split = urlsplit(endpoint.strip())
        port = split.port
    except ValueError as error:
        raise ConfigError(f"the endpoint of [drafting] is no address: {error}", hint=_EXAMPLE) from error
    if split.scheme not in ("http", "https") or not split.hostname or not endpoint.strip().isprintable():
        raise ConfigError("the endpoint of [drafting] is no address of a server", hint=_EXAMPLE)
    if split.username or split.password or split.query or split.fragment:
        raise ConfigError(
            "the endpoint of [drafting] holds more than an address",
            hint="Leave out user, password, and what stands after ? or #. A key goes into an environment variable that "
            "key_env names.",
        )
    path = split.path.rstrip("/")
    path = path if path.endswith(COMPLETIONS) else path + COMPLETIONS
    return split.scheme, split.hostname, port or (443 if split.scheme == "https" else 80), path
