"""Newsletter and bulletin: what changed since the last issue, gathered for a person to edit."""

from kulan.programme.newsletter.changes import (
    KIND_NAMES,
    SECTION_NAMES,
    SECTIONS,
    UPCOMING,
    Change,
    section_of,
)
from kulan.programme.newsletter.drafting import (
    HORIZON_DAYS,
    LATE_DAYS,
    REASON_NAMES,
    Draft,
    DraftItem,
    DraftSection,
    LeftOut,
    Reason,
    draft,
)
from kulan.programme.newsletter.issues import Issue, IssueItem, items_of

__all__ = [
    "HORIZON_DAYS",
    "KIND_NAMES",
    "LATE_DAYS",
    "REASON_NAMES",
    "SECTIONS",
    "SECTION_NAMES",
    "UPCOMING",
    "Change",
    "Draft",
    "DraftItem",
    "DraftSection",
    "Issue",
    "IssueItem",
    "LeftOut",
    "Reason",
    "draft",
    "items_of",
    "section_of",
]
