"""Coding: people give codes to verbatims, or note that none applies; what was given is counted, coder by coder.

What came coded with a source counts beside it as that source's coder and cannot be changed here. Looked at are the
verbatims that somebody coded or marked as "none applies"; of a source's coder only what is coded is known.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from winloss.errors import QueryError
from winloss.model import NONE_APPLIES, Code, Coding, Kept, Operation, ancestry, name_key
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.library import of_sources
from winloss.services.research import codes as codebook
from winloss.services.research.codes import key_of
from winloss.services.search.searching import passage_of

SOURCE = "source"
LONGEST_NAME = 100
RECENT = 50

Sheet = Mapping[str, frozenset[str]]
"""Verbatim id -> the codes that one coder gave it, of everything the coder looked at; none where none applies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """So many verbatims of those that this coder looked at; `coder` None: of those that anybody looked at."""

    coder: str | None
    count: int
    base: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCount:
    """A code with its verbatims: `here` exactly this code, `total` with everything below, `by` coder (total).

    `code` is None where the code only came with sources. `tags` are the spellings of its path that verbatims carry:
    the filter `tag` with all of them finds the verbatims of `total`.
    """

    path: str
    code: Code | None
    here: int
    total: Part
    by: tuple[Part, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The codebook with its counts, the codes that only sources have, and how much every coder has coded."""

    looked_at: int
    coders: tuple[Part, ...]
    codes: tuple[CodeCount, ...]
    from_sources: tuple[CodeCount, ...]


def coder_name(name: str | None) -> str:
    """A coder's name as it is stored.

    Raises:
        QueryError: it is empty, too long, or one that sources have.
    """
    shown = " ".join((name or "").split())
    if not shown or len(shown) > LONGEST_NAME or any(unicodedata.category(it) in ("Cc", "Cs") for it in shown):
        raise QueryError("a coder needs a name", hint="Any that your team knows you by: --coder Dana.")
    if name_key(shown) == SOURCE or name_key(shown).endswith(f"({SOURCE})"):
        raise QueryError(f"{shown} is how the coders of sources are called", hint="Take another name.")
    return shown


def as_known(bench: Workbench, name: str | None) -> str:
    """The name as this coder has written it before, whatever the case; as given where nobody of that name has coded.

    Raises:
        QueryError: it is no name.
    """
    shown = coder_name(name)
    known = {name_key(coding.coder): coding.coder for coding in bench.store.codings()}
    return known.get(name_key(shown), shown)


def give(bench: Workbench, verbatim_id: str, paths: Iterable[str], *, coder: str, new: bool = False) -> frozenset[str]:
    """Give a verbatim codes; returns all that the coder has given it. `new` makes codes that are not there.

    Raises:
        NotFound: no such verbatim, or no such code.
        QueryError: not a code or a coder's name.
    """
    coder, verbatim_id = coder_name(coder), passage_of(bench, verbatim_id).id
    wanted, made = _wanted(bench, paths, new=new)
    mine = _mine(bench, verbatim_id, coder)
    there = {coding.code for coding in mine}
    added = tuple(_coding(bench, verbatim_id, path, coder) for path in wanted if path not in there)
    before = Kept(codings=tuple(coding for coding in mine if coding.code == NONE_APPLIES and wanted))
    if added or made:
        what = f"gave {', '.join(coding.code for coding in added)}"
        doing.do(bench, what, by=coder, before=before, after=Kept(codes=tuple(made), codings=added))
    return frozenset({*there, *wanted} - {NONE_APPLIES})


def take_away(bench: Workbench, verbatim_id: str, paths: Iterable[str], *, coder: str) -> frozenset[str]:
    """Take codes away that this coder gave; returns those that stay. Without any left, it counts as not looked at.

    Raises:
        NotFound: no such verbatim, or no such code.
    """
    coder, verbatim_id = coder_name(coder), passage_of(bench, verbatim_id).id
    unwanted, _ = _wanted(bench, paths, new=False)
    mine = _mine(bench, verbatim_id, coder)
    gone = tuple(coding for coding in mine if coding.code in unwanted)
    if gone:
        what = f"took {', '.join(coding.code for coding in gone)} away"
        doing.do(bench, what, by=coder, before=Kept(codings=gone))
    return frozenset(coding.code for coding in mine if coding not in gone and coding.code != NONE_APPLIES)


def none_applies(bench: Workbench, verbatim_id: str, *, coder: str) -> None:
    """Note that this coder looked and no code applies; codes that they had given go.

    Raises:
        NotFound: no such verbatim.
    """
    coder, verbatim_id = coder_name(coder), passage_of(bench, verbatim_id).id
    mine = tuple(_mine(bench, verbatim_id, coder))
    if [coding.code for coding in mine] != [NONE_APPLIES]:
        after = Kept(codings=(_coding(bench, verbatim_id, NONE_APPLIES, coder),))
        doing.do(bench, "noted that no code applies", by=coder, before=Kept(codings=mine), after=after)


def forget_look(bench: Workbench, verbatim_id: str, *, coder: str) -> None:
    """Take everything away that this coder noted on a verbatim: it counts as not looked at.

    Raises:
        NotFound: no such verbatim.
    """
    coder, verbatim_id = coder_name(coder), passage_of(bench, verbatim_id).id
    if mine := tuple(_mine(bench, verbatim_id, coder)):
        doing.do(bench, "took everything away from a verbatim", by=coder, before=Kept(codings=mine))


def sheet(bench: Workbench, coder: str, verbatim_ids: Iterable[str]) -> Sheet:
    """What one coder has noted here on these verbatims."""
    return _sheets(item for item in bench.store.codings(list(verbatim_ids)) if item.coder == coder).get(coder, {})


def sheets(bench: Workbench) -> Mapping[str, Sheet]:
    """What every coder has noted on current verbatims, by name; coders of sources are called `… (source)`."""
    came = of_sources(bench, "codings of sources", lambda: _came(bench))
    return _sheets([*bench.store.codings(current=True), *came])


def _came(bench: Workbench) -> list[Coding]:
    return [replace(coding, coder=source_coder(coding.coder)) for coding in bench.store.source_codings()]


def source_coder(name: str) -> str:
    """What the coder of a source is called."""
    return f"{name} ({SOURCE})" if name else SOURCE


def last_done(bench: Workbench, coder: str | None, *, about: Collection[str] = ()) -> Operation | None:
    """The last thing that this coder (None: somebody unnamed) did and has not taken back, among the latest.

    With `about` (fields of `Kept`), None where the last thing is about none of these: what would be taken back is then
    to be seen on another page.
    """
    last = next((it for it in bench.store.operations(limit=RECENT) if it.by == coder and not it.undone), None)
    here = last is not None and any(getattr(part, kind) for part in (last.before, last.after) for kind in about)
    return last if here or not about else None


def most_used(bench: Workbench, number: int) -> list[str]:
    """The codes given most often here, most first; then those of the codebook in its order."""
    known = [code.path for code in codebook.codes(bench)]
    times = dict.fromkeys(known, 0)
    for coding in bench.store.codings():
        if coding.code in times:
            times[coding.code] += 1
    return sorted(known, key=lambda path: -times[path])[:number]


def tally(bench: Workbench) -> Tally:
    """Every code with its verbatims and what they are of, each below the one above it."""
    noted = sheets(bench)
    looked = {name: len(found) for name, found in noted.items()}
    everything = len(set().union(*noted.values())) if noted else 0
    known = {key_of(code.path): code for code in bench.store.codes()}
    marks = _marks(noted)
    for key, code in known.items():
        marks.setdefault(key, _Mark(path=code.path))
    rows = [_counted(mark, known.get(key), looked, everything) for key, mark in sorted(marks.items(), key=_place)]
    coded = {name: sum(bool(given) for given in found.values()) for name, found in noted.items()}
    return Tally(
        looked_at=everything,
        coders=tuple(Part(coder=name, count=coded[name], base=looked[name]) for name in sorted(noted)),
        codes=tuple(row for row in rows if row.code),
        from_sources=tuple(row for row in rows if not row.code),
    )


def verbatims_of(bench: Workbench, *, coder: str | None, code: str | None) -> list[str]:
    """The ids of the verbatims that a coder (None: anybody) gave a code or one below it, or looked at (None), by id.

    The code `NONE_APPLIES` leads to those that were looked at and given none.
    """
    wanted = None if code is None else key_of(code)
    found = set()
    for name, noted in sheets(bench).items():
        if coder is None or name_key(name) == name_key(coder):
            found |= {verbatim_id for verbatim_id, given in noted.items() if _answers(given, wanted)}
    return sorted(found)


def _place(item: tuple[str, object]) -> list[str]:
    return item[0].split("/")


@dataclass(slots=True, kw_only=True)
class _Mark:
    """A path while it is counted: the verbatims with it or what is below, by coder, and those with exactly it."""

    path: str
    by: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    here: set[str] = field(default_factory=set)
    spellings: set[str] = field(default_factory=set)


def _marks(noted: Mapping[str, Sheet]) -> dict[str, _Mark]:
    """Every path that was given, and those above, as paths are compared."""
    marks: dict[str, _Mark] = {}
    for coder, found in noted.items():
        for verbatim_id, given in found.items():
            for path in given:
                for part in ancestry(path):
                    mark = marks.setdefault(key_of(part), _Mark(path=part))
                    mark.by[coder].add(verbatim_id)
                    mark.spellings.add(part)
                marks[key_of(path)].here.add(verbatim_id)
    return marks


def _counted(mark: _Mark, code: Code | None, looked: Mapping[str, int], everything: int) -> CodeCount:
    parts = [Part(coder=name, count=len(mark.by[name]), base=looked[name]) for name in sorted(mark.by)]
    verbatims = set().union(*mark.by.values())
    return CodeCount(
        path=code.path if code else mark.path,
        code=code,
        here=len(mark.here),
        total=Part(coder=None, count=len(verbatims), base=everything),
        by=tuple(parts),
        tags=tuple(sorted(mark.spellings)),
    )


def _sheets(codings: Iterable[Coding]) -> dict[str, dict[str, frozenset[str]]]:
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for coding in codings:
        found[coding.coder][coding.verbatim_id] |= {coding.code} - {NONE_APPLIES}
    return {name: {key: frozenset(given) for key, given in noted.items()} for name, noted in found.items()}


def _answers(given: frozenset[str], wanted: str | None) -> bool:
    if not wanted:
        return wanted is None or not given
    return any(wanted == key_of(part) for path in given for part in ancestry(path))


def _wanted(bench: Workbench, paths: Iterable[str], *, new: bool) -> tuple[list[str], list[Code]]:
    """The codes that are meant, each once, and those that have to be made first."""
    wanted: dict[str, None] = {}
    made: dict[str, Code] = {}
    for text in paths:
        if not new:
            wanted[codebook.find(bench, text).path] = None
            continue
        path, fresh = codebook.missing(bench, text)
        for code in fresh:
            made.setdefault(key_of(code.path), code)
        wanted[made[key_of(path)].path if fresh else path] = None
    return list(wanted), list(made.values())


def _mine(bench: Workbench, verbatim_id: str, coder: str) -> list[Coding]:
    return [coding for coding in bench.store.codings([verbatim_id]) if coding.coder == coder]


def _coding(bench: Workbench, verbatim_id: str, code: str, coder: str) -> Coding:
    return Coding(verbatim_id=verbatim_id, code=code, coder=coder, made_at=bench.clock.now())
