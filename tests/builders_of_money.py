"""Money of the web tests; each argument is what the test is about."""

from datetime import date
from typing import Any

from django.utils import timezone

from kulan.programme.money import Entry, Line, money
from kulan.web.people.models import Organisation, User
from kulan.web.policy import viewer_of
from kulan.web.programme.money import books, taking_over
from kulan.web.programme.money.models import (
    Call,
    Donor,
    Flow,
    LedgerAccount,
    LedgerFund,
    Need,
    Project,
    Publisher,
    Share,
)

DAY = date(2024, 5, 3)
SECRET = "774433.11"
"""An amount that is confidential; written in digits it stands nowhere else."""


def make_donor(name: str = "Steppe Trust", **fields: Any) -> Donor:
    """Make a donor."""
    return Donor.objects.create(
        **{"name": name, "kind": "foundation", "source": "Its page", **fields}
    )


def make_call(donor: Donor, **fields: Any) -> Call:
    """Make a call that is open at any time."""
    return Call.objects.create(donor=donor, **{"title": "A call", "source": "Its page", **fields})


def make_project(organisation: Any, **fields: Any) -> Project:
    """Make a project for everyone that serves action 3.5 in Mongolia."""
    shares = fields.pop("shares", {("action", "cami-2021:3.5"): "", ("state", "MNG"): ""})
    made = Project.objects.create(
        organisation=organisation,
        **{"title": "Gaps in fences", "summary": "Gaps.", "begins": date(2024, 1, 1), **fields},
    )
    for (dimension, code), share in shares.items():
        Share.objects.create(project=made, dimension=dimension, code=code, share=share)
    return made


def make_flow(project: Project, amount: str = "1000", **fields: Any) -> Flow:
    """Make a commitment."""
    return Flow.objects.create(
        project=project,
        amount=amount,
        **{
            "kind": "commitment",
            "currency": "USD",
            "day": DAY,
            "provider": "Steppe Trust",
            **fields,
        },
    )


def make_need(action: str = "cami-2021:3.5", **fields: Any) -> Need:
    """Make an estimate of a cost."""
    return Need.objects.create(
        action=action,
        **{
            "low": "5000", "high": "9000", "currency": "USD", "day": DAY, "source": "A workshop",
            **fields,
        },
    )  # fmt: skip


def make_books() -> None:
    """Make a plan of accounts and a fund."""
    for code, name, kind in (
        ("1000", "Bank", "asset"),
        ("4000", "Contributions", "income"),
        ("5000", "Works", "expense"),
    ):
        LedgerAccount.objects.create(code=code, name=name, kind=kind)
    LedgerFund.objects.create(code="gobi", name="Gobi steppe")


def make_entry(amount: str = "100", day: date = DAY, **fields: Any) -> Entry:
    """Make an entry: a contribution to the fund."""
    given = money(amount, "USD")
    lines = (Line("1000", "gobi", "debit", given), Line("4000", "gobi", "credit", given))
    return Entry(**{"day": day, "text": "A contribution", "lines": lines, **fields})


def second_secretary(people: dict[str, User]) -> User:
    """Return a colleague of Farida's, who posts what she enters."""
    user = User.objects.create_user("galym@test.example", name="Galym")
    user.organisation = people["farida"].organisation
    user.save()
    user.grants.create(role="secretariat")
    return User.objects.get(pk=user.pk)


IATI = """<iati-activities version="2.03"><iati-activity default-currency="USD">
<iati-identifier>MN-1-roads</iati-identifier>
<reporting-org ref="MN-1" type="22"><narrative>Steppe Society</narrative></reporting-org>
<title><narrative>%s</narrative></title><description><narrative>Roads.</narrative></description>
<participating-org role="4"><narrative>Steppe Society</narrative></participating-org>
<activity-status code="2"/><activity-date type="1" iso-date="2024-01-01"/>
<recipient-country code="MN"/><policy-marker code="1"/>
<transaction><transaction-type code="2"/><transaction-date iso-date="2024-02-01"/>
<value value-date="2024-02-01">2500</value></transaction>
</iati-activity></iati-activities>"""


def money_things(people: dict[str, User]) -> dict[str, str]:
    """Make one of everything that addresses of money name; Dmitri's house has the projects."""
    house = people["dmitri"].organisation
    assert isinstance(house, Organisation)
    Publisher.objects.create(organisation=house, iati_ref="MN-1", kind="national_ngo")
    donor = make_donor(champion=people["aigul"])
    call = make_call(donor)
    public = make_project(house)
    flow = make_flow(public)
    make_flow(public, SECRET, confidential=True)
    hidden = make_project(house, title="Kept project", audience="government")
    make_flow(hidden, SECRET)
    make_books()
    farida = viewer_of(people["farida"])
    posted = books.enter(farida, make_entry())
    books.approve(viewer_of(second_secretary(people)), posted)
    waiting = books.enter(farida, make_entry("70"))
    brought = taking_over.bring(
        viewer_of(people["dmitri"]), house, "roads.xml", (IATI % "Roads").encode()
    )
    return {
        "donor": str(donor.uid), "call": str(call.uid), "need": str(make_need().uid),
        "public project": str(public.uid), "flow": str(flow.uid), "kept project": str(hidden.uid),
        "draft": str(waiting.uid), "iati file": str(brought.uid), "house's number": str(house.pk),
        "an action": "cami-2021:3.5", "number nine": "9", "a day": timezone.localdate().isoformat(),
    }  # fmt: skip
