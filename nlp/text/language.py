"""Which language a text is in: told only where it is certain, because what is not read in its language is left out.

Detection is py3langid's (Lui and Baldwin 2012, "langid.py: an off-the-shelf language identification tool"), with
normalised probabilities. Codes are ISO 639-1, two small letters.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import Any

CERTAIN = 0.9
SHORTEST = 24
LOOKED_AT = 4000
"""Characters of a text that are looked at; more change nothing."""

_LETTER = re.compile(r"[^\W\d_]")
_NO_PROSE = re.compile(r"https?://\S+|(?<!\S)\S+@\S+|`[^`]*`|(?<!\S)\S*[/\\]\S+")
_NAMES = {
    "de": ("German", "ger deu deutsch german"),
    "en": ("English", "eng englisch english"),
    "es": ("Spanish", "spa español spanish"),
    "fr": ("French", "fre fra français french"),
    "it": ("Italian", "ita italiano italian"),
    "ja": ("Japanese", "jpn japanese"),
    "ko": ("Korean", "kor korean"),
    "nl": ("Dutch", "dut nld nederlands dutch"),
    "pl": ("Polish", "pol polski polish"),
    "pt": ("Portuguese", "por português portuguese"),
    "ru": ("Russian", "rus russian"),
    "sv": ("Swedish", "swe svenska swedish"),
    "tr": ("Turkish", "tur türkçe turkish"),
    "zh": ("Chinese", "chi zho chinese"),
}
_BY_NAME = {word: code for code, (_, words) in _NAMES.items() for word in words.split()}


def language_of(text: str) -> str | None:
    """The language a text is in; None where it is too short, no prose, or not certain."""
    prose = _NO_PROSE.sub(" ", text[:LOOKED_AT])
    if sum(1 for _ in islice(_LETTER.finditer(prose), SHORTEST)) < SHORTEST:
        return None
    code, probability = _identifier().classify(prose)
    return str(code) if len(code) == 2 and float(probability) >= CERTAIN else None


def language_code(written: str | None) -> str | None:
    """The code for a language as exports write it (`en-us`, `eng`, `English`); what is unknown stays as written."""
    if not written or not written.strip():
        return None
    plain = re.split(r"[-_ (]", written.strip().casefold())[0]
    return plain if len(plain) == 2 else _BY_NAME.get(plain, written.strip())


def language_name(code: str) -> str:
    """The English name of a language where we have one, else its code."""
    return _NAMES.get(code, (code, ""))[0]


@cache
def _identifier() -> Any:
    from py3langid import langid

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
