"""PostGIS in a database of PostgreSQL: there before the first table with shapes is made."""

from typing import Any

from django.db import connections
from django.db.utils import DatabaseError

from kulan.errors import InvalidSettingError


def make_ready(using: str, **_: Any) -> None:
    """Add PostGIS to the database that is about to be migrated; SQLite needs nothing.

    Raises
    ------
    InvalidSettingError
        The server has no PostGIS, or the user of DATABASE_URL may not add it.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")
        if cursor.fetchone():
            return
        try:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        except DatabaseError as refusal:
            name = connection.settings_dict["NAME"]
            raise InvalidSettingError(
                f"DATABASE_URL names the database {name!r}, which has no PostGIS, and it could "
                f"not be added ({str(refusal).splitlines()[0]}). Let who administers the server "
                f"install PostGIS and say CREATE EXTENSION postgis in {name!r}, then start again."
            ) from refusal
