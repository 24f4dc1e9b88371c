"""What the workers know of this area: letters, and reminders once an hour."""

from kulan.web.jobs.housekeeping import housekeeping
from kulan.web.programme.reporting import letters  # noqa: F401  registers its work
from kulan.web.programme.reporting.reminders import remind

housekeeping("report_reminders")(remind)
