"""Rows of the addresses of editions and crosswalks."""

from web_routes import CAST, Row, only

_HIDDEN = {"before": "argali-2020", "after": "argali-2030"}  # the later is a draft
_PUBLIC = {"before": "argali-2020", "after": "argali-2040"}
_NONE = {"before": "argali-2020", "after": "cami-2021"}
_READ, _UNREAD = {"uid": "read text"}, {"uid": "unread text"}
_KEEPER = only(200, "farida", others=404)
_WHY = {"why": "Read beside each other."}
_OTHERS = dict.fromkeys((who for who in CAST if who not in ("nobody", "farida")), 403)
_COMPARE = {"before": "argali-2020", "after": "cami-2021", "language": "en"}


def _of_keeper(route: str, good: dict[str, str], **fields: object) -> tuple[Row, ...]:
    """Return rows of a form that the secretariat alone may send."""
    pair = {"pk": "pair of a public crosswalk"} if "pk" in fields else {}
    return (
        Row(
            route,
            *only(302, "farida", others=403),
            method="post",
            data=good,
            arguments={**_PUBLIC, **pair},
        ),
        Row(
            route,
            *only(404, "farida", others=403),
            method="post",
            data=good,
            arguments={**_NONE, **pair},
        ),
        Row(route, 405, arguments={**_PUBLIC, **pair}),
    )


ROWS = (
    Row("programme_editions", 200),
    Row("programme_editions", 405, method="post"),
    Row("programme_edition", 200, arguments={"edition_id": "cami-2021"}),
    Row("programme_edition", 200, arguments={"edition_id": "argali-2020"}),
    Row(
        "programme_edition",
        *_KEEPER,
        arguments={"edition_id": "argali-2030"},
    ),
    Row("programme_edition", 404, arguments={"edition_id": "no-such-thing"}),
    Row(
        "programme_edition_state",
        *only(302, "farida", others=403),
        method="post",
        data={"state": "past"},
        arguments={"edition_id": "argali-2020"},
    ),
    Row(
        "programme_edition_state",
        *only(422, "farida", others=403),
        method="post",
        arguments={"edition_id": "argali-2020"},
    ),
    Row("programme_edition_state", 405, arguments={"edition_id": "argali-2020"}),
    # --- files
    Row("programme_edition_bring", 302, {**_OTHERS, "farida": 200}),
    Row("programme_edition_bring", 302, {**_OTHERS, "farida": 422}, method="post"),
    Row("programme_edition_file", *_KEEPER, arguments=_READ),
    Row("programme_edition_file", *_KEEPER, arguments=_UNREAD),
    Row("programme_edition_file", 404, arguments={"uid": "no such uid"}),
    Row(
        "programme_edition_progress",
        *_KEEPER,
        arguments=_READ,
    ),
    Row("programme_edition_losses", *_KEEPER, arguments=_READ),
    # --- crosswalks
    Row("programme_crosswalk", 200, arguments=_PUBLIC),
    Row("programme_crosswalk", 200, arguments=_PUBLIC, query="?state=refused&kind=split&page=9"),
    Row("programme_crosswalk", *_KEEPER, arguments=_HIDDEN),
    Row("programme_crosswalk", 404, arguments=_NONE),
    Row("programme_crosswalk_sheet", 200, arguments=_PUBLIC),
    Row("programme_crosswalk_sheet", *_KEEPER, arguments=_HIDDEN),
    Row("programme_compare", *only(302, "farida", others=403), method="post", data=_COMPARE),
    Row("programme_compare", *only(422, "farida", others=403), method="post"),
    Row("programme_compare", 405),
    *_of_keeper("programme_crosswalk_again", {}),
    *_of_keeper("programme_crosswalk_pair", {**_WHY, "before": "2.1", "after": "3.1"}),
    *_of_keeper("programme_crosswalk_several", _WHY),
    *_of_keeper("programme_crosswalk_carry", {}),
    *_of_keeper("programme_crosswalk_decide", {**_WHY, "state": "confirmed"}, pk=True),
    Row(
        "programme_crosswalk_decide",
        *only(422, "farida", others=403),
        method="post",
        data={"state": "confirmed"},
        arguments={**_PUBLIC, "pk": "pair of a public crosswalk"},
    ),
    Row(
        "programme_crosswalk_decide",
        *only(404, "farida", others=403),
        method="post",
        data={**_WHY, "state": "confirmed"},
        arguments={**_PUBLIC, "pk": "proposed pair"},  # of another crosswalk
    ),
    Row(
        "programme_crosswalk_file",
        *only(422, "farida", others=403),
        method="post",
        arguments=_PUBLIC,
    ),
    Row("programme_crosswalk_file", 405, arguments=_PUBLIC),
)
