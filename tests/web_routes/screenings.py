"""Rows of the screenings: Aigul's, which Dmitri may read, and nobody else may know of."""

from web_routes import Row, only

OWNER = "aigul"
IT = {"uid": "screening"}
_READERS = only(200, OWNER, "dmitri", others=404)
_THEIRS = only(302, OWNER, others=404)
_OWNERS_FORMS = (
    ("screening_stop", {}),
    ("screening_delete", {}),
    ("screening_share", {"email": "somebody@test.example"}),
    ("screening_link_make", {}),
)

ROWS = (
    Row("screenings", 200),
    Row("screenings", 405, method="post"),
    Row("screening_new", 200),
    Row("screening_new", 422, method="post"),
    Row("screening", *_READERS, arguments=IT),
    Row("screening", 404, arguments={"uid": "no such uid"}),
    Row("screening", 405, method="post", arguments=IT),
    Row("screening_progress", *_READERS, arguments=IT),
    Row("screening_progress", 405, method="post", arguments=IT),
    Row("screening_again", *_THEIRS, arguments=IT),
    Row("screening_again", *_THEIRS, method="post", arguments=IT),
    # its files are not there in these tests; tests/web/test_screening_reports.py has some that are
    Row("screening_report", 404, arguments={**IT, "language": "no such thing"}),
    Row("screening_report", 405, method="post", arguments={**IT, "language": "no such thing"}),
    Row(
        "screening_file", 404,
        arguments={**IT, "language": "no such thing", "name": "no such thing"},
    ),
    Row(
        "screening_language", *only(302, OWNER, "dmitri", others=404),
        method="post", arguments=IT, data={"language": "ru"},
    ),
    Row("screening_language", 405, arguments=IT),
    Row("screening_link", 302, arguments={"token": "token"}),
    Row("screening_link", 404, arguments={"token": "no such thing"}),
    Row("screening_link", 405, method="post", arguments={"token": "token"}),
    *(
        Row(name, *_THEIRS, method="post", arguments=IT, data=data)
        for name, data in _OWNERS_FORMS
    ),
    *(Row(name, 405, arguments=IT) for name, _ in _OWNERS_FORMS),
    Row("screening_share_end", *_THEIRS, method="post", arguments={**IT, "share_id": "share"}),
    Row("screening_share_end", 405, arguments={**IT, "share_id": "share"}),
    Row("screening_link_end", *_THEIRS, method="post", arguments={**IT, "link_id": "link"}),
    Row("screening_link_end", 405, arguments={**IT, "link_id": "link"}),
)  # fmt: skip
