"""Progress on standard error: a bar with rate and time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from winloss.ports import Progress

_EVERY_SECONDS = 10.0


def shown_progress() -> Progress:
    """The progress that suits standard error."""
    return BarProgress() if sys.stderr.isatty() else LineProgress()


class LineProgress:
    """One line when a long step has news: every ten seconds at most, and one at its end."""

    @contextmanager
    def track(self, label: str, *, total: int | None = None, unit: str = "") -> Iterator[Callable[[int], None]]:
        started = time.monotonic()
        told = started
        done = 0

        def advance(count: int) -> None:
            nonlocal done, told
            done += count
            now = time.monotonic()
            if now - told >= _EVERY_SECONDS:
                told = now
                sys.stderr.write(_line(label, done, total, now - started, unit) + "\n")

        yield advance
        elapsed = time.monotonic() - started
        if done and elapsed >= 1.0:
            sys.stderr.write(f"{label}: {_amount(done, unit)} in {elapsed:.0f} s\n")


class BarProgress:
    """A bar a step, nested steps below each other; a finished step's bar goes away."""

    def __init__(self) -> None:
        self._bars: Any = None

    @contextmanager
    def track(self, label: str, *, total: int | None = None, unit: str = "") -> Iterator[Callable[[int], None]]:
        outermost = self._bars is None
        if outermost:
            self._bars = _bars()
            self._bars.start()
        task = self._bars.add_task(label, total=total, come=_share(0, total, unit), rate="")
        started = time.monotonic()

        def advance(count: int) -> None:
            done = self._bars.tasks[self._bars.task_ids.index(task)].completed + count
            rate = done / max(time.monotonic() - started, 1e-6)
            self._bars.update(task, advance=count, come=_share(done, total, unit), rate=_pace(rate, unit))

        try:
            yield advance
        finally:
            self._bars.remove_task(task)
            if outermost:
                self._bars.stop()
                self._bars = None


def _bars() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[come]}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _line(label: str, done: int, total: int | None, elapsed: float, unit: str) -> str:
    rate = done / elapsed if elapsed else 0.0
    pace = _pace(rate, unit)
    if total is None:
        return f"{label}: {_amount(done, unit)} ({pace})"
    left = (total - done) / rate if rate else 0.0
    return f"{label}: {_share(done, total, unit, of=' of ')} ({pace}, about {left:,.0f} s left)"


def _share(done: float, total: int | None, unit: str, *, of: str = "/") -> str:
    return f"{_amount(done, unit)}{of}{_amount(total, unit)}" if total is not None else _amount(done, unit)


def _pace(rate: float, unit: str) -> str:
    return f"{_amount(rate, unit)}/s" if rate >= 1 else f"{60 * rate:,.0f}/min"


def _amount(count: float, unit: str) -> str:
    return f"{count / 1e6:,.1f} MB" if unit == "bytes" else f"{count:,.0f}"
