"""Figures for Prometheus at /metrics: how much is asked, how fast it is answered, what waits.

Labels name routes, methods, statuses and kinds of jobs; never people, places or what was asked.
Several processes answer requests: each keeps its figures in a file of the state folder, and the one
that is asked adds them up.
"""

import os
import secrets
import shutil
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    exposition,
    multiprocess,
)
from prometheus_client.core import REGISTRY, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kulan import __version__
from kulan.web.operation.figures import FOLDER

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.4, 0.75, 1.5, 3, 10)
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED", "HTTP_VIA")

REQUESTS = Counter("kulan_requests", "Requests answered.", ("route", "method", "status"))
SECONDS = Histogram("kulan_request_seconds", "Time to answer.", ("route",), buckets=_BUCKETS_S)
TILES = Counter("kulan_tiles_kept", "Tiles of low zooms, kept or made.", ("result",))


def show(request: HttpRequest) -> HttpResponse:
    """Answer with all figures, to this machine and to who has the token; others find no page.

    Raises
    ------
    Http404
        If neither is so.
    """
    if not (_from_here(request) or _has_token(request)):
        raise Http404
    registry = CollectorRegistry()
    if os.environ.get(FOLDER):
        multiprocess.MultiProcessCollector(registry)
    else:
        registry.register(_Own())
    registry.register(State())
    content = exposition.generate_latest(registry)
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(content, content_type=exposition.CONTENT_TYPE_LATEST, headers=headers)


def _from_here(request: HttpRequest) -> bool:
    # what a proxy on this machine passes on comes from this machine too: it says so in its headers
    passed_on = any(name in request.META for name in _FORWARDED)
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and not passed_on


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    return bool(token) and secrets.compare_digest(given.encode(), token.encode())


class _Own(Collector):
    """The figures of this process alone, where it is the only one."""

    def collect(self) -> Iterator[Metric]:
        for metric in REGISTRY.collect():
            if metric.name.startswith("kulan_"):
                yield metric


class State(Collector):
    """What the database and the disk say at the moment of asking."""

    def collect(self) -> Iterator[Metric]:
        """Return the figures."""
        from kulan.web.jobs import workers  # noqa: PLC0415  models load after settings
        from kulan.web.jobs.models import Job  # noqa: PLC0415

        jobs = GaugeMetricFamily("kulan_jobs", "Jobs, by state.", labels=("kind", "state"))
        counts = Job.objects.values_list("kind", "state").annotate(n=Count("pk"))
        for kind, state, count in counts.order_by("kind", "state"):
            jobs.add_metric((kind, state), count)
        yield jobs
        yield _gauge("kulan_workers_alive", "Workers of jobs that live.", len(workers.alive()))
        yield _gauge("kulan_database_bytes", "Size of the database.", database_bytes())
        free = shutil.disk_usage(settings.STATE).free
        yield _gauge("kulan_state_free_bytes", "Room left for the state folder.", free)
        build = GaugeMetricFamily("kulan_build_info", "This version.", labels=("version",))
        build.add_metric((__version__,), 1)
        yield build


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def database_bytes() -> int:
    """Return how much room the database takes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])
