"""Decisions about rights when something is forgotten: those about it alone go, and names go from the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from winloss.model import RightsDecision, RightsOf, stable_id
from winloss.ports import Workbench
from winloss.services.erasure.releasing import Files
from winloss.services.erasure.taking import Taking
from winloss.services.erasure.withholding import without_names


def people_gone(bench: Workbench, taking: Taking) -> set[str]:
    """The ids of people of whom nothing is left."""
    pairs = [pair for versions in taking.partial.values() for pair in versions]
    cut = {*taking.whole, *taking.partial}
    staying = {item.respondent for item in bench.store.appearances() if item.document_id not in cut}
    staying |= {turn.speaker.respondent for remainder, _ in pairs for turn in remainder.turns}
    said = {turn.speaker.respondent for _, turns in pairs for turn in turns}
    said |= {turn.speaker.respondent for _, turns in bench.store.history(taking.whole) for turn in turns}
    return said - staying


def decisions_without(
    bench: Workbench, taking: Taking, files: Files, gone: Collection[str], *, may_return: bool
) -> tuple[tuple[RightsDecision, ...], tuple[RightsDecision, ...]]:
    """The decisions that change, as they stand and as they are from then on; those about what is gone have no after.

    Where what goes `may_return`, what was decided about it stays, so that it holds again then.
    """
    before, after = [], []
    for item in bench.store.rights_decisions():
        left = [item] if may_return else list(_left(item, taking, files, gone))
        clean = [_without_names(one, bench, taking, files) for one in left]
        if clean != [item]:
            before.append(item)
            after += clean
    return tuple(before), tuple(after)


def _left(item: RightsDecision, taking: Taking, files: Files, gone: Collection[str]) -> Iterator[RightsDecision]:
    if item.of is RightsOf.DOCUMENT:
        alone = item.target in taking.whole
    elif item.of is RightsOf.FILE:
        alone = item.target in {file.path for file in files.gone}
    else:
        alone = not set(item.people) - set(gone)
        item = replace(item, people=tuple(name for name in item.people if name not in gone))
    if not alone:
        yield item


def _without_names(item: RightsDecision, bench: Workbench, taking: Taking, files: Files) -> RightsDecision:
    """The decision as it is kept on; a file's follows the path under which the file is listed from then on."""
    item = replace(item, by=item.by and without_names(item.by, tuple(taking.names)))
    if item.of is not RightsOf.FILE:
        return item
    before = {file.id: file.path for file in bench.store.files()}
    moved = {before[file.id]: file.path for file in (*files.released, *files.tidied) if file.id in before}
    target = moved.get(item.target, item.target)
    return item if target == item.target else replace(item, target=target, id=stable_id("q", item.of.value, target))
