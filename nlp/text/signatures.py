"""The job title in the signature of a post or a mail."""

from __future__ import annotations

import re

from nlp.speakers.roles import role_of_title
from winloss.codebook import Codebook

_LINES = 6
_LONGEST = 90
_BEGINS = re.compile(
    r"(?im)^[ \t]*(?:--|—|–|_{3,}|(?:(?:best|kind|warm|many)?[ \t]*(?:regards|wishes)|best|thanks(?: again)?|thank you|"
    r"cheers|sincerely|mit freundlichen grüßen|viele grüße|cordialement|saludos)[,.!]?)[ \t]*\r?$"
)


def title_of_signature(text: str, codebook: Codebook) -> str | None:
    """The line of a signature that gives a seat in the buying group, as written, or None.

    A signature is what follows a line of dashes or a closing ("Best,") at the end of a text, in a few short lines.
    """
    begins = [match.end() for match in _BEGINS.finditer(text)]
    if not begins:
        return None
    lines = [line.strip(" \t\r*_") for line in text[begins[-1] :].split("\n") if line.strip()]
    if len(lines) > _LINES or any(len(line) > _LONGEST for line in lines):
        return None
    return next((line for line in lines if role_of_title(line, codebook)[0] is not None), None)
