"""Rows of the addresses that belong to no area."""

from web_routes import Row

ROWS = (
    Row("alive", 200),
    Row("language", 405),
    Row("language", 302, method="post", data={"language": "ru", "next": "/"}),
)
