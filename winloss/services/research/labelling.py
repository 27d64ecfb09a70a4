"""People say what a verbatim is: their labels win over the model, are undone like everything kept, and measure it.

A queue offers what is worth labelling next: what the model is least sure of, the exemplars that themes are judged by,
or verbatims drawn by chance. The last are labelled blind, before the model's word is shown, and only they say how often
it is right.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from winloss.errors import NotFound, QueryError
from winloss.model import EvidenceRow, Facet, FacetLabel, Kept, Share, held_of, quotable, text_key
from winloss.ports import Workbench
from winloss.services import doing
from winloss.services.library import at_revision, library
from winloss.services.research import kappa
from winloss.services.research.coding import coder_name
from winloss.services.search.searching import passage_of
from winloss.services.statistics import FEW, wilson
from winloss.services.workspace.keeping import csv_line, inert_cell

UNSURE, THEMES, RANDOM = "unsure", "themes", "random"
ORDERS = (UNSURE, THEMES, RANDOM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rightness:
    """How often the model said what people say, of the verbatims that were labelled blind; None: too few to say."""

    right: int
    of: int
    low: float | None
    high: float | None

    @property
    def enough(self) -> bool:
        """Whether there are enough to say anything."""
        return self.of >= FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoLabellers:
    """Two people on the verbatims that both labelled; `kappa` None: too few in common, or neither ever varies."""

    a: str
    b: str
    n: int
    agreed: int
    kappa: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overruled:
    """So many verbatims of which the model says one thing and people another."""

    model: str
    people: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelReport:
    """What people labelled: by facet and by person, where they overrule the model, and how far all agree."""

    labelled: int
    of: int
    facets: Mapping[str, int]
    people: Mapping[str, int]
    overruled: tuple[Overruled, ...]
    model: Rightness
    pairs: tuple[TwoLabellers, ...]


def label(bench: Workbench, verbatim_id: str, facet: Facet | str, *, by: str | None, blind: bool = False) -> FacetLabel:
    """Say what a verbatim is; what the same person said of it before is replaced.

    Raises:
        NotFound: no such verbatim.
        QueryError: no such facet, or not a person's name.
    """
    who, verbatim_id, said = coder_name(by), passage_of(bench, verbatim_id).id, facet_of(facet)
    mine = tuple(item for item in bench.store.labels([verbatim_id]) if item.by == who)
    if mine and mine[0].facet is said:
        return mine[0]
    model = bench.store.decided([verbatim_id]).get(verbatim_id)
    made = FacetLabel(
        verbatim_id=verbatim_id, facet=said, by=who, made_at=bench.clock.now(), instead=model, blind=blind and not mine
    )
    doing.do(bench, f"labelled a verbatim {said}", by=who, before=Kept(labels=mine), after=Kept(labels=(made,)))
    return made


def unlabel(bench: Workbench, verbatim_id: str, *, by: str | None) -> bool:
    """Take back what this person said of a verbatim; returns whether there was anything.

    Raises:
        NotFound: no such verbatim.
        QueryError: not a person's name.
    """
    who, verbatim_id = coder_name(by), passage_of(bench, verbatim_id).id
    mine = tuple(item for item in bench.store.labels([verbatim_id]) if item.by == who)
    if mine:
        doing.do(bench, "took a label away", by=who, before=Kept(labels=mine))
    return bool(mine)


def facet_of(name: Facet | str) -> Facet:
    """The facet of that name.

    Raises:
        QueryError: there is none.
    """
    try:
        return Facet(str(name).strip().casefold())
    except ValueError as error:
        raise QueryError(f"no facet {name!r}", hint=f"Facets: {', '.join(Facet)}.") from error


def queue(bench: Workbench, *, order: str = UNSURE, by: str | None = None, limit: int = 500) -> list[str]:
    """The ids of current verbatims that this person (None: anybody) has not labelled, the next one first.

    `unsure`: the model's least sure decisions first. `themes`: the exemplars of themes, then their other members, the
    least sure first. `random`: in an order drawn by hash, the same for everybody, so that two people label the same.

    Raises:
        QueryError: no such order.
    """
    if order not in ORDERS:
        raise QueryError(f"no order {order!r}", hint=f"Orders: {', '.join(ORDERS)}.")
    done = {item.verbatim_id for item in bench.store.labels() if by is None or item.by == by}
    ranked = library(bench).listed(("to label", order), lambda: _ranked(bench, order))
    return list(islice((verbatim_id for verbatim_id in ranked if verbatim_id not in done), limit))


def _ranked(bench: Workbench, order: str) -> Sequence[str]:
    """Every verbatim that the model decided on, in an order."""
    ranks: Mapping[str, Callable[[EvidenceRow], tuple[object, ...]]] = {
        UNSURE: lambda row: (row.facet_score or 0.0, row.id),
        THEMES: _theme_rank(bench),
        RANDOM: lambda row: (text_key(f"{bench.settings.seed} {row.key}"), row.id),
    }
    return [row.id for row in sorted((row for row in library(bench).rows if row.facet), key=ranks[order])]


def report(bench: Workbench) -> LabelReport:
    """What was labelled so far, on current verbatims."""
    given: dict[str, list[FacetLabel]] = {}
    for item in bench.store.labels(current=True):
        given.setdefault(item.verbatim_id, []).append(item)
    held = {name: found for name, items in given.items() if (found := held_of(items))}
    overruled = Counter((item.instead, item.facet.value) for item in held.values() if item.instead)
    return LabelReport(
        labelled=len(held),
        of=at_revision(bench, "counts", bench.store.counts)["verbatims"],
        facets=Counter(item.facet.value for item in held.values()),
        people=Counter(item.by for items in given.values() for item in items),
        overruled=tuple(
            Overruled(model=model, people=people, count=count)
            for (model, people), count in overruled.most_common()
            if model != people
        ),
        model=_rightness(item for item in held.values() if item.blind and item.instead),
        pairs=tuple(_pairs(given)),
    )


# --- to and from files -----------------------------------------------------------------------------------------------

_COLUMNS = ("verbatim", "facet", "by", "made_at", "model", "blind", "text")


def label_lines(bench: Workbench) -> list[str]:
    """Every label of a current verbatim as lines of CSV; the first names the columns.

    Words that may not be quoted are left out; their labels are not.
    """
    rows = bench.store.labels(current=True)
    passages = bench.store.passages(sorted({row.verbatim_id for row in rows}))
    texts = {item.id: item.text if quotable(item.rights) else "" for item in passages}
    told = [
        (row.verbatim_id, row.facet.value, row.by, row.made_at, row.instead or "", row.blind, texts[row.verbatim_id])
        for row in rows
    ]
    return [csv_line(_COLUMNS), *(csv_line(map(inert_cell, row)) for row in told)]


def take_labels(bench: Workbench, text: str, *, by: str | None = None) -> tuple[int, list[str]]:
    """Label what a CSV file says: the columns `verbatim` and `facet`, and `by` where nobody is named here.

    Returns how many labels are new or other than before, and the ids for which there is no verbatim.

    Raises:
        QueryError: a column is missing, or a row is wrong; nothing is changed then.
    """
    rows = list(csv.DictReader(io.StringIO(text)))
    missing = {"verbatim", "facet", *(() if by else ("by",))} - set(rows[0] if rows else ())
    if missing:
        raise QueryError(
            f"no column {', '.join(sorted(missing))}",
            hint="`winloss label --out labels.csv` shows what such a file has.",
        )
    wanted = [(row["verbatim"], facet_of(row["facet"]), coder_name(by or row["by"])) for row in rows]
    before, unknown = {(item.verbatim_id, item.by): item.facet for item in bench.store.labels()}, []
    changed = 0
    for verbatim_id, facet, who in wanted:
        try:
            label(bench, verbatim_id, facet, by=who)
        except NotFound:
            unknown.append(verbatim_id)
            continue
        changed += before.get((verbatim_id, who)) is not facet
    return changed, unknown


# --- counting --------------------------------------------------------------------------------------------------------


def _theme_rank(bench: Workbench) -> Callable[[EvidenceRow], tuple[object, ...]]:
    shown = {name for theme in bench.store.themes() for name in (*theme.exemplars, *theme.dissenting)}

    def rank(row: EvidenceRow) -> tuple[object, ...]:
        return row.id not in shown, row.theme_id is None, row.facet_score or 0.0, row.id

    return rank


def _rightness(labels: Iterable[FacetLabel]) -> Rightness:
    told = [item.instead == item.facet.value for item in labels]
    share = Share(count=sum(told), base=len(told), verbatims=len(told))
    low, high = wilson(share) if share.base >= FEW else (None, None)
    return Rightness(right=share.count, of=share.base, low=low, high=high)


def _pairs(given: Mapping[str, Sequence[FacetLabel]]) -> Iterable[TwoLabellers]:
    people = sorted({item.by for items in given.values() for item in items})
    said: dict[str, dict[str, Facet]] = {person: {} for person in people}
    for name, items in given.items():
        for item in items:
            said[item.by][name] = item.facet
    for place, one in enumerate(people):
        for other in people[place + 1 :]:
            common = said[one].keys() & said[other].keys()
            if not common:
                continue
            found = kappa.kappa([(said[one][name], said[other][name]) for name in sorted(common)])
            value = found.value if found.n >= FEW else None
            yield TwoLabellers(
                a=one,
                b=other,
                n=found.n,
                agreed=found.agreed,
                kappa=value,
                low=None if value is None else found.low,
                high=None if value is None else found.high,
            )
