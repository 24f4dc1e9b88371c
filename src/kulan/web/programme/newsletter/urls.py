"""Addresses of the newsletter."""

from django.urls import path, register_converter

from kulan.web.programme.newsletter import files, post_views, views


class LetterEnding:
    """The ending of an issue's file."""

    regex = "html|txt|eml|pdf"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    to_url = to_python


register_converter(LetterEnding, "letter_ending")

urlpatterns = [
    path("", views.issues, name="newsletter"),
    path("new", views.begin, name="newsletter_new"),
    path("feed.atom", files.feed, name="newsletter_feed"),
    path("subscribe", post_views.subscribe, name="newsletter_subscribe"),
    path("confirm/<slug:token>", post_views.confirm, name="newsletter_confirm"),
    path("leave/<slug:token>", post_views.Leave.as_view(), name="newsletter_leave"),
    path("<int:number>/send", post_views.send, name="newsletter_send"),
    path("<int:number>", views.issue, name="newsletter_issue"),
    path("<int:number>.<letter_ending:ending>", files.letter, name="newsletter_file"),
    path("<int:number>/edit", views.edit, name="newsletter_edit"),
    path("<int:number>/publish", views.publish, name="newsletter_publish"),
    path("<int:number>/drop", views.drop, name="newsletter_drop"),
]
