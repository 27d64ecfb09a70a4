"""Which seat in the buying group a job title or flair gives."""

from __future__ import annotations

import re

from nlp.titles import Match, mode_of, phrase_in, words_of
from winloss.codebook import Codebook
from winloss.model import Mode

Found = tuple[str | None, Mode | None, str]
"""Role name, mode, and the evidence in words; (None, None, "") where nothing is known."""

NOTHING: Found = (None, None, "")


def role_of_title(title: str, codebook: Codebook) -> Found:
    """The role and mode that a job title or flair tells; the longest phrase of the codebook in it decides.

    The mode comes from the title's words of rank, else from the codebook's role. A title that belongs to somebody
    else ("Assistant to the CISO", "ex-CISO") tells nothing.
    """
    shown = " ".join(title.split())[:_LONGEST_TITLE]
    named = _OF_ANOTHER.split(shown, maxsplit=1)[0]
    words = words_of(named)
    mode = mode_of(words)
    match = _longest(named, codebook)
    if match is not None:
        return match.role.name, mode or match.role.mode, f'title "{shown}"'
    return (None, mode, f'title "{shown}"') if mode else NOTHING


_LONGEST_TITLE = 160
_OF_ANOTHER = re.compile(
    r"(?i)\b(?:(?:(?:executive|personal) )?(?:assistant|secretary|aide) to|report(?:s|ing) to|working for|married to|"
    r"not (?:a|an|the)|ex-|ex |former(?:ly)?|aspiring|future|wannabe|retired|student|recruit(?:er|ing|ment))\b"
)
_RANK_FIRST = re.compile(r"\s*([^,–—:/|-]+?)\s*(?:,|[–—:/|]|\s-)\s*(.+)")
_RANKS = frozenset(
    {"manager", "director", "head", "lead", "vp", "engineer", "analyst", "architect", "officer", "specialist", "team"}
    | {"senior", "principal", "staff", "deputy", "associate", "assistant", "executive", "group", "global", "regional"}
)


def _longest(title: str, codebook: Codebook) -> Match | None:
    """The longest phrase in the title as written or turned round: "Manager, Security" is a security manager."""
    match = phrase_in(words_of(title), codebook)
    ranked = _RANK_FIRST.fullmatch(title)
    if ranked is None or not set(words_of(ranked[1])) <= _RANKS:
        return match
    turned = phrase_in(words_of(f"{ranked[2]} {ranked[1]}"), codebook)
    if match is None or (turned is not None and turned.end - turned.start > match.end - match.start):
        return turned
    return match
