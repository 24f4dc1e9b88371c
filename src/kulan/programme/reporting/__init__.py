"""Reporting cycles: what is asked, what is answered, and how a report goes its way.

A state reports once, offline or in the browser, and what it says serves every convention that asks.
"""

from kulan.programme.reporting.answers import (
    Answer,
    Report,
    Value,
    answer_as_data,
    answer_from_data,
    by_key,
    confirmed,
    is_blank,
    revision_of,
    value_as_data,
    value_from_data,
)
from kulan.programme.reporting.questions import (
    Choice,
    Condition,
    FormSection,
    Question,
    Questionnaire,
    Reporter,
    Slot,
    put_to,
    slots,
    subjects,
)
from kulan.programme.reporting.told import Told, told, told_from
from kulan.programme.reporting.workflow import (
    ACTIONS,
    ROLES,
    STATE_NAMES,
    STATES,
    TRANSITIONS,
    WRITABLE,
    Transition,
    allowed,
    moved,
)

__all__ = [
    "ACTIONS",
    "ROLES",
    "STATES",
    "STATE_NAMES",
    "TRANSITIONS",
    "WRITABLE",
    "Answer",
    "Choice",
    "Condition",
    "FormSection",
    "Question",
    "Questionnaire",
    "Report",
    "Reporter",
    "Slot",
    "Told",
    "Transition",
    "Value",
    "allowed",
    "answer_as_data",
    "answer_from_data",
    "by_key",
    "confirmed",
    "is_blank",
    "moved",
    "put_to",
    "revision_of",
    "slots",
    "subjects",
    "told",
    "told_from",
    "value_as_data",
    "value_from_data",
]
