"""What evidence does not say of its objects: titles in each language, and days of entry."""

from datetime import date
from typing import Any

from django.utils import timezone

from kulan.exchange.iati import read_original
from kulan.programme.reporting import Told
from kulan.report.reader import Reader
from kulan.web.policy import PUBLIC
from kulan.web.policy.registers import Sight, visible_records
from kulan.web.programme.money.as_project import content_of
from kulan.web.programme.money.permissions import visible_projects, with_money
from kulan.web.programme.registers.telling import heading
from kulan.words import LANGUAGES, words_in

Known = dict[str, tuple[Told, date]]
"""Reference of an object to its titles and the day on which it was entered."""


def told_objects() -> Known:
    """Return what is known of the objects that everyone may see."""
    return _records() | _money()


def _records() -> Known:
    sight = Sight(PUBLIC)
    readers = {code: Reader(words_in(code)) for code in LANGUAGES}
    found: Known = {}
    for record in visible_records(PUBLIC).filter(withdrawn_at=None):
        data = sight.data(record)
        titles = {code: heading(record, reader, data) for code, reader in readers.items()}
        day = timezone.localdate(record.made_at)
        found[f"register:{record.register}/{record.uid}"] = (Told(**titles), day)
    return found


def _money() -> Known:
    found: Known = {}
    for row in with_money(PUBLIC, visible_projects(PUBLIC)):
        title = title_of(row)
        for flow in row.seen_flows:
            day = timezone.localdate(flow.added_at)
            found[f"project:{row.uid}#{flow.uid}"] = (title, day)
    return found


def title_of(row: Any) -> Told:
    """Return a project's title in each language that it has: others came with its IATI file."""
    if not row.iati_original:
        return Told(row.title)
    before = read_original(row.iati_original)
    if content_of(before)["title"] != row.title:  # it was changed here since
        return Told(row.title)
    texts = {code: before.title[code] for code in LANGUAGES if code in before.title}
    return Told(**{"en": row.title, **texts})
