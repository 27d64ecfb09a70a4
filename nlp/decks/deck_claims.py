"""The claims of a deck: one for each statement, fragments made whole by the line above them, quotations set beside.

Titles, agendas, sources, plans and furniture are no claims; a title that says something is one. What is passed over is
counted by the rule that did it (`nlp.decks.deck_lines`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from nlp.decks.deck_grammar import Parsed, parsed
from nlp.decks.deck_lines import ORDERS, introduces, opens_nothing, why_no_claim
from nlp.decks.deck_marks import Marked, without_quotations
from nlp.text.sentences import punctuated
from winloss.model.auditing import Basis, Block, BlockKind, Deck, DeckClaim, DeckQuote


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckReading:
    """What a deck claims and quotes, and how many lines were passed over, by reason."""

    claims: tuple[DeckClaim, ...]
    quotes: tuple[DeckQuote, ...]
    passed_over: dict[str, int]


@dataclass(slots=True)
class _Above:
    """What stands above a line: the part's title, and the lines that lead lists, the deepest last."""

    part: int = -1
    title: str = ""
    passed: bool = False
    leads: list[_Lead] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lead:
    """A line that opens a list: its words, its depth (-1 outside any list), and whether it ends as one that goes on."""

    text: str
    level: int
    ends: bool


@dataclass(slots=True)
class _Found:
    claims: list[DeckClaim] = field(default_factory=list)
    quotes: list[DeckQuote] = field(default_factory=list)
    waiting: list[DeckQuote] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    part_of: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One sentence of a block without its quotations, and the quotations that stood in it."""

    block: Block
    number: int
    marked: Marked
    after_label: str = ""
    beside_quote: bool = False
    cells: tuple[str, ...] = ()


def read_claims(deck: Deck) -> DeckReading:
    """The claims of a deck in the order in which it makes them. The same statement twice is one claim."""
    lines = [line for number, block in enumerate(deck.blocks) for line in _lines(block, number)]
    grammar = parsed([line.after_label or line.marked.text for line in lines])
    above, found = _Above(), _Found()
    for place, (line, tells) in enumerate(zip(lines, grammar, strict=True)):
        _enter(above, line.block, found)
        _read(line, tells, above, found, deck, follows=_following(lines, place))
    _place_waiting(found, None)
    return DeckReading(claims=_merged(found), quotes=tuple(found.quotes), passed_over=dict(found.passed))


# --- lines -----------------------------------------------------------------------------------------------------------

_LABEL = re.compile(r"^([^\W\d_][^:.!?“\"]{1,60}?)\s*(?::|\s[–—-])\s+(?=\S)")
_REFERENCE = re.compile(r"\s*(?:\[\d+(?:\s*[,–-]\s*\d+)*\]|[¹²³⁴⁵⁶⁷⁸⁹⁰]+)")
_ENDS_A_LEAD = re.compile(r"(?::|…|\.\.\.)\s*$")


def _lines(block: Block, number: int) -> Iterator[_Line]:
    if block.kind is BlockKind.CELL:
        yield from _row(block, number)
        return
    marked = without_quotations(block.text)
    sentences = [marked.text[slice(*span)] for span in punctuated(marked.text)] or [""]
    for order, sentence in enumerate(sentences):
        text = _REFERENCE.sub("", sentence).strip()
        label = _LABEL.match(text) if order == 0 else None
        yield _Line(
            block=block,
            number=number,
            marked=Marked(text=text, quotes=marked.quotes if order == 0 else ()),
            after_label=text[label.end() :] if label else "",
            beside_quote=bool(marked.quotes),
        )


_QUOTING = re.compile(r"(?i)\b(?:quotes?|verbatims?|in their (?:own )?words|they said|what (?:they|buyers) said)\b")


def _row(block: Block, number: int) -> Iterator[_Line]:
    """A row of a table: each cell that says something of its own, else the cell with the most words, as one line."""
    heads = (*block.head, *([""] * (len(block.cells) - len(block.head))))
    quoted = [cell.strip('“”"„ ') for cell, head in zip(block.cells, heads, strict=False) if _is_quote(cell, head)]
    cells = [
        without_quotations(cell) for cell, head in zip(block.cells, heads, strict=False) if not _is_quote(cell, head)
    ]
    quotes = (*quoted, *(quote for marked in cells for quote in marked.quotes))
    texts = [marked.text for marked in cells if marked.text]
    tells = parsed(texts)
    said = [text for text, tell in zip(texts, tells, strict=True) if tell.whole and not tell.asks and " " in text]
    for order, text in enumerate(said or [max(texts, key=_wordiness, default="")]):
        others = tuple(other for other in texts if other != text)
        marked = Marked(text=text, quotes=quotes if order == 0 else ())
        yield _Line(block=block, number=number, marked=marked, cells=others, beside_quote=bool(quotes))


def _is_quote(cell: str, head: str) -> bool:
    return len(cell.split()) >= 4 and bool(_QUOTING.search(head))


def _wordiness(text: str) -> int:
    return len(re.findall(r"[^\W\d_]{2,}", text))


def _following(lines: Sequence[_Line], place: int) -> Block | None:
    """The next block of the same part, where there is one."""
    here = lines[place].block
    later = next((line.block for line in lines[place + 1 :] if line.block is not here), None)
    return later if later is not None and later.part == here.part else None


# --- reading ---------------------------------------------------------------------------------------------------------


def _enter(above: _Above, block: Block, found: _Found) -> None:
    if block.part != above.part or block.kind is BlockKind.TITLE:
        if block.part != above.part:
            _place_waiting(found, None)
        above.part, above.leads = block.part, []
        above.title = block.text if block.kind is BlockKind.TITLE else ""
        above.passed = block.kind is BlockKind.TITLE and opens_nothing(block.text)
    elif block.kind is BlockKind.BODY:
        above.leads = [lead for lead in above.leads if block.listed and lead.level < block.level]


def _read(line: _Line, tells: Parsed, above: _Above, found: _Found, deck: Deck, *, follows: Block | None) -> None:
    block, text = line.block, line.marked.text
    quotes = [DeckQuote(text=quote, where=block.where, place=block.place) for quote in line.marked.quotes]
    if above.passed and block.kind is not BlockKind.NOTE:
        found.passed["under an agenda, sources or plans"] += bool(text)
        found.quotes.extend(quotes)
        return
    if (line.beside_quote or found.waiting) and introduces(text):
        found.waiting.extend(quotes)
        _place_waiting(found, block.part, hold=True)
        found.passed["who said a quotation"] += bool(text)
        return
    reason = why_no_claim(text) or _reason(text, tells, block)
    lead = _is_lead(text, block, tells, follows)
    if reason is None and lead:
        reason = "leads a list"
        level = block.level if block.listed else -1
        above.leads.append(_Lead(text=text, level=level, ends=bool(_ENDS_A_LEAD.search(text))))
    made = [] if reason else list(_claims(line, tells, above, deck))
    if not made:
        found.passed[reason or _what(block)] += bool(text)
        found.waiting.extend(quotes)
        return
    for claim in made:
        found.claims.append(claim)
        found.part_of.append(block.part)
    found.waiting.extend(quotes)
    _place_waiting(found, block.part)


def _reason(text: str, tells: Parsed, block: Block) -> str | None:
    if not tells.whole and (tells.orders or ORDERS.match(text)):
        return "plan" if block.kind is not BlockKind.NOTE else "instruction"
    if block.kind is BlockKind.NOTE and (not tells.whole or ORDERS.match(text)):
        return "instruction"
    if tells.whole and ORDERS.match(text) and not tells.subject:
        return "plan"
    return None


def _is_lead(text: str, block: Block, tells: Parsed, follows: Block | None) -> bool:
    """Whether a line only opens the list below it."""
    if follows is None or block.kind in (BlockKind.NOTE, BlockKind.CELL) or follows.kind is not BlockKind.BODY:
        return False
    deeper = follows.level > block.level or (follows.listed and not block.listed)
    if _ENDS_A_LEAD.search(text) and (deeper or follows.listed or block.kind is BlockKind.TITLE):
        return True
    stands = tells.whole and not tells.asks and not tells.dangling
    return block.kind is BlockKind.BODY and deeper and not stands


def _claims(line: _Line, tells: Parsed, above: _Above, deck: Deck) -> Iterator[DeckClaim]:
    block, text = line.block, line.marked.text
    over = (above.title if above.title != text else "", *(lead.text for lead in above.leads), *line.cells)
    context = tuple(dict.fromkeys(filter(None, over)))
    made = DeckClaim(text=text, statement=text, where=block.where, place=block.place, context=context)
    if tells.whole and not tells.asks and not tells.dangling:
        said = line.after_label or text
        statement = _cleaned(said)
        if line.after_label:
            made = replace(made, context=(*context, text[: len(text) - len(said)].strip(" :–—-")))
        for start, end in tells.halves or ((0, len(said)),):
            part = said[start:end] if tells.halves else text
            yield replace(made, text=part, statement=_cleaned(said[start:end]) if tells.halves else statement)
        return
    if block.kind is BlockKind.TITLE or block.kind is BlockKind.NOTE or not _may_be_fragment(block, text, deck):
        return
    whole = _made_whole(text, above)
    if whole:
        yield replace(made, statement=whole)
    else:
        yield replace(made, statement=_cleaned(text), basis=Basis.LABEL)


def _what(block: Block) -> str:
    return "title" if block.kind is BlockKind.TITLE else "fragment"


def _may_be_fragment(block: Block, text: str, deck: Deck) -> bool:
    """Whether a line without a verb may name a theme: it stands in a list, or is a row of a table with words in it."""
    words = re.findall(r"[^\W\d_]{3,}", text)
    return bool(words) and len(text) < 200 and (block.listed or deck.form == "list" or block.kind is BlockKind.CELL)


# --- fragments -------------------------------------------------------------------------------------------------------

_WHY = re.compile(r"(?i)^(?:\d+\s+)?(?:(?:top|main|key)\s+)?(?:reasons?\s+(?:why\s+|that\s+)?|why\s+)(.+?)[\s:?…]*$")
_WHAT = re.compile(r"(?i)^(?:things?|what)\s+(.+?)[\s:?…]*$")
_FOR = re.compile(r"(?i)^(?:for\s+)?(losing|winning)\s+(.*)$")
_LEADING_TALK = re.compile(
    r"(?i)^(?:(?:buyers|customers|they|respondents|interviewees|people|we)\s+)?(?:told\s+us|said|say|heard|hear|learned|learnt|found|saw|see)"
    r"(?:\s+that)?[\s:…]*$"
)


def _made_whole(text: str, above: _Above) -> str | None:
    """The statement that a fragment makes together with the lines above it, or None where those only name a topic."""
    said = text if _acronym_first(text) else text[:1].lower() + text[1:]
    for lead in (*reversed(above.leads), _Lead(text=above.title, level=-1, ends=above.title.endswith(":"))):
        stem = lead.text.rstrip(" :…?.")
        if not stem or _LEADING_TALK.match(stem):
            continue
        tells = parsed([stem])[0]
        if why := _WHY.match(stem):
            loss = _FOR.sub(r"we are \1 \2", why[1])
            return _cleaned(f"{loss} because {_as_reason(said)}")
        if (what := _WHAT.match(stem)) and tells.whole:
            return _cleaned(f"{what[1]} {said}")
        if tells.whole and not tells.asks and (tells.dangling or lead.ends):
            return _cleaned(f"{stem} {said}")
        if not tells.whole and lead.level >= 0 and _HANGS_ON.match(said):
            said = f"{stem[:1].lower()}{stem[1:]} {said}"
    return None


_HANGS_ON = re.compile(r"(?i)^(?:from|of|for|in|on|with|without|by|at|to|that|which|after|before|during|and|or|than)\b")
_LACKING = re.compile(r"(?i)^(?:nobody|no one|nothing|no|not enough|too (?:many|much|few|little))\b")


def _as_reason(text: str) -> str:
    return f"there is {text}" if _LACKING.match(text) else f"of {text}"


def _acronym_first(text: str) -> bool:
    first = text.split(" ", 1)[0]
    return len(first) > 1 and first[1:2].isupper()


def _cleaned(text: str) -> str:
    plain = text.strip().rstrip(" ;,:–—-").strip()
    return plain[:1].upper() + plain[1:]


# --- putting together ------------------------------------------------------------------------------------------------


def _place_waiting(found: _Found, part: int | None, *, hold: bool = False) -> None:
    """Give quotations that wait to the last claim of their part; without one they wait for the next, or stay alone."""
    if part is not None and found.claims and found.part_of[-1] == part:
        number = len(found.claims) - 1
        found.quotes.extend(replace(quote, claim=number) for quote in found.waiting)
        found.waiting = []
    elif not hold and part is None:
        found.quotes.extend(found.waiting)
        found.waiting = []


def _merged(found: _Found) -> tuple[DeckClaim, ...]:
    """The claims with their quotations; a claim that says what one before said is that one."""
    numbers: dict[str, int] = {}
    kept: list[DeckClaim] = []
    renumbered: dict[int, int] = {}
    for number, claim in enumerate(found.claims):
        key = " ".join(re.findall(r"\w+", claim.statement.casefold()))
        if key in numbers:
            renumbered[number] = numbers[key]
            found.passed["said twice"] += 1
            continue
        numbers[key] = renumbered[number] = len(kept)
        kept.append(claim)
    found.quotes = [
        quote if quote.claim is None else replace(quote, claim=renumbered[quote.claim]) for quote in found.quotes
    ]
    for number, claim in enumerate(kept):
        kept[number] = replace(claim, quotes=tuple(quote.text for quote in found.quotes if quote.claim == number))
    return tuple(kept)
