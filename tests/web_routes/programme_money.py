"""Rows of the addresses of the programme's money."""

from web_routes import Row

_LATER = {"nobody": 302}
KEEP = ("farida",)
KEEP_DONOR = ("farida", "aigul")  # she is its champion
KEEP_PROJECT = ("farida", "dmitri")  # it is his house's
BEGIN = ("farida", "dmitri", "aigul", "azamat", "irina", "bat", "chinara", "erlan")
SEE_KEPT = ("dmitri", "bat", "chinara", "farida")  # the house, focal points, the secretariat
READ_BOOKS = BEGIN


def _keepers(*who: str, good: int = 200) -> tuple[int, dict[str, int]]:
    return 403, {**_LATER, **dict.fromkeys(who, good)}


def _books(*who: str, good: int = 200) -> tuple[int, dict[str, int]]:
    """Return the row of what readers of the books may know of, and `who` may do."""
    readers = dict.fromkeys(READ_BOOKS, 403)
    return 404, {**readers, **_LATER, **dict.fromkeys(who, good)}


def _seen_by(good: int, *who: str, others: int = 404) -> tuple[int, dict[str, int]]:
    return others, dict.fromkeys(who, good)


_ACTION = {"key": "an action"}
_NO_ACTION = {"key": "cami-2021:99.9"}
_DONOR, _CALL = {"uid": "donor"}, {"uid": "call"}
_PROJECT, _KEPT, _NONE = {"uid": "public project"}, {"uid": "kept project"}, {"uid": "no such uid"}
_NAMED = {"name": "Another", "kind": "foundation", "source": "A page", "edition": "1"}
_CALLED = {"title": "Another call", "source": "A page", "cofinance_percent": "0", "edition": "1"}
_COST = {"low": "1", "high": "2", "currency": "USD", "day": "2024-01-01", "source": "A page"}
_SPENT = {"kind": "commitment", "amount": "5", "currency": "USD", "day": "2024-01-01"}
_WORK = {
    "title": "A project", "summary": "Work.", "stage": "running", "begins": "2024-01-01",
    "audience": "public", "organisation": "house's number", "edition": "1",
}  # fmt: skip
_RATE = {
    "of": "USD", "to": "EUR", "rate": "0.9", "first": "2024-01-01", "last": "2024-12-31",
    "source": "A bank",
}  # fmt: skip
_ENTRY = {
    "day": "2024-06-01", "text": "Another contribution", "currency": "USD",
    "line1-account": "1000", "line1-fund": "gobi", "line1-debit": "5",
    "line2-account": "4000", "line2-fund": "gobi", "line2-credit": "5",
}  # fmt: skip

ROWS = (
    Row("money_gaps", 200),
    *(Row("money_gaps", 200, query=f"?by={by}&currency=EUR") for by in ("action", "state")),
    *(Row("money_gaps", 200, query=f"?by={by}&section=3") for by in ("species", "landscape")),
    Row("money_gaps", 404, query="?by=weather"),
    Row("money_gaps", 404, query="?currency=EURO"),
    Row("money_gaps", 405, method="post"),
    Row("money_action", 200, arguments=_ACTION),
    Row("money_action", 404, arguments=_NO_ACTION),
    Row("money_need_new", *_keepers(*KEEP), arguments=_ACTION),
    Row("money_need_new", *_keepers(*KEEP, good=302), "post", _ACTION, _COST),
    Row("money_need_new", *_keepers(*KEEP, good=422), "post", _ACTION, {"low": "9"}),
    Row("money_need_new", 404, arguments=_NO_ACTION),
    Row("money_need", *_keepers(*KEEP), arguments={**_ACTION, "uid": "need"}),
    Row("money_need", 404, arguments={**_ACTION, **_NONE}),
    Row("money_need_end", 403, {"farida": 302}, "post", {"uid": "need"}, {"reason": "Old"}),
    Row("money_need_end", 403, {"farida": 422}, "post", {"uid": "need"}),
    Row("money_need_end", 405, arguments={"uid": "need"}),
    Row("money_matching", 200),
    Row("money_matching", 200, query="?state=MNG&priority=all"),
    Row("money_matching", 404, query="?state=FRA"),
    Row("money_calls", 200),
    Row("money_donor_new", *_keepers(*KEEP)),
    Row("money_donor_new", *_keepers(*KEEP, good=302), "post", {}, _NAMED),
    Row("money_donor", *_keepers(*KEEP_DONOR), arguments=_DONOR),
    Row("money_donor", *_keepers(*KEEP_DONOR, good=302), "post", _DONOR, _NAMED),
    Row("money_donor", 404, arguments=_NONE),
    Row("money_call_new", *_keepers(*KEEP_DONOR), arguments=_DONOR),
    Row("money_call_new", *_keepers(*KEEP_DONOR, good=302), "post", _DONOR, _CALLED),
    Row("money_call", *_keepers(*KEEP_DONOR), arguments=_CALL),
    Row("money_call", *_keepers(*KEEP_DONOR, good=302), "post", _CALL, _CALLED),
    Row("money_call", 404, arguments=_NONE),
    Row("money_rates", 200),
    Row("money_rates", 403, {"farida": 302}, "post", {}, _RATE),
    Row("money_projects", 200),
    Row("money_projects", 200, query="?q=fences"),
    Row("money_project_new", *_keepers(*BEGIN)),
    Row(
        "money_project_new",
        403,
        {**_LATER, **dict.fromkeys(BEGIN, 422), **dict.fromkeys(KEEP_PROJECT, 302)},
        "post",
        {},
        _WORK,
    ),
    Row("money_project", 200, arguments=_PROJECT),
    Row("money_project", *_seen_by(200, *SEE_KEPT), arguments=_KEPT),
    Row("money_project", 404, arguments=_NONE),
    Row("money_project_change", *_keepers(*KEEP_PROJECT), arguments=_PROJECT),
    Row("money_project_change", *_keepers(*KEEP_PROJECT, good=302), "post", _PROJECT, _WORK),
    Row(
        "money_project_change",
        404,
        {"bat": 403, "chinara": 403, "farida": 200, "dmitri": 200},
        arguments=_KEPT,
    ),
    Row("money_flow_new", *_keepers(*KEEP_PROJECT), arguments=_PROJECT),
    Row("money_flow_new", *_keepers(*KEEP_PROJECT, good=302), "post", _PROJECT, _SPENT),
    Row("money_flow_remove", 403, dict.fromkeys(KEEP_PROJECT, 302), "post", {"uid": "flow"}),
    Row("money_flow_remove", 404, method="post", arguments=_NONE),
    Row("money_iati", 200),
    Row("money_iati_all", 200),
    Row("money_iati_of", 200, arguments={"organisation": "house's number"}),
    Row("money_iati_of", 404, arguments={"organisation": "nobody's number"}),
    Row("money_iati_check_all", 200),
    Row("money_iati_check", 200, arguments={"organisation": "house's number"}),
    Row("money_iati_check", 404, arguments={"organisation": "nobody's number"}),
    Row("money_iati_bring", *_keepers(*BEGIN, good=422), "post"),
    Row("money_iati_bring", 405),
    Row("money_iati_file", *_seen_by(200, "dmitri", "farida"), arguments={"uid": "iati file"}),
    Row(
        "money_iati_file",
        *_seen_by(302, "dmitri", "farida"),
        method="post",
        arguments={"uid": "iati file"},
    ),
    Row(
        "money_publisher",
        403,
        {"farida": 302},
        "post",
        {},
        {"organisation": "dmitri's organisation", "iati_ref": "MN-2", "kind": "national_ngo"},
    ),
    Row("money_books", *_books(*READ_BOOKS)),
    Row("money_books", 405, method="post"),
    Row("money_books_enter", *_books(*KEEP)),
    Row("money_books_enter", *_books(*KEEP, good=302), "post", {}, _ENTRY),
    Row("money_books_enter", *_books(*KEEP, good=422), "post", {}, {**_ENTRY, "line1-debit": "6"}),
    # she entered it herself: a second person posts it
    Row("money_books_decide", *_books(), "post", {"uid": "draft"}, {"decision": "post"}),
    Row(
        "money_books_decide",
        *_books(*KEEP, good=302),
        method="post",
        arguments={"uid": "draft"},
        data={"decision": "refuse"},
    ),
    Row("money_books_reverse", *_books(*KEEP), arguments={"number": "number one"}),
    Row(
        "money_books_reverse",
        *_books(*KEEP, good=302),
        method="post",
        arguments={"number": "number one"},
        data={"day": "2024-06-01", "reason": "A slip"},
    ),
    Row("money_books_reverse", 404, _LATER, arguments={"number": "number nine"}),
    Row("money_books_close", *_books(*KEEP, good=302), "post", {}, {"last_day": "2024-01-31"}),
    Row(
        "money_books_account",
        *_books(*KEEP, good=302),
        "post",
        {},
        {"code": "6000", "name": "Fees", "kind": "expense"},
    ),
    Row("money_books_fund", *_books(*KEEP, good=302), "post", {}, {"code": "x", "name": "X"}),
    Row("money_books_statement", *_books(*READ_BOOKS)),
    Row(
        "money_books_statement",
        *_books(*READ_BOOKS),
        query="?account=1000&fund=gobi&currency=USD&first=2024-01-01&last=2024-12-31",
    ),
    Row("money_books_audit", *_books(*READ_BOOKS)),
    Row("money_books_journal", *_books(*READ_BOOKS)),
)
