"""Every way in which words leave a workspace, walked with one passage of each right: no byte holds what must stay.

A new export that nobody walks here makes a test fail, not only one that leaks.
"""

from __future__ import annotations

import ast
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import anyio
import click
import pypdf
import pytest
from click.testing import CliRunner
from mcp import Client

from fixtures.decks import build
from tests.unit.rightspace import CASES, Case, MovedClock, rights_workspace
from tests.unit.webtools import made_report
from web import create_app
from web.access import ROUTES
from winloss.cli.assistant import server
from winloss.cli.commands import COMMANDS, winloss
from winloss.model import Access, Filters
from winloss.services.quote_rights.outward_titles import title_outside
from winloss.services.research import collecting, labelling
from winloss.services.search import saving
from winloss.services.workspace import working

DECK = "# Findings\n\n- The alerts cost analysts a night every single week of the year\n- {quote}\n"
QUOTE = "“{text}”"
LINK = "https://win.example/v/"


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with rights_workspace(tmp_path_factory.mktemp("rights")) as made:
        ids = [row.id for row in made.store.evidence()]
        collecting.pin(made, "Board", ids, by="Dana", new=True)
        saving.save(made, "Nights", query="alerts", filters=Filters(), by="Dana")
        for name in ids:
            labelling.label(made, name, "pain", by="Dana")
        yield made


@dataclass(frozen=True, slots=True)
class Walk:
    """What a way out is given: the workbench, a folder, the web app's client."""

    bench: Any
    folder: Path
    client: Any

    def run(self, *arguments: str) -> str:
        """What a command prints; it works on this workbench."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("winloss.cli.shared.open_workbench", lambda *_, **__: self.bench)
            answer = CliRunner().invoke(winloss, list(arguments), catch_exceptions=False)
        assert answer.exit_code in (0, 1), answer.output
        return answer.stdout

    def written(self, *arguments: str, suffix: str) -> bytes:
        """What a command writes to the file that `--out` names."""
        out = self.folder / f"out{suffix}"
        self.run(*arguments, "--out", str(out))
        return out.read_bytes()

    def got(self, address: str) -> bytes:
        """What a route answers."""
        answer = self.client.get(address)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return bytes(answer.data)

    def deck(self, form: str) -> Path:
        """A deck that quotes everybody's words, as the kind of file."""
        path = self.folder / f"deck.{form}"
        quote = QUOTE.format(text=near(next(iter(CASES.values()))))
        path.write_bytes(build.WRITERS[form](list(build.slides_of(DECK.format(quote=quote)))))
        return path

    def ids(self) -> list[str]:
        """Every verbatim."""
        return [row.id for row in self.bench.store.evidence()]


def near(case: Case) -> str:
    """The words without the one that tells them apart, so that an audit tells what was said."""
    return case.text.replace(f"{case.word} ", "")


def cited(walk: Walk) -> bytes:
    return "\n".join(walk.run("quote", name, "--json") for name in quotable(walk)).encode()


def quotable(walk: Walk) -> list[str]:
    """The verbatims that may leave; the others are refused."""
    allowed = []
    for item in walk.bench.store.passages(walk.ids()):
        status = walk.client.get(f"/api/v1/verbatims/{item.id}/citation").status_code
        assert status == (200 if case_of(item.text).words_leave else 403)
        allowed += [item.id] if status == 200 else []
    return allowed


def case_of(text: str) -> Case:
    return next(case for case in CASES.values() if case.word in text)


def audited(walk: Walk, form: str, suffix: str) -> bytes:
    return walk.written("audit", str(walk.deck(form)), suffix=suffix)


def dropped(walk: Walk) -> str:
    """A deck dropped on the web app; where its audit is handed on from."""
    page = walk.client.get("/audit").get_data(as_text=True)
    token = re.search(r'name="token" value="([^"]+)"', page)[1]  # type: ignore[index]
    told = {"token": token, "quarter": "2026Q2", "deck": (io.BytesIO(walk.deck("md").read_bytes()), "deck.md")}
    there = walk.client.post("/audit", data=told, content_type="multipart/form-data").headers["Location"]
    if there.startswith("/jobs/"):
        working.work(walk.bench)
        there = walk.client.get(there).headers["Location"]
    return f"{there}/file?as="


def asked(walk: Walk) -> bytes:
    """Everything that an assistant is told by every tool."""
    made = server(walk.bench, link=LINK)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("search_verbatims", {"query": "", "limit": 100}),
        ("search_verbatims", {"query": "alerts", "limit": 100}),
        ("themes", {"limit": 100}),
        ("drift_verdicts", {}),
        *(("show_verbatim", {"verbatim_id": name, "context": 5}) for name in walk.ids()),
        *(("cite", {"verbatim_id": name}) for name in walk.ids()),
    ]

    async def ask() -> list[str]:
        async with Client(made) as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            assert tools == {name for name, _ in calls}
            return [(await client.call_tool(name, told)).content[0].text for name, told in calls]

    return "\n".join(anyio.run(ask)).encode()


BY_COMMAND: dict[str, Callable[[Walk], bytes]] = {
    **{
        f"report --out {suffix}": lambda walk, suffix=suffix: walk.written(
            "report", "--quarter", "2026Q2", suffix=suffix
        )
        for suffix in (".html", ".md")
    },
    **{
        f"export --out {suffix}": lambda walk, suffix=suffix: walk.written("export", suffix=suffix)
        for suffix in (".csv", ".jsonl", ".docx", ".md", ".qdpx")
    },
    **{
        f"export --collection --out {suffix}": lambda walk, suffix=suffix: walk.written(
            "export", "--collection", "Board", suffix=suffix
        )
        for suffix in (".csv", ".jsonl", ".docx", ".md")
    },
    "export --saved --out .md": lambda walk: walk.written("export", "--saved", "Nights", suffix=".md"),
    **{
        f"audit --out {suffix} of {form}": lambda walk, form=form, suffix=suffix: audited(walk, form, suffix)
        for form in ("md", "docx", "pptx", "pdf")
        for suffix in (".html", ".json", f".{form}")
    },
    "label --out": lambda walk: walk.written("label", suffix=".csv"),
    "quote": cited,
    "mcp": asked,
}
BY_ROUTE: dict[str, Callable[[Walk], bytes]] = {
    "collections.export": lambda walk: b"".join(
        contents(walk.got(f"/collections/Board/export?as={form}")) for form in ("docx", "md", "csv", "jsonl")
    ),
    "saved.export_saved": lambda walk: walk.got("/saved/Nights/export?as=md"),
    "reports.report": lambda walk: walk.got(made_report(walk.bench)),
    "reports.view": lambda walk: walk.got(f"{made_report(walk.bench)}/view"),
    "reports.download": lambda walk: b"".join(
        walk.got(f"{made_report(walk.bench)}/download?as={form}") for form in ("html", "md")
    ),
    "api.report": lambda walk: walk.got("/api/v1/report?quarter=2026Q2"),
    "api.report_answer": lambda walk: walk.got(f"/api/v1{made_report(walk.bench).replace('report', 'reports', 1)}"),
    "api.citation": lambda walk: b"".join(walk.got(f"/api/v1/verbatims/{name}/citation") for name in quotable(walk)),
    "audit.handed": lambda walk: b"".join(walk.got(dropped(walk) + form) for form in ("html", "json", "md")),
}
WITHOUT_WORDS = {
    "template": "an empty table to fill in",
    "backup": "the whole workspace, to be restored",
    "search": "a run for judging retrieval: ids and scores",
}
"""Commands that write a file without what buyers said, or with all of it by their very purpose."""
INSIDE = {
    "coding.code",
    "collections.pin",
    "curating.curate",
    "labelling.label",
    "rights.rights",
    "taking_in.upload",
    "api.upload_answer",
    "api.uploads_answer",
    "api.rights_answer",
    "api.rights_decisions",
    "api.rights_warnings",
}
"""Pages and answers for researchers inside the workspace: they hand out no document."""


@pytest.mark.parametrize("way", [*BY_COMMAND, *BY_ROUTE])
def test_nothing_leaves_that_must_stay(bench, tmp_path, way):
    walk = Walk(bench, tmp_path, create_app(bench).test_client())
    told = contents({**BY_COMMAND, **BY_ROUTE}[way](walk)).decode("utf-8", "replace")
    for name, case in CASES.items():
        assert case.words_leave or case.word not in told, f"{name}: its words leave by {way}"
        for part in (case.name, *case.name.split(), *case.name.casefold().split()):
            assert (case.name_leaves and case.words_leave) or part not in told, f"{name}: {part} leaves by {way}"
    heard = [case.word for case in CASES.values() if case.words_leave and case.word in told]
    assert len(heard) >= FEWEST_HEARD.get(way.partition(" ")[0], len(LEAVING)), f"{way} says too little to be a test"


LEAVING = [case for case in CASES.values() if case.words_leave]
FEWEST_HEARD = {
    **dict.fromkeys(("report", "reports.report", "reports.view", "reports.download"), 5),
    **dict.fromkeys(("api.report", "api.report_answer"), 5),
    **dict.fromkeys(("audit", "audit.handed"), 2),
}
"""A report tells a few exemplars, an audit the strongest witnesses; everything else has whatever may leave."""


def contents(data: bytes) -> bytes:
    """The bytes of a file; of an archive, and of a PDF, what is in it."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"\n".join(name.encode() + b"\n" + contents(archive.read(name)) for name in archive.namelist())
    if data.startswith(b"%PDF"):
        pages = pypdf.PdfReader(io.BytesIO(data)).pages
        notes = [str(note.get_object().get("/Contents", "")) for page in pages for note in page.get("/Annots", [])]
        return "\n".join([*(page.extract_text() for page in pages), *notes]).encode()
    return data


def test_one_person_goes_by_one_pseudonym_everywhere(bench, tmp_path):
    walk = Walk(bench, tmp_path, create_app(bench).test_client())
    known = {case.word: None for case in LEAVING if not case.name_leaves}
    for item in bench.store.passages(walk.ids()):
        if (case := case_of(item.text)).word in known:
            known[case.word] = item.pseudonym
    assert len(set(known.values())) == len(known)
    lines = walk.written("export", suffix=".jsonl").decode().splitlines()
    by_file = {case_of(row["text"]).word: row["pseudonym"] for row in map(json.loads, lines)}
    assert {word: by_file[word] for word in known} == known
    report = walk.written("report", "--quarter", "2026Q2", suffix=".md").decode()
    handout = walk.written("export", suffix=".md").decode()
    for word, pseudonym in known.items():
        for text in (report, handout):
            after = text.partition(word)[2]
            assert re.search(r"Buyer \d+", after)[0] == pseudonym


def test_a_report_is_the_same_twice(bench, tmp_path):
    walk = Walk(bench, tmp_path, create_app(bench).test_client())
    first = walk.written("report", "--quarter", "2026Q2", suffix=".html")
    assert walk.written("report", "--quarter", "2026Q2", suffix=".html") == first


def test_a_right_that_ends_while_the_server_runs_is_gone_from_its_exports(bench, tmp_path):
    clock = bench.clock
    walk = Walk(bench, tmp_path, create_app(bench).test_client())
    last = CASES["last day"]
    before = walk.got("/collections/Board/export?as=md").decode()
    audit = dropped(walk)
    assert last.word in walk.got(audit + "html").decode()
    assert last.word in before
    held = {"named": 3, "anonymous": 2, "internal": 1, "ended": 2, "no_quote": 4}
    assert dict(bench.engine().values()["rights"]) == held
    try:
        clock.day = "2026-07-01"
        assert last.word not in walk.got("/collections/Board/export?as=md").decode()
        page = walk.got(f"/v/{next(it.id for it in bench.store.passages(walk.ids()) if last.word in it.text)}").decode()
        assert "Right to quote ended on 2026-06-30" in page
        assert last.word in page
        assert walk.client.get("/api/v1/search?rights=ended").get_json()["total"] == held["ended"] + 1
        assert last.word not in walk.got(audit + "html").decode()
    finally:
        clock.day = MovedClock().day


@pytest.mark.parametrize(("said_by", "leaves"), [("no_quote", False), ("anonymous", True)])
def test_a_theme_is_not_called_by_a_clause_that_only_the_withheld_said(bench, said_by, leaves):
    case = CASES[said_by]
    passages = {case_of(it.text).word: it for it in bench.store.passages([row.id for row in bench.store.evidence()])}
    theme = bench.store.theme(passages[case.word].theme_id)
    called = replace(theme, title=f"a night of {case.word}", terms=("night", "alerts"))
    assert title_outside(bench, called) == (called.title if leaves else "night · alerts")
    assert title_outside(bench, replace(called, named_by="Dana")) == called.title
    assert title_outside(bench, replace(called, title="The alerts cost my analysts")) == "The alerts cost my analysts"


# --- nothing is left out here ----------------------------------------------------------------------------------------


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        elif command is not None:
            yield " ".join((*path, name)), command


def writes_a_file(command: click.Command) -> bool:
    paths = (one.type for one in command.params if isinstance(one.type, click.Path))
    return any(not path.exists and path.file_okay for path in paths)


def test_every_command_that_writes_a_file_is_walked():
    writing = {name for name, command in commands(winloss) if writes_a_file(command)}
    reading = {"ingest", "beliefs add", "restore"}
    walked = {way.partition(" ")[0] for way in BY_COMMAND}
    assert writing - reading <= walked | WITHOUT_WORDS.keys()
    assert {"report", "export", "audit", "label"} <= writing
    assert walked <= set(COMMANDS)


def test_every_route_that_hands_out_is_walked(bench):
    app = create_app(bench)
    gets = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    for_researchers = {name for name in gets if ROUTES.get(name) is Access.RESEARCHER}
    assert for_researchers - BY_ROUTE.keys() == INSIDE
    assert BY_ROUTE.keys() <= gets


def test_no_module_hands_out_a_file_that_is_not_known():
    root = Path(__file__).parents[2]
    handing = {
        path.relative_to(root).as_posix()
        for path in (root / "web").rglob("*.py")
        if any(
            isinstance(node, ast.Constant) and node.value == "Content-Disposition"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    }
    assert handing == {"web/handing.py", "web/pages/audit.py", "web/pages/reports.py"}
