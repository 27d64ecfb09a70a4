"""Sentences of a report drafted by a language model: off unless it is configured and asked for, marked, and checked.

A report is drafted part by part. What is sent, what is answered, what passes the checks and what is dropped with its
reason are all told; the words of what is dropped stand nowhere in a report. A model that cannot be reached changes
nothing: the report is the one without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from winloss.errors import ConfigError, DraftingFailed
from winloss.model import Report, ReportPart, ReportSection, Statement
from winloss.ports import Drafter, Workbench
from winloss.services import journal
from winloss.services.reports.drafting import asking, kept
from winloss.services.reports.drafting.checks import LEAD as LEAD
from winloss.services.reports.drafting.checks import Checker, Refusal, unnamed_attribution
from winloss.services.reports.drafting.evidence import Evidence, Gathering

__all__ = ["LEAD", "Drafted", "Dropped", "Leaving", "draft", "is_configured", "leaving"]

RULES = 1
"""Raise it with any change to what passes the checks."""
MODEL_SHOWN, WORDS_SHOWN = 60, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What is sent where a report is drafted now: counts, and to whom."""

    place: str
    model: str
    local: bool
    parts: int
    statements: int
    verbatims: Mapping[str, int]
    left_out: Mapping[str, int]

    @property
    def told(self) -> str:
        """In one sentence, for people."""
        if not self.parts:
            return "Nothing is sent: every part was drafted before, and the answers are kept."
        count = sum(self.verbatims.values())
        kinds = ", ".join(f"{kind} {number:,}" for kind, number in sorted(self.verbatims.items()))
        where = f"{self.place}, which is not this machine" if not self.local else "this machine; nothing leaves it"
        stays = "; ".join(f"{number:,} {why}" for why, number in sorted(self.left_out.items()))
        return (
            f"Sent to the model {self.model} on {where}: {count:,} verbatims ({kinds}) without the names of who said "
            f"them, and the {self.statements:,} statements of this report that cite them. Nothing else is sent."
            + (f" Not sent of what the report cites: {stays}." if stays else "")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A sentence that was answered and is not in the report: which one of which part, why, and its words."""

    part: str
    number: int
    reason: str
    words: str

    @property
    def shown(self) -> str:
        """Its words as people may see them: on one line, with nothing in them that a terminal or a page acts on."""
        plain = "".join(letter if letter.isprintable() else "�" for letter in self.words)
        return plain if len(plain) <= WORDS_SHOWN else plain[: WORDS_SHOWN - 1] + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A report with what `model` drafted; `lacking` are parts without an answer, and why there is none."""

    report: Report
    model: str
    kept: int
    dropped: tuple[Dropped, ...]
    lacking: Mapping[str, str]


def is_configured(bench: Workbench) -> bool:
    """Whether a language model is named in the settings."""
    return bench.drafter is not None


def leaving(bench: Workbench, report: Report) -> Leaving:
    """What drafting this report would send; nothing is.

    Raises:
        ConfigError: no model is configured, or it may not be asked as it is.
    """
    model = _model(bench)
    asked = [
        (part, evidence) for part, evidence, mark in _questions(bench, report, model) if not kept.find(bench, mark)
    ]
    return _leaving(model, [evidence for _, evidence in asked])


def draft(
    bench: Workbench, report: Report, *, ask: bool, say: Callable[[int, int], None] = lambda _kept, _dropped: None
) -> Drafted:
    """The report with the drafted sentences that pass the checks, each part's after its first section.

    Answers that are kept are used; for the other parts the model is asked where `ask` says so. `say` is told after
    each part how many sentences were kept so far, and how many dropped.

    Raises:
        ConfigError: no model is configured, or it may not be asked as it is.
    """
    model = _model(bench)
    gathering = Gathering(bench, report, local=model.local)
    answers = _Answers(bench, model, ask=ask)
    questions = list(_questions(bench, report, model, gathering))
    answers.announce(report, questions)
    parts, dropped, accepted = [], [], 0
    with bench.progress.track(f"drafting by {_shown(model.model)}", total=len(questions)) as advance:
        for part, evidence, mark in questions:
            told, refused = _checked(Checker(bench, report, evidence, gathering), answers.of(part, evidence, mark))
            parts.append(_with(part, told, model))
            dropped += refused
            accepted += len(told)
            say(accepted, len(dropped))
            advance(1)
    by_heading = {part.heading: part for part in parts}
    whole = tuple(by_heading.get(part.heading, part) for part in report.parts)
    count = sum(len(section.statements) for part in parts for section in part.sections if _is_drafted(section))
    rows = _method(model, parts, count, dropped, answers.lacking)
    made = replace(report, parts=whole, method=(*report.method, *rows))
    return Drafted(report=made, model=_shown(model.model), kept=count, dropped=tuple(dropped), lacking=answers.lacking)


# --- asking ----------------------------------------------------------------------------------------------------------

Question = tuple[ReportPart, Evidence, str]
"""A part, what is given of it, and the mark that its answer is kept under."""


class _Answers:
    """The answers to each part: kept ones, and those of a model that is asked until it fails."""

    def __init__(self, bench: Workbench, model: Drafter, *, ask: bool) -> None:
        self._bench, self._model, self._ask = bench, model, ask
        self._failed = ""
        self.lacking: dict[str, str] = {}

    def announce(self, report: Report, questions: Sequence[Question]) -> None:
        """Note in the journal what is about to be sent: counts, and to whom."""
        new = [evidence for _, evidence, mark in questions if not kept.find(self._bench, mark)]
        if not new or not self._ask:
            return
        told = _leaving(self._model, new)
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(told.verbatims.items()))
        about = (
            f"{sum(told.verbatims.values())} verbatims ({kinds}) and {told.statements} statements of the report of "
            f"{report.quarter}, to {told.place}, model {told.model}"
        )
        journal.note(self._bench, journal.SENT, about)

    def of(self, part: ReportPart, evidence: Evidence, mark: str) -> list[asking.Answered]:
        """The sentences answered; none where there is no answer, which is then among the lacking."""
        content = kept.find(self._bench, mark)
        try:
            if content is None and self._ask and not self._failed:
                content = self._asked(evidence)
                sentences = asking.answered(content)
                ids = [passage.id for passage in evidence.numbers.values()]
                kept.keep(self._bench, mark, content, model=self._model.model, verbatims=ids)
                return sentences
            if content is not None:
                return asking.answered(content)
        except DraftingFailed as failed:
            self.lacking[part.heading] = failed.message
            return []
        self.lacking[part.heading] = self._failed or "not asked for yet"
        return []

    def _asked(self, evidence: Evidence) -> str:
        try:
            return self._model.ask(asking.INSTRUCTIONS, _question(self._bench, evidence))
        except DraftingFailed as failed:
            self._failed = failed.message
            raise


def _model(bench: Workbench) -> Drafter:
    if bench.drafter is None:
        raise ConfigError(
            "no language model is configured",
            hint="Write endpoint and model under [drafting] in winloss.toml, such as http://127.0.0.1:11434/v1.",
        )
    return bench.drafter()


def _questions(
    bench: Workbench, report: Report, model: Drafter, gathering: Gathering | None = None
) -> Iterator[Question]:
    """The parts that say something, with what is given of each."""
    found = gathering or Gathering(bench, report, local=model.local)
    for part in report.parts:
        evidence = found.of(part)
        if evidence.statements:
            yield part, evidence, asking.mark(model.model, _question(bench, evidence))


def _question(bench: Workbench, evidence: Evidence) -> str:
    return asking.question(evidence, lambda passage: unnamed_attribution(bench, passage))


def _leaving(model: Drafter, asked: Sequence[Evidence]) -> Leaving:
    sent = {passage.id: passage for evidence in asked for passage in evidence.numbers.values()}
    statements = {it.statement.text for evidence in asked for it in evidence.statements}
    left_out: Counter[str] = Counter()
    for evidence in asked:
        left_out.update(evidence.left_out)
    return Leaving(
        place=model.place,
        model=_shown(model.model),
        local=model.local,
        parts=len(asked),
        statements=len(statements),
        verbatims=Counter(passage.source for passage in sent.values()),
        left_out=left_out,
    )


# --- putting together ------------------------------------------------------------------------------------------------


def _checked(checker: Checker, sentences: Sequence[asking.Answered]) -> tuple[list[Statement], list[Dropped]]:
    """The sentences that pass, and those that do not, in order."""
    told: list[Statement] = []
    dropped: list[Dropped] = []
    for number, sentence in enumerate(sentences, start=1):
        made = checker.check(sentence)
        if isinstance(made, Statement) and any(made.text == other.text for other in told):
            made = Refusal("a sentence that was told before")
        elif isinstance(made, Statement) and len(told) >= asking.SENTENCES:
            made = Refusal("more sentences than were asked for")
        if isinstance(made, Refusal):
            part = checker.evidence.heading
            dropped.append(Dropped(part=part, number=number, reason=made.reason, words=sentence.text))
        else:
            told.append(made)
    return told, dropped


def _with(part: ReportPart, told: Sequence[Statement], model: Drafter) -> ReportPart:
    if not told:
        return part
    note = (
        f"Written by the language model {_shown(model.model)}, not by rules; each sentence was held against the "
        "statements and verbatims that it cites. What did not pass is listed at the end of the report."
    )
    section = ReportSection(heading=f"Drafted by {_shown(model.model)}", statements=tuple(told), note=note)
    return replace(part, sections=(*part.sections[:1], section, *part.sections[1:]))


def _method(
    model: Drafter,
    parts: Sequence[ReportPart],
    count: int,
    dropped: Sequence[Dropped],
    lacking: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """What is told of the drafting at the end of a report; the words of what was dropped are not."""
    passed = f"{count} of {count + len(dropped)} that the model {_shown(model.model)} on {model.place} wrote"
    asked = f"{len(parts) - len(lacking)} of {len(parts)} parts"
    yield "Drafted sentences", f"{passed} for {asked} passed the checks (rules {RULES})"
    for heading in dict.fromkeys(item.part for item in dropped):
        own = [f"sentence {item.number}: {item.reason}" for item in dropped if item.part == heading]
        yield f"Dropped, {heading}", "; ".join(own)
    for heading, why in lacking.items():
        yield f"Not drafted, {heading}", why


def _is_drafted(section: ReportSection) -> bool:
    return any(statement.drafted for statement in section.statements)


def _shown(model: str) -> str:
    """A model's name as people may see it."""
    plain = "".join(letter for letter in model if letter.isprintable())
    return plain if len(plain) <= MODEL_SHOWN else plain[: MODEL_SHOWN - 1] + "…"
