"""Questions that put the answer into the buyer's mouth.

Whoever asks "So price was the problem, right?" hears "yes" from people to whom price was no problem. Such an answer is
evidence all the same, and is shown beside the question that led to it. The kinds are those that manuals of survey
writing warn of: tags, negative questions, presuppositions, loaded words, appeals to what others think.

Sources: S. L. Payne, The Art of Asking Questions (1951), ch. 10-12; E. Loftus, Leading questions and the eyewitness
report, Cognitive Psychology 7 (1975) 560-572.
"""

from __future__ import annotations

import re

_TAG = re.compile(
    r"(?i)[,.…–—-]\s*(?:right|correct|no|yes|yeah|true|agreed|fair|isn['’]?t it|wasn['’]?t it|aren['’]?t they|"
    r"weren['’]?t they|"
    r"don['’]?t you|didn['’]?t (?:you|it|they)|doesn['’]?t it|won['’]?t (?:you|it)|wouldn['’]?t (?:you|it)|"
    r"haven['’]?t you|hasn['’]?t it|"
    r"is it not|was it not|do you not|did you not|is that (?:right|fair|correct)|fair (?:to say|enough)|"
    r"would(?:n['’]?t)? you (?:say|agree)|"
    r"don['’]?t you (?:think|agree|find))\s*\?\s*$"
)
_NEGATIVE = re.compile(
    r"(?i)(?:^|[.!?,;:–—-]\s+|\b(?:so|and|but|well|now)\s+)(?:isn['’]?t|wasn['’]?t|aren['’]?t|weren['’]?t|don['’]?t|didn['’]?t|doesn['’]?t|won['’]?t|"
    r"wouldn['’]?t|couldn['’]?t|shouldn['’]?t|haven['’]?t|hasn['’]?t|can['’]?t|"
    r"(?:is|was|are|were|do|did|does|would|should|could) (?:you|it|they|that|this|price|there) not)\b[^?]*\?\s*$"
)
_AGREE = re.compile(
    r"(?i)\b(?:(?:would|do|did|don['’]?t|wouldn['’]?t|can|could|surely) you (?:not )?(?:also )?(?:agree|admit|"
    r"concede|accept)|"
    r"you(?:['’]d| would| must|['’]ll)? (?:surely )?(?:agree|admit|concede)|is it (?:fair|safe|right) to (?:say|"
    r"assume)|"
    r"(?:am i|are we) right (?:that|in|to)|you mean to say|surely\b|obviously\b|of course\b.*\?)"
)
_TOLD = re.compile(
    r"(?i)^(?:(?:so|and|then|okay|ok|right|well|but|i see|got it|hm+|interesting)[,.…\s]+)+(?!(?:what|how|why|"
    r"who|when|where|which|whose|can|could|would|"
    r"will|do|did|does|is|are|was|were|have|has|had|should|may|tell|walk|if|for|in|at|on|after|before|during|once|when)\b)"
    r"[^?.!]{3,}\?\s*$"
)
_PLAIN = re.compile(
    r"(?i)(?:^|[.!?]\s+)(?:it|that|this|price|pricing|cost|the \w+|your \w+|you|they|we)(?:['’]s|['’]re|"
    r"['’]d)?\s+(?:(?:was|were|is|are|had|has|have|"
    r"felt|lost|chose|went|wanted|needed|came|must|couldn['’]?t|didn['’]?t|wasn['’]?t|really|mostly|basically|probably|just)\b)[^?.!]{0,120}\?\s*$"
)
_PRESUMES = re.compile(
    r"(?i)\b(?:how (?:much|badly|often|far) (?:did|does|do|were|was|are|is) (?:the |our |your )?[\w\s’'-]{1,40}?"
    r"(?:hurt|annoy|frustrate|slow|disappoint|bother|fail|let you down|help you|improve|love|enjoy|dissuade|put "
    r"you off)|"
    r"how (?:frustrat(?:ed|ing)|annoy(?:ed|ing)|disappoint(?:ed|ing)|painful|bad|happy|pleased|impressed|"
    r"expensive|awful|great)\b|"
    r"why (?:is|was|were|are) (?:the |our |your |their )?(?:price|pricing|product|cost|competitor|[\w-]+) (?:so|"
    r"too|such)\b|"
    r"what (?:did you (?:love|hate|dislike|like) (?:most|best|about)|made (?:\w+ ){1,3}(?:so|too) )|"
    r"how (?:big|large|serious|much) (?:of )?a (?:problem|pain|issue|factor|role|part) (?:was|is|did)|"
    r"when did you (?:realise|realize|stop|give up|lose (?:faith|trust))|"
    r"(?:was|were|is) (?:it|that) because\b|because (?:of )?(?:the |our )?(?:price|cost|pricing)\s*\?)"
)
_OTHERS = re.compile(
    r"(?i)\b(?:(?:most|many|other|some|all|a lot)(?: of)? (?:the |your |our )?(?:people|buyers|customers|peers|"
    r"others|companies|teams|cisos|folks|everyone)[^?]{0,60}"
    r"(?:say|said|tell|told|think|find|found|feel|agree|mention(?:ed)?|complain)|everyone (?:says|tells|knows|"
    r"agrees)|we (?:keep|kept) hearing|we(?:['’]ve| have)? (?:all )?hear[d]?"
    r"|as (?:you|we all) know)\b[^?]*\?\s*$"
)
_OFFERED = re.compile(
    r"(?i)(?:has|have|had|lists?|listed|logged|puts?|marked|recorded|says|said|calls?)\b[^?.]{0,50}\b(?:as|down "
    r"as|as a|that)\b[^?]{0,60}[.,;]?\s*"
    r"(?:is that|was that|does that|would you|do you|how you|right)[^?]*\?\s*$"
)
_LOADED = re.compile(
    r"(?i)\b(?:terrible|awful|horrible|amazing|fantastic|world-class|best-in-class|market-leading|industry-leading|outrageous|ridiculous|nightmare|"
    r"overpriced|clunky|superior|unfair|game-?chang\w+)\b[^?]*\?\s*$"
)
_OPEN = re.compile(r"(?i)\b(?:what|how|why|who|when|where|which|whose|tell me|walk me|describe|talk me)\b")
_SAYS = re.compile(
    r"(?i)\b(?:is|was|are|were|has|had|have|would|could|did|does|do|will|can|must|couldn['’]?t|didn['’]?t|wasn['’]?t|made|came|went|left|won|lost|"
    r"chose|took|cost|felt|kept|got|beat|saw|found|put|came|\w{3,}ed)\b|['’](?:s|re|d|ll|ve)\b"
)
_LONGEST = 25
"""Words; a longer one tells a story first."""

_KINDS = (
    ("a tag asks for a yes", _TAG, False),
    ("asks for agreement", _AGREE, False),
    ("a negative question expects a yes", _NEGATIVE, False),
    ("says what others think", _OTHERS, False),
    ("offers somebody else's answer", _OFFERED, False),
    ("takes the answer for granted", _PRESUMES, False),
    ("loaded words", _LOADED, False),
    ("states the answer and asks for a yes", _TOLD, True),
    ("states the answer and asks for a yes", _PLAIN, True),
)


def leading(question: str | None) -> str | None:
    """How a question leads to its answer, in words; None where it does not, or is no question.

    What counts is the last thing asked: people who ask two things get an answer to the second.
    """
    plain = " ".join((question or "").split())
    if "?" not in plain:
        return None
    plain = plain[: plain.rindex("?") + 1]
    parts = re.split(r"(?<=[?])\s+", plain)
    last = parts[-1]
    sentences = re.split(r"(?<=[.!])\s+", last)
    asked = sentences[-1]
    for told, rule, closed in _KINDS:
        text = last if rule in (_OTHERS, _OFFERED) else asked
        if rule.search(text) and not (closed and not _puts_forward(asked)):
            return told
    return None


def _puts_forward(asked: str) -> bool:
    """Whether a question without a question word says something that can only be confirmed or denied."""
    return not _OPEN.search(asked) and bool(_SAYS.search(asked)) and len(asked.split()) <= _LONGEST
