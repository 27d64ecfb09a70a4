"""The codebook of codes: paths such as `pain/cost/renewal`, made, described, moved, merged and removed; all undoable.

Paths are compared without regard to case and spaces. A code is made together with those above it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from winloss.errors import Conflict, NotFound, QueryError
from winloss.model import Code, Coding, Kept, ancestry, name_key
from winloss.ports import Workbench
from winloss.services import doing

LONGEST = 200
LONGEST_DESCRIPTION = 2000
_COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_WRITE = "Write it like pain/cost/renewal."


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a change of the codebook touched: codes, and the verbatims and coders whose codings went with them."""

    codes: int
    verbatims: int
    coders: int


def path_of(text: str) -> str:
    """The path as it is stored: one space between words, none around the parts.

    Raises:
        QueryError: a part is empty, or it is too long or holds control characters.
    """
    parts = [" ".join(part.split()) for part in text.split("/")]
    path = "/".join(parts)
    if not all(parts):
        raise QueryError(f"not a code: {text!r}", hint=_WRITE)
    if len(path) > LONGEST or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in path):
        raise QueryError("this code is too long or holds characters that cannot be seen", hint=_WRITE)
    return path


def key_of(path: str) -> str:
    """A path as paths are compared; of a source's code, which may be written in any way, too."""
    return "/".join(filter(None, map(name_key, path.split("/"))))


def order_of(path: str) -> list[str]:
    """What codes are sorted by: each below the one above it."""
    return key_of(path).split("/")


def codes(bench: Workbench) -> list[Code]:
    """The codebook, each code below the one above it."""
    return sorted(bench.store.codes(), key=lambda code: order_of(code.path))


def find(bench: Workbench, text: str) -> Code:
    """The code that is meant: by its path, or by its last part or the beginning of it where only one has it.

    Raises:
        NotFound: there is none; the hint names the nearest.
        QueryError: several are meant.
    """
    known = {key_of(code.path): code for code in codes(bench)}
    wanted = key_of(path_of(text))
    if wanted in known:
        return known[wanted]
    for test in (str.__eq__, str.startswith):
        meant = [code for key, code in known.items() if test(key.rpartition("/")[2], wanted)]
        if len(meant) == 1:
            return meant[0]
        if meant:
            told = ", ".join(code.path for code in meant[:6])
            raise QueryError(f"several codes are meant by {text!r}", hint=f"Write one of them in full: {told}.")
    raise NotFound(f"no code {text!r}", hint=_nearest(wanted, known))


def missing(bench: Workbench, path: str) -> tuple[str, list[Code]]:
    """The path with those above it spelt as they are known, and the codes that are not there yet, outermost first."""
    known = {key_of(code.path): code.path for code in bench.store.codes()}
    made: list[Code] = []
    so_far = ""
    for part in path_of(path).split("/"):
        wanted = f"{so_far}/{part}" if so_far else part
        so_far = known.get(key_of(wanted), wanted)
        if key_of(wanted) not in known:
            made.append(Code(path=so_far, made_at=bench.clock.now()))
    return so_far, made


def add(bench: Workbench, path: str, *, by: str | None, description: str = "", colour: str | None = None) -> Code:
    """Make a code, and those above it that are not there.

    Raises:
        QueryError: it is not written as a path, or the colour not as one.
        Conflict: it is there already.
    """
    path, made = missing(bench, path)
    if not made:
        raise Conflict(f"the code {path} is there already", hint="Give the verbatims that one.")
    code = replace(made[-1], description=description_of(description), colour=colour_of(colour))
    doing.do(bench, f"added the code {path}", by=by, after=Kept(codes=(*made[:-1], code)))
    return code


def describe(
    bench: Workbench, path: str, *, by: str | None, description: str | None = None, colour: str | None = None
) -> Code:
    """Say what a code stands for, or its colour; what is None stays, an empty colour takes it away.

    Raises:
        NotFound: there is no such code.
        QueryError: not a colour.
    """
    code = _exactly(bench, path)
    changed = code if description is None else replace(code, description=description_of(description))
    changed = changed if colour is None else replace(changed, colour=colour_of(colour))
    if changed != code:
        before, after = Kept(codes=(code,)), Kept(codes=(changed,))
        doing.do(bench, f"described the code {code.path}", by=by, before=before, after=after)
    return changed


def move(bench: Workbench, path: str, to: str, *, by: str | None) -> Changed:
    """Give a code another path; everything below moves with it, and so do all codings.

    Raises:
        NotFound: there is no such code.
        Conflict: the new path is taken, or lies below the old one.
    """
    old = _exactly(bench, path).path
    new, made = missing(bench, to)
    _refuse_below(old, new)
    if key_of(new) == key_of(old):
        new, made = old[: len(old) - len(old.rpartition("/")[2])] + path_of(to).rpartition("/")[2], []
    elif not made:
        raise Conflict(f"the code {new} is there already", hint=f"Merge {old} into it instead.")
    moved = {code.path: new + code.path[len(old) :] for code in _below(bench, old)}
    return _rewrite(bench, f"moved the code {old} to {new}", by, moved, made[:-1])


def merge(bench: Workbench, path: str, into: str, *, by: str | None) -> Changed:
    """Make one code of two: what was coded with the first is coded with the second; what is below moves below that.

    Raises:
        NotFound: one of them is not there.
        Conflict: the second lies below the first, or is the same.
    """
    old, new = _exactly(bench, path).path, _exactly(bench, into).path
    _refuse_below(old, new)
    if old == new:
        raise Conflict(f"{old} cannot be merged with itself", hint="Name two different codes.")
    known = {key_of(code.path): code.path for code in bench.store.codes()}
    moved = {old: new}
    for code in _below(bench, old)[1:]:
        above, _, name = code.path.rpartition("/")
        wanted = f"{moved[above]}/{name}"
        moved[code.path] = known.get(key_of(wanted), wanted)
    return _rewrite(bench, f"merged the code {old} into {new}", by, moved)


def remove(bench: Workbench, path: str, *, by: str | None) -> Changed:
    """Take a code and everything below out of the codebook, and away from every verbatim.

    Raises:
        NotFound: there is no such code.
    """
    old = _exactly(bench, path).path
    return _rewrite(bench, f"removed the code {old}", by, {code.path: None for code in _below(bench, old)})


def colour_of(text: str | None) -> str | None:
    """A colour as `#rrggbb`; nothing is None.

    Raises:
        QueryError: it is not written as a colour.
    """
    wanted = (text or "").strip().casefold()
    if not wanted:
        return None
    if not _COLOUR.fullmatch(wanted):
        raise QueryError(f"not a colour: {text!r}", hint="Write it like #8c2f1b.")
    return wanted if len(wanted) == 7 else "#" + "".join(2 * digit for digit in wanted[1:])


def _exactly(bench: Workbench, text: str) -> Code:
    known = {key_of(code.path): code for code in bench.store.codes()}
    code = known.get(key_of(path_of(text)))
    if code is None:
        raise NotFound(f"no code {text!r}", hint=_nearest(key_of(text), known))
    return code


def _below(bench: Workbench, path: str) -> list[Code]:
    """The code and everything below it, each below the one above it."""
    return [code for code in codes(bench) if path in ancestry(code.path)]


def _rewrite(
    bench: Workbench, what: str, by: str | None, moved: Mapping[str, str | None], made: Sequence[Code] = ()
) -> Changed:
    """Give codes other paths, or none, and their codings with them; what falls together becomes one."""
    everything, given = bench.store.codes(), bench.store.codings()
    before = Kept(
        codes=tuple(code for code in everything if code.path in moved),
        codings=tuple(coding for coding in given if coding.code in moved),
    )
    staying = {code.path for code in everything if code.path not in moved}
    codes_after = {target: replace(code, path=target) for code in before.codes if (target := moved[code.path])}
    after = Kept(
        codes=(*made, *(code for path, code in codes_after.items() if path not in staying)),
        codings=tuple(_moved(before.codings, moved, set(map(_place, given)) - set(map(_place, before.codings)))),
    )
    if before != after:
        doing.do(bench, what, by=by, before=before, after=after)
    return Changed(
        codes=len(before.codes),
        verbatims=len({coding.verbatim_id for coding in before.codings}),
        coders=len({coding.coder for coding in before.codings}),
    )


def _moved(
    codings: Iterable[Coding], moved: Mapping[str, str | None], there: set[tuple[str, str, str]]
) -> Iterable[Coding]:
    for coding in codings:
        target = moved[coding.code]
        if target is None:
            continue
        changed = replace(coding, code=target)
        if _place(changed) not in there:
            there.add(_place(changed))
            yield changed


def _place(coding: Coding) -> tuple[str, str, str]:
    return coding.verbatim_id, coding.code, coding.coder


def _refuse_below(old: str, new: str) -> None:
    if key_of(old) != key_of(new) and key_of(old) in map(key_of, ancestry(new)):
        raise Conflict(f"{new} lies below {old}", hint="Move it beside that, or remove one of them.")


def _nearest(wanted: str, known: Mapping[str, Code]) -> str:
    leaves = {key.rpartition("/")[2]: key for key in known}
    near = get_close_matches(wanted, [*known, *leaves], n=1)
    if not near:
        return "`winloss codes list` shows all there are; `winloss codes add` makes one."
    return f"Did you mean {known[leaves.get(near[0], near[0])].path}?"


def description_of(text: str) -> str:
    """A description as it is stored."""
    return text.strip()[:LONGEST_DESCRIPTION]
