"""Passwords and tokens: hashed, compared in constant time, checked for length and nothing else.

Argon2id with the parameters of RFC 9106's second recommended option (64 MiB, three passes), which argon2-cffi takes by
default. Length is what counts, not composition: NIST SP 800-63B, section 5.1.1.2 (normalised there, too). Tokens and
what browsers hold are 256 random bits, for which a plain hash is enough.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from winloss.errors import QueryError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 1024
_AT_ONCE = threading.BoundedSemaphore(2)
"""So many hashes are made at once: each takes 64 MiB, and whoever may ask for them is not known yet."""


def hashed(password: str) -> str:
    """The hash to keep.

    Raises:
        QueryError: the password is too short or too long.
    """
    if len(password) < SHORTEST:
        raise QueryError(
            f"a password has at least {SHORTEST} characters", hint="Several words in a row are easy to remember."
        )
    if len(password) > LONGEST:
        raise QueryError(f"a password has at most {LONGEST} characters")
    with _AT_ONCE:
        return _hasher().hash(_normal(password))


def verified(kept: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed; takes as long where there is no hash to compare with."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with _AT_ONCE:
        nobodys = _nobody()
        try:
            right = _hasher().verify(kept or nobodys, _normal(password[:LONGEST]))
        except (VerificationError, InvalidHashError):
            return False
    return right and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than are used now."""
    return _hasher().check_needs_rehash(kept)


def secret() -> str:
    """Something that nobody can guess."""
    return secrets.token_urlsafe(32)


def mark(kept_by_others: str) -> str:
    """The hash under which something is found that only a browser or a script holds."""
    return sha256(kept_by_others.encode("utf-8", "surrogatepass")).hexdigest()


def _normal(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that no password has: what is compared where there is no such user."""
    return _hasher().hash(secrets.token_bytes(32))
