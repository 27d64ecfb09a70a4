"""Themes that people's decisions changed, described again: exemplars, dissent and terms of the verbatims they have now.

What somebody named keeps that title; what nobody named keeps the one that was found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from winloss.ports import Workbench
from winloss.services.themes.curating import Curated


def described(bench: Workbench, before: Mapping[str, str | None], result: Curated) -> Curated:
    """`result` with every theme that has other verbatims than found (`before`) described by those it has."""
    was, now = _members(before), _members(result.assignments)
    changed = [name for name in sorted(now) if now[name] != was.get(name) and not result.themes[name].dormant]
    if not changed:
        return result
    labels = _labels(bench, changed, now)
    themes = dict(result.themes)
    for name, label in zip(changed, labels, strict=True):
        themes[name] = replace(themes[name], terms=label.terms, exemplars=label.exemplars, dissenting=label.dissenting)
    return replace(result, themes=themes)


def _members(assignments: Mapping[str, str | None]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, theme_id in assignments.items():
        if theme_id:
            found[theme_id].add(name)
    return {theme_id: frozenset(names) for theme_id, names in found.items()}


def _labels(bench: Workbench, changed: Sequence[str], members: Mapping[str, frozenset[str]]):  # type: ignore[no-untyped-def]
    """How `nlp.themes.label` describes these themes, held against each other."""
    from nlp.themes.grouping import grouped
    from nlp.themes.label import describe

    rows = {row.id: row for row in bench.store.evidence()}
    ids = [name for theme_id in changed for name in sorted(members[theme_id])]
    texts = bench.store.texts([rows[name].key for name in ids])
    vectors = bench.vectors().get([rows[name].key for name in ids])
    clustering = grouped(vectors, [len(members[theme_id]) for theme_id in changed])
    return describe(
        {name: texts[rows[name].key] for name in ids}, clustering, respondents=[rows[name].respondent for name in ids]
    )
