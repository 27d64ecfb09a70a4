"""Making a report, or having a language model draft sentences for one, as a job: asked for, done later, and kept.

Nothing is forgotten while a report is put together and kept, so that no report holds what is forgotten in between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from winloss.errors import DraftingFailed, QueryError
from winloss.model import Filters, stable_id
from winloss.ports import Workbench
from winloss.services import journal
from winloss.services.erasure import erasing
from winloss.services.plain_words import amount
from winloss.services.reports import drafting, keeping, reporting
from winloss.services.reports.drafting import Drafted
from winloss.services.reports.keeping import Content, KeptReport
from winloss.services.reports.plain_data import as_data, from_data
from winloss.services.reports.sections.against import in_order
from winloss.services.search import searching
from winloss.services.workspace import jobs
from winloss.services.workspace.jobs import Job, JobKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a report is asked for of: a quarter, held against another or by itself, and what of it."""

    quarter: str
    against: str | None = None
    filters: Filters = field(default_factory=Filters)

    @property
    def about(self) -> str:
        """In one line."""
        told = [f"{self.quarter} against {self.against}" if self.against else self.quarter, *self.filters.segment]
        narrowed = bool(replace(self.filters, segment=()))
        return ", ".join([*told, "narrowed by filters"] if narrowed else told)


def ask(bench: Workbench, wish: Wish) -> Job | KeptReport:
    """Have a report made: the job that makes it, or the report where the same one is kept already.

    Raises:
        QueryError, NotFound: there is no such quarter or value of a filter.
    """
    quarter, against = reporting.known_quarter(bench, wish.quarter), None
    if wish.against:
        against, quarter = in_order(reporting.known_quarter(bench, wish.against), quarter)
    searching.check_filters(bench, wish.filters)
    known = replace(wish, quarter=quarter, against=against)
    if same := _same(bench, known, reporting.standing(bench)):
        return same
    return jobs.submit(bench, JobKind.REPORT, known.about, told_of(known))


def ask_draft(bench: Workbench, report_id: str) -> Job:
    """Have a language model draft sentences for a kept report; for a drafted one, those that it lacks.

    Raises:
        NotFound, NotAllowed: it is not kept, or may not be opened.
        QueryError: it holds two quarters against each other.
        ConfigError: no model is configured, or it may not be asked as it is.
    """
    kept, content = keeping.opened(bench, report_id)
    if kept.of:
        return ask_draft(bench, kept.of)
    if kept.against:
        raise QueryError("two quarters side by side are not drafted for", hint="Make the report of one quarter.")
    drafting.leaving(bench, content.report)
    return jobs.submit(bench, JobKind.DRAFT, _wish(kept).about, {"report": kept.id})


def make(bench: Workbench, job_id: str, wish: Wish) -> KeptReport:
    """Compose the report, hold it against the verbatims, and keep it.

    Raises:
        QueryError, NotFound: there is no such quarter any more.
        UnsoundReport: it breaks a rule that every report must keep.
    """
    with erasing.at_work(bench):
        standing = reporting.standing(bench)
        if same := _same(bench, wish, standing):
            return same
        if wish.against:
            report = reporting.compose_against(bench, wish.quarter, wish.against, wish.filters)
        else:
            report = reporting.compose(bench, wish.quarter, wish.filters)
        return _kept(bench, job_id, wish, standing, Content(report=report))


def draft(bench: Workbench, job_id: str, report_id: str, *, say: Callable[[str], None]) -> KeptReport:
    """Ask the model for each part of a kept report, check its sentences, and keep the report with those that pass.

    Answers are kept as they come: a job that goes on after its server died asks for the rest only.

    Raises:
        NotFound, NotAllowed: the report is not kept any more, or may not be opened.
        DraftingFailed: no part was answered.
    """
    _, content = keeping.opened(bench, report_id)
    asked = drafting.draft(bench, content.report, ask=True, say=lambda kept, dropped: say(_so_far(kept, dropped)))
    if asked.lacking and not asked.kept and not asked.dropped:
        hint = "See that the model is there (see [drafting] in winloss.toml), then try again: the report is as it was."
        raise DraftingFailed(next(iter(asked.lacking.values())), hint=hint)
    with erasing.at_work(bench):
        base, content = keeping.opened(bench, report_id)
        made = drafting.draft(bench, content.report, ask=False)
        whole = Content(report=made.report, model=made.model, dropped=made.dropped, lacking=_lacking(asked, made))
        return _kept(bench, job_id, _wish(base), base.standing, whole, drafted=made.kept, of=base.id)


def told_of(wish: Wish) -> dict[str, Any]:
    """A wish as plain data, as a queue holds it."""
    told = as_data(wish)
    return {**told, "filters": {name: _listed(value) for name, value in told["filters"].items() if value}}


def wish_of(told: Mapping[str, Any]) -> Wish:
    """The wish that `told_of` told."""
    return from_data(Wish, told)


def _so_far(kept: int, dropped: int) -> str:
    return f"{amount(kept + dropped, 'sentence')} drafted: {kept:,} accepted, {dropped:,} dropped"


def _wish(kept: KeptReport) -> Wish:
    return Wish(quarter=kept.quarter, against=kept.against, filters=kept.filters)


def _same(bench: Workbench, wish: Wish, standing: str) -> KeptReport | None:
    """The report of the same things, made of the same evidence, that is kept already."""
    known = (item for item in keeping.listed(bench) if not item.given_up and not item.of)
    return next((item for item in known if item.standing == standing and _wish(item) == wish), None)


def _kept(
    bench: Workbench,
    job_id: str,
    wish: Wish,
    standing: str,
    content: Content,
    *,
    drafted: int | None = None,
    of: str | None = None,
) -> KeptReport:
    report = content.report
    with bench.progress.track("holding the report against the verbatims"):
        reporting.verify(bench, report, suffix=".html", link=lambda verbatim_id: f"/v/{verbatim_id}")
    kept = KeptReport(
        id=stable_id("r", job_id),
        quarter=wish.quarter,
        against=wish.against,
        filters=wish.filters,
        made_at=bench.clock.now(),
        by=journal.actor().who,
        standing=standing,
        parts=len(report.parts),
        cited=len(report.cited),
        drafted=drafted,
        of=of,
    )
    with bench.progress.track("keeping it with the verbatims behind its numbers"):
        return keeping.keep(bench, kept, content)


def _lacking(asked: Drafted, made: Drafted) -> Mapping[str, str]:
    """The parts without an answer; why is known where they were asked for."""
    return {heading: asked.lacking.get(heading, why) for heading, why in made.lacking.items()}


def _listed(value: object) -> object:
    """As it comes back from a file: lists, whatever it was."""
    return [_listed(item) for item in value] if isinstance(value, (list, tuple)) else value
