"""The query language, case by case from query.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from tests.unit.passages import a_passage
from tests.unit.trees import shape
from winloss.errors import QueryError
from winloss.search import generation
from winloss.search.knowing import with_known_values
from winloss.search.postings import Snapshot
from winloss.search.query import Field, parse
from winloss.search.scoring import score

CASES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("query.yml").read_text(encoding="utf-8"))
CORPUS = CASES["corpus"]
VALUES = {name: {row[name] for row in CORPUS.values() if name in row} for name in ("role", "segment", "quarter")}


@pytest.mark.parametrize(("query", "tree"), CASES["reads"])
def test_reads(query: str, tree: str) -> None:
    assert shape(parse(query)) == tree


@pytest.mark.parametrize(("query", "column", "says"), CASES["slips"])
def test_says_where_the_slip_is_and_what_was_expected(query: str, column: int, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.column == column
    assert says in f"{caught.value.message} {caught.value.hint}"
    assert caught.value.hint


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("index") / "g1"
    generation.make(folder, [a_passage(name, row["text"]) for name, row in CORPUS.items()])
    return generation.open_snapshot(folder)


@pytest.mark.parametrize(("query", "names"), CASES["finds"])
def test_finds(snapshot: Snapshot, query: str, names: list[str]) -> None:
    tree = with_known_values(parse(query), lambda name: VALUES.get(name, ()))
    docs, scores = score(tree, snapshot, rows_of)
    assert [list(CORPUS)[doc] for doc in docs] == names
    assert (scores >= 0).all()


def rows_of(field: Field) -> NDArray[np.intp]:
    """The slow, plain meaning of a field."""
    found = []
    for number, row in enumerate(CORPUS.values()):
        value = str(row.get(field.name, ""))
        inside = value and (field.low or "") <= value <= (field.high or "9999Q9")
        if value in field.values or (inside and not field.values):
            found.append(number)
    return np.array(found, dtype=np.intp)
