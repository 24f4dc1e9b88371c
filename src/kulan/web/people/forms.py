"""Forms about people: what may be chosen, and whether it fits together."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.http import HttpRequest

from kulan.errors import KulanError
from kulan.programme.terms import SPECIES_IDS
from kulan.web.language import current_words
from kulan.web.language import say_lazy as _
from kulan.web.people.models import Organisation, User
from kulan.web.people.roles import BY_COUNTRY, BY_SPECIES, Role
from kulan.web.people.scopes import check_scope, scope_name, states
from kulan.web.policy.people import (
    must_name_organisation,
    organisations_to_invite,
    roles_to_invite,
)
from kulan.web.policy.viewer import Viewer
from kulan.web.templating import LANGUAGE_NAMES
from kulan.words import LANGUAGES

_LANGUAGES = [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]


def _state_choices() -> list[tuple[str, str]]:
    language = current_words().language
    named = [(code, scope_name(code, "", language)) for code in states()]
    return [("", "—"), *sorted(named, key=lambda pair: pair[1])]


def _species_choices() -> list[tuple[str, str]]:
    language = current_words().language
    named = [(species, scope_name("", species, language)) for species in SPECIES_IDS]
    return [("", "—"), *sorted(named, key=lambda pair: pair[1])]


class ScopeForm(forms.Form):
    """A role, and the state or the species that it is for."""

    role = forms.ChoiceField(choices=Role.choices)
    iso3 = forms.ChoiceField(choices=_state_choices, required=False)
    species_id = forms.ChoiceField(choices=_species_choices, required=False)

    def clean(self) -> dict[str, Any]:
        """See whether role and scope fit; say at the field what is missing."""
        cleaned = super().clean() or {}
        role = cleaned.get("role", "")
        if role in BY_COUNTRY and not cleaned.get("iso3"):
            self.add_error("iso3", str(_("This role is for a state: choose it.")))
        elif role in BY_SPECIES and not cleaned.get("species_id"):
            self.add_error("species_id", str(_("This role is for a species: choose it.")))
        elif role:
            # what the role has no use for is left out, not held against anyone
            cleaned["iso3"] = cleaned.get("iso3", "") if role in BY_COUNTRY else ""
            cleaned["species_id"] = cleaned.get("species_id", "") if role in BY_SPECIES else ""
            check_scope(role, cleaned["iso3"], cleaned["species_id"])
        return cleaned


class InvitationForm(ScopeForm):
    """Whom to invite, and as what."""

    email = forms.EmailField(max_length=254)
    name = forms.CharField(max_length=150)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), required=False, empty_label="—"
    )
    language = forms.ChoiceField(choices=_LANGUAGES)

    field_order = ("email", "name", "organisation", "role", "iso3", "species_id", "language")

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        """Offer what this inviter may give."""
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles_to_invite(viewer)]
        self.fields["organisation"].queryset = organisations_to_invite(viewer).order_by("name")
        self.fields["organisation"].required = must_name_organisation(viewer)

    def clean_email(self) -> str:
        """Refuse an address that has an account."""
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(str(_("This address belongs to another account.")))
        return email


class GrantForm(ScopeForm):
    """A role, and from when until when it is held."""

    valid_from = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}))
    valid_to = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """See whether it ends after it begins."""
        cleaned = super().clean()
        begins, ends = cleaned.get("valid_from"), cleaned.get("valid_to")
        if begins and ends and ends < begins:
            self.add_error("valid_to", str(_("A role cannot end before it begins.")))
        return cleaned


class JoiningForm(forms.Form):
    """Name and password of whoever was invited."""

    name = forms.CharField(max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    password1 = forms.CharField(
        strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )
    password2 = forms.CharField(
        strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        """Take the address that was invited: the password must not be like it."""
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Hold the password against the rules, and both against each other."""
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", str(_("This is not the same password.")))
        elif first:
            person = User(email=self.email, name=cleaned.get("name", ""))
            try:
                password_validation.validate_password(first, person)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return cleaned


class OwnAccountForm(forms.Form):
    """What people may change of their own account."""

    name = forms.CharField(max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    language = forms.ChoiceField(choices=_LANGUAGES)


class OrganisationForm(forms.ModelForm):
    """An organisation: its name, and its state where it belongs to one."""

    iso3 = forms.ChoiceField(choices=_state_choices, required=False)

    class Meta:
        model = Organisation
        fields = ("name", "iso3")


class OrganisationChoice(forms.Form):
    """For whom somebody works."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.order_by("name"), required=False, empty_label="—"
    )


def posted(request: HttpRequest) -> Any:
    """Return what a form is to be filled with: what was sent, be it nothing, or None on a visit."""
    return request.POST if request.method == "POST" else None


def with_refusal(form: forms.Form, error: KulanError) -> forms.Form:
    """Return the form with a refusal on it, as if it had found it itself."""
    form.add_error(None, str(error))
    return form
