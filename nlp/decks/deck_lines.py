"""Which lines of a deck are no claims: furniture, headings of sections, methods, plans, questions, instructions.

Every rule has a name, so that a deck's reading can tell what it passed over and why.
"""

from __future__ import annotations

import re

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|"
    r"dec(?:ember)?)"
)
_WHEN = (
    rf"(?:(?:q[1-4]|h[12]|fy\s?\d{{2,4}}|(?:19|20)\d\d\s?-?(?:q[1-4])?|{_MONTH}|\d{{1,2}}(?:st|nd|rd|th)?|"
    rf"[/,.–—-])\s*)+"
)

FURNITURE = re.compile(
    rf"(?ix)^(?:(?:strictly\s+|company\s+|internal\s+)?(?:and\s+)?(?:confidential|proprietary|private)\b.{{0,60}}"
    r"|internal\s+(?:use|only)\b.{0,40}|(?:for\s+)?internal\s+use\s+only\b.{0,40}|do\s+not\s+(?:distribute|share|forward)\b.{0,40}"
    r"|(?:©|\(c\)|copyright\b).{0,80}|all\s+rights\s+reserved.{0,40}|draft\b.{0,30}|page\s+\d+.{0,12}|slide\s+\d+.{0,12}"
    r"|(?:thank\s*(?:you|s)|many\s+thanks|questions|q\s*(?:&|and)\s*a|any\s+questions|discussion|the\s+end|backup|appendix)\b[\s!?.]*.{0,20}"
    rf"|(?:last\s+)?(?:updated|revised|prepared|presented|created|compiled|version|v\d|as\s+of|date[d]?)\b[:\s].{{0,80}}"
    rf"|{_WHEN}|[\d\W]+|https?://\S+|www\.\S+|\S+@\S+\.\S+|(?:click|see)\s+(?:here|next|appendix|slide|page|below)\b.{{0,40}}"
    r"|(?:figure|fig\.|chart|table|exhibit|legend|key)\s*\d*\s*[:.].{0,200})$"
)
SOURCING = re.compile(
    r"(?ix)^(?:sources?|notes?|methodology|method|sample|base|respondents|n)\s*(?:[:=]|\bn\s*=).{0,300}$"
    r"|^n\s*=\s*\d+.{0,80}$|^\(?n\s*=\s*\d+\)?$"
    r"|^(?:we|this\s+(?:deck|report|review|readout|synthesis)|our\s+team|the\s+(?:research|programme|program|team|study)|"
    r"fieldwork|(?:these|the|all)\s+(?:findings|results|interviews|quotes))\s+(?:have\s+|has\s+|had\s+)?(?:also\s+)?"
    r"(?:interviewed|spoke|talked\s+to|surveyed|collected|analy[sz]ed|reviewed|conducted|covers?|draws?|is\s+based|are\s+based|"
    r"summari[sz]es?|rests?\s+on|were\s+(?:collected|conducted|recorded|run)|ran\s+from|took\s+place|come\s+from|comes\s+from|"
    r"combined?|read|coded|tagged)\b.{0,300}$"
    r"|^based\s+on\s+(?:\d|interviews|our|conversations).{0,200}$|^\d+\s+(?:interviews?|respondents|conversations|calls|buyers|"
    r"participants)(?:\s+(?:with|across|from|in|over|held|conducted)\b.{0,120})?$"
)
SECTIONS_PASSED = re.compile(
    r"(?ix)^(?:\W*\d*[.)]?\s*)(?:agenda|contents|table\s+of\s+contents|outline|today(?:’s|'s)?(?:\s+agenda)?|in\s+this\s+(?:deck|session)|"
    r"what\s+we(?:’ll|'ll|\s+will)\s+cover|overview\s+of\s+this\s+deck|sources?(?:\s+and\s+methods?)?|references|bibliography|"
    r"(?:our\s+)?method(?:s|ology)?(?:\s+(?:and|&)\s+sample)?|how\s+we\s+(?:did|ran|worked|asked|know)\b.*|who\s+we\s+(?:interviewed|talked\s+to|spoke\s+(?:to|with)|asked)|"
    r"about\s+(?:this|us|the)\b.*|legend|glossary|definitions|acknowledge?ments|appendix.*|"
    r"(?:next\s+steps|recommend(?:ations|ed\s+actions|ed\s+next\s+steps)|action\s+items|actions|asks|our\s+asks?|the\s+plan|plan\s+for\b.*|"
    r"what\s+we(?:’ll|'ll|\s+will|\s+should|\s+plan\s+to)\s+do\b.*|what\s+(?:happens\s+)?next|roadmap|owners(?:\s+and\s+dates)?|timeline|decisions\s+needed|to\s*dos?)"
    r"(?:\s+(?:for|in|until|by)\b.*)?|thank(?:s|\s+you).*|questions.*|q\s*(?:&|and)\s*a.*|contacts?|team)\W*$"
)
"""Titles of parts in which nothing is a claim about buyers."""
BARE = re.compile(
    r"(?ix)^\W*(?:\d+[.)]?\s*)?(?:the\s+)?(?:introduction|intro|background|context|summary|executive\s+summary|overview|findings|key\s+findings|results|"
    r"insights|key\s+(?:insights|takeaways|themes|messages)|takeaways|themes|highlights|conclusions?|implications|method|sample|scope|goals?|objectives?|purpose|"
    r"welcome|agenda|details|deep\s+dive|discussion|wins|losses|win/loss(?:\s+\w+)?|quotes?|verbatims?|voice\s+of\s+(?:the\s+)?(?:customer|buyer)|"
    r"what\s+we\s+heard|what\s+(?:buyers|customers)\s+(?:said|say|told\s+us)|in\s+their\s+(?:own\s+)?words|appendix|backup|recommendations?|next\s+steps|"
    r"pains?|engagements?|proof|segments?|federal|mid-?market(?:\s+commercial)?|(?:global\s+)?enterprise|n/?a|none|tbd|tbc|-+|total|other)\W*$"
)
"""Lines of a word or two that name a section, a column or a cell, not a theme."""
PLANS = re.compile(
    r"(?ix)^(?:next(?:\s+steps?)?[:,]\s+|recommend(?:ation|ed)?[:,]\s+|action[:,]\s+|proposal[:,]\s+|ask[:,]\s+|todo[:,]?\s+)?(?:therefore,?\s+|so\s+|hence\s+)?"
    r"(?:(?:we|our\s+\w+(?:\s+\w+)?|sales|product|marketing|engineering|the\s+(?:team|company|field|product))\s+(?:should|must|need\s+to|needs\s+to|ought\s+to|have\s+to|"
    r"recommend|propose|suggest|plan\s+to|are\s+(?:going\s+to|planning)|aim\s+to|want\s+to|intend\s+to)\b"
    r"|let(?:’|')?s\b|(?:i|we)\s+(?:recommend|propose|suggest)\b|it\s+is\s+time\s+to\b|consider\s+\w+ing\b)"
)
HEAD_OF_PLAN = re.compile(
    r"(?ix)^(?:next(?:\s+steps?)?|recommend(?:ation|ed(?:\s+action)?)?|actions?(?:\s+items?)?|proposal|ask|to-?do|owner|due)\s*:\s*\S"
)
ORDERS = re.compile(
    r"(?i)^(?:please\s+)?(?:publish|build|ship|launch|train|hire|create|write|update|fix|share|send|ask|invite|schedule|review|define|align|"
    r"prioriti[sz]e|invest|double\s+down|keep|stop|start|continue|move|add|remove|bring|give|make|get|run|offer|lead\s+with|focus\s+on|test|pilot|"
    r"pause|remember|mention|note|skip|click|show|tell|thank|open\s+with|go\s+to|hand\s+over|see|read|draft|push|drop|cut|reduce|equip|arm)\s+"
    r"(?:a|an|the|our|your|their|this|that|these|more|in|on|for|to|with|it|them|sales|everyone|here|\w+s?\b)"
)
TITLED_REVIEW = re.compile(
    rf"(?ix)^(?:the\s+)?(?:{_WHEN}\W*)?(?:\w+\s+){{0,3}}(?:win[\s/-]*loss|buyer|customer|voice\s+of(?:\s+the)?|market|quarterly|research|deal|interview)\b"
    rf"[\w\s/’'&-]*\b(?:review|readout|report|synthesis|update|summary|findings|insights|analysis|programme|program|debrief|deck|recap)\b[\s,:–—(-]*(?:{_WHEN})?[)\s]*$"
)
ATTRIBUTION = re.compile(
    r"(?i)^\W*(?:[—–-]\s*.{2,120}|(?:the\s+)?(?:[\w-]+\s+){0,3}(?:CISO|CIO|CFO|CTO|SOC (?:manager|lead)|analyst|"
    r"engineer|architect|director|manager|vp|"
    r"head of [\w ]+|buyer|customer|administrator|admin|lead)(?:\s*,\s*[\w\s/&-]{2,60}){0,3})\W*$"
)
_INTRODUCES = re.compile(
    r"(?i)^(?:as\s+)?(?:one|a|an|another|the|our)?\s*(?:[\w-]+\s+){0,5}(?:put\s+it|said|says|told\s+us|explained|in\s+the\s+words\s+of|wrote|added|"
    r"recalled|noted|quote|verbatim|example|e\.g)\b[^.]{0,40}$"
)


def why_no_claim(line: str) -> str | None:
    """The rule by which a line is no claim, or None. A line of words that is none of these may still be a fragment."""
    plain = line.strip()
    if not re.search(r"[^\W\d_]", plain):
        return "numbers and marks"
    for name, rule in _RULES:
        if rule.match(plain):
            return name
    if plain.endswith("?"):
        return "question"
    return None


def opens_nothing(title: str) -> bool:
    """Whether what stands under a title is no claim: agendas, sources, methods, plans."""
    return SECTIONS_PASSED.match(title.strip()) is not None


def introduces(line: str) -> bool:
    """Whether a line only says that a quotation follows, or who said it."""
    plain = line.strip(" :,–—-\t()")
    return not plain or bool(ATTRIBUTION.match(line.strip()) or _INTRODUCES.match(plain))


_RULES = (
    ("furniture", FURNITURE),
    ("sources and method", SOURCING),
    ("section heading", SECTIONS_PASSED),
    ("section heading", BARE),
    ("title of the deck", TITLED_REVIEW),
    ("plan", PLANS),
    ("plan", HEAD_OF_PLAN),
)
