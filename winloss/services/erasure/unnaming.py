"""Names leave what people keep: notes, codes, who coded and labelled, how collections and searches are called."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, replace
from itertools import count
from typing import Any

from winloss.model import FacetLabel, Filters, Kept, Synthesis, name_key
from winloss.ports import Store
from winloss.services.audit import keeping_decks
from winloss.services.erasure.withholding import without_names

_TOLD = ("name", "description", "note", "query", "by", "statement", "owner", "title", "reason", "text", "was", "became")
_NESTED = ("edits", "claims")
_SAME = {"path": "codes", "code": "codes", "coder": "coders"}
"""Field -> which names it holds; such a name becomes the same one wherever it stands."""


def kept_without_names(store: Store, names: Collection[str], lost: AbstractSet[str]) -> tuple[Kept, Kept]:
    """What people keep that holds one of the names, and the same without them; what hangs on `lost` verbatims aside.

    Two codes, or two coders, that were told apart still are.
    """
    everything = Kept(
        collections=tuple(store.collections()),
        pins=tuple(item for item in store.pins() if item.verbatim_id not in lost),
        searches=tuple(store.saved_searches()),
        codes=tuple(store.codes()),
        codings=tuple(item for item in store.codings() if item.verbatim_id not in lost),
        labels=tuple(item for item in store.labels() if item.verbatim_id not in lost),
        beliefs=tuple(store.beliefs()),
        syntheses=tuple(store.syntheses()),
        nodes=tuple(item for item in store.node_decisions() if not lost >= set(item.verbatims)),
    )
    paths = {*(item.path for item in everything.codes), *(item.code for item in everything.codings)}
    renamed = {
        "codes": _renamed(paths, names),
        "coders": _renamed(
            {*(item.coder for item in everything.codings), *(item.by for item in everything.labels)}, names
        ),
    }
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for kind in fields(Kept):
        changed = [(item, _without(item, names, renamed)) for item in getattr(everything, kind.name)]
        if kind.name == "syntheses":
            words = _lost_words(store, lost)
            changed = [(old, keeping_decks.without_words(store, new, names, words)) for old, new in changed]
        before[kind.name] = tuple(old for old, new in changed if old != new)
        after[kind.name] = tuple(new for old, new in changed if old != new)
    return Kept(**before), Kept(**after)


def _lost_words(store: Store, lost: AbstractSet[str]) -> list[str]:
    """What was said in the verbatims that go."""
    return [passage.text for passage in store.passages(sorted(lost))]


def _renamed(labels: Iterable[str], names: Collection[str]) -> dict[str, str]:
    """Labels that hold a name -> what they become, each something of its own; a path follows the one above it."""
    ordered = sorted(labels, key=lambda label: (label.count("/"), label))
    taken = {name_key(label) for label in ordered}
    found: dict[str, str] = {}
    for label in ordered:
        above, slash, own = label.rpartition("/")
        clean = without_names(found.get(above, above) + slash + own, tuple(names))
        if clean != label:
            tries = (clean if number == 1 else f"{clean} {number}" for number in count(1))
            found[label] = next(one for one in tries if name_key(one) not in taken)
            taken.add(name_key(found[label]))
    return found


def _without(item: Any, names: Collection[str], renamed: Mapping[str, Mapping[str, str]]) -> Any:
    told = {it.name: getattr(item, it.name) for it in fields(item)}
    clean: dict[str, Any] = {
        name: without_names(text, tuple(names)) for name, text in told.items() if name in _TOLD and text
    }
    clean |= {name: renamed[_SAME[name]].get(text, text) for name, text in told.items() if name in _SAME}
    if isinstance(item, FacetLabel):
        clean["by"] = renamed["coders"].get(item.by, item.by)
    clean |= {name: tuple(_without(it, names, renamed) for it in told[name]) for name in _NESTED if told.get(name)}
    if "quotes" in told:
        clean["quotes"] = tuple(without_names(quote, tuple(names)) for quote in told["quotes"])
    if "filters" in told:
        clean["filters"] = _filters_without(told["filters"], names, renamed["codes"])
    changed = {name: value for name, value in clean.items() if value != told[name]}
    if "name" in changed and not isinstance(item, Synthesis):
        changed["name"] += f" ({item.id[-4:]})"  # names are told apart
    return replace(item, **changed) if changed else item


def _filters_without(filters: Filters, names: Collection[str], codes: Mapping[str, str]) -> Filters:
    def clean(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(clean, value))
        return codes.get(value) or without_names(value, tuple(names)) if value else value

    return replace(filters, **{it.name: clean(getattr(filters, it.name)) for it in fields(filters)})
