"""Words that say nothing: fillers, courtesies and a transcriber's notes."""

from __future__ import annotations

import re

COURTESY = re.compile(
    r"\W*(?:(?:yeah|yes|no|well|okay|ok|sure|hi|hello|hey|and|so|oh|all right|alright|cool|great|perfect)\W+)*"
    r"(?:(?:thanks|thank you|thx|cheers)\b.{0,80}"
    r"|(?:it(?:['’]s| was| is) )?(?:very |really |so )?(?:nice|good|great|happy|a pleasure|pleasure|glad|lovely) "
    r"(?:to (?:meet|be here|see you|talk|chat|join|speak|connect|have you)|meeting|talking|chatting|speaking)\b.{0,60}"
    r"|(?:hi|hello|hey|good (?:morning|afternoon|evening)|dear)\b.{0,40}"
    r"|(?:any|all) (?:help|advice|ideas?|suggestions?|thoughts)\b.{0,60}|please (?:help|advise|assist)\b.{0,30}"
    r"|can (?:you|everybody|everyone) (?:hear|see) (?:me|my)\b.{0,40}|(?:next question|no further questions?)\b.{0,40}"
    r"|(?:have a|enjoy your) (?:good|great|nice|lovely)?\b.{0,30}|(?:bye|goodbye|take care|see you)\b.{0,30})\W*",
    re.IGNORECASE | re.DOTALL,
)
"""A sentence that is only politeness."""

_NOTED = (
    r"(?:\{[^{}\n]{1,40}\}|\\?[\[(]\s*(?:\d\d?:\d\d(?::\d\d)?(?:\.\d+)?"
    r"|(?:unintelligible|inaudible|indiscernible|laugh\w*|crosstalk|cross-talk|overlapping|pause|music|applause|silence"
    r"|chuckl\w*|sighs?|coughs?|noise|background)\b[^\])\n]{0,40})\\?[\])])"
)
NOTE = re.compile(rf"\s*{_NOTED}\s*", re.IGNORECASE)
"""A transcriber's note, such as [laughs] or [12:04], with the white space around it."""
UNHEARD = re.compile(rf"\s*(?:{_NOTED}|<?\b(?:inaudible|unintelligible|indiscernible)\b>?)\s*", re.IGNORECASE)
"""The same, and what transcription services write bare where they heard nothing."""
LAST_NOTE = re.compile(rf"\s*{_NOTED}\s*$", re.IGNORECASE)

_WORDS = """
    a an the and or but so if then than as of to in on at by for with from into about up out off over
    i you he she it we they me him her us them my your his its our their mine yours i'm i've i'd i'll you're you've
    we're we've we'd we'll they're they've it's that's there's he's she's what's let's
    this that these those there here who what which when where how why
    am is are was were be been being do does did have has had will would can could should may might must
    don't doesn't didn't isn't aren't wasn't weren't can't couldn't won't wouldn't
    yes yeah yep yup no nope not okay ok right sure um uh er erm ah oh hmm mm mhm hm well like just really very
    actually basically kind sort thing things thanks thank please hi hello hey bye good great nice fine cool exactly
    absolutely definitely totally course mean know think guess say said see go going get got
    lol haha wow gotcha understood alright again also too
    """
EMPTY = frozenset(_WORDS.split())
"""Words without a meaning of their own, or with none that a quotation could rest on."""
