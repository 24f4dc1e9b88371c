"""Addresses of cycles and reports."""

from django.urls import path

from kulan.web.programme.reporting import file_views, report_views, views

_CYCLE = "cycles/<slug:cycle_id>"
_REPORT = "report/<uuid:uid>"

urlpatterns = [
    path("cycles/", views.cycles, name="cycles"),
    path("cycles/answers", file_views.answers_by_tag, name="answers_by_tag"),
    path("cycles/new", views.cycle_new, name="cycle_new"),
    path(f"{_CYCLE}/", views.cycle, name="cycle"),
    path(f"{_CYCLE}/compose", views.cycle_compose, name="cycle_compose"),
    path(f"{_CYCLE}/compose/<str:kind>/sections", views.cycle_sections, name="cycle_sections"),
    path(f"{_CYCLE}/compose/<str:kind>/question", views.cycle_question, name="cycle_question"),
    path(
        f"{_CYCLE}/compose/<str:kind>/section/<str:section_id>",
        views.cycle_section,
        name="cycle_section",
    ),
    path(f"{_CYCLE}/reporters", views.cycle_reporters, name="cycle_reporters"),
    path(f"{_CYCLE}/open", views.cycle_open, name="cycle_open"),
    path(f"{_CYCLE}/lock", views.cycle_lock, name="cycle_lock"),
    path(f"{_CYCLE}/drop", views.cycle_drop, name="cycle_drop"),
    path(f"{_CYCLE}/project", views.project_report_begin, name="project_report_begin"),
    path(f"{_CYCLE}/file/<str:ending>", file_views.cycle_export, name="cycle_export"),
    path(f"{_REPORT}/form.xlsx", file_views.report_form, name="report_form"),
    path(f"{_REPORT}/upload", file_views.report_upload, name="report_upload"),
    path(f"{_REPORT}/upload/<int:number>", file_views.report_merge, name="report_merge"),
    path(f"{_REPORT}/file/<str:ending>", file_views.report_export, name="report_export"),
    path(f"{_REPORT}/", report_views.report, name="report"),
    path(f"{_REPORT}/section/<str:section_id>", report_views.report_section, name="report_section"),
    path(f"{_REPORT}/answer", report_views.report_answer, name="report_answer"),
    path(
        f"{_REPORT}/section/<str:section_id>/confirm",
        report_views.report_confirm,
        name="report_confirm",
    ),
    path(f"{_REPORT}/step", report_views.report_step, name="report_step"),
    path(f"{_REPORT}/delegate", report_views.report_delegate, name="report_delegate"),
    path(
        f"{_REPORT}/delegation/<int:number>/end",
        report_views.report_delegation_end,
        name="report_delegation_end",
    ),
    path(f"{_REPORT}/remark", report_views.report_remark, name="report_remark"),
    path(
        f"{_REPORT}/remark/<int:number>/settle",
        report_views.report_remark_settle,
        name="report_remark_settle",
    ),
    # after the addresses of a cycle: one may be named file, or waiting
    path("cycles/file/<str:ending>", file_views.cycles_export, name="cycles_export"),
    path("cycles/waiting/<uuid:uid>", file_views.file_waiting, name="file_waiting"),
    path("cycles/waiting/<uuid:uid>/progress", file_views.file_progress, name="file_progress"),
]
