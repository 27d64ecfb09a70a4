"""Who may use a workspace together with others, and what they did: users, sign-ins, tokens, the journal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Access(StrEnum):
    """What somebody may do: read; code, decide, take in and hand out too; users, forgetting and settings too."""

    VIEWER = "viewer"
    RESEARCHER = "researcher"
    ADMIN = "admin"

    def allows(self, needed: Access) -> bool:
        """Whether this is enough where that is needed."""
        order = list(Access)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who signs in. `key` is the name as names are compared, `password` its hash, never the password."""

    key: str
    name: str
    access: Access
    password: str
    made_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Somebody signed in with a browser; `mark` is the hash of what the browser holds."""

    mark: str
    user: str
    made_at: str
    seen_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a script shows instead of a password, for one user and at most this access; `mark` is its hash."""

    id: str
    mark: str
    user: str
    access: Access
    purpose: str
    made_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that somebody did, and from where; `id` is 0 until it is stored.

    `who` is None where nobody said who they are; `what` is one of a few fixed wordings, `about` what it was done to.
    """

    id: int = 0
    at: str
    who: str | None
    what: str
    about: str = ""
    address: str = ""
