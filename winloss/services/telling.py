"""Counts and what was made of them as JSON, the same for commands and the API; every share has base and interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from winloss.model import (
    Association,
    Cell,
    CellTheme,
    Corner,
    DealShare,
    Family,
    MapCell,
    Matrix,
    ProofAsked,
    ProofGap,
    ProofGapRow,
    Share,
    Theme,
    ThemeView,
    Witness,
)
from winloss.services import statistics
from winloss.services.presenting import passage_json

Json = dict[str, object]


def share_json(share: Share) -> Json:
    """A share with its denominator and Wilson's 95% interval; null where nobody was asked."""
    low, high = statistics.wilson(share) if share.base else (None, None)
    told: Json = {"count": share.count, "base": share.base, "verbatims": share.verbatims, "value": share.value}
    return {**told, "low": low, "high": high}


def shares_json(parts: Iterable[tuple[str, Share]]) -> list[Json]:
    """The parts of a scope by name."""
    return [{"name": name, **share_json(share)} for name, share in parts]


def depth_json(view: ThemeView) -> Json:
    """What is told of one theme in full: outcomes, what each kind of source says, what contradicts it."""
    return {
        "association": association_json(view.association) if view.association else None,
        "witnesses": [witness_json(witness) for witness in view.witnesses],
        "denied": share_json(view.denied) if view.denied else None,
        "contradicting": [passage_json(passage) for passage in view.contradicting],
    }


def testable_json(view: ThemeView) -> Json:
    """Whether a pain could be checked: who tells it specifically, which kinds of source it is heard in, and both."""
    return {
        "specific": share_json(view.specific) if view.specific else None,
        "confirmed": list(view.confirmed),
        "testable": view.testable,
    }


def association_json(found: Association) -> Json:
    """A theme among lost and won deals."""
    return {
        "lost": _deals(found.lost),
        "won": _deals(found.won),
        "no_decision": _deals(found.no_decision),
        "difference": found.difference,
        "low": found.low,
        "high": found.high,
        "p": found.p,
        "word": found.word,
        "words": found.words,
    }


def witness_json(witness: Witness) -> Json:
    """What one kind of source says."""
    return {
        "kind": str(witness.kind),
        "stance": witness.stance.value,
        "told": share_json(witness.told),
        "denied": share_json(witness.denied),
        "words": witness.words,
        "deals": witness.deals,
        "causes": list(witness.causes),
        "reasons": [{"cause": it.cause, "reason": it.label, "deals": it.deals} for it in witness.reasons],
        "quotes": [passage_json(passage) for passage in witness.quotes],
    }


def family_json(family: Family) -> Json:
    """A family of themes."""
    return {
        "facet": family.facet,
        "title": family.title,
        "themes": list(family.themes),
        "share": share_json(family.share),
        "segments": shares_json(family.segments),
    }


def corner_json(corner: Corner) -> Json:
    """A corner of what is in no theme."""
    return {
        "facet": corner.facet,
        "share": share_json(corner.share),
        "segments": shares_json(corner.segments),
        "verbatims": list(corner.verbatims),
        "quotes": [passage_json(passage) for passage in corner.quotes],
    }


def matrix_json(matrix: Matrix) -> Json:
    """A facet by segment and role."""
    return {
        "facet": matrix.facet,
        "quarter": matrix.quarter,
        "quarters": list(matrix.quarters),
        "segments": list(matrix.segments),
        "roles": [role for role in matrix.roles if role],
        "outside": matrix.outside,
        "cells": [_cell(cell) for cell in matrix.cells],
    }


def map_json(cells: Sequence[MapCell], quarter: str | None) -> Json:
    """Engagements, pains and proof by segment, role and seat."""
    return {
        "quarter": quarter,
        "cells": [
            {
                "segment": cell.segment,
                "role": cell.role,
                "mode": cell.mode,
                "facet": cell.facet,
                "share": share_json(cell.share),
                "themes": [_cell_theme(told) for told in cell.themes],
                "quote": passage_json(cell.quote) if cell.quote else None,
            }
            for cell in cells
        ],
    }


def gap_json(gap: ProofGap) -> Json:
    """Proof asked against proof got."""
    return {
        "quarter": gap.quarter,
        "respondents": gap.respondents,
        "sides": dict(gap.sides),
        "rows": [_gap_row(row) for row in gap.rows],
    }


def _deals(share: DealShare) -> Json:
    low, high = statistics.wilson(share) if share.base else (None, None)
    return {"count": share.count, "base": share.base, "value": share.value, "low": low, "high": high}


def _cell(cell: Cell) -> Json:
    return {
        "segment": cell.segment,
        "role": cell.role,
        "share": share_json(cell.share),
        "trend": shares_json(cell.trend),
        "themes": [_cell_theme(told) for told in cell.themes],
    }


def _cell_theme(told: CellTheme) -> Json:
    return {**_theme(told.theme), "share": share_json(told.share), "trend": shares_json(told.trend)}


def _theme(theme: Theme) -> Json:
    return {"id": theme.id, "title": theme.title}


def _gap_row(row: ProofGapRow) -> Json:
    return {
        "role": row.role,
        "pain": _theme(row.pain) if row.pain else None,
        "people": share_json(row.people),
        "demanded": share_json(row.demanded),
        "received": share_json(row.received),
        "unmet": share_json(row.unmet),
        "segments": shares_json(row.segments),
        "kinds": [_asked(kind) for kind in row.kinds],
    }


def _asked(kind: ProofAsked) -> Json:
    return {
        "proof": _theme(kind.theme) if kind.theme else None,
        "demanded": share_json(kind.demanded),
        "received": share_json(kind.received),
        "unmet": share_json(kind.unmet),
        "asked_in": list(kind.asked_in),
        "got_in": list(kind.got_in),
        "unmet_in": list(kind.unmet_in),
        "asked": [passage_json(passage) for passage in kind.asked],
        "got": [passage_json(passage) for passage in kind.got],
    }
