"""What the workers know of this area: files, letters, and reminders once an hour."""

from kulan.web.jobs.housekeeping import housekeeping
from kulan.web.programme.reporting import files, letters  # noqa: F401  register their work
from kulan.web.programme.reporting.reminders import remind

housekeeping("report_reminders")(remind)
