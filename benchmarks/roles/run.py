"""Measures the roles and modes read from titles and from people's own words, beside simple ways to read them.

    python benchmarks/roles/run.py              figures of the half to improve by (dev)
    python benchmarks/roles/run.py --misses     the same, with what is read wrongly
    python benchmarks/roles/run.py --test       figures of the half that nobody improves by

An entry belongs to a half by the hash of its words. `null` is a role like any other: a seat that nobody could know
from the words counts as right only where none is given.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from nlp.speakers.people import role_of_text, role_of_title
from nlp.speakers.titles import words_of
from winloss.codebook import Codebook, load_codebook

HERE = Path(__file__).parent
Seat = tuple[str | None, str | None]
"""Role and mode."""
Reader = Callable[[str], Seat]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Words with the seat that a person reads from them."""

    words: str
    seat: Seat

    @property
    def test(self) -> bool:
        """Whether it belongs to the half that nobody improves by."""
        return sha256(self.words.encode()).digest()[0] % 2 == 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--test", action="store_true")
    which.add_argument("--misses", action="store_true")
    asked = parser.parse_args()
    codebook = load_codebook()
    for name, key, reader in (("titles", "title", role_of_title), ("claims", "text", role_of_text)):
        entries = load(HERE / f"{name}.jsonl", key)
        part = [entry for entry in entries if entry.test == asked.test]
        ships = _ships(reader, codebook)
        _summary(name, part, {**_baselines([entry for entry in entries if not entry.test], codebook), "ships": ships})
        _per_role(part, ships)
        if asked.misses:
            _misses(part, ships)


def load(path: Path, key: str) -> list[Entry]:
    """The entries of a file, in its order."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [Entry(words=row[key], seat=(row["role"], row["mode"])) for row in rows]


def _ships(reader: Callable[[str, Codebook], tuple[str | None, str | None, str]], codebook: Codebook) -> Reader:
    def read(words: str) -> Seat:
        role, mode, _ = reader(words, codebook)
        return role, mode

    return read


def _baselines(dev: Sequence[Entry], codebook: Codebook) -> dict[str, Reader]:
    """The most frequent seat of the dev half, and titles looked up whole among the codebook's phrases."""
    frequent = Counter(entry.seat for entry in dev).most_common(1)[0][0]
    phrases = {words_of(title): (role.name, role.mode) for role in codebook.roles for title in role.titles}
    return {
        "most frequent seat": lambda _: frequent,
        "whole title among the phrases": lambda words: phrases.get(words_of(words), (None, None)),
    }


def _summary(name: str, part: Sequence[Entry], readers: dict[str, Reader]) -> None:
    print(f"\n{name}: {len(part)}\n\n| method | role | mode | both |\n|---|---|---|---|")
    for method, reader in readers.items():
        read = [(reader(entry.words), entry.seat) for entry in part]
        rights = (
            sum(given[0] == meant[0] for given, meant in read),
            sum(given[1] == meant[1] for given, meant in read),
            sum(given == meant for given, meant in read),
        )
        print(f"| {method} | {' | '.join(f'{right / len(part):.3f}' for right in rights)} |")


def _per_role(part: Sequence[Entry], reader: Reader) -> None:
    """Of the entries of a role, how many are read so; of those read so, how many are right."""
    read = [(reader(entry.words)[0], entry.seat[0]) for entry in part]
    meant, given = Counter(role for _, role in read), Counter(role for role, _ in read)
    right = Counter(role for role, wanted in read if role == wanted)
    print("\n| role | of this role | read so | right |\n|---|---|---|---|")
    for role in sorted(meant | given, key=str):
        print(f"| {role or 'unknown'} | {meant[role]} | {given[role]} | {right[role]} |")


def _misses(part: Sequence[Entry], reader: Reader) -> None:
    print()
    for entry in part:
        if (given := reader(entry.words)) != entry.seat:
            print(f"{entry.words!r}: {_shown(given)}, meant {_shown(entry.seat)}")


def _shown(seat: Seat) -> str:
    return f"{seat[0] or 'unknown'} ({seat[1] or 'no mode'})"


if __name__ == "__main__":
    main()
