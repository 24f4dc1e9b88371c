"""Forms of cycles: every fault is told at the field that has it."""

from typing import Any

from django import forms

from kulan.programme.reporting import TAGS, Choice, Question, Told
from kulan.programme.terms import SPECIES_IDS
from kulan.web.language import current_words
from kulan.web.language import say_lazy as _
from kulan.web.people.models import Organisation, User
from kulan.web.people.scopes import states
from kulan.web.programme.reporting.standards import reported_editions

READERS = (
    ("public", _("Everyone")),
    ("partners", _("People with a role in the programme")),
    ("government", _("Focal points and the secretariat")),
)
KINDS = (
    ("text", _("Text")),
    ("choice", _("One answer of several")),
    ("choices", _("Several answers")),
    ("number", _("Number")),
    ("yes_no", _("Yes or no")),
    ("date", _("Day")),
    ("references", _("References, one a line")),
)
LOOPS = (
    ("none", _("Once")),
    ("species", _("For each species")),
    ("population", _("For each population")),
)
ASKED = (
    ("everyone", _("Everyone")),
    ("parties", _("Parties to CMS")),
    ("non_parties", _("States that are not Parties to CMS")),
)


def _day() -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )


class DatesForm(forms.Form):
    """Title and days of a cycle."""

    title_en = forms.CharField(max_length=200)
    title_ru = forms.CharField(max_length=200, required=False)
    title_fr = forms.CharField(max_length=200, required=False)
    opens = _day()
    due = _day()

    def clean(self) -> dict[str, Any]:
        """Refuse a deadline before the first day."""
        told = super().clean() or {}
        if told.get("opens") and told.get("due") and told["due"] < told["opens"]:
            self.add_error("due", _("The deadline lies before the first day."))
        return told

    def title(self) -> Told:
        """Return the title in three languages."""
        return Told(*(self.cleaned_data[f"title_{code}"].strip() for code in ("en", "ru", "fr")))


class CycleForm(DatesForm):
    """A new cycle."""

    cycle_id = forms.SlugField(max_length=60)
    edition_id = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the editions whose actions are known."""
        super().__init__(*args, **kwargs)
        self.fields["edition_id"].choices = [
            (name, f"{title} ({name})") for name, title in reported_editions()
        ]


class QuestionForm(forms.Form):
    """A question of the cycle's own."""

    words_en = forms.CharField(max_length=500)
    words_ru = forms.CharField(max_length=500, required=False)
    words_fr = forms.CharField(max_length=500, required=False)
    kind = forms.ChoiceField(choices=KINDS)
    choices = forms.CharField(required=False, max_length=4000, widget=forms.Textarea({"rows": 4}))
    required = forms.BooleanField(required=False)
    loop = forms.ChoiceField(choices=LOOPS)
    species = forms.MultipleChoiceField(required=False)
    states = forms.MultipleChoiceField(required=False)
    asked = forms.ChoiceField(choices=ASKED)
    readers = forms.ChoiceField(choices=READERS)
    tags = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer species, states and tags."""
        super().__init__(*args, **kwargs)
        self.fields["species"].choices = [(one, one) for one in SPECIES_IDS]
        self.fields["states"].choices = [(one, one) for one in states()]
        self.fields["tags"].choices = [(one, one) for one in TAGS]

    def clean(self) -> dict[str, Any]:
        """Ask for choices where there are to be some."""
        told = super().clean() or {}
        several = told.get("kind") in ("choice", "choices")
        if several and len(_lines(told.get("choices", ""))) < 2:
            self.add_error("choices", _("Write at least two answers, one a line."))
        return told

    def question(self) -> Question:
        """Return the question; its name and section are given where it is added."""
        told = self.cleaned_data
        offered = _lines(told["choices"]) if told["kind"] in ("choice", "choices") else []
        return Question(
            question_id="",
            section="",
            words=Told(*(told[f"words_{code}"].strip() for code in ("en", "ru", "fr"))),
            kind=told["kind"],
            choices=tuple(Choice(f"c{number + 1}", one) for number, one in enumerate(offered)),
            required=told["required"],
            loop=told["loop"],
            species=tuple(told["species"]) if told["loop"] != "none" else (),
            states=tuple(told["states"]),
            asked=told["asked"],
            readers=told["readers"],
            tags=tuple(told["tags"]),
        )


def _lines(text: str) -> list[Told]:
    """Read choices, one a line; the languages of one parted by `|`."""
    found = []
    for line in text.splitlines():
        parts = [one.strip() for one in line.split("|")][:3]
        if parts and parts[0]:
            found.append(Told(*parts))
    return found


class ReportersForm(forms.Form):
    """Which states and organisations report."""

    states = forms.MultipleChoiceField(required=False)
    houses = forms.ModelMultipleChoiceField(Organisation.objects.all(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the range states."""
        super().__init__(*args, **kwargs)
        self.fields["states"].choices = [(one, one) for one in states()]

    def clean(self) -> dict[str, Any]:
        """Refuse a cycle in which nobody reports."""
        told = super().clean() or {}
        if not told.get("states") and not told.get("houses"):
            raise forms.ValidationError(_("Choose at least one state or organisation."))
        return told


class DelegationForm(forms.Form):
    """Sections for a person."""

    person = forms.ModelChoiceField(User.objects.none())
    sections = forms.MultipleChoiceField()
    message = forms.CharField(required=False, max_length=1000, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, people: Any, sections: Any, **kwargs: Any) -> None:
        """Offer people of the state and sections of the report."""
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
        self.fields["person"].empty_label = current_words().say("Choose")
        self.fields["sections"].choices = sections


class UploadForm(forms.Form):
    """A form that was filled offline."""

    file = forms.FileField()
