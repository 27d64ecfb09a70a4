"""The evidence that is kept beside the index: used where it fits, thrown away where it does not, never out of date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import StillClock, with_stand_ins
from tests.unit.grepping import places
from tests.unit.test_indexing import write
from winloss.bootstrap import open_workbench
from winloss.model import Ask, Filters
from winloss.ports import Workbench
from winloss.search import EvidenceTable, TableFile
from winloss.services.analysis import analyse
from winloss.services.erasure.forgetting import Wish, forget
from winloss.services.search import indexing, searching
from winloss.services.sources import intake

POSTS = {f"p{n}": ("Storage", f"Site {n} kept us awake over the invoice.") for n in range(200)}


@pytest.fixture
def stocked(bench: Workbench, tmp_path: Path) -> Workbench:
    intake.take_in(bench, [write(tmp_path, POSTS)])
    analyse(bench)
    return bench


@pytest.fixture
def kept(stocked: Workbench) -> Path:
    return stocked.root / "index" / "evidence.columns"


@pytest.fixture
def next_process(stocked: Workbench) -> Iterator[Workbench]:
    opened = with_stand_ins(open_workbench(stocked.root, clock=StillClock()))
    yield opened
    opened.store.close()


@pytest.fixture
def rows_read(next_process: Workbench, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each reading of the evidence by the next process gave."""
    numbers: list[int] = []
    real = next_process.store.evidence_rows

    def counted(documents: object = None) -> list[object]:
        rows = list(real(documents))
        numbers.append(len(rows))
        return rows

    monkeypatch.setattr(type(next_process.store), "evidence_rows", lambda _, documents=None: counted(documents))
    return numbers


def found(bench: Workbench, query: str = "invoice") -> int:
    return bench.engine().find(Ask(query=query, mode="words")).total


def test_the_next_process_reads_nothing_of_what_is_kept(stocked, kept, next_process, rows_read) -> None:
    assert kept.exists()
    assert found(next_process) == 200
    assert rows_read == []


def test_the_next_process_reads_only_what_changed_since(stocked, kept, next_process, rows_read, tmp_path) -> None:
    before = kept.read_bytes()
    changed = {**POSTS, "p7": ("Renewal", "The licence kept us awake."), "new": ("New", "One more invoice came.")}
    intake.take_in(stocked, [write(tmp_path, changed)])
    analyse(stocked)
    assert kept.read_bytes() == before, "two changed documents of 200 are not worth writing anew"
    rows_read.clear()
    assert (found(next_process), found(next_process, "licence")) == (200, 1)
    assert rows_read == [2]


def test_it_is_kept_anew_once_much_has_changed(stocked, kept, next_process, rows_read, tmp_path) -> None:
    changed = {name: (title, text.replace("us", "everybody")) for name, (title, text) in POSTS.items()}
    intake.take_in(stocked, [write(tmp_path, changed)])
    analyse(stocked)
    rows_read.clear()
    assert found(next_process, "everybody") == 200
    assert rows_read == []


@pytest.mark.parametrize("share", [0.0, 0.001, 0.05, 0.5, 0.999])
def test_half_a_file_is_made_anew(stocked, kept, next_process, rows_read, share) -> None:
    whole = kept.read_bytes()
    kept.write_bytes(whole[: int(share * len(whole))])
    assert found(next_process) == 200
    assert rows_read == [200]
    assert TableFile(kept.parent).load() is not None


@pytest.mark.parametrize(
    ("words", "others"),
    [(b'"format": 1', b'"format": 0'), (b'"arrays"', b'"orrays"'), (b'"revision": ', b'"revision":9')],
)
def test_another_file_is_made_anew(stocked, kept, next_process, rows_read, words, others) -> None:
    kept.write_bytes(kept.read_bytes().replace(words, others))
    assert found(next_process) == 200
    assert rows_read == [200]


def test_a_folder_that_cannot_be_written_is_searched_all_the_same(stocked, kept, next_process) -> None:
    kept.unlink()
    kept.mkdir()
    assert found(next_process) == 200


def test_what_was_forgotten_is_not_kept_nor_brought_back_by_whoever_still_holds_it(stocked, kept, next_process) -> None:
    held = next_process.engine().table()  # type: ignore[attr-defined]
    gone = next(item.id for item in stocked.store.documents() if item.external_id == "p13")
    assert places(kept.parent, gone) == {kept.name}
    forget(stocked, Wish(documents=(gone,)))
    assert places(kept.parent, gone) == set()
    late = TableFile(kept.parent, worthwhile=0)
    assert not late.save(held, lambda: next_process.store.revision() == held.revision)
    assert places(kept.parent, gone) == set()
    assert found(next_process) == found(stocked) == 199
    assert places(kept.parent, gone) == set()


def test_few_verbatims_are_not_worth_a_file(tmp_path) -> None:
    file = TableFile(tmp_path)
    assert not file.save(EvidenceTable.from_rows([]), lambda: True)
    assert file.load() is None
    assert list(tmp_path.iterdir()) == []


def test_making_the_index_anew_makes_it_anew(stocked, kept, next_process) -> None:
    table = stocked.engine().table()
    wrong = replace(table, live=np.arange(len(table)) < 150)
    assert TableFile(kept.parent, worthwhile=0).save(wrong, lambda: True)
    assert found(next_process) == 150
    indexing.rebuild(next_process)
    assert searching.search(next_process, "invoice", Filters(), mode="words").total == 200
    assert found(with_stand_ins(open_workbench(stocked.root, clock=StillClock()))) == 200
