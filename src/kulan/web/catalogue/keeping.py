"""Agreements of owners, and the secretariat's rules of sensitivity: each change is an action."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from kulan.errors import NotAllowedNowError
from kulan.web.catalogue.materialise import harden
from kulan.web.catalogue.models import Agreement, Layer, LayerVersion, SensitivityRule
from kulan.web.catalogue.themes import Kind
from kulan.web.events.record import record
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import enqueue, work
from kulan.web.language import current_words
from kulan.web.people.models import User
from kulan.web.policy.bringing import check_may_agree, check_may_keep_rules
from kulan.web.policy.viewer import viewer_of

HARDEN = "layers_harden"


def agree(layer: Layer, told: dict[str, Any], *, by: User) -> Agreement:
    """Let somebody see a layer more finely, or at all.

    Parameters
    ----------
    layer
        Whose owner `by` is.
    told
        One of `user`, `organisation`, `role`; `level`; `valid_from`, `valid_to`, `terms`.
    by
        Who agrees.

    Raises
    ------
    AccessDeniedError
        If the layer is not `by`'s.
    """
    check_may_agree(viewer_of(by), layer)
    with transaction.atomic():
        made = Agreement.objects.create(layer=layer, given_by=by, **told)
        party = made.user or made.organisation or made.get_role_display()
        until = made.valid_to.isoformat() if made.valid_to else ""
        record("agreement_made", layer, by=by, party=str(party), level=made.level, until=until)
    return made


def end_agreement(agreement: Agreement, *, by: User) -> None:
    """End an agreement now.

    Raises
    ------
    NotAllowedNowError
        If it has ended already.
    """
    check_may_agree(viewer_of(by), agreement.layer)
    with transaction.atomic():
        ended = Agreement.objects.filter(pk=agreement.pk, ended_at=None).update(
            ended_at=timezone.now()
        )
        if not ended:
            say = current_words().say
            raise NotAllowedNowError(say("This agreement has ended already."))
        party = agreement.user or agreement.organisation or agreement.get_role_display()
        record("agreement_ended", agreement.layer, by=by, party=str(party))


def set_rule(
    case: tuple[str, str, str], level: int, basis: str, review_due: date | None, *, by: User
) -> SensitivityRule:
    """Say how sensitive a species is in a state and season, or say it anew.

    What is released becomes coarser at once where the rule is stricter; it never becomes finer.

    Parameters
    ----------
    case
        Species, state and season; empty for any.
    level
        Level at which the public sees.
    basis
        Which harm a finer place would make possible.
    review_due
        When it is to be weighed again.
    by
        Of the secretariat.

    Raises
    ------
    AccessDeniedError
        If `by` is not of the secretariat.
    """
    check_may_keep_rules(viewer_of(by))
    species_id, iso3, season = case
    with transaction.atomic():
        rule, _ = SensitivityRule.objects.update_or_create(
            species_id=species_id,
            iso3=iso3,
            season=season,
            defaults={
                "level": level,
                "basis": basis,
                "review_due": review_due,
                "set_by": by,
                "set_at": timezone.now(),
            },
        )
        record("sensitivity_rule_set", rule, by=by, level=level)
        enqueue(HARDEN, {}, by=by)
    return rule


def drop_rule(rule: SensitivityRule, *, by: User) -> None:
    """Take a rule away; what is released stays as coarse as it is."""
    check_may_keep_rules(viewer_of(by))
    with transaction.atomic():
        record("sensitivity_rule_dropped", rule, by=by, level=rule.level)
        rule.delete()


@work(HARDEN)
def harden_all(job: Job) -> dict[str, Any]:
    """Make every version as coarse as the rules of today ask; safe to begin again."""
    versions = list(LayerVersion.objects.filter(kind=Kind.VECTOR).select_related("layer"))
    harder = 0
    for place, version in enumerate(versions):
        job.tell(place, len(versions), "hardening")
        if count := harden(version):
            harder += count
            record("layer_made_coarser", version, by=None, count=count)
    return {"records": harder}


def reset_sensitivity(version: LayerVersion, reason: str, *, by: User) -> None:
    """Let the rules of today hold for a draft, whatever its records were called before.

    Raises
    ------
    AccessDeniedError
        If `by` is not of the secretariat.
    NotAllowedNowError
        If no reason is given, or the version is released.
    """
    check_may_keep_rules(viewer_of(by))
    _check_reason(version, reason)
    with transaction.atomic():
        LayerVersion.objects.filter(pk=version.pk).update(sensitivity_reset=reason.strip())
        record("sensitivity_reset", version, by=by, reason=reason.strip()[:200])
        _store_again(version, by=by)


def open_layer(version: LayerVersion, reason: str, *, by: User) -> None:
    """Say that nothing in a layer is sensitive, and why; an empty reason takes that back.

    Raises
    ------
    AccessDeniedError
        If `by` is not of the secretariat.
    """
    check_may_keep_rules(viewer_of(by))
    if reason.strip():
        _check_reason(version, reason)
    with transaction.atomic():
        Layer.objects.filter(pk=version.layer_id).update(open_reason=reason.strip())
        if reason.strip():
            LayerVersion.objects.filter(pk=version.pk).update(sensitivity_reset=reason.strip())
        record("layer_opened" if reason.strip() else "layer_closed", version, by=by)
        _store_again(version, by=by)


def _check_reason(version: LayerVersion, reason: str) -> None:
    say = current_words().say
    if not reason.strip():
        raise NotAllowedNowError(say("Say why."))
    if version.released_at is not None:
        raise NotAllowedNowError(
            say("This version is released. Set its memory aside in the draft of the next.")
        )


def _store_again(version: LayerVersion, *, by: User) -> None:
    from kulan.web.catalogue.intake import UPLOAD  # noqa: PLC0415  registers its work

    if version.file_sha256 and version.kind == Kind.VECTOR:
        asked = version.recipe.get("asked", {})
        enqueue(UPLOAD, {"version": str(version.uid), "place": "", "asked": asked}, by=by)
