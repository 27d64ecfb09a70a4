"""What themes come to once people have decided about them: the same decisions over whatever an analysis finds.

A plain function of what was found and what was decided, in the order decided: taking a decision back is computing
without it, and another analysis is computing with other findings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from winloss.model import Decided, Facet, Theme, ThemeDecision

EXEMPLARS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Curated:
    """The themes of a facet as they hold, by id, and which theme each of its verbatims is in.

    `idle` are the decisions that change nothing any more, because what they are about is gone.
    """

    themes: Mapping[str, Theme]
    assignments: Mapping[str, str | None]
    idle: tuple[ThemeDecision, ...] = ()


def curated(
    facet: Facet,
    found: Iterable[Theme],
    assignments: Mapping[str, str | None],
    decisions: Iterable[ThemeDecision],
) -> Curated:
    """What holds: `found` are the themes of the facet as analyses found them, dormant ones too.

    `assignments` names every verbatim of the facet (None: found in no theme). A theme without verbatims is dormant,
    unless it is pinned; one that was merged into another is dormant whatever is found in it.
    """
    state = _State(facet=facet, themes={theme.id: theme for theme in found}, assignments=dict(assignments))
    idle = tuple(decision for decision in decisions if not state.take(decision))
    sizes = Counter(theme_id for theme_id in state.assignments.values() if theme_id)
    themes = {name: state.settled(theme, sizes[name]) for name, theme in state.themes.items()}
    return Curated(themes=themes, assignments=state.assignments, idle=idle)


@dataclass(slots=True, kw_only=True)
class _State:
    """Themes and assignments while decisions are taken."""

    facet: Facet
    themes: dict[str, Theme]
    assignments: dict[str, str | None]
    members: dict[str, list[str]] = field(default_factory=dict)

    def take(self, decision: ThemeDecision) -> bool:
        """Let a decision hold; whether there is anything it can hold for."""
        ways = {
            Decided.RENAME: self._rename,
            Decided.MERGE: self._merge,
            Decided.SPLIT: self._split,
            Decided.MOVE: self._move,
            Decided.PIN: self._pin,
            Decided.ARCHIVE: self._archive,
        }
        return decision.theme_id in self.themes and ways[decision.kind](decision)

    def settled(self, theme: Theme, size: int) -> Theme:
        """The theme with its size, and with exemplars that are still its own."""
        own = [name for name in theme.exemplars if self.assignments.get(name) == theme.id]
        if len(own) < EXEMPLARS and size:
            others = (name for name in self._members_of(theme.id) if name not in own and name not in theme.dissenting)
            own += [name for name, _ in zip(others, range(EXEMPLARS - len(own)), strict=False)]
        dissenting = tuple(name for name in theme.dissenting if self.assignments.get(name) == theme.id)
        dormant = theme.merged_into is not None or (size == 0 and not theme.pinned)
        return replace(
            theme,
            size=size,
            dormant=dormant,
            exemplars=theme.exemplars if dormant else tuple(own),
            dissenting=theme.dissenting if dormant else dissenting,
        )

    def _members_of(self, theme_id: str) -> list[str]:
        if not self.members:
            for name, other in sorted(self.assignments.items()):
                self.members.setdefault(other or "", []).append(name)
        return self.members.get(theme_id, [])

    def _rename(self, decision: ThemeDecision) -> bool:
        theme = self.themes[decision.theme_id]
        self.themes[theme.id] = replace(theme, title=decision.title or theme.title, named_by=decision.by)
        return True

    def _merge(self, decision: ThemeDecision) -> bool:
        into, theme = decision.into, self.themes[decision.theme_id]
        if into not in self.themes or into == theme.id or self.themes[into].merged_into is not None:
            return False
        for name, other in self.assignments.items():
            if other == theme.id:
                self.assignments[name] = into
        self.themes[theme.id] = replace(theme, merged_into=into)
        return True

    def _split(self, decision: ThemeDecision) -> bool:
        here = [name for name in decision.verbatims if name in self.assignments]
        if not here or not decision.into:
            return False
        self.themes[decision.into] = Theme(
            id=decision.into,
            facet=self.facet,
            title=decision.title or "",
            terms=(),
            size=len(here),
            exemplars=tuple(here[:EXEMPLARS]),
            family=self.themes[decision.theme_id].family,
            named_by=decision.by,
            born=self.themes[decision.theme_id].born,
        )
        self._assign(here, decision.into)
        return True

    def _move(self, decision: ThemeDecision) -> bool:
        here = [name for name in decision.verbatims if name in self.assignments]
        into = decision.into
        if not here or (into is not None and into not in self.themes):
            return False
        while into is not None and (further := self.themes[into].merged_into) is not None:
            into = further
        self._assign(here, into)
        return True

    def _pin(self, decision: ThemeDecision) -> bool:
        theme = self.themes[decision.theme_id]
        self._assign([name for name in decision.verbatims if name in self.assignments], theme.id)
        self.themes[theme.id] = replace(theme, pinned=True)
        return True

    def _archive(self, decision: ThemeDecision) -> bool:
        self.themes[decision.theme_id] = replace(self.themes[decision.theme_id], archived=True)
        return True

    def _assign(self, names: Iterable[str], theme_id: str | None) -> None:
        for name in names:
            self.assignments[name] = theme_id
