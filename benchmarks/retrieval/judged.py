"""Two judged collections made of real text, whole.

Questions of a support forum, each with the answer its asker accepted, looked for among all answers; questions about
meetings and the names of their subjects, each with the turns that answer it, looked for among the turns of all
meetings. Each is cut in two halves, the forum by question and the meetings by meeting: settings are chosen on one,
figures are reported from the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A passage and where it stands."""

    text: str
    document: str
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question, the ids of what answers it, the slices it belongs to, and which half."""

    id: str
    text: str
    relevant: frozenset[str]
    slices: tuple[str, ...]
    training: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Passages by id, and the questions about them."""

    name: str
    passages: Mapping[str, Place]
    queries: tuple[Query, ...]


def collections(data: Path) -> tuple[Judged, ...]:
    """Both, from the folder with the real data sets."""
    return forum(data), meetings(data)


def forum(data: Path) -> Judged:
    """Every answer; every question with an accepted one, once as its title and once as title and text."""
    folder = data / "thunderbird-aaq"
    solution = dict(
        line.split() for line in (folder / "qrels_question_to_solution.tsv").read_text("utf-8").splitlines()
    )
    passages = {
        row["id"]: Place(text=row["content"], document=row["id"], turn=0) for row in _lines(folder / "answers.jsonl")
    }
    queries = [
        Query(
            id=f"{form}/{row['id']}",
            text=text,
            relevant=frozenset({solution[row["id"]]}),
            slices=(f"forum, {form}", f"forum, {form}: {row['topic'] or 'no topic'}"),
            training=scatter(row["id"]) % 2 == 0,
        )
        for row in _lines(folder / "questions.jsonl")
        if row["id"] in solution
        for form, text in (("titles", row["title"]), ("whole posts", f"{row['title']}\n{row['content']}"))
    ]
    return Judged(name="forum", passages=passages, queries=tuple(queries))


def meetings(data: Path) -> Judged:
    """Every turn of every meeting that holds a word; specific questions, and the names of subjects as short ones."""
    passages: dict[str, Place] = {}
    queries: list[Query] = []
    for path in sorted((data / "qmsum").glob("*.jsonl")):
        for row in _lines(path):
            meeting = row["meeting_id"]
            for turn, said in enumerate(row["meeting_transcripts"]):
                if any(letter.isalnum() for letter in said["content"]):
                    name = f"{meeting}/{turn:04}"
                    passages[name] = Place(text=said["content"], document=meeting, turn=turn)
            queries += _asked(path.stem, meeting, "questions", "query", row["specific_query_list"], passages)
            queries += _asked(path.stem, meeting, "subjects", "topic", row["topic_list"], passages)
    return Judged(name="meetings", passages=passages, queries=tuple(queries))


def _asked(
    domain: str, meeting: str, form: str, key: str, asked: Sequence[Mapping], passages: Mapping[str, Place]
) -> Iterator[Query]:
    for number, item in enumerate(asked):
        spans = [range(int(first), int(last) + 1) for first, last in item["relevant_text_span"]]
        names = (f"{meeting}/{turn:04}" for span in spans for turn in span)
        relevant = frozenset(name for name in names if name in passages)
        if relevant and item[key].strip():
            yield Query(
                id=f"{form}/{meeting}/{number}",
                text=item[key],
                relevant=relevant,
                slices=(f"meetings, {form}", f"meetings, {form}: {domain}"),
                training=scatter(meeting) % 2 == 0,
            )


def scatter(name: str) -> int:
    """A number that depends on nothing but the name, evenly spread."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest())


def _lines(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
