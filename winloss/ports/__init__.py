"""The seams: narrow Protocols for what is slow, stateful or replaceable, and the Workbench that carries them.

Use cases in `winloss.services` see these; `winloss.bootstrap` alone knows the concrete classes behind them.
"""

from typing import TYPE_CHECKING

from winloss.ports.judging import Classifier, Drafter, Encoder, QuickStances, Reranker, Stances
from winloss.ports.reading import Accompanied, Format, Informing, Probe, ReadContext, Reader
from winloss.ports.searching import Mirror, SearchEngine, SearchIndex, VectorCache
from winloss.ports.store import Collected, Conversations, Evidence, Files, Guarded, Store, Understanding
from winloss.ports.workbench import Clock, Progress, Tools, Workbench
from winloss.ports.writing import Erasing, Guarding, Keeping, Transaction

if TYPE_CHECKING:
    from winloss.ports.judging import Vectors as Vectors

__all__ = [
    "Accompanied",
    "Classifier",
    "Clock",
    "Collected",
    "Conversations",
    "Drafter",
    "Encoder",
    "Erasing",
    "Evidence",
    "Files",
    "Format",
    "Guarded",
    "Guarding",
    "Informing",
    "Keeping",
    "Mirror",
    "Probe",
    "Progress",
    "QuickStances",
    "ReadContext",
    "Reader",
    "Reranker",
    "SearchEngine",
    "SearchIndex",
    "Stances",
    "Store",
    "Tools",
    "Transaction",
    "Understanding",
    "VectorCache",
    "Workbench",
]
