"""Two judged collections made of real text, and the two measures that are reported.

Questions of a support forum, each with the answer its asker accepted; questions about meetings, each with the turns
that answer it, looked for among the turns of its own meeting. Each is cut in two halves: settings are chosen on one,
figures are reported from the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import log2
from pathlib import Path

ANSWERS = 10_000
MEETINGS = 60
SHORTEST = 5
"""Turns of fewer words answer nothing."""


@dataclass(frozen=True, slots=True)
class Query:
    """One question, the ids of what answers it, and what it is looked for among (None: everything)."""

    id: str
    text: str
    relevant: frozenset[str]
    among: frozenset[str] | None
    training: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """Passages by id, and the questions about them."""

    name: str
    passages: Mapping[str, str]
    queries: tuple[Query, ...]


def forum(data: Path, *, with_content: bool) -> Judged:
    """Every accepted answer and so many others; the questions as titles, or titles with what follows them."""
    folder = data / "thunderbird-aaq"
    pairs = [line.split() for line in (folder / "qrels_question_to_solution.tsv").read_text("utf-8").splitlines()]
    solution = dict(pairs)
    accepted = set(solution.values())
    answers = {row["id"]: row["content"] for row in _lines(folder / "answers.jsonl")}
    others = sorted(answers.keys() - accepted, key=_scatter)[: ANSWERS - len(accepted)]
    queries = tuple(
        Query(
            id=row["id"],
            text=f"{row['title']}\n{row['content']}" if with_content else row["title"],
            relevant=frozenset({solution[row["id"]]}),
            among=None,
            training=_scatter(row["id"]) < 2**63,
        )
        for row in _lines(folder / "questions.jsonl")
        if row["id"] in solution
    )
    name = "forum, title and content" if with_content else "forum, title"
    return Judged(name, {key: answers[key] for key in (*sorted(accepted), *others)}, queries)


def meetings(data: Path) -> Judged:
    """So many meetings, every turn a passage, and the specific questions asked about them."""
    rows = [row for path in sorted((data / "qmsum").glob("*.jsonl")) for row in _lines(path)]
    passages: dict[str, str] = {}
    queries: list[Query] = []
    for row in sorted(rows, key=lambda row: _scatter(row["meeting_id"]))[:MEETINGS]:
        meeting = row["meeting_id"]
        turns = {f"{meeting}/{place}": turn["content"] for place, turn in enumerate(row["meeting_transcripts"])}
        turns = {name: text for name, text in turns.items() if len(text.split()) >= SHORTEST}
        passages.update(turns)
        for number, asked in enumerate(row["specific_query_list"]):
            places = {
                place for first, last in asked["relevant_text_span"] for place in range(int(first), int(last) + 1)
            }
            relevant = frozenset(name for name in turns if int(name.rpartition("/")[2]) in places)
            training = _scatter(meeting) % 2 == 0
            if relevant:
                queries.append(Query(f"{meeting}?{number}", asked["query"], relevant, frozenset(turns), training))
    return Judged("meetings", passages, tuple(queries))


def ndcg(ranking: Sequence[str], relevant: frozenset[str], *, depth: int = 10) -> float:
    """Normalised discounted cumulative gain with yes/no relevance (Järvelin and Kekäläinen, 2002)."""
    gained = sum(1 / log2(place + 2) for place, name in enumerate(ranking[:depth]) if name in relevant)
    return gained / sum(1 / log2(place + 2) for place in range(min(depth, len(relevant))))


def recall(ranking: Sequence[str], relevant: frozenset[str], *, depth: int = 100) -> float:
    """The share of what is relevant among the first `depth`."""
    return len(relevant.intersection(ranking[:depth])) / len(relevant)


def _lines(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _scatter(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest())
