"""Stable ids: the same thing gets the same id, on every machine and in every order of ingestion."""

from __future__ import annotations

from base64 import b32encode
from hashlib import blake2b


def stable_id(prefix: str, *parts: str | int | None) -> str:
    """`prefix` plus 16 lower-case base-32 characters (80 bits) hashed from `parts`.

    Parts are length-prefixed before hashing, so ("ab", "c") and ("a", "bc") differ; None differs from "".
    """
    digest = blake2b(digest_size=10)
    for part in parts:
        data = b"\x00" if part is None else str(part).encode("utf-8", "surrogatepass")
        digest.update(f"{'-' if part is None else len(data)}:".encode())
        digest.update(data)
    return prefix + b32encode(digest.digest()).decode().lower()


def text_key(text: str) -> str:
    """The key under which a text's vector is cached: 32 hexadecimal characters of its BLAKE2b hash."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def fingerprint(*parts: str | int | float | None) -> str:
    """Short hash of (model, version, parameters) carried by every derived thing; stale means unequal."""
    return stable_id("", *(repr(part) if isinstance(part, float) else part for part in parts))
