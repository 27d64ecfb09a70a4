"""Every page held against WCAG 2.2 AA by axe-core, and whole flows by keyboard alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.test_pages import chromium as chromium
from tests.browser.test_pages import pytestmark as pytestmark
from tests.browser.test_pages import served
from tests.unit.webtools import made_report, small_workspace
from web import create_app
from winloss.model import Filters
from winloss.services import browsing
from winloss.services.audit import keeping_decks
from winloss.services.belief import beliefs
from winloss.services.research import coding, collecting
from winloss.services.search import saving
from winloss.services.sources import intake, staged
from winloss.services.workspace import warming

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser, Page

    from winloss.ports import Workbench

DECK = b'# Findings\n\n- The alerts bury analysts on every night shift. "who will pay for it"\n'
DEALS = b"""Opportunity ID,Account Name,Stage,Close Date,Primary Competitor,Loss Reason
O-1,Mill Health,Closed Lost,2026-05-20,Ironquill,pricing / payment terms
O-2,Harbor Bank,Closed Lost,2026-05-20,,mercury in retrograde
O-3,Quarry & Sons,Negotiation,,,
"""
POSTS = b"id,author,date,text\n1,ann,2026-05-01,The alerts bury my analysts on every night shift.\n"
NO_PAGES = {"static", "home.icon", "charting.library", "themes.themes", "signing_in.sign_in", "signing_in.account"}
"""Routes that answer with no page of their own, or that lead elsewhere where there are no users."""
FILES = {"reports.download", "audit.handed", "collections.export", "saved.export_saved"}
ASKING = {
    "finding.search": "q=alerts",
    "coding.code": "q=alerts",
    "collections.pin": "verbatim={verbatim_id}",
    "codes.verbatims": "code=cost",
    "crossing.said": "side=demanded",
}
"""Routes that show most where something is asked for."""
MORE = (
    "/pains?view=segments",
    "/search",
    "/search?q=zeppelins",
    "/v/nothing",
    "/drift?segment=federal&quarter=2026Q1",
    "/deals?outcome=won",
)
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
TOLD = "(rules) => axe.run(document, rules).then(found => found.violations.map(it => it.id + ': ' + it.nodes[0].html))"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    folder = tmp_path_factory.mktemp("accessible")
    with small_workspace(folder) as opened:
        (folder / "opportunities.csv").write_bytes(DEALS)
        intake.take_in(opened, [folder / "opportunities.csv"])
        warming.warm(opened)
        yield replace(opened, settings=replace(opened.settings, label="Invented, all of it"))


@pytest.fixture(scope="module")
def addresses(bench: Workbench) -> list[str]:
    """Every page there is, by the map of the app: a page with a part of its address unknown here fails."""
    verbatim = browsing.theme_page(bench, Filters(facet=("pain",))).themes[0].exemplars[0]
    belief = beliefs.add(bench, beliefs.Draft(statement="They fear alerts", owner="Eve", since="2026-01-01"), by="Dana")
    collecting.create(bench, "Board", by="Dana")
    collecting.pin(bench, "Board", [verbatim.id], by="Dana")
    saving.save(bench, "Nights", "night", Filters(), by="Dana")
    coding.give(bench, verbatim.id, ["cost"], coder="Dana", new=True)
    deck = keeping_decks.look(bench, "readout.md", DECK, quarter="2026Q1", filters=Filters())
    parts = {
        "verbatim_id": verbatim.id,
        "theme_id": verbatim.theme_id or "",
        "document_id": verbatim.document_id,
        "belief_id": belief.id,
        "audit_id": deck.id,
        "upload_id": staged.hand_over(bench, [("posts.csv", BytesIO(POSTS))]).id,
        "report_id": made_report(bench).rpartition("/")[2],
        "job_id": staged.ask(bench, staged.hand_over(bench, [("more.csv", BytesIO(POSTS))]).id).id,
    }
    return [*_addresses(create_app(bench), parts), *MORE]


def _addresses(app: Flask, parts: dict[str, str]) -> Iterator[str]:
    names = {"collections.collection": "Board", "saved.saved": "Nights"}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            aside = rule.endpoint in NO_PAGES | FILES or rule.endpoint.startswith("api.")
            if "GET" in (rule.methods or ()) and not aside:
                known = {**parts, "name": names.get(rule.endpoint, "")}
                address = app.url_map.bind("").build(rule.endpoint, {name: known[name] for name in rule.arguments})
                yield f"{address}?{ASKING.get(rule.endpoint, '').format(**parts)}".rstrip("?")


@pytest.fixture(scope="module")
def site(bench: Workbench) -> Iterator[str]:
    with served(create_app(bench)) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, site: str) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=site)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
def test_axe_finds_nothing_on_any_page_in_light_and_dark(
    page: Page, addresses: list[str], width: int, record_property: Any
) -> None:
    from axe_playwright_python.base import AXE_SCRIPT

    page.set_viewport_size({"width": width, "height": 900})
    found = []
    for address in addresses:
        page.goto(address)
        page.evaluate(AXE_SCRIPT)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found += [f"{address} in {scheme}: {told}" for told in page.evaluate(TOLD, RULES)]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert len(addresses) > 35
    assert not found, "\n".join(found)


def pressed(page: Page, wanted: str, *, most: int = 80) -> None:
    """Go on by Tab until a link or button of this name has the focus, and press Enter; its focus must be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            "[document.activeElement.innerText, getComputedStyle(document.activeElement).outlineStyle]"
        )
        if name.strip() == wanted:
            assert outline != "none"
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{wanted!r} is not reached by Tab")


def skipped(page: Page) -> None:
    """Skip to the content, as whoever cannot use a mouse does on every page."""
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")


def test_from_search_to_context_to_a_pin_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    skipped(page)
    page.keyboard.press("Tab")
    page.keyboard.type("licence cost")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?**")
    said = page.locator("blockquote").first.inner_text()
    skipped(page)
    pressed(page, "In context")
    page.wait_for_url("**/v/*")
    assert page.locator("blockquote").first.inner_text() == said
    skipped(page)
    pressed(page, "Pin")
    page.wait_for_url("**/pin?**")
    skipped(page)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "new":
            break
    page.keyboard.type("By keyboard")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="By keyboard").wait_for()
    assert page.locator("blockquote").first.inner_text() == said


def test_from_home_to_pains_to_a_theme_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    skipped(page)
    pressed(page, "Federal")
    page.wait_for_url("**/pains?**")
    title = page.locator(".theme h2 a").first.inner_text()
    skipped(page)
    pressed(page, title)
    page.wait_for_url("**/themes/**")
    assert title in page.locator("h1").inner_text()


@pytest.mark.parametrize("address", ["/", "/pains", "/drift", "/search?q=alerts"])
def test_tab_goes_through_a_page_in_its_order_shows_where_it_is_and_leaves_it(page: Page, address: str) -> None:
    page.goto(address)
    seen: list[tuple[int, str]] = []
    for _ in range(400):
        page.keyboard.press("Tab")
        place = page.evaluate(
            "() => { const it = document.activeElement, all = [...document.querySelectorAll('*')];"
            "return it === document.body ? null : [all.indexOf(it), getComputedStyle(it).outlineStyle] }"
        )
        if place is None or (seen and place[0] < seen[-1][0]):
            break
        seen.append(tuple(place))
    places = [place for place, _ in seen]
    assert places == sorted(places) and len(set(places)) > 20  # a date has several stops
    assert [place for place, outline in seen if outline == "none"] == []
    assert place is None or place[0] == places[0]


def test_five_verbatims_of_the_top_pain_of_a_segment_in_three_clicks_and_15_seconds(
    chromium: Browser, site: str
) -> None:
    context = chromium.new_context(base_url=site)
    page, clicks, began = context.new_page(), 0, time.monotonic()
    page.goto("/")
    for link in (page.get_by_role("link", name="Federal", exact=True).first, page.locator(".theme h2 a").first):
        link.click()
        clicks += 1
    page.wait_for_url("**/themes/**segment=federal**")
    told = page.locator("section[aria-labelledby=all] figure.quote")
    assert told.count() >= 5
    assert all("federal" in words for words in told.locator("figcaption").all_inner_texts())
    assert clicks <= 3
    assert time.monotonic() - began < 15
    context.close()
