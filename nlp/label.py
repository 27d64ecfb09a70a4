"""Naming a theme in the buyers' own words: a clause somebody really said, its terms, its exemplars, its dissent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nlp.filler import UNHEARD
from nlp.unnamed import Names, names_of, naming

if TYPE_CHECKING:
    from nlp.cluster import Clustering

Floats = NDArray[np.float32]

LABEL_VERSION = 4
"""Raise it whenever the same themes would be called or quoted differently."""

SPEAKERS = 60
"""Members nearest the centre whose clauses stand for election as the title."""
EXEMPLARS = 3
DISSENTING = 2
TERMS = 6
TITLE_WORDS = range(3, 9)
EXEMPLAR_WORDS = range(8, 46)
RIVALRY = 0.6
"""How much nearness to another theme's centre counts against a title."""
ALIKE = 0.85
"""Cosine from which on two titles say the same."""

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_CLAUSE_END = re.compile(
    r"[.,:](?!\d)[.,]*|[!?;()\[\]\"“”…\n]+|\s[–—-]+\s|\s(?=(?:and|but|because|so|which|when|while|if)\s)"
)
_OPENING = re.compile(
    r"^(?:(?:and|but|so|or|because|well|um|uh|er|oh|okay|ok|yeah|yes|no|now|then|also|plus|i mean|you know|honestly|"
    r"basically|actually|like|look|see|i think|i guess|which|that)\b(?!['’])[\s,]*)+",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"(?i)\b(?:never|not|wasn['’]t|isn['’]t|hasn['’]t been|don['’]t have)\b[^.?!]{0,40}\b(?:problem|issue|trouble|hurt|"
    r"bother|complain|concern|worry)\b|\b(?:fine|works? well|no complaints?|solved|got better|quieter)\b"
)
_STOP = frozenset(
    """
    a about after again all also am an and any are aren't as at be because been before being both but by
    can can't could couldn't did didn't do does doesn't doing don't down each even every few for from
    get gets getting go goes going got had has have having he her here him his how i i'd i'll i'm i've
    if in into is isn't it it's its just know like ll lot made make many me mean more most much my no
    not now of off on once one only or other our out over own people put quite rather re really right
    said same say says see she should so some something still such take than that that's the their them
    then there there's these they they're thing things this those though through to too two under until
    up us ve very want was wasn't way we we'd we'll we're we've well went were what when where which
    while who why will with won't would wouldn't yeah yes yet you you're your um uh
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand
    million half second third she'd he'd they'd
    """.split()  # noqa: SIM905
)
_ENDINGS = frozenset({"again", "down", "off", "out", "over", "up", "now", "here", "there", "me", "us", "them", "it"})
"""Small words that a title may end with."""
_DANGLING = _STOP - _ENDINGS
_MIDWAY = frozenset("is are was were be been being has had to of than as s t d m re ve ll".split())  # noqa: SIM905
"""Words that a clause begins with when its beginning was cut off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeLabel:
    """How a theme is called and quoted; `title` is a run of words of a member, `exemplars` and `dissenting` are ids."""

    title: str
    terms: tuple[str, ...]
    exemplars: tuple[str, ...]
    dissenting: tuple[str, ...]


def describe(
    texts: Mapping[str, str],
    clustering: Clustering,
    *,
    avoid: Collection[str] = (),
    people: Collection[str] = (),
    respondents: Sequence[str] | None = None,
    encode: Callable[[Sequence[str]], Floats] | None = None,
    persons: Callable[[str], Collection[str]] | None = None,
) -> list[ThemeLabel]:
    """One label per theme, in the order of theme numbers.

    `texts` maps ids to texts in the row order that was clustered. A title is the clause of a central member that is
    nearest the theme's centre and far from the others' (by `encode`, else by its terms). It holds no name of `avoid`
    (accounts) or `people`, nor of anybody whom `persons` finds in the text; no two themes share one or have titles that
    say the same, and one that another theme's centre is nearer to is taken only where there is no other. Terms are by
    class-based TF-IDF (Grootendorst, arXiv:2203.05794).
    """
    ids, words = list(texts), [texts[name] for name in texts]
    speakers = respondents or ids
    terms = _terms([[words[row] for row in members] for members in clustering.members])
    titles = _Titles(words, clustering.centroids, names_of(avoid, people), encode, persons)
    labels = []
    for number, members in enumerate(clustering.members):
        dissenting = _dissenting(words, speakers, members)
        labels.append(
            ThemeLabel(
                title=titles.of(number, members, dict(terms[number])),
                terms=tuple(term for term, _ in terms[number][:TERMS]),
                exemplars=tuple(ids[row] for row in _exemplars(words, speakers, members, set(dissenting))),
                dissenting=tuple(ids[row] for row in dissenting),
            )
        )
    return labels


# --- titles ----------------------------------------------------------------------------------------------------------


class _Titles:
    """Elects the title of one theme after another, minding those that were given before."""

    def __init__(
        self,
        words: Sequence[str],
        centroids: Floats,
        names: Names,
        encode: Callable[[Sequence[str]], Floats] | None,
        persons: Callable[[str], Collection[str]] | None,
    ) -> None:
        self._words, self._centroids, self._names = words, centroids, names
        self._encode, self._persons = encode, persons
        self._taken: set[str] = set()
        self._given: list[Floats] = []

    def of(self, number: int, members: NDArray[np.int64], weights: Mapping[str, float]) -> str:
        """The title of this theme; its heaviest terms where no clause of its central members can be one."""
        said: dict[str, int] = {}
        for row in members[:SPEAKERS]:
            for clause in _clauses(self._words[row]):
                said.setdefault(clause, int(row))
        fitting = [c for c in said if _plain(c) not in self._taken and not self._names.held_by(c)]
        vectors = self._encode(fitting) if fitting and self._encode is not None else None
        for place in self._ranked(fitting, vectors, number, weights):
            if not self._names_somebody(said[fitting[place]], fitting[place]):
                self._taken.add(_plain(fitting[place]))
                if vectors is not None:
                    self._given.append(vectors[place])
                return fitting[place]
        named = [term for term in sorted(weights, key=lambda term: (-weights[term], term)) if self._may_stand(term)]
        return " · ".join(named[:3]) or "Untitled"

    def _ranked(
        self, fitting: Sequence[str], vectors: Floats | None, number: int, weights: Mapping[str, float]
    ) -> list[int]:
        """Places of the clauses, best first: its own before shared ones, and none that says what another title does."""
        heaviest = max(weights.values(), default=1.0)
        coverage = np.array([sum(weights.get(word, 0.0) for word in _content(clause)) / heaviest for clause in fitting])
        score = np.minimum(coverage, 1.5) / 3
        shared, alike = np.zeros(len(fitting), dtype=bool), np.zeros(len(fitting), dtype=bool)
        if vectors is not None:
            nearness = vectors @ self._centroids.T
            others = np.delete(nearness, number, axis=1)
            rival = others.max(axis=1) if others.shape[1] else np.zeros(len(fitting))
            score = score * 0.5 + nearness[:, number] - RIVALRY * np.maximum(rival, 0)
            shared = rival >= nearness[:, number]
            if self._given:
                alike = (vectors @ np.stack(self._given).T).max(axis=1) >= ALIKE
        worth = np.round(score, 5)
        order = sorted(range(len(fitting)), key=lambda place: (bool(shared[place]), -worth[place], fitting[place]))
        return [place for place in order if not alike[place]]

    def _names_somebody(self, row: int, clause: str) -> bool:
        return self._persons is not None and any(naming(self._persons, self._words[row], clause))

    def _may_stand(self, term: str) -> bool:
        spoken = " ".join(word[:1].upper() + word[1:] for word in term.split())
        return not self._names.held_by(term) and not self._names.held_by(spoken)


def _clauses(text: str) -> Iterator[str]:
    """Clauses of three to eight words that can stand as a title, to the letter as they were said."""
    for piece in _CLAUSE_END.split(UNHEARD.sub("\n", text)):
        clause = _OPENING.sub("", piece.strip()).strip(" '’*>#-")
        found = clause.split()
        content = _content(clause)
        if (
            len(found) in TITLE_WORDS
            and len(content) >= 2
            and _plain(found[0]) not in _MIDWAY
            and found[-1].casefold().strip("'’") not in _DANGLING
            and clause in text
        ):
            yield clause


def _plain(title: str) -> str:
    return " ".join(word.casefold() for word in _WORD.findall(title))


# --- terms -----------------------------------------------------------------------------------------------------------


def _terms(themes: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
    """(term, weight) of each theme, heaviest first: words and pairs, weighted by tf x log(1 + A / f)."""
    counts = [Counter(term for text in texts for term in set(_with_pairs(_content(text)))) for texts in themes]
    everywhere: Counter[str] = Counter()
    for count in counts:
        everywhere.update(count)
    average = sum(everywhere.values()) / max(len(themes), 1)
    return [_weighted(count, everywhere, average) for count in counts]


def _weighted(count: Counter[str], everywhere: Counter[str], average: float) -> list[tuple[str, float]]:
    total = max(sum(count.values()), 1)
    weights = {
        term: n / total * log(1 + average / everywhere[term]) for term, n in count.items() if n > 1 or total < 60
    }
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    kept: list[tuple[str, float]] = []
    for term, weight in ranked[:400]:
        inside = any(term in other.split() or other in term.split() for other, _ in kept[:TERMS])
        if not inside or len(kept) >= TERMS:
            kept.append((term, weight))
    return kept


def _content(text: str) -> list[str]:
    found = (word.casefold().replace("’", "'") for word in _WORD.findall(UNHEARD.sub(" ", text)))
    return [word for word in found if word not in _STOP and len(word) > 2]


def _with_pairs(content: Sequence[str]) -> Iterator[str]:
    yield from content
    yield from (f"{one} {other}" for one, other in pairwise(content))


# --- quotations ------------------------------------------------------------------------------------------------------


def _exemplars(
    words: Sequence[str], people: Sequence[str], members: NDArray[np.int64], contrary: Collection[int]
) -> list[int]:
    """The members nearest the centre that quote well, one a person where the theme has enough people."""
    central = [int(row) for row in members if int(row) not in contrary] or [int(row) for row in members]
    fitting = [row for row in central if len(words[row].split()) in EXEMPLAR_WORDS]
    ranked = list(dict.fromkeys([*fitting, *central]))
    first: dict[str, int] = {}
    for row in ranked:
        first.setdefault(people[row], row)
    one_each = list(first.values())[:EXEMPLARS]
    return list(dict.fromkeys([*one_each, *ranked]))[:EXEMPLARS]


def _dissenting(words: Sequence[str], people: Sequence[str], members: NDArray[np.int64]) -> list[int]:
    """Members that deny it, the most central first, else those farthest from the centre; of different people."""
    denying = [int(row) for row in members if _DENIAL.search(words[row])]
    edge = [int(row) for row in members[::-1] if int(row) not in denying]
    ranked = [*denying, *edge] if len(members) > EXEMPLARS + DISSENTING else denying
    first: dict[str, int] = {}
    for row in ranked:
        first.setdefault(people[row], row)
    return list(first.values())[:DISSENTING]
