"""What a role does in the deal: approve it, champion it, block it or win others over; and which role does it.

Only what the passage shows counts, as something done or held. What people might do, what a product allows or denies,
and blocking as a security control ("it blocked the malware") show nothing about the deal, nor does what the vendor's
own people do: a wrong word about a person is worse than none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.speakers.permission_cues import CUES, OF_OTHERS, UNREAL, VENDOR_SIDE
from nlp.speakers.seats import seat_in
from winloss.codebook import Codebook
from winloss.model import Permission

SPEAKER = "speaker"
"""The actor who speaks: the seat is the speaker's own, whatever it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A permission with the words that show it, the half-open span of code points from `start` to `end`.

    `actor` is a role of the codebook, `SPEAKER`, or None where the words name nobody who has a seat there ("the works
    council", "my boss"); `named` holds the words for it, empty for the speaker. `whom` is the role that is won over.
    `by_title` says that no words of the passage show it, only the title that the person was given, and then the span
    is that of the title's words.
    """

    permission: Permission
    actor: str | None
    named: str
    whom: str | None
    start: int
    end: int
    by_title: bool = False


def permission_of(text: str) -> Permission | None:
    """What the passage shows somebody doing in the deal, or None; the first that is shown decides.

    Winning over somebody who stood in the way counts as that, not as the blocking that came before it.
    """
    found = _shown(text)
    return found[0] if found else None


def act_of(text: str, codebook: Codebook, *, title: str = "") -> Act | None:
    """The permission that the passage shows, with who acts and the words that show it; None where none is shown.

    Where the passage shows none and the person's title itself names one ("Economic buyer", "Champion", as contacts are
    marked in a CRM), that is given and marked `by_title`. A mere job title ("CFO") gives none.
    """
    if found := _shown(text):
        permission, words = found
        named = _actor(words)
        return Act(
            permission=permission,
            actor=_role(named, codebook),
            named="" if _is_speaker(named) else named,
            whom=_role(_whom(words), codebook),
            start=words.start(),
            end=words.end(),
        )
    return _titled(title)


_ME = frozenset({"i", "we", "me", "my", "mine"})
_BY_TITLE: tuple[tuple[Permission, re.Pattern[str]], ...] = tuple(
    (permission, re.compile(rf"(?i)\b(?:{words})\b"))
    for permission, words in (
        (Permission.BLOCK, r"blocker|gate-?\s?keeper|detractor"),
        (Permission.CHAMPION, r"(?:internal )?champion|coach|advocate"),
        (
            Permission.APPROVE,
            r"approver|signatory|budget (?:holder|owner)|economic buyer|decision[- ]?maker|executive sponsor",
        ),
    )
)
_NEAR = 30


def _shown(text: str) -> tuple[Permission, re.Match[str]] | None:
    """The permission that is shown, with the match that shows it."""
    words = frozenset(re.findall(r"[^\W_]+", text.casefold()))
    shown = [
        (permission, match)
        for permission, cues in CUES.items()
        for cue in cues
        if cue.needs & words
        for match in cue.pattern.finditer(text)
        if _is_real(text, match)
    ]
    won_over = [found for found in shown if found[0] is Permission.NEUTRALISE]
    return min(won_over or shown, key=lambda found: found[1].start(), default=None)


def _is_real(text: str, match: re.Match[str]) -> bool:
    """Whether it is told as a fact, of somebody on the buyer's side."""
    begin = match.start()
    if UNREAL.search(text, max(0, begin - _NEAR), begin) or _is_asked(text, match.end()):
        return False
    named, at = _actor(match), _begin_of_actor(match)
    return not VENDOR_SIDE.search(named) and not OF_OTHERS.search(text, max(0, at - _NEAR), at)


def _is_asked(text: str, end: int) -> bool:
    """Whether the sentence that goes on there is a question, not a statement with a tag (", right?")."""
    rest = _REST.match(text, end)
    return rest is not None and rest[0].endswith("?") and not _TAG.search(rest[0])


_REST = re.compile(r"[^.!?\n]*[.!?]?")
_TAG = re.compile(r"(?i),\s*(?:right|you know|no|yeah|ok|okay|isn['’]t it)\s*\?$")


def _actor(match: re.Match[str]) -> str:
    return (match.groupdict().get("actor") or "").strip()


def _whom(match: re.Match[str]) -> str:
    return (match.groupdict().get("whom") or "").strip()


def _begin_of_actor(match: re.Match[str]) -> int:
    return match.start("actor") if _actor(match) else match.start()


def _is_speaker(named: str) -> bool:
    return named.casefold() in _ME


def _role(named: str, codebook: Codebook) -> str | None:
    """The codebook's role that the words name."""
    if _is_speaker(named):
        return SPEAKER
    role = seat_in(named, codebook) if named else None
    return role.name if role else None


def _titled(title: str) -> Act | None:
    for permission, words in _BY_TITLE:
        if found := words.search(title):
            return Act(
                permission=permission,
                actor=SPEAKER,
                named="",
                whom=None,
                start=found.start(),
                end=found.end(),
                by_title=True,
            )
    return None
