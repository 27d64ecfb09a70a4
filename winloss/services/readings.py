"""What rules of language say of each text, remembered by the text: a rule is asked once for every distinct text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

from winloss.ports import Workbench

Answer = TypeVar("Answer")


def readings(bench: Workbench, name: str, keys: Iterable[str], rule: Callable[[str], Answer]) -> dict[str, Answer]:
    """Text key -> what the rule of this name says of the text; texts that are gone are left out.

    Only answers are remembered, never words, so that what is forgotten is nowhere kept here.
    """
    wanted = set(keys)
    known = _read(bench, name, wanted, rule)
    return {key: known[key] for key in wanted if key in known}


def telling(bench: Workbench, name: str, keys: Collection[str], rule: Callable[[str], object]) -> Collection[str]:
    """The texts of which the rule of this name says something (that is true), among others that were asked about."""
    known = _read(bench, name, keys, rule)
    kept: tuple[int, frozenset[str]] = bench.memo.get(f"telling:{name}", (-1, frozenset()))
    if kept[0] != len(known):
        found = len(known), frozenset(key for key, said in list(known.items()) if said)
        kept = bench.memo[f"telling:{name}"] = found
    return kept[1]


def _read(bench: Workbench, name: str, keys: Collection[str], rule: Callable[[str], Answer]) -> dict[str, Answer]:
    """What the rule says of each text that it was ever asked about, with these texts among them."""
    known: dict[str, Answer] = bench.memo.setdefault(f"readings:{name}", {})
    if missing := sorted(key for key in keys if key not in known):
        known.update({key: rule(text) for key, text in bench.store.texts(missing).items()})
    return known
