"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from kulan.web.operation.parents import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kulan.web.settings")
end_with_parent()

application = get_wsgi_application()

from kulan.web.atlas.readiness import get_ready_beside  # noqa: E402  models are there only now

get_ready_beside()
