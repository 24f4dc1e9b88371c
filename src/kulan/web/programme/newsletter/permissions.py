"""Who makes issues of the newsletter, and which issues exist for whom."""

from django.db.models import QuerySet

from kulan.errors import AccessDeniedError
from kulan.web.language import current_words
from kulan.web.people.roles import Role
from kulan.web.policy import Viewer
from kulan.web.programme.newsletter.models import NewsletterIssue


def may_edit(viewer: Viewer) -> bool:
    """Whether the viewer makes, edits and publishes issues."""
    return viewer.has(Role.SECRETARIAT)


def check_may_edit(viewer: Viewer) -> None:
    """Refuse who does not make the newsletter.

    Raises
    ------
    AccessDeniedError
        Saying who does.
    """
    if not may_edit(viewer):
        say = current_words().say
        raise AccessDeniedError(say("The secretariat makes the newsletter."))


def visible_issues(viewer: Viewer) -> QuerySet[NewsletterIssue]:
    """Return the issues that exist for the viewer: drafts do for the secretariat alone."""
    rows = NewsletterIssue.objects.all()
    return rows if may_edit(viewer) else rows.filter(published_at__isnull=False)
