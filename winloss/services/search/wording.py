"""Words that mean the same: the codebook's, the companies' names, and the workspace's own, which people change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from winloss.errors import NotFound
from winloss.ports import Workbench

SYNONYMS_FILE = "synonyms.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordGroup:
    """Words and phrases that search treats as one; `source` is `workspace`, `codebook` or `names`."""

    words: tuple[str, ...]
    source: str


def groups(bench: Workbench) -> list[WordGroup]:
    """Every group, the workspace's own first.

    Raises:
        ConfigError: the workspace's file cannot be read.
    """
    from winloss.search import read_groups

    named = [(company.name, *company.aliases) for company in bench.codebook.companies]
    return [
        *(WordGroup(words=group, source="workspace") for group in read_groups(_file(bench))),
        *(WordGroup(words=group, source="names") for group in named),
        *(WordGroup(words=group, source="codebook") for group in bench.codebook.synonyms),
    ]


def add(bench: Workbench, words: Sequence[str]) -> WordGroup:
    """Let search treat the words as one from the next query on; returns the whole group they are in now.

    Raises:
        ConfigError: fewer than two different words, or one that search cannot look for.
    """
    from winloss.search import add_group

    return WordGroup(words=add_group(_file(bench), words), source="workspace")


def remove(bench: Workbench, word: str) -> None:
    """Take a word out of the group that the workspace has it in.

    Raises:
        NotFound: it is in none, or only in the codebook's.
    """
    from winloss.search import remove_word

    if remove_word(_file(bench), word):
        return
    elsewhere = [group for group in groups(bench) if word.casefold() in (other.casefold() for other in group.words)]
    hint = "It comes with the codebook and stays." if elsewhere else "`winloss synonyms list` shows those there are."
    raise NotFound(f"{word!r} is in no group of this workspace", hint=hint)


def _file(bench: Workbench) -> Path:
    return bench.root / SYNONYMS_FILE
