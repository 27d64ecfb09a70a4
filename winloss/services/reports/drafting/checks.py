"""Whether a sentence that a language model wrote may stand in a report. Only what passes every check does.

In this order, each with the reason that is told where it fails:

1. it cites, and what it cites was given to the model with this part (`nlp.drafted.drafted_form` onwards, what it cites
   only)
2. one plain sentence, quotations to the letter and not cut out of a denial
3. without a statement among its citations it quotes, and says besides only who is quoted
4. every number is one of the cited statements, of the same people (`nlp.drafted.drafted_numbers`)
5. it names nobody, and no group of people that is not in what it cites (`nlp.drafted.drafted_words`)
6. its words, and its meaning, are those of what it cites: `HEARD` of the words, and a cosine of `NEAR`; what only one
   person says is quoted
7. it takes the side of what it cites (`nlp.drafted.drafted_sides`), and speaks of a facet that is cited
8. rendered by itself, it keeps the rules of every report (`winloss.report.verifying`)

The limits were set on sentences made true and false by rules (`benchmarks/drafting`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from winloss.model import Facet, Passage, Report, ReportPart, ReportSection, Statement
from winloss.ports import Workbench
from winloss.services import browsing
from winloss.services.reports.drafting.asking import Answered
from winloss.services.reports.drafting.evidence import Evidence, Gathering, Shown
from winloss.services.search import nearness

if TYPE_CHECKING:
    from nlp.drafted.drafted_form import Parsed
    from winloss.ports import Vectors

LEAD = "Drafted: "
"""What the text of every drafted sentence begins with, so that it is marked in every form of a report."""
MOST_CITED = 8
HEARD = 0.5
"""The least share of a sentence's words that stand in what it cites, where more than one does not."""
FEWEST_UNHEARD = 2
TOGETHER = 2
"""People whose words a sentence must be near to, where most of its own words are one person's only."""
NEAR = 0.45
"""The least cosine of a sentence with the nearest of what it cites."""
FACET_WORDS = 3
"""Words that a sentence has of its own before its facet is asked for."""
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
        from nlp.drafted.drafted_form import Refused, parse

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
        from nlp.drafted.drafted_numbers import labels_before
        from nlp.drafted.drafted_sides import cut_from_denial

        if any(cut_from_denial(self._passages[which].text, start) for which, start, _ in parsed.sources):
            return "a quotation that is cut out of a denial"
        blanks = [match.start() for match in re.finditer("“”", parsed.bare)]
        for place, (which, _, _) in zip(blanks, parsed.sources, strict=True):
            who = self._who(self._passages[which]).casefold()
            if any(label not in who for label in labels_before(parsed.bare, place, self._c.labels)):
                return "a quotation of somebody else"
        return None

    def _alone(self, parsed: Parsed) -> str | None:
        """Without a statement only quoting is left: one person's words are no finding."""
        from nlp.drafted.drafted_words import heard

        if self._statements:
            return None
        quoted = [self._passages[which] for which, _, _ in parsed.sources]
        if not quoted or heard(parsed.bare, [self._who(passage) for passage in quoted]) < 1.0:
            return "a claim that rests on no statement"
        return None

    def _numbers(self, parsed: Parsed) -> str | None:
        from nlp.drafted.drafted_numbers import Counted, number_trouble

        counted = [
            Counted(text=it.statement.text, names=it.statement.names, context=f"{it.context} {self._c.report.quarter}")
            for it in self._statements
        ]
        words = [f"{passage.text} {passage.quarter or ''}" for passage in self._passages]
        return number_trouble(parsed.bare, self._named(parsed), counted, words, self._c.labels)

    def _names(self, parsed: Parsed) -> str | None:
        from nlp.drafted.drafted_words import name_trouble

        if self._c.gathering.names.held_by(parsed.bare):
            return "a name"
        return name_trouble(parsed.bare, self._told(parsed), self._voices, self._c.labels)

    def _words(self, parsed: Parsed) -> str | None:
        from nlp.drafted.drafted_words import heard, judged, unheard

        cited = [*self._told(parsed), *self._voices.values()]
        if judged(parsed.bare, cited):
            return "a judgement that is not in what it cites"
        few = len(unheard(parsed.bare, cited)) < FEWEST_UNHEARD
        return None if few or heard(parsed.bare, cited) >= HEARD else "words that are not in what it cites"

    def _sides(self, parsed: Parsed) -> str | None:
        from nlp.drafted.drafted_sides import side_trouble

        if not self._statements:
            return None
        return side_trouble(
            parsed.bare, [it.statement.text for it in self._statements], [passage.text for passage in self._passages]
        )

    def _meaning(self, parsed: Parsed) -> str | None:
        from nlp.drafted.drafted_words import lonely

        if not self._statements:
            return None
        stated = [it.statement.text for it in self._statements]
        claim = _claim(parsed.bare)
        vectors = nearness.encoded(self._c.bench, [self._named(parsed), claim, *stated, *self._sentences])
        if float((vectors[2:] @ vectors[0]).max()) < NEAR:
            return "a meaning that is not that of what it cites"
        near = zip(self._sentences.values(), (vectors[2 + len(stated) :] @ vectors[1]).tolist(), strict=True)
        together = len({who for who, cosine in near if cosine >= NEAR}) >= TOGETHER
        if not together and lonely(parsed.bare, self._told(parsed), self._voices):
            return "what one person says, and not quoted"
        return self._facet(claim, vectors[1:2])

    def _facet(self, claim: str, vector: Vectors) -> str | None:
        from nlp.drafted.drafted_words import stems

        if len(stems(claim)) < FACET_WORDS:
            return None
        (decided,) = self._c.bench.classifier().classify([claim], vector)
        if decided.facet is Facet.NONE or decided.facet_score < SURE:
            return None
        known = {passage.facet for passage in self._passages}
        return None if decided.facet in known else "a facet that is not that of what it cites"

    # --- what it cites -----------------------------------------------------------------------------------------------

    @cached_property
    def _sentences(self) -> dict[str, str]:
        """Each verbatim, and each sentence of it -> who says it."""
        from nlp.text.sentences import punctuated

        found: dict[str, str] = {}
        for passage in self._passages:
            parts = [passage.text[start:end] for start, end in punctuated(passage.text)]
            found.update(dict.fromkeys((passage.text, *parts), passage.respondent))
        return found

    @cached_property
    def _voices(self) -> dict[str, str]:
        """Who says it -> all that they are cited with."""
        found: dict[str, str] = {}
        for passage in self._passages:
            found[passage.respondent] = f"{found.get(passage.respondent, '')} {passage.text}"
        return found

    def _told(self, parsed: Parsed) -> list[str]:
        """What the statements say, what they stand under, and who is quoted."""
        under = [f"{it.statement.text} {it.context} {self._c.report.quarter}" for it in self._statements]
        return [*under, *(self._who(self._passages[which]) for which, _, _ in parsed.sources)]

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


def _claim(bare: str) -> str:
    """What a sentence claims: without what it names, quotes and counts."""
    plain = re.sub(r"[‘’“”]|\([^)]*\)|\d[\d,.]*(?: of \d[\d,]*)?%?", " ", bare)
    return " ".join(plain.split())


def unnamed_attribution(bench: Workbench, passage: Passage) -> str:
    """Who said it without a name, whatever the rights allow."""
    role = bench.codebook.role_label(passage.role)
    return " · ".join(part for part in (role, passage.segment, passage.quarter, passage.source) if part)
