"""Forms of proposals: every fault is told at the field that has it."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from kulan.programme import range_states, state_name
from kulan.programme.accounts import SECTION_NAMES
from kulan.programme.count_methods import (
    COUNT_METHODS,
    INTERVAL_NAMES,
    QUANTITY_NAMES,
    SEASON_NAMES,
)
from kulan.programme.dates import first_day
from kulan.programme.population_tables import POPULATIONS
from kulan.programme.terms import CONFIDENCES
from kulan.report.sentences import CODES
from kulan.web.language import current_words
from kulan.web.language import say_lazy as _
from kulan.web.policy import Viewer
from kulan.web.policy.records import visible_populations
from kulan.web.species.models import CONTENT_OF_ACCOUNT, CONTENT_OF_POPULATION
from kulan.web.species.permissions import may_propose_population
from kulan.web.species.terms import Readers

_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_BEFORE_NUMBER = ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "doi:")
_EARLIEST_YEAR = 1800


class FigureField(forms.FloatField):
    """A number as people write it: 1318000, 1 318 000, 1,318,000 or 12,5."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        """Write a whole number without a fraction."""
        is_whole = isinstance(value, float) and value.is_integer()
        return int(value) if is_whole else value

    def to_python(self, value: Any) -> float | None:
        """Read it; a comma parts thousands in English, and a fraction in Russian and French."""
        if isinstance(value, str):
            value = re.sub(r"[\s\u00a0\u202f]", "", value)
            english = current_words().language == "en"
            if english and _THOUSANDS.fullmatch(value):
                value = value.replace(",", "")
            elif value.count(",") == 1 and "." not in value and not english:
                value = value.replace(",", ".")
        return super().to_python(value)


class DayField(forms.CharField):
    """A day known to the year, the month or the day."""

    widget = forms.TextInput(attrs={"placeholder": "2025-06", "autocomplete": "off"})

    def clean(self, value: Any) -> str:
        """Refuse what is no day, or lies in the future."""
        text = super().clean(value)
        if not text:
            return text
        try:
            if not _DAY.fullmatch(text):
                raise ValueError
            day = first_day(text)
        except ValueError:
            raise forms.ValidationError(
                _("Write a year, a month or a day: 2024, 2024-05 or 2024-05-17.")
            ) from None
        if not date(_EARLIEST_YEAR, 1, 1) <= day <= timezone.localdate():
            raise forms.ValidationError(_("This day lies in the future, or too far in the past."))
        return text


def _choices(names: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, _(name)) for code, name in names.items()]  # names are marked where they stand


_NOTHING_YET = ("", _("Choose"))
_QUALITIES = _choices({code: CODES["confidence"][code] for code in CONFIDENCES})


def _area(rows: int, **attributes: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attributes})


class PopulationForm(forms.Form):
    """A population record: new, or as it is to be."""

    iso3 = forms.ChoiceField(label=_("Range state"))
    population = forms.CharField(
        label=_("Population or place"),
        max_length=120,
        required=False,
        help_text=_("Leave empty for the whole state."),
    )
    quantity = forms.ChoiceField(label=_("What was counted"), choices=_choices(QUANTITY_NAMES))
    estimate = FigureField(label=_("Best figure"), min_value=0, required=False)
    low = FigureField(label=_("Lower end"), min_value=0, required=False)
    high = FigureField(label=_("Upper end"), min_value=0, required=False)
    interval_kind = forms.ChoiceField(
        label=_("What the interval means"), choices=_choices(INTERVAL_NAMES), initial="none"
    )
    method = forms.ChoiceField(
        label=_("Method"),
        choices=[
            _NOTHING_YET,
            *_choices({code: method.name for code, method in COUNT_METHODS.items()}),
        ],
    )
    survey_from = DayField(label=_("Fieldwork from"))
    survey_to = DayField(label=_("Fieldwork to"))
    season = forms.ChoiceField(label=_("Season"), choices=_choices(SEASON_NAMES), initial="unknown")
    area_covered_km2 = FigureField(label=_("Area covered, km²"), required=False)
    reference = forms.CharField(
        label=_("Reference"),
        max_length=1000,
        widget=_area(2),
        help_text=_("Where the figure was read: authors, year, title, where published."),
    )
    doi = forms.CharField(label=_("DOI"), max_length=200, required=False)
    data_source = forms.CharField(label=_("Who holds the data"), max_length=300)
    quality = forms.ChoiceField(
        label=_("Quality of the entry"),
        choices=[_NOTHING_YET, *_QUALITIES],
        help_text=_(
            "High: you read it in the source named. Medium: in a secondary source, or its date or "
            "method is inferred. Low: a round or doubtful figure."
        ),
    )
    notes = forms.CharField(
        label=_("Note"),
        max_length=2000,
        required=False,
        widget=_area(3),
        help_text=_("What a reader must know to use the figure rightly."),
    )
    readers = forms.ChoiceField(
        label=_("Who may read it"), choices=Readers.choices, initial=Readers.PUBLIC
    )
    embargo_until = forms.DateField(
        label=_("Embargo until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        help_text=_("Until after this day, only you and those who decide read it."),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        required=False,
        widget=_area(2),
        help_text=_("For whoever decides: what changed, and how you know."),
    )

    groups = (
        ("iso3", "population"),
        ("quantity", "method"),
        ("estimate", "low", "high"),
        ("interval_kind",),
        ("survey_from", "survey_to", "season"),
        ("area_covered_km2",),
        ("reference",),
        ("doi", "data_source"),
        ("quality",),
        ("notes",),
        ("readers", "embargo_until"),
        ("reason",),
    )

    def __init__(
        self, *args: Any, viewer: Viewer, species_id: str, iso3: str = "", **kwargs: Any
    ) -> None:
        """Offer the states for which this person may propose; one alone when a record changes."""
        super().__init__(*args, **kwargs)
        self.viewer, self.species_id, self.changes = viewer, species_id, bool(iso3)
        codes = [iso3] if iso3 else list(range_states()["iso3"])
        language = current_words().language
        offered = [
            (code, state_name(code, language))
            for code in codes
            if may_propose_population(viewer, species_id, code)
        ]
        offered.sort(key=lambda one: one[1])
        self.fields["iso3"].choices = offered if len(offered) == 1 else [_NOTHING_YET, *offered]
        if self.changes:
            self.fields["reason"].required = True

    def clean_doi(self) -> str:
        """Take the number out of an address, and refuse what is none."""
        text = self.cleaned_data["doi"].strip()
        for beginning in _BEFORE_NUMBER:
            text = text.removeprefix(beginning)
        if text and not _DOI.fullmatch(text):
            raise forms.ValidationError(_("A DOI looks like 10.1002/ecs2.3696."))
        return text

    def clean_area_covered_km2(self) -> float | None:
        """Refuse an area of nothing."""
        area = self.cleaned_data["area_covered_km2"]
        if area is not None and area <= 0:
            raise forms.ValidationError(_("An area is greater than nothing; leave it empty."))
        return area

    def clean(self) -> dict[str, Any]:
        """Hold the fields against each other."""
        told = super().clean() or {}
        self._check_figures(told)
        first, last = told.get("survey_from"), told.get("survey_to")
        if first and last and first_day(first) > first_day(last) and not first.startswith(last):
            self.add_error("survey_to", _("The fieldwork ends before it began."))
        if not self.errors and not self.changes:
            self._check_not_there(told)
        return told

    def content(self) -> dict[str, Any]:
        """Return the fields of the record."""
        return {name: self.cleaned_data[name] for name in CONTENT_OF_POPULATION}

    def _check_figures(self, told: dict[str, Any]) -> None:
        if {"estimate", "low", "high"} & set(self.errors):
            return
        estimate, low, high = (told.get(name) for name in ("estimate", "low", "high"))
        known = [value for value in (low, estimate, high) if value is not None]
        if not known:
            self.add_error("estimate", _("Give a best figure, or at least one end of a range."))
        if known != sorted(known):
            message = _("Lower end, best figure and upper end must stand in this order.")
            self.add_error("estimate" if estimate is not None else "low", message)
        kind, has_ends = told.get("interval_kind"), low is not None or high is not None
        if has_ends and kind == "none":
            self.add_error("interval_kind", _("There are ends; say what the interval means."))
        if known and not has_ends and kind not in ("none", None):
            self.add_error("interval_kind", _("There are no ends; choose that none is published."))

    def _check_not_there(self, told: dict[str, Any]) -> None:
        key = {name: told[name] for name in POPULATIONS.key if name != "species_id"}
        rows = visible_populations(self.viewer).filter(species_id=self.species_id, **key)
        if rows.exists():
            self.add_error(
                "reference", _("This record is there already. Open it, and propose a change.")
            )


class AccountForm(forms.Form):
    """A paragraph of the account of a species."""

    text = forms.CharField(label=_("Text"), max_length=5000, widget=_area(8))
    source = forms.CharField(
        label=_("Source"),
        max_length=1000,
        widget=_area(2),
        help_text=_("Where its facts come from, and what of them was checked."),
    )
    confidence = forms.ChoiceField(
        label=_("Confidence"),
        choices=_QUALITIES,
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        required=False,
        widget=_area(2),
        help_text=_("For whoever decides: what changed, and how you know."),
    )

    groups = (("text",), ("source",), ("confidence",), ("reason",))

    def content(self) -> dict[str, Any]:
        """Return the fields of the text."""
        return {name: self.cleaned_data[name] for name in CONTENT_OF_ACCOUNT}


class WithdrawalForm(forms.Form):
    """Why a record should be withdrawn."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=_area(3),
        help_text=_("For whoever decides: what is wrong with it, and how you know."),
    )


class DecisionForm(forms.Form):
    """A decision and its note; a rejection says why."""

    decision = forms.ChoiceField(choices=[("approve", "approve"), ("reject", "reject")])
    note = forms.CharField(
        label=_("Note for the proposer and the history"),
        max_length=2000,
        required=False,
        widget=_area(3),
        help_text=_("A rejection needs one."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where a proposal is rejected."""
        told = super().clean() or {}
        if told.get("decision") == "reject" and not told.get("note", "").strip():
            self.add_error("note", _("Say why, so that the proposer can mend it."))
        return told


SECTIONS = tuple(SECTION_NAMES)
"""Sections that an address may name."""
