"""Decks that are kept as what a quarter's synthesis said: put by, listed, opened again, taken away, and forgotten in.

A kept deck is what the drift verdict of its quarter is held against, and what later decks may be found to repeat.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from winloss.errors import NotFound, SourceError
from winloss.model import Claim, Filters, Kept, Synthesis, fingerprint, stable_id
from winloss.model.auditing import Deck, SynthesisAudit
from winloss.ports import Store, Workbench
from winloss.services import doing
from winloss.services.audit import auditing, passing
from winloss.services.audit.passing import Passing
from winloss.services.erasure.withholding import without_names
from winloss.services.research.coding import coder_name

LONGEST_NAME = 100
REMEMBERED = 12
"""So many audits are kept in memory, until the evidence changes."""
FEWEST_WORDS = 4
"""Shorter remainders of a verbatim are not looked for in decks: they are anybody's words."""


def keep(bench: Workbench, path: Path, audit: SynthesisAudit, *, by: str | None) -> Synthesis:
    """Keep a deck as what its quarter's synthesis says; one of the same name, quarter and segment is replaced.

    Raises:
        QueryError: not a person's name.
        Conflict: somebody else changed it at the same time.
    """
    who = coder_name(by) if by else None
    segment = audit.filters.segment[0] if len(audit.filters.segment) == 1 else None
    made = Synthesis(
        id=stable_id("s", audit.name, audit.quarter, segment or "", bench.clock.now()),
        name=audit.name,
        quarter=audit.quarter,
        made_at=bench.clock.now(),
        claims=tuple(
            Claim(text=item.statement, where=item.claim.where, place=item.claim.place, quotes=item.claim.quotes)
            for item in audit.claims
        ),
        segment=segment,
        blob=bench.store.put_blob(path),
        by=who,
    )
    known = bench.store.syntheses(audit.quarter)
    same = [deck for deck in known if (deck.name, deck.segment) == (made.name, made.segment)]
    doing.do(
        bench,
        f"kept {made.name} as the synthesis of {made.quarter}",
        by=who,
        before=Kept(syntheses=tuple(same)),
        after=Kept(syntheses=(made,)),
    )
    return made


def decks(bench: Workbench) -> list[Synthesis]:
    """Every kept deck, the latest quarter first, what was kept last before what was kept earlier."""
    return sorted(bench.store.syntheses(), key=lambda deck: (deck.quarter, deck.made_at), reverse=True)


def find(bench: Workbench, name: str) -> Synthesis:
    """A kept deck by its id or, where that says it, its name.

    Raises:
        NotFound: there is none, or several are called so.
    """
    known = decks(bench)
    found = [deck for deck in known if deck.id == name] or [deck for deck in known if deck.name == name]
    if len(found) != 1:
        what = "several decks are" if found else "no deck is"
        raise NotFound(f"{what} kept as {name}", hint="`winloss decks list` names them with their ids.")
    return found[0]


def remove(bench: Workbench, name: str, *, by: str | None) -> Synthesis:
    """Keep a deck no longer; the step can be undone as long as its bytes are there.

    Raises:
        NotFound: there is no such deck.
    """
    gone = find(bench, name)
    who = coder_name(by) if by else None
    doing.do(bench, f"took away {gone.name} of {gone.quarter}", by=who, before=Kept(syntheses=(gone,)))
    return gone


def reopened(bench: Workbench, deck: Synthesis) -> SynthesisAudit:
    """A kept deck held against the verbatims as they are now; remembered until something changes.

    Raises:
        NotFound: its bytes are not kept any more.
        SourceError: they can no longer be read.
    """
    if deck.blob is None:
        raise NotFound(f"the file of {deck.name} is not kept", hint="It held words or names that were forgotten.")
    filters = Filters(segment=(deck.segment,)) if deck.segment else Filters()
    audit = _remembered(bench, bench.store.blob_path(deck.blob), deck.name, deck.quarter, filters, deck.blob)
    return replace(audit, id=deck.id, kept=True)


def look(bench: Workbench, name: str, content: bytes, *, quarter: str | None, filters: Filters) -> SynthesisAudit:
    """Hold a deck against the verbatims without keeping it; it is put by, so that it can be opened again.

    Raises:
        SourceError: it is no deck that can be read.
        QueryError, NotEnoughEvidence: as for any audit.
    """
    named = auditing.quarter_of(bench, quarter)
    called = plain_name(name)
    with at_hand(called, content) as path:
        audit = _remembered(bench, path, called, named, filters, sha256(content).hexdigest())
    deck = Passing(id=audit.id, name=called, quarter=named, filters=filters, made_at=bench.clock.now())
    passing.put(bench, deck, content)
    return audit


def is_made(bench: Workbench, deck: Passing, content: bytes) -> bool:
    """Whether the audit of a deck is at hand, of the evidence as it is."""
    mark = _mark(bench, deck.name, deck.quarter, deck.filters, sha256(content).hexdigest())
    return mark in bench.memo.get("audits", {})


def opened(bench: Workbench, audit_id: str) -> tuple[SynthesisAudit, bytes]:
    """The audit of a deck that is kept or was looked at, and the deck's bytes.

    Raises:
        NotFound: there is no such deck, or its file is not kept any more.
    """
    kept = next((deck for deck in bench.store.syntheses() if deck.id == audit_id), None)
    if kept is not None:
        audit = reopened(bench, kept)
        return audit, bench.store.blob_path(str(kept.blob)).read_bytes()
    seen, content = passing.find(bench, audit_id)
    with at_hand(seen.name, content) as path:
        digest = sha256(content).hexdigest()
        audit = _remembered(bench, path, seen.name, seen.quarter, seen.filters, digest)
    return replace(audit, id=audit_id), content


def keep_opened(bench: Workbench, audit_id: str, *, by: str | None) -> Synthesis:
    """Keep a deck that was looked at.

    Raises:
        NotFound: it is not here any more.
    """
    audit, content = opened(bench, audit_id)
    with at_hand(audit.name, content) as path:
        return keep(bench, path, audit, by=by)


@contextmanager
def at_hand(name: str, content: bytes) -> Iterator[Path]:
    """The bytes as a file of that name, for as long as it is needed."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"deck{Path(name).suffix[:10]}"
        path.write_bytes(content)
        yield path


def plain_name(name: str) -> str:
    """A file's name without folders, control characters, and more letters than anybody reads."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(letter for letter in bare if letter.isprintable()).strip()
    stem, dot, suffix = shown.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{suffix[:10]}" if dot and stem else shown[:LONGEST_NAME] or "deck"


def _remembered(bench: Workbench, path: Path, name: str, quarter: str, filters: Filters, digest: str) -> SynthesisAudit:
    from ingest.decks import read_deck

    mark = _mark(bench, name, quarter, filters, digest)
    kept: dict[str, SynthesisAudit] = bench.memo.setdefault("audits", {})
    if mark not in kept:
        kept[mark] = auditing.audit_deck(bench, read_deck(path, name=name), quarter=quarter, filters=filters)
        while len(kept) > REMEMBERED:
            kept.pop(next(iter(kept)))
    return kept[mark]


def _mark(bench: Workbench, name: str, quarter: str, filters: Filters, digest: str) -> str:
    return fingerprint(digest, name, quarter, repr(filters), *_standing(bench))


def _standing(bench: Workbench) -> list[str]:
    """What an audit rests on beside the deck: the evidence, what was believed, what was kept, who judges."""
    beliefs = [f"{belief.id}{belief.statement}{belief.status}{belief.segment}" for belief in bench.store.beliefs()]
    kept = [deck.id for deck in bench.store.syntheses()]
    return [str(bench.store.revision()), bench.quick_stances().fingerprint, *beliefs, *kept]


# --- forgetting ------------------------------------------------------------------------------------------------------


def without_words(store: Store, deck: Synthesis, names: Collection[str], lost: Iterable[str]) -> Synthesis:
    """The deck without quotations of words that go, and without its file where that holds such words, or a name."""
    words = [_plain(text) for text in lost]
    quotes_kept = tuple(
        replace(claim, quotes=tuple(quote for quote in claim.quotes if not _among(_plain(quote), words)))
        for claim in deck.claims
    )
    changed = deck if quotes_kept == deck.claims else replace(deck, claims=quotes_kept)
    if deck.blob is None:
        return changed
    told = _text_of(store, deck)
    named = told is None or without_names(told, tuple(names), parts=True) != told
    said = told is None or any(_holds(_plain(told), text) for text in words)
    return replace(changed, blob=None) if named or said or changed is not deck else changed


def _text_of(store: Store, deck: Synthesis) -> str | None:
    from ingest.decks import read_deck

    try:
        read: Deck = read_deck(store.blob_path(str(deck.blob)), name=deck.name)
    except (NotFound, SourceError):
        return None
    return "\n".join(block.text for block in read.blocks)


def _plain(text: str) -> str:
    folded = text.casefold().translate(str.maketrans("’‘“”", "''\"\""))
    return " ".join(folded.split())


def _among(quote: str, words: Sequence[str]) -> bool:
    return any(quote in text or text in quote for text in words)


def _holds(told: str, words: str) -> bool:
    """Whether a deck holds a run of `FEWEST_WORDS` times two words of a verbatim, or all of a shorter one."""
    parts = words.split()
    size = min(len(parts), 2 * FEWEST_WORDS)
    if size < FEWEST_WORDS:
        return False
    return any(" ".join(parts[at : at + size]) in told for at in range(len(parts) - size + 1))
