"""Whether two coders see the same: agreement on the verbatims that both have looked at, code by code and overall.

A verbatim has a code where it was given it or one below it. Overall, two agree on a verbatim where they gave it exactly
the same codes, or both noted that none applies. On fewer than ten verbatims in common nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from winloss.errors import NotFound, QueryError
from winloss.model import ancestry, name_key
from winloss.ports import Workbench
from winloss.services.research import codes as codebook
from winloss.services.research import coding, kappa
from winloss.services.research.codes import key_of
from winloss.services.research.coding import Sheet
from winloss.services.statistics import FEW

SAID = "said"
NOT_ENOUGH = "not enough"
NOBODY_VARIES = "nobody varies"
Given = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Two coders on a code (None: overall), of `n` verbatims that both looked at.

    `verdict` is `said`, `not enough` (fewer than ten in common: no share, no kappa) or `nobody varies` (both gave all
    of them, or none, so kappa is undefined). `low` and `high` are None, too, where the two never differ or one of them
    never varies. Of a code, `both`, `only_a` and `only_b` count the verbatims that have it; overall they are None.
    """

    code: str | None
    n: int
    agreed: int
    verdict: str
    observed: float | None = None
    kappa: float | None = None
    low: float | None = None
    high: float | None = None
    both: int | None = None
    only_a: int | None = None
    only_b: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A verbatim that two coders see differently, with what each gave it; nothing: none applies."""

    verbatim_id: str
    a: tuple[str, ...]
    b: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoCoders:
    """Two coders compared: overall (or on the one code asked for), by code, and where they differ, by verbatim id."""

    a: str
    b: str
    overall: Agreement
    codes: tuple[Agreement, ...]
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """Several coders together: Krippendorff's alpha on the `n` verbatims that two or more of them looked at.

    `alpha` is None where `verdict` is not `said`. `pairs` are every two of them, overall.
    """

    coders: tuple[str, ...]
    n: int
    verdict: str
    alpha: float | None
    pairs: tuple[tuple[str, str, Agreement], ...]


def two_coders(bench: Workbench, a: str, b: str, *, code: str | None = None) -> TwoCoders:
    """Hold two coders against each other, or only how they gave one code.

    Raises:
        NotFound: a coder has coded nothing, or there is no such code.
        QueryError: twice the same coder.
    """
    (one, first), (other, second) = _sheets_of(bench, (a, b))
    common = sorted(first.keys() & second.keys())
    pairs = [(first[name], second[name]) for name in common]
    wanted = None if code is None else _code_of(bench, code, pairs)
    chosen = _all_codes(pairs) if wanted is None else [wanted]
    reading = _has(wanted) if wanted else _whole
    return TwoCoders(
        a=one,
        b=other,
        overall=_agreement(pairs, wanted),
        codes=tuple(_agreement(pairs, path) for path in chosen),
        disagreements=tuple(
            Disagreement(verbatim_id=name, a=tuple(sorted(first[name])), b=tuple(sorted(second[name])))
            for name in common
            if reading(first[name]) != reading(second[name])
        ),
    )


def several(bench: Workbench, coders: Sequence[str]) -> Several:
    """How far several coders agree.

    Raises:
        NotFound: a coder has coded nothing.
        QueryError: fewer than two, or one of them twice.
    """
    found = _sheets_of(bench, coders)
    verbatims = set().union(*(noted for _, noted in found))
    units = [[_whole(noted[name]) for _, noted in found if name in noted] for name in sorted(verbatims)]
    told = [unit for unit in units if len(unit) > 1]
    value = kappa.alpha(told)
    verdict = NOT_ENOUGH if len(told) < FEW else NOBODY_VARIES if value is None else SAID
    pairs = [
        (one, other, _agreement([(first[name], second[name]) for name in first.keys() & second.keys()], None))
        for (one, first), (other, second) in combinations(found, 2)
    ]
    names = tuple(name for name, _ in found)
    return Several(
        coders=names, n=len(told), verdict=verdict, alpha=value if verdict == SAID else None, pairs=tuple(pairs)
    )


def _agreement(pairs: Sequence[tuple[Given, Given]], code: str | None) -> Agreement:
    reading = _has(code) if code else _whole
    told = [(reading(first), reading(second)) for first, second in pairs]
    found = kappa.kappa(told)
    verdict = NOT_ENOUGH if found.n < FEW else NOBODY_VARIES if found.value is None else SAID
    counts = {} if code is None else {"both": (True, True), "only_a": (True, False), "only_b": (False, True)}
    said = found if verdict == SAID else None
    return Agreement(
        code=code,
        n=found.n,
        agreed=found.agreed,
        verdict=verdict,
        observed=None if verdict == NOT_ENOUGH else found.agreed / found.n,
        kappa=said.value if said else None,
        low=said.low if said else None,
        high=said.high if said else None,
        **{name: told.count(cell) for name, cell in counts.items()},
    )


def _whole(given: Given) -> Hashable:
    return frozenset(map(key_of, given))


def _has(code: str) -> Callable[[Given], Hashable]:
    key = key_of(code)
    return lambda given: any(key == key_of(part) for path in given for part in ancestry(path))


def _all_codes(pairs: Iterable[tuple[Given, Given]]) -> list[str]:
    """Every code that either gave, and those above."""
    paths = {part for pair in pairs for given in pair for path in given for part in ancestry(path)}
    return sorted({key_of(path): path for path in sorted(paths, reverse=True)}.values(), key=codebook.order_of)


def _code_of(bench: Workbench, code: str, pairs: Sequence[tuple[Given, Given]]) -> str:
    """The code that is meant: one that either gave, or one of the codebook."""
    given = {key_of(path): path for path in _all_codes(pairs)}
    return given.get(key_of(code)) or codebook.find(bench, code).path


def _sheets_of(bench: Workbench, coders: Sequence[str]) -> list[tuple[str, Sheet]]:
    known = {name_key(name): (name, noted) for name, noted in coding.sheets(bench).items()}
    if len({name_key(name) for name in coders}) < max(2, len(coders)):
        raise QueryError("two different coders are needed", hint=_who(known.values()))
    for name in coders:
        if name_key(name) not in known:
            raise NotFound(f"nobody called {name!r} has coded anything", hint=_who(known.values()))
    return [known[name_key(name)] for name in coders]


def _who(known: Iterable[tuple[str, Sheet]]) -> str:
    names = sorted(name for name, _ in known)
    return f"Coders here: {', '.join(names)}." if names else "Nobody has coded anything yet: `winloss code`."
