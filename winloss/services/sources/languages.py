"""Languages the model does not read: their words are kept, found and counted, and stay out of facets and themes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from nlp.text.language import language_name as language_name
from winloss.config import Settings
from winloss.model import EvidenceRow


def is_read(language: str | None, settings: Settings) -> bool:
    """Whether the model reads a language; what is not known to be in another one counts as read."""
    return language is None or language in read_languages(settings)


def read_languages(settings: Settings) -> tuple[str, ...]:
    """The codes of the languages that the model reads, as set."""
    return tuple(code.strip().casefold() for code in settings.model_languages.split(",") if code.strip())


def told(counts: Mapping[str, int]) -> str:
    """The counts as a sentence; empty where nothing was left out."""
    if not counts:
        return ""
    named = ", ".join(f"{language_name(code)} {count:,}" for code, count in counts.items())
    return f"In languages that the model does not read, and so in no theme: {named}."


def left_out(rows: Iterable[EvidenceRow], settings: Settings) -> Mapping[str, int]:
    """How many verbatims are in each language that the model does not read, the most frequent first."""
    counts = Counter(row.language for row in rows if row.language and not is_read(row.language, settings))
    return dict(sorted(((str(code), count) for code, count in counts.items()), key=lambda pair: (-pair[1], pair[0])))
