"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from kulan.web.operation.parents import STARTED_BY_SERVE, end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kulan.web.settings")
end_with_parent()

application = get_wsgi_application()

if STARTED_BY_SERVE in os.environ:  # a server comes up, and not a reader of this file
    from kulan.web.atlas.readiness import get_ready_beside  # models are there only now

    get_ready_beside()
