"""Describing a theme in the buyers' own words: its title, its terms, its exemplars, its dissent."""

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

from nlp.text.unnamed import names_of
from nlp.text.words import content_words
from nlp.themes.theme_titles import Titles

if TYPE_CHECKING:
    from nlp.themes.cluster import Clustering

Floats = NDArray[np.float32]

LABEL_VERSION = 5
"""Raise it whenever the same themes would be called or quoted differently."""

EXEMPLARS = 3
DISSENTING = 2
TERMS = 6
EXEMPLAR_WORDS = range(8, 46)

_DENIAL = re.compile(
    r"(?i)\b(?:never|not|wasn['’]t|isn['’]t|hasn['’]t been|don['’]t have)\b[^.?!]{0,40}\b(?:problem|issue|trouble|hurt|"
    r"bother|complain|concern|worry)\b|\b(?:fine|works? well|no complaints?|solved|got better|quieter)\b"
)


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

    `texts` maps ids to texts in the row order that was clustered. A title is a clause or a noun phrase of a central
    member: near the theme's centre and far from the others' (where `encode` is given), in words that many of the
    theme's people use. It holds no name of `avoid` (accounts) or `people`, nor of anybody whom `persons` finds in the
    text; no two themes share one or have titles that say the same, and one that another theme's centre is nearer to is
    taken only where there is no other. Terms are by class-based TF-IDF (Grootendorst, arXiv:2203.05794).
    """
    ids, words = list(texts), [texts[name] for name in texts]
    speakers = respondents or ids
    terms = _terms([[words[row] for row in members] for members in clustering.members])
    titles = Titles(
        words,
        speakers,
        clustering.members,
        clustering.centroids,
        names=names_of(avoid, people),
        encode=encode,
        persons=persons,
    )
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


# --- terms -----------------------------------------------------------------------------------------------------------


def _terms(themes: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
    """(term, weight) of each theme, heaviest first: words and pairs, weighted by tf x log(1 + A / f)."""
    counts = [Counter(term for text in texts for term in set(_with_pairs(content_words(text)))) for texts in themes]
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
