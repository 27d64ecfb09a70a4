"""How long searching takes over many passages, and making and changing the index.

    python benchmarks/search_speed/run.py DATA [PASSAGES]      DATA: the folder with the real data sets

The passages are pieces of some 160 characters of earnings calls and forum posts (150,000 unless told otherwise); the
questions are real titles and posts, the phrases are cut out of the passages.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import islice
from pathlib import Path

import numpy as np

from winloss.model import EvidenceRow, Filters, Passage
from winloss.search import EvidenceTable, WhooshIndex, nearest, plain_query
from winloss.search.analysis import tokens

PASSAGES = 150_000
LIMIT = 1000
SHORTEST = 120
DRAWS = random.Random(1)


def main() -> None:
    data = Path(sys.argv[1])
    texts = list(islice(pieces(data), int(sys.argv[2]) if len(sys.argv) > 2 else PASSAGES))
    posts = list(lines(data / "thunderbird-aaq" / "questions.jsonl"))
    titles = [post["title"] for post in posts if 2 <= len(post["title"].split()) <= 10]
    short = [plain_query(title) for title in DRAWS.sample(titles, 200)]
    long = [plain_query(f"{post['title']} {post['content']}") for post in DRAWS.sample(posts, 100)]
    phrases = [phrase(DRAWS.choice(texts)) for _ in range(150)]
    third = frozenset(f"v{number:06}" for number in range(0, len(texts), 3))
    print(f"{len(texts):,} passages\n\n| | n | median ms | p95 ms | p95 ms of processor |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        index = WhooshIndex(Path(folder), ())
        told("make the index", lambda _: index.rebuild(passages(texts), revision=1), [""])
        told("open it, first search", lambda _: WhooshIndex(Path(folder), ()).search("alerts", limit=LIMIT), [""])
        search = lambda query: index.search(query, limit=LIMIT)  # noqa: E731
        told("2 to 10 words, each for the first time", search, short)
        told("the same again", search, short)
        told("the same, a third of the passages allowed", lambda q: index.search(q, limit=LIMIT, allowed=third), short)
        told("whole posts", search, long)
        told("phrases of 2 to 4 words, each for the first time", search, phrases)
        told("the same again", search, phrases)
        told("wild*", search, ["renew*", "*sync*", "acc* pass*", "pri*ing", "conf*"])
        told("2 to 10 words, each fuzzy", lambda q: index.search(q, limit=LIMIT, fuzzy=True), short[:40])
        told("add one passage", lambda _: index.update(passages(["one more"], "w"), [], revision=2), [""])
    arrays(len(texts))


def arrays(size: int) -> None:
    """The exact scan of vectors, and filters with their counts."""
    matrix = np.random.default_rng(1).standard_normal((size, 384), dtype=np.float32)
    told(f"nearest of {size:,} x 384", lambda _: nearest(matrix[5], matrix, mask=None, limit=LIMIT), range(20))
    table = EvidenceTable.from_rows([evidence(number) for number in range(size)])
    chosen = Filters(segment=("s1", "s2"), role=("r1",), tag=("t1",))
    names = (
        "segment",
        "role",
        "mode",
        "facet",
        "source",
        "outcome",
        "competitor",
        "quarter",
        "account",
        "tag",
        "theme",
    )
    told("counts of 11 filters, nothing chosen", lambda _: table.counts_with(Filters(), names), range(20))
    told("counts of 11 filters, three chosen", lambda _: table.counts_with(chosen, names), range(20))


def told(what: str, act: Callable[[object], object], subjects: Iterable[object]) -> None:
    """Print how long the act takes on each of the subjects."""
    wall, processor = [], []
    for subject in subjects:
        started = time.perf_counter(), time.process_time()
        act(subject)
        wall.append(1000 * (time.perf_counter() - started[0]))
        processor.append(1000 * (time.process_time() - started[1]))
    cells = (np.median(wall), np.quantile(wall, 0.95), np.quantile(processor, 0.95))
    print(f"| {what} | {len(wall)} | {' | '.join(f'{cell:,.1f}' for cell in cells)} |", flush=True)


def pieces(data: Path) -> Iterator[str]:
    """Runs of whole sentences."""
    for text in whole_texts(data):
        piece = ""
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            piece = f"{piece} {sentence}".strip()
            if len(piece) > SHORTEST:
                yield piece
                piece = ""


def whole_texts(data: Path) -> Iterator[str]:
    for call in lines(data / "earnings-calls-2022" / "turns.jsonl"):
        yield from (turn["text"] for turn in call["turns"])
    for name in ("questions", "answers"):
        yield from (post["content"] for post in lines(data / "thunderbird-aaq" / f"{name}.jsonl"))


def phrase(text: str) -> str:
    """Two to four words of the text in quotation marks."""
    words = tokens(text)
    first = DRAWS.randrange(max(len(words) - 4, 1))
    last = min(first + DRAWS.choice((1, 2, 3)), len(words) - 1)
    return '"' + re.sub('["“”„]', " ", text[words[first].start : words[last].end]) + '"'


def passages(texts: Sequence[str], prefix: str = "v") -> Iterator[Passage]:
    for number, text in enumerate(texts):
        values = dict.fromkeys(item.name for item in fields(Passage))
        known = {"id": f"{prefix}{number:06}", "text": text, "title": f"Interview {number % 500}", "respondent": "r"}
        rest = {"source": "interview", "document_id": "d", "external_id": "x", "turn": 0, "start": 0, "end": len(text)}
        yield Passage(**{**values, **known, **rest, "rights": "internal"})


def evidence(number: int) -> EvidenceRow:
    draw = DRAWS.randrange
    values = dict.fromkeys(item.name for item in fields(EvidenceRow))
    few = {name: f"{name[0]}{draw(8)}" for name in ("segment", "role", "mode", "facet", "source", "outcome", "quarter")}
    many = {"competitor": f"c{draw(30)}", "account": f"a{draw(500)}", "theme_id": f"t{draw(200)}"}
    tags = tuple(f"t{draw(40)}" for _ in range(draw(4)))
    return EvidenceRow(**{**values, **few, **many, "id": f"v{number:06}", "key": "", "tags": tags})


def lines(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


if __name__ == "__main__":
    main()
