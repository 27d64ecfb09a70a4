"""A workspace with one passage of each right, told apart by a word and a name that nothing else holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conftest import with_stand_ins
from winloss.bootstrap import open_workbench
from winloss.model import Facet, Theme
from winloss.services.analysis import classify_verbatims, embed_verbatims, segment_documents
from winloss.services.quote_rights import rights
from winloss.services.quote_rights.rights import Target
from winloss.services.search import indexing
from winloss.services.sources import intake

if TYPE_CHECKING:
    from winloss.ports import Workbench

MAPPING = """
kind = "interview"
[fields]
id = "id"
text = "text"
date = "date"
speaker = "speaker"
account = "account"
segment = "segment"
rights = "rights"
title = "title"
url = "url"
side = "side"
job_title = "job"
email = "email"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One passage: what its source says, what is decided, and whether its words and its name may leave."""

    word: str
    name: str
    read: str
    document: tuple[str | None, str | None] = (None, None)
    person: tuple[str | None, str | None] = (None, None)
    words_leave: bool = True
    name_leaves: bool = False

    @property
    def text(self) -> str:
        return f"The alerts cost my analysts a night of {self.word} every single week of the year."


PAST, COMING = "2026-06-29", "2026-06-30"
"""The last day before the one on which the tests run, and that day itself."""
CASES = {
    "named": Case(word="bandicootery", name="Ottoline Quixworth", read="named", name_leaves=True),
    "anonymous": Case(word="wombatting", name="Barnaby Thistlewick", read="anonymous"),
    "internal": Case(word="platypusing", name="Cressida Mumbleford", read="internal"),
    "no_quote": Case(word="echidnaism", name="Dashiell Frostbourne", read="no_quote", words_leave=False),
    "ended": Case(
        word="quokkahood", name="Eudora Pennywhistle", read="named", document=(None, PAST), words_leave=False
    ),
    "last day": Case(
        word="numbatship", name="Fenwick Gallowglass", read="named", document=(None, COMING), name_leaves=True
    ),
    "person ended": Case(
        word="dingofication", name="Guinevere Hobnail", read="named", person=("named", PAST), words_leave=False
    ),
    "person stricter": Case(
        word="possumry", name="Horatio Inkpenny", read="named", person=("no_quote", None), words_leave=False
    ),
    "person unnamed": Case(word="bilbyness", name="Isolde Jackdaw", read="named", person=("anonymous", None)),
    "source stricter": Case(
        word="kookaburring", name="Jocasta Kettlewell", read="no_quote", person=("named", None), words_leave=False
    ),
    "source opened": Case(
        word="cassowarism", name="Leopold Mossgrave", read="internal", document=("named", None), name_leaves=True
    ),
    "source closed": Case(
        word="taipanning", name="Minerva Nightjar", read="named", document=("no_quote", None), words_leave=False
    ),
}


class MovedClock:
    """A clock on a given day."""

    def __init__(self, day: str = COMING) -> None:
        self.day = day

    def now(self) -> str:
        return f"{self.day}T12:00:00Z"


@contextmanager
def rights_workspace(folder: Path) -> Iterator[Workbench]:
    """A workbench with a document for each case, in three themes, and two more people like each of them."""
    bench = with_stand_ins(open_workbench(folder / "workspace", clock=MovedClock()))
    _take_in(bench, folder / "drop")
    _decide(bench)
    segment_documents(bench)
    embed_verbatims(bench)
    classify_verbatims(bench)
    _put_themes(bench)
    indexing.refresh(bench)
    yield bench
    bench.store.close()  # type: ignore[attr-defined]


def row_of(number: int, case: Case) -> dict[str, str]:
    """A case as its source has it; title and address tell the name."""
    slug = case.name.casefold().replace(" ", "-")
    return {
        "id": f"call-{number}-{slug}",
        "speaker": case.name,
        "text": case.text,
        "title": f"Call with {case.name}",
        "url": f"https://calls.example/{slug}",
        "rights": case.read,
        "date": "2026-05-03",
        "segment": "federal",
        "account": "Northwind",
        "side": "buyer",
        "job": "CISO",
        "email": "",
    }


def _take_in(bench: Workbench, folder: Path) -> None:
    folder.mkdir()
    rows = [row_of(number, case) for number, case in enumerate(CASES.values())]
    (folder / "calls.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / "calls.map.toml").write_text(MAPPING, encoding="utf-8")
    intake.take_in(bench, [folder])


def _decide(bench: Workbench) -> None:
    for number, case in enumerate(CASES.values()):
        for field, (given, until) in (("document", case.document), ("person", case.person)):
            if given or until:
                named = row_of(number, case)["id"] if field == "document" else case.name
                rights.set_rights(bench, replace(Target(), **{field: named}), rights=given, until=until, by="Dana")


def _put_themes(bench: Workbench) -> None:
    ids = [row.id for row in bench.store.evidence() if row.facet == Facet.PAIN]
    parts = [ids[start::4] for start in range(4)]
    titles = {item.id: item.text.partition("of ")[2].partition(" every")[0] for item in bench.store.passages(ids)}
    themes = [
        Theme(id=f"h{place}", facet=Facet.PAIN, title=titles[part[0]], terms=(), size=3, exemplars=tuple(part))
        for place, part in enumerate(parts)
    ]
    assigned = {name: theme.id for theme, part in zip(themes, parts, strict=True) for name in part}
    with bench.store.transaction() as transaction:
        transaction.put_themes(Facet.PAIN, themes, assigned, "by hand")
