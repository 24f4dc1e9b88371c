"""What the registers hold of a person, and how it goes when the person leaves."""

from typing import Any

from django.db.models import Q

from kulan.web.programme.registers.models import Questionnaire, Record, RecordVersion

_CONTACTS = ("person", "position", "email", "telephone")
_WITH_CONTACTS = ("state-focal-points", "species-focal-points", "organisations")


def held_of_person(user: Any) -> dict[str, Any]:
    """Return the records of a person, and what the person wrote into others."""
    own = Record.objects.filter(person=user)
    named = [one for one in _contacts() if _names(one, user.email)]
    return {
        "register_records": [
            {"register": one.register, "uid": one.uid, "data": one.data, "audience": one.audience}
            for one in [*own, *named]
        ],
        "register_versions": [
            {"record": one.record.uid, "revision": one.revision, "at": one.at}
            for one in RecordVersion.objects.filter(by=user).select_related("record")
        ],
        "feasibility": [
            {"uid": one.uid, "states": one.sides}
            for one in Questionnaire.objects.filter(
                Q(opened_by=user) | Q(sheets__finished_by=user)
            ).distinct()
        ],
    }


def forget_person(user: Any, name: str) -> None:
    """Delete the person's own record, and take the person out of those that name it as a contact.

    The office stays, held by the name that stands in for the person. Who saved which version, and
    who finished a side's answers, is kept by the account, which has lost its name.
    """
    Record.objects.filter(person=user).delete()
    for record in _contacts():
        for one in (record, *record.versions.all()):
            if _names(one, user.email):
                one.data = _without(one.data, name)
                one.save(update_fields=["data"])


def _contacts() -> Any:
    return Record.objects.filter(register__in=_WITH_CONTACTS)


def _names(one: Record | RecordVersion, email: str) -> bool:
    return bool(email) and str(one.data.get("email", "")).lower() == email.lower()


def _without(data: dict[str, Any], name: str) -> dict[str, Any]:
    kept = {key: value for key, value in data.items() if key not in _CONTACTS}
    return {**kept, "person": name}
