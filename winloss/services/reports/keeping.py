"""Reports that were made, kept so that the same one can be opened, read and handed out later.

A kept report is its content, not its pages: it is rendered anew for whoever asks, and held each time against what the
verbatims' rights allow today. Where they allow less than the report prints it stays shut, and can be made again. Where
anything is forgotten every report is given up, as its counts are of what is no longer there.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from winloss.errors import NotAllowed, NotFound
from winloss.model import Filters, Passage, Report, ReportPart, ReportSection, ReportTheme
from winloss.ports import Workbench
from winloss.report.counting import counted
from winloss.services.plain_words import amount
from winloss.services.quote_rights.outward import outward
from winloss.services.quote_rights.outward_titles import title_outside
from winloss.services.reports import figures
from winloss.services.reports.drafting import Dropped
from winloss.services.reports.plain_data import as_data, from_data

FOLDER = "reports"
VERSION = 1
REMEMBERED = 8
"""Kept reports that are held in memory, until the evidence changes."""
TOLD_OF_WHOM = ("speaker", "segment", "role", "region", "account", "title", "url")
"""What a report may tell of who said a verbatim; what it told then and would not tell now keeps it shut."""
_ID = re.compile(r"r[a-z2-7]{16}")
_MEMO = "kept reports"
AGAIN = "Make it again: it is then made of what there is, and may be quoted, today."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReport:
    """What is told of a kept report in lists: what it is of, who had it made when, and how much it holds.

    `standing` is the mark of the evidence that it was made from. `drafted` are the sentences of a language model in it,
    None where none was asked, `of` then the report that they were drafted for. `given_up`: something was forgotten
    since, and only these lines are left.
    """

    id: str
    quarter: str
    against: str | None
    filters: Filters
    made_at: str
    by: str | None
    standing: str
    parts: int
    cited: int
    drafted: int | None = None
    of: str | None = None
    given_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A kept report in full, with what became of drafting it, and the verbatims behind each number by their scope."""

    report: Report
    model: str = ""
    dropped: tuple[Dropped, ...] = ()
    lacking: Mapping[str, str] = field(default_factory=dict)
    behind: tuple[tuple[Filters, tuple[str, ...]], ...] = ()


def keep(bench: Workbench, kept: KeptReport, content: Content) -> KeptReport:
    """Keep a report with the verbatims behind its numbers; one of the same id is replaced."""
    report = content.report
    scopes = dict.fromkeys(row.scope for row in counted(report, role_label=bench.codebook.role_label) if row.scope)
    behind = tuple((scope, figures.behind(bench, scope)) for scope in scopes)
    whole = replace(content, report=_with_themes(report, _printed), behind=behind)
    told = {"version": VERSION, "content": as_data(whole)}
    folder = bench.root / FOLDER
    folder.mkdir(exist_ok=True)
    _write(folder / f"{kept.id}.json.gz", gzip.compress(_json(told), compresslevel=6, mtime=0))
    _write(folder / f"{kept.id}.json", _json({"version": VERSION, "told": as_data(kept)}))
    return kept


def listed(bench: Workbench) -> list[KeptReport]:
    """Every kept report, what was made last first; what cannot be read is left out."""
    found = [_told(path) for path in (bench.root / FOLDER).glob("r*.json")]
    return sorted((item for item in found if item), key=lambda item: (item.made_at, item.id), reverse=True)


def find(bench: Workbench, report_id: str) -> KeptReport:
    """What is told of a kept report.

    Raises:
        NotFound: none of this id is kept.
    """
    found = _told(bench.root / FOLDER / f"{report_id}.json") if _ID.fullmatch(report_id) else None
    if found is None:
        raise NotFound(f"no report {report_id} is kept", hint="The page of reports lists those that are.")
    return found


def opened(bench: Workbench, report_id: str) -> tuple[KeptReport, Content]:
    """A kept report in full, where all that it prints may be printed today.

    Raises:
        NotFound: none of this id is kept, or it was given up.
        NotAllowed: the rights of what it cites allow less than when it was made.
    """
    kept, revision = find(bench, report_id), bench.store.revision()
    memo: dict[str, tuple[int, Content]] = bench.memo.setdefault(_MEMO, {})
    before, content = memo.get(report_id, (None, None))
    if content is None or before != revision or kept.given_up:
        content = _content(bench, kept)
        content = replace(content, report=_as_allowed(bench, content.report))
        while len(memo) >= REMEMBERED:
            memo.pop(next(iter(memo)), None)
        memo[report_id] = revision, content
    return kept, content


def remove(bench: Workbench, report_id: str) -> KeptReport:
    """Keep a report no longer.

    Raises:
        NotFound: none of this id is kept.
    """
    gone = find(bench, report_id)
    for suffix in (".json", ".json.gz"):
        (bench.root / FOLDER / f"{gone.id}{suffix}").unlink(missing_ok=True)
    return gone


def trim(bench: Workbench) -> None:
    """Give up every report: something was forgotten, and is in its counts. What is left says what it was of."""
    bench.memo.pop(_MEMO, None)
    for kept in listed(bench):
        own = Filters(segment=kept.filters.segment)
        bare = replace(kept, filters=own, by=None, given_up=True)
        _write(bench.root / FOLDER / f"{kept.id}.json", _json({"version": VERSION, "told": as_data(bare)}))
    for path in (bench.root / FOLDER).glob("*.json.gz"):
        path.unlink(missing_ok=True)


# --- rights ----------------------------------------------------------------------------------------------------------


def _as_allowed(bench: Workbench, report: Report) -> Report:
    """The report with the rights of today, refused where it prints more than they let: words, who said them, titles."""
    allowed = {item.id: item for item in outward(bench, bench.store.passages([item.id for item in report.cited]))}
    shut = [item for item in report.cited if item.id not in allowed or _tells_more(item, allowed[item.id])]
    if shut:
        less = f"{amount(len(shut), 'verbatim')} of the {len(report.cited):,} that this report cites may no longer be"
        raise NotAllowed(f"{less} printed as it prints them", hint=AGAIN)
    names = {name for part in report.parts for section in part.sections for name in _names(section)}
    for theme in bench.store.themes(dormant=True):
        if theme.title in names and title_outside(bench, theme) != theme.title:
            raise NotAllowed("a theme is called by words in this report that may no longer be printed", hint=AGAIN)
    held = {name: (now.rights, now.quote_until) for name, now in allowed.items()}

    def today(passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
        return tuple(replace(it, rights=held[it.id][0], quote_until=held[it.id][1]) for it in passages if it.id in held)

    return _with_passages(report, today)


def _tells_more(kept: Passage, now: Passage) -> bool:
    told = any(getattr(kept, name) and not getattr(now, name) for name in TOLD_OF_WHOM)
    return told or kept.text != now.text


def _names(section: ReportSection) -> set[str]:
    own = {told.view.theme.title for told in section.themes} | {name for it in section.statements for name in it.names}
    return own | {name for told in section.themes for name in told.statement.names} | set(section.names)


# --- files -----------------------------------------------------------------------------------------------------------


def _with_themes(report: Report, change: Callable[[ReportTheme], ReportTheme]) -> Report:
    """The report with every theme that it tells changed."""

    def part(it: ReportPart) -> ReportPart:
        return replace(it, sections=tuple(replace(one, themes=tuple(map(change, one.themes))) for one in it.sections))

    return replace(report, parts=tuple(map(part, report.parts)))


def _with_passages(report: Report, change: Callable[[tuple[Passage, ...]], tuple[Passage, ...]]) -> Report:
    """The report with every verbatim that it prints changed."""

    def theme(it: ReportTheme) -> ReportTheme:
        return replace(it, exemplars=change(it.exemplars), dissenting=change(it.dissenting))

    return replace(_with_themes(report, theme), cited=change(report.cited))


def _printed(told: ReportTheme) -> ReportTheme:
    """A theme with no more verbatims than are printed of it."""
    return replace(told, view=replace(told.view, exemplars=(), dissenting=(), contradicting=(), witnesses=()))


def _content(bench: Workbench, kept: KeptReport) -> Content:
    if not kept.given_up:
        with suppress(OSError, EOFError, ValueError, KeyError, TypeError):
            told = json.loads(gzip.decompress((bench.root / FOLDER / f"{kept.id}.json.gz").read_bytes()))
            if told["version"] == VERSION:
                return from_data(Content, told["content"])
        raise NotFound(f"the report {kept.id} cannot be read any more", hint=AGAIN)
    raise NotFound("something was forgotten since this report was made, and it was given up", hint=AGAIN)


def _told(path: Path) -> KeptReport | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return from_data(KeptReport, told["told"]) if told["version"] == VERSION else None
    return None


def _json(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _write(path: Path, content: bytes) -> None:
    from winloss.search import replace_whole

    replace_whole(path, content)
