"""A small workspace to browse: posts of three quarters, one of them hostile, one not to be quoted.

It is filled and analysed once, which takes most of a minute of CPU; whoever asks gets a copy.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast
from zlib import crc32

from tests.conftest import StillClock, with_stand_ins
from tests.made_once import made_once
from winloss.bootstrap import open_workbench
from winloss.model import Filters
from winloss.services.analysis import analyse
from winloss.services.audit import asking_audits
from winloss.services.reports import making
from winloss.services.reports.keeping import KeptReport
from winloss.services.sources import intake
from winloss.services.workspace import jobs, working

if TYPE_CHECKING:
    from winloss.ports import Workbench
    from winloss.store.repository import SqlStore

MAPPING = """
kind = "community"
[fields]
id = "id"
text = "text"
date = "date"
speaker = "author"
segment = "segment"
url = "url"
rights = "rights"
"""
HOSTILE = '<script>alert(1)</script> The alerts [click](javascript:x) " onmouseover="x cost {{ 7 * 7 }} us nights.'
SAYINGS = (
    "The alerts bury my analysts on every night shift of week {}.",
    "Nobody here can say what the licence will cost in year {}.",
    "We are trying to move every log of site {} to the cloud.",
    "A pilot proved it to us on our own traffic in month {}.",
)


@contextmanager
def small_workspace(folder: Path, *, mapping: str = MAPPING) -> Iterator[Workbench]:
    """A workbench in the folder with 121 posts taken in and analysed, and stand-ins for the model."""
    shutil.copytree(_prepared(mapping), folder, dirs_exist_ok=True)
    with _opened(folder) as bench:
        yield bench


def made_report(bench: Workbench, *, quarter: str = "2026Q2", segment: str = "", against: str | None = None) -> str:
    """The address of a report that was asked for, made and kept."""
    filters = Filters(segment=(segment,) if segment else ())
    found = making.ask(bench, making.Wish(quarter=quarter, against=against, filters=filters))
    if isinstance(found, KeptReport):
        return f"/report/{found.id}"
    working.work(bench, lanes=("reports.lock",))
    return f"/report/{jobs.find(bench, found.id).result['report']}"


def audited(bench: Workbench, name: str, content: bytes, *, quarter: str | None = None) -> str:
    """The id of the audit of a deck that was dropped, and held against the verbatims."""
    found = asking_audits.ask(bench, name, content, asking_audits.Wish(quarter=quarter))
    if isinstance(found, str):
        return found
    working.work(bench, lanes=("reports.lock",))
    return str(jobs.find(bench, found.id).result["audit"])


def _prepared(mapping: str) -> Path:
    def prepare(folder: Path) -> None:
        with _opened(folder) as bench:
            _fill(bench, folder / "drop", mapping)

    return made_once(f"small-workspace-{crc32(mapping.encode()):x}", prepare)


@contextmanager
def _opened(folder: Path) -> Iterator[Workbench]:
    bench = with_stand_ins(open_workbench(folder / "workspace", clock=StillClock()))
    with closing(cast("SqlStore", bench.store)):
        yield bench


def _fill(bench: Workbench, folder: Path, mapping: str) -> None:
    folder.mkdir()
    rows = [
        {
            "id": f"p{n}",
            "author": f"author-{n % 40}",
            "text": SAYINGS[n % 4].format(n),
            "date": ("2025-11-03", "2026-02-03", "2026-05-03")[n % 3],
            "segment": ("federal", "global enterprise")[n % 2],
            "rights": "no_quote" if n == 0 else "anonymous",
        }
        for n in range(120)
    ]
    rows.append({**rows[1], "id": "p-hostile", "author": "mallory", "text": HOSTILE, "url": "javascript:alert(1)"})
    (folder / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / "posts.map.toml").write_text(mapping, encoding="utf-8")
    intake.take_in(bench, [folder])
    analyse(bench)
