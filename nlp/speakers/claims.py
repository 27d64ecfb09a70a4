"""Which seat in the buying group people give themselves in what they say.

A person's own words are weaker evidence than a title, but often the only one. What counts is a claim in the first
person; a role that is mentioned ("our CISO said"), denied ("I'm not a lawyer") or supposed ("as a developer you want")
is nobody's seat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from nlp.speakers.roles import NOTHING, Found
from nlp.speakers.seats import seat_in
from nlp.speakers.titles import CHIEFS, HANDS_ON, Match, mode_of, phrase_in, words_of
from winloss.codebook import Codebook


def role_of_text(text: str, codebook: Codebook) -> Found:
    """The role that somebody gives themselves in their own words ("I run detection engineering at ...").

    What they are decides over what they were. The evidence quotes the claim.
    """
    for cues in (_NOW, _ONCE):
        for claim in _claims(cues, text):
            match = _meant(claim, codebook)
            if match is not None:
                words = words_of(claim.title)
                titled = claim.kind in _TITLED and len(words) <= _SHORT
                role = (seat_in(claim.title, codebook) if titled else None) or match.role
                return role.name, mode_of(words) or role.mode, f'says "{claim.said}"'
    return NOTHING


class _Kind(Enum):
    IS = "is"
    AS = "speaks as"
    LEADS = "leads"
    IN = "works in"
    WAS = "was"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """What somebody says they are, lead or work in, and the words they say it with."""

    kind: _Kind
    title: str
    said: str


_I_AM = r"\b(?:i['’]m|i am|im)"
_ADVERBS = r"(?:(?:currently|also|just|only|basically|now|actually|still|really|technically|mostly)\s+)*"
_ARTICLES = r"(?:(?:our|the|a|an|one of (?:the|our|two|three|four|five|six)|your|their)\s+)*"
_A = _ADVERBS + _ARTICLES
_CUES: tuple[tuple[_Kind, str], ...] = (
    (_Kind.IS, rf"{_I_AM}\s+{_A}"),
    (_Kind.IS, rf"\bi['’]ve been (?:here )?(?:as )?{_A}"),
    (_Kind.IS, rf"{_I_AM}\s+(?-i:[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?),\s+(?:and )?(?:(?:i['’]m|i am) )?{_A}"),
    (_Kind.IS, rf"\bmy (?:role|title|job|job title|position)(?: (?:here|today|there))?(?: is|['’]s) (?:that of )?{_A}"),
    (_Kind.IS, rf"\b(?:speaking|talking|writing|coming at this)(?: here)? as\s+{_A}"),
    (_Kind.IS, rf"\bi(?:['’]m| am)? (?:work|serve|act|sit|working|serving|acting) (?:here )?as\s+{_A}"),
    (_Kind.IS, rf"\bi(?:['’]m| am)? work(?:ing)? (?:for|at|in) [^.,;:!?\n]{{2,40}}? as\s+{_A}"),
    (_Kind.IS, rf"\bi (?:became|took over as|stepped in as|got promoted to|was promoted to)\s+{_A}"),
    (_Kind.IS, rf"(?:^|[.!?\n]\s*)(?:title|job title|role|current role)(?: is|:)\s+{_A}"),
    (_Kind.IS, r"(?:^|[.!?\n]\s*)been (?:a|an|the)\s+"),
    (_Kind.AS, rf"(?:^|[.!?,;:\n]\s*|\b(?:and|but|so|yeah|well)\s+)as\s+{_A}"),
    (_Kind.LEADS, r"\bi (?:(?:now|also) )?(?:run|lead|manage|head(?: up)?|own|oversee|look after)\s+(?:the |our )?"),
    (_Kind.LEADS, rf"{_I_AM} (?:responsible for|in charge of|running|leading|heading)\s+(?:the |our |all )?"),
    (
        _Kind.IN,
        r"\bi (?:(?:now|also|mostly|basically) )?(?:do|handle|cover|take care of)\s+(?:the |our |all the |all )?",
    ),
    (_Kind.IN, r"\bwe(?:['’]re| are) (?:just |only )?an? (?:\w+[- ](?:person|man|woman|people)|small|tiny|lean)\s+"),
    (_Kind.IN, rf"{_I_AM} (?:in|on)\s+(?:the |our )?"),
    (_Kind.IN, r"\bi (?:work|sit) (?:here )?(?:in|on)\s+(?:the |our )?"),
    (_Kind.IS, r"\bich bin (?:hier )?(?:der |die |das |ein |eine )?"),
    (_Kind.IS, r"\bich arbeite (?:hier )?als\s+"),
    (_Kind.IS, r"(?:^|[.!?,;:]\s*)als\s+(?=[^.!?]{0,80}\bich\b)(?!(?:ich|der|die|das|wir|er|sie)\b)"),
    (_Kind.IN, r"\bich arbeite (?:hier )?(?:im|in der|in)\s+"),
    (_Kind.IN, r"\bich bin (?:hier )?für (?:das |den |die )?(?=[^.!?]{2,60}\b(?:zuständig|verantwortlich)\b)"),
    (_Kind.LEADS, r"\bich (?:leite|verantworte) (?:hier )?(?:das |den |die )?"),
    (_Kind.IS, r"\bje suis (?:le |la |un |une |l['’])?"),
    (_Kind.IS, r"\bje travaille (?:ici )?comme\s+"),
    (_Kind.IS, r"\ben tant que\s+(?=[^.!?]{0,80}\b(?:je\b|j['’]))"),
    (_Kind.IN, r"\bje travaille (?:ici )?(?:aux|à la|à l['’]|au service|dans (?:les?|la|l['’]))\s*"),
    (_Kind.IN, r"\bje m['’]occupe (?:des|de la|de l['’]|du)\s*"),
    (_Kind.LEADS, r"\bje (?:dirige|gère) (?:le |la |les |l['’])?"),
    (_Kind.IS, r"\bsoy (?:el |la |un |una )?"),
    (_Kind.IS, r"\btrabajo como\s+"),
    (_Kind.IS, r"\bcomo\s+(?=[^.!?]{0,80}\b(?:yo|puedo|debo|tengo|necesito|quiero)\b)"),
    (_Kind.IN, r"\btrabajo en (?:el |la )?(?:(?:área|departamento) de )?"),
    (_Kind.LEADS, r"\bdirijo (?:el |la |los )?"),
    (_Kind.WAS, rf"\bi was\s+{_A}"),
    (_Kind.WAS, rf"\bi (?:worked|served|started|joined|was hired|came in)(?: here| on)? as\s+{_A}"),
)
_TITLE = r"(?P<title>[^.,;:!?()\n\"“”]{2,70})"
_HERE = (
    _Kind.IS,
    re.compile(
        r"(?:^|[.!?\n]\s*)(?!(?:the|our|my|that|this|some|any|no|every|each)\b)"
        r"(?P<title>(?:[\w/&'’-]+ ){1,4}?(?:(?:of|with|at|for|in) (?:[\w/&'’-]+ ){1,6}?)?)"
        r"here\b(?!\s+(?:is|was|are|were|has|had|to)\b)",
        re.IGNORECASE,
    ),
)
_COMPILED = tuple((kind, re.compile(cue + _TITLE, re.IGNORECASE)) for kind, cue in _CUES)
_NOW = (*(cue for cue in _COMPILED if cue[0] is not _Kind.WAS), _HERE)
_ONCE = tuple(cue for cue in _COMPILED if cue[0] is _Kind.WAS)

_LONG_AGO = re.compile(r"(?i)\b(?:previously|formerly|before that|years ago|past life|when|while|back then)\W+$")
_FIRST_PERSON = re.compile(
    r"(?i)[^.!?]{0,60}?\b(?:(i|i['’]m|i['’]ve|i['’]d|my|me|we|we['’]re|we['’]ve|our|us)|you|your|they|he|she)\b"
)


def _claims(cues: tuple[tuple[_Kind, re.Pattern[str]], ...], text: str) -> Iterator[_Claim]:
    """The claims in the order they are made."""
    found = [
        (match.start(), number, kind, match) for number, (kind, cue) in enumerate(cues) for match in cue.finditer(text)
    ]
    for start, _, kind, match in sorted(found, key=lambda item: item[:2]):
        title = _bounded(match["title"])
        end = match.start("title") + len(title)
        if kind is _Kind.WAS and _LONG_AGO.search(text, max(0, start - 24), start):
            continue
        if kind is _Kind.AS and not ((person := _FIRST_PERSON.match(text, end)) and person[1]):
            continue
        yield _Claim(kind=kind, title=title, said=" ".join(text[start:end].split()).lstrip(".,;:!? "))


_BEYOND = re.compile(
    r"\s+(?:at|for|with|in|here|and|who|that|which|so|but|on|by|since|from|because|when|where|across|i|we|my|bei|chez|dans|"
    r"zuständig|verantwortlich|en|"
    r"of (?:about|around|some|\d+|two|three|four|five|six|seven|eight|nine|ten|a)|[-–—]+)(?!\w).*",
    re.IGNORECASE | re.DOTALL,
)


def _bounded(title: str) -> str:
    """What is claimed, without where and with whom; the pronoun "it" is not the department IT."""
    return re.sub(r"\bit\b.*", "", _BEYOND.sub("", title), flags=re.DOTALL).rstrip()


_SPOILERS = frozenset(
    {
        "former",
        "formerly",
        "ex",
        "retired",
        "aspiring",
        "future",
        "recovering",
        "not",
        "no",
        "never",
        "about",
        "among",
        "like",
        "than",
        "to",
        "by",
        "gonna",
        "be",
        "into",
        "if",
    }
)
_DOING = frozenset({"acting", "managing", "founding", "leading", "operating"})
_TEAMS = frozenset(
    {"team", "teams", "department", "group", "function", "side", "org", "organization", "organisation", "people"}
    | {
        "guy",
        "person",
        "practice",
        "program",
        "unit",
        "desk",
        "division",
        "area",
        "folks",
        "work",
        "stuff",
        "shop",
        "office",
    }
)
_HOLDERS = HANDS_ON | CHIEFS
_TITLED = frozenset({_Kind.IS, _Kind.AS, _Kind.WAS})
_FEW = 4
_SHORT = 6
"""Words of a claim that is a title and nothing else, in which a phrase's words may stand apart."""


def _meant(claim: _Claim, codebook: Codebook) -> Match | None:
    """The role that is claimed, if it is one.

    Words for somebody who does a kind of work ("security engineer") may stand beside others; words for the work itself
    must be all that is claimed: "I'm a security nerd" makes no security engineer.
    """
    if _SPOILERS & set(re.findall(r"\w+", claim.title.casefold())):
        return None
    words = words_of(claim.title)
    if claim.kind is _Kind.LEADS:
        headed = phrase_in(("head", *words), codebook)
        if headed is not None and headed.start == 0 and set(words[headed.end - 1 :]) <= _TEAMS:
            return headed
    match = phrase_in(words, codebook)
    if match is None or match.start > _FEW:
        return None
    before, inside, after = set(words[: match.start]), set(words[match.start : match.end]), set(words[match.end :])
    if any(word.endswith("ing") for word in before - _DOING):
        return None
    if claim.kind in _TITLED and inside & _HOLDERS:
        return match
    return match if after <= _TEAMS and match.start <= 1 else None
