"""What a title must not hold: the name of a person or an account, a handle, an address.

Names that the sources tell are known. Those of people who are only spoken of are found by the English pipeline's
recogniser of names (`persons_in`), which is loaded when it is first asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from nlp.text.names import bare_name, is_label

SHORTEST = 3
"""Letters of the shortest part of a name that gives somebody away; initials and "de" do not."""

_WORD = re.compile(r"[^\W_][\w'’-]*")
_ADDRESS = re.compile(r"(?<!\w)@\w|\w@\w|://|\bwww\.|(?<!\w)u/\w")
_GENITIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Known names, ready to be looked for.

    `whole` are names as runs of words in lower case, wanted in any case; `parts` are first and last names, wanted with
    their capital only, so that "Will" names somebody and "will" does not.
    """

    whole: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    longest: int = 1

    def held_by(self, clause: str) -> bool:
        """Whether the clause holds one of the names, a handle or an address."""
        if _ADDRESS.search(clause):
            return True
        said = [_GENITIVE.sub("", word) for word in _WORD.findall(clause)]
        if any(word in self.parts for word in said):
            return True
        folded = [word.casefold() for word in said]
        return any(
            " ".join(folded[start : start + length]) in self.whole
            for length in range(1, self.longest + 1)
            for start in range(len(folded) - length + 1)
        )


def names_of(accounts: Collection[str], people: Collection[str]) -> Names:
    """The names of accounts and of people as something to look for.

    An account's name counts in any case, a person's in full in any case and in part with its capital. "Speaker 1" and
    the like name nobody. A name of one word is looked for as it is written and with a capital: a handle may be an
    ordinary word.
    """
    whole, parts = {_run(name) for name in accounts}, set()
    for name in people:
        plain = bare_name(name).lstrip("@")
        words = _WORD.findall(plain)
        if not words or is_label(plain):
            continue
        if len(words) > 1:
            whole.add(_run(plain))
        elif not words[0].isalpha():
            whole.add(words[0].casefold())
        parts |= {word[:1].upper() + word[1:] for word in words if len(word) >= SHORTEST and not word.isdigit()}
    whole.discard("")
    longest = max((len(name.split()) for name in whole), default=1)
    return Names(whole=frozenset(whole), parts=frozenset(parts), longest=longest)


def persons_in(text: str) -> list[str]:
    """The people whom the recogniser of names finds in a text, as written there.

    It goes by capitals and by what stands around a name, and misses some: it is asked beside the known names, never
    instead of them.
    """
    return [found.text for found in _recogniser()(text).ents if found.label_ == "PERSON"]


def naming(persons: Callable[[str], Collection[str]], text: str, clause: str) -> Iterator[str]:
    """The people named in this clause of a text; read in the text, where there is more to go by, and by itself."""
    for person in dict.fromkeys([*persons(text), *persons(clause)]):
        if person in clause:
            yield person


def _run(name: str) -> str:
    return " ".join(_GENITIVE.sub("", word).casefold() for word in _WORD.findall(name))


@cache
def _recogniser() -> Any:
    import spacy

    from nlp.text.pipeline import MODEL

    unused = ("tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer")
    return spacy.load(MODEL, exclude=list(unused))
