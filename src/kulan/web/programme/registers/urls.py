"""Addresses of the registers."""

from django.urls import path, register_converter

from kulan.programme.registers import REGISTERS
from kulan.web.programme.registers import questionnaires, views, writing


class RegisterName:
    """The name of a register in an address."""

    regex = "|".join(one.name for one in REGISTERS)

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    to_url = to_python


class TableEnding:
    """The ending of an export's address."""

    regex = "csv|xlsx|json"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    to_url = to_python


register_converter(RegisterName, "register_name")
register_converter(TableEnding, "registers_ending")

urlpatterns = [
    path("", views.index, name="registers"),
    path("feasibility/<uuid:uid>", questionnaires.questionnaire, name="feasibility"),
    path("feasibility/<uuid:uid>/answers", questionnaires.answer, name="feasibility_answer"),
    path("<register_name:kind>", views.register_page, name="register"),
    path("<register_name:kind>.<registers_ending:ending>", views.table, name="register_table"),
    path("<register_name:kind>/new", writing.add, name="register_add"),
    path("<register_name:kind>/import", writing.bring, name="register_import"),
    path("<register_name:kind>/<uuid:uid>", views.record_page, name="register_record"),
    path("<register_name:kind>/<uuid:uid>/history", views.history, name="register_history"),
    path("<register_name:kind>/<uuid:uid>/change", writing.change, name="register_change"),
    path("<register_name:kind>/<uuid:uid>/stage", writing.move, name="register_move"),
    path("<register_name:kind>/<uuid:uid>/withdraw", writing.withdraw, name="register_withdraw"),
    path("hotspots/<uuid:uid>/ask", questionnaires.ask, name="feasibility_ask"),
]
