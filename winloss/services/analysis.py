"""Bringing everything derived up to date, stage by stage, computing only what is stale.

    copies -> verbatims -> vectors -> facets -> themes -> snapshots -> lineage -> drift -> search index -> judgements
    -> beliefs

Each stage remembers the fingerprint of what it was made from, and commits as it goes: interrupted, it continues where
it stopped. Vectors are cached by text and model and are never computed twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from nlp.text.language import language_name
from winloss.model import (
    Classification,
    Document,
    Facet,
    Highlight,
    Side,
    Span,
    Turn,
    Verbatim,
    fingerprint,
    stable_id,
    text_key,
)
from winloss.ports import Workbench
from winloss.services.belief import believing
from winloss.services.drift import drifting
from winloss.services.erasure import erasing
from winloss.services.search import indexing
from winloss.services.sources import copying, languages
from winloss.services.themes import crm_reasons, holding, judging, theming, tracking

SEGMENTED_AT_ONCE = 256
ENCODED_AT_ONCE = 4096
CLASSIFIED_AT_ONCE = 4096
_UNCODED = Highlight(turn=0, start=0, end=0, codes=())


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisReport:
    """What one `analyse` had to do; all zero means that everything was up to date."""

    documents_linked: int
    documents_segmented: int
    verbatims_embedded: int
    verbatims_classified: int
    facets_clustered: tuple[str, ...]
    snapshots_taken: int
    verdicts_computed: int
    passages_indexed: int


def analyse(bench: Workbench) -> AnalysisReport:
    """Bring verbatims, vectors, facets, themes, snapshots, drift verdicts and the search index up to date."""
    with erasing.at_work(bench):
        return _bring_up_to_date(bench)


def _bring_up_to_date(bench: Workbench) -> AnalysisReport:
    linked = copying.link_copies(bench)
    segmented = segment_documents(bench)
    embedded = embed_verbatims(bench)
    crm_reasons.embed_reasons(bench)
    classified = classify_verbatims(bench)
    clustered = theming.cluster_facets(bench)
    holding.hold_if_stale(bench)
    snapshots = tracking.take_snapshots(bench)
    verdicts = drifting.judge_drift(bench)
    indexed = indexing.refresh(bench)
    judging.judge_texts(bench)
    believing.prepare(bench)
    return AnalysisReport(
        documents_linked=linked,
        documents_segmented=segmented,
        verbatims_embedded=embedded,
        verbatims_classified=classified,
        facets_clustered=clustered,
        snapshots_taken=snapshots,
        verdicts_computed=verdicts,
        passages_indexed=indexed,
    )


def segment_documents(bench: Workbench) -> int:
    """Cut the buyers' turns of new or changed documents into verbatims; returns how many documents."""
    from nlp.text.pipeline import SEGMENTER_FINGERPRINT

    mark = SEGMENTER_FINGERPRINT
    copied, quotations = copying.copied(bench), copying.quotations(bench)
    done = 0
    pending = bench.store.unsegmented(mark)
    with bench.progress.track("finding verbatims") as advance:
        while batch := list(islice(pending, SEGMENTED_AT_ONCE)):
            coded = copying.carried(bench, {document.id for document, _ in batch})
            counted = [
                (document, copying.with_marks_of(turns, coded.get(document.id, ())))
                for document, turns in batch
                if document.id not in copied
            ]
            verbatims = _verbatims_of(counted, quotations)
            with bench.store.transaction() as transaction:
                for document, _ in batch:
                    transaction.put_verbatims(document.id, verbatims.get(document.id, []), mark)
            done += len(batch)
            advance(len(batch))
    return done


def embed_verbatims(bench: Workbench) -> int:
    """Compute the vectors that are missing; returns how many."""
    missing = bench.vectors().missing(bench.store.text_keys())
    if not missing:
        return 0
    texts = bench.store.texts(missing)
    with bench.progress.track("understanding verbatims", total=len(missing)) as advance:
        for keys in _slices(sorted(missing, key=lambda key: len(texts[key])), ENCODED_AT_ONCE):
            vectors = bench.encoder().encode([texts[key] for key in keys], advance=advance)
            bench.vectors().append(keys, vectors)
    return len(missing)


def classify_verbatims(bench: Workbench) -> int:
    """Decide the facet of verbatims that this classifier has not seen; returns how many."""
    classifier = bench.classifier()
    mark = fingerprint(classifier.fingerprint, bench.encoder().fingerprint, *languages.read_languages(bench.settings))
    foreign = _foreign_documents(bench)
    done = 0
    with bench.progress.track("sorting into facets") as advance:
        for batch in bench.store.unclassified(mark, batch=CLASSIFIED_AT_ONCE):
            vectors = bench.vectors().get([verbatim.key for verbatim in batch])
            decisions = [
                _not_read(foreign[verbatim.document_id]) if verbatim.document_id in foreign else decision
                for verbatim, decision in zip(
                    batch, classifier.classify([verbatim.text for verbatim in batch], vectors), strict=True
                )
            ]
            with bench.store.transaction(sources=False) as transaction:
                ids = [verbatim.id for verbatim in batch]
                transaction.put_classifications(dict(zip(ids, decisions, strict=True)), mark)
            done += len(batch)
            advance(len(batch))
    return done


def _foreign_documents(bench: Workbench) -> dict[str, str]:
    """The documents in languages that the model does not read, with their languages."""
    documents = bench.store.documents()
    return {
        document.id: document.language
        for document in documents
        if document.language and not languages.is_read(document.language, bench.settings)
    }


def _not_read(language: str) -> Classification:
    scores = {facet.value: float(facet is Facet.NONE) for facet in Facet}
    reason = f"in {language_name(language)}, which the model does not read"
    return Classification(facet=Facet.NONE, facet_score=1.0, scores=scores, reason=reason)


def _verbatims_of(
    batch: Sequence[tuple[Document, list[Turn]]], quotations: Mapping[tuple[str, int], tuple[tuple[int, int], ...]]
) -> dict[str, list[Verbatim]]:
    """The verbatims of each document's buyer turns: what people marked, and what is found in the rest.

    An id depends on the document, the words, and how often the same words came before in it: not on the turn's place,
    so that a correction elsewhere in the document leaves permalinks alone.
    """
    from nlp.text.segment import segment

    spoken = [turn for _, turns in batch for turn in turns if turn.speaker.side is Side.BUYER]
    others = [(*turn.quoted, *quotations.get((turn.document_id, turn.ordinal), ())) for turn in spoken]
    marked = [marked_spans(turn, taken) for turn, taken in zip(spoken, others, strict=True)]
    around = [
        (*taken, *((span.start, span.end) for span in codes)) for taken, codes in zip(others, marked, strict=True)
    ]
    spans = segment([turn.text for turn in spoken], quoted=around)
    found: dict[str, list[Verbatim]] = {}
    seen: dict[tuple[str, str], int] = {}
    for turn, codes, pieces in zip(spoken, marked, spans, strict=True):
        for span in sorted([*codes, *pieces], key=lambda span: (span.start, span.end)):
            text = turn.text[span.start : span.end]
            occurrence = seen[turn.document_id, text] = seen.get((turn.document_id, text), -1) + 1
            found.setdefault(turn.document_id, []).append(
                Verbatim(
                    id=stable_id("v", turn.document_id, text, occurrence),
                    turn_id=turn.id,
                    document_id=turn.document_id,
                    start=span.start,
                    end=span.end,
                    text=text,
                    key=text_key(text),
                    tags=codes.get(span, _UNCODED).codes,
                    coder=codes.get(span, _UNCODED).coder,
                )
            )
    return found


def marked_spans(turn: Turn, others: Sequence[tuple[int, int]]) -> dict[Span, Highlight]:
    """What people marked in a turn, without white space at its ends; the codes of one span together.

    What touches somebody else's words is left out, and so is a mark on nothing but white space.
    """
    found: dict[Span, Highlight] = {}
    for mark in turn.highlights:
        inside = turn.text[mark.start : mark.end]
        start = mark.start + len(inside) - len(inside.lstrip())
        span = Span(start=start, end=start + len(inside.strip()))
        if span.start == span.end or any(span.start < end and start < span.end for start, end in others):
            continue
        before = found.get(span, _UNCODED)
        codes = tuple(dict.fromkeys([*before.codes, *mark.codes]))
        found[span] = replace(mark, codes=codes, coder=before.coder or mark.coder)
    return found


def _slices(keys: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))
