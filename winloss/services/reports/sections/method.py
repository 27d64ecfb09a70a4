"""How the report was made: every setting and fingerprint that a second making of the same bytes needs."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter

from winloss import __version__
from winloss.model import Filters, fingerprint
from winloss.ports import Workbench
from winloss.services.belief import beliefs
from winloss.services.belief.believing import Verdict
from winloss.services.library import library
from winloss.services.quote_rights.crowds import FEWEST
from winloss.services.reports.sections.frame import YEAR, Ground

COUNTED = ("id", "key", "respondent", "facet", "theme_id", "quarter", "segment", "role", "outcome", "rights")
"""What of a verbatim the evidence's fingerprint is made from."""


def method(bench: Workbench, quarter: str, filters: Filters) -> tuple[tuple[str, str], ...]:
    """(name, value) pairs. No clock, path, or count of writes is among them: they differ where nothing else does."""
    settings = bench.settings
    return (
        ("Made with", f"winloss {__version__}"),
        ("Quarter", quarter),
        ("Filters", filters_told(filters) or "none"),
        ("Evidence", f"{len(library(bench).rows):,} verbatims ({evidence_mark(bench)})"),
        ("Beliefs", f"{len(beliefs.listed(bench)):,} held ({_beliefs_mark(bench)})"),
        ("Embedding model", bench.encoder().fingerprint),
        ("Facets", bench.store.stage("classify") or "not classified"),
        ("Codebook", f"{bench.codebook.name} ({bench.codebook.fingerprint})"),
        ("Seed", str(settings.seed)),
        ("Smallest theme", f"{settings.theme_min_share:g} of a facet's verbatims"),
        ("Languages read", settings.model_languages),
        ("Drift permutations", str(settings.drift_permutations)),
        ("Drift history", f"{settings.drift_history} quarters"),
        ("Saturation threshold", f"a theme of {settings.drift_delta:g} of the people"),
        ("Year", f"the {YEAR} quarters that end with the report's"),
        ("Unit of counting", "respondents: interviewees by name and account, authors by handle"),
        ("Intervals", "Wilson 95% for shares, Newcombe 95% for differences"),
        (
            "Beliefs are judged by",
            f"a stance of each verbatim; verdicts: {', '.join(verdict.value for verdict in Verdict)}",
        ),
        ("Quoting", "buyers' words to the letter in “…”, names that somebody gave in ‘…’; as far as the rights allow"),
    )


def quoted(ground: Ground) -> tuple[tuple[str, str], ...]:
    """How those cited who may not be named are told apart, and whose attribution had to be cut short."""
    unnamed = {item.pseudonym for item in ground.cited.values() if item.pseudonym and not item.speaker}
    if not unnamed:
        return ()
    told = f"{len(unnamed):,} people may not be named and go by a pseudonym, the same in everything from this workspace"
    few = dict.fromkeys(item.outside for item in ground.warnings())
    cut = f"fewer than {FEWEST} people heard fit it: {', '.join(few)}" if few else "none had to be cut short"
    return (("Pseudonyms", told), ("Attributions cut short", cut))


def filters_told(filters: Filters) -> str:
    """The filters in words: `segment federal; source community or inquiry`."""
    parts = []
    for item in fields(Filters):
        value = getattr(filters, item.name)
        if item.name == "without":
            parts += [f"not {field} {entry}" for field, entry in value]
        elif value:
            parts.append(f"{item.name} {value if isinstance(value, str) else ' or '.join(value)}")
    return "; ".join(parts)


def evidence_mark(bench: Workbench) -> str:
    """The fingerprint of everything that is counted: which words, by whom, in which facet and theme."""
    shelf = library(bench)
    counted = attrgetter(*COUNTED)
    return shelf.once("evidence mark", lambda: fingerprint(*(repr(list(counted(row))) for row in shelf.rows)))


def _beliefs_mark(bench: Workbench) -> str:
    """Of what is held; neither of when it was written down here nor of the ids, which come from that moment."""
    held = ((it.statement, it.owner, it.since, it.segment, it.role, it.facet) for it in beliefs.listed(bench))
    return fingerprint(*map(repr, sorted(held, key=repr)))
