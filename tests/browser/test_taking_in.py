"""Files dropped on the page in a real browser: looked at, taken in with live progress, and found by searching."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, cast

import pytest

from tests.browser.test_pages import chromium as chromium
from tests.browser.test_pages import fits, served
from tests.browser.test_pages import pytestmark as pytestmark
from tests.conftest import StillClock, with_stand_ins
from tests.unit.killed_job import CALL
from web import create_app
from winloss.bootstrap import open_workbench
from winloss.services.workspace import working

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from winloss.store.repository import SqlStore

REFUSED = "the server responded with a status of 400"
"""What the browser itself notes where an upload is refused."""
DROP = """([name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], name));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    const event = new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true });
    document.querySelector("[data-drop]").dispatchEvent(event);
  }
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty workspace, served with somebody who works on what waits."""
    bench = with_stand_ins(open_workbench(tmp_path_factory.mktemp("site") / "workspace", clock=StillClock()))
    with closing(cast("SqlStore", bench.store)), served(create_app(bench)) as address:
        stop = working.start(bench)
        yield address
        stop.set()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(request: pytest.FixtureRequest, chromium: Browser, site: str) -> Iterator[Page]:
    """A phone's page that fails the test when anything is asked of another server, or is said on the console."""
    scripts = request.param
    context = chromium.new_context(viewport={"width": 390, "height": 844}, base_url=site, java_script_enabled=scripts)
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    complaints: list[str] = []
    opened.on("request", lambda asked: None if asked.url.startswith(site) else complaints.append(asked.url))
    opened.on("console", lambda said: None if REFUSED in said.text else complaints.append(said.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert not complaints


def test_from_dropping_a_file_to_finding_its_words(page: Page, request: pytest.FixtureRequest) -> None:
    scripts = "no scripts" not in request.node.callspec.id
    word = "zebra" if scripts else "giraffe"
    name, text = f"{word}.txt", CALL.replace("any slide", f"any {word} in a slide")
    page.goto("/sources")
    if scripts:
        page.evaluate(DROP, [name, text])
    else:
        page.set_input_files("#files", {"name": name, "mimeType": "text/plain", "buffer": text.encode()})
        page.get_by_role("button", name="Look at them").click()
    page.wait_for_url("**/sources/uploads/*")
    assert fits_without(page, scripts=scripts)
    assert page.get_by_role("heading", name=name).is_visible()
    assert "Interviewer · Dana Ortiz" in page.locator(".opening").inner_text()
    page.get_by_label("Ravi Anand").select_option("vendor")
    page.get_by_role("button", name="Look again with this").click()
    page.wait_for_url("**#file-1")
    assert "Vendor · Ravi Anand" in page.locator(".opening").inner_text()
    page.get_by_role("button", name="Take in 1 file").click()
    page.wait_for_url("**/jobs/*")
    if page.locator(".job").count() and not scripts:
        page.get_by_role("link", name="have it look again").click()
    page.wait_for_selector(".done-well")
    assert fits_without(page, scripts=scripts)
    page.goto(f"/search?q={word}&mode=words")
    assert word in page.locator("blockquote").first.inner_text()
    page.goto("/jobs")
    assert page.locator(".state-of.done").count() >= 1


def fits_without(page: Page, *, scripts: bool) -> bool:
    """Whether nothing scrolls sideways, where a script can be asked."""
    return fits(page) if scripts else True


def test_what_cannot_be_taken_is_said_on_the_page(page: Page, request: pytest.FixtureRequest) -> None:
    if "no scripts" in request.node.callspec.id:
        pytest.skip("without scripts the browser shows the page of the error itself")
    page.goto("/sources")
    page.set_input_files("#files", {"name": "empty.vtt", "mimeType": "text/vtt", "buffer": b""})
    with page.expect_response("**/sources/uploads"):
        page.get_by_role("button", name="Look at them").click()
    page.get_by_role("status").filter(has_text="empty.vtt is empty").wait_for()
    assert page.url.endswith("/sources")
