"""Forms of editions and crosswalks: every fault is told at the field that has it."""

from typing import Any

from django import forms

from kulan.web.language import current_words
from kulan.web.language import say_lazy as _
from kulan.web.programme.register.bringing import Brought
from kulan.web.programme.register.models import ImportedEdition
from kulan.web.programme.register.terms import EditionState
from kulan.words import LANGUAGES

MOST_BYTES = 20_000_000
_NO_TEXT = (b"%PDF", b"{\\rtf", b"\xd0\xcf\x11\xe0")
_LONGEST_REASON = 2000
LANGUAGE_NAMES = {"en": "English", "ru": "Русский", "fr": "Français"}


def _reason(help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=_("Why"),
        max_length=_LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=help_text,
    )


class BringForm(forms.Form):
    """The text of an edition as a file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("The official text, as plain text or .docx; or a list of actions as .csv."),
    )
    edition_id = forms.SlugField(
        label=_("Short name of the edition"),
        max_length=60,
        help_text=_(
            "Latin letters, digits and hyphens, such as argali-2027. It stands in addresses and "
            "does not change."
        ),
    )
    plan = forms.SlugField(
        label=_("Short name of the plan"),
        max_length=60,
        required=False,
        help_text=_("The same for all editions of one plan, such as argali."),
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    title_ru = forms.CharField(label=_("Title in Russian"), max_length=200, required=False)
    title_fr = forms.CharField(label=_("Title in French"), max_length=200, required=False)
    first_year = forms.IntegerField(
        label=_("First year"), min_value=1900, max_value=2200, required=False
    )
    last_year = forms.IntegerField(
        label=_("Last year"), min_value=1900, max_value=2200, required=False
    )
    language = forms.ChoiceField(
        label=_("Language of the text"),
        required=False,
        choices=[("", _("told from the text")), *LANGUAGE_NAMES.items()],
    )

    def clean_file(self) -> Any:
        """Refuse at once what is plainly no text."""
        file = self.cleaned_data["file"]
        say = current_words().say
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                say(
                    "The file is larger than {size} MB. Give the text alone, without pictures.",
                    size=MOST_BYTES // 1_000_000,
                )
            )
        beginning = file.read(8)
        file.seek(0)
        if beginning.startswith(_NO_TEXT):
            raise forms.ValidationError(
                say(
                    "A PDF, RTF or old Word file cannot be read. Save the text as .docx or as "
                    "plain text, and bring that."
                )
            )
        return file

    def clean(self) -> dict[str, Any]:
        """Ask for a title where the edition is new, and for years in their order."""
        told = super().clean() or {}
        first, last = told.get("first_year"), told.get("last_year")
        if first and last and last < first:
            self.add_error("last_year", _("The last year lies before the first."))
        return told

    def brought(self) -> Brought:
        """Return what is said of the file."""
        told = self.cleaned_data
        titles = {code: told[f"title_{code}"].strip() for code in LANGUAGES}
        return Brought(
            told["edition_id"],
            told["plan"] or plan_of(told["edition_id"]),
            {code: title for code, title in titles.items() if title},
            told["first_year"],
            told["last_year"],
            told["language"],
        )


def plan_of(edition_id: str) -> str:
    """Return the plan of an edition that is there already; of a new one, its own name."""
    row = ImportedEdition.objects.filter(edition_id=edition_id).first()
    return row.plan if row else edition_id


class StateForm(forms.Form):
    """The state of an edition."""

    state = forms.ChoiceField(choices=EditionState.choices, widget=forms.RadioSelect)


class CompareForm(forms.Form):
    """Two editions to be compared, and the language to do it in."""

    before = forms.ChoiceField(label=_("Earlier edition, or the plan to align"))
    after = forms.ChoiceField(label=_("Later edition, or the plan to align it with"))
    language = forms.ChoiceField(
        label=_("Compare the words in"), choices=list(LANGUAGE_NAMES.items())
    )

    def __init__(self, *args: Any, editions: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the editions that have actions."""
        super().__init__(*args, **kwargs)
        for name in ("before", "after"):
            self.fields[name].choices = [("", _("Choose")), *editions]


class ReasonForm(forms.Form):
    """A reason alone."""

    why = _reason()


class DecisionForm(ReasonForm):
    """What a person decides about a pair."""

    state = forms.ChoiceField(choices=[("confirmed", ""), ("refused", ""), ("proposed", "")])


class PairForm(forms.Form):
    """Actions that a person pairs."""

    before = forms.CharField(
        label=_("Numbers in the earlier edition"),
        max_length=200,
        help_text=_("Several with a comma between them, where they were merged."),
    )
    after = forms.CharField(
        label=_("Numbers in the later edition"),
        max_length=200,
        help_text=_("Several with a comma between them, where one was split."),
    )
    why = _reason()

    def sides(self) -> tuple[list[str], list[str]]:
        """Return the numbers of both sides."""
        return _numbers(self.cleaned_data["before"]), _numbers(self.cleaned_data["after"])


class SheetForm(forms.Form):
    """A crosswalk as a file in which people decided."""

    file = forms.FileField(label=_("File"), help_text=_("A crosswalk.csv, with every row in it."))
    why = _reason(_("For the rows that give no reason of their own."))


def _numbers(text: str) -> list[str]:
    return [one.strip() for one in text.replace(";", ",").split(",") if one.strip()]
