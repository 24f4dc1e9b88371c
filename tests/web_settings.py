"""Settings of the web application under test: a state folder of its own for each process.

DATABASE_URL, when set, names the server whose test database is used (see tools/postgres.sh).
"""

import os
import tempfile

os.environ["KULAN_STATE"] = tempfile.mkdtemp(prefix="kulan-tests-")
os.environ.pop("KULAN_PUBLIC_URL", None)
os.environ.pop("KULAN_EMAIL_URL", None)

from kulan.web.settings import *

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # quick; nothing is secret here
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SECOND_FACTOR_REQUIRED = False  # its own tests turn it on
