"""What the surroundings say: environment variables, read strictly."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from kulan.errors import InvalidSettingError
from kulan.outputs import write_whole

_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def text(name: str, default: str = "") -> str:
    """Return a variable's text, or the default where it is absent or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    """Return whether a variable says yes.

    Raises
    ------
    InvalidSettingError
        If it says neither yes nor no.
    """
    value = text(name).lower()
    if not value:
        return default
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise InvalidSettingError(f"{name} is {value!r}; say 'yes' or 'no'.")


def whole_number(name: str, default: int, *, least: int = 0) -> int:
    """Return a variable as a whole number.

    Raises
    ------
    InvalidSettingError
        If it is none, or below `least`.
    """
    value = text(name, str(default))
    if not value.isdigit() or int(value) < least:
        raise InvalidSettingError(f"{name} is {value!r}; give a whole number of at least {least}.")
    return int(value)


def names(name: str) -> list[str]:
    """Return the comma-separated items of a variable."""
    return [item.strip() for item in text(name).split(",") if item.strip()]


def secret_key(state: Path) -> str:
    """Return the key that signs sessions: from its file, made in the state folder at first use.

    Raises
    ------
    InvalidSettingError
        If KULAN_SECRET_KEY_FILE names a file that is missing or too short.
    """
    named = text("KULAN_SECRET_KEY_FILE")
    path = Path(named) if named else state / "secret.key"
    if not path.is_file():
        if named:
            raise InvalidSettingError(
                f"KULAN_SECRET_KEY_FILE names {path}, which is not there. Write 50 random "
                "characters to it, or unset the variable: a key is then made in the state folder."
            )
        _make_secret_key(path)
    key = path.read_text(encoding="ascii").strip()
    if len(key) < 50:
        raise InvalidSettingError(f"{path}: the key has {len(key)} characters; it needs 50.")
    return key


def _make_secret_key(path: Path) -> None:
    from django.core.management.utils import get_random_secret_key  # noqa: PLC0415  only once

    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, get_random_secret_key().encode("ascii") + b"\n")
    path.chmod(0o600)


def database(state: Path) -> dict[str, object]:
    """Return Django's settings of the database that DATABASE_URL names.

    Where it names none, SQLite in the state folder.

    Raises
    ------
    InvalidSettingError
        If the address is neither of PostgreSQL nor of SQLite.
    """
    url = text("DATABASE_URL")
    if not url or url.startswith("sqlite:"):
        return _sqlite(Path(unquote(url.split(":///", 1)[1])) if url else state / "kulan.sqlite3")
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql", "postgis"):
        raise InvalidSettingError(
            f"DATABASE_URL begins with {parts.scheme!r}; Kulan runs on "
            "postgresql://user:password@host:port/name or sqlite:////folder/file."
        )
    options: dict[str, object] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(path: Path) -> dict[str, object]:
    """Return the settings under which many readers and a writer share one file."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # a transaction that will write takes its lock at once: none fails halfway for another
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456; "
                "PRAGMA cache_size=-32000; PRAGMA journal_size_limit=67108864; "
                # what is deleted is overwritten: screenings are confidential
                "PRAGMA secure_delete=ON;"
            ),
        },
    }


def mail(url: str) -> dict[str, object]:
    """Return Django's mail settings for ``smtp://user:password@host:port`` or ``smtps://...``.

    Without an address, letters go to the log.

    Raises
    ------
    InvalidSettingError
        If the address is of another kind.
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme == "file":
        folder = unquote(parts.path)
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": folder,
        }
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise InvalidSettingError(
            f"KULAN_EMAIL_URL begins with {parts.scheme!r}; give smtp://user:password@host:587, "
            "smtps://user:password@host:465 or file:///folder."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
    }
