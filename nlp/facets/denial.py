"""Whether a passage denies what others tell: a pain it does not have, proof that convinced nobody, work not planned.

Only a plain denial counts: a clause that says the trouble is not there, is over, or is no matter to the speaker. What
is only supposed ("if it were no problem"), asked, or turned round ("not only a problem") denies nothing. Which pain is
denied is told by what the passage is about, and that is for the caller (`nlp.themes.belonging`). Vocabulary:
`data/denial.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from winloss.model import Facet

Span = tuple[int, int]
"""The half-open range of code points of the words that deny."""

_ASKED = re.compile(r"[^.!?\n]*\?")
_YET = re.compile(r"(?i)^[^.?!;]{0,24}\b(?:until|before|at first|except|yet|unless)\b")


def with_parts(pattern: str, parts: Mapping[str, str]) -> str:
    """A pattern of a vocabulary with its parts in place of their names."""
    for name, part in parts.items():
        pattern = pattern.replace(f"{{{name}}}", part)
    return pattern


def denial(text: str, facet: Facet) -> Span | None:
    """Where the passage denies a pain, an engagement or a proof, or None."""
    found = [
        match.span()
        for pattern in _denials(facet)
        for match in pattern.finditer(text)
        if not _unreal().search(text, max(0, match.start() - 60), match.start())
        and not _ASKED.match(text, match.end())
        and not _YET.match(text[match.end() : match.end() + 40])
    ]
    return min(found, default=None)


@cache
def _vocabulary() -> Mapping[str, Any]:
    return tomllib.loads(files("nlp").joinpath("data", "denial.toml").read_text(encoding="utf-8"))


@cache
def _denials(facet: Facet) -> Sequence[re.Pattern[str]]:
    told = _vocabulary()
    return tuple(re.compile(f"(?i){with_parts(text, told['parts'])}") for text in told["denials"].get(facet, ()))


@cache
def _unreal() -> re.Pattern[str]:
    return re.compile(f"(?i){_vocabulary()['unreal']}")
