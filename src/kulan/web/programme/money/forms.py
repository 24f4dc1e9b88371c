"""Forms of this area: every fault is told at the field that has it."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from kulan.errors import KulanError
from kulan.programme import landscapes, range_states, species_name, state_name
from kulan.programme.money import money
from kulan.programme.money.amounts import currencies
from kulan.programme.money.funding import ORGANISATION_KINDS, THEMES
from kulan.programme.money.projects import FLOW_KINDS, PROJECT_STAGES
from kulan.programme.terms import SPECIES_IDS
from kulan.web.language import current_words
from kulan.web.language import say_lazy as _
from kulan.web.people.models import Organisation, User
from kulan.web.policy import Viewer
from kulan.web.programme.money.models import Call, Donor, Flow, Need, Project
from kulan.web.programme.money.permissions import may_keep_money, visible_projects
from kulan.web.programme.money.reading import action_titles
from kulan.web.programme.register.terms import Audience

COMMON_CURRENCIES = (
    "USD", "EUR", "GBP", "CHF", "AFN", "BTN", "CNY", "INR", "IRR", "KZT", "KGS", "MNT", "NPR",
    "PKR", "RUB", "TJS", "TMT", "UZS",
)  # fmt: skip
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_ENGLISH_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_EARLIEST, _LATEST = date(1980, 1, 1), date(2100, 12, 31)


class DayField(forms.DateField):
    """A day, picked or written as 2025-06-30."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ("%Y-%m-%d",)

    def clean(self, value: Any) -> date | None:
        """Refuse days of another century."""
        found = super().clean(value)
        if found and not _EARLIEST <= found <= _LATEST:
            raise forms.ValidationError(_("Write a day between 1980 and 2100."))
        return found


class AmountField(forms.CharField):
    """An amount as people write it, kept as its digits: 1250.50, 1 250,50 or 1,250.50."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, *, signed: bool = False, **options: Any) -> None:
        """Say whether amounts below zero are taken."""
        super().__init__(max_length=26, **options)
        self.signed = signed

    def clean(self, value: Any) -> str:
        """Return the digits."""
        text = _SPACES.sub("", super().clean(value))
        if not text:
            return ""
        if current_words().language == "en" and _ENGLISH_THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        elif text.count(",") == 1 and "." not in text and current_words().language != "en":
            text = text.replace(",", ".")
        if not re.fullmatch(r"-?\d+(\.\d+)?", text):
            raise forms.ValidationError(_("Write an amount in digits: 1250.50."))
        if Decimal(text) < 0 and not self.signed:
            raise forms.ValidationError(_("Write an amount that is not below zero."))
        return text


def currency_field(**options: Any) -> forms.ChoiceField:
    """Return a field for a currency, those of the region first."""
    others = sorted(currencies() - set(COMMON_CURRENCIES))
    choices = [("", "–"), *((code, code) for code in (*COMMON_CURRENCIES, *others))]
    return forms.ChoiceField(label=_("Currency"), choices=choices, **options)


def _page_field() -> forms.URLField:
    return forms.URLField(
        label=_("Page on the web"), max_length=500, required=False, assume_scheme="https"
    )


def _said(names: dict[str, str]) -> list[tuple[str, Any]]:
    return [(code, _(name)) for code, name in names.items()]  # names are marked where they stand


def _states() -> list[tuple[str, str]]:
    language = current_words().language
    return [(str(code), state_name(str(code), language)) for code in range_states()["iso3"]]


def _species() -> list[tuple[str, str]]:
    language = current_words().language
    return [(one, species_name(one, language)) for one in SPECIES_IDS]


def landscape_names() -> dict[str, str]:
    """Return the landscapes by their names, and the two ecosystems of the programme."""
    table, say = landscapes(), current_words().say
    own = {
        "gobi_steppe": say("Gobi-steppe ecosystem"),
        "qinghai_tibetan_plateau": say("Qinghai-Tibetan plateau"),
    }
    column = f"name_{current_words().language}"
    column = column if column in table.columns else "name_en"
    column = column if column in table.columns else "name"
    return own | dict(zip(table["landscape_id"], table[column], strict=True))


def _many(label: Any, choices: Any, **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, **options
    )


class MoneyForm(forms.ModelForm[Any]):
    """A form that refuses amounts their currency does not have, and carries the row's edition."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)
    amounts: tuple[str, ...] = ()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Put the edition in."""
        super().__init__(*arguments, **options)
        self.initial["edition"] = getattr(self.instance, "edition", 0)

    def clean(self) -> dict[str, Any]:
        """Check amounts with their currency."""
        found = super().clean() or self.cleaned_data
        currency = found.get("currency", "")
        for name in self.amounts:
            digits = found.get(name)
            if not digits:
                continue
            if not currency:
                self.add_error("currency", _("Choose the currency of the amounts."))
                break
            try:
                money(digits, currency)
            except KulanError as problem:
                self.add_error(name, str(problem))
        return found

    def content(self) -> dict[str, Any]:
        """Return what is to be kept."""
        names = [name for name in self._meta.fields or () if name in self.cleaned_data]
        return {name: self.cleaned_data[name] for name in names}

    def edition_read(self) -> int:
        """Return the edition that was read."""
        return int(self.cleaned_data.get("edition") or 0)


class DonorForm(MoneyForm):
    """A donor."""

    url = _page_field()
    kind = forms.ChoiceField(label=_("Kind"), choices=_said(ORGANISATION_KINDS))
    champion = forms.ModelChoiceField(
        User.objects.none(), label=_("Champion"), required=False,
        help_text=_("Who pleads with this donor for the programme."),
    )  # fmt: skip

    class Meta:
        model = Donor
        fields = ("name", "kind", "url", "iati_ref", "champion", "source", "notes")
        labels = {
            "name": _("Name"), "iati_ref": _("Identifier with IATI"),
            "source": _("Source"), "notes": _("Notes for those who keep this"),
        }  # fmt: skip
        widgets = {"notes": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *arguments: Any, viewer: Viewer, **options: Any) -> None:
        """Offer champions to the secretariat alone."""
        super().__init__(*arguments, **options)
        if may_keep_money(viewer):
            people = User.objects.filter(is_active=True, grants__isnull=False).distinct()
            self.fields["champion"].queryset = people.order_by("name")  # type: ignore[attr-defined]
        else:
            del self.fields["champion"]

    def content(self) -> dict[str, Any]:
        """Return what is to be kept; who may not name a champion leaves them."""
        return {"champion": self.instance.champion, **super().content()}


class CallForm(MoneyForm):
    """A call."""

    url = _page_field()
    amounts = ("smallest", "largest")
    opens = DayField(label=_("Opens"), required=False)
    closes = DayField(label=_("Closes"), required=False)
    states = _many(_("For work in"), _states, help_text=_("None: anywhere."))
    species = _many(_("For species"), _species, help_text=_("None: any."))
    themes = _many(_("Themes"), _said(THEMES), help_text=_("None: any."))
    organisation_kinds = _many(
        _("Who may apply"), _said(ORGANISATION_KINDS), help_text=_("None: anybody.")
    )
    smallest = AmountField(label=_("Smallest grant"), required=False)
    largest = AmountField(label=_("Largest grant"), required=False)
    currency = currency_field(required=False)
    cofinance_percent = forms.IntegerField(
        label=_("Co-finance asked for, % of the whole"), min_value=0, max_value=99, initial=0
    )

    class Meta:
        model = Call
        fields = (
            "title", "programme", "url", "opens", "closes", "states", "species", "themes",
            "organisation_kinds", "smallest", "largest", "currency", "cofinance_percent", "source",
        )  # fmt: skip
        labels = {
            "title": _("Title"), "programme": _("Funding programme"),
            "source": _("Source"),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Check the days and amounts beside each other."""
        found = super().clean()
        opens, closes = found.get("opens"), found.get("closes")
        if opens and closes and closes < opens:
            self.add_error("closes", _("It closes before it opens."))
        smallest, largest = found.get("smallest"), found.get("largest")
        if smallest and largest and Decimal(largest) < Decimal(smallest):
            self.add_error("largest", _("This is less than the smallest grant."))
        return found


class NeedForm(MoneyForm):
    """What an action costs, by somebody's estimate."""

    amounts = ("low", "high")
    low = AmountField(label=_("At least"))
    high = AmountField(label=_("At most"))
    currency = currency_field()
    day = DayField(label=_("Day of the estimate"))
    states = _many(_("For work in"), _states, help_text=_("None: the whole range."))
    species = _many(_("For species"), _species, help_text=_("None: all that the action names."))
    landscapes = _many(_("For landscapes"), lambda: list(landscape_names().items()))

    class Meta:
        model = Need
        fields = (
            "part", "low", "high", "currency", "day", "states", "species", "landscapes", "source",
        )  # fmt: skip
        labels = {"part": _("For which part of it"), "source": _("Source")}

    def clean(self) -> dict[str, Any]:
        """Check the interval."""
        found = super().clean()
        low, high = found.get("low"), found.get("high")
        if low and high and Decimal(high) < Decimal(low):
            self.add_error("high", _("This is less than the lower figure."))
        return found


_SHARE_LINE = re.compile(r"^\s*(?P<code>\S+)(?:\s+(?P<share>\S+)\s*%?)?\s*$")


class SharesField(forms.CharField):
    """Names with their shares, one a line: ``3.5 40``; without a number: not allocated."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"})

    def __init__(self, known: Any, *, prefix: str = "", **options: Any) -> None:
        """Take the names there are, and what is put before a bare one."""
        super().__init__(required=False, max_length=10_000, **options)
        self.known, self.prefix = known, prefix

    def clean(self, value: Any) -> dict[str, str]:
        """Return names and shares."""
        known, found = self.known(), {}
        for number, line in enumerate(super().clean(value).splitlines(), start=1):
            if not line.strip():
                continue
            match = _SHARE_LINE.match(line)
            code = match["code"] if match else ""
            code = code if code in known else self.prefix + code
            if match is None or code not in known:
                problem = _("Line {number}: there is no such name.")
                raise forms.ValidationError(str(problem).format(number=number))
            found[code] = self._share(match["share"], number)
        return found

    def _share(self, text: str | None, number: int) -> str:
        if not text:
            return ""
        try:
            share = Fraction(text.rstrip("%").replace(",", ".")) / 100
        except (ValueError, ZeroDivisionError):
            share = Fraction(0)
        if not 0 < share <= 1 or share.denominator > 10**9:
            problem = _("Line {number}: write a share from 0 to 100.")
            raise forms.ValidationError(str(problem).format(number=number))
        return str(share)

    @staticmethod
    def written(shares: dict[str, str], prefix: str = "") -> str:
        """Return names and shares as lines."""
        lines = []
        for code, share in shares.items():
            percent = f" {_percent(Fraction(share))}" if share else ""
            lines.append(code.removeprefix(prefix) + percent)
        return "\n".join(lines)


def _percent(share: Fraction) -> str:
    hundred = share * 100
    if hundred.denominator == 1:
        return str(hundred.numerator)
    exact = Decimal(hundred.numerator) / Decimal(hundred.denominator)
    return format(exact, "f") if Fraction(exact) == hundred else str(hundred)


class ProjectForm(MoneyForm):
    """A project, and what it serves."""

    url = _page_field()
    stage = forms.ChoiceField(label=_("Stage"), choices=_said(PROJECT_STAGES), initial="running")
    begins = DayField(label=_("Begins"))
    ends = DayField(label=_("Ends"), required=False)
    audience = forms.ChoiceField(label=_("Who may see it"), choices=Audience.choices)
    action = SharesField(
        lambda: action_titles("en"), prefix="cami-2021:", label=_("Actions it serves"),
        help_text=_(
            "One a line, with its share of the money in percent where it is known: 3.5 40. "
            "Without a number it is not allocated."
        ),
    )  # fmt: skip
    state = SharesField(
        lambda: dict(_states()), label=_("States"), help_text=_("Codes such as MNG, as above.")
    )
    species = SharesField(lambda: dict(_species()), label=_("Species"))
    landscape = SharesField(landscape_names, label=_("Landscapes"))

    class Meta:
        model = Project
        fields = (
            "organisation", "title", "summary", "stage", "begins", "ends", "part_of", "url",
            "iati_identifier", "audience",
        )  # fmt: skip
        labels = {
            "organisation": _("Organisation"), "title": _("Title"), "summary": _("Summary"),
            "part_of": _("Part of"),
            "iati_identifier": _("Identifier with IATI"),
        }  # fmt: skip
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}

    dimensions = ("action", "state", "species", "landscape")

    def __init__(self, *arguments: Any, viewer: Viewer, **options: Any) -> None:
        """Offer the organisations and projects that are the viewer's to choose."""
        super().__init__(*arguments, **options)
        houses = Organisation.objects.order_by("name")
        if not may_keep_money(viewer):
            houses = houses.filter(pk=viewer.organisation_id)
        self.fields["organisation"].queryset = houses  # type: ignore[attr-defined]
        self.fields["organisation"].initial = viewer.organisation_id
        others = visible_projects(viewer).exclude(pk=self.instance.pk)
        self.fields["part_of"].queryset = others  # type: ignore[attr-defined]
        self.fields["part_of"].label_from_instance = lambda one: one.title  # type: ignore[attr-defined]
        if self.instance.pk:
            shares = list(self.instance.shares.all())
            for name in self.dimensions:
                rows = {one.code: one.share for one in shares if one.dimension == name}
                self.initial[name] = SharesField.written(rows, "cami-2021:")

    def shares(self) -> dict[str, dict[str, str]]:
        """Return what it serves."""
        return {name: self.cleaned_data[name] for name in self.dimensions}

    def clean(self) -> dict[str, Any]:
        """Check the days."""
        found = super().clean()
        begins, ends = found.get("begins"), found.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", _("It ends before it begins."))
        return found


class FlowForm(MoneyForm):
    """Money of a project."""

    amounts = ("amount",)
    kind = forms.ChoiceField(label=_("Kind"), choices=_said(FLOW_KINDS), initial="commitment")
    amount = AmountField(label=_("Amount"), signed=True)
    currency = currency_field()
    day = DayField(label=_("Day"))
    last_day = DayField(label=_("Last day, of a budget or plan"), required=False)

    class Meta:
        model = Flow
        fields = (
            "kind", "amount", "currency", "day", "last_day", "provider", "receiver", "description",
            "reference", "confidential",
        )  # fmt: skip
        labels = {
            "provider": _("Money from"), "receiver": _("Money to"), "description": _("For what"),
            "reference": _("Reference"), "confidential": _("Keep the amount from others"),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Check the days."""
        found = super().clean()
        day, last = found.get("day"), found.get("last_day")
        if day and last and last < day:
            self.add_error("last_day", _("It ends before it begins."))
        return found


class RateForm(forms.Form):
    """A rate of exchange."""

    of = currency_field()
    to = currency_field()
    rate = AmountField(label=_("Units of the second for one of the first"))
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"))
    source = forms.CharField(label=_("Source"), max_length=500)

    def clean(self) -> dict[str, Any]:
        """Refuse a rate that says nothing."""
        found = super().clean() or {}
        if found.get("of") and found.get("of") == found.get("to"):
            self.add_error("to", _("Choose two currencies."))
        if found.get("rate") and Decimal(found["rate"]) == 0:
            self.add_error("rate", _("A rate is above zero."))
        if found.get("first") and found.get("last") and found["last"] < found["first"]:
            self.add_error("last", _("It ends before it begins."))
        return found


class PublisherForm(forms.Form):
    """What IATI asks of an organisation."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.order_by("name"), label=_("Organisation")
    )
    iati_ref = forms.RegexField(r"^[^\s/&|?]+$", label=_("Identifier with IATI"), max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=_said(ORGANISATION_KINDS))


class ReasonForm(forms.Form):
    """Why something is ended."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class IatiForm(forms.Form):
    """An IATI file, and whose activities it tells of."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    file = forms.FileField(label=_("IATI file, version 2.03 (XML)"))

    def __init__(
        self, data: Any = None, files: MultiValueDict[str, Any] | None = None, *, viewer: Viewer
    ) -> None:
        """Offer the viewer's organisation; to the secretariat all."""
        super().__init__(data, files)
        houses = Organisation.objects.order_by("name")
        if not may_keep_money(viewer):
            houses = houses.filter(pk=viewer.organisation_id)
        self.fields["organisation"].queryset = houses  # type: ignore[attr-defined]
        self.fields["organisation"].initial = viewer.organisation_id
