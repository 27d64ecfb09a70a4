"""How much is still unsaid: sample coverage and richness from codes that a person confirmed.

On machine clusters these estimates are badly wrong (outliers look like rare codes); give them confirmed codes only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCoverage:
    """What people named, and what they have not yet.

    `coverage` estimates the share of what is named anywhere that belongs to codes already seen; `codes_estimated` is
    a lower bound of how many codes there are. Both None where nobody named anything.
    """

    respondents: int
    codes_seen: int
    named_once: int
    named_twice: int
    coverage: float | None
    codes_estimated: float | None


def code_coverage(codes: Sequence[Collection[str]]) -> CodeCoverage:
    """Coverage of confirmed codes, `codes` holding what each respondent named (people are the sampling unit).

    Coverage is Good and Turing's 1 - f1 / U with Chao and Jost's correction for incidence data; richness is Chao2.
    Sources: Good, Biometrika 40 (1953) 237-264; Chao & Jost, Ecology 93 (2012) 2533-2547, appendix on incidence;
    Chao, Biometrics 43 (1987) 783-791.
    """
    counts = Counter(code for named in codes for code in set(named))
    people, once = len(codes), sum(1 for count in counts.values() if count == 1)
    twice, total = sum(1 for count in counts.values() if count == 2), sum(counts.values())
    return CodeCoverage(
        respondents=people,
        codes_seen=len(counts),
        named_once=once,
        named_twice=twice,
        coverage=_coverage(people, once, twice, total) if total else None,
        codes_estimated=len(counts) + _unseen(people, once, twice) if total else None,
    )


def _coverage(people: int, once: int, twice: int, total: int) -> float:
    if not once:
        return 1.0
    if people < 2:
        return 0.0
    if twice:
        rest = (people - 1) * once / ((people - 1) * once + 2 * twice)
    else:
        rest = (people - 1) * (once - 1) / ((people - 1) * (once - 1) + 2)
    return 1.0 - once / total * rest


def _unseen(people: int, once: int, twice: int) -> float:
    grown = (people - 1) / people
    return grown * once * once / (2 * twice) if twice else grown * once * (once - 1) / 2
