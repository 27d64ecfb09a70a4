"""Whether a sentence that a language model wrote may stand in a report. Only what passes every check does.

In this order, each with the reason that is told where it fails:

1. it cites, and what it cites was given to the model with this part (`nlp.drafted_form` onwards, what it cites only)
2. one plain sentence, quotations to the letter and not cut out of a denial
3. without a statement among its citations it quotes, and says besides only who is quoted
4. every number is one of the cited statements, of the same people (`nlp.drafted_numbers`)
5. it names nobody, and no group of people that is not in what it cites (`nlp.drafted_words`)
6. its words, and its meaning, are those of what it cites: `HEARD` of the words, and a cosine of `NEAR`
7. it takes the side of what it cites (`nlp.drafted_sides`), and speaks of a facet that is cited
8. rendered by itself, it keeps the rules of every report (`winloss.report.verifying`)

The limits were set on sentences made true and false by rules (`benchmarks/drafting`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from winloss.model import Facet, Passage, Report, ReportPart, ReportSection, Statement
from winloss.ports import Workbench
from winloss.services import browsing, nearness
from winloss.services.drafting.asking import Answered
from winloss.services.drafting.evidence import Evidence, Gathering, Shown

if TYPE_CHECKING:
    from nlp.drafted_form import Parsed
    from winloss.ports import Vectors

LEAD = "Drafted: "
"""What the text of every drafted sentence begins with, so that it is marked in every form of a report."""
MOST_CITED = 8
HEARD = 0.5
"""The least share of a sentence's words that stand in what it cites."""
NEAR = 0.45
"""The least cosine of a sentence with the nearest of what it cites."""
SURE = 0.9
"""A facet that the classifier is as sure of as this must be one that is cited."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a sentence is dropped."""

    reason: str


class Checker:
    """Checks the sentences of one part."""

    def __init__(self, bench: Workbench, report: Report, evidence: Evidence, gathering: Gathering) -> None:
        self.bench, self.report, self.evidence, self.gathering = bench, report, evidence, gathering
        roles = [bench.codebook.role_label(role.name) for role in bench.codebook.roles]
        self.labels = (*browsing.segments(bench), *roles)
        self.shown = {it.id: it for it in evidence.statements}

    def check(self, sentence: Answered) -> Statement | Refusal:
        """The sentence as a report may hold it, or why it may not."""
        if refused := self._citing(sentence):
            return Refusal(refused)
        return _Held(self, sentence).statement()

    def _citing(self, sentence: Answered) -> str | None:
        if not sentence.text.strip():
            return "no sentence"
        if not sentence.cites:
            return "no citation"
        if any(name not in self.shown and name not in self.evidence.numbers for name in sentence.cites):
            return "a citation of nothing"
        if len(sentence.cites) > MOST_CITED:
            return "more citations than a sentence can rest on"
        return None


class _Held:
    """One sentence, and all that it cites."""

    def __init__(self, checker: Checker, sentence: Answered) -> None:
        self._c = checker
        self._text = sentence.text
        evidence = checker.evidence
        self._statements: list[Shown] = [checker.shown[it] for it in sentence.cites if it in checker.shown]
        own = [it for it in sentence.cites if it in evidence.numbers]
        named = dict.fromkeys([*own, *(it for shown in self._statements for it in shown.passages)])
        self._passages = [evidence.numbers[it] for it in named]

    def statement(self) -> Statement | Refusal:
        """The sentence in its form, or the first check that it fails."""
        from nlp.drafted_form import Refused, parse

        names = [name for shown in self._statements for name in shown.statement.names]
        parsed = parse(self._text, [passage.text for passage in self._passages], names)
        if isinstance(parsed, Refused):
            return Refusal(parsed.reason)
        checks = (self._quotes, self._alone, self._numbers, self._names, self._words, self._sides, self._meaning)
        for check in checks:
            if reason := check(parsed):
                return Refusal(reason)
        made = self._made(parsed)
        return Refusal("it breaks a rule of every report") if self._breaks(made) else made

    # --- what it says ------------------------------------------------------------------------------------------------

    def _quotes(self, parsed: Parsed) -> str | None:
        from nlp.drafted_sides import cut_from_denial

        if any(cut_from_denial(self._passages[which].text, start) for which, start, _ in parsed.sources):
            return "a quotation that is cut out of a denial"
        return None

    def _alone(self, parsed: Parsed) -> str | None:
        """Without a statement only quoting is left: one person's words are no finding."""
        from nlp.drafted_words import heard

        if self._statements:
            return None
        quoted = [self._passages[which] for which, _, _ in parsed.sources]
        if not quoted or heard(parsed.bare, [self._who(passage) for passage in quoted]) < 1.0:
            return "a claim that rests on no statement"
        return None

    def _numbers(self, parsed: Parsed) -> str | None:
        from nlp.drafted_numbers import Counted, number_trouble

        counted = [
            Counted(text=it.statement.text, names=it.statement.names, context=f"{it.context} {self._c.report.quarter}")
            for it in self._statements
        ]
        words = [f"{passage.text} {passage.quarter or ''}" for passage in self._passages]
        return number_trouble(parsed.bare, self._named(parsed), counted, words, self._c.labels)

    def _names(self, parsed: Parsed) -> str | None:
        from nlp.drafted_words import name_trouble

        if self._c.gathering.names.held_by(parsed.bare):
            return "a name"
        return name_trouble(parsed.bare, self._cited(parsed), self._c.labels)

    def _words(self, parsed: Parsed) -> str | None:
        from nlp.drafted_words import heard

        return "words that are not in what it cites" if heard(parsed.bare, self._cited(parsed)) < HEARD else None

    def _sides(self, parsed: Parsed) -> str | None:
        from nlp.drafted_sides import side_trouble

        if not self._statements:
            return None
        told = [it.statement.text for it in self._statements]
        return side_trouble(parsed.bare, [*told, *(passage.text for passage in self._passages)])

    def _meaning(self, parsed: Parsed) -> str | None:
        if not self._statements:
            return None
        told = self._named(parsed)
        vectors = nearness.encoded(self._c.bench, [told, *self._meant()])
        if float((vectors[1:] @ vectors[0]).max()) < NEAR:
            return "a meaning that is not that of what it cites"
        return self._facet(told, vectors[:1])

    def _facet(self, told: str, vector: Vectors) -> str | None:
        (decided,) = self._c.bench.classifier().classify([told], vector)
        if decided.facet is Facet.NONE or decided.facet_score < SURE:
            return None
        known = {passage.facet for passage in self._passages}
        return None if decided.facet in known else "a facet that is not that of what it cites"

    # --- what it cites -----------------------------------------------------------------------------------------------

    def _meant(self) -> list[str]:
        """What its meaning is held against: the statements, the verbatims, and each sentence of those."""
        from nlp.sentences import punctuated

        texts = [passage.text for passage in self._passages]
        parts = [text[start:end] for text in texts for start, end in punctuated(text)]
        return list(dict.fromkeys([*(it.statement.text for it in self._statements), *texts, *parts]))

    def _cited(self, parsed: Parsed) -> list[str]:
        """Every text in which its words may stand."""
        under = [f"{it.statement.text} {it.context} {self._c.report.quarter}" for it in self._statements]
        quoted = [self._who(self._passages[which]) for which, _, _ in parsed.sources]
        return [*under, *quoted, *(passage.text for passage in self._passages)]

    def _who(self, passage: Passage) -> str:
        return unnamed_attribution(self._c.bench, passage)

    @staticmethod
    def _named(parsed: Parsed) -> str:
        """The sentence with its names and without its quotations' marks that stand for the words."""
        text = parsed.text
        for quote in parsed.quotes:
            text = text.replace(f"“{quote}”", "“”")
        return text

    # --- as a report holds it ----------------------------------------------------------------------------------------

    def _made(self, parsed: Parsed) -> Statement:
        quoted = [self._passages[which].id for which, _, _ in parsed.sources]
        rest = [passage.id for passage in self._passages]
        links = {it.statement.link for it in self._statements}
        return Statement(
            text=f"{LEAD}{parsed.text}",
            citations=tuple(dict.fromkeys([*quoted, *rest])),
            link=links.pop() if len(links) == 1 else None,
            names=tuple(dict.fromkeys(parsed.names)),
            drafted=True,
        )

    def _breaks(self, made: Statement) -> bool:
        """Whether a report of nothing but this sentence breaks a rule of every report."""
        from winloss.report import render
        from winloss.report.verifying import breaches

        bench, role_label = self._c.bench, self._c.bench.codebook.role_label
        part = ReportPart(
            heading="Part", segment=None, verdict=None, sections=(ReportSection(heading="Section", statements=(made,)),)
        )
        cited = [passage for passage in self._c.report.cited if passage.id in made.citations]
        small = replace(self._c.report, label="", parts=(part,), cited=tuple(cited), method=())
        stored = {it.id: it for it in bench.store.passages([it.id for it in cited])}
        text = render(small, suffix=".md", link=str, role_label=role_label)
        assert isinstance(text, str)
        return bool(breaches(text, small, suffix=".md", verbatims=stored, role_label=role_label))


def unnamed_attribution(bench: Workbench, passage: Passage) -> str:
    """Who said it without a name, whatever the rights allow."""
    role = bench.codebook.role_label(passage.role)
    return " · ".join(part for part in (role, passage.segment, passage.quarter, passage.source) if part)
