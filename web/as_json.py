"""Answers of the services as the API gives them: like the commands with `--json`, every share with its denominator."""

from __future__ import annotations

from dataclasses import replace

from winloss.model import QuarterComparison, Report, ReportTheme, RolePart, Theme, ThemePage, ThemeView, Turn
from winloss.services import presenting
from winloss.services.reports.sections.against import Compared, Side
from winloss.services.sources.speaking import Assigned, Person
from winloss.services.telling import corner_json, family_json, share_json, shares_json, testable_json


def page_json(page: ThemePage) -> dict[str, object]:
    """The themes of a scope, their families, and what is in none."""
    return {
        "quarter": page.quarter,
        "respondents": page.respondents,
        "verbatims": page.verbatims,
        "unthemed": share_json(page.unthemed),
        "unread": dict(page.unread),
        "themes": [theme_json(view) for view in page.themes],
        "families": [family_json(family) for family in page.families],
        "corners": [corner_json(corner) for corner in page.corners],
    }


def theme_json(view: ThemeView) -> dict[str, object]:
    """A theme in a scope; each part of the scope with its own denominator."""
    parts = {
        name: shares_json(getattr(view, name))
        for name in ("trend", "segments", "roles", "modes", "sources", "outcomes")
    }
    return {
        **_facts(view.theme),
        "share": share_json(view.share),
        **parts,
        "guard": presenting.plain(view.guard),
        **testable_json(view),
        "exemplars": presenting.plain(view.exemplars),
        "dissenting": presenting.plain(view.dissenting),
    }


def role_part_json(part: RolePart) -> dict[str, object]:
    """What a role does in deals, the share with its denominator."""
    return {
        "role": part.role,
        "permission": part.permission.value,
        "share": share_json(part.share),
        "by_title": part.by_title,
        "verbatims": list(part.verbatims),
    }


def comparison_json(comparison: QuarterComparison) -> dict[str, object]:
    """Two quarters side by side."""
    changes = [
        {
            "theme": _facts(change.theme),
            "earlier": share_json(change.earlier),
            "later": share_json(change.later),
            "difference": change.difference,
            "low": change.low,
            "high": change.high,
            "word": change.word,
            "guard": presenting.plain(change.guard),
        }
        for change in comparison.changes
    ]
    verdicts = presenting.plain(comparison.verdicts)
    return {"earlier": comparison.earlier, "later": comparison.later, "changes": changes, "verdicts": verdicts}


def compared_json(found: Compared) -> dict[str, object]:
    """A segment in two quarters: who was heard, what the detector said, every theme of either."""
    changes = comparison_json(found.comparison)["changes"]
    return {"segment": found.segment, "earlier": _side(found.earlier), "later": _side(found.later), "changes": changes}


def _side(side: Side) -> dict[str, object]:
    return {
        "quarter": side.quarter,
        "people": side.people,
        "documents": side.documents,
        "verbatims": side.verbatims,
        "sources": shares_json(side.sources),
        "verdict": presenting.plain(side.verdict),
    }


def report_json(report: Report) -> dict[str, object]:
    """A report as data: of each theme only what the report may print."""
    parts = [
        {
            "heading": part.heading,
            "segment": part.segment,
            "verdict": presenting.plain(part.verdict),
            "rests_on": list(part.rests_on),
            "sections": [
                {
                    "heading": section.heading,
                    "statements": presenting.plain(section.statements),
                    "themes": [_report_theme(theme) for theme in section.themes],
                    "table": presenting.plain(section.table),
                    "note": section.note,
                }
                for section in part.sections
            ],
        }
        for part in report.parts
    ]
    return {
        "title": report.title,
        "label": report.label,
        "quarter": report.quarter,
        "parts": parts,
        "cited": presenting.plain(report.cited),
        "method": presenting.plain(report.method),
    }


def turn_json(turn: Turn) -> object:
    """A turn; the speaker's name only where the rights allow it, or where the speaker is no buyer."""
    return presenting.plain(replace(turn, speaker=presenting.shown_speaker(turn.speaker, turn.rights)))


def person_json(person: Person) -> object:
    """Somebody who speaks, by name only where the rights to all of their words allow it."""
    return presenting.plain(replace(person, speaker=presenting.shown_speaker(person.speaker, person.rights)))


def assigned_json(done: Assigned) -> dict[str, object]:
    """What a correction changed."""
    said = done.correction
    return {
        "id": said.id,
        "document": said.document_id,
        "turns": list(said.turns) if said.turns else None,
        "side": said.side.value if said.side else None,
        "title": said.title,
        "role": said.role,
        "by": said.author,
        "made_at": said.made_at,
        "changed_documents": done.documents,
        "changed_turns": done.turns,
    }


def _facts(theme: Theme) -> dict[str, object]:
    return {
        "id": theme.id,
        "facet": theme.facet.value,
        "title": theme.title,
        "terms": list(theme.terms),
        "size": theme.size,
        "born": theme.born,
        "family": theme.family,
    }


def _report_theme(told: ReportTheme) -> dict[str, object]:
    view = replace(told.view, exemplars=told.exemplars, dissenting=told.dissenting)
    return {**theme_json(view), "statement": presenting.plain(told.statement)}
