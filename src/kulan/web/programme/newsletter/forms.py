"""The form with which an issue is begun."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from kulan.programme.terms import SPECIES_IDS
from kulan.report.reader import Reader
from kulan.web.language import current_words
from kulan.web.language import say_lazy as _
from kulan.web.programme.newsletter.models import NewsletterIssue

FIRST_PERIOD_DAYS = 92
"""How far back the first issue looks, unless told otherwise."""


def _day() -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )


class BeginForm(forms.Form):
    """Which period, and for which species if it is a bulletin."""

    since = _day()
    until = _day()
    species = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the species, and the days since the last issue."""
        super().__init__(*args, **kwargs)
        reader = Reader(current_words())
        named = sorted(((one, reader.species(one)) for one in SPECIES_IDS), key=lambda one: one[1])
        self.fields["species"].choices = [("", current_words().say("All: the newsletter")), *named]
        today = timezone.localdate()
        last = NewsletterIssue.objects.filter(species_id="", published_at__isnull=False).first()
        since = last.until if last else today - timedelta(days=FIRST_PERIOD_DAYS)
        self.fields["since"].initial = since
        self.fields["until"].initial = max(today, since + timedelta(days=1))

    def clean(self) -> dict[str, Any]:
        """Refuse a period without a day, and one that is not over."""
        told = super().clean() or {}
        since, until = told.get("since"), told.get("until")
        if since and until and until <= since:
            self.add_error("until", _("The period ends before it begins."))
        elif until and until > timezone.localdate() + timedelta(days=1):
            self.add_error("until", _("This day lies ahead; what happens until then is not known."))
        return told
