"""Which seat in the buying group a job title or flair gives."""

from __future__ import annotations

import re
from functools import cache

from nlp.speakers.seats import seat_in
from nlp.speakers.titles import mode_of, words_of
from nlp.speakers.titlewords import vocabulary
from winloss.codebook import Codebook
from winloss.model import Mode

Found = tuple[str | None, Mode | None, str]
"""Role name, mode, and the evidence in words; (None, None, "") where nothing is known."""

NOTHING: Found = (None, None, "")


def role_of_title(title: str, codebook: Codebook) -> Found:
    """The role and mode that a job title or flair tells; the phrase of the codebook that fits it best decides.

    The mode comes from the title's words of rank, else from the codebook's role. A title that belongs to somebody
    else ("Assistant to the CISO"), is no longer or not yet held ("ex-CISO", "aspiring pentester") tells nothing.
    """
    shown = " ".join(title.split())[:_LONGEST_TITLE]
    held = _held(shown)
    mode = mode_of(words_of(held))
    role = seat_in(held, codebook)
    if role is not None:
        return role.name, mode or role.mode, f'title "{shown}"'
    return (None, mode, f'title "{shown}"') if mode else NOTHING


_LONGEST_TITLE = 160
_OF_ANOTHER = re.compile(
    r"(?i)\b(?:(?:(?:executive|personal) )?(?:assistant|secretary|aide|pa|ea) to|report(?:s|ing) to|working for|"
    r"married to|not (?:a|an|the)|aspiring|wannabe|retired|student|studying|recruit(?:er|ing|ment))\b.*"
)
_ONCE = re.compile(
    r"(?i)\b(?:ex-|ex |former(?:ly)?\b|previously\b|future\b|ehemalige[rs]?\b|ancien(?:ne)?\b)[^|,;/•·]*"
)
_WHERE = re.compile(r"(?i)(?:\s@\s?|\bat |\bbei |\bchez )(?!large\b)[^|;/•·,]*")


def _held(title: str) -> str:
    """What of a title is said of its holder today, without where."""
    plain = _WHERE.sub(" ", _ONCE.sub(" ", _OF_ANOTHER.sub(" ", title)))
    return _elsewhere().sub(" ", plain)


@cache
def _elsewhere() -> re.Pattern[str]:
    return re.compile(rf"(?i)\b(?:{'|'.join(vocabulary().elsewhere)})\b")
