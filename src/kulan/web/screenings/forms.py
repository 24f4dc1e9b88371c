"""The form of a question, and of whom to share it with."""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from kulan.errors import UnknownCrsError
from kulan.exchange.crs import horizontal
from kulan.programme import species, species_name
from kulan.web.language import current_words
from kulan.web.language import say_lazy as _
from kulan.web.screenings import files
from kulan.web.screenings.actions import Frame, Uploads
from kulan.web.screenings.choices import FENCES, KINDS, STATUSES, TYPES
from kulan.web.screenings.drawing import drawn_file
from kulan.web.screenings.questions import Asked
from kulan.words import LANGUAGES

MOST_FILES = 30
MOST_LAYERS = 3
_ATTRIBUTES = ("fence_type", "fence_height_m", "traffic_per_day", "gauge_mm", "right_of_way_m")
_LANGUAGE_NAMES = {"en": "English", "ru": "Русский", "fr": "Français"}


class FilesInput(forms.ClearableFileInput):
    """An input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files, each of a format that can be read."""

    def __init__(self, *, most: int = 1, **options: Any) -> None:
        """Take how many there may be; the files of one Shapefile count as one."""
        self.most = most
        widget = FilesInput(attrs={"accept": ",".join((*files.READ, *_BESIDE)), "multiple": True})
        super().__init__(widget=widget, required=False, **options)

    def clean(self, data: Any, initial: Any = None) -> tuple[UploadedFile, ...]:
        """Return the files; refuse what no reader of ours reads before anything reads it."""
        say = current_words().say
        given = data if isinstance(data, list | tuple) else [data] if data else []
        cleaned = tuple(super(FilesField, self).clean(each, initial) for each in given)
        for upload in cleaned:
            ending = PurePosixPath(upload.name).suffix.lower()
            if ending not in files.READ and not files.is_sidecar(upload.name):
                raise forms.ValidationError(
                    say(
                        "{name}: files ending in “{ending}” are not read. Kulan reads {endings}.",
                        name=upload.name[:80],
                        ending=ending,
                        endings=", ".join(files.READ),
                    )
                )
        data_files = sum(files.is_data_file(each.name) for each in cleaned)
        if cleaned and not data_files:
            raise forms.ValidationError(
                say("The .shp is missing: give all files of the Shapefile, or a .zip of them.")
            )
        if data_files > self.most or len(cleaned) > 6 * self.most:
            raise forms.ValidationError(
                current_words().say_count(
                    "Give one file.", "Give at most {count} files.", self.most
                )
            )
        return cleaned


_BESIDE = (".shx", ".dbf", ".prj", ".cpg")


def _check_crs(text: str) -> str:
    if text:
        try:
            horizontal(text, text)
        except UnknownCrsError as refused:
            raise forms.ValidationError(str(refused)) from None
    return text


class QuestionForm(forms.Form):
    """A plan, what is known of it, and how it shall be screened."""

    use_required_attribute = False
    title = forms.CharField(label=_("Name of the plan"), max_length=200, required=False)
    lines = FilesField(label=_("Files"), most=MOST_FILES)
    drawn = forms.CharField(required=False, widget=forms.HiddenInput, max_length=2_000_000)
    barrier_type = forms.ChoiceField(label=_("What is planned"), choices=TYPES, required=False)
    status = forms.ChoiceField(label=_("How far it has come"), choices=STATUSES, required=False)
    fenced = forms.ChoiceField(
        label=_("Fenced"),
        choices=(("", _("As the file says")), ("yes", _("Yes")), ("no", _("No"))),
        required=False,
    )
    fence_type = forms.ChoiceField(label=_("Kind of fence"), choices=FENCES, required=False)
    fence_height_m = forms.FloatField(
        label=_("Height of the fence, m"), min_value=0, max_value=20, required=False
    )
    traffic_per_day = forms.FloatField(
        label=_("Trains or vehicles in a day"), min_value=0, max_value=1_000_000, required=False
    )
    gauge_mm = forms.FloatField(
        label=_("Gauge of the railway, mm"), min_value=500, max_value=3000, required=False
    )
    right_of_way_m = forms.FloatField(
        label=_("Width of the right of way, m"), min_value=0, max_value=10_000, required=False
    )
    structures = FilesField(label=_("File of points"))
    crs = forms.CharField(
        label=_("Coordinate system, where a file declares none"),
        help_text=_("For example EPSG:4326 for longitude and latitude, EPSG:32648 for UTM 48 N."),
        max_length=300,
        required=False,
    )
    structures_crs = forms.CharField(
        label=_("Coordinate system of the structures, if another"), max_length=300, required=False
    )
    layer_name = forms.CharField(
        label=_("Layer, where a file holds several"), max_length=200, required=False
    )
    swap_axes = forms.BooleanField(
        label=_("Coordinates stand as latitude, longitude"), required=False
    )
    day = forms.DateField(
        label=_("Day whose facts are asked for"),
        help_text=_("Treaties in force and barriers standing on that day."),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    within_km = forms.FloatField(
        label=_("How far around to look, km"),
        help_text=_("For borders, key areas and other barriers."),
        min_value=1,
        max_value=500,
        initial=50,
    )
    language = forms.ChoiceField(
        label=_("Language of the report"),
        choices=[(code, _LANGUAGE_NAMES[code]) for code in LANGUAGES],
    )

    def __init__(self, *args: Any, has_files: bool = False, **options: Any) -> None:
        """Take whether files from an earlier try stand already."""
        self.has_files = has_files
        super().__init__(*args, **options)

    def clean_crs(self) -> str:
        """Refuse a coordinate system nobody knows."""
        return _check_crs(self.cleaned_data["crs"])

    def clean_structures_crs(self) -> str:
        """Refuse a coordinate system nobody knows."""
        return _check_crs(self.cleaned_data["structures_crs"])

    def clean_drawn(self) -> ContentFile[bytes] | None:
        """Read what was drawn on the map."""
        text = self.cleaned_data["drawn"]
        if not text:
            return None
        try:
            return drawn_file(json.loads(text), current_words())
        except (json.JSONDecodeError, RecursionError):
            say = current_words().say
            raise forms.ValidationError(say("The drawing cannot be read; draw it again.")) from None

    def clean(self) -> dict[str, Any]:
        """Refuse a question without a plan, and a drawing nobody says the kind of."""
        cleaned = super().clean() or self.cleaned_data
        say = current_words().say
        drawn = cleaned.get("drawn")
        given = cleaned.get("lines") or drawn
        if not given and not self.has_files and not self.errors.keys() & {"lines", "drawn"}:
            self.add_error("lines", say("Give a file of the plan, or draw it on the map."))
        if drawn and not cleaned.get("barrier_type"):
            self.add_error("barrier_type", say("Say what is planned: a drawing does not."))
        return cleaned

    def question(self) -> Asked:
        """Return what is asked; the files are not stored yet."""
        said = self.cleaned_data
        attributes = {name: said[name] for name in _ATTRIBUTES if said[name] not in (None, "")}
        if said["fenced"]:
            attributes["fenced"] = said["fenced"] == "yes"
        names = ("barrier_type", "status", "crs", "structures_crs", "layer_name", "swap_axes")
        return Asked(lines=[], attributes=attributes, **{name: said[name] for name in names})

    def frame(self) -> Frame:
        """Return what is said beside the plan."""
        said = self.cleaned_data
        return Frame(said["title"].strip(), said["day"], said["within_km"], said["language"])

    def uploads(self, layers: "list[LayerForm]") -> Uploads:
        """Return the files; a drawing is one of them."""
        said = self.cleaned_data
        drawn = (said["drawn"],) if said["drawn"] else ()
        return Uploads(
            lines=(*said["lines"], *drawn),
            structures=said["structures"],
            layers=tuple(layer.told() for layer in layers if layer.cleaned_data["file"]),
        )


def initial_of(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form's values for a question that was asked before."""
    attributes = dict(kept.get("attributes", {}))
    fenced = attributes.pop("fenced", None)
    words = {True: "yes", False: "no", None: ""}
    return {**kept, **attributes, "fenced": words[fenced]}


class LayerForm(forms.Form):
    """A layer the user brings."""

    use_required_attribute = False
    file = FilesField(label=_("File"))
    kind = forms.ChoiceField(label=_("What it shows"), choices=KINDS, required=False)
    species = forms.ChoiceField(label=_("Species"), required=False)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    date = forms.RegexField(
        r"^\d{4}(-\d{2}(-\d{2})?)?$",
        label=_("Date its content speaks of"),
        help_text=_("2021, 2021-05 or 2021-05-14"),
        required=False,
    )
    source = forms.CharField(label=_("Source"), max_length=300, required=False)
    crs = forms.CharField(
        label=_("Coordinate system, if it declares none"), max_length=300, required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Name the species in the reader's language."""
        super().__init__(*args, **options)
        self.fields["species"].choices = species_choices()  # type: ignore[attr-defined]

    def clean_crs(self) -> str:
        """Refuse a coordinate system nobody knows."""
        return _check_crs(self.cleaned_data["crs"])

    def told(self) -> tuple[tuple[UploadedFile, ...], dict[str, Any]]:
        """Return the files of the layer, and what is said of it."""
        said = {
            name: self.cleaned_data[name]
            for name in ("kind", "species", "title", "date", "source", "crs")
        }
        return self.cleaned_data["file"], said


def species_choices() -> list[tuple[str, str]]:
    """Return the species by their names in the reader's language."""
    words = current_words()
    names = [(each, species_name(each, words.language)) for each in species()["species_id"]]
    return [("", words.say("None, or several")), *sorted(names, key=lambda name: name[1])]


class ShareForm(forms.Form):
    """Whom to share with."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)


class LinkForm(forms.Form):
    """How long a link shall open a screening."""

    days = forms.TypedChoiceField(
        label=_("It ends"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=(
            ("", _("when I end it")),
            ("1", _("in a day")),
            ("7", _("in a week")),
            ("30", _("in 30 days")),
        ),
    )
