"""How people write outcomes, in manifests, front matter and CRM stages."""

from __future__ import annotations

import re

from winloss.model import Outcome

_WORDS: tuple[tuple[Outcome, str], ...] = (
    (
        Outcome.NO_DECISION,
        r"no[ -]?(?:decision|deal|budget)|status quo|(?:abandon|cancel)\w*|stalled|deferred|postponed|dead|did nothing",
    ),
    (Outcome.CHURNED, r"churn\w*|not renewed|non[ -]?renewal|lost renewal|terminated"),
    (Outcome.RENEWED, r"renewed|renewal won|won renewal|retained|closed renewed"),
    (Outcome.LOST_TO_COMPETITOR, r"lost|loss|lose|competitive loss|closedlost|rejected|declined|disqualified"),
    (Outcome.WON, r"won|win|closedwon|signed|customer|contract signed|booked"),
)
_OPEN = (
    r"open|prospect\w*|qualif\w*|discovery|proposal\w*|propos\w*|quote\w*|negotiat\w*|review|evaluat\w*|engag\w*|demo\w*|"
    r"pilot|poc|proof of (?:concept|value)|trial|legal|procurement|contract (?:sent|out)|contractsent|appointment\w*|"
    r"presentation\w*|perception analysis|needs analysis|value proposition|id[. ]+decision makers|verbal\w*|commit\w*|"
    r"decision ?maker ?bought ?-?in|decisionmakerboughtin|pipeline|lead|new|in progress|active|pending|shortlist\w*|"
    r"identif\w*|develop\w*|solution|closing|upside|forecast|best case|rfp|rfi|rfq|tender|onboarding|scoping|"
    r"working|contacted|nurtur\w*|on hold"
)
_BOUGHT_MORE = ("expansion", "expanded", "upsell", "upsold")
"""Won only by themselves: as a part of a stage's name they say what is sold."""

_PATTERNS = tuple((outcome, re.compile(rf"(?<!\w)(?:{words})(?!\w)")) for outcome, words in _WORDS)
_OPEN_PATTERN = re.compile(rf"(?<!\w)(?:{_OPEN})(?!\w)")


def parse_outcome(written: str) -> Outcome | None:
    """The outcome that a word or a stage's name says: `Closed Won`, `lost`, `No decision`, `Negotiation`; else None."""
    text = " ".join(re.sub(r"[_/]", " ", written.casefold()).split())
    if not text:
        return None
    if text.replace(" ", "_") in set(Outcome):
        return Outcome(text.replace(" ", "_"))
    if text in _BOUGHT_MORE:
        return Outcome.WON
    for outcome, pattern in _PATTERNS:
        if pattern.search(text):
            return outcome
    return Outcome.OPEN if _OPEN_PATTERN.search(text) else None
