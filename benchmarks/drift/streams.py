"""Streams with a known truth: quarters drawn from banking77's intents, or from topics of a public support forum.

A quarter is n people who each say one message. Thirty themes with shares from a flat Dirichlet distribution, the same
in every quarter; 8 % of the messages are one-off chatter from the remaining themes. A new theme is one never drawn
before, said by a share s of the people from `arrives` quarters before the end on.
"""

from __future__ import annotations

import csv
import html
import json
import re
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

THEMES = 30
CHATTER = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Texts with vectors, the theme of each as far as it has one (-1 for none), and a vector of each theme's name."""

    vectors: np.ndarray
    theme: np.ndarray
    quarter: np.ndarray
    author: np.ndarray
    title: np.ndarray
    names: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What was said by whom and when; `new` marks the messages of the injected theme, `theme` the truth."""

    vectors: np.ndarray
    quarter: np.ndarray
    new: np.ndarray
    theme: np.ndarray
    group: np.ndarray


def texts_of(name: str, data: Path, cache: Path) -> Texts:
    """The texts of `banking77` or `thunderbird`, encoded once and kept in `cache`."""
    kept = cache / f"{name}.npz"
    if not kept.exists():
        from winloss.bootstrap import open_tools

        cache.mkdir(parents=True, exist_ok=True)
        texts, names, columns = (_banking if name == "banking77" else _thunderbird)(data)
        encode = open_tools().encoder().encode
        np.savez(kept, vectors=encode(texts), names=encode(names), **columns)
    with np.load(kept) as stored:
        return Texts(**{item.name: stored[item.name] for item in fields(Texts)})


def simulate(
    texts: Texts,
    people: int,
    share: float,
    seed: int,
    *,
    history: int = 4,
    arrives: int = 1,
    mix_shift: float = 0.0,
    copied: float = 0.0,
    groups: int = 1,
    groups_now: int = 0,
) -> Stream:
    """One stream; `mix_shift` is the standard deviation of the log of each theme's change in the last quarter.

    In the last quarter a share `copied` of the messages are those of earlier quarters, word for word, and the people
    are of `groups_now` of the `groups` that are asked otherwise.
    """
    chance = np.random.default_rng(seed)
    names = chance.permutation(np.unique(texts.theme[texts.theme >= 0]))
    themes, fresh, others = names[:THEMES], names[THEMES], names[THEMES + 1 :]
    pools = {theme: np.flatnonzero(texts.theme == theme) for theme in names}
    mix = chance.dirichlet(np.ones(THEMES))
    moved = mix * np.exp(mix_shift * chance.normal(size=THEMES))
    rows, quarters, truth = [], [], []
    for quarter in range(history + 1):
        weights = moved / moved.sum() if quarter == history else mix
        for _ in range(people):
            theme = _said(chance, themes, weights, others)
            if quarter > history - arrives and chance.random() < share:
                theme = fresh
            rows.append(chance.choice(pools[theme]))
            quarters.append(quarter)
            truth.append(theme)
    truth_of, group = np.array(truth), chance.integers(groups, size=len(rows))
    for place in range(people * history, len(rows)):
        group[place] %= groups_now or groups
        if copied and chance.random() < copied:
            rows[place] = rows[chance.integers(people * history)]
    return Stream(
        vectors=texts.vectors[rows],
        quarter=np.array(quarters),
        new=truth_of == fresh,
        theme=truth_of,
        group=group,
    )


def _said(chance: np.random.Generator, themes: np.ndarray, mix: np.ndarray, others: np.ndarray) -> int:
    if chance.random() < CHATTER:
        return int(chance.choice(others))
    return int(themes[chance.choice(len(themes), p=mix)])


def _banking(data: Path) -> tuple[list[str], list[str], dict[str, np.ndarray]]:
    with (data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    texts = [row["text"] for row in rows]
    intents, themes = np.unique([row["category"] for row in rows], return_inverse=True)
    blank = np.full(len(rows), "")
    names = [str(intent).replace("_", " ") for intent in intents]
    return texts, names, {"theme": themes, "quarter": blank, "author": blank, "title": np.array(texts)}


def _thunderbird(data: Path) -> tuple[list[str], list[str], dict[str, np.ndarray]]:
    source = (data / "thunderbird-aaq" / "questions.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in source if line]
    texts = [_readable(row["title"], row["content"]) for row in rows]
    quarters = [f"{row['created'][:4]}Q{(int(row['created'][5:7]) - 1) // 3 + 1}" for row in rows]
    theme, names = themes_of_titles([row["title"] for row in rows])
    columns = {
        "theme": theme,
        "quarter": np.array(quarters),
        "author": np.array([str(row["author"]) for row in rows]),
        "title": np.array([row["title"] for row in rows]),
    }
    return texts, names, columns


def _readable(title: str, body: str) -> str:
    plain = html.unescape(re.sub(r"<[^>]+>", " ", body or ""))
    return f"{title}. {' '.join(plain.split())}"[:400]


def themes_of_titles(titles: list[str], themes: int = 80, fewest: int = 40) -> tuple[np.ndarray, list[str]]:
    """Themes by words, not by the vectors that are tested: posts whose title shares a rare pair of words.

    The pair that most titles share names the first theme, and so on; every post is in at most one. The name of a
    theme is its shortest title of five words or more, which is left out of it.
    """
    pairs: dict[tuple[str, str], list[int]] = {}
    for place, title in enumerate(titles):
        words = sorted(set(re.findall(r"[a-z]{4,}", title.casefold())) - _COMMON)
        for number, one in enumerate(words):
            for other in words[number + 1 :]:
                pairs.setdefault((one, other), []).append(place)
    theme = np.full(len(titles), -1)
    names: list[str] = []
    for _, places in sorted(pairs.items(), key=lambda item: (-len(item[1]), item[0])):
        left = [place for place in places if theme[place] < 0]
        if len(left) >= fewest and len(names) < themes:
            named = min(
                (place for place in left if len(titles[place].split()) >= 5), key=lambda place: len(titles[place])
            )
            theme[[place for place in left if place != named]] = len(names)
            names.append(titles[named])
    return theme, names


_COMMON = {
    "thunderbird", "mozilla", "with", "from", "does", "will", "have", "that", "this", "when", "what", "cannot", "after",
    "email", "emails", "mail", "mails", "message", "messages", "problem", "problems", "issue", "help", "need", "using",
    "version", "want", "wont", "there", "some", "into", "only", "longer", "working", "work", "doesn", "being", "been",
    "they", "where", "which", "keep", "keeps", "then", "cant", "dont", "just", "more", "other", "time",
}  # fmt: skip
