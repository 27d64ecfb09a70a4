"""How near verbatims are to a claim, so that their stance is asked for at all.

A single short verbatim lies far from a claim that says the same in other words, while the group it belongs to lies
near. Its nearness is therefore the mean of its own and of its theme's: cluster-based smoothing, as in X. Liu and W. B.
Croft, Cluster-based retrieval using language models, SIGIR 2004.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

import numpy as np

from winloss.model import Stance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

NEAR, NEAREST_LIMIT, OUTSTANDING = 0.28, 0.5, 2.0
"""Nearness from which on a verbatim may be about a claim, and how many standard deviations it must be nearer than all
verbatims are: words that everybody uses bring every verbatim nearer. Where many say it, that would shut them out, so
the limit has an end."""
REACH = 0.06
"""So far below that limit a verbatim is still looked at, if its theme stands out for the claim."""
DEAF, TRUSTED = -0.02, 0.06
"""How far above the limit the judge's word begins to count, and from where on it counts in full. Chosen on claims about
other subjects than any verbatim's (`benchmarks/audit`): hardly anybody is as near to such a claim."""
STANDS_OUT, FEWEST_THEMES = 3.0, 10
"""A theme stands out for a claim where it lies so many standard deviations nearer than themes do; of fewer, none."""
SURELY, SLOPE = 0.14, 0.04
"""How far above the limit a verbatim is as likely as not to say what the claim says, whatever its words; and how fast
that changes around it."""
SPOKEN = 0.6
"""What the judge must see, at least, in a verbatim whose theme speaks for it."""
AGAINST, LEAD, LEAD_OVER_A_DENIAL, DOUBT = 0.5, 0.1, 0.2, 0.12
"""How likely the judge must hold it that a verbatim contradicts, and how much likelier than that it supports: few
contradict, and a denial is denied more seldom still. Where it holds a contradiction likelier by more than a doubt,
the verbatim does not count as support."""
MOST = 300
"""So many are read for one claim; where more are near, counts are least numbers."""
ALIKE, SAME_WORDS = 0.75, 0.97
"""Cosine from which on two statements are about the same, and from which on they have the same words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A text that is about a claim: its place, how far above the limit it is, and whether its theme stands out."""

    place: int
    above: float
    inside: bool


class Ground:
    """The distinct texts of a scope as vectors, each with its theme (None: unthemed), and the themes' centres."""

    def __init__(self, vectors: Vectors, themes: Sequence[str | None]) -> None:
        self._vectors = vectors
        names = sorted({name for name in themes if name})
        places = {name: number for number, name in enumerate(names)}
        self.themes = tuple(names)
        self._theme_of = np.array([places[name] if name else -1 for name in themes], dtype=np.int64)
        self.centres = _centres(vectors, self._theme_of, len(names))

    def rows(self, places: Sequence[int]) -> Vectors:
        """The vectors of these texts, in order."""
        return self._vectors[list(places)]

    def nearness(self, statement: Vectors) -> NDArray[np.float32]:
        """How near every text is to a statement."""
        own = self._vectors @ statement
        if not len(self.themes):
            return np.asarray(own)
        shared = self.centres @ statement
        smoothed = np.where(self._theme_of >= 0, (own + shared[self._theme_of]) / 2, own)
        return np.asarray(smoothed, dtype=np.float32)

    def near(self, statement: Vectors, allowed: Sequence[int], *, most: int = MOST) -> tuple[list[Near], bool]:
        """The allowed texts that are about a statement, nearest first, and whether there are more."""
        if not len(allowed):
            return [], False
        places = np.asarray(allowed)
        everything = self.nearness(statement)
        limit = max(NEAR, min(NEAREST_LIMIT, float(everything.mean() + OUTSTANDING * everything.std())))
        above = everything[places] - limit
        inside = np.isin(self._theme_of[places], self._standing_out(statement))
        enough = np.flatnonzero(above >= np.where(inside, -REACH, DEAF))
        order = enough[np.argsort(-np.round(above[enough], 6), kind="stable")]
        found = [Near(place=int(places[at]), above=float(above[at]), inside=bool(inside[at])) for at in order[:most]]
        return found, len(order) > most

    def _standing_out(self, statement: Vectors) -> NDArray[np.int64]:
        """The themes that lie nearer to a statement than themes do."""
        if len(self.themes) < FEWEST_THEMES:
            return np.zeros(0, dtype=np.int64)
        near = self.centres @ statement
        return np.flatnonzero(near >= near.mean() + STANDS_OUT * near.std())


_WORD = re.compile(r"[^\W\d_]{4,}")
_STEM = 8
_ENDING = re.compile(r"(?:ings?|ed|es|s)$")
FARTHER = 0.02
"""How much nearer a verbatim may be to a claim without its unheard words than to the claim itself."""


def stems(text: str) -> set[str]:
    """The beginnings of a text's longer words, by which words are known to be of one family."""
    return {_stem(word) for word in _WORD.findall(text.casefold())}


def _stem(word: str) -> str:
    return _ENDING.sub("", word)[:_STEM]


def without_unheard(statement: str, heard: Collection[str]) -> str | None:
    """A statement without the words that no verbatim has, or None where it has none, or nothing else.

    Buyers may say it in other words, or may not speak of it: which of both, `speaks_of_it` decides.
    """
    kept = _WORD.sub(lambda found: found[0] if _stem(found[0].casefold()) in heard else "", statement)
    plain = " ".join(kept.split())
    return plain if plain != " ".join(statement.split()) and len(stems(plain)) > 0 else None


def speaks_of_it(vectors: Vectors, statement: Vectors, bare: Vectors) -> list[bool]:
    """Whether each text is about as near to a statement as to the same without its unheard words.

    Where those words say nothing but in other words what the text says, they bring it nearer; where they say something
    of which the text does not speak, they take it away.
    """
    return [bool(value) for value in vectors @ statement >= vectors @ bare - FARTHER]


_DENIES = re.compile(r"(?i)\b(?:not|no|never|nobody|no one|none|nothing|neither|without|cannot|lacks?|\w+n['’]t)\b")


def denies(statement: str) -> bool:
    """Whether a statement says that something is not so."""
    return _DENIES.search(statement) is not None


def weigh(near: Near, chances: Mapping[str, float], *, denial: bool) -> tuple[Stance, float]:
    """What a verbatim says of a claim, from the judge's chances of each stance and from how near it is.

    The judge says which way a verbatim leans; that it speaks of the claim at all, its nearness tells as well.
    """
    for_it, against = chances[Stance.SUPPORTS], chances[Stance.CONTRADICTS]
    spoken = for_it + against
    about = 1 / (1 + exp(-(near.above - SURELY) / SLOPE))
    trust = min(1.0, max(0.0, (near.above - DEAF) / (TRUSTED - DEAF)))
    in_company = 0.6 if near.inside and spoken >= SPOKEN else 0.0
    relevant = max(spoken * trust, about, in_company)
    lead = LEAD_OVER_A_DENIAL if denial else LEAD
    if against >= AGAINST and against >= for_it + lead and max(trust, in_company) >= 0.5:
        return Stance.CONTRADICTS, against
    if relevant >= 0.5 and against <= for_it + DOUBT:
        return Stance.SUPPORTS, relevant
    return Stance.UNRELATED, 1 - relevant / 2


_OVER = re.compile(
    r"(?i)\b(?:(?:is|are|was|were|been|got|now) (?:now |finally |largely |all )?(?:solved|resolved|fixed|gone|"
    r"over|behind us|"
    r"under control|history|addressed)|no longer|went away|stopped being|(?:is|are|was|were) (?:not|never) "
    r"(?:a|an|the|our) (?:problem|issue|factor|concern|pain|reason)|(?:isn|aren|wasn|weren)['’]t (?:a|an|the) "
    r"(?:problem|issue|factor|concern|reason)|does(?:n['’]t| not) (?:matter|hurt|bother)|(?:is|are) no "
    r"(?:problem|issue|concern))\b"
)
_FINE = re.compile(
    r"(?i)\b(?:solved|fixed|no longer|under control|ours (?:are|is) fine|(?:is|are|was|were|got|gets|much|far) "
    r"(?:fine|better|decent|quiet)|"
    r"never (?:been |was |were )?(?:a|my|our|the) (?:problem|issue)|(?:isn|aren|wasn|weren)['’]t (?:a|my|our|"
    r"the)? ?(?:problem|issue|what)|"
    r"not (?:a|my|our|the) (?:problem|issue)|not worried|(?:isn|aren)['’]t (?:a )?problem)"
)


def says_it_is_over(statement: str) -> bool:
    """Whether a claim says that a trouble is none, or none any more: whoever tells of it then speaks against it."""
    return _OVER.search(statement) is not None


def weigh_trouble(near: Near, text: str, *, told_as_pain: bool) -> tuple[Stance, float]:
    """What a verbatim says of a claim that a trouble is over: told as a pain it speaks against it.

    Whoever says in so many words that it is fine speaks for it.
    """
    about = 1 / (1 + exp(-(near.above - SURELY / 2) / SLOPE))
    if about < 0.5:
        return Stance.UNRELATED, 1 - about
    if _FINE.search(text):
        return Stance.SUPPORTS, about
    return (Stance.CONTRADICTS, about) if told_as_pain else (Stance.UNRELATED, about)


def _centres(vectors: Vectors, theme_of: NDArray[np.int64], count: int) -> Vectors:
    sums = np.zeros((count, vectors.shape[1] if vectors.ndim == 2 else 0), dtype=np.float32)
    themed = theme_of >= 0
    np.add.at(sums, theme_of[themed], vectors[themed])
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.where(norms > 0, norms, 1), dtype=np.float32)


def nearest_statement(statement: Vectors, others: Vectors) -> tuple[int, float] | None:
    """Which of the others a statement is nearest to, and the cosine; None without others."""
    if not len(others):
        return None
    cosines = others @ statement
    best = int(np.argmax(np.round(cosines, 6)))
    return best, float(cosines[best])


def centre(vectors: Vectors) -> Vectors:
    """The unit vector of the mean of some vectors."""
    mean = np.asarray(vectors).mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), dtype=np.float32)


def by_typicality(vectors: Vectors) -> list[int]:
    """The places of the rows, those nearest to their middle first."""
    if not len(vectors):
        return []
    nearness = np.round(vectors @ centre(vectors), 6)
    return [int(place) for place in np.argsort(-nearness, kind="stable")]


def cosines(ours: Sequence[Vectors], theirs: Sequence[Vectors]) -> list[list[float]]:
    """The cosine of each of ours with each of theirs."""
    if not len(ours) or not len(theirs):
        return []
    return [[float(value) for value in row] for row in np.stack(ours) @ np.stack(theirs).T]
