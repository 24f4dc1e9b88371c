"""Files to bring, and work done at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builders_of_the_web import make_layer, make_version
from kulan.web.catalogue.intake import Asked, read_into
from kulan.web.catalogue.models import LayerVersion
from kulan.web.catalogue.rules import seed_rules
from kulan.web.catalogue.themes import State
from kulan.web.jobs.models import Job
from kulan.web.jobs.queue import do


@pytest.fixture(autouse=True)
def _own_state_folder(settings: Any, tmp_path: Path) -> None:
    settings.STATE = tmp_path / "state"
    settings.STATE.mkdir()


@pytest.fixture
def draft(people: dict[str, Any]) -> LayerVersion:
    """An empty draft of Aigul's."""
    seed_rules()
    layer = make_layer(owner=people["aigul"])
    return make_version(layer, state=State.DRAFT, created_by=people["aigul"])


@pytest.fixture
def bring(draft: LayerVersion, tmp_path: Path) -> Callable[..., LayerVersion]:
    """Read a file into the draft, at once."""

    def brought(name: str, content: bytes | str, **asked: Any) -> LayerVersion:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        read_into(draft, path, Asked(**asked))
        draft.refresh_from_db()
        return draft

    return brought


@pytest.fixture
def work_off() -> Callable[[], list[Job]]:
    """Do the jobs that wait, as a worker would."""

    def worked() -> list[Job]:
        jobs = list(Job.objects.filter(state=Job.State.QUEUED).order_by("pk"))
        for job in jobs:
            Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)
            do(Job.objects.get(pk=job.pk))
        return [Job.objects.get(pk=job.pk) for job in jobs]

    return worked
