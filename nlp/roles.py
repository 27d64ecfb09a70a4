"""Which seat in the buying group somebody has: from a title, or from what they say of themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.titles import HANDS_ON, Match, mode_of, phrase_in, words_of
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


def role_of_text(text: str, codebook: Codebook) -> Found:
    """The role that somebody gives themselves in their own words ("I run detection engineering at ...").

    What they are decides over what they were, and what is said of others ("our CISO said") tells nothing.
    """
    for patterns in (_NOW, _ONCE):
        for match, leads in _claims(patterns, text):
            phrase = _trimmed(match["title"])
            found = _claimed(phrase, codebook, leads=leads)
            if found is not None:
                said = " ".join(text[match.start() : match.start("title") + len(phrase)].split())
                mode = mode_of(words_of(phrase)) or found.role.mode
                return found.role.name, mode, f'says "{said}"'
    return NOTHING


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


_A = (
    r"(?:(?:currently|also|just|only|basically|now|actually|still|really|our|the|a|an|one of (?:the|our)|your|their)"
    r"\s+)*"
)
_TITLE = r"(?P<title>[^.,;:!?()\n\"“”]{2,70})"
_IS = tuple(
    re.compile(pattern + _TITLE, re.IGNORECASE)
    for pattern in (
        rf"\b(?:i['’]m|i am|im)\s+{_A}",
        rf"\bi['’]?ve been (?:here )?(?:as )?{_A}",
        rf"\b(?:i['’]m|i am|im)\s+(?-i:[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?),\s+(?:and )?(?:(?:i['’]m|i am) )?{_A}",
        rf"\bmy (?:role|title|job|job title|position)(?: (?:here|today|there))?(?: is|['’]s) (?:as |that of )?{_A}",
        rf"\b(?:speaking|talking|writing|coming at this)(?: here)? (?:as|from)\s+{_A}",
        rf"(?:^|[.!?,;:\n]\s*|\b(?:and|but|so|yeah|well)\s+)as\s+(?:a|an|the|our|somebody who is a)\s+{_A}",
        rf"\bi (?:work|serve|act|sit) (?:here )?as\s+{_A}",
        rf"\bich bin (?:hier )?(?:der|die|das|ein|eine)?\s*{_A}",
        r"\bich arbeite (?:hier )?als\s+",
        r"\bje suis (?:le |la |un |une |l['’])?",
        r"\bje travaille (?:ici )?comme\s+",
        r"\bsoy (?:el |la |un |una )?",
        r"\btrabajo como\s+",
    )
)
_RUNS = tuple(
    re.compile(pattern + _TITLE, re.IGNORECASE)
    for pattern in (
        r"\bi (?:(?:now|also) )?(?:run|lead|manage|head(?: up)?|own|oversee|look after)\s+(?:the |our )?",
        r"\b(?:i['’]m|i am|im) (?:responsible for|in charge of|running|leading)\s+(?:the |our |all )?",
        r"\b(?:i['’]m|i am|im) (?:in|on)\s+(?:the |our )?",
        r"\bi (?:work|sit) (?:here )?(?:in|on)\s+(?:the |our )?",
        r"\bich leite (?:hier )?(?:das |den |die )?",
        r"\bje (?:dirige|gère) (?:le |la |les |l['’])?",
        r"\bdirijo (?:el |la |los )?",
    )
)
_HERE = re.compile(
    r"(?:^|[.!?\n]\s*)(?P<title>(?:[\w/&'’-]+ ){1,4}?)here\b(?! (?:is|was|are|were|has|had|to)\b)", re.IGNORECASE
)
_NOW = (*((pattern, False) for pattern in (*_IS, _HERE)), *((pattern, True) for pattern in _RUNS))
_ONCE = tuple(
    (re.compile(pattern + _TITLE, re.IGNORECASE), False)
    for pattern in (
        rf"\bi was\s+{_A}",
        rf"\bi (?:worked|served|started|joined|was hired|came in)(?: here| on)? as\s+{_A}",
    )
)
_LONG_AGO = re.compile(
    r"(?i)\b(?:previously|formerly|used to|before that|years ago|past life|when|while|back then)\W+$"
)


def _claims(patterns: tuple[tuple[re.Pattern[str], bool], ...], text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """Where somebody says what they are, in the order said, with whether it is what they lead or work in."""
    found = [
        (match.start(), number, match, leads)
        for number, (pattern, leads) in enumerate(patterns)
        for match in pattern.finditer(text)
    ]
    for start, _, match, leads in sorted(found, key=lambda claim: claim[:2]):
        if not _LONG_AGO.search(text, max(0, start - 24), start):
            yield match, leads


_BEYOND = re.compile(
    r"\s+(?:at|for|with|in|here|and|who|that|which|so|but|on|by|since|from|because|when|where|across|i|we|my|bei|chez|"
    r"en|of (?:about|around|some|\d+|two|three|four|five|six|seven|eight|nine|ten|a)|[-–—]+)(?!\w).*",
    re.IGNORECASE | re.DOTALL,
)
_TEAMS = frozenset(
    {"team", "teams", "department", "group", "function", "side", "org", "organization", "organisation", "people"}
    | {"guy", "person", "practice", "program", "unit", "desk", "division", "area", "folks", "work", "stuff", "bei"}
)
_FEW_WORDS_BEFORE = 4


def _trimmed(phrase: str) -> str:
    """What is claimed, without where and with whom; the pronoun "it" is not the department IT."""
    return re.sub(r"\bit\b.*", "", _BEYOND.sub("", phrase), flags=re.DOTALL).rstrip()


def _claimed(phrase: str, codebook: Codebook, *, leads: bool) -> Match | None:
    """The role in what somebody claims to be or, with `leads`, to run.

    "I'm a security nerd" is no security engineer: words for a kind of work must be all that is claimed, while words for
    somebody who does it may stand beside others.
    """
    words = words_of(phrase)
    if leads and (headed := phrase_in(("head", *words), codebook)) and headed.start == 0:
        return headed if set(words[headed.end - 1 :]) <= _TEAMS else None
    match = phrase_in(words, codebook)
    if match is None or match.start > _FEW_WORDS_BEFORE:
        return None
    if not leads and (HANDS_ON | {"chief", "vp", "director", "head", "founder"}) & set(words[match.start : match.end]):
        return match
    return match if set(words[match.end :]) <= _TEAMS and match.start <= 1 else None
