"""What pages remember, made before the first reader asks: after the server starts, and after every write that lasts.

Whoever writes on, as coders and jobs do, is not raced with: only what nothing was written to for a while is made.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING

from winloss.model import THEMED_FACETS, Facet, Filters
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.drift import hearing
from winloss.services.library import library
from winloss.services.quote_rights import crowds
from winloss.services.search import searching, unread
from winloss.services.themes import contradicting, crossing, families, permissions, proofgap, testable

if TYPE_CHECKING:
    from collections.abc import Callable

SETTLED = 2.0
"""Seconds without a write after which what was written is taken to last."""

_LOG = logging.getLogger(__name__)


def start(bench: Workbench) -> Event:
    """Warm in a thread of this process, now and after every write that lasts; setting the event stops it."""
    stop = Event()
    Thread(target=_keep_warm, args=(bench, stop), name="warming", daemon=True).start()
    return stop


def warm(bench: Workbench) -> None:
    """Have in memory what the pages count, as far as they are asked for without filters."""
    for make in _steps(bench):
        make()


def _keep_warm(bench: Workbench, stop: Event) -> None:
    seen, warmed = bench.store.revision(), None
    while True:
        now = bench.store.revision()
        if now == seen != warmed:
            _warm_until_written(bench, now, stop)
            warmed = now
        seen = now
        if stop.wait(SETTLED):
            return


def _warm_until_written(bench: Workbench, revision: int, stop: Event) -> None:
    """Warm, and leave off where something is written meanwhile; what goes wrong is told to whoever asks for it."""
    try:
        for make in _steps(bench):
            if stop.is_set() or bench.store.revision() != revision:
                return
            make()
    except Exception:  # noqa: BLE001 - the warming outlives whatever a page meets
        _LOG.exception("not everything was made before it is asked for")


def _steps(bench: Workbench) -> Iterator[Callable[[], object]]:
    """What is made, the slowest first to be asked for."""
    shelf = library(bench)
    if not shelf.rows or bench.vectors().missing(list(shelf.keys)):
        return
    latest = (browsing.quarters(bench) or (None,))[-1]
    everything, pains = Filters(), Filters(facet=(Facet.PAIN.value,))
    yield lambda: testable.specific_keys(bench, {row.key for row in shelf.rows if row.facet == Facet.PAIN})
    yield partial(contradicting.denials, bench)
    yield lambda: families.corners(bench, [facet.value for facet in THEMED_FACETS], shelf.heard(everything))
    yield partial(browsing.theme_page, bench, pains, quarter=latest)
    yield partial(unread.unread, bench)
    yield partial(proofgap.proof_gap, bench, everything, quarter=latest)
    yield partial(proofgap.proof_gap, bench, everything)
    yield lambda: [browsing.theme_view(bench, theme.id) for theme in bench.store.themes()[:1]]
    yield partial(browsing.theme_page, bench, everything)
    yield partial(searching.filter_values, bench)
    yield partial(browsing.documents, bench, everything)
    yield partial(browsing.files_hold, bench)
    yield partial(crossing.seats, bench, everything)
    yield partial(crossing.seats, bench, everything, quarter=latest)
    yield partial(crossing.matrix, bench, everything, facet=Facet.PAIN.value, quarter=latest)
    yield partial(permissions.parts, bench)
    yield partial(crowds.crowds, bench)
    if latest:
        yield partial(hearing.hearing, bench, latest)
