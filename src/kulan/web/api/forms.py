"""The form for a new token."""

from django import forms

from kulan.web.api.actions import MOST_DAYS
from kulan.web.api.scopes import Scope
from kulan.web.language import say_lazy as _

DAYS = ((30, _("30 days")), (90, _("90 days")), (MOST_DAYS, _("A year")))


class TokenForm(forms.Form):
    """What a program is called, what it may do, and for how long."""

    name = forms.CharField(label=_("What the program is called"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do for you"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ],
    )
    days = forms.TypedChoiceField(label=_("For how long"), choices=DAYS, coerce=int, initial=90)
