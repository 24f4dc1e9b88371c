"""Forms of the fund's books."""

from typing import Any

from django import forms

from kulan.errors import KulanError
from kulan.programme.money import Entry, Line, money
from kulan.programme.money.ledger import ACCOUNT_KINDS
from kulan.web.language import say_lazy as _
from kulan.web.programme.money.forms import AmountField, DayField, currency_field
from kulan.web.programme.money.models import LedgerAccount, LedgerFund

LINES = 8


def _accounts() -> list[tuple[str, str]]:
    rows = LedgerAccount.objects.all()
    return [("", "–"), *((one.code, str(one)) for one in rows)]


def _funds() -> list[tuple[str, str]]:
    return [("", "–"), *((one.code, one.name) for one in LedgerFund.objects.all())]


class LineForm(forms.Form):
    """A line of an entry: a debit or a credit; empty lines are left out."""

    account = forms.ChoiceField(label=_("Ledger account"), choices=_accounts, required=False)
    fund = forms.ChoiceField(label=_("Fund"), choices=_funds, required=False)
    debit = AmountField(label=_("Debit"), required=False)
    credit = AmountField(label=_("Credit"), required=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in it."""
        return not any(self.cleaned_data.get(name) for name in self.fields)

    def clean(self) -> dict[str, Any]:
        """Refuse half a line."""
        found = super().clean() or {}
        if not any(found.get(name) for name in self.fields) or self.errors:
            return found
        if bool(found.get("debit")) == bool(found.get("credit")):
            self.add_error("debit", _("Write an amount on one of the two sides."))
        for name in ("account", "fund"):
            if not found.get(name):
                self.add_error(name, _("Choose one."))
        return found


class EntryForm(forms.Form):
    """An entry of the journal."""

    day = DayField(label=_("Day"))
    text = forms.CharField(label=_("What happened"), max_length=500)
    document = forms.CharField(
        label=_("Document"), max_length=300, required=False,
        help_text=_("Where the paper is that shows it."),
    )  # fmt: skip
    currency = currency_field(initial="USD")

    def __init__(self, data: Any = None) -> None:
        """Make the lines too."""
        super().__init__(data)
        self.lines = [LineForm(data, prefix=f"line{number}") for number in range(1, LINES + 1)]

    def is_valid(self) -> bool:
        """Whether the entry and all its lines are."""
        valid = [super().is_valid(), *(one.is_valid() for one in self.lines)]
        return all(valid) and self._amounts_fit()

    def entry(self) -> Entry:
        """Return the entry."""
        found = self.cleaned_data
        lines = tuple(self._line(one) for one in self.lines if not one.is_empty)
        return Entry(found["day"], found["text"], lines, found["document"])

    def _line(self, form: LineForm) -> Line:
        found, currency = form.cleaned_data, self.cleaned_data["currency"]
        side = "debit" if found["debit"] else "credit"
        return Line(found["account"], found["fund"], side, money(found[side], currency))

    def _amounts_fit(self) -> bool:
        for form in self.lines:
            if form.is_empty:
                continue
            try:
                self._line(form)
            except KulanError as problem:
                form.add_error("debit" if form.cleaned_data["debit"] else "credit", str(problem))
        return not any(one.errors for one in self.lines)


class ReversalForm(forms.Form):
    """The reversal of an entry."""

    day = DayField(label=_("Day"))
    reason = forms.CharField(label=_("Reason"), max_length=500)


class ClosingForm(forms.Form):
    """The closing of a period."""

    last_day = DayField(label=_("Last day of the period"))


class DecisionForm(forms.Form):
    """The decision of the second person."""

    decision = forms.ChoiceField(choices=[("post", "post"), ("refuse", "refuse")])
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class AccountForm(forms.Form):
    """An account."""

    code = forms.SlugField(label=_("Number"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(code, _(name)) for code, name in ACCOUNT_KINDS.items()]
    )


class FundForm(forms.Form):
    """A fund."""

    code = forms.SlugField(label=_("Short name"), max_length=30)
    name = forms.CharField(label=_("Name"), max_length=200)


class StatementForm(forms.Form):
    """Which account's statement, for which days."""

    account = forms.ChoiceField(label=_("Ledger account"), choices=_accounts)
    fund = forms.ChoiceField(label=_("Fund"), choices=_funds)
    currency = currency_field(initial="USD")
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"))
