"""An audit written to a file: a page, JSON, or a copy of the deck with remarks."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from winloss.errors import ConfigError
from winloss.model import Passage
from winloss.model.auditing import CheckedQuote, LeftOut, SynthesisAudit, Witness
from winloss.ports import Workbench
from winloss.report.annotating import SUFFIXES, annotated
from winloss.report.audit_html import render_audit
from winloss.services.audit.audit_presenting import audit_json
from winloss.services.audit.leaving_out import SOMETHING_NEW
from winloss.services.presenting import attribution
from winloss.services.quote_rights.outward import outward
from winloss.services.quote_rights.outward_titles import title_outside

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".pdf": "application/pdf",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


def forms(audit: SynthesisAudit) -> tuple[str, ...]:
    """The suffixes an audit can be written as, the annotated copy of its deck last."""
    own = SUFFIXES.get(audit.form)
    return (".html", ".json", *((own,) if own else ()))


def as_file(
    bench: Workbench, audit: SynthesisAudit, content: bytes, *, suffix: str, link: Callable[[str], str]
) -> bytes:
    """The audit as the kind of file that `suffix` names; `content` is the deck as it was given.

    Raises:
        ConfigError: this deck cannot become such a file.
    """
    wanted = ".md" if suffix.casefold() == ".markdown" else suffix.casefold()
    audit = _outward(bench, audit)
    if wanted == ".html":
        page = render_audit(audit, link=link, role_label=bench.codebook.role_label, label=bench.settings.label)
        return page.encode("utf-8", "replace")
    if wanted == ".json":
        return (json.dumps(audit_json(audit), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")
    text = {".md", ".txt"}
    if wanted in forms(audit) or (wanted in text and audit.form in ("md", "txt")):
        return annotated(content, audit, role_label=bench.codebook.role_label)
    known = ", ".join(forms(audit))
    raise ConfigError(
        f"{audit.name} cannot be written as {suffix or 'that'}", hint=f"Name a file that ends in {known}."
    )


def _outward(bench: Workbench, audit: SynthesisAudit) -> SynthesisAudit:
    """The audit with the words that may leave alone, and with what may be told of whoever said them."""
    return replace(
        audit,
        claims=tuple(
            replace(claim, witnesses=_witnesses(bench, claim.witnesses), against=_witnesses(bench, claim.against))
            for claim in audit.claims
        ),
        quotes=tuple(_quote(bench, quote) for quote in audit.quotes),
        left_out=tuple(_left_out(bench, item) for item in audit.left_out),
    )


def _left_out(bench: Workbench, item: LeftOut) -> LeftOut:
    """What is left out, called by its theme, or by the first of the words that may leave."""
    quotes = _now(bench, item.quotes)
    said = " ".join(quotes[0].text.split()) if quotes else SOMETHING_NEW
    return replace(item, quotes=quotes, title=title_outside(bench, item.theme) if item.theme else said)


def _witnesses(bench: Workbench, side: Sequence[Witness]) -> tuple[Witness, ...]:
    """The witnesses with the rights that hold now: an audit may have been made some days ago."""
    by_id = {passage.id: passage for passage in _now(bench, [witness.passage for witness in side])}
    return tuple(replace(item, passage=by_id[item.passage.id]) for item in side if item.passage.id in by_id)


def _now(bench: Workbench, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    return tuple(outward(bench, bench.store.passages([passage.id for passage in passages])))


def _quote(bench: Workbench, quote: CheckedQuote) -> CheckedQuote:
    passages = bench.store.passages([quote.verbatim_id]) if quote.verbatim_id else []
    may_leave = outward(bench, passages)
    if passages and not may_leave:
        return replace(quote, found=None, changes=(), who="")
    return replace(quote, who=attribution(may_leave[0], bench.codebook)) if may_leave else quote


def write(bench: Workbench, audit: SynthesisAudit, deck: Path, out: Path, *, link: Callable[[str], str]) -> None:
    """Write the audit of the deck; a file of that name is replaced at once or not at all, the deck itself never.

    Raises:
        ConfigError: another kind of file, the deck itself, or nothing can be written there.
    """
    if out.exists() and out.samefile(deck):
        raise ConfigError("the copy would replace the deck itself", hint="Name another file.")
    content = as_file(bench, audit, deck.read_bytes(), suffix=out.suffix, link=link)
    aside = out.with_name(out.name + ".part")
    try:
        aside.write_bytes(content)
        aside.replace(out)
    except OSError as error:
        hint = "Name a file in a folder that is there and may be written to."
        raise ConfigError(f"cannot write {out}: {error.strerror or error}", hint=hint) from error
