"""The fields of a model object as a dictionary, without copying what is in them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

_NAMES: dict[type, tuple[str, ...]] = {}


def fields_of(thing: Any) -> dict[str, Any]:
    """Name and value of every field of a dataclass instance; unlike `asdict`, values stay what they are."""
    kind = type(thing)
    names = _NAMES.get(kind) or _NAMES.setdefault(kind, tuple(field.name for field in fields(kind)))
    return {name: getattr(thing, name) for name in names}
