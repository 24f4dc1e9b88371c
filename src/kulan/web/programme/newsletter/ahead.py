"""What lies ahead, as the public may see it: calls that close, meetings and days of species."""

from django.urls import reverse

from kulan.programme.dates import first_day
from kulan.programme.newsletter import Change
from kulan.programme.registers import species_of, states_of
from kulan.programme.reporting import Told
from kulan.report.reader import Reader
from kulan.web.policy import PUBLIC
from kulan.web.policy.registers import Sight, visible_records
from kulan.web.programme.money.models import Call
from kulan.web.programme.registers.telling import heading
from kulan.words import LANGUAGES, words_in


def calls() -> list[Change]:
    """Return the calls for proposals that close on a day; everyone sees every call."""
    return [
        Change(
            kind="call_closing",
            title=Told(call.title),
            day=call.closes,
            link=f"{reverse('money_calls')}#{call.uid}",
            species=tuple(call.species),
            states=tuple(call.states),
            detail=Told(call.donor.name),
        )
        for call in Call.objects.filter(closes__isnull=False).select_related("donor")
    ]


def gatherings() -> list[Change]:
    """Return the meetings, events and days of species that are planned."""
    sight, found = Sight(PUBLIC), []
    for register in ("meetings", "events"):
        rows = visible_records(PUBLIC, register).filter(stage="planned", withdrawn_at=None)
        for record in rows:
            data = sight.data(record)
            if not data.get("begins"):
                continue
            titles = {code: heading(record, Reader(words_in(code)), data) for code in LANGUAGES}
            is_day = data.get("kind") == "species_day"
            address = {"kind": register, "uid": record.uid}
            found.append(
                Change(
                    kind="species_day" if is_day else "meeting_ahead",
                    title=Told(**titles),
                    day=first_day(data["begins"]),
                    link=reverse("register_record", kwargs=address),
                    species=species_of(data),
                    states=states_of(data),
                )
            )
    return found
