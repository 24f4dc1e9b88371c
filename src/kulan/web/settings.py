"""Settings of the web application; what differs between places comes from the environment."""

from pathlib import Path

from kulan.web import environment as env

BASE = Path(__file__).parent

# --- where everything is kept, and who may ask ----------------------------------------------------

STATE = Path(env.text("KULAN_STATE", "kulan-state")).absolute()
SECRET_KEY = env.secret_key(STATE)
DEBUG = env.flag("KULAN_DEBUG", default=False)
PUBLIC_URL = env.text("KULAN_PUBLIC_URL").rstrip("/")
ALLOWED_HOSTS = [*env.names("KULAN_HOSTS"), "localhost", "127.0.0.1", "[::1]"]
SECURE = PUBLIC_URL.startswith("https://")
BEHIND_PROXY = env.flag("KULAN_BEHIND_PROXY", default=False)
DEMONSTRATION = env.flag("KULAN_DEMO", default=False)
METRICS_TOKEN = env.text("KULAN_METRICS_TOKEN")

# --- what it consists of --------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "kulan.web.people",
    "kulan.web.events",
    "kulan.web.jobs",
    "kulan.web.catalogue",
    "kulan.web.atlas",
    "kulan.web.ogc",
    "kulan.web.screenings",
    "kulan.web.species",
    "kulan.web.programme.register",
    "kulan.web.programme.reporting",
    "kulan.web.programme.registers",
    "kulan.web.programme.money",
    "kulan.web.programme.newsletter",
    "kulan.web.api",
]

MIDDLEWARE = [
    "kulan.web.operation.access.Access",
    "kulan.web.security.Policies",
    "django.middleware.security.SecurityMiddleware",
    "kulan.web.static_files.CompressedStatic",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kulan.web.language.ReaderLanguage",
    "kulan.web.uploads.UploadLimit",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "kulan.web.policy.viewer.ViewerMiddleware",
    "kulan.web.people.second_factor.SecondFactor",
    "kulan.web.api.bearer.Bearer",
    "kulan.web.errors.Refusals",
]

ROOT_URLCONF = "kulan.web.urls"
WSGI_APPLICATION = "kulan.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "kulan.web.templating.environment",
            "context_processors": [
                "kulan.web.templating.page",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    {  # letters that allauth writes
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

# --- data -----------------------------------------------------------------------------------------

DATABASES = {"default": env.database(STATE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": STATE / "cache" / "pages",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- people ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "kulan.web.people.adapters.ByInvitation"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation reaches the address: that verifies it
ACCOUNT_CHANGE_EMAIL = True  # one address, which changes when the new one is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True  # no box to tick: a session ends after SESSION_COOKIE_AGE
ACCOUNT_SESSION_COOKIE_AGE = 12 * 3600
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "reset_password": "10/m/ip,3/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
    "confirm_email": "1/180s/key",
    "signup": "20/m/ip",
}
PASSWORD_RESET_TIMEOUT = 24 * 3600
MFA_ADAPTER = "kulan.web.people.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Kulan"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # passkeys on http://localhost
# who may do what others may not shows more than a password; the demonstration is only a show
SECOND_FACTOR_REQUIRED = env.flag("KULAN_SECOND_FACTOR", default=not DEMONSTRATION)
USERSESSIONS_TRACK_ACTIVITY = False
MESSAGE_TAGS = {20: "info", 25: "good", 30: "caution", 40: "bad"}

# --- language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": STATE / "files"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# pages, styles and scripts of ours are served from the package itself: nothing to collect
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
FILE_UPLOAD_HANDLERS = [
    "kulan.web.catalogue.receiving.Limited",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# what a killed server leaves of an upload stays in the folder that only it may read
FILE_UPLOAD_TEMP_DIR = STATE / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
UPLOAD_MOST_BYTES = env.whole_number("KULAN_UPLOAD_MOST_MB", 200, least=1) * 1_000_000

# --- security -------------------------------------------------------------------------------------

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = SECURE
CSRF_FAILURE_VIEW = "kulan.web.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked on this machine, where there is no TLS
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
# only a proxy that we are told of is believed when it says that a request came by TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["security.W002"]  # kulan.web.security sends X-Frame-Options

# --- letters and logs -----------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.text("KULAN_EMAIL_FROM", "kulan@localhost")
EMAIL_TIMEOUT = 20  # seconds: a mail server that says nothing holds nobody up for longer
globals().update(env.mail(env.text("KULAN_EMAIL_URL")))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "kulan.web.logs.formatter"}},
    "filters": {"request": {"()": "kulan.web.operation.access.WithRequestId"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request"],
        }
    },
    "root": {"handlers": ["console"], "level": env.text("KULAN_LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django.server": {"handlers": ["console"], "propagate": False},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "pyogrio": {"level": "WARNING"},  # tells of every file it writes
    },
}
