"""Decks that were dropped and are not kept: put by with what they are held against, the latest few of them.

They lie beside the store, so that a job finds them after a restart. Where anything is forgotten all of them go: they
may hold the words of whoever is forgotten.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from winloss.errors import NotFound
from winloss.model import Filters
from winloss.ports import Workbench
from winloss.services.reports.plain_data import as_data, from_data

FOLDER = "decks"
REMEMBERED = 12
_ID = re.compile(r"a[a-z2-7]{15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """A deck that was dropped and is not kept; `id` is that of its audit."""

    id: str
    name: str
    quarter: str
    filters: Filters
    made_at: str


def put(bench: Workbench, deck: Passing, content: bytes) -> None:
    """Put a deck by; the oldest go where there are too many."""
    from winloss.search import replace_whole

    folder = bench.root / FOLDER
    folder.mkdir(exist_ok=True)
    replace_whole(folder / f"{deck.id}.deck", content)
    replace_whole(folder / f"{deck.id}.json", json.dumps(as_data(deck), ensure_ascii=False).encode())
    for old in listed(bench)[REMEMBERED:]:
        _drop(folder, old.id)


def listed(bench: Workbench) -> list[Passing]:
    """The decks that were put by, the latest first."""
    paths = sorted((bench.root / FOLDER).glob("a*.json"), key=_age, reverse=True)
    return [deck for path in paths if (deck := _read(path))]


def find(bench: Workbench, deck_id: str) -> tuple[Passing, bytes]:
    """A deck that was put by, and its bytes.

    Raises:
        NotFound: it is not here any more.
    """
    folder = bench.root / FOLDER
    if _ID.fullmatch(deck_id) and (found := _read(folder / f"{deck_id}.json")):
        with suppress(OSError):
            return found, (folder / f"{deck_id}.deck").read_bytes()
    raise NotFound("this deck is not here any more", hint="It was not kept: drop it again.")


def trim(bench: Workbench) -> None:
    """Give every deck up."""
    for path in (bench.root / FOLDER).glob("*"):
        path.unlink(missing_ok=True)


def _drop(folder: Path, deck_id: str) -> None:
    for suffix in (".json", ".deck"):
        (folder / f"{deck_id}{suffix}").unlink(missing_ok=True)


def _age(path: Path) -> float:
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def _read(path: Path) -> Passing | None:
    with suppress(OSError, ValueError):
        return from_data(Passing, json.loads(path.read_text(encoding="utf-8")))
    return None
