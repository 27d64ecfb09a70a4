"""What rules of language say of each text, remembered by the text: a rule is asked once for every distinct text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from winloss.ports import Workbench

Answer = TypeVar("Answer")


def readings(bench: Workbench, name: str, keys: Iterable[str], rule: Callable[[str], Answer]) -> dict[str, Answer]:
    """Text key -> what the rule of this name says of the text; texts that are gone are left out.

    Only answers are remembered, never words, so that what is forgotten is nowhere kept here.
    """
    known: dict[str, Answer] = bench.memo.setdefault(f"readings:{name}", {})
    wanted = set(keys)
    missing = sorted(wanted - known.keys())
    if missing:
        known.update({key: rule(text) for key, text in bench.store.texts(missing).items()})
    return {key: known[key] for key in wanted if key in known}
