"""Themes without what was forgotten: titles, terms and exemplars are buyers' words too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from winloss.model import Theme, Verbatim
from winloss.ports import Workbench

UNTITLED = "Untitled"
"""What a theme is called until the next analysis, where only the forgotten said its title."""

_WORD = re.compile(r"[^\W\d_][\w'’-]*")


def themes_without(bench: Workbench, lost: Sequence[Verbatim]) -> list[Theme]:
    """The themes that change, dormant ones too, when these verbatims go; sizes are those without them.

    A title and a term stay where somebody else said them too.
    """
    ids = {verbatim.id for verbatim in lost}
    rows, texts = bench.store.evidence(), bench.store.texts()
    gone = [verbatim.text for verbatim in lost]
    left = [texts[key] for key in {row.key for row in rows if row.id not in ids}]
    only_theirs = _OnlyTheirs(
        gone="\n".join(gone), left="\n".join(left), words=frozenset(_words(gone)) - frozenset(_words(left))
    )
    members = Counter(row.theme_id for row in rows if row.theme_id and row.id in ids)
    themes = bench.store.themes(dormant=True)
    changed = [_without(theme, ids, members[theme.id], only_theirs) for theme in themes]
    return [new for new, old in zip(changed, themes, strict=True) if new != old]


@dataclass(frozen=True, slots=True, kw_only=True)
class _OnlyTheirs:
    """What was said in the verbatims that go, and nowhere else."""

    gone: str
    left: str
    words: frozenset[str]

    def says(self, title: str) -> bool:
        """Whether a title, or a word of it, is theirs alone."""
        return (title in self.gone and title not in self.left) or not self.words.isdisjoint(_words([title]))


def _without(theme: Theme, lost: Collection[str], members: int, only_theirs: _OnlyTheirs) -> Theme:
    return replace(
        theme,
        title=UNTITLED if only_theirs.says(theme.title) else theme.title,
        terms=tuple(term for term in theme.terms if only_theirs.words.isdisjoint(_words([term]))),
        size=max(theme.size - members, 0),
        exemplars=tuple(name for name in theme.exemplars if name not in lost),
        dissenting=tuple(name for name in theme.dissenting if name not in lost),
    )


def _words(texts: Iterable[str]) -> set[str]:
    return {word.casefold().replace("’", "'") for text in texts for word in _WORD.findall(text)}
