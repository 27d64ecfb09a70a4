"""What forgetting needs to know: where a person appears, and the marks that keep the forgotten from coming back."""

from __future__ import annotations

from dataclasses import dataclass

from winloss.model.terms import SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A mark of something forgotten: `id` is a keyed hash that says nothing about it.

    `kind`: `document`, `words`, `title`, `person` or `file`; `key` for the row that holds the key of the hashes.
    """

    id: str
    kind: str
    forgotten_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """A person in any version of a document; `respondent` is None for somebody who is listed and says nothing."""

    document_id: str
    kind: SourceKind
    name: str
    account: str | None = None
    respondent: str | None = None
