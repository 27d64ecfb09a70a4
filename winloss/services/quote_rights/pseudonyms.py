"""What buyers are called where they may not be named: `Buyer 7`, the same in everything that leaves the workspace.

A number is given once and kept in the store. Numbers are drawn by chance among those who get one at the same time, so
that neither a name nor the order of the interviews leads to one; a number of somebody forgotten is never given again.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import SystemRandom

from winloss.model import Side
from winloss.ports import Workbench
from winloss.services.quote_rights.crowds import crowds


def give_all(bench: Workbench) -> None:
    """Everybody who speaks as a buyer, or of unknown side, gets a pseudonym."""
    speakers = bench.store.speakers()
    _give(bench, {item.speaker.respondent for item in speakers if item.speaker.side in (Side.BUYER, Side.UNKNOWN)})


def give_quoted(bench: Workbench) -> None:
    """Every buyer has a pseudonym; looked at anew only where the store has changed."""
    here = crowds(bench)
    if bench.memo.get("pseudonyms given") is not here:
        _give(bench, here.everybody)
        bench.memo["pseudonyms given"] = here


def _give(bench: Workbench, people: Iterable[str]) -> None:
    fresh = sorted(set(people) - bench.store.pseudonyms().keys())
    if not fresh:
        return
    SystemRandom().shuffle(fresh)
    with bench.store.aside() as unit:
        unit.put_pseudonyms(fresh)
