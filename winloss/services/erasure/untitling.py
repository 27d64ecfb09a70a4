"""Themes without what was forgotten: titles, terms and exemplars are buyers' words too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from winloss.model import THEMED_FACETS, Theme, ThemeDecision, ThemeEvent, Verbatim
from winloss.ports import Workbench
from winloss.services.erasure.withholding import without_names

UNTITLED = "Untitled"
"""What a theme is called until the next analysis, where only the forgotten said its title."""

_QUOTED = re.compile(r"“([^”]*)”")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


def themes_without(bench: Workbench, lost: Sequence[Verbatim]) -> list[Theme]:
    """The themes that change, dormant ones too, when these verbatims go; sizes are those without them.

    A title and a term stay where somebody else said them too.
    """
    ids = {verbatim.id for verbatim in lost}
    only_theirs = _only_theirs(bench, lost)
    members = Counter(row.theme_id for row in bench.store.evidence() if row.theme_id and row.id in ids)
    themes = bench.store.themes(dormant=True)
    changed = [_without(theme, ids, members[theme.id], only_theirs) for theme in themes]
    return [new for new, old in zip(changed, themes, strict=True) if new != old]


def found_themes_without(bench: Workbench, lost: Sequence[Verbatim]) -> list[Theme]:
    """The same for themes as they were found, before people decided about them."""
    ids = {verbatim.id for verbatim in lost}
    only_theirs = _only_theirs(bench, lost)
    changed: list[Theme] = []
    for facet in THEMED_FACETS:
        themes, assignments = bench.store.found_themes(facet)
        members = Counter(theme_id for name, theme_id in assignments.items() if name in ids)
        cleaned = [_without(theme, ids, members[theme.id], only_theirs) for theme in themes]
        changed += [new for new, old in zip(cleaned, themes, strict=True) if new != old]
    return changed


def events_without(
    bench: Workbench, lost: Sequence[Verbatim], names: Collection[str]
) -> Callable[[ThemeEvent], ThemeEvent]:
    """What an event of the ledger becomes without these names, and without titles that only the forgotten said."""
    only_theirs = _only_theirs(bench, lost)

    def told(match: re.Match[str]) -> str:
        return f"“{UNTITLED}”" if only_theirs.says(match[1]) else match[0]

    def without(event: ThemeEvent) -> ThemeEvent:
        reason = without_names(_QUOTED.sub(told, event.reason), tuple(names))
        return replace(event, reason=reason, by=event.by and without_names(event.by, tuple(names)))

    return without


def decisions_without(
    bench: Workbench, lost: Sequence[Verbatim], names: Collection[str]
) -> Callable[[ThemeDecision], ThemeDecision]:
    """The same for what people decided."""
    only_theirs = _only_theirs(bench, lost)

    def without(item: ThemeDecision) -> ThemeDecision:
        title = UNTITLED if item.title and only_theirs.says(item.title) else item.title
        return replace(
            item, title=title and without_names(title, tuple(names)), by=without_names(item.by, tuple(names))
        )

    return without


def _only_theirs(bench: Workbench, lost: Sequence[Verbatim]) -> _OnlyTheirs:
    ids = {verbatim.id for verbatim in lost}
    rows, texts = bench.store.evidence(), bench.store.texts()
    gone = [verbatim.text for verbatim in lost]
    left = [texts[key] for key in {row.key for row in rows if row.id not in ids}]
    return _OnlyTheirs(
        gone="\n".join(gone), left="\n".join(left), words=frozenset(_words(gone)) - frozenset(_words(left))
    )


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
