"""A small workspace in which something new is said in the last of five quarters: posts of two segments, and deals."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tests.conftest import StillClock, with_stand_ins
from tests.made_once import made_once
from winloss.bootstrap import open_workbench
from winloss.services.analysis import analyse
from winloss.services.sources import intake

if TYPE_CHECKING:
    from winloss.ports import Workbench
    from winloss.store.repository import SqlStore

QUARTERS = ("2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2")
DAYS = ("2025-05-03", "2025-08-03", "2025-11-03", "2026-02-03", "2026-05-03")
OLD = (
    "The alerts bury every analyst on night shift",
    "Renewal cost doubles and nobody can budget",
    "Slow consoles make triage painful here",
    "Agents are slow on plant floor servers",
)
NEW = "An assistant silently closed alerts so auditors refuse signature"
_SPICE = ("honestly", "again", "frankly", "today", "somehow", "badly", "maybe", "often", "lately", "surely")
MAPPING = """
kind = "community"
[fields]
id = "id"
text = "text"
date = "date"
speaker = "author"
title = "role"
segment = "segment"
rights = "rights"
"""


def posts(people: int = 44, new: int = 12) -> list[dict[str, str]]:
    """As many people a quarter, each with one post; the last quarter's first ones say what nobody said before."""
    chance = random.Random(7)
    rows = []
    for quarter, day in enumerate(DAYS):
        for n in range(people):
            said = NEW if quarter == len(DAYS) - 1 and n < new else OLD[n % len(OLD)]
            words = f"{said} {' '.join(chance.sample(_SPICE, 3))}."
            rows.append(
                {
                    "id": f"q{quarter}-{n}",
                    "author": f"q{quarter}-author-{n}",
                    "text": words,
                    "date": day,
                    "segment": ("federal", "global enterprise")[n % 2],
                    "rights": "no_quote" if n == 20 else "anonymous",
                }
            )
    return rows


def take_in(bench: Workbench, folder: Path, rows: list[dict[str, str]], name: str = "posts") -> None:
    """Take posts in from a folder of their own, and analyse."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / f"{name}.map.toml").write_text(MAPPING.replace('title = "role"\n', ""), encoding="utf-8")
    intake.take_in(bench, [folder])
    analyse(bench)


@contextmanager
def drifting_workspace(folder: Path) -> Iterator[Workbench]:
    """A workbench in the folder with the posts taken in and analysed, and stand-ins for the model."""
    shutil.copytree(made_once("drifting-workspace", _prepare), folder, dirs_exist_ok=True)
    with _opened(folder) as bench:
        yield bench


def _prepare(folder: Path) -> None:
    root = folder / "workspace"
    root.mkdir()
    (root / "winloss.toml").write_text("drift_permutations = 399\n", encoding="utf-8")
    with _opened(folder) as bench:
        take_in(bench, folder / "drop", posts())


@contextmanager
def _opened(folder: Path) -> Iterator[Workbench]:
    bench = with_stand_ins(open_workbench(folder / "workspace", clock=StillClock()))
    with closing(cast("SqlStore", bench.store)):
        yield bench
