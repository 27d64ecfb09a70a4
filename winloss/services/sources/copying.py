"""Documents that say what another one says: found, linked, and counted once.

Two exports of one interview, a post in two places and a quotation in an interview table are the same words of the same
person. The document that tells most counts; its copies stay readable and yield no verbatims, but what somebody coded in
them is coded in the one that counts. A reply that holds the
mail it answers counts, but not the words that it holds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from winloss.model import Copy, Document, Highlight, Side, SourceKind, Turn, fingerprint
from winloss.ports import Workbench

if TYPE_CHECKING:
    from nlp.text.copies import Likeness, Runs

SAME = 0.7
"""Share of runs that two texts must have in common, both ways, to be the same."""

SAME_SPEECH = 0.35
"""The same for long texts, which two tools hear differently: one word in ten misheard leaves a third of the runs."""

LONG = 300
EXCERPT = 0.8
QUOTED_WORDS = 12

_VERSION = 2
_STAGE = "copies"
_CACHE = "copies.npz"
_NOT_THE_BUYER = (Side.INTERVIEWER, Side.VENDOR)


def link_copies(bench: Workbench) -> int:
    """Bring the links between documents that say the same up to date; returns for how many anything changed."""
    documents = bench.store.documents()
    mark = fingerprint(_VERSION, *sorted(f"{document.id} {document.content_hash}" for document in documents))
    if bench.store.stage(_STAGE) == mark:
        return 0
    copies = _copies(bench, sorted(documents, key=lambda document: document.id))
    with bench.store.transaction() as transaction:
        changed = transaction.put_copies(copies)
        transaction.set_stage(_STAGE, mark)
    return changed


def copied(bench: Workbench) -> Mapping[str, Copy]:
    """The documents that do not count, because another one says the same, by id."""
    return {copy.document_id: copy for copy in bench.store.copies() if copy.how != "quotes"}


def quotations(bench: Workbench) -> Mapping[tuple[str, int], tuple[tuple[int, int], ...]]:
    """Spans of turns (document and ordinal) that are words of another document."""
    spans: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for copy in bench.store.copies():
        for ordinal, start, end in copy.spans:
            spans[copy.document_id, ordinal].append((start, end))
    return {place: tuple(sorted(found)) for place, found in spans.items()}


def carried(bench: Workbench, document_ids: Collection[str]) -> Mapping[str, list[Turn]]:
    """The turns of copies that somebody coded, by the id of the document that counts instead of them."""
    found: dict[str, list[Turn]] = defaultdict(list)
    for copy in copied(bench).values():
        if copy.of_id in document_ids:
            found[copy.of_id] += (turn for turn in bench.store.turns(copy.document_id) if turn.highlights)
    return found


def with_marks_of(turns: Sequence[Turn], coded: Iterable[Turn]) -> list[Turn]:
    """The turns with what is marked in other readings of the same words, where buyers say them exactly once.

    White space and case do not count.
    """
    marks: dict[str, list[Highlight]] = defaultdict(list)
    for other in coded:
        for mark in other.highlights:
            words = other.text[mark.start : mark.end].split()
            places = _places_of(words, turns)
            if len(places) == 1:
                turn, start, end = places[0]
                marks[turn.id].append(replace(mark, turn=turn.ordinal, start=start, end=end))
    return [replace(turn, highlights=(*turn.highlights, *marks[turn.id])) for turn in turns]


def _places_of(words: Sequence[str], turns: Iterable[Turn]) -> list[tuple[Turn, int, int]]:
    if not words:
        return []
    written = r"\s+".join(map(re.escape, words))
    pattern = re.compile(rf"(?<!\w){written}(?!\w)", re.IGNORECASE)
    spoken = (turn for turn in turns if turn.speaker.side is Side.BUYER)
    return [(turn, *match.span()) for turn in spoken for match in pattern.finditer(turn.text)]


def _copies(bench: Workbench, documents: Sequence[Document]) -> list[Copy]:
    from nlp.text.copies import likenesses

    found = likenesses(_runs_of(bench, documents))
    same = [likeness for likeness in found if _is_same(likeness)]
    counts = _counting(bench, documents, same)
    shares = {(likeness.one, likeness.other): likeness.of_one for likeness in same}
    shares |= {(likeness.other, likeness.one): likeness.of_other for likeness in same}
    copies = [
        _copy(documents[place], documents[one], "same", shares.get((place, one), SAME_SPEECH))
        for place, one in sorted(counts.items())
        if place != one
    ]
    taken = {copy.document_id for copy in copies}
    rest = [likeness for likeness in found if not _is_same(likeness)]
    excerpts = _excerpts(documents, rest, counts, taken)
    taken |= {copy.document_id for copy in excerpts}
    return [*copies, *excerpts, *_quotes(bench, documents, rest, taken)]


def _is_same(likeness: Likeness) -> bool:
    longest = max(likeness.shared / likeness.of_one, likeness.shared / likeness.of_other)
    needed = SAME_SPEECH if longest >= LONG else SAME
    return min(likeness.of_one, likeness.of_other) >= needed


def _counting(bench: Workbench, documents: Sequence[Document], same: Iterable[Likeness]) -> dict[int, int]:
    """For each document that is the same as others, by place, the one of them that counts."""
    groups: dict[int, set[int]] = {}
    for likeness in same:
        group = groups.get(likeness.one, {likeness.one}) | groups.get(likeness.other, {likeness.other})
        groups |= dict.fromkeys(group, group)
    best = {frozenset(group): max(group, key=lambda place: _told(bench, documents[place])) for group in groups.values()}
    return {place: best[frozenset(group)] for place, group in groups.items()}


def _told(bench: Workbench, document: Document) -> tuple[object, ...]:
    """How much a document tells, to be compared: who speaks, when; of equals the first post, then the lower id."""
    turns = bench.store.turns(document.id)
    buyers = sum(turn.speaker.side is Side.BUYER for turn in turns) > 0
    named = len({turn.speaker.name for turn in turns if turn.speaker.name})
    timed = any(turn.start_ms is not None for turn in turns)
    day = -document.happened_on.toordinal() if document.happened_on else -(10**7)
    if document.kind is SourceKind.COMMUNITY:
        return buyers, day, _reversed(document.id)
    return buyers, named, timed, document.account is not None, day, _reversed(document.id)


def _reversed(name: str) -> tuple[int, ...]:
    return tuple(-ord(letter) for letter in name)


def _copy(document: Document, of: Document, how: str, similarity: float) -> Copy:
    where = f"“{of.title or of.external_id}”"
    share = f"{similarity:.0%} of its five-word runs are in {where}"
    words = {"same": f"says the same: {share}", "excerpt": f"is an excerpt: {share}"}
    return Copy(document_id=document.id, of_id=of.id, how=how, similarity=round(similarity, 4), evidence=words[how])


def _excerpts(
    documents: Sequence[Document], rest: Iterable[Likeness], counts: Mapping[int, int], taken: set[str]
) -> list[Copy]:
    """Short texts whose words are in a longer one: a table of quotations beside the interviews. Posts only quote."""
    best: dict[int, tuple[float, int]] = {}
    for likeness in rest:
        short, long, share = likeness.one, likeness.other, likeness.of_one
        if likeness.of_other > likeness.of_one:
            short, long, share = likeness.other, likeness.one, likeness.of_other
        posts = SourceKind.COMMUNITY in (documents[short].kind, documents[long].kind)
        if share >= EXCERPT and not posts and documents[short].id not in taken:
            best[short] = max(best.get(short, (0.0, -1)), (share, -counts.get(long, long)))
    return [_copy(documents[short], documents[-long], "excerpt", share) for short, (share, long) in best.items()]


def _quotes(
    bench: Workbench, documents: Sequence[Document], rest: Iterable[Likeness], taken: set[str]
) -> Iterable[Copy]:
    """Words of an earlier post that a later one of the same thread holds."""
    from nlp.text.copies import runs, shared_spans

    for likeness in rest:
        pair = [documents[likeness.one], documents[likeness.other]]
        thread = {document.thread_id for document in pair}
        if thread == {None} or len(thread) > 1 or any(document.id in taken for document in pair):
            continue
        earlier, later = sorted(pair, key=lambda document: (str(document.happened_on), document.id))
        said = runs("\n".join(turn.text for turn in bench.store.turns(earlier.id)))
        spans = tuple(
            (turn.ordinal, start, end)
            for turn in bench.store.turns(later.id)
            for start, end in shared_spans(turn.text, said, fewest=QUOTED_WORDS)
        )
        if spans:
            share = likeness.of_one if later is pair[0] else likeness.of_other
            evidence = f"holds words of “{earlier.title or earlier.external_id}”"
            yield Copy(
                document_id=later.id,
                of_id=earlier.id,
                how="quotes",
                similarity=round(share, 4),
                evidence=evidence,
                spans=spans,
            )


# --- Runs, computed once for each content ----------------------------------------------------------------------------


def _runs_of(bench: Workbench, documents: Sequence[Document]) -> list[Runs]:
    """The runs of the buyers' words of each document, remembered beside the store by content."""
    known = _remembered(bench)
    missing = [document for document in documents if document.content_hash not in known]
    with bench.progress.track("comparing documents", total=len(missing)) as advance:
        for document in missing:
            known[document.content_hash] = _runs(bench.store.turns(document.id))
            advance(1)
    wanted = {document.content_hash for document in documents}
    if missing or known.keys() - wanted:
        _remember(bench, {name: found for name, found in known.items() if name in wanted})
    return [known[document.content_hash] for document in documents]


def _runs(turns: Iterable[Turn]) -> Runs:
    """The runs of what buyers, or people whose side is unknown, say; quotations are somebody else's.

    What somebody picked out of a text does not go on where the next pick begins.
    """
    from nlp.text.copies import runs

    said = [turn for turn in turns if turn.speaker.side not in _NOT_THE_BUYER]
    texts = [_own(turn) for turn in said]
    picked = all(any((mark.start, mark.end) == (0, len(turn.text)) for mark in turn.highlights) for turn in said)
    return runs(*texts) if picked else runs("\n\n".join(texts))


def _own(turn: Turn) -> str:
    text = turn.text
    for start, end in sorted(turn.quoted, reverse=True):
        text = f"{text[:start]}\n{text[end:]}"
    return text


def trim(bench: Workbench) -> None:
    """Keep the runs of current documents only."""
    wanted = {document.content_hash for document in bench.store.documents()}
    kept = {name: found for name, found in _remembered(bench).items() if name in wanted}
    for name in (_CACHE, f"{_CACHE}.part"):
        (bench.root / name).unlink(missing_ok=True)
    if kept:
        _remember(bench, kept)


def _remembered(bench: Workbench) -> dict[str, Runs]:
    import numpy as np

    try:
        with np.load(bench.root / _CACHE, allow_pickle=False) as kept:
            parts = np.split(kept["runs"], kept["ends"][:-1])
            return dict(zip(kept["names"].tolist(), parts, strict=True))
    except (OSError, ValueError, KeyError, EOFError):
        return {}


def _remember(bench: Workbench, known: Mapping[str, Runs]) -> None:
    import numpy as np

    aside = bench.root / f"{_CACHE}.part"
    everything = np.concatenate([np.empty(0, dtype=np.uint64), *known.values()])
    ends = np.cumsum([len(found) for found in known.values()], dtype=np.int64)
    with aside.open("wb") as file:
        np.savez(file, names=np.array(list(known)), runs=everything, ends=ends)
    aside.replace(bench.root / _CACHE)
