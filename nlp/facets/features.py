"""What the wording of a passage says about its facet, beside its meaning as a vector.

A sentence vector knows what a passage is about (phishing, payroll, freight) but hardly whether it is work to get done,
trouble, evidence or mere description: that is carried by small words. Each cue below is such a habit of speech with a
name; the classifier learns how much each one weighs, and its reasons quote the words that matched.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from winloss.model import Facet, fingerprint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

WORD = re.compile(r"[^\W_][\w']*|\?")
CUES_FILE = "facet_cues.toml"
FORMAT = 1
"""Of how inputs are computed; raise it with any change that the cues file does not show."""
SHAPES = ("question", "short", "length", "fragment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One habit of speech; `facet` is what a reader would say it speaks for, None where it only helps to weigh."""

    name: str
    facet: Facet | None
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CueHit:
    """One cue found in a text and the half-open spans where it was found."""

    cue: Cue
    spans: tuple[tuple[int, int], ...]


@cache
def cues() -> tuple[Cue, ...]:
    """The cues of `data/facet_cues.toml`, in the order of the file."""
    data = tomllib.loads(_cues_text())
    stand_ins = {"{number}": data["number"], "{time}": data["time"]}
    return tuple(_cue(entry, stand_ins) for entry in data["cue"])


def cues_mark() -> str:
    """A fingerprint of the cues and of the other inputs: weights made for one do not fit another."""
    return fingerprint("cues", FORMAT, _cues_text())


def feature_names() -> tuple[str, ...]:
    """The columns of `features`, in order."""
    return (*(cue.name for cue in cues()), *SHAPES)


def features(texts: Sequence[str], hits: Sequence[Sequence[CueHit]]) -> Matrix:
    """One row per text: how often each cue occurs (saturating, between 0 and 1), then the text's shape.

    `hits` are the cues of each text, as `cue_hits` finds them.
    """
    rows = [_row(text, found) for text, found in zip(texts, hits, strict=True)]
    return np.array(rows, dtype=np.float32).reshape(len(texts), len(feature_names()))


def cue_hits(text: str) -> list[CueHit]:
    """Every cue the text holds, in the order of `cues()`."""
    plain = straightened(text)
    found = [(cue, tuple(match.span() for match in cue.pattern.finditer(plain))) for cue in cues()]
    return [CueHit(cue=cue, spans=spans) for cue, spans in found if spans]


def phrases(text: str) -> list[tuple[str, int, int]]:
    """Every word and pair of neighbouring words, in lower case, with its half-open span; a `?` counts as a word."""
    found = [(match.group().lower(), *match.span()) for match in WORD.finditer(straightened(text))]
    pairs = [(f"{one[0]} {two[0]}", one[1], two[2]) for one, two in pairwise(found)]
    return found + pairs


def phrase_matrix(texts: Sequence[str], vocabulary: Mapping[str, int]) -> Matrix:
    """One row per text over the columns of `vocabulary`: which of its phrases occur, scaled by how many do."""
    matrix = np.zeros((len(texts), len(vocabulary)), dtype=np.float32)
    for row, text in enumerate(texts):
        columns = list({vocabulary[phrase] for phrase, _, _ in phrases(text) if phrase in vocabulary})
        matrix[row, columns] = (len(columns) + 1) ** -0.5
    return matrix


def straightened(text: str) -> str:
    """The text with typographic apostrophes as the straight one: same length, so that spans stay valid."""
    return text.replace("’", "'").replace("‘", "'")


def _row(text: str, hits: Sequence[CueHit]) -> list[float]:
    counts = {hit.cue.name: len(hit.spans) for hit in hits}
    words = len(text.split())
    shape = (
        float(text.rstrip().endswith("?")),
        float(words < 6),
        min(words, 60) / 60,
        float(not text.rstrip().endswith((".", "!", "?"))),
    )
    return [*(1 - 0.5 ** counts.get(cue.name, 0) for cue in cues()), *shape]


@cache
def _cues_text() -> str:
    return files("nlp").joinpath("data", CUES_FILE).read_text(encoding="utf-8")


def _cue(entry: Mapping[str, Any], stand_ins: Mapping[str, str]) -> Cue:
    written = "|".join(entry["words"])
    for name, meant in stand_ins.items():
        written = written.replace(name, meant)
    facet = entry.get("facet")
    return Cue(
        name=entry["name"],
        facet=Facet(facet) if facet else None,
        pattern=re.compile(rf"(?<!\w)(?:{written})(?!\w)", re.IGNORECASE),
    )
