"""Names leave what people keep: notes, and what collections, saved searches and codes are called."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, replace
from typing import Any

from winloss.model import Kept
from winloss.ports import Store
from winloss.services.withholding import without_names

_TOLD = ("name", "description", "note", "query", "by")


def kept_without_names(store: Store, names: Collection[str], lost: Collection[str]) -> tuple[Kept, Kept]:
    """What people keep that holds one of the names, and the same without them; the pins of `lost` verbatims aside."""
    pins = [pin for pin in store.pins() if pin.verbatim_id not in lost]
    everything = Kept(collections=tuple(store.collections()), pins=tuple(pins), searches=tuple(store.saved_searches()))
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for kind in fields(Kept):
        changed = [(item, _without(item, names)) for item in getattr(everything, kind.name)]
        before[kind.name] = tuple(old for old, new in changed if old != new)
        after[kind.name] = tuple(new for old, new in changed if old != new)
    return Kept(**before), Kept(**after)


def _without(item: Any, names: Collection[str]) -> Any:
    told = {it.name: getattr(item, it.name) for it in fields(item) if it.name in _TOLD}
    clean = {name: without_names(text, tuple(names)) for name, text in told.items() if isinstance(text, str)}
    changed = {name: text for name, text in clean.items() if text != told[name]}
    if "name" in changed:
        changed["name"] += f" ({item.id[-4:]})"  # names are told apart
    return replace(item, **changed) if changed else item
