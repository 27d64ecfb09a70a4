"""An audit as one self-contained HTML file, in the look of the report: no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from importlib.resources import files

from winloss.model import UNSURE, Passage, Share
from winloss.model.auditing import (
    AuditedClaim,
    CheckedQuote,
    Holding,
    LeftOut,
    QuoteState,
    Sides,
    SynthesisAudit,
    Witness,
)
from winloss.report.audit_texts import GRADE_WORDS, KINDS, basis, headline, heard, may_print
from winloss.report.texts import SCROLLED, RoleLabel, attribution

Link = Callable[[str], str]


def render_audit(audit: SynthesisAudit, *, link: Link, role_label: RoleLabel, label: str = "") -> str:
    """The whole audit. Every word of the deck and of a buyer is escaped; what may not be quoted is not printed."""
    page = _Page(link, role_label)
    style = "".join(
        files("winloss.report").joinpath(name).read_text(encoding="utf-8") for name in ("report.css", "audit.css")
    )
    notice = f'<p class="label" role="note">{escape(label)}</p>' if label else ""
    title = f"{audit.name}, held against what buyers said"
    claims = "".join(page.claim(claim, number) for number, claim in enumerate(audit.claims, start=1))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{style}</style>\n</head>\n<body>\n{notice}\n<header><h1>{escape(title)}</h1>"
        f'<p class="lead">{escape(headline(audit))}.</p><p class="note">{escape(basis(audit))}</p>'
        f'<p class="note">{escape(UNSURE)}</p></header>\n<main>\n'
        f"{_overview(audit)}"
        f'<section class="part"><h2>Claims</h2>{claims or _nothing("No claim was found in this deck.")}</section>\n'
        f"{page.left_out(audit)}{page.quotes(audit.quotes)}{_passed_over(audit)}</main>\n</body>\n</html>\n"
    )


class _Page:
    """What every fragment needs: how verbatims are linked and seats named."""

    def __init__(self, link: Link, role_label: RoleLabel) -> None:
        self._link = link
        self._role_label = role_label

    def claim(self, claim: AuditedClaim, number: int) -> str:
        scope = f'<p class="note">Held to: {escape(", ".join(claim.scope_words))}</p>' if claim.scope_words else ""
        when = f'<p class="note">{escape(heard(claim).capitalize())}.</p>' if heard(claim) else ""
        whole = f'<p class="note">Read as: {escape(claim.statement)}</p>' if claim.statement != claim.claim.text else ""
        numbers = "".join(
            f'<li><q>{escape(item.words)}</q> <strong class="{_slug(item.holding)}">{item.holding.value}</strong>: '
            f"{escape(item.reason)}</li>"
            for item in claim.numbers
        )
        remarks = "".join(f"<li>{escape(remark)}</li>" for remark in claim.remarks)
        listed = f'<ul class="statements">{numbers}{remarks}</ul>' if numbers or remarks else ""
        return (
            f'<article class="claim {_slug(claim.grade)}" id="claim-{number}"><p class="kicker">{number} · '
            f"{escape(claim.claim.where)}</p><h3>{escape(claim.claim.text)}</h3>"
            f'<p><strong class="grade">{GRADE_WORDS[claim.grade]}.</strong> {escape(claim.reason)}</p>'
            f"{whole}{scope}{when}{listed}{self._parts(claim)}"
            f"{self._side('For it', claim.witnesses)}{self._side('Against it', claim.against)}</article>"
        )

    def left_out(self, audit: SynthesisAudit) -> str:
        told = f"{audit.covered} of {audit.themes} strong or new themes of this quarter are spoken of by some claim."
        items = "".join(self._left_out(item) for item in audit.left_out)
        rest = items or _nothing("The deck speaks of every theme that is strong or new in its scope.")
        return f'<section class="part"><h2>What the deck leaves out</h2><p class="note">{told}</p>{rest}</section>\n'

    def quotes(self, quotes: Sequence[CheckedQuote]) -> str:
        if not quotes:
            return ""
        items = "".join(self._quotation(quote) for quote in quotes)
        return f'<section class="part"><h2>Quotations</h2><ul class="statements">{items}</ul></section>\n'

    def _quotation(self, quote: CheckedQuote) -> str:
        remarks = f' <span class="who">{escape("; ".join(quote.remarks))}.</span>' if quote.remarks else ""
        return (
            f'<li><q>{escape(quote.text)}</q> <span class="who">{escape(quote.where)}</span> '
            f'<strong class="{_slug(quote.state)}">{quote.state.value}</strong>{self._found(quote)}{remarks}</li>'
        )

    def _found(self, quote: CheckedQuote) -> str:
        who = f' <span class="who">{escape(quote.who)}</span>' if quote.who else ""
        if quote.state is QuoteState.EXACT:
            return who
        if quote.found is None:
            return who if quote.state is not QuoteState.NOT_FOUND else ""
        lead = "The nearest that was said" if quote.state is QuoteState.NOT_FOUND else "Said was"
        words = _difference(quote) if quote.changes else f"<q>{escape(quote.found)}</q>"
        return f'<br><span class="said">{lead}: {words}{who}</span>'

    def _left_out(self, item: LeftOut) -> str:
        segments = ", ".join(f"{name} {share.count} of {share.base}" for name, share in item.segments)
        near = f" The nearest claim is “{item.nearest}”." if item.nearest else ""
        quotes = "".join(self._figure(passage) for passage in item.quotes if may_print(passage))
        return (
            f'<article class="theme"><h3>{escape(item.title)}</h3><p>{KINDS[item.kind]}: '
            f"{_of(item.share)} in the quarter; {escape(segments)}.{escape(near)}</p>{quotes}</article>"
        )

    def _parts(self, claim: AuditedClaim) -> str:
        rows = [
            *self._rows("Segment", claim.segments, str),
            *self._rows("Role", claim.roles, lambda name: self._role_label(name)),
            *self._rows("Source", claim.sources, str),
            *self._rows("Outcome", claim.outcomes, lambda name: name.replace("_", " ")),
        ]
        if not rows:
            return ""
        head = "<tr><th></th><th>For it</th><th>Against it</th></tr>"
        return (
            "<details><summary>Counts by segment, role, source and outcome</summary>"
            f"{SCROLLED}<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table></div></details>"
        )

    def _rows(self, kind: str, parts: Sequence[Sides], name: Callable[[str], str]) -> list[str]:
        return [
            f'<tr><th scope="row">{kind}: {escape(name(part.name))}</th><td>{_of(part.supports)}</td>'
            f"<td>{part.contradicts.count}</td></tr>"
            for part in parts
            if part.supports.base and (part.supports.count or part.contradicts.count or kind == "Segment")
        ]

    def _side(self, lead: str, side: Sequence[Witness]) -> str:
        printed = [witness for witness in side if may_print(witness.passage)]
        if not printed:
            return ""
        return f"<h4>{lead}</h4>{''.join(map(self._witness, printed))}"

    def _witness(self, witness: Witness) -> str:
        led = ""
        if witness.led_by:
            led = f'<p class="led">Asked, {escape(witness.led_how or "")}: <q>{escape(witness.led_by)}</q></p>'
        return led + self._figure(witness.passage)

    def _figure(self, passage: Passage) -> str:
        who = escape(attribution(passage, self._role_label))
        return (
            f"<figure><blockquote>{escape(passage.text)}</blockquote><figcaption>{who} · "
            f'{escape(passage.date or "no date")} · <a href="{escape(self._link(passage.id))}">in context</a>'
            "</figcaption></figure>"
        )


def _overview(audit: SynthesisAudit) -> str:
    rows = "".join(
        f'<tr class="{_slug(claim.grade)}"><td>{number}</td><th scope="row"><a href="#claim-{number}">'
        f'{escape(claim.claim.text)}</a></th><td><strong class="grade">{GRADE_WORDS[claim.grade]}</strong></td>'
        f"<td>{_of(claim.supports)}</td><td>{claim.contradicts.count}</td></tr>"
        for number, claim in enumerate(audit.claims, start=1)
    )
    if not rows:
        return ""
    head = "<tr><th></th><th>Claim</th><th>Grade</th><th>For it</th><th>Against it</th></tr>"
    return f"<section>{SCROLLED}<table><thead>{head}</thead><tbody>{rows}</tbody></table></div></section>\n"


def _passed_over(audit: SynthesisAudit) -> str:
    told = [f"{escape(reason)}: {count}" for reason, count in sorted(audit.passed_over.items()) if count]
    return f'<p class="note">Lines that are no claims: {"; ".join(told)}.</p>' if told else ""


def _difference(quote: CheckedQuote) -> str:
    words = []
    for change in quote.changes:
        tag = {"added": "del", "left out": "ins"}.get(change.kind, "span")
        words.append(f"<{tag}>{escape(change.text)}</{tag}>")
    return " ".join(words)


def _of(share: Share) -> str:
    return f"{share.count} of {share.base} people"


def _slug(word: Holding | QuoteState | str) -> str:
    plain = str(word.value if isinstance(word, (Holding, QuoteState)) else word)
    return "-".join(plain.replace("’", "").replace("'", "").split())


def _nothing(text: str) -> str:
    return f'<p class="note">{text}</p>'
