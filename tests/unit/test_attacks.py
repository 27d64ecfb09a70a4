"""What buyers, files and colleagues write is words everywhere: on pages, in files handed out, in answers of the API."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from lxml import etree

from tests.unit import attacks
from tests.unit.hostile_workspace import hostile_workspace
from tests.unit.webtools import made_report
from web import create_app
from winloss.model import Filters
from winloss.services import browsing
from winloss.services.quote_rights import citing
from winloss.services.reports import reporting
from winloss.services.research import quoting
from winloss.services.research.coding_export import export_project
from winloss.services.workspace import keeping

OURS = {"script": {f"/static/{name}.js" for name in ("charts", "code", "copy", "drop", "jobs", "scroll")}}
NEVER = {
    "iframe",
    "object",
    "embed",
    "base",
    "math",
    "template",
    "noscript",
    "img",
    "audio",
    "video",
    "frame",
    "applet",
}
LEADS = ("href", "src", "action", "formaction", "data", "poster", "cite", "xlink:href", "ping")
START = ("/", "/users", "/journal", "/ledger", "/collections", "/codes", "/labels", "/agreement", "/report",
         "/search?q=alerts", "/code?q=alerts", "/label", "/compare", "/pains?view=segments", "/sources")  # fmt: skip
EACH = 6
"""So many pages of one kind are looked at."""


class Page(HTMLParser):
    """Everything in a page that could act."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.acts: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._in: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "script" and told == {"type": "application/json"}:
            return  # data of a chart: no browser runs it
        self._in = tag if tag in ("script", "style") else None
        if tag in NEVER or (tag == "script" and told.get("src", "").split("?")[0] not in OURS["script"]):
            self.acts.append(f"<{tag} {told}>")
        if tag == "meta" and "http-equiv" in told:
            self.acts.append(f"<{tag} {told}>")
        for name, value in told.items():
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.acts.append(f"{name}={value}")
            if name in LEADS and not _leads_well(value, tag):
                self.acts.append(f"{tag} {name}={value}")
        if tag == "a" and "href" in told:
            self.links.append(told["href"])

    def handle_data(self, data: str) -> None:
        if self._in == "script":
            self.acts.append(data)
        self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._in = None


def _leads_well(address: str, tag: str) -> bool:
    """Own addresses; other sites only by a link that is to be pressed."""
    if re.match(r"[\s\x00-\x1f]*(javascript|data|vbscript|file)\s*:", address, re.IGNORECASE):
        return False
    parts = urlsplit(address)
    return (not parts.scheme and not parts.netloc) or (tag in ("a", "blockquote") and parts.scheme in ("http", "https"))


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with hostile_workspace(tmp_path_factory.mktemp("hostile")) as opened:
        made_report(opened, quarter=browsing.quarters(opened)[-1])
        yield opened


@pytest.fixture(scope="module")
def client(bench):
    return create_app(bench).test_client()


def pages(client) -> Iterator[tuple[str, object]]:
    """Every page that can be reached by links, a few of each kind."""
    waiting, seen, kinds = list(START), set(START), {}
    adapter = client.application.url_map.bind("localhost")
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        yield address, answer
        if not (answer.content_type or "").startswith("text/html"):
            continue
        for link in Page(answer.get_data(as_text=True)).links:
            own = link.split("#")[0]
            if own.startswith("/") and own not in seen:
                seen.add(own)
                kind = adapter.match(urlsplit(own).path)[0]
                kinds[kind] = kinds.get(kind, 0) + 1
                if kinds[kind] <= EACH:
                    waiting.append(own)


def test_nothing_on_any_page_acts(client):
    kinds = set()
    for address, answer in pages(client):
        assert answer.status_code < 500, address
        kinds.add(address.split("?")[0].strip("/").split("/")[0])
        assert "Set-Cookie: hacked" not in str(answer.headers)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if (answer.content_type or "").startswith("text/html"):
            page = Page(answer.get_data(as_text=True))
            styled = address.endswith("/view")
            acts = [it for it in page.acts if not (styled and it.startswith("style="))]
            assert acts == [], address
            assert attacks.PRINTED not in "".join(page.words), address
    assert {"v", "themes", "documents", "collections", "saved", "search", "codes", "report", "pin"} <= kinds


def test_the_words_themselves_are_shown_to_the_letter(bench, client):
    shown = 0
    for passage in bench.store.passages([row.id for row in bench.store.evidence()][::2]):
        answer = client.get(f"/v/{passage.id}")
        assert passage.text in "".join(Page(answer.get_data(as_text=True)).words), passage.text
        shown += 1
    assert shown > 30


def test_the_api_answers_json_and_nothing_a_browser_would_run(client, bench):
    one = bench.store.evidence()[0]
    document = bench.store.documents()[0].id
    for path in ("search?q=alerts&limit=200", "themes", "documents?limit=200", f"documents/{document}", "collections",
                 "saved", "codes", "codings", "labels", "journal", "ledger", "speakers", "files", "drift",
                 f"verbatims/{one.id}", f"verbatims/{one.id}/citation", "report?quarter=2026Q2"):  # fmt: skip
        answer = client.get(f"/api/v1/{path}")
        assert answer.content_type == "application/json", path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        json.loads(answer.get_data())
        assert "<script" not in answer.get_data(as_text=True).casefold() or answer.content_type == "application/json"


# --- files handed out ------------------------------------------------------------------------------------------------


def cells(text: str) -> Iterator[str]:
    for row in csv.reader(io.StringIO(text, newline="")):
        yield from row


def acts_in_a_spreadsheet(cell: str) -> bool:
    first = cell.lstrip("\x00 \ufeff\u200b\u200e\u200f\u2060")[:1]
    return bool(first) and first in "=+-@\t\r\n＝＋－＠"


def test_no_cell_of_any_csv_is_a_formula(bench, client, tmp_path):
    quoting.write(bench, quoting.of_collection(bench, "Deck"), tmp_path / "deck.csv")
    files = {
        "deck": (tmp_path / "deck.csv").read_text(encoding="utf-8"),
        "all": "".join(keeping.export_lines(bench, Filters(), suffix=".csv")),
        "web": client.get("/collections/Deck/export?as=csv").get_data(as_text=True),
    }
    for name, text in files.items():
        found = [cell for cell in cells(text) if acts_in_a_spreadsheet(cell)]
        assert found == [], name
        assert any(cell.startswith("'=") for cell in cells(text))


def test_what_is_prefixed_in_a_cell_is_there_to_the_letter_behind_it(bench):
    texts = {passage.text for passage in keeping.passages_to_export(bench, Filters())}
    lines = "".join(keeping.export_lines(bench, Filters(), suffix=".csv"))
    told = {row["text"].removeprefix("'") for row in csv.DictReader(io.StringIO(lines, newline=""))}
    assert {text.removeprefix("'") for text in texts} == told


def test_markdown_shows_words_and_acts_on_none_of_them(bench, tmp_path):
    from markdown_it import MarkdownIt

    quoting.write(bench, quoting.of_collection(bench, "Deck"), tmp_path / "deck.md")
    report = reporting.compose(bench, "2026Q2", Filters())
    texts = [
        (tmp_path / "deck.md").read_text(encoding="utf-8"),
        reporting.render_report(bench, report, suffix=".md", link=lambda name: f"/v/{name}"),
        *(
            citing.citation(bench, passage, link=lambda name: f"/v/{name}").markdown
            for passage in keeping.passages_to_export(bench, Filters())
        ),
    ]
    for text in texts:
        page = Page(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
        assert page.acts == []
        assert [link for link in page.links if not link.startswith(("/v/", "#"))] == []
        assert not any(attacks.HACKED in link for link in page.links)


def test_a_word_file_holds_text_alone(bench, tmp_path):
    quoting.write(bench, quoting.of_collection(bench, "Deck"), tmp_path / "deck.docx")
    with zipfile.ZipFile(tmp_path / "deck.docx") as archive:
        document = etree.fromstring(archive.read("word/document.xml"))
        links = archive.read("word/_rels/document.xml.rels").decode()
    tags = {etree.QName(node).localname for node in document.iter() if isinstance(node.tag, str)}
    assert not tags & {"hyperlink", "instrText", "fldSimple", "object", "pict", "altChunk"}
    assert attacks.HACKED not in links
    assert "External" not in links


@pytest.mark.parametrize("suffix", [".docx", ".pptx"])
def test_a_report_as_an_office_file_leads_to_its_verbatims_and_nowhere_else(bench, suffix):
    report = reporting.compose(bench, "2026Q2", Filters())
    made = reporting.render_report(bench, report, suffix=suffix, link=lambda name: f"https://ours/v/{name}")
    outside, codes, books = set(), set(), 0
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        for name in archive.namelist():
            if name.endswith(".xlsx"):
                books += 1
                continue
            root = etree.fromstring(archive.read(name))
            outside |= {it.get("Target") for it in root.iter() if it.get("TargetMode") == "External"}
            codes |= {it.text.split()[0] for it in root.iter("{*}instrText")}
            assert not {etree.QName(it).localname for it in root.iter("{*}*")} & {
                "altChunk",
                "object",
                "oleObj",
                "pict",
            }
    assert outside == {f"https://ours/v/{passage.id}" for passage in report.cited}
    assert codes == ({"TOC", "PAGE", "NUMPAGES"} if suffix == ".docx" else set())
    assert (books > 0) == (suffix == ".pptx")


def test_no_number_of_a_report_is_told_in_a_cell_that_acts(bench):
    report = reporting.compose(bench, "2026Q2", Filters())
    made = reporting.render_report(bench, report, suffix=".csv", link=lambda name: f"/v/{name}")
    assert [cell for cell in cells(made.decode("utf-8-sig")) if acts_in_a_spreadsheet(cell)] == []


def test_a_coded_project_is_well_formed_and_names_files_within_itself(bench, tmp_path):
    export_project(bench, Filters(), tmp_path / "coded.qdpx")
    with zipfile.ZipFile(tmp_path / "coded.qdpx") as archive:
        etree.fromstring(archive.read("project.qde"))
        for name in archive.namelist():
            assert ".." not in name.split("/")
            assert not name.startswith(("/", "\\"))
            assert re.fullmatch(r"project\.qde|sources/[^/\\]+", name)


def test_no_name_reaches_the_headers_of_a_download(bench, client):
    for shelf in bench.store.collections()[::4]:
        answer = client.get(f"/collections/{shelf.id}/export?as=md")
        assert "hacked" not in str(answer.headers.get("Set-Cookie"))
        told = answer.headers["Content-Disposition"]
        assert re.fullmatch(r"attachment; filename\*=UTF-8''[A-Za-z0-9._~%!'()*-]+", told), told
        assert "%2F" not in told


def test_a_report_in_html_runs_nothing(bench):
    report = reporting.compose(bench, "2026Q2", Filters())
    page = Page(reporting.render_report(bench, report, suffix=".html", link=lambda name: f"/v/{name}"))
    assert [it for it in page.acts if not it.startswith("style=")] == []
    assert attacks.PRINTED not in "".join(page.words)
