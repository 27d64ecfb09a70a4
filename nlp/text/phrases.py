"""What of a text may stand as a title: clauses and noun phrases, to the letter as they were said, and their form.

The parser tells noun phrases, and which clauses are whole. What only makes sense beside the words around it ("below it
we pay", "it lists every rule") is worth less as a title, and so is what says who somebody is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlp.text.filler import UNHEARD
from nlp.text.pipeline import docs_of
from nlp.text.words import STOP, content_words, folded_words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

LONGEST = 2000
"""Characters of a text that are looked at."""
CLAUSE_WORDS = range(3, 9)
PHRASE_WORDS = range(2, 7)
WHOLE, BROKEN, LEANING, LEADING, NUMBER, PRESENTING = 0.05, -0.12, -0.12, -0.15, -0.06, -0.2
"""What its form adds to the worth of a clause: it is whole or it is not; a pronoun in it stands for something outside;
it begins with a preposition, an adverb or its verb; it holds a number; it says who somebody is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words that may stand as a title; `form` is what their form adds to their worth, 0 for a noun phrase."""

    text: str
    form: float


def phrases_in(texts: Sequence[str]) -> list[list[Phrase]]:
    """The clauses of three to eight words and the noun phrases of two to six that each text holds, in its order.

    Every phrase is a run of characters of its text, and holds two words that carry meaning.
    """
    begun = [text[:LONGEST] for text in texts]
    return [list(_phrases(text, doc)) for text, doc in zip(begun, docs_of(begun), strict=True)]


def _phrases(text: str, doc: Doc) -> Iterator[Phrase]:
    for clause in _clauses(text):
        start = text.find(clause)
        span = doc.char_span(start, start + len(clause), alignment_mode="expand")
        yield Phrase(text=clause, form=_form(clause, span) if span is not None else BROKEN)
    for phrase in _noun_phrases(doc):
        long_enough = len(phrase.split()) in PHRASE_WORDS and len(content_words(phrase)) >= 2
        if long_enough and phrase in text and not UNHEARD.search(phrase):
            yield Phrase(text=phrase, form=_numbers(phrase))


# --- clauses ---------------------------------------------------------------------------------------------------------

_CLAUSE_END = re.compile(
    r"[.,:](?!\d)[.,]*|[!?;()\[\]\"“”…\n]+|\s[–—-]+\s|\s(?=(?:and|but|because|so|which|when|while|if)\s)"
)
_OPENING = re.compile(
    r"^(?:(?:and|but|so|or|because|well|um|uh|er|oh|okay|ok|yeah|yes|no|now|then|also|plus|i mean|you know|honestly|"
    r"basically|actually|like|look|see|i think|i guess|which|that)\b(?!['’])[\s,]*)+",
    re.IGNORECASE,
)
_ENDINGS = frozenset({"again", "down", "off", "out", "over", "up", "now", "here", "there", "me", "us", "them", "it"})
"""Small words that a title may end with."""
_DANGLING = STOP - _ENDINGS
_MIDWAY = frozenset("is are was were be been being has had to of than as s t d m re ve ll".split())  # noqa: SIM905
"""Words that a clause begins with when its beginning was cut off."""


def _clauses(text: str) -> Iterator[str]:
    for piece in _CLAUSE_END.split(UNHEARD.sub("\n", text)):
        clause = _OPENING.sub("", piece.strip()).strip(" '’*>#-")
        found = clause.split()
        if len(found) not in CLAUSE_WORDS or clause not in text or len(content_words(clause)) < 2:
            continue
        if folded_words(found[0]) not in _MIDWAY and found[-1].casefold().strip("'’") not in _DANGLING:
            yield clause


_POINTING = frozenset(
    "it this that these those they them he she him her one ones which who whose there itself themselves".split()  # noqa: SIM905
)
_FINITE = ("VBZ", "VBP", "VBD", "MD")
_SUBJECTS = ("nsubj", "nsubjpass", "expl", "csubj")
_WHO_I_AM = re.compile(
    r"(?i)^(?:i['’]?m|i am|we['’]?re|we are) (?:an?|the) |^(?:my|our) (?:name|title|role|job) |"
    r"^(?:i|we) (?:manage|run|lead|head|oversee|work (?:as|in|for)) "
)
_COUNTED = re.compile(
    r"(?i)\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|"
    r"nine)ty(?:-\w+)?|hundred|thousand|million)\b"
)


def _form(clause: str, span: Span) -> float:
    worth = WHOLE if any(_says(token, span) for token in span) else BROKEN
    worth += LEANING * min(sum(_points(token) for token in span), 2)
    worth += LEADING * (span[0].pos_ in ("ADP", "SCONJ", "ADV") or span[0].tag_ in _FINITE)
    worth += PRESENTING * bool(_WHO_I_AM.search(clause))
    return worth + _numbers(clause)


def _numbers(phrase: str) -> float:
    return NUMBER if _COUNTED.search(phrase) else 0.0


def _says(token: Token, span: Span) -> bool:
    """Whether it is a finite verb, by itself or with its auxiliary, whose subject is in the span too."""
    within = [child for child in token.children if span.start <= child.i < span.end]
    finite = token.tag_ in _FINITE or any(child.tag_ in _FINITE and child.dep_.startswith("aux") for child in within)
    return finite and any(child.dep_ in _SUBJECTS for child in within)


def _points(token: Token) -> bool:
    return token.lower_ in _POINTING and token.dep_ not in ("det", "mark")


# --- noun phrases ----------------------------------------------------------------------------------------------------

_BEFORE = ("DET", "PRON", "NUM", "PUNCT", "ADV", "CCONJ", "PART", "SYM")
_SAYING_NOTHING = frozenset(
    """
    same other another actual whole certain different such own real entire many much more most last next first how what
    which whose
    """.split()  # noqa: SIM905
)


def _noun_phrases(doc: Doc) -> Iterator[str]:
    """Noun phrases without what stands before their first word of meaning, by themselves and with what hangs on them.

    "The ingestion bill" gives `ingestion bill`; "copies of the rule" gives itself.
    """
    chunks = list(doc.noun_chunks)
    beginning = {chunk.start: chunk for chunk in chunks}
    for chunk in chunks:
        start = chunk.start
        while start < chunk.end and (doc[start].pos_ in _BEFORE or doc[start].lower_ in _SAYING_NOTHING):
            start += 1
        if start == chunk.end or chunk.root.pos_ == "PRON" or chunk.root.lower_ in _POINTING:
            continue
        yield doc[start : chunk.end].text
        behind = beginning.get(chunk.end + 1)
        if behind is not None and behind.root.pos_ != "PRON":
            preposition = doc[chunk.end]
            if preposition.dep_ == "prep" and preposition.head == chunk.root:
                yield doc[start : behind.end].text
