"""The form of a record, made from the declaration of its register."""

from typing import Any

from django import forms

from kulan.programme import range_states, state_name
from kulan.programme.actions import actors
from kulan.programme.registers import Field, Register, missing_for
from kulan.programme.registers.checking import EDITION
from kulan.programme.species import species_name
from kulan.programme.terms import SPECIES_IDS
from kulan.report.reader import Reader
from kulan.web.language import current_words
from kulan.web.language import say_lazy as _
from kulan.web.people.models import Organisation
from kulan.web.people.roles import Role
from kulan.web.policy import Viewer
from kulan.web.policy.registers import may_keep_content, visible_records
from kulan.web.programme.money.permissions import may_keep_money
from kulan.web.programme.registers.actions import Content, read_content
from kulan.web.programme.registers.models import Audience, Record
from kulan.web.programme.registers.telling import heading, landscapes_told

_NOTHING_YET = ("", _("Choose"))
_SEVERAL = frozenset({"states", "several_species", "choices", "records"})
_LINES = frozenset({"text", "lines", "actions", "entries"})
_MORE = frozenset({"lines", "text"})


def _choices(viewer: Viewer, one: Field) -> list[tuple[str, str]]:
    """Return what may be chosen for a field, in the reader's language."""
    words = current_words()
    language = words.language
    if one.kind in {"state", "states"}:
        named = [(code, state_name(code, language)) for code in range_states()["iso3"]]
        return sorted(named, key=lambda pair: pair[1])
    if one.kind in {"species", "several_species"}:
        named = [(code, species_name(code, language)) for code in SPECIES_IDS]
        return sorted(named, key=lambda pair: pair[1])
    if one.kind == "records":
        reader = Reader(words)
        rows = visible_records(viewer, one.of).filter(withdrawn_at=None)
        named = [(str(row.uid), heading(row, reader)) for row in rows]
        return sorted(named, key=lambda pair: pair[1])
    if one.kind == "actor":
        named = [(actor.actor_id, actor.title(language)) for actor in actors()]
        return sorted(named, key=lambda pair: pair[1])
    if one.kind == "landscape":
        return landscapes_told(Reader(words))
    return [(code, words.say(title)) for code, title in one.choices]


class RecordForm(forms.Form):
    """A record of a register, new or as it is to be."""

    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(
        self,
        viewer: Viewer,
        register: Register,
        posted: Any = None,
        *,
        record: Record | None = None,
        stage: str = "",
    ) -> None:
        """Make the fields; filled with a record, or empty."""
        self.viewer, self.register, self.record = viewer, register, record
        self.stage = stage or (record.stage if record else register.first_stage)
        super().__init__(posted, initial=self._initial())
        for one in register.fields:
            self.fields[one.name] = self._made(one)
            if one.kind == "entries":  # read by others, written by who keeps the books
                self.fields[one.name].disabled = not may_keep_money(viewer)
        self._add_stage()
        self.fields["audience"] = forms.ChoiceField(
            label=_("Who may know of it"), choices=Audience.choices
        )
        self._add_organisation()
        self.fields["reason"] = forms.CharField(
            label=_("Why"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("For the history: what changed, and how you know."),
        )

    def _initial(self) -> dict[str, Any]:
        if self.record is None:
            first = "state" if "state" in self.register.kept_by else ""
            own = sorted(self.viewer.states)
            known = {"state": own[0], "states": own} if first and own else {}
            return {"audience": Audience.PUBLIC, **known}
        data = {
            name: "\n".join(item.removeprefix(f"{EDITION}:") for item in value)
            if name in self._line_fields()
            else value
            for name, value in self.record.data.items()
        }
        return data | {
            "revision": self.record.revision,
            "audience": self.record.audience,
            "organisation": self.record.organisation_id,
        }

    def _line_fields(self) -> set[str]:
        return {
            one.name for one in self.register.fields if one.kind in {"lines", "actions", "entries"}
        }

    def _made(self, one: Field) -> forms.Field:
        hints = [_(one.hint)] if one.hint else []
        if one.example:
            hints.append(_("Example: {example}", example=one.example))
        told: dict[str, Any] = {
            "label": _(one.title),
            "help_text": " ".join(str(hint) for hint in hints),
            "required": one.required,
        }
        if one.kind in _SEVERAL:
            return _Several(choices=_choices(self.viewer, one), **told)
        if one.kind in {"choice", "state", "species", "landscape", "actor"}:
            return _Text(
                widget=forms.Select(choices=[_NOTHING_YET, *_choices(self.viewer, one)]), **told
            )
        rows = 4 if one.kind in _MORE else 2
        widget = (
            forms.Textarea(attrs={"rows": rows})
            if one.kind in _LINES
            else forms.TextInput(attrs={"autocomplete": "off"})
        )
        return _Text(widget=widget, **told)

    def _add_stage(self) -> None:
        if self.record is None and self.register.stages:
            self.fields["stage"] = forms.ChoiceField(
                label=_("Stage"),
                choices=[(one.code, _(one.title)) for one in self.register.stages],
                initial=self.register.first_stage,
            )

    def _add_organisation(self) -> None:
        if "organisation" in self.register.kept_by and self.viewer.has(Role.SECRETARIAT):
            self.fields["organisation"] = forms.ModelChoiceField(
                Organisation.objects.order_by("name"),
                label=_("Organisation it belongs to"),
                required=False,
                empty_label="—",
                help_text=_("Its members keep this record too."),
            )

    def clean(self) -> dict[str, Any]:
        """Read the record as its register declares it; every fault stands at its field."""
        told = super().clean() or {}
        words = current_words()
        stage = told.get("stage") or self.stage
        given = {one.name: told.get(one.name) for one in self.register.fields}
        read = read_content(self.viewer, self.register, given, stage)
        for problem in read.problems:
            if problem.field not in self.errors:
                message = words.say(problem.message)
                self.add_error(problem.field, message.replace("{value}", problem.value))
        if not self.errors and "person" not in self.register.kept_by:
            house = self.organisation_id()
            if not may_keep_content(self.viewer, self.register, read.data, organisation_id=house):
                self.add_error(None, str(_("Name a state or a species that is yours to keep.")))
        return told

    def organisation_id(self) -> int | None:
        """Return to which organisation the record is to belong."""
        if "organisation" in self.fields:
            chosen = self.cleaned_data.get("organisation")
            return chosen.pk if chosen else None
        if self.record is not None:
            return self.record.organisation_id
        if "organisation" in self.register.kept_by:
            return self.viewer.organisation_id
        return None

    def content(self) -> Content:
        """Return what the record is to hold."""
        told = self.cleaned_data
        return Content(
            given={one.name: told.get(one.name) for one in self.register.fields},
            audience=told["audience"],
            stage=told.get("stage", ""),
            organisation_id=self.organisation_id(),
        )


class _Text(forms.CharField):
    """A value as it was written: what is wrong with it is found by the register's reading."""

    def validate(self, value: Any) -> None:
        """Leave it to the register."""


class _Several(forms.MultipleChoiceField):
    """Several of a list; what is wrong is found by the register's reading."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: Any) -> None:
        """Leave it to the register."""


class MoveForm(forms.Form):
    """To which stage, and why."""

    stage = forms.ChoiceField(label=_("Stage"))
    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, record: Record, stages: Any, posted: Any = None) -> None:
        """Offer the stages there is a way to."""
        self.record = record
        super().__init__(posted, initial={"revision": record.revision})
        self.fields["stage"].choices = [(one.code, _(one.title)) for one in stages]

    def clean(self) -> dict[str, Any]:
        """Say what the record lacks for the stage."""
        told = super().clean() or {}
        lacking = missing_for(self.record.declared, told.get("stage", ""), self.record.data)
        if lacking:
            words = current_words()
            names = [words.say(self.record.declared.field(one.field).title) for one in lacking]
            self.add_error(
                "stage",
                words.say(
                    "First write this into the record: {fields}.", fields=words.listed(names)
                ),
            )
        return told


class WithdrawForm(forms.Form):
    """Why a record is withdrawn."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
