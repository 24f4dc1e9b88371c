"""The pages of the programme, in their order: name of the address, and its words.

Each area adds its own line, no more than fit a wide screen; all show them as one row of links.
"""

from kulan.web.language import say_lazy as _

MENU: tuple[tuple[str, object], ...] = (
    ("programme", _("Actions")),
    ("programme_dashboard", _("Dashboard")),
    ("programme_evidence", _("Evidence for the actions")),
    ("programme_editions", _("Editions")),
    ("cycles", _("Reporting")),
    ("programme_gaps", _("Knowledge gaps")),
    ("registers", _("Registers")),
    ("money_gaps", _("Money")),
    ("newsletter", _("Newsletter")),
)
