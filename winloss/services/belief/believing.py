"""What the evidence says of a belief: who supports it, who contradicts it, who is silent, in each part and quarter.

People are counted, each once: on the side that their words lean to in sum. A verdict is given of those who spoke, from
Wilson's interval of the share that supports: all of it above one half is support, all of it below is contradiction.
Where it holds one half, people on both sides make it mixed, and otherwise there is not enough evidence. Segments are
judged each for itself; a belief that holds in one of several only says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from winloss.model import Belief, EvidenceRow, Filters, Passage, Share, Stance
from winloss.ports import Workbench
from winloss.quarter import Quarter
from winloss.services import browsing, statistics
from winloss.services.belief import beliefs, stances
from winloss.services.evidence import Heard, passing
from winloss.services.library import library

QUOTED = 8
"""Verbatims shown for a belief and against it, each of another person while there are any."""
FEW = 10
"""People who must have been heard before their silence says something."""
BOTH = 2
"""People on the smaller side from which on opinions are called mixed."""


class Verdict(StrEnum):
    """What the evidence says of a belief."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    MIXED = "mixed"
    SILENT = "silent"
    UNFALSIFIABLE = "unfalsifiable"
    NOT_ENOUGH = "not enough evidence"
    UNREAD = "not read yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """People of one part: how many support, contradict, and say nothing of it, each of all who were heard.

    `low` and `high` bound the share that supports among those who spoke, with 95% confidence.
    """

    name: str
    verdict: Verdict
    supports: Share
    contradicts: Share
    silent: Share
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A verbatim that speaks for or against a belief: how sure that is, why, and the words it rests on."""

    passage: Passage
    stance: Stance
    score: float
    reason: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeliefEvidence:
    """What a quarter (None: all of them) says of a belief. `sentence` can be read out."""

    belief: Belief
    quarter: str | None
    verdict: Verdict
    sentence: str
    whole: Standing
    segments: tuple[Standing, ...]
    roles: tuple[Standing, ...]
    sources: tuple[Standing, ...]
    quarters: tuple[Standing, ...]
    supporting: tuple[Voice, ...]
    contradicting: tuple[Voice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What part of the evidence says of a belief, in short; the ids are of the surest verbatims, one a person first."""

    verdict: Verdict
    sentence: str
    whole: Standing
    segments: tuple[Standing, ...]
    supporting: tuple[str, ...]
    contradicting: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A belief in the register, with what all quarters say of it and each one."""

    belief: Belief
    verdict: Verdict
    sentence: str
    whole: Standing
    quarters: tuple[Standing, ...]


def register(bench: Workbench, *, retired: bool = False, wait: bool = True) -> list[Entry]:
    """Every belief that is held (retired ones too where asked) with its verdicts.

    Whoever does not `wait` for verbatims to be read gets `Verdict.UNREAD` for a belief that needs it.
    """
    return [
        _entry(bench, belief) if wait or not (lacking := unread(bench, belief)) else _unread(belief, lacking)
        for belief in beliefs.listed(bench, retired=retired)
    ]


def _entry(bench: Workbench, belief: Belief) -> Entry:
    """The belief's entry, made anew only when the evidence or the belief changed."""
    memo: dict[str, tuple[object, Entry]] = bench.memo.setdefault("entries", {})
    mark = (_mark(bench, belief), belief)
    known = memo.get(belief.id)
    if known is None or known[0] != mark:
        known = memo[belief.id] = (mark, _told_of_all(bench, belief))
    return known[1]


def _told_of_all(bench: Workbench, belief: Belief) -> Entry:
    heard = library(bench).heard(scope_of(belief))
    spoken = _spoken(bench, belief, heard)
    verdict, sentence, whole, _ = _summed(bench, belief, heard, spoken)
    quarters = _by_quarter(bench, belief, heard, spoken)
    return Entry(belief=belief, verdict=verdict, sentence=sentence, whole=whole, quarters=quarters)


def _unread(belief: Belief, lacking: int) -> Entry:
    nobody = _standing("", 0, 0, ())
    return Entry(belief=belief, verdict=Verdict.UNREAD, sentence=_to_be_read(lacking), whole=nobody, quarters=())


def _to_be_read(lacking: int) -> str:
    return f"At least {lacking} verbatims are still to be read for it."


def evidence(
    bench: Workbench,
    name: str,
    *,
    quarter: str | None = None,
    within: Filters | None = None,
    quoted: int = QUOTED,
    wait: bool = True,
) -> BeliefEvidence:
    """What a quarter says of a belief, or all quarters together; of it only what passes `within`.

    Whoever does not `wait` gets `Verdict.UNREAD`, and nobody on either side, while verbatims are to be read for it.

    Raises:
        NotFound: there is no such belief.
        QueryError: the quarter is not written as one.
    """
    belief = beliefs.find(bench, name)
    chosen = str(Quarter.parse(quarter)) if quarter else None
    if not wait and (lacking := unread(bench, belief)):
        return _unread_evidence(belief, chosen, lacking)
    everything = library(bench).heard(scope_of(belief))
    if within:
        everything = Heard(passing(everything.rows, within))
    heard = everything.of(chosen)
    spoken = _spoken(bench, belief, heard)
    verdict, sentence, whole, segments = _summed(bench, belief, heard, spoken)
    return BeliefEvidence(
        belief=belief,
        quarter=chosen,
        verdict=verdict,
        sentence=sentence,
        whole=whole,
        segments=segments,
        roles=_parts(heard, spoken, "role"),
        sources=_parts(heard, spoken, "source"),
        quarters=_by_quarter(bench, belief, everything, _spoken(bench, belief, everything)),
        supporting=_voices(bench, belief, spoken, Stance.SUPPORTS, quoted),
        contradicting=_voices(bench, belief, spoken, Stance.CONTRADICTS, quoted),
    )


def _unread_evidence(belief: Belief, quarter: str | None, lacking: int) -> BeliefEvidence:
    return BeliefEvidence(
        belief=belief,
        quarter=quarter,
        verdict=Verdict.UNREAD,
        sentence=_to_be_read(lacking),
        whole=_standing("", 0, 0, ()),
        segments=(),
        roles=(),
        sources=(),
        quarters=(),
        supporting=(),
        contradicting=(),
    )


def told(bench: Workbench, belief: Belief, *, heard: Heard, limit: int) -> Told:
    """What those who were `heard` say of a belief in whose scope all of them are; their words are not read again."""
    spoken = _spoken(bench, belief, heard)
    verdict, sentence, whole, segments = _summed(bench, belief, heard, spoken)
    chosen = (_surest(spoken, stance, limit) for stance in (Stance.SUPPORTS, Stance.CONTRADICTS))
    supporting, contradicting = (tuple(item.row.id for item in side) for side in chosen)
    return Told(
        verdict=verdict,
        sentence=sentence,
        whole=whole,
        segments=segments,
        supporting=supporting,
        contradicting=contradicting,
    )


def unread(bench: Workbench, belief: Belief) -> int:
    """How many verbatims are to be read for a belief at least, before its verdict is known; 0 where it is."""
    known = bench.memo.get("sided", {}).get(belief.id)
    if (known is not None and known[0] == _mark(bench, belief)) or _unfalsifiable(bench, belief):
        return 0
    return stances.unread(bench, belief.statement, _parts_by_quarter(bench, belief))


def prepare(bench: Workbench) -> int:
    """Read what is not read yet for every belief, retired ones too; returns how many beliefs there are."""
    known = beliefs.listed(bench, retired=True)
    for belief in known:
        _speaking(bench, belief)
    return len(known)


# --- who says what ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sided:
    """A row in scope that speaks of the belief: how likely it supports and contradicts."""

    row: EvidenceRow
    supports: float
    contradicts: float

    @property
    def stance(self) -> Stance:
        return Stance.SUPPORTS if self.supports >= self.contradicts else Stance.CONTRADICTS


def scope_of(belief: Belief) -> Filters:
    """The filters that a belief's scope asks for."""
    return Filters(
        segment=(belief.segment,) if belief.segment else (),
        role=(belief.role,) if belief.role else (),
        facet=(belief.facet,) if belief.facet else (),
    )


def _speaking(bench: Workbench, belief: Belief) -> Mapping[str, _Sided]:
    """The rows in the belief's scope that speak of it, by id; made anew only when the evidence or the belief changed.

    All others are silent.
    """
    memo: dict[str, tuple[object, Mapping[str, _Sided]]] = bench.memo.setdefault("sided", {})
    mark = _mark(bench, belief)
    known = memo.get(belief.id)
    if known is None or known[0] != mark:
        known = memo[belief.id] = (mark, _judged(bench, belief))
    return known[1]


def _spoken(bench: Workbench, belief: Belief, heard: Heard) -> list[_Sided]:
    """What those who were heard say of the belief."""
    return [item for name, item in _speaking(bench, belief).items() if name in heard.ids]


def _mark(bench: Workbench, belief: Belief) -> object:
    """Changes with what the sides of a belief are made from."""
    return library(bench).revision, belief.statement, scope_of(belief), bench.stances().fingerprint


def _judged(bench: Workbench, belief: Belief) -> Mapping[str, _Sided]:
    if _unfalsifiable(bench, belief):
        return {}
    parts = _parts_by_quarter(bench, belief)
    found = stances.speaking(bench, belief.statement, parts)
    rows = {row.id: row for part in parts for row in part}
    return {name: _Sided(rows[name], *found[name].chances[:2]) for name in sorted(found)}


def _parts_by_quarter(bench: Workbench, belief: Belief) -> list[list[EvidenceRow]]:
    """The rows in the belief's scope, those of each quarter together."""
    parts: dict[str | None, list[EvidenceRow]] = defaultdict(list)
    for row in library(bench).passing(scope_of(belief)):
        parts[row.quarter].append(row)
    return list(parts.values())


def _unfalsifiable(bench: Workbench, belief: Belief) -> str | None:
    """Why verbatims cannot test it, or None where they can."""
    from nlp.stances.falsifiable import falsifiability

    vendor = bench.codebook.vendor
    found = falsifiability(belief.statement, (vendor.name, *vendor.aliases) if vendor else ())
    return None if found.falsifiable else found.reason


# --- counting --------------------------------------------------------------------------------------------------------


def _summed(
    bench: Workbench, belief: Belief, heard: Heard, spoken: Sequence[_Sided]
) -> tuple[Verdict, str, Standing, tuple[Standing, ...]]:
    """The verdict, the sentence that tells it, and what it rests on: everybody, and each segment."""
    whole, segments = _standing("", heard.people, len(heard.rows), spoken), _parts(heard, spoken, "segment")
    return *_verdict(bench, belief, whole, segments), whole, segments


def _standing(name: str, people: int, verbatims: int, spoken: Sequence[_Sided]) -> Standing:
    """Of so many people heard in so many verbatims, those who speak."""
    sums: dict[str, float] = defaultdict(float)
    for item in spoken:
        sums[item.row.respondent] += item.supports - item.contradicts
    said = Counter(item.stance for item in spoken)
    for_it, against = sum(lean >= 0 for lean in sums.values()), sum(lean < 0 for lean in sums.values())
    counts = Share(count=for_it, base=for_it + against, verbatims=said[Stance.SUPPORTS])
    low, high = statistics.wilson(counts)
    return Standing(
        name=name,
        verdict=_word(for_it, against, people, low, high),
        supports=Share(count=for_it, base=people, verbatims=said[Stance.SUPPORTS]),
        contradicts=Share(count=against, base=people, verbatims=said[Stance.CONTRADICTS]),
        silent=Share(count=people - for_it - against, base=people, verbatims=verbatims - len(spoken)),
        low=low,
        high=high,
    )


def _word(for_it: int, against: int, base: int, low: float, high: float) -> Verdict:
    if not for_it and not against:
        return Verdict.SILENT if base >= FEW else Verdict.NOT_ENOUGH
    if low > 0.5:
        return Verdict.SUPPORTED
    if high < 0.5:
        return Verdict.CONTRADICTED
    return Verdict.MIXED if min(for_it, against) >= BOTH else Verdict.NOT_ENOUGH


def _parts(heard: Heard, spoken: Sequence[_Sided], by: str) -> tuple[Standing, ...]:
    """The standing in each part, the one with the most people first; unknown parts are left out."""
    groups: dict[str, list[_Sided]] = defaultdict(list)
    for item in spoken:
        groups[getattr(item.row, by)].append(item)
    verbatims = heard.verbatims(by)
    standings = [_standing(name, base, verbatims[name], groups[name]) for name, base in heard.bases(by).items()]
    return tuple(sorted(standings, key=lambda part: (-part.supports.base, part.name)))


def _by_quarter(bench: Workbench, belief: Belief, heard: Heard, spoken: Sequence[_Sided]) -> tuple[Standing, ...]:
    """The standing in every quarter with evidence, oldest first; a quarter in which nobody in scope spoke too."""
    found = {part.name: part for part in _parts(heard, spoken, "quarter")}
    blocked = _unfalsifiable(bench, belief) is not None
    strip = [found.get(name) or _standing(name, 0, 0, ()) for name in browsing.quarters(bench)]
    return tuple(replace(part, verdict=Verdict.UNFALSIFIABLE) if blocked else part for part in strip)


# --- the verdict -----------------------------------------------------------------------------------------------------


def _verdict(bench: Workbench, belief: Belief, whole: Standing, segments: Sequence[Standing]) -> tuple[Verdict, str]:
    why = _unfalsifiable(bench, belief)
    if why:
        return Verdict.UNFALSIFIABLE, f"Verbatims cannot test this: {why}."
    told = _told(whole)
    heard = [part for part in segments if part.supports.base]
    holds = [part.name for part in heard if part.verdict is Verdict.SUPPORTED]
    fails = [part.name for part in heard if part.verdict is Verdict.CONTRADICTED]
    if holds and fails:
        return Verdict.MIXED, f"Supported in {_and(holds)}, contradicted in {_and(fails)}. {told}"
    if len(holds) == 1 and len(heard) > 1:
        return Verdict.MIXED, f"Supported in {holds[0]} only. {told}"
    if whole.verdict is Verdict.CONTRADICTED and len(fails) == 1 and len(heard) > 1:
        return Verdict.CONTRADICTED, f"{told} Most clearly in {fails[0]}."
    return whole.verdict, told


def _told(whole: Standing) -> str:
    base = whole.supports.base
    if not base:
        return "Nobody in its scope was heard."
    spoke = whole.supports.count + whole.contradicts.count
    people = f"{base} {'person' if base == 1 else 'people'} heard"
    if not spoke:
        more = "" if base >= FEW else f"; fewer than {FEW}, so that says little"
        return f"None of the {people} speaks of it{more}."
    counts = (
        f"{whole.supports.count} of {base} support it, {whole.contradicts.count} contradict it, "
        f"{whole.silent.count} say nothing of it."
    )
    if whole.verdict is Verdict.NOT_ENOUGH:
        between = f"between {whole.low:.0%} and {whole.high:.0%} of those who speak of it would support it"
        return f"{counts} Too few to say which side holds: {between}."
    return counts


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


# --- quotes ----------------------------------------------------------------------------------------------------------


def _voices(
    bench: Workbench, belief: Belief, spoken: Sequence[_Sided], stance: Stance, quoted: int
) -> tuple[Voice, ...]:
    """The surest verbatims of a stance, people who were not quoted yet first."""
    said = _surest(spoken, stance, quoted)
    chosen = [item.row.id for item in said]
    passages = bench.store.passages(chosen)
    reasons = bench.stances().explain(belief.statement, [passage.text for passage in passages])
    scores: Mapping[str, float] = {item.row.id: _strength(item, stance) for item in said}
    return tuple(
        Voice(passage=passage, stance=stance, score=scores[passage.id], reason=found.reason, span=found.span)
        for passage, found in zip(passages, reasons, strict=True)
    )


def _surest(spoken: Sequence[_Sided], stance: Stance, limit: int) -> list[_Sided]:
    said = [item for item in spoken if item.stance is stance]
    said.sort(key=lambda item: (-_strength(item, stance), item.row.id))
    first: dict[str, _Sided] = {}
    again: list[_Sided] = []
    for item in said:
        if item.row.respondent in first:
            again.append(item)
        else:
            first[item.row.respondent] = item
    return [*first.values(), *again][:limit]


def _strength(item: _Sided, stance: Stance) -> float:
    return item.supports if stance is Stance.SUPPORTS else item.contradicts
