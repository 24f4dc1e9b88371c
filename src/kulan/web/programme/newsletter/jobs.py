"""What the workers know of this area: letters, and addresses that nobody confirmed."""

from kulan.web.jobs.housekeeping import housekeeping
from kulan.web.programme.newsletter import sending  # noqa: F401  registers its work
from kulan.web.programme.newsletter.subscribing import forget_unconfirmed

housekeeping("newsletter_unconfirmed")(forget_unconfirmed)
