"""The register of the programme's actions: editions, sections, actions, actors, with own titles.

No sentence of an official text is kept here: numbers, structure, priorities and leads are facts of
the text, titles are Kulan's own.
"""

from kulan.programme.actions.actors import (
    Actor,
    actor,
    actors,
    known_actors,
    matched_leads,
    unknown_leads,
)
from kulan.programme.actions.editions import Edition, Section, edition, editions, section, sections
from kulan.programme.actions.register import (
    Action,
    Priority,
    Reference,
    action,
    action_key,
    actions,
    from_key,
    references,
)
from kulan.programme.actions.targets import ActionTarget, action_targets

__all__ = [
    "Action",
    "ActionTarget",
    "Actor",
    "Edition",
    "Priority",
    "Reference",
    "Section",
    "action",
    "action_key",
    "action_targets",
    "actions",
    "actor",
    "actors",
    "edition",
    "editions",
    "from_key",
    "known_actors",
    "matched_leads",
    "references",
    "section",
    "sections",
    "unknown_leads",
]
