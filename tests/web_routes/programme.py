"""Rows of the addresses of the register."""

from web_routes import Row

ROWS = (
    Row("programme", 200),
    Row("programme", 405, method="post"),
)
