"""Answers of a language model, kept so that the same report can be made again without asking again.

An answer is kept as it came and checked anew each time. It goes when a verbatim that it was given is forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from winloss.ports import Workbench

FOLDER = "drafts"
VERSION = 1


def find(bench: Workbench, mark: str) -> str | None:
    """The answer that is kept under the mark, if any; one that cannot be read is none."""
    told = _read(bench.root / FOLDER / f"{mark}.json")
    return str(told["answer"]) if told else None


def keep(bench: Workbench, mark: str, answer: str, *, model: str, verbatims: Sequence[str]) -> None:
    """Keep an answer, with the ids of the verbatims that were sent for it."""
    folder = bench.root / FOLDER
    folder.mkdir(exist_ok=True)
    told = {"version": VERSION, "model": model, "verbatims": sorted(verbatims), "answer": answer}
    aside = folder / f"{mark}.json.part"
    aside.write_text(json.dumps(told, ensure_ascii=True, indent=1), encoding="ascii")
    aside.replace(folder / f"{mark}.json")


def trim(bench: Workbench) -> None:
    """Give up every answer that was made from a verbatim that is no longer there, or that cannot be read."""
    for path in sorted((bench.root / FOLDER).glob("*.json")):
        told = _read(path)
        ids = [str(name) for name in told["verbatims"]] if told else []
        if not told or len(bench.store.passages(ids)) < len(set(ids)):
            path.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Any] | None:
    with suppress(OSError, ValueError):
        told = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(told, dict) and told.get("version") == VERSION and isinstance(told.get("answer"), str):
            return told if isinstance(told.get("verbatims"), list) else None
    return None
