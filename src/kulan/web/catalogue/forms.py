"""Forms of the catalogue: what may be said of a layer, and how it is read."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from kulan.programme import range_states
from kulan.programme.terms import LIFE_EVENTS, SPECIES_IDS
from kulan.web.catalogue.columns import NEVER, ROLES, Column, declared
from kulan.web.catalogue.licences import LICENCES
from kulan.web.catalogue.models import LEVELS, LayerVersion
from kulan.web.catalogue.names import level_words, species_words, state_words
from kulan.web.catalogue.receiving import ENDINGS
from kulan.web.catalogue.themes import Audience, Confidence, Theme
from kulan.web.language import current_words
from kulan.web.language import say_lazy as _
from kulan.web.people.models import Organisation, User
from kulan.web.people.roles import Role
from kulan.words import LANGUAGES

OTHER = "other"
_PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_TAKEN = ("new", "review", "rules", "catalogue")
_LAYER_ID = RegexValidator(
    r"\A[a-z][a-z0-9-]{2,59}\Z", _("Small Latin letters, digits and hyphens, a letter first.")
)


def species_choices() -> list[tuple[str, str]]:
    """Return the species by their names in the reader's language."""
    words = current_words()
    return sorted(
        ((one, species_words(one, words)) for one in SPECIES_IDS), key=lambda pair: pair[1]
    )


def state_choices() -> list[tuple[str, str]]:
    """Return the range states by their names in the reader's language."""
    words = current_words()
    codes = range_states()["iso3"]
    return sorted(((code, state_words(code, words)) for code in codes), key=lambda pair: pair[1])


def month_choices() -> list[tuple[int, str]]:
    """Return the months by their names in the reader's language."""
    return list(enumerate(current_words().month_names(short=False), start=1))


def level_choices() -> list[tuple[int, str]]:
    """Return the levels of precision in words."""
    return [(level, level_words(level, current_words())) for level, _name in LEVELS]


ROLE_WORDS = {
    "": _("nothing special"),
    "record_id": _("name of the record"),
    "name": _("name of the place"),
    "species": _("species"),
    "state": _("state"),
    "season": _("season"),
    "date_from": _("date, or first day"),
    "date_to": _("last day"),
    "months": _("months"),
    "uncertainty": _("uncertainty in metres"),
}
"""What a column can be to the Atlas, in words."""


def shown_choices() -> list[tuple[int, str]]:
    """Return beside which places a column may be shown, in words."""
    say = current_words().say
    return [
        (NEVER, say("to nobody")),
        (0, say("with exact places only")),
        (1, say("with cells to 0.001°")),
        (2, say("with cells to 0.01°")),
        (3, say("with cells to 0.1°")),
        (4, say("with every place")),
    ]


class NewLayerForm(forms.Form):
    """A new layer: its name for ever, its theme, and what it is called."""

    title = forms.CharField(label=_("Title"), max_length=200)
    layer_id = forms.CharField(
        label=_("Short name"),
        help_text=_("It stands in addresses and citations, and never changes: saiga-births."),
        validators=[_LAYER_ID],
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices)

    def clean_layer_id(self) -> str:
        """Refuse the names of pages."""
        name: str = self.cleaned_data["layer_id"]
        if name in _TAKEN:
            raise forms.ValidationError(str(_("This name is taken. Choose another one.")))
        return name


class UploadForm(forms.Form):
    """A file, and what it does not say itself."""

    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)})
    )
    crs = forms.CharField(
        label=_("Coordinate system"),
        help_text=_("Only if the file does not name its own: EPSG:32642."),
        required=False,
        validators=[RegexValidator(r"\AEPSG:\d{4,6}\Z", _("Write it as EPSG:4326."))],
    )
    layer = forms.CharField(
        label=_("Layer within the file"),
        help_text=_("Only if the file holds several."),
        max_length=100,
        required=False,
    )
    swap_axes = forms.BooleanField(label=_("Latitude stands first in it"), required=False)


class DescribeForm(forms.Form):
    """The description of a version, and of its layer."""

    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    title_ru = forms.CharField(label=_("Title in Russian"), max_length=200, required=False)
    title_fr = forms.CharField(label=_("Title in French"), max_length=200, required=False)
    abstract_en = forms.CharField(
        label=_("Summary in English"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    abstract_ru = forms.CharField(
        label=_("Summary in Russian"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    abstract_fr = forms.CharField(
        label=_("Summary in French"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices)
    species = forms.MultipleChoiceField(
        label=_("Species"), choices=species_choices, required=False,
        help_text=_("Of records that do not name one themselves."),
    )  # fmt: skip
    states = forms.MultipleChoiceField(label=_("States"), choices=state_choices, required=False)
    months = forms.MultipleChoiceField(
        label=_("Months"), choices=month_choices, required=False,
        help_text=_("None stands for the whole year."),
    )  # fmt: skip
    method = forms.CharField(
        label=_("Method"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    confidence = forms.ChoiceField(label=_("Confidence"), choices=Confidence.choices)
    source = forms.CharField(
        label=_("Source"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    licence = forms.ChoiceField(label=_("Licence"), required=False)
    licence_other = forms.CharField(
        label=_("Licence in words"), max_length=200, required=False,
        help_text=_("Only if none of the list fits."),
    )  # fmt: skip
    attribution = forms.CharField(
        label=_("Words to print wherever it is shown"), max_length=300, required=False
    )
    citation = forms.CharField(
        label=_("How to cite it"), max_length=400, required=False,
        help_text=_("If left empty, it is made from the rest."),
    )  # fmt: skip
    valid_from = forms.CharField(
        label=_("True from"), max_length=10, required=False, help_text=_("2024, 2024-05 or a day.")
    )
    valid_to = forms.CharField(label=_("True until"), max_length=10, required=False)
    audience = forms.ChoiceField(label=_("Who may see it at all"), choices=Audience.choices)
    embargo_until = forms.DateField(
        label=_("Embargo until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    minimum_count = forms.IntegerField(
        label=_("Fewest records in a cell"), min_value=1, max_value=100,
        help_text=_("A coarse cell with fewer records of a species is not shown."),
    )  # fmt: skip

    def __init__(self, *arguments: Any, version: LayerVersion, **named: Any) -> None:
        """Take the version whose columns are to be declared."""
        super().__init__(*arguments, **named)
        self.version = version
        self.columns = declared(version.columns)
        licences = [(code, name) for code, (name, _url) in LICENCES.items()]
        other = str(_("another, in words"))
        self.fields["licence"].choices = [("", "—"), *licences, (OTHER, other)]  # type: ignore[attr-defined]
        for place, column in enumerate(self.columns):
            self._add_column(place, column)

    def _add_column(self, place: int, column: Column) -> None:
        self.fields[f"meaning_{place}"] = forms.CharField(
            required=False, max_length=300, label=_("Meaning of the column")
        )
        self.fields[f"role_{place}"] = forms.ChoiceField(
            required=False,
            choices=[(role, ROLE_WORDS[role]) for role in ("", *ROLES)],
            label=_("What it is to the Atlas"),
        )
        self.fields[f"shown_{place}"] = forms.TypedChoiceField(
            choices=shown_choices, coerce=int, label=_("Shown")
        )
        self.initial.setdefault(f"meaning_{place}", column.meaning)
        self.initial.setdefault(f"role_{place}", column.role)
        self.initial.setdefault(f"shown_{place}", column.public_to)

    def clean_valid_from(self) -> str:
        """Read the first date."""
        return _partial_date(self.cleaned_data["valid_from"])

    def clean_valid_to(self) -> str:
        """Read the last date."""
        return _partial_date(self.cleaned_data["valid_to"])

    def clean(self) -> dict[str, Any]:
        """See that what is said fits together."""
        cleaned = super().clean() or {}
        if not any(cleaned.get(f"title_{code}", "").strip() for code in LANGUAGES):
            self.add_error("title_en", str(_("Give a title in one language at least.")))
        if cleaned.get("licence") == OTHER and not cleaned.get("licence_other", "").strip():
            self.add_error("licence_other", str(_("Say the terms in words.")))
        first, last = cleaned.get("valid_from", ""), cleaned.get("valid_to", "")
        if first and last and last < first[: len(last)]:
            self.add_error("valid_to", str(_("It ends before it begins.")))
        roles = [cleaned.get(f"role_{place}") for place in range(len(self.columns))]
        twice = {role for role in roles if role and roles.count(role) > 1}
        for place, role in enumerate(roles):
            if role in twice:
                self.add_error(f"role_{place}", str(_("Two columns cannot be the same.")))
        return cleaned

    def rows_of_columns(self) -> list[tuple[Column, Any, Any, Any]]:
        """Return each column with its three fields."""
        return [
            (column, *(self[f"{name}_{place}"] for name in ("meaning", "role", "shown")))
            for place, column in enumerate(self.columns)
        ]

    def told_columns(self) -> tuple[Column, ...]:
        """Return the columns as they were declared in the form."""
        told = self.cleaned_data
        return tuple(
            Column(
                column.name,
                told[f"meaning_{place}"].strip(),
                told[f"shown_{place}"],
                told[f"role_{place}"],
            )
            for place, column in enumerate(self.columns)
        )


def _partial_date(text: str) -> str:
    if text and not _PARTIAL_DATE.fullmatch(text):
        raise forms.ValidationError(str(_("Write 2024, 2024-05 or 2024-05-17.")))
    return text


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(max_length=2000, required=False, widget=forms.Textarea({"rows": 3}))


class AgreementForm(forms.Form):
    """With whom, how finely, until when."""

    email = forms.EmailField(
        label=_("Person"), required=False, help_text=_("The address of the person's account.")
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.order_by("name"),
        label=_("or organisation"),
        required=False,
        empty_label="—",
    )
    role = forms.ChoiceField(
        label=_("or everyone with the role"), choices=[("", "—"), *Role.choices], required=False
    )
    level = forms.TypedChoiceField(label=_("Sees places"), coerce=int)
    valid_from = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    valid_to = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    terms = forms.CharField(
        label=_("Terms"), required=False, max_length=2000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Say the levels in the reader's language."""
        super().__init__(*arguments, **named)
        self.fields["level"].choices = level_choices()[:5]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """See that there is one party, and that a person has an account."""
        cleaned = super().clean() or {}
        parties = [cleaned.get(name) for name in ("email", "organisation", "role")]
        if sum(bool(one) for one in parties) != 1:
            raise forms.ValidationError(str(_("Name one: a person, an organisation or a role.")))
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", str(_("It ends before it begins.")))
        cleaned["user"] = None
        if email := cleaned.get("email"):
            cleaned["user"] = User.objects.filter(email=email.lower(), is_active=True).first()
            if cleaned["user"] is None:
                self.add_error("email", str(_("No account has this address.")))
        return cleaned

    def told(self) -> dict[str, Any]:
        """Return what an agreement is made of."""
        names = ("user", "organisation", "level", "valid_to", "terms")
        told = {name: self.cleaned_data[name] for name in names}
        told["role"] = self.cleaned_data["role"] or ""
        if self.cleaned_data["valid_from"]:
            told["valid_from"] = self.cleaned_data["valid_from"]
        return told


class RuleForm(forms.Form):
    """How sensitive the places of a species are."""

    species_id = forms.ChoiceField(label=_("Species"))
    iso3 = forms.ChoiceField(label=_("State"), required=False)
    season = forms.ChoiceField(label=_("Season"), required=False)
    level = forms.TypedChoiceField(label=_("The public sees places"), coerce=int)
    basis = forms.CharField(
        label=_("Which harm an exact place would make possible"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )
    review_due = forms.DateField(
        label=_("To be weighed again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Say the choices in the reader's language."""
        super().__init__(*arguments, **named)
        say = current_words().say
        events = [(one, SEASON_WORDS[one]) for one in LIFE_EVENTS]
        choices = {
            "species_id": species_choices(),
            "iso3": [("", say("every state")), *state_choices()],
            "season": [("", say("the whole year")), *events],
            "level": level_choices(),
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]


SEASON_WORDS = {
    "birth": _("births"),
    "rut": _("rut"),
    "spring_migration": _("spring migration"),
    "autumn_migration": _("autumn migration"),
    "winter_range": _("winter range"),
    "denning": _("denning"),
    "dispersal": _("dispersal"),
    "nomadic_movement": _("nomadic movement"),
}
"""Life events in words."""
