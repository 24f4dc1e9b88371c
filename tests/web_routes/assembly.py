"""Rows of the addresses that belong to no area."""

from web_routes import Row

ROWS = (
    Row("alive", 200),
    Row("favicon", 302),
    Row("ready", 200),
    Row("metrics", 200),  # from this machine; test_operation.py asks from elsewhere
    Row("language", 405),
    Row("language", 302, method="post", data={"language": "ru", "next": "/"}),
)
