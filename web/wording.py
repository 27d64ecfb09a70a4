"""What screens call things: one plain label for every word of the closed vocabularies."""

from __future__ import annotations

from collections.abc import Mapping

from winloss.model import Access, Corroboration, Facet, Mode, Outcome, Permission, Rights, State
from winloss.report.texts import SHORT_VERDICTS
from winloss.services.reports.reporting import HEADINGS, SOURCES
from winloss.services.workspace.jobs import JobKind, JobState

ACCESS: Mapping[str, str] = {
    Access.VIEWER: "reads everything",
    Access.RESEARCHER: "reads, codes, decides, takes in, hands out",
    Access.ADMIN: "all that a researcher does, and users, forgetting, settings",
}
FACETS: Mapping[str, str] = {
    Facet.PAIN: "Pains",
    Facet.ENGAGEMENT: "Engagements",
    Facet.PROOF: "Proof",
    Facet.NONE: "Other remarks",
}
FACET_NAMES: Mapping[str, str] = {
    Facet.ENGAGEMENT: "Engagement",
    Facet.PAIN: "Pain",
    Facet.PROOF: "Proof",
    Facet.NONE: "None of these",
}
"""Facet -> what one verbatim of it is called."""
FACET_MEANINGS: Mapping[str, str] = {
    Facet.ENGAGEMENT: "work they try to get done, whoever sells to them",
    Facet.PAIN: "a cost, failure, risk or lack they meet today",
    Facet.PROOF: "evidence they had, or need, that something works",
    Facet.NONE: "nothing anybody would clip",
}
ORDERS: Mapping[str, str] = {
    "unsure": "Least sure first",
    "themes": "What themes rest on",
    "random": "By chance, blind",
}
QUESTIONS: Mapping[str, str] = {facet.value: heading for facet, heading in HEADINGS.items()}
"""Themed facet -> the question its themes answer."""

OUTCOMES: Mapping[str, str] = {
    Outcome.WON: "Won",
    Outcome.LOST_TO_COMPETITOR: "Lost to a competitor",
    Outcome.NO_DECISION: "No decision",
    Outcome.OPEN: "Still open",
    Outcome.CHURNED: "Churned",
    Outcome.RENEWED: "Renewed",
}
DEAL_FIELDS: Mapping[str, str] = {
    "quarter": "Closed in",
    "segment": "Segment",
    "outcome": "Outcome",
    "cause": "The CRM names",
    "competitor": "Competitor",
    "account": "Account",
    "reason": "The CRM says",
    "deal": "Deal",
    "file": "File",
    "theme": "Buyers tell",
}
"""What deals are chosen by -> what screens call it."""
ANY_CAUSE: Mapping[str, str] = {"placed": "Any cause named"}
"""What stands for whatever cause a CRM names."""
MODES: Mapping[str, str] = {Mode.PRACTITIONER: "Practitioners", Mode.EXECUTIVE: "Executives"}
PERMISSIONS: Mapping[str, str] = {
    Permission.APPROVE: "approves the deal",
    Permission.CHAMPION: "champions it",
    Permission.BLOCK: "can block it",
    Permission.NEUTRALISE: "must be won over or neutralised",
}
RIGHTS: Mapping[str, str] = {
    Rights.NAMED: "May be quoted by name",
    Rights.ANONYMOUS: "May be quoted without a name",
    Rights.INTERNAL: "Internal use only",
    Rights.ENDED: "The right to quote has ended",
    Rights.NO_QUOTE: "Not to be quoted",
}
FILTERS: Mapping[str, str] = {
    "facet": "What it tells",
    "segment": "Segment",
    "role": "Role",
    "mode": "Seat",
    "source": "Source",
    "quarter": "Quarter",
    "outcome": "Outcome",
    "competitor": "Competitor",
    "account": "Account",
    "theme": "Theme",
    "tag": "Tag",
    "language": "Language",
    "rights": "Quoting",
    "since": "From",
    "until": "Until",
}
STATES: Mapping[str, tuple[str, str]] = {
    State.LAUNDERED: (
        "The synthesis repeats belief",
        "The written synthesis says what was believed before, not what buyers said.",
    ),
    State.NEW_SIGNAL: ("New signal", "People said something this quarter that the quarters before do not hold."),
    State.NARROWED: ("The sampling narrowed", "Whoever was asked changed, so what is missing may only be unasked."),
    State.SHIFTING: ("Known themes shift", "Nothing new, but something known is heard clearly more, or less, often."),
    State.SATURATED: ("Saturated", "Nothing new, and a new theme of any size that matters would have been seen."),
    State.UNDERPOWERED: ("Not enough evidence", "Too few people were heard to tell silence from deafness."),
}
CHANGES: Mapping[str, str] = {
    "new": "New",
    "grew": "Grew",
    "faded": "Faded",
    "gone": "Gone",
    "steady": "No clear change",
    "too few": "Too few to say",
}
WITNESSES: Mapping[str, str] = {**SOURCES, "crm": "The CRM’s reasons"}
"""Kind of source, or the CRM -> what it is called beside the others."""
STANCES: Mapping[str, str] = {
    Corroboration.AGREE: "agrees",
    Corroboration.SILENT: "silent",
    Corroboration.DISAGREE: "disagrees",
}
ASSOCIATIONS: Mapping[str, str] = {
    "lost": "Heard more where deals were lost",
    "won": "Heard more where deals were won",
    "even": "No clear difference",
    "too few": "Too few deals to say",
}
PROOF_SIDES: Mapping[str, str] = {
    "demanded": "Proof asked for",
    "received": "Proof that was had",
    "unmet": "Proof asked for that nobody in the deal says was had",
}
STATES_SHORT: Mapping[State, str] = SHORT_VERDICTS
"""State -> what it is called where there is little room."""
UNREAD: Mapping[str, str] = {
    "new": "Part of something new",
    "against": "A different voice",
    "alone": "Fits no theme",
    "other": "In a theme",
}
"""Kind of a verbatim that nobody has read -> why it is shown."""
JOBS: Mapping[str, str] = {
    JobKind.TAKE_IN: "Taking in",
    JobKind.UPDATE: "Bringing everything up to date",
    JobKind.FORGET: "Forgetting",
    JobKind.REPORT: "Making a report",
    JobKind.DRAFT: "Drafting sentences",
    JobKind.AUDIT: "Auditing a deck",
    JobKind.READ: "Reading for the beliefs",
}
JOB_STATES: Mapping[str, str] = {
    JobState.WAITING: "Waits",
    JobState.RUNNING: "Runs",
    JobState.DONE: "Done",
    JobState.FAILED: "Failed",
    JobState.INTERRUPTED: "Interrupted",
    JobState.CANCELLED: "Cancelled",
}
OUTCOMES_OF_FILES: Mapping[str, str] = {
    "added": "new",
    "updated": "with new versions",
    "unchanged": "was here already",
    "forgotten": "forgotten earlier, not read again",
    "refused": "refused",
}
FIELDS: Mapping[str, str] = {
    "interview_date": "Date",
    "account": "Account",
    "segment": "Segment",
    "outcome": "Outcome",
    "competitor": "Competitor",
    "rights": "Quoting",
}
"""What can be told of a file that is handed over -> what it is called."""
KINDS: Mapping[str, str] = {
    "interview": "Interviews",
    "community": "Community posts",
    "inquiry": "Analyst inquiries",
    "survey": "Survey answers",
    "deals": "Deals of a CRM",
    "accounts": "Accounts",
}
"""What a file may be -> what it is called."""
DECIDED: Mapping[str, str] = {"confirm": "Confirmed", "dismiss": "Dismissed", "watch": "Watched"}
NODES: Mapping[str, str] = {"emerging": "New", "growing": "Heard more", "fading": "Heard less"}

_BY_FIELD: Mapping[str, Mapping[str, str]] = {
    "facet": FACETS,
    "outcome": OUTCOMES,
    "mode": MODES,
    "source": SOURCES,
    "rights": RIGHTS,
}


def label(field: str, value: str) -> str:
    """What screens call a value of a field other than the role; a value without a label of its own is shown as is."""
    known = _BY_FIELD.get(field, {})
    if value in known:
        return known[value]
    return value[:1].upper() + value[1:] if field == "segment" else value


def state_class(state: State) -> str:
    """The state as a class of the style sheet, the one that charts use too."""
    return state.name.casefold().replace("_", "-")


def quoting(rights: str, until: str | None) -> str:
    """Whether and how words may be quoted, and how long."""
    if rights == Rights.ENDED:
        return f"The right to quote ended on {until}"
    return f"{RIGHTS[Rights(rights)]}{f' until {until}' if until else ''}"
