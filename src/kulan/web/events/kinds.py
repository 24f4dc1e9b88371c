"""What can happen, in words: one phrase for each kind of event."""

from kulan.web.language import say_lazy as _

KINDS = {
    "atlas_seeded": _("The starter Atlas was put in place"),
    "account_made": _("Account made"),
    "account_changed": _("Account changed"),
    "account_moved": _("Organisation of the person changed"),
    "account_closed": _("Account closed"),
    "account_reopened": _("Account opened again"),
    "account_erased": _("Account closed by its owner, name removed"),
    "address_changed": _("E-mail address changed"),
    "grant_given": _("Role given"),
    "grant_ended": _("Role ended"),
    "invitation_sent": _("Invitation sent"),
    "invitation_used": _("Invitation used"),
    "invitation_withdrawn": _("Invitation withdrawn"),
    "organisation_added": _("Organisation added"),
    "organisation_changed": _("Organisation changed"),
    "password_changed": _("Password changed"),
    "second_factor_added": _("Second factor added"),
    "second_factor_removed": _("Second factor removed"),
    "recovery_codes_made": _("Recovery codes made"),
    "token_made": _("Token for a program made"),
    "token_ended": _("Token for a program ended"),
    "species_records_seeded": _("Records of species put in place"),
    "population_proposed": _("Population record proposed"),
    "population_approved": _("Population record approved"),
    "population_rejected": _("Population record rejected"),
    "population_taken_back": _("Proposed population record taken back"),
    "account_proposed": _("Text about a species proposed"),
    "account_approved": _("Text about a species approved"),
    "account_rejected": _("Text about a species rejected"),
    "account_taken_back": _("Proposed text about a species taken back"),
    "sensitivity_rule_set": _("Rule of sensitivity set"),
    "sensitivity_rule_dropped": _("Rule of sensitivity taken away"),
    "sensitivity_reset": _("Rules of sensitivity applied anew"),
    "layer_begun": _("Layer begun"),
    "layer_described": _("Layer described"),
    "layer_file_sent": _("File of a layer sent in"),
    "layer_uploaded": _("File of a layer sent in"),
    "layer_submitted": _("Layer put up for review"),
    "layer_taken_back": _("Layer taken back from review"),
    "layer_sent_back": _("Layer sent back by the reviewer"),
    "layer_draft_discarded": _("Draft discarded"),
    "layer_released": _("Layer released"),
    "layer_superseded": _("Layer superseded by a new version"),
    "layer_closed": _("Layer no longer held to be without sensitive places"),
    "layer_withdrawn": _("Layer withdrawn"),
    "layer_opened": _("Layer held to be without sensitive places"),
    "layer_seen": _("Somebody looked at the layer"),
    "layer_seen_finely": _("Somebody saw places more finely than the public"),
    "layer_exported": _("Somebody took a file with finer places"),
    "layer_made_coarser": _("Layer made coarser for others"),
    "agreement_made": _("Agreement made"),
    "agreement_ended": _("Agreement ended"),
    "screening_asked": _("Screening asked for"),
    "screening_stopped": _("Screening stopped"),
    "screening_deleted": _("Screening deleted with its files"),
    "screening_shared": _("Screening shared with a person"),
    "screening_sharing_ended": _("Screening no longer shared with a person"),
    "screening_link_made": _("Link to the screening made"),
    "screening_link_ended": _("Link to the screening ended"),
    "edition_imported": _("Text of a plan brought in"),
    "edition_state_set": _("State of an edition set"),
    "evidence_added": _("Evidence added"),
    "evidence_withdrawn": _("Evidence withdrawn"),
    "action_status_set": _("Status of an action set by hand"),
    "action_status_ended": _("Status set by hand ended"),
    "action_due_set": _("Day set by which an action is due"),
    "action_due_ended": _("Day by which an action is due taken away"),
    "action_overtaken_set": _("Action marked as overtaken by events"),
    "action_overtaken_ended": _("Action no longer held to be overtaken by events"),
    "action_corrected": _("Misprint in an action corrected"),
    "action_correction_ended": _("Correction of an action ended"),
}
"""Phrase of each kind that `record` is called with; a test sees that none is missing."""

SUBJECTS = {
    "user": _("Account"),
    "organisation": _("Organisation"),
    "invitation": _("Invitation"),
    "layer": _("Layer"),
    "layerversion": _("Version of a layer"),
    "release": _("Release"),
    "screening": _("Screening"),
    "agreement": _("Agreement"),
    "species": _("Species"),
    "token": _("Token"),
    "populationrecord": _("Population record"),
    "backup": _("Backup"),
    "programmeaction": _("Action of the programme"),
    "evidenceitem": _("Piece of evidence"),
    "importededition": _("Edition of a plan"),
}
"""Phrase of each kind of thing that events speak of."""


def kind_name(kind: str) -> str:
    """Return the phrase of a kind; where it has none, its own name, readable."""
    return str(KINDS.get(kind) or kind.replace("_", " ").capitalize())


def subject_name(kind: str) -> str:
    """Return the phrase of a kind of thing; where it has none, its own name."""
    return str(SUBJECTS.get(kind) or kind)
