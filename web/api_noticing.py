"""The API of what nobody has read yet, and of whom too few were heard."""

from __future__ import annotations

from flask import request

from web import asking
from web.api_coding import Route
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.drift import hearing
from winloss.services.search import unread


def register(route: Route, bench: Workbench) -> None:
    """Add `/unread` and `/coverage`."""

    @route("/unread", "limit", "after")
    def unread_answer() -> object:
        limit = asking.number_of(request.args, "limit", default=unread.SHOWN, low=1, high=1000)
        after = asking.number_of(request.args, "after", default=0, low=0, high=1_000_000)
        return unread.unread_json(unread.unread(bench, limit=limit, after=after))

    @route("/coverage", "quarter")
    def coverage() -> object:
        quarter = asking.quarter_of(request.args) or browsing.latest_quarter(bench)
        return hearing.hearing_json(hearing.hearing(bench, quarter))
