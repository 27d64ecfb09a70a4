"""A report asked for in a real browser is made as a job, read, drafted for and downloaded; with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_pages import chromium as chromium
from tests.browser.test_pages import fits, served
from tests.browser.test_pages import pytestmark as pytestmark
from tests.unit.chatting import ChatServer, chat_server, one_that_holds
from tests.unit.webtools import small_workspace
from web import create_app
from winloss.chat import ChatModel, address_of
from winloss.services.workspace import working

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    """A language model on this machine that writes a sentence that holds, and one that does not."""
    with chat_server(one_that_holds) as opened:
        yield opened


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, server: ChatServer) -> Iterator[str]:
    """A small workspace with a language model, served with somebody who works on what waits."""
    model = ChatModel(address_of(server.url, allow_remote=False), model="tiny", key="", seconds=5.0)
    with small_workspace(tmp_path_factory.mktemp("site")) as filled:
        bench = replace(filled, drafter=lambda: model)
        with served(create_app(bench)) as address:
            stop = working.start(bench)
            yield address
            stop.set()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    """A page, a phone's where there are scripts, that fails the test when another server is asked."""
    scripts: bool = request.param
    size = {"width": 390 if scripts else 1280, "height": 844}
    context = chromium.new_context(viewport=size, base_url=site, java_script_enabled=scripts)
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    complaints: list[str] = []
    opened.on("request", lambda asked: None if asked.url.startswith(site) else complaints.append(asked.url))
    opened.on("console", lambda said: complaints.append(said.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert not complaints


def led_on(page: Page, *, scripts: bool) -> None:
    """Wait until the job leads to the report by itself; without scripts it does once it is asked to look again."""
    page.wait_for_url(re.compile(r"/jobs/j|/report/r"))
    if not scripts and "/jobs/" in page.url:
        page.get_by_role("link", name="have it look again").click()
    page.wait_for_url("**/report/r*")


def test_from_asking_for_a_report_to_drafted_sentences_in_a_file(
    page: Page, request: pytest.FixtureRequest, server: ChatServer
) -> None:
    scripts = "no scripts" not in request.node.callspec.id
    quarter = "2026Q2" if scripts else "2026Q1"
    page.goto("/report")
    page.get_by_label("Quarter").select_option(quarter)
    page.get_by_label("Segment").select_option("federal")
    page.get_by_role("button", name="Make the report").click()
    led_on(page, scripts=scripts)
    assert page.get_by_role("heading", level=1).inner_text() == f"Quarterly synthesis: {quarter}, Federal"
    assert not scripts or fits(page)
    before = len(server.asked)
    page.get_by_role("button", name="Draft sentences").click()
    led_on(page, scripts=scripts)
    assert len(server.asked) > before
    assert "with drafted sentences" in page.get_by_role("heading", level=1).inner_text()
    assert "dropped." in page.locator(".drafting").inner_text()
    assert page.locator("li.drafted").count() == (1 if scripts else 0), "only one quarter's numbers are as it wrote"
    with page.expect_download() as loaded:
        page.get_by_role("link", name="Markdown").click()
    assert loaded.value.suggested_filename == f"winloss-{quarter}-federal.md"
    assert ("Drafted: ‘" in loaded.value.path().read_text(encoding="utf-8")) == scripts
    page.goto("/report")
    assert page.locator("section[aria-labelledby=kept] tbody tr").count() >= 2
    page.get_by_role("link", name=f"{quarter}, Federal", exact=True).click()
    page.wait_for_url("**/report/r*")
    assert page.locator("li.drafted").count() == 0
