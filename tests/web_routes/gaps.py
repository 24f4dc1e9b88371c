"""Rows of the addresses of knowledge gaps."""

from web_routes import Row

ROWS = (
    Row("programme_gaps", 200),
    Row("programme_gaps", 200, query="?species=saiga&state=KAZ&season=spring&waiting=yes"),
    Row("programme_gaps", 404, query="?species=unicorn"),
    Row("programme_gaps", 405, method="post"),
    Row("programme_gaps_csv", 200),
    Row("programme_gaps_csv", 404, query="?season=monsoon"),
    Row("programme_gaps_xlsx", 200),
)
