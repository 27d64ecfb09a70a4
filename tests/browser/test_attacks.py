"""A workspace whose every text means harm, in a real browser: nothing runs, nothing is asked of anybody, no dialog."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.browser.test_pages import CHROMIUM, IN_CI, chromium, served  # noqa: F401
from tests.unit.hostile_workspace import hostile_workspace
from tests.unit.webtools import made_report
from web import create_app
from winloss.services import browsing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

START = ("/", "/search?q=alerts", "/collections", "/codes", "/labels", "/journal", "/ledger", "/sources", "/pains",
         "/compare", "/report", "/agreement", "/code?q=alerts", "/about")  # fmt: skip
EACH = 3

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM and not IN_CI, reason="no Chromium installed (Debian's package is `chromium`)"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with hostile_workspace(tmp_path_factory.mktemp("hostile")) as bench, served(create_app(bench)) as address:
        made_report(bench, quarter=browsing.quarters(bench)[-1])
        yield address


def test_nothing_that_was_written_does_anything(chromium: Browser, site: str) -> None:  # noqa: F811
    context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 900})
    page, complaints = context.new_page(), []
    page.on("request", lambda asked: None if asked.url.startswith(site) else complaints.append(asked.url))
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    page.on("popup", lambda opened: complaints.append(opened.url))
    waiting, seen, kinds = list(START), set(START), {}
    while waiting:
        address = waiting.pop(0)
        page.goto(address)
        assert page.url.startswith(site), address
        assert page.evaluate("window.hacked") is None, address
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
        assert complaints == [], address
        for link in page.evaluate("[...document.querySelectorAll('a')].map((it) => it.getAttribute('href'))"):
            own = (link or "").split("#")[0]
            kind = "/".join(urlsplit(own).path.split("/")[:2]) + ("/…" if own.count("/") > 1 else "")
            offered = own.startswith("/") and not own.startswith("/api") and not re.search("export|/download", own)
            if offered and own not in seen and kinds.get(kind, 0) < EACH:
                kinds[kind] = kinds.get(kind, 0) + 1
                seen.add(own)
                waiting.append(own)
    assert len(seen) > 30
    context.close()
