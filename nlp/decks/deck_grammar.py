"""Whether a line of a deck is a whole statement, and where it falls into two, as the parser sees it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from nlp.text.pipeline import docs_of

if TYPE_CHECKING:
    pass

LONGEST = 2000
"""Nothing longer is one sentence: what is beyond is not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What the grammar of a line tells.

    `whole`: it has a subject with a finite verb of its own. `asks`: it begins with a question word that hangs on that
    verb ("why we lose federal"). `orders`: it tells somebody to do something. `dangling`: it waits for an object ("we
    lose on"). `halves` are the half-open spans of its parts where each is a statement by itself; `subject` is the word
    the statement is about and `verb` what it says of it, in small letters, empty where there is none.
    """

    whole: bool
    asks: bool
    orders: bool
    dangling: bool
    halves: tuple[tuple[int, int], ...] = ()
    subject: str = ""
    verb: str = ""
    plural: bool = False


def parsed(lines: Sequence[str]) -> list[Parsed]:
    """One for each line, in order."""
    plain = [_plain(line[:LONGEST]) for line in lines]
    return [_told(doc, line) for doc, line in zip(docs_of(plain), plain, strict=True)]


def looks_titled(line: str) -> bool:
    """Whether most of a line's longer words begin with a capital, as titles are written."""
    words = re.findall(r"[^\W\d_]{4,}", line)
    return len(words) > 2 and sum(word[0].isupper() for word in words) >= 0.75 * len(words)


_FINITE = ("VBZ", "VBP", "VBD", "MD")
_SUBJECTS = ("nsubj", "nsubjpass", "expl", "csubj", "csubjpass")
_QUESTION_WORDS = ("why", "what", "how", "where", "who", "which", "when", "whom", "whose")
_POINTING = (
    "nobody",
    "everyone",
    "everybody",
    "no",
    "it",
    "they",
    "this",
    "that",
    "these",
    "those",
    "he",
    "she",
    "which",
    "who",
    "both",
    "neither",
    "one",
)
_LIKE = re.compile(r"(?i)(?<=[a-z]s )like(?= )|(?<=\bwe )like(?= )|(?<=\bthey )like(?= )|(?<=\bpeople )like(?= )")
_SURE = re.compile(
    r"(?i)^(?:(?:the|our|most|many|some|all|few|several|no|every|each|\d+ ?%? (?:of)?)\s+)*(?:[\w’'/-]+\s+){1,4}?"
    r"(?:is|are|was|were|has|have|had|do|does|did|can|cannot|can't|could|would|won't|don't|doesn't|didn't|isn't|"
    r"aren't|wasn't|weren't|never)\s+\w+"
)


_TOLD_PLAINLY = re.compile(
    r"(?i)^(?:[\w%’'/-]+,?\s+){1,7}?(?<!\bto )(?:asked|want|wanted|say|said|cite[sd]?|complain(?:s|ed)?|"
    r"prefer(?:s|red)?|"
    r"mention(?:s|ed)?|close[sd]?|wins?|won|loses?|lost|kill(?:s|ed)?|drives?|drove|blocks?|blocked|decide[sd]?|matters?|"
    r"beats?|takes?|took|chose|bought|rejected|demand(?:s|ed)?|expect(?:s|ed)?|scare[sd]?|slow(?:s|ed)? down)"
    r"(?:\s+(?!of\b|in\b|by\b|reasons?\b|deals$)\w|$|\s+deals$)"
)
"""Lines whose verb the parser, which is at home in news, now and then takes for a noun or a participle."""
_NOUN_LED = re.compile(r"(?i)^(?:why|how|what|top|key|main|no|deals?|reasons?|the reasons?|losses|wins)\b")
_WAITING = ("want", "wants", "need", "needs", "are", "is", "include", "includes", "was", "were")


def _plain(line: str) -> str:
    """The line as running text: capitals of titles go, and what the tagger takes for a preposition is put otherwise.

    Every letter keeps its place.
    """
    if looks_titled(line) or line.isupper():
        line = " ".join(word if _acronym(word) else word.lower() for word in line.split(" "))
        line = line[:1].upper() + line[1:]
    return _LIKE.sub("love", line)


def _acronym(word: str) -> bool:
    letters = re.sub(r"[^\w]", "", word)
    return len(letters) <= 5 and letters[:2].isupper() and len(letters) > 1


def _told(doc: Any, line: str) -> Parsed:
    heads = [token for token in doc if _is_main(token)]
    main = heads[0] if heads else None
    root = next((token for token in doc if token.dep_ == "ROOT"), None)
    whole = main is not None or (
        len(line.split()) > 2 and bool(_SURE.match(line) or (_TOLD_PLAINLY.match(line) and not _NOUN_LED.match(line)))
    )
    subject = next((child for child in main.children if child.dep_ in _SUBJECTS), None) if main is not None else None
    orders = not whole and root is not None and root.tag_ in ("VB", "VBP") and _first_word(doc) is root
    last = next((token for token in reversed(doc) if not token.is_punct), None)
    return Parsed(
        whole=whole,
        asks=_asks(doc, main),
        orders=orders,
        dangling=last is not None and last.i > 0 and (last.tag_ in ("IN", "TO") or last.lower_ in _WAITING),
        halves=_halves(doc, heads) if len(heads) > 1 else (),
        subject=subject.text.lower() if subject is not None else "",
        verb=main.text.lower() if main is not None else "",
        plural=subject is not None and subject.tag_ in ("NNS", "NNPS"),
    )


def _is_main(token: Any) -> bool:
    """Whether a verb carries the sentence, or a part of it that is joined on, with a subject of its own."""
    if token.dep_ not in ("ROOT", "conj", "ccomp", "parataxis", "advcl") or token.pos_ not in ("VERB", "AUX"):
        return False
    if token.dep_ in ("conj", "ccomp", "parataxis", "advcl") and not _joined_on(token):
        return False
    subject = any(child.dep_ in _SUBJECTS for child in token.children)
    finite = token.tag_ in _FINITE or any(
        child.dep_ in ("aux", "auxpass") and child.tag_ in _FINITE for child in token.children
    )
    return subject and finite


def _joined_on(token: Any) -> bool:
    """Whether a clause stands beside the main one: joined by and, but, a semicolon, while."""
    if token.dep_ == "conj":
        return token.head.dep_ == "ROOT" or _joined_on(token.head)
    if token.dep_ == "advcl":
        return any(child.dep_ == "mark" and child.lower_ in ("while", "whereas") for child in token.children)
    if any(child.dep_ == "mark" for child in token.children):
        return False
    left = token.doc[: token.i]
    between = token.doc[min(token.i, token.head.i) : max(token.i, token.head.i)]
    return token.dep_ == "parataxis" or (any(mark.text == ";" for mark in between) and bool(len(left)))


def _asks(doc: Any, main: Any) -> bool:
    first = _first_word(doc)
    if first is None or first.lower_ not in _QUESTION_WORDS:
        return False
    if main is None:
        return True
    return not _before(first, main) and not any(_leans_on_nothing(token) for token in doc[main.i + 1 :])


def _leans_on_nothing(token: Any) -> bool:
    """Whether a finite verb follows that has neither a subject nor a word that joins it: the clause before is "
    "its own."""
    if token.tag_ not in _FINITE[:3] or token.dep_ not in ("advcl", "ccomp", "conj", "dep"):
        return False
    return not any(child.dep_ in (*_SUBJECTS, "mark", "aux", "cc") for child in token.children)


def _before(first: Any, main: Any) -> bool:
    """Whether the question word opens a clause that is itself the subject ("what decides it is the letter")."""
    clause = next((child for child in main.children if child.dep_ in ("csubj", "csubjpass")), None)
    return clause is not None and first.i <= clause.i


def _first_word(doc: Any) -> Any:
    return next((token for token in doc if not token.is_punct and not token.is_space), None)


def _halves(doc: Any, heads: Sequence[Any]) -> tuple[tuple[int, int], ...]:
    """The spans of the parts, cut before the word or mark that joins them; none where a part leans on another."""
    cuts, spans, start = [], [], 0
    for before, after in pairwise(heads):
        if before.i > after.i:
            return ()
        subject = min((child.left_edge.i for child in after.children if child.dep_ in _SUBJECTS), default=after.i)
        cuts.append(doc[max(subject, before.i + 1)].idx)
    for cut in [*cuts, len(doc.text)]:
        begin, end = _trimmed(doc.text, start, cut)
        spans.append((begin, end))
        start = cut
    good = all(_stands(doc.text[begin:end]) for begin, end in spans)
    return tuple(spans) if good else ()


_EDGE = re.compile(r"(?i)[\s,;:–—-]+(?:(?:and|but|while|whereas|yet|so|or)\s*)?$|[\s,;:–—-]+$")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    piece = _EDGE.sub("", piece)
    lead = len(piece) - len(piece.lstrip())
    return start + lead, start + len(piece)


def _stands(text: str) -> bool:
    words = text.split()
    return len(words) >= 3 and words[0].casefold().strip(",") not in _POINTING
