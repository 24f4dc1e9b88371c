"""Django, made ready for commands that are not web requests."""

import os
from pathlib import Path

from kulan.errors import MissingExtraError


def set_up(state: Path | None = None) -> None:
    """Make Django ready on a state folder; KULAN_STATE, or kulan-state, where none is named.

    Raises
    ------
    MissingExtraError
        If the web part is not installed.
    """
    if state is not None:
        os.environ["KULAN_STATE"] = str(Path(state).absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kulan.web.settings")
    try:
        import django  # noqa: PLC0415  an extra
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"the web application needs {error.name}; install it with: pip install 'kulan[web]'"
        ) from error
    django.setup()
