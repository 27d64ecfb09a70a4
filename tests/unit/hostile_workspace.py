"""A workspace whose every text means harm: verbatims, titles, names, accounts, tags, notes, codes, files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tests.conftest import StillClock, with_stand_ins
from tests.made_once import made_once
from tests.unit import attacks
from winloss.bootstrap import open_workbench
from winloss.errors import WinlossError
from winloss.model import Access, Facet, Filters
from winloss.services import journal
from winloss.services.analysis import analyse
from winloss.services.research import codes, coding, collecting, labelling
from winloss.services.search import saving
from winloss.services.sources import intake
from winloss.services.team import users
from winloss.services.themes import curation

if TYPE_CHECKING:
    from winloss.ports import Workbench
    from winloss.store.repository import SqlStore

FIELDS = ("id", "text", "title", "question", "date", "url", "account", "competitor", "tags", "speaker", "job_title")
MAPPING = "\n".join(
    [
        'kind = "community"',
        "[fields]",
        *(f'{name} = "{name}"' for name in (*FIELDS, "rights", "segment", "thread")),
    ]
)
NAME = '"><img src=x onerror=window.hacked=1>.jsonl'


@contextmanager
def hostile_workspace(folder: Path) -> Iterator[Workbench]:
    """A workbench in the folder; whoever could be named may be."""
    shutil.copytree(made_once("hostile-workspace", _prepare), folder, dirs_exist_ok=True)
    with _opened(folder) as bench:
        yield bench


def _prepare(folder: Path) -> None:
    with _opened(folder) as bench:
        _read_in(bench, folder / "drop")
        analyse(bench)
        _keep(bench)


@contextmanager
def _opened(folder: Path) -> Iterator[Workbench]:
    bench = with_stand_ins(open_workbench(folder / "workspace", clock=StillClock()))
    with closing(cast("SqlStore", bench.store)):
        yield bench


def _read_in(bench: Workbench, folder: Path) -> None:
    folder.mkdir()
    rows = []
    for number, text in enumerate(attacks.ACTS):
        other = attacks.ACTS[-number - 1]
        rows.append(
            {
                "id": f"p{number}",
                "text": f"{text} These alerts cost us week {number}.",
                "title": other,
                "question": text,
                "date": ("2026-02-03", "2026-05-03")[number % 2],
                "url": text if number % 2 else f"javascript:window.hacked={number}",
                "account": other,
                "competitor": text,
                "tags": text,
                "speaker": other,
                "job_title": text,
                "rights": ("named", "anonymous", "internal", "no_quote")[number % 4] if number % 5 else "named",
                "segment": ("federal", "global enterprise")[number % 2],
                "thread": other,
            }
        )
    (folder / NAME).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    mapping = folder / "map.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    intake.take_in(bench, [folder / NAME], mapping=mapping)


def _keep(bench: Workbench) -> None:
    """What people keep says the same, as far as it is taken at all; what is slow to keep, a few times."""
    ids = [row.id for row in bench.store.evidence()]
    for number, text in enumerate(attacks.ACTS):
        one = ids[number % len(ids)]
        _keep_one(bench, number, text, one)
    for theme, text in zip(bench.store.themes(), attacks.MARKUP[:3], strict=False):
        curation.rename(bench, theme.id, text, by=text)
    for one, text in zip(ids, attacks.MARKUP[4:7], strict=False):
        _as_far_as_taken(lambda text=text, one=one: labelling.label(bench, one, Facet.PAIN, by=text))
    collecting.pin(bench, "Deck", ids, by="Dana", note=attacks.ACTS[0], new=True)


def _keep_one(bench: Workbench, number: int, text: str, one: str) -> None:
    _as_far_as_taken(lambda: collecting.pin(bench, text, [one], by=text, note=text, new=True))
    _as_far_as_taken(lambda: codes.add(bench, text, by=text, description=text))
    if number % 3 == 0:
        _as_far_as_taken(lambda: saving.save(bench, f"{number} {text}", text, Filters(), by=None))
        _as_far_as_taken(lambda: coding.give(bench, one, [text], coder=text))
        journal.note(bench, journal.HANDED_OUT, text, by=text)


def _as_far_as_taken(keep: object) -> None:
    try:
        keep()  # type: ignore[operator]
    except (WinlossError, ValueError) as error:
        assert isinstance(error, WinlossError), error


def add_hostile_users(bench: Workbench) -> None:
    """Users whose names are harm."""
    for text in attacks.MARKUP[:5]:
        _as_far_as_taken(lambda text=text: users.add(bench, text, Access.VIEWER, "correct horse battery"))
