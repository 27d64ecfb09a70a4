"""What several exports say about one opportunity or account, kept apart and read as one.

A row holds the newest saying of every file. Read together, the newest file's filled fields count, lists are united, and
nothing that one file told is erased because another one is silent. A file that is read again replaces its own saying.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SAYINGS = "sayings"

Content = dict[str, Any]


def sayings(content: Mapping[str, Any] | None) -> list[tuple[str, Content]]:
    """What each file says, by its path, the newest last."""
    if not content:
        return []
    if _SAYINGS in content:
        return [(path, dict(said)) for path, said in content[_SAYINGS]]
    return [("", dict(content))]


def with_saying(content: Mapping[str, Any] | None, path: str, said: Content | None) -> Content | None:
    """The content once a file says something else, or nothing any more; None where no file says anything."""
    before = sayings(content)
    if said is not None and before and before[-1] == (path, said):
        return dict(content or {})
    rest = [(other, words) for other, words in before if other != path]
    after = rest if said is None else [*rest, (path, said)]
    return {_SAYINGS: [list(pair) for pair in after]} if after else None


def united(content: Mapping[str, Any]) -> Content:
    """All of it as one record."""
    merged: Content = {}
    for _, said in sayings(content):
        for name, value in said.items():
            before = merged.get(name)
            if isinstance(value, list):
                merged[name] = list(dict.fromkeys([*(before or []), *value]))
            elif isinstance(value, dict):
                merged[name] = {**(before or {}), **value}
            elif value not in (None, "") or name not in merged:
                merged[name] = value
    return merged
