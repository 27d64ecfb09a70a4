"""The closed vocabularies: each word has one meaning in code, on screens and in the docs."""

from __future__ import annotations

from enum import StrEnum


class SourceKind(StrEnum):
    """Where text came from."""

    INTERVIEW = "interview"
    COMMUNITY = "community"
    INQUIRY = "inquiry"
    SURVEY = "survey"


class Side(StrEnum):
    """Whose words a turn holds; only `BUYER` turns become verbatims."""

    BUYER = "buyer"
    INTERVIEWER = "interviewer"
    VENDOR = "vendor"
    UNKNOWN = "unknown"


class Facet(StrEnum):
    """What a passage tells: work to get done, what it costs today, what evidence convinces, or none of these."""

    ENGAGEMENT = "engagement"
    PAIN = "pain"
    PROOF = "proof"
    NONE = "none"


THEMED_FACETS: tuple[Facet, ...] = (Facet.PAIN, Facet.ENGAGEMENT, Facet.PROOF)
"""The facets that are clustered into themes."""


class Mode(StrEnum):
    """From which seat somebody speaks."""

    PRACTITIONER = "practitioner"
    EXECUTIVE = "executive"


class Permission(StrEnum):
    """What a role does in a deal."""

    APPROVE = "approve"
    CHAMPION = "champion"
    BLOCK = "block"
    NEUTRALISE = "neutralise"


class Outcome(StrEnum):
    """How a deal ended."""

    WON = "won"
    LOST_TO_COMPETITOR = "lost_to_competitor"
    NO_DECISION = "no_decision"
    OPEN = "open"
    CHURNED = "churned"
    RENEWED = "renewed"


class Rights(StrEnum):
    """Who may be quoted, and how, in the order of how little they allow.

    `ENDED` is what a right to quote becomes after its last day; nobody gives it.
    """

    NAMED = "named"
    ANONYMOUS = "anonymous"
    INTERNAL = "internal"
    ENDED = "ended"
    NO_QUOTE = "no_quote"

    def or_stricter(self, other: Rights | None) -> Rights:
        """The one of the two that allows less."""
        order = list(Rights)
        return self if other is None or order.index(self) >= order.index(other) else other


GIVEN_RIGHTS: tuple[Rights, ...] = (Rights.NAMED, Rights.ANONYMOUS, Rights.INTERNAL, Rights.NO_QUOTE)
"""The rights that a source, a setting or a person can say."""


class Severity(StrEnum):
    """How much a finding matters."""

    INFO = "info"
    WARNING = "warning"
