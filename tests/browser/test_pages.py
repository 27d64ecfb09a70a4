"""The web app in a real browser: by keyboard, on a phone, and with nothing asked of another server."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.conftest import IN_CI
from tests.unit.webtools import small_workspace
from web import create_app
from winloss.services.workspace import working

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PAGES = (
    "/",
    "/search?q=alerts",
    "/pains",
    "/pains?view=segments",
    "/matrix",
    "/map",
    "/proof-gap",
    "/compare",
    "/drift",
    "/deal",
    "/deals",
    "/report",
    "/report/compare",
    "/sources",
    "/about",
    "/code?q=alerts",
    "/codes",
    "/agreement",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM and not IN_CI, reason="no Chromium installed (Debian's package is `chromium`)"),
]


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small workspace, served with somebody who works on what waits."""
    with small_workspace(tmp_path_factory.mktemp("site")) as bench, served(create_app(bench)) as address:
        stop = working.start(bench)
        yield address
        stop.set()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    """A page that fails the test when anything is asked of another server, or anything is said on the console."""
    context = chromium.new_context(viewport={"width": request.param, "height": 900}, base_url=site)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("request", lambda asked: None if asked.url.startswith(site) else complaints.append(asked.url))
    opened.on("console", lambda said: complaints.append(said.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert not complaints


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("address", PAGES)
def test_no_page_scrolls_sideways(page: Page, address: str) -> None:
    page.goto(address)
    assert fits(page)
    assert page.locator("h1").count() == 1
    assert page.locator("main").is_visible()


def test_search_by_keyboard_alone_from_the_first_page_to_a_quote_in_context(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("licence cost")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    assert "licence" in page.locator("mark").first.inner_text().casefold()
    link = page.get_by_role("link", name="In context").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/v/*")
    assert page.get_by_role("heading", name="Nearest in meaning").is_visible()
    assert fits(page)


def test_filters_narrow_and_their_counts_are_true(page: Page) -> None:
    page.goto("/search?q=alerts")
    segment = page.locator(".filters a:not(.leave-out)", has_text="Federal")
    promised = int(segment.locator(".count").inner_text())
    segment.click()
    page.wait_for_url("**segment=federal**")
    told = page.locator(".found strong").inner_text()
    assert int(re.sub(r"\D", "", told)) == promised
    page.locator(".chips a").first.click()
    assert "segment" not in page.url


def test_from_pains_of_a_segment_to_a_theme_to_its_verbatims(page: Page) -> None:
    page.goto("/pains")
    page.get_by_label("Segment").select_option("federal")
    page.get_by_label("Quarter").select_option("all")
    page.get_by_role("button", name="Show").click()
    assert "Federal" in page.locator("h1").inner_text()
    page.locator(".theme h2 a").first.click()
    page.wait_for_url("**/themes/**")
    assert fits(page)
    count = page.locator(".lead a.n")
    assert re.fullmatch(r"\d+ of \d+ people", count.inner_text())
    count.click()
    page.wait_for_url("**/search?**")
    assert page.locator("figure.quote").count() > 0


def test_two_quarters_are_compared(page: Page) -> None:
    page.goto("/compare")
    page.get_by_label("Earlier").select_option("2025Q4")
    page.get_by_role("button", name="Compare").click()
    assert page.get_by_role("columnheader", name="2025Q4").is_visible()
    assert page.locator("tbody tr").count() > 0


def test_the_report_is_read_and_a_citation_leads_to_its_verbatim(page: Page) -> None:
    page.goto("/report")
    page.get_by_role("button", name="Make the report").click()
    page.wait_for_url("**/report/r*", timeout=60_000)
    assert fits(page)
    page.get_by_role("link", name="Read as a document").click()
    page.wait_for_url("**/report/*/view")
    assert fits(page)
    page.locator("a[href*='/v/']").first.click()
    page.wait_for_url("**/v/*")


def test_sources_lead_to_documents_with_their_verbatims_marked(page: Page) -> None:
    page.goto("/sources")
    page.locator("section[aria-labelledby=documents] tbody a").first.click()
    page.wait_for_url("**/documents/**")
    page.locator("a.verbatim").first.click()
    page.wait_for_url("**/v/*")
    assert page.get_by_text("Quoting").is_visible()


@pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
def test_a_speaker_is_corrected_by_keyboard_and_without_javascript(chromium: Browser, site: str, width: int) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=False, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto("/sources")
    page.locator("section[aria-labelledby=documents] tbody a").first.click()
    page.locator(".people summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Side").select_option("vendor")
    page.get_by_label("Where").select_option("document")
    page.get_by_label("Who says so").fill("Mira")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.keyboard.press("Enter")
    page.wait_for_url("**changed=1**")
    assert page.get_by_text("set by Mira on 2026-06-30").is_visible()
    page.get_by_role("button", name="Take back").focus()
    page.keyboard.press("Enter")
    page.get_by_text("set by Mira").wait_for(state="detached")
    assert page.get_by_text("wrote the post").is_visible()
    context.close()


def test_verbatims_are_coded_by_keyboard_alone_and_no_key_is_lost(chromium: Browser, site: str) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto(site + "/code?q=night")
    page.keyboard.type("Dana")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-coding]")
    for text, wanted in (("pain/alerts", "Make it"), ("proof", "Make it")):
        page.keyboard.press("/")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        page.get_by_role("button", name=wanted).press("Enter")
        page.wait_for_selector(f"[data-path='{text}'] [aria-pressed=true]")
        page.locator("body").click(position={"x": 2, "y": 2})
    page.get_by_text("pain/alerts, proof").first.wait_for()
    for key in "j1jx12":
        page.keyboard.press(key)
    given = page.locator("[data-path] [aria-pressed=true]")
    page.get_by_text("has looked at 4").wait_for()
    given.nth(1).wait_for()
    assert page.locator(".progress strong").inner_text().startswith("4 of")
    page.keyboard.press("u")
    given.nth(1).wait_for(state="detached")
    assert given.count() == 1
    page.keyboard.press("/")
    page.keyboard.type("alerts")
    assert page.locator("[data-path]:visible").count() == 1
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("details.keys").get_attribute("open") is not None
    page.close()


def test_a_quote_is_copied_with_its_source_and_link(chromium: Browser, site: str) -> None:
    context = chromium.new_context(base_url=site, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/search?q=alerts")
    button = page.get_by_role("button", name="Copy with source").first
    button.click()
    page.get_by_role("button", name="Copied").first.wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert page.locator("blockquote").first.inner_text() in copied
    assert f"{site}/v/" in copied
    context.close()


def test_it_works_without_javascript(chromium: Browser, site: str) -> None:
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/search?q=alerts")
    assert page.get_by_role("button", name="Copy with source").count() == 0
    page.get_by_role("link", name="In context").first.click()
    assert page.locator("blockquote").count() > 0
    said = page.locator("blockquote").first.inner_text()
    page.get_by_role("link", name="Cite", exact=True).first.click()
    assert said in page.get_by_label("As plain text").input_value()
    assert page.url.removesuffix("/cite") in page.get_by_label("As HTML").input_value()
    context.close()


def test_a_chart_tells_its_numbers_under_the_mouse_and_evaluates_nothing(page: Page) -> None:
    page.goto("/pains?view=segments&quarter=all")
    words = page.locator("svg.vega desc").first.text_content()
    page.locator("svg.vega").first.hover()
    page.locator("div.vega[role=img]").first.wait_for()
    assert words in page.locator("div.vega").first.get_attribute("aria-label")
    page.locator("div.vega .role-mark.mark-symbol path").first.hover()
    told = page.locator(".vg-tooltip.visible").inner_text()
    assert re.search(r"\d+ of \d+ people, \d+% \(95% interval \d+% to \d+%\)", told)
    assert fits(page)
