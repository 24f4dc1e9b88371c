"""`kulan check`: everything that somebody should see to, before a reader notices."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kulan.errors import UnhealthyError

_GIGABYTE = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """What one look found.

    Attributes
    ----------
    part
        What was looked at.
    level
        ``ok``, ``warning`` or ``wrong``.
    says
        What was found, and what to do.
    """

    part: str
    level: str
    says: str


def look(state: Path) -> list[Finding]:
    """Look at everything; Django is ready on the state folder."""
    from django.db import DatabaseError  # noqa: PLC0415  after set_up

    found: list[Finding] = []
    for part, one in _PARTS.items():
        try:
            found += [Finding(part, level, says) for level, says in one(state)]
        except (DatabaseError, OSError) as problem:
            found.append(Finding(part, "wrong", f"it could not be looked at: {problem}"))
        if part == "database" and found[-1].level == "wrong":
            break  # the rest would only say so again
    return found


def refuse_if_wrong(found: list[Finding], *, strict: bool = False) -> None:
    """Refuse where something is wrong; with `strict`, also where there is a warning.

    Raises
    ------
    UnhealthyError
        Naming what is wrong.

    Examples
    --------
    >>> refuse_if_wrong([Finding("disk", "ok", "60 GB are free.")])
    """
    levels = ("wrong", "warning") if strict else ("wrong",)
    wrong = [one for one in found if one.level in levels]
    if wrong:
        raise UnhealthyError(
            f"{len(wrong)} of {len(found)} looks found something to see to: "
            + " ".join(f"{one.part}: {one.says}" for one in wrong)
        )


Said = Iterator[tuple[str, str]]


def _database(state: Path) -> Said:  # noqa: ARG001  all looks are asked alike
    from django.db import connection  # noqa: PLC0415  after set_up

    from kulan.web.operation.migrating import is_behind  # noqa: PLC0415

    if is_behind():
        yield "wrong", "it is not of this version; start `kulan serve`, which brings it up."
        return
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            (said,) = cursor.fetchone()
        if said != "ok":
            yield "wrong", f"the file is damaged ({said}); restore the last backup."
            return
    yield "ok", f"{connection.vendor}, of this version."


def _index(state: Path) -> Said:  # noqa: ARG001
    from django.apps import apps  # noqa: PLC0415  after set_up

    from kulan.web.geometry.located import Located  # noqa: PLC0415

    for model in apps.get_models():
        if issubclass(model, Located):
            wrong = _rows_off_the_index(model._meta.db_table)
            if wrong:
                yield (
                    "wrong",
                    f"{wrong} rows of {model._meta.db_table} are not in their index of places: the "
                    "map leaves them out. Back up, and restore: the index is made anew.",
                )
            else:
                yield "ok", f"{model._meta.db_table} and its index of places agree."


def _rows_off_the_index(table: str) -> int:
    from django.db import connection  # noqa: PLC0415  after set_up

    from kulan.web.geometry.field import index_name  # noqa: PLC0415

    name, index = connection.ops.quote_name(table), connection.ops.quote_name(index_name(table))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass(%s) AND indisvalid",
                [index],
            )
            if cursor.fetchone()[0]:
                return 0
            cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608  names of our own
        else:
            cursor.execute(
                f"SELECT (SELECT count(*) FROM {name} t LEFT JOIN {index} i ON i.id = t.id "  # noqa: S608
                "WHERE i.id IS NULL OR i.min_west > t.west OR i.max_east < t.east "
                "OR i.min_south > t.south OR i.max_north < t.north) + "
                f"(SELECT count(*) FROM {index} i LEFT JOIN {name} t ON t.id = i.id "
                "WHERE t.id IS NULL)"
            )
        return int(cursor.fetchone()[0])


def _files(state: Path) -> Said:
    from kulan.atlas.store import holds_object, object_path  # noqa: PLC0415  only here
    from kulan.web.catalogue.models import LayerVersion  # noqa: PLC0415

    named = LayerVersion.objects.exclude(file_sha256="").values_list(
        "file_sha256", "file_extension"
    )
    files = set(named.distinct())
    missing = [one for one in files if not object_path(state, *one).is_file()]
    spoiled = [one for one in files if one not in missing and not holds_object(state, *one)]
    for what, those in (("missing", missing), ("not what its name promises", spoiled)):
        for sha256, extension in sorted(those)[:5]:
            yield "wrong", f"{sha256[:12]}….{extension} is {what}; restore the last backup."
    if not missing and not spoiled:
        yield "ok", f"{len(files)} files of layers are what their hashes promise."


def _workers(state: Path) -> Said:  # noqa: ARG001
    from kulan.web.jobs import workers  # noqa: PLC0415  after set_up
    from kulan.web.jobs.models import Job  # noqa: PLC0415

    alive, waiting = len(workers.alive()), Job.objects.filter(state=Job.State.QUEUED).count()
    if alive:
        yield "ok", f"{alive} of them at work or waiting for it."
    elif waiting:
        yield "wrong", f"{waiting} jobs wait, and nobody does them; start `kulan serve`."
    else:
        yield "warning", "none runs; `kulan serve` starts one."


def _jobs(state: Path) -> Said:  # noqa: ARG001
    from django.utils import timezone  # noqa: PLC0415  after set_up

    from kulan.web.jobs.models import Job  # noqa: PLC0415

    now = timezone.now()
    late = Job.objects.filter(state=Job.State.QUEUED, queued_at__lt=now - timedelta(hours=1))
    silent = Job.objects.filter(
        state=Job.State.RUNNING, seen_alive_at__lt=now - timedelta(minutes=10)
    )
    faults = Job.objects.filter(
        state=Job.State.FAILED,
        refusal__in=(Job.INTERNAL, Job.WORKER_LOST),
        ended_at__gt=now - timedelta(days=1),
    )
    if count := late.count():
        yield "warning", f"{count} have waited for more than an hour; run another `kulan worker`."
    if count := silent.count():
        yield "warning", f"{count} have not been heard of for ten minutes; see the log."
    if count := faults.count():
        yield "warning", f"{count} failed by our fault in the last day; see the log."
    if not (late.exists() or silent.exists() or faults.exists()):
        yield "ok", "none is stuck."


def _disk(state: Path) -> Said:
    from kulan.web.operation.health import LEAST_FREE_BYTES  # noqa: PLC0415  it needs Django

    usage = shutil.disk_usage(state)
    said = f"{usage.free / _GIGABYTE:.1f} GB of {usage.total / _GIGABYTE:.0f} are free."
    if usage.free < LEAST_FREE_BYTES:
        yield "wrong", said + " Nothing more can be kept: make room."
    elif usage.free < max(_GIGABYTE, usage.total // 20):
        yield "warning", said + " Make room."
    else:
        yield "ok", said


def _backups(state: Path) -> Said:
    from kulan.web.operation.backups.saving import LAST_BACKUP  # noqa: PLC0415  it needs Django

    try:
        said = (state / LAST_BACKUP).read_text(encoding="utf-8").split()[0]
    except (FileNotFoundError, IndexError):
        yield "warning", "none was made of this state folder; see `kulan backup`."
        return
    days = (datetime.now(UTC) - datetime.fromisoformat(said)).days
    yield "ok" if days < 2 else "warning", f"the last one is of {said[:10]}."


def _settings(state: Path) -> Said:  # noqa: ARG001
    from django.conf import settings  # noqa: PLC0415  after set_up
    from django.core import checks  # noqa: PLC0415

    secure = settings.SECURE
    messages = [
        message
        for message in checks.run_checks(include_deployment_checks=secure)
        if message.level >= checks.WARNING and not message.is_silenced()
    ]
    for message in messages:
        level = "wrong" if message.level >= checks.ERROR else "warning"
        yield level, f"{message.msg} ({message.id})"
    if secure and settings.DEMONSTRATION:
        yield "wrong", "demonstration accounts are open to the world; serve without --demo."
    if secure and settings.DEBUG:
        yield "wrong", "KULAN_DEBUG shows readers the insides; unset it."
    if not messages:
        how = "for a public address with https" if secure else "for this machine or plain HTTP"
        yield "ok", f"they fit together, {how}."


_PARTS: dict[str, Callable[[Path], Said]] = {
    "database": _database,
    "index of places": _index,
    "files": _files,
    "workers": _workers,
    "jobs": _jobs,
    "disk": _disk,
    "backups": _backups,
    "settings": _settings,
}
