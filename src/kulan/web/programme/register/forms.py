"""Forms of the register: every fault is told at the field that has it."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from kulan.programme.evidence import KIND_NAMES, STATUS_NAMES, Evidence
from kulan.web.catalogue.forms import species_choices, state_choices
from kulan.web.catalogue.names import state_words
from kulan.web.language import current_words
from kulan.web.language import say_lazy as _
from kulan.web.people.roles import Role
from kulan.web.policy import Viewer
from kulan.web.programme.evidence_sources import objects_of_kulan
from kulan.web.programme.register.permissions import FOR_OWN_HOUSE, audiences_of, may_override
from kulan.web.programme.register.standing import Standing
from kulan.web.programme.register.terms import Audience, Field

_NOTHING_YET = ("", _("Choose"))
_LONGEST_REASON = 2000


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _reason(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Why"), max_length=_LONGEST_REASON, widget=_area(2), help_text=help_text
    )


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class _OfAction(forms.Form):
    """A form on the page of an action."""

    name: ClassVar[str]

    def __init__(self, *args: Any, standing: Standing, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{self.name}_%s", **kwargs)
        self.standing, self.viewer = standing, viewer


class StatusForm(_OfAction):
    """A status set by hand, for the programme or a state."""

    name = "status"
    iso3 = forms.ChoiceField(label=_("For"), required=False)
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[_NOTHING_YET, *((one.value, _(text)) for one, text in STATUS_NAMES.items())],
    )
    reason = _reason(_("Everyone can read it, beside what is computed."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the states for which the viewer may set a status."""
        super().__init__(*args, **kwargs)
        words = current_words()
        offered = [
            (iso3, state_words(iso3, words))
            for iso3 in self.standing.answer.by_state
            if may_override(self.viewer, iso3)
        ]
        offered.sort(key=lambda pair: pair[1])
        whole = [("", words.say("the whole programme"))] if may_override(self.viewer) else []
        self.fields["iso3"].choices = [*whole, *offered]
        self.fields["iso3"].required = not whole


class DueForm(_OfAction):
    """The day by which an action is due."""

    name = "due"
    due = forms.DateField(label=_("Due by"), widget=_day())
    reason = _reason(_("Who set the day, and where it stands."))


class OvertakenForm(_OfAction):
    """That events have overtaken an action."""

    name = "overtaken"
    reason = _reason(_("What happened, so that it can no longer be carried out as written."))


class CorrectionForm(_OfAction):
    """What was misprinted."""

    name = "correction"
    field = forms.ChoiceField(label=_("What is misprinted"), choices=Field.choices)
    corrected = forms.CharField(label=_("As it should be"), max_length=4000, widget=_area(2))
    reason = _reason(_("How you know: another language's text, a later document."))


FORMS: dict[str, type[_OfAction]] = {
    one.name: one for one in (StatusForm, DueForm, OvertakenForm, CorrectionForm)
}
"""Forms of the page of an action, by name."""


class EndForm(forms.Form):
    """Why something set by hand ends."""

    reason = forms.CharField(label=_("Why"), max_length=_LONGEST_REASON, required=False)


class WithdrawForm(forms.Form):
    """Why a piece of evidence is withdrawn."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=_LONGEST_REASON,
        widget=_area(2),
        help_text=_("It stays in the list of what was withdrawn, with your reason."),
    )


class _EvidenceForm(forms.Form):
    """What every way to add evidence asks for."""

    name: ClassVar[str]
    audience = forms.ChoiceField(
        label=_("Who may know of it"),
        help_text=_("It counts for nobody else: others see the status as it is without it."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=_LONGEST_REASON,
        required=False,
        widget=_area(2),
        help_text=_("What of it shows that the action is carried out."),
    )

    def __init__(self, *args: Any, standing: Standing, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"id_{self.name}_%s", **kwargs)
        self.standing, self.viewer = standing, viewer
        mine = audiences_of(viewer)
        self.fields["audience"].choices = [pair for pair in Audience.choices if pair[0] in mine]
        self.order_fields([one for one in self.fields if one not in ("audience", "note")])


class ObjectForm(_EvidenceForm):
    """An object of Kulan as evidence: a released layer, a record, an agreement."""

    name = "object"
    object = forms.ChoiceField(
        label=_("Object of Kulan"),
        help_text=_("Layers, records and registers that you may see. It counts while it is there."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the objects that the viewer may know of, by kind."""
        super().__init__(*args, **kwargs)
        self._objects = {_name(one): one for one in objects_of_kulan(self.viewer)}
        say, groups = current_words().say, {}
        for name, one in sorted(self._objects.items(), key=lambda pair: pair[1].title.casefold()):
            groups.setdefault(one.kind, []).append((name, f"{one.title[:120]} ({one.day.year})"))
        self.fields["object"].choices = [
            _NOTHING_YET,
            *((say(text), groups[kind]) for kind, text in KIND_NAMES.items() if kind in groups),
        ]

    @property
    def is_empty(self) -> bool:
        """Whether there is no object to choose."""
        return not self._objects

    def content(self) -> dict[str, Any]:
        """Return what `add_evidence` takes.

        A focal point or coordinator who may add nothing else names only the own states or species.
        """
        one = self._objects[self.cleaned_data["object"]]
        states, species = tuple(one.states), tuple(one.species)
        if not _for_all(self.viewer):
            own = self.viewer.states
            states = tuple(iso3 for iso3 in states if iso3 in own) if states else tuple(own)
            if not own:
                species = tuple(one for one in species if one in self.viewer.species) or tuple(
                    self.viewer.species
                )
        return {
            "kind": one.kind,
            "reference": one.reference,
            "title": one.title[:300],
            "day": one.day,
            "states": states,
            "species": species,
            "audience": self.cleaned_data["audience"],
            "note": self.cleaned_data["note"],
        }


class DocumentForm(_EvidenceForm):
    """A document outside Kulan as evidence."""

    name = "document"
    kind = forms.ChoiceField(
        label=_("Kind of evidence"),
        choices=[
            _NOTHING_YET,
            *(
                (code, _(text))
                for code, text in KIND_NAMES.items()
                if code not in ("layer", "species_record")
            ),
        ],
    )
    title = forms.CharField(label=_("Title"), max_length=300)
    reference = forms.URLField(
        label=_("Link"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Where it can be read, beginning with https://"),
    )
    day = forms.DateField(
        label=_("Day"),
        widget=_day(),
        help_text=_("When it came about: signed, held, in force, published, paid."),
    )
    states = forms.MultipleChoiceField(
        label=_("States"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Which states it is of; none for all of them together."),
    )
    species = forms.MultipleChoiceField(
        label=_("Species"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Which species it is of; none where it is of no species in particular."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the states and species for which the viewer may add evidence."""
        super().__init__(*args, **kwargs)
        free, viewer = _for_all(self.viewer), self.viewer
        states, species = self.fields["states"], self.fields["species"]
        states.choices = [
            p for p in state_choices() if free or p[0] in viewer.states or viewer.species
        ]
        species.choices = [
            p for p in species_choices() if free or p[0] in viewer.species or viewer.states
        ]
        if not free:
            states.required, species.required = bool(viewer.states), not viewer.states
            self.initial.setdefault("states", sorted(viewer.states))
            self.initial.setdefault("species", [] if viewer.states else sorted(viewer.species))

    def clean_reference(self) -> str:
        """Refuse a link of another kind than a page."""
        link = str(self.cleaned_data["reference"])
        if not link.startswith(("https://", "http://")):
            raise forms.ValidationError(_("Begin with https:// or http://"))
        return link

    def clean_day(self) -> Any:
        """Refuse a day to come: what counts has come about."""
        day = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day lies in the future."))
        return day

    def content(self) -> dict[str, Any]:
        """Return what `add_evidence` takes."""
        told = {
            name: self.cleaned_data[name]
            for name in ("kind", "reference", "title", "day", "audience", "note")
        }
        return told | {
            "states": tuple(self.cleaned_data["states"]),
            "species": tuple(self.cleaned_data["species"]),
        }


EVIDENCE_FORMS: dict[str, type[_EvidenceForm]] = {
    one.name: one for one in (DocumentForm, ObjectForm)
}
"""The two ways to add evidence, by name."""


def _for_all(viewer: Viewer) -> bool:
    """Whether the viewer may name any state and species."""
    house = viewer.has(*FOR_OWN_HOUSE) and viewer.organisation_id is not None
    return viewer.has(Role.SECRETARIAT) or house


def _name(one: Evidence) -> str:
    return f"{one.kind} {one.reference}"
