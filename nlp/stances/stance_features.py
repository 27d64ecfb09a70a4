"""What a passage and a statement have to do with each other, in the words of both.

A sentence vector knows whether two texts speak of the same thing, hardly whether they agree. That is told by small
words and where they stand: a "not" next to the statement's subject, another reason named instead of it, a good word
where the statement has a bad one. Each is looked for in the clause that says most about the statement, since one
passage often says several things. The scope of a negation is its clause (Chapman et al., J. Biomed. Inform. 34 (2001)
301-310, bound it by words and by conjunctions in the same way). Vocabulary: `data/stance_words.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from winloss.model import fingerprint

Span = tuple[int, int]

WORDS_FILE = "stance_words.toml"
FORMAT = 2
"""Of how features are computed; raise it with any change that the vocabulary does not show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How a statement is put: `kind` is what it claims of its `subject`, the part of it that a passage must speak of.

    `cause`: the subject makes deals won or lost; `decider`: the subject decides; `wish`: somebody wants it; `state`: it
    is as the statement says.
    """

    kind: str
    subject: str
    stems: frozenset[str]
    subject_stems: frozenset[str]
    concepts: frozenset[str]
    roles: frozenset[str]
    negated: bool
    polarity: int
    degree: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What one clause shows about a statement, as numbers by name; `spans` are the words of the text that show it."""

    span: Span
    values: Mapping[str, float]
    spans: tuple[Span, ...]


KINDS = ("cause", "decider", "wish", "state")
SIGNS = (
    *("subject", "stems", "concepts", "roles", "other_role"),
    *("negation", "deny", "affirm", "contrast", "wish", "unreal", "past"),
    *("good", "bad", "agree", "disagree", "degree_agree", "degree_disagree", "other_reason"),
)


def frame_of(statement: str, names: Sequence[str] = ()) -> Frame:
    """How the statement is put; `names` are the vendor's and others' that say nothing about its subject."""
    plain = _plain(statement)
    kind, subject = _kind_and_subject(plain)
    own = [stem for stem in _stems(subject) if stem not in _stems_of_names(tuple(names))]
    return Frame(
        kind=kind,
        subject=subject,
        stems=frozenset(_stems(plain)),
        subject_stems=frozenset(own),
        concepts=frozenset(_named(_groups("concepts"), subject)),
        roles=frozenset(_named(_groups("roles"), subject)),
        negated=bool(_found("negation", plain)),
        polarity=_polarity(plain),
        degree=_degree(plain),
    )


def clauses(text: str) -> list[Span]:
    """The clauses of a text: between the ends of sentences, commas and conjunctions, fragments joined to what follows.

    They tile what is not white space; a text without words is one clause.
    """
    starts = [0, *(match.end() for match in _BORDER.finditer(text))]
    parts = [(start, end) for start, end in zip(starts, [*starts[1:], len(text)], strict=True) if text[start:end]]
    joined: list[Span] = []
    open_from: int | None = None
    for start, end in parts:
        begin = start if open_from is None else open_from
        if len(text[begin:end].split()) < FEWEST and end < len(text):
            open_from = begin
            continue
        joined.append((begin, end))
        open_from = None
    return joined or [(0, len(text))]


def signs_of(frame: Frame, text: str) -> list[Signs]:
    """What each clause of the text shows about the statement; a clause knows the subject of the one before it."""
    plain = _plain(text)
    found: list[Signs] = []
    heard: frozenset[str] = frozenset()
    for start, end in clauses(plain):
        stems = frozenset(_stems(plain[start:end]))
        found.append(_signs(frame, plain, (start, end), stems, heard))
        heard = stems
    return found


def features(frame: Frame, text: str) -> tuple[list[float], Signs]:
    """The numbers of `feature_names`, in order, and the clause that says most about the statement."""
    found = signs_of(frame, text)
    best = max(found, key=_aboutness)
    whole = {name: max(sign.values[name] for sign in found) for name in SIGNS}
    values = [best.values[name] for name in SIGNS] + [whole[name] for name in SIGNS]
    flip = -1.0 if frame.negated else 1.0
    about = min(1.0, _aboutness(best))
    values += [about, min(1.0, len(text.split()) / 60), flip * about]
    for name in CROSSED:
        values += [best.values[name] * about * (frame.kind == kind) for kind in KINDS]
        values.append(flip * best.values[name] * about)
    return values, best


CROSSED = (
    "negation", "deny", "affirm", "contrast", "agree", "disagree", "degree_agree", "degree_disagree", "other_reason",
    "other_role", "wish",
)  # fmt: skip


def feature_names() -> tuple[str, ...]:
    """What `features` gives, in order."""
    crossed = [f"{name}:{kind}" for name in CROSSED for kind in (*KINDS, "flip")]
    return (
        *(f"best_{name}" for name in SIGNS),
        *(f"any_{name}" for name in SIGNS),
        "about",
        "length",
        "flip",
        *crossed,
    )


def words_mark() -> str:
    """A fingerprint of the vocabulary and of how it is used: weights made for one do not fit another."""
    return fingerprint("stance-words", FORMAT, _words_text())


# --- the statement ---------------------------------------------------------------------------------------------------

_DECIDES = re.compile(
    r"^(?P<subject>.{2,60}?)\s+(?:always |usually |really |often )?(?:decides?|makes? the (?:final )?(?:decision|call)|"
    r"ha(?:s|ve) the (?:final|last) (?:say|word)|calls? the shots|signs? off|holds? the (?:budget|purse)\w*|"
    r"controls? the (?:budget|decision|purchase)|picks? the|owns? the (?:decision|budget)|"
    r"drives? the (?:decision|purchase|evaluation)|approves?|chooses?|selects?|runs? the evaluation)\b"
)
_BECAUSE = re.compile(
    r"\b(?:los[et]\w*|losing|lost|w[io]n\w*|beats?|cho[so]\w*|choose\w*|pick\w*|buy\w*|bought|leav\w+|left|churn\w*|"
    r"switch\w*|cancel\w*|sign\w*|renew\w*|come to us|go with|stay\w*|deals? (?:stall|die|slip|close)\w*|stall\w*|"
    r"reject\w*)\b.{0,60}?\b(?:on|because of|because|due to|for|over|thanks to|through|by|from|with)\s+(?P<subject>.+)$"
)
_MATTERS = re.compile(
    r"^(?P<subject>.{2,60}?)\s+(?:is|are|was)?\s*(?:always |usually |still |what )?(?:wins?|loses?|costs? us|closes?|"
    r"sells?|kills?|matters?|the (?:main |biggest |number one |deciding |real |top |first )*(?:reason|factor|driver|"
    r"blocker|deal ?breaker|criterion)|decisive|deal ?breakers?|drives?|why)\b"
)
_WANTS = re.compile(
    r"\b(?:wants?|needs?|prefers?|values?|asks? for|looks? for|demands?|insists? on|expects?|requires?|cares? about|"
    r"would pay(?: more)? for|is looking for|are looking for|likes?|loves?)\s+(?P<subject>.+)$"
)


def _kind_and_subject(plain: str) -> tuple[str, str]:
    for kind, pattern in (("decider", _DECIDES), ("cause", _BECAUSE), ("wish", _WANTS), ("cause", _MATTERS)):
        match = pattern.search(plain)
        if match and _stems(match["subject"]):
            return kind, match["subject"]
    return "state", plain


# --- a clause --------------------------------------------------------------------------------------------------------

FEWEST = 3
"""Words of a clause; fewer belong to the next one."""
_BORDER = re.compile(
    r"(?:(?<=[.!?;:])\s+|\s*[—–]\s*|\s+-+\s+|,\s+(?=(?:but|and|so|because|which|who|it|that|we|they|i|not|the|what|"
    r"although|though|while|since|he|she|nobody|no one|never|rather)\b)|\s+(?=(?:but|because|although|though|whereas|"
    r"while|yet|except|so that|rather than)\b)|\n+)"
)


def _signs(frame: Frame, plain: str, span: Span, stems: frozenset[str], heard: frozenset[str]) -> Signs:
    clause = plain[slice(*span)]
    shared = {name: _found(name, clause) for name in _PLAIN_GROUPS}
    concepts, roles = _named(_groups("concepts"), clause), _named(_groups("roles"), clause)
    own = frame.subject_stems & stems
    values = {name: min(1.0, len(words) / 2) for name, words in shared.items()}
    values["subject"] = _part(own, frame.subject_stems) or 0.5 * _part(frame.subject_stems & heard, frame.subject_stems)
    values["stems"] = _part(frame.stems & stems, frame.stems)
    values["concepts"] = _part(frame.concepts & concepts, frame.concepts)
    values["roles"] = _part(frame.roles & roles, frame.roles)
    values["other_role"] = float(bool(frame.roles and roles - frame.roles))
    values |= _agreement(frame, clause, negated=bool(shared["negation"]))
    away = bool(shared["affirm"]) and not own and not frame.concepts & concepts and not frame.roles & roles
    values["other_reason"] = float(away)
    shown = [match for name in ("deny", "affirm", "negation") for match in shared[name]]
    shown += [match for match in _WORD.finditer(clause) if _stem(match.group()) in own]
    spans = tuple((span[0] + match.start(), span[0] + match.end()) for match in shown)
    return Signs(span=span, values={name: values[name] for name in SIGNS}, spans=spans)


def _agreement(frame: Frame, clause: str, *, negated: bool) -> dict[str, float]:
    good, bad = len(_found("good", clause)), len(_found("bad", clause))
    tone = _sign(good - bad) * (-1 if negated else 1)
    degree = _degree(clause) * (-1 if negated else 1)
    return {
        "good": min(1.0, good / 2),
        "bad": min(1.0, bad / 2),
        "agree": float(tone * frame.polarity > 0),
        "disagree": float(tone * frame.polarity < 0),
        "degree_agree": float(degree * frame.degree > 0),
        "degree_disagree": float(degree * frame.degree < 0),
    }


def _aboutness(sign: Signs) -> float:
    values = sign.values
    return (
        values["subject"] + 0.5 * values["concepts"] + values["roles"] + 0.5 * values["stems"]
        + 0.15 * (values["deny"] + values["affirm"])
    )  # fmt: skip


def _polarity(plain: str) -> int:
    """Whether a statement ends on a good or a bad note: the last word of either kind is what it says of its subject."""
    ends = [(match.end(), tone) for name, tone in (("good", 1), ("bad", -1)) for match in _found(name, plain)]
    tone = max(ends)[1] if ends else 0
    return -tone if _found("negation", plain) else tone


def _degree(plain: str) -> int:
    return _sign(len(_found("more", plain)) - len(_found("less", plain)))


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _part(shared: frozenset[str] | set[str], of: frozenset[str]) -> float:
    return len(shared) / len(of) if of else 0.0


# --- words -----------------------------------------------------------------------------------------------------------

_PLAIN_GROUPS = ("negation", "deny", "affirm", "contrast", "wish", "unreal", "past")
_WORD = re.compile(r"[a-z0-9]+")
_SUFFIXES = (
    "ization", "isation", "ational", "fulness", "iveness", "ations", "ation", "ments", "ment", "ingly", "edly", "ness",
    "ance", "ence", "able", "ible", "ings", "ing", "ies", "ied", "ion", "ers", "est", "ity", "ive", "ly", "ed", "er",
    "es", "al", "s", "e", "y",
)  # fmt: skip


def _stems(plain: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(plain) if word not in _stop() and len(word) > 1]


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    """The word without its ending, at least four letters of it; a rough cut that puts a word's forms together."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


@lru_cache(maxsize=64)
def _stems_of_names(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stem for name in names for stem in _stems(_plain(name)))


def _plain(text: str) -> str:
    """Lower case and straight apostrophes, character for character, so that spans stay true."""
    return "".join(low if len(low := char.lower()) == 1 else char for char in text).replace("’", "'").replace("‘", "'")


def _named(groups: Mapping[str, re.Pattern[str]], plain: str) -> set[str]:
    return {name for name, pattern in groups.items() if pattern.search(plain)}


def _found(group: str, plain: str) -> list[re.Match[str]]:
    return list(_patterns()[group].finditer(plain))


@cache
def _words_text() -> str:
    return files("nlp").joinpath("data", WORDS_FILE).read_text(encoding="utf-8")


@cache
def _stop() -> frozenset[str]:
    return frozenset(_vocabulary()["stop"]["of_no_subject"])


@cache
def _vocabulary() -> Mapping[str, Mapping[str, Sequence[str]]]:
    return tomllib.loads(_words_text())


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    tables = _vocabulary()
    named = {name: table["words"] for name, table in tables.items() if "words" in table}
    return {name: _any_of(words) for name, words in {**named, **tables["polarity"]}.items()}


@cache
def _groups(table: str) -> Mapping[str, re.Pattern[str]]:
    return {name: _any_of(words) for name, words in _vocabulary()[table].items()}


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{'|'.join(words)})(?!\w)")
