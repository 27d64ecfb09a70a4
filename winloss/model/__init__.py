"""The domain: frozen, slotted, keyword-only dataclasses, and nothing that does any work.

What flows: `sources` (as read) -> `evidence` (as stored) -> `themes`, `drift` (as derived) -> `searching` (as found).
"""

from winloss.model.drift import DriftNode, DriftVerdict, Scope, State
from winloss.model.evidence import (
    Classification,
    Copy,
    Document,
    EvidenceRow,
    Passage,
    SourceFile,
    Span,
    Speaker,
    Turn,
    Verbatim,
)
from winloss.model.forgetting import Appearance, Tombstone
from winloss.model.ids import fingerprint, stable_id, text_key
from winloss.model.searching import Filters, Hit, SearchPage
from winloss.model.sources import Account, Deal, Finding, Highlight, Participant, Readable, ReadDocument, ReadTurn
from winloss.model.terms import (
    THEMED_FACETS,
    Facet,
    Mode,
    Outcome,
    Permission,
    Rights,
    Severity,
    Side,
    SourceKind,
)
from winloss.model.themes import Lineage, Relation, Share, Snapshot, Theme, ThemeCount
from winloss.model.views import (
    InContext,
    QuarterComparison,
    Report,
    ReportPart,
    ReportSection,
    ReportTheme,
    Statement,
    ThemeChange,
    ThemePage,
    ThemeView,
)

__all__ = [
    "THEMED_FACETS",
    "Account",
    "Appearance",
    "Classification",
    "Copy",
    "Deal",
    "Document",
    "DriftNode",
    "DriftVerdict",
    "EvidenceRow",
    "Facet",
    "Filters",
    "Finding",
    "Highlight",
    "Hit",
    "InContext",
    "Lineage",
    "Mode",
    "Outcome",
    "Participant",
    "Passage",
    "Permission",
    "QuarterComparison",
    "ReadDocument",
    "ReadTurn",
    "Readable",
    "Relation",
    "Report",
    "ReportPart",
    "ReportSection",
    "ReportTheme",
    "Rights",
    "Scope",
    "SearchPage",
    "Severity",
    "Share",
    "Side",
    "Snapshot",
    "SourceFile",
    "SourceKind",
    "Span",
    "Speaker",
    "State",
    "Statement",
    "Theme",
    "ThemeChange",
    "ThemeCount",
    "ThemePage",
    "ThemeView",
    "Tombstone",
    "Turn",
    "Verbatim",
    "fingerprint",
    "stable_id",
    "text_key",
]
