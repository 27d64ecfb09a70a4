"""The workspace's own synonyms in `synonyms.toml`: read, written, and heeded from the next query on.

synonyms = [
  ["TCO", "cost of ownership"],
]
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from winloss.errors import ConfigError
from winloss.search.analysis import surfaces
from winloss.search.files import locked, replace_whole
from winloss.search.synonyms import Thesaurus
from winloss.search.tree import All

KEY = "synonyms"
MOST_WORDS = 10
"""A phrase that means the same as another has at most so many words."""

Group = tuple[str, ...]
_HEADING = "# Words that search treats as one in this workspace, beside the codebook's: `winloss synonyms --help`.\n"
_HINT = f'Write {KEY} = [ ["TCO", "cost of ownership"], … ], each group with two words or phrases or more.'


class LiveThesaurus:
    """Synonyms of the codebook, names of companies, and those of a file that may change at any time."""

    def __init__(self, path: Path, groups: Sequence[Sequence[str]], names: Sequence[Sequence[str]] = ()) -> None:
        self._path = path
        self._groups = groups
        self._names = names
        self._made: tuple[object, Thesaurus] | None = None

    def expand(self, tree: All) -> All:
        """The tree with every bare word or run of bare words that has synonyms joined by them.

        Raises:
            ConfigError: the file says something else than groups of words.
        """
        return self._thesaurus().expand(tree)

    def _thesaurus(self) -> Thesaurus:
        stamp = _stamp(self._path)
        made = self._made
        if made is None or made[0] != stamp:
            made = self._made = stamp, Thesaurus((*self._groups, *read_groups(self._path)), self._names)
        return made[1]


def read_groups(path: Path) -> list[Group]:
    """The groups of the file; none where there is no file.

    Raises:
        ConfigError: it says something else than groups of words; the message names the place.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name} is not valid TOML: {error}", hint=_HINT) from error
    if unknown := next((name for name in data if name != KEY), None):
        raise ConfigError(f"{path.name} names {unknown}, which is not known here", hint=_HINT)
    entries = data.get(KEY, [])
    if not isinstance(entries, list):
        raise ConfigError(f"{path.name}: {KEY} is not a list of groups", hint=_HINT)
    return [_group(entry, f"{path.name}, group {number}") for number, entry in enumerate(entries, start=1)]


def add_group(path: Path, words: Sequence[str]) -> Group:
    """Say that the words mean the same, and what groups in the file that one of them is in say too; returns all.

    Raises:
        ConfigError: fewer than two different words, or one that search cannot look for.
    """
    with locked(path.with_name(f".{path.name}.lock")):
        groups = read_groups(path)
        new = _group(list(words), "the group", 'Name two or more: winloss synonyms add TCO "cost of ownership"')
        touched = [group for group in groups if _plain(group) & _plain(new)]
        together = _each_once(word for group in (*touched, new) for word in group)
        _write(path, [*(group for group in groups if group not in touched), together])
        return together


def remove_word(path: Path, word: str) -> bool:
    """Take the word out of its group in the file, and the group with it where only one word is left; whether it was in.

    Raises:
        ConfigError: the file cannot be read.
    """
    with locked(path.with_name(f".{path.name}.lock")):
        groups = read_groups(path)
        kept = [tuple(other for other in group if _key(other) != _key(word)) for group in groups]
        if kept == groups:
            return False
        _write(path, [group for group in kept if len(group) > 1])
        return True


def _group(entry: Any, where: str, hint: str = _HINT) -> Group:
    if not isinstance(entry, list) or not all(isinstance(word, str) for word in entry):
        raise ConfigError(f"{where} is not a list of words", hint=hint)
    words = _each_once(" ".join(word.split()) for word in entry)
    for word in words:
        if not 0 < len(surfaces(word)) <= MOST_WORDS:
            raise ConfigError(f"{where} holds {word!r}, which is not one to {MOST_WORDS} words", hint=hint)
    if len(words) < 2:
        raise ConfigError(f"{where} holds fewer than two different words", hint=hint)
    return words


def _each_once(words: Iterable[str]) -> Group:
    kept: dict[Group, str] = {}
    for word in words:
        kept.setdefault(_key(word), word)
    return tuple(kept.values())


def _key(word: str) -> Group:
    """What makes two writings the same word: `Bake-off` is `bake off`."""
    return tuple(surfaces(word))


def _plain(group: Group) -> set[Group]:
    return set(map(_key, group))


def _write(path: Path, groups: Sequence[Group]) -> None:
    lines = "".join(f"  [{', '.join(map(_quoted, group))}],\n" for group in groups)
    replace_whole(path, f"{_HEADING}{KEY} = [\n{lines}]\n".encode())


def _quoted(word: str) -> str:
    return json.dumps(word, ensure_ascii=False).replace("\x7f", "\\u007f")


def _stamp(path: Path) -> object:
    try:
        known = path.stat()
    except FileNotFoundError:
        return None
    return known.st_mtime_ns, known.st_size, known.st_ino
