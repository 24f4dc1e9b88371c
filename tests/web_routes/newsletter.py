"""Rows of the addresses of the newsletter."""

from web_routes import Row, only

_PUBLISHED = {"number": "published issue"}
_DRAFT = {"number": "drafted issue"}
_NONE = {"number": "99"}
_DAYS = {"since": "2026-01-01", "until": "2026-04-01"}

_TOKEN = {"token": "subscriber's token"}

ROWS = (
    Row("newsletter", 200),
    Row("newsletter", 405, method="post"),
    Row("newsletter_feed", 200),
    Row("newsletter_issue", 200, arguments=_PUBLISHED),
    Row("newsletter_issue", *only(200, "farida", others=404), arguments=_DRAFT),
    Row("newsletter_issue", 404, arguments=_NONE),
    Row("newsletter_file", 200, arguments={**_PUBLISHED, "ending": "html"}),
    Row("newsletter_file", 200, arguments={**_PUBLISHED, "ending": "eml"}, query="?lang=ru"),
    Row(
        "newsletter_file",
        *only(200, "farida", others=404),
        arguments={**_DRAFT, "ending": "txt"},
    ),
    Row("newsletter_file", 404, arguments={**_NONE, "ending": "pdf"}),
    Row("newsletter_new", 403, {"nobody": 302, "farida": 200}),
    Row("newsletter_new", 403, {"nobody": 302, "farida": 302}, method="post", data=_DAYS),
    Row("newsletter_new", 403, {"nobody": 302, "farida": 422}, method="post"),
    Row("newsletter_edit", *only(200, "farida", others=404), arguments=_DRAFT),
    Row("newsletter_edit", *only(404, others=404), arguments=_DRAFT, query="?in=xx"),
    Row("newsletter_edit", *only(302, "farida", others=403), arguments=_PUBLISHED),
    Row(
        "newsletter_edit",
        *only(302, "farida", others=404),
        method="post",
        data={"in": "ru", "introduction": "Дорогие коллеги,"},
        arguments=_DRAFT,
    ),
    Row(
        "newsletter_edit",
        *only(409, "farida", others=403),
        method="post",
        data={"in": "en"},
        arguments=_PUBLISHED,
    ),
    Row("newsletter_publish", *only(302, "farida", others=404), method="post", arguments=_DRAFT),
    Row(
        "newsletter_publish", *only(409, "farida", others=403), method="post", arguments=_PUBLISHED
    ),
    Row("newsletter_publish", 405, arguments=_PUBLISHED),
    Row("newsletter_drop", *only(302, "farida", others=404), method="post", arguments=_DRAFT),
    Row("newsletter_drop", *only(409, "farida", others=403), method="post", arguments=_PUBLISHED),
    Row("newsletter_subscribe", 200),
    Row("newsletter_subscribe", 422, method="post", data={"email": "nobody", "language": "en"}),
    Row("newsletter_confirm", 200, arguments=_TOKEN),
    Row("newsletter_confirm", 200, arguments={"token": "none-such"}),
    Row("newsletter_confirm", 200, method="post", arguments=_TOKEN),
    Row("newsletter_leave", 200, arguments=_TOKEN),
    Row("newsletter_leave", 200, method="post", arguments=_TOKEN),
    Row("newsletter_leave", 200, method="post", arguments={"token": "none-such"}),
    Row("newsletter_send", *only(409, "farida", others=403), method="post", arguments=_PUBLISHED),
    Row("newsletter_send", *only(409, "farida", others=404), method="post", arguments=_DRAFT),
    Row("newsletter_send", 405, arguments=_PUBLISHED),
)
