"""What every route needs: one table. A route that is not in it is for admins only, and a test finds it."""

from __future__ import annotations

from collections.abc import Mapping

from winloss.model import Access

PUBLIC = ("static", "home.icon", "signing_in.sign_in", "signing_in.open_door")
"""Routes that whoever can reach the server may use: what the page for signing in is made of."""

_READING = (
    "home.home",
    "home.about",
    "finding.search",
    "finding.similar",
    "finding.verbatim",
    "finding.cite",
    "themes.pains",
    "themes.themes",
    "themes.theme",
    "themes.compare",
    "crossing.matrix",
    "crossing.seats",
    "crossing.gap",
    "crossing.said",
    "beliefs.register",
    "beliefs.belief",
    "dealing.deal",
    "drift.drift",
    "curating.ledger",
    "reports.report",
    "reports.view",
    "collections.collections",
    "collections.collection",
    "saved.searches",
    "saved.saved",
    "codes.codes",
    "codes.verbatims",
    "codes.agreed",
    "labelling.labels",
    "sources.sources",
    "sources.document",
    "signing_in.account",
    "signing_in.change_account",
    "signing_in.sign_out",
    "api.search",
    "api.similar",
    "api.verbatim",
    "api.citation",
    "api.themes",
    "api.theme",
    "api.drift",
    "api.explanation",
    "api.node_decisions",
    "api.matrix",
    "api.seats",
    "api.gap",
    "api.belief",
    "api.belief_register",
    "api.permissions_answer",
    "api.compare",
    "api.quarters",
    "api.report",
    "api.documents",
    "api.document",
    "api.files",
    "api.speakers",
    "api.collections",
    "api.collection",
    "api.saved_searches",
    "api.saved_search",
    "api.codes",
    "api.codings",
    "api.agreed",
    "api.decisions",
    "api.ledger",
    "api.labels",
    "api.next_to_label",
    "api.lesson",
    "api.status_answer",
    "api.openapi_answer",
    "api.whoami",
)
_RESEARCHING = (
    "coding.code",
    "coding.change",
    "coding.name",
    "codes.change",
    "labelling.label",
    "labelling.change",
    "labelling.learn",
    "collections.change",
    "collections.change_pins",
    "collections.export",
    "collections.pin",
    "collections.pin_it",
    "saved.change",
    "saved.export_saved",
    "reports.download",
    "curating.curate",
    "curating.change",
    "drift.decide",
    "beliefs.change",
    "sources.correct",
    "api.change_codes",
    "api.code",
    "api.change_collections",
    "api.change_saved",
    "api.decide",
    "api.decide_node",
    "api.change_beliefs",
    "api.label",
    "api.learn",
    "api.correct_speaker",
)
_ADMINISTERING = (
    "signing_in.users",
    "signing_in.change_users",
    "signing_in.journal_page",
    "api.users_answer",
    "api.change_users",
    "api.journal_answer",
)
ROUTES: Mapping[str, Access] = {
    **dict.fromkeys(_READING, Access.VIEWER),
    **dict.fromkeys(_RESEARCHING, Access.RESEARCHER),
    **dict.fromkeys(_ADMINISTERING, Access.ADMIN),
}
"""Endpoint -> what whoever asks must at least be allowed."""


def needed(endpoint: str | None) -> Access | None:
    """What a route needs: None for nothing. No route at all needs what reading needs."""
    if endpoint in PUBLIC:
        return None
    return ROUTES.get(endpoint, Access.ADMIN) if endpoint else Access.VIEWER
