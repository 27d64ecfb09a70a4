"""The grade of a claim, from what was counted. The first rule that holds decides.

    grade               rule
    ------------------  ----------------------------------------------------------------------------------------------
    unfalsifiable       no verbatim could show it wrong (`nlp.stances.falsifiable` says why)
    contradicted        at least two people speak against it (of many heard, three), and against five for it at least
                        four (`DIVIDED`): a statement that the people are divided over is none to present
    restates a belief   a held belief, or a deck kept for an earlier quarter, says the same, and nobody said it for the
    without new ...     first time in this quarter, or so few speak for it at all that it would be thin
    no evidence         nobody in its scope speaks for it
    thin                fewer than three people speak for it (of many heard, up to five), those not counted who only
                        answered a leading question
    one segment only    it names no segment, `ALONE` of its people are of one, and the others, where enough were heard,
                        say it less often than chance allows (Fisher's exact test, p < .05: `averaging`)
    supported           all others

Of many people heard, a few are misread: about one in a thousand is taken to speak for a claim about another subject
(`benchmarks/audit`), and more for a claim about a subject next to it. What is needed grows with them, by one in a
hundred heard, up to five for a claim and three against it.

Counts are people, never verbatims. A person who says both counts on both sides. A claim that nobody does something
("no buyer asked for ...") is judged by the people who do: they speak against it, and silence speaks for it only where
at least `HEARD` people were heard. Intervals are Wilson's at 95%.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from winloss.model import Share
from winloss.model.auditing import Grade, Sides
from winloss.services.statistics import fisher
from winloss.services.themes.averaging import ALONE, LEVEL

LEAST, MOST_NEEDED = 3, 5
FEW_AGAINST, MOST_AGAINST = 2, 3
MISREAD = 0.01
DIVIDED = 0.8
HEARD = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a grade is made from: `supports` to `led` count people of `base` heard in the claim's scope.

    `led` are those who speak for it only in answer to a leading question, `fresh` those who speak for it in the quarter
    and never before. `unfalsifiable` and `said_before` are reasons in words, None where there is none. `denies`: the
    claim says that nobody does it, and `supports` counts silence.
    """

    supports: int
    contradicts: int
    base: int
    led: int = 0
    fresh: int = 0
    segments: Sequence[Sides] = ()
    names_segment: bool = False
    unfalsifiable: str | None = None
    said_before: str | None = None
    denies: bool = False
    capped: bool = False


def graded(weighed: Weighed) -> tuple[Grade, str]:
    """The grade and one sentence that says why."""
    for rule in (_unfalsifiable, _contradicted, _denied, _restated, _no_evidence, _thin, _one_segment):
        found = rule(weighed)
        if found is not None:
            return found
    against = f"; {_people(weighed.contradicts)} against it" if weighed.contradicts else ""
    return Grade.SUPPORTED, f"{_of(weighed)} speak for it{against}."


def needed(base: int, least: int, most: int) -> int:
    """How many people it takes, of so many heard."""
    return max(least, min(most, ceil(MISREAD * base)))


def _unfalsifiable(it: Weighed) -> tuple[Grade, str] | None:
    return (Grade.UNFALSIFIABLE, it.unfalsifiable) if it.unfalsifiable else None


def _contradicted(it: Weighed) -> tuple[Grade, str] | None:
    if it.contradicts < needed(it.base, FEW_AGAINST, MOST_AGAINST) or (
        it.contradicts < DIVIDED * it.supports and not it.denies
    ):
        return None
    if it.denies:
        return Grade.CONTRADICTED, f"{_people(it.contradicts)} of {it.base} heard do say it."
    return Grade.CONTRADICTED, f"{_people(it.contradicts)} of {it.base} speak against it, {it.supports} for it."


def _denied(it: Weighed) -> tuple[Grade, str] | None:
    if not it.denies:
        return None
    if it.base < HEARD:
        return (
            Grade.THIN,
            f"Nobody says so, but only {_people(it.base)} were heard: fewer than {HEARD} say little by silence.",
        )
    if it.contradicts:
        return Grade.THIN, f"{_people(it.contradicts)} of {it.base} heard does say it."
    return Grade.SUPPORTED, f"Of {_people(it.base)} heard, nobody says otherwise."


def _restated(it: Weighed) -> tuple[Grade, str] | None:
    thin = _thin(it)
    if it.said_before is None or (it.fresh and not thin):
        return None
    if it.fresh and thin:
        return Grade.RESTATED, f"It repeats {it.said_before}. {thin[1]}"
    support = f"the {_people(it.supports)} who support it had all said so before" if it.supports else "nobody says so"
    return (
        Grade.RESTATED,
        f"It repeats {it.said_before}, and nobody said it for the first time this quarter: {support}.",
    )


def _no_evidence(it: Weighed) -> tuple[Grade, str] | None:
    if it.supports:
        return None
    if not it.base:
        return Grade.NO_EVIDENCE, "Nobody was heard in this scope."
    one = " One person speaks against it." if it.contradicts else ""
    return Grade.NO_EVIDENCE, f"Nobody of {it.base} heard in its scope speaks for it.{one}"


def _thin(it: Weighed) -> tuple[Grade, str] | None:
    least = needed(it.base, LEAST, MOST_NEEDED)
    if it.supports - it.led >= least:
        return None
    led = f", {it.led} only in answer to a leading question" if it.led else ""
    return Grade.THIN, f"Only {_of(it)} speak for it{led}; of so many heard, fewer than {least} are an anecdote."


def _one_segment(it: Weighed) -> tuple[Grade, str] | None:
    if it.names_segment or not it.segments:
        return None
    everybody = sum(part.supports.count for part in it.segments)
    for part in it.segments:
        rest = [other.supports for other in it.segments if other is not part]
        elsewhere = Share(count=sum(one.count for one in rest), base=sum(one.base for one in rest), verbatims=0)
        alone = part.supports.count >= ALONE * everybody and part.supports.count >= LEAST
        if alone and elsewhere.base and fisher(part.supports, elsewhere) < LEVEL:
            here = f"{part.supports.count} of {part.supports.base} in {part.name}"
            return (
                Grade.ONE_SEGMENT,
                f"It lives in one segment: {here}, {elsewhere.count} of {elsewhere.base} elsewhere.",
            )
    return None


def _of(it: Weighed) -> str:
    least = "at least " if it.capped else ""
    return f"{least}{it.supports} of {it.base} people heard"


def _people(count: int) -> str:
    return "one person" if count == 1 else f"{count} people"
