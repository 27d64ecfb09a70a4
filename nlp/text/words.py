"""The words of a text that carry meaning: what terms and titles of themes are weighed by."""

from __future__ import annotations

import re

from nlp.text.filler import UNHEARD

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
STOP = frozenset(
    """
    a about after again all also am an and any are aren't as at be because been before being both but by
    can can't could couldn't did didn't do does doesn't doing don't down each even every few for from
    get gets getting go goes going got had has have having he her here him his how i i'd i'll i'm i've
    if in into is isn't it it's its just know like ll lot made make many me mean more most much my no
    not now of off on once one only or other our out over own people put quite rather re really right
    said same say says see she should so some something still such take than that that's the their them
    then there there's these they they're thing things this those though through to too two under until
    up us ve very want was wasn't way we we'd we'll we're we've well went were what when where which
    while who why will with won't would wouldn't yeah yes yet you you're your um uh
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand
    million half second third she'd he'd they'd
    """.split()  # noqa: SIM905
)
"""Words too common to tell anything."""


def content_words(text: str) -> list[str]:
    """The words of the text in small letters, without those of STOP, of two letters, and a transcriber's notes."""
    found = (word.casefold().replace("’", "'") for word in _WORD.findall(UNHEARD.sub(" ", text)))
    return [word for word in found if word not in STOP and len(word) > 2]


def folded_words(text: str) -> str:
    """The words of the text in small letters, with single spaces: what two titles are compared by."""
    return " ".join(word.casefold() for word in _WORD.findall(text))
