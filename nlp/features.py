"""What the wording of a passage says about its facet, beside its meaning as a vector.

A sentence vector knows what a passage is about (phishing, payroll, freight) but hardly whether it is work to get done,
trouble, evidence or mere description: that is carried by small words. Each cue below is such a habit of speech with a
name; the classifier learns how much each one weighs, and its reasons quote the words that matched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

NUMBER = (
    r"(?:\d[\d.,:]*|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million"
    r"|half|third|dozen)(?:-\w+)?)"
)
WORD = re.compile(r"[^\W_][\w']*|\?")
TIME = (
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|quarters?|years?|mornings?|nights?|afternoons?)"
)

CUES: tuple[tuple[str, str], ...] = (
    # Trouble
    (
        "trouble",
        r"problems?|issues?|pain(?:ful)?|nightmare|struggl\w+|stuck|broken?|breaks|fail(?:s|ed|ing|ures?)?|crash\w*"
        r"|errors?|bugs?|slow(?:er|ly)?|hangs?|freez\w+|frustrat\w+|annoy\w+|mess(?:y)?|hate|horrible|terrible|awful"
        r"|wrong|burn(?:ed|t)|useless|ridiculous|headwinds?|shortage|outages?|delays?|delayed|late|missed|missing"
        r"|lost|los(?:e|es|ing)|wast(?:e|ed|es|ing)|drown\w*|overwhelm\w*|duplicates?|garbled|corrupt\w*",
    ),
    (
        "cannot",
        r"(?:can'?t|cannot|couldn'?t|can not|unable to|not able to|impossible|no way (?:to|of)|wo'?nt|won'?t"
        r"|does ?n[o']?t (?:work|sync|send|show|open|load|let|fit)|doesnt \w+|stopped (?:working|\w+ing)|no longer)",
    ),
    ("by hand", r"by hand|manual(?:ly)?|spreadsheets?|copy(?:ing)?(?: and |-| )past\w+|re-?typ\w+|on paper|printouts?"),
    ("nobody", r"nobody|no ?one|none of|nothing|nowhere"),
    (
        "over and over",
        r"every (?:single|time|shift|week|month|day|year|monday|friday)|each time|again and again|keeps?|kept|always|still",
    ),
    (
        "cost",
        r"overtime|penalt\w+|fines?|charged?|cost(?:s|ing)?|expens\w+|price (?:went|jump)\w*|doubled?|paying|eats|over budget|write.?offs?",
    ),
    (
        "until",
        r"until|instead of|otherwise|because|so (?:we|i|they) (?:just|have to|had to|end(?:ed)? up)|end(?:s|ed)? up|have to|had to",
    ),
    ("waiting", rf"wait(?:s|ed|ing)?|tak(?:es|ing)|took|spen[dt]\w*|{NUMBER} {TIME} (?:to|for|later|late)"),
    (
        "too",
        r"too (?:many|much|long|few|late|slow|often|expensive)|far too|not enough|barely|hardly|half (?:of )?(?:the|my|our|them)",
    ),
    # Work to get done
    (
        "aim",
        r"(?:trying|looking|hoping|planning|aiming|meant|supposed|going|about|tasked) to|we'?re after|i'?m after|goal|aim|target"
        r"|objective|mission|priorit\w+|focus(?:ed|ing)?|next (?:year|quarter|for us|step|big)|by (?:the )?(?:end|summer|spring"
        r"|autumn|winter|next|january|march|june|september|fall)|plan(?:s|ned)?|roadmap",
    ),
    (
        "would like",
        r"(?:i|we|they|you)(?:'d| would) (?:like|love|want|need|rather)|(?:i|we) (?:want|need)|wants? (?:to|the|a)|what (?:i|we) (?:want|need)"
        r"|need(?:s)? (?:to|a)|would like",
    ),
    (
        "under way",
        r"(?:build|sett|roll|mov|migrat|consolidat|draft|draw|work|writ|putt|replac|standardi[sz]|introduc|prepar|design|plann|hir|expand|tak|bring|mapp"
        r"|organis|organiz|automat|launch|train|segment|renegotiat|creat)(?:t|l|n)?ing",
    ),
    (
        "duty",
        r"my (?:job|role|team|project|task|week|day)|i'?m (?:responsible|on the|in charge|drafting|building|working|the one)|i (?:run|own|lead|look after"
        r"|manage|handle|maintain|keep|report)|we (?:run|own|handle|maintain|do|make|organi[sz]e)|responsible for|day to day|in charge of",
    ),
    (
        "how to",
        r"how (?:do|does|can|could|would|should|are|to)\b|is there (?:a|any) way|what'?s the best|walk (?:us|me) through|any advice|recommend\w*",
    ),
    (
        "so that",
        r"so (?:that )?(?:a|the|each|every|people|it|everyone|families|kids|guests|they can|we can|i can)|in one (?:place|screen|view|file)",
    ),
    # Evidence
    (
        "trial",
        r"pilot(?:s|ed)?|trial(?:s|led)?|poc|proof of concept|bake-?off|tested|tests?|blind|a/b(?:'d)?|side by side|next to the|in parallel"
        r"|simulat\w+|exercise|measured?|benchmark\w*|compared?|ran (?:it|them|both)|sandbox|red team\w*|checked|we took \w+",
    ),
    (
        "papers",
        r"reports?|certificat\w+|soc ?2|iso ?27001|audit(?:s|ed|or|ors)?|pen ?test|case stud(?:y|ies)|sources?|evidence|proof|proof points?"
        r"|proves?|proved|proven|figures|numbers|data points?|graph|chart|logs?|records?|sheet|published|in writing|signed (?:off|it)|minutes|stats?|statistics",
    ),
    (
        "others say",
        r"references?|peers?|another (?:firm|company|hospital|bank)|other (?:customers?|hospitals?|companies)|somebody (?:my|our) size|same (?:size|regulator|kit)|their own|customers? (?:who|that)|rang|spoke to|talk(?:ed)? to",
    ),
    (
        "convinced",
        r"convinc\w+|persuad\w+|sold me|settled it|that did it|what did it|won (?:me|us) over|believe\w*|trust\w*|comfortable|confiden\w+|approved|said yes|no arguments?|go-ahead|was that|show me|i'?d want to see|want to see|i'?d need to see|would you let us|prove it",
    ),
    (
        "change",
        rf"(?:from|was|were) [^.;]{{0,40}}?{NUMBER}[^.;]{{0,40}}? to {NUMBER}|went (?:up|down)|fell|dropp?ed|before[^.]{{0,60}}after|(?:stopped|gone) (?:on|after)|third day|fewer|half (?:of )?what",
    ),
    ("a number", NUMBER),
    ("number of number", rf"{NUMBER} (?:of|out of|in) (?:the |a |my |our )?(?:first |last )?{NUMBER}"),
    ("share", r"per ?cent|percent|%|basis points"),
    ("span of time", rf"{NUMBER} (?:\w+ )?{TIME}"),
    # None of these
    (
        "pleasantry",
        r"thank(?:s| you)|cheers|welcome|good (?:morning|afternoon|evening)|hello|great question|nice to|sure thing|no worries|happy to|please|greetings"
        r"|pay tribute|congrat\w+|have a (?:good|nice)|talk soon|lol|haha",
    ),
    (
        "conducting",
        r"(?:hand|turn) (?:it )?over|next (?:question|slide)|move on|you'?re on mute|record (?:the|this)|participants|listen-only|episode|listeners|sponsor\w*|before we (?:start|begin)|let me start",
    ),
    (
        "denied trouble",
        r"(?:never|not|isn'?t|wasn'?t|no)(?: \w+){0,4} (?:problems?|issues?|complaints?|pain|trouble|bother\w*)|(?:works?|worked|runs?) (?:fine|well|great|ok)|no complaints|happy with|fine with|don'?t (?:mind|care)|can'?t complain",
    ),
    (
        "defining",
        r"means?|stands for|is (?:just|basically|a|an|where|called)|(?:it|that|there)'?s (?:a|an|the|called|just|hosted|basically|two|three)|there (?:is|are|were)|sits? in|made of|split into|goes to|comes? (?:in|from)|consists?|called",
    ),
    ("hypothetical", r"if|would|could|might|maybe|perhaps|suppose"),
    ("opinion", r"i think|hot take|imo|i don'?t (?:really )?(?:know|care)|in my opinion|personally"),
    # Person and tense
    ("I", r"i|i'?m|i'?ve|i'?d|i'?ll|my|me"),
    ("we", r"we|we'?re|we'?ve|we'?d|we'?ll|our|us"),
    ("you", r"you|your|you'?re"),
    ("they", r"they|them|their|they'?re|vendors?"),
    ("past", r"was|were|had|did|went|ran|took|got|came|said|found|gave|told|\w{3,}ed"),
    ("now", r"now|today|currently|right now|at the (?:moment|minute)|these days|since"),
    ("not", r"not|never|no|\w+n'?t"),
)
"""(name, pattern) pairs; patterns match whole words, whatever the case."""

SHAPES = ("question", "short", "length", "fragment")


@dataclass(frozen=True, slots=True, kw_only=True)
class CueHit:
    """One cue found in a text and the half-open spans where it was found."""

    name: str
    spans: tuple[tuple[int, int], ...]


def feature_names() -> tuple[str, ...]:
    """The columns of `features`, in order."""
    return (*(name for name, _ in CUES), *SHAPES)


def features(texts: Sequence[str]) -> Matrix:
    """One row per text: how often each cue occurs (saturating, between 0 and 1), then the text's shape."""
    return np.array([_row(text) for text in texts], dtype=np.float32).reshape(len(texts), len(CUES) + len(SHAPES))


def cue_hits(text: str) -> list[CueHit]:
    """Every cue the text holds, in the order of `CUES`."""
    plain = straightened(text)
    found = [(name, tuple(match.span() for match in pattern.finditer(plain))) for name, pattern in _patterns()]
    return [CueHit(name=name, spans=spans) for name, spans in found if spans]


def phrases(text: str) -> list[tuple[str, int, int]]:
    """Every word and pair of neighbouring words, in lower case, with its half-open span; a `?` counts as a word."""
    found = [(match.group().lower(), *match.span()) for match in WORD.finditer(straightened(text))]
    pairs = [(f"{one[0]} {two[0]}", one[1], two[2]) for one, two in pairwise(found)]
    return found + pairs


def phrase_matrix(texts: Sequence[str], vocabulary: Mapping[str, int]) -> Matrix:
    """One row per text over the columns of `vocabulary`: which of its phrases occur, scaled by how many do."""
    matrix = np.zeros((len(texts), len(vocabulary)), dtype=np.float32)
    for row, text in enumerate(texts):
        columns = list({vocabulary[phrase] for phrase, _, _ in phrases(text) if phrase in vocabulary})
        matrix[row, columns] = (len(columns) + 1) ** -0.5
    return matrix


def straightened(text: str) -> str:
    """The text with typographic apostrophes as the straight one: same length, so that spans stay valid."""
    return text.replace("’", "'").replace("‘", "'")


def _row(text: str) -> list[float]:
    counts = {hit.name: len(hit.spans) for hit in cue_hits(text)}
    words = len(text.split())
    shape = (
        float(text.rstrip().endswith("?")),
        float(words < 6),
        min(words, 60) / 60,
        float(not text.rstrip().endswith((".", "!", "?"))),
    )
    return [*(1 - 0.5 ** counts.get(name, 0) for name, _ in CUES), *shape]


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)) for name, pattern in CUES)
