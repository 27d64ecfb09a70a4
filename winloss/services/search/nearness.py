"""The sentence of a verbatim that is nearest in meaning to what was asked; vectors of texts that are stored nowhere."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

from winloss.model import text_key
from winloss.ports import Workbench

if TYPE_CHECKING:
    from winloss.ports import Vectors

KEPT = 8192
"""Vectors of questions and sentences kept in memory; those not asked for the longest go first."""
DIGITS = 5
"""Cosines are compared to this many decimals: rounding noise must not decide which sentence is marked."""
Span = tuple[int, int]


def encoded(bench: Workbench, texts: Sequence[str]) -> Vectors:
    """One unit row per text, in order; what was encoded lately is not encoded again."""
    kept: _Kept = bench.memo.setdefault("encoded", _Kept())
    return kept.get(bench, texts)


def nearest_sentences(bench: Workbench, texts: Sequence[str], vector: Vectors) -> list[Span]:
    """The half-open span of each text's sentence that is nearest to the vector, the first of equally near ones.

    Only texts of more than one sentence are encoded.
    """
    from nlp.text.sentences import punctuated

    cut = [punctuated(text) or [(0, len(text))] for text in texts]
    several = [(place, span) for place, spans in enumerate(cut) if len(spans) > 1 for span in spans]
    nearest = {place: spans[0] for place, spans in enumerate(cut)}
    if several:
        rows = encoded(bench, [texts[place][start:end] for place, (start, end) in several])
        best: dict[int, float] = {}
        for (place, span), cosine in zip(several, (rows @ vector).round(DIGITS).tolist(), strict=True):
            if cosine > best.get(place, -2.0):
                best[place], nearest[place] = cosine, span
    return [nearest[place] for place in range(len(texts))]


class _Kept:
    """Vectors by text key, the last ones asked for; any number of threads may ask."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, Vectors] = OrderedDict()
        self._turn = Lock()

    def get(self, bench: Workbench, texts: Sequence[str]) -> Vectors:
        import numpy as np

        keys = [text_key(text) for text in texts]
        with self._turn:
            known = {key: self._rows[key] for key in keys if key in self._rows}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            known.update(zip(missing, bench.encoder().encode(list(missing.values())), strict=True))
        with self._turn:
            for key in keys:
                self._rows[key] = known[key]
                self._rows.move_to_end(key)
            while len(self._rows) > KEPT:
                self._rows.popitem(last=False)
        rows: Vectors = np.stack([known[key] for key in keys])
        return rows
