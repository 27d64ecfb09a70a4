"""Whether what buyers say could ever speak against a statement; one that they cannot test is no finding.

A statement can be tested where it says something of buyers, or of what they see, that another buyer could deny. Praise
of ourselves, hopes, plans, our own figures and truisms cannot: no verbatim would make anybody take them back (after
K. Popper, The Logic of Scientific Discovery (1959), chapter 4). Decided by the rules of `data/falsifiable.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Falsifiability:
    """Whether verbatims could contradict a statement; `kind` is the rule that held, empty where none did."""

    falsifiable: bool
    kind: str
    reason: str


def falsifiability(statement: str, names: Sequence[str] = ()) -> Falsifiability:
    """Whether verbatims can test the statement; `names` are the vendor's."""
    plain = _plain(statement, names)
    if plain.endswith("?"):
        return _cannot("question", "it is a question; write the answer that is believed")
    if len(set(_WORDS.findall(plain)) - _EMPTY) < FEWEST:
        return _cannot("empty", "it says too little for anybody to deny it; say who does what, and why")
    spared = _unless().search(plain) is not None
    for rule in _rules():
        if rule.pattern.search(plain) and not (rule.unless and spared):
            return _cannot(rule.kind, rule.reason)
    return Falsifiability(falsifiable=True, kind="", reason="buyers can say so, or deny it")


FEWEST = 2
"""Words that say something, without which a statement says nothing."""
_WORDS = re.compile(r"[a-z0-9]{2,}")
_EMPTY = frozenset({"the", "and", "our", "we", "are", "is", "it", "they", "them", "us", "of", "to", "in", "on", "for"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    kind: str
    reason: str
    pattern: re.Pattern[str]
    unless: bool


def _cannot(kind: str, reason: str) -> Falsifiability:
    return Falsifiability(falsifiable=False, kind=kind, reason=reason)


def _plain(statement: str, names: Sequence[str]) -> str:
    """Lower case, straight apostrophes, our own name as "we", single spaces, no full stop at the end."""
    text = statement.casefold().replace("’", "'").replace("&", " and ")
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name.casefold())}'s(?!\w)", "our", text)
        text = re.sub(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", "we", text)
    return " ".join(text.split()).rstrip(" .!")


@cache
def _vocabulary() -> Mapping[str, object]:
    return tomllib.loads(files("nlp").joinpath("data", "falsifiable.toml").read_text(encoding="utf-8"))


@cache
def _rules() -> tuple[_Rule, ...]:
    rules = _vocabulary()["rule"]
    assert isinstance(rules, list)
    return tuple(
        _Rule(
            kind=rule["kind"],
            reason=rule["reason"],
            pattern=_any_of(rule["patterns"]),
            unless=rule.get("unless", False),
        )
        for rule in rules
    )


@cache
def _unless() -> re.Pattern[str]:
    table = _vocabulary()["unless"]
    assert isinstance(table, dict)
    return _any_of(table["patterns"])


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(_filled, patterns)))


def _filled(pattern: str) -> str:
    """A pattern with its parts filled in; parts may hold parts."""
    parts = _vocabulary()["parts"]
    assert isinstance(parts, dict)
    while names := [name for name in parts if f"<{name}>" in pattern]:
        for name in names:
            pattern = pattern.replace(f"<{name}>", parts[name])
    return pattern
