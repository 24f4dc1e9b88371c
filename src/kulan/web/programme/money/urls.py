"""Addresses of the programme's money."""

from django.urls import path

from kulan.web.programme.money import (
    book_views,
    funding_views,
    gap_views,
    iati_views,
    project_views,
)

urlpatterns = [
    path("", gap_views.gaps, name="money_gaps"),
    path("action/<str:key>", gap_views.action, name="money_action"),
    path("action/<str:key>/need", funding_views.need, name="money_need_new"),
    path("action/<str:key>/need/<uuid:uid>", funding_views.need, name="money_need"),
    path("need/<uuid:uid>/end", funding_views.end_need, name="money_need_end"),
    path("matching", gap_views.matching, name="money_matching"),
    path("calls", funding_views.calls, name="money_calls"),
    path("donor", funding_views.donor, name="money_donor_new"),
    path("donor/<uuid:uid>", funding_views.donor, name="money_donor"),
    path("donor/<uuid:uid>/call", funding_views.new_call, name="money_call_new"),
    path("call/<uuid:uid>", funding_views.change_call, name="money_call"),
    path("rates", funding_views.rates, name="money_rates"),
    path("projects", project_views.projects, name="money_projects"),
    path("project", project_views.edit, name="money_project_new"),
    path("project/<uuid:uid>", project_views.project, name="money_project"),
    path("project/<uuid:uid>/change", project_views.edit, name="money_project_change"),
    path("project/<uuid:uid>/money", project_views.add_flow, name="money_flow_new"),
    path("flow/<uuid:uid>/remove", project_views.remove_flow, name="money_flow_remove"),
    path("iati", iati_views.iati, name="money_iati"),
    path("iati.xml", iati_views.export, name="money_iati_all"),
    path("iati/<int:organisation>.xml", iati_views.export, name="money_iati_of"),
    path("iati/check", iati_views.check, name="money_iati_check_all"),
    path("iati/<int:organisation>/check", iati_views.check, name="money_iati_check"),
    path("iati/bring", iati_views.bring, name="money_iati_bring"),
    path("iati/publisher", iati_views.publisher, name="money_publisher"),
    path("iati/file/<uuid:uid>", iati_views.file, name="money_iati_file"),
    path("fund", book_views.overview, name="money_books"),
    path("fund/enter", book_views.enter, name="money_books_enter"),
    path("fund/draft/<uuid:uid>", book_views.decide, name="money_books_decide"),
    path("fund/entry/<int:number>/reverse", book_views.reverse, name="money_books_reverse"),
    path("fund/close", book_views.close, name="money_books_close"),
    path("fund/account", book_views.add_account, name="money_books_account"),
    path("fund/purpose", book_views.add_fund, name="money_books_fund"),
    path("fund/statement", book_views.account_statement, name="money_books_statement"),
    path("fund/audit", book_views.check, name="money_books_audit"),
]
